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
from lib.whatif.consequences import bands_sentence, range_sentence
from lib.whatif.headline import headline, headline_parts
from lib.whatif.project import projected
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import by_year, summarise
from lib.whatif.tables import outcome_words
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


AGEING_RANGE = "The range allows for growth off by about 1 point, age weights by about 30% and chance (assumptions)."
RANGE = "The range allows for growth off by about 1 point and chance (assumptions)."
ALREADY_2024 = "Maldon, Uttlesford and Braintree already needed more than providers offered in 2024/25"
ALREADY_2023 = "Uttlesford, Maldon and Braintree already needed more than providers offered in 2023/24"
SHORT_IN_2024, SHORT_IN_2023 = f"{ALREADY_2024}.", f"{ALREADY_2023}."
# Short in the last year, lots counted together, and not in the base year: those with the lowest coverage then first.
NEWLY_AGED = f"{ALREADY_2024}; Colchester, Tendring, Chelmsford and Epping Forest would newly need more in 2029/30."
NEWLY_GROWN = f"{ALREADY_2023}; Epping Forest, Tendring, Colchester and 6 others would newly need more in 2028/29."
AGED = (
    "8,051 adults would need care arranged by the council in 2029/30, 586 more than in 2024/25; providers could "
    "serve 7,750 of them."
)
AGED_COST = "Meeting the need would cost about £12.4m more in 2029/30, at 2024/25 prices;"
GROWN = (
    "271 children would need care arranged by the council in 2028/29, 103 more than in 2023/24; providers could "
    "serve 185 of them."
)
GROWN_COST = (
    "Meeting the need would cost about £1.32m more in 2028/29, at 2023/24 prices; capacity allows spending about "
    "£221,000 more, about £1.10m short of that."
)


