"""Random packs of one service: few or many people, empty lots, lone providers, overlapping groupings. From a seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lib.pack.load import Pack
from lib.whatif.scenarios.documents import scenario_from
from lib.whatif.scenarios.scenario import Scenario

SERVICE = "home"
LOTS = (("day", "older"), ("day", "younger"), ("night", "older"), ("night", "younger"))
MONTHS = [str(month) for month in pd.period_range("2024-01", "2025-03", freq="M")]


def random_pack(tiny: Pack, seed: int, most: int = 6) -> Pack:
    """A pack of three to so many districts, with the manifest of the tiny pack and one service of it."""
    random = np.random.default_rng(seed)
    districts = [f"E0700000{number}" for number in range(1, int(random.integers(3, most + 1)) + 1)]
    wards = [
        (f"W{district[-1]}{number}", district) for district in districts for number in range(int(random.integers(2, 5)))
    ]
    people = {(district, *lot): how_many(random) for district in districts for lot in LOTS}
    hours = {lot: number * int(random.integers(3, 30)) for lot, number in people.items()}
    tables: dict[str, list[dict[str, Any]]] = {
        "districts": [
            {
                "district_code": code,
                "district_name": f"District {code[-1]}",
                "area_km2": 100.0,
                "rural_share_65": 0.5,
                "deprivation_score": 10.0,
                "rural_urban_class": "Urban",
                "borders_london": False,
            }
            for code in districts
        ],
        "area_groups": [
            {"grouping": grouping, "group_name": f"{grouping} {random.integers(2)}", "district_code": code}
            for grouping in ("side", "patch")
            for code in districts
            if random.random() < 0.9
        ],
        "population": [
            {"district_code": code, "year": year, "age_band": band, "persons": float(random.integers(500, 5000))}
            for code in districts
            for year in range(2023, 2028)
            for band in ("0-17", "18-64", "65+")
        ],
        "lots": [
            {
                "framework": "Frame",
                "service": SERVICE,
                "service_type": kind,
                "cohort": cohort,
                "framework_cohort_label": cohort,
            }
            for kind, cohort in LOTS
        ],
        "wards": [
            {
                "ward_code": code,
                "ward_name": f"Ward {code}",
                "district_code": district,
                "latitude": 51.5,
                "longitude": -1.5,
            }
            for code, district in wards
        ],
        "providers": [
            {
                "provider_id": f"P{number}",
                "provider_name": f"Provider {number}",
                "office_postcode": "ZZ1 1AA",
                "regulated": True,
                "also_childrens": False,
            }
            for number in range(20)
        ],
        "demand": [
            {
                "service": SERVICE,
                "district_code": lot[0],
                "service_type": lot[1],
                "cohort": lot[2],
                "people": number,
                "hours_per_week": float(hours[lot]),
                "annual_cost": float(hours[lot] * 1300),
            }
            for lot, number in people.items()
        ],
        "capacity": [row for lot in people for row in offers(random, lot, hours[lot])],
        "requests": [
            row for lot in people for row in waits(random, lot, [code for code, one in wards if one == lot[0]])
        ],
        "history": [
            {
                "month": month,
                "service": SERVICE,
                "district_code": code,
                "cohort": cohort,
                **month_of(random, month, rows),
            }
            for month in MONTHS
            for code in districts
            for cohort in ("older", "younger")
            for rows in [[(people[lot], hours[lot]) for lot in people if (lot[0], lot[2]) == (code, cohort)]]
        ],
    }
    for number, row in enumerate(tables["requests"]):
        row["request_id"] = f"R{number}"
    frames = {name: like(tiny.tables[name], rows) for name, rows in tables.items()}
    frames["facts"], frames["reconciliation"] = facts(tiny, random, people, hours)
    manifest = tiny.manifest.model_copy(update={"services": {SERVICE: tiny.manifest.services[SERVICE]}})
    return replace(tiny, manifest=manifest, tables={**tiny.tables, **frames}, file_rows={})


def how_many(random: np.random.Generator) -> int:
    """People of a lot: none, few or many."""
    kind = random.choice(4, p=[0.2, 0.35, 0.25, 0.2])
    return int(random.integers(*((0, 1), (1, 8), (8, 40), (40, 500))[kind]))


def offers(random: np.random.Generator, lot: tuple[str, str, str], hours: int) -> list[dict[str, Any]]:
    """Who delivers a lot: one provider to eight, in shares that may be very uneven."""
    number = int(random.integers(1, 9)) if hours else int(random.integers(0, 2))
    shares = random.pareto(1.0, number) + 0.1
    cuts = np.floor(np.cumsum(shares) / shares.sum() * hours).astype(int) if number else np.zeros(0, dtype=int)
    delivered = np.diff(cuts, prepend=0)
    chosen = random.choice(20, number, replace=False)
    return [
        {
            "provider_id": f"P{provider}",
            "service": SERVICE,
            "district_code": lot[0],
            "service_type": lot[1],
            "cohort": lot[2],
            "route": "spot",
            "rank": None,
            "capacity_hours": float(own + random.integers(0, 20)),
            "delivered_hours": float(own),
            "hourly_rate": 25.0,
            "performance_score": 50.0,
        }
        for provider, own in zip(chosen, delivered, strict=True)
    ]


def waits(random: np.random.Generator, lot: tuple[str, str, str], wards: list[str]) -> list[dict[str, Any]]:
    """Open requests of a lot, a few of no ward."""
    return [
        {
            "service": SERVICE,
            "district_code": lot[0],
            "ward_code": str(random.choice(wards)) if random.random() < 0.95 else None,
            "service_type": lot[1],
            "cohort": lot[2],
            "hours_per_week": float(random.integers(2, 40)),
            "requested_on": pd.Timestamp("2025-03-31") - pd.Timedelta(days=int(random.integers(1, 120))),
            "placed_on": pd.NaT,
            "route": None,
        }
        for _ in range(int(random.choice([0, 0, 2, 5, 12])))
    ]


def month_of(random: np.random.Generator, month: str, rows: list[tuple[int, int]]) -> dict[str, Any]:
    """A month of a district and cohort; the last is today."""
    people, hours = (sum(part) for part in zip(*rows, strict=True))
    grown = 1.0 if month == MONTHS[-1] else random.uniform(0.7, 1.1)
    return {
        "hours_per_week": float(round(hours * grown)),
        "people": round(people * grown),
        "new_requests": int(random.integers(0, 12)),
        "median_days_to_source": None,
    }


def like(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the columns and types of a table."""
    frame = pd.DataFrame(rows, columns=list(table.columns))
    return frame.astype({name: table[name].dtype for name in table.columns})


