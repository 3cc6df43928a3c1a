"""Every page runs, and every choice on it changes what it should change."""

from __future__ import annotations

import re

import for_people
import pandas as pd
import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    ENGAGEMENT,
    OVERVIEW,
    PAGES,
    PROVIDERS,
    SHORT_BREAKS,
    checked,
    choose_indicator,
    figures,
    first_page,
    indicator_codes,
    live,
    live_words,
    market_table,
    open_page,
    sentence,
    values,
    words,
)
from app_pages import ROOT as REPOSITORY

from lib.market.profile import county_profile, lot_rows, profile
from lib.market.quality import rating_mix
from lib.market.selection import Selection, select
from lib.market.wording import show
from lib.pack.load import Pack, load_pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(REPOSITORY / "data")


def shown_tiles(pack: Pack, selection: Selection) -> list[str]:
    """The tiles' figures, worked out without the page."""
    county = county_profile(pack, selection)
    units = {
        "delivered_hours": "hours",
        "coverage": "ratio",
        "waiting_hours": "hours",
        "good_or_better_share": "share",
    }
    # Published of domiciliary care as a whole and of personal care, not of each sort of live-in and night care.
    whole = selection.service_types in (select(pack, "domiciliary_care").service_types, ("personal_care",))
    published = ["delivered_hours"] if selection.service == "domiciliary_care" and whole else []
    return [
        for_people.hours(county[code]) if unit == "hours" and code not in published else show(county[code], unit)
        for code, unit in units.items()
    ]


@pytest.mark.parametrize(
    ("path", "heading", "least_widgets"),
    [
        (OVERVIEW, "Care market: Essex at a glance", 6),
        (DOMICILIARY, "Domiciliary care: Essex", 5),
        (SHORT_BREAKS, "Children's short breaks: Essex", 3),
        (PROVIDERS, "Providers: Essex", 7),
        (ENGAGEMENT, "Market engagement: Essex", 12),
        (DATA, "The data behind the figures", 1),
    ],
)
def test_every_page_runs(path: str, heading: str, least_widgets: int) -> None:
    app = first_page(path)
    assert values(app, "title") == [heading]
    kinds = ("selectbox", "multiselect", "segmented_control", "download_button")
    assert sum(len(app.get(kind)) for kind in kinds) >= least_widgets


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_the_data_are_made_up(path: str) -> None:
    assert "Demonstration data: not evidence about any real district or provider." in words(first_page(path))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_a_figure_that_is_no_figure(path: str) -> None:
    """A missing figure reads "not applicable": NaN, None, inf or <NA> on screen is a fault."""
    text = "\n".join([words(first_page(path)), *live_words(first_page(path))])
    assert re.findall(r"\b(?:nan|NaN|None|inf|NaT)\b|<NA>", text) == []


@pytest.mark.parametrize(
    ("path", "totals"),
    [
        (OVERVIEW, ("128,000", "7,465", "£160.5m")),
        (DOMICILIARY, ("128,000", "7,465", "£160.5m")),
        (SHORT_BREAKS, ("168",)),
    ],
)
def test_published_totals_stand_on_their_pages(path: str, totals: tuple[str, ...]) -> None:
    text = words(first_page(path))
    assert [total for total in totals if total not in text] == []


def test_service_switch_changes_the_whole_overview(pack: Pack) -> None:
    app = open_page(OVERVIEW)
    before = figures(app), sentence(app)
    checked(app.segmented_control(key="service").set_value("short_breaks").run())
    assert figures(app) == shown_tiles(pack, select(pack, "short_breaks"))
    assert (figures(app), sentence(app)) != before


def test_an_indicator_changes_sentence_and_table_but_no_tile() -> None:
    app = open_page(OVERVIEW)
    tiles, first = figures(app), sentence(app)
    choose_indicator(app, "waiting_share")
    assert sentence(app) != first
    assert sentence(app).startswith("Waiting share")
    assert "waiting_share" in market_table(app)
    assert figures(app) == tiles


def test_every_indicator_can_be_shown() -> None:
    """One that divides by zero somewhere must still draw: night care has empty lots."""
    app = open_page(DOMICILIARY)
    checked(app.multiselect(key="types_domiciliary_care").set_value(["live_in_24h"]).run())
    codes = indicator_codes(app)
    assert len(codes) >= 15
    seen = set()
    for code in codes:
        choose_indicator(app, code)
        seen.add(sentence(app))
    assert len(seen) == len(codes)


@pytest.mark.parametrize(
    ("types", "cohorts"),
    [
        (["live_in_24h", "night_awake"], []),
        (["personal_care"], ["older_people"]),
        ([], ["working_age_adults"]),
        (["carer_support"], []),
    ],
)
def test_filters_change_tiles_and_table_to_the_selection(pack: Pack, types: list[str], cohorts: list[str]) -> None:
    """The figures on screen are those of lib.market for the same selection, and not of all lots."""
    app = open_page(DOMICILIARY)
    everything = figures(app)
    app.multiselect(key="types_domiciliary_care").set_value(types)
    app.multiselect(key="cohorts_domiciliary_care").set_value(cohorts)
    checked(app.run())
    selection = select(pack, "domiciliary_care", types, cohorts)
    assert figures(app) == shown_tiles(pack, selection)
    assert figures(app) != everything
    table = market_table(app).set_index("area_name")
    expected = pd.concat([profile(pack, selection), pd.DataFrame([county_profile(pack, selection)])])
    expected = expected.set_index("area_name").loc[table.index]
    for column in ("people", "delivered_hours", "waiting_hours", "capacity_hours", "coverage", "shortfall_hours"):
        pd.testing.assert_series_equal(
            table[column].astype(float),
            expected[column].astype(float),
            check_names=False,
            check_dtype=False,
            rtol=0,
            atol=0.0101 if column == "coverage" else 0.5,  # as people read them: 0.99, where 1.00 would say enough
        )


