"""The service pages: every tab, known and unknown, totals, growth, the mechanism, ratings, supply, intentions."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from app_pages import (
    OVERVIEW,
    ROOT,
    SHORT_BREAKS,
    WHAT_IF,
    acting,
    checked,
    figures,
    live,
    market_table,
    open_page,
    values,
    words,
)
from service_pages import (
    BREAKS,
    EVERY_TAB,
    GROWTH,
    HOME,
    INTENTIONS,
    KNOWN,
    LABELS,
    MARKET,
    MECHANISM,
    RATINGS,
    SUPPLY,
    TABS,
    badge,
    on_tab,
    opened,
    pieces,
    shown,
    table_with,
    text_tables,
)

from lib.market.published.intentions import intentions_of
from lib.market.published.rating_grid import grid_table
from lib.market.rural_pockets import places
from lib.market.selection import service_types_of
from lib.market.shared_supply import shared_headroom, shared_supply
from lib.pack.load import Pack, load_pack
from lib.whatif.spot_to_framework import Transition, spot_rates, transition


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


# What stands there.


@pytest.mark.parametrize(("service", "tab"), EVERY_TAB)
def test_every_tab_draws(service: str, tab: str) -> None:
    app = shown(service, tab).app
    assert values(app, "title") == [f"{LABELS[service]}: Essex"]
    assert tuple(one.label for one in app.get("tab")) == TABS[service]
    assert app.session_state[f"tab_{service}"] == tab
    assert len(words(app)) > 400
    found = re.findall(r"\b(?:nan|NaN|None|inf|NaT)\b|<NA>", "\n".join(pieces(shown(service, tab))))
    assert found == []
    assert values(app, "error") == []


def test_each_tab_shows_something_of_its_own() -> None:
    for service, tabs in TABS.items():
        first = [values(shown(service, tab).app, "header")[0] for tab in tabs]
        assert len(set(first)) == len(tabs)


@pytest.mark.parametrize(("service", "facts", "derived", "gaps"), [(HOME, 16, 7, 6), (BREAKS, 14, 3, 7)])
def test_the_line_at_the_top_counts_what_is_known(
    pack: Pack, service: str, facts: int, derived: int, gaps: int
) -> None:
    rows = pack.table("facts").query("service == @service")
    assert (rows["status"] == "published").sum() == facts
    (line,) = [text for text in values(shown(service, MARKET).app, "markdown") if "of this market" in text]
    assert line.startswith(
        f"{facts} figures of this market are published, {derived} can be derived from them and {gaps} are not "
        "published."
    )


# Known and unknown.


def as_published(value: str, unit: str) -> str:
    """A fact's value as it must stand on screen, written out here once more."""
    try:
        number = f"{Decimal(value):,}"
    except ArithmeticError:
        return value
    return f"£{number}" if unit.startswith("GBP") else f"{number}%" if unit.startswith("percent") else number


@pytest.mark.parametrize("service", TABS)
def test_every_fact_stands_with_value_status_and_source(pack: Pack, service: str) -> None:
    page = shown(service, KNOWN)
    table = text_tables(page)
    facts = pack.table("facts").query("service == @service").fillna("")
    assert len(facts) >= 16
    captions = "\n".join(values(page.app, "caption"))
    for fact in facts.to_dict("records"):
        figure = f"**{as_published(fact['value'], fact['unit'])}** " if fact["value"] else ""
        rows = table[table["What"].eq(fact["measure"]) & table["Figure"].str.startswith(figure)]
        assert len(rows) == 1, fact["id"]
        assert rows["Figure"].iloc[0].endswith(badge(fact["status"]))
        assert fact["note"] in rows["Formula, note"].iloc[0]
        assert f"{fact['source']}; {fact['period']}." in captions
    extra = {HOME: {"Cost an adult a year"}, BREAKS: {"Cost a child a year"}}
    assert set(table["What"]) - set(facts["measure"]) == extra[service]
    assert len(table) == len(facts) + 1


@pytest.mark.parametrize("service", TABS)
def test_every_heading_counts_its_own_status(pack: Pack, service: str) -> None:
    page = shown(service, KNOWN)
    headings = [text for text in values(page.app, "header") if not text.startswith("Not published")]
    assert len(headings) == len(page.app.table)
    for heading, table in zip(headings, page.app.table, strict=True):
        number = len(table.value)
        assert heading.endswith(f": {number} figure{'' if number == 1 else 's'}")
        assert len({re.search(r"badge\[(\w+)\]", cell)[1] for cell in table.value["Figure"]}) == 1  # type: ignore[index]


