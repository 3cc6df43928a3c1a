"""Pictures of hostile texts: the library that draws would end the whole process over a character XML cannot hold."""

from __future__ import annotations

from html import escape

import altair as alt
import pandas as pd
import pyarrow as pa
from hostile_text import CORPUS

from lib.charts.kit.chart_spec import Drawing, defined, rows_to_come
from lib.charts.kit.png import to_png, to_svg, with_footer

CONTROLS = ("a\x00b", "a\x07b", "a\x1b[31mb", "a\ufffeb", "a\uffffb", "a\x0bb\x0c")


def bars(names: list[str]) -> alt.LayerChart:
    frame = pd.DataFrame({"name": names, "value": range(len(names))})
    chart = alt.Chart(frame, title=names[0]).mark_bar().encode(x="value:Q", y=alt.Y("name:N", title=names[-1]))
    return alt.layer(chart)


def test_control_characters_in_a_picture_are_left_out() -> None:
    """In a name, a title, an axis and the lines beneath: of the process that draws, nothing is left otherwise."""
    chart = with_footer(bars(list(CONTROLS)), list(CONTROLS))
    assert to_png(chart).startswith(b"\x89PNG")
    assert ">a[31mb<" in to_svg(chart)


def test_so_are_they_in_a_drawing_and_half_characters_in_its_title() -> None:
    layer = alt.layer(rows_to_come().mark_bar().encode(x="value:Q", y="name:N"))
    definition = {**defined(layer), "title": {"text": "half \ud800 a character"}}
    table = pa.table({"name": list(CONTROLS), "value": range(len(CONTROLS))})
    svg = to_svg(with_footer(Drawing(definition, {"drawn": table}), ["x\x01y"]))
    assert ">half  a character<" in svg or ">half a character<" in svg
    assert ">xy<" in svg


def test_every_hostile_text_is_drawn_as_it_stands() -> None:
    lines = [text for text in CORPUS if len(text) < 60]
    svg = to_svg(with_footer(bars(list(CORPUS)), lines))
    for text in ("<img src=x onerror=alert(1)>", "[a link](http://example.com)", ":material/home:"):
        assert escape(text, quote=False) in svg or escape(text) in svg
    assert "<img" not in svg
    assert "<a " not in svg
