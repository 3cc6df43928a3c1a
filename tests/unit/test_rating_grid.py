"""The market rating grid: each published rating beside the figures, and what they make of it."""

from dataclasses import replace
from typing import Any, get_args

import pandas as pd
import pytest
from pack_folder import PackFolder

from lib.market.basis import Standing
from lib.market.figure import Figure
from lib.market.profile import county_profile, profile
from lib.market.published.rating_grid import (
    COLUMNS,
    RULES,
    Evidence,
    Market,
    Reading,
    finding_words,
    findings_sentences,
    grid_table,
    growth_level,
    levels,
    observed_growth,
    published_growth,
)
from lib.market.selection import select
from lib.market.status import Known, county_known
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.pack.manifest import GridRating, GridRule

SHORT_BREAKS = "short_breaks"
ROW = GridRating(heading="A heading", fact="f_words", rule="quality")


def market_of(pack: Pack, service: str, **county: float) -> Market:
    """A service's market, with some of the county's figures changed."""
    by_area = select(pack, service, group_by=pack.service(service).default_grouping)
    figures = county_profile(pack, by_area).copy()
    for name, value in county.items():
        figures[name] = value
    return Market(pack, by_area, figures, profile(pack, by_area))


def read(market: Market, rule: str, rating: str) -> Reading:
    return RULES[rule](market, rating, ROW)


def test_how_words_are_read() -> None:
    assert levels("Low/Moderate") == {1, 2}
    assert levels("Good") == levels("High") == levels("very high") == {3}
    assert levels("Very Low/Low") == {1}, "very low is not told apart from low"
    assert levels("Evolving") == levels("Low/Evolving") == levels("") == frozenset()


def test_the_grid_of_short_breaks(pack: Pack) -> None:
    frame = grid_table(pack, SHORT_BREAKS)
    assert list(frame.columns) == COLUMNS
    assert frame[["heading", "rating", "finding", "evidence_status"]].to_numpy().tolist() == [
        ["Market quality", "Low/Moderate", "cannot say", "illustrative"],
        ["Market supply", "Good", "contradicts", "illustrative"],
        ["Market demand", "High", "supports", "published"],
        ["Market workforce", "Very Low/Low", "cannot say", ""],
        ["Market ambition", "Increase Supply", "supports", "projected, illustrative"],
        ["Market maturity", "Evolving", "supports", "published"],
    ]
    assert (frame["status"] == "published").all()
    assert frame["source"].str.contains("updated 15/01/2024").all()
    assert frame["rule"].str.fullmatch(r"[A-Z].*[^.]\.").all(), "one sentence"
    words = frame.set_index("heading")["finding_words"]
    assert words["Market supply"] == "Contradicts, on made-up figures only: not evidence"
    assert words["Market demand"] == "Supports"
    assert words["Market quality"] == "Cannot say"
    evidence = frame.set_index("heading")["evidence"]
    assert evidence["Market quality"] == "Not rated: 57.6% of delivered hours"
    assert evidence["Market supply"] == (
        "Net coverage of the county: 1.01; Below 1.00: 2 of 4 quadrants (Mid and West); "
        "Short, lot by lot: 27 hours a week"
    )
    assert evidence["Market demand"].startswith(
        "Expected future capacity required: +10% a year; Delivered hours from January 2023 to January 2024: +10.1%; "
    )
    # 1,816 hours of demand, a tenth more is 1,997.6; capacity is 1,834.
    assert "Net coverage after a year of that growth: 0.92" in evidence["Market ambition"]
    assert evidence["Market maturity"].startswith(
        "Bought off the framework: 100.0% of hours; Providers: 27.5 (the middle of 25 to 30); "
    )


