"""A service is data: the menu and the pages of packs with other services, other codes and more cohorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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
    checked,
    figures,
    menu,
    open_page,
    values,
    words,
)
from streamlit.testing.v1 import AppTest

from lib.view.providers.page import NAMES

UsePack = Callable[[str], None]
ODD = "Extra care & more/\u00fc?"
STARTING = [f"market/{table}.csv" for table in ("demand", "capacity", "history")]
PACKS: dict[str, tuple[Callable[[Path], None], ...]] = {
    "one service": (pack_copies.without_service("short_breaks"),),
    "damaged": (pack_copies.DAMAGES["negative hours"].change,),
    "home_care": (pack_copies.renamed_service("domiciliary_care", "home_care"),),
    "three": (pack_copies.third_service(),),
    "code of a page": (pack_copies.third_service("data", "**Day** [care](http://example.com)"),),
    "odd code": (pack_copies.third_service(ODD),),
    "starting": (
        pack_copies.third_service(),
        *(pack_copies.without_rows(table, "supported_living") for table in STARTING),
    ),
    "five cohorts": (pack_copies.five_cohorts,),
}
OVERVIEW_ENTRY = ("Overview", "", "")
HOME_ENTRY = ("Domiciliary care", "Domiciliary_care", "")
BREAKS_ENTRY = ("Children's short breaks", "Short_breaks", "")
LAST_ENTRIES = [
    ("Providers", "Providers", ""),
    ("What-if", "What_if", ""),
    ("Market engagement", "Market_engagement", ""),
    ("Data", "Data", ""),
]
HISTORY = ("month_label", "series_label", "value")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The packs by their names, each written once: no test changes them."""
    written: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in written:
            written[name] = pack_copies.copy_pack(tmp_path_factory.mktemp("packs") / "pack", *PACKS[name])
        return written[name]

    return folder


@pytest.fixture
def use_pack(folders: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> UsePack:
    """The pages run on one of the packs."""
    return lambda name: monkeypatch.setenv("PACK", str(folders(name)))


def every_tab(app: AppTest) -> Iterator[tuple[str, AppTest]]:
    """Open each tab of the Providers page in turn."""
    for tab in NAMES:
        app.session_state["providers_tab"] = tab
        yield tab, checked(app.run())


@pytest.mark.parametrize("path", [OVERVIEW, DOMICILIARY, DATA])
def test_the_menu_of_the_default_pack(path: str) -> None:
    assert menu(open_page(path)) == [OVERVIEW_ENTRY, HOME_ENTRY, BREAKS_ENTRY, *LAST_ENTRIES]


def test_a_pack_without_a_service_has_no_entry_for_it(use_pack: UsePack) -> None:
    use_pack("one service")
    assert menu(open_page()) == [OVERVIEW_ENTRY, HOME_ENTRY, *LAST_ENTRIES]
    app = open_page(SHORT_BREAKS)
    assert values(app, "title") == ["Short breaks"]
    assert values(app, "info") == ['This data pack has no service "short_breaks"; it has Domiciliary care.']
    assert menu(app)[-1] == HOME_ENTRY, "and the way there stands beneath"


def test_a_pack_that_cannot_be_loaded_keeps_its_menu(use_pack: UsePack) -> None:
    use_pack("damaged")
    app = open_page(DOMICILIARY)
    assert menu(app) == [OVERVIEW_ENTRY, HOME_ENTRY, BREAKS_ENTRY, *LAST_ENTRIES]
    assert values(app, "title") == ["The data pack cannot be loaded"]


def test_without_a_pack_there_are_the_pages_of_every_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(tmp_path))
    assert menu(open_page(DOMICILIARY)) == [OVERVIEW_ENTRY, *LAST_ENTRIES]


def test_a_service_with_another_code(use_pack: UsePack) -> None:
    """The figures, the tabs and the other pages are those of the same service under its old code."""
    before = open_page(DOMICILIARY)
    overview, what_if = (words(open_page(path, service="Domiciliary care")) for path in (OVERVIEW, WHAT_IF))
    use_pack("home_care")
    app = open_page(SERVICE, code="home_care")
    assert menu(app) == [
        OVERVIEW_ENTRY,
        ("Domiciliary care", "Service", "code=home_care"),
        BREAKS_ENTRY,
        *LAST_ENTRIES,
    ]
    assert words(app) == words(before)
    assert [tab.label for tab in app.get("tab")] == ["The market", "Market ratings", "Known and unknown", "Intentions"]
    assert words(open_page(OVERVIEW, service="Domiciliary care")) == overview
    assert words(open_page(WHAT_IF, service="Domiciliary care")) == what_if
    gone = open_page(DOMICILIARY)
    assert values(gone, "info") == [
        'This data pack has no service "domiciliary_care"; it has Domiciliary care and Children\'s short breaks.'
    ]


