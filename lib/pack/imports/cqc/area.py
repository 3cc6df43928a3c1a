"""Which locations of a file lie in the pack's area, and in which of its districts."""

from __future__ import annotations

import pandas as pd

from lib.pack.faults import Fault, PackError
from lib.pack.load import Pack
from lib.pack.postcodes import postcode_lookup

AUTHORITIES_NAMED = 5
# What a council's name has beside that of its place, as in "City of X", "X County Council".
_KINDS = frozenset(
    ("council", "county", "city", "borough", "district", "metropolitan", "unitary", "royal", "london", "authority")
) | {"of", "the"}


def place_words(name: str) -> frozenset[str]:
    """The words of a place's name without those that only say which kind of council it has."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold().replace("&", " and ")).split()
    return frozenset(words) - _KINDS or frozenset(words)


def within(pack: Pack, frame: pd.DataFrame, file: str) -> pd.DataFrame:
    """The locations of the pack's area, with their district_code (None where it is not known).

    A postcode that the pack's own postcodes know decides; else the local authority that the file names: the pack's
    council or area, or one of its districts. PackError, which names the authorities found, where none is of the area.
    """
    names = {place_words(name): code for code, name in pack.district_names().items()}
    whole = {place_words(pack.manifest.area), place_words(pack.manifest.council)}
    districts: dict[str, str | None] = {}
    of_area: set[str] = set()
    for text in frame["authority"].dropna().unique():
        words = place_words(text)
        if words in names:
            districts[text] = names[words]
        if words in names or words in whole:
            of_area.add(text)
    found = frame["authority"].map(districts).astype(object)
    inside = frame["authority"].isin(of_area)
    lookup = postcode_lookup(pack)
    if lookup is not None:
        different = list(frame["postcode"].dropna().unique())
        told = dict(zip(different, lookup.districts(different), strict=True))
        known = frame["postcode"].map(told).astype(object)
        ours = known.isin(list(pack.district_names()))
        inside = ours | (known.isna() & inside)
        found = known.where(ours, found)
    if not inside.any():
        raise PackError([_elsewhere(pack, frame, file)])
    kept = frame[inside]
    return kept.assign(district_code=found[inside].where(found[inside].notna(), None))


def _elsewhere(pack: Pack, frame: pd.DataFrame, file: str) -> Fault:
    """What to say of a file that has nothing in the area."""
    counted = frame["authority"].dropna().value_counts()
    named = [f"{name} ({number:,})" for name, number in counted.head(AUTHORITIES_NAMED).items()]
    more = len(counted) - len(named)
    where = ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
    found = f"{len(frame):,} location{'s' if len(frame) != 1 else ''}"
    found += f", all of {where}" if where else ", without a local authority or a postcode that the pack knows"
    return Fault(file, None, "", found, f"locations in {pack.manifest.area}, the area of the pack")
