"""Saved scenarios: nothing that somebody saved is lost, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import tempfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.whatif.scenarios.database import Address, file_address
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import (
    MOST_NAME,
    ScenarioChangedError,
    ScenarioGoneError,
    ScenarioStore,
    numbered,
    open_store,
)
from lib.whatif.scenarios.store_faults import StoreError

NEWEST = 3
NOON = dt.datetime(2025, 3, 31, 12, tzinfo=dt.UTC)
PROCESSES = 6

# As the first stores were made, by their app.
FIRST_STORE = (
    "CREATE TABLE scenarios (id VARCHAR(36) NOT NULL, name VARCHAR(80) NOT NULL, service VARCHAR(80) NOT NULL,"
    " pack_name VARCHAR(200) NOT NULL, author VARCHAR(200) NOT NULL, document TEXT NOT NULL, version INTEGER NOT NULL,"
    " saved_at {time} NOT NULL, PRIMARY KEY (id), UNIQUE (name))",
    "INSERT INTO scenarios VALUES ('1', 'Plan', 'home', 'a-pack', 'A. Author', '{{\"years\": 5}}', 3,"
    " '2025-03-31 12:00:00.000000')",
    "INSERT INTO scenarios VALUES ('2', 'Other', 'home', 'a-pack', '', '{{}}', 1, '2025-03-31 12:00:00.000000')",
)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> dt.datetime:
        return self.time

    def forward(self, **length: float) -> None:
        self.time += dt.timedelta(**length)


@pytest.fixture
def clock(store: ScenarioStore) -> Clock:
    """The store's clock."""
    store.clock = Clock()
    return store.clock


def saved(store: ScenarioStore, name: str = "Plan", document: str = "{}", author: str = "A. Author") -> Saved:
    """A scenario in the store."""
    return store.add(name, "domiciliary_care", "a-pack", document, author)


def names(scenarios: list[Saved]) -> list[str]:
    return [one.name for one in scenarios]


def run_sql(address: Address, *statements: str) -> list[Any]:
    """Run statements past the store, and return the rows of the last one."""
    engine = sa.create_engine(address.url)
    with engine.begin() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        rows = list(results[-1]) if results[-1].returns_rows else []
    engine.dispose()
    return rows


def test_a_saved_scenario_comes_back_whole(store, clock):
    one = saved(store, document='{"years": 5}')
    assert store.get(one.id) == one
    assert (one.name, one.version, one.author, one.document) == ("Plan", 1, "A. Author", '{"years": 5}')
    assert (one.saved_at, one.changed_at, one.changed_by, one.deleted_at) == (NOON, NOON, "A. Author", None)
    assert one.saved_at.utcoffset() == dt.timedelta(0)


