"""The back-test: numbers worked out by hand on the tiny pack, what it refuses, properties, the verb, the seasons."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.__main__ import main
from lib.market.basis import standing
from lib.pack.load import Pack, load_pack
from lib.whatif.backtest import BackTestError, backtest, errors, why_no_ageing, why_none
from lib.whatif.backtest_words import backtest_basis, backtest_line, proves_nothing, table_basis
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.scenarios.documents import scenario_from, with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario, presets
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.season import season, why_no_season

DATA = Path(__file__).parents[2] / "data"
DISTRICTS = (ASH, BIRCH, CEDAR)
COLUMNS = (
    "district_code,cohort,actual,ageing_only,scenario,same_as_last_year,error_ageing_only,error_scenario,error_same"
)
# A year ago, in March 2024, and now: hours a week of home care. Everybody else has none.
THEN = {(ASH, "older"): 80, (ASH, "younger"): 40, (BIRCH, "older"): 250, (CEDAR, "older"): 30}
NOW = {(ASH, "older"): 100, (ASH, "younger"): 60, (BIRCH, "older"): 270, (CEDAR, "older"): 40}
# Residents of 2023; those of 2024 are a quarter more in Ash, and among the older ones of Cedar.
BEFORE = {
    (ASH, "65+"): 400,
    (ASH, "18-64"): 2400,
    (BIRCH, "65+"): 1000,
    (BIRCH, "18-64"): 6000,
    (CEDAR, "65+"): 640,
    (CEDAR, "18-64"): 1500,
}
# Ageing, need up 10% (20% in Birch), and half of the 20% that are on direct payments by year 2: 1.1 x 0.9, 1.2 x 0.9.
LEVERS = {
    "demographic": True,
    "need_growth_pct": 10.0,
    "direct_payment_shift_pct": 20.0,
    "district_need_growth_pct": {BIRCH: 20.0},
}
SCENARIO = {"name": "Up", "service": "home", "years": 2, "demand": LEVERS}
STILL = {"name": "Still", "service": "home", "years": 3, "demand": {"demographic": False}}
MADE_UP = "On data made up for demonstration, this proves nothing."


def spelled(back: int, end: str = "2025-03") -> str:
    """The month so many months before the end."""
    return str(pd.Period(end, "M") - back)


def hours_of(months: int, hours: Callable[[int, str, str], float], end: str = "2025-03") -> pd.DataFrame:
    """A history of home care; hours are given the months before the end, the district and the cohort."""
    return pd.DataFrame(
        [
            {
                "month": spelled(back, end),
                "service": "home",
                "district_code": district,
                "cohort": cohort,
                "hours_per_week": float(hours(back, district, cohort)),
                "people": 1,
                "new_requests": 0,
                "median_days_to_source": math.nan,
            }
            for back in range(months)
            for district in DISTRICTS
            for cohort in ("older", "younger")
        ]
    )


def grown(back: int, district: str, cohort: str) -> float:
    """The hours of NOW in the last month, of THEN 12 months before, and of nobody's interest between and before."""
    return {0: NOW, 12: THEN}.get(back, {}).get((district, cohort), 7 if 0 < back != 12 else 0)


def with_tables(pack: Pack, **tables: pd.DataFrame) -> Pack:
    return dataclasses.replace(pack, tables={**pack.tables, **tables})


def residents(pack: Pack) -> pd.DataFrame:
    """The population table with 2023 as BEFORE has it."""
    rows = pack.table("population")
    before = [
        {"district_code": district, "year": 2023, "age_band": band, "persons": float(persons)}
        for (district, band), persons in BEFORE.items()
    ]
    kept = rows[(rows["year"] != 2023) | (rows["age_band"] == "0-17")]
    return pd.concat([kept, pd.DataFrame(before)], ignore_index=True)


@pytest.fixture(scope="module")
def year(tiny: Pack) -> Pack:
    """The tiny pack with 13 months of home care, and residents of 2023."""
    return with_tables(tiny, history=hours_of(13, grown), population=residents(tiny))


@pytest.fixture(scope="module")
def home(year: Pack) -> Baseline:
    return prepare(year, "home")


@pytest.fixture(scope="module")
def essex() -> Pack:
    return load_pack(DATA)