def test_another_services_workforce_is_context_only(pack: Pack) -> None:
    row = grid_table(pack, SHORT_BREAKS).set_index("heading").loc["Market workforce"]
    first, second, *rest = row["figures"]
    assert first.text == (
        "For comparison only, from Domiciliary care, 2022/23: Vacancy rate in home care, 'nearly' 15% (Superseded: "
        "Vacancy rate, adult social care, England: 7.0%, 2024/25)"
    )
    assert first.status == Standing("context")
    assert second.text.endswith("Adult social care staff turnover 28%")
    assert [one.text.partition(":")[0] for one in rest] == ["Median days to source", "Waiting"]
    assert not any(one.decides for one in row["figures"])


def test_every_figure_has_a_status(pack: Pack) -> None:
    known = {"published", "derived", "supplied", "modelled", "illustrative", "context"}
    for figures in grid_table(pack, SHORT_BREAKS)["figures"]:
        assert {one.status.status for one in figures} <= known
        assert not any(one.decides for one in figures if one.status == Standing("context"))


def test_a_services_own_context_is_not_said_to_be_anothers(pack: Pack) -> None:
    row = grid_table(pack, "domiciliary_care").set_index("heading").loc["Market workforce"]
    assert row[["rating", "status", "finding"]].to_list() == ["Stable/High", "context", "cannot say"]
    assert [one.text for one in row["figures"]][1:4] == [
        "For comparison only, 2022/23: Adult social care staff turnover 28%",
        "For comparison only, 2025: Supply has increased significantly",
        "For comparison only, 22/07/2025: Care worker visa route closed to new applicants from overseas",
    ]


def test_a_service_without_a_grid_has_none(tiny: Pack) -> None:
    frame = grid_table(tiny, "home")
    assert list(frame.columns) == COLUMNS
    assert frame.empty


@pytest.mark.parametrize(
    ("share", "rating", "finding"),
    [
        (0.80, "Good", "supports"),
        (0.79, "Good", "contradicts"),
        (0.60, "Low/Moderate", "supports"),
        (0.59, "Moderate", "contradicts"),
        (0.59, "Very Low", "supports"),
        (0.90, "Evolving", "cannot say"),
    ],
)
def test_quality(tiny: Pack, share: float, rating: str, finding: str) -> None:
    reading = read(market_of(tiny, "home", good_or_better_share=share), "quality", rating)
    assert reading.finding == finding
    # P3, the one that need not be rated, delivers 230 of 470 hours.
    assert [one.text for one in reading.evidence] == [
        f"With Good or Outstanding providers: {100 * share:.1f}% of rated hours",
        "Not rated: 48.9% of delivered hours",
    ]
    assert [one.decides for one in reading.evidence] == [True, False]


def test_supply(tiny: Pack) -> None:
    # Districts: Ash 1.20, Birch 1.00, Cedar 1.25; the county 560 / 515; 35 hours short, lot by lot.
    market = market_of(tiny, "home")
    reading = read(market, "supply", "Good")
    assert reading.finding == "supports"
    assert [one.text for one in reading.evidence] == [
        "Net coverage of the county: 1.09",
        "Below 1.00: 0 of 3 districts",
        "Short, lot by lot: 35 hours a week",
    ]
    assert read(market, "supply", "Low/Moderate").finding == "contradicts"
    short = replace(market, areas=market.areas.assign(coverage=[0.9, 1.0, 1.25]))
    assert read(short, "supply", "Moderate").finding == "supports"
    assert "Below 1.00: 1 of 3 districts (Ash)" in [one.text for one in read(short, "supply", "Good").evidence]
    assert read(market_of(tiny, "home", coverage=0.99), "supply", "Low").finding == "supports"
    unknown = read(market_of(tiny, "home", coverage=float("nan")), "supply", "Low")
    assert unknown.finding == "cannot say"
    assert not any(one.decides for one in unknown.evidence)


def test_growth_is_high_moderate_or_low(tiny: Pack) -> None:
    limits = market_of(tiny, "home").limits
    assert [growth_level(percent, limits) for percent in (10, 5, 4.9, 2, 1.9, -3)] == [3, 3, 2, 2, 1, 1]


