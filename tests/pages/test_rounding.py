"""No page shows more digits than a figure that nobody published can vouch for, outside tables and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from app_pages import (
    OVERVIEW,
    PROVIDERS,
    WHAT_IF,
    checked,
    figures,
    live,
    live_words,
    open_page,
    spoken,
    unescaped,
    values,
)
from service_pages import EVERY_TAB, OPENED, PATHS
from streamlit.testing.v1 import AppTest

HOME, BREAKS = "domiciliary_care", "short_breaks"
PROVIDER_TABS = ("Lots and placement", "Quality", "Resilience", "Spot and rural", "One provider", "Re-ranking")
WHAT_IF_TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")
# As the two pages of the council publish them, and a quarter of the second cost: shown to the digit.
PUBLISHED = ("128,000", "7,465", "£160.5m", "£2.163m", "£540,750")
NUMBER = re.compile(r"(?<![\w.,])£?\d[\d,]*(?:\.\d+)?m?(?![\d/])")
# People are counted whole.
WHOLE = re.compile(r" (?:adults|children|people)\b")


def too_fine(text: str) -> list[str]:
    """The figures in a text that are written to more digits than people should read."""
    found = []
    for match in NUMBER.finditer(text):
        written = match[0].rstrip(",")
        if written in PUBLISHED or "," not in written:
            digits = re.sub(r"[^\d]", "", written.lstrip("£0."))
            # A year, and what stands in millions or behind a point: four digits at most.
            if written not in PUBLISHED and len(digits.strip("0")) > 4:
                found.append(written)
            continue
        size = float(written.strip("£m").replace(",", ""))
        step = 1_000 if written[0] == "£" and size >= 10_000 else 100 if written[0] == "£" or size >= 10_000 else 10
        if size % (1 if WHOLE.match(text, match.end()) and size < 10_000 else step):
            found.append(written)
    return found


def labels(app: AppTest) -> Iterator[str]:
    """What charts and maps say to screen readers, which are the words of their labels and tooltips."""
    yield from (chart.proto.alt for chart in app.get("vega_lite_chart"))
    yield from spoken(app)
    yield from live_words(app)
    for component in app.get("component_instance"):
        text = json.loads(component.proto.json_args).get("feature_group", "")
        yield from re.findall(r'"tooltip":\s*"((?:[^"\\]|\\.)*)"', str(text))


# The sentence of the market pages: tests/unit/test_wording.py holds what it says.
MARKET_SENTENCE = re.compile(r"[\d,]+(?= hours a week have no provider with room for them)")


def outside_tables(app: AppTest) -> list[str]:
    """Headings, tiles with the line beneath them, sentences and labels."""
    kinds = ("title", "header", "subheader", "markdown")
    return [*(text for kind in kinds for text in values(app, kind)), *figures(app), *map(unescaped, labels(app))]


def complaints(app: AppTest) -> dict[str, list[str]]:
    texts = [MARKET_SENTENCE.sub("", text) for text in outside_tables(app)]
    return {text[:300]: found for text in texts if (found := too_fine(text))}


def test_what_is_too_fine() -> None:
    assert too_fine("about 140,300 hours, 128,000 of them in 2024/25 for 7,465 adults at £160.5m") == []
    assert too_fine("2,560 hours; £541,000; £2.16m; £25.00; 0.98; 12.3%; 3,412 people; E07000074") == []
    assert too_fine("140,287 hours, 2,564 hours, £541,250, £1,234, £160.512m and 12,345 people") == [
        "140,287", "2,564", "£541,250", "£1,234", "£160.512m", "12,345",
    ]  # fmt: skip


def test_the_overview() -> None:
    app = open_page(OVERVIEW)
    assert complaints(app) == {}
    found = [text.replace("\\n", "\n") for text in labels(app) if "Net coverage (ratio): " in text]
    assert (len(found), len(set(found))) == (24, 12), "the tooltips of the map, and the same of its picture"
    assert figures(app)[0] == "128,000", "published: to the digit"


@pytest.mark.parametrize(("service", "tab"), EVERY_TAB)
def test_the_tabs_of_a_service(service: str, tab: str) -> None:
    app = open_page(PATHS[service], {f"tab_{service}": tab} | {f"table_{name}": True for name in OPENED})
    assert complaints(app) == {}


@pytest.mark.parametrize("indicator", ["delivered_hours", "annual_cost", "people", "shortfall_hours"])
def test_the_bars_and_the_map_of_what_is_counted(indicator: str) -> None:
    app = open_page(PATHS[HOME], {"indicator": indicator})
    assert live(app)["charts"]["bars"]["words"] in labels(app)
    assert complaints(app) == {}


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_providers(service: str) -> None:
    app = open_page(PROVIDERS, {"service": service})
    for tab in PROVIDER_TABS:
        app.session_state["providers_tab"] = tab
        assert complaints(checked(app.run())) == {}, tab


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_what_if(service: str) -> None:
    app = open_page(WHAT_IF, {"service": service})
    for tab in WHAT_IF_TABS:
        app.session_state["what_if_tab"] = tab
        assert complaints(checked(app.run())) == {}, tab
