"""Many readers at a human pace while the pack is replaced and the server is killed: nothing wrong, nothing lost."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import for_people
from damage import Damaged
from damaged import Outcome
from driver import BROWSER_OPTIONS, ROOT, App, find_browser, new_context
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright
from replacements import STATES, replace, right_figures, write_states

VIEWS = {"/Domiciliary_care": "domiciliary_care", "/Short_breaks": "short_breaks"}
TILES = {
    "Hours delivered a week": "delivered_hours",
    "Net coverage": "coverage",
    "Hours waiting a week": "waiting_hours",
}
# Shown to the digit.
PUBLISHED = {("domiciliary_care", "delivered_hours")}
READ_TILES = """() => Object.fromEntries([...document.querySelectorAll('[data-testid=stMetric]')].map(one => [
    one.querySelector('[data-testid=stMetricLabel]').innerText.trim(),
    one.querySelector('[data-testid=stMetricValue]').innerText.trim()]))"""


class KilledApp(App):
    """The app, whose server can be killed and started again behind the same address."""

    def kill(self) -> None:
        """Kill the server at once, as a machine that loses its power."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=20)

    def start_again(self, pack: Path) -> None:
        """Start the server again on another port, and let the relay's address lead there."""
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            "0",
            "--server.headless",
            "true",
        ]
        environment = os.environ | {"PACK": str(pack), "SCENARIOS": str(self.scenarios)}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.port = self._read_port()
        self._drainer = threading.Thread(target=self._drain, daemon=True)
        self._drainer.start()
        self.relay.lead_to(self.port)

    def memory(self) -> float:
        """Megabytes that the server holds."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        return float(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1e3  # type: ignore[index]


@dataclass
class Reader:
    """One reader: a page of their own, and what was saved on it."""

    page: Page
    number: int
    view: str = ""
    saved: list[str] = field(default_factory=list)
    turns: int = 0


def try_sessions(readers: int, minutes: float, seed: int, folder: Path, pace: float = 20.0) -> Outcome:
    """Let readers act in turn, each about every `pace` seconds, while packs are replaced and the server is killed."""
    outcome, dice = Outcome(), random.Random(seed)
    states = write_states(folder)
    right = right_figures(states)
    live = folder / "live"
    shutil.copytree(states[1], live)
    os.environ["PACK_QUIET_SECONDS"] = "3"
    app = KilledApp(live)
    worker, now, note = None, 1, Damaged(live)
    peak = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(BROWSER_OPTIONS))
        opened = [Reader(new_context(browser, width=1280, height=720).new_page(), number) for number in range(readers)]
        for reader in opened:
            reader.page.set_default_timeout(20_000)
            open_view(reader, app, dice)
        begin = time.monotonic()
        end, next_change = begin + minutes * 60, begin + 20
        kills = [begin + minutes * 60 * share for share in (0.35, 0.7)]
        while time.monotonic() < end:
            for reader in opened:
                begun = time.monotonic()
                if time.monotonic() > next_change and (worker is None or not worker.is_alive()):
                    now = dice.choice([one for one in STATES if one != now])
                    way = dice.choice(("whole", "file by file", "in place"))
                    note.done = [f"state {now}, {way}"]
                    worker = threading.Thread(target=replace, args=(states[now], live, way, threading.Event(), 0.3))
                    worker.start()
                    outcome.counts["replacements"] += 1
                    next_change = time.monotonic() + 30
                if kills and time.monotonic() > kills[0]:
                    kills.pop(0)
                    peak = max(peak, app.memory())
                    app.kill()
                    app.start_again(live)
                    outcome.counts["kills"] += 1
                act(reader, app, dice, right, note, outcome)
                reader.page.wait_for_timeout(1000 * max(0.0, pace / readers - (time.monotonic() - begun)))
                if time.monotonic() > end:
                    break
        peak = max(peak, app.memory())
        kept = kept_scenarios(app.scenarios)
        for reader in opened:
            for name in reader.saved:
                outcome.counts["scenarios saved"] += 1
                if name not in kept:
                    outcome.complain("lost scenarios", note, name)
        browser.close()
    outcome.counts["memory of the server at the end, MB"] = round(app.memory())
    outcome.counts["most memory, MB"] = round(peak)
    if any("Traceback" in line for line in app.log):
        start = next(at for at, line in enumerate(app.log) if "Traceback" in line)
        outcome.complain("crashes", note, "".join(app.log[start : start + 30]))
    app.close()
    return outcome


def open_view(reader: Reader, app: App, dice: random.Random) -> None:
    """Open a page at its address."""
    reader.view = dice.choice([*VIEWS, "/What_if"])
    reader.page.goto(app.address + reader.view)
    drawn(reader.page)


def drawn(page: Page) -> None:
    """Wait until a page that is opened is drawn whole: the last of its tiles, or the heading of the faults' page."""
    page.locator("[data-testid=stMetric] >> nth=3").or_(page.get_by_role("heading", name="cannot be loaded")).wait_for()
    page.locator("[data-testid=stApp][data-test-script-state='notRunning']").wait_for()


