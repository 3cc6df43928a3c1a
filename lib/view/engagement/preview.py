"""Preview as the market: what a provider would see of the publication made now, with a mark on all that is withheld."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.market.sharing import INTERNAL
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.publish.preview import Preview, preview
from lib.publish.report_words import in_sentences
from lib.publish.why import Why
from lib.publish.write import files_of
from lib.view.engagement.publish import chosen_scenarios, publication_folder
from lib.view.market_audience.folder import zip_of
from lib.view.market_audience.shown import Cell
from lib.view.market_audience.tables import draw_grid
from lib.view.market_audience.view import choose_service, provider_view, whose
from lib.view.shell import head_of_page
from lib.view.widgets.text import escape_markdown
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.scenarios.store_faults import StoreError

SWITCH = "preview_as_market"
EXPLAINED = (
    "Below is what a provider would see if the publication were made now. Nothing is published by looking. Every "
    "figure that is withheld is marked with its reason, which providers do not see."
)


WORKING = (
    "Working out what can be shown safely: a minute or two the first time, and kept for as long as the data and what "
    "is published stay the same."
)


def choose_preview() -> bool:
    """The switch."""
    return st.toggle("Preview as the market", key=SWITCH, persist_state="session")


def draw_preview(pack: Pack) -> None:
    """The provider's view of what would be published now, under what is for the council alone."""
    scenarios = chosen_scenarios(pack)
    try:
        folder = publication_folder(pack)
        with st.spinner(WORKING, show_time=True):
            made = made_now(pack, scenarios, pack.key, documents(scenarios), str(folder), state_of(folder))
    except (PackError, ScenarioError, StoreError) as error:
        st.error(escape_markdown(str(error)))
        return
    with head_of_page().beside:
        service = choose_service(made.publication)
    draw_reasons(made)
    with st.container(key="preview_of_market"):
        st.title(escape_markdown(made.publication.about.title), anchor=False)
        st.markdown(whose(made.publication, service))
        provider_view(made.publication, service, lambda: zip_of(files_of(made.publication)), made.why)


@st.cache_resource(max_entries=2, show_spinner=False)
def made_now(
    _pack: Pack, _scenarios: list[Scenario], key: str, told: tuple[str, ...], folder: str, editions: tuple[str, ...]
) -> Preview:
    """The publication, worked out once for the same pack, scenarios and editions before it."""
    del key, told, editions
    return preview(_pack, folder, _scenarios)


def documents(scenarios: list[Scenario]) -> tuple[str, ...]:
    """What tells scenarios from others."""
    return tuple(str(one.document()) for one in scenarios)


def state_of(folder: Path) -> tuple[str, ...]:
    """What tells the editions of a folder from others."""
    return tuple(f"{one} {one.stat().st_mtime_ns}" for one in sorted(folder.glob("editions/*/datapackage.json")))


def draw_reasons(made: Preview) -> None:
    """What is withheld and why, table by table: for the council alone."""
    st.info(escape_markdown(" ".join([EXPLAINED, *in_sentences(made.report), INTERNAL])))
    closed = st.expander("What is withheld, table by table, and why", key="preview_reasons", on_change="rerun")
    if not closed.open:
        return
    with closed:
        draw_grid(
            f"What is withheld, and why. {INTERNAL}", ["Table", "Figure", *(one.words for one in Why)], counts(made), 2
        )
        for one in Why:
            st.markdown(f"- **{escape_markdown(one.words)}**: {escape_markdown(one.sentence)}")


def counts(made: Preview) -> list[list[Cell]]:
    """A row a table and column that has anything withheld: how many cells for each reason."""
    tables = made.publication.tables
    found: dict[tuple[str, str], dict[Why, int]] = {}
    for (table, _, column), why in made.why.items():
        of_column = found.setdefault((table, column), dict.fromkeys(Why, 0))
        of_column[why] += 1
    return [
        [
            Cell(tables[table].title),
            Cell(next(one.title for one in tables[table].fields if one.name == column)),
            *(Cell(f"{number:,}") for number in of_column.values()),
        ]
        for (table, column), of_column in found.items()
    ]
