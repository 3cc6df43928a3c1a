"""Rows go missing from the default pack: every figure that is left is what the whole pack gives, or it is empty."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import ASH, BIRCH

from lib.market.indicators import indicators
from lib.market.profile import county_profile, history, missing_months_sentence, profile
from lib.market.selection import select
from lib.market.sentence import market_sentence
from lib.market.unknown import hole
from lib.pack.load import Pack
from lib.whatif.headline import headline
from lib.whatif.project import project
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import moved
from lib.whatif.summary import summarise
from lib.whatif.uncertainty import uncertainty

HOME = "domiciliary_care"
LOT = ["service", "district_code", "service_type", "cohort"]
LOSES = ("demand", "capacity", "requests", "population", "history", "people", "capacity_hours")


@cache
def whole_profile(pack: Pack, group_by: str) -> pd.DataFrame:
    """The profile of the whole pack, worked out once."""
    return profile(pack, select(pack, HOME, group_by=group_by))


def with_table(pack: Pack, name: str, rows: pd.DataFrame) -> Pack:
    """The pack with another table."""
    return dataclasses.replace(pack, tables={**pack.tables, name: rows.reset_index(drop=True)})


def damaged(pack: Pack, what: str, seed: int) -> Pack:
    """The pack without some rows of a table, or with some cells of a column empty."""
    random = np.random.default_rng(seed)
    if what in ("people", "capacity_hours"):
        table = "demand" if what == "people" else "capacity"
        rows = pack.table(table)
        rows[what] = rows[what].astype("float64").mask(random.random(len(rows)) < 0.02)
        return with_table(pack, table, rows)
    rows = pack.table(what)
    if what == "capacity":
        # A lot's rows go together: without one of several, the hours of its providers are not those bought, and that
        # is said by the reconciliation. A lot in which nothing is bought may have no row.
        bought = pack.table("demand").set_index(LOT)["hours_per_week"]
        lots = pd.MultiIndex.from_frame(rows[LOT])
        lost = set(bought.index[(random.random(len(bought)) < 0.03) & (bought > 0)])
        return with_table(pack, what, rows[[lot not in lost for lot in lots]])
    return with_table(pack, what, rows[random.random(len(rows)) > 0.01])


def same_or_empty(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Figures of the same areas: each is empty or what it was."""
    assert found.shape == expected.shape
    for name in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[name]):
            one, other = (frame[name].to_numpy(dtype="float64", na_value=np.nan) for frame in (found, expected))
            known = ~np.isnan(one)
            assert not np.isnan(other[known]).any(), f"{name}: a figure where the whole pack has none"
            np.testing.assert_allclose(one[known], other[known], rtol=1e-9, err_msg=name)
        else:
            assert list(found[name]) == list(expected[name])


@pytest.mark.parametrize("what", LOSES)
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1), group_by=st.sampled_from(["district", "quadrant", "county"]))
def test_a_profile_is_what_it_was_or_empty(pack: Pack, what: str, seed: int, group_by: str) -> None:
    """By district, quadrant and county."""
    hurt = damaged(pack, what, seed)
    same_or_empty(profile(hurt, select(pack, HOME, group_by=group_by)), whole_profile(pack, group_by))


@pytest.mark.parametrize("what", ["demand", "capacity", "requests", "people", "capacity_hours"])
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_projection_is_what_it_was_or_empty(pack: Pack, what: str, seed: int) -> None:
    """Lot by lot, and its range by district and county."""
    hurt = damaged(pack, what, seed)
    levers: dict[str, object] = {"range.draws": 100, "demand.need_growth_pct": 2.0}
    # Chance is drawn by how many people a district has: none where nobody knows, which is said in docs/method.md.
    levers["range.chance"] = what != "people"
    scenario = moved(default_scenario(pack, HOME, 3), levers)
    same_or_empty(project(hurt, scenario), project(pack, scenario))
    same_or_empty(uncertainty(hurt, scenario), uncertainty(pack, scenario))


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_history_is_what_it_was_or_empty(pack: Pack, seed: int) -> None:
    """Month by month, for the county and by quadrant."""
    hurt = damaged(pack, "history", seed)
    for group_by in ("district", "quadrant", "county"):
        selection = select(pack, HOME, group_by=group_by)
        same_or_empty(history(hurt, selection), history(pack, selection))


# Inputs that went wrong.


