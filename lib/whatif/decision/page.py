"""A decision record as one page of HTML: for a screen, for paper, for a screen reader, with nothing from elsewhere.

The page is made from the record's values alone, which stand in it as JSON. Figures are rounded for people; those of the
JSON are not. Everything from data is escaped, no script runs (its own policy forbids all), and nothing is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lib.market.plain_text import escape_html
from lib.market.selection import COUNTY_CODE
from lib.market.sharing import internal_name, safe_name
from lib.market.units import NOT_APPLICABLE, NOT_KNOWN, UNITS, UnitCode
from lib.market.wording import financial_year, is_missing
from lib.pack.faults import quoted
from lib.whatif.chart_columns import signed
from lib.whatif.compare import RESULTS
from lib.whatif.decision.record import BLOCK, KIND, in_words, number
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.presets import NO_REASON
from lib.whatif.scenarios.scenario import OWN_GROWTH
from lib.whatif.tables import NEVER

STYLE = Path(__file__).with_name("record.css")
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


def record_page(values: Values) -> str:
    """The page of a record: see lib.whatif.decision.record.record."""
    title = f"Decision record: {values['name']}"
    parts = [
        heading(values),
        section("result", "What it comes to", result(values)),
        section("county", f"{values['area']}, year 0 and {last_words(values)}", county(values)),
        section("districts", f"By district in {last_words(values)}", districts(values)),
        section("levers", "The levers that were moved", levers(values, "scenario")),
        section("defaults", "The levers at their defaults", levers(values, "default")),
        section("basis", "What it rests on", basis(values)),
        section("again", "To check it again", again(values)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape_html(title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(parts)}</main>\n{block(values)}\n</body>\n</html>\n"
    )


def block(values: Values) -> str:
    """The values as JSON in an element of HTML: no letter of it can end the element, and none is lost on the way."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, indent=1)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{BLOCK}">\n{text}\n</script>'


def file_name(service: str) -> str:
    """The name of the file: it tells of districts."""
    return internal_name(safe_name(f"{service}_decision_record.html"))


def section(code: str, title: str, body: str) -> str:
    """A part of the page under its heading."""
    return f'<section aria-labelledby="{code}">\n<h2 id="{code}">{escape_html(title)}</h2>\n{body}</section>\n'


def years(values: Values) -> tuple[int, int]:
    """The base year and the last year."""
    base = int(values["base_year"])
    return base, base + int(values["scenario"]["years"])


def last_words(values: Values) -> str:
    """The last year in words."""
    return financial_year(years(values)[1])


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = True) -> str:
    """A table whose first column names its rows, in a frame that scrolls where the page is narrow.

    caption, heads and cells: plain text. numbers: whether the further columns hold figures, which are set right.
    """
    side = ' class="number"' if numbers else ""
    top = "".join(
        f'<th scope="col"{side if place else ""}>{escape_html(text)}</th>' for place, text in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row">{escape_html(row[0])}</th>'
        + "".join(f"<td{side}>{escape_html(cell)}</td>" for cell in row[1:])
        + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape_html(caption)}">\n<table>\n'
        f'<caption class="unseen">{escape_html(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def listing(pairs: Iterable[tuple[str, str]], kind: str = "") -> str:
    """Terms and what is said of each, as plain text."""
    named = f' class="{kind}"' if kind else ""
    inner = "".join(f"<div><dt>{escape_html(a)}</dt><dd>{escape_html(b)}</dd></div>\n" for a, b in pairs)
    return f"<dl{named}>\n{inner}</dl>\n"


def paragraphs(text: str, instead: str) -> str:
    """Text that somebody typed, a paragraph a line."""
    lines = [line for line in text.split("\n") if line.strip()] or [instead]
    return "".join(f"<p>{escape_html(line)}</p>\n" for line in lines)


def heading(values: Values) -> str:
    """What it is, of whom and when, why; and the marks that must stand with it."""
    marks = "".join(f"<p>{escape_html(mark)}</p>\n" for mark in values["marks"])
    when = in_words(values["when"]) if values["when"] else NOT_SAID
    service = values["service"]
    return (
        f'<header>\n<div class="marks">\n{marks}</div>\n<p class="kind">Decision record</p>\n'
        f"<h1>{escape_html(values['name'])}</h1>\n"
        f"<p>{escape_html(values['area'])}. {escape_html(service['label'])}, {escape_html(service['period'])}, to "
        f"{last_words(values)}.</p>\n"
        + listing([("Who", values["who"] or NOT_SAID), ("When", when)], "words")
        + f'<div class="why">\n<h2>Why</h2>\n{paragraphs(values["why"], NOT_SAID)}'
        + f"<h2>Why these levers</h2>\n{paragraphs(values['scenario']['rationale'], NO_REASON)}</div>\n</header>\n"
    )


