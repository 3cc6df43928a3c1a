"""The range: seeded, ordered, computed draw by draw, and the same as a slow computation of the same thing."""

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_whatif_summary import neutral, small

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.draws import all_draws, growth_draws
from lib.whatif.project import need_growth, projected
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import CAPACITY_GROWTH, NEED_GROWTH, OWN_GROWTH, Scenario, moved
from lib.whatif.summary import by_year
from lib.whatif.uncertainty import COLUMNS, MEASURES, percentiles, range_arrays, uncertainty

PACK = Path(__file__).parents[2] / "data"
GROWTH_ALONE = {"range.ageing_sd_pct": 0.0, "range.chance": False}
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
              "price.uplift_pct": 2, "range.draws": 200, "range.seed": 7, **GROWTH_ALONE}  # fmt: skip
    return with_levers(pack, default_scenario(pack, HOME_CARE), levers)


def test_columns_and_rows(pack: Pack, home: Baseline, scenario: Scenario) -> None:
    frame = uncertainty(pack, scenario, home)
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 4 * 13 * 10
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
        frame = by_year(home, dataclasses.replace(result, capacity_hours=held))
        drawn.append(frame[list(MEASURES)].to_numpy())
    slow = np.percentile(np.array(drawn), (10, 50, 90), axis=0)
    fast = uncertainty(pack, scenario, home)[["p10", "p50", "p90"]].to_numpy().reshape(-1, len(MEASURES), 3)
    np.testing.assert_allclose(np.moveaxis(slow, 0, 2), fast, rtol=1e-9, atol=1e-6)


EVERYTHING: dict[str, dict[str, object]] = {
    HOME_CARE: {
        "demand.need_growth_pct": 1.0, "demand.district_need_growth_pct": {"E07000074": -3.0},
        "demand.prevalence_growth_pct": 2.0, "demand.discharge_people_per_month": 30, "demand.turning_18_per_year": 5,
        "supply.capacity_growth_pct": 0.5, "price.uplift_pct": 2.0, "supply.overseas_loss_pct": 20,
    },
    SHORT_BREAKS: {
        "demand.need_growth_pct": 1.0, "demand.turning_18_per_year": 20, "supply.capacity_growth_pct": 3.0,
        "demand.demographic": True,
    },
}  # fmt: skip


@pytest.mark.parametrize("service", EVERYTHING)
@pytest.mark.parametrize("chance", [True, False])
def test_age_weights_chance_and_those_who_join_as_every_draw_by_itself(service: str, chance: bool, pack: Pack) -> None:
    """Each draw projected with index^(1 + e) and its own growth; then a district's factor on all that is needed."""
    levers = {**EVERYTHING[service], "years": 3, "range.draws": 120, "range.chance": chance}
    plain = with_levers(pack, default_scenario(pack, service), levers)
    start, draws = prepare(pack, service), all_draws(prepare(pack, service), plain)
    assert draws.ageing is not None
    drawn = []
    for draw in range(120):
        aged = dataclasses.replace(start, ageing=start.ageing ** (1 + float(draws.ageing[draw])))
        own = {code: 100 * float(draws.need[place, draw]) for place, code in enumerate(start.districts)}
        result = projected(aged, moved(plain, {"demand.district_need_growth_pct": own}))
        held = projected(start, moved(plain, {"supply.capacity_growth_pct": 0.0})).capacity_hours
        held = held * (1 + draws.capacity[:, draw][:, None]) ** np.arange(4)[:, None, None]
        factor = np.ones((4, 12, 1))
        if draws.chance is not None:
            factor[1:] = draws.chance[:, draw][:, None]
        names = ("people", "delivered_hours", "demand_hours", "cost")
        by_chance = {name: np.maximum(getattr(result, name), 0) * factor for name in names}
        drawn.append(by_year(start, dataclasses.replace(result, capacity_hours=held, **by_chance))[list(MEASURES)])
    slow = np.percentile(np.array([one.to_numpy() for one in drawn]), (10, 50, 90), axis=0)
    fast = uncertainty(pack, plain, start)[["p10", "p50", "p90"]].to_numpy().reshape(-1, len(MEASURES), 3)
    np.testing.assert_allclose(np.moveaxis(slow, 0, 2), fast, rtol=1e-9, atol=1e-6)


