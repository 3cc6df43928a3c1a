"""A publication as pages of HTML: for a screen, for paper, for a screen reader, with nothing from elsewhere.

The pages are made of the publication alone, so that nothing can stand in them that is not published. Everything from
data is escaped, no script runs, and nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from lib.market.plain_text import escape_html
from lib.market.wording import counted
from lib.publish.changes import ADDED, GONE, SHOWN, WITHHELD
from lib.publish.glance import glance
from lib.publish.parts import (
    bullets,
    document,
    grid,
    heading,
    links,
    listing,
    paragraph,
    passage,
    quotation,
    section,
)  # fmt: skip
from lib.publish.publication import DATA, GEOGRAPHY, SUPPRESSED_WORDS, Publication, licence_words
from lib.publish.report_words import public_rows, public_sentences, rules
from lib.publish.service_pages import growth_part, need_part, requests_part
from lib.publish.service_years import forecast_part, trend_part
from lib.whatif.decision.record import in_words

MOST_CHANGES = 500  # that the page lists of one table; the file has all
MOST_ROWS = 20  # that came or went, listed one by one: a whole new scenario is told as one number
INTENTION = "Intentions"


def summary_page(publication: Publication) -> str:
    """The summary of an edition: index.html."""
    about = publication.about
    parts = [
        ("need", "What care is needed, and where", per_service(publication, need_part)),
        ("trend", "How it has changed", per_service(publication, trend_part)),
        ("requests", "Open requests by locality", per_service(publication, requests_part)),
        ("forecast", "What could come: scenarios, not predictions", per_service(publication, forecast_part)),
        ("growth", "What the council wants to see grow", per_service(publication, growth_part)),
        ("intentions", "What the council intends, in its own words", intentions(publication)),
        ("join", "How to join, and whom to ask", joining(publication)),
        ("withheld", "What is not shown, and why", withheld(publication)),
        ("files", "The figures as files", files(publication)),
        ("editions", "Editions", editions(publication)),
        ("basis", "What it rests on", basis(publication)),
    ]
    kept = [(code, title, body) for code, title, body in parts if body]
    menu = links([(f"#{code}", title) for code, title, _ in kept])
    body = (
        opening(publication, about.title)
        + glance(publication)
        + f'<nav aria-label="Contents">\n{menu}</nav>\n'
        + "".join(section(code, title, body) for code, title, body in kept)
    )
    return document(about.title, body)


def opening(publication: Publication, title: str) -> str:
    """Whose it is, of when, and the marks that must stand with it."""
    about = publication.about
    marks = f'<div class="caution">\n{paragraph(about.demonstration)}</div>\n' if about.demonstration else ""
    when = f"Published by {about.council}. Edition {about.edition}. Data to {in_words(about.as_of.isoformat())}."
    kind = paragraph("For providers of care", "kind")
    return f"<header>\n{marks}{kind}<h1>{escape_html(title)}</h1>\n{paragraph(when)}</header>\n"


def per_service(publication: Publication, part: Callable[[Publication, str], str]) -> str:
    """A part of each service under the service's name; nothing where no service has one."""
    found = []
    for code, service in publication.about.services.items():
        body = part(publication, code)
        if body:
            found.append(heading(3, service.label) + body)
    return "".join(found)


def intentions(publication: Publication) -> str:
    """What the council's pages say: in quotation marks only what stands there so; then the intentions in short."""
    found = []
    for code, service in publication.about.services.items():
        words, short = (publication.of_service(name, code) for name in ("council_words", "intentions"))
        if not len(words) and not len(short):
            continue
        found.append(heading(3, service.label))
        for kind in dict.fromkeys(words["kind"]) if len(words) else ():
            found.append(heading(4, str(kind)))
            # Passages of one place stand together, and the place is named once beneath them.
            for source, passages in groupby(words[words["kind"] == kind].to_dict("records"), key=place_of_words):
                said = [f"“{row['words']}”" if row["verbatim"] == "yes" else row["words"] for row in passages]
                found.append(quotation(said, source))
        if len(short):
            found.append(heading(4, "In short (a summary, not the council's own words)"))
            found.append(bullets(short["intention"]))
    return "".join(found)


def place_of_words(row: Mapping[Hashable, Any]) -> str:
    """Where a passage stands: its heading, its page, when that was updated."""
    return ", ".join(part for part in (row["section"], row["source"], updated(row["last_updated"])) if part)


def updated(day: str) -> str:
    """When a page was last updated, in words; "" where that is not known."""
    return f"last updated {day}" if day else ""


def joining(publication: Publication) -> str:
    """How to join and whom to ask; "not given" where the council has not said."""
    about = publication.about
    parts = [heading(3, "How to join"), passage(about.how_to_join), heading(3, "Whom to ask"), passage(about.contact)]
    if "providers" in publication.tables:
        parts.append(heading(3, "Providers that agreed to be named here"))
        parts.append(bullets(publication.frame("providers")["provider_name"]))
    return "".join(parts)