@pytest.mark.parametrize(("service", "number"), [(HOME, 6), (BREAKS, 7)])
def test_every_gap_stands_in_the_councils_own_words(pack: Pack, service: str, number: int) -> None:
    page = shown(service, KNOWN)
    gaps = pack.table("gaps").query("service == @service").fillna("")
    assert len(gaps) == number
    assert f"Not published: {number} figures" in values(page.app, "header")
    texts = values(page.app, "markdown")
    for gap in gaps.to_dict("records"):
        words = f"“{gap['published_as']}”" if gap["published_as"] != "Not published" else "not published"
        place = texts.index(f"**{gap['measure']}**: {words}")
        beside = texts[place + 1 : place + 3]
        # Where there is nothing to measure, nothing would fill it.
        filled = f":small[What would fill it: {gap['filled_by']}]"
        assert (filled in beside) == (gap["id"] != "sb_accommodation_size")
        if gap["id"] == "sb_package_cost_week":
            assert beside[0].startswith(f"Can be derived: **£247.60 a week** {badge('derived')} = ")
        elif gap["note"]:
            assert beside[0] == f":small[{gap['note']}]"


@pytest.mark.parametrize("service", TABS)
def test_each_template_has_the_columns_of_its_table(pack: Pack, service: str) -> None:
    page = shown(service, KNOWN)
    gaps = pack.table("gaps").query("service == @service").dropna(subset=["template"])
    offers = [one for one in page.offers if one.label.startswith("Upload template: ")]
    assert [one.name for one in offers] == [f"{table}_template.csv" for table in gaps["template"]]
    for table, offer in zip(gaps["template"], offers, strict=True):
        resource = pack.manifest.resource(table)
        assert offer.label == f"Upload template: {resource.title}"
        (header,) = offer.text().splitlines()
        first = (ROOT / "data" / resource.path).read_text(encoding="utf-8-sig").splitlines()[0]
        assert sorted(header.split(",")) == sorted(first.split(","))


def test_what_can_be_derived_of_short_breaks_has_its_formula() -> None:
    table = text_tables(shown(BREAKS, KNOWN)).set_index("What")
    spend, children = "Market spend (£2,163,000)", "Children and young people accessing home based care (168)"
    providers = "the middle of Providers, lower end (25) and Providers, upper end (30)"
    for what, figure, formula in (
        ("Average cost per child", "**£247.60** a week", f"= {spend} / {children} / 52"),
        ("Cost a child a year", "**£12,875** a year", f"= {spend} / {children}"),
        ("Children per provider", "**6.1** children", f"= {children} / {providers}"),
    ):
        assert table.loc[what, "Figure"] == f"{figure} {badge('derived')}"
        assert str(table.loc[what, "Formula, note"]).startswith(formula)
    assert pytest.approx((247.596, 12_875, 6.109), abs=1e-3) == (2_163_000 / 168 / 52, 2_163_000 / 168, 168 / 27.5)


@pytest.mark.parametrize("service", TABS)
def test_known_and_unknown_can_be_downloaded_whole(pack: Pack, service: str) -> None:
    rows = shown(service, KNOWN).offer("Known and unknown (CSV)").table()
    facts, gaps = (table[table["service"] == service] for table in (pack.table("facts"), pack.table("gaps")))
    assert set(facts["id"]) | set(gaps["id"]) == set(rows["id"]) - {""}
    unknown = rows[rows["status"] == "not published"].set_index("id")
    assert unknown["value"].to_dict() == dict(zip(gaps["id"], gaps["published_as"], strict=True))


