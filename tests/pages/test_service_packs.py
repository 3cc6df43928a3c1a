"""The service pages on other packs: hostile names and texts, a service without this or that, other districts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from app_pages import (
    DATA,
    ENGAGEMENT,
    OVERVIEW,
    PAGES,
    PROVIDERS,
    ROOT,
    SHORT_BREAKS,
    WHAT_IF,
    acting,
    figures,
    values,
    words,
)
from pack_copies import HOSTILE_NAMES, in_manifest_service, without_rows
from service_pages import (
    BREAKS,
    GROWTH,
    HOME,
    INTENTIONS,
    KNOWN,
    MARKET,
    MECHANISM,
    RATINGS,
    SUPPLY,
    TABS,
    Page,
    on_tab,
    opened,
    table_with,
    text_tables,
)
from streamlit.testing.v1 import AppTest

from lib.market.rural_pockets import places
from lib.pack.load import Pack, load_pack

UsePack = Callable[..., Pack]
# What Streamlit reads as Markdown beside texts: labels, tooltips, and the figures of metrics.
LABELLED = ("download_button", "slider", "number_input", "selectbox", "multiselect", "metric", "page_link", "expander")


@pytest.fixture
def use_pack(pack_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> UsePack:
    """The pages run on a copy of the pack, changed."""

    def use(*changes: Callable[[Path], None]) -> Pack:
        root = pack_copy(*changes)
        monkeypatch.setenv("PACK", str(root))
        return load_pack(root)

    return use


def tabs_of(page: Page) -> tuple[str, ...]:
    return tuple(one.label for one in page.app.get("tab"))


def labels(app: AppTest) -> list[str]:
    """Every label, tooltip and figure that Streamlit reads as Markdown, those of a table's columns included."""
    protos = [element.proto for kind in LABELLED for element in app.get(kind)]
    found = [getattr(proto, name, "") for proto in protos for name in ("label", "help", "body", "delta")]
    found += [str(element.proto.help) for element in app.get("markdown") if hasattr(element.proto, "help")]
    for table in app.dataframe:
        columns = json.loads(table.proto.columns or "{}").values()
        found += [column["help"] for column in columns if isinstance(column, dict) and column.get("help")]
    return [text for text in found if text]


def acting_labels(app: AppTest) -> list[str]:
    """Labels with a sign that would act, unescaped."""
    bare = {text: re.sub(r"\\.", "", text) for text in labels(app)}
    return [text for text, rest in bare.items() if any(sign in rest for sign in ("<", "](", "![", "$", "**", "~~"))]


# Names and texts that do something where they are taken for code.


@pytest.mark.parametrize("change", [pack_copies.with_hostile_names, pack_copies.with_hostile_texts])
def test_hostile_words_are_text_on_every_tab(change: Callable[[Path], None], use_pack: UsePack) -> None:
    pack = use_pack(change)
    for service, tabs in TABS.items():
        for tab in tabs:
            page = on_tab(service, tab)
            assert acting(page.app) == [], (service, tab)
            assert acting_labels(page.app) == [], (service, tab)
            html = "\n".join(element.proto.body for element in page.app.get("html"))
            assert re.findall(r"<(?:img|script)", html) == []
            assert tabs_of(page) == tabs
            assert not values(page.app, "error")
    if change is pack_copies.with_hostile_texts:
        area = " ".join(pack.manifest.area.split())
        assert area not in (" ".join(name.split()) for name in HOSTILE_NAMES)
        assert area in values(page.app, "title")[0]


