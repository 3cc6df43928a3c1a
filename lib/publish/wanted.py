"""What the council wants to see grow: how short each district is of each service type, in words, from safe values."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from lib.market.disclosure import SUPPRESSED
from lib.market.selection import DISTRICT
from lib.publish.cells import Field, SafeTable

# From which share of demand on that capacity falls short, and in words.
BANDS = ((0.0, "enough today"), (0.02, "a little more"), (0.1, "more"), (0.25, "much more"))
NOT_ANY = "none is asked for"


def wanted_table(supply: SafeTable) -> SafeTable:
    """District by district and service type by service type, from the supply table after control."""
    rows = supply.frame[supply.frame["area_kind"] == DISTRICT].reset_index(drop=True)
    fields = {one.name: one for one in supply.fields}
    kept = [
        fields["service"],
        fields["service_name"],
        replace(fields["area_code"], name="district_code", title="District code", description="Code of the district"),
        replace(fields["area_name"], name="district_name", title="District name", description="District"),
        fields["service_type"],
        fields["service_type_name"],
    ]
    bands = ", ".join(f"{words} (from {share:.0%} of demand)" for share, words in BANDS[1:])
    field = Field(
        "wanted",
        "Wanted",
        "string",
        "",
        f"How far capacity falls short of demand: {bands}, or {BANDS[0][1]}; c where either is suppressed",
        fields["shortfall_hours"].status,
    )
    names = {"district_code": "area_code", "district_name": "area_name"}
    frame = pd.DataFrame({one.name: rows[names.get(one.name, one.name)] for one in kept})
    short = zip(rows["demand_hours"], rows["shortfall_hours"], strict=True)
    frame["wanted"] = pd.Series([band(demand, gap) for demand, gap in short], dtype="str")
    title = supply.title.replace("Supply by area", "What the council wants to see grow, by district", 1).split(":")[0]
    note = "From the rounded figures of the supply table, and never finer."
    return SafeTable("wanted", title, frame, (*kept, field), note)


def band(demand: Any, gap: Any) -> str:
    """The words for a shortfall; "" where it is unknown."""
    if SUPPRESSED in (demand, gap):
        return SUPPRESSED
    if math.isnan(float(gap)) or math.isnan(float(demand)):
        return ""
    if not demand:
        return NOT_ANY
    return [words for share, words in BANDS if float(gap) >= share * float(demand)][-1]