def column(rows: pd.DataFrame, name: str) -> dict[tuple[str, str], float]:
    return {(code, cohort): value for code, cohort, value in rows[["district_code", "cohort", name]].to_numpy()}


# By hand.


def test_every_forecast_by_hand(year: Pack) -> None:
    rows = backtest(year, scenario_from(SCENARIO, year))
    assert ",".join(rows.columns) == COLUMNS
    cells = [
        # actual, ageing only, scenario, same as last year
        (ASH, "older", 100, 80 * 1.25, 80 * 1.25 * 0.99, 80),
        (ASH, "younger", 60, 40 * 1.25, 40 * 1.25 * 0.99, 40),
        (BIRCH, "older", 270, 250, 250 * 1.08, 250),
        (BIRCH, "younger", 0, 0, 0, 0),
        (CEDAR, "older", 40, 30 * 1.25, 30 * 1.25 * 0.99, 30),
        (CEDAR, "younger", 0, 0, 0, 0),
        ("all", "older", 410, 387.5, 99 + 270 + 37.125, 360),
        ("all", "younger", 60, 50, 49.5, 40),
    ]
    assert list(zip(rows["district_code"], rows["cohort"], strict=True)) == [one[:2] for one in cells]
    for row, cell in zip(rows.to_dict("records"), cells, strict=True):
        actual, *forecasts = cell[2:]
        assert row["actual"] == actual
        assert [row[name] for name in ("ageing_only", "scenario", "same_as_last_year")] == pytest.approx(forecasts)
        found = [row[name] for name in ("error_ageing_only", "error_scenario", "error_same")]
        assert found == pytest.approx([one - actual for one in forecasts])


def test_error_bias_and_absolute_error_by_hand(year: Pack) -> None:
    off = errors(backtest(year, scenario_from(SCENARIO, year))).set_index(["cohort", "forecast"])
    assert list(off.index.get_level_values(0).unique()) == ["older", "younger", "all"]
    one = off.loc[("all", "ageing_only")]
    assert (one["hours"], one["actual"], one["error"]) == (437.5, 470, -32.5)
    assert one["error_pct"] == pytest.approx(100 * -32.5 / 470)
    assert one["bias"] == pytest.approx(-32.5 / 6)
    # Two districts have no younger people to be wrong about.
    assert one["mean_absolute_error_pct"] == pytest.approx(100 * (0 + 10 / 60 + 20 / 270 + 2.5 / 40) / 4)
    older = off.loc[("older", "same_as_last_year")]
    assert (older["error"], older["bias"]) == (-50, pytest.approx(-50 / 3))
    assert older["mean_absolute_error_pct"] == pytest.approx(100 * (20 / 100 + 20 / 270 + 10 / 40) / 3)


def test_errors_that_cancel_out_are_seen(tiny: Pack) -> None:
    """The county is right and no district is: the mean error is 0, the absolute error is not."""

    def moved(back: int, district: str, cohort: str) -> float:
        return {(12, ASH): 90, (0, ASH): 100, (12, BIRCH): 210, (0, BIRCH): 200}.get((back, district), 0)

    pack = with_tables(tiny, history=hours_of(13, lambda *at: moved(*at) if at[2] == "older" else 0))
    rows = backtest(pack, scenario_from(STILL, pack))
    off = errors(rows).set_index(["cohort", "forecast"]).loc[("older", "same_as_last_year")]
    assert (off["error"], off["bias"]) == (0, 0)
    assert off["mean_absolute_error_pct"] == pytest.approx(100 * (10 / 100 + 10 / 200) / 2)
    assert "“same as last year” right to the nearest 0.1%." in backtest_line(pack, scenario_from(STILL, pack), rows)


def test_the_line_by_hand(year: Pack) -> None:
    scenario = scenario_from(SCENARIO, year)
    # 455.625 and 400 of 470.
    assert backtest_line(year, scenario, backtest(year, scenario)) == (
        "A year ago these levers would have been 3.1% too low for March 2025; “same as last year” 14.9% too low. "
        f"{MADE_UP}"
    )
    fast = with_levers(year, scenario, {"demand.need_growth_pct": 20.0, "demand.direct_payment_shift_pct": 0.0})
    # 1.2 x 437.5 = 525.
    assert "these levers would have been 11.7% too high for March 2025" in backtest_line(
        year, fast, backtest(year, fast)
    )


