"""Saved scenarios on the page: what somebody else did meanwhile, the way back, and a store that cannot be used."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import streamlit as st
from app_pages import ROOT, WHAT_IF, checked, figures, move, open_page, unescaped, values, words
from postgresql_cluster import PASSWORD, Cluster
from streamlit import config
from streamlit.testing.v1 import AppTest

from lib.pack.load import Pack, load_pack
from lib.view.what_if.store import store
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import open_store
from lib.whatif.scenarios.store_faults import StoreError

HOME = "domiciliary_care"
NEED = "demand.need_growth_pct"
UNREAD = "Saved scenarios cannot be read, and nothing is saved, as"
NOON = dt.datetime(2025, 3, 31, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app's file of secrets, not written yet."""
    file = tmp_path / "secrets.toml"
    get_option = config.get_option
    found = lambda name: [str(file)] if name == "secrets.files" else get_option(name)  # noqa: E731
    monkeypatch.setattr(config, "get_option", found)
    monkeypatch.setattr(st.secrets, "_file_watchers_installed", True)
    monkeypatch.setattr(st.secrets, "_secrets", None)
    return file


def scenarios_tab() -> AppTest:
    """The What-if with its Scenarios tab open."""
    return open_page(WHAT_IF, {"what_if_tab": "Scenarios"})


def kept(pack: Pack, name: str) -> Saved:
    return store().add(name, HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if unescaped(one.label) == label]
    return checked(button.click().run())


def labels(app: AppTest) -> list[str]:
    return [unescaped(one.label) for one in app.button]


def rename_to(app: AppTest, name: str) -> AppTest:
    (box,) = [one for one in app.text_input if one.label == "New name"]
    checked(box.set_value(name).run())
    return press(app, "Rename it")


def complaint(app: AppTest) -> str:
    """The one thing that the page complains of."""
    (text,) = values(app, "error")
    assert "Error" not in text and PASSWORD not in text
    return text


def assert_nothing_is_saved(app: AppTest) -> None:
    """The levers work, and there is no way to save."""
    before = figures(app)
    move(app, {NEED: 4.0})
    assert figures(app) != before
    (button,) = [one for one in app.button if one.label == "Save as new"]
    assert button.disabled
    assert {"Delete it", "Rename it", "Open"} & set(labels(app)) == set()


# What somebody else did meanwhile.


def change_it(one: Saved) -> Saved:
    store().clock = lambda: NOON
    return store().save(one, one.document, "B. Colleague")


@pytest.mark.parametrize("action", ["Delete it", "Rename it"])
def test_what_somebody_else_changed_is_neither_deleted_nor_renamed(pack: Pack, action: str) -> None:
    one = kept(pack, "Plan [x](y)")
    app = scenarios_tab()
    now = change_it(one)
    if action == "Rename it":
        rename_to(app, "Mine")
    else:
        press(app, action)
    assert complaint(app) == (
        "Plan [x](y) was changed by B. Colleague on 31 March 2025 12:00 UTC since you opened it: nothing was done; see "
        "it as it is now below, and do it again if you still mean it."
    )
    assert values(app, "success") == []
    assert store().shelves() == ([now], [])
    press(app, "Delete it")  # as it stands there now
    assert values(app, "success") == ["Deleted."]
    assert values(app, "error") == []
    assert store().listed() == []


def test_what_somebody_else_renamed_is_not_deleted(pack: Pack) -> None:
    one = kept(pack, "Plan")
    app = scenarios_tab()
    store().rename(one, "Theirs")
    checked(app.run())  # a lever was moved
    press(app, "Delete it")
    assert complaint(app).startswith("Theirs was changed by somebody else on ")
    assert [each.name for each in store().listed()] == ["Theirs"]


def test_what_somebody_else_deleted_is_said_and_can_be_brought_back(pack: Pack) -> None:
    one = kept(pack, "Plan")
    app = scenarios_tab()
    store().delete(one, "B. Colleague")
    press(app, "Delete it")
    assert values(app, "success") == ["That scenario was deleted meanwhile."]
    press(app, "Bring back")
    assert values(app, "success") == ["Brought back as Plan."]
    assert [each.name for each in store().listed()] == ["Plan"]


