"""How the page tests open a page and read it."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent.parent
OVERVIEW = "overview.py"
DOMICILIARY = "pages/1_Domiciliary_care.py"
SHORT_BREAKS = "pages/2_Short_breaks.py"
PROVIDERS = "pages/3_Providers.py"
WHAT_IF = "pages/4_What_if.py"
ENGAGEMENT = "pages/5_Market_engagement.py"
DATA = "pages/6_Data.py"
SERVICE = "pages/7_Service.py"  # of every service that has no file of its own: the address says which
# The first page runs alone: the others are opened from it, as Streamlit does.
PAGES = (OVERVIEW, DOMICILIARY, SHORT_BREAKS, PROVIDERS, WHAT_IF, ENGAGEMENT, DATA)
# How long a run may take before it counts as hung: far longer than any run, on a machine however busy.
SECONDS = 300
READ = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "metric")


def open_page(path: str = OVERVIEW, state: Mapping[str, Any] | None = None, **query: str) -> AppTest:
    """Run a page once, with the values of a link and some state of the session, and fail on any exception."""
    app = AppTest.from_file(str(ROOT / OVERVIEW), default_timeout=SECONDS)
    app.query_params.update(query)
    if path != OVERVIEW:
        app.switch_page(path)
    for key, value in (state or {}).items():
        app.session_state[key] = value
    return checked(app.run())


@cache
def first_page(path: str = OVERVIEW) -> AppTest:
    """A page of the default pack as it stands at first. Shared by every test: nothing may act on it."""
    assert not os.environ.get("PACK")
    return open_page(path)


def checked(app: AppTest) -> AppTest:
    """The page just run, if it ran without an exception."""
    assert not app.exception, [element.value for element in app.exception]
    return app


def unescaped(text: object) -> str:
    """Text as the reader sees it, without the backslashes and the elements that keep Markdown from acting."""
    return re.sub(r":color\[([^\[\]\\]*)\]|\\(.)", r"\1\2", str(text))


def values(app: AppTest, kind: str) -> list[str]:
    """The texts of all elements of a kind, those of the live screen before the others.

    The lines of tiles, HTML of our own, count as Markdown's.
    """
    found = [*live_texts(app).get(kind, ()), *(unescaped(element.value) for element in app.get(kind))]
    return found + (tiles(app) if kind == "markdown" else [])


def bodies(app: AppTest, name: str) -> list[str]:
    """The HTML of our own elements of a class, as it is sent."""
    return [one.proto.body for one in app.get("html") if f'class="{name}' in one.proto.body[:40]]


def text_of(body: str) -> str:
    """HTML as it is read: its parts apart by spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def tiles(app: AppTest) -> list[str]:
    """What tiles say besides their figures, a line a label and a line a context, their tags as Markdown has them."""
    parts = [
        part
        for body in bodies(app, "tiles")
        for part in re.findall(r'<dt[^>]*>(.*?)</dt>|<dd class="tile-context">(.*?)</dd>', body)
    ]
    tag = r'<span class="status status-(\w+)">(.*?)</span>'
    return [text_of(re.sub(tag, r":\1-badge[\2]", label or context)) for label, context in parts]


def spoken(app: AppTest) -> list[str]:
    """What screen readers alone are told beside the charts."""
    bars = live(app).get("charts", {}).get("bars")
    return [*([bars["words"]] if bars else []), *(text_of(body) for body in bodies(app, "spoken"))]


def words(app: AppTest) -> str:
    """Everything that the page says, a line an element."""
    return "\n".join([*(text for kind in READ for text in values(app, kind)), *figures(app)])


def sentence(app: AppTest) -> str:
    """The answer at the top of the page."""
    return values(app, "header")[0]


def figures(app: AppTest) -> list[str]:
    """The figures of the tiles, and of the cards that show one."""
    if shown := live(app).get("tiles"):
        return [tile["value"] for tile in shown]
    found = [one for body in bodies(app, "tiles") for one in re.findall(r'<dd class="tile-value[^>]*>(.*?)</dd>', body)]
    return [*map(text_of, found), *(unescaped(metric.value) for metric in app.metric)]


# The live screen: what its parts are given, and what they send back.


def part_data(app: AppTest, part: str = "levers") -> dict[str, Any]:
    """What a part of the live screen is given; nothing on a page without it."""
    for element in app.get("bidi_component"):
        proto = element.proto
        if proto.component_name == "care_market_live":
            data = json.loads(proto.json or proto.mixed.json)
            if data["part"] == part:
                return dict(data)
    return {}


def live(app: AppTest) -> dict[str, Any]:
    """The picture that the live screen shows, of a scenario or of a market; nothing on a page without it."""
    return dict((part_data(app) or part_data(app, "choose")).get("picture", {}))


def choose_indicator(app: AppTest, code: str) -> AppTest:
    """Choose what a market page shows, as the browser tells the page after a pause."""
    app.session_state["indicator"] = code
    return checked(app.run())


def indicator_codes(app: AppTest) -> list[str]:
    """The indicators that a market page offers."""
    return [option["code"] for option in part_data(app, "choose")["options"]]


def live_words(app: AppTest) -> list[str]:
    """Every text of the picture in every year: map and charts included, with what they tell screen readers."""

    # What is left out is no word for a reader: the scenario's document, what tells Vega how to draw, and signs.
    no_words = ("scenario", "definitions", "definition", "classes")

    def texts(part: Any) -> list[str]:
        if isinstance(part, str):
            return [part]
        if isinstance(part, dict):
            part = [one for name, one in part.items() if name not in no_words]
        return [text for one in part for text in texts(one)] if isinstance(part, list) else []

    return texts(live(app))


