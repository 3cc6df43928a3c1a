"""Completeness: each rule on the rows that a pack must have, with holes made by hand; a whole pack has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_folder import PackFolder

from lib.__main__ import main
from lib.pack.completeness import completeness, disagreements, missing_rows
from lib.pack.load import Pack
from lib.whatif.ageing import why_no_more, years_allowed

HOME, BREAKS = "domiciliary_care", "short_breaks"
BASILDON, CASTLE_POINT = "E07000066", "E07000069"
Keep = Callable[[pd.DataFrame], "pd.Series[bool]"]


def holed(pack: Pack, table: str, keep: Keep) -> Pack:
    """The pack with some rows of one table alone."""
    frame = pack.table(table)
    return replace(pack, tables={**pack.tables, table: frame[keep(frame)].reset_index(drop=True)})


def said(pack: Pack) -> list[tuple[str, str, int]]:
    """Every line: the file, what is missing, how many rows."""
    return [(one.file, one.what, one.rows) for one in missing_rows(pack)]


def effects(pack: Pack) -> str:
    return " | ".join(one.effect for one in missing_rows(pack))


def test_the_default_pack_is_whole(pack: Pack) -> None:
    assert missing_rows(pack) == ()
    assert disagreements(pack) == []
    # Residents: 12 districts x (5 bands of home care x 16 years + 1 of short breaks x 16 + 4 older bands in 2023); lots
    # 12 x 11 in demand and as many in capacity; months 24 x 12 x 3 cohorts; 3,303 requests; 3 cohorts with a weight;
    # 2 services with a rating.
    residents = 12 * (5 * 16 + 16 + 4)
    assert completeness(pack).expected == residents + 2 * 12 * 11 + 24 * 12 * 3 + 3303 + 3 + 2


def test_the_tiny_pack_is_whole(tiny: Pack) -> None:
    assert missing_rows(tiny) == ()
    assert disagreements(tiny) == []


POPULATION = {
    "a district": (
        lambda rows: rows["district_code"] != BASILDON,
        # 16 years x 6 bands, 18-64 from 2024 and 0-17 from 2023, and the older bands of 2023.
        ("2023 to 2039 for Basildon (E07000066)", 16 * 6 + 4),
    ),
    "a year": (lambda rows: rows["year"] != 2027, ("2027 for all 12 districts", 12 * 6)),
    "a year of one district": (
        lambda rows: (rows["year"] != 2027) | (rows["district_code"] != CASTLE_POINT),
        ("2027 for Castle Point (E07000069)", 6),
    ),
    "a band of one district": (
        lambda rows: (rows["age_band"] != "90+") | (rows["district_code"] != CASTLE_POINT),
        ("age 90+ in 2023 to 2039 for Castle Point (E07000069)", 17),
    ),
    "years here and there": (
        lambda rows: ~rows["year"].isin([2026, 2029, 2030, 2035]),
        ("2026, 2029 to 2030 and 2035 for all 12 districts", 4 * 12 * 6),
    ),
    "two districts, each in its way": (
        lambda rows: (
            ~(
                ((rows["district_code"] == BASILDON) & (rows["year"] == 2025) & (rows["age_band"] == "0-17"))
                | ((rows["district_code"] == CASTLE_POINT) & (rows["year"] > 2035))
            )
        ),
        ("age 0-17 in 2025 for Basildon (E07000066); 2036 to 2039 for Castle Point (E07000069)", 1 + 3 * 6 + 5),
    ),
    "one row": (
        lambda rows: (rows["year"] != 2038) | (rows["age_band"] != "0-17") | (rows["district_code"] != BASILDON),
        ("age 0-17 in 2038 for Basildon (E07000066)", 1),
    ),
    "the last years": (lambda rows: rows["year"] < 2030, ("2030 to 2039 for all 12 districts", 12 * (9 * 6 + 5))),
}


@pytest.mark.parametrize("what", POPULATION)
def test_residents_that_are_missing(what: str, pack: Pack) -> None:
    keep, (words, rows) = POPULATION[what]
    assert said(holed(pack, "population", keep)) == [("reference/population.csv", words, rows)]


def test_what_missing_residents_make_unknown(pack: Pack) -> None:
    today = effects(holed(pack, "population", lambda rows: rows["district_code"] != BASILDON))
    assert "for every 1,000 residents of these districts, of their groups and of the county are empty" in today
    assert "the what-if of Domiciliary care has no ageing" in today
    ahead = effects(holed(pack, "population", lambda rows: rows["year"] != 2027))
    assert "1,000" not in ahead
    assert "the what-if of Domiciliary care ends in 2026 with ageing" in ahead
    # The children's base year alone: older residents of 2023 weigh the rural share of short breaks.
    older = effects(holed(pack, "population", lambda rows: (rows["year"] != 2023) | (rows["age_band"] != "65-74")))
    assert older == (
        "the rural share of these districts, of their groups and of the county is empty for Children's short breaks"
    )


@pytest.mark.parametrize(
    "keep",
    [
        lambda rows: rows["year"] != 2022,  # before any base year
        lambda rows: rows["year"] < 2040,  # beyond the longest projection
        lambda rows: (rows["age_band"] != "18-64") | (rows["year"] != 2023),  # adults before their base year
        lambda rows: (rows["age_band"] != "0-17") | (rows["year"] != 2039),  # children, 16 years after theirs
    ],
)
def test_residents_that_nothing_needs_may_be_missing(keep: Keep, pack: Pack) -> None:
    assert missing_rows(holed(pack, "population", keep)) == ()


def test_holes_everywhere_are_one_sentence(pack: Pack) -> None:
    (one,) = missing_rows(holed(pack, "population", lambda rows: rows["persons"].rank() % 3 > 0))
    assert one.what.endswith(", in part, for all 12 districts")
    assert len(str(one)) < 800


@given(st.sets(st.integers(0, 161), max_size=40))
def test_every_missing_resident_is_counted(tiny: Pack, gone: set[int]) -> None:
    """The rows of the tiny pack that are needed, counted in plain Python."""
    rows = tiny.table("population")
    needed = {"E07000001", "E07000002", "E07000003"}
    lost = 0
    for place in gone & set(range(len(rows))):
        code, year, band = rows.loc[place, ["district_code", "year", "age_band"]]
        home = band in ("18-64", "65+") and 2024 <= year <= 2039
        respite = (band == "0-17" and 2023 <= year <= 2038) or (band == "65+" and year == 2023)
        lost += code in needed and (home or respite)
    left = holed(tiny, "population", lambda frame: ~frame.index.isin(gone))
    assert completeness(left).rows == lost


HISTORY = {
    "three months": (
        lambda rows: ~rows["month"].isin(["2023-12", "2024-01", "2024-02"]),
        [
            ("Domiciliary care, Dec 2023 to Feb 2024 for all 12 districts", 3 * 12 * 2),
            ("Children's short breaks, Dec 2023 to Jan 2024 for all 12 districts", 2 * 12),
        ],
    ),
    "a month of one cohort in one district": (
        lambda rows: (
            (rows["month"] != "2024-06") | (rows["cohort"] != "older_people") | (rows["district_code"] != BASILDON)
        ),
        [("Domiciliary care, Older people in Jun 2024 for Basildon (E07000066)", 1)],
    ),
    "a district": (
        lambda rows: (rows["district_code"] != BASILDON) | (rows["service"] != BREAKS),
        [("Children's short breaks, Feb 2022 to Jan 2024 for Basildon (E07000066)", 24)],
    ),
    "the end": (
        lambda rows: (rows["month"] < "2025-02") | (rows["service"] != HOME),
        [("Domiciliary care, Feb 2025 to Mar 2025 for all 12 districts", 2 * 12 * 2)],
    ),
    "a service": (lambda rows: rows["service"] != BREAKS, [("Children's short breaks at all", 12)]),
}


@pytest.mark.parametrize("what", HISTORY)
def test_months_that_are_missing(what: str, pack: Pack) -> None:
    keep, lines = HISTORY[what]
    found = [line for line in said(holed(pack, "history", keep)) if line[0] == "market/history.csv"]
    assert found == [("market/history.csv", *line) for line in lines]


def test_a_history_that_begins_later_is_whole(pack: Pack) -> None:
    first = {HOME: "2024-04", BREAKS: "2023-02"}
    assert missing_rows(holed(pack, "history", lambda rows: rows["month"] >= rows["service"].map(first))) == ()


def test_a_history_that_ends_early_cannot_be_held_against_today(pack: Pack) -> None:
    found = effects(holed(pack, "history", lambda rows: rows["month"] != "2025-03"))
    assert "today's hours and people cannot be held against Mar 2025" in found
    assert "Jan 2024" not in found, "the history of short breaks is whole"
    found = effects(holed(pack, "history", lambda rows: rows["month"] != "2024-01"))
    assert found == (
        "lines by month have a gap there | lines by month have a gap there, and today's hours and people cannot be "
        "held against Jan 2024"
    )
    found = effects(holed(pack, "history", lambda rows: rows["month"] != "2023-12"))
    assert found == "lines by month have a gap there | lines by month have a gap there"


def test_lots_that_demand_does_not_name(pack: Pack) -> None:
    lot = {"service": HOME, "district_code": BASILDON, "service_type": "personal_care", "cohort": "older_people"}

    def but_one(rows: pd.DataFrame) -> pd.Series[bool]:
        return ~(rows[list(lot)] == pd.Series(lot)).all(axis=1)

    words = "Domiciliary care, Personal care (Older people) for Basildon (E07000066)"
    assert said(holed(pack, "demand", but_one)) == [("market/demand.csv", words, 1)]
    assert said(holed(pack, "demand", lambda rows: rows["district_code"] != BASILDON))[:2] == [
        ("market/demand.csv", "Domiciliary care, Basildon (E07000066)", 10),
        ("market/demand.csv", "Children's short breaks, Basildon (E07000066)", 1),
    ]
    assert said(holed(pack, "demand", lambda rows: rows["service"] != BREAKS)) == [
        ("market/demand.csv", "Children's short breaks, all 12 districts", 12),
    ]
    assert "hours, people, cost" in effects(holed(pack, "demand", but_one))


def test_capacity_is_missed_where_care_is_bought_and_not_where_none_is(pack: Pack) -> None:
    lots = pack.table("demand").query("service == @HOME and district_code == @BASILDON")
    bought = lots[lots["hours_per_week"] > 0].iloc[0]
    place = ["service", "district_code", "service_type", "cohort"]

    def but(lot: pd.Series) -> Keep:
        return lambda rows: ~(rows[place] == lot[place]).all(axis=1)

    ((file, words, rows),) = said(holed(pack, "capacity", but(bought)))
    assert (file, rows) == ("market/capacity.csv", 1)
    assert words == "Domiciliary care, Personal care (Older people) for Basildon (E07000066)"
    demand = pack.table("demand")
    free = replace(pack, tables={**pack.tables, "demand": demand.assign(hours_per_week=0.0)})
    assert missing_rows(holed(free, "capacity", but(bought))) == ()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("capacity", ["Domiciliary care at all", "Children's short breaks at all"]),
        ("requests", ["Domiciliary care at all", "Children's short breaks at all"]),
        ("history", ["Domiciliary care at all", "Children's short breaks at all"]),
        ("demand", ["Domiciliary care, all 12 districts", "Children's short breaks, all 12 districts"]),
        (
            "ratings",
            [
                "the 130 regulated providers of Domiciliary care",
                "the 16 regulated providers of Children's short breaks",
            ],
        ),
    ],
)
def test_a_table_without_rows_is_unknown(table: str, words: list[str], pack: Pack) -> None:
    found = said(holed(pack, table, lambda rows: pd.Series(False, rows.index)))
    assert [line[1] for line in found if line[0] == f"market/{table}.csv"] == words
    assert all(rows > 0 for _, _, rows in found)


def test_requests_cut_at_the_end_of_a_row(pack: Pack) -> None:
    """The file stops after 3,000 of its 3,303 rows, each service's in order of their date."""
    (home, breaks) = missing_rows(holed(pack, "requests", lambda rows: rows.index < 3000))
    assert home.rows + breaks.rows == 303
    assert home.what.startswith(f"{home.rows} requests of Domiciliary care in ")
    assert "Mar 2025 for Older people and Working age adults in all 12 districts" in home.what
    assert home.effect == "hours waiting, demand, coverage and shortfall are unknown there"


