"""What `check` passes, every page shows: packs with fewer, more, longer or larger things than the default one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    OVERVIEW,
    PROVIDERS,
    SERVICE,
    SHORT_BREAKS,
    WHAT_IF,
    acting,
    live_words,
    open_page,
    values,
    words,
)
from odd_packs import ODD_PACKS

from lib.__main__ import main

HOME_CARE = (SERVICE, {}, {"code": "home_care"})
FRAMEWORK = (SHORT_BREAKS, {"tab_short_breaks": "From spot to a framework"}, {})
GROWTH = (SHORT_BREAKS, {"tab_short_breaks": "Growth"}, {})
QUALITY, RESILIENCE, PLACES, ONE, AGAIN = (
    (PROVIDERS, {"providers_tab": name}, {})
    for name in ("Quality", "Resilience", "Spot and rural", "One provider", "Re-ranking")
)
DISTRICTS, NEEDED = ((WHAT_IF, {"what_if_tab": name}, {}) for name in ("Districts", "What it would take"))
Page = tuple[str, dict[str, Any], dict[str, str]]
# The pages that the pack's oddity meets.
PAGES_OF: dict[str, tuple[str | Page, ...]] = {
    "six cohorts": (DOMICILIARY, PROVIDERS),
    "ten cohorts": (DOMICILIARY, NEEDED),
    "five cohorts, three without hours": (DOMICILIARY,),
    "many service types": (DOMICILIARY, PROVIDERS),
    "one district": (OVERVIEW, DOMICILIARY, PROVIDERS, DISTRICTS),
    "two districts": (OVERVIEW, WHAT_IF),
    "forty districts": (OVERVIEW, PROVIDERS, DISTRICTS),
    "home care only": (PROVIDERS, DATA),
    "three services, one renamed": (OVERVIEW, HOME_CARE),
    "a bare manifest": (OVERVIEW, DOMICILIARY, WHAT_IF, DATA),
    "one provider": (DOMICILIARY, RESILIENCE, ONE, AGAIN),
    "providers without a lot": (ONE,),
    "one lot": (OVERVIEW, DOMICILIARY, PROVIDERS),
    "no tier 2": (PROVIDERS, AGAIN),
    "no spot": (PLACES, FRAMEWORK),
    "routes renamed": (PROVIDERS, QUALITY),
    "long names": (OVERVIEW, PROVIDERS),
    "strange names": (OVERVIEW, PROVIDERS, WHAT_IF),
    "one name for all": (DOMICILIARY, PROVIDERS, DISTRICTS),
    "nothing bought": (OVERVIEW, PROVIDERS, WHAT_IF, FRAMEWORK),
    "nobody": (DOMICILIARY, GROWTH, WHAT_IF),
    "rates all alike": (FRAMEWORK, AGAIN),
    "free of charge": (FRAMEWORK, WHAT_IF),
    "huge numbers": (OVERVIEW, WHAT_IF),
    "districts all alike": (OVERVIEW, QUALITY, DISTRICTS),
    "nobody rated": (DOMICILIARY, PROVIDERS, QUALITY),
    "no residents": (OVERVIEW, WHAT_IF),
    "one month": (DOMICILIARY,),
    "two months": (SHORT_BREAKS,),
    "no requests": (OVERVIEW, DOMICILIARY),
    "all requests open": (DOMICILIARY,),
    "no request open": (OVERVIEW,),
    "no capacity": (OVERVIEW, PROVIDERS, WHAT_IF),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The odd packs by their names, each written once: no test changes them."""
    written: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in written:
            written[name] = pack_copies.copy_pack(tmp_path_factory.mktemp("packs") / "pack", ODD_PACKS[name])
        return written[name]

    return folder


INCOMPLETE = {
    "six cohorts",
    "ten cohorts",
    "forty districts",
    "three services, one renamed",
    "one lot",
    "no spot",
    "nothing bought",
    "huge numbers",
    "districts all alike",
    "nobody rated",
    "no requests",
    "no request open",
}


def test_every_odd_pack_has_pages() -> None:
    assert set(PAGES_OF) == set(ODD_PACKS)


@pytest.mark.parametrize("name", PAGES_OF)
def test_check_passes_what_is_only_odd(
    name: str, folders: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = main(["check", "--pack", str(folders(name))]), capsys.readouterr().err.splitlines()
    others = [line for line in said if not line.startswith("warning: ")]
    # Some lack rows that they should have, or have requests that the history does not know: nothing else is wrong.
    assert all("found no rows of " in line or "new requests that" in line for line in others)
    assert status == (1 if others else 0)
    assert bool(others) == (name in INCOMPLETE)


@pytest.mark.parametrize(
    ("name", "page"), [(name, page) for name, pages in PAGES_OF.items() for page in pages], ids=str
)
def test_each_page_shows_what_check_passes(
    name: str, page: str | Page, folders: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACK", str(folders(name)))
    path, state, query = page if isinstance(page, tuple) else (page, {}, {})
    app = open_page(path, state, **query)
    assert values(app, "error") == []
    assert values(app, "header") or values(app, "info")
    assert acting(app) == []
    assert re.findall(r"\b(?:nan|inf|NaT|<NA>)\b", "\n".join([words(app), *live_words(app)])) == []
