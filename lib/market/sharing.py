"""What may leave the commissioners' view: the county's figures after disclosure control, and marks for what may not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import truediv
from typing import Any

import pandas as pd

from lib.market.disclosure import SUPPRESSED, Measure, Ratio, is_small, primary
from lib.market.indicator import Indicator, in_words, leaves, work_out
from lib.market.indicators import every_figure, indicator_label, indicators
from lib.market.lots import chosen, off_framework
from lib.market.profile import county_profile
from lib.market.selection import Selection
from lib.market.status import county_known
from lib.market.units import UNITS
from lib.market.wording import listed
from lib.pack.load import Pack

Row = Mapping[str, float]
INTERNAL = "Internal, do not share: it tells of single providers, of small areas or of few people."
FROM_ROUNDED = "worked out from the rounded figures of this file, and may differ a little from the screen"
SMALL = "small number, do not share"
LONGEST_NAME = 120  # letters; a system may take no more than 255 bytes


@lru_cache(maxsize=4)
def shared_measures(pack: Pack) -> Mapping[str, Measure | Ratio]:
    """How each of the county's figures is protected, by id: counts, hours, pounds, then what is worked out from them.

    What cannot be worked out again from rounded figures, such as a median or a concentration, is left out.
    """
    known = every_figure(pack)
    sums = {code: one.protection for code, one in indicators(pack).items() if one.protection}
    measures: dict[str, Measure | Ratio] = {
        code: sums[code] for kind in ("counts", "hours", "pounds") for code in sums if sums[code].kind == kind
    }
    for code, one in indicators(pack).items():
        stands_for = {leaf: known[leaf].shared_as or leaf for leaf in leaves(known, code)}
        if one.parts and set(stands_for.values()) <= set(sums):
            measures[code] = Ratio(tuple(dict.fromkeys(stands_for.values())), again(known, code, stands_for))
    return measures


def again(known: Mapping[str, Indicator], code: str, stands_for: Mapping[str, str]) -> Callable[[Row], float]:
    """How a figure is worked out again from the rounded figures of a row, each leaf from the one that stands for it."""
    return lambda row: work_out(known, code, {leaf: row[one] for leaf, one in stands_for.items()}, truediv)


def contributors(pack: Pack, selection: Selection) -> dict[str, float]:
    """Who stands behind the county's hours: the providers and the largest one's share, of each part by itself.

    Of delivered hours, of capacity and of hours off the framework: {part}_providers, those with more than 0 hours, and
    {part}_largest, 0 to 1, empty without hours.
    """
    rows = chosen(pack.table("capacity"), selection)
    spot = rows[rows["route"].isin(off_framework(pack))]
    found = {}
    for part, hours in (
        ("delivered", rows.groupby("provider_id")["delivered_hours"].sum()),
        ("capacity", rows.groupby("provider_id")["capacity_hours"].sum(skipna=False)),
        ("spot", spot.groupby("provider_id")["delivered_hours"].sum()),
    ):
        total = float(hours.sum(skipna=False))
        found[f"{part}_providers"] = float((hours > 0).sum())
        found[f"{part}_largest"] = float(hours.max(skipna=False)) / total if total > 0 else math.nan
    return found


def county_for_sharing(pack: Pack, selection: Selection) -> pd.DataFrame:
    """The whole county's figures, safe to share: the primary rule of lib.market.disclosure, one row a measure.

    Columns: measure, value (a number, or "c" where it is suppressed; empty where there is nothing to divide by), unit,
    status, note (FROM_ROUNDED beside a figure that is). A total that is published already stays as it was published.
    """
    county = county_profile(pack, selection)
    known = indicators(pack)
    measures = shared_measures(pack)
    behind = [one for one, measure in measures.items() if isinstance(measure, Measure)]
    row = county[behind].to_dict() | contributors(pack, selection)
    # How many people the hours off the framework are for is not known: at most all, and none where there are no hours.
    row["spot_people"] = row["people"] if row["spot_hours"] > 0 else 0
    frame = pd.DataFrame([row], index=["county"]).astype("float64")
    status = {one: str(county_known(pack, selection.county(), one).status) for one in measures}
    exact = [("county", one) for one in behind if status[one] == "published"]
    safe = primary(frame, measures, pack.manifest.disclosure, exact).loc["county"]

    def note(one: str) -> str:
        measure = measures[one]
        again = isinstance(measure, Ratio) and any(("county", part) not in exact for part in measure.inputs)
        return FROM_ROUNDED if again and safe[one] != SUPPRESSED and not pd.isna(safe[one]) else ""

    return pd.DataFrame(
        [
            {
                "measure": indicator_label(known[one], single_lot=False),
                "value": safe[one],
                "unit": UNITS[known[one].unit].file_words,
                "status": status[one],
                "note": note(one),
            }
            for one in measures
        ]
    )


def sharing_note(pack: Pack) -> str:
    """What stands under a file that may be shared."""
    settings = pack.manifest.disclosure
    return (
        f'Safe to share, county figures only. "c": suppressed, as it tells of 1 to {settings.threshold}, of fewer than '
        f"{settings.fewest_providers} providers, or mostly of one. Counts are rounded to {settings.round_counts}, "
        f"hours to {settings.round_hours}, pounds to {settings.round_pounds:,}; totals already published are exact. "
        "A figure worked out from these rounded figures says so in its row, and may differ a little from the screen."
    )


def counts(pack: Pack) -> Mapping[str, str]:
    """The counts of a profile that may be too small to show, in words, by id."""
    known = indicators(pack).items()
    return {code: in_words(one.label) for code, one in known if one.protection and one.protection.kind == "counts"}


def small_counts(pack: Pack, row: Mapping[Any, Any]) -> str:
    """The counts of a profile's row that are too small to share, in words; "" where there are none."""
    settings = pack.manifest.disclosure
    small = [word for code, word in counts(pack).items() if code in row and is_small(float(row[code]), settings)]
    return f"{SMALL}: {listed(small)}" if small else ""


def small_in_county(pack: Pack, selection: Selection, county: Mapping[Any, Any]) -> str:
    """As `small_counts`, of the county's own row: a total that is published already is no secret."""
    secret = [code for code in counts(pack) if str(county_known(pack, selection.county(), code).status) != "published"]
    return small_counts(pack, {code: county[code] for code in secret})


def safe_name(name: str) -> str:
    """The name of a file in which codes of data may stand, for every system: a/b: c.csv is a_b_c.csv."""
    stem, dot, kind = name.rpartition(".")
    safe = re.sub(r"[^\w.-]+", "_", stem).strip("._-")[:LONGEST_NAME]
    return f"{safe or 'file'}{dot}{kind}"


def internal_name(name: str) -> str:
    """The name of a file that must not be shared: a.csv is a_internal_do_not_share.csv."""
    stem, dot, kind = name.rpartition(".")
    return f"{stem}_internal_do_not_share{dot}{kind}"


def internal_csv(text: str) -> str:
    """A CSV file headed as one that must not be shared."""
    return f"# {INTERNAL}\n{text}"