def test_a_time_of_another_zone_is_kept_in_utc(store):
    store.clock = lambda: dt.datetime(2025, 7, 1, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert saved(store).saved_at == dt.datetime(2025, 7, 1, 0, 30, tzinfo=dt.UTC)


def test_a_taken_name_gets_a_number(store):
    assert [saved(store).name for _ in range(3)] == ["Plan", "Plan (2)", "Plan (3)"]
    assert names(store.listed()) == ["Plan", "Plan (2)", "Plan (3)"]


def test_saving_over_a_version_that_changed_meanwhile_makes_a_copy(store):
    one = saved(store)
    mine = store.save(one, '{"mine": 1}')
    theirs = store.save(one, '{"theirs": 1}')
    assert (mine.id, mine.version, mine.document) == (one.id, 2, '{"mine": 1}')
    assert (theirs.name, theirs.document) == ("Plan (2)", '{"theirs": 1}')
    assert store.get(one.id).document == '{"mine": 1}'


def test_renaming_keeps_names_apart(store):
    first, second = saved(store, "A"), saved(store, "B")
    assert store.rename(second, "A").name == "A (2)"
    assert store.rename(first, " A ") == first
    renamed = store.rename(first, "C", "B. Colleague")
    assert (renamed.name, renamed.version, renamed.author, renamed.changed_by) == ("C", 2, "A. Author", "B. Colleague")


def test_what_changed_since_it_was_seen_is_not_renamed(store, clock):
    seen = saved(store)
    clock.forward(minutes=5)
    now = store.save(seen, '{"theirs": 1}', "B. Colleague")
    clock.forward(minutes=5)
    with pytest.raises(ScenarioChangedError) as error:
        store.rename(seen, "Mine")
    assert error.value.now == now
    assert (now.changed_at, now.changed_by) == (NOON + dt.timedelta(minutes=5), "B. Colleague")
    assert store.listed() == [now]
    assert store.rename(now, "Mine").document == '{"theirs": 1}'


@pytest.mark.parametrize("change", ["save", "rename"])
def test_what_changed_since_it_was_seen_is_not_deleted(store, change):
    seen = saved(store)
    now = store.save(seen, '{"theirs": 1}') if change == "save" else store.rename(seen, "Theirs")
    with pytest.raises(ScenarioChangedError):
        store.delete(seen)
    assert (store.listed(), store.deleted()) == ([now], [])
    store.delete(now)
    assert store.listed() == []


def test_a_duplicate_is_a_scenario_of_its_own(store):
    one = saved(store, document='{"years": 3}')
    copy = store.duplicate(one.id)
    assert (copy.name, copy.document) == ("Plan (2)", '{"years": 3}')
    store.delete(one)
    assert store.listed() == [copy]


def test_a_deleted_scenario_is_said_to_be_gone(store):
    one = saved(store)
    store.delete(one)
    for action in (store.get, store.duplicate):
        with pytest.raises(ScenarioGoneError):
            action(one.id)
    with pytest.raises(ScenarioGoneError):
        store.delete(one)
    with pytest.raises(ScenarioGoneError):
        store.rename(one, "Other")
    assert store.save(one, '{"kept": 1}').document == '{"kept": 1}'


def test_a_deleted_scenario_is_brought_back_as_it_was(store, clock):
    one = saved(store, document='{"years": 5}')
    clock.forward(hours=1)
    store.delete(one, "B. Colleague")
    (gone,) = store.deleted()
    assert (gone.id, gone.deleted_at, gone.changed_by) == (one.id, NOON + dt.timedelta(hours=1), "B. Colleague")
    clock.forward(hours=1)
    back = store.bring_back(one.id, "C. Third")
    assert (back.name, back.document, back.author, back.saved_at) == ("Plan", '{"years": 5}', "A. Author", NOON)
    assert (back.deleted_at, back.changed_by, back.changed_at) == (None, "C. Third", NOON + dt.timedelta(hours=2))
    assert (store.listed(), store.deleted()) == ([back], [])
    assert store.bring_back(one.id) == back, "somebody else was quicker"
    with pytest.raises(ScenarioChangedError):  # with what was seen before it went
        store.delete(one)


def test_a_deleted_scenario_holds_no_name(store):
    one = saved(store, document="1")
    store.delete(one)
    other = saved(store, document="2")
    assert other.name == "Plan"
    store.delete(other)
    third = saved(store, document="3")
    assert [store.bring_back(each.id).name for each in (one, other)] == ["Plan (2)", "Plan (3)"]
    assert {each.name: each.document for each in store.listed()} == {"Plan": "3", "Plan (2)": "1", "Plan (3)": "2"}
    assert store.get(third.id) == third


def test_deleted_scenarios_stand_with_the_last_one_first(store, clock):
    for name in ("B", "A", "C"):
        store.delete(saved(store, name))
        clock.forward(minutes=1)
    assert names(store.deleted()) == ["C", "A", "B"]


def test_thirty_days_and_no_longer(store, clock):
    one = saved(store)
    store.delete(one)
    clock.forward(days=30)
    saved(store, "A write")
    assert names(store.deleted()) == ["Plan"]
    clock.forward(seconds=1)
    assert store.deleted() == []
    with pytest.raises(ScenarioGoneError):
        store.bring_back(one.id)


def test_what_was_deleted_long_ago_goes_with_the_next_write(store, clock):
    one = saved(store)
    store.delete(one)
    clock.forward(days=31)
    count = "SELECT count(*) FROM scenarios"
    store.listed()
    assert run_sql(store.database.address, count) == [(1,)], "reading changes nothing"
    other = saved(store, "Other")
    assert run_sql(store.database.address, count) == [(1,)]
    assert store.listed() == [other]


def test_text_that_no_database_takes_is_saved_all_the_same(store):
    one = saved(store, "Half \ud83d a letter\0", '{"rationale": "\ud83d"}', "A\0B")
    assert (one.name, one.document, one.author) == ("Half ? a letter", '{"rationale": "?"}', "AB")
    assert saved(store, "Half \ud83d a letter\0").name == "Half ? a letter (2)"
    assert saved(store, "Größe 例 '; DROP TABLE scenarios --").name == "Größe 例 '; DROP TABLE scenarios --"
    assert len(saved(store, "x" * 200, author="y" * 900).name) == MOST_NAME


def test_a_second_store_on_the_same_database_finds_what_the_first_saved(store, address):
    one = saved(store)
    assert open_store(address).get(one.id) == one


def test_a_numbered_name_is_never_too_long():
    assert numbered("Plan", 1) == "Plan"
    assert numbered("Plan (2)", 3) == "Plan (3)"
    assert len(numbered("x" * 200, 12)) == MOST_NAME


# The versions of the store itself.


def test_a_new_store_stands_at_the_newest_version(store, address):
    assert run_sql(address, "SELECT version FROM store_version") == [(NEWEST,)]


def first_store(address: Address) -> None:
    time = "TIMESTAMP WITH TIME ZONE" if address.file is None else "DATETIME"
    run_sql(address, *(statement.format(time=time) for statement in FIRST_STORE))
    if address.file is None:
        run_sql(address, "UPDATE scenarios SET saved_at = '2025-03-31 12:00:00+00'")


def test_a_store_of_the_first_version_is_brought_up_to_date(address):
    first_store(address)
    store = open_store(address)
    other, plan = store.listed()
    assert plan == Saved(
        "1", "Plan", "home", "a-pack", "A. Author", '{"years": 5}', 3, NOON, changed_at=NOON, changed_by="A. Author"
    )
    assert (other.name, other.version) == ("Other", 1)
    store.delete(plan)
    assert saved(store).name == "Plan", "the old rule for names has gone"
    assert run_sql(address, "SELECT version FROM store_version") == [(NEWEST,)]


def test_a_store_is_brought_up_to_date_wholly_or_not_at_all(address, monkeypatch):
    first_store(address)

    def fail(connection, cursor, statement, *rest):
        if statement.startswith("ALTER TABLE"):
            raise RuntimeError("the power went")

    sa.event.listen(sa.Engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(RuntimeError, match="the power went"):
            open_store(address)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", fail)
    assert run_sql(address, "SELECT id, version FROM scenarios ORDER BY id") == [("1", 3), ("2", 1)]
    assert names(open_store(address).listed()) == ["Other", "Plan"]


def test_a_store_that_is_newer_than_the_app_is_left_alone(store, address):
    one = saved(store)
    run_sql(address, "UPDATE store_version SET version = 99")
    sentence = "was written by a newer version of this app: update the app to open it."
    for action in (
        lambda: open_store(address),
        store.listed,
        lambda: saved(store),
        lambda: store.delete(one),
    ):
        with pytest.raises(StoreError) as error:
            action()
        assert str(error.value).endswith(sentence)
    assert run_sql(address, "SELECT name, deleted_at FROM scenarios") == [("Plan", None)]


def test_a_table_of_something_else_is_left_alone(address):
    run_sql(address, "CREATE TABLE scenarios (id INTEGER, film TEXT)", "INSERT INTO scenarios VALUES (1, 'Alien')")
    with pytest.raises(StoreError, match="has a table scenarios that belongs to something else: name another database"):
        open_store(address)
    assert run_sql(address, "SELECT * FROM scenarios") == [(1, "Alien")]


def test_an_older_copy_that_is_put_back_is_brought_up_to_date(store, address):
    saved(store)
    run_sql(address, "DROP TABLE scenarios", "DROP TABLE orders", "DROP TABLE store_version")
    first_store(address)
    assert names(store.listed()) == ["Other", "Plan"]
    assert saved(store).name == "Plan (2)"


def test_a_store_whose_tables_are_gone_is_never_begun_anew(store, address):
    run_sql(address, "DROP TABLE scenarios", "DROP TABLE orders", "DROP TABLE store_version")
    for action in (store.listed, lambda: saved(store)):
        with pytest.raises(StoreError, match="no longer holds saved scenarios"):
            action()
    with pytest.raises(StoreError, match="no longer holds saved scenarios"):
        open_store(address, create=False)


# Several at once, each in a process of its own.


def in_processes(work: Any, address: Address, *given: Any) -> list[Any]:
    """The results of six processes that start at the same moment; an error of any is raised."""
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(PROCESSES), context.Queue()

    def run(number: int) -> None:
        try:
            start.wait(60)
            results.put((number, work(address, number, *given), None))
        except BaseException as error:
            results.put((number, None, f"{type(error).__name__}: {error}"))

    processes = [context.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    found = sorted(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
    assert [error for _, _, error in found if error] == []
    return [result for _, result, _ in found]


def open_and_add(address: Address, number: int) -> str:
    return saved(open_store(address), document=str(number)).name


def save_over(address: Address, number: int, seen: Saved) -> str:
    return open_store(address).save(seen, str(number)).id


def rename_it(address: Address, number: int, seen: Saved) -> str:
    try:
        return open_store(address).rename(seen, f"Name {number}").name
    except ScenarioChangedError as error:
        return f"seen: {error.now.name}"


@pytest.mark.parametrize("old", [False, True])
def test_six_that_open_a_store_at_once_make_one_and_lose_nothing(address, old):
    if old:
        first_store(address)
    found = in_processes(open_and_add, address)
    store = open_store(address)
    assert run_sql(address, "SELECT version FROM store_version") == [(NEWEST,)]
    mine = [one for one in store.listed() if one.service == "domiciliary_care"]
    assert sorted(one.document for one in mine) == ["0", "1", "2", "3", "4", "5"]
    assert sorted(found) == sorted(one.name for one in mine)
    assert len(store.listed()) == (8 if old else 6)


def test_six_that_save_over_one_scenario_at_once_lose_nothing(store, address):
    seen = saved(store)
    found = in_processes(save_over, address, seen)
    assert found.count(seen.id) == 1, "one was first"
    assert sorted(one.document for one in store.listed()) == ["0", "1", "2", "3", "4", "5"]
    assert store.get(seen.id).version == 2


def test_of_six_that_rename_one_scenario_at_once_one_does_and_five_are_told(store, address):
    seen = saved(store)
    found = in_processes(rename_it, address, seen)
    (one,) = store.listed()
    assert sorted(found) == sorted([one.name, *[f"seen: {one.name}"] * 5])


# Whatever two people do, in whatever order.

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["look", "add", "save", "rename", "delete", "bring back"]),
        st.integers(0, 1),
        st.integers(0, 3),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(ACTIONS)
def test_a_document_goes_only_by_the_hand_of_somebody_who_saw_it(actions):
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        store = open_store(file_address(Path(folder) / "scenarios.db"), clock=clock)
        # Nobody pulls the plug here, and a disk is slow.
        sa.event.listen(store.database.engine, "connect", lambda one, record: one.execute("PRAGMA synchronous = OFF"))
        seen: list[list[Saved]] = [[], []]
        expected: set[str] = set()
        for number, (action, who, which) in enumerate(actions):
            clock.forward(hours=1)
            if action == "look":
                seen[who] = store.listed()
            if action == "add":
                expected.add(saved(store, document=f"added {number}").document)
            if not seen[who] or action in ("look", "add"):
                continue
            one = seen[who][which % len(seen[who])]
            try:
                if action == "save":
                    now = store.save(one, f"saved {number}")
                    if now.id == one.id:
                        expected.discard(one.document)
                    expected.add(now.document)
                elif action == "rename":
                    store.rename(one, f"Name {which}")
                elif action == "delete":
                    store.delete(one)
                elif store.deleted():
                    store.bring_back(store.deleted()[0].id)
            except (ScenarioChangedError, ScenarioGoneError):
                continue
        kept = [one.document for shelf in store.shelves() for one in shelf]
        assert expected - set(kept) == set()
        live = names(store.listed())
        assert len(set(live)) == len(live)
