"""A heat grid of lots: a figure for each district and service, and where there is one provider or none."""

import textwrap
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.hatch import hatched
from lib.charts.kit.theme import LABEL_SIZE, TEXT_SIZE, layered, required, text_width
from lib.market.wording import NOT_APPLICABLE

_COLUMNS = ("row_code", "row_name", "column_code", "column_name", "shown", "colour", "mark")
# What each mark says of a lot, in a tooltip and to a screen reader.
MARKS = {
    "": "more than one provider",
    "one": "one provider",
    "none": "no provider",
    "empty": "nothing bought and no provider",
}
# The same as a second line in the cell, and the words for a cell that is too narrow for them.
_WORDS = {"one": ("1 provider", "1 only"), "none": ("no provider", "none")}
NAME_LIMIT = 120
ROW_HEIGHT = 44
# Pixels: from a slot's edge to its cell and to the heavier border, from one line of text to the next, and from one line
# of hatching to the next; the narrowest cells for the words of a provider and for "not applicable".
_INSET, _BORDER, _LINE, _HATCH = 2, 5, 15, 9
_ROOM_FOR_WORDS, _ROOM_FOR_MISSING = 76, 110
# A longer heading goes over several lines, where its column has no room for it.
_HEADING_CHARACTERS = 10
_ROW_NAMES, _COLUMN_NAMES = "row_names", "column_names"


def _headings(frame: pd.DataFrame, kind: str, chosen: str | None) -> pd.DataFrame:
    """One record a row or a column, in order of appearance: code, name, chosen."""
    names = frame[[f"{kind}_code", f"{kind}_name"]].drop_duplicates(f"{kind}_code").reset_index(drop=True)
    return pd.DataFrame(
        {
            "code": names[f"{kind}_code"].astype(str),
            "name": names[f"{kind}_name"].fillna("").astype(str),
            "place": range(len(names)),
            "chosen": names[f"{kind}_code"].astype(str).eq(chosen if chosen is not None else ""),
        }
    )


def _cells(
    frame: pd.DataFrame, rows: pd.DataFrame, columns: pd.DataFrame, selected: tuple[str, str] | None, dark: bool
) -> pd.DataFrame:
    """One record a cell, with its place, fill and colour of text."""
    ink = palette.ink(dark)
    text = {name: frame[name].fillna("").astype(str).reset_index(drop=True) for name in _COLUMNS}
    empty = text["mark"].eq("empty")
    fill = text["colour"].where(text["colour"].ne(""), palette.MISSING).where(~empty, ink.background)
    cells = pd.DataFrame(
        {
            "row_code": text["row_code"],
            "column_code": text["column_code"],
            "row_name": text["row_name"],
            "column_name": text["column_name"],
            "row": text["row_code"].map(dict(zip(rows["code"], rows["place"], strict=True))),
            "column": text["column_code"].map(dict(zip(columns["code"], columns["place"], strict=True))),
            "shown": text["shown"].where(text["shown"].ne(""), NOT_APPLICABLE).where(~empty, "–"),
            "mark": text["mark"],
            "said": text["mark"].map(MARKS),
            "fill": fill,
            # On the plain background the colour of text is that of the background's ink.
            "ink": [ink.text if plain else palette.text_on(on) for on, plain in zip(fill, empty, strict=True)],
            "chosen": pd.Series(
                [pair == selected for pair in zip(text["row_code"], text["column_code"], strict=True)], dtype=bool
            ),
        }
    )
    if "detail" in frame:
        cells["detail"] = frame["detail"].fillna("").astype(str).to_numpy()
    return cells


