"""The What-if page: levers, years, tabs, saved scenarios, files, links; its figures, worked out without the page."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import for_people
import pack_copies
import pandas as pd
import pytest
from app_pages import (
    ROOT,
    SECONDS,
    WHAT_IF,
    acting,
    checked,
    figures,
    levers,
    live,
    open_page,
    part_data,
    sentence,
    unescaped,
    values,
    words,
)
from app_pages import move as moved
from streamlit.testing.v1 import AppTest

from lib.charts.year_map import MEASURES
from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack, load_pack
from lib.view.what_if.store import store
from lib.whatif.baseline import prepare
from lib.whatif.project import project
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import assumptions_log, default_scenario, preset_scenario, presets, truly_named
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import summarise
from lib.whatif.tables import NEVER
from lib.whatif.uncertainty import uncertainty

HOME, BREAKS = "domiciliary_care", "short_breaks"
SERVICES = (HOME, BREAKS)
TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")
LISTS = {"more_lists": True}
NEED, UPLIFT = "demand.need_growth_pct", "price.uplift_pct"
OWN_GROWTH, EXITS = "demand.district_need_growth_pct", "supply.provider_exits"
# In the order of the page; tests/pages/test_every_lever.py has every lever.
FIRST = (NEED, "supply.capacity_growth_pct", UPLIFT)
SLIDERS = (
    "demand.hours_per_person_growth_pct",
    "demand.direct_payment_shift_pct",
    "demand.reablement_reduction_pct",
    "demand.technology_reduction_pct",
    "demand.prevalence_growth_pct",
    "demand.discharge_people_per_month",
    "demand.discharge_weeks",
    "demand.discharge_reablement_pct",
    "demand.discharge_hours",
    "demand.turning_18_per_year",
    "demand.turning_18_hours",
    "supply.vacancy_rate_pct",
    "supply.vacancy_change_pts",
    "supply.spot_conversion_pct",
    "supply.overseas_share_pct",
    "supply.overseas_loss_pct",
    "supply.contact_hours_change_pct",
    "years",
    "range.need_growth_sd_pts",
    "range.capacity_growth_sd_pts",
    "range.ageing_sd_pct",
    "range.draws",
)
# What children's short breaks, without a framework and without adults, cannot have.
NOT_OF_BREAKS = (
    "supply.spot_conversion_pct", "demand.prevalence_growth_pct", "demand.discharge_people_per_month",
    "demand.discharge_weeks", "demand.discharge_reablement_pct", "demand.discharge_hours",
)  # fmt: skip
MALDON = "E07000074"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "[x](javascript:alert(1))",
    ":red-badge[x] $x^2$ **x** ~~y~~",
    "http://example.com www.example.com a@example.com",
    ":material/home: :smile: -> 12:30 --",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def what_if(tab: str = "", lists: bool = False, service: str = HOME, **query: str) -> AppTest:
    """The page, with a tab and the levers that are lists open, for a service."""
    state: dict[str, Any] = LISTS if lists else {}
    state = state | ({"what_if_tab": tab} if tab else {})
    query |= {"service": "Children's short breaks"} if service == BREAKS else {}
    return open_page(WHAT_IF, state, **query)


@cache
def plain_tab(tab: str, service: str) -> AppTest:
    """A tab as it stands at first. Shared: nothing may act on it."""
    return what_if(tab, service=service)


def scenario_on(app: AppTest, service: str = HOME) -> Scenario | None:
    """The scenario that the session works on; None while it is the default."""
    found = f"scenario_of_{service}" in app.session_state
    return app.session_state[f"scenario_of_{service}"] if found else None


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of a label."""
    (button,) = [one for one in app.button if unescaped(one.label) == label]
    return checked(button.click().run())


def move(app: AppTest, lever_id: str, value: Any, service: str = HOME) -> AppTest:
    """Move a lever."""
    return moved(app, {lever_id: value}, service=service)


def value_of(app: AppTest, lever_id: str) -> Any:
    """Where a lever stands."""
    return live(app)["levers"][lever_id]


def show_year(app: AppTest, year: int) -> AppTest:
    """Choose the year that is shown."""
    return moved(app, {}, year=year)


def start_from(app: AppTest, name: str, service: str = HOME) -> AppTest:
    """Choose a preset."""
    return checked(app.selectbox(key=f"preset_{service}").set_value(name).run())


def county_years(pack: Pack, scenario: Scenario) -> pd.DataFrame:
    """The county's years from the projection lot by lot: what the command line prints, added up."""
    rows = project(pack, scenario)
    rows["shortfall_hours"] = rows["gap_hours"].clip(lower=0)
    sums = rows.groupby("year")[["demand_hours", "capacity_hours", "gap_hours", "shortfall_hours", "cost"]].sum()
    return sums.assign(coverage=sums["capacity_hours"] / sums["demand_hours"])


def expected_tiles(pack: Pack, scenario: Scenario) -> list[str]:
    """The four headlines of a scenario."""
    years = county_years(pack, scenario)
    coverage = years["coverage"].iloc[-1]
    last, extra = years.iloc[-1], years["cost"].iloc[-1] - years["cost"].iloc[0]
    return [
        for_people.hours(last["demand_hours"]),
        "just under 1.00" if 0.995 <= coverage < 1 else f"{coverage:.2f}",
        for_people.hours(last["shortfall_hours"]),
        f"{'+' if extra >= 0 else '-'}{for_people.pounds(abs(extra))}",
    ]


