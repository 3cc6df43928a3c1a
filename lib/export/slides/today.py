"""The slides of a market today: the opening, the county's figures, an indicator on map and bars, and the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from lib.charts.kit.scale import legend_entries
from lib.charts.painting import Painting
from lib.export.slides.maker import Maker
from lib.export.slides.map_and_bars import Picture, draw_picture
from lib.export.slides.map_shapes import District
from lib.export.slides.native_charts import Bar
from lib.export.slides.native_tables import Column, draw_table, parts_of
from lib.export.slides.page import Page, subtitle
from lib.export.slides.records import Shown
from lib.export.slides.text import Paragraph
from lib.market.about import About, about
from lib.market.few import few_words
from lib.market.figure import as_of
from lib.market.indicators import every_input, indicator_label, indicators
from lib.market.selection import COUNTY_CODE, Selection, is_single_lot
from lib.market.sentence import area_noun, market_clauses, narrowed_words, place_words
from lib.market.sharing import INTERNAL
from lib.market.status import county_figure
from lib.market.tables import selection_words
from lib.market.unknown import hole, shown_with_unit
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, is_missing, show
from lib.pack.load import Pack

COUNTY = ("people", "delivered_hours", "waiting_hours", "capacity_hours", "coverage", "shortfall_hours", "spot_share",
          "median_days_to_source", "providers", "good_or_better_share", "annual_cost")  # fmt: skip
TABLE = ("people", "delivered_hours", "waiting_hours", "capacity_hours", "coverage", "shortfall_hours", "spot_share",
         "providers", "good_or_better_share")  # fmt: skip
FEW_MARK, MOST_MARKED = "*", 3


def opening_slide(maker: Maker, shown: Shown) -> None:
    """The title slide of a service: what it is about, of when, how it is known, and whether it may be shared."""
    pack, manifest = maker.pack, maker.pack.manifest
    service = pack.service(shown.service)
    told = about(pack, selection_words(pack, shown.selection), every_input(pack), service=shown.service)
    page = Page(maker.template, opening=True)
    page.title(shown.title or f"{service.label} in {manifest.area}")
    lines = [
        f"{manifest.council}: demand, supply and the years ahead",
        f"{service.period}. Data to {as_of(pack, shown.service)}",
        f"Status of the figures: {told.status}",
        INTERNAL,
        manifest.demonstration if pack.is_demonstration else "",
    ]
    fill_subtitle(page, [one for one in lines if one])
    page.notes(maker.notes(shown, told, [manifest.title]))


def fill_subtitle(page: Page, lines: list[str]) -> None:
    """Put lines under the title of a title slide: in its placeholder, which may be of any size."""
    under = subtitle(page.slide)
    paragraphs = [Paragraph(line, 18 if place == 0 else 16) for place, line in enumerate(lines)]
    if under is not None:
        page.write(under, paragraphs, after=4)
        page.describe(under, "About", " ".join(lines))
    else:
        page.text(page.body, paragraphs, "About", after=4)


def county_slide(maker: Maker, shown: Shown) -> None:
    """The county's figures in a table, each with its status."""
    pack, selection = maker.pack, shown.selection
    _, county = maker.profile(selection)
    found = [county_figure(pack, selection, county, code) for code in COUNTY]
    told = about(pack, f"{pack.manifest.area} in figures", every_input(pack), service=shown.service)
    titles = [people_sentence(pack, shown, county)]
    page = maker.page(shown, told, titles)
    statuses = tuple(str(one.known) for one in found)
    columns = [
        Column("Figure", tuple(one.label for one in found), 1.2),
        Column("Value", tuple(one.text_with_unit for one in found)),
        Column("Status", statuses, 1.0),
        Column("Source or formula", tuple(one.missing or one.source for one in found), 2.6),
    ]
    draw_parts(maker, page, shown, told, columns, f"{pack.manifest.area} in figures", titles)