def test_a_published_gap_is_filled_by_nothing_but_what_is_tagged(pack: Pack) -> None:
    """Quality is not known: the tile has no figure, nor the county's row; an area's is tagged as made up."""
    page = shown(BREAKS, MARKET)
    assert figures(page.app)[3] == "not applicable"
    (label,) = [text for text in values(page.app, "markdown") if text.startswith("Good or Outstanding")]
    assert label == f"Good or Outstanding {badge('illustrative')}"
    table = market_table(page.app)
    assert math.isnan(table["good_or_better_share"].iloc[-1])
    columns = json.loads(page.app.dataframe[-1].proto.columns)
    assert columns["good_or_better_share"]["help"].endswith("illustrative.")
    for tab in TABS[BREAKS]:
        for text in pieces(shown(BREAKS, tab)):
            if "247.6" in text and "Formula" not in text:
                assert badge("derived") in text, (tab, text)
            # Not recorded, or not analysed: there is nothing to show anywhere.
            for gap in ("emergency", "length of stay", "planned placement"):
                if gap in text.lower():
                    assert tab == KNOWN
                    assert not re.search(r"\d", text)


# Totals, however they are grouped.


@pytest.mark.parametrize("group_by", ["district", "quadrant", "nhs_sub_area"])
@pytest.mark.parametrize("path", [SHORT_BREAKS, OVERVIEW])
def test_published_totals_are_exact_under_every_grouping(pack: Pack, path: str, group_by: str) -> None:
    state = {"service": BREAKS} if path == OVERVIEW else {}
    page = opened(path, state | {f"by_{BREAKS}": group_by})
    assert f"168 children; £2.163m a year {badge('published')}" in values(page.app, "markdown")
    table = market_table(page.app).set_index("area_name")
    areas = 12 if group_by == "district" else pack.table("area_groups").query("grouping == @group_by")["group_name"]
    assert len(table) == 1 + (areas if isinstance(areas, int) else areas.nunique())
    assert table.loc["Essex", "people"] == table["people"].drop("Essex").sum() == 168
    assert set(table["spot_share"]) == {100.0}
    file = page.offer("Every indicator (CSV)").table()
    spend, people, spot = (
        next(name for name in file.columns if name.startswith(words))
        for words in ("Council-arranged spend", "People supported (", "Spot share")
    )
    assert file[people].astype(int).sum() == 168
    assert file[spend].astype(int).sum() == 2_163_000
    assert set(file[spot]) == {"100"}
    shared = page.offer("County figures, for sharing (CSV)").table().set_index("measure")["value"]
    assert shared[["People supported", "Council-arranged spend", "Spot share"]].to_list() == ["168", "2163000", "1"]
    if path == OVERVIEW:
        side = text_tables(page).iloc[:, 1].to_list()
        for text in (f"168 {badge('published')}", f"£2.163m {badge('published')}"):
            assert text in side


def test_all_or_nothing_is_bought_by_spot_purchase() -> None:
    table = text_tables(shown(BREAKS, KNOWN)).set_index("What")["Figure"]
    assert table["Placed through a framework"] == f"**0%**  {badge('published')}"
    assert table["Placed by spot purchase"] == f"**100%**  {badge('published')}"
    assert "Bought off the framework: 100.0% of hours" in words(shown(BREAKS, RATINGS).app)


# Growth.

CHILDREN = [168.0, 184.8, 203.3, 223.6, 246.0, 270.6]


def test_growth_as_published_by_hand() -> None:
    page = shown(BREAKS, GROWTH)
    table = table_with(page, "year", "people")
    assert table["people"].to_list() == CHILDREN == [round(168 * 1.1**year, 1) for year in range(6)]
    assert table["year"].to_list()[::5] == ["2023/24", "2028/29"]
    assert table["cost"].to_list() == [round(2_163_000 * 1.1**year) for year in range(6)]
    assert table["providers"].to_list() == [round(27.5 * 1.1**year, 1) for year in range(6)]
    assert "diverted" not in table
    heading = values(page.app, "header")[0]
    words = "168 children become 271 in 2028/29, about £3.48m a year and 44 providers."
    assert heading == f"{words} {badge('projected, derived')}"
    assert any("Growth as published: Essex Provider Hub" in text for text in values(page.app, "caption"))
    file = page.offer("Growth (CSV)")
    assert file.name == "short_breaks_growth.csv"
    # The file is not rounded for people: at most four digits behind the point.
    sourced = file.table()["Children to source (people, on average)"]
    assert [float(value) for value in sourced] == [round(168 * 1.1**year, 4) for year in range(6)]


@pytest.mark.parametrize("years", [1, 8, 15])
def test_the_years_of_growth(years: int) -> None:
    page = on_tab(BREAKS, GROWTH, growth_years_short_breaks=years)
    table = table_with(page, "year", "people")
    assert table["people"].to_list() == [round(168 * 1.1**year + 1e-9, 1) for year in range(years + 1)]


