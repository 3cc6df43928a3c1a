"""How much in a pack is unlikely stands on every page in one line, and on the Data page row by row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest
from app_pages import DATA, OVERVIEW, PAGES, first_page, menu, open_page, unescaped, values

MakePack = Callable[..., Path]
LINE = ":small[2 warnings of unlikely data: see the Data page]"


def slips(pack: Path) -> None:
    """Two slips: a provider that delivers more than it can, and a package longer than a week."""
    pack_copies.cell("market/capacity.csv", 0, "delivered_hours", "31")(pack)
    pack_copies.cell("market/requests.csv", 0, "hours_per_week", "210")(pack)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_how_much_is_unlikely(path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(slips)))
    labels = [label for label, _, _ in menu(open_page(path))]
    assert labels.count(LINE) == 1


def test_the_data_page_has_a_line_for_each(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(slips)))
    app = open_page(DATA, data_tab="checks")
    assert "What is unlikely" in values(app, "subheader")
    rows = app.table[0].value.map(unescaped)
    assert rows.to_dict("records") == [
        {
            "File": "market/capacity.csv",
            "Row": "2",
            "Column": "delivered_hours",
            "Found": "31 hours delivered of a capacity of 30",
            "Expected": "no more than capacity_hours",
        },
        {
            "File": "market/requests.csv",
            "Row": "2",
            "Column": "hours_per_week",
            "Found": "210 hours a week",
            "Expected": "no more than the 168 hours of a week",
        },
    ]


@pytest.mark.parametrize("path", [OVERVIEW, DATA])
def test_a_pack_with_nothing_unlikely_says_nothing_of_it(path: str) -> None:
    app = first_page(path)
    assert not [label for label, _, _ in menu(app) if "unlikely" in label]
    assert "What is unlikely" not in values(app, "subheader")
