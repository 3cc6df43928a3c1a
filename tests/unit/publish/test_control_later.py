"""Editions of different dates: what one of them hides is not told by the trend of the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from attack import Bound, attacked, exact_totals, tables_of
from random_packs import MONTHS, SERVICE, random_pack

from lib.pack.load import Pack
from lib.publish import control
from lib.publish.cells import SafeRelease
from lib.publish.control import release

pytestmark = pytest.mark.slow
SECONDS = 10.0  # of the processor; a greedy answer after that is as safe
EARLIER, DAY = "2024-12", date(2024, 12, 31)


def quarter_before(pack: Pack) -> Pack:
    """The pack as it was a quarter ago: its history ends then, and the first lot of each cohort holds all of it."""
    assert MONTHS[-1] == "2025-03"
    history = pack.table("history")
    history = history[history["month"].astype(str) <= EARLIER]
    last = history[history["month"].astype(str) == EARLIER].set_index(["district_code", "cohort"])
    demand = pack.table("demand").copy()
    for column in ("people", "hours_per_week"):
        first = ~demand.duplicated(["district_code", "cohort"])
        key = pd.MultiIndex.from_frame(demand[["district_code", "cohort"]])
        demand[column] = last[column].reindex(key).to_numpy() * first.to_numpy()
    demand = demand.astype(pack.table("demand").dtypes.to_dict())
    service = pack.manifest.services[SERVICE].model_copy(update={"as_of": DAY})
    manifest = pack.manifest.model_copy(update={"services": {SERVICE: service}})
    empty = {name: pack.table(name).iloc[:0] for name in ("facts", "reconciliation", "requests")}
    return replace(pack, manifest=manifest, tables={**pack.tables, **empty, "history": history, "demand": demand})


def as_trend(found: SafeRelease) -> pd.DataFrame:
    """What an edition tells of its own day, as the quarter of a trend that it is by now."""
    rows = tables_of(found)["demand"]
    rows = rows[(rows["service_type"] == "all") & rows["area_kind"].isin(["district", "county"])]
    area = rows["area_code"].where(rows["area_kind"] == "district", "all")
    return pd.DataFrame(
        {
            "service": rows["service"],
            "district_code": area,
            "cohort": rows["cohort"],
            "period": EARLIER,
            "hours_per_week": rows["delivered_hours"],
            "people": rows["people"],
            "new_requests": float("nan"),
        }
    )


def exposed(pack: Pack, first: SafeRelease, second: SafeRelease) -> list[Bound]:
    before = {"trend": pd.concat([tables_of(first)["trend"], as_trend(first)])}
    bounds = attacked(pack, tables_of(second), before, exact=exact_totals(pack))
    assert len(bounds) > 20
    return [one for one in bounds if one.exposed]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_quarter_later_nothing_hidden_can_be_worked_out_of_both_editions(tiny: Pack, seed: int) -> None:
    pack = random_pack(tiny, seed, most=3)
    first = release(quarter_before(pack), limit_seconds=SECONDS)
    second = release(pack, earlier=[first], limit_seconds=SECONDS)
    assert first.dates == {SERVICE: "2024-12-31"} and second.dates == {SERVICE: "2025-03-31"}
    assert exposed(pack, first, second) == []
    # What was hidden of that day stays hidden in the trend.
    hidden = as_trend(first).set_index(["district_code", "cohort"])
    now = tables_of(second)["trend"]
    now = now[now["period"] == EARLIER].set_index(["district_code", "cohort"])
    for column in ("hours_per_week", "people"):
        those = hidden.index[hidden[column] == "c"]
        assert len(those) and (now.loc[those, column] == "c").all()


def test_the_attack_finds_what_an_edition_tells_that_forgets_the_one_before(
    tiny: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control that does not look at earlier editions is found out, in one of a few packs."""
    found = []
    for seed in (1, 2, 3):
        pack = random_pack(tiny, seed, most=3)
        first = release(quarter_before(pack), limit_seconds=SECONDS)
        with monkeypatch.context() as patch:
            patch.setattr(control, "known_from", lambda *given: (set(), set()))
            second = release(pack, earlier=[first], limit_seconds=SECONDS)
        found += exposed(pack, first, second)
    assert found
