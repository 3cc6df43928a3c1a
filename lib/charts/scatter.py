"""Points with names: two figures of each area against each other, and the county's own as lines."""

import math
import textwrap
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, sent
from lib.charts.kit.axis import NOT_FROM_ZERO, reached, visible_domain
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.label_placement import GAP, name_places
from lib.charts.kit.theme import (
    LABEL_SIZE,
    TITLE_CHARACTERS,
    axis_format_options,
    flat_axis,
    layered,
    required,
    text_width,
)

_COLUMNS = ("area_code", "area_name", "x", "y", "shown_x", "shown_y", "marked")
HEIGHT = 380
# Widths of the plot on which names are kept apart: a phone's, the usual one, and a meeting room's.
WIDTHS = (275, 520, 1000)
# Pixels over the plot for the name of the vertical line, and between two names.
_OVER, _AIR = 18, 4
_PLOT = "plot"
Domain = tuple[float, float]


def _domain(values: Sequence[float], axis_format: str) -> Domain:
    """Ends of an axis; a share's axis does not pass the whole unless a value does."""
    low, high = visible_domain(values)
    largest = max((value for value in values if math.isfinite(value)), default=0.0)
    return (low, min(high, 1.0)) if axis_format.endswith("%") and largest <= 1 else (low, high)


def _prepared(
    frame: pd.DataFrame, domains: tuple[Domain, Domain], lines: tuple[float, float], line_name: float
) -> pd.DataFrame:
    """One record a point, with the place of its name. line_name: the width of the horizontal line's name in pixels."""
    # The lines' places after those of the points.
    (*across, x_line), (*up, y_line) = (
        ((np.append(frame[name].to_numpy(dtype=float), line) - low) / (high - low)).tolist()
        for name, line, (low, high) in zip("xy", lines, domains, strict=True)
    )
    down, y_line = [(1 - share) * HEIGHT for share in up], (1 - y_line) * HEIGHT
    taken = []
    for width in WIDTHS:
        boxes = [
            (x_line * width - 1, 0, x_line * width + 1, HEIGHT),
            (0, y_line - 1, width, y_line + 1),
            (width - line_name, y_line - 20, width, y_line),
        ]
        taken.append([box for box in boxes if all(map(math.isfinite, box))])
    marked = frame["marked"].eq(True).tolist()
    names = [str(name) for name in frame["area_name"].fillna("")]
    wide = [text_width(name, LABEL_SIZE, bold) + _AIR for name, bold in zip(names, marked, strict=True)]
    places = name_places(across, down, wide, widths=WIDTHS, height=HEIGHT, taken=taken)
    return pd.DataFrame(
        {
            "area_code": frame["area_code"].astype(str).to_numpy(),
            "area_name": names,
            "x": frame["x"].to_numpy(dtype=float),
            "y": frame["y"].to_numpy(dtype=float),
            "shown_x": frame["shown_x"].fillna("").astype(str).to_numpy(),
            "shown_y": frame["shown_y"].fillna("").astype(str).to_numpy(),
            "marked": pd.Series(marked, dtype=bool),
            "side": pd.Series([side for side, _ in places], dtype=float),
            "down": pd.Series([down for _, down in places], dtype=float),
        }
    )


