"""A name of 200 letters takes no more room in a chart than there is: bars keep their length and their side."""

from __future__ import annotations

import re

import pandas as pd
from drawn import sized

from lib.charts.bars import ranked_bars
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_svg
from lib.charts.placement_bars import placement_bars

LONG = "Llanfairpwllgwyngyll" * 10
INK = "#12436d"


def bar_lengths(chart: Drawing) -> list[float]:
    """The pixels of each filled bar in a picture as wide as a phone's screen."""
    svg = to_svg(sized(chart, 400))
    return [float(length) for length in re.findall(rf'd="M[\d.]+,[\d.]+h(-?[\d.]+)v[\d.]+h[^"]*" fill="{INK}"', svg)]


def placed(name: str) -> Drawing:
    rows = [(name, name, 60.0, 60.0, "60 of 60"), (name, f"{name} 2", 20.0, 15.0, "15 of 20")]
    frame = pd.DataFrame(rows, columns=["label", "tier_label", "headroom", "placed", "shown"])
    return placement_bars(frame.assign(colour=INK, kind="provider"), title="")


def ranked(name: str) -> Drawing:
    frame = pd.DataFrame({"area_code": ["A", "B"], "area_name": [f"{name} a", f"{name} b"], "value": [2.0, 0.5]})
    frame = frame.assign(shown=["2.0", "0.5"], colour=INK, class_label="")
    return ranked_bars(frame, title="", axis_title="x", selected=None, reference=1.0, reference_label=f"{name} 1.0")


def test_bars_of_long_names_keep_their_length() -> None:
    for chart in (placed, ranked):
        long, short = bar_lengths(chart(LONG)), bar_lengths(chart("P"))
        assert len(long) == len(short) == 2
        assert [round(one / long[0], 2) for one in long] == [1, 0.25]
        assert min(long) > 20, "what the name takes is limited"
        assert long[0] < short[0]
