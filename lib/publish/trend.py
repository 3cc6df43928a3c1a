"""The quarters up to today: hours, people and new requests by district and cohort, and which way they go."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from lib.market.basis import standing
from lib.market.disclosure import SUPPRESSED, Measure
from lib.market.selection import COUNTY, DISTRICT
from lib.pack.load import Pack
from lib.publish.cells import ALL, Block, Field, Floats, Secret
from lib.publish.drafts import Draft, Row, Tells, plain_sum
from lib.publish.sums import DELIVERED, Area, Lots, Sums, added
from lib.publish.today import as_numbers, block_name, dates, lots_sum, protection, published, text_fields

QUARTER, YEAR = 3, 12  # months
STEADY = 0.02  # a change of hours by no more than this share is none
RISING, FALLING, LEVEL = "rising", "falling", "steady"
NEW = "new_requests"
# By column of the trend: the measure of today that its last quarter is the same as.
SAME_AS = {"hours_per_week": "delivered_hours", "people": "people"}


def trend_draft(pack: Pack, blocks: dict[str, Block]) -> Draft:
    """Quarter by quarter. A quarter's figures are quantities of blocks of their own; the last one's are today's."""
    status = str(standing(pack, "history"))
    words = ("service", "service_name", "district_code", "district_name", "cohort", "cohort_name")
    delivered = protection(pack, "delivered_hours")
    measures: dict[str, Measure] = {
        # Who delivered in a quarter gone by is not known: today's providers stand for them.
        "hours_per_week": delivered,
        "people": protection(pack, "people"),
        NEW: Measure("counts"),
    }
    ways = f"{RISING}, {LEVEL} or {FALLING}; empty without a year before"
    draft = Draft(
        "trend",
        f"Quarter by quarter, by district and cohort: hours a week, people and new requests, to {dates(pack)}",
        f"Hours and people are those of the quarter's last month. Direction: hours against a year before, {LEVEL} "
        f"within {STEADY:.0%}; from the rounded figures.",
        [
            *text_fields(pack, *words),
            Field("period", "Quarter to", "string", "", "Last month of the quarter, as 2025-03", ""),
            Field("hours_per_week", "Delivered hours", "number", "hours a week", "Hours delivered in a week", status),
            Field("people", "People supported", "number", "people", "People whose care the council arranges", status),
            Field(NEW, "New requests", "number", "count", "Requests made in the quarter", status),
            Field("direction", "Direction", "string", "", ways, status),
        ],
        dict(measures),
        follow=add_directions,
    )  # fmt: skip
    for service in pack.manifest.services:
        add_service(draft, Sums(pack, service), blocks)
    return draft


def add_service(draft: Draft, sums: Sums, blocks: dict[str, Block]) -> None:
    """A service's rows."""
    quarters = figures_by_quarter(sums)
    behind = {
        (kind, lots.cohort): sums.behind(DELIVERED, kind, lots)
        for kind in (DISTRICT, COUNTY)
        for lots in sums.of_cohorts
    }
    areas = [area for area in sums.areas if area.kind in (DISTRICT, COUNTY)]
    for place, (period, figures) in enumerate(quarters.items()):
        last = place == len(quarters) - 1
        same = {name: last and is_today(sums, name, figures[name]) for name in figures}
        for name, values in figures.items():
            if not same[name]:
                block = block_name(sums.service, name, period)
                words = f"{sums.service}, {name}, {period}"
                blocks[block] = Block(block, words, values.ravel(), whole=is_whole(values))
        for area in areas:
            for lots in sums.of_cohorts:
                text = sums.text(area, lots, "cohort") | {"period": period}
                text |= {"district_code": area.code, "district_name": area.name}
                columns = cohort_places(sums, lots)
                numbers = {name: added(values[area.districts][:, columns]) for name, values in figures.items()}
                numbers |= as_numbers(behind[area.kind, lots.cohort], area.code)
                tells = {name: told(sums, area, lots, name, period, same[name]) for name in figures}
                row = draft.add(text, numbers, tells)
                today = [name for name in SAME_AS if same.get(name)]
                exact = published(sums, area, lots, *(SAME_AS[name] for name in today))
                draft.exact |= {(row, name) for name in today if SAME_AS[name] in exact}


