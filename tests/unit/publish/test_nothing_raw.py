"""A search of every byte of a publication: no raw value of a suppressed cell, and no name that may not be shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from slide_decks import everything_in
from tiny_pack import write_tiny_pack

from lib.export.slides.deck import deck_of_publication
from lib.pack.load import Pack, load_pack
from lib.publish.editions import publish
from lib.publish.publication import Publication
from lib.whatif.scenarios.documents import scenario_from

NUMBER = re.compile(r"(?<![\w.,&#])\d[\d,]*(?:\.\d+)?(?!\w)")
# Public as they stand in the pack: held to it to the byte, and not searched.
PUBLIC = ("residents", "council_words", "intentions")
ALL = "all"


def numbers_in(text: str) -> set[str]:
    """Every number of a text, without signs for thousands."""
    return {one.replace(",", "").removesuffix(".0") for one in NUMBER.findall(text)}


def seen(page: str) -> str:
    """What a reader sees of a page, or hears: its text, its pictures' text, and what stands in for pictures."""
    spoken = " ".join(re.findall(r'(?:aria-label|alt|title|content)="([^"]*)"', page))
    return re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)) + " " + spoken


def searched(root: Path) -> dict[str, str]:
    """The text of every file that could tell of something, by its path."""
    found = {}
    for path in sorted(root.rglob("*.*")):
        if path.stem in PUBLIC or path.suffix == ".geojson":
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = seen(text)
        if path.name == "datapackage.json":
            text = json.dumps(without_sizes(json.loads(text)), ensure_ascii=False)
        found[str(path.relative_to(root))] = text
    return found


def without_sizes(document: Any) -> Any:
    """A document without what is of its files alone: their sizes and hashes."""
    if isinstance(document, dict):
        return {name: without_sizes(one) for name, one in document.items() if name not in ("bytes", "hash", "rows")}
    return [without_sizes(one) for one in document] if isinstance(document, list) else document


def secrets(pack: Pack, made: Publication) -> Iterator[tuple[str, float]]:
    """The raw value of every suppressed cell of people and hours, added up here from the pack's own rows."""
    demand, capacity, history = (pack.table(name) for name in ("demand", "capacity", "history"))
    waits = pack.table("requests")
    waits = waits[waits["placed_on"].isna()].assign(open_requests=1)
    groups = pack.table("area_groups")
    areas = {("district", code): {code} for code in pack.district_names()}
    areas["county", ALL] = {*pack.district_names()}
    for (grouping, name), rows in groups.groupby(["grouping", "group_name"]):
        areas[str(grouping), str(name)] = {*rows["district_code"]}
    sums = {
        "people": [(demand, "people")],
        "delivered_hours": [(demand, "hours_per_week")],
        "waiting_hours": [(waits, "hours_per_week")],
        "demand_hours": [(demand, "hours_per_week"), (waits, "hours_per_week")],
        "open_requests": [(waits, "open_requests")],
        "capacity_hours": [(capacity, "capacity_hours")],
        "hours_per_week": [(history, "hours_per_week")],
    }
    for table in ("demand", "supply", "trend"):
        frame = made.frame(table) if table in made.tables else pd.DataFrame()
        for row in frame.to_dict("records"):
            wanted = areas.get((row.get("area_kind", "district"), row.get("area_code", row.get("district_code"))))
            for name in (one for one in sums if row.get(one) == "c"):
                parts = [(history, name)] if table == "trend" else sums[name]
                yield f"{row} {name}", sum(added(rows, column, row, wanted) for rows, column in parts)


def added(rows: pd.DataFrame, column: str, of: dict[Any, Any], districts: set[str] | None) -> float:
    """A column added up over the rows that a cell is of."""
    rows = rows[rows["service"] == of["service"]]
    rows = rows if districts is None else rows[rows["district_code"].isin(districts)]
    for name in ("service_type", "cohort"):
        rows = rows if of.get(name, ALL) == ALL else rows[rows[name] == of[name]]
    rows = rows[rows["month"] == of["period"]] if "period" in of else rows
    return float(rows[column].sum())