def test_a_shift_to_direct_payments_leaves_fewer_to_source() -> None:
    page = on_tab(BREAKS, GROWTH, direct_short_breaks=20)
    table = table_with(page, "year", "people")
    # By the last year 20% have moved, in equal steps of 4 points.
    left = [168 * 1.1**year * (1 - 0.04 * year) for year in range(6)]
    assert table["people"].to_list() == [round(one, 1) for one in left]
    gone = [168 * 1.1**year * 0.04 * year for year in range(6)]
    assert table["diverted"].to_list() == [round(one, 1) for one in gone]
    assert table["diverted_cost"].to_list() == pytest.approx([one * 2_163_000 / 168 for one in gone], abs=0.5)
    assert "; 54 more have moved to direct payments." in values(page.app, "header")[0]
    assert any("Your own assumption, not the published growth." in text for text in values(page.app, "caption"))
    assert any("what families' own budgets cost is not included" in text for text in values(page.app, "caption"))


@pytest.mark.parametrize(
    ("growth", "years", "shift", "kept"),
    [(10, 5, 0, (10, 5, 0)), (4, 8, 25, (4, 8, 25)), (99, 99, 99, (20, 15, 50)), (-99, 0, -1, (-20, 1, 0))],
)
def test_the_what_if_opens_the_same_scenario(growth: int, years: int, shift: int, kept: tuple[int, ...]) -> None:
    """Even from beyond the limits: the sliders keep to those of the levers."""
    state = {"growth_short_breaks": growth, "growth_years_short_breaks": years, "direct_short_breaks": shift}
    page = on_tab(BREAKS, GROWTH, **state)
    assert [one.value for one in page.app.slider] == list(kept)
    (link,) = [one.proto for one in page.app.get("page_link") if "What-if, with" in one.proto.label]
    assert link.page == "What_if"
    query = {name: one for name, (one,) in parse_qs(link.query_string).items()}
    app = open_page(WHAT_IF, **query)
    assert values(app, "error") == []
    assert app.segmented_control(key="service").value == BREAKS
    last = table_with(page, "year", "people").iloc[-1]
    assert any(f"in {last['year']}, at 2023/24 prices" in text for text in values(app, "markdown"))
    names = ("demand.need_growth_pct", "years", "demand.direct_payment_shift_pct")
    assert tuple(live(app)["levers"][name] for name in names) == kept


# From spot to a framework.


def as_typed(page: Any) -> pd.DataFrame:
    """The transition as it is downloaded, as numbers."""
    return page.offer("The transition (CSV)").table().astype(float)


def test_left_where_they_stand_the_settings_change_no_cost(pack: Pack) -> None:
    page = shown(BREAKS, MECHANISM)
    assert [one.value for one in page.app.slider] == [25.0, 25.0, 80, 6, 0]
    heading = values(page.app, "header")[0]
    assert heading.startswith(
        "With 80% of hours at £25.00 from quarter 6 on, a quarter costs £540,750, as in 2023/24; "
    )
    assert heading.endswith(
        f"the packages of 134 children have moved. "
        f"That an hour costs £25.00 today is an assumption. {badge('projected, modelled')}"
    )
    file = as_typed(page)
    assert len(file) == 13
    assert set(file["difference"]) == {0.0}
    assert set(file["cost"]) == {2_163_000 / 4}
    table = table_with(page, "quarter_label", "share", "moved")
    assert set(table["value"]) == {540_750}
    assert set(table["difference"]) == {0.0}
    assert table["quarter_label"].to_list()[::6] == ["Today", "Q6", "Q12"]
    assert table["moved"].to_list()[-1] == 134.4


