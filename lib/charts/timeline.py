"""Demand, capacity and what is served year by year, with ranges and the year in which demand passes capacity."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.breakdown import COLOURS, COLOURS_DARK, NAMES
from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded_list
from lib.charts.kit.axis import stated, visible_domain
from lib.charts.kit.chart_spec import Drawing, Plot, defined, first_row, once, rows_to_come, said_once
from lib.charts.kit.theme import LABEL_SIZE, layered, required, room_for

Columns = Mapping[str, Sequence[Any]]
_MEASURES = ("demand", "capacity")
_COLUMNS = (
    "year",
    "year_label",
    *(name for measure in _MEASURES for name in (measure, f"{measure}_low", f"{measure}_high")),
    *(name for measure in _MEASURES for name in (f"shown_{measure}", f"shown_{measure}_range")),
)
# A third line, without a band, where the frame has it.
SERVED = "Served"
_SERVED_COLOURS = (palette.CATEGORICAL[2], palette.CATEGORICAL_DARK[2])
HEIGHT = 290
# Pixels of the plot: the chosen year's name over the lines, the crossing's beneath them, and the first year's margin.
_TOP, _BOTTOM, _LEFT = 24, 26, 22
# The height of a label at the end of a line, two rows of text, with some air.
_LABEL = 36


def _apart(demand: float, capacity: float, domain: tuple[float, float]) -> float:
    """Pixels by which the label of demand moves down, and that of capacity up, so that they do not overlap."""
    down = (capacity - demand) / (domain[1] - domain[0]) * (HEIGHT - _TOP - _BOTTOM)
    if not math.isfinite(down):
        return 0.0
    return round(max(0.0, _LABEL - abs(down)) / 2) * (1.0 if down > 0 else -1.0)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _prepared(
    given: Columns,
    selected_year: int,
    crossing_year: int | None,
    crossing_label: str,
    domain: tuple[float, float],
    need: str,
) -> dict[str, list[Any]]:
    """The columns with everything that differs between slider steps, so that the chart's definition stays the same."""
    years = given["year"]
    count = len(years)
    columns: dict[str, list[Any]] = {"year": list(years), "year_label": list(given["year_label"])}
    for measure in _MEASURES:
        shown, between = ([_text(text) for text in given[f"shown_{measure}{end}"]] for end in ("", "_range"))
        # A tooltip writes both parts on one line; the label at the line's end takes the first.
        columns[f"{measure}_text"] = [
            f"{text}\n({reach})" if reach else text for text, reach in zip(shown, between, strict=True)
        ]
        for name in (measure, f"{measure}_low", f"{measure}_high"):
            columns[name] = rounded_list(given[name])
    if "served" in given:
        columns["served"] = rounded_list(given["served"])
        columns["served_text"] = [_text(text) for text in given["shown_served"]]
        # Named in the middle of its line: at the end the other two have their names.
        columns["served_name"] = [SERVED if place == count // 2 else "" for place in range(count)]
    apart = _apart(columns["demand"][-1], columns["capacity"][-1], domain)
    ends = [columns[f"{measure}_text"][-1].split("\n")[0] for measure in _MEASURES]
    return columns | {
        "apart": [*[math.nan] * (count - 1), apart],
        "chosen": [year if year == selected_year else math.nan for year in years],
        "crossing": [year if year == crossing_year else math.nan for year in years],
        "crossing_label": [crossing_label if year == crossing_year else "" for year in years],
        "axis_low": [domain[0]] * count,
        "axis_high": [domain[1]] * count,
        "end_room": once(room_for([need, *NAMES[1:], *ends]) + 4, count),
    }


def demand_and_capacity_lines(
    frame: pd.DataFrame,
    *,
    title: str,
    axis_title: str,
    selected_year: int,
    crossing_year: int | None = None,
    crossing_label: str = "",
    domain: tuple[float, float] | None = None,
    need: str = NAMES[0],
    dark: bool = False,
) -> Drawing:
    """Two lines, solid for demand and dashed for capacity, named at their ends, each on the band of its range.

    A third, thin and below them, is what is served, where the frame has the columns served and shown_served.

    frame: one row a year: year (in which the year starts), year_label ("2024/25"), demand, demand_low, demand_high,
    capacity, capacity_low, capacity_high (numbers of one unit; a measure whose low and high are all missing has no
    band), shown_demand, shown_capacity, shown_demand_range, shown_capacity_range (the same as text).
    selected_year: gets a line with its name; none where the frame lacks it. crossing_year: gets a ring on the line of
    demand, named by crossing_label. domain: lowest and highest number of the axis, which reaches further only where a
    number lies outside; a page that passes the same one at every step of a slider keeps the chart still
    (`lib.charts.kit.axis.visible_domain` finds one). need: what the line of demand is called. An axis that does not
    start at zero says so in its title. Raises ValueError where a column is missing or where there is no row.
    """
    required(frame.columns, _COLUMNS)
    frame = frame.sort_values("year")
    return lines_plot(
        {str(name): frame[name].tolist() for name in frame.columns},
        title=title,
        axis_title=axis_title,
        selected_year=selected_year,
        crossing_year=crossing_year,
        crossing_label=crossing_label,
        domain=domain,
        need=need,
        dark=dark,
    ).drawing()


def lines_plot(
    given: Columns,
    *,
    title: str = "",
    axis_title: str,
    selected_year: int,
    crossing_year: int | None = None,
    crossing_label: str = "",
    domain: tuple[float, float] | None = None,
    need: str = NAMES[0],
    dark: bool = False,
) -> Plot:
    """The chart of `demand_and_capacity_lines` from plain columns, in the order of their years."""
    if not given["year"]:
        raise ValueError("there is no year to draw")
    served = "served" in given
    numbers = np.array([given[name] for name in (*_COLUMNS[2:8], *(["served"] if served else []))], dtype=float)
    if domain is None or np.nanmin(numbers) < domain[0] or np.nanmax(numbers) > domain[1]:
        domain = visible_domain([*numbers.ravel().tolist(), *(domain or ())])
    columns = _prepared(given, selected_year, crossing_year, crossing_label, domain, need)
    columns["axis_title"] = once(stated(axis_title, domain), len(given["year"]))
    return Plot(_definition(served, need=need, title=title, dark=dark), columns)


@lru_cache(maxsize=16)
def _definition(served: bool, *, need: str, title: str, dark: bool) -> dict[str, Any]:
    """The chart, with or without what is served."""
    names = (need, *NAMES[1:])
    ink = palette.ink(dark)
    bottom = HEIGHT - _BOTTOM
    year = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(range=[_LEFT, alt.ExprRef("width - end_room")], zero=False, nice=False),
        axis=alt.Axis(
            values=alt.ExprRef("sequence(domain('x')[0], domain('x')[1] + 1, room >= 56 ? 1 : room >= 28 ? 2 : 5)"),
            labelExpr="datum.value + '/' + slice(toString(datum.value + 1), -2)",
            labelFlush=False,
            grid=False,
            # Vega would go on saying where the axis ended when it was drawn first.
            aria=False,
        ),
    )
    value = alt.Y(
        "demand:Q",
        # The axis ends where the unseen targets do, and so changes without the definition.
        scale=alt.Scale(zero=False, nice=False, range=[bottom, _TOP]),
        axis=alt.Axis(title=None, aria=False, tickCount=5, labelFlush=False),
    )
    base = rows_to_come()
    bands, lines, labels = [], [], []
    for number, measure in enumerate(_MEASURES):
        colour = (COLOURS_DARK if dark else COLOURS)[number]
        band = base.mark_area(color=colour, opacity=0.28 if dark else 0.18)
        bands.append(band.encode(y=f"{measure}_low:Q", y2=f"{measure}_high:Q"))
        style: dict[str, Any] = {"color": colour, "strokeWidth": 2.5, "point": {"size": 34, "color": colour}}
        if number:
            style["strokeDash"] = [7, 3]
        line = base.mark_line(**style)
        # The words stand in the colour of text, which the colour of a line is too pale for.
        label = base.mark_text(
            align="left",
            dx=10,
            dy=alt.ExprRef(f"{'-' if number else ''}datum.apart - 5"),
            text=alt.ExprRef(f"isValid(datum.apart) ? ['{names[number]}', split(datum.{measure}_text, '\\n')[0]] : ''"),
            fontWeight=600,
        )
        # The axis is that of demand.
        lines.append(line.encode(y=f"{measure}:Q") if number else line)
        labels.append(label.encode(y=f"{measure}:Q") if number else label)
    if served:
        thin = base.mark_line(color=_SERVED_COLOURS[dark], strokeWidth=1.5)
        name = base.mark_text(baseline="top", dy=5, fontSize=LABEL_SIZE)
        lines.append(thin.encode(y="served:Q"))
        labels.append(name.encode(y="served:Q", text="served_name:N"))
    chosen = base.mark_rule(strokeWidth=1.5).encode(x="chosen:Q", y=alt.value(_TOP - 4), y2=alt.value(bottom))
    chosen_name = base.mark_text(fontWeight="bold", baseline="bottom").encode(
        x="chosen:Q", y=alt.value(_TOP - 6), text="year_label:N"
    )
    ring = base.mark_point(fill=ink.background, size=110, opacity=1, stroke=ink.text)
    # It runs away from the nearer end of the axis, and so stays on the plot.
    side = "datum.crossing * 2 < domain('x')[0] + domain('x')[1] ? 'left' : 'right'"
    crossing_name = base.mark_text(fontSize=LABEL_SIZE, align=alt.ExprRef(side))
    crossing = [
        base.mark_rule(strokeDash=[2, 3]).encode(x="crossing:Q", y2=alt.value(bottom + 6)),
        ring.encode(x="crossing:Q"),
        crossing_name.encode(x="crossing:Q", y=alt.value(bottom + 14), text="crossing_label:N"),
    ]
    # Unseen and as wide as a year, so that its whole column answers a hover; it also carries the words for screen
    # readers.
    said = f"datum.year_label + ': {need.lower()} '" + " + datum.demand_text + ', capacity ' + datum.capacity_text"
    if served:
        said += " + ', served ' + datum.served_text"
    named = [*zip(_MEASURES, names, strict=True), *([("served", SERVED)] if served else [])]
    targets = base.mark_rule(
        aria=True, description=alt.ExprRef(said), opacity=0, strokeWidth=alt.ExprRef("clamp(room, 12, 90)")
    ).encode(
        y="axis_low:Q",
        y2="axis_high:Q",
        tooltip=[
            alt.Tooltip("year_label:N", title="Year"),
            *(alt.Tooltip(f"{measure}_text:N", title=name) for measure, name in named),
        ],
    )
    # Over the axis, and flat: nobody has to turn their head.
    axis = said_once(base, "axis_title", 0, -8, ink, align="left", baseline="bottom")
    layers = [axis, *bands, chosen, *lines, *crossing, *labels, chosen_name, targets]
    chart = layered(layers, height=HEIGHT, title=title, ink=ink).encode(x=year, y=value)
    # Pixels from one year to the next; known only in the browser.
    room = f"(width - end_room - {_LEFT}) / (domain('x')[1] - domain('x')[0])"
    params = [alt.param(name="end_room", expr=first_row("end_room", 100)), alt.param(name="room", expr=room)]
    return defined(plain_marks(chart.add_params(*params), ink))
