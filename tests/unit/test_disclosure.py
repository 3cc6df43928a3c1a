"""Disclosure control: what is small never survives, 0 stays, the rest is rounded, and nothing is invented."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pack_folder import PackFolder

from lib.market.disclosure import SUPPRESSED, Measure, Ratio, is_small, primary, to_base
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.pack.manifest import Disclosure

SETTINGS = Disclosure()
PEOPLE = Measure("counts")
HOURS = Measure("hours", count="people", providers="providers", largest="largest")
COST = Measure("pounds", count="people", providers="providers", largest="largest")
EACH = Ratio(("hours", "people"), lambda row: row["hours"] / row["people"])


def one(people: Any = 20, hours: Any = 200.0, cost: Any = 26000.0, providers: Any = 3, largest: Any = 0.5) -> Any:
    """One area's people, hours, cost and hours per person after the rule."""
    frame = pd.DataFrame(
        {"people": [people], "hours": [hours], "cost": [cost], "providers": [providers], "largest": [largest]}
    )
    frame = frame.astype({"people": float, "hours": float, "cost": float, "providers": float, "largest": float})
    result = primary(frame, {"people": PEOPLE, "hours": HOURS, "cost": COST, "each": EACH}, SETTINGS)
    assert list(result.columns) == ["people", "hours", "cost", "each"], "what only stands behind a measure is left out"
    return result.iloc[0].to_list()


def test_the_settings_are_the_packs(pack: Pack, tiny_folder: PackFolder) -> None:
    assert pack.manifest.disclosure.model_dump() == {
        "threshold": 7,
        "round_counts": 5,
        "fewest_providers": 3,
        "dominance": 0.8,
        "round_hours": 10,
        "round_pounds": 1000,
    }
    assert tiny_folder.load().manifest.disclosure == pack.manifest.disclosure, "the defaults"
    tiny_folder.change_json("datapackage.json", lambda document: document.update(disclosure={"threshold": 0}))
    assert tiny_folder.faults() == ['datapackage.json, column disclosure.threshold: found "0", expected 1 or more']


@pytest.mark.parametrize(
    ("value", "small"),
    [(0, False), (0.2, True), (1, True), (7, True), (7.4, True), (7.5, False), (8, False), (None, False)],
)
def test_what_is_small(value: float | None, small: bool) -> None:
    assert is_small(value, SETTINGS) is small
    assert not is_small(math.nan, SETTINGS)


@pytest.mark.parametrize(
    ("people", "shown"), [(0, 0), (1, "c"), (7, "c"), (8, 10), (12, 10), (12.4, 10), (13, 15), (12.5, 15), (168, 170)]
)
def test_counts(people: float, shown: object) -> None:
    assert one(people=people)[0] == shown


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [(15, 10, 20), (14.999, 10, 10), (25, 10, 30), (-15, 10, -20), (-14, 10, -10), (500, 1000, 1000), (0, 5, 0)],
)
def test_halves_go_up(value: float, base: int, expected: int) -> None:
    assert to_base(value, base) == expected


def test_hours_and_pounds_follow_the_count_and_the_providers_behind_them() -> None:
    assert one() == [20, 200, 26000, 10.0]
    assert one(people=21, hours=214, cost=26499) == [20, 210, 26000, 10.5], "a ratio is worked out from what is shown"
    assert one(people=7) == ["c"] * 4
    assert one(providers=2) == [20, "c", "c", "c"]
    assert one(largest=0.81) == [20, "c", "c", "c"]
    assert one(largest=0.8) == [20, 200, 26000, 10.0], "80% is not more than 80%"
    assert one(largest=0.8 + 1e-16) == [20, 200, 26000, 10.0]


def test_where_nobody_contributes_0_stays_0() -> None:
    people, hours, cost, each = one(people=0, hours=0, cost=0, providers=0, largest=math.nan)
    assert (people, hours, cost) == (0, 0, 0)
    assert math.isnan(each), "nothing to divide by"


def test_no_hours_of_one_provider_tell_of_it() -> None:
    assert one(people=0, hours=0, cost=0, providers=1, largest=math.nan)[:3] == [0, "c", "c"]


def test_what_is_unknown_is_not_safe_and_what_is_empty_stays_empty() -> None:
    assert one(providers=math.nan) == [20, "c", "c", "c"]
    assert one(largest=math.nan) == [20, "c", "c", "c"]
    people, hours, cost, each = one(people=math.nan)
    assert math.isnan(people)
    assert (hours, cost, each) == ("c", "c", "c")
    assert math.isnan(one(hours=math.nan)[1])
    assert math.isnan(one(hours=math.nan)[3])


def test_rounding_makes_no_false_zero() -> None:
    assert one(hours=4)[1] == "c"
    assert one(hours=-4)[1] == "c"
    coarse = Disclosure(threshold=3, round_counts=20)
    result = primary(pd.DataFrame({"people": [0, 8, 12]}), {"people": PEOPLE}, coarse)
    assert result["people"].to_list() == [0, "c", 20]
    result = primary(pd.DataFrame({"people": [9, 16]}), {"people": PEOPLE}, Disclosure(threshold=8, round_counts=7))
    assert result["people"].to_list() == ["c", 14], "9 would be shown as 7, which is a small number"