def workers_of(pack: Pack, scenario: Scenario) -> list[float]:
    """The 10th and the 90th percentile of care workers before they are rounded up.

    What a lot lacks of 1.1 x its demand is its shortfall where 1.1 x the hours are needed from the start.
    """
    start, target = prepare(pack, scenario.service), scenario.target
    hours = {name: target.coverage * getattr(start, name) for name in ("delivered_hours", "waiting_hours")}
    spread = uncertainty(pack, scenario, dataclasses.replace(start, **hours))
    last = spread.query("measure == 'shortfall_hours' and district_code == 'all'").iloc[-1]
    return [float(last[end]) / target.contact_hours_per_worker for end in ("p10", "p90")]


def last_table(app: AppTest) -> pd.DataFrame:
    """The last table of figures on the page."""
    frame: pd.DataFrame = app.dataframe[-1].value
    return frame


# What stands there at first.


def test_the_page_runs_with_its_levers(pack: Pack) -> None:
    app = what_if()
    assert values(app, "title") == ["What if? Essex"]
    assert len(levers(app)) >= 26
    parts = ("say", "levers", "map", "year", "lines", "newly", "tiles", "drivers", "effects")
    assert [part for part in parts if not part_data(app, part)] == []
    assert [tab.label for tab in app.get("tab")] == list(TABS)
    assert figures(app) == expected_tiles(pack, default_scenario(pack, HOME))
    assert "scenario" not in app.query_params  # the default needs no words in the link


@pytest.mark.parametrize("service", SERVICES)
def test_every_lever_has_its_limits_and_a_line_on_its_default(pack: Pack, service: str) -> None:
    app = what_if(service=service)
    found = levers(app)
    # Short breaks are bought from spot alone: there is nothing to convert.
    numbers = [one for one in (*FIRST, *SLIDERS) if service == HOME or one not in NOT_OF_BREAKS]
    assert [name for name, one in found.items() if one["kind"] != "switch" and one["slides"]] == numbers
    assert [name for name, one in found.items() if one["kind"] == "switch"] == ["demand.demographic", "range.chance"]
    assert found["range.seed"]["slides"] is False, "nobody can hit one of two billion steps"
    assert [name for name, one in found.items() if not one["group"]] == list(FIRST), "the others are folded"
    plain = default_scenario(pack, service)
    for name, one in found.items():
        assert re.match(r"Default .*\((published|context|assumption)", one["caption"]), name
        assert not re.search(r"\b(nan|None|inf)\b", one["caption"]), name
        assert one["meaning"].endswith("."), name
        assert one["value"] == live(app)["levers"][name]
    assert found["years"]["value"] == plain.years
    assert (found[NEED]["low"], found[NEED]["high"], found[NEED]["step"], found[NEED]["places"]) == (-20, 20, 0.5, 1)


@pytest.mark.parametrize("service", SERVICES)
def test_each_preset_changes_sentence_and_figures(pack: Pack, service: str) -> None:
    app = what_if(service=service)
    names = [preset.name for preset in presets(pack, service)]
    assert len(names) >= (5 if service == HOME else 2)
    seen = {}
    for name in names:
        start_from(app, name, service)
        # What a price changes stands behind the answer.
        seen[name] = f"{sentence(app)} {live(app)['say']['more']}"
        assert figures(app) == expected_tiles(pack, preset_scenario(pack, service, name))
        assert (live(app)["name"], live(app)["started_from"]) == (name, name)
        assert app.selectbox(key=f"preset_{service}").value is None
    assert len(set(seen.values())) == len(names), seen


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("tab", TABS)
def test_each_tab_draws_for_each_service(tab: str, service: str) -> None:
    app = plain_tab(tab, service)
    plain_page = plain_tab("Assumptions" if tab != "Assumptions" else "Districts", service)
    assert values(app, "subheader") != values(plain_page, "subheader")
    assert re.findall(r"\b(?:nan|NaN|None(?! yet)|inf|NaT)\b|<NA>", words(app)) == []


# Levers.


@pytest.mark.parametrize("service", SERVICES)
def test_a_lever_that_moved_stands_where_it_was_moved_to(pack: Pack, service: str) -> None:
    app = what_if(service=service)
    move(app, NEED, 2.0, service)
    assert value_of(app, NEED) == 2.0
    assert "need grows 2% a year" in sentence(app)
    move(app, NEED, 3.5, service)
    assert value_of(app, NEED) == 3.5
    assert "need grows 3.5% a year" in sentence(app)
    move(app, UPLIFT, 4.0, service)
    scenario = with_levers(pack, default_scenario(pack, service), {NEED: 3.5, UPLIFT: 4.0})
    assert figures(app) == expected_tiles(pack, scenario)
    assert scenario_on(app, service) == truly_named(pack, scenario)


@pytest.mark.parametrize("service", SERVICES)
def test_a_changed_scenario_is_not_the_ready_made_one(pack: Pack, service: str) -> None:
    app = what_if("Assumptions", service=service)
    plain = default_scenario(pack, service)

    def reasons() -> set[str]:
        return {unescaped(why) for why in app.table[-1].value["Why"]}

    assert live(app)["name"] == plain.name
    assert plain.rationale in reasons()
    need = plain.demand.need_growth_pct
    for value in (need + 1, need + 2):
        move(app, NEED, value, service)
        assert (live(app)["name"], live(app)["started_from"]) == (f"{plain.name}, changed", plain.name)
        assert plain.rationale not in reasons()
        assert "no reason given" in reasons()
    assert scenario_on(app, service).name == f"{plain.name}, changed"
    move(app, NEED, need, service)
    assert scenario_on(app, service) == plain
    assert live(app)["name"] == plain.name
    assert plain.rationale in reasons()


