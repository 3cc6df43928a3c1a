"""The CQC's register of offices in the area: how many give home care, and how they are rated. It is never supply.

An office is where a provider is registered, not where it gives care, so nothing here is added up by district, and no
share is of hours: each office counts as one, however much or little it delivers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from lib.market.basis import rests_on
from lib.market.units import UNITS
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio

NOT_SUPPLY = (
    "A registered office is not where care is given: it may serve any district, several or none, and the register says "
    "nothing of its hours. Offices are not counted as supply; shares are of offices, not of hours."
)
NOT_TOLD = "Not told by the files read"


@dataclass(frozen=True, eq=False)
class RegisterSummary:
    """The home care offices of the register.

    offices: all locations, of every kind; home_care: those that give home care. ratings: rating, offices, share (of the
    home care offices), in the vocabulary's order, then those whose rating the files do not tell. rated: how many have a
    rating; good_share: of these Good or Outstanding, None where none is rated. latest: when the last of the ratings was
    published, None where no date is told. read_from: the files. sentence: the same in words.
    """

    offices: int
    home_care: int
    ratings: pd.DataFrame
    rated: int
    good_share: float | None
    latest: dt.date | None
    read_from: tuple[str, ...]
    sentence: str


@rests_on("cqc_locations", "providers")
def register_table(pack: Pack) -> pd.DataFrame:
    """The register, home care offices first and then by name: the columns of its table, and two more.

    district_name ("" where the district is not known) and provider_id (that of the pack's provider with the CQC id of
    the office, "" for none). Without a register it has no row.
    """
    rows, providers = pack.table("cqc_locations"), pack.table("providers").dropna(subset="cqc_location_id")
    ours = dict(zip(providers["cqc_location_id"], providers["provider_id"], strict=True))
    found = rows.assign(
        district_name=rows["district_code"].map(pack.district_names()).astype("object").fillna(""),
        provider_id=rows["cqc_location_id"].map(ours).astype("object").fillna(""),
    )
    order = ["home_care", "location_name", "cqc_location_id"]
    return found.sort_values(order, ascending=[False, True, True], kind="stable").reset_index(drop=True)


@rests_on("cqc_locations")
def register_summary(pack: Pack) -> RegisterSummary | None:
    """How many home care offices are registered in the area, and how they are rated; None without a register."""
    rows = pack.table("cqc_locations")
    if rows.empty:
        return None
    offices = rows[rows["home_care"].astype(bool)]
    vocabulary = pack.manifest.ratings
    counts = offices["overall"].value_counts()
    numbers = [int(counts.get(rating.name, 0)) for rating in vocabulary] + [int(offices["overall"].isna().sum())]
    ratings = pd.DataFrame({"rating": [*(rating.name for rating in vocabulary), NOT_TOLD], "offices": numbers})
    ratings["share"] = safe_ratio(ratings["offices"], float(len(offices)))
    rated = sum(number for rating, number in zip(vocabulary, numbers, strict=False) if rating.rated)
    good = sum(number for rating, number in zip(vocabulary, numbers, strict=False) if rating.good)
    latest = offices["rated_on"].max()
    files = offices["read_from"].str.split("; ").explode().dropna().unique()
    share = good / rated if rated else None
    return RegisterSummary(
        len(rows),
        len(offices),
        ratings,
        rated,
        share,
        None if pd.isna(latest) else latest.date(),
        tuple(sorted(map(str, files))),
        _sentence(pack, len(offices), rated, share),
    )


def _sentence(pack: Pack, offices: int, rated: int, share: float | None) -> str:
    """How many offices there are and how they are rated, in words."""
    many = "office is" if offices == 1 else "offices are"
    text = f"{offices:,} home care {many} registered in {pack.manifest.area}"
    if share is None:
        return f"{text}; no rating of them is known."
    good = " or ".join(rating.name for rating in reversed(pack.manifest.ratings) if rating.good)
    shown = UNITS["share"].show(share)
    return f"{text}; of the {rated:,} that {'is' if rated == 1 else 'are'} rated, {shown} are {good}."