def with_growth(folder: PackFolder, fact: str, value: str, status: str) -> Pack:
    """The tiny pack with a published growth of respite, and a history that goes a year further back."""
    folder.append(
        "published/facts.csv", [fact, "respite", "Growth", value, "percent a year", "2024/25", status, "The source", ""]
    )
    places = {"E07000001": "0", "E07000002": "0", "E07000003": "16"}
    for month in ("2024-03", *(f"2024-{number:02}" for number in range(4, 13)), "2025-01"):
        for code, hours in places.items():
            folder.append("market/history.csv", [month, "respite", code, "child", hours, "8", "0", ""])

    def change(document: Any) -> None:
        lever = {"default": float(value), "status": "published", "source": "The source", "fact": fact}
        document["services"]["respite"]["levers"] = {"demand.need_growth_pct": lever}

    folder.change_json("datapackage.json", change)
    return folder.load()


def told(growth: tuple[float, Evidence] | None) -> tuple[float, str, str]:
    """A growth, the words that stand for it and how it is known."""
    assert growth is not None
    return growth[0], growth[1].text, str(growth[1].status)


def test_demand_goes_by_the_published_growth(tiny_folder: PackFolder) -> None:
    market = market_of(with_growth(tiny_folder, "f_growth", "3", "published"), "respite")
    assert told(published_growth(market)) == (3, "Growth: +3% a year", "published")
    # 20 hours today, 16 a year before.
    assert told(observed_growth(market)) == (
        25,
        "Delivered hours from March 2024 to March 2025: +25.0%",
        "illustrative",
    )
    reading = read(market, "demand", "High")
    assert reading.finding == "contradicts"
    assert [one.decides for one in reading.evidence] == [True, False, False, False]
    assert read(market, "demand", "Moderate").finding == "supports"


def test_demand_goes_by_the_history_where_no_growth_is_published(tiny_folder: PackFolder) -> None:
    market = market_of(with_growth(tiny_folder, "f_growth", "3", "context"), "respite")
    assert published_growth(market) is None, "a growth of something else is not this service's"
    reading = read(market, "demand", "High")
    assert (reading.finding, str(reading.evidence[0].status)) == ("supports", "illustrative")


def test_demand_without_any_growth(tiny: Pack) -> None:
    market = market_of(tiny, "home")
    assert published_growth(market) is None
    assert observed_growth(market) is None, "two months are no year"
    reading = read(market, "demand", "High")
    assert reading.finding == "cannot say"
    assert [one.text for one in reading.evidence] == [
        "Median days to source: 7.0 (from 4 requests)",
        "Waiting: 8.7% (from 3 open requests) of demand",
    ]


def test_a_service_without_history_has_no_growth(tiny_folder: PackFolder) -> None:
    tiny_folder.keep_rows("market/history.csv", lambda row: row["service"] != "respite")
    assert observed_growth(market_of(tiny_folder.load(), "respite")) is None


def test_ambition(tiny_folder: PackFolder) -> None:
    # 22 hours of demand against a capacity of 15: short today and after any growth.
    pack = with_growth(tiny_folder, "f_growth", "3", "published")
    reading = read(market_of(pack, "respite"), "ambition", "Increase Supply")
    assert reading.finding == "supports"
    assert [one.text for one in reading.evidence] == [
        "Headroom today: -5 hours a week",
        "Growth: +3% a year",
        "Net coverage after a year of that growth: 0.66",
        "Short then, lot by lot: 8 hours a week",
    ]
    assert read(market_of(pack, "respite"), "ambition", "Maintain").finding == "cannot say"
    tiny_folder.set(
        "market/capacity.csv", tiny_folder.find("market/capacity.csv", provider_id="P4"), *("capacity_hours", "23")
    )
    enough = market_of(tiny_folder.load(), "respite")
    assert read(enough, "ambition", "Increase Supply").finding == "contradicts"


