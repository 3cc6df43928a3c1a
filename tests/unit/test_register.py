"""The register of offices, in words and figures: by office, never by hours, and never supply."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from cqc_files import RATINGS_HEADER, apply, rating_rows, table, upload
from pack_folder import PackFolder

from lib.market.indicators import every_figure
from lib.market.profile import county_profile
from lib.market.register import NOT_SUPPLY, NOT_TOLD, register_summary, register_table
from lib.market.selection import select
from lib.pack.imports.cqc.register import read_cqc_ratings
from lib.pack.load import Pack, load_pack


def offices(pack: Pack, *rows: tuple[str, str, bool, str | None, str]) -> Pack:
    """A pack with a register of these: id, district, home care, overall rating, file."""
    columns = ["cqc_location_id", "district_code", "home_care", "overall", "read_from"]
    held = pd.DataFrame(rows, columns=columns).reindex(columns=pack.table("cqc_locations").columns)
    held["rated_on"] = pd.to_datetime(["2025-01-31"] * (len(held) - 1) + [None])
    held["location_name"] = [f"Office {row[0]}" for row in rows]
    return dataclasses.replace(pack, tables={**pack.tables, "cqc_locations": held})


@pytest.fixture
def held(pack: Pack) -> Pack:
    return offices(
        pack,
        ("1-1", "E07000071", True, "Good", "a.csv; b.csv"),
        ("1-2", "E07000071", True, "Outstanding", "a.csv"),
        ("1-3", "", True, "Inadequate", "b.csv"),
        ("1-4", "", True, "Not rated", "a.csv"),
        ("1-5", "", False, "Inadequate", "c.csv"),
        ("1-6", "", True, None, "a.csv"),
    )


def test_how_the_home_care_offices_are_rated(held: Pack) -> None:
    found = register_summary(held)
    assert found is not None
    assert (found.offices, found.home_care, found.rated) == (6, 5, 3)
    assert found.good_share == pytest.approx(2 / 3)
    assert found.ratings.to_dict("list") == {
        "rating": ["Outstanding", "Good", "Requires improvement", "Inadequate", "Not rated", NOT_TOLD],
        "offices": [1, 1, 0, 1, 1, 1],
        "share": pytest.approx([0.2, 0.2, 0.0, 0.2, 0.2, 0.2]),
    }
    assert found.latest == dt.date(2025, 1, 31)
    assert found.read_from == ("a.csv", "b.csv")
    assert found.sentence == (
        "5 home care offices are registered in Essex; of the 3 that are rated, 66.7% are Good or Outstanding."
    )
    assert "not counted as supply" in NOT_SUPPLY


def test_the_table_has_the_home_care_offices_first_with_the_packs_own_providers(held: Pack) -> None:
    providers = held.table("providers")
    providers = providers.assign(cqc_location_id=["1-2", *[None] * (len(providers) - 1)])
    found = register_table(dataclasses.replace(held, tables={**held.tables, "providers": providers}))
    assert found["cqc_location_id"].tolist() == ["1-1", "1-2", "1-3", "1-4", "1-6", "1-5"]
    assert found["provider_id"].tolist() == ["", "P001", "", "", "", ""]
    assert found["district_name"].tolist() == ["Colchester", "Colchester", "", "", "", ""]


def test_nothing_is_known_of_ratings_that_nobody_told(pack: Pack) -> None:
    found = register_summary(offices(pack, ("1-1", "", True, None, "a.csv")))
    assert found is not None and found.good_share is None and found.latest is None
    assert found.sentence == "1 home care office is registered in Essex; no rating of them is known."


def test_a_pack_without_a_register(pack: Pack) -> None:
    assert register_summary(pack) is None and register_table(pack).empty
    assert "cqc_locations" not in {one.name for one in pack.manifest.resources}


def test_a_register_changes_no_figure_of_the_market(folder: PackFolder) -> None:
    before = folder.load()
    rows = rating_rows("1-101", "Overall", "Good", "13/01/2024")
    after = apply(folder, read_cqc_ratings(before, [upload(table(RATINGS_HEADER, *rows))]))
    assert len(after.table("cqc_locations")) == 1
    for service in before.manifest.services:
        one, other = (county_profile(pack, select(pack, service)) for pack in (before, after))
        assert one.equals(other)
    assert list(every_figure(before)) == list(every_figure(after))
    assert load_pack(folder.root).key == after.key