def look_for_secrets(pack: Pack, root: Path, made: Publication) -> int:
    """Look for each distinctive one everywhere; how many there were."""
    texts = searched(root)
    every = {path: numbers_in(text) for path, text in texts.items()}
    # What is published already, and what the manifest's own words say, such as the year of a source.
    exact = numbers_in(" ".join([*map(str, pack.table("facts")["value"]), pack.manifest.model_dump_json()]))
    # And how many figures and rows there are.
    report = [value for row in made.about.report["suppressed"] for value in row.values()]
    pairs = [(row["figures"], row["suppressed"]) for row in made.about.report["suppressed"]]
    counts = [sum(one) for one in zip(*pairs, strict=True)]
    exact |= {str(one) for one in [*report, *counts, *(len(one.frame) for one in made.tables.values())]}
    count = 0
    for what, value in secrets(pack, made):
        # Small ones, and what rounding could give too, tell nothing where they stand by chance.
        text = f"{value:.10g}"
        if value < 100 or value % 5 == 0 or text in exact:
            continue
        count += 1
        for path, found in every.items():
            assert text not in found, f"{text}, which is {what}, stands in {path}"
    return count


def look_for_names(pack: Pack, root: Path, but: tuple[str, ...] = ()) -> None:
    """Look for every provider, by name and by id, in every byte."""
    providers = pack.table("providers")
    names = {str(one) for one in providers["provider_name"]} - {*but}
    for path in root.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        seen_here = [name for name in names if name in text]
        assert seen_here == [], path
        assert not re.search(r"provider_id|office_postcode", text), path


def write_deck(root: Path, made: Publication) -> None:
    """All that the market's slides of it tell, as one more file to be searched."""
    told = everything_in(deck_of_publication(made, list(made.about.services)))
    assert "c: suppressed" in told or "not shown" in told
    (root / "slides.txt").write_text(told, encoding="utf-8")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The tiny pack with hours and people that stand nowhere by chance, many of them to be suppressed."""
    root = write_tiny_pack(tmp_path_factory.mktemp("odd") / "pack")
    path = root / "market" / "demand.csv"
    table = pd.read_csv(path)
    table["hours_per_week"] = [7919 + 1237 * place for place in range(len(table))]
    table["people"] = [6 + 331 * (place % 3) for place in range(len(table))]
    table.to_csv(path, index=False, lineterminator="\n")
    path = root / "market" / "history.csv"
    columns = list(pd.read_csv(path))
    lots = table[["service", "district_code", "cohort"]].drop_duplicates()
    months = [str(month) for month in pd.period_range("2023-04", "2025-03", freq="M")]
    rows = lots.merge(pd.DataFrame({"month": months}), how="cross")
    rows["hours_per_week"] = [30_011 + 1013 * place for place in range(len(rows))]
    rows["people"] = [6 if place % 5 < 2 else 211 + place for place in range(len(rows))]
    rows["new_requests"], rows["median_days_to_source"] = 0, ""
    rows[columns].to_csv(path, index=False, lineterminator="\n")
    return load_pack(root)


def test_a_pack_of_odd_values_tells_none_of_them(odd: Pack, tmp_path: Path) -> None:
    scenario = scenario_from({"name": "Growth", "service": "home", "years": 2, "demand": {"need_growth_pct": 3}}, odd)
    made = publish(odd, tmp_path / "out", [scenario]).publication
    write_deck(tmp_path / "out", made)
    assert look_for_secrets(odd, tmp_path / "out", made) > 5
    # Names such as ${alert(1)} and =1+1 are found wherever they stand.
    look_for_names(odd, tmp_path / "out")


def test_the_search_finds_what_is_there(odd: Pack, tmp_path: Path) -> None:
    made = publish(odd, tmp_path / "out").publication
    _, value = next((what, value) for what, value in secrets(odd, made) if value > 100 and value % 5)
    page = tmp_path / "out/editions/0001/index.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", f"<p>{value:,.0f}</p></main>"), encoding="utf-8")
    with pytest.raises(AssertionError, match="stands in"):
        look_for_secrets(odd, tmp_path / "out", made)
    page.write_text(text.replace("</main>", "<p>Alder Care</p></main>"), encoding="utf-8")
    with pytest.raises(AssertionError):
        look_for_names(odd, tmp_path / "out")


@pytest.mark.slow
def test_the_default_pack_tells_nothing(pack: Pack, tmp_path: Path) -> None:
    scenarios = [
        scenario_from({"name": f"Growth of {code}", "service": code, "years": 5}, pack)
        for code in pack.manifest.services
    ]
    made = publish(pack, tmp_path / "out", scenarios).publication
    write_deck(tmp_path / "out", made)
    assert look_for_secrets(pack, tmp_path / "out", made) > 50
    look_for_names(pack, tmp_path / "out")
