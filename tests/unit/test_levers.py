"""Every lever, through everything that is derived from its one statement on the scenario's model."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pack_copies
import pandas as pd
import pytest

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack, load_pack
from lib.whatif import drivers as drivers_module
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.drivers import diverted, diverting, drivers, sensitivity
from lib.whatif.project import Projection, projected
from lib.whatif.scenarios.documents import checked_defaults, scenario_from, with_levers
from lib.whatif.scenarios.levers import Lever
from lib.whatif.scenarios.link import from_link, to_link
from lib.whatif.scenarios.presets import (
    assumptions_log,
    default_scenario,
    differences,
    lever_faults,
    preset_scenario,
    presets,
)
from lib.whatif.scenarios.scenario import LEVERS, Demand, Scenario, lever_values, moved
from lib.whatif.summary import summarise
from lib.whatif.uncertainty import uncertainty

HOME, BREAKS = "domiciliary_care", "short_breaks"
EXIT = ["P001"]
# A value to move each lever to, off the default of home care.
MOVES: dict[str, Any] = {
    "years": 7,
    "demand.demographic": False,
    "demand.need_growth_pct": 2.0,
    "demand.hours_per_person_growth_pct": 1.5,
    "demand.direct_payment_shift_pct": 20.0,
    "demand.reablement_reduction_pct": 10.0,
    "demand.technology_reduction_pct": 5.0,
    "demand.district_need_growth_pct": {"E07000074": 3.0},
    "demand.prevalence_growth_pct": 2.0,
    "demand.discharge_people_per_month": 20.0,
    "demand.discharge_weeks": 8.0,
    "demand.discharge_reablement_pct": 30.0,
    "demand.discharge_hours": 10.0,
    "demand.turning_18_per_year": 3.0,
    "demand.turning_18_hours": 30.0,
    "supply.capacity_growth_pct": 2.0,
    "supply.vacancy_rate_pct": 20.0,
    "supply.vacancy_change_pts": -5.0,
    "supply.spot_conversion_pct": 50.0,
    "supply.provider_exits": EXIT,
    "supply.overseas_share_pct": 30.0,
    "supply.overseas_loss_pct": 40.0,
    "supply.contact_hours_change_pct": 5.0,
    "price.uplift_pct": 3.0,
    "target.coverage": 1.1,
    "target.contact_hours_per_worker": 20.0,
    "range.need_growth_sd_pts": 2.0,
    "range.capacity_growth_sd_pts": 2.0,
    "range.ageing_sd_pct": 20.0,
    "range.chance": False,
    "range.draws": 500,
    "range.seed": 7,
}
# What must be moved beside a lever that moves nothing by itself.
BESIDE: dict[str, dict[str, Any]] = {
    "supply.vacancy_rate_pct": {"supply.vacancy_change_pts": -5.0},
    "supply.overseas_share_pct": {"supply.overseas_loss_pct": 40.0},
    **{
        f"demand.discharge_{name}": {"demand.discharge_people_per_month": 20.0}
        for name in ("weeks", "reablement_pct", "hours")
    },
    "demand.turning_18_hours": {"demand.turning_18_per_year": 3.0},
}
# A part of a year's growth, of the hours or of the spend, is not a lever of the net gap.
WITHOUT_SWING = {
    "years", "demand.district_need_growth_pct", "demand.discharge_weeks", "demand.discharge_reablement_pct",
    "demand.discharge_hours", "demand.turning_18_hours", "supply.spot_conversion_pct", "supply.provider_exits",
    "supply.overseas_share_pct",
    "price.uplift_pct", "target.coverage", "target.contact_hours_per_worker", "range.need_growth_sd_pts",
    "range.capacity_growth_sd_pts", "range.ageing_sd_pct", "range.chance", "range.draws", "range.seed",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(pack: Pack) -> Baseline:
    return prepare(pack, HOME)


def walked(pack: Pack, lever_id: str) -> tuple[Scenario, Scenario]:
    """The default scenario, with what must stand beside the lever, without and with the lever moved."""
    plain = with_levers(pack, default_scenario(pack, HOME), {"range.draws": 200, **BESIDE.get(lever_id, {})})
    return plain, with_levers(pack, plain, {lever_id: MOVES[lever_id]})


def test_the_walk_knows_every_lever() -> None:
    """A lever that is new to the model needs a line in MOVES; an id that is gone must go from it."""
    assert [lever_id for lever_id in LEVERS if lever_id not in MOVES] == []
    assert [lever_id for lever_id in MOVES if lever_id not in LEVERS] == []


def test_every_statement_is_whole() -> None:
    for lever in LEVERS.values():
        assert lever.label, lever.id
        assert lever.unit, lever.id
        assert lever.meaning.endswith("."), lever.id
        if lever.kind in ("number", "whole"):
            assert lever.low < lever.high, lever.id
            assert lever.low <= float(lever.neutral) <= lever.high, lever.id  # type: ignore[arg-type]
            assert 0 < lever.step < lever.high - lever.low, lever.id
            assert type(lever.neutral) is (int if lever.kind == "whole" else float), lever.id
    labels = [lever.label for lever in LEVERS.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("lever_id", MOVES)
def test_every_lever_moves_a_figure(lever_id: str, pack: Pack, home: Baseline) -> None:
    found = []
    for scenario in walked(pack, lever_id):
        summary = summarise(pack, scenario, home)
        found.append((summary.by_year, summary.needed, uncertainty(pack, scenario, home)))
    assert [one.equals(other) for one, other in zip(*found, strict=True)] != [True, True, True]


@pytest.mark.parametrize("lever_id", MOVES)
def test_every_lever_stands_in_the_log_the_link_and_the_comparison(lever_id: str, pack: Pack) -> None:
    plain, scenario = walked(pack, lever_id)
    log = assumptions_log(pack, scenario).set_index("lever")
    assert list(log.index) == list(MOVES)
    row, before = log.loc[lever_id], assumptions_log(pack, plain).set_index("lever").loc[lever_id]
    assert (row["set_by"], row["status"]) == ("scenario", "assumption")
    assert row["value"] != before["value"]
    assert row["default"] == before["default"]
    again = from_link(to_link(scenario, pack), pack)
    assert lever_values(again) == lever_values(scenario) != lever_values(plain)
    (changed,) = differences(plain, scenario)["lever"]
    assert changed.startswith(lever_id)


@pytest.mark.parametrize("code", [COUNTY_CODE, "E07000074"])
@pytest.mark.parametrize("lever_id", MOVES)
def test_every_lever_keeps_today_at_today(lever_id: str, code: str, pack: Pack, home: Baseline) -> None:
    """Year 0 is the base year, the waterfall starts there and ends at the last year, whatever is moved."""
    _, scenario = walked(pack, lever_id)
    result = projected(home, scenario)
    waiting = home.delivered_hours + home.waiting_hours
    np.testing.assert_allclose(result.demand_hours[0], waiting, rtol=1e-12)
    np.testing.assert_allclose(result.capacity_hours[0], home.capacity_hours, rtol=1e-12)
    np.testing.assert_allclose(result.cost[0], home.annual_cost, rtol=1e-12)
    frame = drivers(home, scenario, code)
    places = slice(None) if code == COUNTY_CODE else home.district(code)
    assert frame["total_hours"].iloc[0] == pytest.approx(waiting[places].sum(), rel=1e-12)
    assert frame["total_hours"].iloc[-1] == pytest.approx(result.demand_hours[-1][places].sum(), rel=1e-12)


def test_every_lever_of_the_gap_is_in_the_sensitivity(pack: Pack, home: Baseline) -> None:
    frame = sensitivity(home, with_levers(pack, default_scenario(pack, HOME), {"supply.vacancy_change_pts": -5}))
    assert set(frame["lever"]) == set(MOVES) - WITHOUT_SWING
    assert (frame["swing"] > 0).all()


# A lever of demand whose place in the waterfall was forgotten.


class WiderDemand(Demand):
    forgotten_pct: float = 0.0


class WiderScenario(Scenario):
    demand: WiderDemand = WiderDemand()


def test_a_lever_of_demand_without_a_place_in_the_waterfall_is_a_step_of_its_own(
    monkeypatch: pytest.MonkeyPatch, pack: Pack, home: Baseline
) -> None:
    """Or the waterfall would start at a "today" that the lever has moved already."""
    like = LEVERS["demand.technology_reduction_pct"]
    new = replace(like, id="demand.forgotten_pct", label="Forgotten", waterfall="", diverts="")
    monkeypatch.setitem(LEVERS, new.id, new)

    def wider(baseline: Baseline, scenario: Any, *, ends: bool = False) -> Projection:
        result = projected(baseline, scenario, ends=ends)
        year = np.arange(scenario.years + 1)[[0, -1] if ends else slice(None), None, None]
        return replace(result, demand_hours=result.demand_hours * (1 + scenario.demand.forgotten_pct / 100) ** year)

    monkeypatch.setattr(drivers_module, "projected", wider)
    scenario = WiderScenario(
        name="Wider", service=HOME, years=5, demand=WiderDemand(forgotten_pct=2.0, need_growth_pct=1.0)
    )
    frame = drivers(home, scenario).set_index("label")["total_hours"]
    today = float((home.delivered_hours + home.waiting_hours).sum())
    assert frame["2024/25"] == pytest.approx(today)
    assert frame["Technology"] == pytest.approx(today * 1.01**5)
    assert frame["Forgotten"] == frame.iloc[-1] == pytest.approx(today * 1.01**5 * 1.02**5)


def test_what_diverts_is_stated_and_its_value_follows(pack: Pack, home: Baseline) -> None:
    plain = default_scenario(pack, HOME)
    assert diverting(plain) == []
    assert float(diverted(home, plain)["diverted_hours"].abs().max()) == 0
    two = with_levers(pack, plain, {"demand.technology_reduction_pct": 5, "demand.direct_payment_shift_pct": 10})
    assert [lever.diverts for lever in diverting(two)] == ["direct payments", "technology"]


# The schema.


def schema_of(lever: Lever) -> dict[str, Any]:
    schema = Scenario.model_json_schema()
    part = schema["$defs"][lever.section.capitalize()] if lever.section else schema
    found: dict[str, Any] = part["properties"][lever.name]
    return found


@pytest.mark.parametrize("lever_id", MOVES)
def test_the_schema_has_words_limits_and_default_of_every_lever(lever_id: str, pack: Pack) -> None:
    lever, stated = LEVERS[lever_id], schema_of(LEVERS[lever_id])
    assert (stated["title"], stated["description"], stated["unit"]) == (lever.label, lever.meaning, lever.unit)
    if lever.kind in ("number", "whole"):
        assert (stated["minimum"], stated["maximum"], stated["step"]) == (lever.low, lever.high, lever.step)
    if lever_id == "years":
        assert "default" not in stated
    else:
        assert stated["default"] == json.loads(json.dumps(lever.neutral))
    _, scenario = walked(pack, lever_id)
    jsonschema.validate(scenario.document(), Scenario.model_json_schema())


@pytest.mark.parametrize(
    ("lever_id", "value"),
    [("demand.need_growth_pct", 21), ("demand.district_need_growth_pct", {"E07000074": -21}), ("years", 0),
     ("range.draws", 10.5), ("supply.provider_exits", "P001"), ("demand.demographic", "on"), ("demand.growth", 1)],
)  # fmt: skip
def test_the_schema_refuses_what_a_scenario_refuses(lever_id: str, value: Any, pack: Pack) -> None:
    document = default_scenario(pack, HOME).document()
    section, _, name = lever_id.rpartition(".")
    (document[section] if section else document)[name] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, Scenario.model_json_schema())


# What a pack says of levers.


def changed_pack(tmp_path: Path, change: Any) -> Pack:
    """The default pack with home care's part of the manifest changed."""

    def service(document: dict[str, Any]) -> None:
        change(document["services"][HOME])

    root = pack_copies.copy_pack(tmp_path / "pack")
    pack_copies.edit_json(root, "datapackage.json", service)
    return load_pack(root)


