"""Disclosure control of a whole publication: nothing that is hidden can be worked out from what is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from lib.market.area_figures import provider_figures
from lib.market.coded import lots_in_order
from lib.market.disclosure import SUPPRESSED
from lib.market.lots import LOT_FIGURES
from lib.market.selection import DISTRICT
from lib.pack.load import Pack
from lib.pack.manifest import Disclosure
from lib.pack.reconcile import FILTERS, rule_value
from lib.publish.ahead import forecast_table
from lib.publish.attack import Attacker
from lib.publish.cells import ALL, NARROWEST, Block, Figure, Floats, Known, SafeRelease, SafeTable, Secret, is_hidden
from lib.publish.drafts import Draft
from lib.publish.earlier import known_from
from lib.publish.localities import requests_draft
from lib.publish.problem import FAR, NOBODY, Flags, problem
from lib.publish.report import Loss, Report, Solved
from lib.publish.secondary import Answer, Infeasible, suppressed
from lib.publish.sums import CAPACITY, Sums
from lib.publish.today import (
    HOURS,
    PEOPLE,
    PROVIDERS,
    REQUESTS,
    WAITING,
    block_name,
    demand_draft,
    supply_draft,
    supply_rows,
)
from lib.publish.trend import trend_draft
from lib.publish.wanted import wanted_table
from lib.whatif.scenarios.scenario import Scenario

LIMIT = 60.0  # seconds
UNBOUNDED = FAR  # of a sum that has no upper bound
# The finest table first: what cannot be made safe is left out in this order.
FINEST = ("requests", "demand", "supply", "trend")
FROM_DEMAND = ("supply", "forecast")
FEWEST_ALIKE = 3  # lots that tell that their packages are all the same
COUNT_BEHIND = {"delivered_hours": "people", "waiting_hours": "open_requests"}


def release(
    pack: Pack,
    scenarios: Sequence[Scenario] = (),
    earlier: Sequence[SafeRelease] = (),
    limit_seconds: float = LIMIT,
) -> SafeRelease:
    """The safe publication of a pack: every table after disclosure control, and the report of it.

    Args:
        pack: the data.
        scenarios: those whose years are published, each of a service of the pack.
        earlier: every edition that was published before: what one of them hides stays hidden.
        limit_seconds: of the processor, after which the least loss is no longer looked for: the answer is then as
            safe, and the report says that it is greedy.

    Returns:
        The same release for the same pack, scenarios and earlier editions.
    """
    begun = time.monotonic()
    left_out: dict[str, str] = {}
    while True:
        attempt = Attempt(pack, scenarios, earlier, left_out, time.thread_time() + limit_seconds)
        exposed = attempt.solve()
        if not exposed:
            return attempt.finished(left_out, begun)
        # Each time one more, so that it ends: also where what is exposed would be told by a table that is left out.
        still = [name for name in FINEST if name not in left_out]
        table = next((name for name in still if name in exposed), still[0])
        words = exposed.get(table) or next(iter(exposed.values()))
        left_out[table] = f"It cannot be made safe: {words} could be worked out whatever else is hidden."
        if table == "demand":
            left_out |= dict.fromkeys(FROM_DEMAND, "It is worked out from the demand table, which is left out.")


class Attempt:
    """One attempt at a publication, without the tables that are left out."""

    def __init__(
        self,
        pack: Pack,
        scenarios: Sequence[Scenario],
        earlier: Sequence[SafeRelease],
        left_out: Iterable[str],
        deadline: float,
    ) -> None:
        """Make every table, and apply the primary rule to it."""
        self.pack, self.scenarios, self.earlier, self.deadline = pack, tuple(scenarios), tuple(earlier), deadline
        self.settings = pack.manifest.disclosure
        self.blocks = blocks_of_today(pack)
        demand = demand_draft(pack)
        demand.protect(self.settings)
        drafts = [demand, supply_draft(pack, demand), requests_draft(pack, self.blocks), trend_draft(pack, self.blocks)]
        self.drafts = [one for one in drafts if one.name not in set(left_out)]
        for draft in self.drafts:
            if draft is not demand:
                draft.protect(self.settings)
            for figure in draft.figures:
                self.blocks[figure.block].figures.append(figure)
        self.hidden: set[Secret] = set()
        self.stays_hidden, self.out = known_from(pack, self.earlier, self.blocks)
        self.same_packages = same_packages(pack)
        self.told_by_counts = self.counts_that_tell()
        self.solved: list[Solved] = []
        self.already: list[str] = []  # secrets that published facts tell whatever is hidden, in words

    def solve(self) -> dict[str, str]:
        """Hide what must be hidden, block by block. Returns what cannot be kept, in words, by table, if any."""
        for name, block in self.blocks.items():
            begun = time.monotonic()
            parts = problem(block, self.settings, self.goes_with(block), self.out)
            try:
                try:
                    answer = suppressed(parts, self.deadline)
                except Infeasible:
                    told = public_already(block, self.settings) - self.out
                    self.out |= told
                    self.already += [words_of(one) for one in sorted(told)]
                    parts = problem(block, self.settings, self.goes_with(block), self.out)
                    answer = suppressed(parts, self.deadline)
            except Infeasible as error:
                lost = {secret for place in error.places for secret in parts.secrets[place]}
                return {self.table_of(one): words_of(one.secret) for one in block.figures if one.secret in lost}
            self.hidden |= {secret for place in np.flatnonzero(answer.hidden) for secret in parts.secrets[place]}
            self.solved.append(solved(name, parts.at_first, answer, time.monotonic() - begun))
        return {}

    def table_of(self, figure: Figure) -> str:
        """The table that a figure stands in; of a ward that is not shown, the finest that tells of it."""
        finest = FINEST[0] if any(one.name == FINEST[0] for one in self.drafts) else FINEST[1]
        return figure.table or finest

    def goes_with(self, block: Block) -> set[Secret]:
        """The secrets of a block that are hidden for another's sake: an earlier edition's, a count's, that of hours.

        Where each package of care has the same hours, hours tell how many they are for. Where the hours are hidden by
        the rules, so is the count, if it would tell them too well.
        """
        found = {one.secret for one in block.figures} & (self.told_by_counts | self.stays_hidden)
        for one in block.figures:
            if (one.secret.service, one.secret.measure, one.secret.service_type) in self.same_packages:
                count = one.secret._replace(measure=COUNT_BEHIND[one.secret.measure])
                if count in self.hidden:
                    found.add(one.secret)
        return found

    def counts_that_tell(self) -> set[Secret]:
        """The counts that would tell hidden hours too well, at the same hours for each."""
        found = set()
        for block in self.blocks.values():
            for one in block.figures:
                key = (one.secret.service, one.secret.measure, one.secret.service_type)
                each = self.same_packages.get(key, math.inf)
                if is_hidden(one.shown) and each * self.settings.round_counts < NARROWEST * one.value:
                    found.add(one.secret._replace(measure=COUNT_BEHIND[one.secret.measure]))
        return found

    def finished(self, left_out: dict[str, str], begun: float) -> SafeRelease:
        """The release."""
        losses = []
        for draft in self.drafts:
            for figure in draft.figures:
                if figure.secret in self.hidden and figure.base:
                    draft.hide(figure.row, figure.column)
            losses += losses_of(draft)
        tables: list[SafeTable] = [draft.finished() for draft in self.drafts]
        supply = next((one for one in tables if one.name == "supply"), None)
        demand = next((one for one in tables if one.name == "demand"), None)
        if demand is not None and self.scenarios:
            tables.append(forecast_table(self.pack, self.scenarios, demand))
        if supply is not None:
            tables.append(wanted_table(supply))
        seconds = time.monotonic() - begun
        report = Report(tuple(losses), tuple(self.solved), tuple(left_out.items()), seconds, tuple(self.already))
        dates = {code: str(self.pack.manifest.date_of(code)) for code in self.pack.manifest.services}
        return SafeRelease(tuple(tables), report, dates, self.settings, self.scenarios)


def blocks_of_today(pack: Pack) -> dict[str, Block]:
    """The quantities of today, block by block: counts before the hours that go with them."""
    found: dict[str, Block] = {}
    for service in pack.manifest.services:
        sums = Sums(pack, service)
        for kind, truth in (
            (PEOPLE, sums.figure("people").ravel()),
            (REQUESTS, sums.figure("open_requests").ravel()),
            (HOURS, sums.figure("delivered_hours").ravel()),
            (WAITING, sums.figure("waiting_hours").ravel()),
            (CAPACITY, sums.figure("capacity_hours").ravel()),
        ):
            name = block_name(service, kind)
            known = truth[~np.isnan(truth)]
            pieces = {}
            for area in sums.areas:
                if len(area.districts) < len(pack.district_names()):
                    pieces[f"{area.kind}/{area.code}"] = sums.places(area, sums.every)
            found[name] = Block(name, f"{service}, {kind}", truth, pieces=pieces)
            found[name].whole = bool((known == np.round(known)).all())
            found[name].known = facts(sums, kind)
        found[block_name(service, PROVIDERS)] = providers_block(sums)
    return found


def facts(sums: Sums, kind: str) -> list[Known]:
    """The published facts of a block: what the pack's own reconciliation adds up, exactly."""
    column = {PEOPLE: "people", HOURS: "hours_per_week"}.get(kind)
    if column is None:
        return []
    pack = sums.pack
    rules, values = pack.table("reconciliation"), pack.table("facts").set_index("id")["value"]
    rules = rules[(rules["table"] == "demand") & (rules["column"] == column) & (rules["bound"] == "equal")]
    found = []
    for _, rule in rules[rules["measure"].isin(["sum", "percent"])].iterrows():
        value = float(values[rule["fact_id"]])
        if rule_value(pack, rule) != value or rule["service"] != sums.service:
            continue
        part = counted(sums, rule, "")
        if rule["measure"] == "sum":
            places = np.flatnonzero(part).astype(np.int64)
            found.append(Known(places, np.ones(len(places)), value, value))
            continue
        whole = counted(sums, rule, str(rule["share_of"]))
        weights = part - value / 100 * whole
        places = np.flatnonzero(part + whole > 0).astype(np.int64)
        found.append(Known(places, weights[places], 0.0, 0.0))
    return found


