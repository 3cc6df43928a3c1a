"""What a calculation says that it rests on is what it reads: the numbers of one table at a time are changed.

Names of districts and providers, and which lots and groups there are, are no figures: nothing here touches them.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import lib.market
import lib.whatif
from lib.market import (
    area_figures,
    board,
    concentration,
    counts,
    lots,
    profile,
    providers,
    quality,
    rating_age,
    register,
    rural_pockets,
    rurality,
    shared_supply,
    transfers,
)
from lib.market.indicators import every_figure
from lib.market.published.intentions import FURTHER_FIGURES
from lib.market.ranked_lists import call_off, lot_supply, one_provider, placement, reranking, resilience, room
from lib.market.ranked_lists.call_off import Lot
from lib.market.selection import Selection, select
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.whatif import spot_to_framework
from lib.whatif.basis import projection_basis
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import moved
from lib.whatif.spot_to_framework import Transition
from lib.whatif.summary import summarise

pytestmark = pytest.mark.slow

ASH = "E07000001"
ASH_DAY = Lot("home", ASH, "day", "older")


def varied(values: pd.Series, more: int = 0) -> pd.Series:
    """Numbers made larger, each by another factor, so that no share stays what it was."""
    return (values * (2 + np.arange(len(values)) % 5) + more).astype(values.dtype)


def swapped(words: pd.Series, one: str, other: str) -> pd.Series:
    return words.replace({one: other, other: one})


def earlier(dates: pd.Series) -> pd.Series:
    """Dates long before, each by another number of days."""
    return dates - pd.to_timedelta(400 * (1 + np.arange(len(dates)) % 9), unit="D")


# For every table with figures, what can change in it: most at once, and by itself what would hide behind the rest.
CHANGES: dict[str, list[Callable[[pd.DataFrame], pd.DataFrame]]] = {
    "districts": [
        lambda rows: rows.assign(
            rural_share_65=1 - rows["rural_share_65"] / (1 + np.arange(len(rows))),
            borders_london=~rows["borders_london"],
            area_km2=varied(rows["area_km2"]),
            deprivation_score=varied(rows["deprivation_score"]),
        )
    ],
    "population": [
        lambda rows: rows.assign(persons=varied(rows["persons"])),
        lambda rows: rows.assign(persons=rows["persons"] * np.where(rows["district_code"] == ASH, 100, 1)),
    ],
    "service_rates": [lambda rows: rows.assign(weight=varied(rows["weight"]))],
    "wards": [lambda rows: rows.assign(latitude=rows["latitude"] + 0.01, longitude=rows["longitude"] + 0.01)],
    "facts": [lambda rows: rows.assign(value=[f"{value}1" for value in rows["value"]])],
    "demand": [
        lambda rows: rows.assign(
            # No hours stay none: where hours are bought says of which lots there must be capacity.
            people=varied(rows["people"]),
            hours_per_week=3 * rows["hours_per_week"],
            annual_cost=varied(rows["annual_cost"], 14),
        ),
        lambda rows: rows.assign(hours_per_week=0.0),
    ],
    "providers": [
        lambda rows: rows.assign(also_childrens=~rows["also_childrens"], regulated=~rows["regulated"]),
    ],
    "cqc_locations": [lambda rows: rows.assign(overall=swapped(rows["overall"], "Good", "Poor"))],
    "ratings": [
        lambda rows: rows.assign(
            rating=swapped(rows["rating"], "Good", "Not rated"), rated_on=earlier(rows["rated_on"])
        ),
        lambda rows: rows.assign(rating=swapped(rows["rating"], "Good", "Poor")),
    ],
    "capacity": [
        lambda rows: rows.assign(
            **{
                name: varied(rows[name], place)
                for place, name in enumerate(("delivered_hours", "capacity_hours", "hourly_rate", "performance_score"))
            }
        ),
        lambda rows: rows.assign(capacity_hours=0.0, delivered_hours=0.0),
    ],
    "requests": [
        lambda rows: rows.assign(
            hours_per_week=varied(rows["hours_per_week"]), requested_on=earlier(rows["requested_on"])
        ),
        lambda rows: rows.assign(placed_on=pd.NaT, cohort=swapped(rows["cohort"], "older", "younger")),
    ],
    "history": [lambda rows: rows.assign(hours_per_week=varied(rows["hours_per_week"]))],
}


def changed(pack: Pack, tables: Iterable[str]) -> Pack:
    """The pack with every change of these tables."""
    frames = {name: reduce(lambda rows, change: change(rows), CHANGES[name], pack.table(name)) for name in tables}
    return dataclasses.replace(pack, tables={**pack.tables, **frames})


def with_changes(pack: Pack, tables: Iterable[str] = CHANGES) -> Iterator[tuple[str, Pack]]:
    """The pack with one change at a time, beside the name of the table that is changed."""
    for table in tables:
        for change in CHANGES[table]:
            yield table, dataclasses.replace(pack, tables={**pack.tables, table: change(pack.table(table))})


class Case(NamedTuple):
    """How a calculation is called, and what of its inputs or of its result is no figure.

    names: declared tables that only give names, or who there is. aside: columns that it carries for others, and what
    shows those declares more.
    """

    call: Callable[[Pack], Any]
    names: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()


def whole(function: Callable[..., Any], *more: Any) -> Callable[[Pack], Any]:
    """The calculation for the whole of a service."""
    return lambda pack: function(pack, select(pack, "home"), *more)


def of(service: str, function: Callable[..., Any]) -> Callable[[Pack], Any]:
    return lambda pack: function(pack, service)


def or_refused(call: Callable[[Pack], Any]) -> Callable[[Pack], Any]:
    """The calculation, or the words of its refusal: without hours there is nothing to move."""

    def called(pack: Pack) -> Any:
        try:
            return call(pack)
        except SelectionError as error:
            return str(error)

    return called


def room_words(pack: Pack) -> Any:
    return room.room_sentence(pack, select(pack, "home"), ASH, room.room(pack, "home", ASH))


def every_spill(pack: Pack) -> Any:
    today = lots.lot_table(pack, select(pack, "home")).set_index(["district_code", "service_type", "cohort"])
    delivered = float(today["delivered_hours"][ASH_DAY[1:]])
    return placement.spill(pack, placement.placed_list(pack, ASH_DAY, 40), 40, delivered)


def supply_words(pack: Pack) -> str:
    return lot_supply.supply_sentence(pack, "home", lot_supply.headlines(pack, "home"))


def alone_in_ash(pack: Pack) -> Any:
    """P3 delivers 10 hours in Ash beside P1, and 160 in Birch: without its 60 hours that nobody else has in Ash."""
    rows = pack.table("capacity")
    only = rows[(rows["provider_id"] != "P3") | (rows["cohort"] == "older")]
    held = dataclasses.replace(pack, tables={**pack.tables, "capacity": only})
    return transfers.thin_presence(held, "home", 0, 40)


NAMES = frozenset({"providers"})
# Whoever goes by the gate says so, with passes_gate: a list in order of rank does not.
GATE = frozenset({"passes_gate"})
SETTINGS = Transition(80, 4, 6, 22.0, 10.0)
CASES: dict[Callable[..., Any], Case] = {
    lots.lot_table: Case(whole(lots.lot_table)),
    area_figures.lot_sums: Case(whole(area_figures.lot_sums)),
    area_figures.residents: Case(whole(area_figures.residents)),
    area_figures.placed_in_year: Case(whole(area_figures.placed_in_year)),
    area_figures.days_to_source: Case(whole(area_figures.days_to_source)),
    area_figures.provider_figures: Case(whole(area_figures.provider_figures)),
    area_figures.rurality: Case(lambda pack: area_figures.rurality(pack, select(pack, "home", group_by="side"))),
    providers.area_providers: Case(whole(providers.area_providers, ASH), NAMES),
    concentration.concentration: Case(whole(concentration.concentration)),
    counts.placed_requests: Case(whole(counts.placed_requests)),
    counts.delivering_providers: Case(whole(counts.delivering_providers)),
    counts.rated_providers: Case(whole(counts.rated_providers)),
    rating_age.rating_ages: Case(whole(rating_age.rating_ages)),
    rural_pockets.places: Case(of("home", rural_pockets.places)),
    rural_pockets.pockets: Case(whole(rural_pockets.pockets)),
    rurality.rural_shares: Case(lambda pack: rurality.rural_shares(pack, "side", 2024)),
    shared_supply.shared_providers: Case(of("respite", shared_supply.shared_providers), frozenset({"capacity"})),
    shared_supply.headroom_elsewhere: Case(of("respite", shared_supply.headroom_elsewhere)),
    shared_supply.shared_supply: Case(of("respite", shared_supply.shared_supply)),
    shared_supply.shared_headroom: Case(of("respite", shared_supply.shared_headroom)),
    register.register_table: Case(register.register_table, NAMES),
    register.register_summary: Case(register.register_summary),
    quality.provider_ratings: Case(quality.provider_ratings),
    quality.passes_gate: Case(quality.passes_gate),
    quality.rating_mix: Case(whole(quality.rating_mix)),
    quality.quality_figures: Case(whole(quality.quality_figures)),
    quality.gate_figures: Case(whole(quality.gate_figures)),
    quality.gate_list: Case(whole(quality.gate_list)),
    profile.lot_rows: Case(whole(profile.lot_rows, ASH)),
    profile.history: Case(whole(profile.history)),
    call_off.call_off_order: Case(call_off.call_off_order, aside=GATE),
    call_off.ranked_list: Case(lambda pack: call_off.ranked_list(pack, ASH_DAY), NAMES),
    lot_supply.lot_supply: Case(of("home", lot_supply.lot_supply)),
    # Which lots there are to count is in demand.csv.
    lot_supply.supply_sentence: Case(supply_words, NAMES | {"demand"}),
    lot_supply.headlines: Case(of("home", lot_supply.headlines), NAMES | {"demand"}),
    one_provider.provider_lots: Case(lambda pack: one_provider.provider_lots(pack, "P1")),
    one_provider.exposure: Case(lambda pack: one_provider.exposure(pack, "P1"), NAMES),
    placement.placed_list: Case(lambda pack: placement.placed_list(pack, ASH_DAY, 40), NAMES, GATE),
    placement.spill: Case(every_spill, NAMES),
    room.room: Case(lambda pack: room.room(pack, "home", ASH), NAMES | {"demand"}),
    room.room_sentence: Case(room_words, NAMES | {"demand", "ratings"}),
    reranking.rerank: Case(lambda pack: reranking.rerank(pack, "home", 0.5), NAMES),
    resilience.stress: Case(lambda pack: resilience.stress(pack, ("P1",), ("P2",)), NAMES),
    resilience.stressed_lots: Case(lambda pack: resilience.stress(pack, ("P3",)).lots, NAMES),
    resilience.points_of_failure: Case(of("home", resilience.points_of_failure), NAMES),
    spot_to_framework.spot_rate: Case(or_refused(of("respite", spot_to_framework.spot_rate))),
    spot_to_framework.transition: Case(
        or_refused(lambda pack: spot_to_framework.transition(pack, "respite", SETTINGS))
    ),
    spot_to_framework.spot_rates: Case(of("home", spot_to_framework.spot_rates)),
    board.waiting: Case(of("home", board.waiting)),
    transfers.placed_packages: Case(of("home", transfers.placed_packages)),
    transfers.lone_packages: Case(lambda pack: transfers.lone_packages(pack, "home", 0.001, 1000, 100)),
    transfers.thin_presence: Case(alone_in_ash),
}


def as_text(result: Any, aside: frozenset[str] = frozenset()) -> str:
    """A result, every digit of it, to be compared."""
    if isinstance(result, list | tuple):
        return "\n".join(as_text(one, aside) for one in result)
    if isinstance(result, pd.Series):
        return result.to_csv()
    if isinstance(result, pd.DataFrame):
        return result.drop(columns=[name for name in aside if name in result]).to_csv()
    if dataclasses.is_dataclass(result):
        return "\n".join(as_text(getattr(result, field.name), aside) for field in dataclasses.fields(result))
    return repr(result)


@pytest.fixture(scope="module")
def sharing(tiny: Pack) -> Pack:
    """The tiny pack with a provider that could serve the other service too, and a register of one office.

    Placed requests name who they were placed with: P3 in Ash but for one, P1 for that one and in Birch.
    """
    rows = tiny.table("providers")
    frame = rows.assign(also_childrens=rows["provider_id"] == "P1")
    office = {"cqc_location_id": "1-1", "location_name": "A", "home_care": True, "overall": "Good", "read_from": "f"}
    held = pd.DataFrame([office]).reindex(columns=tiny.table("cqc_locations").columns)
    held["rated_on"] = pd.to_datetime(held["rated_on"])
    requests = tiny.table("requests")
    placed_with = requests["request_id"].map({"R3": "P1", "R4": "P3", "R5": "P3", "R6": "P1", "R8": "P1"})
    given = {"providers": frame, "cqc_locations": held, "requests": requests.assign(provider_id=placed_with)}
    return dataclasses.replace(tiny, tables={**tiny.tables, **given})


@pytest.mark.parametrize("function", CASES, ids=lambda one: one.__name__)
def test_a_calculation_rests_on_what_it_reads(sharing: Pack, function: Callable[..., Any]) -> None:
    case = CASES[function]
    declared = set(function.basis.tables)  # type: ignore[attr-defined]
    assert case.names <= declared <= set(CHANGES)
    before = as_text(case.call(sharing), case.aside)
    others = changed(sharing, set(CHANGES) - declared)
    assert as_text(case.call(others), case.aside) == before, "it reads what it does not state"
    for table in sorted(declared):
        texts = {as_text(case.call(other), case.aside) for _, other in with_changes(sharing, [table])}
        assert (texts == {before}) == (table in case.names), table


def test_every_calculation_that_states_its_inputs_is_tried_here() -> None:
    found = set()
    for package in (lib.market, lib.whatif):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for thing in vars(importlib.import_module(module.name)).values():
                if callable(thing) and hasattr(thing, "basis") and not isinstance(thing, type):
                    found.add(thing)
    assert {one.__name__ for one in found - set(CASES)} == set()
    assert len(found) == len(CASES)


def test_every_indicator_rests_on_what_it_reads(tiny: Pack) -> None:
    """Each by itself: what stands in one column may rest on less than the calculation that gives it."""

    def figures(pack: Pack) -> dict[str, str]:
        found = profile.figures(pack, select(pack, "home", group_by="side"))
        return {code: as_text(found[code]) for code in every_figure(pack)}

    before = figures(tiny)
    read: dict[str, set[str]] = {code: set() for code in before}
    for table, other in with_changes(tiny):
        for code, text in figures(other).items():
            if text != before[code]:
                read[code].add(table)
    assert {code: sorted(tables) for code, tables in read.items()} == {
        code: sorted(one.inputs) for code, one in every_figure(tiny).items()
    }


def test_what_tracks_an_intention_rests_on_what_it_reads(tiny: Pack) -> None:
    expected = {
        "providers_per_lot": {"demand", "requests", "capacity"},
        "single_provider_lots": {"demand", "requests", "capacity"},
        "rural_spot_share": {"districts", "population", "capacity"},
        "rural_providers": {"districts", "population", "capacity"},
        "london_providers": {"districts", "capacity"},
    }

    def values(pack: Pack, code: str, selection: Selection) -> Any:
        figure = FURTHER_FIGURES[code](pack, selection)
        return figure and (figure.value, figure.text)

    for code, tables in expected.items():
        selection = select(tiny, "home")
        before = values(tiny, code, selection)
        assert values(changed(tiny, set(CHANGES) - tables), code, selection) == before, code
        statuses = {table: ("illustrative" if table in tables else "published") for table in CHANGES}
        figure = FURTHER_FIGURES[code](with_statuses(tiny, statuses), select(tiny, "home"))
        assert figure is not None and figure.status.status == "illustrative", code


def with_statuses(pack: Pack, statuses: dict[str, str]) -> Pack:
    """The pack with other statuses of its tables."""
    resources = tuple(
        one.model_copy(update={"status": statuses.get(one.name, one.status)}) for one in pack.manifest.resources
    )
    return dataclasses.replace(pack, manifest=pack.manifest.model_copy(update={"resources": resources}))


# The what-if, on the default pack: the tiny one has no years to come.
TODAY = {
    "people": {"demand"},
    "demand_hours": {"demand", "requests"},
    "capacity_hours": {"capacity"},
    "gap_hours": {"demand", "requests", "capacity"},
    "coverage": {"demand", "requests", "capacity"},
    "shortfall_hours": {"demand", "requests", "capacity"},
    "cost": {"demand"},
}
AGEING = {"population", "service_rates"}


@pytest.mark.parametrize("ageing", [True, False], ids=["ageing", "no ageing"])
def test_a_projection_rests_on_what_it_reads(pack: Pack, ageing: bool) -> None:
    scenario = moved(
        default_scenario(pack, "domiciliary_care", 3),
        {"demand.demographic": ageing, "demand.need_growth_pct": 2.0, "supply.capacity_growth_pct": 1.0},
    )
    assert scenario.demand.demographic is ageing

    def figures(one: Pack) -> dict[tuple[str, bool], str]:
        rows = summarise(one, scenario).by_year
        first = rows["year"] == rows["year"].min()
        return {
            (measure, ahead): as_text(rows.loc[~first if ahead else first, measure])
            for measure in TODAY
            for ahead in (False, True)
        }

    before = figures(pack)
    read: dict[tuple[str, bool], set[str]] = {key: set() for key in before}
    others = set(CHANGES) - {"demand", "requests", "capacity", *AGEING}
    assert figures(changed(pack, others)) == before
    for table in sorted(set(CHANGES) - others):
        for key, text in figures(changed(pack, [table])).items():
            if text != before[key]:
                read[key].add(table)
    for (measure, ahead), tables in read.items():
        further = AGEING if ahead and ageing and measure != "capacity_hours" else set()
        assert tables == TODAY[measure] | further, (measure, ahead)
        assert set(projection_basis(pack, scenario, measure, ahead=ahead).tables) == tables, (measure, ahead)