def test_a_scenario_that_its_reader_named_is_changed_until_it_is_named_again() -> None:
    app = what_if("Scenarios")
    move(app, NEED, 2.0)
    checked(app.text_input(key=f"words_name_{HOME}").set_value("Winter plan").run())
    checked(app.text_area(key=f"words_rationale_{HOME}").set_value("A hard winter").run())
    assert scenario_on(app, HOME).name == "Winter plan"
    move(app, NEED, 3.0)
    assert (scenario_on(app, HOME).name, scenario_on(app, HOME).rationale) == ("Winter plan, changed", "A hard winter")
    move(app, NEED, 2.0)
    assert scenario_on(app, HOME).name == "Winter plan"
    move(app, NEED, 3.0)
    checked(app.text_input(key=f"words_name_{HOME}").set_value("Harder winter").run())
    move(app, UPLIFT, 1.0)
    assert scenario_on(app, HOME).name == "Harder winter, changed"


def test_a_changed_scenario_that_is_saved_over_has_its_name_again() -> None:
    app = what_if("Scenarios")
    checked(app.text_input(key=f"words_name_{HOME}").set_value("Winter plan").run())
    press(app, "Save as new")
    move(app, NEED, 3.0)
    assert scenario_on(app, HOME).name == "Winter plan, changed"
    press(app, "Save over Winter plan")
    assert scenario_on(app, HOME).name == "Winter plan"
    assert saved_names() == ["Winter plan"]
    (kept,) = store().listed()
    assert '"name": "Winter plan"' in kept.document
    move(app, NEED, 4.0)
    press(app, "Save as new")
    assert saved_names() == ["Winter plan", "Winter plan, changed"]
    move(app, NEED, 5.0)
    assert scenario_on(app, HOME).name == "Winter plan, changed"


def test_moves_of_the_service_before_are_not_lost() -> None:
    """The switch stands outside what the levers redraw: a move may arrive when another service is shown."""
    app = what_if()
    checked(app.segmented_control(key="service").set_value(BREAKS).run())
    before = figures(app)
    move(app, NEED, 2.0, HOME)
    assert figures(app) == before
    assert scenario_on(app, HOME).demand.need_growth_pct == 2.0
    assert scenario_on(app, BREAKS) is None


def test_what_the_browser_says_it_stood_on_is_what_is_changed(pack: Pack) -> None:
    """Moves are sent as they were made, on the scenario that was on the screen: an undo sends one whole."""
    app = move(what_if(), NEED, 2.0)
    whole = with_levers(pack, default_scenario(pack, HOME), {UPLIFT: 3.0})
    moved(app, {}, scenario=whole.document())
    assert scenario_on(app) == truly_named(pack, whole)
    moved(app, {NEED: 1.0}, scenario=default_scenario(pack, HOME).document())
    assert (value_of(app, NEED), value_of(app, UPLIFT)) == (1.0, 0.0)


def test_the_page_says_which_moves_it_has_taken() -> None:
    """What the reader has moved since is newer than what the page says then."""
    app = what_if()
    assert part_data(app)["n"] == 0
    moved(app, {NEED: 1.0}, n=7)
    assert part_data(app)["n"] == 7
    moved(app, {NEED: 99.0}, n=8)
    assert (part_data(app)["n"], value_of(app, NEED)) == (8, 1.0), "refused, and said"
    start_from(app, "Recruitment drive")
    assert part_data(app)["n"] == 8


def test_definitions_that_the_browser_has_are_not_sent_again() -> None:
    app = what_if()
    first = live(app)["definitions"]
    assert {chart["definition"] for chart in live(app)["charts"].values()} == set(first)
    moved(app, {NEED: 1.0}, known=list(first))
    assert live(app)["definitions"] == {}


def test_reset_goes_back_to_what_was_started_from(pack: Pack) -> None:
    app = start_from(what_if(), "Recruitment drive")
    start = part_data(app)["start"]
    assert start == preset_scenario(pack, HOME, "Recruitment drive").document()
    move(app, NEED, 4.0)
    assert part_data(app)["start"] == start
    moved(app, {}, scenario=start)
    assert scenario_on(app) == preset_scenario(pack, HOME, "Recruitment drive")
    assert live(app)["name"] == "Recruitment drive"


@pytest.mark.parametrize("moves", ["much", [], {"changes": 3}, {"scenario": "plan"}, {"service": "meals"}, {"area": 7}])
def test_moves_that_are_none_change_nothing(moves: object) -> None:
    app = what_if()
    before = figures(app)
    app.session_state["what_if_moves"] = moves
    checked(app.run())
    assert figures(app) == before


def test_each_service_keeps_its_own_levers() -> None:
    app = move(what_if(), NEED, 2.0)
    first = figures(app)
    checked(app.segmented_control(key="service").set_value(BREAKS).run())
    move(app, NEED, 12.0, BREAKS)
    checked(app.segmented_control(key="service").set_value(HOME).run())
    assert figures(app) == first
    assert value_of(app, NEED) == 2.0


def test_what_the_limits_refuse_is_said_once_and_changes_nothing() -> None:
    """15% of posts are empty today: 60 points fewer cannot be. The browser's own limits do not know that."""
    app = move(what_if(), NEED, 2.0)
    before, tiles = scenario_on(app), figures(app)
    move(app, "supply.vacancy_change_pts", -60.0)
    (problem,) = values(app, "error")
    assert "supply.vacancy_change_pts" in problem
    assert "found -60, expected a change that keeps the vacancy rate, 15% today, within 0% to 60%" in problem
    assert scenario_on(app) == before
    assert figures(app) == tiles
    assert value_of(app, "supply.vacancy_change_pts") == 0.0
    move(app, "supply.vacancy_change_pts", -5.0)
    assert values(app, "error") == []


