"""The first screen of a publication's summary: what is needed, what waits, what grows, what is wanted, whom to ask.

Everything is of published figures alone. Where a figure is suppressed in some districts, those are said to be not
shown: "most" is then the most of the districts that are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from lib.market.disclosure import SUPPRESSED
from lib.market.selection import COUNTY, DISTRICT
from lib.market.wording import counted, listed
from lib.publish.cells import ALL
from lib.publish.parts import heading, listing, paragraph, shown
from lib.publish.publication import NOT_GIVEN, Publication
from lib.publish.service_pages import directions, is_number, pick, rows_of
from lib.publish.wanted import BANDS

MOST = 3  # districts that are named
RISING, FALLING, STEADY = "rising", "falling", "steady"
# Everybody who opens the page meets a c before they meet the rules.
WITHHELD_WORDS = (
    "c in a table stands for a figure that is withheld: the number is small, or would tell of a small one or of one "
    "provider. It is not 0."
)


def glance(publication: Publication) -> str:
    """The services side by side, whom to ask, and what a c is."""
    cards = []
    for code, service in publication.about.services.items():
        body = paragraph(sentence_of(publication, code), "sentence") + answers(publication, code)
        if body:
            cards.append(f'<div class="card">\n{heading(2, f"{service.label}, {service.period}")}{body}</div>\n')
    contact = next((line for line in publication.about.contact.split("\n") if line.strip()), NOT_GIVEN)
    inner = f'<div class="cards">\n{"".join(cards)}</div>\n' if cards else ""
    return inner + paragraph(f"Whom to ask: {contact.strip()}", "ask") + paragraph(WITHHELD_WORDS, "note")


def answers(publication: Publication, service: str) -> str:
    """The questions that a reader comes with, answered where a figure is shown."""
    pairs = [
        ("Most care is needed in", need_words(publication, service)),
        ("Most is waiting in", waiting_words(publication, service)),
        ("The hours of care", growth_words(publication, service)),
        ("More capacity is wanted in", wanted_words(publication, service)),
    ]
    kept = [pair for pair in pairs if pair[1]]
    return listing(kept) if kept else ""


def county_row(publication: Publication, service: str) -> dict[str, Any]:
    """The whole county's demand; {} where the edition has none."""
    rows = rows_of(publication, "demand", service)
    if rows.empty:
        return {}
    found = pick(rows, area_kind=COUNTY, service_type=ALL, cohort=ALL).to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else {}


def sentence_of(publication: Publication, service: str) -> str:
    """The service in a sentence or two, of published figures alone; "" where none is shown."""
    row, words = county_row(publication, service), publication.about.services[service]
    told = {name: shown(value) for name, value in row.items() if is_number(value)}
    parts = []
    if "people" in told:
        hours = f" with {told['delivered_hours']} hours of care a week" if "delivered_hours" in told else ""
        parts.append(f"{told['people']} {words.people} are supported{hours}")
    elif "delivered_hours" in told:
        parts.append(f"{told['delivered_hours']} hours of care a week are delivered")
    if "open_requests" in told:
        hours = f" for {told['waiting_hours']} hours a week more" if "waiting_hours" in told else ""
        parts.append(f"{told['open_requests']} requests{hours} are open")
    elif "waiting_hours" in told:
        parts.append(f"{told['waiting_hours']} hours a week more are waiting")
    return f"{'. '.join(parts)}." if parts else ""


def districts_of(publication: Publication, service: str) -> pd.DataFrame:
    """Each district's demand, of every service type and cohort; no rows where the edition has none."""
    rows = rows_of(publication, "demand", service)
    return rows if rows.empty else pick(rows, area_kind=DISTRICT, service_type=ALL, cohort=ALL)


def need_words(publication: Publication, service: str) -> str:
    """Where most is needed."""
    rows = districts_of(publication, service)
    measure, known = most_telling(rows)
    units = {"demand_hours": "hours a week", "people": publication.about.services[service].people}
    return most_of(known, units[measure], len(rows)) if measure else ""


def most_telling(rows: pd.DataFrame) -> tuple[str, dict[str, float]]:
    """What tells where most is needed: hours where most districts show them, else people, else what any shows.

    rows: of demand, one a district. Returns the measure and its figures by name; "" and none where none is above 0.
    """
    known = {measure: known_of(rows, measure) for measure in ("demand_hours", "people")}
    told = {measure: figures for measure, figures in known.items() if any(value > 0 for value in figures.values())}
    of_most = {measure: figures for measure, figures in told.items() if 2 * len(figures) > len(rows)}
    return next(iter((of_most | told).items()), ("", {}))