def test_ambition_in_between_and_without_growth(tiny_folder: PackFolder) -> None:
    tiny_folder.append(
        "published/facts.csv", ["f_flat", "home", "Growth", "0", "percent a year", "2024/25", "published", "Source", ""]
    )
    without = read(market_of(tiny_folder.load(), "home"), "ambition", "Increase Supply")
    assert (without.finding, len(without.evidence)) == ("cannot say", 1)

    def change(document: Any) -> None:
        lever = {"default": 0, "status": "published", "fact": "f_flat"}
        document["services"]["home"]["levers"] = {"demand.need_growth_pct": lever}

    tiny_folder.change_json("datapackage.json", change)
    reading = read(market_of(tiny_folder.load(), "home"), "ambition", "Increase Supply")
    assert reading.finding == "cannot say", "enough in the county, 35 hours short lot by lot"
    assert not any(one.decides for one in reading.evidence)


@pytest.mark.parametrize(
    ("share", "rating", "finding"),
    [
        (1.0, "Evolving", "supports"),
        (0.5, "Emerging", "supports"),
        (0.49, "Evolving", "cannot say"),
        (0.19, "Evolving", "contradicts"),
        (0.19, "Mature", "supports"),
        (1.0, "Established", "contradicts"),
        (1.0, "Good", "cannot say"),
        (float("nan"), "Evolving", "cannot say"),
    ],
)
def test_maturity(tiny: Pack, share: float, rating: str, finding: str) -> None:
    reading = read(market_of(tiny, "respite", spot_share=share), "maturity", rating)
    assert reading.finding == finding
    assert reading.evidence[0].decides == (finding != "cannot say")


def test_a_spot_share_that_agrees_with_the_published_one_is_published(tiny: Pack, tiny_folder: PackFolder) -> None:
    assert county_known(tiny, select(tiny, "respite"), "spot_share") == Known(Standing("published"), "The source")
    home = select(tiny, "home")
    assert county_known(tiny, home, "spot_share").status == Standing("illustrative")
    tiny_folder.set("published/facts.csv", tiny_folder.find("published/facts.csv", id="f_spot"), "value", "90")
    pack = tiny_folder.load()
    assert county_known(pack, select(pack, "respite"), "spot_share").status == Standing("illustrative")


@pytest.mark.parametrize(
    ("finding", "status", "words"),
    [
        ("supports", "published", "Supports"),
        ("contradicts", "modelled", "Contradicts, on modelled figures: weak evidence"),
        ("supports", "illustrative", "Supports, on made-up figures only: not evidence"),
        ("cannot say", "illustrative", "Cannot say"),
    ],
)
def test_a_finding_carries_its_caution(finding: Any, status: Any, words: str) -> None:
    assert finding_words(Reading(finding, (), ""), Standing(status)) == words


