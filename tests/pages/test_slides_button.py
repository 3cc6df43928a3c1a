"""The button that makes slides: where it stands, what it makes, and the council's own template."""

from __future__ import annotations

import io
from typing import Any

import pytest
import streamlit as st
from app_pages import ENGAGEMENT, OVERVIEW, WHAT_IF
from pptx import Presentation
from service_pages import BREAKS, HOME, MARKET, Page, opened, shown
from streamlit.testing.v1 import AppTest

from lib.export.slides import deck as decks
from lib.view.what_if.state import scenario_key
from lib.whatif.scenarios.scenario import Demand, Scenario

LABEL = "Slides (PowerPoint)"
TITLES = "Two Content"


def template(bodies: bool = True) -> bytes:
    """A template of 4 to 3; without bodies, one that has only titles."""
    made = Presentation()
    if not bodies:
        for layout in list(made.slide_layouts):
            if layout.name != "Title Only":
                made.slide_layouts.remove(layout)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class Given(io.BytesIO):
    """A file as Streamlit hands it over."""

    name = "council.pptx"


def with_file(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Have somebody give a template: AppTest cannot."""
    box = st.file_uploader

    def given(label: str, **others: Any) -> Any:
        box(label, **others)
        return Given(content) if label.startswith("Your own template") else None

    monkeypatch.setattr(st, "file_uploader", given)


def titles(content: bytes) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(content)).slides]


@pytest.mark.parametrize("page", [OVERVIEW, ENGAGEMENT])
def test_slides_stand_among_the_downloads(page: str) -> None:
    offer = opened(page, {"service": BREAKS}).offer(LABEL)
    assert offer.name == "short_breaks_slides_internal_do_not_share.pptx"
    assert titles(offer.data())[0] == "Children's short breaks in Essex"


def test_a_services_page_has_its_own() -> None:
    assert shown(HOME, MARKET).offer(LABEL).name == "domiciliary_care_slides_internal_do_not_share.pptx"


def test_no_deck_is_made_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> bytes:
        raise AssertionError("a deck was made")

    monkeypatch.setattr(decks, "deck", refuse)
    page = opened(WHAT_IF, {"service": HOME, "what_if_tab": "Scenarios"})
    assert not page.app.exception
    with pytest.raises(AssertionError, match="a deck was made"):
        page.offer(LABEL).data()


def what_if(**state: Any) -> Page:
    return opened(WHAT_IF, {"service": HOME, "what_if_tab": "Scenarios"} | state)


def test_on_what_if_they_are_of_the_scenario_on_screen() -> None:
    scenario = Scenario(name="Four more", service=HOME, years=3, demand=Demand(need_growth_pct=4))
    offer = what_if(**{scenario_key(HOME): scenario}).offer(LABEL)
    assert offer.name == "domiciliary_care_scenario_slides_internal_do_not_share.pptx"
    assert any(title.startswith("If need grows 4% a year") for title in titles(offer.data()))


def test_the_councils_template_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with_file(monkeypatch, template())
    made = Presentation(io.BytesIO(what_if().offer(LABEL).data()))
    assert (made.slide_width.pt, made.slide_height.pt) == (720, 540)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"words", r"found a file of another kind, expected a PowerPoint file that ends in .pptx or .potx"),
        (template(bodies=False), "found no layout with both, or none with room enough, expected a layout"),
    ],
)
def test_another_template_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, content: bytes, expected: str
) -> None:
    with_file(monkeypatch, content)
    page = what_if()
    assert LABEL not in [offer.label for offer in page.offers]
    (said,) = [one.value for one in page.app.error]
    assert expected in said.replace("\\", "")


def test_the_market_is_offered_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIENCE", "market")
    app: AppTest = opened(OVERVIEW).app
    assert LABEL not in [button.label for button in app.get("download_button")]
