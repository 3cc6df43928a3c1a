"""The Providers page in a browser: its figures are the command line's, and every way to choose a lot chooses it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from itertools import accumulate

import for_people
import openpyxl
import pack_copies
import pytest
from command_line import Rows, command_line
from driver import DISTRICTS, ROOT, Bytes, Visit, is_script_end
from pack_copies import HOSTILE_NAMES
from playwright.sync_api import Locator, Route, expect
from test_packs import assert_nothing_ran
from test_what_if import violations

from lib.market.ranked_lists.call_off import Lot, ranked_list
from lib.market.ranked_lists.resilience import points_of_failure, stress
from lib.market.ranked_lists.wording import lot_words, stress_sentence
from lib.market.wording import counted, listed, show
from lib.pack.load import Pack, load_pack

Open = Callable[..., Visit]

PROVIDERS = "/Providers"
HOME, BREAKS = "domiciliary_care", "short_breaks"
TABS = ("Lots and placement", "Quality", "Resilience", "Spot and rural", "One provider", "Re-ranking")
LOTS, QUALITY, RESILIENCE, PLACES, ONE, RERANK = TABS
ON_BREAKS = f"{PROVIDERS}?service=Children%27s+short+breaks"
NEW_HOURS = "New hours a week in this lot"
PLACED = '[data-live="placement"]'
SKIP = "Pass over providers that fail the quality gate"
TYPE, COHORT, LEAVING = "lot_type_domiciliary_care", "lot_cohort_domiciliary_care", "leaving_domiciliary_care"
MALDON, TENDRING, EPPING_FOREST = "E07000074", "E07000076", "E07000072"
# What a step of a slider may send, on the connection.
MOST_BYTES = 15_000
# What a rest of the live slider may send: Streamlit sends a component's script again with its data.
MOST_BYTES_AT_REST = 22_000

NIGHTS = Lot(HOME, MALDON, "night_awake", "working_age_adults")
NIGHTS_LINK = f"{PROVIDERS}?district=Maldon&lot_cohort_domiciliary_care=Working+age+adults"
NIGHTS_LINK += "&lot_type_domiciliary_care=Night+awake"
DAYS = Lot(HOME, TENDRING, "personal_care", "older_people")
CHILDREN = Lot(BREAKS, EPPING_FOREST, "home_based_care", "children")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def placed_by_the_command_line(lot: Lot, hours: int, skip: bool = False) -> Rows:
    options = ["--service", lot.service, "--district", lot.district_code, "--service-type", lot.service_type]
    options += ["--cohort", lot.cohort, "--hours", str(hours), *(["--skip-below-gate"] if skip else [])]
    return command_line("place", *options)


def downloaded(page: Visit, name: str) -> Rows:
    """The rows of a download, without its notes; one of these says that the data are made up."""
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name=name).click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "# Demonstration data: not evidence about any real district or provider." in text
    heads, *rows = [row for row in csv.reader(io.StringIO(text)) if not row[0].startswith("#")]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def grid(page: Visit) -> Locator:
    """The grid of lots, by its words for screen readers."""
    return page.page.locator('[data-testid=stVegaLiteChart][aria-label^="Grid of lots"]')


def click_cell(page: Visit, district: str, service_type: str) -> None:
    """Click a cell of the grid, which is named by what it says."""
    cell = grid(page).locator(f'[aria-label^="{district}, {service_type}: "]')
    page.after(lambda: cell.click(force=True))


def expect_lot(page: Visit, pack: Pack, lot: Lot) -> None:
    """A lot is chosen: in the boxes, over its placement and over its list."""
    expect(page.box("district")).to_have_value(pack.district_names()[lot.district_code])
    expect(page.box(f"lot_type_{lot.service}")).to_have_value(pack.label("service_types", lot.service_type))
    words = lot_words(pack, lot)
    expect(page.page.get_by_role("heading", name=re.compile(f"^{re.escape(words)}"))).to_be_visible()
    expect(
        page.page.get_by_role("heading", name=re.compile(f"^(Ranked list|List by price), {re.escape(words)}"))
    ).to_be_visible()
    page.wait_until_idle()


def ask_for(page: Visit, hours: int) -> None:
    """Set the new hours in the number box."""
    box = page.page.get_by_role("spinbutton", name=f"{NEW_HOURS}, as a number")
    box.fill(str(hours))
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(page.slider(NEW_HOURS)).to_have_value(str(hours))
    expect(page.page.locator(PLACED)).to_have_attribute("data-state", "still")


def said(page: Visit) -> Locator:
    """The sentence that says where the new hours go, and what they cost."""
    return page.page.locator("p", has_text="new hours a week").last


def expect_said(page: Visit, words: str) -> None:
    """Wait until the sentence has these words: a switch is answered by the server."""
    expect(said(page)).to_have_text(re.compile(re.escape(words)))


def answer(page: Visit) -> str:
    """Its words as they are now."""
    return said(page).inner_text()


def expected_sentence(pack: Pack, lot: Lot, hours: int, skip: bool) -> str:
    """The sentence, from nothing but the command line and the rates of the capacity table.

    A placement of more hours than anybody has room for shows how much room each route has.
    """
    placed, full = placed_by_the_command_line(lot, hours, skip), placed_by_the_command_line(lot, 1_000_000, skip)
    routes = list(pack.manifest.routes) if lot.service == HOME else ["spot"]

    def total(rows: Rows, route: str) -> float:
        return sum(float(row["placed_hours"]) for row in rows if row["route"] == route)

    words = {"tier_1": "tier 1", "tier_2": "tier 2", "spot": "spot"}

    def text_of(value: float) -> str:
        return f"{value:,.0f}" if value == hours else for_people.said(value, for_people.hours(value))

    taken = [f"{text_of(total(placed, route))} on {words[route]}" for route in routes if total(placed, route)]
    if total(placed, "unplaced"):
        taken.append(f"{text_of(total(placed, 'unplaced'))} that nobody has room for")
    arguments = ("--service", lot.service, "--service-type", lot.service_type, "--cohort", lot.cohort)
    (today,) = [row for row in command_line("profile", *arguments) if row["area_code"] == lot.district_code]
    limits = []
    for route, full_at in zip(routes, accumulate(total(full, route) for route in routes), strict=True):
        growth = full_at / float(today["delivered_hours"])
        at = for_people.said(full_at, for_people.hours(full_at))
        limits.append(
            f"{words[route]} is full at {at} (+{show(growth, 'share')} of its hours)"
            if total(full, route)
            else f"{words[route]} has no room"
        )
    text = listed(limits) if len(full) > 1 else "nobody on this list has room for another hour"
    sentence = f"{hours} new hours a week: {listed(taken)}. {text[0].upper()}{text[1:]}."
    rates = rates_of(lot)
    cost = 52 * sum(float(row["placed_hours"]) * rates[row["provider_id"]] for row in placed[:-1])
    hours_placed = hours - total(placed, "unplaced")
    if hours_placed:
        rate = show(cost / 52 / hours_placed, "pounds_per_hour")
        worth = for_people.said(cost, for_people.pounds(cost))
        sentence += f" The placed hours cost {worth} a year, {rate} an hour on average"
    return sentence


def rates_of(lot: Lot) -> dict[str, float]:
    """What each provider of a lot charges an hour, from the file."""
    with (ROOT / "data/market/capacity.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if tuple(row[name] for name in Lot._fields) == tuple(lot)]
    return {row["provider_id"]: float(row["hourly_rate"]) for row in rows}


def open_by_link(visit: Open, pack: Pack, lot: Lot) -> Visit:
    """A lot by its link."""
    return visit({NIGHTS: NIGHTS_LINK, CHILDREN: f"{ON_BREAKS}&district=Epping+Forest"}[lot])


def open_by_boxes(visit: Open, pack: Pack, lot: Lot) -> Visit:
    """A lot by its boxes."""
    page = visit(PROVIDERS)
    page.after(lambda: page.choose("district", pack.district_names()[lot.district_code]))
    return page


PLACEMENTS = (
    (open_by_link, NIGHTS, 35, False),
    (open_by_boxes, DAYS, 400, False),
    (open_by_boxes, DAYS, 640, True),
    (open_by_link, CHILDREN, 9, False),
    (open_by_link, CHILDREN, 31, False),
)


@pytest.mark.parametrize(("by", "lot", "hours", "skip"), PLACEMENTS)
def test_a_placement_is_that_of_the_command_line(
    by: Callable[[Open, Pack, Lot], Visit], lot: Lot, hours: int, skip: bool, visit: Open, pack: Pack
) -> None:
    page = by(visit, pack, lot)
    expect_lot(page, pack, lot)
    ask_for(page, hours)
    if skip:
        page.after(page.page.get_by_text(SKIP, exact=True).click)
    expected = placed_by_the_command_line(lot, hours, skip)
    assert sum(float(row["placed_hours"]) for row in expected) == hours
    expect_said(page, expected_sentence(pack, lot, hours, skip))
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    placed = {row["provider_id"]: row["placed_hours"] for row in expected[:-1]}
    # The bars: everybody with room, and how much of it is taken.
    room = placed_by_the_command_line(lot, 1_000_000, skip)[:-1]
    lines = placed_lines(page)
    taking = [(cells[1], cells[-1]) for cells in lines if " of " in cells[-1]]
    assert taking == [
        (names[row["provider_id"]], f"{placed.get(row['provider_id'], '0')} of {row['placed_hours']}") for row in room
    ]
    assert downloaded(page, "This placement (CSV)") == expected
    page.after(page.page.locator(".st-key-table_placement summary").click)
    assert grid_cells(page.page.locator(".st-key-table_placement"), 4) == [
        [
            "Unplaced" if row["route"] == "unplaced" else pack.label("routes", row["route"]),
            row["rank"],
            names[row["provider_id"]] if row["provider_id"] else "nobody has room",
            row["placed_hours"],
        ]
        for row in expected
    ]


def placed_lines(page: Visit) -> list[list[str]]:
    """The cells of each provider in the list that new hours are played down."""
    lines = page.page.locator(f"{PLACED} tbody tr:has(td + td)")
    cells: list[list[str]] = lines.evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    return cells


def grid_cells(place: Locator, columns: int) -> list[list[str]]:
    """The cells of one of Streamlit's tables: it is painted, but says what it shows to screen readers."""
    table = place.get_by_test_id("stDataFrame").locator("table")
    expect(table.locator("tbody tr").first).to_be_attached()
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    assert all(len(row) == columns for row in rows)
    return [["" if cell in ("None", "–") else cell.replace(",", "") for cell in row] for row in rows]


