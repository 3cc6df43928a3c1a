"""Every file: what must not be shared says so, and figures are numbers with their unit, status and date."""

from __future__ import annotations

import csv
import io
import re

import pytest
from app_pages import DATA, ENGAGEMENT, OVERVIEW, PROVIDERS, ROOT, WHAT_IF, market_table, values
from service_pages import BREAKS, EVERY_TAB, HOME, MARKET, Offer, Page, on_tab, opened, shown

from lib.market.profile import profile
from lib.market.selection import select
from lib.market.sharing import INTERNAL
from lib.pack.load import Pack, load_pack
from lib.view.data.page import NAMES as DATA_TABS
from lib.view.providers.page import NAMES as PROVIDER_TABS
from lib.view.what_if.tabs import NAMES as WHAT_IF_TABS

DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
SMALL = "small number, do not share: "
CHARTS_OF_PROVIDERS = (
    "lots_grid",
    "placement",
    "provider_ratings",
    "ages",
    "stress_map",
    "risks",
    "concentration",
    "points",
)
CHARTS_OF_WHAT_IF = ("lines", "drivers", "costs", "levers")
WORDS = {"people": "people supported", "open_requests": "open requests", "providers": "providers"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def small_words(row: dict[str, float]) -> str:
    """What a row's mark must say, written out here once more."""
    small = [word for code, word in WORDS.items() if 1 <= row[code] <= 7]
    text = " and ".join([", ".join(small[:-1]), small[-1]] if len(small) > 1 else small)
    return f"{SMALL}{text}" if small else ""


@pytest.mark.parametrize(
    ("service", "group_by", "types", "cohorts"),
    [
        (BREAKS, "district", [], []),
        (BREAKS, "quadrant", [], []),
        (HOME, "district", [], []),
        (HOME, "quadrant", [], []),
        (HOME, "district", ["night_awake"], ["working_age_adults"]),
        (HOME, "nhs_sub_area", ["live_in_24h"], ["older_people"]),
    ],
)
def test_small_counts_are_marked_row_by_row(
    pack: Pack, service: str, group_by: str, types: list[str], cohorts: list[str]
) -> None:
    state = {f"by_{service}": group_by, f"types_{service}": types, f"cohorts_{service}": cohorts}
    table = market_table(on_tab(service, MARKET, **state).app).set_index("area_name")
    rows = profile(pack, select(pack, service, types, cohorts, group_by)).set_index("area_name")
    expected = {name: small_words(row) for name, row in rows.to_dict("index").items()}
    if not any(expected.values()):
        assert "small" not in table
    else:
        assert table["small"].drop("Essex").to_dict() == expected


def test_the_marks_are_there_and_not_everywhere(pack: Pack) -> None:
    table = market_table(on_tab(BREAKS, MARKET, by_short_breaks="district").app)
    assert table["small"].str.startswith(SMALL).sum() >= 6
    assert table["small"].iloc[-1] == "", "168 children are published"
    assert "small" not in market_table(on_tab(HOME, MARKET, by_domiciliary_care="quadrant").app)


def test_a_small_part_of_the_county_is_marked_as_well() -> None:
    page = on_tab(HOME, MARKET, types_domiciliary_care=["live_in_24h"], cohorts_domiciliary_care=["older_people"])
    county = market_table(page.app).iloc[-1]
    assert (county["area_name"], county["people"], county["providers"]) == ("Essex", 4, 5)
    assert county["small"] == f"{SMALL}people supported and providers"
    assert badges(page) == [f":orange-badge[{SMALL}people supported and providers]"]


def badges(page: Page) -> list[str]:
    """The badges of small numbers."""
    return [text for text in values(page.app, "markdown") if SMALL in text]


def test_the_story_of_an_area_has_a_badge_where_a_count_is_small(pack: Pack) -> None:
    rows = profile(pack, select(pack, BREAKS, group_by="district"))
    for row in rows.to_dict("records")[:4]:
        page = on_tab(BREAKS, MARKET, by_short_breaks="district", district=row["area_code"])
        assert row["area_name"] in values(page.app, "header")
        words = small_words(row)
        assert badges(page) == ([f":orange-badge[{words}]"] if words else [])
    assert badges(shown(HOME, MARKET)) == badges(shown(BREAKS, MARKET)) == [], "the county's own totals"


# Files.


def every_page() -> list[Page]:
    """Every tab of every page, with what is closed at first opened."""
    pages = [shown(service, tab) for service, tab in EVERY_TAB]
    closed = {f"table_{name}": True for name in (*CHARTS_OF_PROVIDERS, *CHARTS_OF_WHAT_IF)}
    pages += [opened(PROVIDERS, closed | {"providers_tab": tab}) for tab in PROVIDER_TABS]
    pages += [opened(PROVIDERS, closed | {"providers_tab": tab, "service": BREAKS}) for tab in PROVIDER_TABS[:3]]
    pages += [opened(WHAT_IF, closed | {"what_if_tab": tab}) for tab in WHAT_IF_TABS]
    tables = {f"table_backtest_{service}": True for service in (HOME, BREAKS)}
    pages += [opened(DATA, tables | {"data_tab": tab}) for tab in DATA_TABS]
    for service in (HOME, BREAKS):
        waiting = {f"table_{service}_waiting_{name}": True for name in ("by_ward", "requests")}
        pages.append(opened(ENGAGEMENT, waiting | {"service": service}))
    return [*pages, opened(OVERVIEW)]


@pytest.fixture(scope="module")
def offers() -> list[Offer]:
    return [offer for page in every_page() for offer in page.offers]


def test_whatever_tells_of_a_district_or_a_provider_is_an_internal_file(pack: Pack, offers: list[Offer]) -> None:
    """By what is in them: names and codes in any cell of a table."""
    groups = set(pack.table("area_groups")["group_name"])
    telling = [*pack.district_names(), *pack.district_names().values()]
    telling += [*pack.table("providers")["provider_name"], *pack.table("providers")["provider_id"]]
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, telling))})\b")
    internal, open_ = set(), set()
    for offer in offers:
        if not offer.name.endswith(".csv"):
            continue
        cells = [str(cell) for cell in offer.table().to_numpy().ravel()]
        if "_internal_do_not_share" in offer.name:
            internal.add(offer.name)
            assert offer.text().startswith(f"# {INTERNAL}\n")
        else:
            open_.add(offer.name)
            assert INTERNAL not in offer.text()
            assert known.search("\n".join(cells)) is None, offer.name
            assert groups.isdisjoint(cells), offer.name
    assert len(internal) >= 10
    assert {"domiciliary_care_county.csv", "short_breaks_county.csv", "short_breaks_growth.csv"} <= open_
    assert {
        "short_breaks_by_quadrant_internal_do_not_share.csv",
        "reconciliation_internal_do_not_share.csv",
    } <= internal