def act(reader: Reader, app: App, dice: random.Random, right: Any, note: Damaged, outcome: Outcome) -> None:
    """One action of a reader, and a look at what the page then shows."""
    reader.turns += 1
    outcome.counts["actions"] += 1
    try:
        connected(reader.page)
        if dice.random() < 0.25:
            open_view(reader, app, dice)
        elif reader.view == "/What_if":
            save(reader, outcome)
        else:
            reader.page.reload()
            drawn(reader.page)
        judge(reader, right, note, outcome)
    except PlaywrightError as error:
        outcome.counts["actions that the outage cut short"] += 1
        outcome.complaints.append(f"(cut short: {str(error)[:150]!r})")


def connected(page: Page) -> None:
    """Wait until the page has its server again."""
    page.locator("[data-testid=stApp][data-test-connection-state='CONNECTED']").wait_for()


def save(reader: Reader, outcome: Outcome) -> None:
    """Save the scenario under a new name. It counts as saved once the page says so."""
    page, name = reader.page, f"Reader {reader.number} turn {reader.turns}"
    tab = page.get_by_role("tab", name="Scenarios", exact=True)
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    box = page.get_by_role("textbox", name="Name", exact=True)
    box.fill(name)
    box.press("Enter")
    page.get_by_role("button", name="Save as new").click()
    said = page.get_by_text(re.compile(r"^Saved as ")).first
    said.wait_for(timeout=20_000)
    reader.saved.append(said.inner_text().removeprefix("Saved as ").rstrip("."))
    outcome.counts["saves"] += 1


def judge(reader: Reader, right: Any, note: Damaged, outcome: Outcome) -> None:
    """Every figure on the tiles of a market page is of one state."""
    if reader.view not in VIEWS:
        return
    shown = reader.page.evaluate(READ_TILES)
    if not set(TILES) <= set(shown):
        outcome.counts["views without figures"] += 1
        return
    outcome.counts["figures compared"] += len(TILES)
    for figures in right[VIEWS[reader.view]].values():
        county = next(iter(figures.values()))
        view = VIEWS[reader.view]
        if all(number(shown[label]) == as_shown(county[name], name, view) for label, name in TILES.items()):
            return
    outcome.complain("wrong figures", note, f"{reader.view}: {shown}")


def number(text: str) -> float:
    """The number of a tile."""
    return float(re.sub(r"[^\d.]", "", text) or "nan")


def as_shown(value: float, name: str, service: str) -> float:
    """A figure as it is rounded on a tile: hours for people, unless they are published."""
    if name == "coverage":
        return float(f"{value:.2f}")
    return float(f"{value:.0f}") if (service, name) in PUBLISHED else number(for_people.hours(value))


def kept_scenarios(folder: Path) -> set[str]:
    """The names of all scenarios that the store holds, read without the app's own code."""
    names: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
            with sqlite3.connect(path) as store:
                names |= {str(row[0]) for row in store.execute("select name from scenarios")}
    return names
