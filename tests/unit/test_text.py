"""Text from data on a page: Markdown, Streamlit and HTML show it as it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_text import CORPUS
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lib.pack.faults import PackError
from lib.pack.load import load_pack
from lib.view.widgets.text import escape_html, escape_markdown

ELEMENT = re.compile(r":color\[([^\[\]\\]*)\]")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# What the browser looks for in each stretch of plain text once the backslashes are gone, as it stands in Streamlit
# 1.67's own files: addresses (mdast-util-gfm-autolink-literal), icons, emoji, the logo and arrows.
LOOKED_FOR = {
    "address": re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    "e-mail": re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
    "icon": re.compile(r":material[_/](\w+):|:streamlit:"),
    "emoji": re.compile(r":\+1:|:-1:|:[\w-]+:"),
    "arrow": re.compile(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"),
}
# What Streamlit changes in the source, before anything is read.
REWRITTEN = (":material/",)

signs = st.sampled_from([*"\\`*_{}[]()#+-.!|<>$~:&=^@/%;\"' \n\t1a", "www", "http", "material", "--", "]("])
texts = st.lists(signs, max_size=14).map("".join) | st.text(max_size=20) | st.sampled_from(CORPUS)


def shown(source: str) -> str:
    """What one paragraph of Markdown shows; fails where it is anything but one paragraph of plain text."""
    if not source:
        return ""
    tokens = MARKDOWN.parse(source)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    parts = tokens[1].children or []
    assert {part.type for part in parts} <= {"text", "text_special"}
    return "".join(part.content for part in parts)


def stretches(source: str) -> list[str]:
    """The stretches of plain text between the elements of an escaped text, and in them, without backslashes."""
    return [re.sub(r"\\(.)", r"\1", part) for part in ELEMENT.split(source)]


@pytest.mark.parametrize("text", CORPUS)
def test_a_text_is_shown_as_it_stands(text: str) -> None:
    source = escape_markdown(text)
    assert ELEMENT.sub(r"\1", shown(source)) == " ".join(text.split())
    found = [(name, part) for part in stretches(source) for name, one in LOOKED_FOR.items() if one.search(part)]
    assert found == []


@pytest.mark.slow
@given(texts)
def test_every_text_is_shown_as_it_stands(text: str) -> None:
    source = escape_markdown(text)
    assert "".join(stretches(source)) == ELEMENT.sub(r"\1", shown(source))
    assert not any(one.search(part) for part in stretches(source) for one in LOOKED_FOR.values())
    assert not any(word in source for word in REWRITTEN)


@pytest.mark.slow
@given(texts, texts)
def test_a_text_after_another_stays_text(one: str, other: str) -> None:
    """In a line that the page puts together; and it closes no bracket of a badge around it."""
    first, second = escape_markdown(one), escape_markdown(other)
    line = f"x {first}, {second}."
    assert ELEMENT.sub(r"\1", shown(line)) == "".join(stretches(line))
    depth = 0
    for sign in re.sub(r"\\.", "", f"{first}{second}"):
        depth += {"[": 1, "]": -1}.get(sign, 0)
        assert depth in (0, 1)
    assert depth == 0


def test_what_cannot_be_seen_is_left_out() -> None:
    """Overrides of the direction of writing turn "exe.txt" into "txt.exe"; a space of no width parts a name in two."""
    assert escape_markdown("Care\u202egnp.exe\u202c and \u2067more\u2069") == "Caregnp.exe and more"
    assert escape_markdown("Bas\u200bildon\ufeff\u2060 \u00adHome") == "Basildon Home"
    assert escape_markdown("a\x00b\x07c\x1b[31m\x7f\x85d") == "abc\\[31m d"
    assert escape_markdown("\u200b 1\u200b. x") == "1\\. x"
    assert escape_markdown("half \ud800 a character") == "half \ufffd a character"
    assert escape_html("Care\u202egnp\x00\ud800") == "Caregnp\ufffd"


def test_lines_become_one() -> None:
    assert escape_markdown("  a\n\n# b\r\n\u2028c\u00a0 d\t") == "a \\# b c d"


def test_other_scripts_and_families_stay_whole() -> None:
    for text in (
        "\u0645\u0631\u062d\u0628\u0627",
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "Ysbyty Glan Clwyd \u2013 T\u0177",
    ):
        assert escape_markdown(text) == text
        assert escape_html(text) == text


@pytest.mark.parametrize("text", CORPUS)
def test_html_shows_a_text_as_it_stands(text: str) -> None:
    written = escape_html(text)
    assert not re.search("[<>\"']", written)
    assert html.unescape(written) == " ".join(text.split())


@pytest.mark.parametrize("text", ["Es\\ud800sex", "\\udfff", "Essex \\ud83c"])
def test_half_a_character_in_a_manifest_is_a_fault(text: str, pack_copy: Callable[..., Path]) -> None:
    """No message to a browser can hold it. JSON can: an emoji that was cut in two."""

    def cut(pack: Path) -> None:
        path = pack / "datapackage.json"
        path.write_text(re.sub(r'"area": "[^"]*"', lambda _: f'"area": "{text}"', path.read_text("utf-8"), count=1))

    with pytest.raises(PackError, match=r"datapackage.json: found half a character after .*, expected whole char"):
        load_pack(pack_copy(cut))
