"""A decision record as one page of HTML: for a screen, for paper, for a screen reader, with nothing from elsewhere.

The page is made from the record's values alone, which stand in it as JSON. Figures are rounded for people; those of the
JSON are not. Everything from data is escaped, no script runs (its own policy forbids all), and nothing is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from lib.market.plain_text import escape_html
from lib.market.sharing import internal_name, safe_name
from lib.pack.faults import quoted
from lib.pack.whole_file import write_whole
from lib.whatif.decision import content
from lib.whatif.decision.content import AGAIN, NOT_SAID, NOTHING_MOVED, TO_REPRODUCE, Grid, Values
from lib.whatif.decision.record import BLOCK, KIND
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.presets import NO_REASON

PAPER = ".pdf"
ENDINGS = (".html", ".htm", PAPER)
STYLE = Path(__file__).with_name("record.css")


def record_page(values: Values) -> str:
    """The page of a record: see lib.whatif.decision.record.record."""
    bodies = {
        "result": result(values),
        "county": table(content.county(values)),
        "districts": table(content.districts(values)),
        "levers": levers(values, "scenario"),
        "defaults": levers(values, "default"),
        "basis": basis(values),
        "again": again(values),
    }
    parts = [heading(values), *(section(code, title, bodies[code]) for code, title in content.titles(values).items())]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape_html(content.title(values))}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(parts)}</main>\n{block(values)}\n</body>\n</html>\n"
    )


def block(values: Values) -> str:
    """The values as JSON in an element of HTML: no letter of it can end the element, and none is lost on the way."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, indent=1)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{BLOCK}">\n{text}\n</script>'


def file_name(service: str, kind: str = "html") -> str:
    """The name of the file: it tells of districts."""
    return internal_name(safe_name(f"{service}_decision_record.{kind}"))


def section(code: str, title: str, body: str) -> str:
    """A part of the page under its heading."""
    return f'<section aria-labelledby="{code}">\n<h2 id="{code}">{escape_html(title)}</h2>\n{body}</section>\n'


def table(grid: Grid) -> str:
    """A table whose first column names its rows, in a frame that scrolls where the page is narrow."""
    side = ' class="number"' if grid.numbers else ""
    top = "".join(
        f'<th scope="col"{side if place else ""}>{escape_html(text)}</th>' for place, text in enumerate(grid.heads)
    )
    body = "".join(
        f'<tr><th scope="row">{escape_html(row[0])}</th>'
        + "".join(f"<td{side}>{escape_html(cell)}</td>" for cell in row[1:])
        + "</tr>\n"
        for row in grid.rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape_html(grid.caption)}">\n<table>\n'
        f'<caption class="unseen">{escape_html(grid.caption)}</caption>\n<thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def listing(pairs: Iterable[tuple[str, str]], kind: str = "") -> str:
    """Terms and what is said of each, as plain text."""
    named = f' class="{kind}"' if kind else ""
    inner = "".join(f"<div><dt>{escape_html(a)}</dt><dd>{escape_html(b)}</dd></div>\n" for a, b in pairs)
    return f"<dl{named}>\n{inner}</dl>\n"


def paragraphs(text: str, instead: str) -> str:
    """Text that somebody typed, a paragraph a line."""
    return "".join(f"<p>{escape_html(line)}</p>\n" for line in content.lines(text, instead))


def heading(values: Values) -> str:
    """What it is, of whom and when, why; and the marks that must stand with it."""
    marks = "".join(f"<p>{escape_html(mark)}</p>\n" for mark in values["marks"])
    return (
        f'<header>\n<div class="marks">\n{marks}</div>\n<p class="kind">Decision record</p>\n'
        f"<h1>{escape_html(values['name'])}</h1>\n"
        f"<p>{escape_html(content.of_whom(values))}</p>\n"
        + listing(content.decided(values), "words")
        + f'<div class="why">\n<h2>Why</h2>\n{paragraphs(values["why"], NOT_SAID)}'
        + f"<h2>Why these levers</h2>\n{paragraphs(values['scenario']['rationale'], NO_REASON)}</div>\n</header>\n"
    )


def result(values: Values) -> str:
    """The sentence, four figures of the last year, and when it is short."""
    status = f'<p class="note">{escape_html(content.status_note(values))}</p>\n'
    sentence = f'<p class="sentence">{escape_html(values["sentence"])}</p>\n'
    return f"{sentence}{listing(content.tiles(values), 'tiles')}{listing(content.further(values))}{status}"


def levers(values: Values, set_by: str) -> str:
    """The levers that the scenario sets, or those at their defaults."""
    grid = content.levers(values, set_by)
    return table(grid) if grid else f"<p>{NOTHING_MOVED}</p>\n"


def basis(values: Values) -> str:
    """The tables with their statuses, the sources, and what must be known of the service's figures."""
    notes = "".join(f"<li>{escape_html(caveat)}</li>\n" for caveat in values["caveats"])
    listed = f"<ul>\n{notes}</ul>\n" if notes else ""
    return f"{table(content.basis(values))}<p>{escape_html(content.sources(values))}</p>\n{listed}"


def again(values: Values) -> str:
    """What it was made with, and how to work it out again."""
    before, after = AGAIN
    return f"{listing(content.made_with(values))}<p>{before}<code>{TO_REPRODUCE}</code>{after}</p>\n"


def save_page(path: Path, content: bytes) -> None:
    """Write a record whole or not at all; ScenarioError where its name or its folder will not do."""
    if path.suffix.lower() not in ENDINGS:
        raise ScenarioError("", f"the name {quoted(path.name)} for the page", "one that ends in .html or .pdf", KIND)
    try:
        write_whole(path, content)
    except OSError as error:
        found = f"a file that cannot be written ({error.strerror})"
        raise ScenarioError("", found, "a folder that is there, with room in it", path.name) from error
