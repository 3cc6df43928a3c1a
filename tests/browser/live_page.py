"""A page for test_live_component.py: the parts of the live screen on a made-up picture, with a route of its own.

Four districts; one lever grows demand, one grows capacity, one is a switch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from lib.view.live import words

WORDS = words.WORDS
ASSETS = Path(words.__file__).parent / "assets"
SCRIPT = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ASSETS / "live").glob("*.js")))
YEARS = list(range(2024, 2030))
CODES, NAMES = ["N", "E", "S", "W"], ["North <b>", "East", "South", "West"]
ROOM = [90.0, 101.0, 110.0, 130.0]
PALETTE = [{"fill": "#a2c8e8", "label": "1.00 and more"}, {"fill": "#801650", "label": "below 1.00"}]
DEFAULT: dict[str, Any] = {"name": "Default", "growth": 0.0, "room": 0.0, "calm": False}
# What stands in place of the map: it keeps every scene that it was shown.
FRAME = """<!doctype html><title>Map</title><p id="words"></p><script>
window.loaded = Math.random();
window.scenes = [];
window.districtMap = {ready: true, show(scene) {
    scenes.push(scene); document.getElementById("words").textContent = scene.title;
}};
</script>"""
VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"


def along(field: str, kind: str = "quantitative") -> dict[str, str]:
    """A field of the rows on an axis."""
    return {"field": field, "type": kind}


LINES = {
    "$schema": VEGA_LITE,
    "data": {"name": "drawn"},
    "height": 160,
    "layer": [
        {"mark": "line", "encoding": {"x": along("year"), "y": along("demand")}},
        {"mark": "rule", "encoding": {"x": along("chosen")}},
    ],
}
BARS = {
    "$schema": VEGA_LITE,
    "data": {"name": "drawn"},
    "mark": "bar",
    "encoding": {"x": along("change"), "y": along("step", "nominal")},
}
MOST = 20


def moved(scenario: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The scenario with changes; ValueError in words where one is out of reach."""
    after = scenario | changes
    after |= {lever: float(after[lever]) for lever in ("growth", "room")}
    if abs(after["growth"]) > MOST:
        raise ValueError(f"Growth of {after['growth']:g} is beyond {MOST}.")
    if changes and scenario["name"] == "Default" and after != scenario:
        after["name"] = "Default, changed"
    return after


def tile(label: str, value: float) -> dict[str, str]:
    """A tile of the picture."""
    about = {"unit": "", "context": "range 1 to 2", "status": "projected", "context_status": ""}
    return {"label": label, "value": f"{value:.1f}", **about}


def chart(title: str, words: str, key: str, rows: list[dict[str, Any]], caption: str = "") -> dict[str, Any]:
    """A chart of the picture."""
    about = {"title": title, "status": "projected", "words": words, "caption": caption}
    return {**about, "definition": key, "rows": rows}


def picture(scenario: dict[str, Any], measure: str, known: list[str]) -> dict[str, Any]:
    """The picture of a scenario."""
    demand = [100 * (1 + scenario["growth"] / 100) ** number for number in range(len(YEARS))]
    short = [[one > room * (1 + scenario["room"] / 100) for room in ROOM] for one in demand]
    now = [NAMES[area] for area in range(4) if short[-1][area] and not short[0][area]]
    labels = [f"{year}/{year - 1999}" for year in YEARS]
    rows = [{"year": year, "demand": round(one, 1), "chosen": None} for year, one in zip(YEARS, demand, strict=True)]
    return {
        "scenario": scenario,
        "name": scenario["name"],
        "started_from": "Default",
        "problem": "",
        "levers": {lever: scenario[lever] for lever in ("growth", "room", "calm")},
        "say": {
            "lead": f"Demand reaches {demand[-1]:.1f} in {labels[-1]}",
            "more": f"Short: {', '.join(NAMES[area] for area in range(4) if short[-1][area])}.",
            "status": "projected, illustrative",
            "notes": [],
            "warnings": [],
        },
        "tiles": [tile("Demand", demand[-1]), tile("Change", demand[-1] - demand[0])],
        "years": YEARS,
        "year_labels": labels,
        "districts": {"codes": CODES, "names": NAMES},
        "map": {
            "measure": measure,
            "head": WORDS["measures"][measure],
            "titles": [f"{WORDS['measures'][measure]} by district, {label}" for label in labels],
            "statuses": ["derived", *["projected"] * 5],
            "palette": PALETTE,
            "classes": ["".join(str(int(one)) for one in year[:3]) + "-" for year in short],
            "shown": [["0.9"] * 4 for _ in YEARS],
            "lines": [["Status: projected"] * 4 for _ in YEARS],
            "changed": [
                [code for code, *two in zip(CODES, year, short[0], strict=True) if len(set(two)) > 1] for year in short
            ],
        },
        "newly_short": {"heads": [f"Newly short in {label}" for label in labels], "names": [[]] * 5 + [now]},
        "charts": {
            "lines": chart("Demand", f"Demand {demand[-1]:.1f}", "lines-1", rows, "A caption."),
            "drivers": chart(
                "Drivers",
                "In words",
                "bars-1",
                [
                    {"step": "Growth", "change": demand[-1] - demand[0]},
                    {"step": "Calm", "change": -10 if scenario["calm"] else 0},
                ],
            ),
        },
        "definitions": {key: one for key, one in {"lines-1": LINES, "bars-1": BARS}.items() if key not in known},
    }