def counted(sums: Sums, rule: pd.Series[str], leave_out: str) -> Floats:
    """1 for each lot that a rule adds up, districts by lots in one row; but for one of its filters."""
    wanted = {
        name: set(str(rule[name]).split(";"))
        for name in FILTERS
        if name != leave_out and pd.notna(rule[name]) and rule[name]
    }
    lots = [
        kind in wanted.get("service_type", {kind}) and cohort in wanted.get("cohort", {cohort})
        for kind, cohort in lots_in_order(sums.pack, sums.service)
    ]
    return np.tile(np.array(lots, dtype=np.float64), len(sums.pack.district_names()))


def providers_block(sums: Sums) -> Block:
    """How many providers serve each area and service type: a provider of several counts once in their total.

    So a total is no less than each of its parts, and no more than all of them.
    """
    rows = supply_rows(sums)
    truth = np.empty(len(rows))
    place: dict[tuple[str, str, str], int] = {}
    for kind in sums.kinds:
        for lots in sums.of_types:
            counts = provider_figures(sums.pack, sums.selection(lots, kind))["providers"]
            for number, (area, own) in enumerate(rows):
                if area.kind == kind and own is lots:
                    truth[number] = counts[area.code]
                    place[area.kind, area.code, lots.service_type] = number
    name = block_name(sums.service, PROVIDERS)
    block = Block(name, f"{sums.service}, providers", truth)
    totals: list[tuple[int, list[int]]] = []
    districts = [area for area in sums.areas if area.kind == DISTRICT]
    for area in sums.areas:
        parts = [place[area.kind, area.code, lots.service_type] for lots in sums.of_types if lots.service_type != ALL]
        totals.append((place[area.kind, area.code, ALL], parts))
        if area.kind != DISTRICT:
            for lots in sums.of_types:
                inside = [place[DISTRICT, districts[n].code, lots.service_type] for n in area.districts]
                totals.append((place[area.kind, area.code, lots.service_type], inside))
    for total, parts in totals:
        block.known.append(Known(np.array([total, *parts]), np.array([-1.0, *[1.0] * len(parts)]), 0.0, UNBOUNDED))
        block.known += [Known(np.array([total, part]), np.array([1.0, -1.0]), 0.0, UNBOUNDED) for part in parts]
    block.pieces = {
        area.code: np.array([place[area.kind, area.code, lots.service_type] for lots in sums.of_types])
        for area in sums.areas
    }
    return block


