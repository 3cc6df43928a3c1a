"""The sentences at the top of a what-if: the assumption first, true over every lever, short, and in plain English."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_baseline import neutral, small

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.consequences import bands_sentence
from lib.whatif.headline import headline, headline_parts
from lib.whatif.project import projected
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import by_year, summarise
from lib.whatif.uncertainty import uncertainty

DATA = Path(__file__).parents[2] / "data"
HOME, BREAKS = "domiciliary_care", "short_breaks"


@cache
def the_pack() -> Pack:
    return load_pack(DATA)


@cache
def the_baseline(service: str) -> Baseline:
    return prepare(the_pack(), service)


def checked(text: str) -> None:
    """What must hold of every generated text."""
    for sentence in re.split(r"(?<=\.) (?=[A-Z0-9])", text):
        assert len(sentence.split()) <= 25, sentence
    assert text.endswith(".")
    assert ".." not in text
    assert not re.search(r"\b(net|supports|spends|today|nan)\b", text, re.IGNORECASE), text
    assert not re.search(r"(?<![\d,.])(?:0 hours|0 more|0 fewer|1 hours|1 years)", text), text
    assert not ("would have no provider" in text and "every lot would have enough" in text.lower()), text
    assert not ("would have no provider" in text and ", in any lot," in text), text


def said_of(service: str, preset: str = "", **levers: Any) -> str:
    """The whole text of a scenario of the default pack: a preset, or the default, with levers moved."""
    pack = the_pack()
    start = preset_scenario(pack, service, preset) if preset else default_scenario(pack, service)
    scenario = with_levers(pack, start, {name.replace("__", "."): value for name, value in levers.items()})
    found = summarise(pack, scenario, the_baseline(service))
    return headline(pack, scenario, found.by_year, uncertainty(pack, scenario, the_baseline(service)))


RANGE = "The range holds if growth differs by about 1 point from what you set (an assumption)."
SHORT_IN_2024 = "Maldon, Uttlesford and Braintree already needed more than providers offered in 2024/25."
SHORT_IN_2023 = "Uttlesford, Maldon and Braintree already needed more than providers offered in 2023/24."
AGED = "8,051 adults would need care arranged by the council in 2029/30, 586 more than in 2024/25."
AGED_COST = "Meeting the same share of need would cost about £12.4m a year more in 2029/30, at 2024/25 prices."
GROWN = "271 children would need care arranged by the council in 2028/29, 103 more than in 2023/24."
GROWN_COST = "Meeting the same share of need would cost about £1.32m a year more in 2028/29, at 2023/24 prices."


@pytest.mark.parametrize(
    ("preset", "levers", "expected"),
    [
        (
            "Ageing only", {},
            "If only ageing changes and providers offer no more than in 2024/25, Essex needs more care than providers "
            f"offer from 2028/29. {SHORT_IN_2024} Lot by lot, about 7,100 hours a week would have no provider in "
            f"2029/30 (range 3,200 to 15,000), against about 1,100 in 2024/25. {RANGE} {AGED} {AGED_COST}",
        ),
        (
            "As today", {},
            "If need and supply stay as in 2024/25, Essex needs no more care than providers offer, lots counted "
            f"together, through 2029/30. {SHORT_IN_2024} Lot by lot, about 1,100 hours a week would have no provider "
            f"in 2029/30 (range 460 to 6,100), as in 2024/25. {RANGE} 7,465 adults would need care arranged by the "
            "council in 2029/30, as in 2024/25. Meeting the same share of need would cost the same in 2029/30, at "
            "2024/25 prices.",
        ),
        (
            "Observed growth, 4.5% a year", {},
            "If need grows 4.5% a year and providers offer no more than in 2024/25, Essex needs more care than "
            f"providers offer from 2025/26. {SHORT_IN_2024} Lot by lot, about 27,500 hours a week would have no "
            f"provider in 2029/30 (range 18,300 to 37,100), against about 1,100 in 2024/25. {RANGE} 9,303 adults would "
            "need care arranged by the council in 2029/30, 1,838 more than in 2024/25. Meeting the same share of need "
            "would cost about £39.5m a year more in 2029/30, at 2024/25 prices.",
        ),
        (
            "Recruitment drive", {},
            "If ageing goes on, with change of vacancies (-5 percentage points), Essex needs no more care than "
            f"providers offer, lots counted together, through 2029/30. {SHORT_IN_2024} Lot by lot, about 3,200 hours a "
            "week would have no provider in 2029/30 (range 1,200 to 9,000), against about 1,100 in 2024/25. "
            f"{RANGE} {AGED} {AGED_COST}",
        ),
        (
            "Direct payments take off", {},
            "Suppose ageing goes on, with shift to direct payments (20%), and providers offer no more than in 2024/25. "
            "Then Essex needs no more care than providers offer, lots counted together, through 2029/30. "
            f"{SHORT_IN_2024} Lot by lot, 57 hours a week would have no provider in 2029/30 (range 17 to 620), against "
            f"about 1,100 in 2024/25. {RANGE} 6,441 adults would need care arranged by the council in 2029/30, 1,024 "
            "fewer than in 2024/25. Meeting the same share of need would cost about £22.2m a year less in 2029/30, at "
            "2024/25 prices; budgets for direct payments are not included.",
        ),
        (
            "Ageing only", {"price__uplift_pct": 3.0},
            "If ageing goes on and providers offer no more than in 2024/25, Essex needs more care than providers offer "
            f"from 2028/29. {SHORT_IN_2024} Lot by lot, about 7,100 hours a week would have no provider in 2029/30 "
            f"(range 3,200 to 15,000), against about 1,100 in 2024/25. {RANGE} {AGED} {AGED_COST} Prices rising 3% a "
            "year would add about £27.5m.",
        ),
        (
            "Ageing only", {"demand__need_growth_pct": 20.0, "years": 15},
            "Suppose need grows 20% a year on top of ageing and providers offer no more than in 2024/25. Then Essex "
            f"needs more care than providers offer from 2025/26. {SHORT_IN_2024} Lot by lot, about 2,433,600 hours a "
            "week would have no provider in 2039/40 (range 2,147,900 to 2,760,600), against about 1,100 in 2024/25. "
            f"{RANGE} 148,559 adults would need care arranged by the council in 2039/40, 141,094 more than in 2024/25. "
            "Meeting the same share of need would cost about £3,019.4m a year more in 2039/40, at 2024/25 prices.",
        ),
    ],
    ids=["ageing", "as today", "growth", "recruitment", "direct payments", "prices", "the most growth, 15 years"],
)  # fmt: skip
def test_home_care_by_hand(preset: str, levers: dict[str, Any], expected: str) -> None:
    assert said_of(HOME, preset, **levers) == expected
    checked(expected)


@pytest.mark.parametrize(
    ("preset", "levers", "expected"),
    [
        (
            "+10% a year", {},
            "If need grows 10% a year and providers offer no more than in 2023/24, Essex needs more care than "
            f"providers offer from 2024/25. {SHORT_IN_2023} Lot by lot, about 1,100 hours a week would have no "
            f"provider in 2028/29 (range 940 to 1,200), against 27 in 2023/24. {RANGE} {GROWN} {GROWN_COST}",
        ),
        (
            "As today", {},
            "If need and supply stay as in 2023/24, Essex needs no more care than providers offer, lots counted "
            f"together, through 2028/29. {SHORT_IN_2023} Lot by lot, 27 hours a week would have no provider in 2028/29 "
            f"(range 8 to 110), as in 2023/24. {RANGE} 168 children would need care arranged by the council in "
            "2028/29, as in 2023/24. Meeting the same share of need would cost the same in 2028/29, at 2023/24 prices.",
        ),
        (
            "Recruitment drive", {},
            "If need grows 10% a year, with change of vacancies (-5 percentage points), Essex needs more care than "
            f"providers offer from 2024/25. {SHORT_IN_2023} Lot by lot, about 980 hours a week would have no provider "
            f"in 2028/29 (range 830 to 1,100), against 27 in 2023/24. {RANGE} {GROWN} {GROWN_COST}",
        ),
        (
            "As today", {"demand__need_growth_pct": -2.0},
            "Suppose need falls 2% a year and providers offer no more than in 2023/24. Then Essex needs no more care "
            f"than providers offer, lots counted together, through 2028/29. {SHORT_IN_2023} Every lot would have "
            f"enough hours in 2028/29, but the range goes up to 22 hours a week without a provider. {RANGE} 152 "
            "children would need care arranged by the council in 2028/29, 16 fewer than in 2023/24. Meeting the same "
            "share of need would cost about £208,000 a year less in 2028/29, at 2023/24 prices.",
        ),
        (
            "+10% a year", {"years": 1},
            "If need grows 10% a year and providers offer no more than in 2023/24, Essex needs more care than "
            f"providers offer from 2024/25. {SHORT_IN_2023} Lot by lot, about 160 hours a week would have no provider "
            f"in 2024/25 (range 140 to 190), against 27 in 2023/24. {RANGE} 185 children would need care arranged by "
            "the council in 2024/25, 17 more than in 2023/24. Meeting the same share of need would cost about £216,000 "
            "a year more in 2024/25, at 2023/24 prices.",
        ),
        (
            "As today", {"supply__capacity_growth_pct": -3.0},
            "If need stays as in 2023/24 and providers offer 3% less each year, Essex needs more care than providers "
            f"offer from 2024/25. {SHORT_IN_2023} Lot by lot, about 240 hours a week would have no provider in 2028/29 "
            f"(range 130 to 350), against 27 in 2023/24. {RANGE} 168 children would need care arranged by the council "
            "in 2028/29, as in 2023/24. Meeting the same share of need would cost the same in 2028/29, at 2023/24 "
            "prices.",
        ),
        (
            "As today", {"demand__need_growth_pct": -20.0},
            "Suppose need falls 20% a year and providers offer no more than in 2023/24. Then Essex needs no more care "
            f"than providers offer, lots counted together, through 2028/29. {SHORT_IN_2023} Every lot would have "
            "enough hours in 2028/29. 55 children would need care arranged by the council in 2028/29, 113 fewer than "
            "in 2023/24. Meeting the same share of need would cost about £1.45m a year less in 2028/29, at 2023/24 "
            "prices.",
        ),
    ],
    ids=["growth", "as today", "recruitment", "falling need", "one year", "shrinking supply", "the least growth"],
)  # fmt: skip
def test_short_breaks_by_hand(preset: str, levers: dict[str, Any], expected: str) -> None:
    assert said_of(BREAKS, preset, **levers) == expected
    checked(expected)


# A county of one's own.


def said_by_hand(start: Baseline, scenario: Scenario, spread: pd.DataFrame | None = None) -> str:
    frame = by_year(start, projected(start, scenario), "County")
    return headline(the_pack(), scenario.model_copy(update={"service": HOME}), frame, spread)


def test_a_county_that_runs_short() -> None:
    # 1,210 + 1,210 hours in year 2 against 1,050 + 1,250: 160 short in A; 420 x 52 x £20 = £436,800 more.
    text = said_by_hand(small([[1000], [1000]], [[1050], [1250]]), neutral(2, demand__need_growth_pct=10.0))
    assert text == (
        "If need grows 10% a year and providers offer no more than in 2024/25, Essex needs more care than providers "
        "offer from 2026/27. District A would be first to need more than providers offer, in 2025/26. Lot by lot, 160 "
        "hours a week would have no provider in 2026/27, against none in 2024/25. 242 adults would need care arranged "
        "by the council in 2026/27, 42 more than in 2024/25. Meeting the same share of need would cost about £437,000 "
        "a year more in 2026/27, at 2024/25 prices."
    )


def test_a_county_that_has_enough() -> None:
    assert said_by_hand(small([[100]], [[150]]), neutral(3)) == (
        "If need and supply stay as in 2024/25, Essex needs no more care than providers offer, in any lot, through "
        "2027/28. Every lot would have enough hours in 2027/28. 10 adults would need care arranged by the council in "
        "2027/28, as in 2024/25. Meeting the same share of need would cost the same in 2027/28, at 2024/25 prices."
    )


def test_a_county_that_is_short_all_along_and_dearer() -> None:
    # 100 x 0.99 x 0.9 = 89.1 hours against 50; £104,000 x 0.891 is £11,336 less, and x 0.02 of that £1,853 more.
    levers = {"demand__technology_reduction_pct": 10.0, "price__uplift_pct": 2.0, "demand__need_growth_pct": -1.0}
    assert said_by_hand(small([[100]], [[50]]), neutral(1, **levers)) == (
        "Suppose need falls 1% a year, with technology (10%), and providers offer no more than in 2024/25. Then Essex "
        "needs more care than providers offer in every year from 2024/25 to 2025/26. Lot by lot, 39 hours a week would "
        "have no provider in 2025/26, against 50 in 2024/25. 10 adults would need care arranged by the council in "
        "2025/26, as in 2024/25. Meeting the same share of need would cost about £11,000 a year less in 2025/26, at "
        "2024/25 prices. Prices rising 2% a year would add about £2,000; budgets for technology are not included."
    )


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        ([[90], [95], [130]], "District A and District B already needed more than providers offered in 2024/25."),
        ([[130], [130], [130]], "District A, District B and District C would be first to need more"),
        ([[99], [99], [99], [99], [150]], "4 of 5 districts already needed more than providers offered in 2024/25."),
        ([[99]] * 5, "All 5 districts already needed more than providers offered in 2024/25."),
        ([[130], [130], [130], [130], [900]], "4 of 5 districts would be first to need more than providers offer"),
    ],
)
def test_ties_name_all_or_count_them(capacity: list[list[float]], expected: str) -> None:
    start = small([[100]] * len(capacity), capacity)
    assert expected in said_by_hand(start, neutral(3, demand__need_growth_pct=10.0))


def test_a_district_without_demand_is_not_counted() -> None:
    start = small([[100], [100], [100], [100], [0]], [[99], [99], [99], [99], [10]])
    assert "All 4 districts already needed more than providers offered in 2024/25." in said_by_hand(start, neutral(1))


def test_a_single_district_is_not_named_beside_the_county() -> None:
    assert "District A" not in said_by_hand(small([[100]], [[50]]), neutral(1))


def test_without_demand() -> None:
    assert said_by_hand(small([[0]], [[50]]), neutral(1)) == (
        "If need and supply stay as in 2024/25, no care is needed in Essex: coverage is not applicable."
    )


def test_short_in_some_of_the_years_only() -> None:
    start = small([[100]], [[100]])

    def needing(*hours: float) -> str:
        ageing = np.ones((16, 1, 1))
        ageing[: len(hours), 0, 0] = np.array(hours) / 100
        older = dataclasses.replace(start, ageing=ageing)
        return said_by_hand(older, neutral(len(hours) - 1, demand__demographic=True)).split(" In any")[0]

    assert "needs more care than providers offer from 2025/26 to 2026/27." in needing(100, 110, 110, 90)
    assert "needs more care than providers offer in 2025/26 only." in needing(100, 110, 90, 90)
    assert "needs more care than providers offer from 2024/25 to 2025/26." in needing(120, 110, 90, 90)
    assert "offer in 2 of the years to 2028/29, first in 2025/26." in needing(100, 110, 90, 110, 90)


def test_every_lever_that_moves_is_named() -> None:
    five = {
        "demand.hours_per_person_growth_pct": 1.5, "demand.direct_payment_shift_pct": 10,
        "demand.reablement_reduction_pct": 10, "demand.technology_reduction_pct": 5, "supply.vacancy_change_pts": -5,
    }  # fmt: skip
    pack = the_pack()
    scenario = with_levers(pack, default_scenario(pack, HOME), five)
    first, _ = headline_parts(pack, scenario, summarise(pack, scenario, the_baseline(HOME)).by_year)
    assert first.startswith(
        "Suppose ageing goes on, with 5 other levers moved. Moved: hours per person (1.5% a year), shift to direct "
        "payments (10%), reablement (10%), technology (5%) and change of vacancies (-5 percentage points). Then Essex "
    )
    more = {**five, "supply.provider_exits": ["P001", "P004"], "demand.district_need_growth_pct": {"E07000066": 2}}
    more |= {"supply.spot_conversion_pct": 40}
    scenario = with_levers(pack, scenario, more)
    first, _ = headline_parts(pack, scenario, summarise(pack, scenario, the_baseline(HOME)).by_year)
    assert "with 8 other levers moved. Moved: " in first
    assert re.search(r"technology \(5%\), need growth by district \(1 district\) and \d others\. Then", first)
    checked(first)


def test_a_provider_that_leaves_is_named_and_the_others_stay() -> None:
    assert said_of(HOME, supply__provider_exits=["P001"]).startswith(
        "Suppose ageing goes on, with providers that leave (1), and the other providers offer no more than in 2024/25. "
        "Then Essex needs more care than providers offer from 20"
    )


def test_a_price_rise_is_never_the_cost_of_need() -> None:
    """The rise at the base year's prices is the same whatever prices do; only the clause of prices differs."""
    plain = said_of(HOME)
    for uplift, more in ((3.0, "Prices rising 3% a year would add about £27.5m."), (-3.0, "Prices falling 3% a year")):
        text = said_of(HOME, price__uplift_pct=uplift)
        assert AGED_COST in text
        assert more in text
        assert text.startswith("If ageing goes on and ")
        assert "Prices" not in plain
    assert "£39.9m" not in said_of(HOME, price__uplift_pct=3.0)