def result(values: Values) -> str:
    """The sentence, four figures of the last year, and when it is short."""
    last = years(values)[1]
    found = values["figures"]
    tiles = [
        (
            UNITS[COUNTY[one][1]].head(f"{COUNTY[one][0]} in {last_words(values)}"),
            bare(found, f"{COUNTY_CODE}.{last}.{one}", COUNTY[one][1]),
        )
        for one in TILES
    ]
    first = first_short(values, COUNTY_CODE)
    growth = number(found, f"{COUNTY_CODE}.break_even_growth_pct")
    even = found.get(f"{COUNTY_CODE}.break_even_note") or ("" if is_missing(growth) else f"{growth:.1f}% a year")
    hours = UNITS["hours"].about_with_unit(number(found, f"{COUNTY_CODE}.extra_hours"))
    workers = UNITS["workers"].about(number(found, f"{COUNTY_CODE}.extra_workers"))
    target = values["scenario"]["target"]["coverage"]
    further = [
        ("First short year, lots counted together", first),
        ("Break-even need growth, lots counted together", str(even or NOT_APPLICABLE)),
        (
            f"For coverage of {target:.2f} in every lot by {last_words(values)}",
            f"{hours} more; care workers: {workers}",
        ),
    ]
    status = f'<p class="note">Status of every figure of a year to come: {escape_html(values["status"])}.</p>\n'
    sentence = f'<p class="sentence">{escape_html(values["sentence"])}</p>\n'
    return f"{sentence}{listing(tiles, 'tiles')}{listing(further)}{status}"


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


def county(values: Values) -> str:
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
    return table(f"The county's figures in {financial_year(base)} and {financial_year(last)}", heads, rows)


def districts(values: Values) -> str:
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
    return table(f"Every district's results in {last_words(values)}; the county is the last row", heads, rows)


def levers(values: Values, set_by: str) -> str:
    """The levers that the scenario sets, or those at their defaults."""
    rows = [one for one in values["levers"] if one["set_by"] == set_by]
    if not rows:
        return "<p>None.</p>\n"
    if set_by == "default":
        cells = [[one["label"], one["value"], one["status"], one["source"]] for one in rows]
        return table(
            "Levers at their defaults", ["Lever", "Value and default", "Status", "Source"], cells, numbers=False
        )
    # The reasons are the scenario's, and may be long: they stand once, above.
    cells = [[one["label"], moved_to(values, one), one["default"], one["status"], reason(one["why"])] for one in rows]
    return table("Levers that were moved", ["Lever", "Value", "Default", "Status", "Reason"], cells, numbers=False)


def moved_to(values: Values, lever: Values) -> str:
    """A lever's value as people read it: districts by their names."""
    if lever["lever"] != OWN_GROWTH:
        return str(lever["value"])
    own = values["scenario"]["demand"]["district_need_growth_pct"]
    return ", ".join(f"{values['districts'].get(code, code)} {growth:g}%" for code, growth in own.items())


def reason(text: str) -> str:
    """A lever's reason as a cell has it."""
    return text if text == NO_REASON else "see “Why these levers” above"


def basis(values: Values) -> str:
    """The tables with their statuses, the sources, and what must be known of the service's figures."""
    rows = [
        [one["title"], one["status"], f"{one['rule'] or ''} {one['credit'] or ''}".strip()] for one in values["tables"]
    ]
    notes = "".join(f"<li>{escape_html(caveat)}</li>\n" for caveat in values["caveats"])
    listed = f"<ul>\n{notes}</ul>\n" if notes else ""
    text = f"<p>{escape_html(values['sources'])} Data to {escape_html(values['data_to'])}.</p>\n"
    return (
        table("Tables that the figures rest on", ["Table", "Status", "Rule and credit"], rows, numbers=False)
        + text
        + listed
    )


def again(values: Values) -> str:
    """What it was made with, and how to work it out again."""
    pack = values["pack"]
    made = [
        ("Data pack", f"{pack['title']} ({pack['name']}), version {pack['version'] or 'not stated'}"),
        ("Key of its files", pack["key"]),
        ("Version of the program", values["program"]["version"]),
        ("Seed and draws of the range", "{seed}; {draws:,}".format(**values["scenario"]["range"])),
    ]
    return (
        f"{listing(made)}<p>The figures stand in this page, not rounded. <code>python -m lib reproduce FILE</code> "
        "works them out again with today's program and data pack, and says which differ.</p>\n"
    )


def save_page(path: Path, page: str) -> None:
    """Write a page whole or not at all; ScenarioError where its name or its folder will not do."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise ScenarioError("", f"the name {quoted(path.name)} for the page", "one that ends in .html", KIND)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        found = f"a file that cannot be written ({error.strerror})"
        raise ScenarioError("", found, "a folder that is there, with room in it", path.name) from error
