"""The range: seeded, ordered, computed draw by draw, and the same as a slow computation of the same thing."""

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.project import projected
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario, moved
from lib.whatif.summary import by_year
from lib.whatif.uncertainty import COLUMNS, MEASURES, growth_draws, percentiles, uncertainty

PACK = Path(__file__).parents[2] / "data"
HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"


# Property tests take these instead of fixtures, which a failing example would print in full.
@cache
def the_pack() -> Pack:
    return load_pack(PACK)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return the_pack()


@pytest.fixture(scope="module")
def home(pack: Pack) -> Baseline:
    return prepare(pack, HOME_CARE)


@pytest.fixture(scope="module")
def scenario(pack: Pack) -> Scenario:
    levers = {"demand.need_growth_pct": 1.5, "demand.district_need_growth_pct": {"E07000074": 4.0}, "years": 3,
              "supply.capacity_growth_pct": 0.5, "supply.vacancy_change_pts": -3, "supply.provider_exits": ["P021"],
              "price.uplift_pct": 2, "range.draws": 200, "range.seed": 7}  # fmt: skip
    return with_levers(pack, default_scenario(pack, HOME_CARE), levers)


def test_columns_and_rows(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    frame = uncertainty(pack, scenario, home)
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 4 * 13 * 7
    assert not frame.duplicated(["year", "district_code", "measure"]).any()


def test_the_same_as_projecting_every_draw_by_itself(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    """Two hundred scenarios, each projected as a person would: a district's growth as its own lever.

    Capacity growth has no lever by district, so each district's capacity comes from a projection of its own.
    """
    need, capacity = growth_draws(home, scenario)
    drawn = []
    for draw in range(scenario.range.draws):
        own = {code: 100 * float(need[place, draw]) for place, code in enumerate(home.districts)}
        result = projected(home, moved(scenario, {"demand.district_need_growth_pct": own}))
        held = result.capacity_hours.copy()
        for place in range(len(home.districts)):
            lever = {"supply.capacity_growth_pct": 100 * float(capacity[place, draw])}
            held[:, place] = projected(home, moved(scenario, lever)).capacity_hours[:, place]
        frame = by_year(
            home, type(result)(result.people, result.delivered_hours, result.demand_hours, held, result.cost)
        )
        drawn.append(frame[list(MEASURES)].to_numpy())
    slow = np.percentile(np.array(drawn), (10, 50, 90), axis=0)
    fast = uncertainty(pack, scenario, home)[["p10", "p50", "p90"]].to_numpy().reshape(-1, len(MEASURES), 3)
    np.testing.assert_allclose(np.moveaxis(slow, 0, 2), fast, rtol=1e-9, atol=1e-6)


def test_percentiles_are_never_added_up(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    frame = uncertainty(pack, moved(scenario, {"range.draws": 2000}), home)
    last = frame[(frame["year"] == frame["year"].max()) & (frame["measure"] == "demand_hours")]
    county = last[last["district_code"] == "all"].iloc[0]
    added = last[last["district_code"] != "all"][["p10", "p90"]].sum()
    # Districts do not all have their worst year at once: the county's range is narrower than the sum of theirs.
    assert county["p90"] - county["p10"] < 0.95 * (added["p90"] - added["p10"])


@settings(max_examples=25, deadline=None)
@given(
    need=st.floats(0, 5), supply=st.floats(0, 5), seed=st.integers(0, 2**31 - 1), draws=st.integers(100, 400),
    years=st.integers(1, 15), service=st.sampled_from([HOME_CARE, SHORT_BREAKS]),
)  # fmt: skip
def test_percentiles_stand_in_order(
    need: float, supply: float, seed: int, draws: int, years: int, service: str
) -> None:
    pack = the_pack()
    levers = {"range.need_growth_sd_pts": need, "range.capacity_growth_sd_pts": supply, "range.seed": seed,
              "range.draws": draws, "years": years}  # fmt: skip
    frame = uncertainty(pack, with_levers(pack, default_scenario(pack, service), levers))
    assert (frame["p10"] <= frame["p50"]).all()
    assert (frame["p50"] <= frame["p90"]).all()
    assert np.isfinite(frame[["p10", "p50", "p90"]].to_numpy()).all()


def test_no_spread_is_the_projection(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    still = moved(scenario, {"range.need_growth_sd_pts": 0.0, "range.capacity_growth_sd_pts": 0.0})
    frame = uncertainty(pack, still, home)
    assert (frame["p10"] == frame["p50"]).all()
    assert (frame["p50"] == frame["p90"]).all()
    expected = by_year(home, projected(home, still))[list(MEASURES)].to_numpy().ravel()
    np.testing.assert_allclose(frame["p50"].to_numpy(), expected, rtol=1e-12, atol=1e-7)


def test_the_base_year_is_today_in_every_draw(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    frame = uncertainty(pack, scenario, home)
    today = frame[frame["year"] == 2024].set_index(["district_code", "measure"])
    assert (today["p10"] == today["p90"]).all()
    assert today.loc[("all", "cost"), "p50"] == 160_500_000
    assert today.loc[("all", "people"), "p50"] == 7_465


def test_the_same_seed_gives_the_same_bytes(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    first, again = uncertainty(pack, scenario, home), uncertainty(pack, scenario)
    assert first.to_csv().encode() == again.to_csv().encode()
    other = uncertainty(pack, moved(scenario, {"range.seed": 8}), home)
    assert not np.array_equal(first["p10"], other["p10"])


def test_the_draws_have_the_spread_and_the_correlation_that_were_asked_for(home: Baseline, scenario: Scenario) -> None:
    levers = {"range.draws": 20_000, "range.need_growth_sd_pts": 2.0, "range.capacity_growth_sd_pts": 0.5}
    need, capacity = growth_draws(home, moved(scenario, levers))
    assert need.shape == capacity.shape == (12, 20_000)
    assert 100 * need.std(axis=1) == pytest.approx(np.full(12, 2.0), rel=0.03)
    assert 100 * capacity.std(axis=1) == pytest.approx(np.full(12, 0.5), rel=0.03)
    own = np.array([4.0 if code == "E07000074" else 1.5 for code in home.districts])
    assert 100 * need.mean(axis=1) == pytest.approx(own, abs=0.06)
    for draws in (need, capacity):
        between = np.corrcoef(draws)[~np.eye(12, dtype=bool)]
        assert between == pytest.approx(np.full(132, 0.5), abs=0.03)
    assert np.abs(np.corrcoef(need, capacity)[:12, 12:]).max() < 0.03


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_percentiles_are_those_of_numpy(values: list[float]) -> None:
    expected = np.percentile(values, (10, 50, 90))
    assert percentiles(np.array(values)) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_district_without_demand_has_no_coverage(pack: Pack, scenario: Scenario) -> None:
    demand, requests = pack.table("demand"), pack.table("requests")
    code = "E07000066"
    gone = demand["district_code"] == code
    figures = ["people", "hours_per_week", "annual_cost"]
    demand = demand.assign(**{name: demand[name].where(~gone, 0) for name in figures})
    placed = requests["placed_on"].where(requests["district_code"] != code, requests["requested_on"])
    tables = {**pack.tables, "demand": demand, "requests": requests.assign(placed_on=placed)}
    frame = uncertainty(dataclasses.replace(pack, tables=tables), scenario)
    rows = frame[frame["district_code"] == code].set_index("measure")
    assert rows.loc["coverage", ["p10", "p50", "p90"]].isna().all(axis=None)
    assert pd.Series(rows.loc["shortfall_hours", "p90"]).eq(0).all()
    assert rows.loc["capacity_hours", "p50"].gt(0).all()
