"""What the pages say of a pack that is wrong, strange or not there at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest
from app_pages import (
    DOMICILIARY,
    OVERVIEW,
    PAGES,
    READ,
    SHORT_BREAKS,
    checked,
    figures,
    open_page,
    unescaped,
    values,
)
from pack_copies import DAMAGES, HOSTILE_NAMES
from streamlit.testing.v1 import AppTest

from lib.pack.faults import PackError
from lib.pack.load import load_pack

MakePack = Callable[..., Path]


@pytest.mark.parametrize("path", PAGES)
def test_a_total_that_is_off_is_named_in_red(path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hour taken from one row: every page names the total and by how much it is off."""
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.take_one_hour)))
    app = open_page(path)
    (alarm,) = values(app, "error")
    assert "dom_hours_total comes to 127,999, 1 too few, expected 128,000 hours a week" in alarm
    assert "dom_personal_care_older comes to 78,999, 1 too few, expected 79,000" in alarm
    assert "sb_" not in alarm  # what does agree is not complained about


def test_a_pack_that_agrees_raises_no_alarm() -> None:
    assert values(open_page(), "error") == []


def test_a_pack_put_right_is_read_without_a_restart(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm must go when the file is put right, and not stay in a cache."""
    pack = pack_copy(pack_copies.take_one_hour)
    monkeypatch.setenv("PACK", str(pack))
    app = open_page()
    assert values(app, "error")
    (pack / "market/demand.csv").write_bytes((pack_copies.DATA / "market/demand.csv").read_bytes())
    assert values(checked(app.run()), "error") == []


def test_an_intention_tracked_by_nothing_known_is_said_on_its_tab(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = pack_copies.cell("published/intentions.csv", 0, "indicators", "coverage;luck")
    monkeypatch.setenv("PACK", str(pack_copy(named)))
    app = open_page(DOMICILIARY, {"tab_domiciliary_care": "Intentions"})
    (alarm,) = values(app, "error")
    assert 'column indicators: found "luck" for the intention "capacity"' in alarm


def test_a_pack_as_windows_saves_it_is_shown(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank rows and columns in one table, semicolons in the next, Windows text in a third."""
    pack = pack_copy()
    demand, history, providers = (pack / f"market/{name}.csv" for name in ("demand", "history", "providers"))
    lines = demand.read_text(encoding="utf-8").splitlines()
    demand.write_text("\r\n".join([*(line + ",," for line in lines), *[",,,,,,,,"] * 3]), encoding="utf-8-sig")
    history.write_text(history.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    text = providers.read_text(encoding="utf-8").replace("Provider 001", "Café Gofal", 1)
    providers.write_text(text, encoding="cp1252", newline="\r\n")
    monkeypatch.setenv("PACK", str(pack))
    app = open_page()
    assert values(app, "error") == []
    assert values(app, "header") == values(open_page_of(pack_copies.DATA, monkeypatch), "header")


def open_page_of(pack: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PACK", str(pack))
    return open_page()


MAPS = (
    "overview.py", "pages/1_Domiciliary_care.py", "pages/2_Short_breaks.py", "pages/4_What_if.py",
    "pages/5_Market_engagement.py",
)  # fmt: skip


@pytest.mark.parametrize("path", MAPS)
def test_outlines_that_cannot_be_drawn_leave_the_rest_of_the_page(
    path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two outlines under each other's codes: a map would show the one's figure on the other."""
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.with_exchanged_outlines)))
    app = open_page(path)
    said = {unescaped(text) for text in values(app, "error")}
    assert said == {
        "No map is drawn. geography/districts.geojson, column E07000067: found 0 of 26 wards of Braintree in the "
        "outline, expected most of them, as reference/wards.csv places them. The outlines have 1 more fault. "
        "The table has the same figures."
    }
    whole = open_page_of_the_default_pack(path, monkeypatch)
    assert len(figures(app)) == len(figures(whole)) > 0
    assert values(app, "header") == values(whole, "header") != []
    labels = {each.label for each in app.get("download_button")}
    assert {each.label for each in whole.get("download_button")} - labels <= {"The map (PNG)"}


def open_page_of_the_default_pack(path: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.delenv("PACK")
    return open_page(path)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", DAMAGES)
def test_faults_stand_in_place_of_the_page(
    name: str, path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage = DAMAGES[name]
    monkeypatch.setenv("PACK", str(pack_copy(damage.change)))
    app = open_page(path)
    rows = app.table[0].value.map(unescaped)
    assert list(rows.columns) == ["File", "Row", "Column", "Found", "Expected"]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["File"], row["Row"]) == (damage.file, damage.row)
    assert damage.column in row["Column"]
    assert damage.found in row["Found"]
    assert row["Expected"]
    assert figures(app) == []


def test_every_fault_is_said_at_once(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who puts a pack right must not find the next fault only after the one before it."""
    pack = pack_copy(*(damage.change for name, damage in DAMAGES.items() if name != "missing column"))
    monkeypatch.setenv("PACK", str(pack))
    with pytest.raises(PackError) as error:
        load_pack(pack)
    rows = open_page().table[0].value.map(unescaped)
    assert len(rows) == len(error.value.faults) == len(DAMAGES) - 1
    assert list(rows["Found"]) == [fault.found for fault in error.value.faults]
    assert list(rows["Expected"]) == [fault.expected for fault in error.value.faults]


@pytest.mark.parametrize("path", PAGES)
def test_a_pack_that_is_not_there_is_said_so(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(tmp_path / "nowhere"))
    app = open_page(path)
    assert "no such folder" in app.table[0].value.map(unescaped).to_string()


def test_a_file_that_is_no_pack_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datapackage.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("PACK", str(tmp_path))
    assert "not JSON" in open_page().table[0].value.map(unescaped).to_string()


def acting_markdown(app: AppTest) -> list[str]:
    """Signs of a picture, a link, a badge or a formula that stand unescaped, where Markdown would act on them."""
    raw = "\n".join(str(element.value) for kind in READ for element in app.get(kind))
    bare = re.sub(r"\\.", "", raw)
    return [sign for sign in ("<", "](", "![", "[x]", "$") if sign in bare]


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_leave_no_markdown(path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.with_hostile_names)))
    assert acting_markdown(open_page(path)) == []


def test_hostile_names_reach_the_reader_whole(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name stands in the heading of its district's story, to the letter, and does nothing."""
    pack = pack_copy(pack_copies.with_hostile_names)
    monkeypatch.setenv("PACK", str(pack))
    app = open_page(OVERVIEW)
    names = load_pack(pack).district_names()
    assert list(names.values()) == list(HOSTILE_NAMES)
    for code, name in names.items():
        checked(app.selectbox(key="district").set_value(code).run())
        assert " ".join(name.split()) in values(app, "header")
        assert acting_markdown(app) == []


def test_a_pack_of_one_service(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another council may buy only one of the services: its page says so, the others run."""
    monkeypatch.setenv("PACK", str(pack_copy(pack_copies.without_service("short_breaks"))))
    for path in PAGES:
        app = open_page(path)
        assert values(app, "error") == []
        if path == SHORT_BREAKS:
            assert values(app, "info") == ['This data pack has no service "short_breaks"; it has Domiciliary care.']
            assert figures(app) == []
