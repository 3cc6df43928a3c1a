"""What figures rest on, how that says how they are known, and the lines beneath what leaves the app."""

from __future__ import annotations

import csv
import dataclasses
import io
import math

import pandas as pd
import pytest

from lib.market.about import about, for_file
from lib.market.basis import MEANINGS, Basis, Standing, basis, rests_on, standing, together
from lib.market.figure import Figure, as_of, figure
from lib.market.tables import download_csv
from lib.pack.load import Pack
from lib.whatif.basis import projection_basis
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario, moved

# Of the tiny pack: area_groups, lots and facts are published, population is derived, demand modelled, capacity
# illustrative, service_rates context.
DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
RATES = "Table of service_rates"


@rests_on("demand", "requests")
def waits() -> None: ...


@rests_on(waits, "capacity", "demand", assumed=("a guess",))
def gap() -> None: ...


@rests_on(gap, projected=True)
def gap_ahead() -> None: ...


def undeclared() -> None: ...


# Inputs.


def test_what_rests_on_several_rests_on_all_that_they_rest_on_each_once() -> None:
    assert Basis(("a", "b"), False, ("x",)) | Basis(("b", "c"), True, ("y", "x")) == Basis(
        ("a", "b", "c"), True, ("x", "y")
    )
    assert basis(gap, "lots") == Basis(("demand", "requests", "capacity", "lots"), False, ("a guess",))
    assert basis(gap_ahead) == Basis(("demand", "requests", "capacity"), True, ("a guess",))
    assert basis() == Basis()


def test_a_basis_says_that_it_looks_ahead_and_what_it_assumes() -> None:
    one = Basis(("a",))
    assert one.ahead() == Basis(("a",), True)
    assert one.assuming("x", "y").assuming("x") == Basis(("a",), False, ("x", "y"))
    assert one == Basis(("a",)), "it is not changed"


def test_a_calculation_that_does_not_state_its_inputs_is_refused(tiny: Pack) -> None:
    with pytest.raises(TypeError, match="undeclared does not state what it rests on"):
        basis("demand", undeclared)
    with pytest.raises(TypeError, match="undeclared"):
        rests_on(undeclared)(waits)
    with pytest.raises(TypeError, match="undeclared"):
        standing(tiny, undeclared)


# How a figure is known.


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (("lots",), "published"),
        (("lots", "population"), "derived"),
        (("population", "demand"), "modelled"),
        (("demand", "lots", "capacity", "population"), "illustrative"),
        (("service_rates",), "context"),
        (("lots", "service_rates"), f"modelled (with: {RATES})"),
        (("demand", "service_rates"), "modelled"),
        (("capacity", "service_rates"), "illustrative"),
        ((Basis(("lots",)).ahead(),), "projected, published"),
        ((Basis(("lots", "capacity")).ahead(),), "projected, illustrative"),
        ((Basis(("service_rates",)).ahead(),), f"projected, modelled (with: {RATES})"),
        ((Basis(("lots",)).assuming("a guess"),), "modelled (with: a guess)"),
        ((Basis(("lots", "service_rates")).ahead().assuming("a guess"),),
         f"projected, modelled (with: {RATES}; a guess)"),
        ((Basis(("demand",)).assuming("a guess"),), "modelled"),
        ((Basis(("service_rates",)).assuming("a guess"),), f"modelled (with: {RATES}; a guess)"),
        ((gap,), "illustrative"),
        ((gap_ahead,), "projected, illustrative"),
    ],
)  # fmt: skip
def test_a_figure_is_as_known_as_the_weakest_of_its_inputs(
    tiny: Pack, inputs: tuple[str | Basis, ...], words: str
) -> None:
    assert str(standing(tiny, *inputs)) == words


def test_supplied_stands_between_derived_and_modelled(tiny: Pack) -> None:
    resources = tuple(
        one.model_copy(update={"status": "supplied"}) if one.name == "requests" else one
        for one in tiny.manifest.resources
    )
    pack = dataclasses.replace(tiny, manifest=tiny.manifest.model_copy(update={"resources": resources}))
    assert str(standing(pack, "requests", "population")) == "supplied"
    assert str(standing(pack, "requests", "demand")) == "modelled"
    assert str(standing(pack, "requests", "service_rates")) == f"modelled (with: {RATES})"


