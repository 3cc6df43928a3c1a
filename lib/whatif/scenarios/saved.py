"""A saved scenario or running order, and how it becomes a row of the database and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Saved:
    """A saved scenario: its document is the JSON of lib.whatif.scenarios.scenario. Times are in UTC.

    A running order has the same, without a service: its document is that of lib.whatif.running_orders.order.

    saved_at and author are of the document; changed_at and changed_by are of the last change of any kind, such as a new
    name. deleted_at is None but for a deleted scenario.
    """

    id: str
    name: str
    service: str
    pack_name: str
    author: str
    document: str
    version: int
    saved_at: dt.datetime
    changed_at: dt.datetime
    changed_by: str
    deleted_at: dt.datetime | None = None


def storable(values: dict[str, Any]) -> dict[str, Any]:
    """The values without what no database takes: half a letter, the null letter, a time that is not in UTC."""

    def kept(value: Any) -> Any:
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value

    return {name: kept(value) for name, value in values.items()}


def saved_from(row: sa.RowMapping) -> Saved:
    """A row as a Saved. SQLite gives back times without their zone, PostgreSQL in the server's: they are UTC."""

    def time_of(value: Any) -> Any:
        if not isinstance(value, dt.datetime):
            return value
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)

    # A running order is of no one service.
    return Saved(**{"service": "", **{str(name): time_of(value) for name, value in row.items()}})
