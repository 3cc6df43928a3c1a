"""The sentence at the top of a page: its question answered in plain English, computed from the data."""

from __future__ import annotations

import pandas as pd

from lib.market.few import few_words
from lib.market.indicators import Indicator, indicator_label
from lib.market.selection import COUNTY_CODE, DISTRICT, Selection, cohorts_of, is_single_lot, service_types_of
from lib.market.unknown import hole, shown_with_unit, why_empty
from lib.market.wording import NOT_KNOWN, counted, listed, show, show_with_unit
from lib.pack.load import Pack

NAMED_AT_MOST = 3
NOT_COMPARABLE = "not comparable"
NO_AVERAGE = "the whole county's figure is no average of its areas'"


def area_noun(pack: Pack, group_by: str) -> tuple[str, str]:
    """What an area of a grouping is called, one and many: district and districts, quadrant and quadrants."""
    if group_by == DISTRICT:
        return "district", "districts"
    label = pack.label("groupings", group_by)
    # Names such as "NHS sub-area" keep their capitals; a plain word is lower case in a sentence.
    noun = label if label[:2].isupper() else label.lower()
    return noun, f"{noun}s"


def ranked(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """A profile's areas, the one that needs attention first: the worst, or the highest where neither way is better.

    Areas with no figure stand last; equal figures stand in order of name.
    """
    ascending = indicator.better == "higher"
    return frame.sort_values(
        [indicator.id, "area_name"], ascending=[ascending, True], na_position="last", kind="stable"
    ).reset_index(drop=True)


def narrowed_words(pack: Pack, selection: Selection) -> str:
    """The service types and cohorts of a selection that leaves some out, in words; "" where it takes all."""
    words = []
    if selection.service_types != service_types_of(pack, selection.service):
        words.append(listed([pack.label("service_types", code) for code in selection.service_types]))
    if selection.cohorts != cohorts_of(pack, selection.service):
        words.append(listed([pack.label("cohorts", code) for code in selection.cohorts]))
    return ", ".join(words)


def market_sentence(
    pack: Pack, selection: Selection, frame: pd.DataFrame, county: pd.Series[float], indicator: Indicator
) -> str:
    """One sentence that answers the page's question for an indicator.

    `frame` is the profile of the selection and `county` that of the whole county.
    """
    known = ranked(frame, indicator).dropna(subset=[indicator.id])
    one, many = area_noun(pack, selection.group_by)
    single_lot = is_single_lot(pack, selection)
    label = indicator_label(indicator, single_lot)
    narrowed = narrowed_words(pack, selection)
    before = f"{narrowed}: " if narrowed else ""
    lacking = unknown_areas(pack, selection, frame, indicator)
    if known.empty:
        if lacking:
            every = "in any" if len(lacking) == len(frame) else "where it applies, in any"
            return f"{before}{label} is {NOT_KNOWN} {every} {one}: {county_hole(pack, selection, indicator)}."
        return f"{before}{label} is not applicable in any {one}: {indicator.missing}."
    also = unknown_words(pack, selection, lacking, indicator, label, many)
    if indicator.id == "coverage":
        return before + coverage_sentence(known, county, one, many, single_lot, bool(lacking)) + also
    whole = shown_with_unit(pack, selection.county(), COUNTY_CODE, indicator.id, county[indicator.id])
    overall = f" {pack.manifest.area} as a whole: {whole}." if indicator.comparable else ""
    texts = [show(value, indicator.unit) for value in known[indicator.id]]
    figure = show_with_unit(known[indicator.id].iloc[0], indicator.unit)
    if len(known) == 1:
        figure = shown_with_unit(pack, selection, known["area_code"].iloc[0], indicator.id, known[indicator.id].iloc[0])
        return f"{before}{label} in {known['area_name'].iloc[0]} is {figure}.{overall}{also}"
    if texts[0] == texts[-1]:
        every = f"all {len(known)} {many} whose figure is known" if lacking else f"every {one}"
        return f"{before}{label} is the same in {every}: {figure}.{also}"
    first = [name for name, text in zip(known["area_name"], texts, strict=True) if text == texts[0]]
    last = [name for name, text in zip(known["area_name"], texts, strict=True) if text == texts[-1]]

    def told(names: list[str], text: str) -> str:
        """A figure, with what it rests on where that is little and one area's."""
        code = str(known.loc[known["area_name"] == names[0], "area_code"].iloc[0])
        few = few_words(pack, selection, code, indicator.id) if len(names) == 1 else ""
        return f"{text}, {few}" if few else text

    top, bottom = ("lowest", "highest") if indicator.better == "higher" else ("highest", "lowest")
    return (
        f"{before}{label} is {top} in {named(first, many)} ({told(first, texts[0])}) "
        f"and {bottom} in {named(last, many)} ({told(last, texts[-1])}).{overall}{also}"
    )


def named(names: list[str], many: str) -> str:
    """Names in a sentence, or their number where there are too many to name."""
    return listed(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} {many}"


def unknown_areas(pack: Pack, selection: Selection, frame: pd.DataFrame, indicator: Indicator) -> list[tuple[str, str]]:
    """The areas whose figure is empty because rows are missing: code and name, in the order of the frame."""
    empty = frame[frame[indicator.id].isna()]
    pairs = zip(empty["area_code"], empty["area_name"], strict=True)
    return [(code, name) for code, name in pairs if hole(pack, selection, code, indicator.id)]


def county_hole(pack: Pack, selection: Selection, indicator: Indicator) -> str:
    """The rows that are missing behind an indicator anywhere in the county, in words."""
    return hole(pack, selection.county(), COUNTY_CODE, indicator.id)


def unknown_words(
    pack: Pack, selection: Selection, lacking: list[tuple[str, str]], indicator: Indicator, label: str, many: str
) -> str:
    """Where an indicator is not known, and why, as a sentence that follows another; "" where it is known everywhere."""
    if not lacking:
        return ""
    where = named([name for _, name in lacking], many)
    return f" {label} is {NOT_KNOWN} for {where}: {county_hole(pack, selection, indicator)}."


def coverage_sentence(
    known: pd.DataFrame, county: pd.Series[float], one: str, many: str, single_lot: bool, some_unknown: bool = False
) -> str:
    """Where capacity is shortest, and how many areas are below 1.00, with the shortfall that net coverage hides.

    some_unknown: whether there are areas beside `known` whose coverage is not known.
    """
    short = known[known["coverage"] < 1]
    names = list(known["area_name"].head(min(NAMED_AT_MOST, max(len(short), 1))))
    net = "" if single_lot else " net"
    areas = counted(len(known), one, many)
    hours = show(county["shortfall_hours"], "hours")
    of_known = " whose figures are known" if some_unknown else ""
    if short.empty:
        lowest = show(float(known["coverage"].iloc[0]), "ratio")
        alike = lowest == show(float(known["coverage"].iloc[-1]), "ratio")
        closest = "each is" if alike else f"{names[0]} is closest to its limit"
        everywhere = f"in all {areas}{of_known}; {closest}" if len(known) > 1 else f"in {names[0]},"
        text = f"Capacity covers demand {everywhere} at {lowest}{net}"
    else:
        verb = "have" if len(names) > 1 else "has"
        below = "is" if len(short) == 1 else "are"
        count = f"{len(short)} of {areas}{of_known}"
        text = f"{listed(names)} {verb} the least spare capacity: {count} {below} below 1.00{net}"
    if pd.isna(county["shortfall_hours"]):
        return f"{text}. How many hours have no provider with room for them in all is {NOT_KNOWN}."
    if single_lot:
        return f"{text}, {hours} hours a week short in all."
    return f"{text}. Lot by lot, {hours} hours a week have no provider with room for them."


def comparison(
    pack: Pack,
    selection: Selection,
    frame: pd.DataFrame,
    county: pd.Series[float],
    area_code: str,
    compared: list[Indicator],
) -> pd.DataFrame:
    """One area's figures beside the county's, as text.

    Columns: indicator, area, county (NOT_COMPARABLE where it is no average of the areas' and not their total), place
    (its place among the areas; where its figure is not known, why).
    """
    row = frame[frame["area_code"] == area_code].iloc[0]
    rows = []
    for indicator in compared:
        values = frame[indicator.id].dropna()
        rows.append(
            {
                "indicator": indicator.id,
                "area": shown_with_unit(pack, selection, area_code, indicator.id, row[indicator.id]),
                "county": shown_with_unit(pack, selection.county(), COUNTY_CODE, indicator.id, county[indicator.id])
                if indicator.whole != "apart"
                else NOT_COMPARABLE,
                "place": place_words(values, row[indicator.id], indicator)
                or why_empty(pack, selection, area_code, indicator.id),
            }
        )
    return pd.DataFrame(rows)


def place_words(values: pd.Series[float], value: float, indicator: Indicator) -> str:
    """The place of one area's value among all: lowest of 12, joint 2nd highest of 12; "" where it has none."""
    if pd.isna(value):
        return ""
    if len(values) > 1 and values.min() == values.max():
        return f"the same in all {len(values)}"
    low = indicator.better == "higher"
    ahead = int((values < value).sum() if low else (values > value).sum())
    joint = "joint " if int((values == value).sum()) > 1 else ""
    place = f"{ordinal(ahead + 1)} " if ahead else ""
    return f"{joint}{place}{'lowest' if low else 'highest'} of {len(values)}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... 11th, 12th, 13th ... 21st."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
