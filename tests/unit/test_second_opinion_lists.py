"""A second opinion on the ranked lists: every placement and every exit worked out again in plain Python.

It reads the CSV files itself and goes down each list one provider at a time, with nothing of lib but what is checked.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from lib.market.ranked_lists.call_off import Lot
from lib.market.ranked_lists.placement import place
from lib.market.ranked_lists.resilience import Stress, points_of_failure, stress
from lib.pack.load import LOT, Pack

pytestmark = pytest.mark.slow

Row = dict[str, str]
# route, rank, provider_id, hours
Taken = tuple[str, str, str, Fraction]


class Lists:
    """The ranked lists of a pack's files."""

    def __init__(self, root: Path) -> None:
        def rows(name: str) -> list[Row]:
            with (root / name).open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))

        manifest = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
        on_framework = [code for code, route in manifest["routes"].items() if route["framework"]]
        good = {rating["name"] for rating in manifest["ratings"] if rating.get("good")}
        rating = {(row["provider_id"], row["domain"]): row["rating"] for row in rows("market/ratings.csv")}
        self.providers = [row["provider_id"] for row in rows("market/providers.csv")]
        self.passing = {
            provider
            for provider in self.providers
            if all(rating.get((provider, domain)) in good for domain in manifest["quality_gate"]["domains"])
        }
        self.demand = {tuple(row[name] for name in LOT): row for row in rows("market/demand.csv")}
        self.lots: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows("market/capacity.csv"):
            self.lots[tuple(row[name] for name in LOT)].append(row)
        for listed in self.lots.values():
            framework = [row for row in listed if row["route"] in on_framework]
            spot = [row for row in listed if row["route"] not in on_framework]
            framework.sort(key=lambda row: (on_framework.index(row["route"]), int(row["rank"]), row["provider_id"]))
            spot.sort(key=lambda row: (float(row["hourly_rate"]), -float(row["capacity_hours"]), row["provider_id"]))
            listed[:] = framework + spot

    def placed(self, lot: tuple[str, ...], hours: Fraction, closed: set[str]) -> list[Taken]:
        """Hours handed down a list, one provider at a time."""
        taken: list[Taken] = []
        for row in self.lots.get(lot, []):
            room = Fraction(row["capacity_hours"]) - Fraction(row["delivered_hours"])
            if row["provider_id"] in closed or room <= 0 or hours <= 0:
                continue
            share = min(room, hours)
            taken.append((row["route"], row["rank"], row["provider_id"], share))
            hours -= share
        return [*taken, ("unplaced", "", "", hours)]

    def left(self, lot: tuple[str, ...], provider: str) -> Fraction:
        """The hours that a provider delivers in a lot."""
        own = [Fraction(row["delivered_hours"]) for row in self.lots[lot] if row["provider_id"] == provider]
        return sum(own, Fraction(0))


@pytest.fixture(scope="module")
def lists(pack: Pack) -> Lists:
    return Lists(pack.root)


@pytest.fixture(scope="module")
def exits(pack: Pack, lists: Lists) -> dict[str, Stress]:
    """What becomes of every provider's lots if it alone leaves."""
    return {provider: stress(pack, (provider,)) for provider in lists.providers}


def as_taken(row: dict[str, object]) -> Taken:
    """A row of a placement as the second opinion has it."""
    rank, provider = (str(row[name]) for name in ("rank", "provider_id"))
    blank = ("<NA>", "nan", "None")
    hours = Fraction(str(row["placed_hours"]))
    return str(row["route"]), "" if rank in blank else rank, "" if provider in blank else provider, hours


@pytest.mark.parametrize("skip", [False, True])
def test_every_lot_of_the_default_pack(pack: Pack, lists: Lists, skip: bool) -> None:
    closed = set(lists.providers) - lists.passing if skip else set()
    placements = routes = 0
    for lot in lists.demand:
        for hours in ("0", "7.5", "60", "450", "2000"):
            found = [as_taken(row) for row in place(pack, Lot(*lot), float(hours), skip).to_dict("records")]
            assert found == lists.placed(lot, Fraction(hours), closed), (lot, hours)
            placements += 1
            routes += len({row[0] for row in found}) > 2
    assert placements == 132 * 5
    assert routes > 50, "many placements spill over from one route to another"


def test_every_exit_of_the_default_pack(lists: Lists, exits: dict[str, Stress]) -> None:
    rows = 0
    for provider, found in exits.items():
        by_lot: dict[tuple[str, ...], list[Taken]] = defaultdict(list)
        for row in found.placements.to_dict("records"):
            by_lot[tuple(str(row[name]) for name in LOT)].append(as_taken(row))
        own = {lot for lot, listed in lists.lots.items() if provider in {row["provider_id"] for row in listed}}
        expected = {lot: lists.placed(lot, lists.left(lot, provider), {provider}) for lot in own}
        assert dict(by_lot) == expected, provider
        rows += sum(len(taken) for taken in by_lot.values())
    assert len(exits) == 148
    assert rows > 1000


def test_points_of_failure_are_the_exits_one_by_one(pack: Pack, lists: Lists, exits: dict[str, Stress]) -> None:
    compared = 0
    for service in pack.manifest.services:
        for row in points_of_failure(pack, service).to_dict("records"):
            lots = exits[row["provider_id"]].lots
            lots = lots[lots["service"] == service]
            assert row["unplaced_hours"] == lots["unplaced_hours"].sum(), row["provider_id"]
            assert row["people_affected"] == pytest.approx(lots["people_affected"].sum()), row["provider_id"]
            assert row["delivered_hours"] == lots["moved_hours"].sum(), row["provider_id"]
            compared += 1
    assert compared == len({(lot[0], row["provider_id"]) for lot, listed in lists.lots.items() for row in listed})


def test_people_affected_are_shared_by_hours(lists: Lists, exits: dict[str, Stress]) -> None:
    for provider, found in exits.items():
        for row in found.lots.to_dict("records"):
            lot = tuple(str(row[name]) for name in LOT)
            bought = lists.demand[lot]
            hours = Fraction(bought["hours_per_week"])
            people = int(bought["people"]) * lists.left(lot, provider) / hours if hours else Fraction(0)
            assert row["people_affected"] == pytest.approx(float(people)), (provider, lot)
            assert row["people_affected"] <= row["people"]
