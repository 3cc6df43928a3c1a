"""Residents by age in every form that the ONS and Nomis give them, and files that are none. Sums are worked by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from lib.pack.faults import PackError
from lib.pack.imports.age_shares import planned
from lib.pack.imports.ages import OLDEST, band_of, made_of
from lib.pack.imports.change import Upload
from lib.pack.imports.population import Residents, population_table, read_population
from lib.pack.load import Pack

ONE = {"E07000066": "Basildon"}
BANDS = ["0-17", "18-64", "65+"]
LINCOLNSHIRE = {
    "E07000136": "Boston", "E07000137": "East Lindsey", "E07000138": "Lincoln", "E07000139": "North Kesteven",
    "E07000140": "South Holland", "E07000141": "South Kesteven", "E07000142": "West Lindsey",
}  # fmt: skip
WITH_REAL_FILES = pytest.mark.skipif("REAL_FILES" not in os.environ, reason="REAL_FILES names no published files")
# Five-year bands of one district: 4,000 below 15, 1,000 of 15 to 19, 9,000 of 20 to 64, 3,000 of 65 and over.
AGES = [("0-14", 4000), ("15-19", 1000), ("20-64", 9000), ("65+", 3000)]
PROJECTION = ["CODE,AREA,AGE GROUP,2024,2025", *(f"E07000066,Basildon,{age}, {n}, {n}.0" for age, n in AGES)]


def upload(lines: Iterable[str], name: str = "residents.csv") -> Upload:
    """A CSV file of some lines."""
    return Upload(name, ("\n".join(lines) + "\n").encode())


def read(lines: Iterable[str], name: str = "residents.csv", bands: list[str] = BANDS) -> Residents:
    """The residents of one district."""
    return population_table([upload(lines, name)], ONE, bands)


def refused(lines: Iterable[str], districts: dict[str, str] = ONE, bands: list[str] = BANDS) -> list[str]:
    """What is said of a file that cannot be read."""
    with pytest.raises(PackError) as caught:
        population_table([upload(lines)], districts, bands)
    return [str(fault) for fault in caught.value.faults]


def of_year(residents: Residents, year: int, code: str = "E07000066") -> dict[str, float]:
    """The residents of a district in a year, by band."""
    table = residents.table[(residents.table["year"] == year) & (residents.table["district_code"] == code)]
    return dict(zip(table["age_band"], table["persons"], strict=True))


def published(name: str) -> Upload:
    """One of the real files."""
    return Upload(name, (Path(os.environ["REAL_FILES"]) / name).read_bytes())


@pytest.mark.parametrize(
    "text, band",
    [
        ("0-4", (0, 4)), ("90+", (90, OLDEST)), ("All ages", (0, OLDEST)), ("Age: Total", (0, OLDEST)),
        ("Age: Aged 4 years and under", (0, 4)), ("Aged 85 years and over", (85, OLDEST)), ("7", (7, 7)),
        ("Age 7", (7, 7)), ("Aged under 1 year", (0, 0)), ("90 and over", (90, OLDEST)), ("5 to 9", (5, 9)),
        ("Name", None), ("2018", None), ("05-Sep", None), ("9-5", None),
    ],
)  # fmt: skip
def test_ages_as_publishers_write_them(text: str, band: tuple[int, int] | None) -> None:
    assert band_of(text) == band


def test_bands_are_put_together_from_the_narrowest() -> None:
    assert made_of((85, 89), [(85, 89), (85, 85), (86, 87), (88, 89)]) == [(85, 85), (86, 87), (88, 89)]
    assert made_of((0, 17), [(0, 4), (5, 14), (15, 19)]) is None
    assert planned([(0, 17)], [(0, 9), (10, 19)], False).lacking == {(0, 17): (10, 19)}


def test_years_in_columns() -> None:
    found = read(PROJECTION, "snpp_2022-based_persons.csv")
    # 3 of the 5 years from 15 to 19 are below 18.
    assert of_year(found, 2024) == {"0-17": 4600, "18-64": 9400, "65+": 3000}
    assert found.title == "Residents by age, 2024 to 2025: 2022-based projections"
    assert found.resource["status"] == "supplied"
    assert "2022-based" in found.rule
    assert "Ages 15 to 19 are split at 18" in found.rule
    assert found.content.decode().splitlines()[:2] == [
        "district_code,year,age_band,persons",
        "E07000066,2024,0-17,4600",
    ]


def test_one_row_a_figure_of_both_sexes_as_nomis_gives_it() -> None:
    lines = ["DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER_NAME,C_AGE,C_AGE_NAME,MEASURES_NAME,OBS_VALUE"]
    for sex in ("Male", "Female"):
        lines += [f"2023,Basildon,E07000066,{sex},9,Aged {age},Value,{n // 2}" for age, n in AGES]
        lines += [f"2023,Basildon,E07000066,{sex},9,Aged {age},Percent,7" for age, n in AGES]
    assert of_year(read(lines), 2023) == {"0-17": 4600, "18-64": 9400, "65+": 3000}


def test_ages_in_columns_under_lines_that_tell_the_year() -> None:
    ages = [str(age) for age in range(90)] + ["90+"]
    lines = [
        '"Population estimates by single year of age"', '"ONS Crown Copyright Reserved [from Nomis on 2 March 2025]"', "",  # noqa: E501
        '"date","2023"', "", ",".join(["area", "mnemonic", "All Ages", *ages]),
        ",".join(["Basildon", "E07000066", "9100", *["100"] * 91]),
    ]  # fmt: skip
    found = read(lines)
    assert of_year(found, 2023) == {"0-17": 1800, "18-64": 4700, "65+": 2600}
    assert found.is_ons


def test_estimates_with_sexes_as_numbers_and_years_in_columns() -> None:
    lines = ["ladcode23,laname23,country,sex,age,population_2022,population_2023"]
    lines += [f"E07000066,Basildon,E,{sex},{age},50,60" for sex in (1, 2) for age in range(91)]
    assert of_year(read(lines, "MYEB1.csv"), 2023) == {"0-17": 18 * 120, "18-64": 47 * 120, "65+": 26 * 120}


def test_the_packs_own_columns_are_read_too() -> None:
    lines = ["district_code,year,age_band,persons", *(f"E07000066,2024,{band},{n}" for band, n in
             [("0-17", 4600), ("18-64", 9400), ("65+", 3000)])]  # fmt: skip
    assert of_year(read(lines), 2024) == {"0-17": 4600, "18-64": 9400, "65+": 3000}


def test_thousands_are_said_and_taken_so() -> None:
    lines = ["Projected population (thousands),x", "CODE,AREA,AGE GROUP,2024,2025"]
    lines += [f"E07000066,Basildon,{age},{n / 1000},{n / 1000}" for age, n in AGES]
    found = read(lines)
    assert of_year(found, 2025) == {"0-17": 4600, "18-64": 9400, "65+": 3000}
    assert "residents.csv gives thousands: its figures are taken times 1,000." in found.notes


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda rows: [], "residents.csv: found a"),
        (lambda rows: rows[:1], "residents.csv: found no column with codes of districts, such as E07000066, expected"),
        (
            lambda rows: [*rows[:-1], rows[-1].replace(" 3000.0", "NaN")],
            'residents.csv, row 5, column 2025 (E): found "NaN", expected a number of residents, 0 or more',
        ),
        (
            lambda rows: [*rows[:-1], rows[-1].replace(" 3000.0", "inf")],
            'residents.csv, row 5, column 2025 (E): found "inf", expected a number of residents, 0 or more',
        ),
        (
            lambda rows: [*rows[:-1], rows[-1].replace(" 3000.0", "-3")],
            'residents.csv, row 5, column 2025 (E): found "-3", expected a number of residents, 0 or more',
        ),
        (
            lambda rows: [*rows[:2], *rows[3:]],
            "residents.csv: found no figures for ages 0-17",
        ),
        (
            lambda rows: [*rows, "E07000066,Basildon,All ages,17000,99999"],
            "residents.csv: found ages of Basildon (E07000066) in 2025 that add up to 17,000, expected 99,999, the total",  # noqa: E501
        ),
        (
            lambda rows: [*rows, rows[1].replace("4000", "4001")],
            "residents.csv: found more than one figure for E07000066, 2024, ages 0 to 14, in rows 2 and 6, expected one",  # noqa: E501
        ),
        (
            lambda rows: [row.replace("0-14", "2025-09-05") for row in rows],
            'residents.csv, row 2, column AGE GROUP (C): found "2025-09-05", expected an age band such as 5-9: the spread',  # noqa: E501
        ),
        (
            lambda rows: [row.replace("000", "") if row != rows[0] else row for row in rows],
            "residents.csv: found",
        ),
        (
            lambda rows: [row.replace("E07000066", "E07000136") for row in rows],
            "residents.csv: found 1 areas, Basildon (E07000136), none of them of the pack, expected those of the pack",
        ),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence(change: object, words: str) -> None:
    said = refused(change(PROJECTION))  # type: ignore[operator]
    if "0-17" in words:
        words = "residents.csv: found no figures for ages 0 to 17"
    assert said[0].startswith(words)
    assert len(said) == (2 if "17 residents" in said[0] else 1)  # one for each of the two years


def test_codes_of_another_year_are_named() -> None:
    lines = [row.replace("E07000066", "E07000163") for row in PROJECTION]
    (said,) = refused(lines, {"E06000065": "North Yorkshire"})
    assert said.startswith(
        "residents.csv: found Craven (E07000163), which became North Yorkshire (E06000065) on 1 April"
    )


def test_an_open_band_is_shared_by_the_packs_own_residents_or_refused(pack: Pack) -> None:
    wide = [*[(f"{low}-{low + 4}", 5000) for low in range(0, 85, 5)], ("85+", 4000)]
    names = pack.district_names()
    lines = [
        "CODE,NAME,AGE,2024,2025",
        *(f"{code},{name},{age},{n},{n}" for code, name in names.items() for age, n in wide),
    ]
    change = read_population(pack, [upload(lines)])
    before = pack.table("population")
    own = before[(before["district_code"] == "E07000066") & (before["year"] == 2024)].set_index("age_band")["persons"]
    rows = [line.split(",") for line in change.files["reference/population.csv"].decode().splitlines()]
    found = {row[2]: float(row[3]) for row in rows if row[:2] == ["E07000066", "2024"]}
    assert found["0-17"] == 18_000
    assert found["85-89"] == pytest.approx(4000 * own["85-89"] / (own["85-89"] + own["90+"]), abs=0.001)
    assert found["85-89"] + found["90+"] == pytest.approx(4000, abs=0.002)
    assert change.resources["population"]["status"] == "modelled"
    (said,) = refused([line for line in lines if "E07000066" in line or "CODE" in line], bands=["0-84", "85-89", "90+"])
    assert said == (
        "residents.csv: found ages 85 and over together, expected figures for ages 85 to 89, 90 and over by themselves: "  # noqa: E501
        "a table with narrower bands"
    )


@WITH_REAL_FILES
def test_another_county_from_the_2018_based_projections() -> None:
    found = population_table([published("ons_SNPP2018based_table2_persons_ons_pop.csv")], LINCOLNSHIRE)
    assert len(found.table) == 7 * 26 * 6
    # Boston 2018: 4341 + 4517 + 3683 + 3/5 of 3460; its 85 to 89 and 90+ as the file has them.
    boston = of_year(found, 2018, "E07000136")
    assert (boston["0-17"], boston["85-89"], boston["90+"]) == (14617, 1200, 658)
    assert sum(boston.values()) == 69366
    assert sum(of_year(found, 2018, "E07000137").values()) == 140741
    assert sum(of_year(found, 2043, "E07000142").values()) == pytest.approx(102939.5, abs=0.5)
    assert found.resource["status"] == "supplied"
    assert found.title == "Residents by age, 2018 to 2043: 2018-based projections"


@WITH_REAL_FILES
def test_the_census_table_stands_beside_the_packs_later_years(pack: Pack) -> None:
    change = read_population(pack, [published("ons_census2021-ts007a-ltla.csv")])
    rows = [line.split(",") for line in change.files["reference/population.csv"].decode().splitlines()[1:]]
    basildon = {row[2]: float(row[3]) for row in rows if row[:2] == ["E07000066", "2021"]}
    # 12196 + 12480 + 12025 + 3/5 of 10194; 8365 + 8783; 6154 + 4348; 4247 of 85 and over.
    assert (basildon["0-17"], basildon["65-74"], basildon["75-84"]) == (42817.4, 17148, 10502)
    assert basildon["85-89"] + basildon["90+"] == pytest.approx(4247, abs=0.002)
    assert {row[1] for row in rows} == {str(year) for year in range(2021, 2044)}
    assert change.counts == (("districts", 12), ("years", 1), ("age bands", 6))


@WITH_REAL_FILES
def test_the_form_of_the_2022_based_projections() -> None:
    sample = published("ons_SNPP2022based_LAD_persons_FORMAT_SAMPLE.csv")
    found = population_table([sample], {"E07000069": "Castle Point"}, ["85-89", "90+"])
    # 500 + 500 + 375 + 346 + 304.
    assert of_year(found, 2022, "E07000069") == {"85-89": 2025, "90+": 996}
    assert found.title == "Residents by age, 2022 to 2047: 2022-based projections"


@pytest.mark.parametrize(
    "over, figures",
    [
        (["2024", "", "", "2025", "", ""], ["4600", "9400", "3000", "1", "2", "3000"]),
        (["Males", "", "", "Females", "", ""], ["4000", "9000", "2500", "600", "400", "500"]),
        (["Persons", "", "", "Males", "", ""], ["4600", "9400", "3000", "1", "2", "3"]),
    ],
)
def test_two_rows_of_headings(over: list[str], figures: list[str]) -> None:
    heads = ["Area code", "Area name", *["0-17", "18-64", "65+"] * 2]
    lines = [",".join(["", "", *over]), ",".join(heads), ",".join(["E07000066", "Basildon", *figures])]
    found = read(lines, "residents_2024.csv")
    assert of_year(found, 2024) == {"0-17": 4600, "18-64": 9400, "65+": 3000}


@pytest.mark.parametrize("area", ["E07000066 : Basildon", "E07000066: Basildon", "lad2023:Basildon"])
def test_an_area_with_its_code_or_its_kind_in_one_cell(area: str) -> None:
    lines = ["Population estimates", "Date,2024", "local authority: district / unitary,0-17,18-64,65+"]
    assert of_year(read([*lines, f"{area},4600,9400,3000"]), 2024) == {"0-17": 4600, "18-64": 9400, "65+": 3000}
