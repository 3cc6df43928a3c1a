"""What kind of place a district is, and where care is hard to source: by stated rules, never by name."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.few import few_words
from lib.market.profile import county_profile, profile
from lib.market.rurality import county_rural_share, rural_shares
from lib.market.selection import COUNTY_CODE, Selection
from lib.market.unknown import hole, shown
from lib.market.wording import NOT_KNOWN, counted, listed, show
from lib.pack.load import Pack

RURAL_RULE = (
    "A district is rural where a larger share of its residents aged 65 and over lives in rural neighbourhoods than in "
    "the county as a whole."
)
POCKET_RULE = f"{RURAL_RULE} It is a pocket where it also buys a larger share of its hours off the framework."


@rests_on(rural_shares)
def places(pack: Pack, service: str) -> pd.DataFrame:
    """Every district: district_code, district_name, rural_share_65 (0 to 1), rural (by RURAL_RULE), borders_london.

    rural and borders_london are False where they are not known: see `unknown_places`.
    """
    districts = pack.table("districts")
    limit = county_rural_share(pack, pack.service(service).base_year)
    found = districts[["district_code", "district_name", "rural_share_65", "borders_london"]]
    beside = found["borders_london"].fillna(False).astype("bool")
    return found.assign(borders_london=beside, rural=found["rural_share_65"] > limit)


def unknown_places(pack: Pack, service: str, kind: str) -> pd.Series[bool]:
    """Of which districts, in their file's order, it is not known whether they are rural, or borders_london (kind)."""
    column = "rural_share_65" if kind == "rural" else kind
    empty = pack.table("districts")[column].isna()
    limit = county_rural_share(pack, pack.service(service).base_year) if kind == "rural" else 0.0
    return empty | bool(pd.isna(limit))


@rests_on(places, "capacity", "requests", "demand")
def pockets(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Spot purchase beside rurality, one row a district.

    Columns: area_code, area_name, rural_share_65, rural, spot_share, waiting_hours, waiting_share,
    median_days_to_source, demand_hours, coverage, pocket (by POCKET_RULE: rural, and a spot share above the county's).
    """
    selection = selection.by_district()
    figures = ["spot_share", "waiting_hours", "waiting_share", "median_days_to_source", "demand_hours", "coverage"]
    rows = profile(pack, selection)[["area_code", "area_name", *figures]]
    known = places(pack, selection.service).set_index("district_code")[["rural_share_65", "rural"]]
    rows = rows.join(known, on="area_code")
    rows["pocket"] = rows["rural"] & (rows["spot_share"] > float(county_profile(pack, selection)["spot_share"]))
    columns = ["area_code", "area_name", "rural_share_65", "rural", *figures, "pocket"]
    return rows[columns]


def pockets_sentence(pack: Pack, selection: Selection, rows: pd.DataFrame) -> str:
    """The pockets in one sentence, with what waits there and how long sourcing takes. rows: as `pockets` gives them."""
    county = county_profile(pack, selection)
    found = rows[rows["pocket"]].sort_values("spot_share", ascending=False, kind="stable")
    if missing := hole(pack, selection.county(), COUNTY_CODE, "spot_share"):
        return f"Where spot purchase is largest is {NOT_KNOWN}: {missing}."
    if missing := hole(pack, selection.county(), COUNTY_CODE, "rural_share"):
        return f"Which districts are rural is {NOT_KNOWN}: {missing}."
    if pd.isna(county["spot_share"]):
        return "No hours are delivered, so there is no spot share to compare."
    if rows["spot_share"].min() >= 1:
        found = rows[rows["rural"]]
        return f"Every hour is bought off a framework; {rural_words(pack, selection, found, rows, county)}."
    if found.empty:
        return (
            f"No rural district buys more off the framework than {pack.manifest.area} as a whole "
            f"({show(county['spot_share'], 'share')})."
        )
    shares = [show(value, "share") for value in found["spot_share"]]
    few = [few_words(pack, selection.by_district(), code, "spot_share") for code in found["area_code"]]
    named = [
        f"{name} ({', '.join(filter(None, pair))})" for name, *pair in zip(found["area_name"], shares, few, strict=True)
    ]
    verb = "is a rural pocket" if len(found) == 1 else "are rural pockets"
    text = (
        f"{listed(named)} {verb} of spot purchase, against {show(county['spot_share'], 'share')} in "
        f"{pack.manifest.area} as a whole"
    )
    return "; ".join(part for part in (text, burden(pack, selection, found, rows, county)) if part) + "."


def rural_words(
    pack: Pack, selection: Selection, found: pd.DataFrame, rows: pd.DataFrame, county: pd.Series[float]
) -> str:
    """What waits in the rural districts `found`, where spot purchase tells districts nothing apart."""
    if found.empty:
        return "no district is more rural than the county as a whole"
    told = burden(pack, selection, found, rows, county)
    text = f"{len(found)} of {counted(len(rows), 'district')} {'is' if len(found) == 1 else 'are'} rural"
    return f"{text}: {told}" if told else text


def burden(pack: Pack, selection: Selection, found: pd.DataFrame, rows: pd.DataFrame, county: pd.Series[float]) -> str:
    """The share of demand and of the waiting hours of some districts, and how long sourcing takes there."""
    they, parts = "it" if len(found) == 1 else "they", []
    every = float((rows["waiting_hours"] + 0 * rows["demand_hours"]).sum(skipna=False))
    if every > 0:
        demand = float(found["demand_hours"].sum()) / float(rows["demand_hours"].sum())
        share = float(found["waiting_hours"].sum()) / every
        parts.append(
            f"with {show(demand, 'share')} of demand {they} {'has' if they == 'it' else 'have'} "
            f"{show(share, 'share')} of the hours that wait"
        )
    days, usual = found["median_days_to_source"].dropna(), county["median_days_to_source"]
    if len(days) and not pd.isna(usual):
        shortest, longest = show(float(days.min()), "days"), show(float(days.max()), "days")
        taken = f"{shortest} to {longest}" if shortest != longest else shortest
        ofs = [few_words(pack, selection.by_district(), code, "median_days_to_source") for code in found["area_code"]]
        pairs = zip(found["area_name"], ofs, strict=True)
        few = [words if they == "it" else f"{name} {words}" for name, words in pairs if words]
        against = shown(pack, selection.county(), COUNTY_CODE, "median_days_to_source", usual)
        parts.append(f"sourcing takes {taken} days (median{', ' if few else ''}{', '.join(few)}) against {against}")
    return ", and ".join(parts)
