"""The last slides of a service: where its figures come from, what is not published, and what to bear in mind."""

from __future__ import annotations

from collections import Counter

from lib.export.slides.maker import Maker
from lib.export.slides.native_tables import Column
from lib.export.slides.records import Shown
from lib.export.slides.text import LEAST, Paragraph, height_of
from lib.export.slides.today import draw_parts
from lib.market.about import about
from lib.market.awaited import NOT_YET
from lib.market.indicators import every_input
from lib.market.wording import counted, listed
from lib.pack.load import Pack

BEAR_IN_MIND = 16


def sources_slides(maker: Maker, shown: Shown) -> None:
    """The tables that the figures rest on, the gaps, and the caveats."""
    tables_slides(maker, shown)
    gaps_slides(maker, shown)
    caveats_slides(maker, shown)


def tables_of(pack: Pack) -> list[str]:
    """The tables that the figures of a market rest on."""
    return list(every_input(pack).tables)


def tables_slides(maker: Maker, shown: Shown) -> None:
    """Each table with its status, how it was made, and its sources."""
    pack = maker.pack
    names = tables_of(pack)
    resources = [pack.manifest.resource(name) for name in names]
    statuses = tuple(
        NOT_YET if not pack.given(name) else str(one.status) for name, one in zip(names, resources, strict=True)
    )
    count = Counter(statuses)
    words = [f"{number} {'is' if number == 1 else 'are'} {status}" for status, number in count.most_common()]
    titles = [f"Of {counted(len(names), 'table')} behind these figures, {listed(words)}."]
    told = about(pack, "What the figures rest on", every_input(pack), service=shown.service)
    page = maker.page(shown, told, titles)
    columns = [
        Column("Table", tuple(one.title for one in resources), 1.0),
        Column("Status", statuses, 0.4),
        Column("How it was made", tuple(one.rule for one in resources), 2.2),
        Column("Sources", tuple("; ".join(source.title for source in one.sources) for one in resources), 1.4),
    ]
    draw_parts(maker, page, shown, told, columns, "What the figures rest on", titles)


def gaps_slides(maker: Maker, shown: Shown) -> None:
    """What the council does not publish; no slide where it lacks nothing."""
    pack = maker.pack
    gaps = pack.table("gaps")
    rows = gaps[gaps["service"] == shown.service].fillna("").to_dict("records")
    if not rows:
        return
    are = "is" if len(rows) == 1 else "are"
    titles = [f"{counted(len(rows), 'figure')} {are} not published, and none is filled in silently."]
    told = about(pack, "What is not published", "gaps", service=shown.service)
    page = maker.page(shown, told, titles)
    columns = [
        Column("Figure", tuple(str(row["measure"]) for row in rows), 1.0),
        Column("What is published instead", tuple(str(row["published_as"]) for row in rows), 1.4),
        Column("What would fill it", tuple(str(row["filled_by"]) for row in rows), 1.6),
    ]
    draw_parts(maker, page, shown, told, columns, "What is not published", titles)


def caveats_slides(maker: Maker, shown: Shown) -> None:
    """What to bear in mind of the service's figures, and the credits due; over as many slides as they need."""
    pack = maker.pack
    caveats = pack.service(shown.service).caveats
    credits = dict.fromkeys(
        credit for name in (*tables_of(pack), "districts_geography") if (credit := pack.manifest.resource(name).credit)
    )
    told = about(pack, "What to bear in mind", every_input(pack), service=shown.service)
    number = len(caveats)
    titles = [f"{counted(number, 'thing')} to bear in mind" if number else "Credits"]
    left = [*(Paragraph(text, BEAR_IN_MIND) for text in caveats), *(Paragraph(text, LEAST) for text in credits)]
    part = 0
    while left:
        part += 1
        page = maker.page(shown, told, titles, part=f"continued, {part}" if part > 1 else "")
        taken = 1
        while taken < len(left) and height_of(left[: taken + 1], page.body.width, 10) <= page.body.height:
            taken += 1
        page.text(page.body, left[:taken], "What to bear in mind", after=8)
        left = left[taken:]
