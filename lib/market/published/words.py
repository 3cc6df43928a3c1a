"""What the council's pages say of a service, passage by passage, each with its date and the figures that track it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from lib.market.basis import together
from lib.market.profile import county_profile
from lib.market.published.facts import superseded_words
from lib.market.published.intentions import figures_named, figures_text
from lib.market.selection import select
from lib.pack.load import Pack
from lib.pack.models import WORD_KINDS
from lib.pack.quotations import page_of

COLUMNS = [
    *("word_id", "kind", "section", "words", "verbatim", "last_updated", "source"),
    *("figures", "figures_text", "status", "superseded"),
]
# What of these is told in a file.
IN_FILE = ["kind", "section", "words", "last_updated", "figures_text", "status", "superseded", "source"]


def day_words(day: dt.date) -> str:
    """A day as people read it: 28 November 2025."""
    return f"{day.day} {day:%B %Y}"


def council_words(pack: Pack, service: str) -> pd.DataFrame:
    """The passages of a service, kind by kind in the order of WORD_KINDS and within a kind in that of the file.

    Columns: word_id, kind, section (the heading that it stands under, "" for none), words, verbatim (whether they
    stand so in a source text of the pack: only then may they stand in quotation marks), last_updated (of that page, in
    words) and source (its title), both "" where they stand in none; figures (a tuple of Figure, those of the passage's
    own indicators, else of its intention), figures_text (the same in one text, or "no figure yet"), status (the weakest
    of them, "" without one), superseded (by which newer fact, in words; "" for none). SelectionError for a service that
    there is not.
    """
    selection = select(pack, service)
    county = county_profile(pack, selection)
    intentions = pack.table("intentions").fillna("")
    intentions = intentions[intentions["service"] == service]
    tracked = dict(zip(intentions["intention_id"], intentions["indicators"], strict=True))
    rows = pack.table("council_words")
    found = []
    for row in rows[rows["service"] == service].fillna("").to_dict("records"):
        page = page_of(pack, service, row["words"])
        figures = figures_named(pack, selection, county, row["indicators"] or tracked.get(row["intention_id"], ""))
        found.append(
            {
                **{name: row[name] for name in ("word_id", "kind", "section", "words")},
                "verbatim": page is not None,
                "last_updated": day_words(page.last_updated) if page else "",
                "source": page.title if page else "",
                "figures": figures,
                "figures_text": figures_text(figures),
                "status": str(together(one.status for one in figures)) if figures else "",
                "superseded": superseded_words(pack, row["superseded_by"]),
            }
        )
    order = list(WORD_KINDS)
    found.sort(key=lambda one: order.index(str(one["kind"])))
    return pd.DataFrame(found, columns=COLUMNS)