def lot_grid(frame: pd.DataFrame, *, title: str, selected: tuple[str, str] | None, dark: bool = False) -> Drawing:
    """A grid of cells, a row a district and a column a service type, both in order of appearance.

    frame: one row a cell: row_code, row_name, column_code, column_name, shown (the figure as text; "" is not
    applicable), colour ("#rrggbb"; "" is the missing grey), mark ("" for several providers, "one", "none": no provider
    though something is bought or waits, "empty": nothing bought and no provider, drawn as a dash), and, if there is
    more to say in the tooltip, detail (text). A pair of row and column without a row of the frame stays blank.
    selected: (row_code, column_code) or None; its cell gets a frame, its row and its column a band and bold names.

    A single provider and no provider are said in words and by a heavier border; no provider is hatched as well. The
    point selection "lot" returns the row_code and column_code of the cell that was clicked; a click beside the cells
    clears it. Raises ValueError where a column is missing, a mark is unknown or a cell stands in the frame twice.
    """
    required(frame.columns, _COLUMNS)
    unknown = sorted(set(frame["mark"].fillna("").astype(str)) - set(MARKS))
    if unknown:
        raise ValueError(f"expected the marks '', 'one', 'none' and 'empty', found {', '.join(unknown)}")
    twice = frame[frame.duplicated(["row_code", "column_code"])]
    if len(twice):
        raise ValueError(
            f"the cell {twice['row_code'].iloc[0]}, {twice['column_code'].iloc[0]} stands in the frame twice"
        )
    rows, columns = (
        _headings(frame, kind, selected[place] if selected else None) for place, kind in enumerate(("row", "column"))
    )
    columns["lines"] = [
        "\n".join(textwrap.wrap(name, _HEADING_CHARACTERS, break_long_words=False)) for name in columns["name"]
    ]
    # The measure of text is generous, also for bold.
    columns["wide"] = [round(text_width(name, LABEL_SIZE, bold=True)) for name in columns["name"]]
    names = max((text_width(name) for name in rows["name"]), default=0.0)
    definition = _definition(
        len(rows),
        len(columns),
        int(min(-(-names // 8) * 8, NAME_LIMIT)) + 4,
        max((lines.count("\n") + 1 for lines in columns["lines"]), default=1),
        title=title,
        detailed="detail" in frame,
        dark=dark,
    )
    data = {
        ROWS: sent(_cells(frame, rows, columns, selected, dark)),
        _ROW_NAMES: sent(rows.drop(columns="code")),
        _COLUMN_NAMES: sent(columns.drop(columns="code")),
    }
    return Drawing(definition, data)


def _text_in_cells(base: alt.Chart, top: int) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """The figure of each cell and, under it, the words for a single provider or none; plates for them, and the text."""
    words = " : ".join(
        f"datum.mark == '{mark}' ? (cell < {_ROOM_FOR_WORDS} ? '{short}' : '{long}')"
        for mark, (long, short) in _WORDS.items()
    )
    missing = f"datum.shown == '{NOT_APPLICABLE}' && cell < {_ROOM_FOR_MISSING} ? 'n/a' : datum.shown"
    marked = "(datum.mark == 'one' || datum.mark == 'none')"
    x = alt.value(alt.ExprRef(_column(0.5)))

    def y(shift: str) -> Any:
        return alt.value(alt.ExprRef(f"{top} + (datum.row + 0.5) * {ROW_HEIGHT} + {shift}"))

    def written(cells: alt.Chart, **style: Any) -> list[alt.Chart]:
        figure = cells.mark_text(text=alt.ExprRef(missing), fontSize=TEXT_SIZE, fontWeight="bold", **style)
        note = cells.mark_text(text=alt.ExprRef(f"{words} : ''"), fontSize=LABEL_SIZE, **style)
        return [figure.encode(x=x, y=y(f"({marked} ? {-_LINE / 2} : 0)")), note.encode(x=x, y=y(f"{_LINE / 2}"))]

    # Under text that stands on hatching a plate of the cell's own colour.
    plate: dict[str, Any] = {"stroke": alt.ExprRef("datum.fill"), "strokeWidth": 6, "strokeJoin": "round"}
    plates = written(base.transform_filter("datum.mark == 'none'"), **plate)
    return plates, written(base, color=alt.ExprRef("datum.ink"))


def _column(share: float) -> str:
    """The pixel at a share of the width of a record's column, as an expression."""
    return f"names + (datum.column + {share}) * cell"


@lru_cache(maxsize=64)
def _definition(
    rows: int, columns: int, left: int, lines: int, *, title: str, detailed: bool, dark: bool
) -> dict[str, Any]:
    """The grid of so many rows and columns, with `left` pixels for the names and `lines` of headings."""
    ink = palette.ink(dark)
    top = lines * _LINE + 8
    height = top + ROW_HEIGHT * max(rows, 1)

    def at(place: str) -> Any:
        return alt.value(alt.ExprRef(place))

    def box(inset: float) -> dict[str, Any]:
        row = f"{top} + datum.row * {ROW_HEIGHT}"
        return {
            "x": at(f"{_column(0)} + {inset}"),
            "x2": at(f"{_column(1)} - {inset}"),
            "y": at(f"{row} + {inset}"),
            "y2": at(f"{row} + {ROW_HEIGHT - inset}"),
        }

    base = rows_to_come()
    row_names, column_names = (alt.Chart(alt.NamedData(name)) for name in (_ROW_NAMES, _COLUMN_NAMES))
    row_top = f"{top} + datum.place * {ROW_HEIGHT}"
    chosen = "datum.chosen"
    bands = [
        row_names.transform_filter(chosen)
        .mark_rect(fill=ink.highlight)
        .encode(x=alt.value(0), x2=alt.value("width"), y=at(row_top), y2=at(f"{row_top} + {ROW_HEIGHT}")),
        column_names.transform_filter(chosen)
        .mark_rect(fill=ink.highlight)
        .encode(
            x=at("names + datum.place * cell"),
            x2=at("names + (datum.place + 1) * cell"),
            y=alt.value(0),
            y2=alt.value(height),
        ),
    ]
    weight = alt.ExprRef("datum.chosen ? 'bold' : 'normal'")
    headings = [
        row_names.mark_text(align="left", fontWeight=weight, limit=left - 6, dx=2).encode(
            x=alt.value(0), y=at(f"{row_top} + {ROW_HEIGHT / 2:g}"), text="name:N"
        ),
        column_names.mark_text(
            text=alt.ExprRef("datum.wide < cell ? datum.name : datum.lines"),
            fontSize=LABEL_SIZE,
            fontWeight=weight,
            lineHeight=_LINE,
            limit=alt.ExprRef("cell + 8"),
            baseline="bottom",
            # Vega sets the first of several lines where a single one would stand.
            dy=alt.ExprRef(f"datum.wide < cell ? 0 : {_LINE} * (1 - length(split(datum.lines, '\\n')))"),
        ).encode(x=at("names + (datum.place + 0.5) * cell"), y=alt.value(top - 5)),
    ]
    cells = base.mark_rect(
        stroke=alt.ExprRef(f"datum.mark == 'empty' ? '{ink.grid}' : '{ink.edge}'"), strokeWidth=0.7
    ).encode(**box(_INSET), fill=alt.Fill("fill:N", scale=None))
    hatching = hatched(
        base.transform_filter("datum.mark == 'none'"),
        left=f"{_column(0)} + {_BORDER}",
        top=f"{top} + datum.row * {ROW_HEIGHT} + {_BORDER}",
        wide=f"cell - {2 * _BORDER}",
        tall=ROW_HEIGHT - 2 * _BORDER,
        spacing=_HATCH,
        stroke=alt.ExprRef("datum.ink"),
    )
    # Inside the fill and in the colour of its text, so that it stands out on any fill and any background.
    border = (
        base.transform_filter("datum.mark == 'one' || datum.mark == 'none'")
        .mark_rect(fill="transparent", stroke=alt.ExprRef("datum.ink"), strokeWidth=2)
        .encode(**box(_BORDER))
    )
    ring = (
        base.transform_filter(chosen)
        .mark_rect(fill="transparent", stroke=ink.text, strokeWidth=3.5)
        .encode(**box(-0.5))
    )
    # The names carry no codes, and the space around the cells no record: neither selects anything. The conditions name
    # event.item because Streamlit's interpreter of expressions knows no datum there.
    lot = "event.item && event.item.datum && event.item.datum.row_code && event.item.datum.column_code"
    click = alt.selection_point(
        name="lot", fields=["row_code", "column_code"], on=f"click[{lot}]", clear=f"click[!({lot})]", toggle=False
    )
    said = "datum.row_name + ', ' + datum.column_name + ': ' + datum.shown + ', ' + datum.said"
    tooltip = [
        alt.Tooltip("row_name:N", title="Area"),
        alt.Tooltip("column_name:N", title="Service"),
        alt.Tooltip("shown:N", title="Figure"),
        alt.Tooltip("said:N", title="Providers"),
    ]
    if detailed:
        said += " + (datum.detail ? ', ' + datum.detail : '')"
        tooltip.append(alt.Tooltip("detail:N", title="Detail"))
    # Over everything and transparent, so that the whole slot answers a click and a hover.
    over = base.mark_rect(aria=True, description=alt.ExprRef(said), color="transparent", cursor="pointer")
    # The name keeps Altair from making one out of the data.
    slots = over.encode(**box(0), tooltip=tooltip).properties(name="cells").add_params(click)
    plates, words = _text_in_cells(base, top)
    layers = [*bands, cells, hatching, *plates, border, ring, *words, *headings, slots]
    # Pixels of the names and of a column; the latter is known only in the browser.
    chart = layered(layers, height=height, title=title, ink=ink).add_params(
        alt.param(name="names", value=left), alt.param(name="cell", expr=f"(width - {left}) / {max(columns, 1)}")
    )
    return defined(plain_marks(chart, ink))
