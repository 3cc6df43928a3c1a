"""The provider's view of a publication: drawn by this for the market, and by this in the council's preview of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lib.publish.publication import Publication
from lib.publish.why import Place, Why
from lib.view.market_audience.choices import Asked, ask
from lib.view.market_audience.link import SERVICE_KEY, write_link
from lib.view.market_audience.need import need_part
from lib.view.market_audience.parts import NO_FIGURES, forecast_part, growth_part, requests_part, trend_part
from lib.view.market_audience.shown import View
from lib.view.market_audience.words import WholeEdition, files_part, intentions_part, joining_part, withheld_part
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown
from lib.whatif.decision.record import in_words

STYLE = Path(__file__).parent.parent / "assets" / "market.css"
TABS = (
    "How it has changed", "Open requests by locality", "Years ahead", "What is to grow", "The council's own words",
    "How to join, whom to ask", "What is withheld", "Open data",
)  # fmt: skip
NO_REASONS: Mapping[Place, Why] = {}


def whose(publication: Publication, service: str) -> str:
    """As Markdown: the mark of a demonstration, whose publication it is, and to which day the figures run."""
    about = publication.about
    mark = f"**{escape_markdown(about.demonstration)}** " if about.demonstration else ""
    return mark + escape_markdown(edition_words(publication, service))


def edition_words(publication: Publication, service: str) -> str:
    """Whose publication it is, which edition, and to which day the figures run."""
    about = publication.about
    when = f"For providers of care. Published by {about.council}. Edition {about.edition}. "
    return f"{when}Data to {in_words(about.services[service].as_of.isoformat())}."


def choose_service(publication: Publication, in_link: bool = False) -> str:
    """The service switch; no switch where there is one service. in_link: see `provider_view`."""
    labels = {code: one.label for code, one in publication.about.services.items()}
    if len(labels) == 1:
        return next(iter(labels))
    return switch("Service", labels, key=SERVICE_KEY, in_link=in_link)


@st.fragment
def provider_view(
    publication: Publication, service: str, whole: WholeEdition, why: Mapping[Place, Why] = NO_REASONS,
    in_link: bool = False,
) -> None:  # fmt: skip
    """Everything of one service. whole: the edition as one zip file. why: in the preview alone, why each cell is c.
    in_link: whether the choices are part of the page's link; in the preview they are the session's alone.

    A fragment: a choice redraws this and nothing else.
    """
    st.html(STYLE)
    view = View(publication, service, why)
    asked = Asked()
    if view.rows("demand").empty:
        st.header(escape_markdown(f"{view.label}: no figures of what is needed are published."), anchor=False)
        st.info(NO_FIGURES)
    else:
        with st.container(gap="xsmall", key="first_screen"):
            said = st.container(gap=None)
            asked = ask(view)
            need_part(view, asked, said)
    if in_link:
        write_link(view, asked)
    trend, requests, forecast, growth, words, joining, withheld, files = st.tabs(list(TABS))
    with trend:
        trend_part(view, asked)
    with requests:
        requests_part(view, asked)
    with forecast:
        forecast_part(view, asked)
    with growth:
        growth_part(view, asked)
    with words:
        intentions_part(view)
    with joining:
        joining_part(view)
    with withheld:
        withheld_part(view)
    with files:
        files_part(view, whole)
