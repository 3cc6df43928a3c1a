"""The What-if's live screen, on the page itself: whatever moves, no chart is rebuilt and the map stays as it lies."""

from __future__ import annotations

from collections.abc import Callable

from driver import Visit
from playwright.sync_api import expect

Open = Callable[..., Visit]

NEED, CAPACITY, UPLIFT = "demand.need_growth_pct", "supply.capacity_growth_pct", "price.uplift_pct"
# Each chart's svg, by what it shows, and the map: its frame's document and what Leaflet made in it.
MARK = """() => {
    window.marked = new Map([...document.querySelectorAll("figure[data-live]")].filter(each => !each.hidden).map(
        each => [each.dataset.live, each.querySelector("svg")]));
    const frame = document.querySelector("iframe[src*=streamlit_folium]");
    window.markedFrame = [frame, frame.contentDocument, frame.contentDocument.querySelector("svg")];
    return [...window.marked].filter(([name, svg]) => svg).map(([name]) => name).sort();
}"""
# What is no longer where it was.
REBUILT = """() => {
    const frame = document.querySelector("iframe[src*=streamlit_folium]");
    const now = [frame, frame.contentDocument, frame.contentDocument.querySelector("svg")];
    return [
        ...[...window.marked].filter(([name, svg]) =>
            document.querySelector(`figure[data-live=${name}] svg`) !== svg).map(([name]) => name),
        ...["frame", "document", "map"].filter((name, at) => window.markedFrame[at] !== now[at]),
    ];
}"""
OUTLINES = """() => {
    const frame = document.querySelector("iframe[src*=streamlit_folium]").contentDocument;
    return [...frame.querySelectorAll("path[data-code]")].map(each => each.getAttribute("d")).join();
}"""
# Twenty steps, by lever and key.
STEPS = (
    *[(NEED, "ArrowRight")] * 5,
    *[(CAPACITY, "ArrowLeft")] * 4,
    *[(UPLIFT, "PageUp")] * 2,
    *[("demand.reablement_reduction_pct", "ArrowRight")] * 3,
    *[("demand.hours_per_person_growth_pct", "ArrowLeft")] * 2,
    *[(NEED, "PageDown")] * 3,
    (CAPACITY, "ArrowRight"),
)


ZOOMED = """before => {
    const frame = document.querySelector("iframe[src*=streamlit_folium]").contentDocument;
    const outlines = [...frame.querySelectorAll("path[data-code]")].map(each => each.getAttribute("d")).join();
    return outlines !== before && !frame.querySelector(".leaflet-zoom-anim");
}"""


def zoom_in(page: Visit) -> str:
    """Zoom into the map; return its outlines as they lie when the map has come to rest."""
    whole = page.page.evaluate(OUTLINES)
    page.map.get_by_role("button", name="Zoom in").click()
    page.page.wait_for_function(ZOOMED, arg=whole)
    page.wait_until_still()
    return str(page.page.evaluate(OUTLINES))


def drawn(page: Visit, *charts: str) -> None:
    """Wait until charts have their pictures."""
    for chart in charts:
        expect(page.live(chart).locator("svg")).to_have_count(1)


def test_twenty_steps_rebuild_no_chart_and_keep_the_map_where_it_is(visit: Open) -> None:
    page = visit("/What_if")
    page.rest()
    drawn(page, "lines", "drivers", "effects")
    page.open_groups()
    before = zoom_in(page)
    assert page.page.evaluate(MARK) == ["drivers", "effects", "lines"]
    leads = set()
    for lever_id, key in STEPS[:10]:
        page.press_lever(lever_id, key)
        page.page.wait_for_function("() => !window.careMarketLive.flight")
        assert page.page.evaluate(REBUILT) == []
        leads.add(page.lead.text_content())
    assert len(leads) > 5, "nothing moved"
    page.rest()  # the commit
    assert page.page.evaluate(REBUILT) == []
    for lever_id, key in STEPS[10:]:
        page.move(lever_id, key)
        assert page.page.evaluate(REBUILT) == []
    assert page.page.evaluate(OUTLINES) == before, "the map was zoomed back"


def test_a_tab_and_back_leaves_lines_and_map(visit: Open) -> None:
    """The charts of a tab are made again when it is opened again; what stands above it is not."""
    page = visit("/What_if")
    page.rest()
    drawn(page, "lines", "drivers", "effects")
    before = zoom_in(page)
    page.open_tab("Assumptions")
    assert page.page.evaluate(MARK) == ["lines"]
    page.move(NEED, times=2)
    assert page.page.evaluate(REBUILT) == []
    page.open_tab("What it costs")
    drawn(page, "costs")
    assert page.page.evaluate(REBUILT) == []
    assert page.page.evaluate(MARK) == ["costs", "lines"]
    page.move(UPLIFT, times=2)
    assert page.page.evaluate(REBUILT) == []
    page.open_tab("What drives it")
    drawn(page, "drivers", "effects")
    assert [name for name in page.page.evaluate(REBUILT) if name != "costs"] == []
    expect(page.live("drivers")).to_contain_text("What changes demand in Essex")
    assert page.page.evaluate(MARK) == ["drivers", "effects", "lines"]
    page.move(NEED)
    assert page.page.evaluate(REBUILT) == []
    assert page.page.evaluate(OUTLINES) == before, "the map was zoomed back"


def test_what_draws_the_charts_is_fetched_once(visit: Open) -> None:
    page = visit("/What_if")
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url) if "vega.js" in request.url else None)
    page.page.reload()
    page.rest()
    drawn(page, "lines", "drivers", "effects")
    page.move(NEED)
    page.open_tab("What it costs")
    drawn(page, "costs")
    assert len(asked) == 1
    assert "?" in asked[0]