def test_one_request_less_than_history_counts(pack: Pack) -> None:
    requests = pack.table("requests")
    first = requests[requests["service"] == HOME].iloc[-1]
    (one,) = missing_rows(holed(pack, "requests", lambda rows: rows["request_id"] != first["request_id"]))
    name = pack.district_names()[first["district_code"]]
    cohort = pack.label("cohorts", first["cohort"])
    month = f"{first['requested_on']:%b %Y}"
    assert one.what == f"1 request of Domiciliary care in {month} for {cohort} in {name} ({first['district_code']})"
    assert one.expected.endswith("new requests that market/history.csv counts there")


def test_requests_of_more_than_a_year_ago_are_not_counted(tiny: Pack) -> None:
    # R5 and R7 were made before April 2024, and the history does not count them.
    assert missing_rows(holed(tiny, "requests", lambda rows: ~rows["request_id"].isin(["R5", "R7"]))) == ()


def test_nobody_waits_where_the_history_says_that_nobody_asked(pack: Pack) -> None:
    none = holed(pack, "requests", lambda rows: rows["service"] != BREAKS)
    assert [one.file for one in missing_rows(none)] == ["market/requests.csv"]
    history = pack.table("history")
    asked = history["new_requests"].where(history["service"] != BREAKS, 0)
    still = replace(pack, tables={**none.tables, "history": history.assign(new_requests=asked)})
    assert missing_rows(still) == ()
    # A year is needed: eleven months say nothing of the twelfth.
    short = holed(still, "history", lambda rows: (rows["month"] > "2023-02") | (rows["service"] != BREAKS))
    assert [one.what for one in missing_rows(short)] == ["Children's short breaks at all"]