def test_hostile_texts_reach_the_reader_whole(use_pack: UsePack) -> None:
    """To the letter, but for white space, which Markdown does not keep."""
    pack = use_pack(pack_copies.with_hostile_texts)

    def read(text: object) -> str:
        return " ".join(str(text).split())

    page = on_tab(BREAKS, KNOWN)
    texts = [read(text) for text in values(page.app, "markdown")]
    gaps = pack.table("gaps").query("service == 'short_breaks'")
    assert len(gaps) == 7
    for gap in gaps.to_dict("records"):
        # Words that are not those of the council's page stand without quotation marks.
        words = "not published" if gap["published_as"] == "Not published" else read(gap["published_as"])
        assert f"**{read(gap['measure'])}**: {words}" in texts
        # Where there is nothing to measure, nothing would fill it.
        filled = f":small[What would fill it: {read(gap['filled_by'])}]"
        assert (filled in texts) == (gap["id"] != "sb_accommodation_size")
    facts = pack.table("facts").query("service == 'short_breaks'")
    assert {read(text) for text in facts["measure"]} <= set(text_tables(page)["What"])
    ratings = facts[facts["unit"] == "rating"]["value"]
    assert figures(on_tab(BREAKS, RATINGS).app) == [read(text) for text in ratings]
    intentions = pack.table("intentions").query("service == 'short_breaks'")["intention"]
    table = text_tables(on_tab(BREAKS, INTENTIONS))
    assert list(table["Intention, in short (a summary)"].dropna()) == [f"**{read(text)}**" for text in intentions]
    sides = "\n".join(values(on_tab(BREAKS, MECHANISM).app, "markdown"))
    for side in pack.service(BREAKS).spot_purchase:
        assert all(f"- {read(text)}" in sides for text in side.says)


@pytest.mark.parametrize("path", [OVERVIEW, PROVIDERS, WHAT_IF, DATA])
def test_hostile_texts_are_text_on_the_other_pages(path: str, use_pack: UsePack) -> None:
    use_pack(pack_copies.with_hostile_texts, pack_copies.with_hostile_names)
    page = opened(path)
    assert acting(page.app) == []
    assert acting_labels(page.app) == []


# A pack that has less.


def test_what_a_pack_has_nothing_on_has_no_tab(use_pack: UsePack) -> None:
    tables = [f"published/{name}.csv" for name in ("gaps", "intentions", "council_words")]
    use_pack(
        *(without_rows(table, BREAKS) for table in tables),
        in_manifest_service(BREAKS, rating_grid=[], spot_purchase=[], derivations=[]),
    )
    page = on_tab(BREAKS, MARKET)
    assert tabs_of(page) == (MARKET, KNOWN, GROWTH, MECHANISM, SUPPLY)
    assert "16 figures of this market are published" not in words(page.app)
    assert "14 figures of this market are published and 2 can be derived from them." in words(page.app)
    known = on_tab(BREAKS, KNOWN)
    assert "Not published: 0 figures" in values(known.app, "header")
    assert not any("either side" in text for text in values(on_tab(BREAKS, MECHANISM).app, "subheader"))


def test_a_service_of_which_nothing_is_published_has_its_market_alone(use_pack: UsePack) -> None:
    names = ("facts", "gaps", "intentions", "council_words", "reconciliation")
    tables = [f"published/{name}.csv" for name in names]

    def unnamed(document: dict[str, Any]) -> None:
        levers = document["services"][HOME]["levers"]
        for lever in levers.values():
            lever.pop("fact", None)
            lever.pop("compare", None)
        for lever in document["services"][BREAKS]["levers"].values():
            lever.pop("compare", None)
        document["services"][HOME]["derivations"] = document["services"][HOME]["rating_grid"] = []
        for row in document["services"][BREAKS]["rating_grid"]:
            row.pop("context", None)

    use_pack(
        *(without_rows(table, HOME) for table in tables),
        lambda root: pack_copies.edit_json(root, "datapackage.json", unnamed),
    )
    page = on_tab(HOME, MARKET)
    assert tabs_of(page) == ()
    assert values(page.app, "title") == ["Domiciliary care: Essex"]
    assert figures(page.app)[0] == "128,000"
    assert not any("of this market" in text for text in values(page.app, "markdown"))
    assert tabs_of(on_tab(BREAKS, RATINGS)) == TABS[BREAKS]


