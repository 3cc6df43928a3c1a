"""The files of a publication, and nothing else: held against the attack, and against packs that differ in secret."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from attack import attacked, exact_totals
from random_packs import random_pack, two_scenarios

from lib.pack.load import Pack
from lib.publish import control
from lib.publish.control import release
from lib.publish.editions import publish, write_edition
from lib.publish.secondary import Answer
from lib.whatif.scenarios.scenario import Scenario

pytestmark = pytest.mark.slow
SECONDS = 10.0  # of the processor
TABLES = ("demand", "supply", "requests", "trend", "forecast")


def small_pack(tiny: Pack, seed: int) -> Pack:
    """Three districts."""
    return random_pack(tiny, seed, most=3)


def written(pack: Pack, out: Path, *rounds: list[Scenario]) -> Path:
    """A publication of an edition a list of scenarios."""
    for scenarios in rounds:
        publish(pack, out, scenarios, limit_seconds=SECONDS)
    return out


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.*")) if path.is_file()}


def tables_in(edition: Path) -> dict[str, pd.DataFrame]:
    """The tables of an edition, from the bytes of its CSV, held to its JSON cell by cell."""
    described = json.loads((edition / "datapackage.json").read_bytes())
    schemas = {one["name"]: one["schema"]["fields"] for one in described["resources"] if "schema" in one}
    found = {}
    for name, fields in schemas.items():
        with (edition / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        records = json.loads((edition / "data" / f"{name}.json").read_bytes())
        assert len(rows) == len(records), name
        names = [one["name"] for one in fields]
        assert all([*one] == names for one in (*rows, *records)), name
        types = {one["name"]: one["type"] for one in fields}
        read = [{column: of_csv(cell, types[column]) for column, cell in row.items()} for row in rows]
        for row, record in zip(read, records, strict=True):
            for column, cell in row.items():
                other = math.nan if record[column] is None else record[column]
                assert cell == other or (cell != cell and other != other), (name, column, cell, other)
        found[name] = pd.DataFrame(read, columns=names, dtype="object")
    return found


def of_csv(cell: str, kind: str) -> Any:
    if kind == "string" or cell == "c":
        return cell
    return float(cell) if cell else math.nan


def exposed_by(pack: Pack, root: Path, number: int) -> tuple[int, list[Any]]:
    """How many hidden cells the attack looks at, and those that the files of the editions give away together."""
    editions = []
    for place in range(1, number + 1):
        tables = tables_in(root / f"editions/{place:04d}")
        editions.append({name: tables[name] for name in TABLES if name in tables})
    bounds = attacked(pack, *editions, exact=exact_totals(pack))
    return len(bounds), [one for one in bounds if one.exposed]


@pytest.mark.parametrize("seed", [1, 4])
def test_the_files_of_two_editions_give_nothing_away(tiny: Pack, seed: int, tmp_path: Path, undrawn: None) -> None:
    pack = small_pack(tiny, seed)
    one, other = two_scenarios(pack, seed)
    out = written(pack, tmp_path / "out", [one], [one, other])
    looked, exposed = exposed_by(pack, out, 2)
    assert looked > 20
    assert exposed == []


def test_the_files_give_the_flaw_away_without_secondary_suppression(
    tiny: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None
) -> None:
    pack = small_pack(tiny, 1)
    monkeypatch.setattr(control, "suppressed", lambda problem, deadline: Answer(problem.at_first, "", 0))
    one, other = two_scenarios(pack, 1)
    out = written(pack, tmp_path / "out", [one], [one, other])
    assert exposed_by(pack, out, 2)[1] != []


def unpublished(pack: Pack) -> Pack:
    """The same pack with other values of what may not be published: prices, names, places, scores, months between."""
    tables = dict(pack.tables)
    tables["demand"] = tables["demand"].assign(annual_cost=tables["demand"]["annual_cost"] * 3 + 17)
    tables["capacity"] = tables["capacity"].assign(
        hourly_rate=tables["capacity"]["hourly_rate"] + 11.37, performance_score=12.5
    )
    # Who they are, not how many: the same providers under other names and numbers.
    other = {one: f"Q{place}77" for place, one in enumerate(tables["providers"]["provider_id"])}
    tables["providers"] = tables["providers"].assign(
        provider_id=tables["providers"]["provider_id"].map(other),
        provider_name=[f"Nobody {place}" for place in range(len(other))],
        office_postcode="YY9 9ZZ",
    )
    tables["capacity"] = tables["capacity"].assign(provider_id=tables["capacity"]["provider_id"].map(other))
    tables["requests"] = tables["requests"].assign(request_id=[f"X{place}" for place in range(len(tables["requests"]))])
    tables["wards"] = tables["wards"].assign(latitude=52.25, longitude=-0.75)
    tables["history"] = between_quarters(tables["history"])
    tables = {name: table.astype(pack.tables[name].dtypes.to_dict()) for name, table in tables.items()}
    return replace(pack, tables=tables, file_rows={})


def between_quarters(history: pd.DataFrame) -> pd.DataFrame:
    """Other hours and people in months that end no quarter; new requests moved within a quarter."""
    month = pd.PeriodIndex(history["month"].astype(str), freq="M")
    inside = month.month % 3 != 0
    moved = history.copy()
    moved.loc[inside, "hours_per_week"] = moved.loc[inside, "hours_per_week"] * 2 + 31
    moved.loc[inside, "people"] = moved.loc[inside, "people"] + 3
    quarter = [month.year, month.quarter]
    keys = [moved["service"], moved["district_code"], moved["cohort"], *quarter]
    first = moved.groupby(keys)["month"].transform("min") == moved["month"]
    total = moved.groupby(keys)["new_requests"].transform("sum")
    moved["new_requests"] = total.where(first, 0)
    return moved


def test_what_is_not_published_moves_no_byte(tiny: Pack, tmp_path: Path) -> None:
    pack = small_pack(tiny, 2)
    other = unpublished(pack)
    assert not pack.table("history").equals(other.table("history"))
    one, second = two_scenarios(pack, 2)
    before = everything(written(pack, tmp_path / "one", [one], [one, second]))
    after = everything(written(other, tmp_path / "other", [one], [one, second]))
    assert [*before] == [*after]
    assert [name for name in before if before[name] != after[name]] == []
    assert {"editions/0002/changes.html", "index.html", "editions/0001/data/trend.json"} <= {*before}


def swaps(pack: Pack, seed: int) -> Iterator[tuple[str, Pack]]:
    """Packs in which a person, or some hours, stand in another service type of the same district and cohort."""
    random = np.random.default_rng(seed)
    for table, column, by, keys in (
        ("demand", "people", 1, ["district_code", "cohort"]),
        ("demand", "hours_per_week", 1.0, ["district_code", "cohort"]),
        ("requests", "hours_per_week", 1.0, ["district_code", "cohort", "service_type"]),
        ("requests", "hours_per_week", 2.0, ["district_code", "cohort"]),
    ):
        frame = pack.table(table)
        groups = [list(rows.index) for _, rows in frame[frame[column] > 3 * by].groupby(keys) if len(rows) > 1]
        for place in random.permutation(len(groups))[:3]:
            one, other = random.choice(groups[place], 2, replace=False)
            changed = frame.copy()
            changed.loc[one, column] += by
            changed.loc[other, column] -= by
            yield f"{table} {column}", replace(pack, tables={**pack.tables, table: changed}, file_rows={})


def test_what_is_hidden_moves_no_byte(tiny: Pack, tmp_path: Path, undrawn: None) -> None:
    told: set[str] = set()
    for seed in (2, 1, 4):
        pack = small_pack(tiny, seed)
        scenarios = two_scenarios(pack, seed)
        safe = release(pack, scenarios, limit_seconds=SECONDS)
        write_edition(pack, tmp_path / f"{seed}", safe, scenarios)
        before = everything(tmp_path / f"{seed}")
        for place, (what, other) in enumerate(swaps(pack, seed)):
            if what.split()[0] in told:
                continue
            second = release(other, scenarios, limit_seconds=SECONDS)
            if any(not one.frame.equals(two.frame) for one, two in zip(safe.tables, second.tables, strict=True)):
                continue  # the change may be seen: it crossed from one rounding to the next
            out = tmp_path / f"{seed}-{place}"
            write_edition(other, out, second, scenarios)
            assert everything(out) == before, what
            told.add(what.split()[0])
    # At least people or hours of a lot, and hours of single requests, moved unseen.
    assert told == {"demand", "requests"}