def test_more_requests_than_history_counts_are_a_disagreement_and_no_hole(pack: Pack) -> None:
    requests = pack.table("requests")
    last = requests[requests["service"] == HOME].iloc[[-1]].assign(request_id="R99999")
    more = replace(pack, tables={**pack.tables, "requests": pd.concat([requests, last], ignore_index=True)})
    assert missing_rows(more) == ()
    (sentence,) = [str(fault) for fault in disagreements(more)]
    assert sentence.startswith("market/requests.csv: found ")
    assert "requests of Domiciliary care in Mar 2025 for " in sentence
    assert sentence.endswith("new requests that market/history.csv counts there")


def test_a_cohort_without_a_weight(tiny: Pack) -> None:
    rates = tiny.table("service_rates")
    light = rates.assign(weight=rates["weight"].where(rates["cohort"] != "younger", 0.0))
    found = said(replace(tiny, tables={**tiny.tables, "service_rates": light}))
    assert found == [("reference/service_rates.csv", "Younger of Home care", 1)]
    gone = said(holed(tiny, "service_rates", lambda rows: rows["service"] != "respite"))
    assert gone == [("reference/service_rates.csv", "Children of Respite", 1)]


def test_ratings_of_some_providers_are_enough(tiny: Pack) -> None:
    # P4 alone serves respite, and is regulated.
    assert said(holed(tiny, "ratings", lambda rows: rows["provider_id"] != "P4")) == [
        ("market/ratings.csv", "the 1 regulated provider of Respite", 1)
    ]
    assert said(holed(tiny, "ratings", lambda rows: ~rows["provider_id"].isin(["P1", "P2"]))) == []
    providers = tiny.table("providers")
    nobody = tiny.table("ratings").query("provider_id != 'P4'")
    free = providers.assign(regulated=providers["regulated"] & (providers["provider_id"] != "P4"))
    assert said(replace(tiny, tables={**tiny.tables, "providers": free, "ratings": nobody})) == []