def public_already(block: Block, settings: Disclosure) -> set[Secret]:
    """The secrets that published facts and earlier editions tell by themselves: nothing here can keep them.

    By themselves: without what a "c" tells, or the counts behind hours, which are of this publication.
    """
    hidden = replace(block, figures=[replace(one, shown=SUPPRESSED) for one in block.figures if one.base])
    found: set[Secret] = set()
    while True:
        # The attack stops at districts where they tell enough: so again, without those that are found.
        parts = problem(hidden, settings, out_already=found)
        ours = parts.secret != NOBODY
        without = replace(
            parts,
            hidden_low=np.where(ours, 0.0, parts.hidden_low),
            hidden_high=np.where(ours, FAR, parts.hidden_high),
        )
        exposed = Attacker(without).exposed(np.ones(len(without.secrets), dtype=np.bool_))
        more = {secret for one in exposed for secret in without.secrets[one.place]} - found
        if not more:
            return found
        found |= more


def same_packages(pack: Pack) -> dict[tuple[str, str, str], float]:
    """Where each package of care has the same hours, and how many: by service, measure and service type."""
    found = {}
    for service in pack.manifest.services:
        sums = Sums(pack, service)
        for measure, count in COUNT_BEHIND.items():
            if measure not in LOT_FIGURES:
                continue
            for lots in sums.of_types:
                hours, number = sums.figure(measure)[:, lots.places], sums.figure(count)[:, lots.places]
                known = number > 0
                each = hours[known] / number[known]
                if lots.service_type != ALL and len(each) >= FEWEST_ALIKE and np.allclose(each, each[0], rtol=1e-3):
                    found[service, measure, lots.service_type] = float(each[0])
    return found


