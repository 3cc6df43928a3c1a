"""A second opinion on every figure of the profile: a column that only one of the two knows fails."""

from __future__ import annotations

import math

import pytest
from second_opinion import Files, second_opinion

from lib.market.profile import profile
from lib.market.selection import select
from lib.pack.load import Pack

pytestmark = pytest.mark.slow


def compare(pack: Pack, service: str, types: list[str], cohorts: list[str]) -> int:
    """Compare every figure of every grouping, and return how many figures there were."""
    files = Files(pack.root)
    compared = 0
    for group_by in ("district", "county", *files.manifest["groupings"]):
        frame = profile(pack, select(pack, service, types, cohorts, group_by))
        first = {record.pop("area_code"): record for record in frame.to_dict("records")}
        second = second_opinion(files, service, types, cohorts, group_by)
        assert set(first) == set(second)
        for area, figures in second.items():
            assert first[area].pop("area_name")
            assert set(first[area]) == set(figures), "a new column needs a second opinion"
            for name, expected in figures.items():
                place = f"{service} {types} {cohorts} {group_by} {area} {name}"
                found = first[area][name]
                same = math.isnan(found) if expected is None else math.isclose(found, expected, rel_tol=1e-9)
                assert same, f"{place}: {found} and {expected}"
                compared += 1
    return compared


@pytest.mark.parametrize(
    ("types", "cohorts"),
    [
        ([], []),
        (["night_awake"], []),
        (["personal_care"], ["older_people"]),
        ([], ["working_age_adults"]),
        (["live_in_24h", "night_awake", "night_sleeping"], []),
        (["night_sleeping"], ["older_people"]),
        (["carer_support"], []),
    ],
)
def test_domiciliary_care(pack: Pack, types: list[str], cohorts: list[str]) -> None:
    # 12 districts, the county, 4 quadrants and 5 NHS sub-areas.
    assert compare(pack, "domiciliary_care", types, cohorts) == 22 * 36


def test_short_breaks(pack: Pack) -> None:
    assert compare(pack, "short_breaks", [], []) == 22 * 36


@pytest.mark.parametrize(
    ("service", "types", "cohorts"),
    [("home", [], []), ("home", ["day"], ["older"]), ("home", ["night"], []), ("respite", [], [])],
)
def test_another_pack(tiny: Pack, service: str, types: list[str], cohorts: list[str]) -> None:
    # 3 districts, the county, a side and the district that is in none, and 2 patches; 4 key questions fewer.
    assert compare(tiny, service, types, cohorts) == 8 * 32
