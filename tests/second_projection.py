"""The projection worked out again in plain Python, straight from the CSV files: nothing of lib is used, nor numpy."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from second_opinion import Files, Row

Figures = tuple[float, ...]
HOME, BREAKS = "domiciliary_care", "short_breaks"
PERSONAL, OLDER, ADULTS = "personal_care", "older_people", "working_age_adults"
COLUMNS = (
    "people", "demand_hours", "capacity_hours", "gap_hours", "cost", "served_hours", "unmet_hours", "spend",
    "waiting_with_room_hours", "people_served",
)  # fmt: skip


def average_rate(rows: list[Row]) -> float:
    """Pounds an hour, by delivered hours, else by capacity, else plain."""
    for weight in ("delivered_hours", "capacity_hours"):
        total = sum(float(row[weight]) for row in rows)
        if total:
            return sum(float(row[weight]) * float(row["hourly_rate"]) for row in rows) / total
    return sum(float(row["hourly_rate"]) for row in rows) / len(rows)


def second_projection(files: Files, scenario: dict[str, Any]) -> dict[tuple[Any, ...], Figures]:
    """COLUMNS of every year, district, service type and cohort, for a scenario that states every lever.

    For the default pack and its codes: whom discharge and turning 18 are about is written out here.
    """
    demand, supply, years = scenario["demand"], scenario["supply"], scenario["years"]
    service, price = scenario["service"], 1 + scenario["price"]["uplift_pct"] / 100
    base = files.manifest["services"][service]["base_year"]
    residents = {
        (row["district_code"], int(row["year"]), row["age_band"]): float(row["persons"])
        for row in files.tables["population"]
    }
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for row in files.tables["service_rates"]:
        if row["service"] == service:
            weights[row["cohort"]][row["age_band"]] = float(row["weight"])
    waiting: dict[tuple[str, ...], float] = defaultdict(float)
    offers: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in files.tables["requests"]:
        if row["service"] == service and not row["placed_on"]:
            waiting[row["district_code"], row["service_type"], row["cohort"]] += float(row["hours_per_week"])
    for row in files.tables["capacity"]:
        if row["service"] == service:
            offers[row["district_code"], row["service_type"], row["cohort"]].append(row)
    bought = [row for row in files.tables["demand"] if row["service"] == service]
    children = {
        row["district_code"]: float(row["people"]) for row in files.tables["demand"] if row["service"] == BREAKS
    }
    older = {
        code: sum(residents[code, base, band] for band in ("65-74", "75-84", "85-89", "90+"))
        for code in (row["district_code"] for row in files.tables["districts"])
    }

    def hourly(lot: Row) -> float:
        rows = (
            [lot]
            if float(lot["hours_per_week"])
            else [row for row in bought if row["service_type"] == lot["service_type"]]
        )
        return sum(float(row["annual_cost"]) for row in rows) / sum(52 * float(row["hours_per_week"]) for row in rows)

    result: dict[tuple[Any, ...], Figures] = {}
    for row in bought:
        district, kind, cohort = row["district_code"], row["service_type"], row["cohort"]
        hours, rows = float(row["hours_per_week"]), offers[district, kind, cohort]
        spot = [one for one in rows if one["route"] == "spot"]
        listed = [one for one in rows if one["route"] == "tier_2"] or [one for one in rows if one["route"] == "tier_1"]
        spot_hours = sum(float(one["delivered_hours"]) for one in spot)
        effect = 0.0
        if spot_hours and listed:
            effect = spot_hours / hours * (average_rate(listed) - average_rate(spot)) / average_rate(rows)
        capacity_now = sum(float(one["capacity_hours"]) for one in rows)
        for t in range(years + 1):
            done = t / years

            def need(year: int, district: str = district, cohort: str = cohort) -> float:
                return sum(weight * residents[district, year, band] for band, weight in weights[cohort].items())

            own = demand["district_need_growth_pct"].get(district, demand["need_growth_pct"])
            growth = (1 + own / 100) ** t
            growth *= need(base + t) / need(base) if demand["demographic"] else 1
            growth *= 1 - demand["direct_payment_shift_pct"] / 100 * done
            growth *= 1 - demand["reablement_reduction_pct"] / 100 * done
            if cohort == ADULTS:
                growth *= (1 + demand["prevalence_growth_pct"] / 100) ** t
            each = growth * (1 + demand["hours_per_person_growth_pct"] / 100) ** t
            each *= 1 - demand["technology_reduction_pct"] / 100 * done
            people, needed = float(row["people"]) * growth, hours * each
            cost = float(row["annual_cost"]) * each * price**t
            cost *= 1 + supply["spot_conversion_pct"] / 100 * done * effect
            wanted = needed + waiting[district, kind, cohort] * each
            turned = demand["turning_18_per_year"] * t * children[district] / sum(children.values())
            joining, hours_each = 0.0, 0.0
            if (kind, cohort) == (PERSONAL, OLDER) and t:
                joining = demand["discharge_people_per_month"] * older[district] / sum(older.values())
                joining *= demand["discharge_weeks"] / 4.33 * (1 - demand["discharge_reablement_pct"] / 100)
                hours_each = demand["discharge_hours"]
            if (kind, cohort) == (PERSONAL, ADULTS):
                joining, hours_each = turned, demand["turning_18_hours"]
            if joining:
                cost += joining * hours_each * 52 * hourly(row) * price**t
                people, needed, wanted = (
                    people + joining, needed + joining * hours_each, wanted + joining * hours_each,
                )  # fmt: skip
            if service == BREAKS and turned:
                leaving = needed * turned / people
                cost *= 1 - turned / people
                people, needed, wanted = people - turned, needed - leaving, wanted - leaving
            levers = (1 + supply["capacity_growth_pct"] / 100) ** t
            v0, change = supply["vacancy_rate_pct"] / 100, supply["vacancy_change_pts"] / 100
            levers *= (1 - v0 - change * done) / (1 - v0)
            levers *= 1 - supply["overseas_share_pct"] / 100 * supply["overseas_loss_pct"] / 100 * done
            levers *= 1 + supply["contact_hours_change_pct"] / 100 * done
            held = levers * sum(
                float(one["capacity_hours"])
                for one in rows
                if t == 0 or one["provider_id"] not in supply["provider_exits"]
            )
            counts = held
            if capacity_now < hours:
                counts = hours * (held / capacity_now if capacity_now else levers)
            served, covered = min(needed, counts), min(wanted, held)
            share = served / needed if needed else 0.0
            result[base + t, district, kind, cohort] = (
                people, wanted, held, wanted - held, cost, served, wanted - covered, cost * share,
                covered - served, people * share,
            )  # fmt: skip
    return result