def range_of_growth_alone(start: Baseline, scenario: Scenario) -> np.ndarray:
    """The range as it was before age weights and chance: the seven measures, sorted whole, district by district."""
    settings = scenario.range
    source = np.random.default_rng(settings.seed)
    shape = (len(start.districts), settings.draws)

    def shifts(deviation: float) -> np.ndarray:
        common, own = source.standard_normal(settings.draws), source.standard_normal(shape)
        return deviation / 100 * (np.sqrt(0.5) * common + np.sqrt(1 - 0.5) * own)

    need = need_growth(start, scenario)[:, None] / 100 + shifts(settings.need_growth_sd_pts)
    capacity = scenario.supply.capacity_growth_pct / 100 + shifts(settings.capacity_growth_sd_pts)
    still = projected(start, moved(scenario, {NEED_GROWTH: 0.0, OWN_GROWTH: {}, CAPACITY_GROWTH: 0.0}))
    need_factor, capacity_factor = np.ones(shape), np.ones(shape)
    found = []
    for year in range(scenario.years + 1):
        if year:
            need_factor *= 1 + need
            capacity_factor *= 1 + capacity
        county = np.zeros((7, settings.draws))
        for place in range(len(start.districts)):
            demand, supply = still.demand_hours[year, place], still.capacity_hours[year, place]
            one, other = need_factor[place], capacity_factor[place]
            short = np.zeros(settings.draws)
            for wanted, held in zip(demand, supply, strict=True):
                if wanted > 0:
                    short += np.maximum(one * wanted - other * held, 0.0)
            hours, room = demand.sum() * one, supply.sum() * other
            values = np.array([still.people[year, place].sum() * one, hours, room, hours - room, short, room / hours,
                               still.cost[year, place].sum() * one])  # fmt: skip
            county += values
            found.append(values)
        county[3], county[5] = county[1] - county[2], county[2] / county[1]
        found.append(county)
    ordered = np.sort(np.array(found), axis=-1)
    spot = np.array((10, 50, 90)) / 100 * (settings.draws - 1)
    low = np.floor(spot).astype(int)
    high = np.minimum(low + 1, settings.draws - 1)
    return ordered[..., low] + (spot - low) * (ordered[..., high] - ordered[..., low])


@pytest.mark.parametrize("service", [HOME_CARE, SHORT_BREAKS])
@pytest.mark.parametrize("draws", [137, 1500])
def test_growth_alone_gives_the_same_numbers_as_before_to_the_last_bit(service: str, draws: int, pack: Pack) -> None:
    levers = {"range.draws": draws, "years": 3, "supply.capacity_growth_pct": -1.0, **GROWTH_ALONE}
    scenario = with_levers(pack, default_scenario(pack, service), levers)
    start = prepare(pack, service)
    fast = range_arrays(start, scenario)[1:, :, :7].reshape(-1, 7, 3)
    assert np.array_equal(fast, range_of_growth_alone(start, scenario)[13:])


def test_chance_and_age_weights_leave_the_draws_of_growth_alone(home: Baseline, scenario: Scenario) -> None:
    alone = all_draws(home, scenario)
    assert alone.ageing is None
    assert alone.chance is None
    chance, ages = {"range.chance": True}, {"range.ageing_sd_pct": 30.0}
    for levers in (chance, ages, chance | ages):
        drawn = all_draws(home, moved(scenario, levers))
        assert np.array_equal(drawn.need, alone.need)
        assert np.array_equal(drawn.capacity, alone.capacity)
    both, one = all_draws(home, moved(scenario, chance | ages)), all_draws(home, moved(scenario, chance))
    assert both.chance is not None
    assert one.chance is not None
    assert np.array_equal(both.chance, one.chance)


def test_chance_has_mean_one_and_the_variance_of_a_count() -> None:
    # 168 people vary by 1 / sqrt(168) = 7.7%; districts of 14 by 26.7%, of none and of an unknown number not at all.
    start = small([[1680], [140], [0], [100]], [[1], [1], [1], [1]])
    start = dataclasses.replace(start, people=np.array([[168.0], [14.0], [0.0], [np.nan]]))
    chance = all_draws(start, moved(neutral(1), {"range.draws": 20_000})).chance
    assert chance is not None
    assert chance.min() > 0
    assert chance[:2].mean(axis=1) == pytest.approx([1, 1], abs=0.006)
    assert chance[:2].std(axis=1) == pytest.approx([0.0772, 0.2673], rel=0.04)
    assert (chance[2:] == 1).all()


def test_the_spread_of_the_age_weights_by_hand() -> None:
    # Growth of 26% in the last year, read as 1.26^(1 + e): at e = -1.2816 x 0.3 and + 1.2816 x 0.3, a tenth each.
    start = small([[1000]], [[5000]])
    ageing = np.ones((16, 1, 1))
    ageing[1] = 1.26
    start = dataclasses.replace(start, ageing=ageing)
    levers = {"demand.demographic": True, "range.chance": False, "range.need_growth_sd_pts": 0.0,
              "range.draws": 20_000}  # fmt: skip
    frame = uncertainty(the_pack(), moved(neutral(1), levers), start)
    row = frame[(frame["year"] == 2025) & (frame["measure"] == "demand_hours")].iloc[0]
    assert row["p10"] == pytest.approx(1000 * 1.26 ** (1 - 0.38447), rel=0.004)
    assert row["p90"] == pytest.approx(1000 * 1.26 ** (1 + 0.38447), rel=0.004)
    without = uncertainty(the_pack(), moved(neutral(1), levers | {"range.ageing_sd_pct": 0.0}), start)
    assert without.loc[row.name, ["p10", "p90"]].tolist() == pytest.approx([1260, 1260])


def test_unmet_is_the_shortfall_and_served_never_passes_the_need(pack: Pack) -> None:
    frame = uncertainty(pack, default_scenario(pack, SHORT_BREAKS))
    wide = frame.pivot_table(index=["year", "district_code"], columns="measure", values=["p10", "p50", "p90"])
    for level in ("p10", "p50", "p90"):
        assert (wide[level]["unmet_hours"] == wide[level]["shortfall_hours"]).all()
        assert (wide[level]["served_hours"] <= wide[level]["demand_hours"]).all()
        assert (wide[level]["spend"] <= wide[level]["cost"] + 1e-6).all()


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
