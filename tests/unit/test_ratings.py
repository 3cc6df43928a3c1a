"""The regulator's ratings: their words as files write them, and how old they are."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pack_folder import MANIFEST, PackFolder

from lib.market.rating_age import age_bands, age_summary, rating_ages
from lib.market.selection import select
from lib.pack.load import Pack

RATINGS = "market/ratings.csv"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Good", "Good"),
        ("good", "Good"),
        ("OUTSTANDING", "Outstanding"),
        ("not Rated", "Not rated"),
        (" Poor ", "Poor"),
    ],
)
def test_a_rating_is_read_whatever_its_capitals(tiny_folder: PackFolder, written: str, read: str) -> None:
    tiny_folder.set(RATINGS, 2, "rating", written)
    assert tiny_folder.load().table("ratings")["rating"].tolist()[:2] == [read, "Good"]


def test_two_ratings_that_differ_by_capitals_alone_stay_apart(tiny_folder: PackFolder) -> None:
    tiny_folder.change_json(MANIFEST, lambda pack: pack["ratings"].append({"name": "GOOD"}))
    tiny_folder.set(RATINGS, 2, "rating", "GOOD")
    assert tiny_folder.load().table("ratings")["rating"].tolist()[:2] == ["GOOD", "Good"]


def test_the_default_packs_ratings_are_the_regulators_own_words(folder: PackFolder) -> None:
    names = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not rated")
    first = folder.find(RATINGS, rating="Requires improvement")
    folder.set(RATINGS, first, "rating", "Requires Improvement")
    pack = folder.load()
    assert pack.manifest.vocabulary("ratings") == names
    assert set(pack.table("ratings")["rating"]) == set(names)
    folder.set(RATINGS, first, "rating", "Requires improving")
    assert folder.faults() == [
        f'{RATINGS}, row {first}, column rating: found "Requires improving", expected one of {", ".join(names)}'
    ]


def rated_on(folder: PackFolder, provider_id: str, date: str) -> None:
    folder.set(RATINGS, folder.find(RATINGS, provider_id=provider_id, domain="overall"), "rated_on", date)


def test_the_bands_stand_in_order(tiny: Pack) -> None:
    assert age_bands(tiny) == [
        "Up to 2 years",
        "Over 2 to 4 years",
        "Over 4 to 6 years",
        "Over 6 years",
        "Date not known",
        "Not rated",
    ]


@pytest.mark.parametrize(
    ("date", "band"),
    [
        # The data are of 31 March 2025: two years ago to the day is not over two years.
        ("2025-03-31", "Up to 2 years"),
        ("2023-03-31", "Up to 2 years"),
        ("2023-03-30", "Over 2 to 4 years"),
        ("2021-03-31", "Over 2 to 4 years"),
        ("2021-03-30", "Over 4 to 6 years"),
        ("2019-03-31", "Over 4 to 6 years"),
        ("2019-03-30", "Over 6 years"),
        ("", "Date not known"),
    ],
)
def test_the_band_of_a_date(tiny_folder: PackFolder, date: str, band: str) -> None:
    rated_on(tiny_folder, "P1", date)
    pack = tiny_folder.load()
    ages = rating_ages(pack, select(pack, "home")).set_index("provider_id")
    assert ages.at["P1", "band"] == band
    assert pd.isna(ages.at["P1", "rated_years"]) == (date == "")


def test_ratings_by_age_worked_out_by_hand(tiny_folder: PackFolder) -> None:
    # Hours: P1 60 + 40 = 100, rated 31 January 2023: 790 days. P2 30, without a date. P3 10 + 60 + 160 = 230, not
    # rated. P5 40 + 70 = 110, rated on the day. P6 and P7 deliver nothing.
    rated_on(tiny_folder, "P2", "")
    pack = tiny_folder.load()
    ages = rating_ages(pack, select(pack, "home"))
    assert ages["provider_id"].tolist() == ["P1", "P5", "P2", "P3"], "oldest first, no date and not rated last"
    assert ages["delivered_hours"].tolist() == [100, 110, 30, 230]
    assert ages["rating"].tolist() == ["Good", "Outstanding", "Poor", "Not rated"]
    assert ages["rated_years"].tolist() == pytest.approx([790 / 365.25, 0, float("nan"), float("nan")], nan_ok=True)
    summary = age_summary(pack, ages)
    assert summary.to_dict("list") == {
        "band": [*age_bands(pack)],
        "providers": [1, 1, 0, 0, 1, 1],
        "hours": [110, 100, 0, 0, 30, 230],
        "share": [110 / 470, 100 / 470, 0, 0, 30 / 470, 230 / 470],
    }


def test_a_date_that_is_known_everywhere_has_no_band_for_the_unknown(tiny: Pack) -> None:
    summary = age_summary(tiny, rating_ages(tiny, select(tiny, "home")))
    assert summary["band"].tolist() == [band for band in age_bands(tiny) if band != "Date not known"]
    assert summary["hours"].sum() == 470


def test_a_date_beside_not_rated_is_no_rating(tiny_folder: PackFolder) -> None:
    rated_on(tiny_folder, "P4", "2020-01-01")
    pack = tiny_folder.load()
    (row,) = rating_ages(pack, select(pack, "respite")).to_dict("records")
    assert (row["provider_id"], row["band"]) == ("P4", "Not rated")
    assert pd.isna(row["rated_on"])


def test_without_hours_there_are_no_shares(tiny: Pack) -> None:
    idle = replace(tiny, tables={**tiny.tables, "capacity": tiny.table("capacity").assign(delivered_hours=0.0)})
    ages = rating_ages(idle, select(idle, "home"))
    assert ages.empty
    summary = age_summary(idle, ages)
    assert summary["providers"].sum() == 0
    assert summary["share"].isna().all(), "a share of no hours is not a number"


def test_the_default_packs_ages_hold_all_its_hours(pack: Pack) -> None:
    ages = rating_ages(pack, select(pack, "domiciliary_care"))
    summary = age_summary(pack, ages)
    assert summary["hours"].sum() == 128_000
    assert summary["share"].sum() == pytest.approx(1)
    assert summary["providers"].sum() == len(ages) == ages["provider_id"].nunique()
    dated = ages["rated_on"].dropna()
    assert dated.is_monotonic_increasing
    over = ages[ages["rated_on"] < pd.Timestamp("2023-03-31")]
    named = summary[summary["band"].str.startswith("Over")]
    assert named["hours"].sum() == over["delivered_hours"].sum()
