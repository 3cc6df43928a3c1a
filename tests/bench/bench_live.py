"""How soon the page follows a lever, a choice and a slider, beside a bare page measured in the same run.

Figures, not verdicts. Run by `make bench`. One step of each variant in turn, so that a busy machine slows all of them
alike: read the ratios. A bare page is one slider and one line under Streamlit's default settings; the other bare page
does without the collection of garbage after each run. Prints a table, and writes the figures as JSON into the file
named on the command line, or into live.json in the folder for temporary files.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from bench import LEAST_LEVER, NEED, PRESSED, SETTLED, press
from driver import BROWSER_OPTIONS, App, Visit, find_browser, new_context
from playwright.sync_api import Browser, BrowserContext, Locator, expect, sync_playwright

TURNS, OPENINGS, ROUNDS = 14, 5, 6
SESSIONS = 10
LONGEST_WAIT = 120_000  # milliseconds, as ten sessions at once may keep a small machine busy
DRAG_SECONDS, DRAG_STEPS_A_SECOND = 4.0, 60
WHAT_IF, PROVIDERS = "/What_if", "/Providers"
BARE, BARE_PLAIN = "Bare page: one slider, one line", "Bare page without the collection of garbage"
LEVER, INDICATOR, PLACEMENT = "What-if: lever step", "Overview: another indicator", "Providers: placement slider"
NO_COLLECTION = "[runner]\npostScriptGC = false\n"

# The lever of the live component, else that of a page that Streamlit draws.
LEVER_INPUTS = (
    f'[data-lever="demand.need_growth_pct"] input[type=range][aria-label="{NEED}"]',
    f'input[type=range][aria-label="{NEED}"]',
)
# What a step changes for certain, as part of every picture: the lines, or the bare page's line.
PICTURE = '[data-live="lines"] svg, [data-testid="stVegaLiteChart"] svg, [data-testid="stHeading"]'
# When the last key was pressed, when the page or the map's frame last changed, and the frames of animation in which
# the PICTURE changed. What follows once the page is told of a step, after a pause, is not counted.
WATCH = """selector => {
    const now = () => performance.timeOrigin + performance.now();
    const state = window.watched = {pressed: 0, last: 0, live: 0, pictures: 0, now};
    PRESSED
    const shows = record => {
        const at = record.target.nodeType === 1 ? record.target : record.target.parentElement;
        return Boolean(at && at.closest(selector)) || [...record.addedNodes].some(
            node => node.nodeType === 1 && (node.matches(selector) || node.querySelector(selector)));
    };
    let drawn = false;
    const seen = records => {
        const real = records.filter(record => record.attributeName !== "data-state");
        hear(records);
        if (!real.length || state.told) return;
        const picture = !drawn && real.some(shows);
        drawn = drawn || picture;
        const shown = real.some(record => record.attributeName !== "data-behind" && live(record));
        requestAnimationFrame(() => {
            state.last = now();
            if (shown) state.live = state.last;
            if (picture) { state.pictures += 1; drawn = false; }
        });
    };
    const roots = [document, ...[...document.querySelectorAll("iframe")].map(frame => frame.contentDocument)];
    for (const root of roots.filter(Boolean)) new MutationObserver(seen).observe(
        root, {subtree: true, childList: true, attributes: true, characterData: true});
}""".replace("PRESSED", PRESSED)
AT_REST = """() => [...document.querySelectorAll("[data-live][data-state]")].every(
    part => part.dataset.state === "still")"""


@dataclass
class Watched:
    """A page, the server behind it, and the bytes that its browser has received."""

    visit: Visit
    received: int = 0
    milliseconds: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        session = self.visit.page.context.new_cdp_session(self.visit.page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._on_frame)
        session.on("Network.loadingFinished", self._on_fetched)
        self.visit.page.evaluate(WATCH, PICTURE)

    def _on_frame(self, event: dict) -> None:
        text, coded = event["response"]["payloadData"], event["response"]["opcode"] != 1
        # What is no text comes as base64: four letters for three bytes.
        self.received += len(text) * 3 // 4 if coded else len(text)

    def _on_fetched(self, event: dict) -> None:
        self.received += int(event["encodedDataLength"])

    def measure(self, act: Callable[[], float], keep: bool) -> None:
        """One step, its bytes and the server's share of a processor until the page is at rest again."""
        sent, used = self.received, processor_milliseconds(self.visit.app)
        taken = act()
        painted = self.received - sent
        self.rest()
        if keep:
            self.milliseconds.append(taken)
            self.sent.append(painted)
            self.processor.append(processor_milliseconds(self.visit.app) - used)

    def rest(self) -> None:
        """Wait until the step is committed and the script has ended, so that no step pays for the one before."""
        self.visit.page.wait_for_function(AT_REST)
        self.visit.wait_until_idle()