def test_the_default_pack_sets_levers_that_are_known(pack: Pack) -> None:
    assert lever_faults(pack) == []


def lever_line(lever_id: str, default: Any) -> Any:
    return lambda service: service["levers"].update({lever_id: {"default": default, "status": "assumption"}})


KNOWS = "expected one of years, demand.demographic, demand.need_growth_pct, "
WRONG_LEVERS = {
    "a lever that is not known": (
        lever_line("demand.need_growth", 1),
        f"levers.demand.need_growth: found a lever that is not known, {KNOWS}",
    ),
    "the name of the scenario": (lever_line("name", 1), "levers.name: found a lever that is not known, "),
    "beyond its limits": (
        lever_line("demand.need_growth_pct", 25),
        "levers.demand.need_growth_pct.default: found 25, expected a number from -20 to 20",
    ),
    "a number for a switch": (
        lever_line("demand.demographic", 1),
        "levers.demand.demographic.default: found 1, expected true or false",
    ),
    "a number for a list": (
        lever_line("supply.provider_exits", 3),
        "levers.supply.provider_exits.default: found 3, expected a list of provider ids",
    ),
    "wrong beside another": (
        lambda service: service.update(
            levers={
                "supply.vacancy_change_pts": {"default": -10, "status": "assumption"},
                "supply.vacancy_rate_pct": {"default": 5, "status": "assumption"},
            }
        ),
        "levers.supply.vacancy_rate_pct.default: found 5, where supply.vacancy_change_pts is -10, expected a change "
        "that keeps the vacancy rate, 5% today, within 0% to 60%",
    ),
}