def spread_of(low: float, high: float, measure: str = "shortfall_hours") -> pd.DataFrame:
    row = {"year": 2026, "district_code": COUNTY_CODE, "measure": measure, "p10": low, "p50": 0.0, "p90": high}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (60.0, 12_940.0, "no provider in 2026/27 (range 60 to 12,900), against none in 2024/25. The range holds"),
        (0.2, 12_940.0, "no provider in 2026/27 (range up to 12,900), against none in 2024/25. The range holds"),
        (210.2, 210.4, "no provider in 2026/27, against none in 2024/25. 121 adults"),
    ],
)
def test_the_range_in_the_sentence(low: float, high: float, expected: str) -> None:
    scenario = neutral(2, demand__need_growth_pct=10.0)
    text = said_by_hand(small([[1000]], [[1000]]), scenario, spread_of(low, high))
    assert expected in text
    checked(text)


@pytest.mark.parametrize(
    ("need", "capacity", "expected"),
    [
        (1.0, 1.0, "The bands hold if growth differs by about 1 point from what you set (an assumption)."),
        (2.5, 2.5, "The bands hold if growth differs by about 2.5 points from what you set (an assumption)."),
        (
            1.0, 2.0,
            "The bands hold if need growth differs by about 1 point or capacity growth by about 2 points from what you "
            "set (an assumption).",
        ),
        (0.0, 2.0, "The bands hold if capacity growth differs by about 2 points from what you set (an assumption)."),
        (0.0, 0.0, "There is no band: growth is taken to be just what you set (an assumption)."),
    ],
)  # fmt: skip
def test_what_the_range_rests_on_follows_its_levers(need: float, capacity: float, expected: str) -> None:
    scenario = neutral(2, range__need_growth_sd_pts=need, range__capacity_growth_sd_pts=capacity)
    assert bands_sentence(scenario) == expected
    checked(expected)


