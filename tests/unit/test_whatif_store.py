"""Saved scenarios: nothing that somebody saved is lost."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from lib.whatif.scenarios.store import MOST_NAME, ScenarioGoneError, ScenarioStore, numbered


@pytest.fixture
def store(tmp_path):
    """A store on a SQLite file."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'scenarios.db'}")
    yield ScenarioStore(engine)
    engine.dispose()


def saved(store, name="Plan", document="{}"):
    """A scenario in the store."""
    return store.add(name, "domiciliary_care", "a-pack", document, "A. Author")


def test_a_saved_scenario_comes_back_whole(store):
    one = saved(store, document='{"years": 5}')
    assert store.get(one.id) == one
    assert (one.name, one.version, one.author, one.document) == ("Plan", 1, "A. Author", '{"years": 5}')
    assert one.saved_at.utcoffset().total_seconds() == 0


def test_a_taken_name_gets_a_number(store):
    names = [saved(store).name for _ in range(3)]
    assert names == ["Plan", "Plan (2)", "Plan (3)"]
    assert [one.name for one in store.listed()] == ["Plan", "Plan (2)", "Plan (3)"]


def test_saving_over_a_version_that_changed_meanwhile_makes_a_copy(store):
    one = saved(store)
    mine = store.save(one, '{"mine": 1}')
    theirs = store.save(one, '{"theirs": 1}')
    assert (mine.id, mine.version, mine.document) == (one.id, 2, '{"mine": 1}')
    assert (theirs.name, theirs.document) == ("Plan (2)", '{"theirs": 1}')
    assert store.get(one.id).document == '{"mine": 1}'


def test_renaming_keeps_names_apart(store):
    first, second = saved(store, "A"), saved(store, "B")
    assert store.rename(second.id, "A").name == "A (2)"
    assert store.rename(first.id, "A").name == "A"
    assert store.rename(first.id, "C").version == 2


def test_a_duplicate_is_a_scenario_of_its_own(store):
    one = saved(store, document='{"years": 3}')
    copy = store.duplicate(one.id)
    assert (copy.name, copy.document) == ("Plan (2)", '{"years": 3}')
    store.delete(one.id)
    assert [other.id for other in store.listed()] == [copy.id]


def test_a_deleted_scenario_is_said_to_be_gone(store):
    one = saved(store)
    store.delete(one.id)
    store.delete(one.id)
    with pytest.raises(ScenarioGoneError):
        store.get(one.id)
    assert store.save(one, '{"kept": 1}').document == '{"kept": 1}'


def test_two_tabs_saving_the_same_name_at_once_lose_nothing(store):
    start = threading.Barrier(8)
    found, failed = [], []

    def save(number):
        start.wait()
        try:
            found.append(saved(store, document=str(number)))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sorted(one.document for one in store.listed()) == [str(number) for number in range(8)]
    assert len({one.name for one in store.listed()}) == 8


def test_a_second_store_on_the_same_file_finds_what_the_first_saved(store):
    one = saved(store)
    assert ScenarioStore(store.engine).get(one.id) == one


def test_a_numbered_name_is_never_too_long():
    assert numbered("Plan", 1) == "Plan"
    assert numbered("Plan (2)", 3) == "Plan (3)"
    assert len(numbered("x" * 200, 12)) == MOST_NAME
