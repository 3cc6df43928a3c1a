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
from lib.market.selection import COUNTY
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.publish.cells import ALL, Field, Floats, SafeTable
from lib.publish.drafts import Row, framed
from lib.publish.sums import Area, Lots, Sums, added
from lib.publish.today import measure_field, text_fields
from lib.whatif.ageing import weighted_residents
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.basis import projection_basis
from lib.whatif.cohorts import lots_of_ages, service_of_ages, turns_18
from lib.whatif.project import flows_of, without_flows, year_numbers
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
    baseline = public_baseline(pack, scenario.service)
    weights = weights_of(sums)
    growth = {name: growth_of(baseline, scenario, grows) for name, grows in GROWS.items()}
    staying = staying_of(pack, scenario, sums, shown, growth["people"][0], weights)
    base = pack.service(scenario.service).base_year
    rows = []
    for year in range(scenario.years + 1):
        for area in sums.areas:
            for lots in sums.of_cohorts:
                text = {"scenario": scenario.name, "year": str(base + year), "year_name": financial_year(base + year)}
                row: Row = text | sums.text(area, lots, "cohort")
                for name in GROWS:
                    factor, joining = (part[year] for part in growth[name])
                    row[name] = grown(sums, shown, area, lots, name, factor * staying[year], joining, weights)
                rows.append(row)
    return rows


def public_baseline(pack: Pack, service: str) -> Baseline:
    """The baseline, but that those who turn 18 are shared as the children who live there: where those who have a short
    break live is not told by the years ahead either. Who leaves is counted by `staying_of`."""
    baseline = prepare(pack, service)
    if not turns_18(pack, service):
        return baseline
    leaves = service_of_ages(pack, "children")
    cohorts = {cohort for _, cohort in lots_of_ages(pack, leaves, "children")}
    living = np.sum([weight for cohort, weight in weights_of(Sums(pack, leaves)).items() if cohort in cohorts], axis=0)
    return replace(baseline, children_share=living / living.sum(), children_lots=())


def growth_of(baseline: Baseline, scenario: Scenario, name: str) -> tuple[Floats, Floats]:
    """By year, district and lot: what one of today becomes, and who joins beyond that. Neither tells who is there."""
    years = year_numbers(scenario)
    still = without_flows(replace(baseline, **{name: np.ones_like(getattr(baseline, name))}), scenario, years)
    factor: Floats = getattr(still, name)
    moving = flows_of(baseline, scenario, still, years)
    joining = np.zeros_like(factor) if moving is None else moving.people if name == "people" else moving.hours
    return factor, joining


def staying_of(
    pack: Pack, scenario: Scenario, sums: Sums, shown: Shown, factor: Floats, weights: dict[str, Floats]
) -> Floats:
    """By year, which share has not turned 18 and left: so many a year of those whom the county shows, everywhere alike.

    Empty where the county's people are hidden or unknown.
    """
    turning, years = scenario.demand.turning_18_per_year, year_numbers(scenario)
    if not turning or not prepare(pack, scenario.service).children_lots:
        return np.ones(len(years))
    county, every = next(area for area in sums.areas if area.kind == COUNTY), sums.of_cohorts[-1]
    today = shown[sums.service, county.kind, county.code, ALL]["people"]
    there = [growth_in(sums, shown, county, every, "people", one, weights) for one in factor]
    now = np.array(there) * (math.nan if isinstance(today, str) else float(today))
    left = np.divide(turning * years, now, out=np.full_like(now, math.nan), where=now > 0)
    return np.where(years == 0, 1.0, np.maximum(1 - left, 0.0))


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
    growth = growth_in(sums, shown, area, lots, name, factor, weights)
    more = added(joining[area.districts][:, lots.places])
    if math.isnan(growth):
        # Who leaves is not told where the county's people are hidden.
        whole = [shown[key]["people"] for key in shown if key[:2] == (sums.service, COUNTY) and key[-1] == ALL]
        return SUPPRESSED if SUPPRESSED in whole else math.nan
    if growth == 1.0 and not more:
        return float(today)
    value = to_base(float(today) * growth + more, settings.round_counts if name == "people" else settings.round_hours)
    few = name == "people" and 0 < float(today) * growth + more < settings.threshold + 0.5
    return SUPPRESSED if few or (name == "people" and 0 < value <= settings.threshold) else value


def growth_in(
    sums: Sums, shown: Shown, area: Area, lots: Lots, name: str, factor: Floats, weights: dict[str, Floats]
) -> float:
    """What one of today becomes in an area: its districts weigh by residents, its cohorts as they are shown."""
    parts, sizes = [], []
    for cohort in (one for one in sums.of_cohorts if one.cohort != ALL and lots.cohort in (one.cohort, ALL)):
        weight = weights[cohort.cohort][area.districts]
        parts.append(float(weight @ factor[area.districts][:, cohort.places].mean(axis=1) / weight.sum()))
        part = shown[sums.service, area.kind, area.code, cohort.cohort][name]
        sizes.append(math.nan if isinstance(part, str) else float(part))
    known = all(not math.isnan(size) for size in sizes) and sum(sizes) > 0
    return float(np.average(parts, weights=sizes if known else None))