@pytest.mark.parametrize(
    ("preset", "levers", "expected"),
    [
        (
            "Ageing only", {},
            "If only ageing changes and providers offer no more than in 2024/25, Essex needs more care than "
            f"providers offer from 2028/29. {NEWLY_AGED} Lot by lot, about 7,150 hours a week would have no "
            f"provider in 2029/30 (range 3,100 to 16,200), against about 1,090 in 2024/25. {AGEING_RANGE} {AGED} "
            f"{AGED_COST} capacity allows spending about £5.84m more, about £6.53m short of that.",
        ),
        (
            "As today", {},
            "If need and supply stay as in 2024/25, Essex needs no more care than providers offer, lots counted "
            f"together, through 2029/30. {SHORT_IN_2024} Lot by lot, about 1,090 hours a week would have no provider "
            f"in 2029/30 (range 565 to 6,780), as in 2024/25. {RANGE} About 1,480 hours a week would wait although a "
            "provider of the lot has room. 7,465 adults would need care arranged by the council in 2029/30, as in "
            "2024/25. Meeting the need would cost the same in 2029/30, at 2024/25 prices.",
        ),
        (
            "Observed growth, 4.5% a year", {},
            "If need grows 4.5% a year and providers offer no more than in 2024/25, Essex needs more care than "
            f"providers offer from 2025/26. {ALREADY_2024}; Colchester, Brentwood, Tendring and 6 others would newly "
            "need more in 2029/30. "
            "Lot by lot, about 27,500 hours a week would have no "
            f"provider in 2029/30 (range 18,100 to 37,300), against about 1,090 in 2024/25. {RANGE} 9,303 adults "
            "would need care arranged by the council in 2029/30, 1,838 more than in 2024/25; providers could serve "
            "7,888 of them. Meeting the need would cost about £39.5m more in 2029/30, at 2024/25 prices; capacity "
            "allows spending about £9.00m more, about £30.5m short of that.",
        ),
        (
            "Recruitment drive", {},
            "If ageing goes on, with change of vacancies (-5 percentage points), Essex needs no more care than "
            f"providers offer, lots counted together, through 2029/30. {SHORT_IN_2024} Lot by lot, about 3,220 hours "
            "a week would have no provider in 2029/30 (range 1,100 to 10,400), against about 1,090 in 2024/25. "
            f"{AGEING_RANGE} 8,051 adults would need care arranged by the council in 2029/30, 586 more than in "
            f"2024/25; providers could serve 7,950 of them. {AGED_COST} capacity allows spending about £10.2m more, "
            "about £2.15m short of that.",
        ),
        (
            "Direct payments take off", {},
            "Suppose ageing goes on, with shift to direct payments (20%), and providers offer no more than in "
            "2024/25. Then Essex needs no more care than providers offer, lots counted together, through 2029/30. "
            f"{SHORT_IN_2024} Lot by lot, 57 hours a week would have no provider in 2029/30 (range 16 to 1,090), "
            f"against about 1,090 in 2024/25. {AGEING_RANGE} 2,140 hours a week would wait although a provider of the "
            "lot has room. 6,441 adults would need care arranged by the council in 2029/30, 1,024 fewer than in "
            "2024/25. Meeting the need would cost about £22.2m less in 2029/30, at 2024/25 prices; budgets for "
            "direct payments are not included.",
        ),
        (
            "Ageing only", {"price__uplift_pct": 3.0},
            "If ageing goes on and providers offer no more than in 2024/25, Essex needs more care than providers "
            f"offer from 2028/29. {NEWLY_AGED} Lot by lot, about 7,150 hours a week would have no provider in "
            f"2029/30 (range 3,100 to 16,200), against about 1,090 in 2024/25. {AGEING_RANGE} {AGED} {AGED_COST} "
            "prices rising 3% a year would add about £27.5m. With the capacity assumed, the council would spend "
            "about £5.84m more at 2024/25 prices: about £6.53m less than meeting the need.",
        ),
        (
            "Overseas recruitment ends", {},
            "Suppose ageing goes on and providers lose 50% of the 20% of capacity resting on overseas staff. Then "
            f"Essex needs more care than providers offer from 2026/27. {ALREADY_2024}; Colchester, Tendring, "
            "Chelmsford and 6 others would newly need more in 2029/30. "
            "Lot by lot, about 18,800 hours "
            "a week would have no provider in 2029/30 (range 10,900 to 28,300), against about 1,090 in 2024/25. "
            f"{AGEING_RANGE} 8,051 adults would need care arranged by the council in 2029/30, 586 more than in "
            f"2024/25; providers could serve 7,097 of them. {AGED_COST} capacity allows spending about £8.16m less, "
            "about £20.5m short of that.",
        ),
        (
            "Ageing only", {"supply__spot_conversion_pct": 40.0, "price__uplift_pct": 5.3},
            "Suppose ageing goes on, with spot hours moved to the framework (40%), and providers offer no more than "
            f"in 2024/25. Then Essex needs more care than providers offer from 2028/29. {NEWLY_AGED} Lot by lot, "
            "about 7,150 hours a week would have no provider in 2029/30 (range 3,100 to 16,200), against about 1,090 "
            f"in 2024/25. {AGEING_RANGE} {AGED} {AGED_COST} moving spot hours to the framework would take off about "
            "£613,000. Prices rising 5.3% a year would add about £50.7m. With the capacity assumed, the council "
            "would spend about £5.26m more at 2024/25 prices: about £6.49m less than meeting the need.",
        ),
        (
            "Ageing only", {"demand__discharge_people_per_month": 50.0, "demand__turning_18_per_year": 10.0},
            "Suppose ageing goes on and providers offer no more than in 2024/25. Suppose also: 50 more people a "
            "month discharged from hospital and 10 more children a year turning 18. Then Essex needs more care than "
            f"providers offer from 2027/28. {ALREADY_2024}; Colchester, Tendring, Chelmsford and 3 others would newly "
            "need more in 2029/30. "
            "Lot by lot, about 8,310 hours a week would have no "
            f"provider in 2029/30 (range 3,760 to 17,900), against about 1,090 in 2024/25. {AGEING_RANGE} 8,170 "
            "adults would need care arranged by the council in 2029/30, 705 more than in 2024/25; providers could "
            "serve 7,807 of them. Meeting the need would cost about £14.8m more in 2029/30, at 2024/25 prices; "
            "capacity allows spending about £7.04m more, about £7.76m short of that.",
        ),
        (
            "Ageing only", {"demand__need_growth_pct": 20.0, "years": 15},
            "Suppose need grows 20% a year on top of ageing and providers offer no more than in 2024/25. Then Essex "
            f"needs more care than providers offer from 2025/26. {ALREADY_2024}; Tendring, Colchester, Chelmsford and "
            "6 others would newly need more in 2039/40. "
            "Lot by lot, about 2,434,000 hours a "
            "week would have no provider in 2039/40 (range 2,070,000 to 2,864,000), against about 1,090 in 2024/25. "
            f"{AGEING_RANGE} About 148,600 adults would need care arranged by the council in 2039/40, about 141,100 "
            "more than in 2024/25; providers could serve 7,895 of them. Meeting the need would cost about £3,019m "
            "more in 2039/40, at 2024/25 prices; capacity allows spending about £9.72m more, about £3,010m short of "
            "that.",
        ),
    ],
    ids=[
        "ageing", "as today", "growth", "recruitment", "direct payments", "prices",
        "overseas recruitment", "spot to framework and prices", "discharge and turning 18", "the most growth, 15 years",
    ],
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
            f"providers offer from 2024/25. {NEWLY_GROWN} Lot by lot, about 1,090 hours a week would have no "
            f"provider in 2028/29 (range 809 to 1,440), against 27 in 2023/24. {RANGE} {GROWN} {GROWN_COST}",
        ),
        (
            "As today", {},
            "If need and supply stay as in 2023/24, Essex needs no more care than providers offer, lots counted "
            f"together, through 2028/29. {SHORT_IN_2023} Lot by lot, 27 hours a week would have no provider in "
            "2028/29, as in 2023/24. Its range, 72 to 323, lies above that, as spare hours in one lot do not help "
            f"another. {RANGE} 125 hours a week would wait although a provider of the lot has room. 168 children "
            "would need care arranged by the council in 2028/29, as in 2023/24. Meeting the need would cost the same "
            "in 2028/29, at 2023/24 prices.",
        ),
        (
            "Recruitment drive", {},
            "If need grows 10% a year, with change of vacancies (-5 percentage points), Essex needs more care than "
            f"providers offer from 2024/25. {NEWLY_GROWN} Lot by lot, 983 hours a week would have no provider in "
            f"2028/29 (range 708 to 1,330), against 27 in 2023/24. {RANGE} 271 children would need care arranged by "
            "the council in 2028/29, 103 more than in 2023/24; providers could serve 196 of them. Meeting the need "
            "would cost about £1.32m more in 2028/29, at 2023/24 prices; capacity allows spending about £361,000 "
            "more, about £959,000 short of that.",
        ),
        (
            "As today", {"demand__need_growth_pct": -2.0},
            "Suppose need falls 2% a year and providers offer no more than in 2023/24. Then Essex needs no more care "
            f"than providers offer, lots counted together, through 2028/29. {SHORT_IN_2023} Every lot would have "
            f"enough hours in 2028/29, but the range goes up to 205 hours a week without a provider. {RANGE} 137 "
            "hours a week would wait although a provider of the lot has room. 152 children would need care arranged "
            "by the council in 2028/29, 16 fewer than in 2023/24. Meeting the need would cost about £208,000 less in "
            "2028/29, at 2023/24 prices.",
        ),
        (
            "+10% a year", {"years": 1},
            "If need grows 10% a year and providers offer no more than in 2023/24, Essex needs more care than "
            f"providers offer from 2024/25. {ALREADY_2023}; Epping Forest, Tendring, Colchester and 6 others would "
            "newly need more in 2024/25. "
            "Lot by lot, 164 hours a week would have no provider in "
            f"2024/25 (range 151 to 451), against 27 in 2023/24. {RANGE} 185 children would need care arranged by the "
            "council in 2024/25, 17 more than in 2023/24; providers could serve 183 of them. Meeting the need would "
            "cost about £216,000 more in 2024/25, at 2023/24 prices; capacity allows spending about £199,000 more, "
            "about £18,000 short of that.",
        ),
        (
            "As today", {"supply__capacity_growth_pct": -3.0},
            "If need stays as in 2023/24 and providers offer 3% less each year, Essex needs more care than providers "
            f"offer from 2024/25. {NEWLY_GROWN} Lot by lot, 241 hours a week would have no provider in 2028/29 "
            f"(range 175 to 502), against 27 in 2023/24. {RANGE} 168 children would need care arranged by the council "
            "in 2028/29, as in 2023/24; providers could serve 159 of them. Meeting the need would cost the same in "
            "2028/29, at 2023/24 prices; capacity allows spending about £117,000 less.",
        ),
        (
            "As today", {"demand__need_growth_pct": -20.0},
            "Suppose need falls 20% a year and providers offer no more than in 2023/24. Then Essex needs no more "
            f"care than providers offer, lots counted together, through 2028/29. {SHORT_IN_2023} Every lot would have "
            "enough hours in 2028/29. 50 hours a week would wait although a provider of the lot has room. 55 "
            "children would need care arranged by the council in 2028/29, 113 fewer than in 2023/24. Meeting the "
            "need would cost about £1.45m less in 2028/29, at 2023/24 prices.",
        ),
        (
            "+10% a year", {"demand__turning_18_per_year": 10.0},
            "Suppose need grows 10% a year, with 10 more children a year turning 18, and providers offer no more "
            f"than in 2023/24. Then Essex needs more care than providers offer from 2024/25. {ALREADY_2023}; "
            "Tendring, Epping Forest, Colchester and 6 others would newly need more in 2028/29. "
            "Lot by "
            "lot, 595 hours a week would have no provider in 2028/29 (range 403 to 917), against 27 in 2023/24. "
            f"{RANGE} 221 children would need care arranged by the council in 2028/29, 53 more than in 2023/24; "
            "providers could serve 185 of them. Meeting the need would cost about £677,000 more in 2028/29, at "
            "2023/24 prices; capacity allows spending about £221,000 more, about £456,000 short of that.",
        ),
    ],
    ids=[
        "growth", "as today", "recruitment", "falling need", "one year", "shrinking supply",
        "the least growth", "turning 18",
    ],
)  # fmt: skip
def test_short_breaks_by_hand(preset: str, levers: dict[str, Any], expected: str) -> None:
    assert said_of(BREAKS, preset, **levers) == expected
    checked(expected)