def test_one_district_goes_by_its_name(tiny_folder: PackFolder) -> None:
    """A pack of one district has no "all 1 districts"."""
    for file in tiny_folder.root.rglob("*.csv"):
        path = str(file.relative_to(tiny_folder.root))
        tiny_folder.keep_rows(path, lambda row: row.get("district_code", "E07000001") in ("", "E07000001"))
    tiny_folder.keep_rows("reference/population.csv", lambda row: row["year"] != "2030")
    tiny_folder.change_json(
        "geography/districts.geojson", lambda document: document.update(features=document["features"][:1])
    )
    assert ("reference/population.csv", "2030 for Ash (E07000001)", 3) in said(tiny_folder.load())


def test_a_hole_is_one_sentence(pack: Pack) -> None:
    (one,) = missing_rows(holed(pack, "population", lambda rows: rows["year"] != 2027))
    assert str(one) == (
        "reference/population.csv: found no rows of 2027 for all 12 districts, expected every district, year and age "
        "band that rates and projections need: the what-if of Domiciliary care ends in 2026 with ageing; the what-if "
        "of Children's short breaks ends in 2026 with ageing"
    )


def test_check_names_what_is_missing(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.keep_rows("reference/population.csv", lambda row: row["district_code"] != BASILDON)
    folder.keep_rows("market/requests.csv", lambda row: row["service"] != BREAKS)
    requests = folder.rows("market/requests.csv")
    folder.write("market/requests.csv", [*requests, ["R99999", *requests[-1][1:]]])
    assert main(["check", "--pack", str(folder.root)]) == 1
    out, err = capsys.readouterr()
    assert all(line.endswith(",0") for line in out.splitlines()[1:])  # every total agrees all the same
    residents, none, more, lever = err.splitlines()
    assert residents.startswith("reference/population.csv: found no rows of 2023 to 2039 for Basildon (E07000066), ")
    assert none.startswith("market/requests.csv: found no rows of Children's short breaks at all, expected a row for")
    assert more.startswith("market/requests.csv: found ")
    assert more.endswith("new requests that market/history.csv counts there")
    assert "levers.demand.demographic.default: found true, expected false" in lever


def projected(folder: PackFolder, capsys: pytest.CaptureFixture[str], years: int, ageing: bool) -> tuple[int, str, str]:
    scenario = folder.root / "scenario.json"
    document = {"name": "A", "service": HOME, "years": years, "demand": {"demographic": ageing}}
    scenario.write_text(json.dumps(document), encoding="utf-8")
    status = main(["project", str(scenario), "--pack", str(folder.root)])
    return status, *capsys.readouterr()


def test_a_projection_beyond_the_population_is_refused(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.keep_rows("reference/population.csv", lambda row: (row["year"], row["age_band"]) != ("2027", "90+"))
    status, out, err = projected(folder, capsys, 5, ageing=True)
    assert (status, out) == (1, "")
    assert err == (
        "scenario.json, years: found 5, expected at most 2 with ageing on, as the population projection ends in 2026: "
        "reference/population.csv has no rows of age 90+ in 2027 for all 12 districts\n"
    )
    status, out, err = projected(folder, capsys, 2, ageing=True)
    assert (status, err) == (0, "")
    assert out.count("\n2026,") == 12 * 10
    # Without ageing the population is not needed.
    status, out, err = projected(folder, capsys, 15, ageing=False)
    assert (status, err) == (0, "")
    assert out.count("\n2039,") == 12 * 10


def test_a_projection_without_a_base_year_is_refused(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.keep_rows("reference/population.csv", lambda row: row["district_code"] != CASTLE_POINT)
    status, out, err = projected(folder, capsys, 5, ageing=True)
    assert (status, out) == (1, "")
    assert err == (
        "scenario.json, demand.demographic: found true, expected false, as the pack has no population projection from "
        "2024 for this service: reference/population.csv has no rows of 2024 for Castle Point (E07000069)\n"
    )
    assert projected(folder, capsys, 5, ageing=False)[0] == 0


YEARS_ALLOWED = [
    (lambda rows: rows["year"] < 3000, 15, 15),
    (lambda rows: rows["year"] != 2027, 2, 3),  # home care from 2024, short breaks from 2023
    (lambda rows: rows["year"] != 2025, 0, 1),
    (lambda rows: rows["year"] != 2023, 15, 0),
    (lambda rows: (rows["year"] != 2030) | (rows["age_band"] != "0-17"), 15, 6),
    (lambda rows: (rows["year"] != 2030) | (rows["age_band"] != "85-89"), 5, 15),
    (lambda rows: (rows["year"] < 2026) | (rows["district_code"] != BASILDON), 1, 2),
    (lambda rows: rows["district_code"] != BASILDON, 0, 0),
]


@pytest.mark.parametrize(("keep", "home", "breaks"), YEARS_ALLOWED)
def test_the_years_that_the_population_allows(keep: Keep, home: int, breaks: int, pack: Pack) -> None:
    left = holed(pack, "population", keep)
    assert (years_allowed(left, HOME), years_allowed(left, BREAKS)) == (home, breaks)
    for service, allowed in ((HOME, home), (BREAKS, breaks)):
        assert bool(why_no_more(left, service)) == (allowed < 15)


def test_no_more_years_says_why(pack: Pack) -> None:
    ends = holed(pack, "population", lambda rows: rows["year"] <= 2026)
    assert why_no_more(ends, HOME) == (
        "The population projection of this pack ends in 2026, as reference/population.csv has no rows of 2027 for all "
        "12 districts: with ageing, the what-if shows 2 years."
    )
    assert why_no_more(holed(pack, "population", lambda rows: rows["year"] != 2026), HOME).endswith("shows 1 year.")
    assert why_no_more(holed(pack, "population", lambda rows: rows["year"] > 2024), HOME) == (
        "This pack has no population projection from 2024 on, as reference/population.csv has no rows of 2024 for all "
        "12 districts: the what-if shows no ageing."
    )
    rates = holed(pack, "service_rates", lambda rows: rows["service"] != BREAKS)
    assert years_allowed(rates, BREAKS) == 0
    assert "reference/service_rates.csv has no weight above 0 for Children's short breaks" in why_no_more(rates, BREAKS)
