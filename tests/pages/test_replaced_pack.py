"""A pack that is replaced under open pages: the last whole one with a line that says so, and never two on one page."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    OVERVIEW,
    PAGES,
    PROVIDERS,
    ROOT,
    WHAT_IF,
    checked,
    figures,
    open_page,
    unescaped,
    values,
)
from killed_imports import with_hours
from streamlit.testing.v1 import AppTest

from lib.pack.current import Shown
from lib.pack.load import load_pack
from lib.pack.versions import apply, go_back
from lib.view import page_pack, shell
from lib.view.page_pack import replaced_sentence
from lib.whatif.scenarios.documents import scenario_from

MakePack = Callable[..., Path]
LINE = (
    r"The data pack is being replaced: these are the figures read at \d\d:\d\d\. The new ones are shown once its files "
    r"have stopped changing\."
)


def all_texts(app: AppTest) -> list[str]:
    return [
        unescaped(text) for kind in ("title", "header", "markdown", "metric", "error") for text in values(app, kind)
    ]


@pytest.fixture
def quiet_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file that was just written is old enough to be read again."""
    monkeypatch.setenv("PACK_QUIET_SECONDS", "600")


def age(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first load take the files for old ones."""
    monkeypatch.setenv("PACK", str(pack))
    holder = page_pack.current_pack(str(pack), 600.0)
    monkeypatch.setattr(holder, "_quiet", -1.0)
    holder.shown()
    monkeypatch.setattr(holder, "_quiet", 600.0)


@pytest.mark.parametrize("path", PAGES)
def test_while_a_pack_is_replaced_every_page_says_so_and_keeps_its_figures(
    path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch, quiet_for_long: None
) -> None:
    pack = pack_copy()
    age(pack, monkeypatch)
    app = open_page(path)
    before = all_texts(app)
    assert values(app, "warning") == []
    pack_copies.take_one_hour(pack)
    meanwhile = checked(app.run())
    (line,) = values(meanwhile, "warning")
    assert re.fullmatch(LINE, line)
    assert all_texts(meanwhile) == before
    (pack / "market/requests.csv").write_text("request_id,serv")
    assert all_texts(checked(app.run())) == before
    shutil.rmtree(pack)
    assert all_texts(checked(app.run())) == before
    assert len(values(app, "warning")) == 1


def test_the_line_names_the_day_where_it_is_another() -> None:
    read = dt.datetime(2026, 5, 3, 14, 32)
    assert replaced_sentence(read.timestamp(), dt.datetime(2026, 5, 3, 23, 59)).startswith(
        "The data pack is being replaced: these are the figures read at 14:32. "
    )
    assert replaced_sentence(read.timestamp(), dt.datetime(2026, 5, 4, 0, 1)).startswith(
        "The data pack is being replaced: these are the figures read on 3 May at 14:32. "
    )


@pytest.mark.parametrize("path", [OVERVIEW, DOMICILIARY, PROVIDERS, WHAT_IF])
def test_a_pack_replaced_between_the_top_and_a_fragment_draws_the_whole_page_again(
    path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look of the run finds one pack and every later one another: nothing of the first stays."""
    one, other = load_pack(pack_copies.DATA), load_pack(pack_copy(pack_copies.take_one_hour))
    looks = iter([one])
    monkeypatch.setattr(page_pack, "shown_pack", lambda: Shown(next(looks, other), 0.0, False))
    monkeypatch.setattr(shell, "shown_pack", lambda: page_pack.shown_pack())
    app = open_page(path)
    assert any("127,999" in text for text in values(app, "error")), "the alarm is of the other pack"
    monkeypatch.setattr(page_pack, "shown_pack", lambda: Shown(other, 0.0, False))
    assert all_texts(app) == all_texts(open_page(path))


def test_a_pack_that_became_faulty_between_the_top_and_a_fragment_is_the_fault_page(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_copy()
    monkeypatch.setenv("PACK", str(pack))
    really = shell.drawn_of

    def break_it(shown: Shown) -> object:
        (pack / "market/demand.csv").unlink(missing_ok=True)
        return really(shown)

    monkeypatch.setattr(shell, "drawn_of", break_it)
    app = open_page(DOMICILIARY)
    assert values(app, "title") == ["The data pack cannot be loaded"]
    assert app.table[0].value.map(unescaped)["Found"].tolist() == ["no such file"]
    assert figures(app) == []


@pytest.mark.parametrize(
    ("written", "shown"), [("soon", '"soon"'), ("-1", '"-1"'), ("nan", '"nan"'), ("1e9", '"1e9"'), ("inf", '"inf"')]
)
def test_a_quiet_time_that_is_none_is_said(written: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK_QUIET_SECONDS", written)
    row = open_page(DATA).table[0].value.map(unescaped).iloc[0]
    assert (row["File"], row["Found"]) == ("PACK_QUIET_SECONDS", shown)
    assert row["Expected"] == "a number of seconds from 0 to 600"


def test_a_broken_link_and_a_pipe_are_sentences_on_the_page(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(pack: Path) -> None:
        for name in ("market/demand.csv", "market/history.csv"):
            (pack / name).unlink()
        (pack / "market/demand.csv").symlink_to("nowhere.csv")
        os.mkfifo(pack / "market/history.csv")

    monkeypatch.setenv("PACK", str(pack_copy(damage)))
    app = open_page()
    assert app.table[0].value.map(unescaped)["Found"].tolist() == [
        'a link to "nowhere.csv", where there is nothing',
        "a named pipe",
    ]


# What was chosen and is not in the new pack


DISTRICT, PROVIDER = "E07000066", "P001"
CHOSEN: dict[str, dict[str, object]] = {
    OVERVIEW: {"district": DISTRICT, "service": "short_breaks"},
    DOMICILIARY: {"district": DISTRICT, "types_domiciliary_care": ["personal_care"]},
    PROVIDERS: {"district": DISTRICT, "provider": PROVIDER, "providers_tab": "One provider"},
    WHAT_IF: {"district": DISTRICT, "year": "2040"},
    DATA: {},
}


def other_codes(pack: Path) -> None:
    """Give a district and a provider other codes, in every file."""
    for path in (one for one in pack.rglob("*") if one.is_file() and one.suffix != ".parquet"):
        content = path.read_bytes().replace(DISTRICT.encode(), b"E07000999")
        path.write_bytes(content.replace(PROVIDER.encode(), b"P999"))


def another_county(pack: Path) -> None:
    """Give every district and every provider other codes, and leave a service out."""
    for path in (one for one in pack.rglob("*") if one.is_file() and one.suffix != ".parquet"):
        content = path.read_bytes().replace(b"E070000", b"E079999")
        path.write_bytes(re.sub(rb"\bP(\d{3})\b", rb"Q\1", content))
    pack_copies.without_service("short_breaks")(pack)


@pytest.mark.parametrize("change", [other_codes, another_county])
@pytest.mark.parametrize("path", CHOSEN)
def test_what_was_chosen_and_is_gone_is_left(
    path: str, change: Callable[[Path], None], pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_copy()
    monkeypatch.setenv("PACK", str(pack))
    app = open_page(path, CHOSEN[path])
    change(pack)
    checked(app.run())
    assert values(app, "title")
    assert values(app, "title") != ["The data pack cannot be loaded"]
    shutil.rmtree(pack)
    shutil.copytree(pack_copies.DATA, pack)
    checked(app.run())
    assert values(app, "error") == []


def test_a_scenario_that_does_not_fit_the_new_pack_is_left_and_said(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_copy()
    monkeypatch.setenv("PACK", str(pack))
    scenario = scenario_from(
        {
            "service": "domiciliary_care",
            "name": "Mine",
            "years": 5,
            "demand": {"district_need_growth_pct": {DISTRICT: 5}},
            "supply": {"provider_exits": [PROVIDER]},
        },
        load_pack(pack),
    )
    app = open_page(WHAT_IF, {"scenario_of_domiciliary_care": scenario})
    assert any("Mine" in text for text in values(app, "markdown"))
    pack_copies.take_one_hour(pack)
    assert any("Mine" in text for text in values(checked(app.run()), "markdown")), "it still fits"
    other_codes(pack)
    checked(app.run())
    (said,) = [text for text in map(unescaped, values(app, "error")) if "scenario" in text]
    assert said.startswith("The scenario does not fit the new data pack, and was left: ")
    assert DISTRICT in said
    assert not any("Mine" in text for text in values(app, "markdown"))


def test_no_fragment_goes_without_a_look_at_the_pack() -> None:
    """A bare fragment would go on with the pack of the page's last whole run, whatever the others show."""
    bare = re.compile(r"\bst\.fragment\b|\bimport fragment\b|experimental_fragment")
    lib = ROOT / "lib"
    files = {str(path.relative_to(lib)) for path in lib.rglob("*.py") if bare.search(path.read_text(encoding="utf-8"))}
    # The provider's view has no pack, and no other part of its page: one edition, until the next whole run; nor has it
    # where it is presented.
    assert files == {"view/page_pack.py", "view/market_audience/view.py", "view/market_audience/presented.py"}


def test_a_new_version_is_on_the_next_page_drawn_and_going_back_too(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch, quiet_for_long: None
) -> None:
    """However young its files are, and with no word of a pack that is being replaced."""
    pack = pack_copy()
    age(pack, monkeypatch)
    app = open_page(OVERVIEW)
    before = all_texts(app)
    apply(pack, with_hours(load_pack(pack), pack, 7845), "Ann", "One hour less")
    after = all_texts(checked(app.run()))
    assert after != before and any("127,999" in text for text in after)
    assert values(app, "warning") == []
    go_back(pack, 0, 1, "Ann", "")
    assert all_texts(checked(app.run())) == before
