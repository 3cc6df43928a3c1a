"""Medians and shares of few requests or providers say so: the tiny pack, counted by hand."""

from __future__ import annotations

import pytest

from lib.charts.painting import paint
from lib.market.dictionary import indicator_dictionary
from lib.market.few import FEW, few_in_lot, few_notes, few_words
from lib.market.indicators import every_figure, indicators
from lib.market.profile import county_profile, profile
from lib.market.selection import COUNTY_CODE, select
from lib.market.sentence import comparison, market_sentence
from lib.market.tables import labelled_profile
from lib.market.unknown import shown
from lib.pack.load import Pack

ASH, BIRCH, CEDAR = "E07000001", "E07000002", "E07000003"

# Placed in the year to 31 March 2025: R3 and R4 in Ash (R5 a year ago to the day), R6 and R8 in Birch. Open: R1 and R2
# in Ash, R7 in Birch. Hours in Ash: P1, P2, P3; in Birch: P3, P5 (P6 has none); in Cedar: P1. Rated of these: all but
# P3. On tier 1: P1 and P2 in Ash, P1 in Cedar.
WORDS = {
    "median_days_to_source": ("from 2 requests", "from 2 requests", "", "from 4 requests"),
    "waiting_share": ("from 2 open requests", "from 1 open request", "", "from 3 open requests"),
    "spot_share": ("", "of 2 providers", "of 1 provider", ""),
    "largest_provider_share": ("", "of 2 providers", "of 1 provider", ""),
    "hhi": ("", "of 2 providers", "of 1 provider", ""),
    "not_rated_share": ("", "of 2 providers", "of 1 provider", ""),
    "good_or_better_share": ("of 2 rated providers", "of 1 rated provider", "of 1 rated provider", ""),
    "good_or_better_safe": ("of 2 rated providers", "of 1 rated provider", "of 1 rated provider", ""),
    "gate_fail_share": ("of 2 tier 1 providers", "", "of 1 tier 1 provider", "of 2 tier 1 providers"),
}


@pytest.mark.parametrize("indicator_id", WORDS)
def test_what_a_figure_rests_on(tiny: Pack, indicator_id: str) -> None:
    areas = select(tiny, "home")
    found = [few_words(tiny, areas, code, indicator_id) for code in (ASH, BIRCH, CEDAR)]
    assert (*found, few_words(tiny, areas.county(), COUNTY_CODE, indicator_id)) == WORDS[indicator_id]


def test_every_median_and_share_of_the_service_says_what_it_rests_on(tiny: Pack) -> None:
    """But those of hours that no provider has, and of residents: nobody's few requests or providers make them."""
    known = indicators(tiny)
    counted = {code for code, one in known.items() if one.least}
    assert counted == set(WORDS)
    ratios = {code for code, one in known.items() if one.unit == "share" or one.of == "placed requests"}
    assert ratios - counted == {"shortfall_share", "rural_share"}
    assert {one.least.number for one in every_figure(tiny).values() if one.least} == {5, 3}


def test_the_words_follow_the_selection(tiny: Pack) -> None:
    """At night one provider has hours in Birch, and one request was placed: R6."""
    night = select(tiny, "home", ["night"])
    assert few_words(tiny, night, BIRCH, "spot_share") == "of 1 provider"
    assert few_words(tiny, night, BIRCH, "median_days_to_source") == "from 1 request"
    assert few_words(tiny, night, ASH, "spot_share") == ""
    assert few_in_lot(tiny, ("home", BIRCH, "night", "older"), "largest_provider_share") == "of 1 provider"


def test_a_figure_is_shown_with_its_words(tiny: Pack) -> None:
    areas = select(tiny, "home")
    # R3 took 10 days, R4 took 4.
    assert shown(tiny, areas, ASH, "median_days_to_source", 7.0) == "7.0 (from 2 requests)"
    assert shown(tiny, areas, BIRCH, "good_or_better_share", float("nan")) == "not applicable"
    painting = paint(tiny, areas, indicators(tiny)["spot_share"], profile(tiny, areas)).rows.set_index("area_code")
    assert painting.loc[BIRCH, "shown"] == "59.3% (of 2 providers)"
    assert painting.loc[ASH, "shown"] == "43.8%"


def test_stories_and_sentences_say_it(tiny: Pack) -> None:
    areas = select(tiny, "home")
    frame, county = profile(tiny, areas), county_profile(tiny, areas)
    days = indicators(tiny)["median_days_to_source"]
    # Ash: 10 and 4 days. The county: 3 and 12 too.
    row = comparison(tiny, areas, frame, county, ASH, [days]).iloc[0]
    assert (row["area"], row["county"]) == ("7.0 days (from 2 requests)", "7.0 days (from 4 requests)")
    sentence = market_sentence(tiny, areas, frame, county, indicators(tiny)["spot_share"])
    assert sentence.startswith(
        "Spot share: highest in Birch (59.3%, of 2 providers), lowest in Cedar (0.0%, of 1 provider). "
    )


def test_tables_and_files_have_a_column_of_it(tiny: Pack) -> None:
    areas = select(tiny, "home")
    frame = profile(tiny, areas)
    notes = few_notes(tiny, areas, frame, ("spot_share", "good_or_better_share", "median_days_to_source"))
    assert dict(zip(frame["area_code"], notes, strict=True)) == {
        ASH: "Good or Outstanding share of 2 rated providers; Median days to source from 2 requests",
        # Under half of Birch's hours are rated: there is no share to say anything of.
        BIRCH: "Spot share of 2 providers; Median days to source from 2 requests",
        CEDAR: "Spot share of 1 provider; Good or Outstanding share of 1 rated provider",
    }
    table = labelled_profile(tiny, areas, frame)
    assert list(table.columns)[-1] == FEW == "Rests on few"
    assert "Largest provider's share of 1 provider" in table.set_index("Area code").loc[CEDAR, FEW]


def test_the_rule_stands_in_the_dictionary(tiny: Pack) -> None:
    rules = indicator_dictionary(tiny).set_index("id")["fewer_are_said"]
    assert rules["median_days_to_source"] == "fewer than 5 requests"
    assert rules["spot_share"] == "fewer than 3 providers"
    assert rules["coverage"] == ""
