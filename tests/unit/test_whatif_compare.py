"""Scenarios side by side: the levers that differ and only these, results worked out by hand, lines on common years."""

from __future__ import annotations

import base64
import math
import re

import pytest
from tiny_pack import ASH

from lib.charts.spark import HEIGHT, spark
from lib.market.about import for_file
from lib.pack.load import Pack
from lib.whatif.compare import (
    common_years,
    lever_heads,
    levers_that_differ,
    lines,
    names_the_market,
    results,
    run_apart,
    side_by_side,
    through_the_years,
)
from lib.whatif.scenarios.documents import scenario_from
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import Summary, summarise

# Home care of the tiny pack today: demand 110 + 65 + 0 + 200 + 100 + 40 = 515 hours, capacity 560.
DEMAND, CAPACITY = 515, 560


def scenario(pack: Pack, years: int = 2, **parts: dict[str, object]) -> Scenario:
    parts = {"demand": {"demographic": False} | parts.pop("demand", {}), **parts}
    return scenario_from({"name": "One", "service": "home", "years": years, **parts}, pack)


@pytest.fixture
def two(tiny: Pack) -> dict[str, Scenario]:
    return {
        "As today": scenario(tiny),
        "More": scenario(
            tiny,
            demand={"need_growth_pct": 10.0, "district_need_growth_pct": {ASH: 0.0}},
            supply={"provider_exits": ["P6"]},
        ),
    }


def summaries(pack: Pack, scenarios: dict[str, Scenario]) -> dict[str, Summary]:
    return {name: summarise(pack, one) for name, one in scenarios.items()}


def test_only_the_levers_that_differ_are_columns(tiny: Pack, two: dict[str, Scenario]) -> None:
    own = f"demand.district_need_growth_pct.{ASH}"
    assert lever_heads(two, tiny) == {
        "demand.need_growth_pct": "Need growth (% a year)",
        own: "Need growth in Ash (% a year)",
        "supply.provider_exits": "Providers that leave",
    }
    assert levers_that_differ(two, tiny).to_dict("records") == [
        {"scenario": "As today", "demand.need_growth_pct": "0", own: "as the county", "supply.provider_exits": "none"},
        {"scenario": "More", "demand.need_growth_pct": "10", own: "0", "supply.provider_exits": "P6"},
    ]


def test_scenarios_that_move_the_same_have_no_lever_to_show(tiny: Pack) -> None:
    same = {"A": scenario(tiny), "B": scenario(tiny)}
    assert list(levers_that_differ(same, tiny).columns) == ["scenario"]


def test_a_lever_that_only_the_last_sets_differs(tiny: Pack) -> None:
    three = {"A": scenario(tiny), "B": scenario(tiny), "C": scenario(tiny, price={"uplift_pct": 2.5})}
    assert list(levers_that_differ(three, tiny)["price.uplift_pct"]) == ["0", "0", "2.5"]


def test_results_are_those_worked_out_by_hand(tiny: Pack, two: dict[str, Scenario]) -> None:
    """After two years of 10%, all but Ash's 175: 340 x 1.21 = 411.4, and 175: 586.4. P6 takes its 5 hours along."""
    today, more = results(summaries(tiny, two), 2026).to_dict("records")
    assert today["demand_hours"] == pytest.approx(DEMAND)
    assert today["coverage"] == pytest.approx(CAPACITY / DEMAND)
    assert today["unmet_hours"] == pytest.approx(5 + 30)
    assert today["first_short_year"] == "not within the years"
    assert more["demand_hours"] == pytest.approx(175 + 340 * 1.21)
    assert more["coverage"] == pytest.approx((CAPACITY - 5) / (175 + 340 * 1.21))
    # Ash 5 short; Birch 242 of 225 by day and 121 of 70 by night; Cedar 48.4 of 50.
    assert more["unmet_hours"] == pytest.approx(5 + (242 - 225) + (121 - 70))
    # Served is the care delivered today, grown, up to capacity: Ash 160, Birch 225 of 242, 70 of 84.7, Cedar 48.4.
    assert more["served_hours"] == pytest.approx(160 + 225 + 70 + 48.4)
    assert more["first_short_year"] == "2026/27"


