"""The true figures that an attack on a publication is held to, added up from the pack's own rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from lib.pack.load import Pack

Form = dict[Any, float]  # by the name of an unknown, its weight


class Truth:
    """The true figures: for what is asked of a bound, and for which "c" is small by the rule."""

    def __init__(self, pack: Pack) -> None:
        demand, requests, capacity = (pack.table(name) for name in ("demand", "requests", "capacity"))
        self.values: dict[Any, float] = defaultdict(float)
        key = ["service", "district_code", "service_type", "cohort"]
        for row in demand.to_dict("records"):
            lot = tuple(row[name] for name in key)
            self.values["people", *lot] = float(row["people"])
            self.values["delivered_hours", *lot] = float(row["hours_per_week"])
        waiting = requests[requests["placed_on"].isna()]
        self.waiting = waiting.assign(ward_code=waiting["ward_code"].fillna(""))
        for lot, rows in waiting.groupby(key):
            self.values["open_requests", *lot] = float(len(rows))
            self.values["waiting_hours", *lot] = float(rows["hours_per_week"].sum())
        for lot, rows in capacity.groupby(key):
            self.values["capacity_hours", *lot] = float(rows["capacity_hours"].sum())
        serving = capacity[(capacity["capacity_hours"] > 0) | (capacity["delivered_hours"] > 0)]
        self.whole_hours = all(value == round(value) for value in self.values.values())
        districts = list(pack.table("districts")["district_code"])
        areas = [("district", code, [code]) for code in districts] + [("county", "all", districts)]
        groups = pack.table("area_groups")
        for grouping in groups["grouping"].unique():
            inside = groups[groups["grouping"] == grouping]
            areas += [(grouping, str(name), list(rows["district_code"])) for name, rows in inside.groupby("group_name")]
            areas.append(
                (grouping, "In no group", [code for code in districts if code not in set(inside["district_code"])])
            )
        for kind, area, members in areas:
            here = serving[serving["district_code"].isin(members)]
            for service, rows in here.groupby("service"):
                self.values["providers", service, kind, area, "all"] = float(rows["provider_id"].nunique())
                for one, own in rows.groupby("service_type"):
                    self.values["providers", service, kind, area, one] = float(own["provider_id"].nunique())
        history = pack.table("history")
        months = pd.PeriodIndex(history["month"], freq="M")
        for row in history.to_dict("records"):
            place = row["service"], row["district_code"], row["cohort"], row["month"]
            self.values["hours_per_week", *place] = float(row["hours_per_week"])
            self.values["people", *place] = float(row["people"])
        for later in range(3):
            ends = (months + later).astype(str)
            for row, end in zip(history.to_dict("records"), ends, strict=True):
                self.values["new_requests", row["service"], row["district_code"], row["cohort"], end] += float(
                    row["new_requests"]
                )

    def of(self, form: Form) -> float:
        return sum(weight * self.values.get(name, 0.0) for name, weight in form.items())

    def wards(self, service: str, district: str, measure: str) -> dict[str, float]:
        rows = self.waiting[(self.waiting["service"] == service) & (self.waiting["district_code"] == district)]
        own = rows.groupby("ward_code")["hours_per_week"]
        return {
            str(code): float(value)
            for code, value in (own.count() if measure == "open_requests" else own.sum()).items()
        }
