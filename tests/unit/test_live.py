"""A step of a lever, from arrays: the same figures and words as the frames give, worked out in another way."""

from __future__ import annotations

import dataclasses
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pack_copies
import pandas as pd
import pytest
from odd_packs import ODD_PACKS
from small_baseline import neutral, small

from lib.pack.load import Pack
from lib.whatif.ageing import years_allowed
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.drivers import drivers, sensitivity, waterfall_steps
from lib.whatif.headline import headline_parts
from lib.whatif.live import Step, step
from lib.whatif.project import project
from lib.whatif.scenarios.documents import ScenarioError, can_have, with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import LEVERS, Scenario, lever_values, moved
from lib.whatif.summary import by_year, first_years, projected, summarise
from lib.whatif.uncertainty import uncertainty

HOME, BREAKS = "domiciliary_care", "short_breaks"
SUMMED = (
    "people", "demand_hours", "delivered_hours", "capacity_hours", "shortfall_hours", "cost", "served_hours",
    "unmet_hours", "waiting_with_room_hours", "people_served", "spend",
)  # fmt: skip
MEASURES = (*SUMMED, "gap_hours", "coverage", "cost_as_bought")
DRAWN = (
    "people", "demand_hours", "capacity_hours", "gap_hours", "shortfall_hours", "coverage", "cost", "served_hours",
    "unmet_hours", "spend",
)  # fmt: skip
# Of a pack and its oddity, what a step could stumble over.
ODD = (
    "six cohorts", "one district", "two districts", "forty districts", "a bare manifest", "one provider", "one lot",
    "long names", "strange names", "one name for all", "nothing bought", "nobody", "huge numbers",
    "districts all alike", "no residents", "no requests", "no capacity",
)  # fmt: skip


def any_scenario(pack: Pack, service: str, seed: int, **fixed: Any) -> Scenario:
    """A scenario with some of its levers moved, as the pack lets them be."""
    dice = random.Random(seed)
    scenario = with_levers(pack, default_scenario(pack, service), {"range.draws": 100 + seed % 7, "range.seed": seed})
    aged = dice.random() < 0.5 and years_allowed(pack, service) > 0
    most = years_allowed(pack, service) if aged else 15
    levers: dict[str, Any] = {"demand.demographic": aged, "years": dice.choice([1, 2, 5, most, dice.randint(1, most)])}
    levers["years"] = min(levers["years"], most)
    if dice.random() < 0.2:
        levers |= {"range.chance": False, "range.ageing_sd_pct": 0.0}
    codes = list(pack.district_names())
    rows = pack.table("capacity")
    providers = sorted(rows.loc[rows["service"] == service, "provider_id"].unique())
    for lever in LEVERS.values():
        if lever.section not in ("demand", "supply", "price", "target") or not can_have(pack, service, lever):
            continue
        if lever.kind == "number" and dice.random() < 0.4:
            low, high = max(lever.low, -10.0), min(lever.high, 25.0)
            levers[lever.id] = round(dice.uniform(low, high), 2)
        elif lever.kind == "by_district" and dice.random() < 0.3:
            levers[lever.id] = {code: round(dice.uniform(-8, 12), 1) for code in dice.sample(codes, min(2, len(codes)))}
        elif lever.kind == "providers" and dice.random() < 0.3:
            levers[lever.id] = dice.sample(providers, min(3, len(providers)))
    for lever_id, value in (levers | fixed).items():
        try:
            scenario = with_levers(pack, scenario, {lever_id: value})
        except ScenarioError:  # such as more children who turn 18 than there are
            continue
    return scenario


def close(found: Any, expected: Any, what: str) -> None:
    """The same figures, to the last digits of a float; empty where the others are."""
    one, other = (np.asarray(values, dtype=np.float64) for values in (found, expected))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-6, err_msg=what)


def as_the_frames(pack: Pack, baseline: Baseline, scenario: Scenario, area: str = "all") -> Step:
    """A step, held against the frames of tables and files."""
    found = step(pack, baseline, scenario, area=area)
    assert found.scenario == scenario
    years = list(range(baseline.base_year, baseline.base_year + scenario.years + 1))
    assert list(found.years) == years
    assert list(found.areas) == [*baseline.districts, "all"]
    assert list(found.names) == [*baseline.district_names, pack.manifest.area]
    figures_agree(pack, baseline, scenario, found)
    range_agrees(pack, baseline, scenario, found)
    frame = by_year(baseline, projected(baseline, scenario), pack.manifest.area)
    first = first_years(frame).set_index("district_code")["first_short_year"]
    assert found.first_short_year == {code: None if pd.isna(year) else int(year) for code, year in first.items()}
    spread = uncertainty(pack, scenario, baseline)
    assert (found.lead, found.more) == headline_parts(pack, scenario, frame, spread)
    short = frame.assign(short=frame["coverage"] < 1 - 1e-9, known=frame["gap_hours"].notna())
    wide = short.pivot_table(
        index="year", columns="district_code", values=["short", "known"], aggfunc="any", sort=False
    )
    for place, year in enumerate(years):
        newly = [
            code for code in baseline.districts
            if wide.loc[year, ("short", code)] and not wide.loc[years[0], ("short", code)]
            and wide.loc[years[0], ("known", code)]
        ]  # fmt: skip
        assert list(found.newly_short[place]) == newly
    levers_agree(pack, baseline, scenario, found, area)
    return found