@pytest.mark.parametrize(("by", "lot"), [(open_by_link, NIGHTS), (open_by_boxes, DAYS), (open_by_link, CHILDREN)])
def test_the_list_is_the_ranked_list(by: Callable[[Open, Pack, Lot], Visit], lot: Lot, visit: Open, pack: Pack) -> None:
    page = by(visit, pack, lot)
    expect_lot(page, pack, lot)
    rows = ranked_list(pack, lot)
    table = page.page.locator('[role=region]:is([aria-label^="Ranked list"], [aria-label^="List by price"]) table')
    lines = table.locator("tbody tr:has(td)")
    expect(lines).to_have_count(len(rows))
    cells = lines.evaluate_all("rows => rows.map(row => [...row.children].map(cell => cell.textContent))")
    domains = list(pack.manifest.domains)
    expected = []
    for row in rows.to_dict("records"):
        rated = row["rated_on"] == row["rated_on"]
        gate = ["passes" if row["passes_gate"] else "fails"] if lot.service == HOME else []
        expected.append(
            [
                f"{row['rank']}" if row["route"] != "spot" else "–",
                row["provider_name"],
                *(row[domain] for domain in domains),
                *gate,
                f"{row['rated_on'].day} {row['rated_on']:%b %Y}" if rated else "not applicable",
                f"{row['rated_years']:.1f}" if rated else "–",
                f"{row['delivered_hours']:,.0f}",
                f"{row['capacity_hours']:,.0f}",
                f"{row['headroom_hours']:,.0f}",
                f"£{row['hourly_rate']:.2f}",
            ]
        )
    assert cells == expected
    file = downloaded(page, "This list (CSV)")
    assert [row["provider_id"] for row in file] == list(rows["provider_id"])
    assert [float(row["headroom_hours"]) for row in file] == list(rows["headroom_hours"])
    assert [float(row["hourly_rate"]) for row in file] == list(rows["hourly_rate"])