def test_a_district_that_the_population_leaves_out(pack: Pack) -> None:
    """Not 120.55 hours for every 1,000 residents of the county, nor 181.37 of the South: empty, and said why."""
    hurt = without(pack, "population", district_code="E07000066")
    rate = profile(hurt, select(pack, HOME, group_by="quadrant")).set_index("area_name")["demand_hours_per_1000"]
    assert rate.isna().to_dict() == {"North": False, "Mid": False, "South": True, "West": False}
    county = select(pack, HOME, group_by="county")
    assert profile(hurt, county)[["residents", "demand_hours_per_1000", "people_per_1000"]].isna().all(axis=None)
    assert hole(hurt, county, "all", "residents") == "reference/population.csv lacks 2024 for Basildon"


def test_a_table_of_requests_without_a_row(pack: Pack) -> None:
    """Not 0 hours waiting, and no claim that capacity covers demand."""
    hurt = with_table(pack, "requests", pack.table("requests").iloc[:0])
    for service in pack.manifest.services:
        selection = select(pack, service)
        frame, county = profile(hurt, selection), county_profile(hurt, selection)
        assert (
            frame[["waiting_hours", "demand_hours", "coverage", "shortfall_hours", "open_requests"]]
            .isna()
            .all(axis=None)
        )
        said = market_sentence(hurt, selection, frame, county, indicators(pack)["coverage"])
        assert said.endswith("is not known in any district: market/requests.csv has no rows for this service.")
        assert hole(hurt, selection.county(), "all", "capacity_hours") == ""


def test_coverage_that_is_known_in_part(tiny: Pack) -> None:
    """The districts whose figures are known, and the one whose are not."""
    hurt = without(tiny, "requests", request_id="R4")
    selection = select(tiny, "home")
    said = market_sentence(
        hurt, selection, profile(hurt, selection), county_profile(hurt, selection), indicators(tiny)["coverage"]
    )
    assert said == (
        "No district whose figures are known is short when its lots are counted together; Birch is closest to the "
        "limit, at 1.00. How many hours have no provider with room for them is not known. Coverage with lots counted "
        "together is not known for Ash: market/requests.csv has fewer requests than market/history.csv counts for Ash."
    )


def test_the_months_that_a_history_lacks(pack: Pack) -> None:
    """A gap of three months, told in one sentence: 21 of 24 are there."""
    months = ("2023-12", "2024-01", "2024-02")
    rows = pack.table("history")
    hurt = with_table(pack, "history", rows[~rows["month"].isin(months)])
    found = history(hurt, select(pack, HOME, group_by="county"))
    empty = found[found["hours_per_week"].isna()]
    assert found["month"].nunique() == 24
    assert sorted(set(empty["month"])) == list(months)
    assert missing_months_sentence(found) == (
        "3 months are missing from the history, and leave a gap: December 2023 to February 2024. A month counts as "
        "missing where a district or a group of people has no row in it."
    )
    assert missing_months_sentence(history(pack, select(pack, HOME, group_by="county"))) == ""


def test_the_headline_of_a_projection_does_not_claim_what_is_not_known(pack: Pack) -> None:
    """Without requests nobody knows whether capacity covers demand; people and spend are known all the same."""
    hurt = with_table(pack, "requests", pack.table("requests").iloc[:0])
    scenario = default_scenario(pack, HOME, 3)
    said = headline(hurt, scenario, summarise(hurt, scenario).by_year)
    assert said.startswith(
        "If only ageing changes and providers offer no more than in 2024/25, it is not known whether Essex needs more "
        "care than providers offer. The reason: market/requests.csv has no rows for this service. "
    )
    assert "needs no more" not in said
    assert "7,762 adults would need care arranged by the council in 2027/28, 297 more than in 2024/25" in said
    assert "How many hours would have no provider in 2027/28, lot by lot, is not known." in said
    assert "Meeting the need would cost about £6.29m more in 2027/28, at 2024/25 prices; capacity allows" in said


def test_a_short_year_that_is_not_known(pack: Pack) -> None:
    """Without the capacity of one district, it and the county have no first short year, break-even or hours to find."""
    hurt = without(pack, "capacity", district_code="E07000066")
    found = summarise(hurt, default_scenario(pack, HOME, 3))
    known = found.first_years.set_index("district_code")["known"]
    assert known.index[~known].tolist() == ["E07000066", "all"]
    notes = found.break_even.set_index("district_code")["note"]
    assert (notes["E07000066"], notes["all"]) == ("not known", "not known")
    needed = found.needed.set_index("district_code")["extra_workers"]
    assert needed.isna().sum() == 2


