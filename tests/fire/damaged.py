"""Damaged packs through `check` and, where they load, through the profile and every page."""

from __future__ import annotations

import contextlib
import io
import logging
import math
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import app_pages
import streamlit as st
from damage import DATA, NEEDED, Damaged, Damager
from python_words import PYTHON, QUOTED
from second_opinion import Files, second_opinion

from lib.__main__ import main
from lib.market.profile import profile
from lib.market.selection import select
from lib.pack.faults import PackError
from lib.pack.load import Pack, load_pack


@dataclass
class Outcome:
    """What came of one pack, or of many."""

    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def complain(self, kind: str, pack: Damaged, words: str) -> None:
        self.counts[kind] += 1
        self.complaints.append(f"{kind}: {pack.root.name} ({'; '.join(pack.done)}): {words[:600]}")

    def add(self, other: Outcome) -> None:
        self.counts += other.counts
        self.complaints += other.complaints


def try_pack(seed: int, folder: Path, with_pages: bool = True) -> Outcome:
    """Damage a pack and put it through everything."""
    outcome = Outcome(Counter(packs=1))
    damaged = Damager(seed, folder / f"pack-{seed}").run()
    status, said = checked(damaged, outcome)
    outcome.counts["passed by check"] += status == 0
    try:
        pack = load_pack(damaged.root)
    except PackError:
        pack = None
    except Exception as error:
        outcome.complain("crashes", damaged, f"load: {error!r}")
        return outcome
    if pack is None:
        if status == 0:
            outcome.complain("crashes", damaged, "check passes what cannot be loaded")
    else:
        outcome.counts["loaded"] += 1
        compare_profile(damaged, pack, said, outcome)
    # Every pack that passes; a third of those that load with holes, and a few of those that show one page of faults.
    asked = status == 0 or seed % 3 == 0 if pack is not None else seed % 30 == 0
    if with_pages and asked:
        open_pages(damaged, pack, outcome)
    return outcome


def checked(damaged: Damaged, outcome: Outcome) -> tuple[int, str]:
    """What `check` returns and says."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(["check", "--pack", str(damaged.root)])
    except Exception as error:
        outcome.complain("crashes", damaged, f"check: {error!r}")
        return 1, ""
    python_words(err.getvalue(), "check", damaged, outcome)
    if status == 1 and not err.getvalue().strip():
        outcome.complain("crashes", damaged, "check fails and says nothing")
    return status, err.getvalue()


def python_words(text: str, place: str, damaged: Damaged, outcome: Outcome) -> None:
    """Complain of the first line with a Python word in it, outside quotation marks."""
    for line in text.splitlines():
        if found := PYTHON.search(QUOTED.sub("", line)):
            outcome.complain("messages with a Python word", damaged, f"{place}: {found[0]}: {line}")
            return


def compare_profile(damaged: Damaged, pack: Pack, said: str, outcome: Outcome) -> None:
    """Every figure of every district and of the county against the plain recomputation.

    Where a table that must be complete has lost rows, a figure is what it was or empty. An empty figure is right only
    where `check` said that something is missing, or the plain recomputation has none either.
    """
    try:
        left, whole = Files(damaged.plain or damaged.root), Files(DATA)
    except (ValueError, KeyError, OSError):
        return
    holes = damaged.lost & set(NEEDED)
    for service in pack.manifest.services:
        for group_by in ("district", "county"):
            try:
                frame = profile(pack, select(pack, service, [], [], group_by)).set_index("area_code")
            except Exception as error:
                outcome.complain("crashes", damaged, f"profile of {service}: {error!r}")
                return
            try:
                expected = second_opinion(left, service, [], [], group_by)
                before = (
                    second_opinion(whole, service, [], [], group_by) if service in whole.manifest["services"] else {}
                )
            except (ValueError, KeyError, IndexError, TypeError, ZeroDivisionError):
                continue  # the plain recomputation reads plain files only
            for area, figures in expected.items():
                for name, right in figures.items():
                    found = float(frame.at[area, name]) if name in frame.columns else math.nan
                    outcome.counts["figures compared"] += 1
                    wrong = judge(found, right, before.get(area, {}).get(name), holes, damaged.touched, said)
                    if wrong:
                        words = f"{service} {area} {name}: found {found}, plain {right}: {wrong}"
                        outcome.complain("wrong figures", damaged, words)
                        return


def judge(
    found: float, right: float | None, before: float | None, holes: set[str], touched: set[str], said: str
) -> str:
    """What is wrong with a figure, or nothing. right: of the rows that are left; before: of the whole pack."""
    if math.isnan(found):
        known = right is not None and not math.isnan(right)
        return (
            "empty, and check names nothing missing" if known and "no row" not in said and "missing" not in said else ""
        )
    if right is None or math.isnan(right):
        return "a figure where an input is unknown"
    if math.isclose(found, right, rel_tol=1e-9, abs_tol=1e-9):
        lost = holes and touched <= holes and before is not None and not math.isclose(found, before, rel_tol=1e-9)
        return f"worked out from what is left, it was {before}" if lost else ""
    return "differs"


@contextlib.contextmanager
def pack_of_the_app(root: Path, quiet: float = 0) -> Iterator[None]:
    """The app on another pack, in this process, with nothing kept from before. quiet: see PACK_QUIET_SECONDS."""
    before = {name: os.environ.get(name) for name in ("PACK", "SCENARIOS", "PACK_QUIET_SECONDS")}
    os.environ |= {"PACK": str(root), "PACK_QUIET_SECONDS": str(quiet)}
    st.cache_data.clear()
    st.cache_resource.clear()
    with tempfile.TemporaryDirectory() as scenarios:
        os.environ["SCENARIOS"] = scenarios
        try:
            yield
        finally:
            st.cache_data.clear()
            st.cache_resource.clear()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def open_pages(damaged: Damaged, pack: Pack | None, outcome: Outcome) -> None:
    """Every page of the app on the pack; one where it cannot be loaded."""
    with pack_of_the_app(damaged.root):
        for page in app_pages.PAGES if pack else app_pages.PAGES[:1]:
            outcome.counts["pages opened"] += 1
            try:
                app = app_pages.open_page(page)
                python_words(app_pages.words(app), page, damaged, outcome)
            except AssertionError as error:
                outcome.complain("crashes", damaged, f"{page}: {error}")
            except Exception as error:
                outcome.complain("crashes", damaged, f"{page}: {error!r}")


def try_many(first: int, count: int, with_pages: bool = True) -> Outcome:
    """Many packs, by their seeds."""
    total = Outcome()
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            total.add(try_pack(seed, Path(folder), with_pages))
    return total


def try_share(share: tuple[int, int]) -> Outcome:
    """A share of many packs: the first one's seed, and how many. For a process of its own."""
    return try_many(*share)


def quiet() -> None:
    """Keep Streamlit's remarks on running without a server out of what is said."""
    logging.disable(logging.CRITICAL)
