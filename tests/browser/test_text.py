"""Text from data, in every place where the app puts it: the reader sees it as it stands, and it does nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import ROOT, App
from hostile_text import CORPUS
from playwright.sync_api import Browser, Page, expect

PLACES = ("markdown", "list", "second_line", "badge", "table", "html", "unescaped")
IN_TURN = ("title", "header", "small", "bold", "caption", "error", "metric", "tile")
LABELS = ("button", "toggle", "number", "chips", "expander", "link")
# What stands around the text where it is not alone, and the elements that belong to the place itself.
AROUND = {
    "header": "{0} {0}",
    "list": "{0} {0}",
    "second_line": "Above {0}",
    "table": "{0} {0}",
    "metric": "{0} {0}",
    "tile": "Tile {0}",
    "number": "{0}",
    "chips": "Chips {0}",
    "expander": "keyboard_arrow_right {0}",
}
OWN_ELEMENTS = {
    "title": "h1",
    "header": "h2",
    "bold": "strong",
    "list": "ul li li",
    "second_line": "br",
    "table": "table thead tr th tbody tr td",
    "metric": "label",
    "tile": "label",
    "button": "button",
    "toggle": "label input",
    "number": "label input button svg path button svg path",
    "chips": "label button",
    "expander": "details summary",
    "link": "a",
}
READ = """() => Object.fromEntries([...document.querySelectorAll('[class*=st-key-case_]')].map(place => [
    /st-key-case_(\\w+)/.exec(place.className)[1],
    [
        place.innerText,
        [...place.querySelectorAll('*')].map(one => one.tagName.toLowerCase())
            .filter(name => !['div', 'span', 'p'].includes(name)).join(' '),
        [...place.querySelectorAll('[role=img], .stMarkdownBadge, [class*=stMarkdownColored]')].length,
    ],
]))"""


@pytest.fixture
def text_page(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page with every text in every place, in an app of its own."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1_Other.py").write_text("", encoding="utf-8")
    shutil.copytree(ROOT / ".streamlit", tmp_path / ".streamlit")
    script = Path(shutil.copy(Path(__file__).parent / "text_page.py", tmp_path))
    texts = tmp_path / "corpus.json"
    texts.write_text(json.dumps(CORPUS), encoding="utf-8")
    monkeypatch.setenv("CORPUS", str(texts))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    app = App(script=script)
    page = browser.new_page()
    try:
        page.goto(app.address)
        page.locator("[data-testid=stApp][data-test-script-state='notRunning']").wait_for(timeout=120_000)
        expect(page.locator(f".st-key-case_unescaped_{len(CORPUS) - 1}")).to_be_visible(timeout=120_000)
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        yield page
    finally:
        page.close()
        app.close()


def test_every_text_is_shown_as_it_stands(text_page: Page) -> None:
    """Its letters are those of the data, and it has made no link, picture, icon, list, heading, formula or code.

    The same texts as they are show that the check finds what acts: two in three do.
    """
    found = text_page.evaluate(READ)
    wanted_cases = {f"{place}_{number}" for place in PLACES for number in range(len(CORPUS))}
    for turns in (IN_TURN, LABELS):
        wanted_cases |= {f"{turns[number % len(turns)]}_{number}" for number in range(len(CORPUS))}
    assert set(found) == wanted_cases
    wrong = []
    acting = 0
    for case, (words, elements, marks) in found.items():
        place, number = re.fullmatch(r"(\w+)_(\d+)", case).groups()  # type: ignore[union-attr]
        wanted = AROUND.get(place, "{0}").replace("{0}", " ".join(CORPUS[int(number)].split()))
        badges = 1 if place in ("header", "badge") else 0
        if (" ".join(words.split()), elements, marks) != (wanted, OWN_ELEMENTS.get(place, ""), badges):
            acting += place == "unescaped"
            wrong += [(place, wanted, words, elements, marks)] if place != "unescaped" else []
    assert wrong == []
    assert acting > len(CORPUS) / 2, acting