@pytest.mark.parametrize("what", WRONG_LEVERS)
def test_a_lever_that_the_pack_cannot_set_is_named_and_left_out(what: str, tmp_path: Path) -> None:
    change, sentence = WRONG_LEVERS[what]
    pack = changed_pack(tmp_path, change)
    (fault,) = [str(one) for one in lever_faults(pack)]
    assert f"datapackage.json, column services.{HOME}.{sentence}" in fault
    scenario = default_scenario(pack, HOME)
    assert scenario.demand.need_growth_pct == 0
    assert summarise(pack, scenario).by_year["demand_hours"].notna().all()
    log = assumptions_log(pack, scenario).set_index("lever")
    assert list(log.index) == list(MOVES)
    assert (log["value"] == log["default"]).all()


def preset_line(**overrides: Any) -> Any:
    values = {name.replace("__", "."): value for name, value in overrides.items()}
    return lambda service: service["presets"].append({"name": "Ours", "overrides": values})


WRONG_PRESETS = {
    "a lever that is not known": (
        preset_line(supply__staff=1),
        f'overrides.supply.staff: found a lever that is not known, in the preset "Ours", {KNOWS}',
    ),
    "beyond its limits": (
        preset_line(price__uplift_pct=21),
        'overrides.price.uplift_pct: found 21, in the preset "Ours", expected a number from -10 to 20',
    ),
    "no number": (
        preset_line(price__uplift_pct=[1]),
        'overrides.price.uplift_pct: found a list, in the preset "Ours", expected a number from -10 to 20',
    ),
    "an unknown district": (
        preset_line(demand__district_need_growth_pct={"E1": 1}),
        'overrides.demand.district_need_growth_pct: found the district "E1", in the preset "Ours", expected one of',
    ),
}