# A county of one's own.


def said_by_hand(start: Baseline, scenario: Scenario, spread: pd.DataFrame | None = None) -> str:
    frame = by_year(start, projected(start, scenario), "County")
    return headline(the_pack(), scenario.model_copy(update={"service": HOME}), frame, spread)


def test_a_county_that_runs_short() -> None:
    # 1,210 + 1,210 hours in year 2 against 1,050 + 1,250: 160 short in A; 420 x 52 x £20 = £436,800 more. Served are
    # 1,050 + 1,210 hours, 105 + 121 people; 160 x 52 x £20 = £166,400 are not spent.
    text = said_by_hand(small([[1000], [1000]], [[1050], [1250]]), neutral(2, demand__need_growth_pct=10.0))
    assert text == (
        "If need grows 10% a year and providers offer no more than in 2024/25, Essex needs more care than providers "
        "offer from 2026/27. District A would be first to need more than providers offer, in 2025/26. Lot by lot, 160 "
        "hours a week would have no provider in 2026/27, against none in 2024/25. 242 adults would need care arranged "
        "by the council in 2026/27, 42 more than in 2024/25; providers could serve 226 of them. Meeting the need would "
        "cost about £437,000 more in 2026/27, at 2024/25 prices; capacity allows spending about £270,000 more, about "
        "£166,000 short of that."
    )