@pytest.mark.parametrize(
    ("name", "code", "query"),
    [
        ("three", "supported_living", "code=supported_living"),
        ("odd code", ODD, "code=Extra+care+%26+more%2F%C3%BC%3F"),
    ],
)
def test_a_third_service_has_an_entry_and_a_page(name: str, code: str, query: str, use_pack: UsePack) -> None:
    use_pack(name)
    app = open_page(SERVICE, code=code)
    entry = ("Supported living", "Service", query)
    assert menu(app) == [OVERVIEW_ENTRY, HOME_ENTRY, BREAKS_ENTRY, entry, *LAST_ENTRIES]
    assert values(app, "title") == ["Supported living: Essex"]
    assert figures(app)[0] == "4,800", "12 districts of 400 hours"


def test_a_service_may_have_the_name_of_a_page_that_every_pack_has(use_pack: UsePack) -> None:
    use_pack("code of a page")
    app = open_page(SERVICE, code="data")
    entries = menu(app)
    assert entries[3][1:] == ("Service", "code=data")
    assert entries[4:] == LAST_ENTRIES
    (label,) = [element.proto.label for element in app.get("page_link") if "Day" in element.proto.label]
    assert label == r"\*\*Day\*\* \[care\]\(http:color[:]//example.com\)", "and its label is only text"
    assert values(open_page(DATA), "title") == ["The data behind the figures"]


def test_the_providers_of_a_third_service(use_pack: UsePack) -> None:
    use_pack("three")
    for tab, app in every_tab(open_page(PROVIDERS, service="Supported living")):
        assert app.session_state["service"] == "supported_living", tab
        known = "if Provider 001 left, 4,800 of its 4,800 hours a week would have nowhere to go"
        assert known in values(app, "header")[0], tab


def test_the_switches_offer_a_third_service(use_pack: UsePack) -> None:
    use_pack("three")
    for path, word in ((OVERVIEW, ""), (WHAT_IF, "If need and supply stay as in")):
        app = open_page(path)
        assert list(app.segmented_control(key="service").options) == [
            "Domiciliary care",
            "Children's short breaks",
            "Supported living",
        ]
        checked(app.segmented_control(key="service").set_value("supported_living").run())
        unknown = "Coverage is not known in any district: market/requests.csv has no rows for this service."
        assert values(app, "header")[0].startswith(unknown if path == OVERVIEW else word)
    table = open_page(OVERVIEW).table[0].value
    assert len(table.columns) == 3, "every service side by side"


def test_what_a_third_service_could_share_is_not_said_of_two(use_pack: UsePack) -> None:
    use_pack("three")
    app = open_page(SERVICE, code="supported_living")
    app.session_state["tab_supported_living"] = "Shared supply and places"
    checked(app.run())
    assert "that could serve this service too have" in values(app, "header")[0]
    assert "in domiciliary care and children's short breaks" in values(app, "header")[0]


def test_the_common_page_without_a_service_says_which_there_are() -> None:
    app = open_page(SERVICE)
    assert values(app, "info") == [
        "The address names no service of this data pack, which has Domiciliary care and Children's short breaks."
    ]
    assert menu(app)[-2:] == [HOME_ENTRY, BREAKS_ENTRY]


def test_what_an_address_says_is_only_text() -> None:
    app = open_page(SERVICE, code="<img src=x onerror=alert(1)> [x](javascript:alert(1)) $x$")
    assert acting(app) == []
    assert values(app, "info")[0].startswith('This data pack has no service "<img src=x onerror=alert(1)> [x](java')


def test_five_cohorts_are_all_in_the_history(use_pack: UsePack) -> None:
    """Four lines can be told apart: the fifth has a chart of its own, and each its table."""
    use_pack("five cohorts")
    app = open_page(DOMICILIARY)
    for name in ("history", "history_2"):
        app.session_state[f"table_{name}"] = True
    checked(app.run())
    title = "Hours delivered a week in Essex as a whole, 24 months, all service types"
    first, second = (text for text in values(app, "subheader") if text.startswith("Hours delivered a week"))
    assert first.startswith(f"{title} (1 of 2: Older people, Working age adults, Carers and Physical disability) ")
    assert second.startswith(f"{title} (2 of 2: Mental health) ")
    tables = [table.value for table in app.dataframe if tuple(table.value.columns) == HISTORY]
    assert [set(table["series_label"]) for table in tables] == [
        {"Older people", "Working age adults", "Carers", "Physical disability"},
        {"Mental health"},
    ]
    assert [len(table) for table in tables] == [4 * 24, 24]
    smallest = tables[1].set_index("month_label")["value"]
    # 12 districts of 120 hours.
    assert (smallest["2023-04"], smallest["2025-02"], smallest["2025-03"]) == (1_440, 1_440, 0)


def test_a_cohort_of_which_nothing_is_bought_has_its_lots(use_pack: UsePack) -> None:
    use_pack("five cohorts")
    app = open_page(PROVIDERS, service="Domiciliary care", lot_cohort_domiciliary_care="Carers")
    assert app.session_state["lot_cohort_domiciliary_care"] == "carers"
    for tab, page in every_tab(app):
        assert not values(page, "error"), tab


def test_a_service_that_has_lots_and_no_rows_yet(use_pack: UsePack) -> None:
    """A council that starts with a new service: nothing is known of it, and every tab says so."""
    use_pack("starting")
    for tab, app in every_tab(open_page(PROVIDERS, service="Supported living")):
        assert "not known" in values(app, "header")[0], tab
