"""Figures, not verdicts: how long a change takes, as a ratio to a floor measured in the same run, and what it sends.

Run by `make bench`. Samples of the app and of its floor take turns, so that a busy machine slows both; medians.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from driver import BROWSER_OPTIONS, ROOT, App, Visit, find_browser, new_context
from playwright.sync_api import sync_playwright

from lib.market.profile import profile
from lib.market.selection import select
from lib.pack.load import load_pack
from lib.whatif.baseline import prepare
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import moved
from lib.whatif.uncertainty import uncertainty

CHANGES = 12
LOADS = 7
PROFILES = 25
STEPS = 15
RANGES = 5
DRAWS, YEARS = 10_000, 15
NEED = "Need growth (% a year)"
TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")

# The least that a Streamlit page can do: one choice and one line that depends on it, under the default settings.
FLOOR = """
import streamlit as st

choice = st.selectbox("Show", [f"Choice {number}" for number in range(20)], key="indicator")
st.title(choice)
"""

# The same of a lever: one slider and one line.
LEAST_LEVER = f"""
import streamlit as st

value = st.slider("{NEED}", -20.0, 20.0, 0.0, 0.5)
st.title(f"{{value}}")
"""

# Of every watch: when a key was pressed, whether the page has been told of the step, and what is of the live parts.
PRESSED = """    document.addEventListener("keydown", event => {
        if (!["Enter", "ArrowLeft", "ArrowRight", "ArrowDown"].includes(event.key)) return;
        Object.assign(state, {pressed: now(), told: false});
    }, true);
    document.addEventListener("input", () => { state.told = false; }, true);
    const tells = one => one.attributeName === "data-state" && one.target.dataset.state === "waiting";
    // The picture of an answer that was late is drawn in the frame after the page is told.
    const hear = records => {
        if (!records.some(tells)) return;
        requestAnimationFrame(() => requestAnimationFrame(() => { state.told = true; }));
    };
    const live = record => record.target.ownerDocument !== document || (record.target.nodeType === 1
        ? record.target : record.target.parentElement)?.closest("[data-live]");