def test_a_county_that_has_enough() -> None:
    assert said_by_hand(small([[100]], [[150]]), neutral(3)) == (
        "If need and supply stay as in 2024/25, Essex needs no more care than providers offer, in any lot, through "
        "2027/28. Every lot would have enough hours in 2027/28. 10 adults would need care arranged by the council in "
        "2027/28, as in 2024/25. Meeting the need would cost the same in 2027/28, at 2024/25 prices."
    )


def test_a_county_that_is_short_all_along_and_dearer() -> None:
    # 100 x 0.99 x 0.9 = 89.1 hours against 50; £104,000 x 0.891 is £11,336 less, and x 0.02 of that £1,853 more. What
    # is delivered beyond capacity today is served: 89.1 of 100.
    levers = {"demand__technology_reduction_pct": 10.0, "price__uplift_pct": 2.0, "demand__need_growth_pct": -1.0}
    assert said_by_hand(small([[100]], [[50]]), neutral(1, **levers)) == (
        "Suppose need falls 1% a year, with technology (10%), and providers offer no more than in 2024/25. Then Essex "
        "needs more care than providers offer in every year from 2024/25 to 2025/26. Lot by lot, 39 hours a week would "
        "have no provider in 2025/26, against 50 in 2024/25. 10 adults would need care arranged by the council in "
        "2025/26, as in 2024/25. Meeting the need would cost about £11,000 less in 2025/26, at 2024/25 prices; prices "
        "rising 2% a year would add about £1,900. Budgets for technology are not included."
    )


