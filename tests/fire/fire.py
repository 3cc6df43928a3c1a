"""The app under fire, at full size from a seed: python tests/fire/fire.py, or `make fire`. Prints one table."""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from damage import DATA
from damaged import Outcome, quiet, try_share
from killed_imports import try_killed_imports
from publications import AT_ONCE as PUBLICATIONS_AT_ONCE
from publications import try_share as try_publications
from replacements import try_replacements
from sessions import try_sessions
from uploads import AT_ONCE as UPLOADS_AT_ONCE
from uploads import LARGEST_MEMORY, Tally
from uploads import try_share as try_uploads

AT_ONCE = 10  # packs that one process takes before it starts afresh: nothing piles up


def packs(seed: int, count: int, workers: int) -> Outcome:
    """Damaged packs, shared out over processes."""
    total = Outcome()
    firsts = range(seed, seed + count, AT_ONCE)
    shares = [(first, min(AT_ONCE, seed + count - first)) for first in firsts]
    with multiprocessing.get_context("spawn").Pool(workers, initializer=quiet, maxtasksperchild=5) as pool:
        for done, outcome in enumerate(pool.imap(try_share, shares), start=1):
            total.add(outcome)
            sys.stderr.write(f"  {done * AT_ONCE} packs, {len(total.complaints)} complaints\n")
    return total


def imports(count: int, seed: int, folder: Path) -> Outcome:
    """Imports into the default pack, killed at random moments: it opens every time, old or new."""
    counts = try_killed_imports(count, seed, folder, lambda root: Path(shutil.copytree(DATA, root)))
    return Outcome(Counter(counts))


def uploads(seed: int, count: int, workers: int) -> Outcome:
    """Mutated uploads of every kind, shared out over processes."""
    total = Tally()
    firsts = range(seed, seed + count, UPLOADS_AT_ONCE)
    shares = [(first, min(UPLOADS_AT_ONCE, seed + count - first)) for first in firsts]
    with multiprocessing.get_context("spawn").Pool(workers, initializer=quiet, maxtasksperchild=1) as pool:
        for done, tally in enumerate(pool.imap(try_uploads, shares), start=1):
            total.add(tally)
            sys.stderr.write(f"  {done * UPLOADS_AT_ONCE} uploads, {len(total.complaints)} complaints\n")
    counts = total.counts + Counter({f"MB of memory at most, of {LARGEST_MEMORY // 10**6:,}": total.memory // 10**6})
    return Outcome(counts, total.complaints)


def publications(seed: int, count: int, workers: int) -> Outcome:
    """Publications of random packs, attacked, shared out over processes."""
    total = Outcome()
    firsts = range(seed, seed + count, PUBLICATIONS_AT_ONCE)
    shares = [(first, min(PUBLICATIONS_AT_ONCE, seed + count - first)) for first in firsts]
    with multiprocessing.get_context("spawn").Pool(workers, initializer=quiet, maxtasksperchild=5) as pool:
        for done, outcome in enumerate(pool.imap(try_publications, shares), start=1):
            total.add(outcome)
            sys.stderr.write(f"  {done * PUBLICATIONS_AT_ONCE} packs published, {len(total.complaints)} complaints\n")
    return total


def main() -> int:
    """Run what was asked for, print what went wrong and the table; 1 where anything went wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--packs", type=int, default=1000)
    options.add_argument("--replacements", type=int, default=100)
    options.add_argument("--imports", type=int, default=100)
    options.add_argument("--uploads", type=int, default=500)
    options.add_argument("--sessions", type=int, default=20)
    options.add_argument("--attack", type=int, default=200)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args()
    quiet()
    rows: list[tuple[str, str, str]] = []
    wrong = 0
    for name in ("packs", "replacements", "imports", "uploads", "sessions", "attack"):
        size = getattr(asked, name)
        if not size:
            continue
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            if name == "packs":
                outcome = packs(asked.seed, size, asked.workers)
            elif name == "replacements":
                outcome = try_replacements(size, asked.seed, Path(folder))
            elif name == "uploads":
                outcome = uploads(asked.seed, size, asked.workers)
            elif name == "attack":
                outcome = publications(asked.seed, size, asked.workers)
            elif name == "imports":
                outcome = imports(size, asked.seed, Path(folder))
            else:
                outcome = try_sessions(size, asked.minutes, asked.seed, Path(folder))
        sys.stderr.writelines(f"{words}\n" for words in outcome.complaints)
        for kind in WRONG:
            outcome.counts[kind] += 0
        wrong += sum(outcome.counts[kind] for kind in WRONG)
        rows += [(name, kind, f"{count:,}") for kind, count in sorted(outcome.counts.items())]
        rows.append((name, "minutes", f"{(time.monotonic() - begun) / 60:.1f}"))
    sys.stdout.write(f"seed {asked.seed}\n\n| run | what | how many |\n|---|---|---|\n")
    sys.stdout.writelines(f"| {' | '.join(row)} |\n" for row in rows)
    return 1 if wrong else 0


WRONG = (
    "crashes",
    "wrong figures",
    "messages with a Python word",
    "lost scenarios",
    "new state not shown",
    "too much memory",
    "exposed cells",
)

if __name__ == "__main__":
    sys.exit(main())