def test_a_year_without_hours_has_no_percent(tiny: Pack) -> None:
    pack = with_tables(
        tiny, history=hours_of(13, lambda back, *at: 10 if back == 12 else 0), population=residents(tiny)
    )
    scenario = scenario_from(STILL, pack)
    rows = backtest(pack, scenario)
    off = errors(rows)
    assert off["error_pct"].isna().all() and off["mean_absolute_error_pct"].isna().all()
    ageing = off[off["forecast"] == "ageing_only"].set_index("cohort")["error"]
    assert ageing.to_dict() == {"older": 12.5 + 10 + 12.5, "younger": 12.5 + 10 + 10, "all": 67.5}
    assert backtest_line(pack, scenario, rows) == (
        "No hours were delivered in March 2025: there is nothing to hold a forecast against."
    )


def test_levers_of_supply_and_price_change_nothing(year: Pack) -> None:
    plain = scenario_from(SCENARIO, year)
    other = with_levers(
        year,
        plain,
        {
            "supply.capacity_growth_pct": 5.0,
            "supply.vacancy_change_pts": -5.0,
            "supply.spot_conversion_pct": 50.0,
            "supply.provider_exits": ["P1"],
            "price.uplift_pct": 3.0,
            "target.coverage": 1.2,
        },
    )
    pd.testing.assert_frame_equal(backtest(year, other), backtest(year, plain))


def test_every_lever_of_demand_acts_for_one_year(year: Pack) -> None:
    still = scenario_from(STILL | {"years": 5}, year)
    levers = {
        "demand.need_growth_pct": (4.0, 1.04),
        "demand.hours_per_person_growth_pct": (-3.0, 0.97),
        "demand.direct_payment_shift_pct": (10.0, 0.98),
        "demand.reablement_reduction_pct": (20.0, 0.96),
        "demand.technology_reduction_pct": (25.0, 0.95),
    }
    for lever, (value, factor) in levers.items():
        rows = backtest(year, with_levers(year, still, {lever: value}))
        assert list(rows["scenario"]) == pytest.approx(list(factor * rows["same_as_last_year"])), lever


def test_the_pack_as_it_is_today_does_not_matter(year: Pack) -> None:
    """Only the history, the residents and the weights are read: today's hours, waits and capacity are not."""
    scenario = scenario_from(SCENARIO, year)
    before = backtest(year, scenario)
    for name, column_name in (
        ("demand", "hours_per_week"),
        ("capacity", "capacity_hours"),
        ("requests", "hours_per_week"),
    ):
        rows = year.table(name)
        other = with_tables(year, **{name: rows.assign(**{column_name: 3 * rows[column_name]})})
        pd.testing.assert_frame_equal(backtest(other, scenario), before)
    for name, column_name in (("population", "persons"), ("service_rates", "weight"), ("history", "hours_per_week")):
        rows = year.table(name)
        factors = 1 + np.arange(len(rows)) % 3
        other = with_tables(year, **{name: rows.assign(**{column_name: factors * rows[column_name]})})
        changed = not backtest(other, scenario).equals(before)
        # One weight a cohort: it falls out of the index.
        assert changed == (name != "service_rates"), name


# Properties.


@given(
    then=st.lists(st.integers(0, 500), min_size=6, max_size=6),
    now=st.lists(st.integers(0, 500), min_size=6, max_size=6),
    growth=st.floats(-20, 20),
)
@settings(max_examples=20)
@pytest.mark.slow
def test_properties_for_any_history(year: Pack, home: Baseline, then: list[int], now: list[int], growth: float) -> None:
    places = [(district, cohort) for district in DISTRICTS for cohort in ("older", "younger")]

    def hours(back: int, *at: str) -> float:
        return float((now if back == 0 else then)[places.index((at[0], at[1]))])

    pack = with_tables(year, history=hours_of(13, hours))
    still = scenario_from(STILL, pack)
    rows = backtest(pack, still, home)
    assert list(rows["scenario"]) == list(rows["same_as_last_year"]), "nothing moves: the same as last year, exactly"
    ageing = backtest(pack, with_levers(pack, still, {"demand.demographic": True}), home)
    assert list(ageing["scenario"]) == pytest.approx(list(ageing["ageing_only"]))
    grown_rows = backtest(pack, with_levers(pack, still, {"demand.need_growth_pct": growth}), home)
    factor = 1 + growth / 100
    assert list(grown_rows["scenario"]) == pytest.approx(list(factor * rows["same_as_last_year"]))
    for frame in (rows, ageing, grown_rows):
        districts, county = frame[frame["district_code"] != "all"], frame[frame["district_code"] == "all"]
        sums = districts.groupby("cohort").sum(numeric_only=True)
        for row in county.to_dict("records"):
            for name in COLUMNS.split(",")[2:]:
                assert row[name] == pytest.approx(sums.loc[row["cohort"], name], abs=1e-9)
        for forecast, error in (
            ("ageing_only", "error_ageing_only"), ("scenario", "error_scenario"), ("same_as_last_year", "error_same"),
        ):  # fmt: skip
            assert list(frame[error]) == list(frame[forecast] - frame["actual"])