def beyond_limits() -> None:
    """A script of one button that moves a lever beyond its limits, past every widget."""
    import streamlit as st

    from lib.view.page_pack import shown_pack
    from lib.view.what_if.state import PROBLEM, change

    pack = shown_pack().pack
    service, lever_id, value = st.session_state["lever"]
    st.button("Move", on_click=change, args=(pack, service, {lever_id: value}))
    st.markdown(st.session_state.get(PROBLEM) or "nothing wrong")


@pytest.mark.parametrize(
    ("service", "lever_id", "value"),
    [
        (HOME, NEED, 999.0),
        (HOME, NEED, float("nan")),
        (HOME, UPLIFT, "much"),
        (HOME, "years", 200),
        (HOME, "range.draws", 10**12),
        (HOME, OWN_GROWTH, {"E07999999": 1.0}),
        (HOME, EXITS, ["nobody"]),
        (BREAKS, "supply.spot_conversion_pct", 10.0),
        (HOME, "name", ""),
        (HOME, "rationale", "x" * 2001),
    ],
)
def test_a_lever_beyond_its_limits_is_refused(
    service: str, lever_id: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACK", str(ROOT / "data"))
    app = AppTest.from_function(beyond_limits, default_timeout=SECONDS)
    app.session_state["lever"] = (service, lever_id, value)
    checked(app.run())
    assert values(app, "markdown") == ["nothing wrong"]
    checked(app.button[0].click().run())
    (said,) = values(app, "markdown")
    assert re.match(r"scenario, \S+: found .+, expected .+", said)
    assert "\n" not in said
    assert scenario_on(app, service) is None


def test_ageing_is_a_switch(pack: Pack) -> None:
    app = move(what_if(), "demand.demographic", False)
    assert value_of(app, "demand.demographic") is False
    assert figures(app) == expected_tiles(
        pack, with_levers(pack, default_scenario(pack, HOME), {"demand.demographic": False})
    )
    assert "need and supply stay as in 2024/25" in sentence(app)


def test_a_districts_own_growth_moves_that_district_alone(pack: Pack) -> None:
    """The table's own typing is tried in the browser; here the page with a scenario that has it."""
    plain_scenario = default_scenario(pack, HOME)
    own = with_levers(pack, plain_scenario, {OWN_GROWTH: {MALDON: 8.0}})
    app = what_if("Districts", True, scenario=to_link(own, pack))
    (editor,) = [one.value for one in app.dataframe if "growth" in one.value]
    filled = editor.dropna()
    assert list(filled["District"]) == ["Maldon"]
    assert list(filled["growth"]) == [8.0]
    with_own = last_table(app).set_index("area")["demand_then"]
    without = last_table(what_if("Districts")).set_index("area")["demand_then"]
    changed = [name for name in with_own.index if with_own[name] != without[name]]
    assert changed == ["Maldon", "Essex"]


def test_a_provider_that_leaves_takes_its_capacity(pack: Pack) -> None:
    app = what_if("Districts", True)
    ids = pack.table("capacity").query("service == @HOME").groupby("provider_id")["capacity_hours"].sum()
    leaver = str(ids.idxmax())
    checked(app.multiselect(key=f"providers_{HOME}_{EXITS}").set_value([leaver]).run())
    scenario = with_levers(pack, default_scenario(pack, HOME), {EXITS: [leaver]})
    assert figures(app) == expected_tiles(pack, scenario)
    years = county_years(pack, scenario)["capacity_hours"]
    assert years.iloc[0] - years.iloc[1] == pytest.approx(ids[leaver])
    assert "Providers that leave take their capacity with them; cost is left unchanged." in words(app)
    assert "with providers that leave (1)" in sentence(app)


def test_what_is_diverted_stands_beside_the_cost() -> None:
    app = what_if("Districts")
    assert "Their own budgets are not included" in words(app)  # the levers' own line
    assert "taken away" not in words(app)
    move(app, "demand.direct_payment_shift_pct", 20.0)
    move(app, "demand.technology_reduction_pct", 5.0)
    (said,) = [text for text in values(app, "markdown") if "taken away" in text]
    assert re.fullmatch(
        r"(About )?[\d,]+ hours a week, worth (about )?£[\d.]+m a year, are taken away by direct payments and "
        r"technology in 2029/30. "
        r"Their own budgets are not included.",
        said,
    )


# Years.


def test_years_and_the_year_shown(pack: Pack) -> None:
    app = what_if("Districts")
    assert part_data(app)["year"] == 2029
    assert "Districts in 2029/30" in "\n".join(values(app, "subheader"))
    tiles = figures(app)
    show_year(app, 2026)
    assert app.query_params["year"] == "2026"
    assert figures(app) == tiles  # the tiles are of the last year
    years = county_years(pack, default_scenario(pack, HOME))
    county = last_table(app).iloc[-1]
    assert county["demand_then"] == pytest.approx(years.loc[2026, "demand_hours"], abs=0.5)
    show_year(app, 2024)
    assert last_table(app).iloc[-1]["demand_then"] == last_table(app).iloc[-1]["demand_now"]
    move(app, "years", 10)
    assert live(app)["years"] == list(range(2024, 2035))
    assert part_data(app)["year"] == 2024
    assert "would have no provider in 2034/35" in words(app)
    move(app, "years", 1)
    assert live(app)["years"] == [2024, 2025]
    assert figures(app) == expected_tiles(pack, default_scenario(pack, HOME, 1))


def test_a_year_that_is_no_longer_there_gives_way_to_the_last() -> None:
    app = move(what_if(), "years", 12)
    show_year(app, 2036)
    assert "year" not in app.query_params, "the last is shown until somebody chooses another"
    show_year(app, 2035)
    move(app, "years", 3)
    assert part_data(app)["year"] == 2027


def test_the_link_has_the_year_that_is_shown() -> None:
    app = what_if("Districts", year="2026")
    assert part_data(app)["year"] == 2026
    assert "Districts in 2026/27" in "\n".join(values(app, "subheader"))
    assert what_if("Districts", year="1999").query_params.get("year") is None


# The tables.


@pytest.mark.parametrize(
    ("service", "moved"),
    [(HOME, {}), (HOME, {NEED: 2.0, "supply.capacity_growth_pct": -1.5}), (BREAKS, {NEED: 15.0, UPLIFT: 3.0})],
)
def test_the_table_of_districts_is_the_projection(pack: Pack, service: str, moved: dict[str, Any]) -> None:
    scenario = with_levers(pack, default_scenario(pack, service), moved)
    app = what_if("Districts", service=service, scenario=to_link(scenario, pack))
    table = last_table(app).set_index("area")
    rows = project(pack, scenario).assign(shortfall=lambda one: one["gap_hours"].clip(lower=0))
    names = pack.district_names()
    sums = rows.groupby(["year", "district_code"])[
        ["demand_hours", "capacity_hours", "gap_hours", "shortfall", "cost"]
    ].sum()
    first, last = rows["year"].min(), rows["year"].max()
    assert list(table.index) == [*names.values(), "Essex"]
    for code, name in names.items():
        now, then = sums.loc[(first, code)], sums.loc[(last, code)]
        row = table.loc[name]
        assert row["demand_now"] == pytest.approx(now["demand_hours"], abs=0.5001)
        assert row["demand_then"] == pytest.approx(then["demand_hours"], abs=0.5001)
        assert row["gap_then"] == pytest.approx(then["gap_hours"], abs=0.5001)
        assert row["shortfall"] == pytest.approx(then["shortfall"], abs=0.5001)
        assert row["cost"] == pytest.approx(then["cost"], abs=0.5001)
        assert row["coverage"] == pytest.approx(then["capacity_hours"] / then["demand_hours"], abs=0.01)
        short = [year for year in range(first, last + 1) if sums.loc[(year, code), "gap_hours"] > 1e-6]
        assert row["first_short"] == (f"{short[0]}/{(short[0] + 1) % 100:02d}" if short else NEVER)
        assert row["gap_low"] <= row["gap_then"] <= row["gap_high"]


def test_children_who_turn_18_open_the_other_service_with_the_same_number() -> None:
    app = what_if(service=BREAKS)
    assert f"other_service_{BREAKS}" not in [one.key for one in app.button]
    move(app, "demand.turning_18_per_year", 6.0, BREAKS)
    (button,) = [one for one in app.button if one.key == f"other_service_{BREAKS}"]
    assert unescaped(button.label) == "Open Domiciliary care with the same number"
    checked(button.click().run())
    assert app.session_state["service"] == HOME
    for service in (HOME, BREAKS):
        assert app.session_state[f"scenario_of_{service}"].demand.turning_18_per_year == 6.0


def test_what_it_would_take_follows_its_own_levers(pack: Pack) -> None:
    app = what_if("What it would take")
    for values_set in ({}, {"target.coverage": 1.1}, {"target.coverage": 1.1, "target.contact_hours_per_worker": 20.0}):
        for lever_id, value in values_set.items():
            move(app, lever_id, value)
        scenario = with_levers(pack, default_scenario(pack, HOME), values_set)
        needed = summarise(pack, scenario).needed.set_index("district_code")
        extra, workers = needed.loc[COUNTY_CODE, "extra_hours"], needed.loc[COUNTY_CODE, "extra_workers"]
        shown = for_people.said(extra, for_people.hours(extra))
        carers = for_people.to_the(workers, 10 if workers >= 100 else 1)
        who = for_people.said(workers, f"{carers:,}")
        (text,) = [text for text in values(app, "subheader") if "care workers" in text]
        said = f"{shown[0].upper()}{shown[1:]} more hours a week, or {who} care workers (range "
        assert text.startswith(said)
        ends = re.match(r"([\d,]+) to ([\d,]+)\), would bring every lot to ", text.removeprefix(said))
        assert ends
        for end, plain in zip(ends.groups(), workers_of(pack, scenario), strict=True):
            number = int(end.replace(",", ""))
            # Rounded up in each draw, less than one worker more; from 100 up read to the ten.
            assert -0.51 <= number - plain <= 1.51 if number < 100 else -5.01 <= number - plain <= 6.01
        (table,) = [one.value for one in app.dataframe if "extra_hours" in one.value]
        assert table["extra_hours"].iloc[-1] == pytest.approx(extra, abs=0.5001)


def test_the_assumptions_log_lists_every_lever(pack: Pack) -> None:
    app = what_if("Assumptions")
    move(app, NEED, 2.0)
    scenario = scenario_on(app)
    assert scenario is not None
    log = assumptions_log(pack, scenario)
    (table,) = [one.value.map(unescaped) for one in app.table]
    assert len(table) == len(log) == 32
    assert [unescaped(name) for name in table.index] == list(log["label"])
    shown = table.set_axis([unescaped(name) for name in table.index])
    assert set(shown["Status"]) <= {"published", "context", "assumption"}
    assert (shown["Source"] != "").all()
    assert shown.loc["Need growth", ["Value", "Default", "Source"]].tolist() == [
        "2% a year", "0% a year", "Set in this scenario",
    ]  # fmt: skip


# A district.


def test_a_chosen_district_has_its_own_lines_and_drivers(pack: Pack) -> None:
    app = what_if()
    tiles = figures(app)
    checked(app.selectbox(key="district").set_value(MALDON).run())
    titles = "\n".join(values(app, "subheader"))
    assert "Demand and capacity in Maldon" in titles
    assert "What changes demand in Maldon" in titles
    assert figures(app) == tiles


def test_every_measure_can_be_mapped() -> None:
    app = what_if()
    titles = []
    for code, (label, _) in MEASURES.items():
        moved(app, {}, measure=code)
        titles.append(values(app, "subheader")[0])
        assert titles[-1] == f"{label} by district, 2029/30"
        assert live(app)["map"]["measure"] == code
    assert len(set(titles)) == len(MEASURES) >= 2


# Saved scenarios.


def typed_name(app: AppTest, name: str, service: str = HOME) -> AppTest:
    return checked(app.text_input(key=f"words_name_{service}").set_value(name).run())


def new_name(app: AppTest) -> Any:
    (box,) = [one for one in app.text_input if one.label == "New name"]
    return box


def saved_names() -> list[str]:
    return [one.name for one in store().listed()]


def choose_saved(app: AppTest, name: str) -> AppTest:
    (code,) = [one.id for one in store().listed() if one.name == name]
    return checked(app.selectbox(key="saved_chosen").set_value(code).run())


def test_save_save_over_open_rename_duplicate_delete(pack: Pack) -> None:
    app = move(what_if("Scenarios"), NEED, 2.0)
    assert "None yet: save this one, and it stays for the next meeting." in words(app)
    checked(app.text_input(key="author").set_value("A. Commissioner").run())
    typed_name(app, "Winter plan")
    press(app, "Save as new")
    assert values(app, "success") == ["Saved as Winter plan."]
    assert saved_names() == ["Winter plan"]
    press(app, "Save as new")  # the name is taken now: a copy, never an overwriting
    assert saved_names() == ["Winter plan", "Winter plan (2)"]
    assert live(app)["name"] == "Winter plan (2)"

    move(app, NEED, 3.0)
    press(app, "Save over Winter plan (2)")
    by_name = {one.name: one for one in store().listed()}
    assert json.loads(by_name["Winter plan (2)"].document)["demand"]["need_growth_pct"] == 3.0
    assert json.loads(by_name["Winter plan"].document)["demand"]["need_growth_pct"] == 2.0
    assert by_name["Winter plan (2)"].author == "A. Commissioner"
    assert by_name["Winter plan (2)"].version == 2

    start_from(app, "Recruitment drive")
    choose_saved(app, "Winter plan")
    press(app, "Open")
    assert values(app, "success") == ["Opened Winter plan."]
    assert value_of(app, NEED) == 2.0
    assert figures(app) == expected_tiles(pack, with_levers(pack, default_scenario(pack, HOME), {NEED: 2.0}))
    assert values(app, "warning") == []

    checked(new_name(app).set_value("Spring plan").run())
    press(app, "Rename it")
    assert values(app, "success") == ["Now called Spring plan."]
    assert saved_names() == ["Spring plan", "Winter plan (2)"]
    press(app, "Duplicate")
    assert saved_names() == ["Spring plan", "Spring plan (2)", "Winter plan (2)"]
    choose_saved(app, "Winter plan (2)")
    press(app, "Delete it")
    assert saved_names() == ["Spring plan", "Spring plan (2)"]


def test_the_name_to_change_is_that_of_the_chosen_scenario(pack: Pack) -> None:
    for name in ("Alpha", "Beta"):
        store().add(name, HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))
    app = what_if("Scenarios")
    for name in ("Alpha", "Beta", "Alpha"):
        choose_saved(app, name)
        assert new_name(app).value == name