def test_requests_need_no_providers() -> None:
    frame = pd.DataFrame({"waiting": [0.0, 0.0, 41.0, 41.0], "requests": [0, 8, 8, 3]})
    result = primary(frame, {"waiting": Measure("hours", count="requests")}, SETTINGS)
    assert result["waiting"].to_list() == [0, 0, 40, "c"]
    assert list(result.columns) == ["waiting"]


def test_published_totals_stay_exact_and_text_is_kept() -> None:
    frame = pd.DataFrame(
        {"area": ["Ash", "All"], "night": [True, False], "people": [12, 168], "hours": [104.0, 1664.0], "each": 1.0},
        index=["E1", "all"],
    )
    measures = {"people": PEOPLE, "hours": Measure("hours", count="people"), "each": EACH}
    result = primary(frame, measures, SETTINGS, exact={("all", "people"), ("all", "each")})
    assert result.loc["all"].to_list() == ["All", False, 168, 1660, 1.0]
    assert result.loc["E1"].to_list() == ["Ash", True, 10, 100, 10.0]
    result = primary(frame, measures, SETTINGS, exact={("all", "people")})
    assert result.at["all", "each"] == 1660 / 168, "from the exact figure where that is what is shown"


def test_a_ratio_may_have_no_figure() -> None:
    result = primary(
        pd.DataFrame({"people": [20]}), {"people": PEOPLE, "none": Ratio(("people",), lambda row: None)}, SETTINGS
    )
    assert math.isnan(result.at[0, "none"])


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        ({}, "people: found figures of no kind, expected counts, hours, pounds or a ratio"),
        ({"people": Measure("hours")}, "people: found no count behind it, expected the column that holds it"),
        ({"people": PEOPLE, "age": PEOPLE}, 'age: found no column "age", expected it in the frame'),
        (
            {"people": PEOPLE, "each": Ratio(("hours",), lambda row: 1.0)},
            'each: found the input "hours", expected counts, hours or pounds',
        ),
    ],
)
def test_a_column_that_nothing_protects_is_refused(measures: Any, message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        primary(pd.DataFrame({"people": [20]}), measures, SETTINGS)
    assert str(caught.value) == message


def test_rows_are_told_apart_by_their_label() -> None:
    with pytest.raises(SelectionError, match=r"^index: found a row's label twice"):
        primary(pd.DataFrame({"people": [20, 30]}, index=["a", "a"]), {"people": PEOPLE}, SETTINGS)


figures = st.one_of(st.integers(0, 60), st.floats(0, 5000), st.just(math.nan))
rows = st.fixed_dictionaries(
    {
        "people": figures,
        "hours": st.one_of(figures, st.floats(-5000, 0)),
        "cost": figures,
        "providers": st.one_of(st.integers(0, 6), st.just(math.nan)),
        "largest": st.one_of(st.floats(0, 1), st.just(math.nan)),
    }
)
limits = st.builds(
    Disclosure,
    threshold=st.integers(1, 12),
    round_counts=st.integers(1, 20),
    fewest_providers=st.integers(1, 5),
    dominance=st.floats(0.1, 1),
    round_hours=st.integers(1, 50),
    round_pounds=st.integers(1, 5000),
)


@example_settings(deadline=None)
@given(st.lists(rows, min_size=1, max_size=6), limits)
def test_nothing_small_survives_and_nothing_is_invented(cells: list[dict[str, float]], settings: Disclosure) -> None:
    frame = pd.DataFrame(cells).astype(float)
    measures = {"people": PEOPLE, "hours": HOURS, "cost": COST, "each": EACH}
    before = frame.copy()
    result = primary(frame, measures, settings)
    pd.testing.assert_frame_equal(frame, before)
    assert list(result.index) == list(frame.index)
    bases = {"people": settings.round_counts, "hours": settings.round_hours, "cost": settings.round_pounds}
    for row, cell in zip(cells, result.to_dict("records"), strict=True):
        if row["people"] == 0:
            assert cell["people"] == 0
        if cell["people"] != SUPPRESSED and not math.isnan(cell["people"]):
            assert cell["people"] == 0 or cell["people"] > settings.threshold
        for name, base in bases.items():
            shown, value = cell[name], row[name]
            assert (shown != shown) == math.isnan(value), "empty where it was empty, and nowhere else"
            if shown == SUPPRESSED or shown != shown:
                continue
            assert shown % base == 0
            # A count is first made whole, which moves it by half at most.
            assert abs(shown - value) <= base / 2 + (0.5 if name == "people" else 0) + 1e-6
            assert (shown == 0) == (value == 0)
            if name != "people" and value != 0:
                assert row["providers"] >= settings.fewest_providers
                assert row["largest"] <= settings.dominance + 1e-9
                assert not is_small(row["people"], settings)
        inputs = [cell["hours"], cell["people"]]
        if SUPPRESSED in inputs:
            assert cell["each"] == SUPPRESSED
        elif not any(value != value for value in inputs) and cell["people"]:
            assert cell["each"] == cell["hours"] / cell["people"]
        else:
            assert math.isnan(cell["each"])