def test_an_empty_name_changes_nothing(pack: Pack) -> None:
    kept(pack, "Plan")
    app = rename_to(scenarios_tab(), "   ")
    assert [each.name for each in store().listed()] == ["Plan"]
    assert values(app, "error") == []


# The way back.


def test_a_deleted_scenario_is_brought_back_for_thirty_days(pack: Pack) -> None:
    one = kept(pack, "Plan")
    store().clock = lambda: NOON
    app = scenarios_tab()
    assert "Bring back" not in labels(app)
    checked(app.text_input(key="author").set_value("A. Commissioner").run())
    press(app, "Delete it")
    assert "Saved scenarios (0)" in values(app, "subheader")
    assert app.expander[-1].label == "Deleted in the last 30 days (1)"
    assert "Deleted 31 March 2025 12:00 UTC by A. Commissioner; kept until 30 April 2025 12:00 UTC." in words(app)
    kept(pack, "Plan")
    press(app, "Bring back")
    assert values(app, "success") == ["Brought back as Plan (2)."]
    assert store().get(one.id).document == one.document
    assert "Bring back" not in labels(app)
    assert "Saved scenarios (2)" in values(app, "subheader")


def test_after_thirty_days_there_is_no_way_back(pack: Pack) -> None:
    for name in ("First", "Second"):
        store().delete(kept(pack, name))
    app = scenarios_tab()
    # The two were deleted within a second, or not: whichever stands first.
    assert sorted(unescaped(option) for option in app.selectbox(key="deleted_chosen").options) == [
        "First (Domiciliary care)", "Second (Domiciliary care)",
    ]  # fmt: skip
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    store().clock = lambda: later
    press(app, "Bring back")
    assert values(app, "success") == ["That scenario was deleted meanwhile."]
    assert "Bring back" not in labels(app)


# A store that cannot be used.


def test_the_page_says_where_scenarios_are_saved(scenarios_folder: Path) -> None:
    assert f"Scenarios are saved in the file {scenarios_folder / 'scenarios.db'}." in words(scenarios_tab())


def test_a_file_where_the_folder_should_be(scenarios_folder: Path) -> None:
    scenarios_folder.write_text("a file where a folder should be")
    app = scenarios_tab()
    assert complaint(app) == (
        f"{UNREAD} {scenarios_folder} is a file, where a folder for saved scenarios should be: choose a folder."
    )
    assert_nothing_is_saved(app)


