"""The Providers page: every tab, every choice, and figures that are those of lib.market."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import for_people
import pack_copies
import pytest
from app_pages import (
    PROVIDERS,
    ROOT,
    acting,
    checked,
    figures,
    open_page,
    part_data,
    place_hours,
    spoken,
    values,
    words,
)
from streamlit.testing.v1 import AppTest

from lib.market.quality import gate_list
from lib.market.ranked_lists.call_off import Lot, call_off_order, ranked_list
from lib.market.ranked_lists.lot_supply import headlines, lot_supply
from lib.market.ranked_lists.one_provider import exposure
from lib.market.ranked_lists.placement import place, placed_list
from lib.market.ranked_lists.reranking import moves, rerank
from lib.market.ranked_lists.resilience import points_of_failure, stress
from lib.market.rating_age import age_summary, rating_ages
from lib.market.rural_pockets import pockets, pockets_sentence
from lib.market.selection import select
from lib.market.wording import show
from lib.pack.load import Pack, load_pack
from lib.view.providers.page import NAMES

HOME, BREAKS = "domiciliary_care", "short_breaks"
SERVICES = {HOME: "Domiciliary care", BREAKS: "Children's short breaks"}
LOTS, QUALITY, RESILIENCE, PLACES, ONE, RERANK = NAMES
MALDON = "E07000074"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def providers(tab: str = LOTS, service: str = HOME, opened: tuple[str, ...] = (), **query: str) -> AppTest:
    """The page with a tab and some closed tables open."""
    state = {"providers_tab": tab} | {f"table_{name}": True for name in opened}
    return open_page(PROVIDERS, state, service=SERVICES[service], **query)


def table_with(app: AppTest, *columns: str) -> Any:
    """The table on the page that has these columns."""
    (found,) = [table.value for table in app.dataframe if set(columns) <= set(table.value.columns)]
    return found


def html(app: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in app.get("html"))


def html_table(app: AppTest, start: str) -> str:
    """The HTML of the one table whose words for screen readers start so."""
    (found,) = [text for element in app.get("html") if f'<table aria-label="{start}' in (text := element.proto.body)]
    return str(found)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("tab", NAMES)
def test_every_tab_draws_for_each_service(tab: str, service: str) -> None:
    app = providers(tab, service)
    assert values(app, "title") == ["Providers: Essex"]
    assert len(words(app)) > 400
    assert not any(text in words(app) for text in ("nan", "None", "<NA>"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_headlines_are_those_of_the_market(pack: Pack, service: str) -> None:
    known = headlines(pack, service)
    shown = figures(providers(service=service))
    quality = for_people.hours(known.below_gate_hours) if service == HOME else show(known.not_rated_share, "share")
    assert shown[-4:] == [
        for_people.hours(known.headroom),
        f"{known.single}",
        quality,
        for_people.hours(known.riskiest_unplaced),
    ]


def test_a_service_without_a_framework_says_how_its_lists_stand() -> None:
    app = providers(service=BREAKS)
    assert "has no framework: every list below is of spot purchase, the cheapest provider first" in words(app)
    assert "the cheapest first" in html(app)
    assert "Gate" not in html(app)


def test_the_largest_lot_stands_open_with_its_ranked_list(pack: Pack) -> None:
    app = providers()
    assert "Tendring: Personal care, older people" in values(app, "subheader")[1]
    rows = ranked_list(pack, Lot(HOME, "E07000076", "personal_care", "older_people"))
    text = html_table(app, "Ranked list")
    places = [text.index(f">{name}</th>") for name in rows["provider_name"]]
    assert places == sorted(places), "the list stands in call-off order"
    assert text.count(">fails</td>") == int((~rows["passes_gate"]).sum())
    for head in ("Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led"):
        assert f">{head}</th>" in text
    assert text.count(">Requires improvement</span>") == int(
        (rows[["overall", "safe", "effective", "caring", "responsive", "well_led"]] == "Requires improvement")
        .sum()
        .sum()
    )


@pytest.mark.parametrize("skip", [False, True])
def test_placed_hours_are_those_of_the_command_line(pack: Pack, skip: bool) -> None:
    lot = Lot(HOME, MALDON, "personal_care", "working_age_adults")
    app = providers(opened=("placement",), district="Maldon", lot_cohort_domiciliary_care="Working age adults")
    if skip:
        app.toggle(key="skip_below_gate").set_value(True)
    for hours in (4, 15, 73, 110, 0):
        place_hours(app, hours)
        table = table_with(app, "route_label", "placed_hours")
        expected = place(pack, lot, hours, skip)
        assert list(table["placed_hours"]) == list(expected["placed_hours"])
        assert list(table["rank"].fillna(0)) == list(expected["rank"].fillna(0))
        assert math.fsum(table["placed_hours"]) == hours


def test_what_the_browser_moved_is_kept_lot_by_lot_within_the_sliders_limits(pack: Pack) -> None:
    app = providers(district="Maldon")
    first = part_data(app, "placement")
    place_hours(app, 40, n=3)
    assert "40 new hours a week:" in words(app)
    assert part_data(app, "placement")["n"] == 3, "older data is told from newer"
    checked(app.selectbox(key="district").select("Tendring").run())
    other = part_data(app, "placement")
    assert other["bus"] != first["bus"]
    # What was moved may reach the page after another lot was chosen: it is of the lot that it says.
    place_hours(app, 45, **{name: first["request"][name] for name in ("district", "service_type", "cohort")})
    assert part_data(app, "placement")["picture"] == other["picture"]
    checked(app.selectbox(key="district").select("Maldon").run())
    assert part_data(app, "placement")["picture"]["levers"] == {"hours": 45}
    for moved, kept in ((10**9, first["lever"]["high"]), (-5, 0), ("many", 0), (2.5, 0), (True, 0), (None, 0)):
        place_hours(app, moved)
        assert part_data(app, "placement")["picture"]["levers"] == {"hours": kept}
    place_hours(app, 10, district="nowhere")
    assert part_data(app, "placement")["picture"]["levers"] == {"hours": 0}


def test_the_list_that_is_played_down_is_the_ranked_list(pack: Pack) -> None:
    lot = Lot(HOME, MALDON, "personal_care", "older_people")
    data = part_data(providers(district="Maldon"), "placement")
    rows = ranked_list(pack, lot)
    lines = data["list"]["lines"]
    assert [line["name"] for line in lines] == list(rows["provider_name"])
    assert [line["rated"] for line in lines] == list(rows["overall"])
    assert [line["gate"] == "passes" for line in lines] == list(rows["passes_gate"])
    assert [line["rate"] for line in lines] == [f"£{rate:.2f}" for rate in rows["hourly_rate"]]
    assert [line["above"] for line in lines if line["above"]] == [
        "Tier 1, in order of rank", "Tier 2, in order of rank", "Spot, the cheapest first",
    ]  # fmt: skip
    widest = max(rows["free_hours"])
    assert [line["width"] for line in lines] == [round(100 * free / widest, 1) for free in rows["free_hours"]]
    assert data["list"]["heads"] == ["Rank", "Provider", "Overall", "Gate", "£ an hour", "New hours"]


def test_the_slider_starts_at_what_waits(pack: Pack) -> None:
    lots = lot_supply(pack, HOME).set_index(["district_code", "service_type", "cohort"])
    waiting = lots.loc[(MALDON, "personal_care", "older_people"), "waiting_hours"]
    assert f"{waiting:,.0f} new hours a week" in words(providers(district="Maldon"))


def test_a_lot_that_nobody_offers_says_so() -> None:
    app = providers(district="Maldon", lot_type_domiciliary_care="Carer support")
    assert "No provider is on this list." in words(app)


@pytest.mark.parametrize("measure", ["headroom_hours", "providers"])
def test_the_grid_has_every_lot_of_the_cohort(pack: Pack, measure: str) -> None:
    app = providers(opened=("lots_grid",))
    checked(app.segmented_control(key="lots_measure").set_value(measure).run())
    table = table_with(app, "row_name", "column_name", "words")
    lots = lot_supply(pack, HOME)
    lots = lots[lots["cohort"] == "older_people"]
    assert list(table["providers"]) == list(lots["providers"])
    assert list(table["headroom"]) == list(lots["headroom_hours"])
    assert list(table["words"]).count("rests on one provider") == int((lots["mark"] == "one").sum())


def test_quality_tables_are_those_of_the_market(pack: Pack) -> None:
    app = providers(QUALITY)
    gate = gate_list(pack, select(pack, HOME).county())
    fails = gate[gate["finding"] == "fails"]
    assert f"On tier 1 and below the gate: {len(fails)} providers" in words(app)
    assert all(f">{name}</th>" in html(app) for name in fails["provider_name"])
    ages = rating_ages(pack, select(pack, HOME).county())
    old = ages[ages["rated_years"] > 4]
    hours = float(old["delivered_hours"].sum())
    said = for_people.said(hours, for_people.hours(hours)).capitalize()
    assert f"{said} hours a week rest on ratings more than 4 years old" in words(app)
    assert age_summary(pack, ages)["hours"].sum() == ages["delivered_hours"].sum() == 128_000


def test_every_question_has_its_mix(pack: Pack) -> None:
    app = providers(QUALITY, opened=("provider_ratings",))
    for code, label in ((code, named.label) for code, named in pack.manifest.domains.items()):
        checked(app.segmented_control(key="quality_domain").set_value(code).run())
        assert any(f"CQC {label}: share of hours by rating" in text for text in values(app, "subheader"))
        table = table_with(app, "domain_label", "rating_label", "share")
        assert table["domain_label"].iloc[0] == "Essex"
        assert set(table["rating_label"]) == {"Outstanding", "Good", "Requires improvement", "Inadequate", "Not rated"}
        assert len(table) == 13 * 5


def test_the_largest_risk_leaves_until_somebody_chooses(pack: Pack) -> None:
    risks = points_of_failure(pack, HOME)
    app = providers(RESILIENCE, opened=("risks",))
    first = risks["provider_id"].iloc[0]
    assert app.multiselect(key="leaving_domiciliary_care").value == [first]
    stranded = float(risks["unplaced_hours"].iloc[0])
    assert f"and {for_people.said(stranded, for_people.hours(stranded))} do not" in words(app)
    table = table_with(app, "provider", "unplaced_hours", "lots")
    assert list(table["unplaced_hours"]) == list(risks["unplaced_hours"])
    checked(app.multiselect(key="leaving_domiciliary_care").set_value([]).run())
    assert "Choose a provider that leaves, or one that falls below the quality gate." in words(app)
    checked(app.run())
    assert app.multiselect(key="leaving_domiciliary_care").value == []


@pytest.mark.parametrize(
    ("leaving", "below", "skip"),
    [(["P064"], [], False), (["P064", "P123"], ["P052"], False), (["P059"], [], True), ([], ["P064"], False)],
)
def test_an_exit_on_the_page_is_the_exit_of_the_market(
    pack: Pack, leaving: list[str], below: list[str], skip: bool
) -> None:
    app = providers(RESILIENCE, opened=("stress_map",))
    app.multiselect(key="leaving_domiciliary_care").set_value(leaving)
    app.multiselect(key="below_gate_domiciliary_care").set_value(below)
    app.toggle(key="skip_on_exit").set_value(skip)
    checked(app.run())
    expected = stress(pack, tuple(leaving), tuple(below), skip)
    lots = table_with(app, "lot", "moved_hours", "shortfall_after")
    for column in ("moved_hours", "placed_hours", "unplaced_hours", "lost_headroom_hours"):
        assert lots[column].sum() == pytest.approx(expected.lots[column].sum(), abs=0.5 * len(lots))
    if leaving:
        placed = table_with(app, "lot", "route", "provider", "placed_hours")
        assert placed["placed_hours"].sum() == expected.placements["placed_hours"].sum()
    districts = table_with(app, "district_name", "moved_hours")
    assert districts["moved_hours"].sum() == expected.lots["moved_hours"].sum()
    for measure in ("moved", "lost", "unplaced"):
        checked(app.segmented_control(key="stress_measure").set_value(measure).run())


def test_an_exit_in_the_link_is_opened() -> None:
    app = providers(RESILIENCE, leaving_domiciliary_care="Provider 064")
    assert app.multiselect(key="leaving_domiciliary_care").value == ["P064"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_pockets_are_found_by_rule(pack: Pack, service: str) -> None:
    selection = select(pack, service)
    rows = pockets(pack, selection)
    app = providers(PLACES, service)
    assert pockets_sentence(pack, selection, rows) in "\n".join(values(app, "subheader"))
    table = table_with(app, "area_name", "rural_share_65", "spot_share")
    found = set(table.loc[table["pocket"] == "pocket", "area_name"]) if "pocket" in table else set()
    assert found == set(rows.loc[rows["pocket"], "area_name"])


@pytest.mark.parametrize(("service", "measure"), [(HOME, "Spot share of delivered hours"), (BREAKS, "Waiting share")])
def test_the_points_show_what_tells_districts_apart(pack: Pack, service: str, measure: str) -> None:
    """Without a framework every district buys all of its hours off it: a chart of that would be a single line."""
    rows = pockets(pack, select(pack, service)).set_index("area_code")
    app = providers(PLACES, service)
    assert len(app.get("vega_lite_chart")) == 1
    (said,) = spoken(app)
    column, kind = ("spot_share", "spot") if service == HOME else ("waiting_share", "waiting")
    assert said.startswith(measure)
    assert f"Maldon: rural 67.4%, {kind} {show(rows.loc[MALDON, column], 'share')}" in said


@pytest.mark.parametrize(("provider_id", "gated"), [("P064", True), ("P148", False)])
def test_a_provider_off_the_framework_has_no_gate_to_pass(provider_id: str, gated: bool) -> None:
    app = providers(ONE)
    checked(app.selectbox(key="provider").set_value(provider_id).run())
    (facts,) = [text for text in values(app, "markdown") if text.startswith(f"{provider_id};")]
    assert ("the quality gate" in facts) == gated


def test_one_provider_in_both_services(pack: Pack) -> None:
    rows = call_off_order(pack)
    (both, *_) = sorted(set.intersection(*(set(rows.loc[rows["service"] == one, "provider_id"]) for one in SERVICES)))
    app = providers(ONE)
    checked(app.selectbox(key="provider").set_value(both).run())
    expected = exposure(pack, both)
    shown = figures(app)[:-4]
    assert len(expected) == 2
    for number, row in enumerate(expected.to_dict("records")):
        assert shown[4 * number : 4 * number + 4] == [
            for_people.hours(row["delivered_hours"]),
            show(row["share"], "share"),
            for_people.pounds(row["value"]),
            for_people.hours(row["unplaced_hours"]),
        ]
    table = table_with(app, "service", "place", "listed")
    assert table["delivered_hours"].sum() == expected["delivered_hours"].sum()


def test_kept_tiers_and_the_weights_of_today_change_nothing() -> None:
    app = providers(RERANK)
    checked(app.segmented_control(key="keep_tiers").set_value("kept as today").run())
    assert "Nobody moves into or out of tier 1." in words(app)
    assert "0 of 599 places on the lists change." in words(app)
    table = table_with(app, "new", "today", "change")
    assert list(table["new"]) == list(table["today"])
    assert set(table["change"]) == {"no change"}


@pytest.mark.parametrize(("weight", "places", "gate"), [(50, 10, True), (100, 4, True), (0, 10, False)])
def test_reissued_lists_are_those_of_the_market(pack: Pack, weight: int, places: int, gate: bool) -> None:
    app = providers(RERANK)
    app.slider(key="performance_weight_slider").set_value(weight)
    app.slider(key="first_tier_places_slider").set_value(places)
    app.toggle(key="rerank_gate").set_value(gate)
    checked(app.run())
    checked(app.run())
    expected = rerank(pack, HOME, weight / 100, places, gate)
    moving = table_with(app, "district", "move", "gate")
    assert list(moving["move"]) == list(moves(expected)["move"])
    own = expected[
        expected["district_code"].eq("E07000076")
        & expected["service_type"].eq("personal_care")
        & expected["cohort"].eq("older_people")
    ]
    assert list(table_with(app, "new", "change")["performance_score"]) == list(own["performance_score"])


def test_a_service_without_lists_has_nothing_to_reissue() -> None:
    assert "has no ranked lists to reissue" in words(providers(RERANK, BREAKS))


def test_nobody_on_a_list_of_a_free_lot_is_no_error(pack: Pack) -> None:
    lot = Lot(HOME, MALDON, "carer_support", "older_people")
    assert placed_list(pack, lot, 5).empty
    app = place_hours(providers(district="Maldon", lot_type_domiciliary_care="Carer support"), 5)
    assert "5 new hours a week would have nowhere to go" in words(app)


@pytest.mark.parametrize("tab", NAMES)
def test_hostile_names_are_text(tab: str, pack_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are data: in HTML they are escaped, in Markdown too."""
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.with_hostile_names)))
    app = providers(tab)
    assert re.findall(r"<(?:img|script)", html(app)) == []
    assert acting(app) == []