async def step(request: Request) -> Response:
    """Answer a move."""
    asked = await request.json()
    try:
        return JSONResponse(picture(moved(asked["scenario"], asked["changes"]), asked["measure"], asked["known"]))
    except ValueError as problem:
        return JSONResponse({"problem": str(problem)}, status_code=400)


async def vega(request: Request) -> Response:
    """Vega for the browser."""
    del request
    return FileResponse(ASSETS / "vega" / "vega.js", media_type="text/javascript")


async def frame(request: Request) -> Response:
    """What stands in place of the map."""
    del request
    return HTMLResponse(FRAME)


def page() -> None:
    """The parts as the What-if page lays them out."""
    component = st.components.v2.component("care_market_live_trial", js=SCRIPT, isolate_styles=False)
    state = st.session_state
    if commit := state.pop("moves", None):
        state["scenario"] = moved(commit["scenario"], commit["changes"])
        state["n"], state["year"], state["measure"] = commit["n"], commit["year"], commit["measure"]
        state["commits"] = state.get("commits", 0) + 1
    scenario = state.setdefault("scenario", dict(DEFAULT))

    def take() -> None:
        state["moves"] = state["live_levers"]["commit"]

    def part(name: str, **data: Any) -> None:
        mount: dict[str, Any] = {"on_commit_change": take} if name == "levers" else {}
        component(key=f"live_{name}", data={"part": name, **data}, **mount)

    lever = {
        "kind": "number",
        "unit": "% a year",
        "low": -20,
        "high": 20,
        "step": 0.5,
        "places": 1,
        "meaning": "What it is.",
        "caption": "Default 0 (supplied).",
    }
    st.set_page_config(layout="wide")
    st.html(ASSETS / "live" / "live.css")
    with st.container(key="live_screen"):
        part("say")
        with st.container(key="live_body"):
            with st.container(key="screen_only_rail"):
                if st.button("A preset"):
                    state["scenario"] = scenario = DEFAULT | {"name": "A preset", "growth": 7.0}
                measure = state.get("measure", "coverage")
                part(
                    "levers",
                    bus="what_if_made_up",
                    url="/live/step",
                    vega="/live/vega.js",
                    request={
                        "service": "made_up",
                        "pack": "1",
                        "scenario": scenario,
                        "named": None,
                        "area": "all",
                        "measure": measure,
                        "tab": "drivers",
                        "dark": st.context.theme.type == "dark",
                    },
                    picture=picture(scenario, measure, []),
                    year=state.get("year", 2029),
                    n=state.get("n", 0),
                    start=DEFAULT,
                    words=WORDS,
                    groups=[
                        {"title": "", "folded": False, "levers": [{**lever, "id": "growth", "label": "Growth"}]},
                        {
                            "title": "More: supply",
                            "folded": True,
                            "levers": [
                                {**lever, "id": "room", "label": "Room", "kind": "whole", "step": 1, "places": 0},
                                {**lever, "id": "calm", "label": "Calm", "unit": "", "kind": "switch"},
                            ],
                        },
                    ],
                )
            with st.container(key="live_view"):
                with st.container(key="live_map_side"):
                    part("map")
                    with st.container(key="live_map_after"):
                        st.iframe("/live/frame", height=300)
                    part("year")
                with st.container(key="live_lines_side"):
                    part("lines")
                    part("newly")
                with st.container(key="live_tiles_row"):
                    part("tiles")
                st.text(f"Committed: {json.dumps(scenario)}; {state.get('year', 2029)}; {state.get('commits', 0)}")
                part("drivers")


# Streamlit runs this file for the page, and loads it once for the server.
if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx() is not None:
    page()
else:
    routes = [
        Route("/live/step", step, methods=["POST"]),
        Route("/live/vega.js", vega),
        Route("/live/frame", frame),
    ]
    app = st.App(__file__, routes=routes)