@pytest.mark.parametrize(
    ("target", "quarters", "rate", "capacity", "words"),
    [
        (50, 4, 27.5, 10, "about £27,000 more than in 2023/24"),
        (100, 20, 17.5, -50, "less than in 2023/24"),
        (0, 1, 32.5, 50, "as in 2023/24"),
    ],
)
def test_settings_give_the_transition_of_the_what_if(
    pack: Pack, target: int, quarters: int, rate: float, capacity: int, words: str
) -> None:
    state = {
        f"{name}_{BREAKS}": value
        for name, value in (
            ("target_share_pct", target),
            ("quarters", quarters),
            ("agreed_rate", rate),
            ("capacity_change_pct", capacity),
        )
    }
    page = on_tab(BREAKS, MECHANISM, **state)
    expected = transition(pack, BREAKS, Transition(target, quarters, max(12, quarters), rate, capacity))
    pd.testing.assert_frame_equal(as_typed(page), expected.astype(float))
    assert words in values(page.app, "header")[0]
    last = expected.iloc[-1]
    assert f"the packages of {last['people_moved']:.0f} children have moved" in values(page.app, "header")[0]
    table = table_with(page, "quarter_label", "capacity")
    assert table["capacity"].iloc[-1] == round(last["capacity_hours"])
    assert len(table) == max(12, quarters) + 1


def test_a_setting_beyond_its_limits_stands_where_it_usually_does() -> None:
    page = on_tab(
        BREAKS, MECHANISM, target_share_pct_short_breaks=300, quarters_short_breaks=99, agreed_rate_short_breaks=0.0
    )
    assert [one.value for one in page.app.slider] == [25.0, 25.0, 80, 6, 0]


def test_the_assumed_rate_is_called_so_can_be_moved_and_stands_in_the_link_and_in_the_files() -> None:
    app = open_page(
        SHORT_BREAKS, tab_short_breaks="mechanism", assumed_rate_short_breaks="20", agreed_rate_short_breaks="25.00"
    )
    # A year's spend of 2,163,000 stays; at 20.00 an hour it buys a quarter more hours, and moving 80% of them to 25.00
    # costs 0.8 x 540,750 x (25 / 20 - 1) = 108,150 more a quarter.
    assert values(app, "header")[0].startswith(
        "With 80% of hours at £25.00 from quarter 6 on, a quarter costs about £649,000, about £108,000 more than in "
        "2023/24; "
    )
    assert "That an hour costs £20.00 today is an assumption." in values(app, "header")[0]
    (caption,) = [text for text in values(app, "caption") if text.startswith("Assumptions, all 5. ")]
    assert "Neither hours nor a rate are published: £25.00 is an assumption of this dashboard." in caption
    labels = [one.label for one in app.slider]
    assert labels[0] == "Assumed rate today, £ an hour"
    checked(app.number_input(key="assumed_rate_short_breaks_box").set_value(22.5).run())
    assert "22.50" in app.query_params["assumed_rate_short_breaks"]
    assert "agreed_rate_short_breaks" not in app.query_params, "at its default"
    assert app.slider(key="assumed_rate_short_breaks_slider").value == 22.5
    page = on_tab(BREAKS, MECHANISM, assumed_rate_short_breaks=20.0)
    for label in ("The transition (CSV)", "Table (CSV)"):
        offer = next(one for one in page.offers if one.label == label)
        assert "Assumptions: an hour costs £20.00 today; 80% of hours at £25.00 an hour" in offer.text()


@pytest.mark.parametrize("value", ["9", "32.51", "-25", "cheap", "1e2"])
def test_a_link_with_an_impossible_rate_says_so_and_shows_the_usual_one(value: str) -> None:
    app = open_page(SHORT_BREAKS, tab_short_breaks="mechanism", assumed_rate_short_breaks=value)
    (said,) = values(app, "warning")
    assert said == f"The link's assumed rate of today “{value}” is no number from 17.50 to 32.50: 25.00 is shown."
    assert app.slider(key="assumed_rate_short_breaks_slider").value == 25.0


def test_the_spread_of_rates_is_that_of_the_capacity_table(pack: Pack) -> None:
    table = table_with(shown(BREAKS, MECHANISM), "area_name", "providers", "median")
    expected = spot_rates(pack, BREAKS)
    assert list(table["area_name"]) == ["Essex", *pack.district_names().values()]
    for row, known in zip(table.to_dict("records"), expected.to_dict("records"), strict=True):
        for rate in ("lowest", "median", "highest"):
            assert row[rate] == pytest.approx(known[rate], abs=0.005)
        assert row["providers"] == known["providers"]