def test_who_else_has_room_stands_in_one_table(pack: Pack) -> None:
    app = providers(district="Maldon", lot_type_domiciliary_care="Night awake")
    expected = (
        "Night awake, older people in Maldon: no provider has room; in neighbouring districts 1 provider has room"
    )
    assert expected in words(app)
    assert "Neighbours of Maldon: Braintree, Chelmsford and Colchester." in words(app)
    table = table_with(app, "provider", "lies_words", "place")
    assert len(table) == 1 and table["lies_words"].iloc[0] == "neighbour" and table["headroom_hours"].iloc[0] == 70
    checked(app.segmented_control(key="room_in").set_value("all").run())
    table = table_with(app, "provider", "lies_words", "place")
    own = call_off_order(pack).query("service == @HOME and district_code == @MALDON and headroom_hours > 0")
    assert table["lies_words"].eq("this district").sum() == len(own)
    assert table["headroom_hours"][: len(own)].sum() == pytest.approx(own["headroom_hours"].sum())
    assert set(table["district_name"]) <= {"Maldon", "Braintree", "Chelmsford", "Colchester"}
    assert "Domiciliary care in Maldon:" in words(app)


def test_without_a_framework_nobody_is_asked_for_a_gate() -> None:
    app = providers(service=BREAKS, district="Maldon")
    assert "gate" not in table_with(app, "provider", "lies_words", "place")
    # With one service type and one cohort, "this lot" and "its service type" would be the same.
    assert [option.content for option in app.get("button_group")[-1].proto.options] == ["This lot"]
