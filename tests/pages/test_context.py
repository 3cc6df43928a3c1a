"""Facts of other populations, areas and years: each stands beside what it qualifies, the stale ones marked."""

from __future__ import annotations

from functools import cache

import pytest
from app_pages import ROOT, WHAT_IF
from service_pages import (
    BREAKS,
    HOME,
    KNOWN,
    MARKET,
    MECHANISM,
    RATINGS,
    Page,
    badge,
    opened,
    pieces,
    shown,
    text_tables,
)

from lib.market.published.context import beside, beside_lever, context_faults, qualifying
from lib.pack.load import Pack, load_pack

CONTEXT = badge("context")
# Of the market's table: the figure here, and how the fact begins that stands in the same row.
BESIDE = {
    "ctx_market_adults": ("People supported", "Adults receiving domiciliary care in Essex, all funders: 9,083 people"),
    "ctx_market_providers": ("Providers", "Domiciliary care providers in Essex, all funders: 200 providers"),
    "ctx_providers_entering": ("Providers", "Providers entering the market since 1 April 2023: 11 providers"),
    "ctx_providers_exiting": ("Providers", "Providers leaving the market since 1 April 2023: 9 providers"),
    "ctx_framework_2025_lots": ("Providers", "Live at Home (2025) lots: 12 lots, from 09/11/2025"),
    "ctx_market_good": ("Good or Outstanding share", "Domiciliary care providers rated Good or Outstanding: 81%"),
    "ctx_cqc_good_or_better": ("Good or Outstanding share", "Regulated providers rated Good or Outstanding: 84%"),
    "ctx_rate_framework_mh": (
        "Average cost of an hour",
        "Average framework rate, mental health domiciliary care: £23.45",
    ),
    "ctx_rate_spot_mh": ("Average cost of an hour", "Average spot rate, mental health domiciliary care: £26.13"),
    "ctx_new_provision_framework": ("Spot share", "New provision commissioned with framework providers: 92%, 2025"),
    "ctx_overseas_licences": ("Net coverage", "Supply has increased significantly, 2025"),
}
RATED = {
    "ctx_rating_quality": ("Market quality", "Good"),
    "ctx_rating_supply": ("Market supply", "Good"),
    "ctx_rating_demand": ("Market demand", "Stable/High"),
    "ctx_rating_workforce": ("Market workforce", "Stable/High"),
    "ctx_rating_ambition": ("Market ambition", "Manage Supply"),
    "ctx_rating_maturity": ("Market maturity", "Evolving"),
}
ENGLAND = "Vacancy rate, adult social care, England: 7.0%, 2024/25"
# Beneath a lever of the what-if.
LEVERS = {
    "ctx_vacancy_england": f"For comparison (context): {ENGLAND}.",
    "ctx_vacancy_home_care": f"Vacancy rate in home care, 'nearly': 15%, 2022/23. Superseded: {ENGLAND}.",
    "ctx_turnover": "For comparison (context): Adult social care staff turnover: 28%, 2022/23.",
    "ctx_fee_uplift_2025": "Home care fee uplift, England: 5.3%, 2025/26 (provisional). 9.6% in 2023/24, 6.5% in",
    "ctx_visa_route": "Care worker visa route closed to new applicants from overseas, 22/07/2025.",
    "ctx_overseas_licences": "Supply has increased significantly, 2025. Said to be partly because providers obtained",
}
CONTRACT = "Providers now favour a contract, 12/2025"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


@cache
def what_if(service: str) -> Page:
    return opened(WHAT_IF, {"service": service})


def test_every_fact_of_the_list_is_looked_for(pack: Pack) -> None:
    facts = pack.table("facts")
    added = {
        *("ctx_rating_quality", "ctx_rating_supply", "ctx_rating_demand", "ctx_rating_ambition"),
        *("ctx_rating_workforce", "ctx_rating_maturity", "ctx_new_provision_framework", "ctx_overseas_licences"),
        *("ctx_framework_2025_lots", "ctx_market_providers", "ctx_market_adults", "ctx_market_good"),
        *("ctx_rate_framework_mh", "ctx_rate_spot_mh", "ctx_providers_entering", "ctx_providers_exiting"),
        *("ctx_visa_route", "ctx_fee_uplift_2025", "ctx_vacancy_england", "ctx_sb_contract"),
    }
    assert len(added) == 20
    assert added <= set(facts.loc[facts["status"] == "context", "id"])
    assert added <= {*BESIDE, *RATED, *LEVERS, "ctx_sb_contract"}