def test_figures_together_are_as_known_as_the_weakest_of_them() -> None:
    known = Standing("published"), Standing("derived")
    assert together(known) == Standing("derived")
    assert together([*known, Standing("illustrative")]) == Standing("illustrative")
    assert together([*known, Standing("context")]) == Standing("modelled"), "context never makes a figure"
    assert together([Standing("context"), Standing("context")]) == Standing("context")
    assert together([Standing("published", True), Standing("derived")]) == Standing("derived", True)
    assert together([Standing("context", True)]).projected, "a projection is no context"
    guess = Standing("modelled", False, ("a guess",))
    assert together([Standing("published"), guess]) == guess
    assert together([Standing("illustrative"), guess]) == Standing("illustrative"), "it would be no better without"


def test_every_status_has_a_meaning_and_so_has_projected() -> None:
    assert list(MEANINGS) == [
        "published", "derived", "supplied", "modelled", "illustrative", "context", "projected",
    ]  # fmt: skip
    assert "year to come" in MEANINGS["projected"]


# A figure in words.


def test_a_figure_in_words(tiny: Pack) -> None:
    one = figure(tiny, "Waiting", 1234.56, "hours", "requests", source="sum")
    assert one == Figure("Waiting", 1234.56, "hours", Standing("illustrative"), "sum", "31 March 2025")
    assert (one.text, one.text_with_unit, one.exact_text) == ("1,230", "1,230 hours a week", "1,235 hours a week")
    assert figure(tiny, "One", 1.0, "hours", waits).text_with_unit == "1 hour a week"
    unknown = figure(tiny, "Share", math.nan, "share", "demand")
    assert (unknown.text, unknown.text_with_unit) == ("not applicable", "not applicable")
    words = figure(tiny, "Cost", "TBA", "", "facts")
    assert (words.text, words.text_with_unit) == ("TBA", "TBA")
    assert figure(tiny, "Growth", "10%", "a year", "facts").text_with_unit == "10% a year"
    assert as_of(tiny) == "31 March 2025"


# Beneath a download.


def test_the_lines_beneath_a_file(tiny: Pack) -> None:
    told = about(
        tiny, "The gap.", Basis(("demand", "capacity")), service="home", further=("Formula: a - b.",),
        assumptions=("Assumption: growth 2",),
    )  # fmt: skip
    opening = "The gap. Status: illustrative. Home care, 2024/25. Data to 31 March 2025."
    sources = "Sources: Table of demand (modelled); Table of capacity (illustrative)."
    assert told.file_lines() == [
        opening,
        tiny.manifest.demonstration,
        "Formula: a - b.",
        sources,
        "Table of demand: modelled. Rule of demand.",
        "Table of capacity: illustrative. Rule of capacity.",
        "Hours are whole hours.",
        "Assumption: growth 2",
    ]
    internal = "Internal, do not share: it tells of single providers, of small areas or of few people."
    assert told.picture_lines() == [internal, opening, tiny.manifest.demonstration, "Formula: a - b.", sources]
    text = told.csv(pd.DataFrame({"a": [1]}))
    assert text.splitlines()[:4] == [f"# {internal}", "a", "1", f'"# {opening}"']
    assert text.count(tiny.manifest.demonstration) == 1 == text.count("Assumption:")
    assert told.file_name("gap.csv") == "gap_internal_do_not_share.csv"


def test_the_lines_beneath_what_may_be_shared(tiny: Pack) -> None:
    told = about(tiny, "Outlines", Basis(("districts_geography", "demand", "districts_geography")), internal=False)
    assert told.csv(pd.DataFrame({"a": [1]})).startswith("a\n1\n# Outlines. Status: modelled. Data to 31 March 2025.\n")
    assert told.picture_lines().count("Drawn by hand.") == 1
    assert told.file_name("gap.csv") == "gap.csv"
    assert told.titled("Others").opening()[0].startswith("Others. Status: modelled.")


def test_published_facts_are_known_as_they_were_published(tiny: Pack) -> None:
    told = about(tiny, "Ratings", "capacity", known=Standing("published"))
    assert told.opening()[0] == "Ratings. Status: published. Data to 31 March 2025."
    ahead = about(tiny, "Ahead", Basis(("lots",)).ahead())
    assert ahead.opening()[0] == "Ahead. Status: projected, published. Data to 31 March 2025."


