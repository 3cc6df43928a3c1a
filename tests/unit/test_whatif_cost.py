"""Price and volume, apart: by hand, and the parts add up in every lot, district and year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from default_baseline import HOME_CARE, STILL, the_home, the_pack
from hypothesis import given, settings
from test_whatif_summary import LEVER_VALUES, neutral, small

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.whatif.baseline import Baseline
from lib.whatif.cost import cost_parts, cost_steps, cost_table, uplift_words
from lib.whatif.project import projected
from lib.whatif.scenarios.documents import scenario_from, with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.tables import waterfall_rows


def test_more_care_framework_and_fees_by_hand() -> None:
    # 104,000 pounds; 10% more need: +10,400 is 114,400. All spot hours to a framework that is 5% cheaper: -5,720 is
    # 108,680. Fees 3% up: +3,260.40.
    start = replace(small([[100]], [[100]]), conversion_effect=np.array([[-0.05]]))
    levers = {"demand__need_growth_pct": 10.0, "supply__spot_conversion_pct": 100.0, "price__uplift_pct": 3.0}
    table = cost_table(start, neutral(1, **levers))
    row = table[table["district_code"] == COUNTY_CODE].iloc[-1]
    assert row.drop(["year", "district_code"]).tolist() == pytest.approx([104_000, 10_400, -5_720, 3_260.4, 111_940.4])
    steps = cost_steps(table)
    assert steps["step"].tolist() == ["today", "more_care", "spot_to_framework", "higher_fees", "last_year"]
    assert steps["total"].tolist() == pytest.approx([104_000, 114_400, 108_680, 111_940.4, 111_940.4])
    shown = waterfall_rows(steps, "pounds")["shown"].tolist()
    assert shown == ["£104,000", "+£10,000", "-£5,700", "+£3,300", "£112,000"]


def test_no_uplift_leaves_nothing_to_fees_and_today_has_no_parts() -> None:
    start = small([[100, 40], [30, 0]], [[100, 50], [40, 0]])
    table = cost_table(start, neutral(3, demand__need_growth_pct=2.0))
    assert (table["higher_fees"] == 0).all()
    assert (table["spot_to_framework"] == 0).all()
    assert (table[table["year"] == 2024]["more_care"] == 0).all()


def test_what_the_uplift_does_to_an_hour() -> None:
    start = small([[100]], [[100]])
    # 20 x 1.053^5 = 25.8932...: 29% more.
    assert uplift_words(start, neutral(5, price__uplift_pct=5.3)) == (
        "An hour costs £20.00 on average today and, at 5.3% a year, £25.89 in 2029/30: 29% more."
    )
    assert uplift_words(start, neutral(1, price__uplift_pct=-10.0)).endswith("£18.00 in 2025/26: 10% less.")
    assert uplift_words(start, neutral(1)) == (
        "An hour costs £20.00 on average, today and in 2025/26: no uplift is assumed."
    )
    assert uplift_words(small([[0]], [[5]]), neutral(1)) == "The average cost of an hour is not known."


def test_a_lot_of_unknown_cost_leaves_the_county_unknown() -> None:
    start = replace(small([[100], [50]], [[100], [50]]), annual_cost=np.array([[104_000], [np.nan]]))
    table = cost_table(start, neutral(1)).set_index(["year", "district_code"])
    assert pd.isna(table.loc[(2025, COUNTY_CODE), "cost"])
    assert table.loc[(2025, "A"), "cost"] == 104_000


@settings(max_examples=40, deadline=None)
@given(levers=LEVER_VALUES)
def test_the_parts_add_up_in_every_lot_and_year(levers: dict[str, Any]) -> None:
    pack, home = the_pack(), the_home()
    result = projected(home, with_levers(pack, scenario_from(STILL, pack), levers))
    np.testing.assert_allclose(result.cost[0] + sum(cost_parts(result).values()), result.cost, rtol=1e-12, atol=1e-6)


def test_the_table_adds_up_to_the_projection(pack: Pack, home: Baseline) -> None:
    levers = {"price.uplift_pct": 6.5, "supply.spot_conversion_pct": 40}
    scenario = with_levers(pack, default_scenario(pack, HOME_CARE), levers)
    table = cost_table(home, scenario)
    assert len(table) == 6 * 13
    parts = table[["cost_today", "more_care", "spot_to_framework", "higher_fees"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["cost"].to_numpy())
    county = table[table["district_code"] == COUNTY_CODE]
    assert county["cost"].tolist() == pytest.approx(projected(home, scenario).cost.sum(axis=(1, 2)).tolist())
    assert county["cost_today"].tolist() == [160_500_000] * 6


@pytest.fixture
def pack() -> Pack:
    return the_pack()


@pytest.fixture
def home() -> Baseline:
    return the_home()
