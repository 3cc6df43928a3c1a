"""What is kept beside a pack: who changes what came back does not change it, and groupings add up the same rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pack_copies import DATA, copy_pack, edit_table, kept_pack

from lib.market.area_figures import area_names, lot_sums, provider_figures, residents
from lib.market.lots import lot_table
from lib.market.profile import county_profile, profile, profiles
from lib.market.rurality import residents_by_band, rural_shares
from lib.market.selection import Selection, select
from lib.market.supply import rows_of, served
from lib.pack.load import Pack, load_pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return kept_pack(DATA)


def selections(pack: Pack) -> list[Selection]:
    service = "domiciliary_care"
    return [
        select(pack, service),
        select(pack, service, ["personal_care"], ["older_people"]),
        select(pack, service, group_by="quadrant"),
        select(pack, "short_breaks").county(),
    ]


def test_both_profiles_at_once(pack: Pack) -> None:
    for selection in selections(pack):
        areas, county = profiles(pack, selection)
        pd.testing.assert_frame_equal(areas, profile(pack, selection))
        pd.testing.assert_series_equal(county, county_profile(pack, selection))


@pytest.mark.parametrize(
    "read",
    [
        lot_table,
        lot_sums,
        residents,
        provider_figures,
        lambda pack, selection: area_names(pack, selection).to_frame(),
        lambda pack, selection: rural_shares(pack, selection.group_by, 2024).to_frame(),
        lambda pack, selection: residents_by_band(pack, 2024, ["65-69", "70-74"]),
    ],
)
def test_what_came_back_may_be_changed(pack: Pack, read: Callable[[Pack, Selection], pd.DataFrame]) -> None:
    selection = select(pack, "domiciliary_care")
    before = read(pack, selection)
    first = before.copy(deep=True)
    before[before.columns[0]] = None
    before["further"] = 1
    pd.testing.assert_frame_equal(read(pack, selection), first)


def test_every_row_is_of_one_pair_and_every_grouping_adds_up_the_same(pack: Pack) -> None:
    table = pack.table("capacity")
    for selection in selections(pack):
        lots = (table["service"] == selection.service) & table["cohort"].isin(selection.cohorts)
        rows = table[lots & table["service_type"].isin(selection.service_types)]
        assert len(rows_of(pack, selection).provider) == len(rows)
        for one in (selection.by_district(), selection, selection.county()):
            found = served(pack, one)
            assert found.delivered_hours.sum() == pytest.approx(rows["delivered_hours"].sum(), rel=1e-12)
            listed = set(pack.table("providers")["provider_id"].to_numpy()[found.provider[found.listed]])
            assert listed == set(rows["provider_id"])
            assert (np.diff(found.area) >= 0).all()


def test_a_provider_of_unknown_capacity_may_serve(tmp_path: Path) -> None:
    """One that delivers nothing and whose capacity nobody knows: how many serve is not known there alone."""

    def unknown(rows: list[dict[str, str]]) -> None:
        row = rows[0]
        others = [one for one in rows[1:] if one["provider_id"] == row["provider_id"]]
        rows[:] = [row, *(one for one in rows[1:] if one not in others)]
        row.update(capacity_hours="", delivered_hours="0")

    folder = copy_pack(tmp_path / "pack", lambda one: edit_table(one, "market/capacity.csv", unknown))
    changed = load_pack(folder)
    first = changed.table("capacity").iloc[0]
    selection = select(changed, first["service"], [first["service_type"]], [first["cohort"]])
    providers = provider_figures(changed, selection)["providers"]
    assert np.isnan(providers[first["district_code"]])
    assert providers.drop(first["district_code"]).notna().all()
    assert np.isnan(provider_figures(changed, selection.county())["providers"].iloc[0])