def test_both_sides_stand_as_they_are_published(pack: Pack) -> None:
    texts = values(shown(BREAKS, MECHANISM).app, "markdown")
    sides = pack.service(BREAKS).spot_purchase
    assert len(sides) == 2
    for side in sides:
        place = texts.index(f"**{side.whose}**")
        assert texts[place + 1] == "\n".join(f"- “{text}”" for text in side.says), "to the letter"
    sources = [text for text in values(shown(BREAKS, MECHANISM).app, "caption") if text == sides[0].source]
    assert len(sources) == 2


# Market ratings.


def test_every_published_rating_has_its_card(pack: Pack) -> None:
    page = shown(BREAKS, RATINGS)
    headings = pack.service(BREAKS).rating_grid
    facts = pack.table("facts").set_index("id")["value"]
    assert len(headings) == 6
    assert figures(page.app) == [facts[one.fact] for one in headings]
    grid = grid_table(pack, BREAKS)
    texts = values(page.app, "markdown")
    for row in grid.to_dict("records"):
        place = texts.index(f"**{row['heading']}** {badge('published')}")
        finding, evidence, rule = texts[place + 1 : place + 4]
        assert re.fullmatch(rf":\w+-badge\[. {re.escape(row['finding_words'])}\]", finding)
        assert rule == f":small[Rule: {row['rule']}]"
        lines = evidence.split("\n")
        assert len(lines) == len(row["figures"])
        for line, one in zip(lines, row["figures"], strict=True):
            assert line.replace("**", "") == f"- {one.text} {badge(one.status)}"
            assert ("**" in line) == one.decides
    assert values(page.app, "header")[0] == (
        f"Published figures support 2 of 6 published ratings. {badge('published')} Made-up figures support 1 and "
        f"contradict 1: not evidence. {badge('illustrative')} Nothing can be said of 2."
    )


def test_the_download_has_every_rating_with_its_evidence(pack: Pack) -> None:
    offer = shown(BREAKS, RATINGS).offer("The grid (CSV)")
    assert offer.name == "short_breaks_market_ratings_internal_do_not_share.csv"
    rows = offer.table()
    grid = grid_table(pack, BREAKS)
    for column in ("heading", "rating", "status", "source", "evidence", "evidence_status", "finding_words", "rule"):
        assert list(rows[column]) == list(grid[column])
    assert list(rows["your_rating"]) == list(grid["rating"])
    assert set(rows["why"]) == {""}
    assert any("Demonstration data: not evidence" in line for line in offer.text().splitlines())