def test_pictures_by_area_are_internal_files(offers: list[Offer]) -> None:
    pictures = {offer.name: offer for offer in offers if offer.name.endswith(".png")}
    open_ = {name.removesuffix(".png") for name in pictures if not name.endswith("_internal_do_not_share.png")}
    assert open_ == {"growth_years", "transition", "ages", *CHARTS_OF_WHAT_IF}, "the county's own charts"
    assert {f"{name}_internal_do_not_share.png" for name in CHARTS_OF_PROVIDERS if name != "ages"} <= set(pictures)
    assert sum("_coverage_" in name for name in pictures) == 4, "a map and a ranking of each service"


def test_every_picture_is_one(offers: list[Offer]) -> None:
    """Each is drawn for paper, whatever the screen: a chart that draws on screen may still fail as a picture."""
    pictures = {offer.name: offer for offer in offers if offer.name.endswith(".png")}
    sizes = {}
    for name, offer in pictures.items():
        data = offer.data()
        assert data.startswith(b"\x89PNG"), name
        sizes[name] = tuple(int.from_bytes(data[place : place + 4], "big") for place in (16, 20))
    assert {name: size for name, size in sizes.items() if size[0] < 1200 or size[1] < 300} == {}


def test_every_file_of_figures_says_that_they_are_made_up(offers: list[Offer]) -> None:
    files = [offer for offer in offers if offer.name.endswith(".csv") and "_template" not in offer.name]
    assert [offer.name for offer in files if DEMONSTRATION not in offer.text()] == []
    assert len(files) > 20


