"""Saved scenarios and running orders. Nothing that somebody saved is overwritten, renamed or deleted unseen.

Each scenario has an id, a name of its own and a version that grows with every change. Who saves over a version that
somebody else has changed meanwhile gets a copy under a further name; who renames or deletes one is told. A deleted
scenario can be brought back for DAYS_KEPT days. Running orders stand in a table of their own, by the same rules.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from operator import attrgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from lib.whatif.scenarios.database import ANSWER_SECONDS, Address, Database
from lib.whatif.scenarios.saved import Saved, saved_from, storable
from lib.whatif.scenarios.schema import orders, scenarios
from lib.whatif.scenarios.store_faults import StoreError

MOST_NAME = 80
DAYS_KEPT = 30
TRIES = 100

Result = TypeVar("Result")


class ScenarioGoneError(Exception):
    """The scenario was deleted meanwhile."""


class ScenarioChangedError(Exception):
    """The scenario was changed meanwhile, so that nothing was done: `now` is what it is today."""

    def __init__(self, now: Saved) -> None:
        """Keep the scenario as it is now."""
        self.now = now
        super().__init__(now.id)


def now() -> dt.datetime:
    """The time, in UTC, to the second: it dates a record and enters no calculation."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def open_store(
    address: Address,
    *,
    create: bool = True,
    clock: Callable[[], dt.datetime] = now,
    patience: float = ANSWER_SECONDS,
) -> ScenarioStore:
    """The store at an address, with its tables up to date; StoreError where it cannot be opened.

    create: make what is missing. clock: the time in UTC. patience: seconds to wait for an answer.
    """
    database = Database(address, patience)
    database.open(create=create)
    return ScenarioStore(database, clock)