def test_what_somebody_types_goes_into_the_download_as_text() -> None:
    words_of_mine = ["=1+1", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", ":red-badge[x]", "a\nb", "ok"]

    def typed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(own=[None, "Poor", *table["own"].iloc[2:]], note=words_of_mine)

    page = on_tab(BREAKS, RATINGS, typed)
    assert acting(page.app) == [], "it is data, and never Markdown"
    rows = page.offer("The grid (CSV)").table()
    assert list(rows["why"]) == ["'=1+1", *words_of_mine[1:]], "a formula does not run"
    assert list(rows["your_rating"][:3]) == ["", "Poor", "High"]
    assert list(rows["rating"]) == ["Low/Moderate", "Good", "High", "Very Low/Low", "Increase Supply", "Evolving"]


def test_what_was_typed_before_stands_there_again(pack: Pack) -> None:
    """Of headings that the pack no longer has, nothing is left."""
    kept = {"Market supply": ("Poor", "because"), "Market weather": ("Wet", "")}
    page = on_tab(BREAKS, RATINGS, own_view_short_breaks=kept)
    table = table_with(page, "heading", "own", "note").set_index("heading")
    assert table.loc["Market supply", ["rating", "own", "note"]].to_list() == ["Good", "Poor", "because"]
    assert table.loc["Market quality", ["rating", "own", "note"]].to_list() == ["Low/Moderate", "Low/Moderate", ""]
    assert list(page.offer("The grid (CSV)").table()["why"]) == ["", "because", "", "", "", ""]
    assert set(page.app.session_state["own_view_short_breaks"]) == set(table.index)


def test_only_ones_own_columns_can_be_typed_into() -> None:
    (proto,) = [one.proto for one in shown(BREAKS, RATINGS).app.dataframe]
    columns = json.loads(proto.columns)
    assert [name for name, column in columns.items() if column.get("disabled")] == ["heading", "rating", "finding"]
    assert columns["note"]["type_config"]["max_chars"] == 500


# Shared supply, and places.


def test_shared_supply_is_that_of_the_market(pack: Pack) -> None:
    page = shown(BREAKS, SUPPLY)
    first = service_types_of(pack, HOME)[:1]
    expected = shared_supply(pack, BREAKS, first).sort_values("headroom_hours", ascending=False, kind="stable")
    table = table_with(page, "district_name", "headroom_hours", "shortfall_hours")
    columns = ["district_name", "providers", "headroom_hours", "waiting_hours", "shortfall_hours"]
    for column in columns:
        assert list(table[column]) == list(expected[column].round() if column.endswith("hours") else expected[column])
    whom = shared_headroom(pack, BREAKS, first)
    listed = table_with(page, "provider_name", "serves")
    assert list(listed["provider_name"]) == list(whom["provider_name"])
    assert list(listed["headroom_hours"]) == list(whom["headroom_hours"])
    assert list(listed["serves"] != "") == list(whom["serves_here"])
    assert values(page.app, "header")[0] == (
        f"{whom['provider_id'].nunique()} providers that could serve both have {whom['headroom_hours'].sum():,.0f} "
        f"hours a week of headroom in domiciliary care (personal care) {badge('illustrative')}"
    )


@pytest.mark.parametrize("types", [["night_awake"], ["live_in_24h", "night_sleeping"], []])
def test_the_service_types_to_borrow_from_are_a_choice(pack: Pack, types: list[str]) -> None:
    page = on_tab(BREAKS, SUPPLY, shared_types_short_breaks=types)
    expected = shared_supply(pack, BREAKS, types)
    table = table_with(page, "district_name", "headroom_hours", "shortfall_hours")
    assert table["headroom_hours"].sum() == expected["headroom_hours"].sum()


def test_places_are_marked_by_rule(pack: Pack) -> None:
    page = shown(BREAKS, SUPPLY)
    known = places(pack, BREAKS)
    table = table_with(page, "district_name", "shown", "rural_share_65").set_index("district_name")
    for row in known.to_dict("records"):
        expected = {(0, 0): "neither", (1, 0): "rural", (0, 1): "beside London", (1, 1): "both"}
        assert table.loc[row["district_name"], "shown"] == expected[int(row["rural"]), int(row["borders_london"])]
    marked = known[known["rural"] | known["borders_london"]]["district_name"]
    heading = values(page.app, "header")[1]
    there = table.loc[marked, "waiting_hours"].sum()
    assert heading.startswith(f"{len(marked)} districts are rural or border London: {there:.0f} of 152 waiting hours")


# Intentions.


@pytest.mark.parametrize(("service", "number"), [(HOME, 12), (BREAKS, 8)])
def test_every_intention_has_its_figures_or_says_what_would_give_one(pack: Pack, service: str, number: int) -> None:
    page = shown(service, INTENTIONS)
    table = text_tables(page).set_index("Intention, in short (a summary)")["Today"]
    published = pack.table("intentions").query("service == @service").fillna("")
    assert list(table.index) == [f"**{text}**" for text in published["intention"]]
    assert len(table) == number
    rows = intentions_of(pack, service)
    for row in rows.to_dict("records"):
        text = table[f"**{row['intention']}**"]
        if row["figures"]:
            assert text.split("  \n") == [
                f"{one.label}: **{one.exact_text}** {badge(one.status)}" for one in row["figures"]
            ]
        else:
            assert text == f"No figure yet. What would give one: {row['needs']}"
            assert row["needs"]
    tracked = sum(bool(row) for row in rows["figures"])
    assert tracked == published["indicators"].ne("").sum()
    assert values(page.app, "header") == [
        f"Of {number} published intentions, {tracked} have a figure today and {number - tracked} have none yet."
    ]


def test_figures_of_intentions_agree_with_the_market() -> None:
    text = "\n".join(text_tables(shown(BREAKS, INTENTIONS))["Today"])
    assert f"Spot share: **100.0%** {badge('published')}" in text
    assert f"Published gaps filled: **1 of 7** {badge('derived')}" in text
    assert f"Net coverage: **{figures(shown(BREAKS, MARKET).app)[1]}** {badge('illustrative')}" in text
    assert f"Waiting hours: **{figures(shown(BREAKS, MARKET).app)[2]} hours a week**" in text
