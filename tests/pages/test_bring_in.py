"""Figures brought in on the Data page: looked at, applied, seen on the Overview, taken back; and what is refused."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pack_copies
import pytest
from app_pages import DATA, OVERVIEW, acting, checked, figures, open_page, unescaped, values, words
from service_pages import opened
from streamlit.testing.v1 import AppTest

from lib.pack.imports.change import Upload, no_progress
from lib.pack.imports.proposal import ChangedMeanwhile
from lib.pack.versions import versions
from lib.view.data import applying
from lib.view.data.editing import NOW
from lib.view.data.pending import Looked, Shelf, key_of, pending_of, shelf
from lib.view.page_pack import current_pack

APPLY = "Make this the pack that everybody sees"
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) :red-badge[x].csv"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the default pack that the app shows, to be changed through it."""
    root = pack_copies.copy_pack(tmp_path / "pack")
    monkeypatch.setenv("PACK", str(root))
    monkeypatch.delenv("CHANGES", raising=False)
    yield root
    current_pack.clear()


def table(pack: Path, path: str, change: Callable[[list[dict[str, str]]], object] = lambda rows: None) -> bytes:
    """A table of the pack as a file, with a change."""
    with (pack / path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    heads = list(rows[0])
    change(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def hundred_more(rows: list[dict[str, str]]) -> None:
    """100 hours a week more in the first lot."""
    rows[0]["hours_per_week"] = str(int(rows[0]["hours_per_week"]) + 100)


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    """Choose a file, as the browser tells the page."""
    return checked(app.get("file_uploader")[0].set_value((name, content, "text/csv")).run())


def button(app: AppTest, label: str) -> AppTest:
    (found,) = [one for one in app.button if one.label == label]
    return checked(found.click().run())


def say_who(app: AppTest, who: str) -> AppTest:
    return checked(app.text_input(key="author").set_value(who).run())


def tables(app: AppTest) -> list[list[str]]:
    """Every cell of the tables of text, a list a row."""
    rows = [row for one in app.table for row in one.value.reset_index().to_numpy().tolist()]
    return [[unescaped(cell) for cell in row] for row in rows]


def applied(pack: Path) -> AppTest:
    """100 hours a week more, brought in by Ann."""
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    return button(say_who(app, "Ann"), APPLY)


def numbers(pack: Path) -> list[int]:
    return [one.number for one in versions(pack)]


# What is right.


def test_nothing_changes_before_it_is_applied(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    assert "- rows read: **132**" in values(app, "markdown")
    rows = tables(app)
    assert ["market/demand.csv", "132", "132", "0", "1", "0"] in rows
    lot = "domiciliary_care / E07000066 / personal_care / older_people"
    assert ["changed", lot, "hours_per_week: 7846 → 7946"] in rows
    title = "Care that the council arranges today, lot by lot"
    assert [title, "modelled", "supplied", "Supplied by Essex County Council."] in rows
    assert ["Delivered hours", "128,000 (published)", "128,100 (supplied)", "Domiciliary care"] in rows
    assert "6 of these totals do not agree afterwards." in values(app, "warning")
    lines = app.dataframe[0].value.set_index("fact_id")
    assert lines.loc["dom_hours_total", ["actual_before", "actual_after"]].tolist() == [128_000, 128_100]
    assert numbers(pack) == [0]
    assert figures(open_page(OVERVIEW))[0] == "128,000"


def test_what_is_applied_is_seen_by_everybody_and_can_be_taken_back(pack: Path) -> None:
    app = applied(pack)
    (said,) = values(app, "success")
    assert said.startswith("Done: everybody sees version 1 now (")
    assert "made by Ann" in said
    assert numbers(pack) == [1, 0]
    assert figures(open_page(OVERVIEW))[0] == "128,100"
    assert "What would change" not in values(app, "subheader")  # the box is empty again
    app = open_page(DATA, data_tab="versions")
    first, last = tables(app)
    assert first[0] == "1, which is shown"
    assert first[3:] == [
        "Ann", "", "market/demand.csv: 132 rows, 0 added, 1 changed, 0 dropped. Care that the council arranges today, "
        "lot by lot: modelled turns to supplied.",
    ]  # fmt: skip
    assert last[:2] == ["0", "The pack's own files"]
    app = button(say_who(app, "Bob"), "Show version 0 to everybody")
    assert values(app, "success")[0].startswith("Done: everybody sees version 2 now (Back to version 0: ")
    assert figures(open_page(OVERVIEW))[0] == "128,000"
    assert [(one.number, one.who, one.same_as) for one in versions(pack)][:2] == [(2, "Bob", 0), (1, "Ann", None)]


def test_nobody_brings_figures_in_without_a_name(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    app = button(say_who(app, "   "), APPLY)
    assert values(app, "error") == [applying.NOBODY]
    assert numbers(pack) == [0]
    assert "What would change" in values(app, "subheader")  # what was brought is still there


def test_the_same_figures_again_change_nothing(pack: Path) -> None:
    applied(pack)
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    assert values(app, "info") == ["The pack has all of this already: nothing would change."]
    assert APPLY not in [one.label for one in app.button]


def test_what_is_discarded_is_gone(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    app = button(app, "Discard")
    assert "What would change" not in values(app, "subheader")
    assert numbers(pack) == [0]


def test_a_file_stays_while_another_tab_is_open(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    app.session_state["data_tab"] = "Versions"
    checked(app.run())
    assert "What would change" not in values(app, "subheader")
    app.session_state["data_tab"] = "Bring in figures"
    checked(app.run())
    assert "What would change" in values(app, "subheader")


def test_another_kind_begins_anew(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    checked(app.selectbox(key="kind").set_value("capacity").run())
    assert "What would change" not in values(app, "subheader")
    assert app.selectbox(key="kind").value == "capacity"


# Two people.


def test_the_second_of_two_is_told_who_came_first(pack: Path) -> None:
    """Both have looked; one applies. The other's button is of the pack before, and writes nothing."""
    content = table(pack, "market/demand.csv", hundred_more)
    second = upload(
        open_page(DATA, kind="demand"), "mine.csv", table(pack, "market/demand.csv", lambda rows: rows.pop())
    )
    second = say_who(second, "Bob")
    first = upload(open_page(DATA, kind="demand"), "hours.csv", content)
    button(say_who(first, "Ann"), APPLY)
    second = button(second, APPLY)
    (said,) = [text for text in values(second, "error") if "came first" in text]
    assert "version 1" in said
    assert "by Ann" in said
    assert numbers(pack) == [1, 0]
    assert figures(open_page(OVERVIEW))[0] == "128,100"
    # What stands there now is worked out on Ann's figures; applied again, it is done.
    assert any(
        text.startswith("The pack was changed after you looked: version 1") for text in values(second, "warning")
    )
    button(second, APPLY)
    assert numbers(pack) == [2, 1, 0]
    assert figures(open_page(OVERVIEW))[0] != "128,100"


def test_one_who_looks_again_is_told_that_the_pack_has_changed(pack: Path) -> None:
    second = upload(
        open_page(DATA, kind="demand"), "mine.csv", table(pack, "market/demand.csv", lambda rows: rows.pop())
    )
    applied(pack)
    second = say_who(second, "Bob")  # the page runs, on Ann's figures
    (said,) = [text for text in values(second, "warning") if "after you looked" in text]
    assert "by Ann" in said
    assert numbers(pack) == [1, 0]


# What is wrong.


def spoilt(name: str, value: str) -> Callable[[list[dict[str, str]]], None]:
    def change(rows: list[dict[str, str]]) -> None:
        rows[3][name] = value

    return change


BAD = {
    "a word for a number": (spoilt("hours_per_week", "seven"), ("row 5", "hours_per_week (F)", '"seven"')),
    "a negative number": (spoilt("people", "-4"), ("row 5", "people (E)", '"-4"')),
    "no number at all": (spoilt("annual_cost", "NaN"), ("row 5", "annual_cost (G)", '"NaN"')),
    "a district of nowhere": (spoilt("district_code", "E07000999"), ("row 5", "district_code (B)", '"E07000999"')),
    "a key twice": (lambda rows: rows.append(rows[0]), ("row 134",)),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_cell_is_one_sentence_and_changes_nothing(case: str, pack: Path) -> None:
    change, said = BAD[case]
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", change))
    (error,) = values(app, "error")
    assert error.startswith("1 fault found. Nothing was changed.")
    for words_of_it in ("hours.csv", *said):
        assert words_of_it in error
    assert APPLY not in [one.label for one in app.button]
    assert {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04 cut short", "Grüße".encode("utf-16"), b"a,b\n1,2\n", b"service\n", b"%PDF-1.7"],
)
@pytest.mark.parametrize("kind", ["demand", "cqc-ratings"])
def test_a_file_that_is_none_is_refused_in_words(content: bytes, kind: str, pack: Path) -> None:
    app = upload(open_page(DATA, kind=kind), HOSTILE, content)
    (error,) = values(app, "error")
    assert "Nothing was changed." in error
    assert HOSTILE.split("]")[0] in error
    assert acting(app) == []
    assert "Traceback" not in words(app)
    assert numbers(pack) == [0]


def test_every_fault_can_be_taken_away(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_wrong(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["people"] = row["hours_per_week"] = "=1+1"

    app = upload(open_page(DATA, kind="demand"), HOSTILE, table(pack, "market/demand.csv", all_wrong))
    held = app.session_state["data_upload"]
    page = opened(DATA, {"data_upload": held, "kind": "demand"})
    offer = page.offer("Download every fault (CSV)")
    rows = offer.table()
    assert len(rows) >= 20
    assert set(rows["column"]) == {"people", "hours_per_week"}
    assert not [cell for cell in rows.to_numpy().ravel() if str(cell).startswith(("=", "+", "@"))]
    assert offer.name == "faults_demand_internal_do_not_share.csv"


# Who may.


@pytest.mark.parametrize("off", ["off", "OFF", " Off "])
def test_where_changes_are_off_everything_can_be_read_and_nothing_changed(
    off: str, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(pack)
    monkeypatch.setenv("CHANGES", off)
    app = open_page(DATA, kind="demand")
    assert len(app.get("file_uploader")) == 0
    assert any(text.startswith("The data can only be read here") for text in values(app, "info"))
    assert [one.proto.label for one in app.get("download_button")][:1] == ["Template, Excel"]
    app = open_page(DATA, data_tab="versions")
    assert [row[0] for row in tables(app)] == ["1, which is shown", "0"]
    assert [one.label for one in app.button if "everybody" in one.label] == []
    app = open_page(DATA, data_tab="edit")
    assert len(app.dataframe) == 0
    assert [one.label for one in app.button] == ["Add to order"]


def test_changes_switched_off_meanwhile_hold_for_a_button_that_is_still_there(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = upload(open_page(DATA, kind="demand"), "hours.csv", table(pack, "market/demand.csv", hundred_more))
    app = say_who(app, "Ann")
    monkeypatch.setenv("CHANGES", "off")
    app = button(app, APPLY)
    assert any(text.startswith("The data can only be read here") for text in values(app, "error"))
    assert numbers(pack) == [0]


def test_a_folder_that_cannot_be_written_to_is_said_before_anybody_uploads(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).startswith(str(pack)))
    app = open_page(DATA, kind="demand")
    assert len(app.get("file_uploader")) == 0
    assert any("may not be written to" in text for text in values(app, "info"))


# Versions.


def test_files_changed_by_hand_beneath_a_version_are_said(pack: Path) -> None:
    applied(pack)
    assert values(open_page(DATA, data_tab="versions"), "warning") == []
    pack_copies.take_one_hour(pack)
    app = open_page(DATA, data_tab="versions")
    (said,) = [text for text in values(app, "warning") if "changed by hand" in text]
    assert "go back to version 0" in said
    assert figures(open_page(OVERVIEW))[0] == "128,100"


def test_names_of_versions_do_nothing(pack: Path) -> None:
    app = upload(open_page(DATA, kind="demand"), HOSTILE, table(pack, "market/demand.csv", hundred_more))
    assert acting(app) == []
    app = button(say_who(app, "<b>Ann</b> :red-badge[x]"), APPLY)
    assert acting(app) == []
    app = open_page(DATA, data_tab="versions")
    assert acting(app) == []
    assert tables(app)[0][3] == "<b>Ann</b> :red-badge[x]"


def test_a_note_that_cannot_be_read_hides_no_version(pack: Path) -> None:
    applied(pack)
    (pack / "versions/0001/version.json").write_text("{", encoding="utf-8")
    app = open_page(DATA, data_tab="versions")
    assert tables(app)[0][:2] == ["1, which is shown", "its note cannot be read"]


# Small tables.


def editing(pack: Path, change: Callable[[list[dict[str, str]]], object]) -> AppTest:
    """The editor of the facts with something typed into it, looked at."""
    typed = {f"{NOW}_facts": table(pack, "published/facts.csv", change)}
    return button(open_page(DATA, typed, data_tab="edit"), "Look at what this changes")


def test_a_fact_is_changed_on_the_page(pack: Path) -> None:
    def newer(rows: list[dict[str, str]]) -> None:
        (row,) = [row for row in rows if row["id"] == "dom_people"]
        row["note"] = "As told by the council in June."

    app = editing(pack, newer)
    assert ["published/facts.csv", "67", "67", "0", "1", "0"] in tables(app)
    assert numbers(pack) == [0]
    assert "- The table's status, sources and credit stay as they are." in words(app)
    assert "How the figures are known" not in words(app)
    app = button(say_who(app, "Ann"), APPLY)
    assert numbers(pack) == [1, 0]
    shown = (pack / "versions/0001/datapackage.json").read_bytes()
    assert shown == (pack / "datapackage.json").read_bytes()
    assert b"As told by the council in June." in (pack / "versions/0001/published/facts.csv").read_bytes()
    rows = app.dataframe[0].value
    assert list(rows.index)[:2] == [2, 3]  # as a spreadsheet counts them
    assert "As told by the council in June." in set(rows["note"])


def test_a_bad_cell_is_one_sentence_and_what_was_typed_stays(pack: Path) -> None:
    app = editing(pack, lambda rows: rows[4].update(status="rumoured", note="Keep me."))
    (error,) = values(app, "error")
    assert error.startswith("1 fault found. Nothing was changed.")
    for words_of_it in ("what was typed, row 6, column status: ", '"rumoured"'):
        assert words_of_it in error
    rows = app.dataframe[0].value
    assert rows.loc[6, ["status", "note"]].tolist() == ["rumoured", "Keep me."]
    assert numbers(pack) == [0]
    app.session_state["data_tab"] = "Versions"
    checked(app.run())
    app.session_state["data_tab"] = "Edit small tables"
    checked(app.run())
    assert app.dataframe[0].value.loc[6, "note"] == "Keep me."
    app = button(app, "Start again")
    assert "Keep me." not in set(app.dataframe[0].value["note"])
    assert values(app, "error") == []


def test_a_table_that_is_not_typed_into_follows_the_pack(pack: Path) -> None:
    mine = open_page(DATA, data_tab="edit")
    other = editing(pack, lambda rows: rows[4].update(note="From somebody else."))
    button(say_who(other, "Ann"), APPLY)
    checked(mine.run())
    assert values(mine, "warning") == []
    assert "From somebody else." in set(mine.dataframe[0].value["note"])


def test_a_table_changed_by_somebody_else_is_said_and_what_was_typed_stays(pack: Path) -> None:
    mine = editing(pack, lambda rows: rows[5].update(note="Mine."))
    other = editing(pack, lambda rows: rows[4].update(note="From somebody else."))
    button(say_who(other, "Ann"), APPLY)
    checked(mine.run())
    assert any("changed in the pack after you began" in text for text in values(mine, "warning"))
    assert "Mine." in set(mine.dataframe[0].value["note"])


def test_files_that_are_being_replaced_are_said_and_looked_at_again(pack: Path) -> None:
    """What is said of files that change under the reader is not kept: they may be as they were a moment later."""
    whole = current_pack(str(pack), 0.0).shown().pack
    own = (pack / "market/demand.csv").read_bytes()
    (pack / "market/demand.csv").write_bytes(table(pack, "market/demand.csv", hundred_more))
    pending = pending_of("demand", [Upload("hours.csv", table(pack, "market/demand.csv", lambda rows: rows.pop()))])
    with pytest.raises(ChangedMeanwhile):
        shelf().find(key_of(whole, pending), whole, pending, no_progress)
    (pack / "market/demand.csv").write_bytes(own)
    assert isinstance(shelf().find(key_of(whole, pending), whole, pending, no_progress), Looked)


def test_only_the_last_few_previews_are_kept(pack: Path) -> None:
    whole = current_pack(str(pack), 0.0).shown().pack
    every = [pending_of("demand", [Upload("hours.csv", f"no table {number}".encode())]) for number in range(4)]
    kept = Shelf()
    for one in every:
        assert kept.find(key_of(whole, one), whole, one, no_progress)
    assert [kept.get(key_of(whole, one)) is not None for one in every] == [False, True, True, True]


# Every tab.


@pytest.mark.parametrize("tab", ["bring_in", "versions", "sources", "checks", "published", "edit", "dictionary"])
def test_every_tab_stands_a_pack_full_of_hostile_text(tab: str, pack: Path) -> None:
    for change in (pack_copies.with_hostile_texts, pack_copies.with_hostile_names):
        change(pack)
    app = open_page(DATA, data_tab=tab)
    assert values(app, "title") == ["The data behind the figures"]
    assert acting(app) == []


def test_a_source_older_than_its_rhythm_is_marked(pack: Path) -> None:
    def old(manifest: dict[str, object]) -> None:
        (ratings,) = [one for one in manifest["resources"] if one["name"] == "ratings"]  # type: ignore[attr-defined]
        ratings.update(status="supplied", as_at="2024-01-31", import_kind="cqc-ratings")

    document = json.loads((pack / "datapackage.json").read_text(encoding="utf-8"))
    old(document)
    (pack / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    app = open_page(DATA, data_tab="sources")
    (first, *_) = tables(app)
    assert first[1:4] == [":green-badge[supplied]", "31 January 2024", "Care Quality Commission"]
    assert first[4].startswith(":red-badge[old] older than its publisher's rhythm: ")
    assert any("1 table is older than the publisher's rhythm" in text for text in values(app, "markdown"))


def test_the_open_tab_and_the_kind_stand_in_the_address(pack: Path) -> None:
    app = open_page(DATA)
    assert dict(app.query_params) == {}
    app.session_state["data_tab"] = "Sources"
    checked(app.run())
    assert app.query_params["data_tab"] == "sources"
    app = open_page(DATA, data_tab="checks", kind="wards")
    assert "Reconciliation" in values(app, "subheader")
    app = open_page(DATA, data_tab="nowhere", kind="nothing")
    assert app.selectbox(key="kind").value == "cqc-ratings"
    (said,) = values(app, "warning")
    assert "nowhere" in said