def test_the_countys_file_says_that_it_may_be_shared(offers: list[Offer]) -> None:
    for service, exact in ((HOME, ["7465", "128000", "160500000"]), (BREAKS, ["168", "1660", "2163000"])):
        text = next(offer for offer in offers if offer.name == f"{service}_county.csv").text()
        assert text.splitlines()[0] == "measure,value,unit,status,note"
        for label, value in zip(("People supported", "Delivered hours", "Council-arranged spend"), exact, strict=True):
            assert f"\n{label},{value}," in text
        assert "Safe to share, county figures only." in text


# What is in them.

# A number as people read it: with a sign that a spreadsheet shows as text, a thousands separator, pounds or a unit.
FOR_PEOPLE = re.compile(r"'?[+-]?£?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(m|%| of [\d,]+)?")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
# Files of words: what was published, to the digit, and levers as people read them, beside their unit.
WORDS_IN = ("_known_and_unknown.csv", "assumptions.csv")
TABLES_BENEATH = {  # beneath charts, by the file's name, and the columns that hold figures
    "lots": {"Demand (hours a week)", "Capacity (hours a week)", "Shortfall (hours a week)"},
    "history": {"Delivered (hours a week)"},
    "ratings": {"Delivered (hours a week)", "Share of delivered hours (percent)"},
    "growth_years": {"Children (people, on average)"},
    "transition": {
        "Share of hours moved (percent)", "Cost (pounds a quarter)", "Difference (pounds a quarter)",
        "Children moved (people, on average)", "Capacity (hours a week)",
    },
    "spread": {"Providers (count)", "Lowest (pounds an hour)", "Median (pounds an hour)", "Highest (pounds an hour)"},
    "shared": {
        "Providers (count)", "Headroom there (hours a week)", "Waiting here (hours a week)",
        "Short here (hours a week)",
    },
    "places": {"Rural 65+ (percent)", "Providers (count)", "Waiting (hours a week)", "Days to source (days)"},
    "lots_grid": {"Providers (count)", "Headroom (hours a week)", "Demand (hours a week)"},
    "placement": {"Placed (hours a week)"},
    "provider_ratings": {"Delivered (hours a week)", "Share of delivered hours (percent)"},
    "ages": {"Providers (count)", "Delivered (hours a week)"},
    "stress_map": {
        "Must move (hours a week)", "Nobody has room (hours a week)", "People affected, about (people)",
        "Headroom lost (hours a week)",
    },
    "risks": {
        "Delivered (hours a week)", "Nobody has room (hours a week)", "Lots (count)", "People affected, about (people)",
    },
    "concentration": {"Largest provider's share (percent)", "HHI (index, 0 to 10,000)"},
    "points": {"Rural, aged 65 and over (percent)", "Spot share of delivered hours (percent)"},
    "lines": {
        "Demand (hours a week)", "Demand, 1 of 10 below (hours a week)", "Demand, 1 of 10 above (hours a week)",
        "Capacity (hours a week)", "Capacity, 1 of 10 below (hours a week)", "Capacity, 1 of 10 above (hours a week)",
    },
    "drivers": {"Change (hours a week)", "Demand after it (hours a week)"},
    "costs": {"Change (pounds a year)", "Cost after it (pounds a year)"},
    "levers": {"Gap, with the lower (hours a week)", "Gap, with the higher (hours a week)"},
}  # fmt: skip
# Files of years to come of a scenario, by how they begin.
OF_SCENARIOS = ("lines", "drivers", "levers", "districts_2029", "projection", "scenarios", "comparison", "assumptions")