# Whatever the levers are.

LEVERS = st.fixed_dictionaries(
    {
        "years": st.sampled_from([1, 2, 5, 15]),
        "demand.demographic": st.booleans(),
        "demand.need_growth_pct": st.sampled_from([-20.0, -2.5, 0.0, 0.0, 0.5, 4.5, 20.0]),
        "price.uplift_pct": st.sampled_from([0.0, 0.0, 3.0, -2.5, 20.0]),
        "supply.capacity_growth_pct": st.sampled_from([0.0, 0.0, 2.5, -20.0, 20.0]),
    },
    optional={
        "demand.hours_per_person_growth_pct": st.sampled_from([-2.0, 1.5]),
        "demand.direct_payment_shift_pct": st.sampled_from([5, 50]),
        "demand.reablement_reduction_pct": st.sampled_from([5, 50]),
        "demand.technology_reduction_pct": st.sampled_from([5, 50]),
        "demand.district_need_growth_pct": st.just({"E07000066": 20.0, "E07000074": -20.0}),
        "supply.vacancy_change_pts": st.sampled_from([-15, 45]),
        "range.need_growth_sd_pts": st.sampled_from([0.0, 5.0]),
    },
)


@pytest.mark.slow
@settings(max_examples=60)
@given(service=st.sampled_from([HOME, BREAKS]), levers=LEVERS)
def test_every_scenario_is_told_in_short_true_sentences(service: str, levers: dict[str, Any]) -> None:
    pack, start = the_pack(), the_baseline(service)
    scenario = with_levers(pack, default_scenario(pack, service), levers | {"range.draws": 100})
    found = summarise(pack, scenario, start)
    first, more = headline_parts(pack, scenario, found.by_year, uncertainty(pack, scenario, start))
    checked(f"{first} {more}")
    checked(first)
    county = found.by_year[found.by_year["district_code"] == COUNTY_CODE]
    short = county["coverage"] < 1 - 1e-9
    assert ("needs more care than providers offer" in first) == bool(short.any())
    assert ("needs no more care than providers offer" in first) == (not short.any())
    if "in any lot" in first:
        assert county["shortfall_hours"].max() < 1e-6
    assert ("Prices " in more or "prices r" in more or "prices f" in more) == bool(levers["price.uplift_pct"])
    # The cost of need is that of the same scenario without its uplift.
    plain = with_levers(pack, scenario, {"price.uplift_pct": 0.0})
    _, at_base = headline_parts(pack, plain, summarise(pack, plain, start).by_year)
    (cost,) = re.findall(r"Meeting the same share of need would cost [^;]*? prices", at_base)
    assert cost in more


