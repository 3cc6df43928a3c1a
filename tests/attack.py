"""An attack on a publication by somebody who has nothing else and knows every rule. It shares no code with lib/publish.

From the published tables alone it writes down what each number says of the people, hours and requests of each lot, and
of the wards, and asks a linear programme between what each "c" must lie. It knows the rounding, that "c" is 1 to the
threshold where a single lot is told of and the rule hides it (`truth` says which: more than an outsider knows), the
published totals. The years ahead are worked out from the shown figures alone (a test holds them to that).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from attack_truth import Form, Truth
from scipy import sparse
from scipy.optimize import linprog

from lib.pack.load import Pack

COUNTS = ("people", "open_requests", "new_requests", "providers")
MANY = 1e6
Tables = Mapping[str, pd.DataFrame]


class Cell(NamedTuple):
    """A cell: its table, its key in words, the measure."""

    table: str
    key: tuple[str, ...]
    measure: str


class Bound(NamedTuple):
    """Between what the attacker knows a hidden cell to lie, what it is, and how far apart that should be."""

    cell: Cell
    low: float
    high: float
    truth: float
    needed: float

    @property
    def exposed(self) -> bool:
        """Whether it is known too well."""
        return self.high - self.low < self.needed - 1e-4


@dataclass
class Knowledge:
    """Rows of a linear programme that hang together, and the cells that it is about."""

    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    wanted: list[tuple[Cell, Form]] = field(default_factory=list)
    hidden: list[tuple[Cell, Form]] = field(default_factory=list)
    ranges: dict[Any, tuple[float, float]] = field(default_factory=dict)

    def say(self, form: Form, low: float, high: float) -> None:
        self.forms.append(form)
        self.lows.append(low)
        self.highs.append(high)

    def narrow(self, unknown: Any, low: float, high: float) -> None:
        least, most = self.ranges.get(unknown, (0.0, math.inf))
        self.ranges[unknown] = max(least, low), min(most, high)


class Attack:
    """Everything that one or more editions say, and what follows."""

    def __init__(self, pack: Pack, truth: Truth) -> None:
        self.pack, self.truth = pack, truth
        self.rules = pack.manifest.disclosure
        self.groups: dict[str, Knowledge] = defaultdict(Knowledge)
        self.members: dict[tuple[str, str], list[str]] = {}
        districts = list(pack.table("districts")["district_code"])
        for code in districts:
            self.members["district", code] = [code]
        self.members["county", "all"] = districts
        groups = pack.table("area_groups")
        for grouping in groups["grouping"].unique():
            inside = groups[groups["grouping"] == grouping]
            for name, rows in inside.groupby("group_name"):
                self.members[grouping, str(name)] = list(rows["district_code"])
            left = [code for code in districts if code not in set(inside["district_code"])]
            self.members[grouping, "In no group"] = left
        lots = pack.table("lots")
        self.lots = {
            code: list(zip(rows["service_type"], rows["cohort"], strict=True)) for code, rows in lots.groupby("service")
        }

    # What the rules say

    def rounded(self, number: float, base: int) -> float:
        return math.floor(number / base + 0.5) * base

    def range_of(self, number: float, measure: str, exact: bool = False) -> tuple[float, float]:
        """Between what a figure lies that is shown as this number."""
        base = self.rules.round_counts if measure in COUNTS else self.rules.round_hours
        # What is no multiple of the base was not rounded: it is published to the unit.
        if number == 0 or exact or number % base:
            return number, number
        if measure in COUNTS:
            whole = [n for n in range(int(number) - base, int(number) + base + 1) if self.rounded(n, base) == number]
            smallest = self.rules.threshold + 1
            if measure == "providers":
                smallest = max(smallest, self.rules.fewest_providers + least_count(self.rules.threshold) + 1)
            return float(max(min(whole), smallest)), float(max(whole))
        if self.truth.whole_hours:
            # Hours are whole: 15 to 24 are shown as 20.
            return math.ceil(number - base / 2), math.ceil(number + base / 2) - 1
        return number - base / 2, number + base / 2

    def hidden_range(self, measure: str, truth: float, single: bool) -> tuple[float, float]:
        """Between what a hidden figure lies before anything else is known."""
        if measure not in COUNTS:
            return 0.0, MANY
        most = self.rules.threshold
        least = 1.0
        if measure == "providers":
            most = max(most, self.rules.fewest_providers + least_count(most))
            least = self.rules.fewest_providers if truth >= self.rules.fewest_providers else 1.0
        if truth <= most:
            return least, float(most) if single else MANY
        return most + 1.0, MANY

    # What the tables say

    def read(self, tables: Tables, exact: Iterable[tuple[str, str, str, str]] = ()) -> None:
        """Take in an edition. exact: (service, measure, service type, cohort) of county totals that are published."""
        known = set(exact)
        for name, measures in (
            ("demand", ("people", "delivered_hours", "waiting_hours", "open_requests")),
            ("supply", ("capacity_hours", "providers")),
        ):
            if name not in tables:
                continue
            for row in tables[name].to_dict("records"):
                cohort = row.get("cohort", "all")
                if name == "demand":
                    # The sum of two shown figures tells nothing that they do not tell.
                    parts = row["delivered_hours"], row["waiting_hours"]
                    assert row["demand_hours"] == ("c" if "c" in parts else sum(parts)) or any(
                        pd.isna(part) for part in parts
                    )
                for measure in measures:
                    county = (row["service"], measure, row["service_type"], cohort)
                    forms = self.form(
                        row["service"], measure, row["area_kind"], row["area_code"], row["service_type"], cohort
                    )
                    key = (row["service"], row["area_kind"], row["area_code"], row["service_type"], cohort)
                    self.tell(
                        Cell(name, key, measure), row[measure], forms, row["area_kind"] == "county" and county in known
                    )
        if "supply" in tables:
            self.providers(tables["supply"])
        if "requests" in tables:
            self.wards(tables["requests"])
        if "trend" in tables:
            self.trend(tables["trend"], known)

    def form(
        self, service: str, measure: str, kind: str, area: str, service_type: str, cohort: str
    ) -> tuple[str, Form]:
        """The sum of unknowns that a cell is, and which knowledge it belongs to."""
        if measure == "providers":
            return f"{service}:providers", {("providers", service, kind, area, service_type): 1.0}
        return f"{service}:{measure}", {
            (measure, service, district, one, other): 1.0
            for district in self.members[kind, area]
            for one, other in self.lots[service]
            if service_type in (one, "all") and cohort in (other, "all")
        }

    def tell(self, cell: Cell, shown: Any, told: tuple[str, Form], exact: bool = False) -> None:
        """Take in one cell."""
        group, form = told
        knowledge = self.groups[group]
        if isinstance(shown, float) and math.isnan(shown):
            return
        if shown == "c":
            knowledge.wanted.append((cell, form))
            knowledge.hidden.append((cell, form))
            return
        low, high = self.range_of(float(shown), cell.measure, exact)
        truth = self.truth.of(form)
        assert low - 1e-6 <= truth <= high + 1e-6, f"{cell} shows {shown}, and is {truth}"
        if float(shown) == 0:
            for name in form:
                knowledge.narrow(name, 0.0, 0.0)
        knowledge.say(form, low, high)

    def providers(self, supply: pd.DataFrame) -> None:
        """A total of providers is no less than any part and no more than all of them."""
        rows = {
            (row["service"], row["area_kind"], row["area_code"], row["service_type"]): row
            for row in supply.to_dict("records")
        }
        for service, kind, area, service_type in rows:
            knowledge = self.groups[f"{service}:providers"]
            whole = ("providers", service, kind, area, service_type)
            families = []
            if service_type == "all":
                families.append([("providers", service, kind, area, one) for one in dict(self.lots[service])])
            if kind != "district":
                families.append(
                    [("providers", service, "district", one, service_type) for one in self.members[kind, area]]
                )
            for parts in families:
                knowledge.say({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0.0, math.inf)
                for part in parts:
                    knowledge.say({whole: 1.0, part: -1.0}, 0.0, math.inf)

    def wards(self, requests: pd.DataFrame) -> None:
        """Wards add up to their district; one that is not shown has no more than the threshold, if that is so."""
        wards = self.pack.table("wards")
        every = wards.groupby("district_code")["ward_code"].apply(list).to_dict()
        for (service, district), rows in requests.groupby(["service", "district_code"]):
            shown = set(rows["ward_code"]) - {"other"}
            for measure in ("open_requests", "waiting_hours"):
                names = self.truth.wards(service, district, measure)
                group, total = self.form(service, measure, "district", district, "all", "all")
                knowledge = self.groups[group]
                units = {
                    code: ("ward", measure, service, code or district) for code in {*every.get(district, []), *names}
                }
                knowledge.say({**dict.fromkeys(units.values(), 1.0), **dict.fromkeys(total, -1.0)}, 0.0, 0.0)
                for code, unit in units.items():
                    few = self.truth.wards(service, district, "open_requests").get(code, 0) <= self.rules.threshold
                    self.truth.values[unit] = names.get(code, 0.0)
                    if code in shown:
                        continue
                    if few and measure == "open_requests":
                        knowledge.narrow(unit, 0.0, self.rules.threshold)
                        if names.get(code):
                            knowledge.wanted.append((Cell("wards", (service, district, code), measure), {unit: 1.0}))
                for row in rows.to_dict("records"):
                    code = row["ward_code"]
                    own = (
                        [units[code]] if code != "other" else [unit for one, unit in units.items() if one not in shown]
                    )
                    key = (service, district, code)
                    self.tell(Cell("requests", key, measure), row[measure], (group, dict.fromkeys(own, 1.0)))

    def trend(self, trend: pd.DataFrame, known: set[tuple[str, str, str, str]]) -> None:
        """Each quarter's districts and cohorts add up; the last quarter is today."""
        today = {"hours_per_week": "delivered_hours", "people": "people"}
        for row in trend.to_dict("records"):
            service, area, cohort, period = row["service"], row["district_code"], row["cohort"], row["period"]
            kind = "county" if area == "all" else "district"
            for measure in ("hours_per_week", "people", "new_requests"):
                key = (service, area, cohort, period)
                now = period == str(self.pack.manifest.date_of(service))[:7] and measure in today
                if now:
                    told = self.form(service, today[measure], kind, area, "all", cohort)
                    exact = kind == "county" and (service, today[measure], "all", cohort) in known
                    self.tell(Cell("trend", key, today[measure]), row[measure], told, exact)
                    continue
                names = {
                    (measure, service, district, one, period): 1.0
                    for district in self.members[kind, area]
                    for one in dict.fromkeys(other for _, other in self.lots[service])
                    if cohort in (one, "all")
                }
                self.tell(Cell("trend", key, measure), row[measure], (f"{service}:{measure}:{period}", names))

    def facts(self) -> None:
        """Published totals of today, as far as the pack agrees with them."""
        facts = self.pack.table("facts").set_index("id")["value"]
        rules = self.pack.table("reconciliation")
        rules = rules[(rules["table"] == "demand") & (rules["bound"] == "equal") & (rules["measure"] == "sum")]
        for rule in rules.to_dict("records"):
            measure = {"people": "people", "hours_per_week": "delivered_hours"}.get(rule["column"])
            if measure is None:
                continue
            kinds, cohorts = (
                str(rule[name]).split(";") if isinstance(rule[name], str) and rule[name] else []
                for name in ("service_type", "cohort")
            )
            form = {
                (measure, rule["service"], district, one, other): 1.0
                for district in self.members["county", "all"]
                for one, other in self.lots.get(rule["service"], [])
                if (not kinds or one in kinds) and (not cohorts or other in cohorts)
            }
            value = float(facts[rule["fact_id"]])
            if form and abs(self.truth.of(form) - value) < 1e-6:
                self.groups[f"{rule['service']}:{measure}"].say(form, value, value)

    # What follows

    def bounds(self) -> list[Bound]:
        """Every hidden cell."""
        return [bound for _, knowledge in sorted(self.groups.items()) for bound in self.solve(knowledge)]

    def solve(self, knowledge: Knowledge) -> list[Bound]:
        if not knowledge.wanted:
            return []
        for cell, form in knowledge.hidden:
            # Where all other parts are shown to be 0, a hidden sum is a hidden figure.
            alive = [name for name in form if knowledge.ranges.get(name) != (0.0, 0.0)]
            truth = self.truth.of(form)
            low, high = self.hidden_range(cell.measure, truth, len(alive) <= 1)
            knowledge.say(form, low, max(high, truth))
        names = {
            name: place for place, name in enumerate(dict.fromkeys(name for form in knowledge.forms for name in form))
        }
        rows, columns, weights = [], [], []
        for number, form in enumerate(knowledge.forms):
            for name, weight in form.items():
                rows.append(number)
                columns.append(names[name])
                weights.append(weight)
        matrix = sparse.csr_array((weights, (rows, columns)), shape=(len(knowledge.forms), len(names)))
        high, low = np.array(knowledge.highs), np.array(knowledge.lows)
        slack = 1e-7 * (1 + np.abs(np.where(np.isfinite(low), low, 0)))
        upper = sparse.vstack([matrix[np.isfinite(high)], -matrix[np.isfinite(low)]]).tocsr()
        limits = np.concatenate([(high + slack)[np.isfinite(high)], -(low - slack)[np.isfinite(low)]])
        ranges = [knowledge.ranges.get(name, (0.0, MANY)) for name in names]
        ranges = [(least, min(most, MANY)) for least, most in ranges]
        kept: dict[tuple[Any, ...], tuple[float, float]] = {}
        found = []
        for cell, form in knowledge.wanted:
            key = tuple(
                sorted(
                    (names[name], round(weight, 12)) for name, weight in form.items() if ranges[names[name]] != (0, 0)
                )
            )
            if key not in kept:
                goal = np.zeros(len(names))
                for place, weight in key:
                    goal[place] = weight
                ends = []
                for way in (1.0, -1.0):
                    result = linprog(way * goal, A_ub=upper, b_ub=limits, bounds=ranges, method="highs")
                    assert result.success, (cell, result.message)
                    ends.append(way * result.fun)
                kept[key] = ends[0], ends[1]
            truth = self.truth.of(form)
            low_end, high_end = kept[key]
            assert low_end - 1e-3 <= truth <= high_end + 1e-3, f"{cell} is {truth}, and was bounded by {kept[key]}"
            found.append(Bound(cell, low_end, high_end, truth, self.needed(cell, form, truth)))
        return found

    def needed(self, cell: Cell, form: Form, truth: float) -> float:
        """5 for a count, as long as a growing figure does not shrink; a fifth of hours."""
        if cell.measure in COUNTS:
            return least_count(self.rules.threshold) * min(1.0, min(form.values()))
        return 0.2 * truth


