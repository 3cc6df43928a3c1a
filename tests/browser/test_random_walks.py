"""Fifty random walks of the levers: after each pause the figures on the screen are those of the command line.

What is compared is worked out from `python -m lib project` alone, for the levers as their boxes show them, and written
by tests/for_people.py: nothing of the app's own sentences, tiles or formats is used.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import for_people
import pytest
from command_line import command_line
from driver import Visit

Open = Callable[..., Visit]

HOME, BREAKS = "domiciliary_care", "short_breaks"
SERVICES = {HOME: "Domiciliary care", BREAKS: "Children's short breaks"}
WALKS = 25  # of each service
KEYS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End")
# How far number boxes go: a part of what their levers allow, so that no figure grows beyond what people read.
BOXES = {
    "demand.need_growth_pct": (-15, 15, 0.5),
    "demand.hours_per_person_growth_pct": (-5, 5, 0.5),
    "demand.direct_payment_shift_pct": (0, 50, 1),
    "demand.reablement_reduction_pct": (0, 50, 1),
    "demand.technology_reduction_pct": (0, 50, 1),
    "demand.prevalence_growth_pct": (-5, 10, 0.5),
    "demand.discharge_people_per_month": (0, 300, 5),
    "demand.discharge_weeks": (1, 52, 1),
    "demand.discharge_reablement_pct": (0, 100, 5),
    "demand.discharge_hours": (1, 40, 1),
    "demand.turning_18_per_year": (0, 30, 1),
    "demand.turning_18_hours": (1, 40, 1),
    "supply.capacity_growth_pct": (-10, 15, 0.5),
    "supply.vacancy_rate_pct": (0, 40, 1),
    "supply.vacancy_change_pts": (-20, 30, 0.5),
    "supply.spot_conversion_pct": (0, 100, 5),
    "supply.overseas_share_pct": (0, 60, 5),
    "supply.overseas_loss_pct": (0, 60, 5),
    "supply.contact_hours_change_pct": (-30, 30, 1),
    "price.uplift_pct": (-5, 15, 0.5),
    "years": (1, 15, 1),
    "range.need_growth_sd_pts": (0, 5, 0.25),
    "range.capacity_growth_sd_pts": (0, 5, 0.25),
    "range.draws": (100, 1_000, 100),
}
SWITCHES = ("demand.demographic", "range.chance")
WHOLE = ("years", "range.draws", "range.seed")
SUMMED = ("people", "demand_hours", "capacity_hours", "served_hours", "gap_hours", "cost", "spend")
# What somebody before the screen sees of it, at one moment.
READ = """() => {
    const texts = (place, what) => [...document.querySelectorAll(`[data-live="${place}"] ${what}`)]
        .map(each => each.textContent);
    const frame = document.querySelector("iframe[src*=streamlit_folium]").contentDocument;
    const year = document.querySelector('[data-live="year"] input[type=range]');
    return {
        levers: Object.fromEntries([...document.querySelectorAll('[data-live="levers"] [data-lever]')].map(lever => {
            const [box] = lever.querySelectorAll("input[type=number], input[type=checkbox]");
            return [lever.dataset.lever, box.type === "checkbox" ? box.checked : Number(box.value)];
        })),
        sliders: [...document.querySelectorAll('[data-live="levers"] .live-lever-row')]
            .filter(row => row.children.length > 1)
            .map(row => [...row.children].map(input => Number(input.value))).filter(([one, other]) => one !== other),
        year: year.getAttribute("aria-valuetext"),
        lead: texts("say", "h2 > span:first-child")[0],
        more: texts("say", ".live-more")[0],
        tiles: texts("tiles", ".live-tile-value"),
        contexts: texts("tiles", ".live-tile-context > span:first-child"),
        newly: [texts("newly", "h3")[0], texts("newly", "li")],
        title: texts("map", "h3 > span:first-child")[0],
        districts: Object.fromEntries([...frame.querySelectorAll("path[data-code]")].map(
            each => [each.dataset.code, each.ariaLabel])),
        lines: texts("lines", "p")[0],
        problems: texts("levers", ".live-refusal").filter(Boolean),
    };
}"""
Area = dict[str, float]
Seen = dict[str, Any]


def label(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


class Projection:
    """What the command line prints of a scenario: by year and area, "all" for the county."""

    def __init__(self, service: str, levers: dict[str, Any], path: Path) -> None:
        document: dict[str, Any] = {"name": "As on the screen", "service": service}
        for lever_id, value in levers.items():
            section, _, name = lever_id.rpartition(".")
            part = document.setdefault(section, {}) if section else document
            part[name] = int(value) if lever_id in WHOLE else value
        path.write_text(json.dumps(document), encoding="utf-8")
        self.path, self.service = path, service
        found: dict[int, dict[str, Area]] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
        for row in command_line("project", str(path)):
            for area in (row["district_code"], "all"):
                sums = found[int(row["year"])][area]
                for column in SUMMED:
                    sums[column] += float(row[column])
                sums["shortfall_hours"] += max(0.0, float(row["gap_hours"]))
        self.years = {year: {area: dict(sums) for area, sums in areas.items()} for year, areas in found.items()}
        self.first, self.last = min(self.years), max(self.years)

    def county(self, year: int) -> Area:
        return self.years[year]["all"]

    def range(self) -> dict[str, tuple[float, float]]:
        """The county's 10th and 90th percentile of the last year, by measure."""
        rows = command_line("project", str(self.path), "--range")
        last = [row for row in rows if row["district_code"] == "all" and int(row["year"]) == self.last]
        return {row["measure"]: (float(row["p10"]), float(row["p90"])) for row in last}