def test_hours_that_wait_although_a_provider_has_room() -> None:
    # 30 hours wait in year 0 and 1: A has room for 20 of them, B for none. At 100 + 0 there is room for all.
    plain = neutral(1)
    few = small([[100], [100]], [[120], [100]], [[20], [10]])
    assert (
        "Lot by lot, 10 hours a week would have no provider in 2025/26, as in 2024/25. 20 hours a week would wait "
        in (said_by_hand(few, plain))
    )
    assert "a week would wait" not in said_by_hand(small([[100], [100]], [[105], [100]], [[20], [10]]), plain)
    all_wait = said_by_hand(small([[100]], [[130]], [[30]]), plain)
    assert (
        "Every lot would have enough hours in 2025/26. 30 hours a week would wait although a provider of the"
        in all_wait
    )


def test_what_is_said_of_cost_makes_the_whole_change() -> None:
    """More care, the move to the framework and what prices add, from the words: together the change of the cost."""
    pack = the_pack()
    levers = {"supply.spot_conversion_pct": 100.0, "price.uplift_pct": 3.0, "demand.need_growth_pct": 2.0}
    scenario = with_levers(pack, default_scenario(pack, HOME), levers)
    found = summarise(pack, scenario, the_baseline(HOME)).by_year
    county = found[found["district_code"] == COUNTY_CODE]
    text = headline(pack, scenario, found)
    amounts = [
        float(re.search(pattern, text)[1])  # type: ignore[index]
        for pattern in (
            r"Meeting the need would cost about £([\d.]+)m more",
            r"framework would take off about £([\d.]+)m",
            r"[Pp]rices rising 3% a year would add about £([\d.]+)m",
        )
    ]
    care, move, prices = amounts
    assert care - move + prices == pytest.approx((county["cost"].iloc[-1] - 160.5e6) / 1e6, abs=0.15)
    assert move > 1


def test_served_and_spend_where_nothing_can_be_served() -> None:
    text = said_by_hand(
        small([[100]], [[100]]), neutral(2, supply__vacancy_rate_pct=50.0, supply__vacancy_change_pts=10.0)
    )
    # 50% of posts are filled today, 40% then: 80 hours of 100, £20,800 of £104,000 less.
    assert (
        "10 adults would need care arranged by the council in 2026/27, as in 2024/25; providers could serve 8 of them."
        in text
    )
    assert "at 2024/25 prices; capacity allows spending about £21,000 less." in text
    none = dataclasses.replace(small([[100]], [[100]]), people=np.array([[0.4]]))
    assert "Nobody would need care" not in said_by_hand(small([[100]], [[100]]), neutral(1))
    assert "could serve" not in said_by_hand(none, neutral(1))


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (
            [[90], [95], [130]],
            "District A and District B already needed more than providers offered in 2024/25; District C would newly "
            "need more in 2027/28.",
        ),
        ([[130], [130], [130]], "District A, District B and District C would be first to need more"),
        ([[99], [99], [99], [99], [150]], "4 of 5 districts already needed more than providers offered in 2024/25."),
        ([[99]] * 5, "All 5 districts already needed more than providers offered in 2024/25."),
        (
            [[130], [130], [130], [130], [900]],
            "District A, District B, District C and District D would be first to need more than providers offer",
        ),
        ([[130]] * 5, "All 5 districts would be first to need more than providers offer, in 2027/28."),
    ],
)
def test_ties_name_all_or_count_them(capacity: list[list[float]], expected: str) -> None:
    start = small([[100]] * len(capacity), capacity)
    assert expected in said_by_hand(start, neutral(3, demand__need_growth_pct=10.0))


@pytest.mark.parametrize(
    ("capacity", "growth", "expected"),
    [
        # At 10% a year each needs 121 hours in year 2: who holds fewer is short then, who holds fewer than 100 already.
        ([[90], [200], [200]], 10.0, "District A already needed more than providers offered in 2024/25. Lot by lot"),
        (
            [[90], [120], [110]], 10.0,
            "District A already needed more than providers offered in 2024/25; District C and District B would newly "
            "need more in 2026/27. Lot",
        ),
        (
            [[105], [120], [130]], 10.0,
            "District A would be first to need more than providers offer, in 2025/26; District B would follow by "
            "2026/27. Lot",
        ),
        ([[120], [119], [130]], 10.0, "District B and District A would be first to need more than providers offer"),
        ([[90], [95], [130]], -10.0, "District A and District B already needed more than providers offered in 2024/25"),
        (
            [[90], [120], [119], [118], [117]], 10.0,
            "in 2024/25; District E, District D, District C and District B would newly need more in 2026/27. Lot",
        ),
        (
            [[90], [120], [119], [118], [117], [116]], 10.0,
            "in 2024/25; District F, District E, District D and 2 others would newly need more in 2026/27. Lot",
        ),
        (
            [[99], [99], [99], [99], [110]], 10.0,
            "4 of 5 districts already needed more than providers offered in 2024/25; District E would newly need more",
        ),
    ],
    ids=["none newly", "two newly", "first and next", "first alone", "fewer", "four", "five", "many before"],
)  # fmt: skip
def test_districts_that_come_to_be_short_are_named(capacity: list[list[float]], growth: float, expected: str) -> None:
    start = small([[100]] * len(capacity), capacity)
    text = said_by_hand(start, neutral(2, demand__need_growth_pct=growth))
    assert expected in text
    assert ("newly" in text) == ("newly" in expected)
    checked(text)