def test_the_switch_of_one_service_does_not_reach_the_other(visit: Open, pack: Pack) -> None:
    """Without a framework there is no gate: what was asked of the other service's lists must not act on these."""
    page = visit(f"{PROVIDERS}?district=Epping+Forest")
    page.after(page.page.get_by_text(SKIP, exact=True).click)
    page.after(page.page.get_by_role("radio", name="Children's short breaks").click)
    expect_lot(page, pack, CHILDREN)
    ask_for(page, 9)
    expect_said(page, expected_sentence(pack, CHILDREN, 9, False))
    expected = placed_by_the_command_line(CHILDREN, 9)
    assert downloaded(page, "This placement (CSV)") == expected
    # The page's spreadsheet was offered before the slider's own part of the page ran again, and has what it shows now.
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Every table here (Excel)").click()
    assert download.value.suggested_filename == "short_breaks_providers_lots_tables_internal_do_not_share.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    (sheet,) = [sheet for sheet in book if sheet.title.startswith("9 new hours a week")]
    rows = [[cell.value for cell in row] for row in sheet[sheet.auto_filter.ref]]
    assert [str(row[-1]) for row in rows[1:]] == [row["placed_hours"] for row in expected]


def leave_by_link(visit: Open, service: str, name: str) -> Visit:
    """An exit by its link."""
    page = visit(f"{PROVIDERS}?leaving_{service}={name.replace(' ', '+')}")
    page.open_tab(RESILIENCE)
    return page


