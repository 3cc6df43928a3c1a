"""Demand by lot: published totals shared out by stated rules (status modelled). No chance in here."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.illustrative.settings import Service
from lib.pack.illustrative.tables import LOT, Inputs
from lib.pack.ratios import WEEKS
from lib.pack.rounding import largest_remainder

Whole = NDArray[np.int64]


def district_weights(inputs: Inputs, service: str, cohort: str) -> NDArray[np.float64]:
    """Return each district's relative need: persons by age band x the rate of the band, in the service's base year.

    Raises:
        ValueError: no rate for the cohort, or no population for a district in the base year.
    """
    year = inputs.settings.services[service].base_year
    rates = inputs.rates.loc[(inputs.rates["service"] == service) & (inputs.rates["cohort"] == cohort)]
    persons = inputs.population.loc[inputs.population["year"] == year].merge(rates, on="age_band")
    need = (persons["persons"] * persons["weight"]).groupby(persons["district_code"]).sum()
    weights = need.reindex(inputs.districts["district_code"])
    if rates.empty or bool(weights.isna().any()):
        raise ValueError(f"reference/population.csv and service_rates.csv: no need for {service}, {cohort} in {year}")
    return weights.to_numpy(dtype=np.float64)


def whole_packages(total: int, size: int, weights: NDArray[np.float64]) -> tuple[Whole, Whole]:
    """Share weekly hours among districts in whole packages; the last package takes the remainder.

    Returns:
        Packages and hours by district.
    """
    packages = largest_remainder(weights, -(-total // size))
    hours = packages * size
    if total:
        hours[np.flatnonzero(packages)[-1]] -= packages.sum() * size - total
    return packages, hours


def demand_table(inputs: Inputs) -> pd.DataFrame:
    """Return every district x lot: service, district_code, service_type, cohort, people, hours_per_week, annual_cost.

    Whole numbers throughout; hours are a week, cost is whole pounds a year. Totals equal the facts named in the
    settings. A lot without a published total has zeros.

    Raises:
        ValueError: the totals cannot be met, for example more packages than people.
    """
    tables = []
    for service, plan in inputs.settings.services.items():
        lots = inputs.lots.loc[inputs.lots["service"] == service, ["service", "service_type", "cohort"]]
        table = inputs.districts[["district_code"]].merge(lots, how="cross")[LOT]
        table = table.assign(people=0, hours_per_week=0, annual_cost=0)
        share = _from_hours if plan.assumed_hourly_rate is None else _from_spend
        tables.append(share(table, inputs, service, plan))
    demand = pd.concat(tables, ignore_index=True)
    if bool(((demand["people"] == 0) & (demand["hours_per_week"] > 0)).any()):
        raise ValueError("market/demand.csv: a lot would have hours and nobody to receive them")
    return demand


def _from_hours(table: pd.DataFrame, inputs: Inputs, service: str, plan: Service) -> pd.DataFrame:
    """Share published hours by need; people and cost follow the hours."""
    table = table.copy()
    in_packages = table["service_type"].isin(list(inputs.settings.package_hours))
    for share in plan.hours:
        hours = inputs.fact(share.hours_fact)
        if share.percent_fact is not None:
            hours *= inputs.fact(share.percent_fact) / 100
        weights = district_weights(inputs, service, share.cohort)
        # No split between the service types is published, so they get equal hours.
        equal = largest_remainder([1.0] * len(share.service_types), round(hours))
        for service_type, total in zip(share.service_types, equal, strict=True):
            here = (table["service_type"] == service_type) & (table["cohort"] == share.cohort)
            if service_type in inputs.settings.package_hours:
                size = inputs.settings.package_hours[service_type]
                packages, lot_hours = whole_packages(int(total), size, weights)
                table.loc[here, "people"] = packages
                table.loc[here, "hours_per_week"] = lot_hours
            else:
                table.loc[here, "hours_per_week"] = largest_remainder(weights, int(total))
    others = round(inputs.fact(plan.people_fact)) - int(table.loc[in_packages, "people"].sum())
    hours_by_visit = table.loc[~in_packages, "hours_per_week"].to_numpy()
    table.loc[~in_packages, "people"] = largest_remainder(hours_by_visit, others)
    for cohort, fact_id in plan.cost_facts.items():
        here = table["cohort"] == cohort
        weights_by_lot = table.loc[here, "hours_per_week"].to_numpy()
        table.loc[here, "annual_cost"] = largest_remainder(weights_by_lot, round(inputs.fact(fact_id)))
    return table


def _from_spend(table: pd.DataFrame, inputs: Inputs, service: str, plan: Service) -> pd.DataFrame:
    """Share people by need; cost follows people, and hours are what the cost buys at the assumed rate."""
    if plan.assumed_hourly_rate is None or len(plan.cost_facts) != 1 or len(table) != len(inputs.districts):
        raise ValueError(f"illustrative.json, services.{service}: hours from spend need a rate, one cost and one lot")
    [(cohort, fact_id)] = plan.cost_facts.items()
    spend = round(inputs.fact(fact_id))
    people = largest_remainder(district_weights(inputs, service, cohort), round(inputs.fact(plan.people_fact)))
    hours = round(spend / WEEKS / plan.assumed_hourly_rate)
    return table.assign(
        people=people,
        hours_per_week=largest_remainder(people, hours),
        annual_cost=largest_remainder(people, spend),
    )
