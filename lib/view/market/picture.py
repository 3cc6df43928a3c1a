"""All that follows an indicator on a market page, as plain values: what the route answers and the page begins with.

Every text is plain text, never Markdown or HTML.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from lib.charts.bars import ranked_bars
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.palette import MISSING
from lib.charts.kit.scale import legend_entries
from lib.charts.live import kept_key
from lib.charts.painting import Painting
from lib.market.clauses import short_words
from lib.market.indicators import indicator_status, indicators
from lib.market.selection import DISTRICT
from lib.market.sentence import NO_AVERAGE, area_noun, waiting_words
from lib.market.status import county_known
from lib.market.units import UNITS
from lib.market.wording import for_people, is_missing
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.map.district_map import AreaPaint, scene
from lib.view.market.figures import Market
from lib.view.market.filters import Choice
from lib.whatif.spot_to_framework import assumed_rate

Picture = dict[str, Any]


def market_picture(
    pack: Pack, choice: Choice, market: Market, shown: tuple[Painting, str], *, dark: bool, known: Collection[str] = ()
) -> Picture:
    """The picture of a choice: see the keys below and those of its parts.

    market, shown: the choice's figures, its painting and its sentence. known: keys of the definitions that the browser
    has.
    """
    painting, sentence = shown
    bars, definition = bars_of(pack, choice, market, painting, dark)
    return {
        # What a reader chooses here, as the script sends it back.
        "chosen": {"indicator": choice.indicator.id, "area": choice.area_code},
        "say": {
            "lead": sentence,
            "status": str(painting.status),
            "beneath": who_waits(pack, choice, market, painting),
        },
        "map": {
            "title": painting.title,
            "status": str(painting.status),
            "scene": scene(area_paints(pack, choice, market, painting), dark=dark, title=map_name(painting)),
            "head": painting.scale.title,
            "legend": [{"fill": colour, "label": label} for colour, label in legend_entries(painting.scale)],
            "some_missing": bool((painting.rows["colour"] == "").any()),
        },
        "charts": {"bars": bars},
        "definitions": {} if bars["definition"] in known else {bars["definition"]: definition},
        "meaning": meaning(pack, choice),
    }


# What is said.


def who_waits(pack: Pack, choice: Choice, market: Market, painting: Painting) -> str:
    """Beneath a sentence on coverage, that people wait where providers offer enough too; "" otherwise."""
    if choice.indicator.id != "coverage":
        return ""
    nouns = area_noun(pack, choice.selection.group_by)
    return waiting_words(market.areas, market.county, nouns, painting.status)


def meaning(pack: Pack, choice: Choice) -> Picture:
    """What the chosen indicator means and how it is worked out: its name, its meaning, and what must be known."""
    indicator = choice.indicator
    without = "" if indicator.comparable else f"No line is drawn for {pack.manifest.area}: {NO_AVERAGE}."
    caveats = " ".join(part for part in (indicator.caveat, without, assumption(pack, choice)) if part)
    return {
        "label": indicator.label,
        "meaning": indicator.meaning,
        "more": f"Formula: {indicator.formula}. {caveats}".rstrip(),
    }


def assumption(pack: Pack, choice: Choice) -> str:
    """That the cost of an hour is assumed, where the hours follow from it: the ranking of it would tell no news."""
    if choice.indicator.id != "hourly_cost":
        return ""
    try:
        assumed = assumed_rate(pack, choice.selection.service)
    except SelectionError:
        return ""
    return assumed.source if assumed else ""


# The map.


def map_name(painting: Painting) -> str:
    """What the map shows, for screen readers."""
    return f"Map: {painting.title}. The same figures are in the table below."


def area_paints(pack: Pack, choice: Choice, market: Market, painting: Painting) -> dict[str, AreaPaint]:
    """Every district in its area's colour, the chosen area outlined."""
    columns = (painting.rows[name].tolist() for name in ("area_code", "area_name", "shown", "why", "colour"))
    rows = {code: words for code, *words in zip(*columns, strict=True)}
    shortfall = dict(zip(market.areas["area_code"], market.areas["shortfall_hours"].astype(float), strict=True))
    known = indicator_status(pack, indicators(pack)["shortfall_hours"])
    names = pack.district_names()
    paints = {}
    for code, area in painting.area_of.items():
        area_name, figure, why, colour = rows[area]
        lines = [area_name, f"{painting.scale.title}: {figure}"]
        if why:
            lines.append(f"Why: {why}")
        elif choice.indicator.id == "coverage":
            lines.append(short_words(shortfall[area], known))
        if choice.selection.group_by != DISTRICT:
            lines.append(f"District: {names[code]}")
        lines.append(f"Status: {painting.status}")
        paints[code] = AreaPaint(
            fill=colour or MISSING,
            hatched=not colour,
            tooltip="\n".join(lines),
            label=names[code],
            selected=area == choice.area_code,
        )
    return paints


# The bars.


def bars_of(
    pack: Pack, choice: Choice, market: Market, painting: Painting, dark: bool
) -> tuple[Picture, Mapping[str, Any]]:
    """The ranked bars and their definition, the county's figure as a line where it is an average."""
    first = "lowest" if choice.indicator.better == "higher" else "highest"
    drawing = bars_drawing(pack, choice, market, painting, dark)
    names, figures = painting.rows["area_name"], painting.rows["shown"]
    words = "; ".join(f"{name} {figure}" for name, figure in zip(names, figures, strict=True))
    return {
        "title": f"Ranked, the {first} first: {painting.axis_title}",
        "status": "",
        "words": f"{painting.title}. {words}",
        "caption": "",
        "definition": kept_key(drawing.definition),
        "rows": drawing.rows(),
    }, drawing.definition


def bars_drawing(pack: Pack, choice: Choice, market: Market, painting: Painting, dark: bool) -> Drawing:
    """The ranked bars as they stand on a page."""
    indicator = choice.indicator
    county = float(market.county[indicator.id]) if indicator.comparable else math.nan
    known = county_known(pack, choice.selection.county(), indicator.id).status
    # Without an average the line's place stays: one definition then serves every indicator.
    line = " " if is_missing(county) else f"{pack.manifest.area} {for_people(county, indicator.unit, known)}"
    return ranked_bars(
        painting.rows,
        # The heading says what the axis shows: without it the chart's definition serves every indicator.
        title="",
        axis_title="",
        selected=choice.area_code,
        reference=county,
        reference_label=line,
        dark=dark,
        axis_format=UNITS[indicator.unit].axis_format,
        start=painting.start,
    )
