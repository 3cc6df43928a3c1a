"""In words: what the council intends, how to join and whom to ask, what is withheld, and the open data to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.export.edition import edition_workbook
from lib.export.workbook import MIME
from lib.market.tables import as_json
from lib.publish.page import INTENTION, changes_sentence, updated
from lib.publish.parts import bullets, heading, paragraph, passage, quotation
from lib.publish.publication import SUPPRESSED_WORDS, licence_words
from lib.publish.report_words import public_rows, public_sentences, rules
from lib.publish.write import csv_of
from lib.view.market_audience.shown import Cell, View
from lib.view.market_audience.tables import draw_grid, offer
from lib.view.widgets.text import escape_markdown
from lib.whatif.decision.record import in_words

WholeEdition = Callable[[], bytes]


def intentions_part(view: View) -> None:
    """What the council's pages say, in quotation marks only what stands there so; then the intentions in short."""
    words, short = (view.publication.of_service(name, view.service) for name in ("council_words", "intentions"))
    found = []
    for kind in dict.fromkeys(words["kind"]) if len(words) else ():
        found.append(heading(3, str(kind)))
        for row in words[words["kind"] == kind].to_dict("records"):
            source = ", ".join(one for one in (row["section"], row["source"], updated(row["last_updated"])) if one)
            found.append(quotation(f"“{row['words']}”" if row["verbatim"] == "yes" else row["words"], source))
    if len(short):
        found.append(heading(3, f"{INTENTION} in short (a summary, not the council's own words)"))
        found.append(bullets(short["intention"]))
    draw_words("".join(found) or paragraph("The council has published no intentions here."))


def joining_part(view: View) -> None:
    """How to join and whom to ask; "not given" where the council has not said."""
    about = view.publication.about
    found = [heading(3, "How to join"), passage(about.how_to_join), heading(3, "Whom to ask"), passage(about.contact)]
    if "providers" in view.publication.tables:
        found.append(heading(3, "Providers that agreed to be named here"))
        found.append(bullets(view.publication.frame("providers")["provider_name"]))
    draw_words("".join(found))


def withheld_part(view: View) -> None:
    """The rules, and how many figures they withhold, table by table."""
    publication = view.publication
    about = publication.about
    titles = {name: table.title.split(":")[0] for name, table in publication.tables.items()}  # not the dates of each
    measures = {(name, one.name): one.title for name, table in publication.tables.items() for one in table.fields}
    draw_words(bullets([*rules(about.disclosure), *public_sentences(about.report, titles)]))
    heads = ["Table", "Figure", "Figures", "Suppressed", "Share suppressed"]
    rows = [[Cell(one) for one in row] for row in public_rows(about.report, titles, measures)]
    if rows:
        draw_grid("What is suppressed, table by table", heads, rows, 2)


def files_part(view: View, whole: WholeEdition) -> None:
    """The open data as files, what it rests on, and its licences. whole: the edition as one zip file."""
    publication = view.publication
    about = publication.about
    name = f"{about.name}_edition_{about.edition}"
    st.markdown(escape_markdown(SUPPRESSED_WORDS))
    offer("The whole edition (zip)", whole, f"{name}.zip", "application/zip", "whole")
    offer("Every table (Excel)", lambda: edition_workbook(publication), f"{name}_tables.xlsx", MIME, "workbook")
    for code, table in publication.tables.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"shared_file_{code}"):
            st.markdown(escape_markdown(table.title))
            offer(f"{code} (CSV)", partial(csv_of, table), f"{code}.csv", "text/csv", f"{code}_csv")
            written = partial(as_json, table.frame)
            offer(f"{code} (JSON)", written, f"{code}.json", "application/json", f"{code}_json")
    shapes = "Outlines of the districts (GeoJSON)"
    offer(shapes, lambda: publication.outlines, "districts.geojson", "application/geo+json", "outlines")
    notes = [changes_sentence(publication)] if about.since is not None else []
    notes += [f"Licences: {licence_words(about.licenses)}."] if about.licenses else []
    notes += [f"Outlines: {about.outlines_credit}"] if about.outlines_credit else []
    notes += [
        f"Edition {one.edition} came before, with data to {in_words(one.as_of.isoformat())}." for one in about.earlier
    ]
    notes += list(about.services[view.service].caveats)
    draw_words(bullets(notes))
    basis = [
        [Cell(one.title), Cell(one.status), Cell(f"{one.rule} {one.credit}".strip()),
         Cell("; ".join(link.title or link.name for link in one.sources))]
        for one in about.rests_on
    ]  # fmt: skip
    draw_grid("Tables that the figures rest on", ["Table", "Status", "Rule and credit", "Sources"], basis, 4)


def draw_words(body: str) -> None:
    """HTML of the publication's own pieces, which escape whatever they are given."""
    st.html(f'<div class="shared-words">{body}</div>')
