"""Every figure of the profile worked out again in plain Python, straight from the CSV files: nothing of lib is used."""

from __future__ import annotations

import csv
import datetime as dt
import json
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

Row = dict[str, str]
Figures = dict[str, float | None]


class Files:
    """The files of a pack, as text."""

    def __init__(self, root: Path) -> None:
        self.manifest: dict[str, Any] = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
        self.tables: dict[str, list[Row]] = {}
        for path in root.rglob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                self.tables[path.stem] = list(csv.DictReader(file))

    def area_of(self, group_by: str) -> dict[str, str]:
        """The code of each district's area."""
        codes = [row["district_code"] for row in self.tables["districts"]]
        if group_by == "district":
            return {code: code for code in codes}
        if group_by == "county":
            return dict.fromkeys(codes, "all")
        groups = {
            row["district_code"]: row["group_name"] for row in self.tables["area_groups"] if row["grouping"] == group_by
        }
        return {code: groups.get(code, "In no group") for code in codes}


def rate(part: float, whole: float) -> float | None:
    """A rate, or nothing where there is nothing to divide by."""
    return part / whole if whole > 0 else None


def second_opinion(
    files: Files, service: str, types: list[str], cohorts: list[str], group_by: str
) -> dict[str, Figures]:
    """Every figure of every area, by the code of the area."""
    lots = [
        (row["service_type"], row["cohort"])
        for row in files.tables["lots"]
        if row["service"] == service
        and (not types or row["service_type"] in types)
        and (not cohorts or row["cohort"] in cohorts)
    ]
    area_of = files.area_of(group_by)
    members: dict[str, list[str]] = defaultdict(list)
    for district, area in area_of.items():
        members[area].append(district)

    chosen = {
        table: [
            row
            for row in files.tables[table]
            if row["service"] == service and (row["service_type"], row["cohort"]) in lots
        ]
        for table in ("demand", "capacity", "requests")
    }

    def rows(table: str, districts: list[str]) -> list[Row]:
        return [row for row in chosen[table] if row["district_code"] in districts]

    return {
        area: area_figures(
            files,
            lots,
            rows("demand", districts),
            rows("capacity", districts),
            rows("requests", districts),
            residents(files, service, {cohort for _, cohort in lots}, districts),
            files.manifest["services"][service].get("as_of") or files.manifest["as_of"],
        )
        | {"rural_share": rural_share(files, service, districts)}
        for area, districts in members.items()
    }


def rural_share(files: Files, service: str, districts: list[str]) -> float:
    """The rural share of the districts' residents aged 65 and over; their plain mean where a year has none of them."""
    year = str(files.manifest["services"][service]["base_year"])
    older: dict[str, float] = defaultdict(float)
    for row in files.tables["population"]:
        if row["year"] == year and int(row["age_band"].rstrip("+").split("-")[0]) >= 65:
            older[row["district_code"]] += float(row["persons"])
    shares = {row["district_code"]: float(row["rural_share_65"]) for row in files.tables["districts"]}
    every = sum(older[code] for code in districts)
    if not every:
        return statistics.mean(shares[code] for code in districts)
    return sum(shares[code] * older[code] for code in districts) / every


def residents(files: Files, service: str, cohorts: set[str], districts: list[str]) -> float:
    """Residents of the ages that the cohorts are drawn from."""
    bands = {
        row["age_band"]
        for row in files.tables["service_rates"]
        if row["service"] == service and row["cohort"] in cohorts and float(row["weight"]) > 0
    }
    year = str(files.manifest["services"][service]["base_year"])
    return sum(
        float(row["persons"])
        for row in files.tables["population"]
        if row["district_code"] in districts and row["year"] == year and row["age_band"] in bands
    )


