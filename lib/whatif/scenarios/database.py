"""The database that saved scenarios lie in, SQLite or PostgreSQL: transactions that end, wholly or not at all.

Every piece of work has a connection of its own: none can have gone stale, and a file that was deleted or put back is
noticed, where a connection kept open would write on into a file that nobody can see any more.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from lib.whatif.scenarios.schema import POSTGRESQL, bring_up_to_date, is_current
from lib.whatif.scenarios.store_faults import StoreError, fault_of, folder_fault, named_by_server, refuse_folder

ANSWER_SECONDS = 5.0  # as long as anybody should wait for a database that says nothing
WRITE = "scenario_store_writes"
DRIVER = "postgresql+psycopg"
SQLITE = "sqlite"
FORMS = "sqlite:////folder/scenarios.db or postgresql://user:password@host/database"


@dataclass(frozen=True)
class Address:
    """Where a store lies: its URL; `file` where that is SQLite."""

    url: sa.URL
    file: Path | None

    @property
    def place(self) -> str:
        """The store in words, without user and password."""
        if self.file is not None:
            return f"the file {self.file}"
        return f"the database {self.url.database or self.url.username} on {self.url.host or 'this machine'}"


def file_address(file: Path) -> Address:
    """The address of a SQLite file."""
    file = file.absolute()
    return Address(sa.URL.create(SQLITE, database=str(file)), file)


def address_of(url: str | sa.URL) -> Address:
    """An address as people write it; StoreError where it is none of SQLite or PostgreSQL."""
    try:
        found = sa.make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise StoreError("the address of the saved scenarios cannot be read", f"write it as {FORMS}") from error
    kind = found.drivername.split("+")[0]
    if kind == SQLITE and found.database and found.database != ":memory:":
        return file_address(Path(found.database).expanduser())
    if kind in ("postgres", POSTGRESQL):
        return Address(found.set(drivername=DRIVER), None)
    raise StoreError("the address of the saved scenarios names neither a SQLite file nor PostgreSQL", f"write {FORMS}")


def file_uri(file: Path) -> str:
    """A file's name as SQLite takes it beside options: with a drive (C:/) or a server (//server/share) as well."""
    path = file.as_posix()
    return f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:')}"


def make_folder(folder: Path, *, parents: bool) -> None:
    """Make the folder for saved scenarios where it is missing; StoreError where it cannot be made."""
    try:
        folder.mkdir(parents=parents, exist_ok=True)
    except OSError as error:
        refuse_folder(folder.parent)
        if os.path.exists(folder):
            refuse_folder(folder)
        raise StoreError(
            f"the folder {folder} for saved scenarios cannot be made", "make it, or choose another"
        ) from error


class Database:
    """A database with the store's tables, through transactions. Errors are StoreError, but for IntegrityError."""

    def __init__(self, address: Address, patience: float = ANSWER_SECONDS) -> None:
        """Name the database; nothing is opened. patience: seconds to wait for an answer."""
        self.address = address
        self.patience = patience
        self._here = threading.local()
        self.engine = self._postgresql() if address.file is None else self._sqlite(address.file)

    def open(self, *, create: bool) -> None:
        """Open the store and bring its tables up to date. create: make what is missing, the file included."""
        with self._transaction(create=create) as connection:
            current = is_current(connection, self.address.place)
        if not current:
            self._bring_up_to_date(create=create)

    @contextmanager
    def begin(self, *, write: bool = False) -> Iterator[Connection]:
        """A transaction: all of it is kept, or none of it. A store that was put back from an older copy is updated."""
        with self._transaction(write=write) as connection:
            if is_current(connection, self.address.place):
                yield connection
                return
        self._bring_up_to_date(create=False)
        with self._transaction(write=write) as connection:
            yield connection

    def _bring_up_to_date(self, *, create: bool) -> None:
        with self._transaction(write=True, create=create) as connection:
            bring_up_to_date(connection, self.address.place, create=create)

    @contextmanager
    def _transaction(self, *, write: bool = False, create: bool = False) -> Iterator[Connection]:
        """A transaction on a connection of its own, with every error put into words."""
        self._here.create, self._here.watch = create, None
        committing = False
        before = None if create else self._file_there()
        try:
            with self.engine.connect().execution_options(**{WRITE: write}) as connection:
                transaction = connection.begin()
                if self.address.file is None:
                    self._limit(connection)
                try:
                    yield connection
                except BaseException:
                    transaction.rollback()
                    raise
                committing = write
                transaction.commit()
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            watch = self._here.watch
            fault = fault_of(
                error, self.address.place, self.patience, file=self.address.file, cut=bool(watch and watch.has_cut)
            )
            # SQLite says no only where nothing was written; a server may have written, and its word was lost.
            fault.uncertain = committing and self.address.file is None and not named_by_server(error)
            raise fault from error
        finally:
            if self._here.watch:
                self._here.watch.stop()
        if write and before is not None and self._file_there() != before:
            raise self._gone()

    def _file_there(self) -> tuple[int, int] | None:
        """What tells the file from another of its name; StoreError where it is not there."""
        if self.address.file is None:
            return None
        try:
            found = self.address.file.stat()
        except OSError as error:
            folder_fault(self.address.file)
            raise self._gone() from error
        return found.st_dev, found.st_ino

    def _gone(self) -> StoreError:
        return StoreError(
            f"{self.address.place} has been deleted or moved",
            "put it back, or start the app again to begin with an empty one",
        )

    def _limit(self, connection: Connection) -> None:
        """Let the server itself give up before the line is cut: then it is known that nothing was written."""
        limit = f"{max(1, int(self.patience * 900))}ms"
        names = ("statement_timeout", "lock_timeout")
        connection.execute(sa.select(*(sa.func.set_config(name, limit, True) for name in names)))

    def _sqlite(self, file: Path) -> Engine:

        def connect() -> sqlite3.Connection:
            # A file that is missing is made only where a store is opened: deleted meanwhile, it would come back empty.
            mode = "rwc" if self._here.create else "rw"
            return sqlite3.connect(
                f"{file_uri(file)}?mode={mode}", uri=True, timeout=self.patience, isolation_level=None
            )

        engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)

        @sa.event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # Who means to write waits for its turn first: two that read and then write would refuse each other.
            write = connection.get_execution_options().get(WRITE)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    def _postgresql(self) -> Engine:
        try:
            engine = sa.create_engine(
                self.address.url, poolclass=NullPool, connect_args={"connect_timeout": max(2, int(self.patience))}
            )
        except ImportError as error:
            raise StoreError(
                "PostgreSQL needs a package that is not installed",
                "ask whoever runs the app to install what PostgreSQL needs, as its README says",
            ) from error

        @sa.event.listens_for(engine, "do_connect")
        def watched(dialect: Any, record: Any, arguments: Any, options: dict[str, Any]) -> Any:
            connection = dialect.connect(*arguments, **options)
            self._here.watch = Watch(connection.fileno(), self.patience)
            return connection

        @sa.event.listens_for(engine, "close")
        def closing(connection: Any, record: Any) -> None:
            self._here.watch.stop()

        return engine


class Watch:
    """Cuts a line on which no answer came in time: libpq itself would wait for ever."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        """Watch the socket of a connection."""
        self.has_cut = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = socket.socket(fileno=descriptor)
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with self._lock:
            if self._socket is not None:
                self.has_cut = True
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:  # it is cut already
                    return

    def stop(self) -> None:
        """Watch no longer. The socket belongs to the connection, which closes it."""
        self._timer.cancel()
        with self._lock:
            if self._socket is not None:
                self._socket.detach()
                self._socket = None