"""
# Milliseconds from the key press to the last change of the page or of the map's frame, once 300 ms pass without one.
WATCH = """() => {
    const now = () => performance.timeOrigin + performance.now();
    const state = window.watched = {pressed: 0, last: 0, live: 0, observers: []};
    PRESSED
    const roots = [document, ...[...document.querySelectorAll("iframe")].map(frame => frame.contentDocument)];
    for (const root of roots) new MutationObserver(records => {
        hear(records);
        if (state.told) return;
        const shows = records.some(one => !["data-state", "data-behind"].includes(one.attributeName) && live(one));
        requestAnimationFrame(() => { state.last = now(); if (shows) state.live = state.last; });
    }).observe(
        root, {subtree: true, childList: true, attributes: true, characterData: true});
    state.now = now;
}""".replace("PRESSED", PRESSED)
BEGIN = "() => { window.watched.pressed = 0; }"
LIVE_SELECT = '[data-live="choose"] select'
# The page has been told of the choice, and has been drawn again.
LIVE_SETTLED = """() => {
    const {now, last, pressed} = window.watched;
    const still = document.querySelector('[data-live="choose"]').dataset.state === "still";
    return pressed && last > pressed && now() - last > 300 && still;
}"""
SETTLED = (
    "() => { const {now, last, pressed} = window.watched; return pressed && last > pressed && now() - last > 300; }"
)


def press(visit: Visit, place: int) -> float:
    """Choose an option with a key and return the milliseconds to the last repaint of what follows from it.

    A native select moves with the arrow key itself; what the page does once it is told of the choice, after a pause,
    draws nothing new.
    """
    if visit.page.locator(LIVE_SELECT).count():
        visit.page.locator(LIVE_SELECT).focus()
        visit.page.evaluate(BEGIN)
        visit.page.keyboard.press("ArrowDown")
        visit.page.wait_for_function(LIVE_SETTLED)
        return float(visit.page.evaluate("() => window.watched.live - window.watched.pressed"))
    visit.page.locator(".st-key-indicator input").click()
    visit.page.get_by_role("option").nth(place).hover()
    visit.page.evaluate(BEGIN)
    visit.after(lambda: visit.page.keyboard.press("Enter"))
    visit.page.wait_for_function(SETTLED)
    return float(visit.page.evaluate("() => window.watched.last - window.watched.pressed"))


def step(visit: Visit, key: str) -> float:
    """Move the need growth one step with an arrow key and return the milliseconds to the last repaint."""
    visit.page.locator(f'input[type=range][aria-label="{NEED}"]').focus()
    visit.page.evaluate("() => { window.watched.pressed = 0; }")
    visit.after(lambda: visit.page.keyboard.press(key))
    visit.page.wait_for_function(SETTLED)
    return float(visit.page.evaluate("() => window.watched.last - window.watched.pressed"))


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(work: Callable[[], float], floor: Callable[[], float], times: int) -> tuple[float, float]:
    """Medians of two measurements that take turns; the first turn warms both up."""
    pairs = [(work(), floor()) for _ in range(times + 1)][1:]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def line(what: str, value: float, floor: float, unit: str, floor_name: str) -> None:
    """Print one comparison."""
    print(f"{what:<42} {value:>9,.1f} {unit}  {value / floor:>6.2f} x  {floor:,.1f} {unit} ({floor_name})")


def bench_repaint(app: App, floor: App, browser: object) -> None:
    """An indicator change on the overview."""
    page = Visit(app, new_context(browser)).open()  # type: ignore[arg-type]
    bare = Visit(floor, new_context(browser)).open(whole=False)  # type: ignore[arg-type]
    for one in (page, bare):
        one.page.evaluate(WATCH)
    # Another option each time: nothing that was sent before can be used again.
    places, least_places = itertools.count(1), itertools.count(1)
    value, least = in_turns(lambda: press(page, next(places)), lambda: press(bare, next(least_places)), CHANGES)
    line("Indicator change, key press to last repaint", value, least, "ms", "bare page")


def bench_lever(app: App, floor: App, browser: object) -> None:
    """A step of the need growth on the What-if page: map, lines, drivers and sentence, each time for new figures."""
    page = Visit(app, new_context(browser)).open("/What_if")  # type: ignore[arg-type]
    bare = Visit(floor, new_context(browser)).open(whole=False)  # type: ignore[arg-type]
    for one in (page, bare):
        one.page.evaluate(WATCH)
    new, bare_new = partial(step, page, "ArrowRight"), partial(step, bare, "ArrowRight")
    line(
        "Lever step, key press to last repaint",
        *in_turns(new, bare_new, STEPS),
        "ms",
        "one slider, one line",
    )
    # Back over values whose figures are known already.
    known, bare_known = partial(step, page, "ArrowLeft"), partial(step, bare, "ArrowLeft")
    line(
        "The same, figures known already",
        *in_turns(known, bare_known, STEPS),
        "ms",
        "one slider, one line",
    )


def bench_lever_bytes(app: App, browser: object) -> None:
    """What a step of the need growth sends, with each tab open."""
    page = Visit(app, new_context(browser)).open("/What_if")  # type: ignore[arg-type]
    for name in TABS:
        tab = page.page.get_by_role("tab", name=name, exact=True)
        if tab.get_attribute("aria-selected") != "true":
            page.after(tab.click)
        sizes = []
        for _ in range(5):
            page.page.locator(f'input[type=range][aria-label="{NEED}"]').focus()
            sizes.append(page.after(lambda: page.page.keyboard.press("ArrowRight")))
        sent, payload = (statistics.median(size[part] for size in sizes) for part in (0, 1))
        most = max(size.sent for size in sizes)
        label = f"Bytes of a lever step, {name}"
        print(f"{label:<42} {sent:>9,} sent  {payload:>9,} unpacked  (most {most:,} sent)")


def bench_range() -> None:
    """The range of many draws over all years, against drawing as many normal numbers."""
    pack = load_pack(ROOT / "data")
    generator = np.random.default_rng(1)
    for service in pack.manifest.services:
        baseline = prepare(pack, service)
        scenario = moved(default_scenario(pack, service, YEARS), {"range.draws": DRAWS})
        lots = baseline.people.size

        def floor(lots: int = lots) -> float:
            return 1000 * seconds(lambda: generator.standard_normal((DRAWS, lots * YEARS)))

        def drawn(scenario: object = scenario, baseline: object = baseline) -> float:
            return 1000 * seconds(lambda: uncertainty(pack, scenario, baseline))  # type: ignore[arg-type]

        name = f"numpy, {DRAWS:,} x {lots} lots x {YEARS} normals"
        line(f"Range of {DRAWS:,} draws, {service}", *in_turns(drawn, floor, RANGES), "ms", name)


def bench_bytes(app: App, browser: object) -> None:
    """What each kind of change sends."""
    page = Visit(app, new_context(browser)).open()  # type: ignore[arg-type]
    print(f"{'Bytes of a page load':<42} {app.relay.received:>9,} sent  {page.payload:>9,} unpacked")
    for key, option in (
        ("indicator", "Waiting share"),
        ("indicator", "Coverage"),
        ("types_domiciliary_care", "Night awake"),
        ("cohorts_domiciliary_care", "Older people"),
        ("district", "Maldon"),
        ("district", "Basildon"),
        ("by_domiciliary_care", "Quadrant"),
    ):
        size = page.after(lambda key=key, option=option: page.choose(key, option))
        page.page.locator("h1").click()  # a list of several choices stays open
        print(f"{f'Bytes of {key.split(chr(95))[0]} = {option}':<42} {size.sent:>9,} sent  {size.payload:>9,} unpacked")


def bench_pack() -> None:
    """Loading the pack and joining a profile, against reading the same files without a look at them."""
    files = sorted((ROOT / "data").rglob("*.csv"))
    pack = load_pack(ROOT / "data")
    selection = select(pack, "domiciliary_care")

    def read() -> float:
        return 1000 * seconds(lambda: [pd.read_csv(file) for file in files])

    name = f"pandas.read_csv, {len(files)} files"
    line(
        "Load and check the pack",
        *in_turns(lambda: 1000 * seconds(lambda: load_pack(pack.root)), read, LOADS),
        "ms",
        name,
    )
    line(
        "Profile of a selection",
        *in_turns(lambda: 1000 * seconds(lambda: profile(pack, selection)), read, PROFILES),
        "ms",
        name,
    )


def main() -> None:
    """Print the table."""
    bench_pack()
    bench_range()
    path = find_browser()
    if path is None:
        print("No browser: make setup-browser installs one.")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "floor.py"
        script.write_text(FLOOR, encoding="utf-8")
        lever_script = Path(folder) / "least_lever.py"
        lever_script.write_text(LEAST_LEVER, encoding="utf-8")
        app, floor, lever_floor = App(), App(script=script), App(script=lever_script)
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))
        try:
            bench_bytes(app, browser)
            bench_repaint(app, floor, browser)
            bench_lever_bytes(app, browser)
            bench_lever(app, lever_floor, browser)
        finally:
            browser.close()
            app.close()
            floor.close()
            lever_floor.close()


if __name__ == "__main__":
    main()