def plain_backtest(service: str, scenario: Scenario) -> dict[tuple[str, str], tuple[float, ...]]:
    """The back-test of the default pack in plain Python, from its files: actual, ageing only, scenario, same."""

    def read(path: str) -> list[dict[str, str]]:
        with (DATA / path).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    hours = {
        (row["month"], row["district_code"], row["cohort"]): float(row["hours_per_week"])
        for row in read("market/history.csv")
        if row["service"] == service
    }
    last = max(month for month, _, _ in hours)
    first = f"{int(last[:4]) - 1}{last[4:]}"
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read("reference/service_rates.csv"):
        if row["service"] == service:
            weights[row["cohort"]][row["age_band"]] = float(row["weight"])
    base = {"domiciliary_care": 2024, "short_breaks": 2023}[service]
    need: dict[tuple[str, str, int], float] = defaultdict(float)
    for row in read("reference/population.csv"):
        for cohort, bands in weights.items():
            more = bands.get(row["age_band"], 0.0) * float(row["persons"])
            need[row["district_code"], cohort, int(row["year"])] += more
    demand, years = scenario.demand, scenario.years
    found = {}
    for (month, district, cohort), now in hours.items():
        if month != last:
            continue
        then = hours[first, district, cohort]
        index = need[district, cohort, base] / need[district, cohort, base - 1]
        growth = 1 + demand.district_need_growth_pct.get(district, demand.need_growth_pct) / 100
        growth *= 1 + demand.hours_per_person_growth_pct / 100
        for cut in (
            demand.direct_payment_shift_pct, demand.reablement_reduction_pct, demand.technology_reduction_pct,
        ):  # fmt: skip
            growth *= 1 - cut / 100 / years
        found[district, cohort] = (now, then * index, then * growth * (index if demand.demographic else 1), then)
    return found


@pytest.mark.parametrize("service", ["domiciliary_care", "short_breaks"])
def test_a_second_opinion_in_plain_python(essex: Pack, service: str) -> None:
    scenarios = [default_scenario(essex, service)]
    scenarios += [preset_scenario(essex, service, preset.name, 7) for preset in presets(essex, service)]
    scenarios.append(with_levers(essex, scenarios[0], {"demand.district_need_growth_pct": {"E07000074": 3.5}}))
    for scenario in scenarios:
        expected = plain_backtest(service, scenario)
        rows = backtest(essex, scenario)
        own = rows[rows["district_code"] != "all"]
        assert len(own) == len(expected) == 12 * (2 if service == "domiciliary_care" else 1)
        for row in own.to_dict("records"):
            values = expected[row["district_code"], row["cohort"]]
            found = [row[name] for name in ("actual", "ageing_only", "scenario", "same_as_last_year")]
            assert found == pytest.approx(list(values), rel=1e-9), scenario.name


# What it refuses.


def without(rows: pd.DataFrame, **cells: str) -> pd.DataFrame:
    """The rows but for those with these cells."""
    return rows[~np.logical_and.reduce([rows[name] == value for name, value in cells.items()])]


def shorter(months: int) -> Callable[[], pd.DataFrame]:
    return lambda: hours_of(months, grown)


def holed(months: int = 24, **cells: str) -> Callable[[], pd.DataFrame]:
    return lambda: without(hours_of(months, grown), **cells)