def leave_by_box(visit: Open, service: str, name: str) -> Visit:
    """An exit by its box, in place of the one that stands there at first."""
    page = visit(ON_BREAKS if service == BREAKS else PROVIDERS)
    page.open_tab(RESILIENCE)
    page.after(page.page.locator(f".st-key-leaving_{service}").get_by_label("Clear all").click)
    page.box(f"leaving_{service}").fill(name)  # a long list is drawn only as far as it is in sight
    page.after(page.page.get_by_role("option", name=name, exact=True).click)
    page.page.keyboard.press("Escape")
    return page


def those_that_leave(page: Visit, service: str = HOME) -> Locator:
    """The names in the box of providers that leave."""
    return page.page.locator(f".st-key-leaving_{service} [data-tag]:visible")


@pytest.mark.parametrize(
    ("by", "service", "provider_id"),
    [(leave_by_link, HOME, "P064"), (leave_by_box, HOME, "P059"), (leave_by_box, BREAKS, "P130")],
)
def test_an_exit_is_that_of_the_command_line(
    by: Callable[[Open, str, str], Visit], service: str, provider_id: str, visit: Open, pack: Pack
) -> None:
    name = pack.table("providers").set_index("provider_id")["provider_name"][provider_id]
    page = by(visit, service, name)
    expect(those_that_leave(page, service)).to_have_text([name])
    expected = command_line("exit", provider_id)
    own = [row for row in expected if row["service"] == service]
    moved = sum(float(row["placed_hours"]) for row in own)
    stuck = sum(float(row["placed_hours"]) for row in own if row["route"] == "unplaced")
    lots: dict[tuple[str, ...], float] = {}
    for row in own:
        lot = tuple(row[column] for column in Lot._fields)
        lots[lot] = lots.get(lot, 0.0) + float(row["placed_hours"])
    in_lots = sum(hours > 0 for hours in lots.values())
    sentence = page.page.locator("p", has_text="hours a week in").first.inner_text()
    must, found, lost = (for_people.said(one, for_people.hours(one)) for one in (moved, moved - stuck, stuck))
    must = must[0].upper() + must[1:]
    assert sentence.startswith(f"{must} hours a week in {counted(in_lots, 'lot')} must move, for about ")
    assert f": {found} find room on the same lists and {lost} do not; " in sentence
    assert sentence.startswith(stress_sentence(pack, service, stress(pack, (provider_id,)), 1, 0))
    assert downloaded(page, "Who takes the hours (CSV)") == expected


