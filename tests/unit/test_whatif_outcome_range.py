"""The range of care workers, break-even and first short year, and what each source of uncertainty adds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_whatif_summary import neutral, small

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import prepare
from lib.whatif.outcome_range import outcome_range, range_sources
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.summary import summarise
from lib.whatif.uncertainty import uncertainty

HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"
CERTAIN = {"range.need_growth_sd_pts": 0, "range.capacity_growth_sd_pts": 0, "range.ageing_sd_pct": 0,
           "range.chance": False}  # fmt: skip


@cache
def the_pack() -> Pack:
    return load_pack(Path(__file__).parents[2] / "data")


@pytest.mark.parametrize(
    ("service", "levers"),
    [
        (
            HOME_CARE,
            {"demand.discharge_people_per_month": 20, "demand.turning_18_per_year": 3, "target.coverage": 1.05},
        ),
        (HOME_CARE, {"supply.capacity_growth_pct": 3, "demand.district_need_growth_pct": {"E07000074": 2.0}}),
        (SHORT_BREAKS, {"demand.turning_18_per_year": 8, "supply.contact_hours_change_pct": 4}),
    ],
)
def test_nothing_uncertain_is_the_point_itself(service: str, levers: dict[str, object]) -> None:
    pack = the_pack()
    scenario = with_levers(pack, default_scenario(pack, service), {**CERTAIN, **levers, "range.draws": 100})
    start = prepare(pack, service)
    found = outcome_range(start, scenario).set_index("measure")
    summary = summarise(pack, scenario, start)
    county = {
        "extra_workers": summary.needed.iloc[-1]["extra_workers"],
        "break_even_growth_pct": summary.break_even.iloc[-1]["break_even_growth_pct"],
        "first_short_year": summary.first_years.iloc[-1]["first_short_year"],
    }
    for name, value in county.items():
        low, middle, high = found.loc[name, ["p10", "p50", "p90"]]
        if pd.isna(value):
            assert np.isnan(middle) or name == "break_even_growth_pct"
        else:
            assert [low, middle, high] == pytest.approx([float(value)] * 3, abs=1e-6)


def test_workers_and_first_short_year_by_hand() -> None:
    # 1,000 hours, room for 1,030, growth 2% a year: 1,020, 1,040.4: short in the second year. 10.4 hours are missing:
    # one worker. Growth of (1030 / 1000)^(1/2) - 1 = 1.489% would do.
    levers = {"demand__need_growth_pct": 2.0, **{name.replace(".", "__"): value for name, value in CERTAIN.items()}}
    found = outcome_range(small([[1000]], [[1030]]), neutral(2, **levers)).set_index("measure")
    assert found.loc["first_short_year", ["p10", "p50", "p90", "share"]].tolist() == [2026, 2026, 2026, 1]
    assert found.loc["extra_workers", ["p10", "p90", "share"]].tolist() == [1, 1, 1]
    assert found.loc["break_even_growth_pct", "p50"] == pytest.approx(1.48891566)
    never = outcome_range(small([[1000]], [[2000]]), neutral(2, **levers)).set_index("measure")
    assert never.loc["first_short_year", ["p10", "p50", "p90"]].isna().all()
    assert never.loc["first_short_year", "share"] == 0


def test_the_first_short_year_spreads_with_the_draws() -> None:
    # Growth of 2% with a spread of 1: short in year 1 at 3% or more, by year 2 at 1.489% or more: shares of 0.159 and
    # 0.695 of the draws, and by year 3 at 0.990% or more: 0.844.
    levers = {"demand__need_growth_pct": 2.0, "range__capacity_growth_sd_pts": 0.0, "range__chance": False,
              "range__draws": 20_000}  # fmt: skip
    found = outcome_range(small([[1000]], [[1030]]), neutral(3, **levers)).set_index("measure")
    assert found.loc["first_short_year", ["p10", "p50"]].tolist() == [2025, 2026]
    assert np.isnan(found.loc["first_short_year", "p90"])
    assert found.loc["first_short_year", "share"] == pytest.approx(0.844, abs=0.01)


def test_unknown_capacity_leaves_the_outcomes_unknown() -> None:
    found = outcome_range(small([[100], [50]], [[np.nan], [60]]), neutral(2))
    assert found[["p10", "p50", "p90", "share"]].isna().all(axis=None)


def test_what_each_source_adds() -> None:
    pack = the_pack()
    for service, ageing in ((HOME_CARE, True), (SHORT_BREAKS, False)):
        start, scenario = prepare(pack, service), default_scenario(pack, service)
        found = range_sources(start, scenario).set_index("source")
        assert list(found.index) == ["need", "capacity", "ageing", "chance", "together"]
        alone = found["width"].drop("together")
        assert (alone > 0).to_dict() == {"need": True, "capacity": True, "ageing": ageing, "chance": True}
        # All together are wider than any alone and, as they are independent, narrower than the sum.
        assert alone.max() < found.loc["together", "width"] < alone.sum()
        frame = uncertainty(pack, scenario, start).query("district_code == 'all' and measure == 'gap_hours'")
        assert (
            found.loc["together", ["low", "middle", "high"]].tolist() == frame[["p10", "p50", "p90"]].iloc[-1].tolist()
        )


def test_what_is_switched_off_adds_nothing() -> None:
    pack = the_pack()
    scenario = with_levers(pack, default_scenario(pack, HOME_CARE), {"range.chance": False, "range.ageing_sd_pct": 0})
    found = range_sources(prepare(pack, HOME_CARE), scenario).set_index("source")["width"]
    assert found[["ageing", "chance"]].tolist() == pytest.approx([0, 0], abs=1e-9)