def coverage(area: Area) -> float:
    return area["capacity_hours"] / area["demand_hours"]


def is_short(area: Area) -> bool:
    """Net coverage below 1.00, but for the last digit of a float."""
    return area["demand_hours"] > 0 and coverage(area) < 1 - 1e-9


def counted(hours: float) -> str:
    """Hours a week as a sentence has them."""
    if hours < 0.5:
        return "less than 1 hour a week"
    text = for_people.said(hours, for_people.hours(hours))
    return f"{text} {'hour' if text == '1' else 'hours'} a week"


def money_change(pounds: float, same: str = "the same") -> str:
    if abs(pounds) < 500:
        return same
    return f"{for_people.said(abs(pounds), for_people.pounds(abs(pounds)))} {'more' if pounds > 0 else 'less'}"


def between(spread: tuple[float, float], text: Callable[[float], str]) -> str:
    return f"range {text(spread[0])} to {text(spread[1])}"


def check_tiles(seen: Seen, found: Projection) -> None:
    first, last = found.county(found.first), found.county(found.last)
    extra = last["cost"] - first["cost"]
    assert seen["tiles"] == [
        for_people.hours(last["demand_hours"]),
        for_people.ratio(coverage(last)),
        for_people.hours(last["shortfall_hours"]),
        f"{'+' if extra >= 0 else '-'}{for_people.pounds(abs(extra))}",
    ]
    assert seen["contexts"][2].endswith(f"{for_people.hours(last['served_hours'])} served")
    assert seen["contexts"][3].startswith(for_people.pounds(last["cost"]))
    assert f"Spend that capacity allows: {for_people.pounds(last['spend'])}" in seen["contexts"][3]


def check_ranges(seen: Seen, found: Projection) -> None:
    spread = found.range()
    demand, net, lacking, money = seen["contexts"]
    assert demand == between(spread["demand_hours"], for_people.hours)
    assert net == between(spread["coverage"], for_people.ratio)
    assert between(spread["shortfall_hours"], for_people.hours) in lacking
    assert between(spread["cost"], for_people.pounds) in money
    assert between(spread["spend"], for_people.pounds) in money


def check_sentence(seen: Seen, found: Projection, levers: dict[str, Any]) -> None:
    first, last = found.county(found.first), found.county(found.last)
    start, end, more = label(found.first), label(found.last), seen["more"]
    short = [year for year in found.years if is_short(found.county(year))]
    if not short:
        assert "needs no more care than providers offer" in seen["lead"]
        assert f"through {end}" in seen["lead"]
    else:
        assert "needs more care than providers offer" in seen["lead"]
        assert label(short[0]) in seen["lead"].rpartition("providers offer")[2]
    growth = levers["demand.need_growth_pct"]
    assert (f"need {'grows' if growth > 0 else 'falls'} {abs(growth):g}% a year" in seen["lead"]) == bool(growth)
    lacking = last["shortfall_hours"]
    if lacking <= 1e-6:
        assert f"very lot would have enough hours in {end}" in more
    else:
        assert f"ot by lot, {counted(lacking)} would have no provider in {end}" in more
    people = for_people.people(last["people"])
    assert people == "0" or f"{people} {'adults' if found.service == HOME else 'children'} would need care" in more
    assert f"would need care arranged by the council in {end}" in more
    now, prices = first["cost"], (1 + levers["price.uplift_pct"] / 100) ** (found.last - found.first)
    if not levers.get("supply.spot_conversion_pct"):
        care = money_change(last["cost"] / prices - now)
        assert f"eeting the need would cost {care} in {end}, at {start} prices" in more
    added = last["cost"] * (1 - 1 / prices)
    if abs(added) >= 500:
        worth = for_people.said(abs(added), for_people.pounds(abs(added)))
        rate = levers["price.uplift_pct"]
        rises, adds = ("rising", "add") if rate > 0 else ("falling", "take off")
        assert f"rices {rises} {abs(rate):g}% a year would {adds} {worth}" in more


