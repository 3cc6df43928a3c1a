"""A live step's charts and map: the rows of the page's own charts, and definitions that no step changes."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from default_baseline import HOME_CARE, the_home, the_pack
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts.kit import palette
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.scale import Scale, diverging, sequential
from lib.charts.live import cost_rows, definition_key, drivers_rows, effects_rows, lines_rows, map_classes
from lib.charts.timeline import demand_and_capacity_lines
from lib.charts.tornado import sensitivity_tornado
from lib.charts.waterfall import drivers_waterfall
from lib.charts.year_map import year_rows, year_scale
from lib.market.clauses import short_words, short_words_each
from lib.market.units import UNITS
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.cost import cost_steps, cost_table
from lib.whatif.drivers import drivers, sensitivity
from lib.whatif.live import Step, step
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import summarise
from lib.whatif.tables import line_rows, tornado_rows, waterfall_rows
from lib.whatif.uncertainty import uncertainty

SHORT_BREAKS = "short_breaks"
# What a reader moves, each with the ends between which it is moved here.
MOVED = {
    HOME_CARE: {
        "demand.need_growth_pct": (-5, 10), "demand.hours_per_person_growth_pct": (-3, 5),
        "demand.reablement_reduction_pct": (0, 30), "demand.direct_payment_shift_pct": (0, 25),
        "supply.capacity_growth_pct": (-5, 6), "supply.vacancy_change_pts": (-6, 8), "price.uplift_pct": (0, 9),
        "supply.spot_conversion_pct": (0, 100),
    },
    SHORT_BREAKS: {
        "demand.need_growth_pct": (-5, 10), "supply.capacity_growth_pct": (-5, 6), "price.uplift_pct": (0, 9),
    },
}  # fmt: skip
BASELINES: dict[str, Baseline] = {}


def baseline_of(service: str) -> Baseline:
    if service not in BASELINES:
        BASELINES[service] = the_home() if service == HOME_CARE else prepare(the_pack(), service)
    return BASELINES[service]


def moved(service: str, dice: random.Random) -> Scenario:
    """The default scenario with some levers moved."""
    levers = MOVED[service]
    some = dice.sample(sorted(levers), dice.randint(1, min(3, len(levers))))
    values = {lever: round(dice.uniform(*levers[lever]), 1) for lever in some}
    return with_levers(the_pack(), default_scenario(the_pack(), service), values)


def step_of(scenario: Scenario, **options: Any) -> Step:
    return step(the_pack(), baseline_of(scenario.service), scenario, **options)


def rows_of(drawing: Drawing) -> list[dict[str, Any]]:
    """A drawing's rows without what is missing."""
    (rows,) = drawing.to_dict()["datasets"].values()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def same_rows(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """The same texts, and the same numbers as far as the 32 bits of a table go."""
    found = [{name: value for name, value in row.items() if value is not None} for row in found]
    assert [list(row) for row in found] == [list(row) for row in expected]
    for one, other in zip(found, expected, strict=True):
        for name, value in one.items():
            assert value == (other[name] if isinstance(value, str) else pytest.approx(other[name], rel=1e-6)), name


@pytest.mark.parametrize("service", [HOME_CARE, SHORT_BREAKS])
def test_rows_and_definitions_are_those_of_the_charts_from_frames(service: str) -> None:
    dice = random.Random(5)
    pack, start = the_pack(), baseline_of(service)
    for dark in (False, True):
        scenario = moved(service, dice)
        found = step_of(scenario)
        year = found.years[2]
        summary, spread = summarise(pack, scenario, start), uncertainty(pack, scenario, start)
        first = found.first_short_year["all"]
        crosses = first is not None and first > found.years[0]
        pairs = [
            (
                lines_rows(found, year=year, dark=dark),
                demand_and_capacity_lines(
                    line_rows(summary, spread, "all"), title="", axis_title="Hours a week", selected_year=year,
                    crossing_year=first if crosses else None,
                    crossing_label="Demand passes capacity" if crosses else "", dark=dark,
                ),
            ),
            (
                drivers_rows(found, dark=dark),
                drivers_waterfall(
                    waterfall_rows(drivers(start, scenario)), title="", axis_title="Hours a week", dark=dark
                ),
            ),
            (
                effects_rows(found, dark=dark),
                sensitivity_tornado(
                    tornado_rows(sensitivity(start, scenario)), title="",
                    axis_title="Effect of these steps on the net gap, hours a week", dark=dark,
                ),
            ),
            (
                cost_rows(list(cost_steps(cost_table(start, scenario)).itertuples()), dark=dark),
                drivers_waterfall(
                    waterfall_rows(cost_steps(cost_table(start, scenario)), "pounds"), title="",
                    axis_title="Pounds a year", dark=dark,
                ),
            ),
        ]  # fmt: skip
        for (definition, rows), drawing in pairs:
            assert definition is drawing.definition
            expected = rows_of(drawing)
            if "chosen" in rows[0]:
                assert all("chosen" in row for row in rows)
                rows = [{name: row[name] for name in sorted(row)} for row in rows]
                expected = [{name: row[name] for name in sorted(row)} for row in expected]
            same_rows(rows, expected)


@pytest.mark.slow
@pytest.mark.parametrize("service", [HOME_CARE, SHORT_BREAKS])
def test_two_hundred_moves_leave_every_definition_as_it_is(service: str) -> None:
    dice = random.Random(11)
    keys: dict[str, set[str]] = {}
    titles = set()
    for number in range(200):
        scenario = moved(service, dice)
        found = step_of(scenario, with_range=number % 20 == 0)
        area = dice.choice([*found.areas[:3], "all"])
        costs = [SimpleNamespace(label="Today", change=math.nan, total=dice.uniform(1e5, 3e8)) for _ in range(2)]
        for name, (definition, rows) in {
            "lines": lines_rows(found, area), "drivers": drivers_rows(found), "effects": effects_rows(found),
            "costs": cost_rows(costs),
        }.items():  # fmt: skip
            keys.setdefault(name, set()).add(definition_key(definition))
            json.dumps(rows, allow_nan=False)
            titles.add(rows[0].get("axis_title"))
    assert {name: len(found) for name, found in keys.items()} == {"lines": 1, "drivers": 1, "effects": 1, "costs": 1}
    # They did differ in what a definition would have to say.
    assert {"Pounds a year", "Pounds a year (axis does not start at zero)"} <= titles


def test_a_step_sends_little() -> None:
    found = step_of(with_levers(the_pack(), default_scenario(the_pack(), HOME_CARE), {"demand.need_growth_pct": 2.5}))
    charts = (lines_rows(found), drivers_rows(found), effects_rows(found))
    for (_, rows), most in zip(charts, (2600, 1700, 3800), strict=True):
        assert len(json.dumps(rows, separators=(",", ":"))) < most


def small_step(coverage: list[list[float]], gap: list[list[float]], shortfall: list[list[float]]) -> Step:
    """A step of two districts and the county, with what a map reads of it."""
    scenario = default_scenario(the_pack(), HOME_CARE)
    values = {"coverage": coverage, "gap_hours": gap, "shortfall_hours": shortfall}
    return Step(
        scenario=scenario, years=(2024, 2025), areas=("D1", "D2", "all"), names=("North", "South", "County"),
        values={name: np.array(rows, dtype=float) for name, rows in values.items()}, county_range={},
        first_short_year={}, newly_short=((), ()), lead="", more="", drivers=(), effects=(),
    )  # fmt: skip


def test_a_map_has_a_sign_a_district_and_says_which_ones_changed() -> None:
    found = small_step(
        [[1.04, math.nan, 1.0], [0.996, 0.55, 0.9]], [[-40, math.nan, -40], [4.4, 12_345, 12_349]],
        [[0, math.nan, 0], [303.2, 12_345, 0]],
    )  # fmt: skip
    scale = year_scale({}, "coverage")
    drawn = map_classes(found, "coverage", scale)
    # 1.04 is the seventh class of nine; 0.996 is short, whatever it is rounded to.
    assert drawn["classes"] == ["6-", "50"]
    assert drawn["shown"] == [["1.04", "not applicable"], ["just under 1.00", "0.55"]]
    assert drawn["lines"] == [
        ["Enough hours in every lot", "Hours short, lot by lot: not known"],
        ["303 hours a week short, lot by lot", "12,300 hours a week short, lot by lot"],
    ]
    assert drawn["changed"] == [[], ["D1", "D2"]]
    assert [one["label"] for one in drawn["palette"]] == [
        "under 0.60", "0.60 to under 0.70", "0.70 to under 0.80", "0.80 to under 0.90", "0.90 to under 0.95",
        "0.95 to under 1.00", "1.00 to under 1.05", "1.05 to under 1.10", "1.10 and over",
    ]  # fmt: skip
    assert [one["fill"] for one in drawn["palette"]] == list(palette.DIVERGING)
    gaps = map_classes(found, "gap_hours", year_scale({"gap_hours": found.values["gap_hours"][0, :-1]}, "gap_hours"))
    # Steps of 20 hours: -40 to under -20 is the second class, 0 to under 20 the fourth, 400 and over the last.
    assert gaps["classes"] == ["1-", "38"]
    assert gaps["shown"] == [["-40", "not known"], ["4", "12,300"]]
    json.dumps(gaps, allow_nan=False)


def test_a_map_is_that_of_the_frames() -> None:
    pack, start = the_pack(), baseline_of(HOME_CARE)
    scenario = moved(HOME_CARE, random.Random(3))
    found = step_of(scenario, with_range=False)
    frame = summarise(pack, scenario, start).by_year.query("district_code != 'all'")
    for measure in ("coverage", "gap_hours"):
        scale = year_scale(frame[frame["year"] == 2024], measure)
        drawn = map_classes(found, measure, scale)
        for place, year in enumerate(found.years):
            rows = year_rows(frame[frame["year"] == year], measure, scale)
            fills = [drawn["palette"][int(sign)]["fill"] for sign in drawn["classes"][place]]
            assert fills == list(rows["colour"])
            assert drawn["shown"][place] == list(rows["shown"])


def test_no_district_and_no_lever_draw_nothing() -> None:
    found = small_step([[1.0], [1.0]], [[0.0], [0.0]], [[0.0], [0.0]])
    found = replace(found, areas=("all",), names=("County",))
    drawn = map_classes(found, "coverage", year_scale({}, "coverage"))
    assert (drawn["classes"], drawn["shown"], drawn["changed"]) == (["", ""], [[], []], [[], []])
    assert effects_rows(found)[1] == []


def test_a_district_has_no_band_and_what_is_not_known_no_line() -> None:
    found = step_of(default_scenario(the_pack(), HOME_CARE))
    county, district = lines_rows(found), lines_rows(found, found.areas[0])
    assert all("demand_low" in row and "(" in row["demand_text"] for row in county[1])
    assert not any("demand_low" in row or "(" in row["demand_text"] for row in district[1])
    assert county[0] is district[0]
    assert lines_rows(step_of(found.scenario, with_range=False))[0] is county[0]
    unknown = replace(found, values={**found.values, "capacity_hours": found.values["capacity_hours"] * math.nan})
    rows = lines_rows(unknown)[1]
    assert not any("capacity" in row for row in rows)
    assert {row["capacity_text"].split("\n")[0] for row in rows} == {"not known"}
    assert [row["chosen"] for row in rows] == [*[None] * (len(rows) - 1), 2029]


def test_the_key_tells_definitions_apart() -> None:
    found = step_of(default_scenario(the_pack(), HOME_CARE), with_range=False)
    keys = {
        definition_key(chart(found, dark=dark)[0])
        for chart in (lines_rows, drivers_rows, effects_rows)
        for dark in (False, True)
    }
    assert len(keys) == 6
    assert all(len(key) == 16 for key in keys)
    assert definition_key({"a": 1, "b": 2}) == definition_key({"b": 2, "a": 1}) != definition_key({"a": 1, "b": 3})


NUMBERS = st.one_of(
    st.floats(-1e9, 1e9), st.just(math.nan), st.integers(-40_000, 40_000).map(lambda one: one / 8),
    st.floats(0.9, 1.1), st.sampled_from([0.0, -0.0, 0.995, 0.9999, 1.0, 999.95, 9994.99, 9995.0, 99950.0]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(UNITS)), st.lists(NUMBERS, max_size=30))
def test_many_figures_at_once_read_as_each_alone(unit: str, values: list[float]) -> None:
    assert UNITS[unit].about_each(values) == [UNITS[unit].about(value) for value in values]
    hours = [abs(value) for value in values]
    assert short_words_each(hours) == [short_words(value) for value in hours]


SCALES = (
    diverging(palette.DIVERGING, (0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1), "{:.2f}".format, "Coverage"),
    sequential([1, 2, 3, 4, 5], palette.DEMAND, "{:.0f}".format, "People"),
    sequential([0.1, 0.2, 0.3, 0.45], palette.DEMAND, "{:.1f}".format, "Hours"),
    sequential([], palette.DEMAND, "{:.1f}".format, "Nothing"),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SCALES), st.lists(NUMBERS, max_size=30))
def test_many_values_at_once_stand_in_the_class_of_each_alone(scale: Scale, values: list[float]) -> None:
    colours = [None if place < 0 else scale.colours[place] for place in scale.positions(values).tolist()]
    assert colours == [scale.colour(value) for value in values]
