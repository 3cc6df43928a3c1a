"""The live charts in a browser, under a policy as strict as the app's: drawn once, then only their rows change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from driver import ROOT
from playwright.sync_api import Browser, Page, expect

from lib.charts.live import cost_rows, drivers_rows, effects_rows, lines_rows
from lib.pack.load import load_pack
from lib.whatif.baseline import prepare
from lib.whatif.cost import cost_steps, cost_table
from lib.whatif.live import step
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario

SERVICE = "domiciliary_care"
CHARTS = ("lines", "drivers", "effects", "costs")
# What the app allows a page, without what only Streamlit needs: text never becomes script.
POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
PAGE = """<!doctype html><html lang="en"><title>Charts</title><link rel="icon" href="data:,">
<body style="font-family: 'Source Sans', sans-serif"><div id="place" style="width: 640px"></div>
<script type="module" src="/page.js"></script>"""
SCRIPT = """import { draw, vegaEmbed } from "/vega.js";
window.ways = { draw, vegaEmbed };
document.documentElement.dataset.ready = "yes";"""
Charts = dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A page and the bundle, on a port of this machine."""
    files = {
        "/": (PAGE.encode(), "text/html"),
        "/page.js": (SCRIPT.encode(), "text/javascript"),
        "/vega.js": ((ROOT / "lib/view/live/assets/vega/vega.js").read_bytes(), "text/javascript"),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind = files.get(self.path, (b"", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://localhost:{running.server_port}/"
        running.shutdown()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """The page, open; nothing may have gone wrong on it, and nothing may have been asked of anybody else."""
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(server)
    expect(opened.locator("html[data-ready]")).to_have_count(1)
    yield opened
    opened.close()
    assert complaints == []
    assert {url for url in asked if not url.startswith("data:")} == {server, f"{server}page.js", f"{server}vega.js"}


def charts_of(growth: float, *, dark: bool = False, with_range: bool = True, **levers: float) -> Charts:
    """The four charts of the default pack's county, as a step makes them."""
    pack = load_pack(ROOT / "data")
    start = prepare(pack, SERVICE)
    moved = {"demand.need_growth_pct": growth, **{name.replace("__", "."): value for name, value in levers.items()}}
    scenario = with_levers(pack, default_scenario(pack, SERVICE), moved)
    found = step(pack, start, scenario, with_range=with_range)
    costs = list(cost_steps(cost_table(start, scenario)).itertuples())
    charts = (
        lines_rows(found, dark=dark),
        drivers_rows(found, dark=dark),
        effects_rows(found, dark=dark),
        cost_rows(costs, dark=dark),
    )
    return {name: (dict(definition), rows) for name, (definition, rows) in zip(CHARTS, charts, strict=True)}


@pytest.fixture(scope="module")
def first() -> Charts:
    return charts_of(2.5)


@pytest.fixture(scope="module")
def second() -> Charts:
    return charts_of(-3.0, supply__capacity_growth_pct=4.0, price__uplift_pct=6.5, with_range=False)


def draw(page: Page, chart: tuple[dict[str, Any], list[dict[str, Any]]], **options: Any) -> None:
    """Draw a chart, and remember the svg that it is drawn in."""
    definition, rows = chart
    page.evaluate(
        """async ([definition, options]) => {
            window.chart = await ways.draw(document.getElementById("place"), definition, options);
            window.picture = document.querySelector("#place svg");
        }""",
        [definition, {"rows": rows, **options}],
    )


def show(page: Page, rows: list[dict[str, Any]]) -> None:
    """Draw other rows, in the svg that there is."""
    page.evaluate("rows => chart.show(rows).then(() => true)", rows)
    assert page.evaluate("document.querySelectorAll('#place svg').length === 1")
    assert page.evaluate("document.querySelector('#place svg') === window.picture"), "the chart was built again"


def spoken(page: Page) -> list[str]:
    """What the chart says to screen readers, in its order."""
    return list(page.locator("#place svg [aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)"))


def texts(page: Page) -> list[str]:
    """What the chart says, in its order."""
    return [text for text in page.locator("#place svg text").all_text_contents() if text]


def size(page: Page) -> tuple[float, float]:
    """The chart's width and height in pixels."""
    box = page.evaluate("(({width, height}) => [width, height])(document.querySelector('#place svg').getBBox())")
    return float(box[0]), float(box[1])


@pytest.mark.parametrize("name", CHARTS)
def test_other_rows_are_drawn_in_the_same_picture(page: Page, first: Charts, second: Charts, name: str) -> None:
    assert json.dumps(first[name][0]) == json.dumps(second[name][0])
    draw(page, first[name], alt="What the chart shows")
    picture = page.locator("#place svg")
    named = page.locator("#place [role=graphics-document][aria-label='What the chart shows']")
    expect(named.locator("svg")).to_have_count(1)
    before, said = picture.inner_html(), sorted(texts(page))
    show(page, second[name][1])
    assert picture.inner_html() != before
    assert sorted(texts(page)) != said
    # Nothing of it goes on being said to screen readers either.
    told = spoken(page)
    draw(page, second[name])
    assert told == spoken(page)
    draw(page, first[name])
    show(page, second[name][1])
    show(page, first[name][1])
    assert sorted(texts(page)) == said


def test_the_pictures_say_the_figures_of_their_rows(page: Page, first: Charts, second: Charts) -> None:
    draw(page, first["lines"])
    for charts in (first, second):
        rows = charts["lines"][1]
        show(page, rows)
        said = " ".join(texts(page))
        for measure in ("demand", "capacity"):
            assert rows[-1][f"{measure}_text"].split("\n")[0] in said
        assert rows[0]["axis_title"] in said
    draw(page, first["drivers"])
    for charts in (first, second):
        show(page, charts["drivers"][1])
        assert {row["shown"] for row in charts["drivers"][1]} <= set(texts(page))


def test_the_chosen_year_and_a_band_come_and_go_by_rows_alone(page: Page, first: Charts) -> None:
    definition, rows = first["lines"]
    draw(page, (definition, rows))
    bands = "[...document.querySelectorAll('#place .mark-area path')].filter(path => path.getAttribute('d')).length"
    assert page.evaluate(bands) == 2
    for year, label in ((2025, "2025/26"), (2027, "2027/28")):
        moved = [{**row, "chosen": year if row["year"] == year else None} for row in rows]
        show(page, moved)
        bold = "[...document.querySelectorAll('#place text')].filter(one => one.getAttribute('font-weight') == 'bold')"
        assert label in page.evaluate(f"{bold}.map(one => one.textContent)")
    plain = [{name: value for name, value in row.items() if not name.endswith(("_low", "_high"))} for row in rows]
    ends = [{"axis_low": row["axis_low"], "axis_high": row["axis_high"]} for row in rows]
    show(page, [row | end for row, end in zip(plain, ends, strict=True)])
    assert page.evaluate(bands) == 0


def test_fewer_levers_make_a_lower_picture(page: Page, first: Charts) -> None:
    definition, rows = first["effects"]
    draw(page, (definition, rows))
    tall = size(page)[1]
    show(page, rows[:6])
    assert tall - size(page)[1] == pytest.approx((len(rows) - 6) / 2 * 52, abs=3)


def test_a_chart_is_as_wide_as_its_place(page: Page, first: Charts) -> None:
    draw(page, first["drivers"])
    assert page.evaluate("picture.getBoundingClientRect().width") == pytest.approx(640, abs=1)
    page.evaluate("document.getElementById('place').style.width = '340px'")
    expect(page.locator("#place svg")).to_have_attribute("width", "340")
    assert page.evaluate("document.querySelector('#place svg') === picture")


def test_text_stands_in_the_font_of_streamlits_own_charts(page: Page, first: Charts) -> None:
    draw(page, first["effects"])
    fonts = page.evaluate("[...new Set([...picture.querySelectorAll('text')].map(one => one.style.fontFamily || "
                          "one.getAttribute('font-family')))]")  # fmt: skip
    assert len(fonts) == 1
    assert fonts[0].replace("'", '"').startswith('"Source Sans"')


@pytest.mark.parametrize("dark", [False, True])
def test_a_tooltip_shows_text_as_text(page: Page, dark: bool) -> None:
    definition, rows = charts_of(2.5, dark=dark)["drivers"]
    rows[1] |= {"driver": "<img src=x onerror=alert(1)>"}
    draw(page, (definition, rows), dark=dark)
    page.locator("#place .mark-rect path").nth(1).hover()
    tip = page.locator("#live-chart-tooltip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#live-chart-tooltip img").count() == 0
    page.evaluate("chart.finalize()")
    assert page.locator("#place svg").count() == 0


def test_a_definition_that_would_load_something_loads_nothing(page: Page, first: Charts) -> None:
    definition = {**first["lines"][0], "data": {"url": "/rows.json"}}
    said = page.evaluate(
        """definition => ways.vegaEmbed(document.getElementById("place"), definition).then(
            () => "drawn", error => String(error))""",
        definition,
    )
    # The page's fixture sees that nothing was asked for.
    assert said in ("drawn", "Error: a chart loads nothing: /rows.json")
