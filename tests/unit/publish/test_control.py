"""Disclosure control of a whole publication, held against an attack that shares no code with it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from attack import Bound, attacked, exact_totals, tables_of
from random_packs import random_pack, two_scenarios

from lib.pack.load import Pack
from lib.publish import control
from lib.publish.ahead import forecast_table
from lib.publish.cells import SafeRelease
from lib.publish.control import release
from lib.publish.secondary import GREEDY, Answer
from lib.publish.today import demand_draft
from lib.whatif.scenarios.presets import default_scenario

pytestmark = pytest.mark.slow
SEEDS = (1, 2)
SECONDS = 10.0  # of the processor; a greedy answer after that is as safe


def small_pack(tiny: Pack, seed: int) -> Pack:
    """Three districts: the full size is in `make fire`."""
    return random_pack(tiny, seed, most=3)


@cache
def published(tiny: Pack, seed: int) -> tuple[Pack, SafeRelease]:
    """A small random pack and its publication with two scenarios, made once."""
    pack = small_pack(tiny, seed)
    return pack, release(pack, two_scenarios(pack, seed), limit_seconds=SECONDS)


def bounds_of(pack: Pack, *editions: SafeRelease) -> list[Bound]:
    return attacked(pack, *(tables_of(one) for one in editions), exact=exact_totals(pack))


def exposed(pack: Pack, *editions: SafeRelease) -> list[Bound]:
    return [one for one in bounds_of(pack, *editions) if one.exposed]


def alone(problem: Any, deadline: float) -> Answer:
    """No secondary suppression."""
    return Answer(problem.at_first, "", 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_can_be_worked_out_of_a_random_pack(tiny: Pack, seed: int) -> None:
    pack, found = published(tiny, seed)
    assert found.report.left_out == ()
    bounds = bounds_of(pack, found)
    assert len(bounds) > 20
    assert [one for one in bounds if one.exposed] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_attack_finds_the_flaw_without_secondary_suppression(
    tiny: Pack, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = small_pack(tiny, seed)
    monkeypatch.setattr(control, "suppressed", alone)
    assert exposed(pack, release(pack, two_scenarios(pack, seed))) != []


def test_a_second_edition_of_the_same_data_tells_no_more_than_both_may(tiny: Pack) -> None:
    pack = small_pack(tiny, 1)
    one, other = two_scenarios(pack, 1)
    first = release(pack, [one], limit_seconds=SECONDS)
    second = release(pack, [one, other], [first], limit_seconds=SECONDS)
    assert exposed(pack, first, second) == []
    for name, frame in tables_of(first).items():
        later = tables_of(second)[name]
        if name in ("demand", "supply", "requests", "trend"):
            for column in frame:
                hidden = frame[column] == "c"
                if column not in ("demand_hours", "coverage", "shortfall_hours", "direction", "longest_wait"):
                    assert (later.loc[hidden, column] == "c").all(), (name, column)


def test_the_same_inputs_give_the_same_release(tiny: Pack) -> None:
    pack, one = published(tiny, 2)
    other = release(small_pack(tiny, 2), two_scenarios(pack, 2), limit_seconds=SECONDS)
    for first, second in zip(one.tables, other.tables, strict=True):
        pd.testing.assert_frame_equal(first.frame, second.frame)
        assert (first.name, first.title, first.fields, first.note) == (
            second.name,
            second.title,
            second.fields,
            second.note,
        )
    assert one.report == other.report


def test_a_greedy_answer_passes_the_same_attack_and_says_so(tiny: Pack) -> None:
    pack = small_pack(tiny, 1)
    found = release(pack, two_scenarios(pack, 1), limit_seconds=0)
    assert not found.report.exact
    assert GREEDY in {one.how for one in found.report.solved}
    assert exposed(pack, found) == []


def test_the_tables_of_the_tiny_pack(tiny: Pack) -> None:
    found = release(tiny, [default_scenario(tiny, "home")])
    assert [one.name for one in found.tables] == ["demand", "supply", "requests", "trend", "forecast", "wanted"]
    demand = found.tables[0].frame
    row = demand.set_index(["service", "area_code", "service_type", "cohort"]).loc[
        ("home", "E07000001", "night", "older")
    ]
    # Nobody has night care there: 0 stays 0.
    assert (row["people"], row["delivered_hours"], row["open_requests"]) == (0, 0, 0)
    county = demand.set_index(["service", "area_kind", "service_type", "cohort"]).loc[("home", "county", "all", "all")]
    # Published to the unit: 40 people, 470 hours.
    assert (county["people"], county["delivered_hours"]) == (40, 470)
    for table in found.tables:
        assert list(table.frame.columns) == [one.name for one in table.fields]
        assert table.title and table.note
        for field in table.fields:
            cells = table.frame[field.name]
            if field.type == "string":
                assert cells.map(lambda cell: isinstance(cell, str)).all(), (table.name, field.name)
            else:
                numbers = cells[cells != "c"].astype("float64").dropna()
                assert np.isfinite(numbers).all()
    assert exposed(tiny, found) == []


def test_no_small_count_is_shown(tiny: Pack) -> None:
    for seed in SEEDS:
        for table in published(tiny, seed)[1].tables:
            for name in ("people", "open_requests", "new_requests", "providers"):
                if name in table.frame:
                    shown = [cell for cell in table.frame[name] if cell != "c"]
                    assert not [cell for cell in shown if 0 < cell <= 7], (table.name, name)


def test_the_years_ahead_follow_from_what_is_shown_and_not_from_what_is_hidden(tiny: Pack) -> None:
    pack, found = published(tiny, 2)
    demand, forecast = found.table("demand"), found.table("forecast")
    assert demand is not None and forecast is not None
    other = pack.table("demand")
    other = other.assign(people=other["people"] * 3 + 1, hours_per_week=other["hours_per_week"] * 5 + 7)
    changed = replace(pack, tables={**pack.tables, "demand": other})
    pd.testing.assert_frame_equal(forecast_table(changed, found.scenarios, demand).frame, forecast.frame)
    key = ["service", "area_kind", "area_code", "cohort"]
    today = demand.frame[demand.frame["service_type"] == "all"].set_index(key)
    for row in forecast.frame.to_dict("records"):
        now = today.loc[tuple(row[name] for name in key)]
        for name in ("people", "demand_hours"):
            assert row[name] == "c" or now[name] != "c"
            if row["year"] == "2024":
                assert row[name] == now[name] or (pd.isna(row[name]) and pd.isna(now[name]))


def test_the_years_ahead_do_not_tell_where_those_live_who_join_or_leave(pack: Pack) -> None:
    """With every lever of who joins and leaves at its strongest, the true figures change and no year ahead does."""
    home, breaks = "domiciliary_care", "short_breaks"
    asked = [
        one.model_copy(update={"demand": one.demand.model_copy(update=moved)})
        for one, moved in (
            (default_scenario(pack, home), {"turning_18_per_year": 100.0, "discharge_people_per_month": 200.0}),
            (default_scenario(pack, breaks), {"turning_18_per_year": 12.0}),
        )
    ]
    demand = demand_draft(pack)
    demand.protect(pack.manifest.disclosure)
    shown = demand.finished()
    first = forecast_table(pack, asked, shown).frame
    table = pack.table("demand")
    lots = table.groupby(["service", "service_type", "cohort"])
    mixed = table.assign(
        **{name: lots[name].transform(lambda part: part.to_numpy()[::-1]) for name in ("people", "hours_per_week")}
    )
    assert not mixed.equals(table)
    changed = replace(pack, tables={**pack.tables, "demand": mixed})
    pd.testing.assert_frame_equal(forecast_table(changed, asked, shown).frame, first)
    # 168 children, 10% more a year, to base 5: 184.8 less 12, then 203.3 less 24.
    county = first[(first["area_kind"] == "county") & (first["cohort"] == "all")].set_index(["service", "year"])
    assert [county.loc[(breaks, str(year)), "people"] for year in (2023, 2024, 2025)] == [168, 175, 180]
