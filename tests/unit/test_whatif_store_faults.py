"""A store that cannot be opened, read or written to: one sentence, nothing half-written, no other store instead."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgresql_cluster import PASSWORD, Cluster

from lib.whatif.scenarios.database import ANSWER_SECONDS, Address, Database, address_of, file_address, make_folder
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import ScenarioStore, open_store
from lib.whatif.scenarios.store_faults import StoreError

NOT_NOBODY = 65534


def said(action: Callable[[], Any]) -> str:
    """The one sentence that an action ends in."""
    with pytest.raises(StoreError) as error:
        action()
    text = str(error.value)
    assert text.endswith(".") and "\n" not in text and ". " not in text
    assert PASSWORD not in text and "%26" not in text
    for word in ("Error", "psycopg", "sqlite3", "Traceback", "SELECT", "None"):
        assert word not in text
    return text


def plan(store: ScenarioStore, name: str = "Plan", document: str = "{}") -> Saved:
    return store.add(name, "home", "a-pack", document)


def test_nobody_waits_longer_than_five_seconds(tmp_path):
    assert ANSWER_SECONDS == 5
    assert Database(file_address(tmp_path / "scenarios.db")).patience == 5


# SQLite.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scenarios.db"


@pytest.fixture
def kept(file: Path) -> ScenarioStore:
    """A store in a file, with one scenario."""
    store = open_store(file_address(file), patience=0.05)
    plan(store)
    return store


def everything(store: ScenarioStore) -> list[Callable[[], Any]]:
    """Everything that can be done with a store."""
    one = Saved("1", "Plan", "home", "a-pack", "", "{}", 1, *[None] * 2, "")  # type: ignore[arg-type]
    return [
        store.listed,
        store.deleted,
        lambda: store.get("1"),
        lambda: plan(store),
        lambda: store.save(one, "{}"),
        lambda: store.rename(one, "Other"),
        lambda: store.duplicate("1"),
        lambda: store.delete(one),
        lambda: store.bring_back("1"),
        lambda: store.take_in([one]),
    ]


def test_a_deleted_file_never_comes_back_empty(kept, file):
    file.unlink()
    sentence = (
        f"The file {file} has been deleted or moved: put it back, or start the app again to begin with an empty one."
    )
    assert [said(action) for action in everything(kept)] == [sentence] * 10
    assert not file.exists()


def test_a_file_that_is_put_back_is_used_again(kept, file):
    moved = file.rename(file.with_suffix(".away"))
    said(kept.listed)
    moved.rename(file)
    assert [one.name for one in kept.listed()] == ["Plan"]


def test_a_file_deleted_while_it_is_written_to_is_noticed(kept, file):
    sa.event.listen(kept.database.engine, "commit", lambda connection: file.unlink())
    assert said(lambda: plan(kept)).startswith(f"The file {file} has been deleted or moved")


def test_a_file_replaced_by_an_empty_one_is_no_store(kept, file):
    file.write_bytes(b"")
    assert said(lambda: plan(kept)) == (
        f"The file {file} no longer holds saved scenarios: put back what was there, or start the app again to begin "
        "with none."
    )
    with sqlite3.connect(file) as found:
        assert found.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    found.close()


def test_a_deleted_folder_is_not_made_again(kept, file):
    shutil.rmtree(file.parent)
    sentence = f"The folder {file.parent} for saved scenarios does not exist: make it, or choose another."
    assert {said(action) for action in everything(kept)} == {sentence}
    assert not file.parent.exists()


def test_a_folder_in_place_of_the_file(file):
    file.mkdir()
    assert said(lambda: open_store(file_address(file))) == (f"{file} is a folder: name a file for the saved scenarios.")


def test_a_folder_that_is_missing(tmp_path):
    away = tmp_path / "away" / "scenarios.db"
    sentence = f"The folder {away.parent} for saved scenarios does not exist: make it, or choose another."
    assert said(lambda: open_store(file_address(away))) == sentence
    assert said(lambda: open_store(file_address(away), create=False)) == sentence
    deeper = tmp_path / "away" / "deeper"
    assert said(lambda: make_folder(deeper, parents=False)) == sentence
    assert not away.parent.exists()
    make_folder(deeper, parents=True)
    make_folder(deeper, parents=False)
    assert deeper.is_dir()


def test_a_file_in_place_of_the_folder(tmp_path):
    other = tmp_path / "other"
    other.write_text("a file")
    sentence = f"{other} is a file, where a folder for saved scenarios should be: choose a folder."
    assert said(lambda: open_store(file_address(other / "scenarios.db"))) == sentence
    assert said(lambda: make_folder(other, parents=True)) == sentence
    assert said(lambda: make_folder(other / "deeper", parents=False)) == sentence
    assert other.read_text() == "a file"


@pytest.mark.parametrize("text", [b"not a database, but a letter of some length" * 40, b"PK\x03\x04" * 500])
def test_a_file_that_is_no_database_is_left_alone(file, text):
    file.write_bytes(text)
    sentence = f"The file {file} is not a file of saved scenarios: put the right file back, or choose another folder."
    assert said(lambda: open_store(file_address(file))) == sentence
    assert file.read_bytes() == text


def test_a_damaged_file(kept, file):
    for number in range(30):
        plan(kept, f"Plan {number}", "x" * 4000)
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    assert said(kept.listed) == f"The file {file} is damaged: put back a copy of it."


def test_a_file_of_another_program_is_left_alone(file):
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE scenarios (film TEXT)")
    other.close()
    assert "has a table scenarios that belongs to something else" in said(lambda: open_store(file_address(file)))


def test_a_full_disk_writes_nothing(kept, file):
    def fill(connection: Any, record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(kept.database.engine, "connect", fill)
    (one,) = kept.listed()
    large = "x" * 100_000
    sentence = f"The disk that holds the file {file} is full: make room on it and try again."
    assert said(lambda: plan(kept, document=large)) == sentence
    assert said(lambda: kept.save(one, large)) == sentence
    small = Saved("2", "Small", "home", "a-pack", "", "{}", 1, one.saved_at, one.saved_at, "")
    assert said(lambda: kept.take_in([small, Saved(**{**vars(small), "id": "3", "document": large})])) == sentence
    assert kept.listed() == [one], "the small one has not stayed without the large one"
    kept.rename(one, "Still works")


def test_a_disk_too_full_to_begin_a_store(file):
    def fill(connection: Any, record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA max_page_count = 1")

    sa.event.listen(sa.pool.Pool, "connect", fill)
    try:
        assert "is full: make room on it" in said(lambda: open_store(file_address(file)))
    finally:
        sa.event.remove(sa.pool.Pool, "connect", fill)
    assert open_store(file_address(file)).listed() == []


@contextmanager
def another_user() -> Iterator[None]:
    """As somebody who may write only where everybody may: root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOT_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users can reach."""
    folder = Path(tempfile.mkdtemp(prefix="scenarios-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_may_only_be_read(public_folder):
    file = public_folder / "scenarios.db"
    store = open_store(file_address(file))
    one = plan(store)
    file.chmod(0o444)
    public_folder.chmod(0o555)
    with another_user():
        opened = open_store(file_address(file))
        assert opened.listed() == [one], "what is there can be read"
        sentence = f"The file {file} may only be read: let the app write to it and to its folder."
        assert said(lambda: plan(opened)) == sentence
        assert said(lambda: opened.delete(one)) == sentence
        other = public_folder / "other.db"
        assert said(lambda: open_store(file_address(other))) == (
            f"The file {other} cannot be opened or written to: let the app write to it and to its folder."
        )
        assert said(lambda: make_folder(public_folder / "mine", parents=True)) == (
            f"The folder {public_folder / 'mine'} for saved scenarios cannot be made: make it, or choose another."
        )
    assert store.listed() == [one]


def test_a_folder_that_may_only_be_read_around_a_file_that_may_be_written(public_folder):
    """Nothing can be written there without the journal beside the file."""
    file = public_folder / "scenarios.db"
    one = plan(open_store(file_address(file)))
    file.chmod(0o666)
    public_folder.chmod(0o555)
    with another_user():
        opened = open_store(file_address(file))
        assert "let the app write to it and to its folder" in said(lambda: plan(opened))
        assert opened.listed() == [one]


def test_a_file_that_may_not_be_read(public_folder):
    file = public_folder / "scenarios.db"
    open_store(file_address(file))
    file.chmod(0o000)
    with another_user():
        assert "cannot be opened or written to" in said(lambda: open_store(file_address(file)))


def test_a_file_that_another_program_holds(kept, file):
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    sentence = f"The file {file} has been in use by another program for 0.05 seconds: try again in a moment."
    assert [said(kept.listed), said(lambda: plan(kept))] == [sentence] * 2
    holder.execute("ROLLBACK")
    holder.close()
    assert plan(kept).name == "Plan (2)"


def test_who_waited_in_vain_is_told_apart(kept, file):
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError) as locked:
        kept.listed()
    holder.close()
    file.unlink()
    with pytest.raises(StoreError) as gone:
        kept.listed()
    assert (locked.value.waited, gone.value.waited) == (True, False)


@pytest.mark.parametrize("name", ["a b?c#d%20.db", "Größe 例.db", "it's;.db"])
def test_a_file_of_any_name(tmp_path, name):
    plan(open_store(file_address(tmp_path / name)))
    assert [path.name for path in tmp_path.iterdir()] == [name]


# Addresses.


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://user:Wint3r&sea@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://h:port/d",
        "x://",
    ],
)
def test_an_address_of_nothing_that_is_known(url):
    assert said(lambda: address_of(url)).startswith("The address of the saved scenarios ")


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_an_address_of_postgresql_in_any_of_its_spellings(kind):
    address = address_of(f"{kind}://care:Wint3r%26sea@db.example:5433/care_market")
    assert address.url.drivername == "postgresql+psycopg"
    assert address.place == "the database care_market on db.example"


def test_an_address_of_a_file():
    assert address_of("sqlite:////srv/care/scenarios.db").place == "the file /srv/care/scenarios.db"


# PostgreSQL.


@pytest.fixture
def team(postgresql: Cluster) -> ScenarioStore:
    """A store in PostgreSQL."""
    return open_store(address_of(postgresql.address(postgresql.new_schema())))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def elsewhere(port: int, patience: float = 5) -> ScenarioStore:
    address = address_of(f"postgresql://care:Wint3r%26sea@127.0.0.1:{port}/care")
    return open_store(address, patience=patience)


def test_a_server_that_does_not_run():
    assert said(lambda: elsewhere(free_port())) == (
        "The database care on 127.0.0.1 cannot be reached: see that its server runs and that its address is right."
    )


def test_a_server_whose_name_nobody_knows():
    address = address_of("postgresql://care:Wint3r%26sea@nowhere.invalid/care")
    assert said(lambda: open_store(address)) == (
        "The database care on nowhere.invalid cannot be reached: see that its server runs and that its address is "
        "right."
    )


def test_a_server_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(StoreError) as error:
        elsewhere(silent.getsockname()[1], patience=2)
    assert error.value.waited
    assert str(error.value) == (
        "The database care on 127.0.0.1 has not answered within 2 seconds: see that its server runs and that its "
        "address is right."
    )


def freeze(store: ScenarioStore, moment: str) -> list[int]:
    """Let the server stop in the middle of its work: while it inserts, or as it is told to commit."""
    frozen: list[int] = []

    def stop(connection: sa.Connection, *rest: Any) -> None:
        if frozen or (moment == "before_cursor_execute" and not rest[1].startswith("INSERT")):
            return
        frozen.append(connection.connection.dbapi_connection.info.backend_pid)  # type: ignore[union-attr]
        os.kill(frozen[0], signal.SIGSTOP)

    sa.event.listen(store.database.engine, moment, stop)
    return frozen


@pytest.mark.parametrize("moment", ["before_cursor_execute", "commit"])
def test_a_server_that_falls_silent(team, moment):
    one = plan(team, "Before")
    team.database.patience = 1.5
    frozen = freeze(team, moment)
    try:
        with pytest.raises(StoreError) as error:
            plan(team, "During")
    finally:
        for process in frozen:
            os.kill(process, signal.SIGCONT)
    assert frozen
    assert "has not answered within 1.5 seconds" in str(error.value)
    assert (error.value.waited, error.value.uncertain) == (True, moment == "commit")
    team.database.patience = 5
    found = [each.name for each in team.listed()]
    assert found[0] == one.name
    assert found in (["Before"], ["Before", "During"]), "wholly or not at all"
    assert plan(team, "After").name == "After"


def test_a_wrong_password(postgresql):
    address = address_of(postgresql.address("public", password="a-wrong-one"))
    text = said(lambda: open_store(address))
    assert text == (
        "The database postgres on 127.0.0.1 refuses the user or the password: correct them in the address of the "
        "database."
    )
    assert "a-wrong-one" not in text


def test_a_user_that_is_not_known(postgresql):
    address = address_of(postgresql.address("public", user="stranger"))
    assert "refuses the user or the password" in said(lambda: open_store(address))


def test_a_database_that_is_missing(postgresql):
    address = address_of(postgresql.address("public", database="care_market"))
    assert said(lambda: open_store(address)) == (
        "The database care_market on 127.0.0.1 does not exist: make the database, or correct its name in the address."
    )


def test_a_schema_that_is_missing(postgresql):
    address = address_of(postgresql.address("nowhere"))
    assert said(lambda: open_store(address)) == (
        "The database postgres on 127.0.0.1 has no schema for the tables: make one, or correct the address of the "
        "database."
    )


def test_a_user_who_may_make_no_tables(postgresql):
    schema = postgresql.new_schema()
    postgresql.run_sql("DROP ROLE IF EXISTS reader")
    postgresql.run_sql(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    postgresql.run_sql(f"GRANT USAGE ON SCHEMA {schema} TO reader")
    address = address_of(postgresql.address(schema, user="reader"))
    assert said(lambda: open_store(address)) == (
        "The database postgres on 127.0.0.1 does not let its user do this: give the user the right to make and change "
        "tables."
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("53100", "the disk that holds the database postgres on 127.0.0.1 is full: make room on it and try again."),
        ("25006", "the database postgres on 127.0.0.1 may only be read: let its user write to it."),
        (
            "XX000",
            "the database postgres on 127.0.0.1 could not do it (its code is XX000): ask who keeps the database.",
        ),
    ],
)
def test_what_the_server_itself_refuses(team, code, sentence):
    """The server raises the very error that a full disk does, after the row went in."""
    schema = team.database.address.url.query["options"].split("=")[1]
    one = plan(team, "Before")
    with team.database.begin(write=True) as connection:
        connection.exec_driver_sql(
            f"CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER refuse AFTER INSERT OR UPDATE ON scenarios FOR EACH ROW EXECUTE FUNCTION {schema}.refuse()"
        )
    for action in (lambda: plan(team), lambda: team.delete(one), lambda: team.rename(one, "Other")):
        assert said(action).lower() == sentence.lower()
    assert team.listed() == [one]


def test_a_line_that_is_cut_while_nothing_is_done_is_made_anew(team, postgresql):
    plan(team)
    postgresql.run_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                       "backend_type = 'client backend'")  # fmt: skip
    assert [one.name for one in team.listed()] == ["Plan"]


def test_a_line_that_is_cut_in_the_middle_of_work(team, postgresql):
    plan(team, "Before")

    def cut(connection: sa.Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT"):
            process = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            postgresql.run_sql(f"SELECT pg_terminate_backend({process}, 5000)")

    sa.event.listen(team.database.engine, "before_cursor_execute", cut)
    assert said(lambda: plan(team, "During")).startswith("The database postgres on 127.0.0.1 was stopped")
    sa.event.remove(team.database.engine, "before_cursor_execute", cut)
    assert [one.name for one in team.listed()] == ["Before"]


def test_a_table_that_another_program_holds(team, postgresql):
    team.database.patience = 0.5
    import psycopg

    schema = team.database.address.url.query["options"].split("=")[1]
    options = {"host": "127.0.0.1", "port": postgresql.port, "user": "care", "password": PASSWORD, "dbname": "postgres"}
    with psycopg.connect(**options) as holder:
        holder.execute(f"LOCK TABLE {schema}.scenarios")
        with pytest.raises(StoreError) as error:
            plan(team)
    assert error.value.waited and not error.value.uncertain
    assert plan(team).name == "Plan"


def test_the_package_that_postgresql_needs_is_not_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    address: Address = address_of("postgresql://care:Wint3r%26sea@db.example/care")
    assert said(lambda: open_store(address)) == (
        "PostgreSQL needs a package that is not installed: ask whoever runs the app to install what "
        "PostgreSQL needs, as its README says."
    )