def live_texts(app: AppTest) -> dict[str, list[str]]:
    """What the live screen says, by the kind of element that it would be: in the year shown."""
    if placed := part_data(app, "placement"):
        shown = placed["picture"]
        return {
            "markdown": [f"{shown['sentence']} {shown['more']}".strip()],
            "caption": [placed["lever"]["meaning"], placed["list"].get("left_out", "")],
        }
    data = part_data(app)
    if not data:
        return market_texts(live(app)) if live(app) else {}
    found, place = data["picture"], data["picture"]["years"].index(data["year"])
    shown = {part for part in ("lines", "drivers", "effects", "costs") if part_data(app, part)}
    charts = [chart for name, chart in found["charts"].items() if name in shown]
    return {
        "header": [found["say"]["lead"]],
        "subheader": [
            found["map"]["titles"][place],
            *(chart["title"] for chart in charts),
            found["newly_short"]["heads"][place],
        ],
        "markdown": [
            found["say"]["more"],
            f"Scenario: {found['name']}",
            *(f"{tile['label']}: {tile['context']}" for tile in found["tiles"]),
        ],
        "caption": [
            *(chart["caption"] for chart in charts),
            *(line for one in levers(app).values() for line in one["caption"].split("\n")),
        ],
        "info": found["say"]["notes"],
        "metric": [tile["value"] for tile in found["tiles"]],
    }


def market_texts(shown: dict[str, Any]) -> dict[str, list[str]]:
    """The same of a market page's picture."""
    meaning = shown["meaning"]
    return {
        "header": [shown["say"]["lead"]],
        "subheader": [shown["map"]["title"], shown["charts"]["bars"]["title"]],
        "caption": [text for text in (shown["say"]["beneath"],) if text],
        "markdown": [f"{meaning['label']}: {meaning['meaning']} {meaning['more']}"],
    }


def live_statuses(app: AppTest) -> list[tuple[str, str, str]]:
    """What the live screen shows with a tag: the kind of element that it would be, its words, and the tag's."""
    data = part_data(app)
    if not data and (shown := live(app)):
        say, chart = shown["say"], shown["map"]
        beneath = [("caption", say["beneath"], say["status"])] if say["beneath"] else []
        return [("header", say["lead"], say["status"]), *beneath, ("subheader", chart["title"], chart["status"])]
    if not data:
        return []
    found, place = data["picture"], data["picture"]["years"].index(data["year"])
    shown = {part for part in ("lines", "drivers", "effects", "costs") if part_data(app, part)}
    charts = [chart for name, chart in found["charts"].items() if name in shown]
    every = [
        ("header", found["say"]["lead"], found["say"]["status"]),
        ("subheader", found["map"]["titles"][place], found["map"]["statuses"][place]),
        *(("subheader", chart["title"], chart["status"]) for chart in charts),
        *(("markdown", tile["label"], tile["status"]) for tile in found["tiles"]),
        *(("markdown", tile["context"], tile["context_status"]) for tile in found["tiles"]),
    ]
    return [one for one in every if one[2]]


def levers(app: AppTest) -> dict[str, dict[str, Any]]:
    """Every lever that the live screen draws, by its id: its words and limits, its value, and the group it is in."""
    values_now = live(app).get("levers", {})
    groups = [group for part in ("levers", "levers_needed") for group in part_data(app, part).get("groups", [])]
    return {
        lever["id"]: {**lever, "group": group["title"], "value": values_now[lever["id"]]}
        for group in groups
        for lever in group["levers"]
    }


def move(app: AppTest, changes: Mapping[str, Any], **more: Any) -> AppTest:
    """Move levers, as the browser tells the page after a pause. more: what else it tells, such as the year."""
    app.session_state["what_if_moves"] = {"changes": dict(changes), **more}
    return checked(app.run())


def place_hours(app: AppTest, hours: object, **more: Any) -> AppTest:
    """Move the slider of new hours, as the browser tells the page after a pause. more: what else it tells."""
    asked = part_data(app, "placement")["request"]
    app.session_state["placement_moves"] = {**asked, "hours": hours, **more}
    return checked(app.run())


def menu(app: AppTest) -> list[tuple[str, str, str]]:
    """The entries of the menu: what people read, the address and what it says beyond the page."""
    protos = [element.proto for element in app.get("page_link")]
    return [(unescaped(proto.label), proto.page, proto.query_string) for proto in protos]


def market_table(app: AppTest) -> pd.DataFrame:
    """The table of the same figures: the last one of a market page, the county in its last row."""
    frame: pd.DataFrame = app.dataframe[-1].value
    return frame


def acting(app: AppTest) -> list[str]:
    """Signs that stand unescaped where Markdown would act on them."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error")
    raw = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    tables = "\n".join(str(cell) for one in app.table for cell in one.value.reset_index().to_numpy().ravel())
    bare = re.sub(r":color\[[^\[\]\\]*\]|\\.", " ", f"{raw}\n{tables}")
    found = re.findall(r"https?://|www\.|\w@\w|:[\w+-]+:", bare, re.IGNORECASE)
    # HTML of our own has pictures of its own (data:), and no other such element, whatever the names in it are.
    element = re.compile(r'<(?:img(?! src="data:image/)|script|iframe|b)\b')
    found += [sign for one in app.get("html") for sign in element.findall(one.proto.body)]
    return [sign for sign in ("<", "](", "![", "[x]", "$", "~~") if sign in bare] + found