def grid_of(*findings: tuple[str, str]) -> pd.DataFrame:
    """A grid of findings, each with the status of what decides it; "" where nothing does."""
    return pd.DataFrame(
        {
            "finding": [finding for finding, _ in findings],
            "figures": [
                tuple(Evidence(Figure("A", "1", "", Standing(one, projected=True)), True) for one in [status] if one)  # type: ignore[arg-type]
                for _, status in findings
            ],
        }
    )


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        # Made-up figures are no evidence, however many: they never stand in one number with what is published.
        (
            [("supports", "published"), ("supports", "illustrative"), ("contradicts", "illustrative")],
            [
                ("Published figures support 1 of 3 published ratings.", "published"),
                ("Made-up figures support 1 and contradict 1: not evidence.", "illustrative"),
            ],
        ),
        (
            [("supports", "illustrative")] * 2 + [("cannot say", "illustrative")],
            [
                ("No published or supplied figure says anything of 3 published ratings.", ""),
                ("Made-up figures support 2: not evidence.", "illustrative"),
            ],
        ),
        (
            [("contradicts", "supplied"), ("supports", "modelled"), ("cannot say", "")],
            [
                ("Supplied figures contradict 1 of 3 published ratings.", "supplied"),
                ("Modelled figures support 1: weak evidence.", "modelled"),
                ("Nothing can be said of 1.", ""),
            ],
        ),
        (
            [("contradicts", "supplied"), ("supports", "derived"), ("supports", "published")],
            [("Published and supplied figures support 2 and contradict 1 of 3 published ratings.", "supplied")],
        ),
        ([("supports", "derived")], [("Published figures support 1 of 1 published rating.", "derived")]),
        ([("cannot say", "")], [("No published or supplied figure says anything of 1 published rating.", "")]),
    ],
)
def test_the_sentence_counts_evidence_by_how_it_is_known(
    findings: list[tuple[str, str]], said: list[tuple[str, str]]
) -> None:
    found = findings_sentences(grid_of(*findings))
    assert [(text, str(known) if known else "") for text, known in found] == said


def test_the_sentence_of_short_breaks(pack: Pack) -> None:
    said = " ".join(text for text, _ in findings_sentences(grid_table(pack, SHORT_BREAKS)))
    assert said == (
        "Published figures support 2 of 6 published ratings. Made-up figures support 1 and contradict 1: not evidence. "
        "Nothing can be said of 2."
    )


def test_the_grid_names_facts_and_rules_that_are_there(tiny_folder: PackFolder) -> None:
    def name(fact: str, rule: str, context: list[str]) -> None:
        row = {"heading": "Quality", "fact": fact, "rule": rule, "context": context}
        tiny_folder.change_json(
            "datapackage.json", lambda document: document["services"]["respite"].update(rating_grid=[row])
        )

    name("f_words", "quality", ["f_none"])
    assert tiny_folder.faults() == [
        'datapackage.json, column services.respite.rating_grid: found "f_none", expected a fact of published/facts.csv'
    ]
    name("f_words", "beauty", [])
    assert tiny_folder.faults() == [
        'datapackage.json, column services.respite.rating_grid."Quality".rule: found "beauty", '
        "expected one of quality, supply, demand, workforce, ambition, maturity"
    ]
    name("f_words", "quality", ["f_spot"])
    frame = grid_table(tiny_folder.load(), "respite")
    assert isinstance(frame, pd.DataFrame)
    # P4, the only provider, is not rated.
    assert frame[["rating", "finding", "evidence"]].to_numpy().tolist() == [
        ["Low", "cannot say", "Not rated: 100.0% of delivered hours"]
    ]
    with pytest.raises(SelectionError, match="expected one of home, respite"):
        grid_table(tiny_folder.load(), "none")


def test_every_rule_that_a_manifest_may_name_is_there() -> None:
    assert set(RULES) == set(get_args(GridRule))


def limits(folder: PackFolder, **changed: object) -> None:
    """Other limits of the ratings, in the pack."""
    folder.change_json("datapackage.json", lambda document: document["rating_limits"].update(changed))