def solved(name: str, at_first: Flags, answer: Answer, seconds: float) -> Solved:
    """How a block was solved, for the report."""
    more = int(answer.hidden.sum() - at_first.sum())
    return Solved(name, answer.how, int(at_first.sum()), more, answer.rounds, seconds)


def losses_of(draft: Draft) -> list[Loss]:
    """What each measure of a table loses."""
    found = []
    for column in dict.fromkeys(one.column for one in draft.figures):
        own = [one for one in draft.figures if one.column == column]
        at_first = [one for one in own if is_hidden(one.shown)]
        now = [one for one in own if is_hidden(draft.safe[one.row][column])]
        fewest = min(len(one.places) for one in own)
        finest = [one for one in own if len(one.places) == fewest]
        whole = sum(one.value for one in finest)
        gone = sum(one.value for one in finest if is_hidden(draft.safe[one.row][column]))
        lost = gone / whole if whole else 0.0
        found.append(Loss(draft.name, column, len(own), len(at_first), len(now) - len(at_first), lost))
    return found


def words_of(secret: Secret) -> str:
    """A secret in words, for the report: codes are public."""
    parts = (secret.measure.replace("_", " "), secret.area, secret.service_type, secret.cohort, secret.period)
    return ", ".join(part for part in parts if part)