def facts(
    tiny: Pack,
    random: np.random.Generator,
    people: dict[tuple[str, str, str], int],
    hours: dict[tuple[str, str, str], int],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Some of the county's totals, published to the unit."""
    totals = [("people", "", ""), ("hours_per_week", "", ""), ("hours_per_week", "day", ""), ("people", "", "older")]
    told = [total for total in totals if random.random() < 0.6]
    published, rules = [], []
    for number, (column, kind, cohort) in enumerate(told):
        of = people if column == "people" else hours
        value = sum(one for lot, one in of.items() if kind in ("", lot[1]) and cohort in ("", lot[2]))
        published.append(
            {
                "id": f"f{number}",
                "service": SERVICE,
                "measure": column,
                "value": str(value),
                "unit": "people",
                "period": "2024/25",
                "status": "published",
                "source": "The source",
                "note": "",
            }
        )
        rules.append(
            {
                "fact_id": f"f{number}",
                "table": "demand",
                "column": column,
                "measure": "sum",
                "service": SERVICE,
                "service_type": kind,
                "cohort": cohort,
                "route": "",
                "share_of": "",
                "bound": "equal",
            }
        )
    return like(tiny.tables["facts"], published), like(tiny.tables["reconciliation"], rules)


def two_scenarios(pack: Pack, seed: int) -> list[Scenario]:
    """Two scenarios of which each district grows at a pace of its own."""
    random = np.random.default_rng(seed)
    districts = list(pack.district_names())
    return [
        scenario_from(
            {
                "name": name,
                "service": SERVICE,
                "years": 2,
                "demand": {
                    "demographic": demographic,
                    "district_need_growth_pct": {
                        code: float(np.round(random.uniform(-8, 12), 1)) for code in districts
                    },
                },
            },
            pack,
        )
        for name, demographic in (("One", True), ("Other", False))
    ]
