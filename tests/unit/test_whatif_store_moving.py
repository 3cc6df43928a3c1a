"""Saved scenarios from one store to another: all of them, none twice, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from postgresql_cluster import PASSWORD

from lib.__main__ import main
from lib.whatif.scenarios.database import Address, file_address
from lib.whatif.scenarios.moving import move_scenarios
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import ScenarioStore, now, open_store
from lib.whatif.scenarios.store_faults import StoreError

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A store in a folder: Plan (saved twice), Spring (deleted by B. Colleague), Winter."""
    folder = tmp_path / "own"
    folder.mkdir()
    store = open_store(file_address(folder / "scenarios.db"))
    plan, spring, _ = (plain(store, name) for name in ("Plan", "Spring", "Winter"))
    store.save(plan, '{"years": 5}', "A. Author")
    store.delete(spring, "B. Colleague")
    return folder


def plain(store: ScenarioStore, name: str) -> Saved:
    return store.add(name, "home", "a-pack", f'{{"name": "{name}"}}', "A. Author")


def url_of(address: Address) -> str:
    return address.url.render_as_string(hide_password=False)


def own(source: Path) -> ScenarioStore:
    return open_store(file_address(source / "scenarios.db"))


def test_everything_is_copied_as_it_was(source, address):
    moved = move_scenarios(str(source), url_of(address))
    before, after = own(source).shelves(), open_store(address).shelves()
    assert after == before, "ids, names, versions, times, authors, the deleted one too"
    assert [one.name for one in after[0]] == ["Plan", "Winter"]
    assert (after[0][0].version, after[0][0].document) == (2, '{"years": 5}')
    assert [(one.name, one.changed_by) for one in after[1]] == [("Spring", "B. Colleague")]
    assert str(moved) == (f"From the file {source / 'scenarios.db'} to {address.place}: 3 copied (1 of them deleted).")


def test_a_second_run_copies_what_is_new(source, address):
    move_scenarios(str(source), url_of(address))
    plain(own(source), "Summer")
    moved = move_scenarios(str(source), url_of(address))
    assert str(moved).endswith(": 1 copied; 3 there already.")
    again = move_scenarios(str(source), url_of(address))
    assert str(again).endswith(": 0 copied; 4 there already.")
    assert [one.name for one in open_store(address).listed()] == ["Plan", "Summer", "Winter"]


def test_what_the_team_changed_since_stays(source, address):
    move_scenarios(str(source), url_of(address))
    team = open_store(address)
    plan, _ = team.listed()
    changed = team.rename(team.save(plan, '{"years": 9}'), "The team's plan")
    team.bring_back(team.deleted()[0].id)
    moved = move_scenarios(str(source), url_of(address))
    assert (len(moved.here), moved.taken_in, moved.left) == (3, [], [])
    assert team.get(plan.id) == changed
    assert [one.name for one in team.listed()] == ["Spring", "The team's plan", "Winter"]


def test_what_was_changed_on_both_sides_is_left_alone_and_said(source, address, capsys: Capture):
    move_scenarios(str(source), url_of(address))
    store = own(source)
    winter = store.listed()[1]
    store.save(winter, '{"years": 7}')
    plain(store, "Summer")
    arguments = ["move-scenarios", "--json", "--from", str(source), "--to", url_of(address)]
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert err.endswith(
        ': 1 copied; 2 there already; 1 left alone, as another of the same origin is there: "Winter".\n'
    )
    assert {"scenario_id": winter.id, "name": "Winter", "deleted": "no", "done": "left"} in json.loads(out)
    assert open_store(address).get(winter.id) == winter


def test_a_name_that_is_taken_gets_a_number_and_still_counts_as_there(source, address):
    theirs = plain(open_store(address), "Plan")
    move_scenarios(str(source), url_of(address))
    team = open_store(address)
    assert [one.name for one in team.listed()] == ["Plan", "Plan (2)", "Winter"]
    assert team.get(theirs.id) == theirs
    assert str(move_scenarios(str(source), url_of(address))).endswith(": 0 copied; 3 there already.")