def test_grid_then_boxes_then_grid_again(visit: Open, pack: Pack) -> None:
    """The chart keeps its own selection: the same cell must be choosable again after a choice made elsewhere."""
    page = visit(PROVIDERS)
    nights = Lot(HOME, MALDON, "night_awake", "older_people")
    click_cell(page, "Maldon", "Night awake")
    expect_lot(page, pack, nights)
    page.after(lambda: page.choose("district", "Colchester"))
    page.after(lambda: page.choose(TYPE, "Personal care"))
    expect_lot(page, pack, Lot(HOME, "E07000071", "personal_care", "older_people"))
    click_cell(page, "Maldon", "Night awake")
    expect_lot(page, pack, nights)


def test_a_cell_beside_the_chosen_one_and_back(visit: Open, pack: Pack) -> None:
    page = visit(PROVIDERS)
    for name, code in (("Maldon", MALDON), ("Tendring", TENDRING), ("Maldon", MALDON)):
        click_cell(page, name, "Personal care")
        expect_lot(page, pack, Lot(HOME, code, "personal_care", "older_people"))


def test_a_copied_link_opens_the_same_lot(visit: Open, pack: Pack) -> None:
    page = visit(PROVIDERS)
    page.after(page.page.get_by_role("radio", name="Working age adults").click)
    click_cell(page, "Maldon", "Night awake")
    expect_lot(page, pack, NIGHTS)
    page.page.wait_for_url(lambda url: all(part in url for part in ("district=", f"{TYPE}=", f"{COHORT}=")))
    other = visit(page.page.url.removeprefix(page.app.address))
    expect_lot(other, pack, NIGHTS)
    assert answer(other) == answer(page)


def test_a_lot_is_chosen_by_keyboard_alone(visit: Open, pack: Pack) -> None:
    page = visit(PROVIDERS)
    expect(page.page.get_by_role("heading", name=lot_words(pack, DAYS)).last).to_be_visible()
    expect(grid(page).locator("[aria-label*='hours of demand']")).not_to_have_count(0)
    page.page.get_by_role("tab", name=LOTS).focus()
    for key, letters in (("district", "Mald"), (TYPE, "Night aw")):
        for _ in range(20):
            page.page.keyboard.press("Tab")
            if page.box(key).evaluate("box => box === document.activeElement"):
                break
        expect(page.box(key)).to_be_focused()
        page.page.keyboard.type(letters)
        expect(page.page.get_by_role("option")).to_have_count(1)
        page.after(lambda: page.page.keyboard.press("Enter"))
    expect_lot(page, pack, Lot(HOME, MALDON, "night_awake", "older_people"))


def step(page: Visit, label: str = NEW_HOURS, key: str = "ArrowRight") -> Bytes:
    """One step of a slider with the keyboard; returns the bytes that it took."""
    page.slider(label).focus()
    return page.after(lambda: page.page.keyboard.press(key))


def test_the_bars_and_the_sentence_follow_the_slider(visit: Open, pack: Pack) -> None:
    lot = Lot(HOME, MALDON, "personal_care", "working_age_adults")
    page = visit(NIGHTS_LINK.replace("Night+awake", "Personal+care"))
    expect_lot(page, pack, lot)
    ask_for(page, 5)
    for hours in (10, 15, 20, 25):
        step(page)
        expect(page.page.get_by_role("spinbutton", name=f"{NEW_HOURS}, as a number")).to_have_value(str(hours))
        expect(page.page.locator("p", has_text=f"{hours} new hours a week:").last).to_be_visible()
        expect_said(page, expected_sentence(pack, lot, hours, False))
        taken = sum(int(row["placed_hours"]) for row in placed_by_the_command_line(lot, hours)[:-1])
        shown = [cells[-1] for cells in placed_lines(page) if " of " in cells[-1]]
        assert sum(int(text.split(" of ")[0]) for text in shown) == taken


