"""Paper: what a printed sheet must say, and what stands on paper alone. How it looks is in assets/print.css."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lib.market.sharing import INTERNAL
from lib.pack.load import Pack
from lib.view.widgets.text import escape_html, plain

ASSETS = Path(__file__).parent.parent / "assets"
STYLE, DARK_STYLE = ASSETS / "print.css", ASSETS / "print_dark.css"
# A container with a key that begins so is for the screen alone. Of paper alone is what has the class "paper".
SCREEN_ONLY = "screen_only"
# Letters that mean nothing to a style sheet, as they stand in a string of it.
HARMLESS = re.compile(r"[^A-Za-z0-9 .,]")


def set_paper_up(dark: bool = False) -> None:
    """Bring the style of paper to the browser. dark: whether the screen is, which paper never is."""
    st.html(STYLE)
    if dark:
        st.html(DARK_STYLE)


def mark_sheets(pack: Pack) -> None:
    """The foot of every sheet: the demonstration line, where the pack has one, the internal line, and its number."""
    lines = [pack.manifest.demonstration] if pack.is_demonstration else []
    words = " ".join(f"{in_style(line)} '\\A '" for line in [*lines, INTERNAL])
    st.html(
        "<style>@media print {@page {@bottom-center "
        f"{{content: {words} 'Sheet ' counter(page) ' of ' counter(pages)}}}}}}</style>"
    )


def in_style(text: str) -> str:
    """Text as a string of a style sheet: nothing in it may end the string or the sheet."""
    return "'" + HARMLESS.sub(lambda sign: f"\\{ord(sign[0]):x} ", plain(text)) + "'"


def on_paper(text: str) -> None:
    """A line that only paper shows, where the screen has a control that says it. text: plain, from data or not."""
    st.html(f'<p class="paper">{escape_html(text)}</p>')


def paper_table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> None:
    """A table as paper shows it, whole, in place of the one that scrolls on screen.

    heads, rows: plain text. numbers: of each column, whether it holds figures, which are set right.
    """
    sides = [' class="number"' if number else "" for number in numbers]
    head = "".join(f'<th scope="col"{side}>{escape_html(text)}</th>' for text, side in zip(heads, sides, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{side}>{escape_html(cell)}</td>' for cell, side in zip(row, sides, strict=True))}</tr>"
        for row in rows
    )
    st.html(f'<table class="paper"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
