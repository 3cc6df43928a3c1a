"""What a decision record says, part by part, as plain text: its page of HTML and its PDF are both made from this.

Everything is made from the record's values alone (lib.whatif.decision.record). Figures are rounded for people.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lib.market.selection import COUNTY_CODE
from lib.market.units import NOT_APPLICABLE, NOT_KNOWN, UNITS, UnitCode
from lib.market.wording import financial_year, is_missing
from lib.whatif.chart_columns import signed
from lib.whatif.compare import RESULTS
from lib.whatif.decision.record import in_words, number
from lib.whatif.scenarios.presets import NO_REASON
from lib.whatif.scenarios.scenario import OWN_GROWTH
from lib.whatif.tables import NEVER

NOT_SAID = "not said"
# What the county's table has beyond RESULTS, in its order.
COUNTY: dict[str, tuple[str, UnitCode]] = {
    "people": ("People who need care", "people"),
    "demand_hours": RESULTS["demand_hours"],
    "capacity_hours": ("Capacity", "hours"),
    "coverage": RESULTS["coverage"],
    "served_hours": RESULTS["served_hours"],
    "waiting_with_room_hours": ("Waiting although a provider has room", "hours"),
    "unmet_hours": RESULTS["unmet_hours"],
    "cost": RESULTS["cost"],
    "spend": RESULTS["spend"],
}
TILES = ("demand_hours", "coverage", "unmet_hours", "spend")
Values = dict[str, Any]

TO_REPRODUCE = "python -m lib reproduce FILE"
AGAIN = (
    "The figures stand in this page, not rounded. ",
    " works them out again with today's program and data pack, and says which differ.",
)
NOTHING_MOVED = "None."


class Grid(NamedTuple):
    """A table as plain text, its first column naming its rows. numbers: whether the further columns hold figures."""

    caption: str
    heads: list[str]
    rows: list[list[str]]
    numbers: bool = True


def title(values: Values) -> str:
    """What the record is called."""
    return f"Decision record: {values['name']}"


def titles(values: Values) -> dict[str, str]:
    """The heading of each part, by its code."""
    last = last_words(values)
    return {
        "result": "What it comes to",
        "county": f"{values['area']}, year 0 and {last}",
        "districts": f"By district in {last}",
        "levers": "The levers that were moved",
        "defaults": "The levers at their defaults",
        "basis": "What it rests on",
        "again": "To check it again",
    }


def years(values: Values) -> tuple[int, int]:
    """The base year and the last year."""
    base = int(values["base_year"])
    return base, base + int(values["scenario"]["years"])


def last_words(values: Values) -> str:
    """The last year in words."""
    return financial_year(years(values)[1])


def lines(text: str, instead: str) -> list[str]:
    """Text that somebody typed, a paragraph a line."""
    return [line for line in text.split("\n") if line.strip()] or [instead]


def of_whom(values: Values) -> str:
    """The area, the service and the years."""
    service = values["service"]
    return f"{values['area']}. {service['label']}, {service['period']}, to {last_words(values)}."


def decided(values: Values) -> list[tuple[str, str]]:
    """Who decided and when."""
    when = in_words(values["when"]) if values["when"] else NOT_SAID
    return [("Who", values["who"] or NOT_SAID), ("When", when)]


def tiles(values: Values) -> list[tuple[str, str]]:
    """Four figures of the last year."""
    last, found = years(values)[1], values["figures"]
    return [
        (
            UNITS[COUNTY[one][1]].head(f"{COUNTY[one][0]} in {last_words(values)}"),
            bare(found, f"{COUNTY_CODE}.{last}.{one}", COUNTY[one][1]),
        )
        for one in TILES
    ]


def further(values: Values) -> list[tuple[str, str]]:
    """When it is first short, and what would keep it from being so."""
    found = values["figures"]
    first = first_short(values, COUNTY_CODE)
    growth = number(found, f"{COUNTY_CODE}.break_even_growth_pct")
    even = found.get(f"{COUNTY_CODE}.break_even_note") or ("" if is_missing(growth) else f"{growth:.1f}% a year")
    hours = UNITS["hours"].about_with_unit(number(found, f"{COUNTY_CODE}.extra_hours"))
    workers = UNITS["workers"].about(number(found, f"{COUNTY_CODE}.extra_workers"))
    target = values["scenario"]["target"]["coverage"]
    return [
        ("First short year, lots counted together", first),
        ("Break-even need growth, lots counted together", str(even or NOT_APPLICABLE)),
        (
            f"For coverage of {target:.2f} in every lot by {last_words(values)}",
            f"{hours} more; care workers: {workers}",
        ),
    ]


def status_note(values: Values) -> str:
    """How the figures of years to come are known."""
    return f"Status of every figure of a year to come: {values['status']}."


def bare(found: dict[str, Any], name: str, unit: UnitCode) -> str:
    """A figure as a cell of a table has it."""
    return UNITS[unit].about(number(found, name))


def first_short(values: Values, code: str) -> str:
    """The first short year of an area in words."""
    base, last = years(values)
    found = values["figures"]
    year = found.get(f"{code}.first_short_year")
    if year is not None:
        return financial_year(int(year))
    gaps = [
        number(found, f"{code}.{one}.gap_hours") for one in range(base, last + 1) if f"{code}.{one}.gap_hours" in found
    ]
    return NOT_KNOWN if any(is_missing(gap) for gap in gaps) else NEVER


def county(values: Values) -> Grid:
    """The county's figures: year 0, the last year, what changes, and the range."""
    base, last = years(values)
    found = values["figures"]
    rows = []
    for measure, (label, unit) in COUNTY.items():
        before, after = (f"{COUNTY_CODE}.{year}.{measure}" for year in (base, last))
        ends = [number(found, f"{after}.{end}") for end in ("p10", "p90")]
        spread = "" if any(is_missing(end) for end in ends) else " to ".join(UNITS[unit].about(end) for end in ends)
        change = number(found, after) - number(found, before)
        moved = NOT_APPLICABLE if unit == "ratio" and is_missing(change) else signed(change, unit)
        rows.append([UNITS[unit].head(label), bare(found, before, unit), bare(found, after, unit), moved, spread])
    heads = ["Figure", financial_year(base), financial_year(last), "Change", "In 8 of 10 futures"]
    return Grid(f"The county's figures in {financial_year(base)} and {financial_year(last)}", heads, rows)