def test_a_scenario_saved_with_another_pack_or_base_year_opens_with_a_warning(pack: Pack) -> None:
    document = with_levers(pack, default_scenario(pack, HOME), {NEED: 2.0}).document()
    document |= {"name": "From elsewhere", "pack_name": "another-pack", "base_year": 2019}
    store().add("From elsewhere", HOME, "another-pack", json.dumps(document))
    app = what_if("Scenarios")
    assert any("another-pack" in option for option in app.selectbox(key="saved_chosen").options)
    press(app, "Open")
    first, second = values(app, "warning")
    assert "saved with another data pack, another-pack" in first
    assert "saved when year 0 was 2019: it now starts from 2024" in second
    assert value_of(app, NEED) == 2.0
    start_from(app, "Recruitment drive")
    assert values(app, "warning") == []  # which was not saved anywhere


def test_a_saved_scenario_that_no_longer_fits_says_so_and_is_not_opened(pack: Pack) -> None:
    document = default_scenario(pack, HOME).document()
    document["demand"]["district_need_growth_pct"] = {"E07999999": 1.0}
    store().add("Old districts", HOME, pack.manifest.name, json.dumps(document))
    app = what_if("Scenarios")
    press(app, "Open")
    (problem,) = values(app, "error")
    assert "Old districts, demand.district_need_growth_pct" in problem
    assert values(app, "success") == []
    assert scenario_on(app) is None


