"""The whole county's figure beside those of its areas: held against them only where it is their average."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from pack_copies import DATA, kept_pack

from lib.market.indicator import Indicator, complete
from lib.market.indicators import indicators
from lib.market.profile import county_profile, profile
from lib.market.selection import select
from lib.market.sentence import comparison, market_sentence
from lib.pack.load import Pack

# Written out: what each indicator's figure of the county is to those of its districts.
WHOLE = {
    "people": "total",
    "delivered_hours": "total",
    "waiting_hours": "total",
    "demand_hours": "total",
    "capacity_hours": "total",
    "headroom_hours": "total",
    "coverage": "average",
    "shortfall_hours": "total",
    "gap_hours": "total",
    "shortfall_share": "average",
    "residents": "total",
    "demand_hours_per_1000": "average",
    "people_per_1000": "average",
    "hours_per_person": "average",
    "waiting_share": "average",
    "open_requests": "total",
    "median_days_to_source": "average",
    "providers": "apart",
    "people_per_provider": "apart",
    "spot_hours": "total",
    "spot_share": "average",
    "annual_cost": "total",
    "hourly_cost": "average",
    "cost_per_person": "average",
    "rural_share": "average",
    "largest_provider_share": "apart",
    "hhi": "apart",
    "good_or_better_share": "average",
    "not_rated_share": "average",
    "gate_fail_hours": "total",
    "gate_fail_share": "average",
    "good_or_better_safe": "average",
    "good_or_better_effective": "average",
    "good_or_better_caring": "average",
    "good_or_better_responsive": "average",
    "good_or_better_well_led": "average",
}
SELECTIONS = [
    (service, grouping)
    for service in ("domiciliary_care", "short_breaks")
    for grouping in ("district", "quadrant", "nhs_sub_area")
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return kept_pack(DATA)


def test_every_indicator_says_what_its_county_figure_is(pack: Pack) -> None:
    assert {code: one.whole for code, one in indicators(pack).items()} == WHOLE


@pytest.mark.parametrize(("service", "grouping"), SELECTIONS)
def test_the_figures_bear_it_out(pack: Pack, service: str, grouping: str) -> None:
    selection = select(pack, service, group_by=grouping)
    areas, county = profile(pack, selection), county_profile(pack, selection)
    for code, whole in WHOLE.items():
        figures, figure = areas[code], float(county[code])
        if pd.isna(figure):
            continue
        if whole == "total":
            assert figure == pytest.approx(figures.sum()), code
        elif whole == "average":
            assert figures.min() - 1e-9 <= figure <= figures.max() + 1e-9, code
        else:
            # What stands apart lies beyond all of them: as a line it would call every area unlike the county.
            assert not figures.min() <= figure <= figures.max(), code


@pytest.mark.parametrize("code", list(WHOLE))
@pytest.mark.parametrize(("service", "grouping"), SELECTIONS[:2])
def test_a_sentence_names_the_county_only_where_it_is_the_average_or_the_total_of_its_areas(
    pack: Pack, service: str, grouping: str, code: str
) -> None:
    selection = select(pack, service, group_by=grouping)
    areas, county = profile(pack, selection), county_profile(pack, selection)
    said = market_sentence(pack, selection, areas, county, indicators(pack)[code])
    if WHOLE[code] == "apart":
        assert "as a whole" not in said


@pytest.mark.parametrize(
    ("code", "county_cell"),
    [
        ("hhi", "not comparable"),
        ("people_per_provider", "not comparable"),
        ("providers", "not comparable"),
        ("largest_provider_share", "not comparable"),
        ("coverage", "1.04"),
        ("open_requests", "131"),
    ],
)
def test_an_area_is_compared_with_the_county_only_where_that_says_something(
    pack: Pack, code: str, county_cell: str
) -> None:
    selection = select(pack, "domiciliary_care")
    areas, county = profile(pack, selection), county_profile(pack, selection)
    area = str(areas["area_code"].iloc[0])
    (row,) = comparison(pack, selection, areas, county, area, [indicators(pack)[code]]).to_dict("records")
    assert row["county"] == county_cell


def test_a_new_ratio_follows_its_parts() -> None:
    def nothing(*_: object) -> pd.DataFrame:
        return pd.DataFrame()

    found = complete(
        [
            Indicator("posts", "Posts", "count", source=nothing, inputs=("capacity",)),
            Indicator("leavers", "Leavers", "count", source=nothing, inputs=("capacity",)),
            Indicator("offices", "Offices", "count", source=nothing, inputs=("capacity",), whole="apart"),
            Indicator("share", "Share", "share", source=nothing, inputs=("capacity",), of="posts"),
            Indicator("turnover", "Turnover", "ratio", numerator="leavers", denominator="posts"),
            Indicator("sites", "Sites", "ratio", numerator="posts", denominator="offices", factor=Fraction(1)),
            Indicator("both", "Both", "count", plus=("posts", "leavers")),
            Indicator("either", "Either", "count", plus=("posts", "offices")),
        ]
    )
    assert {code: one.whole for code, one in found.items()} == {
        "posts": "total",
        "leavers": "total",
        "offices": "apart",
        "share": "average",
        "turnover": "average",
        "sites": "apart",
        "both": "total",
        "either": "apart",
    }