def test_a_step_leaves_the_rest_of_the_page_alone(visit: Open) -> None:
    """The grid's drawing, the table of who has room and the ranked list are those that were there before."""
    page = visit(PROVIDERS)
    page.wait_until_still()
    parts = [
        "[data-testid=stVegaLiteChart] svg", '[role=region][aria-label^="Ranked list"] table', f"{PLACED} table",
        f"{PLACED} tbody tr", f"{PLACED} .room-bar > span", f"{PLACED} input[type=range]",
    ]  # fmt: skip
    page.page.evaluate("parts => { window.kept = parts.map(one => document.querySelector(one)); }", parts)
    for _ in range(3):
        step(page)
    assert page.page.evaluate("parts => window.kept.every((one, i) => one && one === document.querySelector(parts[i]))",
                              parts)  # fmt: skip


def test_everything_follows_before_the_page_is_told(visit: Open, pack: Pack) -> None:
    """While the slider moves the page runs nothing; after a rest it runs once, and its files follow."""
    lot = Lot(HOME, MALDON, "personal_care", "working_age_adults")
    page = visit(NIGHTS_LINK.replace("Night+awake", "Personal+care"))
    expect_lot(page, pack, lot)
    ask_for(page, 10)
    runs: list[object] = []
    page.sockets[-1].on("framereceived", lambda data: runs.append(data) if is_script_end(data) else None)
    focused = page.slider(NEW_HOURS)
    focused.focus()
    focused.dispatch_event("pointerdown")  # held: nothing is told of a move that has not ended
    with page.page.expect_response("**/live/placement") as answered:
        page.page.keyboard.press("ArrowRight")
    assert set(answered.value.json()) == {"levers", "sentence", "more", "rows", "unplaced", "left_over"}
    expect(page.page.locator("p", has_text="15 new hours a week:").last).to_be_visible()
    expect(page.page.locator(PLACED)).to_have_attribute("data-state", "still")
    page.page.wait_for_function("() => true")
    assert len(runs) == 1
    expect_said(page, expected_sentence(pack, lot, 15, False))
    assert downloaded(page, "This placement (CSV)") == placed_by_the_command_line(lot, 15)


def test_where_the_route_does_not_answer_the_page_does(visit: Open, pack: Pack) -> None:
    page = visit(f"{PROVIDERS}?district=Maldon")
    lot = Lot(HOME, MALDON, "personal_care", "older_people")
    expect_lot(page, pack, lot)
    page.page.route("**/live/placement", lambda route: route.fulfill(status=502, body="<html>"))
    ask_for(page, 35)
    expect(page.page.locator("p", has_text="35 new hours a week").last).to_be_visible()
    expect_said(page, expected_sentence(pack, lot, 35, False))
    page.console_errors.clear()  # the browser says that the route did not answer


def test_while_the_connection_is_cut_no_figure_stands_beside_a_slider_that_moved_on(visit: Open, pack: Pack) -> None:
    page = visit(f"{PROVIDERS}?district=Maldon")
    lot = Lot(HOME, MALDON, "personal_care", "older_people")
    expect_lot(page, pack, lot)
    ask_for(page, 30)
    before = answer(page)

    def pull_the_cable(route: Route) -> None:
        page.page.context.set_offline(True)
        route.abort()

    page.page.route("**/live/placement", pull_the_cable)
    page.slider(NEW_HOURS).focus()
    page.page.keyboard.press("ArrowRight")
    expect(page.page.locator(PLACED)).to_have_attribute("data-state", "cut")
    expect(page.slider(NEW_HOURS)).to_have_value("30")
    expect(page.page.locator(f"{PLACED} .live-refusal")).to_contain_text("The dashboard did not answer")
    assert answer(page) == before
    page.page.context.set_offline(False)
    page.console_errors.clear()  # the browser says that it is offline