def waiting_words(publication: Publication, service: str) -> str:
    """Where most requests are open."""
    rows = districts_of(publication, service)
    return most_of(known_of(rows, "open_requests"), "open requests", len(rows))


def known_of(rows: pd.DataFrame, measure: str) -> dict[str, float]:
    """The figures that are shown, by the name of the district."""
    if measure not in rows:
        return {}
    pairs = zip(rows["area_name"], rows[measure], strict=True)
    return {str(name): float(value) for name, value in pairs if is_number(value)}


def most_of(known: Mapping[str, float], unit: str, every: int, sign: str = "") -> str:
    """The districts with most, and of how many nothing is shown; "" where none is hidden and none has any."""
    first = sorted((name for name in known if known[name] > 0), key=lambda name: (-known[name], name))[:MOST]
    if not first:
        return none_shown(every - len(known), every)
    named = [
        f"{name} ({sign}{shown(known[name])}{f' {unit}' if place == 0 else ''})" for place, name in enumerate(first)
    ]
    return listed(named) + rest(every - len(known), every)


def rest(hidden: int, every: int) -> str:
    """How many districts are not shown."""
    return f"; {hidden} of {counted(every, 'district')} not shown" if hidden else ""


def none_shown(hidden: int, every: int) -> str:
    """What is said where no district that is shown has any."""
    if not hidden:
        return ""
    return f"{hidden} of {counted(every, 'district')} not shown{'' if hidden == every else '; none in the others'}"


def growth_words(publication: Publication, service: str) -> str:
    """In how many districts the hours rise, fall and are steady, and where they rose most in a year."""
    trend = rows_of(publication, "trend", service)
    districts = pick(trend, area_kind=DISTRICT, cohort=ALL) if len(trend) else trend
    ways = {code: way for code, way in directions(publication, service).items() if code != ALL}
    if not any(way in (RISING, FALLING, STEADY) for way in ways.values()):
        return ""
    every = [*ways.values()]
    verbs = {RISING: "rise", FALLING: "fall", STEADY: "are steady"}
    parts = [
        f"{verb} in {'all ' if 1 < every.count(way) == len(every) else ''}{counted(every.count(way), 'district')}"
        for way, verb in verbs.items()
        if way in every
    ]
    grown = risen(districts, ways)
    more = most_of(grown, "hours a week in a year", len(grown), "+")
    hidden = len(every) - sum(way in verbs for way in every)
    return listed(parts) + (f", most in {more}" if more else "") + rest(hidden, len(every))


def risen(districts: pd.DataFrame, ways: Mapping[str, str]) -> dict[str, float]:
    """By how much the hours of a rising district rose in a year, from the rounded figures."""
    last = max(districts["period"])
    before = f"{int(last[:4]) - 1}{last[4:]}"
    hours = {
        (row["area_code"], row["period"]): row["hours_per_week"]
        for row in districts.to_dict("records")
        if is_number(row["hours_per_week"])
    }
    names = dict(zip(districts["area_code"], districts["area_name"], strict=True))
    return {
        names[code]: float(hours[code, last] - hours[code, before])
        for code, way in ways.items()
        if way == RISING and (code, last) in hours and (code, before) in hours
    }


def wanted_words(publication: Publication, service: str) -> str:
    """Where the council wants more capacity, of all service types together, where most is wanted first."""
    rows = publication.of_service("wanted", service)
    if rows.empty:
        return ""
    rows = pick(rows, service_type=ALL)
    names = {words: of_band(rows, words) for _, words in reversed(BANDS[1:])}
    parts = [f"{listed(found)} ({words})" for words, found in names.items() if found]
    hidden = int(rows["wanted"].isin([SUPPRESSED, ""]).sum())
    return "; ".join(parts) + rest(hidden, len(rows)) if parts else none_shown(hidden, len(rows))


def of_band(rows: pd.DataFrame, words: str) -> Sequence[str]:
    """The districts of a band, in the order of the table, each once."""
    names: Iterable[str] = rows.loc[rows["wanted"] == words, "district_name"]
    return [*dict.fromkeys(map(str, names))]