def test_a_pack_without_short_breaks_runs(use_pack: UsePack) -> None:
    use_pack(pack_copies.without_service(BREAKS))
    for path in PAGES:
        page = opened(path, {f"tab_{HOME}": INTENTIONS})
        assert values(page.app, "error") == []
        assert bool(page.app.get("tab")) == (path not in (OVERVIEW, SHORT_BREAKS, ENGAGEMENT))
    for tab in TABS[HOME]:
        on_tab(HOME, tab)


def on_the_framework(root: Path) -> None:
    """Put one row of the short breaks' capacity on the framework."""

    def change(rows: pack_copies.Rows) -> None:
        row = next(row for row in rows if row["service"] == BREAKS and float(row["delivered_hours"]) > 0)
        row.update(route="tier_1", rank="1", performance_score="80")

    pack_copies.edit_table(root, "market/capacity.csv", change)


def test_a_service_with_hours_on_a_framework_is_past_the_mechanism(use_pack: UsePack) -> None:
    """Even for somebody who had that tab open."""
    use_pack(on_the_framework)
    for tab in (MARKET, MECHANISM):
        page = on_tab(BREAKS, tab)
        assert tabs_of(page) == (MARKET, RATINGS, KNOWN, GROWTH, INTENTIONS)
        assert figures(page.app)


def test_a_service_without_rows_has_nothing_known_to_move(use_pack: UsePack) -> None:
    use_pack(*(without_rows(f"market/{name}.csv", BREAKS) for name in ("demand", "capacity", "requests", "history")))
    page = on_tab(BREAKS, MECHANISM)
    assert values(page.app, "info") == [
        "short_breaks: market/demand.csv has no rows for this service, expected the hours and the cost of every lot"
    ]
    for tab in tabs_of(page):
        on_tab(BREAKS, tab)


def publish_growth(value: str) -> Callable[[Path], None]:
    """A change of the growth that is published for short breaks."""

    def change(root: Path) -> None:
        def rows(table: pack_copies.Rows) -> None:
            next(row for row in table if row["id"] == "sb_growth_pct")["value"] = value

        def lever(document: dict[str, Any]) -> None:
            document["services"][BREAKS]["levers"]["demand.need_growth_pct"]["default"] = float(value)

        pack_copies.edit_table(root, "published/facts.csv", rows)
        pack_copies.edit_json(root, "datapackage.json", lever)

    return change


@pytest.mark.parametrize("growth", ["4.5", "0", "-2"])
def test_growth_stands_as_it_is_published(growth: str, use_pack: UsePack) -> None:
    """Whole or not, and even where it is nothing: it is never rounded to a growth that nobody published."""
    use_pack(publish_growth(growth))
    page = on_tab(BREAKS, GROWTH)
    assert page.app.slider(key="growth_short_breaks_slider").value == float(growth)
    people = table_with(page, "year", "people")["people"]
    assert people.iloc[-1] == round(168 * (1 + float(growth) / 100) ** 5, 1)
    assert any("Growth as published" in text for text in values(page.app, "caption"))


# Other districts.


def test_places_go_by_rule_and_not_by_name(use_pack: UsePack) -> None:
    """Every district has another name: the same codes are marked as before."""
    renamed = use_pack(pack_copies.with_hostile_names)
    before = load_pack(ROOT / "data").district_names()
    mine = table_with(on_tab(BREAKS, SUPPLY), "district_name", "shown").set_index("district_name")["shown"]
    first = table_with(shown_by_default(), "district_name", "shown").set_index("district_name")["shown"]
    assert {code: mine[name] for code, name in renamed.district_names().items()} == {
        code: first[name] for code, name in before.items()
    }
    assert set(first) == {"neither", "rural", "both"}, "whatever borders London here is rural as well"
    assert list(places(renamed, BREAKS)["rural"]) == list(places(load_pack(ROOT / "data"), BREAKS)["rural"])


def shown_by_default() -> Page:
    """The same tab on the default pack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PACK", str(ROOT / "data"))
        return on_tab(BREAKS, SUPPLY)
