"""The sentence at the top of a page: its question answered in plain English, computed from the data."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import Standing
from lib.market.clauses import (
    MOST_WORDS,
    NEARLY,
    TOGETHER,
    Clause,
    because,
    fitting,
    hours_a_week,
    named,
    not_known,
    part_of,
    said,
    said_in_order,
    unplaced,
    words,
)
from lib.market.few import few_words
from lib.market.indicators import Indicator, indicator_status
from lib.market.selection import COUNTY_CODE, DISTRICT, Selection, cohorts_of, is_single_lot, service_types_of
from lib.market.unknown import hole, shown_with_unit, why_empty
from lib.market.wording import (
    NOT_APPLICABLE,
    NOT_KNOWN,
    for_people,
    for_people_with_unit,
    is_missing,
    listed,
    rounded,
    show,
)
from lib.pack.load import Pack

NOT_COMPARABLE = "not comparable"
NO_AVERAGE = "the whole county's figure is no average of its areas'"
# As people read a figure that counts nothing: a sentence says that there is none.
NOTHING = ("0", "£0")


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
    parts = []
    if selection.service_types != service_types_of(pack, selection.service):
        parts.append(listed([pack.label("service_types", code) for code in selection.service_types]))
    if selection.cohorts != cohorts_of(pack, selection.service):
        parts.append(listed([pack.label("cohorts", code) for code in selection.cohorts]))
    return ", ".join(parts)


def market_sentence(
    pack: Pack, selection: Selection, frame: pd.DataFrame, county: pd.Series[float], indicator: Indicator
) -> str:
    """What answers the page's question for an indicator, in as few sentences as its clauses need.

    `frame` is the profile of the selection and `county` that of the whole county.
    """
    clauses = market_clauses(pack, selection, frame, county, indicator)
    narrowed = narrowed_words(pack, selection)
    if narrowed:
        first, *others = clauses
        behind = Clause(f"{narrowed}: {first.text}")
        only = Clause(fitting(f"This is {narrowed} only", "This is only what is chosen below"))
        clauses = [behind, *others] if words(behind.text) <= MOST_WORDS else [only, *clauses]
    return said_in_order(clauses)


def market_clauses(
    pack: Pack, selection: Selection, frame: pd.DataFrame, county: pd.Series[float], indicator: Indicator
) -> list[Clause]:
    """The clauses of `market_sentence`, in order, without what the selection leaves out."""
    known = ranked(frame, indicator).dropna(subset=[indicator.id])
    one, many = area_noun(pack, selection.group_by)
    single_lot = is_single_lot(pack, selection)
    label = indicator.label if single_lot or not indicator.net else f"{indicator.label} with {TOGETHER}"
    lacking = unknown_areas(pack, selection, frame, indicator)
    why = county_hole(pack, selection, indicator)
    if known.empty:
        if not lacking:
            return [Clause(f"{label} is {NOT_APPLICABLE} in any {one}"), *because([indicator.missing])]
        first, *reasons = not_known(label, why)
        where = f"in any {one}" if len(lacking) == len(frame) else f"where it applies, in any {one}"
        return [Clause(f"{first.text} {where}"), *reasons]
    # Where an area has nothing to divide by, the others are not all there are.
    of = " whose figures are known" if lacking else " with demand" if len(known) < len(frame) else ""
    also: list[Clause] = []
    if lacking:
        first, *reasons = not_known(label, why)
        also = [Clause(f"{first.text} for {named([name for _, name in lacking], many)}"), *reasons]
    standing = indicator_status(pack, indicator)
    if indicator.id == "coverage":
        nouns = (f"{one}{of}", f"{many}{of}")
        return [*coverage_clauses(known, float(county["shortfall_hours"]), nouns, single_lot, standing), *also]

    def told(area_code: str, value: float, with_unit: bool = False) -> str:
        """A figure as a sentence has it, and what it rests on where that is little; "none" where it counts nothing."""
        short = for_people(value, indicator.unit, standing)
        if short in NOTHING:
            return "none"
        whose = selection.county() if area_code == COUNTY_CODE else selection
        if is_missing(value) and hole(pack, whose, area_code, indicator.id):
            return NOT_KNOWN
        few = "" if is_missing(value) else few_words(pack, whose, area_code, indicator.id)
        text = for_people_with_unit(value, indicator.unit, standing) if with_unit else short
        return f"{text}, {few}" if few else text

    # Of one area alone the county's figure says nothing more, and one that is neither total nor average says nothing.
    told_whole = len(frame) > 1 and indicator.whole != "apart"
    whole = told(COUNTY_CODE, float(county[indicator.id]), with_unit=True)
    overall = Clause(f"{pack.manifest.area} as a whole: {whole}" if told_whole else "")
    values, codes = list(known[indicator.id]), list(known["area_code"])
    texts = [for_people(value, indicator.unit, standing) for value in values]
    figure = for_people_with_unit(values[0], indicator.unit, standing)
    if len(known) == 1:
        only = told(codes[0], values[0], with_unit=True)
        return [Clause(f"{label} in {known['area_name'].iloc[0]}: {only}"), overall, *also]
    if texts[0] == texts[-1]:
        every = f"all {len(known)} {many} that have a figure" if len(known) < len(frame) else f"every {one}"
        text = f"{label}: none in {every.replace('every', 'any')}" if texts[0] in NOTHING else ""
        return [Clause(text or f"{label} is the same in {every}: {figure}"), *also]
    top, bottom = ("lowest", "highest") if indicator.better == "higher" else ("highest", "lowest")

    def end(at: int, word: str) -> str:
        """The areas at one end, all that share its figure as people read it: highest in Ash and Elm (12)."""
        names = [name for name, text in zip(known["area_name"], texts, strict=True) if text == texts[at]]
        if texts[at] in NOTHING:
            return f"none in {named(names, many)}"
        # What a figure rests on is one area's.
        text = told(codes[at], values[at]) if len(names) == 1 else texts[at]
        return f"{word} in {named(names, many)} ({text})"

    return [Clause(f"{label}: {end(0, top)}"), Clause(end(-1, bottom), ", "), overall, *also]


def unknown_areas(pack: Pack, selection: Selection, frame: pd.DataFrame, indicator: Indicator) -> list[tuple[str, str]]:
    """The areas whose figure is empty because rows are missing: code and name, in the order of the frame."""
    empty = frame[frame[indicator.id].isna()]
    pairs = zip(empty["area_code"], empty["area_name"], strict=True)
    return [(code, name) for code, name in pairs if hole(pack, selection, code, indicator.id)]


def county_hole(pack: Pack, selection: Selection, indicator: Indicator) -> str:
    """The rows that are missing behind an indicator anywhere in the county, in words."""
    return hole(pack, selection.county(), COUNTY_CODE, indicator.id)


def coverage_clauses(
    known: pd.DataFrame,
    shortfall: float,
    nouns: tuple[str, str],
    single_lot: bool = False,
    standing: Standing | None = None,
) -> list[Clause]:
    """Which areas need more than providers offer, and the hours that have no provider with room for them.

    known: area_name and coverage of the areas whose coverage is known, the lowest first. shortfall: hours a week in the
    county, NaN where it is not known. nouns: what one area is called, and many. An area that is not short, its lots
    counted together, may have hours without a provider: these then come first, and nothing says that all is covered.
    """
    short = known[known["coverage"] < 1]
    hours = unplaced(shortfall, single_lot=single_lot, known=standing)
    together = "" if single_lot else f", {TOGETHER}"
    if len(short):
        return [*short_clauses(known, list(short["area_name"]), nouns, together), *hours]
    one, many = nouns
    lowest = show(float(known["coverage"].iloc[0]), "ratio")
    names = [name for name, value in zip(known["area_name"], known["coverage"], strict=True) if shows(value, lowest)]
    if len(known) == 1:
        closest = Clause(f"at {lowest}{together}", ", ", f"It stands at {lowest}{together}")
    elif len(names) == len(known):
        closest = Clause(f"each is at {lowest}{together}", "; ")
    else:
        are = "is" if len(names) == 1 else "are"
        closest = Clause(f"{named(names, many)} {are} closest to the limit, at {lowest}{together}", "; ")
    if is_missing(shortfall) or shortfall > NEARLY:
        no_one = names[0] if len(known) == 1 else f"no {one}"
        is_not = "is not" if len(known) == 1 else "is"
        enough = Clause(f"{no_one} {is_not} short{'' if single_lot else ' when its lots are counted together'}")
        closest = Clause(closest.text.removesuffix(together), closest.joint, closest.alone.removesuffix(together))
        return [enough, closest, *hours] if is_missing(shortfall) else [*hours, enough, closest]
    where = names[0] if len(known) == 1 else part_of(len(known), len(known), one, many)
    return [Clause(f"providers offer at least the hours needed in {where}"), closest]


def short_clauses(known: pd.DataFrame, names: list[str], nouns: tuple[str, str], together: str) -> list[Clause]:
    """The areas that need more than providers offer, by name, or their number and the one that is furthest short.

    names: theirs, the lowest coverage first.
    """
    one, many = nouns
    need = "needs" if len(names) == 1 else "need"
    part = part_of(len(names), len(known), one, many)
    who = named(names, many)
    text = f"{need} more care than providers offer{together}"
    if who == listed(names):
        return [Clause(f"{who} {text}"), *([Clause(part, ": ", f"That is {part}")] if len(known) > 1 else [])]
    lowest = show(float(known["coverage"].iloc[0]), "ratio")
    furthest = [name for name, value in zip(known["area_name"], known["coverage"], strict=True) if shows(value, lowest)]
    are = "is" if len(furthest) == 1 else "are"
    last = f"{named(furthest, many)} {are} furthest short, at {lowest}"
    alike = f"each is at {lowest}"
    return [Clause(f"{part} {text}"), Clause(alike if len(furthest) == len(names) else last, "; ")]


def shows(coverage: float, text: str) -> bool:
    """Whether people read a coverage as this text."""
    return show(coverage, "ratio") == text


def waiting_words(
    frame: pd.DataFrame, county: pd.Series[float], nouns: tuple[str, str], known: Standing | None = None
) -> str:
    """That people wait where providers offer enough too, with how many hours; "" where none do, or nobody knows.

    frame, county: the profile of the areas and of the county, with coverage and waiting_hours.
    """
    one, many = nouns
    enough = frame[frame["coverage"] >= 1]
    waiting, there = float(county["waiting_hours"]), float(enough["waiting_hours"].sum())
    if is_missing(waiting) or rounded(there, 0) < 1:
        return ""
    these = said(there, "hours", known)
    where = f"in the {len(enough)} {one if len(enough) == 1 else many} at 1.00 or above"
    return said_in_order(
        [
            Clause("people wait above 1.00 too"),
            Clause(f"{hours_a_week(waiting, known)} wait in all", ": "),
            Clause(f"{these} of them {where}", ", ", f"Of them {these} wait {where}"),
        ]
    )


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
