"""No note to developers on screen, and what a lot is said once: every page and tab of the default pack is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from app_pages import (
    DATA,
    ENGAGEMENT,
    OVERVIEW,
    PROVIDERS,
    WHAT_IF,
    levers,
    live_words,
    open_page,
    part_data,
    unescaped,
)
from pack_copies import DATA as FOLDER
from pack_copies import kept_pack
from service_pages import BREAKS, EVERY_TAB, HOME, PATHS
from streamlit.testing.v1 import AppTest

PROVIDER_TABS = ("lots", "quality", "resilience", "places", "one_provider", "reranking")
DATA_TABS = ("bring_in", "versions", "sources", "checks", "published", "edit", "dictionary")
WHAT_IF_TABS = ("drivers", "costs", "districts", "needed", "scenarios", "assumptions")
SERVICE_TABS = {
    "The market": "market",
    "Market ratings": "ratings",
    "Known and unknown": "known",
    "Growth": "growth",
    "From spot to a framework": "mechanism",
    "Shared supply and places": "supply",
    "Intentions": "intentions",
}
LOT = "A lot is one type of care for one group of people in one district: the smallest part in which care is bought."
LEVER_TEXTS = ("label", "unit", "meaning", "caption")
# Every view, as its address.
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    **{f"overview {service}": (OVERVIEW, {"service": service}) for service in (HOME, BREAKS)},
    **{f"{service} {tab}": (PATHS[service], {f"tab_{service}": SERVICE_TABS[tab]}) for service, tab in EVERY_TAB},
    **{
        f"providers {service} {tab}": (PROVIDERS, {"service": service, "providers_tab": tab})
        for service in (HOME, BREAKS)
        for tab in PROVIDER_TABS
    },
    **{f"what-if {HOME} {tab}": (WHAT_IF, {"service": HOME, "what_if_tab": tab}) for tab in WHAT_IF_TABS},
    **{f"engagement {service}": (ENGAGEMENT, {"service": service}) for service in (HOME, BREAKS)},
    **{f"data {tab}": (DATA, {"data_tab": tab}) for tab in DATA_TABS},
}
# What only those who write the app know: commands, its modules and variables, names of columns and of settings.
NOTES = re.compile(
    r"python -m|\bmake [a-z]+ [A-Z]+=|PACK=|SCENARIOS\b|\bTODO\b|\bsee lib\b|\blib\.[a-z]|\bdocs/|requirements\S*\.txt"
    r"|\bmanifest\b|\bdatapackage\b|\bJSON key"
)
# Beyond the Data page nobody sees the names of files and columns either.
NAMES = re.compile(r"\w+\.(?:csv|json|geojson|py|toml)\b|\b[a-z]+(?:_[a-z0-9]+)+\b")


def read(node: Any) -> Iterator[str]:
    """Every text that people read in an element: labels, bodies, help, placeholders, cells of tables of text."""
    for child in node.children.values():
        if hasattr(child, "children"):
            yield str(getattr(getattr(child, "proto", None), "label", ""))
            yield from read(child)
            continue
        proto = getattr(child, "proto", None)
        for name in ("label", "body", "value", "help", "placeholder", "delta"):
            text = getattr(proto, name, "")
            if isinstance(text, str):
                yield text
        if child.type == "table":
            yield from (str(cell) for cell in child.value.reset_index().to_numpy().ravel())


def read_live(app: AppTest) -> Iterator[str]:
    """Every text that people read on the live screen: what moves, the levers, and the words of the script."""
    yield from live_words(app)
    yield from (text for one in levers(app).values() for name in LEVER_TEXTS for text in one[name].split("\n"))
    yield from (text for text in part_data(app).get("words", {}).values() if isinstance(text, str))


@cache
def texts(view: str) -> tuple[str, ...]:
    """What a view says, piece by piece."""
    path, query = VIEWS[view]
    app = open_page(path, {"providers_sources": True}, **query)
    return (*(unescaped(text) for text in read(app.main) if text), *(text for text in read_live(app) if text))


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_speaks_to_its_readers(view: str) -> None:
    # Where scenarios are saved is the reader's own folder; a fact's note is the pack's own.
    notes = set(kept_pack(FOLDER).table("facts")["note"].dropna())
    said = [
        text for text in texts(view) if not text.startswith("Scenarios are saved in the file") and text not in notes
    ]
    assert len(said) > 20
    found = [text for text in said if NOTES.search(text)]
    if not view.startswith("data"):
        found += [text for text in said if NAMES.search(text)]
    assert found == []


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_that_speaks_of_lots_says_once_what_one_is(view: str) -> None:
    said = " ".join(texts(view))
    speaks = re.search(r"\b[Ll]ots?\b", said.replace(LOT, "")) is not None
    assert said.count(LOT) <= 1
    if speaks:
        assert LOT in said


def test_ranked_lists_are_counted_alike_on_every_page() -> None:
    """85 lists, 24 of them on one provider: the same on the Providers page and among the intentions."""
    assert any(
        text.startswith("Of 85 ranked lists, 24 rest on a single provider ") for text in texts(f"providers {HOME} lots")
    )
    assert any("Ranked lists resting on one provider: **24 of 85**" in text for text in texts(f"{HOME} Intentions"))