def test_the_limits_are_the_packs(tiny_folder: PackFolder) -> None:
    """Each rule goes by the pack's own limits, and says them."""
    limits(tiny_folder, good_share=0.925, moderate_share=0.7, high_growth_pct=7.5, moderate_growth_pct=3)
    limits(tiny_folder, mostly_spot_share=0.9, hardly_spot_share=0.05, enough_coverage=1.2)
    pack = with_growth(tiny_folder, "f_growth", "6", "published")
    nine_tenths = read(market_of(pack, "home", good_or_better_share=0.9), "quality", "Good")
    assert nine_tenths.finding == "contradicts", "good from 0.8 on, but not where good begins at 0.925"
    assert nine_tenths.rule.startswith("Good from 92.5% of rated hours with Good or Outstanding providers, moderate")
    assert "moderate from 70%, low below" in nine_tenths.rule
    growing = read(market_of(pack, "respite"), "demand", "Moderate")
    assert growing.finding == "supports", "6% is high from 5%, and moderate from 3% where high begins at 7.5%"
    assert growing.rule.startswith("High from a growth of 7.5% a year, moderate from 3%, low below")
    some_spot = read(market_of(pack, "home", spot_share=0.6), "maturity", "Evolving")
    assert some_spot.finding == "cannot say"
    assert "where 90% or more of its hours" in some_spot.rule
    assert "contradicted below 5%" in some_spot.rule
    # Districts: Ash 1.20, Birch 1.00, Cedar 1.25; the county 560 / 515.
    supply = read(market_of(pack, "home"), "supply", "Low")
    assert supply.finding == "supports"
    assert "Below 1.20: 1 of 3 districts (Birch)" in [one.text for one in supply.evidence]
    assert supply.rule.startswith("Good where net coverage is 1.20 or more in the county and in every district")


def test_ambition_goes_by_the_packs_own_coverage(tiny_folder: PackFolder) -> None:
    """22 hours of demand are 22.66 after a year: 23 hours of capacity are enough, but not where 1.20 is asked for."""
    with_growth(tiny_folder, "f_growth", "3", "published")
    row = tiny_folder.find("market/capacity.csv", provider_id="P4")
    tiny_folder.set("market/capacity.csv", row, "capacity_hours", "23")
    assert read(market_of(tiny_folder.load(), "respite"), "ambition", "Increase").finding == "contradicts"
    limits(tiny_folder, enough_coverage=1.2)
    pack = tiny_folder.load()
    reading = read(market_of(pack, "respite"), "ambition", "Increase")
    assert reading.finding == "supports"
    assert "below 1.20 after a year" in reading.rule


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"moderate_share": 0.8}, '.moderate_share: found "0.8", expected a number below good_share, 0.8'),
        ({"moderate_growth_pct": 6}, '.moderate_growth_pct: found "6", expected a number below high_growth_pct, 5'),
        ({"hardly_spot_share": 0.6}, '.hardly_spot_share: found "0.6", expected a number below mostly_spot_share, 0.5'),
        ({"good_share": 80}, '.good_share: found "80", expected 1 or less'),
        ({"enough_coverage": 0}, '.enough_coverage: found "0", expected more than 0'),
        ({"high_growth_pct": True}, ".high_growth_pct: found true, expected a number"),
        ({"mostly_spot_share": "half"}, '.mostly_spot_share: found "half", expected a number'),
    ],
)
def test_limits_that_are_none(tiny_folder: PackFolder, changed: dict[str, object], fault: str) -> None:
    limits(tiny_folder, **changed)
    assert tiny_folder.faults() == [f"datapackage.json, column rating_limits{fault}"]


def test_a_limit_that_is_not_a_number_at_all_is_refused(tiny_folder: PackFolder) -> None:
    """JSON as Python reads it knows NaN, which is neither above nor below another limit."""
    limits(tiny_folder, good_share=float("nan"))
    assert tiny_folder.faults()[0].startswith("datapackage.json, column rating_limits.good_share: found NaN")


def test_a_grid_needs_its_limits(tiny_folder: PackFolder) -> None:
    tiny_folder.change_json("datapackage.json", lambda document: document.pop("rating_limits"))
    assert tiny_folder.load().manifest.rating_limits is None, "without a grid there is nothing to limit"
    row = {"heading": "Quality", "fact": "f_words", "rule": "quality"}
    tiny_folder.change_json(
        "datapackage.json", lambda document: document["services"]["respite"].update(rating_grid=[row])
    )
    assert tiny_folder.faults() == [
        "datapackage.json: found services.respite.rating_grid, and no rating_limits to say where its words begin, "
        "expected parts that agree with each other"
    ]