def told(sums: Sums, area: Area, lots: Lots, name: str, period: str, same: bool) -> Tells:
    """What a figure of a quarter tells of: a quantity of that quarter, or today's."""
    if same:
        measure = SAME_AS[name]
        secret = Secret(sums.service, measure, area.kind, area.code, ALL, lots.cohort)
        return secret, lots_sum(sums.service, measure, sums.places(area, lots))
    columns = cohort_places(sums, lots)
    number = len(cohort_codes(sums))
    places = (area.districts[:, None] * number + columns[None, :]).ravel()
    secret = Secret(sums.service, name, area.kind, area.code, ALL, lots.cohort, period)
    return secret, plain_sum(block_name(sums.service, name, period), places)


def figures_by_quarter(sums: Sums) -> dict[str, dict[str, Floats]]:
    """By the last month of each quarter up to the service's date: each column, districts by cohorts, in their order."""
    history = sums.pack.table("history")
    history = history[history["service"] == sums.service]
    if history.empty:
        return {}
    every = sorted(history["month"].unique())
    wide = {
        name: history.pivot(index=["district_code", "cohort"], columns="month", values=name).astype("float64")
        for name in (*SAME_AS, NEW)
    }
    keys = pd.MultiIndex.from_product([list(sums.pack.district_names()), cohort_codes(sums)])
    shape = (len(sums.pack.district_names()), len(cohort_codes(sums)))
    found = {}
    ends = pd.period_range(every[0], every[-1], freq="M")[::-1][::QUARTER][::-1]
    for end in ends:
        months = [str(end - before) for before in range(QUARTER)]
        if months[-1] < every[0]:
            continue
        quarter = {
            name: wide[name].reindex(index=keys, columns=[months[0]]).to_numpy().reshape(shape) for name in SAME_AS
        }
        new = wide[NEW].reindex(index=keys, columns=months)
        quarter[NEW] = new.sum(axis=1, skipna=False).to_numpy().reshape(shape)
        found[str(end)] = quarter
    return found


def is_today(sums: Sums, name: str, values: Floats) -> bool:
    """Whether the last quarter's figures are today's, district by district and cohort by cohort."""
    if name not in SAME_AS:
        return False
    figure = sums.figure(SAME_AS[name])
    today = np.stack([figure[:, lots.places].sum(axis=1) for lots in sums.of_cohorts if lots.cohort != ALL], axis=1)
    return bool(np.allclose(today, values, rtol=0, atol=1e-6, equal_nan=True))


def cohort_codes(sums: Sums) -> list[str]:
    """The service's cohorts, in the order of lots.csv."""
    return [lots.cohort for lots in sums.of_cohorts if lots.cohort != ALL]


def cohort_places(sums: Sums, lots: Lots) -> np.ndarray:
    """The places of the cohorts that are added up."""
    return np.array([n for n, code in enumerate(cohort_codes(sums)) if lots.cohort in (code, ALL)], dtype=np.int64)


def is_whole(values: Floats) -> bool:
    """Whether all of the known numbers are whole."""
    known = values[~np.isnan(values)]
    return bool((known == np.round(known)).all())


def add_directions(rows: list[Row]) -> None:
    """Which way the hours go, from what is shown: against four quarters before; hidden where either is."""
    shown = {
        (row["service"], row["district_code"], row["cohort"], row["period"]): row["hours_per_week"] for row in rows
    }
    for row in rows:
        before = str(pd.Period(row["period"], freq="M") - YEAR)
        key = (row["service"], row["district_code"], row["cohort"])
        row["direction"] = direction(shown.get((*key, before)), row["hours_per_week"])


def direction(before: float | str | None, now: float | str) -> str:
    """The word for a change; "" without both figures."""
    if before is None:
        return ""
    if SUPPRESSED in (before, now):
        return SUPPRESSED
    one, other = float(before), float(now)
    if math.isnan(one) or math.isnan(other):
        return ""
    if abs(other - one) <= STEADY * one:
        return LEVEL
    return RISING if other > one else FALLING
