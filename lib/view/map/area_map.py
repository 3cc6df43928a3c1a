"""A map of one value a district: its colours, tooltips and legend from a table and a scale."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd
import streamlit as st

from lib.charts.kit.palette import MISSING
from lib.charts.kit.png import to_png, with_footer
from lib.charts.kit.scale import Scale, legend_entries
from lib.charts.static_map import static_map
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.view.map.district_map import AreaPaint, district_map
from lib.view.map.legend import legend
from lib.view.shell import is_dark
from lib.view.widgets.text import escape_markdown


def area_map(
    pack: Pack,
    rows: pd.DataFrame,
    scale: Scale,
    *,
    key: str,
    title: str,
    height: int,
    selected: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> None:
    r"""Draw the map, its legend and the credit of its outlines.

    rows: one a district: district_code, district_name, shown (the figure as text), colour ("#rrggbb", "" where there is
    no figure), lines (more of the tooltip, split by "\n"). title: what the map shows, for screen readers.
    """
    paints = {}
    for row in rows.to_dict("records"):
        paints[row["district_code"]] = AreaPaint(
            fill=row["colour"] or MISSING,
            hatched=not row["colour"],
            tooltip=f"{row['district_name']}\n{scale.title}: {row['shown']}\n{row['lines']}",
            label=row["district_name"],
            selected=row["district_code"] == selected,
        )
    district_map(paints, pack=pack, key=key, dark=is_dark(), height=height, title=title, on_change=on_change)
    legend(scale, some_missing=bool((rows["colour"] == "").any()))
    st.caption(escape_markdown(pack.manifest.resource("districts_geography").credit))


def map_picture(
    pack: Pack, rows: pd.DataFrame, scale: Scale, title: str, lines: list[str], selected: Collection[str] = ()
) -> bytes:
    """The same map as a PNG file, with lines beneath it. rows: as `area_map` takes them.

    selected: the codes of the districts that are outlined. PackError where the outlines cannot be drawn: see `has_map`.
    """
    paints = rows[["district_code", "colour"]].assign(
        label=rows["district_name"], selected=rows["district_code"].isin(list(selected))
    )
    credit = pack.manifest.resource("districts_geography").credit
    chart = static_map(
        pack_outlines(pack), paints, title=title, subtitle=scale.title, legend=legend_entries(scale), credit=credit
    )
    return to_png(with_footer(chart, lines))