def withheld(publication: Publication) -> str:
    """The rules, and the report of what they took."""
    report = publication.about.report
    titles = {name: short_title(table.title) for name, table in publication.tables.items()}
    measures = {(name, one.name): one.title for name, table in publication.tables.items() for one in table.fields}
    rows = public_rows(report, titles, measures)
    heads = ["Table", "Figure", "Figures", "Suppressed", "Share suppressed"]
    table = grid("What was suppressed, table by table", heads, rows, names=2) if rows else ""
    return bullets(rules(publication.about.disclosure)) + bullets(public_sentences(report, titles)) + table


def files(publication: Publication) -> str:
    """Every table as CSV and JSON."""
    about = publication.about
    pairs = [
        (f"{DATA}/{name}.{kind}", f"{short_title(table.title)}: {kind.upper()}, {counted(len(table.frame), 'row')}")
        for name, table in publication.tables.items()
        for kind in ("csv", "json")
    ]
    pairs += [
        (GEOGRAPHY, "Outlines of the districts: GeoJSON"),
        ("datapackage.json", "What the files are: datapackage.json"),
    ]
    licence = f"Licences: {licence_words(about.licenses)}." if about.licenses else ""
    return paragraph(SUPPRESSED_WORDS) + paragraph(licence) + links(pairs)


def short_title(title: str) -> str:
    """The title of a table up to its measures and dates, which stand in datapackage.json and beside the figures."""
    return title.split(": ")[0]


def editions(publication: Publication) -> str:
    """This edition, those before it, and what changed."""
    about = publication.about
    lines = [paragraph(f"This is edition {about.edition}, with data to {in_words(about.as_of.isoformat())}.")]
    if about.since is not None:
        lines.append(paragraph(changes_sentence(publication)) + links([("changes.html", "What changed, cell by cell")]))
    before = [
        (f"../{one.edition:04d}/index.html", f"Edition {one.edition}, with data to {in_words(one.as_of.isoformat())}")
        for one in reversed(about.earlier)
    ]
    return "".join(lines) + (heading(3, "Earlier editions") + links(before) if before else "")


def changes_sentence(publication: Publication) -> str:
    """How much changed since the last edition."""
    since = publication.about.since
    if since is None:
        return ""
    place = "" if since.here else ", published elsewhere,"
    start = f"Since edition {since.edition}{place} with data to {in_words(since.as_of.isoformat())}"
    if "changes" not in publication.tables:
        return f"{start}, no figure has changed."
    kinds = publication.frame("changes")["change"].value_counts()
    words = {ADDED: "new row", GONE: "row that is gone", SHOWN: "figure shown that was suppressed",
             WITHHELD: "figure suppressed that was shown"}  # fmt: skip
    plurals = {GONE: "rows that are gone", SHOWN: "figures shown that were suppressed",
               WITHHELD: "figures suppressed that were shown"}  # fmt: skip
    parts = [counted(int(kinds.get("changed", 0)), "figure changed", "figures changed")]
    parts += [counted(int(kinds[kind]), word, plurals.get(kind)) for kind, word in words.items() if kind in kinds]
    return f"{start}: {', '.join(parts)}."


def basis(publication: Publication) -> str:
    """The tables behind the figures with their statuses, rules and credits; what must be known of each service."""
    about = publication.about
    rows = [
        [
            one.title,
            one.status,
            f"{one.rule} {one.credit}".strip(),
            "; ".join(link.title or link.name for link in one.sources),
        ]
        for one in about.rests_on
    ]
    table = grid("Tables that the figures rest on", ["Table", "Status", "Rule and credit", "Sources"], rows, names=4)
    notes = [f"{service.label}: {line}" for service in about.services.values() for line in service.caveats]
    credit = paragraph(f"Outlines: {about.outlines_credit}") if about.outlines_credit else ""
    dates = listing(
        (one.label, f"{one.period}; data to {in_words(one.as_of.isoformat())}") for one in about.services.values()
    )
    return dates + bullets(notes) + table + credit


def changes_page(publication: Publication) -> str:
    """What changed since the last edition: changes.html."""
    about = publication.about
    title = f"{about.area}: what changed in edition {about.edition}"
    parts = [opening(publication, title), links([("index.html", "To the summary of this edition")])]
    parts.append(paragraph(changes_sentence(publication), "sentence") + paragraph(SUPPRESSED_WORDS))
    if "changes" in publication.tables:
        rows = publication.frame("changes")
        for place, name in enumerate(dict.fromkeys(rows["table"]), start=1):
            parts.append(
                section(f"table{place}", short_title(str(name)), changes_of_table(rows[rows["table"] == name]))
            )
    return document(title, "".join(parts))


def changes_of_table(rows: pd.DataFrame) -> str:
    """What changed in one table: cell by cell; of many rows that came or went, only how many."""
    body = ""
    for kind, plural in ((ADDED, "new rows"), (GONE, "rows gone")):
        count = int((rows["change"] == kind).sum())
        if count > MOST_ROWS:
            body += paragraph(f"{count:,} {plural}, which the file data/changes.csv names.")
            rows = rows[rows["change"] != kind]
    listed = rows.head(MOST_CHANGES)
    more = len(rows) - len(listed)
    if len(listed):
        body += grid(
            "What changed, cell by cell", ["Row", "Figure", "What changed", "Before", "After"],
            listed[["row", "figure", "change", "before", "after"]].itertuples(index=False, name=None), names=3,
        )  # fmt: skip
    return body + (paragraph(f"And {more:,} more, which the file data/changes.csv has.") if more else "")
