"""A pack replaced under open pages, whole, file by file and in place: every figure shown belongs to one state of it."""

from __future__ import annotations

import csv
import math
import random
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import app_pages
from damage import DATA, Damaged
from damaged import Outcome, pack_of_the_app
from second_opinion import Files, second_opinion

# Each state multiplies hours of capacity and hours that wait by one number: any mixture of two states is neither.
STATES = (1, 2, 3, 4)
SCALED = {"market/capacity.csv": "capacity_hours", "market/requests.csv": "hours_per_week"}
SHOWN = ("delivered_hours", "waiting_hours", "capacity_hours", "coverage", "shortfall_hours")
PAGES = {app_pages.OVERVIEW: None, app_pages.DOMICILIARY: "domiciliary_care", app_pages.SHORT_BREAKS: "short_breaks"}
SERVICES = ("domiciliary_care", "short_breaks")
# Seconds after which the new state must be shown, beyond the quiet ones.
PATIENCE = 60
WAYS = ("whole", "file by file", "in place")


def write_states(folder: Path) -> dict[int, Path]:
    """The states of the pack, each in a folder of its own."""
    found = {}
    for state in STATES:
        root = folder / f"state-{state}"
        shutil.copytree(DATA, root)
        for name, column in SCALED.items():
            with (root / name).open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            for row in rows:
                row[column] = str(float(row[column]) * state).removesuffix(".0")
            with (root / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        found[state] = root
    return found


def right_figures(states: dict[int, Path]) -> dict[str, dict[int, dict[str, dict[str, float | None]]]]:
    """By service and state: the figures of every district, every group and the county, by name."""
    found: dict[str, dict[int, dict[str, dict[str, float | None]]]] = {}
    for service in SERVICES:
        found[service] = {}
        for state, root in states.items():
            files = Files(root)
            names = {row["district_code"]: row["district_name"] for row in files.tables["districts"]}
            found[service][state] = {files.manifest["area"]: second_opinion(files, service, [], [], "county")["all"]}
            for group_by in ("district", *files.manifest["groupings"]):
                areas = second_opinion(files, service, [], [], group_by)
                found[service][state] |= {names.get(code, code): figures for code, figures in areas.items()}
    return found


def state_shown(app: Any, right: dict[int, dict[str, dict[str, float | None]]]) -> int | None:
    """The state whose figures a market page's table shows, every one of them; None where it is no one state's."""
    table = app_pages.market_table(app)
    for state, areas in right.items():
        if all(
            shown_as(float(row[name]), areas[app_pages.unescaped(row["area_name"])][name])
            for _, row in table.iterrows()
            for name in SHOWN
        ):
            return state
    return None


def shown_as(found: float, right: float | None) -> bool:
    """Whether a figure of the table is the right one, rounded as it is shown there."""
    if right is None:
        return math.isnan(found)
    return abs(found - right) <= (0.0051 if right < 10 else 0.51)


def replace(state: Path, live: Path, way: str, looked: threading.Event, pause: float = 0.2) -> None:
    """Put another state in the place of the live pack.

    File by file, it goes on when `looked` says that a page was looked at since, or after `pause` seconds.
    """

    def let_look() -> None:
        looked.clear()
        looked.wait(pause)

    if way == "whole":
        new, old = live.with_name("new"), live.with_name("old")
        shutil.copytree(state, new)
        live.rename(old)
        new.rename(live)
        shutil.rmtree(old)
        return
    for path in (path for path in state.rglob("*") if path.is_file()):
        target = live / path.relative_to(state)
        if way == "file by file":
            fresh = target.with_name(target.name + ".part")
            shutil.copyfile(path, fresh)
            fresh.replace(target)
        else:  # as a program that opens the file, empties it and writes on
            data = path.read_bytes()
            with target.open("wb") as out:
                for start in range(0, len(data), max(1, len(data) // 3)):
                    out.write(data[start : start + max(1, len(data) // 3)])
                    out.flush()
                    let_look()
        let_look()


def try_replacements(count: int, seed: int, folder: Path, quiet: float = 2.0) -> Outcome:
    """Replace the pack again and again while pages are open, and look at every page all the time.

    quiet: seconds for which files must stay as they are: longer than copying pauses from one file to the next.
    """
    outcome, dice = Outcome(), random.Random(seed)
    states = write_states(folder)
    right = right_figures(states)
    live = folder / "live"
    shutil.copytree(states[STATES[0]], live)
    now = STATES[0]
    with pack_of_the_app(live, quiet):
        pages = {page: app_pages.open_page(page) for page in PAGES}
        for turn in range(count):
            before, now = now, dice.choice([one for one in STATES if one != now])
            way = WAYS[turn % len(WAYS)]
            damaged = Damaged(live, [f"replacement {turn}, {way}, state {before} by {now}"])
            outcome.counts["replacements"] += 1
            looked = threading.Event()
            worker = threading.Thread(target=replace, args=(states[now], live, way, looked))
            worker.start()
            while worker.is_alive():
                look(pages, dice.choice(list(PAGES)), right, {before, now}, damaged, outcome)
                looked.set()
            worker.join()
            end = time.monotonic() + quiet + PATIENCE
            for page in PAGES:
                while look(pages, page, right, {before, now}, damaged, outcome) != now:
                    if time.monotonic() > end:
                        outcome.complain(
                            "new state not shown", damaged, f"{page}: {app_pages.words(pages[page])[:300]}"
                        )
                        break
    return outcome


def look(
    pages: dict[str, Any], page: str, right: Any, allowed: set[int], damaged: Damaged, outcome: Outcome
) -> int | None:
    """Let a page run again, as any choice on it does, judge what it shows, and return the state that it shows."""
    try:
        app = pages[page].run()
    except Exception as error:
        outcome.complain("crashes", damaged, f"{page}: {error!r}")
        pages[page] = app_pages.open_page(page)
        return None
    outcome.counts["views"] += 1
    if app.exception:
        outcome.complain("crashes", damaged, f"{page}: {[one.value for one in app.exception]}")
        return None
    if not app.dataframe:
        outcome.counts["views of the fault page"] += 1
        return None
    state = state_shown(app, right[PAGES[page] or SERVICES[0]])
    outcome.counts["figures compared"] += len(SHOWN) * len(app_pages.market_table(app))
    outcome.counts["views that say that the pack is being replaced"] += "being replaced" in app_pages.words(app)
    if state not in allowed:
        outcome.complain("wrong figures", damaged, f"{page}: state {state}, expected one of {sorted(allowed)}")
    return state