def test_a_scenario_that_somebody_deleted_is_said_so(pack: Pack) -> None:
    one = store().add("Gone", HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))
    app = what_if("Scenarios")
    store().delete(one)
    press(app, "Rename it")
    assert "That scenario was deleted meanwhile." in words(app)
    assert "Saved scenarios (0)" in values(app, "subheader")


def test_two_sessions_that_save_over_the_same_scenario_lose_nothing(pack: Pack) -> None:
    store().add("Shared", HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))
    one, other = what_if("Scenarios"), what_if("Scenarios")
    for app, value in ((one, 1.0), (other, 2.0)):
        press(app, "Open")
        move(app, NEED, value)
    for app in (one, other):
        press(app, "Save over Shared")
    growths = {saved.name: json.loads(saved.document)["demand"]["need_growth_pct"] for saved in store().listed()}
    assert growths == {"Shared": 1.0, "Shared (2)": 2.0}
    assert values(one, "success") == ["Saved as Shared."]
    assert values(other, "success") == [
        "Shared was changed or deleted by somebody else since you opened it. Saved as Shared (2)."
    ]


# Files.


def document_of(**changes: Any) -> dict[str, Any]:
    return {"name": "A file", "service": HOME, "years": 5, **changes}


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in document_of().items() if name != field}