def test_a_chosen_district_tells_its_own_story(pack: Pack) -> None:
    overview = open_page(OVERVIEW)
    assert "Essex as a whole" not in values(overview, "header"), "at a glance: no story before one is asked for"
    app = open_page(DOMICILIARY)
    assert "Essex as a whole" in values(app, "header")
    for code, name in list(pack.district_names().items())[:3]:
        checked(app.selectbox(key="district").set_value(code).run())
        assert name in values(app, "header")
        assert any(f"in {name}" in text for text in values(app, "subheader"))
    checked(app.selectbox(key="district").set_value(None).run())
    assert "Essex as a whole" in values(app, "header")


def test_grouping_by_quadrant_shows_quadrants(pack: Pack) -> None:
    app = open_page(DOMICILIARY)
    county = figures(app)
    checked(app.selectbox(key="by_domiciliary_care").set_value("quadrant").run())
    names = set(profile(pack, select(pack, "domiciliary_care", group_by="quadrant"))["area_name"])
    assert 1 < len(names) < 12
    assert set(market_table(app)["area_name"]) == names | {"Essex"}
    assert figures(app) == county
    name = sorted(names)[0]
    checked(app.selectbox(key="area_quadrant").set_value(name).run())
    assert name in values(app, "header")


def test_a_link_opens_the_view_that_was_copied(pack: Pack) -> None:
    """The link carries the words of the choices, as people read them, for every widget."""
    app = open_page(
        OVERVIEW,
        service="Domiciliary care",
        indicator="Spot share",
        types_domiciliary_care="Night awake",
        cohorts_domiciliary_care="Working age adults",
        by_domiciliary_care="District",
        district="Maldon",
    )
    assert live(app)["chosen"]["indicator"] == "spot_share"
    selection = select(pack, "domiciliary_care", ["night_awake"], ["working_age_adults"])
    assert figures(app) == shown_tiles(pack, selection)
    assert "Maldon" in values(app, "header")


@pytest.mark.parametrize(
    "query",
    [
        {"indicator": "No such thing", "district": "Atlantis"},
        {"types_domiciliary_care": "<script>", "service": "nothing"},
        {"by_domiciliary_care": "county", "area_quadrant": "x"},
    ],
)
def test_a_link_with_unknown_values_opens_the_default_view(query: dict[str, str]) -> None:
    """A link from another pack, or one that somebody typed, must not end in an error."""
    app = open_page(OVERVIEW, **query)
    assert figures(app) == figures(open_page(OVERVIEW))


def test_the_data_page_accounts_for_every_published_total(pack: Pack) -> None:
    table = open_page(DATA, data_tab="checks").table[0].value
    assert set(table["Agrees"]) == {"yes"}
    assert {"128,000", "7,465", "160,500,000", "168"} <= set(table["Published"])
    assert len(table) == len(pack.table("reconciliation"))
    gaps = open_page(DATA, data_tab="published").table[0].value
    assert len(gaps) == len(pack.table("gaps"))


def test_every_chart_of_a_story_opens_as_a_table(pack: Pack) -> None:
    """What a chart shows must be readable without it: the tables hold the chart's own figures."""
    app = open_page(DOMICILIARY)
    before = len(app.dataframe)
    for name in ("lots", "ratings", "history"):
        app.session_state[f"table_{name}"] = True
    checked(app.run())
    tables = {tuple(table.value.columns): table.value for table in app.dataframe}
    assert len(app.dataframe) == before + 3
    selection = select(pack, "domiciliary_care").county()
    lots = tables["service_type_label", "cohort_label", "demand_hours", "capacity_hours", "shortfall_hours"]
    expected = lot_rows(pack, selection, "all")
    expected = expected[(expected["demand_hours"] > 0) | (expected["capacity_hours"] > 0)]
    assert list(lots["demand_hours"]) == pytest.approx(list(expected["demand_hours"]), abs=0.5001)
    ratings = tables["domain_label", "rating_label", "hours", "share"]
    mix = rating_mix(pack, selection)
    assert list(ratings["share"]) == pytest.approx([100 * share for share in mix["share"]], abs=0.0501)
    history = tables["month_label", "series_label", "value"]
    assert (history["month_label"].min(), history["month_label"].max()) == ("2023-04", "2025-03")
    assert list(history["value"].tail(2)) == [80_950, 47_050]


def test_a_figure_that_is_missing_reads_not_applicable() -> None:
    """Streamlit's own word for an empty cell is None, which says nothing to a commissioner."""
    app = open_page(SHORT_BREAKS)
    assert market_table(app)["good_or_better_share"].isna().any()
    assert app.dataframe[-1].proto.placeholder == "not applicable"