def people_sentence(pack: Pack, shown: Shown, county: pd.Series[float]) -> str:
    """How many people have how much care, for how much; what is not known is said to be."""
    known = {
        code: county_figure(pack, shown.selection, county, code)
        for code in ("people", "delivered_hours", "annual_cost")
    }
    words = {code: one.text for code, one in known.items()}
    people = pack.service(shown.service).people
    if known["people"].lacks_rows or is_missing(float(county["people"])):
        who = f"How many {people} are supported is {NOT_KNOWN}"
    else:
        who = f"{words['people']} {people} are supported"
    hours = (
        "" if is_missing(float(county["delivered_hours"])) else f" with {words['delivered_hours']} hours of care a week"
    )
    cost = "" if is_missing(float(county["annual_cost"])) else f", at {words['annual_cost']} a year"
    return f"{who}{hours}{cost}"


def indicator_slide(maker: Maker, shown: Shown) -> None:
    """An indicator: its finding, the map and the ranked bars. No slide where no area has a figure, unless asked."""
    pack, selection = maker.pack, shown.selection
    indicator = indicators(pack)[shown.indicator]
    frame, county = maker.profile(selection)
    if frame[shown.indicator].isna().all() and not (shown.title or shown.note or shown.indicator == "coverage"):
        return
    painting, few = without_few(pack, selection, maker.painting(selection, shown.indicator))
    narrowed = narrowed_words(pack, selection)
    titles = maker.said(market_clauses(pack, selection, frame, county, indicator))
    if narrowed:
        titles.append(f"Of {narrowed} only.")
    if shown.area != COUNTY_CODE:
        titles.insert(1, area_sentence(pack, painting, shown))
    told = about(
        pack, painting.title, *indicator.inputs, service=shown.service, known=painting.status,
        further=(f"{indicator.label}: {indicator.meaning} Formula: {indicator.formula}. {indicator.caveat}".strip(),),
    )  # fmt: skip
    if few:
        marked = (
            "; ".join(few)
            if len(few) <= MOST_MARKED
            else f"{len(few)} {area_noun(pack, selection.group_by)[1]}, see the notes"
        )
        titles.append(f"{FEW_MARK} rests on few: {marked}.")
    credit = pack.manifest.resource("districts_geography").credit if maker.outlines else ""
    rests = f"{FEW_MARK} rests on few: {'; '.join(few)}." if few else ""
    legend = legend_entries(painting.scale)
    if (painting.rows["colour"] == "").any():
        legend.append(("", missing_label(painting)))
    picture = Picture(
        title=painting.title, districts=painted_districts(pack, painting, shown.area), legend=legend,
        legend_title=painting.scale.title, bars=bars_of(painting), unit=indicator.unit, axis_title=painting.axis_title,
        start=painting.start, first="lowest" if indicator.better == "higher" else "highest",
    )  # fmt: skip
    drawn = " ".join(one for one in (rests, credit) if one)
    draw_picture(maker.outlines, picture, lambda part: maker.page(shown, told, titles, drawn=drawn, part=part))


def without_few(pack: Pack, selection: Selection, painting: Painting) -> tuple[Painting, list[str]]:
    """A painting whose figures that rest on few have a mark in place of the words, and these words, area by area."""
    rows = painting.rows.copy()
    code, few, texts = painting.indicator.id, [], []
    columns = (rows[name].tolist() for name in ("area_code", "area_name", "value", "shown"))
    for area, name, value, text in zip(*columns, strict=True):
        words = "" if is_missing(value) else few_words(pack, selection, area, code)
        few += [f"{name} {words}"] if words else []
        texts.append(f"{text.removesuffix(f' ({words})')}{FEW_MARK}" if words else text)
    rows["shown"] = texts
    return replace(painting, rows=rows), few


def area_sentence(pack: Pack, painting: Painting, shown: Shown) -> str:
    """The chosen area's figure and its place among all; "" where the selection has no such area."""
    names = (painting.rows[name].tolist() for name in ("area_code", "area_name", "value"))
    found = next(((name, float(value)) for code, name, value in zip(*names, strict=True) if code == shown.area), None)
    if found is None:
        return ""
    name, value = found
    place = place_words(painting.rows["value"].dropna(), value, painting.indicator)
    words = shown_with_unit(pack, shown.selection, shown.area, painting.indicator.id, value)
    return f"{name}: {words}{f', {place}' if place else ''}."