def test_a_slider_step_sends_little(visit: Open) -> None:
    page = visit(PROVIDERS)
    taken = [step(page) for _ in range(10)]
    page.open_tab(RERANK)
    taken += [page.step("Weight of performance, %") for _ in range(4)]
    assert all(size.sent > 500 for size in taken), "the relay counts nothing"
    assert max(size.sent for size in taken[10:]) <= MOST_BYTES, taken
    assert max(size.sent for size in taken[:10]) <= MOST_BYTES_AT_REST, taken


def test_a_click_on_a_bar_lets_a_provider_leave_and_come_back(visit: Open, pack: Pack) -> None:
    page = visit(PROVIDERS)
    page.open_tab(RESILIENCE)
    expect(page.districts()).to_have_count(DISTRICTS)
    risks = points_of_failure(pack, HOME)
    first, second = risks["provider_name"].iloc[0], risks["provider_name"].iloc[1]
    both = tuple(risks["provider_id"].iloc[:2])
    expect(those_that_leave(page)).to_have_text([first])
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    before = page.fills()

    def click_bar(name: str) -> None:
        bars = page.page.locator('[data-testid=stVegaLiteChart][aria-label^="Hours a week that could not"]')
        page.after(lambda: bars.locator("text", has_text=name).first.click(force=True))

    said = page.page.locator("p", has_text="hours a week in").first
    # The box has them as the pack does, whoever came first.
    for names, leaving in ((sorted([first, second]), both), ([first], both[:1])):
        click_bar(second)
        expect(those_that_leave(page)).to_have_text(names)
        expect(said).to_contain_text(stress_sentence(pack, HOME, stress(pack, leaving), len(leaving), 0))
        page.wait_until_idle()
        if len(leaving) == 2:
            changed = page.fills()
            assert any(changed[code] != before[code] for code in before)
    assert page.fills() == before
    assert page.map.locator("body").evaluate("() => window.sameFrame")


def open_tables(page: Visit) -> None:
    """Open everything that is closed on a tab."""
    for closed in page.page.locator("[data-testid=stExpander] details:not([open]) > summary").all()[::-1]:
        page.after(closed.click)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [PROVIDERS, ON_BREAKS])
def test_every_tab_is_accessible(address: str, scheme: str, visit: Open) -> None:
    """The visit fixture adds: no console error, no request that leaves this machine, no traceback in the log."""
    page = visit(address, scheme=scheme)
    for tab in TABS:
        page.open_tab(tab)
        if tab == RESILIENCE:
            expect(page.districts()).to_have_count(DISTRICTS)
        open_tables(page)
        assert violations(page) == [], tab


@pytest.mark.parametrize("address", [PROVIDERS, ON_BREAKS])
def test_a_narrow_page_does_not_scroll_sideways(address: str, visit: Open) -> None:
    page = visit(address, width=390, height=844)
    for tab in TABS:
        page.open_tab(tab)
        open_tables(page)
        widths = page.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], tab


@pytest.mark.parametrize("address", [PROVIDERS, ON_BREAKS])
def test_hostile_names_run_nothing(address: str, visit: Open) -> None:
    """Names of districts and providers reach charts, tooltips, tables and boxes: text everywhere, code nowhere."""
    page = visit(address, changes=(pack_copies.with_hostile_names,))
    cells = grid(page).locator("[aria-label*='hours of demand']")
    expect(cells).not_to_have_count(0)
    for place in range(3):
        cells.nth(place).hover(force=True)
        expect(page.page.locator("#vg-tooltip-element")).to_be_visible()
    page.after(lambda: cells.nth(0).click(force=True))
    expect(page.page.get_by_role("heading", name=HOSTILE_NAMES[0]).first).to_be_visible()
    expect(page.page.locator("[role=region] table").locator("tbody th[scope=row]").first).to_be_visible()
    for tab in TABS:
        page.open_tab(tab)
        if tab == RESILIENCE:
            expect(page.districts()).to_have_count(DISTRICTS)
        open_tables(page)
        charts = page.page.locator("[data-testid=stVegaLiteChart]:visible")
        for chart in charts.all():
            expect(chart.locator("svg, canvas").first).to_be_visible()
            chart.hover()
        assert_nothing_ran(page)