STARTS = "13 months or more to Mar 2025: the back-test starts 12 months before the last"
HOLES = "every month from Apr 2023 to Mar 2025 for each district and cohort, to be back-tested"
REFUSED = {
    "none": (shorter(0), "no rows of Home care up to Mar 2025", STARTS),
    "one month": (shorter(1), "1 month of Home care, Mar 2025", STARTS),
    "12 months": (shorter(12), "12 months of Home care, from Apr 2024", STARTS),
    "only later months": (
        lambda: hours_of(3, grown, end="2025-08"), "no rows of Home care up to Mar 2025", STARTS,
    ),
    "a month of all": (holed(month="2024-09"), "no rows of Home care for Sep 2024 for all 3 districts", HOLES),
    "the month that it starts from": (
        holed(month="2024-03"), "no rows of Home care for Mar 2024 for all 3 districts", HOLES,
    ),
    "the last month": (holed(month="2025-03"), "no rows of Home care for Mar 2025 for all 3 districts", HOLES),
    "before the months compared": (
        holed(month="2023-05"), "no rows of Home care for May 2023 for all 3 districts", HOLES,
    ),
    "one cohort of one district in one month": (
        holed(month="2024-12", district_code=BIRCH, cohort="older"),
        f"no rows of Home care for Older in Dec 2024 for Birch ({BIRCH})", HOLES,
    ),
    "a district": (
        holed(district_code=CEDAR), f"no rows of Home care for Apr 2023 to Mar 2025 for Cedar ({CEDAR})", HOLES,
    ),
    "a cohort": (
        holed(cohort="younger"), "no rows of Home care for Younger in Apr 2023 to Mar 2025 for all 3 districts", HOLES,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_history_that_nothing_can_be_held_against(tiny: Pack, case: str) -> None:
    rows, found, expected = REFUSED[case]
    history = rows()
    pack = with_tables(tiny, history=history if len(history) else tiny.table("history").iloc[:0])
    said = f"market/history.csv: found {found}, expected {expected}"
    assert why_none(pack, "home") == said
    with pytest.raises(BackTestError) as refused:
        backtest(pack, scenario_from(STILL, pack))
    assert str(refused.value) == said
    with pytest.raises(BackTestError):
        season(pack, "home")


def test_the_history_of_another_service_does_not_help(year: Pack) -> None:
    scenario = scenario_from({"name": "A", "service": "respite", "years": 1, "demand": {"demographic": False}}, year)
    with pytest.raises(BackTestError, match="found no rows of Respite up to Mar 2025, expected 13 months or more"):
        backtest(year, scenario)


def test_months_after_the_date_of_the_data_are_left_out(year: Pack) -> None:
    more = hours_of(5, lambda *_: 999, end="2025-08")
    later = with_tables(year, history=pd.concat([year.table("history"), more], ignore_index=True))
    scenario = scenario_from(SCENARIO, year)
    pd.testing.assert_frame_equal(backtest(later, scenario), backtest(year, scenario))


# Ageing that is not known.


def test_without_the_year_before_ageing_is_not_known_and_the_rest_is(year: Pack) -> None:
    rows = year.table("population")
    pack = with_tables(year, population=rows[rows["year"] != 2023])
    assert why_no_ageing(pack, "home") == (
        "Ageing in the year to 2024 cannot be back-tested, as reference/population.csv has no rows of 2023 for all 3 "
        "districts."
    )
    scenario = scenario_from(SCENARIO, pack)
    found = backtest(pack, scenario)
    for name in ("ageing_only", "scenario", "error_ageing_only", "error_scenario"):
        assert found[name].isna().all(), name
    assert column(found, "same_as_last_year") == column(backtest(year, scenario), "same_as_last_year")
    assert backtest_line(pack, scenario, found) == (
        f"{why_no_ageing(pack, 'home')} A year ago “same as last year” would have been 14.9% too low for March 2025. "
        f"{MADE_UP}"
    )
    off = errors(found).set_index(["cohort", "forecast"])
    assert off.loc[("all", "scenario"), ["hours", "error", "bias", "mean_absolute_error_pct"]].isna().all()
    still = backtest(pack, scenario_from(STILL, pack))
    assert still["scenario"].notna().all() and still["ageing_only"].isna().all()


def test_a_band_of_one_district_leaves_that_cell_and_its_sum_empty(year: Pack) -> None:
    pack = with_tables(
        year, population=without(year.table("population"), year=2023, district_code=BIRCH, age_band="65+")
    )
    assert why_no_ageing(pack, "home") == (
        "Ageing in the year to 2024 cannot be back-tested, as reference/population.csv has no rows of age 65+ in 2023 "
        f"for Birch ({BIRCH})."
    )
    ageing = column(backtest(pack, scenario_from(SCENARIO, pack)), "ageing_only")
    assert {place for place, hours in ageing.items() if math.isnan(hours)} == {(BIRCH, "older"), ("all", "older")}
    assert (ageing[ASH, "older"], ageing["all", "younger"]) == (100, 50)


def test_without_weights_ageing_is_not_known(year: Pack) -> None:
    pack = with_tables(year, service_rates=year.table("service_rates").assign(weight=0.0))
    assert why_no_ageing(pack, "home") == (
        "Ageing in the year to 2024 cannot be back-tested, as reference/service_rates.csv has no weight above 0 for "
        "Home care."
    )
    rows = backtest(pack, scenario_from(STILL, pack))
    assert rows["ageing_only"].isna().all() and rows["scenario"].notna().all()


def test_a_cohort_without_weights_does_not_age_as_in_the_projection(year: Pack) -> None:
    rates = year.table("service_rates")
    pack = with_tables(year, service_rates=rates[rates["cohort"] != "younger"])
    assert why_no_ageing(pack, "home") == ""
    assert column(backtest(pack, scenario_from(STILL, pack)), "ageing_only")[ASH, "younger"] == 40


# How it is known.


def with_statuses(pack: Pack, **statuses: str) -> Pack:
    resources = tuple(
        one.model_copy(update={"status": statuses.get(one.name, "published")}) for one in pack.manifest.resources
    )
    return dataclasses.replace(pack, manifest=pack.manifest.model_copy(update={"resources": resources}))


def test_it_proves_nothing_only_on_what_is_made_up(year: Pack) -> None:
    scenario, still = default_scenario(year, "home"), scenario_from(STILL, year)
    assert scenario.demand.demographic is False
    cases: list[tuple[dict[str, str], bool, bool]] = [
        ({"history": "illustrative"}, True, True),
        ({"population": "illustrative"}, False, True),
        ({"history": "supplied"}, False, False),
        ({"demand": "illustrative", "capacity": "illustrative"}, False, False),
    ]
    for statuses, line, table in cases:
        pack = with_statuses(year, **statuses)
        assert bool(proves_nothing(pack, backtest_basis(pack, still))) is line, statuses
        assert bool(proves_nothing(pack, table_basis(pack, still))) is table, statuses
        assert (MADE_UP in backtest_line(pack, still, backtest(pack, still))) is line


def test_levers_of_the_reader_are_named(year: Pack) -> None:
    pack = with_statuses(year)
    assert str(standing(pack, backtest_basis(pack, default_scenario(pack, "home")))) == "published"
    own = with_levers(pack, default_scenario(pack, "home"), {"demand.need_growth_pct": 1.5})
    assert str(standing(pack, backtest_basis(pack, own))) == "modelled (with: the reader's own assumption)"


# The seasons.


def winter(back: int, district: str, cohort: str) -> float:
    """Older people of Ash: 120 hours in each March, 90 in each September, and 100 in all other months."""
    month = spelled(back)[5:]
    return {"03": 120, "09": 90}.get(month, 100) if (district, cohort) == (ASH, "older") else 0


def test_the_seasons_by_hand(tiny: Pack) -> None:
    found = season(with_tables(tiny, history=hours_of(24, winter)), "home")
    assert list(found.columns) == ["calendar_month", "years", "share", "share_without_growth"]
    assert list(found["calendar_month"]) == list(range(1, 13))
    assert set(found["years"]) == {2}
    mean = (120 + 90 + 10 * 100) / 12
    expected = [{3: 120, 9: 90}.get(month, 100) / mean for month in range(1, 13)]
    assert list(found["share"]) == pytest.approx(expected)
    assert list(found["share_without_growth"]) == pytest.approx(expected), "two years alike do not grow"


def test_growth_is_in_the_share_and_not_in_the_other(tiny: Pack) -> None:
    pack = with_tables(tiny, history=hours_of(36, lambda back, *_: 100 * 1.01**-back))
    found = season(pack, "home")
    assert set(found["years"]) == {3}
    assert list(found["share_without_growth"]) == pytest.approx([1.0] * 12)
    april, march = (found.loc[found["calendar_month"] == month, "share"].item() for month in (4, 3))
    assert march / april == pytest.approx(1.01**11)


@pytest.mark.parametrize(("months", "years"), [(24, 2), (25, 2), (35, 2), (36, 3), (47, 3)])
def test_only_whole_years_count(tiny: Pack, months: int, years: int) -> None:
    pack = with_tables(tiny, history=hours_of(months, lambda back, *_: 10_000 if back >= 12 * years else 100))
    found = season(pack, "home")
    assert set(found["years"]) == {years}
    assert list(found["share"]) == pytest.approx([1.0] * 12)


def test_under_24_months_there_are_no_seasons(tiny: Pack) -> None:
    pack = with_tables(tiny, history=hours_of(23, grown))
    said = "market/history.csv: found 23 months of Home care, expected 24 months or more for a seasonal pattern"
    assert (why_none(pack, "home"), why_no_season(pack, "home")) == ("", said)
    with pytest.raises(BackTestError, match="found 23 months"):
        season(pack, "home")


@pytest.mark.parametrize("last", [0, 5])
def test_a_year_without_hours_has_no_seasons(tiny: Pack, last: int) -> None:
    pack = with_tables(tiny, history=hours_of(24, lambda back, *_: last if back < 12 else 0))
    found = season(pack, "home")
    assert found["share"].isna().all() and found["share_without_growth"].isna().all()


# The verb.

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def year_folder(tiny_folder: PackFolder) -> PackFolder:
    """The folder of the pack `year`."""
    rows = hours_of(13, grown).drop(columns="median_days_to_source").assign(days="")
    header = tiny_folder.rows("market/history.csv")[0]
    tiny_folder.write("market/history.csv", [header, *rows.astype(str).to_numpy().tolist()])
    tiny_folder.keep_rows("reference/population.csv", lambda row: row["year"] != "2023" or row["age_band"] == "0-17")
    for (district, band), persons in BEFORE.items():
        tiny_folder.append("reference/population.csv", [district, "2023", band, str(persons)])
    return tiny_folder


@pytest.fixture
def file(tmp_path: Path) -> Callable[[object], str]:
    def write(document: object) -> str:
        path = tmp_path / "scenario.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    return write


Written = Callable[[object], str]


def refused(capsys: Capture, *arguments: str) -> str:
    assert main(["backtest", *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err.strip()


def test_the_verb_prints_the_contracts_columns(year_folder: PackFolder, file: Written, capsys: Capture) -> None:
    arguments = ["backtest", "--pack", str(year_folder.root), "--scenario", file(SCENARIO)]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[:3] == [
        COLUMNS,
        f"{ASH},older,100,100,99,80,0,-1,-20",
        f"{ASH},younger,60,50,49.5,40,-10,-10.5,-20",
    ]
    assert out.splitlines()[-1].startswith("all,younger,60,50,49.5")
    assert err.splitlines() == [MADE_UP]
    assert main([*arguments, "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert list(records[0]) == COLUMNS.split(",")
    assert [record["same_as_last_year"] for record in records] == [80, 40, 250, 0, 30, 0, 360, 40]


def test_the_service_is_that_of_the_scenario_else_the_first(
    year_folder: PackFolder, file: Written, capsys: Capture
) -> None:
    pack = str(year_folder.root)
    assert main(["backtest", "--pack", pack]) == 0
    first = capsys.readouterr().out
    assert main(["backtest", "--pack", pack, "--service", "home"]) == 0
    assert capsys.readouterr().out == first
    assert main(["backtest", "--pack", pack, "--service", "home", "--scenario", file(STILL)]) == 0
    assert capsys.readouterr().out == first, "the tiny pack's own default moves nothing"
    respite = file({"name": "R", "service": "respite", "years": 1, "demand": {"demographic": False}})
    assert "no rows of Respite" in refused(capsys, "--pack", pack, "--scenario", respite)


def test_both_services_of_the_default_pack(capsys: Capture) -> None:
    for service, cohorts in (("domiciliary_care", 2), ("short_breaks", 1)):
        assert main(["backtest", "--service", service, "--pack", str(DATA)]) == 0
        out, err = capsys.readouterr()
        rows = list(csv.DictReader(out.splitlines()))
        assert len(rows) == 13 * cohorts
        assert err.splitlines() == [MADE_UP]
        for name in COLUMNS.split(",")[2:]:
            county = sum(float(row[name]) for row in rows if row["district_code"] == "all")
            assert county == pytest.approx(sum(float(row[name]) for row in rows if row["district_code"] != "all"))


def test_the_verb_prints_the_seasons(capsys: Capture) -> None:
    assert main(["backtest", "--season", "--service", "short_breaks", "--pack", str(DATA)]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0]) == ["calendar_month", "years", "share", "share_without_growth"]
    assert [row["calendar_month"] for row in rows] == [str(month) for month in range(1, 13)]
    assert sum(float(row["share"]) for row in rows) == pytest.approx(12)
    assert err.splitlines() == [MADE_UP]


def test_ageing_that_is_not_known_is_said_and_its_cells_are_empty(year_folder: PackFolder, capsys: Capture) -> None:
    year_folder.keep_rows("reference/population.csv", lambda row: row["year"] != "2023")
    assert main(["backtest", "--service", "home", "--pack", str(year_folder.root)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1] == f"{ASH},older,100,,80,80,,-20,-20"
    first, last = err.splitlines()
    assert first.startswith("Ageing in the year to 2024 cannot be back-tested, as reference/population.csv has no rows")
    assert last == MADE_UP


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda folder: folder.keep_rows("market/history.csv", lambda row: row["month"] > "2024-03"),
            "market/history.csv: found 12 months of Home care, from Apr 2024, expected 13 months or more to Mar 2025: "
            "the back-test starts 12 months before the last",
        ),
        (
            lambda folder: folder.keep_rows("market/history.csv", lambda row: row["month"] != "2024-08"),
            "market/history.csv: found no rows of Home care for Aug 2024 for all 3 districts, expected every month "
            "from Mar 2024 to Mar 2025 for each district and cohort, to be back-tested",
        ),
        (
            lambda folder: folder.keep_rows("market/history.csv", lambda row: row["service"] != "home"),
            "market/history.csv: found no rows of Home care up to Mar 2025, expected 13 months or more to Mar 2025: "
            "the back-test starts 12 months before the last",
        ),
    ],
    ids=["12 months", "a hole", "none"],
)
def test_a_history_that_does_not_do_is_one_sentence(
    year_folder: PackFolder, capsys: Capture, change: Callable[[PackFolder], None], sentence: str
) -> None:
    change(year_folder)
    for more in ([], ["--season"], ["--json"]):
        assert refused(capsys, "--service", "home", "--pack", str(year_folder.root), *more) == sentence


@pytest.mark.parametrize(
    ("arguments", "document", "sentence"),
    [
        (["--service", "gardening"], None, 'service: found "gardening", expected one of home, respite'),
        (["--service", ""], None, "service: found an empty cell, expected one of home, respite"),
        (
            ["--service", "respite"],
            SCENARIO,
            'scenario.json, service: found "home", expected respite, as --service says',
        ),
        (
            [],
            SCENARIO | {"service": "gardening"},
            'scenario.json, service: found the text "gardening", expected one of home, respite',
        ),
        ([], "{", "scenario.json, line 1, column 2: found text that is not JSON ("),
        ([], "", "scenario.json, line 1, column 1: found text that is not JSON ("),
        ([], [], "scenario.json: found a list, expected an object with name, service and years"),
        (
            [],
            SCENARIO | {"demand": {"need_growth_pct": 21}},
            "scenario.json, demand.need_growth_pct: found 21, expected a number from -20 to 20",
        ),
        (
            ["--season"],
            SCENARIO | {"demand": {"need": 2}},
            "scenario.json, demand.need: found a field that is not known, expected one of ",
        ),
    ],
)
def test_bad_input_is_one_sentence(
    year_folder: PackFolder, file: Written, capsys: Capture, arguments: list[str], document: object, sentence: str
) -> None:
    given_file = ["--scenario", file(document)] if document is not None else []
    assert refused(capsys, *arguments, *given_file, "--pack", str(year_folder.root)).startswith(sentence)


def test_a_scenario_that_is_not_there_is_one_sentence(year_folder: PackFolder, capsys: Capture, tmp_path: Path) -> None:
    said = refused(capsys, "--scenario", str(tmp_path / "no.json"), "--pack", str(year_folder.root))
    assert said == "no.json: found a file that cannot be read (No such file or directory), expected a scenario in JSON"
