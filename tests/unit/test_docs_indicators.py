"""docs/indicators.md is what the registry says."""

from __future__ import annotations

from pathlib import Path

from lib.market.indicators import indicators
from lib.pack.load import Pack
from scripts.write_docs import DOCUMENTS, indicators_document

ROOT = Path(__file__).parent.parent.parent


def test_the_document_is_what_the_registry_says_today() -> None:
    path = ROOT / "docs" / "indicators.md"
    assert path.read_text(encoding="utf-8") == indicators_document(), "run make docs"
    assert DOCUMENTS["docs/indicators.md"] is indicators_document


def test_every_indicator_has_an_entry(pack: Pack) -> None:
    heads = [line for line in indicators_document().splitlines() if line.startswith("### ")]
    assert sorted(line.split("`")[1] for line in heads) == sorted(indicators(pack))


def test_an_entry_says_all_that_there_is_to_know() -> None:
    text = indicators_document()
    entry = text[text.index("### `coverage`") : text.index("### `shortfall_hours`")]
    assert entry == (
        "### `coverage`: Coverage (net above a single lot)\n\n"
        "How far capacity covers demand: below 1.00, providers offer fewer hours than are needed. People wait above it "
        "too.\n\n"
        "- Unit: ratio\n"
        "- Formula: capacity hours / demand hours\n"
        "- Denominator: demand hours\n"
        "- Better: higher\n"
        "- Comes from: capacity, demand, requests\n"
        "- The county's figure: the average of its areas', which they are held against\n"
        "- On maps: yes\n"
        "- In the file to share: yes, protected\n"
        "- Bear in mind: Supply leaves out self-funders and NHS purchasing, and the same staff may stand in several "
        "lots.\n\n"
    )
