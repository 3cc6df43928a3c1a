"""Which providers of a pack the locations of a CQC file are, and what that makes of their ratings."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lib.pack.imports.cqc.locations import DATES, ID, tells_questions
from lib.pack.imports.cqc.words import DOMAINS, OVERALL
from lib.pack.load import Pack

NOT_MATCHED = "Not matched to a provider of the pack"


@dataclass(frozen=True, eq=False)
class Matched:
    """The ratings table with the rows of the matched providers taken from the file.

    ratings: the whole table; None where nothing of it changes. providers: those that the file tells of. from_file:
    those whose ratings are all of the file. rest: the home care offices of the file that are no provider of the pack.
    """

    ratings: pd.DataFrame | None
    providers: tuple[str, ...]
    from_file: tuple[str, ...]
    rest: pd.DataFrame


def location_ids(providers: pd.DataFrame, known: pd.Series) -> pd.Series:
    """The CQC's id of each provider: its own column, else the name of the provider where that is an id of the file."""
    ids = providers["cqc_location_id"].astype(object)
    return ids.where(ids.notna(), providers["provider_id"].where(providers["provider_id"].isin(list(known))))


def matched(pack: Pack, frame: pd.DataFrame) -> Matched:
    """Match the locations of a file (as lib.pack.imports.cqc.locations.Locations has them) to the pack's providers."""
    providers = pack.table("providers")
    ids = location_ids(providers, frame[ID])
    pairs = pd.DataFrame({"provider_id": providers["provider_id"], ID: ids}).merge(frame, on=ID, how="inner")
    rest = frame[frame["home_care"] & ~frame[ID].isin(ids.dropna())]
    table = pack.table("ratings")
    told = pairs[pairs[list(DOMAINS)].notna().any(axis=1)]
    # A file that rates only the whole adds nothing to ratings that say the same, and would lose the key questions.
    now = table[table["domain"] == OVERALL].set_index("provider_id")["rating"]
    same = ~tells_questions(told) & (told["provider_id"].map(now) == told[OVERALL])
    told = told[~same]
    rows = rating_rows(told, list(pack.manifest.domains))
    kept = table[~table["provider_id"].isin(told["provider_id"])]
    ratings = pd.concat([kept, rows], ignore_index=True)[list(table.columns)] if len(rows) else None
    return Matched(ratings, tuple(pairs["provider_id"]), tuple(told["provider_id"]), unmatched(rest, providers))


def rating_rows(told: pd.DataFrame, domains: list[str]) -> pd.DataFrame:
    """The rows of ratings.csv for providers with the ratings of their location: nothing for a domain not told."""
    parts = [
        pd.DataFrame(
            {
                "provider_id": told["provider_id"],
                "domain": domain,
                "rating": told[domain],
                "rated_on": told[DATES[domain]],
            }
        )
        for domain in DOMAINS
        if domain in domains
    ]
    rows = pd.concat(parts, ignore_index=True).dropna(subset="rating")
    return rows.sort_values("provider_id", kind="stable").reset_index(drop=True)


def unmatched(rest: pd.DataFrame, providers: pd.DataFrame) -> pd.DataFrame:
    """The home care offices that are no provider of the pack, each with the provider of the same name, if there is one.

    Columns: cqc_location_id, location_name, provider_name, postcode, overall, same_name (a provider_id: an id to enter
    in its cqc_location_id once somebody has made sure).
    """
    names = dict(zip(providers["provider_name"].map(_close), providers["provider_id"], strict=True))
    found = rest[[ID, "location_name", "provider_name", "postcode", OVERALL]].copy()
    same = [
        next((names[_close(name)] for name in pair if isinstance(name, str) and _close(name) in names), None)
        for pair in zip(rest["location_name"], rest["provider_name"], strict=True)
    ]
    found["same_name"] = pd.Series(same, found.index, dtype=object)
    return found.sort_values("location_name", kind="stable").reset_index(drop=True)


def _close(name: str) -> str:
    """A name of a firm for comparison: its letters and digits, Limited as Ltd."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
    return " ".join("ltd" if word == "limited" else word for word in words)


def providers_of(pack: Pack, frame: pd.DataFrame) -> pd.DataFrame:
    """A providers table made of home care offices, for a pack that has none: named by CQC id, without capacity."""
    columns = list(pack.table("providers").columns)
    made = pd.DataFrame(
        {
            "provider_id": frame[ID],
            "provider_name": frame["location_name"].where(frame["location_name"].notna(), frame[ID]),
            "office_postcode": frame["postcode"],
            "regulated": True,
            "also_childrens": frame["children"].map(lambda told: told is True or told == True),  # noqa: E712
            "cqc_location_id": frame[ID],
        }
    )
    return made.reindex(columns=columns).reset_index(drop=True)