def figures_agree(pack: Pack, baseline: Baseline, scenario: Scenario, found: Step) -> None:
    """Every measure against the projection lot by lot, added up by pandas, which loses no empty lot."""
    lots = project(pack, scenario, baseline)
    keys = [lots["year"], lots["district_code"]]
    districts = lots.groupby(keys, sort=False)[[*SUMMED]].sum(min_count=len(baseline.lots), skipna=False)
    county = lots.groupby("year", sort=False)[[*SUMMED]].sum(skipna=False)
    for name in SUMMED:
        values = districts[name].to_numpy().reshape(len(found.years), -1)
        close(found.values[name], np.column_stack([values, county[name]]), name)
    demand, capacity = found.values["demand_hours"], found.values["capacity_hours"]
    assert np.array_equal(found.values["gap_hours"], demand - capacity, equal_nan=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        close(found.values["coverage"], np.where(demand > 0, capacity / demand, np.nan), "coverage")
    uplift = (1 + scenario.price.uplift_pct / 100) ** np.arange(len(found.years))[:, None]
    if not scenario.supply.spot_conversion_pct:
        close(found.values["cost_as_bought"] * uplift, found.values["cost"], "cost_as_bought")
    assert set(found.values) == set(MEASURES)


def range_agrees(pack: Pack, baseline: Baseline, scenario: Scenario, found: Step) -> None:
    """The county's range against that of the frame of all areas."""
    frame = uncertainty(pack, scenario, baseline)
    county = frame[frame["district_code"] == "all"].set_index("measure")
    assert set(found.county_range) == set(DRAWN)
    for name in DRAWN:
        close(found.county_range[name], county.loc[name, ["p10", "p50", "p90"]].to_numpy(), name)


def levers_agree(pack: Pack, baseline: Baseline, scenario: Scenario, found: Step, area: str) -> None:
    """Drivers and effects against the frames, and against whole projections lot by lot."""
    rows, effects = drivers(baseline, scenario, area), sensitivity(baseline, scenario)
    assert [(one.step, one.label) for one in found.drivers] == list(zip(rows["step"], rows["label"], strict=True))
    close([one.total_hours for one in found.drivers], rows["total_hours"], "drivers")
    close([one.change_hours for one in found.drivers], rows["change_hours"], "drivers")
    assert [one.lever for one in found.effects] == list(effects["lever"])
    for name in effects.columns[3:]:
        close([getattr(one, name) for one in found.effects], effects[name], name)

    def last(one: Scenario) -> pd.DataFrame:
        lots = project(pack, one, baseline)
        return lots[lots["year"] == lots["year"].max()]

    neutral_levers = {lever.id: lever.neutral for levers in waterfall_steps().values() for lever in levers}
    still = last(moved(scenario, neutral_levers))
    still = still if area == "all" else still[still["district_code"] == area]
    first = still["demand_hours"].sum(skipna=False)
    if math.isnan(first):
        # Nobody knows what waits: the care already arranged is carried forward, where that is known.
        rows = slice(None) if area == "all" else baseline.district(area)
        first = baseline.delivered_hours[rows].sum()
    close(found.drivers[0].total_hours, first, "the first step")
    for one in found.effects[:3]:
        for value, gap in ((one.low_value, one.gap_low), (one.high_value, one.gap_high)):
            kind = type(lever_values(scenario)[one.lever])
            frame = last(moved(scenario, {one.lever: kind(value)}))
            close(gap, (frame["demand_hours"] - frame["capacity_hours"]).sum(skipna=False), one.lever)


@pytest.mark.slow
@pytest.mark.parametrize("tens", range(10))
@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_a_step_is_what_the_frames_say(pack: Pack, service: str, tens: int) -> None:
    baseline = prepare(pack, service)
    for seed in range(5 * tens, 5 * tens + 5):
        area = random.Random(seed).choice(["all", *baseline.districts])
        as_the_frames(pack, baseline, any_scenario(pack, service, seed), area)


@pytest.mark.parametrize("service", [HOME, BREAKS])
@pytest.mark.parametrize("years", [1, 15])
def test_the_fewest_and_the_most_years(pack: Pack, service: str, years: int) -> None:
    levers = {"years": years, "demand.demographic": years_allowed(pack, service) >= years, "range.draws": 150}
    scenario = with_levers(pack, default_scenario(pack, service), levers)
    found = as_the_frames(pack, prepare(pack, service), scenario)
    assert len(found.years) == len(found.newly_short) == years + 1
    assert found.newly_short[0] == ()


@pytest.mark.slow
@pytest.mark.parametrize("oddity", ODD)
def test_a_step_of_an_odd_pack(oddity: str, tmp_path: Path) -> None:
    pack = pack_copies.kept_pack(pack_copies.copy_pack(tmp_path / "pack", ODD_PACKS[oddity]))
    for service in pack.manifest.services:
        baseline = prepare(pack, service)
        for seed in range(3):
            as_the_frames(pack, baseline, any_scenario(pack, service, seed))


@pytest.mark.parametrize("what", ["people", "delivered_hours", "waiting_hours", "capacity_hours", "annual_cost"])
@pytest.mark.parametrize("where", [(0, 0), (3, 1), (slice(None), 0), (slice(None), slice(None))])
def test_a_step_where_figures_are_not_known(pack: Pack, what: str, where: Any) -> None:
    start = prepare(pack, HOME)
    values = getattr(start, what).copy()
    values[where] = np.nan
    hurt = dataclasses.replace(start, **{what: values})
    for seed in (1, 2, 3):
        found = as_the_frames(pack, hurt, any_scenario(pack, HOME, seed))
        if what == "capacity_hours":
            assert np.isnan(found.values["coverage"][0, -1])
            assert found.first_short_year["all"] is None


def test_a_step_by_hand() -> None:
    # 1,210 hours in each district in year 2, 1,100 in year 1: A holds 1,050, B 1,250, C 900.
    start = small([[1000], [1000], [1000]], [[1050], [1250], [900]])
    pack = pack_copies.kept_pack(pack_copies.DATA)
    scenario = neutral(2, demand__need_growth_pct=10.0).model_copy(update={"service": HOME})
    found = step(pack, dataclasses.replace(start, service=HOME), scenario, area="A")
    assert found.years == (2024, 2025, 2026)
    assert found.areas == ("A", "B", "C", "all")
    hours = [[1000, 1000, 1000, 3000], [1100, 1100, 1100, 3300], [1210, 1210, 1210, 3630]]
    close(found.values["demand_hours"], hours, "demand_hours")
    assert found.values["shortfall_hours"][:, -1].tolist() == pytest.approx([100, 250, 470])
    assert found.first_short_year == {"A": 2025, "B": None, "C": 2024, "all": 2025}
    assert found.newly_short == ((), ("A",), ("A",))
    assert "District C already needed more than providers offered in 2024/25; District A would newly need" in found.more
    steps = {one.step: one for one in found.drivers}
    assert (steps["today"].total_hours, steps["last_year"].total_hours) == pytest.approx((1000, 1210))
    assert steps["need"].change_hours == pytest.approx(210)
    assert math.isnan(steps["today"].change_hours)
    need = next(one for one in found.effects if one.lever == "demand.need_growth_pct")
    # A point of growth more: 3 x (1000 x 1.11^2 - 1210) hours.
    assert (need.low_value, need.value, need.high_value) == (9.0, 10.0, 11.0)
    assert need.effect_high == pytest.approx(3 * (1232.1 - 1210))
    assert need.gap_high == pytest.approx(430 + 3 * 22.1)


def test_what_is_not_asked_for_is_left_out(pack: Pack) -> None:
    baseline, scenario = prepare(pack, BREAKS), default_scenario(pack, BREAKS)
    found = step(pack, baseline, scenario, with_range=False, with_drivers=False)
    assert (found.county_range, found.drivers, found.effects) == ({}, (), ())
    frame = summarise(pack, scenario, baseline).by_year
    assert (found.lead, found.more) == headline_parts(pack, scenario, frame)
    assert "(range " not in found.more
    assert "The range allows" not in found.more
    with pytest.raises(ValueError, match="not in tuple"):
        step(pack, baseline, scenario, area="nowhere")


@pytest.mark.parametrize("unknown", [False, True])
def test_no_data_frame_is_made_or_read(pack: Pack, unknown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    baseline, scenario = prepare(pack, HOME), any_scenario(pack, HOME, 11)
    if unknown:
        capacity = baseline.capacity_hours.copy()
        capacity[2, 0] = np.nan
        baseline = dataclasses.replace(baseline, capacity_hours=capacity)
        step(pack, baseline, default_scenario(pack, HOME))  # why it is not known is read from the pack once

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a data frame in a step")

    for kind in (pd.DataFrame, pd.Series, pd.Index):
        for name in ("__init__", "__new__", "__getitem__", "to_numpy", "groupby", "merge"):
            if name in vars(kind) or (name == "__init__" and kind is not pd.Index):
                monkeypatch.setattr(kind, name, refuse)
    with pytest.raises(AssertionError):
        pd.DataFrame({"a": [1]})
    found = step(pack, baseline, scenario, area=baseline.districts[0])
    assert found.lead.endswith(".")
    assert len(found.county_range) == len(DRAWN)
    assert ("not known" in found.lead) == unknown


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_ends_of_a_projection_are_its_first_and_last_year(pack: Pack, service: str) -> None:
    """To the last digit, as what drives a scenario is worked out from the ends alone."""
    baseline = prepare(pack, service)
    for seed in range(40):
        scenario = any_scenario(pack, service, seed)
        whole, ends = projected(baseline, scenario), projected(baseline, scenario, ends=True)
        for name in ("people", "demand_hours", "capacity_hours", "cost", "spend"):
            np.testing.assert_array_equal(getattr(ends, name), getattr(whole, name)[[0, -1]], err_msg=name)
