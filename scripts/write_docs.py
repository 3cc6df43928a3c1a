"""Write the documents that follow from the code: make docs. A test compares them with what the code says today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lib.market.indicators import Indicator, indicators
from lib.market.sharing import shared_measures
from lib.market.units import UNITS
from lib.pack.load import load_pack

ROOT = Path(__file__).parent.parent
THEMES = {"demand": "Demand", "supply": "Supply", "quality": "Quality"}

INDICATORS_HEAD = """# Indicators

<!-- Written by make docs. Change lib/market/indicators.py, not this file. -->

Every indicator of the map, the ranking, the tables, the files and `python -m lib profile`, theme by theme. How an
area's figure is known, its status, is the weakest status of the tables that it comes from: the app shows it beside
every figure. The key questions are those of the pack; here, of the pack that the app comes with.
"""


def cell(text: object) -> str:
    """Text that a Markdown table shows as it stands."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(str(text).split()))


def indicators_document() -> str:
    """docs/indicators.md: every indicator of the default pack, theme by theme."""
    pack = load_pack(ROOT / "data")
    known = indicators(pack)
    shared = shared_measures(pack)
    parts = [INDICATORS_HEAD]
    for theme, title in THEMES.items():
        parts.append(f"## {title}\n")
        parts += [indicator_entry(one, code in shared) for code, one in known.items() if one.theme == theme]
    return "\n".join(parts)


def indicator_entry(one: Indicator, shared: bool) -> str:
    """One indicator as Markdown."""
    lines = {
        "Unit": UNITS[one.unit].words,
        "Formula": one.formula,
        "Denominator": one.of,
        "Better": one.better if one.better != "neither" else "neither higher nor lower",
        "Comes from": ", ".join(one.inputs),
        "On maps": "yes" if one.mapped else "no, it follows the size of an area",
        "In the file to share": "yes, protected" if shared else "no",
        "Bear in mind": one.caveat,
    }
    text = "\n".join(f"- {head}: {cell(words)}" for head, words in lines.items() if words)
    net = " (net above a single lot)" if one.net else ""
    return f"### `{one.id}`: {cell(one.label)}{net}\n\n{cell(one.meaning)}\n\n{text}\n"


DOCUMENTS: Mapping[str, Callable[[], str]] = {"docs/indicators.md": indicators_document}


def main() -> None:
    """Write every document."""
    for path, document in DOCUMENTS.items():
        (ROOT / path).write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
