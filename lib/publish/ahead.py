"""The years ahead under the scenarios that the council chose to publish, by area and cohort.

They are worked out after control, from the demand table as it is shown, from levers and from populations, which are all
public: so they tell nothing that the demand table does not tell, however many scenarios are published.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lib.market.basis import standing
from lib.market.disclosure import SUPPRESSED, Cell, to_base
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.publish.cells import ALL, Field, Floats, SafeTable
from lib.publish.drafts import Row, framed
from lib.publish.sums import Area, Lots, Sums, added
from lib.publish.today import measure_field, text_fields
from lib.whatif.ageing import weighted_residents
from lib.whatif.baseline import prepare
from lib.whatif.basis import projection_basis
from lib.whatif.project import projected, without_flows
from lib.whatif.scenarios.scenario import Scenario

# By column of the forecast, what grows: demand grows as the hours that are delivered do.
GROWS = {"people": "people", "demand_hours": "delivered_hours"}
Shown = dict[tuple[str, ...], Row]


def forecast_table(pack: Pack, scenarios: Sequence[Scenario], demand: SafeTable) -> SafeTable:
    """People and demand hours in each year of each scenario. demand: the demand table after control."""
    words = ("service", "service_name", "area_kind", "area_code", "area_name", "cohort", "cohort_name")
    status = {
        name: "; ".join(dict.fromkeys(str(standing(pack, projection_basis(pack, one, name))) for one in scenarios))
        for name in GROWS
    }
    fields = [
        Field("scenario", "Scenario", "string", "", "Name of the scenario", ""),
        Field("year", "Year", "string", "", "Year in which the year starts", ""),
        Field("year_name", "Year in words", "string", "", "As 2024/25", ""),
        *text_fields(pack, *words),
        *(replace(measure_field(pack, name), status=status[name]) for name in GROWS),
    ]
    totals = demand.frame[demand.frame["service_type"] == ALL]
    key = ("service", "area_kind", "area_code", "cohort")
    shown: Shown = {tuple(str(row[name]) for name in key): dict(row) for _, row in totals.iterrows()}
    rows = [row for one in scenarios for row in rows_of(pack, one, shown)]
    return SafeTable(
        "forecast",
        "Forecast by scenario, year, area and cohort: people, and demand in hours a week",
        framed(rows, fields),
        tuple(fields),
        "Not a prediction: what follows if the scenario's assumptions hold. The first year is today, and the others "
        "are worked out from its rounded figures; districts weigh as their residents of matching age do.",
    )


def rows_of(pack: Pack, scenario: Scenario, shown: Shown) -> list[Row]:
    """The rows of a scenario."""
    sums = Sums(pack, scenario.service)
    growth = {name: growth_of(pack, scenario, grows) for name, grows in GROWS.items()}
    weights = weights_of(sums)
    base = pack.service(scenario.service).base_year
    rows = []
    for year in range(scenario.years + 1):
        for area in sums.areas:
            for lots in sums.of_cohorts:
                text = {"scenario": scenario.name, "year": str(base + year), "year_name": financial_year(base + year)}
                row: Row = text | sums.text(area, lots, "cohort")
                for name in GROWS:
                    factor, joining = (part[year] for part in growth[name])
                    row[name] = grown(sums, shown, area, lots, name, factor, joining, weights)
                rows.append(row)
    return rows


def growth_of(pack: Pack, scenario: Scenario, name: str) -> tuple[Floats, Floats]:
    """By year, district and lot: what one of today becomes, and who joins beyond that. Neither tells who is there."""
    baseline = prepare(pack, scenario.service)
    years = np.arange(scenario.years + 1, dtype=np.float64)
    one_each = replace(baseline, **{name: np.ones_like(getattr(baseline, name))})
    factor: Floats = getattr(without_flows(one_each, scenario, years), name)
    alone, whole = getattr(without_flows(baseline, scenario, years), name), getattr(projected(baseline, scenario), name)
    moving = np.nan_to_num(whole - alone)
    # Who leaves does so in proportion to who is there: the same share everywhere.
    left, there = np.minimum(moving, 0.0).sum(axis=(1, 2)), np.nansum(alone, axis=(1, 2))
    staying = 1 + np.divide(left, there, out=np.zeros_like(left), where=there > 0)
    return factor * staying[:, None, None], np.maximum(moving, 0.0)


def weights_of(sums: Sums) -> dict[str, Floats]:
    """How much each district weighs in a cohort: residents by relative need; all alike where that is not known."""
    number, service = len(sums.pack.district_names()), sums.service
    residents, base = weighted_residents(sums.pack, service), sums.pack.service(service).base_year
    found = {}
    for lots in sums.of_cohorts:
        known = lots.cohort in residents.columns.get_level_values(0) and base in residents.index
        weight = residents[lots.cohort].loc[[base]].to_numpy(dtype=np.float64)[0] if known else np.ones(number)
        found[lots.cohort] = weight if np.isfinite(weight).all() and (weight > 0).all() else np.ones(number)
    return found


def grown(
    sums: Sums,
    shown: Shown,
    area: Area,
    lots: Lots,
    name: str,
    factor: Floats,
    joining: Floats,
    weights: dict[str, Floats],
) -> Cell:
    """A year's figure from today's as it is shown; hidden where that is, or where few would be left."""
    settings = sums.pack.manifest.disclosure
    own = (sums.service, area.kind, area.code)
    today = shown[*own, lots.cohort][name]
    if isinstance(today, str) or math.isnan(float(today)):
        return SUPPRESSED if today == SUPPRESSED else math.nan
    parts, sizes = [], []
    for cohort in (one for one in sums.of_cohorts if one.cohort != ALL and lots.cohort in (one.cohort, ALL)):
        weight = weights[cohort.cohort][area.districts]
        parts.append(float(weight @ factor[area.districts][:, cohort.places].mean(axis=1) / weight.sum()))
        part = shown[*own, cohort.cohort][name]
        sizes.append(math.nan if isinstance(part, str) else float(part))
    known = all(not math.isnan(size) for size in sizes) and sum(sizes) > 0
    growth = float(np.average(parts, weights=sizes if known else None))
    more = added(joining[area.districts][:, lots.places])
    if math.isnan(growth) or (growth == 1.0 and not more):
        return math.nan if math.isnan(growth) else float(today)
    value = to_base(float(today) * growth + more, settings.round_counts if name == "people" else settings.round_hours)
    few = name == "people" and 0 < float(today) * growth + more < settings.threshold + 0.5
    return SUPPRESSED if few or (name == "people" and 0 < value <= settings.threshold) else value
