"""Imports that are killed: at an event that the test chooses, or from outside at any moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lib.pack.imports.change import Change
from lib.pack.imports.proposal import Proposal, propose
from lib.pack.load import Pack, load_pack
from lib.pack.versions import apply

DEMAND = "market/demand.csv"
# What a program does to a disk; Python tells of each before it is done.
DISK_EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
KILLED = -signal.SIGKILL


def with_hours(pack: Pack, files: Path, hours: int) -> Proposal:
    """A pack with other hours in the first row of demand.csv, whatever they are now. files: a folder with the table."""
    lines = (files / DEMAND).read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[5] = str(hours)
    lines[1] = ",".join(cells)
    change = Change(
        f"Demand: {hours}.csv",
        {DEMAND: ("\n".join(lines) + "\n").encode()},
        {"demand": {"status": "supplied", "credit": f"Counted as {hours}."}},
    )
    return propose(pack, change, ["demand"], [f"{hours}.csv"])


def in_child(run: Callable[[], object], before: Callable[[], None] = lambda: None) -> int:
    """Fork, run in the child, and return the child's number."""
    child = os.fork()
    if child:
        return child
    try:
        before()
        run()
    except BaseException:
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """How a child ended: 0, 1 for an error, KILLED."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(number: int, run: Callable[[], object]) -> int:
    """Run in a process of its own that is killed at its so-many-th event on the disk; how it ended."""

    def watch() -> None:
        left = [number]

        def hook(event: str, arguments: object) -> None:
            del arguments
            if event in DISK_EVENTS:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    return ended(in_child(run, watch))


def try_killed_imports(count: int, seed: int, folder: Path, write_pack: Callable[[Path], Path]) -> dict[str, int]:
    """Imports killed from outside at random moments, one after the other in one pack: how many of each outcome.

    old, new: the state that the pack is in afterwards, of the import that was killed.
    """
    chance = random.Random(seed)
    root, trial = write_pack(folder / "pack"), write_pack(folder / "trial")
    pack = load_pack(root)
    proposal = with_hours(load_pack(trial), trial, 1)
    begun = time.monotonic()
    apply(trial, proposal, "", "")
    takes = time.monotonic() - begun
    counts = {"killed": count, "old": 0, "new": 0, "wrong figures": 0, "crashes": 0}
    shutil.rmtree(trial)
    for turn in range(count):
        proposal = with_hours(pack, root, 1000 + turn)
        child = in_child(lambda proposal=proposal: apply(root, proposal, "Ann", "killed"))  # type: ignore[misc]
        time.sleep(chance.random() * takes * 1.2)
        os.kill(child, signal.SIGKILL)
        ended(child)
        try:
            found = load_pack(root)
        except Exception:
            counts["crashes"] += 1
            continue
        outcome = {pack.key: "old", proposal.new.key: "new"}.get(found.key, "wrong figures")
        counts[outcome] += 1
        pack = found
    return counts