def test_a_district_that_is_short_for_a_while_only_is_not_newly_short() -> None:
    ageing = np.ones((16, 2, 1))
    ageing[1, :, 0], ageing[2, :, 0] = (1.2, 1.0), (0.9, 1.2)
    start = dataclasses.replace(small([[100], [100]], [[110], [110]]), ageing=ageing)
    text = said_by_hand(start, neutral(2, demand__demographic=True))
    assert "District A would be first to need more than providers offer, in 2025/26; District B would follow by" in text


def test_districts_newly_short_where_a_neighbour_is_not_known() -> None:
    start = small([[100], [100], [100], [100]], [[90], [105], [np.nan], [130]])
    text = said_by_hand(start, neutral(2, demand__need_growth_pct=10.0))
    assert (
        "2 of 3 districts whose figures are known would need more care than providers offer in 2026/27, lots counted "
        "together. District B would newly need more than providers offer in 2026/27."
    ) in text
    checked(text)


def test_long_names_leave_room_for_the_sentence() -> None:
    names = tuple(f"{letter} upon the Water with Little {letter} in the Vale" for letter in "ABCDE")
    start = dataclasses.replace(small([[100]] * 5, [[90], [120], [119], [118], [117]]), district_names=names)
    text = said_by_hand(start, neutral(2, demand__need_growth_pct=10.0))
    assert f"offered in 2024/25. {names[4]} and 3 others would newly need more than providers offer in 2026/27." in text
    checked(text)


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
        "Suppose ageing goes on. Suppose also: hours per person (1.5% a year), shift to direct payments (10%), "
        "reablement (10%), technology (5%) and change of vacancies (-5 percentage points). Then Essex "
    )
    more = {**five, "supply.provider_exits": ["P001", "P004"], "demand.district_need_growth_pct": {"E07000066": 2}}
    more |= {"supply.spot_conversion_pct": 40}
    scenario = with_levers(pack, scenario, more)
    first, _ = headline_parts(pack, scenario, summarise(pack, scenario, the_baseline(HOME)).by_year)
    assert first.startswith("Suppose ageing goes on. Suppose also: hours per person (1.5% a year), ")
    assert re.search(r"technology \(5%\) and 4 others\. Then", first)
    checked(first)


def test_a_provider_that_leaves_is_named_and_the_others_stay() -> None:
    assert said_of(HOME, supply__provider_exits=["P001"]).startswith(
        "Suppose ageing goes on, with providers that leave (1), and the other providers offer no more than in 2024/25. "
        "Then Essex needs more care than providers offer from 20"
    )


def test_a_price_rise_is_never_the_cost_of_need() -> None:
    """The rise at the base year's prices is the same whatever prices do; only the clause of prices differs."""
    plain = said_of(HOME)
    for uplift, more in ((3.0, "prices rising 3% a year would add about £27.5m."), (-3.0, "prices falling 3% a year")):
        text = said_of(HOME, price__uplift_pct=uplift)
        assert AGED_COST in text
        assert more in text
        assert text.startswith("If ageing goes on and ")
        assert "prices rising" not in plain.lower()
    assert "£39.9m" not in said_of(HOME, price__uplift_pct=3.0)