def area_figures(
    files: Files,
    lots: list[tuple[str, str]],
    bought: list[Row],
    supply: list[Row],
    requests: list[Row],
    people_of_age: float,
    date: str,
) -> Figures:
    """Every figure of one area, from its rows of the market tables. date: of the service's data."""
    open_requests = [row for row in requests if row["placed_on"] == ""]
    people = sum(int(row["people"]) for row in bought)
    delivered = sum(float(row["hours_per_week"]) for row in bought)
    waiting = sum(float(row["hours_per_week"]) for row in open_requests)
    capacity = sum(float(row["capacity_hours"]) for row in supply)
    cost = sum(float(row["annual_cost"]) for row in bought)
    demand = delivered + waiting

    def lot(row: Row) -> tuple[str, ...]:
        return row["district_code"], row["service_type"], row["cohort"]

    short = defaultdict(float)
    for row in (*bought, *open_requests):
        short[lot(row)] += float(row["hours_per_week"])
    for row in supply:
        short[lot(row)] -= float(row["capacity_hours"])
    shortfall = sum(hours for hours in short.values() if hours > 0)

    spot_routes = [code for code, route in files.manifest["routes"].items() if not route["framework"]]
    by_provider: dict[str, float] = defaultdict(float)
    for row in supply:
        by_provider[row["provider_id"]] += float(row["delivered_hours"])
    route_hours = sum(by_provider.values())
    spot = sum(float(row["delivered_hours"]) for row in supply if row["route"] in spot_routes)
    providers = {
        row["provider_id"] for row in supply if float(row["capacity_hours"]) > 0 or float(row["delivered_hours"]) > 0
    }
    shares = [hours / route_hours for hours in by_provider.values()] if route_hours else []

    as_of = dt.date.fromisoformat(date)
    days = [
        (dt.date.fromisoformat(row["placed_on"]) - dt.date.fromisoformat(row["requested_on"])).days
        for row in requests
        if row["placed_on"] and dt.date.fromisoformat(row["placed_on"]) > as_of.replace(year=as_of.year - 1)
    ]
    figures: Figures = {
        "people": people,
        "delivered_hours": delivered,
        "waiting_hours": waiting,
        "demand_hours": demand,
        "capacity_hours": capacity,
        "headroom_hours": capacity - delivered,
        "coverage": rate(capacity, demand),
        "shortfall_hours": shortfall,
        "gap_hours": demand - capacity,
        "shortfall_share": rate(shortfall, demand),
        "residents": people_of_age,
        "demand_hours_per_1000": rate(1000 * demand, people_of_age),
        "people_per_1000": rate(1000 * people, people_of_age),
        "hours_per_person": rate(delivered, people),
        "waiting_share": rate(waiting, demand),
        "open_requests": len(open_requests),
        "median_days_to_source": statistics.median(days) if days else None,
        "providers": len(providers),
        "people_per_provider": rate(people, len(providers)),
        "spot_hours": spot,
        "spot_share": rate(spot, route_hours),
        "annual_cost": cost,
        "hourly_cost": rate(cost, 52 * delivered),
        "cost_per_person": rate(cost, people),
        "largest_provider_share": max(shares, default=None),
        "hhi": 10_000 * sum(share**2 for share in shares) if shares else None,
    }
    return figures | quality(files, supply, by_provider)


def quality(files: Files, supply: list[Row], by_provider: dict[str, float]) -> Figures:
    """The figures of quality, weighted by hours."""
    good = {rating["name"] for rating in files.manifest["ratings"] if rating.get("good")}
    unrated = {rating["name"] for rating in files.manifest["ratings"] if not rating.get("rated", True)}
    rating_of = {(row["provider_id"], row["domain"]): row["rating"] for row in files.tables["ratings"]}
    every = sum(by_provider.values())
    figures: Figures = {}
    for domain in files.manifest["domains"]:
        rated_hours = good_hours = 0.0
        for provider, hours in by_provider.items():
            rating = rating_of.get((provider, domain))
            if rating is not None and rating not in unrated:
                rated_hours += hours
                good_hours += hours if rating in good else 0
        name = "good_or_better_share" if domain == "overall" else f"good_or_better_{domain}"
        enough = every > 0 and rated_hours / every >= 0.5
        figures[name] = rate(good_hours, rated_hours) if enough else None
        if domain == "overall":
            figures["not_rated_share"] = rate(every - rated_hours, every)
    gate = files.manifest["quality_gate"]
    listed = [row for row in supply if row["route"] == gate["route"]]
    failing = [
        row for row in listed if not all(rating_of.get((row["provider_id"], name)) in good for name in gate["domains"])
    ]
    fail_hours = sum(float(row["delivered_hours"]) for row in failing)
    figures["gate_fail_hours"] = fail_hours
    figures["gate_fail_share"] = rate(fail_hours, sum(float(row["delivered_hours"]) for row in listed))
    return figures
