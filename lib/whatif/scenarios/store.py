"""Saved scenarios, in any database that SQLAlchemy speaks to. Nothing that somebody saved is ever overwritten unseen.

Each scenario has an id, a name of its own and a version that grows with every change. Who saves over a version that
somebody else has changed meanwhile gets a copy under a further name, and so does who saves under a name that is taken.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

MOST_NAME = 80
TRIES = 1000

metadata = sa.MetaData()
scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(MOST_NAME), nullable=False, unique=True),
    sa.Column("service", sa.String(80), nullable=False),
    sa.Column("pack_name", sa.String(200), nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class Saved:
    """A saved scenario: its document is the JSON of lib.whatif.scenarios.scenario. saved_at is in UTC."""

    id: str
    name: str
    service: str
    pack_name: str
    author: str
    document: str
    version: int
    saved_at: dt.datetime


class ScenarioGoneError(Exception):
    """The scenario was deleted meanwhile."""


class ScenarioStore:
    """The saved scenarios of one database; its table is made where it is missing."""

    def __init__(self, engine: Engine) -> None:
        """Use a database through its engine."""
        self.engine = engine
        try:
            metadata.create_all(engine)
        except sa.exc.OperationalError:
            # Another session made the table at the same moment; anything else fails again here, and is said.
            metadata.create_all(engine)

    def listed(self) -> list[Saved]:
        """Every saved scenario, in order of name."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(scenarios).order_by(scenarios.c.name)).mappings().all()
        return [saved_from(row) for row in rows]

    def get(self, scenario_id: str) -> Saved:
        """One saved scenario; ScenarioGoneError where it is no longer there."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(scenarios).where(scenarios.c.id == scenario_id)).mappings().one_or_none()
        if row is None:
            raise ScenarioGoneError(scenario_id)
        return saved_from(row)

    def add(self, name: str, service: str, pack_name: str, document: str, author: str = "") -> Saved:
        """Save a new scenario. Where the name is taken, it is saved under the name with a number: the result says."""
        scenario_id = str(uuid.uuid4())
        values = {
            "id": scenario_id,
            "service": service,
            "pack_name": pack_name,
            "author": author,
            "document": document,
            "version": 1,
            "saved_at": now(),
        }
        self._under_free_name(name, lambda free: sa.insert(scenarios).values(name=free, **values))
        return self.get(scenario_id)

    def save(self, one: Saved, document: str, author: str = "") -> Saved:
        """Save over a scenario as it was read. Where it was changed or deleted meanwhile, a copy is saved instead."""
        change = (
            sa.update(scenarios)
            .where(scenarios.c.id == one.id, scenarios.c.version == one.version)
            .values(document=document, author=author, version=one.version + 1, saved_at=now())
        )
        with self.engine.begin() as connection:
            changed = connection.execute(change).rowcount
        if changed:
            return self.get(one.id)
        return self.add(one.name, one.service, one.pack_name, document, author)

    def rename(self, scenario_id: str, name: str) -> Saved:
        """Give a scenario another name; where it is taken, the name with a number."""
        if self.get(scenario_id).name != name.strip():
            self._under_free_name(
                name,
                lambda free: (
                    sa.update(scenarios)
                    .where(scenarios.c.id == scenario_id)
                    .values(name=free, version=scenarios.c.version + 1)
                ),
            )
        return self.get(scenario_id)

    def duplicate(self, scenario_id: str) -> Saved:
        """A copy of a scenario under the name with a number."""
        one = self.get(scenario_id)
        return self.add(one.name, one.service, one.pack_name, one.document, one.author)

    def delete(self, scenario_id: str) -> None:
        """Delete a scenario; nothing happens where it is gone already."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(scenarios).where(scenarios.c.id == scenario_id))

    def _under_free_name(self, name: str, statement: Any) -> None:
        """Run a statement under the first name that is free: the name, then the name with 2, 3 and so on.

        The database's own rule that names are unique decides, so two sessions can never take the same one.
        """
        for number in range(1, TRIES):
            try:
                with self.engine.begin() as connection:
                    connection.execute(statement(numbered(name, number)))
                return
            except IntegrityError:
                continue
        raise IntegrityError(f"no free name like {name}", None, ValueError(name))


def numbered(name: str, number: int) -> str:
    """A name with a number behind it, within the length that a name may have: "Plan" and 2 is "Plan (2)"."""
    stem = re.sub(r" \(\d+\)$", "", name.strip()) if number > 1 else name.strip()
    suffix = f" ({number})" if number > 1 else ""
    return stem[: MOST_NAME - len(suffix)] + suffix


def now() -> dt.datetime:
    """The time of saving, in UTC, to the second: it dates a record and enters no calculation."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def saved_from(row: sa.RowMapping) -> Saved:
    """A row as a Saved. SQLite gives back times without their zone: they are UTC."""
    saved_at = row["saved_at"]
    if saved_at.tzinfo is None:
        saved_at = saved_at.replace(tzinfo=dt.UTC)
    return Saved(**{**row, "saved_at": saved_at})