@pytest.mark.parametrize("fact_id", BESIDE)
def test_a_fact_stands_beside_the_markets_figure(fact_id: str) -> None:
    here, words = BESIDE[fact_id]
    table = text_tables(shown(HOME, MARKET))
    assert list(table.columns) == ["Here", "Published elsewhere", "Note"]
    assert table["Here"].ne("").sum() == 6, "each figure stands once"
    beside_it = table[table["Here"].replace("", None).ffill().str.startswith(f"{here}: **")]["Published elsewhere"]
    (line,) = [line for line in beside_it if line.startswith(words)]
    assert line.endswith(CONTEXT)


@pytest.mark.parametrize("fact_id", RATED)
def test_domiciliary_care_has_its_market_ratings(fact_id: str) -> None:
    heading, rating = RATED[fact_id]
    app = shown(HOME, RATINGS).app
    texts = [element.value for element in app.markdown]
    headings = [text for text in texts if text.startswith("**Market ")]
    assert len(headings) == len(app.metric) == 6
    place = headings.index(f"**{heading}** {CONTEXT}")
    assert app.metric[place].value.replace("\\", "") == rating


@pytest.mark.parametrize("fact_id", LEVERS)
def test_a_fact_stands_beneath_its_lever(fact_id: str) -> None:
    found = [text for text in pieces(what_if(HOME)) if LEVERS[fact_id] in text]
    assert len(found) == 1
    assert found[0].startswith("For comparison (context): ")


def test_a_borrowed_default_that_is_stale_says_so() -> None:
    found = [text for text in pieces(what_if(BREAKS)) if text.startswith("For comparison (context): ")]
    assert found == [f"For comparison (context): {LEVERS['ctx_vacancy_home_care']}"]


def test_what_is_stale_is_marked_wherever_it_stands(pack: Pack) -> None:
    """The vacancy rate, and that providers prefer spot purchase."""
    for service in (HOME, BREAKS):
        stale = [text for text in pieces(shown(service, RATINGS)) if "'nearly' 15%" in text]
        assert stale and all(f"'nearly' 15% (Superseded: {ENGLAND})" in text for text in stale)
    sides = "\n".join(pieces(shown(BREAKS, MECHANISM)))
    assert "“Previous market engagement has show that care agencies have a preference for spot funding." in sides
    assert f"Superseded: {CONTRACT}. Market engagement was overwhelmingly in favour; a framework was planned" in sides
    table = text_tables(shown(BREAKS, MARKET))
    (row,) = table.to_dict("records")
    assert row["Here"].startswith("Spot share: **100.0%** ")
    assert row["Published elsewhere"].startswith(f"{CONTRACT} {CONTEXT}")
    known = text_tables(shown(HOME, KNOWN)).set_index("What")["Formula, note"]
    assert known["Main framework"].startswith("Superseded: Successor framework: Live at Home (2025), from 09/11/2025.")
    assert known["Vacancy rate in home care, 'nearly'"].startswith(f"Superseded: {ENGLAND}")
    facts = pack.table("facts").fillna("")
    assert set(facts.loc[facts["superseded_by"] != "", "id"]) == {"dom_framework", "ctx_vacancy_home_care"}


def test_newer_facts_stand_before_what_they_supersede(pack: Pack) -> None:
    found = [one.fact_id for one in beside_lever(pack, HOME, "supply.vacancy_rate_pct")]
    assert found == ["ctx_turnover", "ctx_vacancy_england", "ctx_vacancy_home_care"]
    assert not beside_lever(pack, HOME, "demand.technology_reduction_pct")
    assert set(qualifying(pack, BREAKS)) == {"spot_share"}
    assert beside(pack, "ctx_visa_route").words == LEVERS["ctx_visa_route"].rstrip(".")
    assert context_faults(pack) == []