def test_what_was_deleted_long_ago_is_not_moved(source, address):
    store = own(source)
    store.clock = lambda: now() - dt.timedelta(days=40)
    store.delete(store.listed()[1])
    assert str(move_scenarios(str(source), url_of(address))).endswith(": 2 copied (1 of them deleted).")


def test_a_target_that_fails_half_way_has_taken_nothing(source, address, monkeypatch):
    open_store(address)
    calls = []

    def twice(connection, table, values):
        calls.append(values["name"])
        if len(calls) == 3:
            raise RuntimeError("the power went")
        write_row(connection, table, values)

    from lib.whatif.scenarios import store as module

    write_row = module.write_row
    monkeypatch.setattr(module, "write_row", twice)
    with pytest.raises(RuntimeError):
        move_scenarios(str(source), url_of(address))
    assert open_store(address).shelves() == ([], [])


def test_and_back_again(source, address, tmp_path):
    move_scenarios(str(source), url_of(address))
    move_scenarios(url_of(address), str(tmp_path / "back.db"))
    assert open_store(file_address(tmp_path / "back.db")).shelves() == own(source).shelves()


def test_a_source_of_the_first_version(tmp_path, address):
    old = tmp_path / "old.db"
    with sqlite3.connect(old) as connection:
        connection.execute(
            "CREATE TABLE scenarios (id VARCHAR(36) PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE, service VARCHAR(80),"
            " pack_name VARCHAR(200), author VARCHAR(200), document TEXT, version INTEGER, saved_at DATETIME)"
        )
        connection.execute(
            "INSERT INTO scenarios VALUES ('1', 'Plan', 'home', 'a-pack', '', '{}', 1, '2025-03-31 12:00:00.000000')"
        )
    connection.close()
    move_scenarios(str(old), url_of(address))
    (one,) = open_store(address).listed()
    assert (one.name, one.saved_at) == ("Plan", dt.datetime(2025, 3, 31, 12, tzinfo=dt.UTC))


@pytest.mark.parametrize("there", [True, False])
def test_a_source_that_is_not_there_is_not_begun(tmp_path, there):
    missing = tmp_path / ("nothing.db" if there else "away/nothing.db")
    with pytest.raises(StoreError):
        move_scenarios(str(missing), str(tmp_path / "target.db"))
    assert list(tmp_path.iterdir()) == []


def test_one_store_is_not_two(source):
    with pytest.raises(StoreError, match="is both source and target: name two"):
        move_scenarios(str(source), str(source / "scenarios.db"))


def test_the_verb_says_what_was_done(source, tmp_path, capsys: Capture):
    target = tmp_path / "target.db"
    assert main(["move-scenarios", "--from", str(source), "--to", str(target)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (
        f"From the file {source / 'scenarios.db'} to the file {target}: 3 copied (1 of them deleted).\n",
        "",
    )
    assert main(["move-scenarios", "--json", "--from", str(source), "--to", str(target)]) == 0
    out, err = capsys.readouterr()
    found = [(row["name"], row["deleted"], row["done"]) for row in json.loads(out)]
    assert found == [("Plan", "no", "there"), ("Winter", "no", "there"), ("Spring", "yes", "there")]
    assert err == ""


def test_the_verb_never_says_a_password(source, capsys: Capture):
    address = f"postgresql://care:{PASSWORD.replace('&', '%26')}@nowhere.invalid/care"
    assert main(["move-scenarios", "--from", str(source), "--to", address]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        "The database care on nowhere.invalid cannot be reached: see that its server runs and that its address is "
        "right.\n",
    )


def test_the_source_keeps_what_it_has(source, tmp_path):
    copy = tmp_path / "copy.db"
    shutil.copy(source / "scenarios.db", copy)
    move_scenarios(str(source), str(tmp_path / "target.db"))
    assert (source / "scenarios.db").read_bytes() == copy.read_bytes()