def scatter(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    x_format: str,
    y_format: str,
    x_reference: float | None = None,
    y_reference: float | None = None,
    reference_label: str = "",
    dark: bool = False,
) -> Drawing:
    """A point an area with its name; the marked ones are filled diamonds with bold names, the others hollow circles.

    frame: one row an area: area_code, area_name, x, y (numbers; an area that lacks one is left out), shown_x, shown_y
    (the same as text, with units), marked (bool: the area meets a rule that the page states). x_title, y_title: what
    the axes show; an axis that does not start at zero says so. x_format, y_format: their numbers, for example ".0%" or
    "£.2f". x_reference, y_reference: figures that get a dashed line, named by reference_label with the figure after
    it.

    Names stand right or left of their points, or a little up or down where two would overlap. The point selection
    "area" returns the area_code of the point or name that was clicked, and a click elsewhere clears it. Raises
    ValueError where a column is missing or a format is none.
    """
    required(frame.columns, _COLUMNS)
    known = np.isfinite(frame[["x", "y"]].to_numpy(dtype=float)).all(axis=1)
    frame = frame[known].reset_index(drop=True)
    lines = tuple(math.nan if line is None else float(line) for line in (x_reference, y_reference))
    x_domain, y_domain = (
        _domain([*frame[name].astype(float), line], axis_format)
        for name, line, axis_format in zip("xy", lines, (x_format, y_format), strict=True)
    )
    # The figure after the name is written in the browser; no format makes it longer than this.
    line_name = text_width(f"{reference_label} £0,000.0", LABEL_SIZE) if reference_label else 0.0
    rows = _prepared(frame, (x_domain, y_domain), (lines[0], lines[1]), line_name)
    ends = {
        f"{axis}_{end}": reached(domain, end)
        for axis, domain in (("x", x_domain), ("y", y_domain))
        for end in ("low", "high")
    }
    plot = pd.DataFrame(
        {
            **ends,
            "x_reference": lines[0],
            "y_reference": lines[1],
            "reference_label": reference_label,
        },
        index=[0],
    )
    definition = _definition(
        (x_title, y_title),
        (x_domain[0] == 0, y_domain[0] == 0),
        (x_format, y_format),
        (math.isfinite(lines[0]), math.isfinite(lines[1])),
        title=title,
        labelled=bool(reference_label),
        dark=dark,
    )
    return Drawing(definition, {ROWS: sent(rows), _PLOT: sent(plot)})


def _references(formats: tuple[str, str], referred: tuple[bool, bool], labelled: bool, ink: palette.Ink) -> list[Any]:
    """The dashed lines and their names: the vertical one's over the plot, the horizontal one's at its right end."""
    base = alt.Chart(alt.NamedData(_PLOT))

    def words(axis: str, axis_format: str) -> alt.ExprRef:
        pound, digits = ("'£' + ", axis_format[1:]) if axis_format.startswith("£") else ("", axis_format)
        # Without a format the digits of 32 bits would all be written.
        return alt.ExprRef(f"datum.reference_label + ' ' + {pound}format(datum.{axis}_reference, '{digits or '.4~g'}')")

    dashes: dict[str, Any] = {"strokeDash": [5, 3], "strokeWidth": 1.5, "color": ink.quiet}
    layers = []
    if referred[0]:
        where = {"y": alt.value(-4), "y2": alt.value(HEIGHT)}
        layers.append(base.mark_rule(**dashes).encode(x="x_reference:Q", **where))
    if referred[1]:
        layers.append(base.mark_rule(**dashes).encode(y="y_reference:Q", x=alt.value(0), x2=alt.value("width")))
    if labelled and referred[0]:
        # It runs away from the nearer end of the axis, and so stays on the plot.
        side = "datum.x_reference * 2 < datum.x_low + datum.x_high ? 'left' : 'right'"
        text = base.mark_text(
            fontSize=LABEL_SIZE, baseline="bottom", align=alt.ExprRef(side), text=words("x", formats[0])
        )
        layers.append(text.encode(x="x_reference:Q", y=alt.value(-6)))
    if labelled and referred[1]:
        text = base.mark_text(fontSize=LABEL_SIZE, baseline="bottom", align="right", dy=-4, text=words("y", formats[1]))
        layers.append(text.encode(y="y_reference:Q", x=alt.value("width")))
    return layers


