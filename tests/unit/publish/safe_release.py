"""A release made by hand, of the tiny pack: every table, suppressed and unknown cells, and hostile names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from lib.pack.manifest import Disclosure
from lib.publish.cells import Field, SafeRelease, SafeTable
from lib.publish.report import Loss, Report, Solved
from lib.whatif.scenarios.scenario import Scenario

NONE = math.nan
HOME = ("home", "Home care")
STATUS, UNIT = "modelled", "hours a week"


def table(
    name: str, title: str, columns: dict[str, tuple[str, str]], rows: Sequence[Sequence[Any]], note: str = ""
) -> SafeTable:
    """columns: type (string or number) and title by name."""
    fields = tuple(
        Field(
            column,
            head,
            kind,
            UNIT if "hours" in column else "",
            f"What {head.lower()} is",
            "" if kind == "string" else STATUS,
        )
        for column, (kind, head) in columns.items()
    )
    frame = pd.DataFrame(
        {column: pd.Series([row[place] for row in rows], dtype="object") for place, column in enumerate(columns)}
    )
    return SafeTable(name, title, frame, fields, note)


def texts(*names: str) -> dict[str, tuple[str, str]]:
    return {name: ("string", name.replace("_", " ").capitalize()) for name in names}


def numbers(**titles: str) -> dict[str, tuple[str, str]]:
    return {name: ("number", title) for name, title in titles.items()}


AREA = texts("service", "service_name", "area_kind", "area_code", "area_name")
LOT = texts("service_type", "service_type_name", "cohort", "cohort_name")
DEMAND = {
    **AREA, **LOT,
    **numbers(people="People supported", delivered_hours="Delivered hours", waiting_hours="Waiting hours",
              demand_hours="Demand hours", open_requests="Open requests"),
}  # fmt: skip
ASH, BIRCH, CEDAR, COUNTY = (
    ("district", "E07000001", "Ash"), ("district", "E07000002", "Birch"), ("district", "E07000003", "Cedar"),
    ("county", "all", "Threeshire"),
)  # fmt: skip
EVERY = ("all", "All service types", "all", "All cohorts")
OLDER = ("day", "Day", "older", "Older")
YOUNGER = ("day", "Day", "younger", "Younger")


def release_by_hand(ash_hours: int | str = 180, scenarios: tuple[Scenario, ...] = ()) -> SafeRelease:
    """Of the tiny pack. ash_hours: the demand hours of Ash."""
    demand = table(
        "demand", "Demand by area, service type and cohort", DEMAND,
        [
            (*HOME, *ASH, *EVERY, 15, 160, 20, ash_hours, 10),
            (*HOME, *BIRCH, *EVERY, 20, 270, "c", 300, "c"),
            (*HOME, *CEDAR, *EVERY, "c", "c", 0, "c", 0),
            (*HOME, *COUNTY, *EVERY, 40, 470, 50, 520, "c"),
            (*HOME, *ASH, *OLDER, 10, 100, 10, 110, NONE),
            (*HOME, *ASH, *YOUNGER, "c", "c", "c", "c", "c"),
            (*HOME, *BIRCH, *OLDER, 20, 200, 0, 200, 0),
            (*HOME, *BIRCH, *YOUNGER, 0, 0, 0, 0, 0),
            (*HOME, *COUNTY, *OLDER, 30, 340, 10, 350, "c"),
        ],
        "Totals are rows of their own.",
    )  # fmt: skip
    supply = table(
        "supply", "Supply by area and service type",
        {**AREA, **texts("service_type", "service_type_name"),
         **numbers(providers="Providers", capacity_hours="Capacity", coverage="Coverage", shortfall_hours="Shortfall")},
        [
            (*HOME, *ASH, *EVERY[:2], "c", "c", "c", "c"),
            (*HOME, *COUNTY, *EVERY[:2], 10, 570, 1.0961538461538463, 0),
        ],
    )  # fmt: skip
    requests = table(
        "requests", "Open requests by locality",
        {**texts("service", "service_name", "district_code", "district_name", "ward_code", "ward_name"),
         **numbers(open_requests="Open requests", waiting_hours="Waiting hours"), **texts("longest_wait")},
        [
            (*HOME, "E07000001", "Ash", "W1", "=HYPERLINK(\"http://x\")", 10, 20, "4 to 8 weeks"),
            (*HOME, "E07000002", "Birch", "other", "Other wards of the district", "c", "c", "c"),
        ],
    )  # fmt: skip
    trend = table(
        "trend", "Quarter by quarter",
        {**texts("service", "service_name", "district_code", "district_name", "cohort", "cohort_name", "period"),
         **numbers(hours_per_week="Delivered hours", people="People", new_requests="New requests"),
         **texts("direction")},
        [
            (*HOME, "E07000001", "Ash", *EVERY[2:], "2024-12", 150, 15, 0, ""),
            (*HOME, "E07000001", "Ash", *EVERY[2:], "2025-03", 160, 15, 0, "rising"),
            (*HOME, "E07000002", "Birch", *EVERY[2:], "2024-12", "c", "c", 0, "c"),
            (*HOME, "E07000002", "Birch", *EVERY[2:], "2025-03", 270, 20, 0, "c"),
            (*HOME, "all", "Threeshire", *EVERY[2:], "2024-12", 440, 40, "c", ""),
            (*HOME, "all", "Threeshire", *EVERY[2:], "2025-03", 470, 40, "c", "rising"),
        ],
    )  # fmt: skip
    ahead = ("scenario", "year", "year_name")
    forecast = table(
        "forecast", "Years ahead",
        {**texts(*ahead), **AREA, **texts("cohort", "cohort_name"),
         **numbers(people="People", demand_hours="Demand hours")},
        [
            ("Ageing only", year, f"{year}/{int(year[2:]) + 1}", *HOME, *area, *EVERY[2:], 40, hours)
            for year, hours in (("2024", 520), ("2025", 530), ("2026", "c"))
            for area in (ASH, COUNTY)
        ],
    )  # fmt: skip
    wanted = table(
        "wanted", "What the council wants to see grow",
        texts("service", "service_name", "district_code", "district_name", *list(LOT)[:2], "wanted"),
        [(*HOME, "E07000001", "Ash", "day", "Day", "a little more"), (*HOME, "E07000002", "Birch", "day", "Day", "c")],
    )  # fmt: skip
    report = Report(
        (Loss("demand", "people", 9, 1, 1, 0.1), Loss("demand", "demand_hours", 9, 1, 1, 0.0004)),
        (Solved("home:people", "exact", 1, 1, 2, 0.5173), Solved("home:hours", "greedy", 1, 0, 3, 61.0419)),
        (("secret", "It could not be made safe."),),
        62.5371,
    )  # fmt: skip
    return SafeRelease(
        (demand, supply, requests, trend, forecast, wanted), report, {"home": "2025-03-31", "respite": "2025-03-31"},
        Disclosure(threshold=2, round_counts=5), scenarios,
    )  # fmt: skip