def processor_milliseconds(app: App) -> float:
    """Processor time of the server so far."""
    parts = Path(f"/proc/{app.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000 * (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def reader(browser: Browser) -> BrowserContext:
    """A reader who has never been here, and who waits."""
    context = new_context(browser)
    context.set_default_timeout(LONGEST_WAIT)
    return context


def lever(visit: Visit) -> Locator:
    """The range input of need growth."""
    for selector in LEVER_INPUTS:
        if visit.page.locator(selector).count():
            return visit.page.locator(selector).first
    raise LookupError(f"no lever named {NEED} on {visit.page.url}")


def placement_slider(visit: Visit) -> Locator:
    """The range input of the hours to place: the only one on the page."""
    return visit.page.locator("input[type=range]").first


def key(visit: Visit, slider: Callable[[Visit], Locator]) -> None:
    """Press an arrow key on a slider."""
    slider(visit).focus()
    visit.page.evaluate("() => { window.watched.pressed = 0; }")
    visit.page.keyboard.press("ArrowRight")


def repainted(visit: Visit) -> float:
    """Milliseconds from the key press to the last repaint, once none has come for a while."""
    visit.page.wait_for_function(SETTLED)
    return float(visit.page.evaluate("() => window.watched.last - window.watched.pressed"))


def step(visit: Visit, slider: Callable[[Visit], Locator]) -> float:
    """Press an arrow key and return the milliseconds to the last repaint."""
    key(visit, slider)
    return repainted(visit)


def quantiles(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"median": statistics.median(values), "p95": float(np.percentile(values, 95))}


def bench_steps(pages: dict[str, Watched]) -> dict[str, dict[str, float]]:
    """A step of each variant in turn."""
    places = iter(range(1, TURNS + 2))
    acts: dict[str, Callable[[], float]] = {
        BARE: partial(step, pages[BARE].visit, lever),
        BARE_PLAIN: partial(step, pages[BARE_PLAIN].visit, lever),
        LEVER: partial(step, pages[LEVER].visit, lever),
        INDICATOR: lambda: press(pages[INDICATOR].visit, next(places)),
        PLACEMENT: partial(step, pages[PLACEMENT].visit, placement_slider),
    }
    for turn in range(TURNS + 1):  # the first warms everything up
        for name, act in acts.items():
            pages[name].measure(act, keep=turn > 0)
    found = {}
    for name, page in pages.items():
        found[name] = {f"{part}_ms": value for part, value in quantiles(page.milliseconds).items()}
        found[name] |= {"kb": statistics.median(page.sent) / 1000, "server_ms": statistics.median(page.processor)}
    for row in found.values():
        for name, floor in (("bare", BARE), ("plain", BARE_PLAIN)):
            row[f"median_x_{name}"] = row["median_ms"] / found[floor]["median_ms"]
            row[f"p95_x_{name}"] = row["p95_ms"] / found[floor]["p95_ms"]
    return found


def drag(visit: Visit) -> float:
    """Complete pictures a second while the thumb of a lever is dragged to and fro with the mouse."""
    slider, mouse = lever(visit), visit.page.mouse
    slider.scroll_into_view_if_needed()
    box = slider.evaluate("one => { const {x, y, width, height} = one.getBoundingClientRect(); return "
                          "{x, y, width, height, at: (one.value - one.min) / (one.max - one.min)}; }")  # fmt: skip
    middle = box["y"] + box["height"] / 2
    if box["width"] < 50:  # Streamlit lays its range input over the thumb alone: the track is around it
        track = visit.page.get_by_test_id("stSlider").filter(has=slider).bounding_box()
        assert track is not None
        start, width = box["x"] + box["width"] / 2, track["width"]
    else:
        start, width = box["x"] + box["at"] * box["width"], box["width"]
    mouse.move(start, middle)
    mouse.down()
    before, begun = visit.page.evaluate("() => window.watched.pictures"), time.perf_counter()
    moves = 0
    while (passed := time.perf_counter() - begun) < DRAG_SECONDS:
        mouse.move(start + 0.12 * width * np.sin(2 * np.pi * passed / DRAG_SECONDS), middle)
        moves += 1
        visit.page.wait_for_timeout(max(0.0, 1000 * (moves / DRAG_STEPS_A_SECOND - passed)))
    pictures = visit.page.evaluate("() => window.watched.pictures") - before
    mouse.up()
    return float(pictures / (time.perf_counter() - begun))


def bench_dragging(pages: dict[str, Watched]) -> dict[str, float]:
    """Dragging, in turns; the median of three."""
    rates: dict[str, list[float]] = {name: [] for name in (BARE, BARE_PLAIN, LEVER)}
    for _ in range(3):
        for name, found in rates.items():
            found.append(drag(pages[name].visit))
            pages[name].visit.page.wait_for_function(SETTLED)
            pages[name].rest()
    return {name: statistics.median(found) for name, found in rates.items()}


def bench_sessions(browser: Browser, apps: dict[str, App]) -> dict[str, float]:
    """The 95th percentile of a step where ten readers move a lever at once, of each app in turn."""
    readers: dict[str, list[Watched]] = {}
    for name, app in apps.items():
        path = WHAT_IF if name == LEVER else "/"
        readers[name] = [Watched(Visit(app, reader(browser)).open(path, whole=name == LEVER)) for _ in range(SESSIONS)]
    times: dict[str, list[float]] = {name: [] for name in apps}
    for turn in range(ROUNDS + 1):
        for name, pages in readers.items():
            for page in pages:
                key(page.visit, lever)
            taken = [repainted(page.visit) for page in pages]
            for page in pages:
                page.rest()
            times[name] += taken if turn else []
    for pages in readers.values():
        for page in pages:
            page.visit.page.context.close()
    return {name: quantiles(found)["p95"] for name, found in times.items()}


def bench_first_paint(browser: Browser, apps: dict[str, tuple[App, str]]) -> dict[str, float]:
    """From the address to a page that is drawn, for a reader who has never been here; median, in turns."""
    times: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(OPENINGS):
        for name, (app, path) in apps.items():
            context = reader(browser)
            begun = time.perf_counter()
            Visit(app, context).open(path, whole=path == WHAT_IF)
            times[name].append(1000 * (time.perf_counter() - begun))
            context.close()
    return {name: statistics.median(found) for name, found in times.items()}


def report(found: dict[str, dict]) -> None:
    """Print the table."""
    heads = ("ms", "p95", "x bare", "p95", "x plain", "p95", "KB", "server ms")
    columns = (
        "median_ms", "p95_ms", "median_x_bare", "p95_x_bare", "median_x_plain", "p95_x_plain", "kb", "server_ms",
    )  # fmt: skip
    print(f"{'One step of each in turn':<46}" + "".join(f"{head:>10}" for head in heads))
    for name, row in found["steps"].items():
        print(f"{name:<46}" + "".join(f"{row[one]:>10,.{0 if one.endswith('ms') else 2}f}" for one in columns))
    for title, part, unit in (
        ("Dragging: complete pictures a second", "dragging", ""),
        (f"{SESSIONS} sessions at once: 95th percentile of a step", "sessions", "ms"),
        ("First paint", "first_paint", "ms"),
    ):
        print(title)
        for name, value in found[part].items():
            floor = found[part][BARE]
            print(f"  {name:<44}{value:>10,.1f} {unit}" + (f"{value / floor:>8.2f} x bare" if floor else ""))


def measure(folder: Path, browser: Browser) -> dict[str, dict]:
    """Every figure."""
    scripts = {}
    for name, settings in ((BARE, ""), (BARE_PLAIN, NO_COLLECTION)):
        place = folder / ("bare" if name == BARE else "plain")
        (place / ".streamlit").mkdir(parents=True)
        (place / ".streamlit" / "config.toml").write_text(settings, encoding="utf-8")
        scripts[name] = place / "least_lever.py"
        scripts[name].write_text(LEAST_LEVER, encoding="utf-8")
    app = App()
    bare = {name: App(script=script) for name, script in scripts.items()}
    try:
        opened = {name: Visit(one, reader(browser)).open(whole=False) for name, one in bare.items()}
        for name, path in ((LEVER, WHAT_IF), (INDICATOR, "/"), (PLACEMENT, PROVIDERS)):
            opened[name] = Visit(app, reader(browser)).open(path)
        pages = {name: Watched(visit) for name, visit in opened.items()}
        found: dict[str, dict] = {"steps": bench_steps(pages), "dragging": bench_dragging(pages)}
        for page in pages.values():
            page.visit.page.context.close()
        found["sessions"] = bench_sessions(browser, {BARE: bare[BARE], LEVER: app})
        first = {BARE: (bare[BARE], "/"), "What-if": (app, WHAT_IF), "Overview": (app, "/")}
        found["first_paint"] = bench_first_paint(browser, first)
        return found
    finally:
        for one in (app, *bare.values()):
            one.close()


def main() -> None:
    """Print the table and write the file."""
    path = find_browser()
    if path is None:
        print("No browser: make setup-browser installs one.")
        return
    expect.set_options(timeout=LONGEST_WAIT)
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "live.json"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))
        try:
            found = measure(Path(folder), browser)
        finally:
            browser.close()
    report(found)
    target.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(f"The same as JSON: {target}")


if __name__ == "__main__":
    main()
