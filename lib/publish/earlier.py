"""What earlier editions have told: what one of them hides stays hidden, what one has shown is known for good."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib.market.disclosure import SUPPRESSED
from lib.market.selection import COUNTY, COUNTY_CODE, DISTRICT
from lib.pack.load import Pack
from lib.publish.cells import ALL, NOW, Block, Figure, Known, SafeRelease, Secret, interval
from lib.publish.localities import WARD

MEASURES = {
    "demand": ("people", "delivered_hours", "waiting_hours", "open_requests"),
    "supply": ("providers", "capacity_hours"),
    "requests": ("open_requests", "waiting_hours"),
    "trend": ("hours_per_week", "people", "new_requests"),
}
# What today's figure is called in the trend of a later edition.
IN_TREND = {"people": "people", "delivered_hours": "hours_per_week"}
NEAR = 1e-6


def known_from(pack: Pack, earlier: Sequence[SafeRelease], blocks: dict[str, Block]) -> tuple[set[Secret], set[Secret]]:
    """The secrets that must stay hidden, and those that are out. What is known of the latter is added to the blocks.

    A number that today's figures contradict, as they were corrected since, tells nothing of them.
    """
    figures: dict[Secret, Figure] = {}
    for block in blocks.values():
        for one in block.figures:
            figures.setdefault(one.secret, one)
    hidden: set[Secret] = set()
    out: set[Secret] = set()
    for edition in earlier:
        for secret, cell in cells_of(pack, edition):
            figure = figures.get(secret)
            if figure is None:
                continue
            if cell == SUPPRESSED:
                hidden.add(secret)
                continue
            block = blocks[figure.block]
            bases = edition.settings.round_counts if figure.counts else edition.settings.round_hours
            told = replace(figure, shown=cell, base=figure.base and bases)
            low, high = interval(told, edition.settings, block.whole)
            if low - NEAR <= figure.value <= high + NEAR:
                out.add(secret)
                block.known.append(Known(figure.places, figure.weights, low, high))
    return hidden, out - hidden


def cells_of(pack: Pack, edition: SafeRelease) -> Iterable[tuple[Secret, Any]]:
    """The cells of an edition as the secrets of this one: today's where the dates are the same, else its quarter's."""
    for table in edition.tables:
        for measure in MEASURES.get(table.name, ()):
            for row in table.frame.to_dict("records"):
                secret = secret_of(pack, edition, table.name, measure, row)
                cell = row[measure]
                if secret is not None and not (isinstance(cell, float) and math.isnan(cell)) and cell != "":
                    yield secret, cell if cell == SUPPRESSED else float(cell)


def secret_of(pack: Pack, edition: SafeRelease, table: str, measure: str, row: Mapping[Any, Any]) -> Secret | None:
    """What a cell of an edition tells of, as this one names it; None where this one has nothing of the kind."""
    service = str(row["service"])
    if service not in pack.manifest.services or service not in edition.dates:
        return None
    date = edition.dates[service]
    today = date == str(pack.manifest.date_of(service))
    if table == "trend":
        code = str(row["district_code"])
        kind, period = (COUNTY if code == COUNTY_CODE else DISTRICT), str(row["period"])
        secret = Secret(service, measure, kind, code, ALL, str(row["cohort"]), period)
        if today and period == date[:7] and measure != "new_requests":
            name = {trend: now for now, trend in IN_TREND.items()}[measure]
            return secret._replace(measure=name, period=NOW)
        return secret
    if table == "requests":
        area = f"{row['district_code']}/{row['ward_code']}"
        return Secret(service, measure, WARD, area, ALL, ALL) if today else None
    secret = Secret(
        service,
        measure,
        str(row["area_kind"]),
        str(row["area_code"]),
        str(row["service_type"]),
        str(row.get("cohort", ALL)),
    )
    if today:
        return secret
    if measure in IN_TREND and secret.service_type == ALL:
        return secret._replace(measure=IN_TREND[measure], period=date[:7])
    return None