def spread_of(low: float, high: float, measure: str = "shortfall_hours") -> pd.DataFrame:
    row = {"year": 2026, "district_code": COUNTY_CODE, "measure": measure, "p10": low, "p50": 0.0, "p90": high}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (60.0, 12_940.0, "no provider in 2026/27 (range 60 to 12,900), against none in 2024/25. The range allows"),
        (0.2, 12_940.0, "no provider in 2026/27 (range up to 12,900), against none in 2024/25. The range allows"),
        (210.2, 210.4, "no provider in 2026/27, against none in 2024/25. 121 adults"),
        (
            240.0,
            310.0,
            "210 hours a week would have no provider in 2026/27, against none in 2024/25. Its range, 240 to 310, lies "
            "above that, as spare hours in one lot do not help another. The range allows for",
        ),
        (
            10.0,
            110.0,
            "210 hours a week would have no provider in 2026/27, against none in 2024/25. Its range, 10 to 110, lies "
            "below that. The range allows for",
        ),
    ],
)
def test_the_range_in_the_sentence(low: float, high: float, expected: str) -> None:
    scenario = neutral(2, demand__need_growth_pct=10.0)
    text = said_by_hand(small([[1000]], [[1000]]), scenario, spread_of(low, high))
    assert expected in text
    checked(text)


SWITCHES = {
    # need, capacity, age weights, chance: what the range allows for where ageing moves the need, and where it does not
    (1.0, 1.0, 30.0, True): (
        "growth off by about 1 point, age weights by about 30% and chance (assumptions)",
        "growth off by about 1 point and chance (assumptions)",
    ),
    (1.0, 1.0, 30.0, False): (
        "growth off by about 1 point and age weights by about 30% (assumptions)",
        "growth off by about 1 point (an assumption)",
    ),
    (2.5, 2.5, 0.0, True): ("growth off by about 2.5 points and chance (assumptions)",) * 2,
    (2.5, 2.5, 0.0, False): ("growth off by about 2.5 points (an assumption)",) * 2,
    (1.0, 2.0, 30.0, True): (
        "need growth off by about 1 point, capacity growth by about 2 points, age weights by about 30% and chance "
        "(assumptions)",
        "need growth off by about 1 point, capacity growth by about 2 points and chance (assumptions)",
    ),
    (1.0, 0.0, 30.0, True): (
        "need growth off by about 1 point, age weights by about 30% and chance (assumptions)",
        "need growth off by about 1 point and chance (assumptions)",
    ),
    (1.0, 0.0, 30.0, False): (
        "need growth off by about 1 point and age weights by about 30% (assumptions)",
        "need growth off by about 1 point (an assumption)",
    ),
    (1.0, 0.0, 0.0, True): ("need growth off by about 1 point and chance (assumptions)",) * 2,
    (1.0, 0.0, 0.0, False): ("need growth off by about 1 point (an assumption)",) * 2,
    (0.0, 2.0, 30.0, True): (
        "capacity growth off by about 2 points, age weights by about 30% and chance (assumptions)",
        "capacity growth off by about 2 points and chance (assumptions)",
    ),
    (0.0, 2.0, 30.0, False): (
        "capacity growth off by about 2 points and age weights by about 30% (assumptions)",
        "capacity growth off by about 2 points (an assumption)",
    ),
    (0.0, 2.0, 0.0, True): ("capacity growth off by about 2 points and chance (assumptions)",) * 2,
    (0.0, 2.0, 0.0, False): ("capacity growth off by about 2 points (an assumption)",) * 2,
    (0.0, 0.0, 30.0, True): ("age weights off by about 30% and chance (assumptions)", "chance alone"),
    (0.0, 0.0, 30.0, False): ("age weights off by about 30% (an assumption)", ""),
    (0.0, 0.0, 0.0, True): ("chance alone",) * 2,
    (0.0, 0.0, 0.0, False): ("", ""),
}


@pytest.mark.parametrize("ageing", [True, False])
@pytest.mark.parametrize("switches", SWITCHES)
def test_what_the_range_rests_on_follows_its_levers(switches: tuple[float, float, float, bool], ageing: bool) -> None:
    need, capacity, weights, chance = switches
    scenario = neutral(
        2, demand__demographic=ageing, range__need_growth_sd_pts=need, range__capacity_growth_sd_pts=capacity,
        range__ageing_sd_pct=weights, range__chance=chance,
    )  # fmt: skip
    expected = SWITCHES[switches][0 if ageing else 1]
    none = "taken to be just what you set, and chance is left out."
    if expected:
        assert range_sentence(scenario) == f"The range allows for {expected}."
        assert bands_sentence(scenario) == f"The bands allow for {expected}."
    else:
        taken = "growth and age weights are" if ageing else "growth is"
        assert range_sentence(scenario) == f"There is no range: {taken} {none}"
        assert bands_sentence(scenario) == f"There is no band: {taken} {none}"
    checked(range_sentence(scenario))
    checked(bands_sentence(scenario))


