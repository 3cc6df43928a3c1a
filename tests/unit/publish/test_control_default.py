"""Disclosure control of the default pack, held against the attack that shares no code with it."""

from __future__ import annotations

import pandas as pd
import pytest
from attack import attacked, exact_totals, tables_of

from lib.pack.load import Pack
from lib.publish.cells import ALL, SafeRelease
from lib.publish.control import release
from lib.whatif.scenarios.presets import default_scenario

pytestmark = pytest.mark.slow
SECONDS = 600.0  # of the processor: the limits in work decide, on a slow machine too


@pytest.fixture(scope="module")
def found(pack: Pack) -> SafeRelease:
    """The publication with a scenario of each service."""
    return release(pack, [default_scenario(pack, one) for one in pack.manifest.services], limit_seconds=SECONDS)


def shown(frame: pd.DataFrame, column: str) -> float:
    cells = frame[column].dropna()
    return float((cells != "c").mean())


def test_nothing_hidden_can_be_worked_out(pack: Pack, found: SafeRelease) -> None:
    assert found.report.left_out == ()
    bounds = attacked(pack, tables_of(found), exact=exact_totals(pack))
    assert len(bounds) > 1000
    assert [one for one in bounds if one.exposed] == []


def test_totals_are_the_last_to_be_hidden(found: SafeRelease) -> None:
    """Of people and delivered hours, districts lose no more totals than few people or providers take by themselves."""
    demand, trend = (next(one.frame for one in found.tables if one.name == name) for name in ("demand", "trend"))
    totals = demand[(demand["service_type"] == ALL) & (demand["cohort"] == ALL)]
    districts, county = (totals[totals["area_kind"] == kind] for kind in ("district", "county"))
    for column in ("people", "delivered_hours"):
        assert shown(county, column) == 1.0
        assert shown(districts, column) > 0.9, column
    every = trend[(trend["cohort"] == ALL) & (trend["direction"] != "")]
    assert shown(every, "direction") > 0.9


def test_little_is_hidden_on_top_of_the_rules(found: SafeRelease) -> None:
    assert found.report.share_in_addition < 0.05


def test_without_scenarios_the_same_is_hidden(pack: Pack, found: SafeRelease) -> None:
    """Also by the greedy answer, nearly: the years ahead are worked out afterwards, from what is shown."""
    other = release(pack, limit_seconds=0)
    assert not other.report.exact
    assert other.report.share_in_addition < 0.05
    assert [one for one in attacked(pack, tables_of(other), exact=exact_totals(pack)) if one.exposed] == []