def test_the_base_year_is_today_for_each(tiny: Pack, two: dict[str, Scenario]) -> None:
    found = results(summaries(tiny, two), 2024)
    for column in ("demand_hours", "coverage", "cost", "spend", "served_hours"):
        assert found[column].nunique() == 1, column


def test_lines_have_the_years_that_all_have(tiny: Pack) -> None:
    unlike = {"Short": scenario(tiny, 1), "Long": scenario(tiny, 4, demand={"need_growth_pct": 10.0})}
    years = common_years(list(unlike.values()), tiny)
    assert years == [2024, 2025]
    found = lines(summaries(tiny, unlike), "demand_hours", years).set_index("scenario")
    assert list(found.loc["Short"]) == pytest.approx([515, 515])
    assert list(found.loc["Long"]) == pytest.approx([515, 566.5])
    assert run_apart(list(unlike.values())).startswith("They run to different years, 1 to 4 ahead")
    assert run_apart([unlike["Long"], unlike["Long"]]) == ""


def test_the_file_has_everything_with_its_unit(tiny: Pack, two: dict[str, Scenario]) -> None:
    table, heads = side_by_side(two, summaries(tiny, two), tiny, 2026, "cost")
    file = for_file(table, heads)
    assert list(file.columns) == [
        "Scenario", "Need growth (% a year)", "Need growth in Ash (% a year)", "Providers that leave",
        "Demand 2026/27 (hours a week)", "Net coverage 2026/27 (ratio)",
        "Hours with no provider 2026/27 (hours a week)",
        "Served 2026/27 (hours a week)", "Cost of meeting the need 2026/27 (pounds a year)",
        "Spend that capacity allows 2026/27 (pounds a year)", "First short year",
        "Cost of meeting the need 2024/25 (pounds a year)", "Cost of meeting the need 2025/26 (pounds a year)",
    ]  # fmt: skip
    costs = file.filter(like="Cost").iloc[0]
    assert costs.nunique() == 1


def test_a_file_is_internal_where_a_lever_names_somebody(tiny: Pack, two: dict[str, Scenario]) -> None:
    assert [names_the_market(one) for one in two.values()] == [False, True]
    assert names_the_market(scenario(tiny, demand={"district_need_growth_pct": {ASH: 1.0}}))


def test_a_line_in_words() -> None:
    assert through_the_years([130_564.0, 144_210.0], [2024, 2025], "demand_hours") == (
        "130,600 in 2024/25 to 144,200 in 2025/26"
    )
    assert through_the_years([math.nan, 1.0], [2024, 2025], "demand_hours") == "not known in 2024/25 to 1 in 2025/26"


# The small line.


def drawn(picture: str) -> str:
    head, _, data = picture.partition(",")
    assert head == "data:image/svg+xml;base64"
    return base64.b64decode(data).decode()


def test_lines_on_one_scale_can_be_held_against_each_other() -> None:
    low, high = (drawn(spark([0, value], 0, 100, 1)) for value in (50, 100))
    heights = [float(re.search(r'cy="([\d.]+)"', svg)[1]) for svg in (low, high)]  # type: ignore[index]
    assert heights == [HEIGHT / 2, 4.0]


def test_a_missing_value_breaks_the_line_and_has_no_dot() -> None:
    svg = drawn(spark([1, 2, math.nan, 3, 4], 1, 4, 2))
    assert svg.count("<polyline") == 2
    assert "<circle" not in svg
    assert "nan" not in svg


def test_a_line_without_height_stands_in_the_middle() -> None:
    assert drawn(spark([5, 5], 5, 5, 0)).count(f",{HEIGHT / 2:.1f}") == 2
    assert "<polyline" not in drawn(spark([math.nan], 0, 0, 0))


def test_what_lies_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="lies off the scale"):
        spark([5], 0, 4, 0)


def test_the_line_is_paler_on_dark() -> None:
    assert spark([1, 2], 1, 2, 0) != spark([1, 2], 1, 2, 0, dark=True)
