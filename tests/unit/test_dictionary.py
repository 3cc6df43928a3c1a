"""The data dictionary: made from the models, so it knows every column, and every file has only columns it knows."""

import csv

import pytest

from lib.market.dictionary import data_dictionary, indicator_dictionary, sources_table
from lib.market.indicators import indicators
from lib.pack.load import Pack
from lib.pack.manifest import STATUS_MEANINGS
from lib.pack.models import TABLES

KEYS = {
    "districts": "district_code",
    "area_groups": "grouping district_code",
    "population": "district_code year age_band",
    "service_rates": "service cohort age_band",
    "lots": "service service_type cohort",
    "wards": "ward_code",
    "cqc_locations": "cqc_location_id",
    "facts": "id",
    "gaps": "id",
    "intentions": "service intention_id",
    "council_words": "service word_id",
    "reconciliation": "fact_id",
    "demand": "service district_code service_type cohort",
    "providers": "provider_id",
    "ratings": "provider_id domain",
    "capacity": "provider_id service district_code service_type cohort route",
    "requests": "request_id",
    "history": "month service district_code cohort",
}


def test_every_column_of_every_table() -> None:
    dictionary = data_dictionary()
    assert list(dictionary.columns) == ["table", "file", "column", "key", "meaning", "unit", "must_be"]
    assert not dictionary.duplicated(["table", "column"]).any()
    assert set(dictionary["table"]) == set(TABLES)
    for name, rows in dictionary.groupby("table"):
        assert list(rows["column"]) == list(TABLES[str(name)].to_schema().columns)
    for column in ("table", "file", "column", "meaning", "must_be"):
        assert dictionary[column].str.len().min() > 0


def test_the_keys() -> None:
    dictionary = data_dictionary()
    keys = dictionary[dictionary["key"]].groupby("table")["column"].agg(" ".join)
    assert keys.to_dict() == KEYS


@pytest.mark.parametrize(
    ("table", "column", "unit", "must_be"),
    [
        ("demand", "hours_per_week", "hours a week", "a number of 0 or more"),
        ("demand", "people", "people", "a whole number of 0 or more, or an empty cell"),
        ("demand", "district_code", "", "refers to districts.district_code"),
        ("demand", "service", "", "one of the pack's services"),
        ("capacity", "rank", "rank", "a whole number of 1 or more, or an empty cell"),
        ("capacity", "performance_score", "0 to 100", "a number from 0 to 100, or an empty cell"),
        ("requests", "placed_on", "date", "a date like 2025-03-31, or an empty cell"),
        ("requests", "route", "", "one of the pack's routes, or an empty cell"),
        ("requests", "ward_code", "", "refers to wards.ward_code, or an empty cell"),
        ("history", "month", "YYYY-MM", "a month like 2025-03"),
        ("districts", "district_code", "", "a GSS code: a letter and eight digits"),
        ("districts", "area_km2", "square kilometres", "a number above 0"),
        ("districts", "borders_london", "", "true or false"),
        ("population", "age_band", "", "an age band like 65-74 or 90+"),
        ("population", "year", "", "a whole number from 1990 to 2100"),
        ("reconciliation", "measure", "", "one of sum, distinct, percent"),
        ("providers", "provider_name", "", "text"),
        ("facts", "note", "", "text, or an empty cell"),
    ],
)
def test_what_a_column_must_be(table: str, column: str, unit: str, must_be: str) -> None:
    dictionary = data_dictionary().set_index(["table", "column"])
    assert dictionary.loc[(table, column), ["unit", "must_be"]].to_list() == [unit, must_be]


def test_the_dictionary_describes_the_files_of_the_default_pack(pack: Pack) -> None:
    for file, rows in data_dictionary().groupby("file", sort=False):
        if file == "reference/cqc_locations.csv":
            assert not (pack.root / file).exists()  # a pack may do without it, and this one does
            continue
        with (pack.root / str(file)).open(encoding="utf-8", newline="") as text:
            header = next(csv.reader(text))
        # A column that may be left out, and is.
        described = [name for name in rows["column"] if (file, name) != ("market/providers.csv", "cqc_location_id")]
        # The wards carry one column more than the app reads.
        assert [name for name in header if name != "postcodes"] == described, file


def test_every_indicator_is_described(pack: Pack) -> None:
    dictionary = indicator_dictionary(pack)
    assert list(dictionary["id"]) == list(indicators(pack))
    assert len(set(dictionary["label"])) == len(dictionary), "no two indicators have the same name"
    for column in ("label", "unit", "meaning", "formula", "better", "status"):
        assert dictionary[column].str.len().min() > 0
    assert set(dictionary["status"]) <= set(STATUS_MEANINGS)
    assert set(dictionary["better"]) <= {"higher", "lower", "neither"}
    coverage = dictionary.set_index("id").loc["coverage"]
    assert coverage["formula"] == "capacity hours / demand hours"
    assert coverage["denominator"] == "demand hours"
    assert "self-funders" in coverage["caveat"]
    assert coverage["status"] == "illustrative"
    divided = dictionary[dictionary["formula"].str.contains(" / ")]
    assert (divided["denominator"].str.len() > 0).all(), "every rate states its denominator"


def test_one_indicator_a_key_question(pack: Pack) -> None:
    questions = ["safe", "effective", "caring", "responsive", "well_led"]
    found = [code.removeprefix("good_or_better_") for code in indicators(pack) if code.startswith("good_or_better_")]
    assert found == ["share", *questions]


def test_every_file_has_a_source(pack: Pack) -> None:
    table = sources_table(pack)
    assert list(table.columns) == ["title", "file", "status", "rule", "sources", "licence", "credit"]
    assert sorted(table["file"]) == sorted(
        str(path.relative_to(pack.root))
        for folder in ("reference", "geography", "published", "published/sources", "market")
        for path in (pack.root / folder).iterdir()
        if path.is_file()
    )
    assert set(table["status"]) <= set(STATUS_MEANINGS)
    for column in ("title", "licence"):
        assert table[column].str.len().min() > 0
    made = table[table["status"].isin(["derived", "modelled", "illustrative"])]
    assert (made["rule"].str.len() > 0).all(), "what is not published says how it was made"
    named = table[table["status"].isin(["published", "derived"])]
    assert (named["sources"].str.len() > 0).all()