def test_a_folder_on_a_drive_that_is_not_there(scenarios_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = scenarios_folder / "away" / "scenarios"
    monkeypatch.setenv("SCENARIOS", str(away))
    app = scenarios_tab()
    assert f"the folder {away.parent} for saved scenarios does not exist" in complaint(app)
    assert_nothing_is_saved(app)
    assert not scenarios_folder.exists()
    away.parent.mkdir(parents=True)
    press(app, "Try again")
    assert values(app, "error") == []
    press(app, "Save as new")
    assert (away / "scenarios.db").is_file()


def test_a_file_that_is_deleted_while_the_page_is_open(scenarios_folder: Path, pack: Pack) -> None:
    kept(pack, "Plan")
    app = scenarios_tab()
    (scenarios_folder / "scenarios.db").unlink()
    press(app, "Save as new")
    file = scenarios_folder / "scenarios.db"
    assert values(app, "error") == [
        f"Nothing was changed, as the file {file} has been deleted or moved: put it back, or start the app again to "
        "begin with an empty one.",
        f"{UNREAD} the file {file} has been deleted or moved: put it back, or start the app "
        "again to begin with an empty one.",
    ]
    assert not file.exists()


def test_a_full_disk(pack: Pack, scenarios_folder: Path) -> None:
    kept(pack, "Plan")
    app = scenarios_tab()

    def fill(connection: sqlite3.Connection, record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(store().database.engine, "connect", fill)
    with pytest.raises(StoreError):
        while len(store().listed()) < 50:
            kept(pack, "Filler")
    press(app, "Save as new")
    assert complaint(app) == (
        f"Nothing was changed, as the disk that holds the file {scenarios_folder / 'scenarios.db'} is full: make room "
        "on it and try again."
    )
    before = store().listed()
    press(app, "Open")
    assert values(app, "error") == [], "the complaint goes with the next thing that is done"
    assert store().listed() == before


def test_a_store_of_a_newer_version(pack: Pack, scenarios_folder: Path) -> None:
    kept(pack, "Plan")
    store().database.engine.dispose()
    with sqlite3.connect(scenarios_folder / "scenarios.db") as connection:
        connection.execute("UPDATE store_version SET version = 99")
    connection.close()
    app = scenarios_tab()
    assert "was written by a newer version of this app: update the app to open it." in complaint(app)
    assert_nothing_is_saved(app)


def test_a_store_that_another_program_holds_is_not_asked_again_unasked(pack: Pack, scenarios_folder: Path) -> None:
    kept(pack, "Plan")
    store().database.patience = 0.01
    holder = sqlite3.connect(scenarios_folder / "scenarios.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    app = scenarios_tab()
    assert "has been in use by another program" in complaint(app)
    holder.close()
    assert_nothing_is_saved(app)
    assert "has been in use by another program" in complaint(app), "a lever does not wait for it again"
    press(app, "Try again")
    assert values(app, "error") == []
    assert "Saved scenarios (1)" in values(app, "subheader")


# The secrets.


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[connections.scenarios]\nurl = "postgresql://care:Wint3r&sea@db/care\n', " (line 2)"),
        ("[connections.scenarios\n", " (line 1)"),
        ('password = "Wint3r&sea"\n\n[connections.scenarios]\nurl = postgresql://db/care\n', " (line 4)"),
        ("url = 1\nurl = 2\n", " (line 2)"),
        (b"[connections.scenarios]\nurl = '\xff\xfe'\n", ""),
    ],
)
def test_a_mistake_in_the_secrets_is_no_other_store(
    secrets: Path, scenarios_folder: Path, text: str | bytes, place: str
) -> None:
    secrets.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StoreError) as error:
        store()
    assert str(error.value) == (
        f"The file {secrets} cannot be read{place} and may say where to save them: put it right and reload this page."
    )
    assert not scenarios_folder.exists()


def test_a_mistake_in_the_secrets_is_said_on_the_page(secrets: Path, scenarios_folder: Path) -> None:
    secrets.write_text('password = "Wint3r&sea"\n[connections.scenarios]\nurl = postgresql://db/care\n')
    app = scenarios_tab()
    assert complaint(app) == (
        f"{UNREAD} the file {secrets} cannot be read (line 3) and may say where to save "
        "them: put it right and reload this page."
    )
    assert_nothing_is_saved(app)
    assert not scenarios_folder.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[connections.scenarios]\n", "[connections.scenarios] of the secrets has no url: give it one"),
        ("[connections]\nscenarios = 3\n", "[connections.scenarios] of the secrets has no url: give it one"),
        ("[connections.scenarios]\nurl = 5\n", "[connections.scenarios] of the secrets has no url: give it one"),
        ('[connections.scenarios]\nurl = ""\n', "the address of the saved scenarios cannot be read: write it as"),
        ('[connections.scenarios]\nurl = "mysql://u:Wint3r&sea@h/d"\n', "names neither a SQLite file nor PostgreSQL"),
        ('[connections.Scenarios]\nurl = "sqlite:////tmp/x.db"\n', "the secrets have [connections.Scenarios], where"),
        ('[connection.scenarios]\nurl = "sqlite:////tmp/x.db"\n', "the secrets have [connection.scenarios], where"),
        ('[scenarios]\nurl = "sqlite:////tmp/x.db"\n', "the secrets have [scenarios], where the app does not look"),
    ],
)
def test_secrets_that_name_no_store_are_no_other_store(
    secrets: Path, scenarios_folder: Path, text: str, said: str
) -> None:
    secrets.write_text(text)
    with pytest.raises(StoreError) as error:
        store()
    assert said in f"{error.value.reason}: {error.value.cure}"
    assert PASSWORD not in str(error.value)
    assert not scenarios_folder.exists()


def test_secrets_of_other_things_change_nothing(secrets: Path, scenarios_folder: Path) -> None:
    secrets.write_text('[connections.other]\nurl = "sqlite:////tmp/other.db"\n')
    assert str(scenarios_folder) in words(scenarios_tab())


