"""The pieces that a publication's pages are built of, as HTML. Everything that is given to them is plain text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from lib.market.disclosure import SUPPRESSED
from lib.market.plain_text import escape_html
from lib.market.units import NOT_KNOWN
from lib.publish.publication import NOT_GIVEN

STYLE = Path(__file__).with_name("page.css")
WITHHELD = '<abbr title="suppressed">c</abbr>'
# No script runs, and nothing is loaded from anywhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def document(title: str, body: str) -> str:
    """A whole page, which needs nothing but itself."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape_html(title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#content">Skip to the content</a>\n<main id="content">\n{body}</main>\n'
        "</body>\n</html>\n"
    )


def section(code: str, title: str, body: str) -> str:
    """A part of the page under its heading."""
    return f'<section aria-labelledby="{code}">\n<h2 id="{code}">{escape_html(title)}</h2>\n{body}</section>\n'


def heading(level: int, text: str) -> str:
    """A heading within a part."""
    return f"<h{level}>{escape_html(text)}</h{level}>\n"


def paragraph(text: str, kind: str = "") -> str:
    """One paragraph; nothing for no text."""
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{escape_html(text)}</p>\n" if text else ""


def passage(text: str) -> str:
    """Text that somebody typed, a paragraph a line; "not given" where nobody did."""
    lines = [line for line in text.split("\n") if line.strip()] or [NOT_GIVEN]
    return "".join(map(paragraph, lines))


def bullets(lines: Iterable[str]) -> str:
    """A list; nothing for no lines."""
    inner = "".join(f"<li>{escape_html(line)}</li>\n" for line in lines)
    return f"<ul>\n{inner}</ul>\n" if inner else ""


def links(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of links: address within the publication, words."""
    inner = "".join(f'<li><a href="{escape_html(to)}">{escape_html(words)}</a></li>\n' for to, words in pairs)
    return f"<ul>\n{inner}</ul>\n" if inner else ""


def listing(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what is said of each."""
    inner = "".join(f"<div><dt>{escape_html(a)}</dt><dd>{escape_html(b)}</dd></div>\n" for a, b in pairs)
    return f"<dl>\n{inner}</dl>\n"


def quotation(passages: Iterable[str], source: str) -> str:
    """Passages that somebody else wrote, and where they stand."""
    return f"<blockquote>\n{''.join(map(paragraph, passages))}{paragraph(source, 'note')}</blockquote>\n"


def grid(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    names: int = 1,
    totals: Collection[int] = (),
) -> str:
    """A table in a frame that scrolls where the page is narrow.

    names: how many first columns are text, set left; the rest hold figures, set right. totals: the rows, from 0, that
    add up others.
    """

    def side(place: int) -> str:
        return ' class="number"' if place >= names else ""

    top = "".join(f'<th scope="col"{side(place)}>{escape_html(text)}</th>' for place, text in enumerate(heads))
    body = []
    for number, row in enumerate(rows):
        cells = f'<th scope="row">{cell(row[0])}</th>'
        cells += "".join(f"<td{side(place)}>{cell(text)}</td>" for place, text in enumerate(row[1:], start=1))
        kind = ' class="total"' if number in totals else ""
        body.append(f"<tr{kind}>{cells}</tr>\n")
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape_html(caption)}">\n<table>\n'
        f"<caption>{escape_html(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{''.join(body)}</tbody>\n</table>\n</div>\n"
    )


def cell(text: str) -> str:
    """A cell of a table: what is suppressed says so."""
    return WITHHELD if text == SUPPRESSED else escape_html(text)


def figure(title: str, alt: str, pictures: Sequence[tuple[str, str]], credit: str = "") -> str:
    """A picture, its title and what it shows in words.

    pictures: the class of each (for-light, for-dark, or paper for one that is white in both), and its SVG. credit: what
    must stand beneath.
    """
    inner = "".join(
        f'<div class="wide {kind}" tabindex="0" role="img" aria-label="{escape_html(alt)}">\n{svg}\n</div>\n'
        for kind, svg in pictures
    )
    words = f'{escape_html(title)}<span class="note">{escape_html(alt)}</span>'
    return f"<figure>\n<figcaption>{words}</figcaption>\n{inner}{paragraph(credit, 'note')}</figure>\n"


def shown(value: Any) -> str:
    """A published figure as people read it: "c" where it is suppressed, "not known" where it is empty."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return NOT_KNOWN
    number = float(value)
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"