def least_count(threshold: int) -> float:
    return min(5.0, threshold - 1.0)


def tables_of(release: Any) -> dict[str, pd.DataFrame]:
    """The tables of a release by their name."""
    return {one.name: one.frame for one in release.tables}


def attacked(pack: Pack, *editions: Tables, exact: Iterable[tuple[str, str, str, str]] = ()) -> list[Bound]:
    """What an attacker knows of every hidden cell of editions of the same data, from all of them together."""
    truth = Truth(pack)
    attack = Attack(pack, truth)
    attack.facts()
    for tables in editions:
        attack.read(tables, exact)
    return attack.bounds()


def told_by_facts(pack: Pack, bounds: Iterable[Bound]) -> list[Bound]:
    """Those that the published totals alone tell as well, without any publication: no "c" can hide them."""
    attack = Attack(pack, Truth(pack))
    attack.facts()
    found = []
    for one in bounds:
        service, kind, area, service_type, cohort = one.cell.key
        group, form = attack.form(service, one.cell.measure, kind, area, service_type, cohort)
        knowledge = attack.groups[group]
        knowledge.wanted = [(one.cell, form)]
        found += [one for again in attack.solve(knowledge) if again.exposed]
    return found


def exact_totals(pack: Pack) -> list[tuple[str, str, str, str]]:
    """The county totals that a published fact states, and that stay exact: (service, measure, service type, cohort)."""
    facts = pack.table("facts").set_index("id")
    rules = pack.table("reconciliation")
    rules = rules[(rules["table"] == "demand") & (rules["bound"] == "equal") & (rules["measure"] == "sum")]
    found = []
    for rule in rules.to_dict("records"):
        measure = {"people": "people", "hours_per_week": "delivered_hours"}.get(rule["column"])
        given = [
            str(rule[name]) if isinstance(rule[name], str) and rule[name] else "all"
            for name in ("service_type", "cohort")
        ]
        if measure and facts.loc[rule["fact_id"], "status"] == "published" and not any(";" in one for one in given):
            found.append((str(rule["service"]), measure, *given))
    return found