@lru_cache(maxsize=64)
def _definition(
    titles: tuple[str, str],
    from_zero: tuple[bool, bool],
    formats: tuple[str, str],
    referred: tuple[bool, bool],
    *,
    title: str,
    labelled: bool,
    dark: bool,
) -> dict[str, Any]:
    """The chart of two figures; which of them start at zero and have a line, and whether the lines have a name."""
    ink = palette.ink(dark)
    x_lines, y_lines = (
        [*textwrap.wrap(words, TITLE_CHARACTERS + 8), *([] if zero else [f"({NOT_FROM_ZERO})"])] or [""]
        for words, zero in zip(titles, from_zero, strict=True)
    )
    over = _OVER if labelled and referred[0] else 0
    x = alt.X(
        "x:Q",
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(
            title=x_lines,
            titleAnchor="end",
            titleAlign="right",
            labelPadding=9,
            tickCount=5,
            labelFlush=False,
            **axis_format_options(formats[0]),
        ),
    )
    y = alt.Y(
        "y:Q",
        # The axis ends where the unseen line does, and so changes without the definition.
        scale=alt.Scale(zero=False, nice=False),
        axis=flat_axis(y_lines, 12 + over + (LABEL_SIZE + 2) * (len(y_lines) - 1), formats[1]),
    )
    ends = alt.Chart(alt.NamedData(_PLOT)).mark_rule(opacity=0)
    base = rows_to_come()

    def marked(yes: object, no: object) -> alt.ExprRef:
        return alt.ExprRef(f"datum.marked ? {yes!r} : {no!r}")

    # Told apart by shape and filling as well as by colour.
    symbols = base.mark_point(
        shape=marked("diamond", "circle"),
        size=marked(150, 75),
        fill=marked(palette.DUO[1], ink.background),
        stroke=marked(ink.text, (palette.DUO_DARK if dark else palette.DUO)[0]),
        strokeWidth=marked(1.2, 2),
        opacity=1,
    )
    name: dict[str, Any] = {
        "align": alt.ExprRef("datum.side < 0 ? 'right' : datum.side > 0 ? 'left' : 'center'"),
        "dx": alt.ExprRef(f"datum.side * {GAP}"),
        "dy": alt.ExprRef("datum.down"),
        "fontSize": LABEL_SIZE,
        "fontWeight": marked("bold", "normal"),
    }
    tooltip = [
        alt.Tooltip("area_name:N", title="Area"),
        alt.Tooltip("shown_x:N", title=titles[0] or "Across"),
        alt.Tooltip("shown_y:N", title=titles[1] or "Up"),
    ]
    # A plate of the background under each name, because the lines of the axes and the references run there.
    plates = base.mark_text(**name, stroke=ink.background, strokeWidth=4, strokeJoin="round").encode(text="area_name:N")
    names = base.mark_text(**name, cursor="pointer").encode(text="area_name:N", tooltip=tooltip)
    # Axes and lines have no area: without the conditions they would select "undefined". They name event.item because
    # Streamlit's interpreter of expressions knows no datum there.
    area = "event.item && event.item.datum && event.item.datum.area_code"
    click = alt.selection_point(
        name="area", fields=["area_code"], on=f"click[{area}]", clear=f"click[!({area})]", toggle=False
    )
    # The titles are parameters, so that no text stands in an expression.
    said = "datum.area_name + ': ' + across + ' ' + datum.shown_x + ', ' + up + ' ' + datum.shown_y"
    targets = base.mark_point(
        aria=True,
        description=alt.ExprRef(f"{said} + (datum.marked ? ', marked' : '')"),
        filled=True,
        size=480,
        opacity=0,
        cursor="pointer",
    )
    layers = [
        ends.encode(x="x_low:Q", x2="x_high:Q", y="y_low:Q", y2="y_high:Q"),
        *_references(formats, referred, labelled, ink),
        plates,
        symbols,
        names,
        # The name keeps Altair from making one out of the data.
        targets.encode(tooltip=tooltip).properties(name="points").add_params(click),
    ]
    chart = layered(layers, height=HEIGHT, title=title, ink=ink).encode(x=x, y=y)
    chart = chart.add_params(
        *(alt.param(name=key, value=words) for key, words in zip(("across", "up"), titles, strict=True))
    )
    return defined(plain_marks(chart, ink))
