"""How old sources are: as at their date, against their publisher's rhythm, on a day that is told."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_copies import DATA

from lib.market.freshness import COLUMNS, NO_DATE, NO_PUBLISHER, freshness, published_words
from lib.pack.imports.kinds import kinds
from lib.pack.imports.new_manifest import day
from lib.pack.load import Pack, load_pack
from lib.view.live.access import may_change

PACK = load_pack(DATA)
TODAY = dt.date(2025, 6, 1)


def with_resource(name: str, **properties: Any) -> Pack:
    """The default pack, with other properties of a resource."""
    resources = tuple(one.model_copy(update=properties) if one.name == name else one for one in PACK.manifest.resources)
    return dataclasses.replace(PACK, manifest=PACK.manifest.model_copy(update={"resources": resources}))


def row(pack: Pack, path: str, today: dt.date = TODAY) -> pd.Series:
    table = freshness(pack, today)
    assert list(table.columns) == COLUMNS
    return table.set_index("file").loc[path]


@pytest.mark.parametrize(
    ("days", "old"),
    [(0, False), (31, False), (32, True), (400, True), (-5, False)],
)
def test_what_is_imported_is_old_when_its_publisher_has_published_again(days: int, old: bool) -> None:
    as_at = TODAY - dt.timedelta(days)
    pack = with_resource("ratings", status="supplied", as_at=as_at, import_kind="cqc-ratings")
    found = row(pack, "market/ratings.csv")
    assert (found["publisher"], found["rhythm"], found["age_days"]) == ("Care Quality Commission", "every month", days)
    assert found["is_old"] == old
    assert ("older than its publisher's rhythm" in found["words"]) == old


def test_a_source_without_a_date_is_neither_old_nor_new() -> None:
    found = row(with_resource("wards", import_kind="wards"), "reference/wards.csv")
    assert (found["as_at"], found["is_old"], found["words"]) == (None, False, NO_DATE)
    assert found["publisher"] == "Office for National Statistics"


def test_what_is_made_up_has_no_publisher_and_the_date_of_the_pack() -> None:
    found = row(PACK, "market/providers.csv")
    assert (found["as_at"], found["publisher"], found["is_old"]) == (dt.date(2025, 3, 31), NO_PUBLISHER, False)


def test_a_publisher_is_named_only_where_the_sources_name_it() -> None:
    """The wards of the default pack come from Code-Point Open, residents from the ONS."""
    assert row(PACK, "reference/wards.csv")["publisher"] == "Ordnance Survey, Code-Point Open"
    assert row(PACK, "reference/population.csv")["publisher"] == "Office for National Statistics"


def test_what_the_council_supplies_has_no_rhythm() -> None:
    pack = with_resource("demand", status="supplied", as_at=dt.date(2001, 1, 1), import_kind="demand")
    found = row(pack, "market/demand.csv")
    assert (found["publisher"], found["is_old"], found["words"]) == ("the council", False, "no rhythm is known")


@given(as_at=st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), later=st.integers(0, 3000))
def test_what_is_old_stays_old(as_at: dt.date, later: int) -> None:
    pack = with_resource("ratings", status="supplied", as_at=as_at, import_kind="cqc-ratings")
    now, then = (row(pack, "market/ratings.csv", TODAY + dt.timedelta(days)) for days in (0, later))
    assert then["is_old"] or not now["is_old"]


@pytest.mark.parametrize(
    ("written", "kept"), [("2025-03-31", "2025-03-31"), ("", None), ("March 2025", None), ("2025-02-30", None)]
)
def test_only_a_whole_date_is_kept_in_the_manifest(written: str, kept: str | None) -> None:
    assert day(written) == kept


def test_every_rhythm_has_words() -> None:
    assert {kind.rhythm_days for kind in kinds().values()} == {None, 31, 365, 730}


@pytest.mark.parametrize(
    ("said", "may"), [("off", False), (" OFF ", False), ("", True), ("on", True), ("offline", True)]
)
def test_who_may_change(said: str, may: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANGES", said)
    assert may_change(None) is may  # type: ignore[arg-type]


def test_who_may_not_read_may_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.view.live.access.may_read", lambda asking: False)
    monkeypatch.delenv("CHANGES", raising=False)
    assert may_change(None) is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cqc-ratings", "Published by the Care Quality Commission, about every month."),
        ("population", "Published by the Office for National Statistics, about every two years."),
        ("demand", "The council's own figures."),
    ],
)
def test_who_publishes_and_how_often_in_words(code: str, words: str) -> None:
    assert published_words(kinds()[code]) == words