@pytest.mark.parametrize("what", WRONG_PRESETS)
def test_a_preset_that_is_no_scenario_is_named_and_left_out(what: str, tmp_path: Path, pack: Pack) -> None:
    change, sentence = WRONG_PRESETS[what]
    wrong = changed_pack(tmp_path, change)
    (fault,) = [str(one) for one in lever_faults(wrong)]
    assert f"datapackage.json, column services.{HOME}.presets.9.{sentence}" in fault
    assert presets(wrong, HOME) == presets(pack, HOME)
    for preset in presets(wrong, HOME):
        preset_scenario(wrong, HOME, preset.name)


def test_a_service_without_a_framework_cannot_be_given_spot_hours_that_move(tmp_path: Path) -> None:
    root = pack_copies.copy_pack(tmp_path / "pack")
    line = lever_line("supply.spot_conversion_pct", 10)
    pack_copies.edit_json(root, "datapackage.json", lambda document: line(document["services"][BREAKS]))
    (fault,) = lever_faults(load_pack(root))
    assert (fault.column, fault.found) == (f"services.{BREAKS}.levers.supply.spot_conversion_pct.default", "10")
    assert fault.expected == "0, as Children's short breaks has no framework"


@pytest.mark.parametrize(("last", "years", "ageing"), [(2027, 3, True), (2024, 5, False)])
def test_a_population_that_ends_early_shortens_the_default_scenario(
    last: int, years: int, ageing: bool, pack: Pack
) -> None:
    """Where there is no projection at all, that is said; a document that asks for ageing is refused as ever."""
    population = pack.table("population")
    early = dataclasses.replace(pack, tables={**pack.tables, "population": population[population["year"] <= last]})
    scenario = default_scenario(early, HOME)
    assert (scenario.years, scenario.demand.demographic) == (years, ageing)
    assert [fault.column for fault in lever_faults(early)] == (
        [] if ageing else [f"services.{HOME}.levers.demand.demographic.default"]
    )
    assert [preset.name for preset in presets(early, HOME)] == [preset.name for preset in presets(pack, HOME)]
    # A preset without ageing runs on, one with ageing as far as the projection.
    assert preset_scenario(early, HOME, "As today", 10).years == 10
    taken_off = preset_scenario(early, HOME, "Direct payments take off", 10)
    assert (taken_off.years, taken_off.demand.direct_payment_shift_pct) == (years if ageing else 10, 20)
    if not ageing:
        with pytest.raises(ValueError, match="the pack has no population projection"):
            scenario_from({"name": "A", "service": HOME, "years": 1}, early)
    assert not math.isnan(float(pd.Series(summarise(early, scenario).by_year["demand_hours"]).sum()))


def test_defaults_are_those_of_the_manifest(pack: Pack) -> None:
    for code, service in pack.manifest.services.items():
        assert dict(checked_defaults(pack, code)[0]) == service.levers
    assert moved(default_scenario(pack, HOME), {}) == default_scenario(pack, HOME)
