"""Saved scenarios and running orders from one store to another, as from one's own file to a team's database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.pack.faults import quoted
from lib.whatif.scenarios.database import Address, address_of, file_address
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import open_store
from lib.whatif.scenarios.store_faults import StoreError

FILE_NAME = "scenarios.db"
MOVING_SECONDS = 60.0  # a whole store takes longer than one scenario
SHOWN = 5


@dataclass(frozen=True)
class Moved:
    """What was moved: what was taken in, what was there already, and what differs there and was left alone.

    Scenarios first, then running orders.
    """

    source: Address
    target: Address
    taken_in: list[Saved]
    here: list[Saved]
    left: list[Saved]

    def table(self) -> pd.DataFrame:
        """One row a scenario or running order: scenario_id, name, deleted (yes, no), done (copied, there, left)."""
        done = [("copied", self.taken_in), ("there", self.here), ("left", self.left)]
        rows = [
            (one.id, one.name, "yes" if one.deleted_at else "no", word) for word, scenarios in done for one in scenarios
        ]
        return pd.DataFrame(rows, columns=["scenario_id", "name", "deleted", "done"])

    def __str__(self) -> str:
        """What was done, in one sentence."""
        deleted = sum(one.deleted_at is not None for one in self.taken_in)
        parts = [f"{len(self.taken_in)} copied" + (f" ({deleted} of them deleted)" if deleted else "")]
        parts += [f"{len(self.here)} there already"] if self.here else []
        if self.left:
            names = ", ".join(quoted(one.name) for one in self.left[:SHOWN])
            more = f" and {len(self.left) - SHOWN} more" if len(self.left) > SHOWN else ""
            parts.append(f"{len(self.left)} left alone, as another of the same origin is there: {names}{more}")
        return f"From {self.source.place} to {self.target.place}: {'; '.join(parts)}."


def move_scenarios(source: str, target: str, patience: float = MOVING_SECONDS) -> Moved:
    """Copy every scenario and running order, the deleted ones too, that the target lacks; nothing there is changed.

    source, target: a file, a folder with scenarios.db, or the URL of a database. A second run copies what is new. The
    source must be there, and keeps what it has. StoreError where either cannot be used.
    """
    start, end = place_of(source), place_of(target)
    if start == end:
        raise StoreError(f"{start.place} is both source and target", "name two")
    old = open_store(start, create=False, patience=patience)
    new = open_store(end, patience=patience)
    scenarios, orders = (
        into.take_in([*kept.listed(), *kept.deleted()]) for kept, into in ((old, new), (old.orders, new.orders))
    )
    return Moved(start, end, *(first + then for first, then in zip(scenarios, orders, strict=True)))


def place_of(text: str) -> Address:
    """The address that somebody wrote: a URL, a file, or a folder with the app's own file."""
    if "://" in text:
        return address_of(text)
    path = Path(text).expanduser()
    return file_address(path / FILE_NAME if path.is_dir() else path)
