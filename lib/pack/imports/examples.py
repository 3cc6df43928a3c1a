"""Two rows of a table that a template shows: made up, of the right form, and such that a pack would take them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lib.pack.description import Column, description
from lib.pack.load import Pack
from lib.pack.models import MONTH_PATTERN, NOT_PUBLISHED, TABLES
from lib.pack.vocabulary import FILTERS

ROWS = 2
LOT = ("service", "service_type", "cohort")
# What nobody could guess from the model of a table: the form of its texts, and numbers that are likely ones.
SAMPLES: Mapping[str, tuple[str, str]] = {
    "provider_id": ("EXAMPLE-1", "EXAMPLE-2"),
    "provider_name": ("Example Care", "Another Example Care"),
    "office_postcode": ("ZZ1 1AA", "ZZ1 1AB"),
    "request_id": ("EXAMPLE-1", "EXAMPLE-2"),
    "id": ("example_1", "example_2"),
    "intention_id": ("example_1", "example_2"),
    "word_id": ("example_1", "example_2"),
    "district_name": ("Example", "Another Example"),
    "ward_name": ("Example Ward", "Another Example Ward"),
    "group_name": ("Example North", "Example South"),
    "rural_urban_class": ("Urban", "Rural"),
    "framework": ("Example framework", ""),
    "framework_cohort_label": ("Example label", ""),
    "measure": ("Example: hours of care", "Example: children supported"),
    "value": ("1200", "85"),
    "unit": ("hours a week", "people"),
    "source": ("Example report, page 1", "Example report, page 2"),
    "period": ("2024/25", "2024/25"),
    "published_as": (NOT_PUBLISHED, "Not known"),
    "intention": ("Example: enough care in every district", "Example: better quality of care"),
    "tracked_by": ("coverage", "none yet"),
    "words": ("Example: what the page says, to the letter.", "Example: the next sentence of it."),
    "latitude": ("52.1", "52.2"),
    "longitude": ("-0.1", "-0.2"),
    "area_km2": ("110.5", "340"),
    "rural_share_65": ("0.25", "0.6"),
    "deprivation_score": ("18.2", "12.7"),
    "persons": ("12400", "3150"),
    "weight": ("1", "2.5"),
    "people": ("120", "45"),
    "hours_per_week": ("1450.5", "620"),
    "annual_cost": ("1900000", "812000"),
    "capacity_hours": ("180", ""),
    "delivered_hours": ("150", "40.5"),
    "hourly_rate": ("24.5", "26.1"),
    "performance_score": ("82.5", ""),
    "new_requests": ("14", "6"),
    "median_days_to_source": ("4.5", ""),
}
COUNTED = {"demand": "hours_per_week", "capacity": "delivered_hours"}  # what the example of a reconciliation adds up


def example_rows(table: str, pack: Pack | None) -> list[dict[str, str]]:
    """Two rows as text, column by column, "" for nothing; with a pack in its own codes, so that it would take them."""
    rows = [{name: cell(table, column, place, pack) for name, column in columns_of(table).items()} for place in (0, 1)]
    if pack is None:
        return rows
    for place, row in enumerate(rows):
        # Codes that are right each by itself need not be a lot of the pack together.
        if {*LOT} <= {*row}:
            row |= lot_of(pack, place, LOT)
        elif {"service", "cohort"} <= {*row}:
            row |= lot_of(pack, place, ("service", "cohort"))
        if "requested_on" in row:
            made = pack.manifest.date_of(row["service"]) - dt.timedelta(days=30 - place)
            row["requested_on"] = str(made)
            row["placed_on"] = str(made + dt.timedelta(days=9)) if row["placed_on"] else ""
        if "rank" in row:
            row["rank"] = str(place + 1) if pack.manifest.routes[row["route"]].framework else ""
        if table == "reconciliation":
            row["column"] = COUNTED[row["table"]]
    return rows


def lot_of(pack: Pack, place: int, parts: tuple[str, ...]) -> dict[str, str]:
    """The parts of a lot of the pack, the last where it has no more of them; nothing where it has none."""
    lots = pack.table("lots")
    return {part: str(lots[part].iloc[min(place, len(lots) - 1)]) for part in parts} if len(lots) else {}


def columns_of(table: str) -> Mapping[str, Column]:
    """The columns of a table."""
    return description(TABLES[table]).columns


def cell(table: str, column: Column, place: int, pack: Pack | None) -> str:
    """One cell of an example, by the place of its row."""
    listed = values_of(table, column, pack)
    if listed:
        empty = column.nullable and place == ROWS - 1
        return "" if empty else listed[min(place, len(listed) - 1)]
    if column.nullable and (column.optional or column.refers_to or column.kind == "str") and column.name != "value":
        return SAMPLES.get(column.name, ("", ""))[place] if table == "lots" else ""
    if column.kind.startswith("datetime"):
        day = (pack.manifest.as_of if pack else dt.date(2025, 3, 31)) - dt.timedelta(days=60 + place)
        return "" if column.nullable and place == ROWS - 1 else str(day)
    if column.kind == "bool":
        return ("true", "false")[place]
    if column.pattern == MONTH_PATTERN:
        return f"{pack.manifest.as_of if pack else dt.date(2025, 3, 31):%Y-%m}"
    if column.name == "year":
        return str((pack.manifest.as_of.year if pack else 2025) + place)
    if column.name == "age_band":
        return ("65-74", "75-84")[place]
    if column.name in ("district_code", "ward_code") and not column.refers_to:
        return ("E07999998", "E07999999")[place] if column.name == "district_code" else f"E0599999{8 + place}"
    return SAMPLES.get(column.name, (f"Example {place + 1}", f"Example {place + 1}"))[place]


def values_of(table: str, column: Column, pack: Pack | None) -> list[str]:
    """The values that the example of a column is taken from, where they are a list."""
    if column.one_of:
        return list(column.one_of)
    words = column.words or (FILTERS.get(column.name, "") if table == "reconciliation" else "")
    if words and pack is not None:
        return list(pack.manifest.vocabulary(words))
    if words:
        return [f"{words}_1", f"{words}_2"]
    other, _, target = column.refers_to.partition(".")
    if not other or pack is None or (column.nullable and table == "council_words"):
        return []
    frame = pack.table(other)
    if table == "reconciliation":
        frame = frame[frame["value"].str.fullmatch(r"\d+(\.\d+)?", na=False)]
    return list(dict.fromkeys(frame[target].dropna()))[:ROWS]
