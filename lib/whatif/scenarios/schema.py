"""The tables of the store of saved scenarios, and the steps that bring an older store up to date.

The store's version stands in a table of its own. A further table is one more step at the end of STEPS, and a `sa.Table`
beside `scenarios`: steps that have been given out are never changed, as stores stand at every one of them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from lib.whatif.scenarios.store_faults import StoreError, is_missing_table

POSTGRESQL = "postgresql"

metadata = sa.MetaData()
store_version = sa.Table("store_version", metadata, sa.Column("version", sa.Integer, nullable=False))


def saved(name: str, *further: sa.Column[str]) -> sa.Table:
    """A table of what people save. What is deleted is a row with deleted_at: it no longer holds its name, and can be
    brought back for a while.
    """
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        *further,
        sa.Column("pack_name", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )


scenarios = saved("scenarios", sa.Column("service", sa.Text, nullable=False))
orders = saved("orders")  # running orders: lib.whatif.running_orders

# In SQL that SQLite and PostgreSQL both understand; {time} is the type of a moment in either.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE scenarios (id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE,"
        " service VARCHAR(80) NOT NULL, pack_name VARCHAR(200) NOT NULL, author VARCHAR(200) NOT NULL,"
        " document TEXT NOT NULL, version INTEGER NOT NULL, saved_at {time} NOT NULL)",
    ),
    # Names were unique among all; they are among those that are not deleted. SQLite cannot drop a rule: a new table.
    (
        "CREATE TABLE store_version (version INTEGER NOT NULL)",
        "INSERT INTO store_version (version) VALUES (1)",
        "CREATE TABLE scenarios_2 (id VARCHAR(36) NOT NULL PRIMARY KEY, name TEXT NOT NULL, service TEXT NOT NULL,"
        " pack_name TEXT NOT NULL, author TEXT NOT NULL, document TEXT NOT NULL, version INTEGER NOT NULL,"
        " saved_at {time} NOT NULL, changed_at {time} NOT NULL, changed_by TEXT NOT NULL, deleted_at {time})",
        "INSERT INTO scenarios_2 SELECT id, name, service, pack_name, author, document, version, saved_at, saved_at,"
        " author, NULL FROM scenarios",
        "DROP TABLE scenarios",
        "ALTER TABLE scenarios_2 RENAME TO scenarios",
        "CREATE UNIQUE INDEX scenarios_live_name ON scenarios (name) WHERE deleted_at IS NULL",
    ),
    (
        "CREATE TABLE orders (id VARCHAR(36) NOT NULL PRIMARY KEY, name TEXT NOT NULL, pack_name TEXT NOT NULL,"
        " author TEXT NOT NULL, document TEXT NOT NULL, version INTEGER NOT NULL, saved_at {time} NOT NULL,"
        " changed_at {time} NOT NULL, changed_by TEXT NOT NULL, deleted_at {time})",
        "CREATE UNIQUE INDEX orders_live_name ON orders (name) WHERE deleted_at IS NULL",
    ),
)
NEWEST = len(STEPS)
FIRST_COLUMNS = {"id", "name", "service", "pack_name", "author", "document", "version", "saved_at"}
LOCK = 7_361_802_943  # of PostgreSQL, while tables are made: any number that nobody else takes


def is_current(connection: Connection, place: str) -> bool:
    """Whether the store stands at the newest version; StoreError where it is newer than this app knows."""
    try:
        found = connection.execute(sa.select(sa.func.max(store_version.c.version))).scalar_one()
    except DBAPIError as error:
        if is_missing_table(error):
            return False
        raise
    refuse_newer(found or 0, place)
    return bool(found == NEWEST)


def bring_up_to_date(connection: Connection, place: str, *, create: bool) -> None:
    """Take every step that the store has not taken, in the transaction given: all of them, or none.

    create: whether a database without any of the store's tables may become a store. Two that do so at once wait for
    each other: SQLite's transaction has the file to itself already.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    found = version_of(connection, place)
    refuse_newer(found, place)
    if not found and not create:
        raise StoreError(
            f"{place} no longer holds saved scenarios",
            "put back what was there, or start the app again to begin with none",
        )
    time = "TIMESTAMP WITH TIME ZONE" if connection.dialect.name == POSTGRESQL else "DATETIME"
    for step in STEPS[found:]:
        for statement in step:
            connection.exec_driver_sql(statement.format(time=time))
    if found < NEWEST:
        connection.execute(sa.update(store_version).values(version=NEWEST))


def version_of(connection: Connection, place: str) -> int:
    """The last step that a store has taken; 0 where it has no tables yet."""
    inspector = sa.inspect(connection)
    if inspector.has_table(store_version.name):
        return int(connection.execute(sa.select(sa.func.max(store_version.c.version))).scalar_one() or 0)
    if not inspector.has_table(scenarios.name):
        return 0
    # The first stores had no table for their version.
    if {column["name"] for column in inspector.get_columns(scenarios.name)} != FIRST_COLUMNS:
        raise StoreError(f"{place} has a table scenarios that belongs to something else", "name another database")
    return 1


def refuse_newer(found: int, place: str) -> None:
    """Leave alone what a newer version of the app has written."""
    if found > NEWEST:
        raise StoreError(f"{place} was written by a newer version of this app", "update the app to open it")