WRONG: dict[str, tuple[bytes, str]] = {
    "missing field": (json.dumps(without("years")).encode(), "years: found nothing"),
    "unknown field": (json.dumps(document_of(growth=1)).encode(), "growth: found a field that is not known"),
    "unknown lever": (json.dumps(document_of(demand={"need": 1})).encode(), "demand.need: found a field"),
    "text for a number": (
        json.dumps(document_of(demand={"need_growth_pct": "two"})).encode(),
        "demand.need_growth_pct: found the text",
    ),
    "1e9 %": (
        json.dumps(document_of(price={"uplift_pct": 1e9})).encode(),
        "price.uplift_pct: found 1000000000, expected a number from -10 to 20",
    ),
    "unknown district": (
        json.dumps(document_of(demand={"district_need_growth_pct": {"E07999999": 1.0}})).encode(),
        "demand.district_need_growth_pct: found the district",
    ),
    "unknown provider": (
        json.dumps(document_of(supply={"provider_exits": ["nobody"]})).encode(),
        "supply.provider_exits: found the provider",
    ),
    "unknown service": (json.dumps(document_of(service="meals")).encode(), "service: found the text"),
    "year 200": (json.dumps(document_of(years=200)).encode(), "years: found 200, expected a whole number from 1 to 15"),
    "not JSON": (b"name: a plan", "found text that is not JSON"),
    "a list": (b"[]", "found a list, expected an object"),
    "nothing": (b"", "found text that is not JSON"),
    "not text": (b"\xff\xfe\x00\x01", "found bytes that are not text"),
    "NaN": (b'{"name": NaN}', "found NaN, expected a finite number"),
    "50 MB": (b'{"name": "' + b"x" * 50_000_000 + b'"}', "found a document of more than 1 MB"),
    "hostile name": (
        json.dumps(document_of(service="<img src=x onerror=alert(1)>")).encode(),
        "found the text",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_one_sentence_and_nothing_is_stored(what: str, pack: Pack) -> None:
    content, expected = WRONG[what]
    app = move(what_if("Scenarios"), NEED, 2.0)
    before, tiles = scenario_on(app), figures(app)
    uploader = app.get("file_uploader")[0]
    checked(uploader.set_value(("plan.json", content, "application/json")).run())
    (problem,) = values(app, "error")
    assert "plan.json" in problem
    assert expected in problem
    assert "\n" not in problem
    assert len(problem) < 600
    assert scenario_on(app) == before
    assert figures(app) == tiles
    assert saved_names() == []


def test_a_file_opens_its_scenario_and_clears_the_complaint(pack: Pack) -> None:
    app = what_if("Scenarios")
    checked(app.get("file_uploader")[0].set_value(("bad.json", b"[]", "application/json")).run())
    assert values(app, "error")
    scenario = preset_scenario(pack, HOME, "Recruitment drive", 7)
    content = scenario.to_json(pack).encode()
    checked(app.get("file_uploader")[0].set_value(("good.json", content, "application/json")).run())
    assert values(app, "error") == []
    assert figures(app) == expected_tiles(pack, scenario)
    assert "would have no provider in 2031/32" in words(app)


def test_a_file_of_the_other_service_opens_that_service(pack: Pack) -> None:
    app = what_if("Scenarios")
    scenario = with_levers(pack, default_scenario(pack, BREAKS), {NEED: 7.0})
    content = scenario.to_json(pack).encode()
    checked(app.get("file_uploader")[0].set_value(("breaks.json", content, "application/json")).run())
    assert app.segmented_control(key="service").value == BREAKS
    assert figures(app) == expected_tiles(pack, scenario)


# The link.


@pytest.mark.parametrize("service", SERVICES)
def test_the_link_restores_every_lever(pack: Pack, service: str) -> None:
    scenario = with_levers(
        pack,
        default_scenario(pack, service),
        {
            "name": "From a link",
            NEED: 2.5,
            "years": 7,
            "supply.vacancy_change_pts": -5.0,
            UPLIFT: 3.0,
            OWN_GROWTH: {MALDON: 3.0},
            "rationale": "Because",
        },
    )
    app = open_page(WHAT_IF, scenario=to_link(scenario, pack))
    assert app.segmented_control(key="service").value == service
    assert value_of(app, NEED) == 2.5
    assert figures(app) == expected_tiles(pack, scenario)
    assert live(app)["name"] == "From a link"
    assert values(app, "warning") == []


def test_moving_a_lever_writes_a_link_that_opens_the_same_view(pack: Pack) -> None:
    app = move(what_if(), NEED, 2.0)
    link = app.query_params["scenario"]
    assert len(link) < 1500
    again = open_page(WHAT_IF, scenario=link)
    assert (sentence(again), figures(again)) == (sentence(app), figures(app))
    start_from(app, "Ageing only")
    assert "scenario" not in app.query_params


@pytest.mark.parametrize(
    "harm", [lambda text: text[:-20], lambda text: text[3:], lambda text: "%%%", lambda text: "A" * 13_000]
)
def test_a_link_that_was_cut_is_one_sentence(pack: Pack, harm: Callable[[str], str]) -> None:
    whole = to_link(with_levers(pack, default_scenario(pack, HOME), {NEED: 2.0}), pack)
    app = open_page(WHAT_IF, scenario=harm(whole))
    (problem,) = values(app, "error")
    assert problem.startswith("the link: found a scenario")
    assert figures(app) == expected_tiles(pack, default_scenario(pack, HOME))


# Comparison.


def compare(app: AppTest, first: str, second: str) -> AppTest:
    """Both among the scenarios side by side, and then one against the other."""
    box = app.multiselect(key=f"compare_{HOME}")
    codes = {label: f"preset {label}" for label in (first, second)}
    if "Long (saved)" in codes:
        codes["Long (saved)"] = f"saved {store().listed()[0].id}"
    checked(box.set_value(list(dict.fromkeys(["screen", *codes.values()]))).run())
    app.selectbox(key=f"compare_first_{HOME}").set_value(first)
    return checked(app.selectbox(key=f"compare_second_{HOME}").set_value(second).run())


def test_two_presets_side_by_side(pack: Pack) -> None:
    app = compare(what_if("Scenarios"), "Recruitment drive", "As today")
    one, other = preset_scenario(pack, HOME, "Recruitment drive"), preset_scenario(pack, HOME, "As today")
    results = last_table(app).set_index("District")
    for side, scenario in (("First", one), ("Second", other)):
        last = county_years(pack, scenario).iloc[-1]
        assert results.loc["Essex", f"{side}: demand"] == pytest.approx(last["demand_hours"], abs=0.5001)
        assert results.loc["Essex", f"{side}: short, lot by lot"] == pytest.approx(last["shortfall_hours"], abs=0.5001)
        assert results.loc["Essex", f"{side}: cost of meeting the need"] == pytest.approx(last["cost"], abs=0.5001)
    change = results["Second: net gap"] - results["First: net gap"]
    # Each of the three is rounded for itself.
    assert list(results["Change: net gap"]) == pytest.approx(list(change), abs=1.0001)


def test_a_scenario_against_itself_changes_nothing() -> None:
    app = compare(what_if("Scenarios"), "As today", "As today")
    assert last_table(app).filter(like="Change").abs().to_numpy().max() == 0


def test_scenarios_of_different_length_are_not_compared_silently(pack: Pack) -> None:
    store().add("Long", HOME, pack.manifest.name, default_scenario(pack, HOME, 9).to_json(pack))
    app = compare(what_if("Scenarios"), "Long (saved)", "As today")
    assert any("only the years that all have, 5 ahead, are compared" in text for text in values(app, "warning"))
    assert app.selectbox(key=f"compare_year_{HOME}").options[-1] == "2029/30"


# Hostile text.


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_scenario_are_text(text: str, pack: Pack) -> None:
    scenario = with_levers(pack, default_scenario(pack, HOME), {"name": text, "rationale": text, NEED: 2.0})
    store().add(text, HOME, f"pack {text}", scenario.to_json(pack), author=text)
    for tab in ("Scenarios", "Assumptions", "Districts"):
        app = what_if(tab, scenario=to_link(scenario, pack))
        assert live(app)["name"] == text
        assert acting(app) == [], tab
    app = what_if("Scenarios")
    press(app, "Open")
    assert acting(app) == []
    assert values(app, "success") == [f"Opened {text}."]
    raw = [one.label for one in app.button]
    assert any(label.startswith("Save over ") and unescaped(label) == f"Save over {text}" for label in raw)
    bare = [re.sub(r":color\[[^\[\]\\]*\]|\\.", "", label) for label in raw]
    assert [label for label in bare if re.search(r"[<\[$*:`~@]|www\.", label)] == []


def test_hostile_provider_names_are_text(pack_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.with_hostile_names)))
    for tab in TABS:
        app = what_if(tab, True)
        assert acting(app) == [], tab
    assert len(app.multiselect(key=f"providers_{HOME}_{EXITS}").options) > 10


def test_charts_open_as_tables(pack: Pack) -> None:
    """What the lines, the drivers and the sensitivity show must be readable without the charts."""
    app = open_page(WHAT_IF)
    for name in ("lines", "drivers", "levers"):
        app.session_state[f"table_{name}"] = True
    checked(app.run())
    tables = {tuple(table.value.columns): table.value for table in app.dataframe}
    lines = next(table for heads, table in tables.items() if "year_label" in heads)
    assert list(lines["year_label"]) == ["2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"]
    outcome = summarise(pack, default_scenario(pack, HOME))
    county = outcome.by_year[outcome.by_year["district_code"] == "all"]
    assert list(lines["demand"]) == pytest.approx(list(county["demand_hours"]), abs=0.5001)
    steps = next(table for heads, table in tables.items() if "driver_label" in heads)
    assert steps["driver_label"].tolist()[:2] == ["2024/25", "Ageing"]
    assert any("lever_label" in heads for heads in tables)