class ScenarioStore:
    """The saved scenarios of one database that was opened. Whatever raises StoreError has changed nothing."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime] = now, table: sa.Table = scenarios) -> None:
        """Use a database, which `open_store` opens first; `table` is the one of it that is meant."""
        self.database = database
        self.clock = clock
        self.table = table
        self.live = table.c.deleted_at.is_(None)

    @property
    def orders(self) -> ScenarioStore:
        """The running orders of the same database. Their `service` is "": an order goes through several."""
        return ScenarioStore(self.database, self.clock, orders)

    @property
    def place(self) -> str:
        """Where the scenarios lie, in words."""
        return self.database.address.place

    def shelves(self) -> tuple[list[Saved], list[Saved]]:
        """Every saved scenario, in order of name, and the deleted ones that can be brought back, the last one first."""
        kept = sa.or_(self.live, self.table.c.deleted_at >= self._first_kept())
        with self.database.begin() as connection:
            rows = connection.execute(sa.select(self.table).where(kept).order_by(self.table.c.name)).mappings().all()
        found = [saved_from(row) for row in rows]
        deleted = [one for one in found if one.deleted_at]
        return [one for one in found if not one.deleted_at], sorted(deleted, key=attrgetter("deleted_at"), reverse=True)

    def listed(self) -> list[Saved]:
        """Every saved scenario, in order of name."""
        return self.shelves()[0]

    def deleted(self) -> list[Saved]:
        """The deleted scenarios that can be brought back, the last one first."""
        return self.shelves()[1]

    def get(self, scenario_id: str) -> Saved:
        """One saved scenario; ScenarioGoneError where it is no longer there."""
        with self.database.begin() as connection:
            return read(connection, self.table, scenario_id)

    def add(self, name: str, service: str, pack_name: str, document: str, author: str = "") -> Saved:
        """Save a new scenario. Where the name is taken, it is saved under the name with a number: the result says."""
        moment = self.clock()
        scenario_id = str(uuid.uuid4())
        values = {
            "id": scenario_id,
            "service": service,
            "pack_name": pack_name,
            "author": author,
            "document": document,
            "version": 1,
            "saved_at": moment,
            "changed_at": moment,
            "changed_by": author,
        }
        return self._under_free_name(
            name, lambda connection, free: write_row(connection, self.table, {**values, "name": free}), scenario_id
        )

    def save(self, seen: Saved, document: str, author: str = "") -> Saved:
        """Save over a scenario as it was read. Where it was changed or deleted meanwhile, a copy is saved instead."""
        moment = self.clock()
        values = {"document": document, "author": author, "saved_at": moment}
        try:
            with self._write() as connection:
                self._change(connection, seen, author, **values)
                return read(connection, self.table, seen.id)
        except (ScenarioGoneError, ScenarioChangedError):
            return self.add(seen.name, seen.service, seen.pack_name, document, author)

    def rename(self, seen: Saved, name: str, by: str = "") -> Saved:
        """Give a scenario, as it was read, another name; where it is taken, the name with a number.

        ScenarioChangedError or ScenarioGoneError, and nothing is renamed, where it was changed or deleted meanwhile.
        """
        if seen.name == name.strip():
            return self.get(seen.id)
        return self._under_free_name(
            name, lambda connection, free: self._change(connection, seen, by, name=free), seen.id
        )

    def duplicate(self, scenario_id: str) -> Saved:
        """A copy of a scenario under the name with a number."""
        one = self.get(scenario_id)
        return self.add(one.name, one.service, one.pack_name, one.document, one.author)

    def delete(self, seen: Saved, by: str = "") -> None:
        """Delete a scenario as it was read; `bring_back` undoes it for DAYS_KEPT days. Errors are those of `rename`."""
        with self._write() as connection:
            self._change(connection, seen, by, deleted_at=self.clock())

    def bring_back(self, scenario_id: str, by: str = "") -> Saved:
        """A deleted scenario, back as it was; where its name is taken meanwhile, under the name with a number.

        Nothing happens where somebody has brought it back already; ScenarioGoneError where its days are over.
        """

        def back(connection: Connection, free: str) -> None:
            changes = {"name": free, "deleted_at": None, "changed_at": self.clock(), "changed_by": by}
            connection.execute(
                sa.update(self.table)
                .where(self.table.c.id == scenario_id, self.table.c.deleted_at.is_not(None))
                .values(version=self.table.c.version + 1, **storable(changes))
            )

        one = next((one for one in self.deleted() if one.id == scenario_id), None)
        if one is None:
            return self.get(scenario_id)
        return self._under_free_name(one.name, back, scenario_id)

    def take_in(self, others: list[Saved]) -> tuple[list[Saved], list[Saved], list[Saved]]:
        """Scenarios of another store, with their ids, versions and times: all of them in one transaction.

        Returns those that were taken in, those that were here already, and those that are here with other contents and
        were left alone. A name that is taken here gets a number.
        """

        def take(connection: Connection) -> tuple[list[Saved], list[Saved], list[Saved]]:
            taken_in: list[Saved] = []
            here: list[Saved] = []
            left: list[Saved] = []
            for one in others:
                found = find(connection, self.table, one.id)
                if found is None:
                    name = one.name if one.deleted_at else free_name(connection, self.table, one.name)
                    write_row(connection, self.table, {**asdict(one), "name": name})
                    taken_in.append(one)
                elif found.version > one.version or (found.version, found.document) == (one.version, one.document):
                    here.append(one)
                else:
                    left.append(one)
            return taken_in, here, left

        return self._again_where_taken(take)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """A transaction that writes; what was deleted too long ago goes with it."""
        with self.database.begin(write=True) as connection:
            connection.execute(sa.delete(self.table).where(self.table.c.deleted_at < self._first_kept()))
            yield connection

    def _first_kept(self) -> dt.datetime:
        return self.clock() - dt.timedelta(days=DAYS_KEPT)

    def _change(self, connection: Connection, seen: Saved, by: str, **values: Any) -> None:
        """Change a scenario that is still as it was seen."""
        changes = {**values, "version": seen.version + 1, "changed_at": self.clock(), "changed_by": by}
        as_seen = (self.table.c.id == seen.id, self.table.c.version == seen.version, self.live)
        if not connection.execute(sa.update(self.table).where(*as_seen).values(**storable(changes))).rowcount:
            raise ScenarioChangedError(read(connection, self.table, seen.id))

    def _under_free_name(self, name: str, change: Callable[[Connection, str], None], scenario_id: str) -> Saved:
        """Make a change under the first name that is free: the name, then the name with 2, 3 and so on.

        The database's own rule that names are unique decides: who loses a race for a name looks for the next.
        """

        def named(connection: Connection) -> Saved:
            change(connection, free_name(connection, self.table, name, but=scenario_id))
            return read(connection, self.table, scenario_id)

        return self._again_where_taken(named)

    def _again_where_taken(self, work: Callable[[Connection], Result]) -> Result:
        """Do some work in a transaction, and again where somebody else took a name at the same moment."""
        for _ in range(TRIES):
            try:
                with self._write() as connection:
                    return work(connection)
            except IntegrityError:
                continue
        raise StoreError(f"{self.place} is in use by another program", "try again in a moment")


def find(connection: Connection, table: sa.Table, scenario_id: str) -> Saved | None:
    """One scenario, deleted or not; None where there is none."""
    row = connection.execute(sa.select(table).where(table.c.id == scenario_id)).mappings().one_or_none()
    return None if row is None else saved_from(row)


def read(connection: Connection, table: sa.Table, scenario_id: str) -> Saved:
    """One scenario that is not deleted; ScenarioGoneError where it is."""
    one = find(connection, table, scenario_id)
    if one is None or one.deleted_at:
        raise ScenarioGoneError(scenario_id)
    return one


def write_row(connection: Connection, table: sa.Table, values: dict[str, Any]) -> None:
    """A new row."""
    kept = {name: value for name, value in storable(values).items() if name in table.c}
    connection.execute(sa.insert(table).values(**kept))


def free_name(connection: Connection, table: sa.Table, name: str, but: str = "") -> str:
    """The name, or the name with the first number that makes it free; `but`: the scenario that may have it already."""
    taken = set(
        connection.execute(sa.select(table.c.name).where(table.c.deleted_at.is_(None), table.c.id != but)).scalars()
    )
    name = str(storable({"name": name})["name"])
    return next(free for number in range(1, len(taken) + 2) if (free := numbered(name, number)) not in taken)


def numbered(name: str, number: int) -> str:
    """A name with a number behind it, within the length that a name may have: "Plan" and 2 is "Plan (2)"."""
    stem = re.sub(r" \(\d+\)$", "", name.strip()) if number > 1 else name.strip()
    suffix = f" ({number})" if number > 1 else ""
    return stem[: MOST_NAME - len(suffix)] + suffix
