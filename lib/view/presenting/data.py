"""The Data page as a room sees it: whether the totals agree, and the published ones beside the pack's."""

from __future__ import annotations

from lib.market.units import UNITS
from lib.market.wording import counted
from lib.pack.load import Pack
from lib.view.data.page import agreement, reconciliation
from lib.view.presenting.blocks import rows
from lib.view.presenting.room import Room

MOST_TOTALS = 12
POUNDS = "GBP"
TITLE = "The data behind the figures"


def data_room(pack: Pack, service: str) -> Room:
    """The published totals, of every service."""
    del service
    lines = reconciliation(pack, pack.key)
    published = lines[lines["kind"] == "published"]
    gaps = pack.table("gaps")
    unknown = f"; {counted(len(gaps), 'figure')} {'is' if len(gaps) == 1 else 'are'} not published" if len(gaps) else ""
    first = published.head(MOST_TOTALS)
    found = [
        (str(row["measure"]), figure(row["expected"], row["unit"]), figure(row["actual"], row["unit"]))
        for row in first.to_dict("records")
    ]
    which = f"The first {len(first)} of {len(published)} published totals" if len(published) > len(first) else "Totals"
    side = rows(which, "", ("", "Published", "In this pack"), found) if found else ""
    return Room(title=TITLE, sentence=f"{agreement(published, lines)}{unknown}.", side=side)


def figure(value: float, unit: str) -> str:
    """A total as it is read. unit: as published facts write it, or one of ours."""
    if unit.startswith(POUNDS):
        return f"£{value:,.0f}"
    return UNITS[unit].show(value) if unit in UNITS else f"{value:,.10g}"