def check_districts(seen: Seen, found: Projection, names: dict[str, str]) -> None:
    (year,) = [one for one in found.years if label(one) == seen["year"]]
    gap = seen["title"].startswith("Net gap")
    assert seen["title"] == f"{'Net gap' if gap else 'Net coverage'} by district, {label(year)}"
    for code, said in seen["districts"].items():
        area = found.years[year][code]
        figure = for_people.hours(area["gap_hours"]) if gap else for_people.ratio(coverage(area))
        lacking = area["shortfall_hours"]
        less = f"{for_people.hours(lacking)} hours a week short, lot by lot"
        expected = f"{names[code]}, {'Net gap' if gap else 'Net coverage'}: {figure}, "
        assert said.startswith(expected), (said, expected, area)
        assert (less in said) == (lacking > 1e-6), (said, less)
    newly = {
        names[code]
        for code in names
        if is_short(found.years[year][code]) and not is_short(found.years[found.first][code])
    }
    head, listed = seen["newly"]
    assert set(listed) == newly
    assert len(listed) == len(newly)
    if year == found.first:
        assert head == f"Newly short, held against {label(year)}"
    else:
        number = f"{len(newly)} district{'' if len(newly) == 1 else 's'}" if newly else "no district"
        assert head == f"Newly short in {label(year)}: {number}"


def check_lines(seen: Seen, found: Projection) -> None:
    """The figures of the lines, as a screen reader hears them."""
    hours = for_people.hours
    assert seen["lines"] == "; ".join(
        f"{label(year)}: demand {hours(one['demand_hours'])}, capacity {hours(one['capacity_hours'])}, "
        f"served {hours(one['served_hours'])}"
        for year, one in ((year, found.county(year)) for year in found.years)
    )


def walk(page: Visit, way: random.Random) -> list[str]:
    """Some moves without a pause; what was done, for whoever reads a failure."""
    done = []
    boxes = [lever_id for lever_id in BOXES if page.lever(lever_id, "number").count()]
    for _ in range(way.randint(2, 4)):
        kind = way.choice(("keys", "keys", "box", "box", "switch", "year", "undo", "measure"))
        if kind == "keys":
            lever_id = way.choice([one for one in boxes if one != "range.draws"])
            keys = [way.choice(KEYS[:6] if way.random() < 0.9 else KEYS) for _ in range(way.randint(1, 6))]
            page.lever(lever_id).focus()
            for key in keys:
                page.page.keyboard.press(key)
            done.append(f"{lever_id}: {', '.join(keys)}")
        elif kind == "box":
            lever_id = way.choice(boxes)
            low, high, step = BOXES[lever_id]
            value = low + step * way.randint(0, round((high - low) / step))
            page.lever(lever_id, "number").fill(f"{value:g}")
            page.page.keyboard.press("Enter")
            done.append(f"{lever_id} = {value:g}")
        elif kind == "switch":
            lever_id = way.choice(SWITCHES)
            page.lever(lever_id, "checkbox").press("Space")
            done.append(f"{lever_id} switched")
        elif kind == "year":
            year = page.live("year").locator("input[type=range]")
            keys = [way.choice(("ArrowLeft", "ArrowRight", "Home", "End")) for _ in range(way.randint(1, 3))]
            year.focus()
            for key in keys:
                page.page.keyboard.press(key)
            done.append(f"year: {', '.join(keys)}")
        elif kind == "measure":
            page.live("map").get_by_label(way.choice(("Net coverage", "Net gap")), exact=True).check()
            done.append("measure")
        else:
            page.live("levers").locator("input").first.focus()
            page.page.keyboard.press("Control+z")
            done.append("undo")
    return done


@pytest.mark.parametrize("service", SERVICES)
def test_the_figures_on_screen_are_those_of_the_command_line(service: str, visit: Open, tmp_path: Path) -> None:
    page = visit(f"/What_if?service={service}")
    page.rest()
    page.open_folded()
    said = page.districts().evaluate_all("all => all.map(each => [each.dataset.code, each.ariaLabel])")
    names = {code: words.split(",")[0] for code, words in said}
    assert len(set(names.values())) == 12
    way = random.Random(f"levers of {service}")
    moved, seen_scenarios = [], set()
    for number in range(WALKS):
        moved.append(walk(page, way))
        page.rest()
        seen = page.page.evaluate(READ)
        levers = seen["levers"]
        try:
            assert seen["problems"] == []
            assert seen["sliders"] == []
            found = Projection(service, levers, tmp_path / "scenario.json")
            check_tiles(seen, found)
            check_sentence(seen, found, levers)
            check_districts(seen, found, names)
            check_lines(seen, found)
            if number % 3 == 0:
                check_ranges(seen, found)
        except AssertionError as error:
            error.add_note(f"walk {number} of {service}: {moved}; it stands at {levers}")
            raise
        seen_scenarios.add(json.dumps(levers, sort_keys=True))
    assert len(seen_scenarios) > WALKS / 2