def districts(values: Values) -> Grid:
    """One row a district, the county last: the results of the last year."""
    last = years(values)[1]
    found = values["figures"]
    areas = {**values["districts"], COUNTY_CODE: values["area"]}
    rows = [
        [
            name,
            *(bare(found, f"{code}.{last}.{one}", unit) for one, (_, unit) in RESULTS.items()),
            first_short(values, code),
        ]
        for code, name in areas.items()
    ]
    heads = ["District", *(UNITS[unit].head(label) for label, unit in RESULTS.values()), "First short year"]
    return Grid(f"Every district's results in {last_words(values)}; the county is the last row", heads, rows)


def levers(values: Values, set_by: str) -> Grid | None:
    """The levers that the scenario sets, or those at their defaults; None where there are none."""
    rows = [one for one in values["levers"] if one["set_by"] == set_by]
    if not rows:
        return None
    if set_by == "default":
        cells = [[one["label"], one["value"], one["status"], one["source"]] for one in rows]
        return Grid("Levers at their defaults", ["Lever", "Value and default", "Status", "Source"], cells, False)
    # The reasons are the scenario's, and may be long: they stand once, above.
    cells = [[one["label"], moved_to(values, one), one["default"], one["status"], reason(one["why"])] for one in rows]
    return Grid("Levers that were moved", ["Lever", "Value", "Default", "Status", "Reason"], cells, False)


def moved_to(values: Values, lever: Values) -> str:
    """A lever's value as people read it: districts by their names."""
    if lever["lever"] != OWN_GROWTH:
        return str(lever["value"])
    own = values["scenario"]["demand"]["district_need_growth_pct"]
    return ", ".join(f"{values['districts'].get(code, code)} {growth:g}%" for code, growth in own.items())


def reason(text: str) -> str:
    """A lever's reason as a cell has it."""
    return text if text == NO_REASON else "see “Why these levers” above"


def basis(values: Values) -> Grid:
    """The tables with their statuses."""
    rows = [
        [one["title"], one["status"], f"{one['rule'] or ''} {one['credit'] or ''}".strip()] for one in values["tables"]
    ]
    return Grid("Tables that the figures rest on", ["Table", "Status", "Rule and credit"], rows, False)


def sources(values: Values) -> str:
    """The sources, and the date of the data."""
    return f"{values['sources']} Data to {values['data_to']}."


def made_with(values: Values) -> list[tuple[str, str]]:
    """What it was made with."""
    pack = values["pack"]
    return [
        ("Data pack", f"{pack['title']} ({pack['name']}), version {pack['version'] or 'not stated'}"),
        ("Key of its files", pack["key"]),
        ("Version of the program", values["program"]["version"]),
        ("Seed and draws of the range", "{seed}; {draws:,}".format(**values["scenario"]["range"])),
    ]