def stem(offer: Offer) -> str:
    return offer.name.removesuffix(".csv").removesuffix("_internal_do_not_share")


def notes(offer: Offer) -> list[str]:
    """The lines beneath the rows of a file."""
    rows = list(csv.reader(io.StringIO(offer.text())))[1:]
    return [row[0].removeprefix("# ") for row in rows if row and row[0].startswith("# ")]


@pytest.fixture(scope="module")
def tables(offers: list[Offer]) -> list[Offer]:
    """Every file of figures, each once."""
    found = [one for one in offers if one.name.endswith(".csv") and not one.name.endswith("_template.csv")]
    assert len(found) > 50
    return found


def test_figures_are_numbers_in_every_file(tables: list[Offer]) -> None:
    """No number for people, and none with more than four digits behind the point."""
    wrong = set()
    for offer in tables:
        if offer.name.endswith(WORDS_IN):
            continue
        for column, cells in offer.table().items():
            for cell in set(cells):
                digits = len(cell.partition(".")[2]) if NUMBER.fullmatch(cell) and "e" not in cell else 0
                if (FOR_PEOPLE.fullmatch(cell) and not NUMBER.fullmatch(cell)) or digits > 4:
                    wrong.add((offer.name, column, cell))
    assert wrong == set()


def test_the_table_beneath_a_chart_has_numbers_with_their_unit_in_the_head(tables: list[Offer]) -> None:
    seen = set()
    for offer in tables:
        if (columns := TABLES_BENEATH.get(stem(offer))) is None:
            continue
        table = offer.table()
        if columns <= set(table.columns) or stem(offer) != "points":  # without a framework the points tell of waiting
            assert columns <= set(table.columns), offer.name
            seen.add(stem(offer))
            for column in columns:
                assert all(NUMBER.fullmatch(cell) for cell in table[column] if cell), (offer.name, column)
            assert not [head for head in set(table.columns) - columns if head.endswith(("hours", "£", "share"))]
    assert seen == set(TABLES_BENEATH)


def test_the_lines_beneath_a_file_begin_with_title_status_and_date(tables: list[Offer]) -> None:
    statuses = "published|derived|supplied|modelled|illustrative|context"
    opening = re.compile(rf".+\. Status: (projected, )?({statuses})( \(with: [^)]+\))?\. (.*)Data to (.*)\.")
    # What a file of ratings says besides, and one of no service or of both.
    dates = {
        "Domiciliary care, 2024/25. ": {"31 March 2025"},
        "Children's short breaks, 2023/24 (assumed). ": {
            "31 January 2024",
            "31 January 2024, ratings to 31 March 2025",
        },
        "": {"31 March 2025 (Children's short breaks to 31 January 2024)"},
    }
    for offer in tables:
        first, second, *others = [line for line in notes(offer) if line != INTERNAL]
        found = opening.fullmatch(first)
        assert found, (offer.name, first)
        assert found[5] in dates[found[4]], (offer.name, first)
        assert second == DEMONSTRATION, offer.name
        assert DEMONSTRATION not in others, offer.name
        assert not [line for line in others if "Status: " in line], offer.name


def test_a_file_of_a_scenario_says_how_its_own_figures_are_known(tables: list[Offer]) -> None:
    by_stem = {stem(offer): offer for offer in tables}
    for name in OF_SCENARIOS:
        text = by_stem[name].text()
        assert "Status: projected, illustrative. Domiciliary care, 2024/25." in text, name
        assert "where supply or waiting is used" not in text, name
        assert sum(line.startswith("Scenario: ") for line in notes(by_stem[name])) == 1, name
        assert sum(line.startswith("Rationale: ") for line in notes(by_stem[name])) == 1, name
        assert "Assumption: " in text, name