def test_a_scenario_without_anything_uncertain_has_no_range_in_its_text() -> None:
    still = {
        "range__need_growth_sd_pts": 0.0, "range__capacity_growth_sd_pts": 0.0, "range__ageing_sd_pct": 0.0,
        "range__chance": False,
    }  # fmt: skip
    text = said_of(HOME, **still)
    assert not re.search(r"\brange\b", text)
    assert "The range allows for chance alone." in said_of(HOME, **{**still, "range__chance": True})


OUTCOMES = ["measure", "p10", "p50", "p90", "share"]
NAN = float("nan")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("extra_workers", 124.2, 300.0, 648.0, 1.0), ("break_even_growth_pct", -0.44, 0.3, 1.26, 0.7),
             ("first_short_year", 2026, 2028, 2029, 0.953)],
            ["Care workers: 120 to 650.", "Break-even need growth: -0.4% to 1.3% a year.",
             "First short year, lots counted together: 2026/27 to 2029/30; one comes within the years in 95% of "
             "draws."],
        ),
        (
            [("extra_workers", 0, 3, 12, 0.6), ("break_even_growth_pct", NAN, NAN, NAN, NAN),
             ("first_short_year", 2026, NAN, NAN, 0.3)],
            ["Care workers: 0 to 12.",
             "First short year, lots counted together: 2026/27 or later, if at all; one comes within the years in 30% "
             "of draws."],
        ),
        (
            [("extra_workers", 0, 0, 0, 0.0), ("break_even_growth_pct", 2.0, 2.0, 2.0, 1.0),
             ("first_short_year", NAN, NAN, NAN, 0.0)],
            ["Care workers: 0.", "Break-even need growth: 2.0% a year.",
             "First short year, lots counted together: not within the years; one comes within the years in 0% of "
             "draws."],
        ),
    ],
    ids=["all", "some never", "none"],
)  # fmt: skip
def test_the_range_of_what_follows_in_words(rows: list[tuple[Any, ...]], expected: list[str]) -> None:
    scenario = neutral(5)
    found = outcome_words(pd.DataFrame(rows, columns=OUTCOMES), scenario)
    assert found == [*expected, "The range allows for growth off by about 1 point and chance (assumptions)."]
    for text in found:
        checked(text)


def test_the_range_of_what_follows_where_nothing_is_known() -> None:
    measures = ("extra_workers", "break_even_growth_pct", "first_short_year")
    frame = pd.DataFrame([(name, NAN, NAN, NAN, NAN) for name in measures], columns=OUTCOMES)
    assert outcome_words(frame, neutral(5)) == ["The range of workers, break-even and first short year is not known."]


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
        "supply.overseas_loss_pct": st.sampled_from([5, 100]),
        "supply.contact_hours_change_pct": st.sampled_from([-50, 5]),
        "range.need_growth_sd_pts": st.sampled_from([0.0, 5.0]),
    },
)


@pytest.mark.slow
@settings(max_examples=60)
@given(service=st.sampled_from([HOME, BREAKS]), levers=LEVERS, joining=st.sampled_from([0, 0, 1, 50]))
def test_every_scenario_is_told_in_short_true_sentences(service: str, levers: dict[str, Any], joining: int) -> None:
    pack, start = the_pack(), the_baseline(service)
    if service == HOME:
        # Of the children no more may leave than there are.
        levers = levers | {"demand.discharge_people_per_month": 5 * joining, "demand.turning_18_per_year": joining}
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
    assert ("prices rising" in more.lower() or "prices falling" in more.lower()) == bool(levers["price.uplift_pct"])
    # The cost of need is that of the same scenario without its uplift.
    plain = with_levers(pack, scenario, {"price.uplift_pct": 0.0})
    _, at_base = headline_parts(pack, plain, summarise(pack, plain, start).by_year)
    (cost,) = re.findall(r"Meeting the need would cost [^;]*? prices", at_base)
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
        assert "What meeting the need would cost in 2026/27 is not known." in text
    elif what == "capacity_hours":
        assert "How many adults providers could serve in 2026/27 is not known: capacity is not known." in text
        assert "What the council would spend in 2026/27 is not known: capacity is not known." in text
    if what in ("capacity_hours", "delivered_hours"):
        assert "it is not known whether Essex needs more care than providers offer" in text
        assert "how many hours would have no provider in 2026/27, lot by lot, is not known." in text.lower()
        known = 3 - len(unknown)
        assert ("whose figures are known would need more care than providers offer in 2026/27" in text) == (known > 0)