HOURS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, 100.0, 940.0]), st.sampled_from([0.0, 0.6, 1.0, 95.0, 101.0, 1200.0])),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=100)
@given(lots=HOURS, growth=st.sampled_from([-20.0, 0.0, 3.0, 20.0]), years=st.sampled_from([1, 5, 15]))
def test_every_county_is_told_in_short_true_sentences(
    lots: list[tuple[float, float]], growth: float, years: int
) -> None:
    start = small([[demand] for demand, _ in lots], [[held] for _, held in lots])
    text = said_by_hand(start, neutral(years, demand__need_growth_pct=growth))
    checked(text)
    demand, held = (sum(column) for column in zip(*lots, strict=True))
    if demand:
        assert ("needs more care" in text) == (max(demand, demand * (1 + growth / 100) ** years) > held + 1e-6)
    else:
        assert "no care is needed in Essex" in text


@settings(max_examples=30)
@given(
    unknown=st.sets(st.integers(0, 2), min_size=1, max_size=3),
    what=st.sampled_from(["people", "annual_cost", "capacity_hours", "delivered_hours"]),
)
def test_what_is_not_known_is_not_claimed(unknown: set[int], what: str) -> None:
    start = small([[100], [100], [100]], [[90], [120], [120]])
    values = getattr(start, what).copy()
    values[list(unknown)] = np.nan
    text = said_by_hand(dataclasses.replace(start, **{what: values}), neutral(2, demand__need_growth_pct=3.0))
    checked(text)
    if what == "people":
        assert "How many adults would need care arranged by the council in 2026/27 is not known." in text
    elif what == "annual_cost":
        assert "What meeting the same share of need would cost in 2026/27 is not known." in text
    else:
        assert "it is not known whether Essex needs more care than providers offer" in text
        assert "how many hours would have no provider in 2026/27, lot by lot, is not known." in text.lower()
        known = 3 - len(unknown)
        assert ("whose figures are known would need more care than providers offer in 2026/27" in text) == (known > 0)
