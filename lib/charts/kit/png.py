"""A chart as a PNG file, with its source and status lines beneath."""

import re
import struct
import textwrap
import zlib
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any, TypeVar

import altair as alt

from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.palette import GREY_DARK
from lib.charts.kit.theme import FONT, LABEL_SIZE, PICTURE_WIDTH, TITLE_SIZE, register_theme

AnyChart = TypeVar("AnyChart", alt.LayerChart, Drawing)
_LINE = 17
_MARGIN = 12
_HEADER = 33  # bytes of a PNG file before the first place for text: its signature and its first chunk
# What XML cannot hold. The library that draws would end the whole process over one such character.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def with_footer(chart: AnyChart, lines: list[str]) -> AnyChart:
    """A copy of the chart that carries lines (source, status, credit) for its picture.

    They are drawn by `to_png`, wrapped to the picture's width; on screen the page itself says them.
    """
    if isinstance(chart, Drawing):
        return replace(chart, footer=(*chart.footer, *lines))
    footed = chart.copy(deep=False)
    meta: dict[str, Any] = chart.usermeta if isinstance(chart.usermeta, dict) else {}
    footed.usermeta = {**meta, "footer": [*meta.get("footer", []), *lines]}
    return footed


def _drawable(part: Any) -> Any:
    """A chart's definition and data without the characters that cannot be drawn."""
    if isinstance(part, str):
        return _NO_XML.sub("", part)
    if isinstance(part, Mapping):
        return {_drawable(name): _drawable(value) for name, value in part.items()}
    return [_drawable(one) for one in part] if isinstance(part, list | tuple) else part


def _footed(svg: str, lines: list[str]) -> str:
    """The picture with lines of text beneath it and a margin around it."""
    found = re.match(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>', svg)
    if found is None:
        raise ValueError("the picture has no size")
    width, height = float(found[1]), float(found[2])
    characters = max(20, int(width / (LABEL_SIZE * 0.5)))
    wrapped = [part for line in lines for part in (textwrap.wrap(line, characters) or [""])]
    full_width = width + 2 * _MARGIN
    full_height = height + 2 * _MARGIN + (len(wrapped) * _LINE + 6 if wrapped else 0)
    texts = "".join(
        f'<text x="{_MARGIN + 5}" y="{height + _MARGIN + 6 + (number + 0.75) * _LINE:g}" font-size="{LABEL_SIZE}px" '
        f'font-family="{escape(FONT)}" fill="{GREY_DARK}">{escape(line)}</text>'
        for number, line in enumerate(wrapped)
    )
    inner = svg.replace("<svg", f'<svg x="{_MARGIN}" y="{_MARGIN}"', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{full_width:g}" height="{full_height:g}" '
        f'viewBox="0 0 {full_width:g} {full_height:g}"><rect width="100%" height="100%" fill="#ffffff"/>'
        f"{inner}{texts}</svg>"
    )


def to_svg(chart: alt.LayerChart | Drawing) -> str:
    """The chart as SVG on white, with the lines that `with_footer` gave it."""
    import vl_convert

    register_theme()
    spec = _drawable(chart.to_dict())
    # The theme's width reaches only charts with a continuous axis; a grid would be a few pixels wide.
    spec.setdefault("width", PICTURE_WIDTH)
    _, footer = words_of(chart)
    title = spec.get("title", {})
    if isinstance(title.get("text"), list):
        # Wrapped for a phone; a picture has the room it has.
        characters = int(spec.get("width", PICTURE_WIDTH) / (title.get("fontSize", TITLE_SIZE) * 0.56))
        title["text"] = textwrap.wrap(" ".join(title["text"]), characters)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=version)
    return _footed(svg, footer)


def to_png(chart: alt.LayerChart | Drawing, *, scale: float = 2) -> bytes:
    """The chart as a PNG file on white, `scale` pixels to one of the chart's, with its footer lines.

    The file holds its title and these lines as text too.

    Needs no browser and no network. A chart has the width it was given, or the theme's.
    """
    import vl_convert

    png: bytes = vl_convert.svg_to_png(to_svg(chart), scale=scale)
    title, footer = words_of(chart)
    return _labelled(png, {"Title": title, "Description": "\n".join(footer)})


def words_of(chart: alt.LayerChart | Drawing) -> tuple[str, list[str]]:
    """The title and the footer lines of a chart, as its picture shows them."""
    spec = chart.to_dict()
    text = spec.get("title", {}).get("text", "")
    footer = chart.footer if isinstance(chart, Drawing) else spec.get("usermeta", {}).get("footer", [])
    return _drawable(text if isinstance(text, str) else " ".join(text)), _drawable(list(footer))


def _labelled(png: bytes, words: Mapping[str, str]) -> bytes:
    """A PNG file with words in it for programs, beside those that it shows: a chunk of international text each."""
    chunks = b"".join(
        _chunk(b"iTXt", b"%b\0\0\0\0\0%b" % (name.encode("latin-1"), text.encode()))
        for name, text in words.items()
        if text
    )
    return png[:_HEADER] + chunks + png[_HEADER:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
