"""The sentence at the top of a market page: true whatever the figures are, short, and in plain English."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.market import sentence
from lib.market.clauses import said_in_order
from lib.market.indicators import indicators
from lib.market.profile import county_profile, profile
from lib.market.selection import select
from lib.market.sentence import coverage_clauses, market_sentence, waiting_words
from lib.pack.load import Pack, load_pack

DATA = Path(__file__).parents[2] / "data"
EMPTY = math.nan
DISTRICTS, QUADRANTS = ("district", "districts"), ("quadrant", "quadrants")


@cache
def the_pack() -> Pack:
    return load_pack(DATA)


def in_sentences(text: str) -> list[str]:
    """A text cut where a sentence ends: at a full stop before a space and a capital."""
    return re.split(r"(?<=\.) (?=[A-Z0-9])", text)


def checked(text: str) -> None:
    """What must hold of every generated text."""
    for one in in_sentences(text):
        assert len(one.split()) <= 25, one
    assert text.endswith(".")
    assert ".." not in text
    assert not re.search(r"\b(net|supports|spends|today)\b", text, re.IGNORECASE), text
    assert not re.search(r"(?<![\d,.])(?:0 hours|0 more|1 hours|1 districts)", text), text
    if "have no provider" in text or "has no provider" in text:
        assert "at least the hours needed" not in text, text
        assert "covers demand" not in text, text
    if "need more care than providers offer" in text or "needs more care" in text:
        assert "at least the hours needed" not in text, text


def coverage_text(coverage: dict[str, float], shortfall: float, *, single: bool = False, nouns=DISTRICTS) -> str:
    known = pd.DataFrame({"area_name": list(coverage), "coverage": list(coverage.values())})
    known = known.sort_values(["coverage", "area_name"], kind="stable").reset_index(drop=True)
    return said_in_order(coverage_clauses(known, shortfall, nouns, single))


LOTS_35 = "Lot by lot, 35 hours a week have no provider with room for them."


@pytest.mark.parametrize(
    ("coverage", "shortfall", "expected"),
    [
        (
            {"Ash": 1.3, "Bay": 1.125, "Cove": 1.2}, 0.0,
            "Providers offer at least the hours needed in all 3 districts; Bay is closest to the limit, at 1.13, lots "
            "counted together.",
        ),
        (
            {"Ash": 1.3, "Bay": 1.125, "Cove": 1.2}, 35.0,
            f"{LOTS_35} No district is short when its lots are counted together; Bay is closest to the limit, at 1.13.",
        ),
        (
            {"Ash": 1.3, "Bay": 1.1, "Cove": 1.1}, 0.3,
            "Lot by lot, less than 1 hour a week has no provider with room for it. No district is short when its lots "
            "are counted together; Bay and Cove are closest to the limit, at 1.10.",
        ),
        (
            {"Ash": 1.3, "Bay": 0.9, "Cove": 1.2}, 35.0,
            f"Bay needs more care than providers offer, lots counted together: 1 of 3 districts. {LOTS_35}",
        ),
        (
            {"Ash": 0.8, "Bay": 0.9, "Cove": 0.7, "Dale": 1}, 35.0,
            "Cove, Ash and Bay need more care than providers offer, lots counted together: 3 of 4 districts. "
            + LOTS_35,
        ),
        (
            {"Ash": 0.8, "Bay": 0.9, "Cove": 0.7}, 35.0,
            f"Cove, Ash and Bay need more care than providers offer, lots counted together: all 3 districts. {LOTS_35}",
        ),
        (
            {"Ash": 0.8, "Bay": 0.9, "Cove": 0.7, "Dale": 0.6, "Elm": 0.5}, 35.0,
            "All 5 districts need more care than providers offer, lots counted together; Elm is furthest short, at "
            f"0.50. {LOTS_35}",
        ),
        (
            {"Ash": 0.8, "Bay": 0.5, "Cove": 0.7, "Dale": 0.6, "Elm": 0.5, "Fen": 2}, 35.0,
            "5 of 6 districts need more care than providers offer, lots counted together; Bay and Elm are furthest "
            f"short, at 0.50. {LOTS_35}",
        ),
        (
            dict.fromkeys("ABCDE", 0.5), 35.0,
            "All 5 districts need more care than providers offer, lots counted together; each is at 0.50. " + LOTS_35,
        ),
        (
            {**dict.fromkeys("ABCD", 0.5), "E": 0.9}, 35.0,
            "All 5 districts need more care than providers offer, lots counted together; 4 districts are furthest "
            f"short, at 0.50. {LOTS_35}",
        ),
        ({"Ash": 1.1}, 0.0, "Providers offer at least the hours needed in Ash, at 1.10, lots counted together."),
        ({"Ash": 1.1}, 35.0, f"{LOTS_35} Ash is not short when its lots are counted together, at 1.10."),
        ({"Ash": 0.9}, 35.0, f"Ash needs more care than providers offer, lots counted together. {LOTS_35}"),
        (
            {"Ash": 1.1, "Bay": 1.1}, 0.0,
            "Providers offer at least the hours needed in all 2 districts; each is at 1.10, lots counted together.",
        ),
        (
            {"Ash": 1.1, "Bay": 1.2}, EMPTY,
            "No district is short when its lots are counted together; Ash is closest to the limit, at 1.10. How many "
            "hours have no provider with room for them is not known.",
        ),
        (
            {"Ash": 1.0, "Bay": 1.0039}, EMPTY,
            "No district is short when its lots are counted together; each is at 1.00. How many hours have no provider "
            "with room for them is not known.",
        ),
        (
            {"Ash": 0.9, "Bay": 1.2}, EMPTY,
            "Ash needs more care than providers offer, lots counted together: 1 of 2 districts. How many hours have no "
            "provider with room for them is not known.",
        ),
    ],
    ids=[
        "none short", "none short but lots are", "less than an hour, and a tie", "one short", "three of four",
        "three, all", "five, all", "five of six, a tie", "all alike", "four alike", "one district",
        "one district, lots short", "one district, short", "two alike", "shortfall unknown", "two that read alike",
        "short, shortfall unknown",
    ],
)  # fmt: skip
def test_coverage_by_hand(coverage: dict[str, float], shortfall: float, expected: str) -> None:
    text = coverage_text(coverage, shortfall)
    assert text == expected
    checked(text)


@pytest.mark.parametrize(
    ("coverage", "shortfall", "expected"),
    [
        (
            {"Ash": 1.3, "Bay": 1.0}, 0.0,
            "Providers offer at least the hours needed in all 2 districts; Bay is closest to the limit, at 1.00.",
        ),
        (
            {"Ash": 0.3, "Bay": 1.0}, 27.0,
            "Ash needs more care than providers offer: 1 of 2 districts. In all, 27 hours a week have no provider with "
            "room for them.",
        ),
        (
            {"Ash": 0.996, "Bay": 1.0}, 0.2,
            "Ash needs more care than providers offer: 1 of 2 districts. In all, less than 1 hour a week has no "
            "provider with room for it.",
        ),
    ],
)  # fmt: skip
def test_coverage_of_a_single_lot(coverage: dict[str, float], shortfall: float, expected: str) -> None:
    assert coverage_text(coverage, shortfall, single=True) == expected
    checked(expected)


NAMES = st.lists(
    st.sampled_from(["Ash", "Bay", "Castle Point and Rochford", "North East Dale", "Elm", "Fen", "Glen", "Hythe"]),
    min_size=1, max_size=8, unique=True,
)  # fmt: skip


@settings(max_examples=300)
@given(data=st.data(), names=NAMES, single=st.booleans(), nouns=st.sampled_from([DISTRICTS, QUADRANTS]))
def test_coverage_never_contradicts_itself(
    data: st.DataObject, names: list[str], single: bool, nouns: tuple[str, str]
) -> None:
    levels = st.one_of(st.floats(0, 3), st.sampled_from([0.5, 0.9, 0.996, 1.0, 1.004, 1.1]))
    coverage = {name: data.draw(levels) for name in names}
    some = st.one_of(st.floats(0, 1e6), st.just(EMPTY), st.sampled_from([0.0, 0.4, 1.0]))
    short = [name for name, value in coverage.items() if value < 1]
    shortfall = data.draw(some if not short else some.filter(lambda value: not value <= 0))
    text = coverage_text(coverage, shortfall, single=single, nouns=nouns)
    checked(text)
    assert ("more care than providers offer" in text) == bool(short)
    if short and len(short) <= 3:
        assert all(name in text for name in short)
    if not short and len(names) > 1 and len(set(coverage.values())) == len(names):
        lowest = min(coverage, key=lambda name: (coverage[name], name))
        # Those that read alike stand together: 1.0 and 1.0039 are both at 1.00.
        assert lowest in text or " are closest" in text or "each is at" in text
    if shortfall > 1e-6:
        assert "no provider with room" in text
    if shortfall == 0:
        assert "provider with room" not in text


def frame_of(**values: float) -> pd.DataFrame:
    """A profile of areas with these figures, the same for each indicator that a test asks for."""
    ids = ("coverage", "spot_share", "demand_hours_per_1000", "waiting_hours", "providers", "gap_hours")
    figures = {code: list(values.values()) for code in ids}
    return pd.DataFrame({"area_code": [name.lower() for name in values], "area_name": list(values), **figures})


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (
            "coverage", {"Ash": 1.3, "Bay": 1.2, "Cove": EMPTY},
            "Providers offer at least the hours needed in all 2 districts with demand; Bay is closest to the limit, at "
            "1.20, lots counted together.",
        ),
        (
            "coverage", {"Ash": EMPTY, "Bay": EMPTY},
            "Coverage with lots counted together is not applicable in any district: there is nothing here to divide "
            "by.",
        ),
        (
            "spot_share", {"Ash": 0.1, "Bay": 0.25, "Cove": 0.2},
            "Spot share: highest in Bay (25.0%), lowest in Ash (10.0%). Testshire as a whole: 12.5%.",
        ),
        (
            "spot_share", {"Ash": 0.1, "Bay": 0.25, "Cove": 0.2501, "Dale": 0.1, "Elm": 0.1, "Fen": 0.1},
            "Spot share: highest in Cove and Bay (25.0%), lowest in 4 districts (10.0%). Testshire as a whole: 12.5%.",
        ),
        (
            "demand_hours_per_1000", {"Ash": 10.04, "Bay": 1234.56},
            "Demand hours per 1,000 residents: highest in Bay (1,235), lowest in Ash (10.0). Testshire as a whole: "
            "50.0 per 1,000 residents.",
        ),
        ("spot_share", {"Ash": 0.2, "Bay": EMPTY}, "Spot share in Ash: 20.0%. Testshire as a whole: 12.5%."),
        ("spot_share", {"Ash": 0.2, "Bay": 0.2}, "Spot share is the same in every district: 20.0%."),
        (
            "spot_share", {"Ash": 0.2, "Bay": 0.2, "Cove": EMPTY},
            "Spot share is the same in all 2 districts that have a figure: 20.0%.",
        ),
        (
            "spot_share", {"Ash": EMPTY, "Bay": EMPTY},
            "Spot share is not applicable in any district: there is nothing here to divide by.",
        ),
        (
            "waiting_hours", {"Ash": 12.0, "Bay": 0.0, "Cove": 0.2},
            "Waiting hours: highest in Ash (12), none in Cove and Bay. Testshire as a whole: 12 hours a week.",
        ),
        ("waiting_hours", {"Ash": 0.0, "Bay": 0.0}, "Waiting hours: none in any district."),
        # Who has hours in both stands in both: the county's four are neither their total nor their average.
        ("providers", {"Ash": 3, "Bay": 1}, "Providers: lowest in Bay (1), highest in Ash (3)."),
        (
            "gap_hours", {"Ash": 3, "Bay": -11},
            "Gap hours with lots counted together: highest in Ash (3), lowest in Bay (-11). Testshire as a whole: -8 "
            "hours a week.",
        ),
    ],
    ids=[
        "without demand", "no demand", "one each", "equal as shown", "with a unit", "one known", "all equal",
        "all equal of those", "all missing", "none in some", "none anywhere", "fewest first", "a gap",
    ],
)  # fmt: skip
def test_indicators_by_hand(tiny: Pack, indicator: str, values: dict[str, float], expected: str) -> None:
    county = pd.Series(
        {
            "spot_share": 0.125, "demand_hours_per_1000": 50.0, "waiting_hours": 12.0, "providers": 4.0,
            "gap_hours": -8.0, "shortfall_hours": 0.0,
        }
    )  # fmt: skip
    found = market_sentence(tiny, select(tiny, "home"), frame_of(**values), county, indicators(tiny)[indicator])
    assert found == expected
    checked(found)


def test_the_lowest_stands_first_where_higher_is_better(tiny: Pack) -> None:
    selection = select(tiny, "home")
    frame, county = profile(tiny, selection), county_profile(tiny, selection)
    found = market_sentence(tiny, selection, frame, county, indicators(tiny)["good_or_better_share"])
    assert found == (
        "Good or Outstanding share: lowest in Ash (66.7%, of 2 rated providers), highest in Cedar (100.0%, of 1 rated "
        "provider). Testshire as a whole: 87.5%."
    )


@pytest.mark.parametrize(
    ("types", "cohorts", "expected"),
    [
        (
            ["night"], [],
            "Night: Birch needs more care than providers offer. In all, 30 hours a week have no provider with room for "
            "them.",
        ),
        (
            [], ["younger"],
            "Younger: Ash needs more care than providers offer. In all, 5 hours a week have no provider with room for "
            "them.",
        ),
        (
            ["day"], ["older"],
            "Day, Older: providers offer at least the hours needed in all 3 districts; Birch is closest to the limit, "
            "at 1.15.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_was_chosen(tiny: Pack, types: list[str], cohorts: list[str], expected: str) -> None:
    selection = select(tiny, "home", types, cohorts)
    frame, county = profile(tiny, selection), county_profile(tiny, selection)
    assert market_sentence(tiny, selection, frame, county, indicators(tiny)["coverage"]) == expected


HOME, BREAKS = "domiciliary_care", "short_breaks"
LOTS_OF_HOME = "Lot by lot, about 1,090 hours a week have no provider with room for them."


@pytest.mark.parametrize(
    ("service", "group_by", "expected"),
    [
        (
            HOME, "district",
            "Maldon, Uttlesford and Braintree need more care than providers offer, lots counted together: 3 of 12 "
            f"districts. {LOTS_OF_HOME}",
        ),
        (
            HOME, "quadrant",
            f"{LOTS_OF_HOME} No quadrant is short when its lots are counted together; Mid is closest to the limit, at "
            "1.01.",
        ),
        (
            BREAKS, "district",
            "Uttlesford, Maldon and Braintree need more care than providers offer: 3 of 12 districts. In all, 27 hours "
            "a week have no provider with room for them.",
        ),
        (
            BREAKS, "quadrant",
            "Mid and West need more care than providers offer, lots counted together: 2 of 4 quadrants. Lot by lot, 27 "
            "hours a week have no provider with room for them.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_that_the_default_pack_opens_with(service: str, group_by: str, expected: str) -> None:
    pack = the_pack()
    selection = select(pack, service, group_by=group_by)
    found = market_sentence(
        pack, selection, profile(pack, selection), county_profile(pack, selection), indicators(pack)["coverage"]
    )
    assert found == expected


@pytest.mark.parametrize("group_by", ["district", "quadrant", "nhs_sub_area", "county"])
@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_every_indicator_of_the_default_pack_in_short_sentences(service: str, group_by: str) -> None:
    pack = the_pack()
    for types in ([], ["personal_care"] if service == HOME else []):
        selection = select(pack, service, types, group_by=group_by)
        frame, county = profile(pack, selection), county_profile(pack, selection)
        for indicator in indicators(pack).values():
            checked(market_sentence(pack, selection, frame, county, indicator))


@pytest.mark.parametrize(
    ("letters", "opening"), [(20, "This is " + "a " * 20 + "only."), (24, "This is only what is chosen below.")]
)
def test_a_long_choice_has_a_sentence_of_its_own(
    letters: int, opening: str, monkeypatch: pytest.MonkeyPatch, tiny: Pack
) -> None:
    monkeypatch.setattr(sentence, "narrowed_words", lambda pack, selection: " ".join(["a"] * letters))
    selection = select(tiny, "home")
    frame, county = profile(tiny, selection), county_profile(tiny, selection)
    found = market_sentence(tiny, selection, frame, county, indicators(tiny)["coverage"])
    assert in_sentences(found)[0] == opening
    checked(found)


def test_people_wait_where_providers_offer_enough_too() -> None:
    frame = pd.DataFrame({"coverage": [0.9, 1.0, 1.2, EMPTY], "waiting_hours": [10.0, 5.4, 15.0, 0.0]})
    assert waiting_words(frame, pd.Series({"waiting_hours": 30.4}), DISTRICTS) == (
        "People wait above 1.00 too: 30 hours a week wait in all, 20 of them in the 2 districts at 1.00 or above."
    )
    assert waiting_words(frame, pd.Series({"waiting_hours": EMPTY}), DISTRICTS) == ""
    still = frame.assign(waiting_hours=[10.0, 0.0, 0.0, 0.0])
    assert waiting_words(still, pd.Series({"waiting_hours": 10.0}), DISTRICTS) == ""


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (HOME, "People wait above 1.00 too: about 2,560 hours a week wait in all, about 1,340 of them in the 9"),
        (BREAKS, "People wait above 1.00 too: 152 hours a week wait in all, 90 of them in the 9 districts"),
    ],
)
def test_who_waits_in_the_default_pack(service: str, expected: str) -> None:
    pack = the_pack()
    selection = select(pack, service)
    text = waiting_words(profile(pack, selection), county_profile(pack, selection), DISTRICTS)
    assert text.startswith(expected)
    checked(text)