def test_without_made_up_tables_nothing_is_a_demonstration(tiny: Pack) -> None:
    resources = tuple(one.model_copy(update={"status": "supplied"}) for one in tiny.manifest.resources)
    pack = dataclasses.replace(tiny, manifest=tiny.manifest.model_copy(update={"resources": resources}))
    assert about(pack, "Gap", "demand").opening() == ["Gap. Status: supplied. Data to 31 March 2025."]


def test_the_columns_of_a_file_are_numbers_with_their_unit_in_the_head() -> None:
    frame = pd.DataFrame({"name": ["Ash"], "hours": [9782.123456], "share": [0.123456789], "rank": [3], "left": [1]})
    heads = {"name": "District", "hours": ("Demand", "hours"), "share": ("Share", "share"), "rank": ("Rank", "")}
    found = for_file(frame, heads)
    assert list(found.columns) == ["District", "Demand (hours a week)", "Share (percent)", "Rank"]
    assert found.iloc[0].to_list() == ["Ash", 9782.123456, pytest.approx(12.3456789), 3]
    assert list(csv.reader(io.StringIO(download_csv(found, [])))) == [
        ["District", "Demand (hours a week)", "Share (percent)", "Rank"],
        ["Ash", "9782.1235", "12.3457", "3"],
    ]


def test_a_file_has_at_most_four_digits_behind_the_point_whatever_the_column() -> None:
    mixed = pd.Series([0.123456, "c", None, 2.0, -1234.56789], dtype="object")
    frame = pd.DataFrame({"mixed": mixed, "number": [1 / 3, math.nan, 1e-9, 5.0, 2 / 3]})
    assert download_csv(frame, ["a note"]).splitlines() == [
        "mixed,number", "0.1235,0.3333", "c,", ",0", "2,5", "-1234.5679,0.6667", "# a note",
    ]  # fmt: skip


# What a projection rests on.

TODAY = {
    "people": ("demand",),
    "demand_hours": ("demand", "requests"),
    "capacity_hours": ("capacity",),
    "gap_hours": ("demand", "requests", "capacity"),
    "coverage": ("demand", "requests", "capacity"),
    "shortfall_hours": ("demand", "requests", "capacity"),
    "cost": ("demand",),
}


def scenario_of(pack: Pack, ageing: bool) -> Scenario:
    scenario = moved(default_scenario(pack, "domiciliary_care", 5), {"demand.demographic": ageing})
    assert scenario.demand.demographic is ageing
    return scenario


@pytest.mark.parametrize(("measure", "tables"), TODAY.items())
def test_a_measure_of_a_projection(pack: Pack, measure: str, tables: tuple[str, ...]) -> None:
    ageing, still = scenario_of(pack, True), scenario_of(pack, False)
    assert projection_basis(pack, still, measure, ahead=False) == Basis(tables)
    assert projection_basis(pack, ageing, measure, ahead=False) == Basis(tables), "today nobody has aged"
    assert projection_basis(pack, still, measure) == Basis(tables, True), "the pack's own scenario, As today"
    further = () if measure == "capacity_hours" else ("population", "service_rates")
    assert projection_basis(pack, ageing, measure) == Basis((*tables, *further), True)


def test_all_measures_of_a_projection(pack: Pack) -> None:
    tables = ("demand", "requests", "capacity")
    assert projection_basis(pack, scenario_of(pack, False)) == Basis(tables, True)
    assert projection_basis(pack, scenario_of(pack, True)) == Basis((*tables, "population", "service_rates"), True)


@pytest.mark.parametrize("lever", ["demand.need_growth_pct", "supply.capacity_growth_pct", "price.uplift_pct"])
def test_levers_that_no_scenario_of_the_pack_sets_so_are_the_readers_own(pack: Pack, lever: str) -> None:
    own = moved(scenario_of(pack, False), {lever: 3.0})
    assert projection_basis(pack, own, "cost").assumed == ("the reader's own assumption",)
    assert projection_basis(pack, own, "cost", ahead=False).assumed == ()
    named = own.model_copy(update={"name": "Mine", "years": 7})
    assert projection_basis(pack, named, "cost").assumed == ("the reader's own assumption",)


def test_a_scenario_of_the_pack_by_another_name_or_over_other_years_is_still_the_packs(pack: Pack) -> None:
    scenario = scenario_of(pack, True).model_copy(update={"name": "Mine", "years": 7})
    assert projection_basis(pack, scenario, "people").assumed == ()
    observed = moved(scenario_of(pack, False), {"demand.need_growth_pct": 4.5})
    assert projection_basis(pack, observed, "people").assumed == (), "the preset of observed growth"
