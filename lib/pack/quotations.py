"""Whether what a pack gives as the council's own words stands so, to the letter, in the pages that it was taken from.

Spaces and ends of lines do not count: a page breaks its lines where it likes. Where a pack gives no page of a service,
nothing can be held against it: its words then stand nowhere in quotation marks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lib.pack.faults import Fault, faults_at, quoted
from lib.pack.load import Pack
from lib.pack.manifest import MANIFEST, SourceText
from lib.pack.models import NOT_PUBLISHED, path_of

# The columns that hold a council's own words, beside what the manifest says for and against spot purchase.
QUOTED = {"gaps": "published_as", "council_words": "words"}


def one_line(text: str) -> str:
    """A text with a single space wherever it has any white space."""
    return " ".join(text.split())


@lru_cache(maxsize=16)
def pages(pack: Pack, service: str) -> tuple[tuple[SourceText, str], ...]:
    """The pages of a service, each with its text in one line."""
    return tuple((source, one_line(text)) for source, text in pack.source_texts(service))


@lru_cache(maxsize=1024)
def page_of(pack: Pack, service: str, words: str) -> SourceText | None:
    """The first page of a service in which the words stand to the letter; None where none has them."""
    wanted = one_line(words)
    if not wanted:
        return None
    # Not within a word: "N/A" is not found in "BBN/AC".
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return next((source for source, text in pages(pack, service) if pattern.search(text)), None)


def is_verbatim(pack: Pack, service: str, words: str) -> bool:
    """Whether words may stand in quotation marks."""
    return page_of(pack, service, words) is not None


def quotation_faults(pack: Pack) -> list[Fault]:
    """A fault for each text that is given as the council's words and is not in its pages, where these are given."""
    faults: list[Fault] = []
    for table, column in QUOTED.items():
        frame = pack.table(table)
        wrong = [
            place
            for place, (service, words) in enumerate(zip(frame["service"], frame[column], strict=True))
            if is_misquoted(pack, service, words)
        ]
        own = f", or {NOT_PUBLISHED}" if table == "gaps" else ""

        def fault(place: int, table: str = table, column: str = column, own: str = own) -> Fault:
            row = pack.table(table).iloc[place]
            expected = f"words that stand so, to the letter, in {named(pack, row['service'])}{own}"
            return Fault(path_of(table), pack.row_of(table, place), column, quoted(row[column]), expected)

        faults += faults_at(wrong, fault)
    for code, service in pack.manifest.services.items():
        faults += [
            Fault(
                MANIFEST, None, f"services.{code}.spot_purchase.{quoted(side.whose)}.says", quoted(text),
                f"words that stand so, to the letter, in {named(pack, code)}",
            )
            for side in service.spot_purchase
            for text in side.says
            if is_misquoted(pack, code, text)
        ]  # fmt: skip
    return faults


def is_misquoted(pack: Pack, service: str, words: str) -> bool:
    """Whether words that are given as a council's own stand in none of the pages that are given."""
    return words != NOT_PUBLISHED and bool(pages(pack, service)) and not is_verbatim(pack, service, words)


def named(pack: Pack, service: str) -> str:
    """The files of a service's pages."""
    return " or ".join(source.path for source, _ in pages(pack, service))