def test_the_store_of_the_secrets_is_used_and_no_other(
    secrets: Path, scenarios_folder: Path, tmp_path: Path, pack: Pack
) -> None:
    secrets.write_text(f'[connections.scenarios]\nurl = "sqlite:///{tmp_path}/team.db"\n')
    app = scenarios_tab()
    press(app, "Save as new")
    assert values(app, "error") == []
    assert len(open_store(file_address(tmp_path / "team.db")).listed()) == 1
    secrets.write_text("[connections.scenarios")
    st.secrets._reset()
    press(app, "Save as new")
    assert values(app, "success") == []
    assert len(values(app, "error")) == 2
    assert len(open_store(file_address(tmp_path / "team.db")).listed()) == 1
    assert not scenarios_folder.exists()


def test_secrets_put_right_are_read_without_a_restart(secrets: Path, tmp_path: Path) -> None:
    secrets.write_text("[connections.scenarios")
    app = scenarios_tab()
    complaint(app)
    secrets.write_text(f'[connections.scenarios]\nurl = "sqlite:///{tmp_path}/team.db"\n')
    press(app, "Try again")
    assert values(app, "error") == []
    assert f"Scenarios are saved in the file {tmp_path}/team.db." in words(app)


# PostgreSQL.


@pytest.mark.parametrize("parts", [False, True])
def test_scenarios_in_postgresql(secrets: Path, postgresql: Cluster, scenarios_folder: Path, parts: bool) -> None:
    schema = postgresql.new_schema()
    lines = {"dialect": "postgresql", "username": "care", "password": PASSWORD, "host": "127.0.0.1"}
    text = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    text += f'port = {postgresql.port}\ndatabase = "postgres"\nquery = {{options = "-csearch_path={schema}"}}\n'
    secrets.write_text(f"[connections.scenarios]\n{text if parts else f'url = {postgresql.address(schema)!r}'}\n")
    app = scenarios_tab()
    press(app, "Save as new")
    (one,) = store().listed()
    assert "Scenarios are saved in the database postgres on 127.0.0.1." in words(app)
    change_it(one)
    press(app, "Delete it")
    assert "was changed by B. Colleague on 31 March 2025 12:00 UTC since you opened it" in complaint(app)
    press(app, "Delete it")
    assert (len(store().listed()), len(store().deleted())) == (0, 1)
    press(app, "Bring back")
    assert [each.id for each in store().listed()] == [one.id]
    assert PASSWORD not in words(app)
    assert not scenarios_folder.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "wrong"}, "the database postgres on 127.0.0.1 refuses the user or the password"),
        ({"database": "care_market"}, "the database care_market on 127.0.0.1 does not exist"),
    ],
)
def test_a_postgresql_that_refuses(
    secrets: Path, postgresql: Cluster, scenarios_folder: Path, changes: dict[str, str], said: str
) -> None:
    secrets.write_text(f'[connections.scenarios]\nurl = "{postgresql.address("public", **changes)}"\n')
    app = scenarios_tab()
    assert complaint(app).startswith(f"{UNREAD} {said}: ")
    assert_nothing_is_saved(app)
    assert not scenarios_folder.exists()


def test_a_postgresql_without_its_package(
    secrets: Path, scenarios_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    secrets.write_text('[connections.scenarios]\nurl = "postgresql://care:Wint3r%26sea@db/care"\n')
    app = scenarios_tab()
    assert "ask whoever runs the app to install what PostgreSQL needs, as its README says" in complaint(app)
    assert_nothing_is_saved(app)
    assert not scenarios_folder.exists()


def test_a_word_that_was_lost_is_said_to_be(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios_tab()

    def lost(*values: Any) -> Saved:
        raise StoreError("the database care on db has not answered within 5 seconds", "see to it", uncertain=True)

    monkeypatch.setattr(store(), "add", lost)
    press(app, "Save as new")
    assert complaint(app) == (
        "It is not known whether that was done, as the database care on db has not answered within 5 seconds: see what "
        "stands below before you do it again."
    )


def test_a_folder_deleted_while_the_page_is_open(scenarios_folder: Path, pack: Pack) -> None:
    kept(pack, "Plan")
    app = scenarios_tab()
    shutil.rmtree(scenarios_folder)
    press(app, "Delete it")
    assert len(values(app, "error")) == 2
    assert not scenarios_folder.exists()