def painted_districts(pack: Pack, painting: Painting, chosen: str) -> list[District]:
    """The districts of a painting, each in its area's colour."""
    names = ("area_code", "area_name", "shown", "why", "colour", "class_label")
    rows = {code: words for code, *words in zip(*(painting.rows[name].tolist() for name in names), strict=True)}
    districts = []
    for code, name in pack.district_names().items():
        area_name, figure, why, colour, label = rows[painting.area_of[code]]
        group = f" ({area_name})" if area_name != name else ""
        of_class = f", {label}" if label != figure else ""
        reason = f". Why: {why}" if why else ""
        words = f"{name}{group}: {figure}{of_class}{reason}"
        districts.append(District(code, name, figure, colour, words, painting.area_of[code] == chosen))
    return districts


def missing_label(painting: Painting) -> str:
    """What an area without a figure is in the legend: not known, not applicable, or either."""
    found = list(dict.fromkeys(painting.rows.loc[painting.rows["colour"] == "", "shown"]))
    return " or ".join(found) or NOT_APPLICABLE


def bars_of(painting: Painting) -> list[Bar]:
    """The areas of a painting as bars, the one that needs attention first."""
    columns = (painting.rows[name].tolist() for name in ("area_name", "value", "shown", "colour"))
    return [Bar(name, float(value), shown, colour) for name, value, shown, colour in zip(*columns, strict=True)]


def table_slides(maker: Maker, shown: Shown) -> None:
    """Every area's figures as a table, the county's last, over as many slides as it needs."""
    pack, selection = maker.pack, shown.selection
    frame, county = maker.profile(selection)
    known = indicators(pack)
    one, many = area_noun(pack, selection.group_by)
    single = is_single_lot(pack, selection)
    whole = selection.county()
    lacks = {code: hole(pack, whole, COUNTY_CODE, code) for code in TABLE}

    def text(area: str, code: str, value: float) -> str:
        if is_missing(value):
            chosen = whole if area == COUNTY_CODE else selection
            return NOT_KNOWN if lacks[code] and hole(pack, chosen, area, code) else show(value, known[code].unit)
        return show(value, known[code].unit)

    areas = frame["area_code"].tolist()
    columns = [Column(one.capitalize(), (*frame["area_name"], pack.manifest.area), 1.0)]
    for code in TABLE:
        values = [text(area, code, value) for area, value in zip(areas, frame[code].tolist(), strict=True)]
        columns.append(
            Column(indicator_label(known[code], single), (*values, text(COUNTY_CODE, code, float(county[code]))))
        )
    titles = maker.said(market_clauses(pack, selection, frame, county, known["demand_hours"]))
    why = list(dict.fromkeys(words for words in lacks.values() if words))
    told = about(
        pack, f"{selection_words(pack, selection)}: the figures of every {one}", every_input(pack),
        service=shown.service, further=tuple(f"Some figures are {NOT_KNOWN}: {words}." for words in why),
    )  # fmt: skip
    units = "Hours are hours a week."
    page = maker.page(shown, told, [titles[0], units], part="")
    draw_parts(
        maker, page, shown, told, columns, f"Figures of {counted(len(areas), one, many)}", [titles[0], units], True
    )


def draw_parts(
    maker: Maker, page: Page, shown: Shown, told: About, columns: list[Column], name: str, titles: list[str],
    total: bool = False,
) -> None:  # fmt: skip
    """Draw a table on a slide, and on as many further ones as it needs; each says which of them it is."""
    draw_table_on(page, columns, name, lambda part: maker.page(shown, told, titles, part=part), total)


def draw_table_on(
    page: Page, columns: list[Column], name: str, another: Callable[[str], Page], total: bool = False
) -> None:
    """The same where `another` makes a further slide, given which of them it is. total: the last row is one."""
    parts = parts_of(columns, page.body)
    for number, part in enumerate(parts):
        if number:
            page = another(f"{number + 1} of {len(parts)}")
        rows = f"rows {part.rows.start + 1} to {part.rows.stop} of {len(columns[0].cells)}" if len(parts) > 1 else ""
        heads = ", ".join(one.head for one in part.columns)
        alt = f"Table. {name}{f', {rows}' if rows else ''}. Columns: {heads}."
        last = total and part.rows.stop == len(columns[0].cells)
        draw_table(page, page.body, part, name if len(parts) == 1 else f"{name}, part {number + 1}", alt, last)
