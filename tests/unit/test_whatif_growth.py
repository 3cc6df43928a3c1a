"""Growth year by year: 10% a year on the published figures, worked out by hand."""

import pytest
from pack_folder import PackFolder

from lib.market.figure import Figure
from lib.market.published.facts import providers_today
from lib.pack.load import Pack
from lib.whatif.growth import growth_table
from lib.whatif.scenarios.documents import scenario_from
from lib.whatif.scenarios.presets import default_scenario

SHORT_BREAKS = "short_breaks"


def test_ten_percent_a_year(pack: Pack) -> None:
    scenario = default_scenario(pack, SHORT_BREAKS)
    assert (scenario.demand.need_growth_pct, scenario.years) == (10, 5)
    frame = growth_table(pack, scenario)
    assert list(frame.columns) == ["year", "people", "hours_per_week", "cost", "providers_needed"]
    assert list(frame["year"]) == [2023, 2024, 2025, 2026, 2027, 2028]
    assert frame["people"].round(1).to_list() == [168, 184.8, 203.3, 223.6, 246.0, 270.6]
    # 1,664 hours delivered and 152 waiting; 2,163,000 pounds; 27.5 providers, the middle of 25 to 30.
    assert frame["hours_per_week"].round(1).to_list() == [1816, 1997.6, 2197.4, 2417.1, 2658.8, 2924.7]
    assert frame["cost"].round(0).to_list() == [2163000, 2379300, 2617230, 2878953, 3166848, 3483533]
    assert frame["providers_needed"].to_list() == pytest.approx([27.5, 30.25, 33.275, 36.6025, 40.26275, 44.289025])


def test_without_growth_nothing_changes(tiny: Pack) -> None:
    scenario = scenario_from({"name": "Still", "service": "home", "years": 2}, tiny)
    frame = growth_table(tiny, scenario)
    assert frame["people"].to_list() == [40] * 3
    assert frame["hours_per_week"].to_list() == [515] * 3
    assert frame["cost"].to_list() == pytest.approx([652600] * 3)
    assert frame["providers_needed"].to_list() == [5.5] * 3


def test_nobody_served_needs_no_number_of_providers(tiny_folder: PackFolder) -> None:
    tiny_folder.set("market/demand.csv", tiny_folder.find("market/demand.csv", people="8"), "people", "0")
    pack = tiny_folder.load()
    frame = growth_table(pack, scenario_from({"name": "Empty", "service": "respite", "years": 1}, pack))
    assert frame["people"].to_list() == [0, 0]
    assert frame["providers_needed"].isna().all()


def known(figure: Figure) -> tuple[float | str, str, str]:
    """A figure's value, status and source."""
    return figure.value, str(figure.status), figure.source


def test_providers_are_the_published_ones_where_there_are_any(pack: Pack, tiny: Pack) -> None:
    assert known(providers_today(pack, SHORT_BREAKS)) == (27.5, "derived", "the middle of 25 to 30")
    counted = "providers with capacity or hours"
    assert known(providers_today(pack, "domiciliary_care")) == (130, "illustrative", counted)
    assert known(providers_today(tiny, "home")) == (5.5, "derived", "the middle of 5 to 6")
    assert known(providers_today(tiny, "respite")) == (1, "illustrative", counted)


def test_one_published_number_stands_as_it_is(tiny_folder: PackFolder) -> None:
    tiny_folder.set("published/facts.csv", tiny_folder.find("published/facts.csv", id="f_home_high"), "value", "5")
    assert known(providers_today(tiny_folder.load(), "home")) == (5, "published", "providers, as published")


@pytest.mark.parametrize("fact", ["f_nothing", "f_words"])
def test_a_range_names_facts_that_are_numbers(tiny_folder: PackFolder, fact: str) -> None:
    def change(document: dict) -> None:  # type: ignore[type-arg]
        document["services"]["home"]["providers_range"] = ["f_home_low", fact]

    tiny_folder.change_json("datapackage.json", change)
    assert tiny_folder.faults() == [
        f'datapackage.json, column services.home.providers_range: found "{fact}", '
        "expected a fact of published/facts.csv whose value is a number"
    ]
