"""Every tag on every page is as weak as the weakest table behind its figure, and no weaker.

The tables of the default pack are given other statuses, which change no figure, and every tag is looked up in a list
written out by hand.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from app_pages import DATA, ENGAGEMENT, OVERVIEW, PROVIDERS, ROOT, WHAT_IF, live_statuses, tiles, unescaped, values
from service_pages import (
    BREAKS,
    EVERY_TAB,
    GROWTH,
    HOME,
    INTENTIONS,
    KNOWN,
    MARKET,
    MECHANISM,
    PATHS,
    RATINGS,
    SUPPLY,
    Page,
    opened,
)

from lib.pack.current import Shown
from lib.pack.load import Pack, load_pack
from lib.view import page_pack, shell
from lib.view.market import page as market_page
from lib.view.market import table as market_table
from lib.view.providers.page import NAMES as PROVIDER_TABS
from lib.view.service import figures as service_figures
from lib.view.what_if.tabs import NAMES as WHAT_IF_TABS

# Statuses of tables, a pattern each; all others are published. In each, one table that few figures rest on is the
# weakest and one that many rest on comes next, so that a figure that leaves one out, or adds one, is told by its tag.
PATTERNS: dict[str, dict[str, str]] = {
    "demand": {"demand": "modelled", "history": "illustrative", "providers": "derived", "ratings": "supplied"},
    "requests": {"requests": "modelled", "population": "illustrative", "capacity": "supplied", "demand": "derived"},
    "capacity": {"capacity": "modelled", "districts": "illustrative", "requests": "supplied", "history": "derived"},
    "ratings": {"ratings": "modelled", "service_rates": "illustrative", "capacity": "derived", "districts": "supplied"},
    "providers": {"providers": "modelled", "service_rates": "context", "demand": "derived", "history": "supplied"},
    # For figures that rest on several of those that few rest on.
    "requests alone": {"requests": "illustrative", "demand": "supplied"},
    "capacity alone": {"capacity": "illustrative", "requests": "derived", "population": "context"},
}
FIRST = tuple(PATTERNS)[:5]
ORDER = ("published", "derived", "supplied", "modelled", "illustrative")
COLOURS = dict(zip(ORDER, ("blue", "blue", "green", "violet", "orange"), strict=True)) | {"context": "gray"}
OWN = "the reader's own assumption"
KEPT = (
    *(service_figures.ratings_grid, service_figures.intentions),
    *(service_figures.words_of, service_figures.known_and_unknown),
    *(market_page.shown_figures, market_table.table_figures),
)
FINDINGS = re.compile(
    r"(?:No published or supplied|Published|Published and supplied|Supplied) figures? (?:says|support|contra)"
)
BADGE = re.compile(r":(\w+)-badge\[((?:[^\[\]\\]|\\.)*)\]")


class Tag(NamedTuple):
    """What a figure rests on: tables, or the fact whose status it has; whether it is of a year to come."""

    tables: str = ""
    fact: str = ""
    projected: bool = False
    assumed: str = ""

    def words(self, statuses: dict[str, str], titles: dict[str, str]) -> tuple[str, str]:
        """The colour and the words of the tag."""
        known = {name: statuses.get(name, "published") for name in self.tables.split()}
        context = [titles[name] for name, status in known.items() if status == "context"]
        status = max(
            (one for one in (*known.values(), self.fact) if one in ORDER), key=ORDER.index, default="published"
        )
        assumed = [*context, *([self.assumed] if self.assumed else [])]
        note = ""
        if self.fact == "context" or (known and len(context) == len(known) and not self.projected):
            status = "context"
        elif assumed and ORDER.index(status) < ORDER.index("modelled"):
            status, note = "modelled", f" (with: {'; '.join(assumed)})"
        return COLOURS[status], f"{'projected, ' if self.projected else ''}{status}{note}"


LOTS = Tag("demand requests capacity")
WEIGHED = Tag("capacity ratings")
PLACED = Tag("capacity providers")
AFFECTED = Tag("demand capacity providers")
ROOM = Tag("demand capacity ratings providers")
STRESS = Tag("demand requests capacity providers")
LISTED = Tag("capacity ratings providers")
POCKETS = Tag("demand requests capacity districts population")
RURAL = Tag("capacity districts population")
PUBLISHED, DERIVED, CONTEXT = Tag(fact="published"), Tag(fact="derived"), Tag(fact="context")


def ahead(tag: Tag, ageing: bool = False, **others: Any) -> Tag:
    further = " population service_rates" if ageing else ""
    return tag._replace(projected=True, tables=tag.tables + further, **others)


# Heading or label, by how it begins, and what its figures rest on.
Expected = dict[str, Tag]
TILES: Expected = {
    "Net coverage": LOTS,
    "Hours waiting a week": Tag("requests"),
    "Good or Outstanding": WEIGHED,
    "People wait above 1.00 too": LOTS,
}
MARKET_VIEW: Expected = {"!header": LOTS, "Net coverage by ": LOTS, "People wait above 1.00 too": LOTS, **TILES}
STORY: Expected = {
    "Demand and capacity in ": LOTS,
    "Hours delivered a week in ": Tag("history"),
    "CQC ratings in ": WEIGHED,
    r"\d+ providers with capacity or hours in ": LISTED,
}
HOME_MARKET: Expected = MARKET_VIEW | {"Hours delivered a week$": PUBLISHED}
# Figures of the whole service beside what was published elsewhere.
BESIDE: Expected = {
    "People supported: ": PUBLISHED,
    "Providers: ": Tag("capacity"),
    "Spot share: ": Tag("capacity"),
    "Average cost of an hour: ": DERIVED,
    "(Adults receiving|Supply has|Live at Home|Domiciliary care providers|Providers (entering|leaving)) ": CONTEXT,
    "(New provision|Average (framework|spot) rate,|Regulated providers) ": CONTEXT,
}
BREAKS_MARKET: Expected = MARKET_VIEW | STORY | {"Hours delivered a week$": Tag("demand"), "168 children; ": PUBLISHED}
SUPPLY_TILES: Expected = {
    "!header": STRESS,
    "Headroom, hours a week$": Tag("capacity"),
    "(Ranked list|List)s resting on one provider": LOTS,
    "Tier 1 hours below the gate": WEIGHED,
    "Hours not rated": WEIGHED,
    "Stranded if one leaves": PLACED,
}
PROVIDER_TABS_TAGS: dict[str, Expected] = {
    "Lots and placement": {
        "Headroom, hours a week: ": LOTS,
        "(Tendring|Basildon): ": AFFECTED,
        "Who else has room": ROOM,
        "(Ranked list|List by price), ": LISTED,
    },
    "Quality": {
        "CQC Overall: share of hours by rating": WEIGHED,
        "(?:About )?[\\d,]+ hours a week rest on ratings": WEIGHED,
        "On tier 1 and below the gate": WEIGHED,
        "Below tier 1 and would pass": WEIGHED,
        "Status: ": WEIGHED,
    },
    "Resilience": {
        "(?:About )?[\\d,]+ hours a week in \\d+ lots must move": STRESS,
        "Single points of failure": AFFECTED,
        "Lot by lot, hours a week": STRESS,
        "Who takes the hours": PLACED,
        "The largest provider's share of the hours": Tag("capacity"),
    },
    "Spot and rural": {"": POCKETS},
    "One provider": {
        r"Provider \d+": LISTED,
        r"On \d+ (ranked )?lists?": Tag("capacity"),
        "Hours delivered a week": Tag("capacity"),
        "Share of the service": Tag("capacity"),
        "Value a year": Tag("capacity"),
        "Stranded if it left": AFFECTED,
    },
    "Re-ranking": {"In \\d+ districts?, ": LISTED, "The new list, ": LISTED},
}


def what_if(ageing: bool, tab: str, year: int) -> Expected:
    every, demand = ahead(LOTS, ageing), ahead(Tag("demand requests"), ageing)
    today = year == 0
    tabs: dict[str, Expected] = {
        "What drives it": {"What changes demand in ": demand, "Effect of these steps on the gap": every},
        "What it costs": {"What changes the cost of meeting the need in ": ahead(Tag("demand"), ageing)},
        "Districts": {"Districts in ": LOTS if today else every},
        "What it would take": {
            r"(?:About )?[\d,]+ more hours a week, or (?:about )?[\d,]+ care workers": every,
            "How sure that is, and what makes it unsure": every,
        },
        "Scenarios": {"Side by side in ": every, "Change of the net gap in ": every},
        "Assumptions": {},
    }
    return {
        "!header": every,
        "Net coverage by district": LOTS if today else every,
        "Demand and capacity in ": every,
        "Demand hours in ": demand,
        "Net coverage in ": every,
        "Hours with no provider in ": every,
        "Cost of meeting the need, beside ": ahead(Tag("demand"), ageing),
        r"£[\d.]+m, range .* Spend that capacity allows: ": ahead(Tag("demand capacity"), ageing),
        "A year ago these levers": Tag("history population service_rates" if ageing else "history"),
        **tabs[tab],
    }


SERVICE_TABS: dict[tuple[str, str], Expected] = {
    (HOME, MARKET): HOME_MARKET | STORY | BESIDE,
    (BREAKS, MARKET): BREAKS_MARKET | {"Spot share: ": PUBLISHED, "Providers now favour": CONTEXT},
    (HOME, RATINGS): {
        "Market (quality|supply|demand|workforce|ambition|maturity)": CONTEXT,
        "With Good or Outstanding providers": WEIGHED,
        "Not rated": WEIGHED,
        "Net coverage of the county": LOTS,
        "Below 1.00": LOTS,
        "Short, lot by lot": LOTS,
        "Delivered hours from ": Tag("history"),
        "Median days to source": Tag("requests"),
        "Waiting": Tag("demand requests"),
        "For comparison only, 2": CONTEXT,
        "Headroom today": Tag("demand capacity"),
        "Bought off the framework": Tag("capacity"),
        "Providers: ": Tag("capacity"),
        "The largest provider's share": Tag("capacity"),
        r"Concentration \(HHI\)": Tag("capacity"),
    },
    (BREAKS, RATINGS): {
        "Market (quality|supply|demand|workforce|ambition|maturity)": PUBLISHED,
        "Not rated": WEIGHED,
        "Net coverage of the county": LOTS,
        "Below 1.00": LOTS,
        "Short, lot by lot": LOTS,
        "Expected future capacity required": PUBLISHED,
        "Delivered hours from ": Tag("history"),
        "Median days to source": Tag("requests"),
        "Waiting": Tag("demand requests"),
        "For comparison only, from ": CONTEXT,
        "Headroom today": Tag("demand capacity"),
        "Net coverage after a year": ahead(LOTS),
        "Short then, lot by lot": ahead(LOTS),
        "Bought off the framework": PUBLISHED,
        "Providers: ": DERIVED,
        "The largest provider's share": Tag("capacity"),
        r"Concentration \(HHI\)": Tag("capacity"),
    },
    (BREAKS, GROWTH): {"!header": ahead(DERIVED)},
    (BREAKS, MECHANISM): {
        "!header": ahead(Tag("demand"), assumed=OWN),
        "Cost of a quarter": ahead(Tag("demand"), assumed=OWN),
        "Rates of spot purchase today": Tag("capacity"),
        "What spot purchase means": PUBLISHED,
    },
    (BREAKS, SUPPLY): {
        r"\d+ providers that could serve both": PLACED,
        r"\d+ districts are rural": Tag("requests capacity districts population"),
    },
    (HOME, INTENTIONS): {
        "Net coverage": LOTS,
        "Shortfall hours": LOTS,
        "Providers on a ranked list": LOTS,
        "(Ranked list|List)s resting on one provider": LOTS,
        "Package size": DERIVED,
        "Good or Outstanding share": WEIGHED,
        "Share below the quality gate": WEIGHED,
        "Largest provider's share": Tag("capacity"),
        "Concentration": Tag("capacity"),
        "Spot share: ": Tag("capacity"),
        "Spot share in rural districts": RURAL,
        "Waiting hours": Tag("requests"),
        "Council-arranged spend": PUBLISHED,
        "Average cost of an hour": DERIVED,
        "Open requests": Tag("requests"),
        "Date of the data": Tag("requests"),
        "Growth of weekly hours": CONTEXT,
    },
    (BREAKS, INTENTIONS): {
        "Providers, (lower|upper) end": PUBLISHED,
        "Children per provider": DERIVED,
        "Spot share": PUBLISHED,
        "Net coverage": LOTS,
        "Shortfall hours": LOTS,
        "Waiting hours": Tag("requests"),
        "Median days to source": Tag("requests"),
        "Published gaps filled": DERIVED,
        "Providers in rural districts": RURAL,
        "Providers in districts beside London": Tag("capacity districts"),
    },
}
SIDE_BY_SIDE: Expected = {
    r"People supported \| ": PUBLISHED,
    r"Delivered hours \| Dom": PUBLISHED,
    r"Delivered hours \| Chi": Tag("demand"),
    r"Council-arranged spend \| ": PUBLISHED,
    r"Average cost of an hour \| Dom": DERIVED,
    r"Average cost of an hour \| Chi": Tag("demand"),
    r"Net coverage \| ": LOTS,
    r"Shortfall hours \| ": LOTS,
    r"Waiting hours \| ": Tag("requests"),
    r"Spot share \| Dom": Tag("capacity"),
    r"Spot share \| Chi": PUBLISHED,
    r"Providers \| ": Tag("capacity"),
    r"Good or Outstanding share \| ": WEIGHED,
}


class Run(NamedTuple):
    """A page to open, its state, and every tag that it must have."""

    path: str
    state: dict[str, Any]
    tags: Expected
    patterns: tuple[str, ...] = FIRST


FAR_BY_ROAD = "distance by road, the straight line x 1.3 (assumption)"
A_WEEK = "25 hours of care a carer gives in a week"
ROUNDS = Tag("requests wards", assumed=f"{FAR_BY_ROAD}; {A_WEEK}")
BOARD: Expected = {
    "!header": ROUNDS,
    "Open requests by ward, and rounds within 5 km": ROUNDS,
    "Requests waiting": Tag("requests wards"),
    "Median wait so far": Tag("requests wards"),
    "Hours in candidate rounds": ROUNDS,
    "One more carer could serve": ROUNDS,
    "Open requests by district": Tag("requests wards"),
    "Package by package": Tag("requests wards capacity", assumed=f"{FAR_BY_ROAD}; {A_WEEK}"),
    "By district": Tag("requests wards capacity", assumed=f"{FAR_BY_ROAD}; {A_WEEK}"),
}


def runs() -> dict[str, Run]:
    several = tuple(PATTERNS)
    found = {
        f"{service}, {tab}": Run(
            PATHS[service], {f"tab_{service}": tab}, tags, several if tab in (SUPPLY, INTENTIONS) else FIRST
        )
        for (service, tab), tags in SERVICE_TABS.items()
    }
    for service, tabs in ((HOME, PROVIDER_TABS_TAGS), (BREAKS, ("Lots and placement", "Resilience"))):
        for tab in tabs:
            tags = SUPPLY_TILES | PROVIDER_TABS_TAGS[tab]
            state = {"service": service, "providers_tab": tab, "providers_sources": tab == "Quality"}
            found[f"providers, {service}, {tab}"] = Run(PROVIDERS, state, tags, several if "rural" in tab else FIRST)
    for service, base, tab, year in (
        (HOME, 2024, "What drives it", 0),
        (HOME, 2024, "What it costs", 5),
        (HOME, 2024, "Districts", 3),
        (HOME, 2024, "What it would take", 5),
        (HOME, 2024, "Scenarios", 5),
        (BREAKS, 2023, "Districts", 0),
        (BREAKS, 2023, "Assumptions", 5),
    ):
        state = {"service": service, "what_if_tab": tab, "year": str(base + year)}
        patterns = several if service == HOME and year != 5 else FIRST
        tags = what_if(service == HOME, tab, year)
        found[f"what-if, {service}, {tab}, year {year}"] = Run(WHAT_IF, state, tags, patterns)
    for service in (HOME, BREAKS):
        found[f"engagement, {service}"] = Run(ENGAGEMENT, {"service": service}, BOARD, tuple(PATTERNS))
    return found | {"overview": Run(OVERVIEW, {}, HOME_MARKET | SIDE_BY_SIDE)}


RUNS = runs()


def lines(page: Page) -> Iterator[tuple[str, str]]:
    """Everything on a page that may hold a tag: its kind and a line of it; of a cell, with its row and column."""
    for kind, words, status in live_statuses(page.app):
        weakest = status.removeprefix("projected, ").split(" (")[0]
        yield kind, f"{words} :{COLOURS[weakest]}-badge[{status}]"
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning"):
        for element in page.app.get(kind):
            for line in str(element.value).split("\n"):
                yield kind, line
    for line in tiles(page.app):
        yield "tile", line
    for table in page.app.table:
        named = table.value.index.name is not None
        for row, cells in table.value.iterrows():
            for column, cell in cells.items():
                for line in str(cell).split("\n"):
                    yield "cell", f"{row} | {column} | {line}" if named else line


def tags_on(page: Page) -> list[tuple[str, str, tuple[str, str]]]:
    """Every tag: the kind of its element, the words before it (after it, in a list of sources), colour and words."""
    found = []
    for kind, line in lines(page):
        if kind == "caption" and "Status: " in line:
            words = unescaped(line).split("Status: ")[1].rstrip(".")
            found.append((kind, "Status: ", (COLOURS[words.split(" (")[0]], words)))
        for badge in BADGE.finditer(line):
            before = re.sub(r":small\[|\*\*|^- ", "", unescaped(BADGE.sub("", line[: badge.start()])))
            before = before or f"!source {unescaped(line[badge.end() :])}"
            found.append((kind, before.strip(), (badge[1], unescaped(badge[2]))))
    # What the figures say of a rating is no status; a count of that names the status that it counts: test_rating_grid.
    return [one for one in found if one[1] != "!source" and not FINDINGS.match(one[1])]


def expected_of(tags: Expected, kind: str, words: str) -> Tag | None:
    """The entry of the list that a tag belongs to: that of its page's heading, else by how its words begin."""
    if kind == "header" and "!header" in tags:
        return tags["!header"]
    found = [start for start in tags if not start.startswith("!") and re.match(start, words)]
    return tags[max(found, key=len)] if found else None


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def with_statuses(pack: Pack, statuses: dict[str, str]) -> Pack:
    resources = tuple(
        one.model_copy(update={"status": statuses.get(one.name, "published")}) for one in pack.manifest.resources
    )
    return dataclasses.replace(pack, manifest=pack.manifest.model_copy(update={"resources": resources}))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_tag_is_as_weak_as_the_weakest_table_behind_it(
    pack: Pack, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = PATTERNS[pattern]
    other = with_statuses(pack, statuses)
    monkeypatch.setattr(shell, "shown_pack", lambda: Shown(other, 0.0, False))
    monkeypatch.setattr(page_pack, "shown_pack", shell.shown_pack)
    for kept in KEPT:
        kept.clear()  # they hold figures with their status; what else is kept holds figures only
    titles = {one.name: one.title for one in pack.manifest.resources}
    by_title = {one.title: statuses.get(one.name, "published") for one in pack.manifest.resources}
    wrong = []
    for name, run in RUNS.items():
        if pattern not in run.patterns:
            continue
        seen = set()
        page = opened(run.path, run.state)
        for kind, words, found in tags_on(page):
            if source := re.match(r"!source  \*\*(.*?)\*\*:", words):
                wanted: tuple[str, str] | None = (COLOURS[by_title[source[1]]], by_title[source[1]])
            else:
                tag = expected_of(run.tags, kind, words)
                wanted = tag and tag.words(statuses, titles)
                seen.add(tag)
            if found != wanted:
                wrong.append(f"{name}: {words}: found {found}, expected {wanted}")
        missing = set(run.tags.values()) - seen
        # The second tag of a tile stands only where it says something else.
        seconds = {PUBLISHED, *(tag for start, tag in run.tags.items() if "Spend that capacity allows" in start)}
        if not missing <= seconds:
            wrong.append(f"{name}: no tag of {missing}")
    for kept in KEPT:
        kept.clear()
    assert not wrong, "\n".join(wrong)


def test_every_page_and_tab_is_looked_at() -> None:
    tabs = {(run.path, next((run.state[key] for key in run.state if "tab" in key), "")) for run in RUNS.values()}
    assert {(PROVIDERS, tab) for tab in PROVIDER_TABS} | {(WHAT_IF, tab) for tab in WHAT_IF_TABS} <= tabs
    known = {(PATHS[service], tab) for service, tab in EVERY_TAB}
    assert known - tabs == {(PATHS[HOME], KNOWN), (PATHS[BREAKS], KNOWN)}, "looked at below: facts have their own"
    assert {(OVERVIEW, ""), (ENGAGEMENT, "")} <= tabs


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_a_published_fact_is_tagged_as_its_row_says(service: str) -> None:
    with (ROOT / "data/published/facts.csv").open(encoding="utf-8-sig", newline="") as file:
        facts = [row for row in csv.DictReader(file) if row["service"] == service]
    page = opened(PATHS[service], {f"tab_{service}": KNOWN})
    found = {}
    for table in page.app.table:
        for row in table.value.to_dict("records"):
            (badge,) = BADGE.findall(row["Figure"])
            found[unescaped(row["What"])] = badge
    assert {row["measure"]: (COLOURS[row["status"]], row["status"]) for row in facts}.items() <= found.items()
    others = {words for words in found if words not in {row["measure"] for row in facts}}
    assert {found[words] for words in others} == {("blue", "derived")}, "a derivation"


def test_the_data_page_says_what_each_status_means() -> None:
    said = [
        text
        for text in values(opened(DATA, {"data_tab": "Sources"}).app, "markdown")
        if text.startswith("- :") and "-badge[" in text
    ]
    assert [BADGE.findall(text) for text in said] == [
        [
            ("blue", "published"),
            ("blue", "derived"),
            ("green", "supplied"),
            ("violet", "modelled"),
            ("orange", "illustrative"),
            ("gray", "context"),
            ("gray", "projected"),
        ]
    ]
    assert "projected] Worked out for a year to come" in said[0]