# By hand, on the tiny pack.


def without(pack: Pack, table: str, **cells: str) -> Pack:
    """The pack without the rows that have these cells."""
    rows = pack.table(table)
    gone = np.logical_and.reduce([rows[name] == value for name, value in cells.items()])
    return with_table(pack, table, rows[~gone])


def figures(pack: Pack, code: str, **group: str) -> list[float | None]:
    """An indicator of home care by area, None where it is empty."""
    found = profile(pack, select(pack, "home", **group))[code]
    return [None if pd.isna(value) else float(value) for value in found]


def test_residents_of_a_district_without_people(tiny: Pack) -> None:
    """Ash 3,500, Birch 7,000, Cedar 2,300: without Birch the county is not known, and never 5,800."""
    hurt = without(tiny, "population", district_code=BIRCH)
    assert figures(hurt, "residents") == [3500, None, 2300]
    assert figures(hurt, "residents", group_by="county") == [None]
    assert figures(hurt, "residents", group_by="side") == [None, 2300]
    assert figures(hurt, "demand_hours_per_1000") == [pytest.approx(50), None, pytest.approx(40 / 2.3)]
    county = select(tiny, "home", group_by="county")
    assert hole(hurt, county, "all", "demand_hours_per_1000") == "reference/population.csv lacks 2024 for Birch"
    assert hole(hurt, county, "all", "coverage") == ""


def test_what_waits_where_a_request_is_missing(tiny: Pack) -> None:
    """R4 of older people in Ash is counted by the history: what waits there, and what rests on it, is not known."""
    hurt = without(tiny, "requests", request_id="R4")
    assert figures(hurt, "waiting_hours") == [None, 30, 0]
    assert figures(hurt, "coverage") == [None, 1, 1.25]
    assert figures(hurt, "delivered_hours") == [160, 270, 40]
    assert figures(hurt, "capacity_hours") == [210, 300, 50]
    why = "market/requests.csv has fewer requests than market/history.csv counts for Ash"
    assert hole(hurt, select(tiny, "home"), ASH, "coverage") == why
    assert hole(hurt, select(tiny, "home"), BIRCH, "coverage") == ""


def test_a_lot_without_capacity_rows(tiny: Pack) -> None:
    """70 hours of nights in Birch from nobody: capacity and providers are not known there, and in the county."""
    hurt = without(tiny, "capacity", district_code=BIRCH, service_type="night")
    for code, expected in {
        "capacity_hours": [210.0, None, 50.0],
        "headroom_hours": [50.0, None, 10.0],
        "shortfall_hours": [5.0, None, 0.0],
        "providers": [3.0, None, 1.0],
        "spot_share": [70 / 160, None, 0.0],
        "hhi": [figures(tiny, "hhi")[0], None, 10_000.0],
        "waiting_hours": [15.0, 30.0, 0.0],
    }.items():
        assert figures(hurt, code) == expected, code
    assert figures(hurt, "capacity_hours", group_by="county") == [None]


def test_a_capacity_that_nobody_knows(tiny: Pack) -> None:
    """P2 of Ash delivers 30 hours of an unknown capacity: it is a provider, its hours count, the room is not known."""
    rows = tiny.table("capacity")
    hurt = with_table(tiny, "capacity", rows.assign(capacity_hours=rows["capacity_hours"].mask(rows.index == 1)))
    assert figures(hurt, "capacity_hours") == [None, 300, 50]
    assert figures(hurt, "providers") == [3, 3, 1]
    assert figures(hurt, "spot_share") == figures(tiny, "spot_share")
    why = "capacity_hours is empty in market/capacity.csv for Ash"
    assert hole(hurt, select(tiny, "home"), ASH, "headroom_hours") == why


def test_a_month_that_a_district_lacks_is_a_gap(tiny: Pack) -> None:
    """February of older people in Birch is missing: East's 90 hours of Ash alone would read as a fall."""
    hurt = without(tiny, "history", month="2025-02", district_code=BIRCH, cohort="older")
    rows = history(hurt, select(tiny, "home", group_by="side")).set_index(["area_name", "month", "cohort"])
    assert pd.isna(rows.at[("East", "2025-02", "older"), "hours_per_week"])
    assert rows.at[("East", "2025-03", "older"), "hours_per_week"] == 370
