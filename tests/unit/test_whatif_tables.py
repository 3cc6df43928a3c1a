"""The shapes in which a scenario's figures are shown: every number is that of the summary."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lib.charts.year_map import gap_scale, year_rows, year_scale
from lib.pack.load import load_pack
from lib.whatif.baseline import prepare
from lib.whatif.chart_columns import signed
from lib.whatif.drivers import drivers, sensitivity
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario
from lib.whatif.summary import summarise
from lib.whatif.tables import (
    NEVER,
    compared,
    county_rows,
    district_table,
    line_rows,
    tornado_rows,
    waterfall_rows,
)
from lib.whatif.uncertainty import uncertainty

DATA = Path(__file__).parents[2] / "data"
SERVICE = "domiciliary_care"


@pytest.fixture(scope="module")
def world():
    """The default pack, its baseline, a scenario that grows by 4.5% a year, its summary and its range."""
    pack = load_pack(DATA)
    start = prepare(pack, SERVICE)
    scenario = preset_scenario(pack, SERVICE, "Observed growth, 4.5% a year")
    return pack, start, scenario, summarise(pack, scenario, start), uncertainty(pack, scenario, start)


def test_the_table_of_districts_has_the_county_last_and_the_numbers_of_the_summary(world):
    pack, _, _, summary, spread = world
    table = district_table(summary, spread, 2029)
    assert list(table["area"]) == [*pack.district_names().values(), pack.manifest.area]
    then = summary.by_year[summary.by_year["year"] == 2029]
    now = summary.by_year[summary.by_year["year"] == 2024]
    assert list(table["demand_then"]) == list(then["demand_hours"])
    assert list(table["demand_now"]) == list(now["demand_hours"])
    assert table["demand_then"].iloc[-1] == pytest.approx(table["demand_now"].iloc[-1] * 1.045**5)
    assert table["demand_then"].iloc[:-1].sum() == pytest.approx(table["demand_then"].iloc[-1])
    assert (table["gap_low"] < table["gap_then"]).all()
    assert (table["gap_then"] < table["gap_high"]).all()
    assert table["first_short"].iloc[-1] == "2025/26"


def test_a_district_that_is_never_short_says_so():
    pack = load_pack(DATA)
    scenario = preset_scenario(pack, SERVICE, "As today")
    start = prepare(pack, SERVICE)
    table = district_table(summarise(pack, scenario, start), uncertainty(pack, scenario, start), 2029)
    assert NEVER in set(table["first_short"])
    assert "2024/25" in set(table["first_short"])
    assert "already short" in set(table["break_even"])


def test_the_lines_have_a_row_a_year_and_their_band_around_them(world):
    _, _, _, summary, spread = world
    rows = line_rows(summary, spread, "all")
    assert list(rows["year_label"]) == ["2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"]
    assert list(rows["demand"]) == list(county_rows(summary)["demand_hours"])
    assert list(rows["served"]) == list(county_rows(summary)["served_hours"])
    assert rows["shown_served"].iloc[0] == "128,000"
    later = rows.iloc[1:]
    for measure in ("demand", "capacity"):
        assert (later[f"{measure}_low"] < later[measure]).all()
        assert (later[measure] < later[f"{measure}_high"]).all()
    assert (
        rows["shown_capacity_range"].iloc[0] == f"{rows['shown_capacity'].iloc[0]} to {rows['shown_capacity'].iloc[0]}"
    )


def test_the_waterfall_steps_from_today_to_the_last_year(world):
    _, start, scenario, summary, _ = world
    rows = waterfall_rows(drivers(start, scenario))
    county = county_rows(summary)["demand_hours"]
    assert list(rows["kind"]) == ["total", *["change"] * 9, "total"]
    assert rows["end"].iloc[0] == pytest.approx(county.iloc[0])
    assert rows["end"].iloc[-1] == pytest.approx(county.iloc[-1])
    changes = rows[rows["kind"] == "change"]
    assert list(changes["start"]) == [rows["end"].iloc[0], *changes["end"].iloc[:-1]]
    assert changes["change"].sum() == pytest.approx(county.iloc[-1] - county.iloc[0])
    assert changes["shown"].iloc[1].startswith("+32,1")


def test_the_tornado_has_the_largest_effect_first(world):
    _, start, scenario, _, _ = world
    rows = tornado_rows(sensitivity(start, scenario))
    reach = rows[["low", "high"]].abs().max(axis=1)
    assert list(reach) == sorted(reach, reverse=True)
    need = rows.set_index("lever_label").loc["Need growth"]
    assert need["step_label"] == "3.5 or 5.5% a year"
    assert need["low"] < 0 < need["high"]


def test_a_comparison_is_second_less_first(world):
    pack, start, scenario, summary, _ = world
    other = summarise(pack, with_levers(pack, scenario, {"supply.capacity_growth_pct": 2.0}), start)
    table = compared(summary, other, 2029)
    early = compared(summary, other, 2025)
    assert (early["Second: demand"] < table["Second: demand"]).all()
    assert list(table["Change: demand"]) == [0.0] * 13
    changes = table["Second: net gap"] - table["First: net gap"]
    pd.testing.assert_series_equal(table["Change: net gap"], changes, check_names=False)
    assert (table["Change: net gap"] < 0).all()


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.4, "+1,230"), (-1234.4, "-1,230"), (123.6, "+124"), (0.2, "0"), (float("nan"), "not known")],
)
def test_a_change_has_its_sign(value, text):
    assert signed(value) == text


@pytest.mark.parametrize(
    ("gaps", "step"), [([], 10), ([19.0, -3.0], 10), ([20.0], 10), ([-100.0, 30.0], 50), ([399.0], 100),
                       ([1200.0, float("nan")], 500), ([float("nan")], 10), ([0.0], 10)]
)  # fmt: skip
def test_the_steps_of_the_gap_are_round(gaps, step):
    assert gap_scale(gaps, "Gap").breaks == (-2 * step, -step, 0, step, 2 * step)
    frozen = year_scale({"gap_hours": gaps}, "gap_hours")
    assert frozen.breaks == tuple(step * times for times in (-2, -1, 0, 1, 2, 5, 10, 20))
    # Short is orange on either, spare is blue.
    for scale in (frozen, gap_scale(gaps, "Gap")):
        red, blue = ([int(colour[at : at + 2], 16) for colour in scale.colours] for at in (1, 5))
        assert [one > other for one, other in zip(red, blue, strict=True)] == [False] * 3 + [True] * (len(red) - 3)


@pytest.mark.parametrize(("measure", "classes"), [("coverage", (5, 3, 3, 2, 2)), ("gap_hours", (5, 3, 3, 3, 3))])
def test_the_scale_has_room_at_its_short_end(measure, classes):
    """No two of these growths paint the same map, and none fills the last class with nearly every district."""
    pack = load_pack(DATA)
    start = prepare(pack, SERVICE)
    maps = []
    for growth in (0, 2.5, 5, 7.5, 10):
        scenario = with_levers(pack, default_scenario(pack, SERVICE), {"demand.need_growth_pct": growth})
        rows = summarise(pack, scenario, start).by_year.query("district_code != 'all'")
        scale = year_scale(rows[rows["year"] == 2024], measure)
        last = year_rows(rows[rows["year"] == 2029], measure, scale)
        maps.append(tuple(last["colour"]))
    assert len(set(maps)) == 5
    assert tuple(len(set(colours)) for colours in maps) == classes
    assert max(max(colours.count(one) for one in colours) for colours in maps) <= 9


def test_a_colour_means_the_same_in_every_year(world):
    _, _, _, summary, _ = world
    rows = summary.by_year[summary.by_year["district_code"] != "all"]
    base, last = (rows[rows["year"] == year] for year in (2024, 2029))
    for measure in ("coverage", "gap_hours"):
        scale = year_scale(base, measure)
        assert year_scale(base, measure) == scale
        first_rows, last_rows = year_rows(base, measure, scale), year_rows(last, measure, scale)
        assert set(last_rows["colour"]) <= set(scale.colours)
        assert set(first_rows["colour"]) != set(last_rows["colour"])
    coverage = year_scale(base, "coverage")
    gap = year_scale(base, "gap_hours")
    # Orange is short on both: the lowest coverage and the largest gap share a colour.
    assert coverage.colour(0.5) == gap.colour(1e9)
    assert coverage.colour(1.5) == gap.colour(-1e9)


def test_the_default_is_named_after_the_preset_that_moves_nothing():
    assert default_scenario(load_pack(DATA), SERVICE).name == "Ageing only"
