"""The CQC's other files of locations, in every form that they have had: which services, and ratings only where they are
those of the home care alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cqc_files import (
    ACTIVE_HEADER,
    DIRECTORY_HEADER,
    OLDER_DIRECTORY_HEADER,
    RATINGS_HEADER,
    REPORT_HEADER,
    apply,
    rating_rows,
    read_csv,
    register,
    table,
    upload,
    without_providers,
)
from pack_folder import PackFolder

from lib.pack.faults import PackError
from lib.pack.imports.change import Change, Upload
from lib.pack.imports.cqc.register import NO_LONGER, read_cqc_locations, read_cqc_ratings
from lib.pack.load import Pack

HOME, LIVING, CARE = (
    "Service type - Domiciliary care service",
    "Service type - Supported living service",
    ACTIVE_HEADER[18],
)


def directory_row(location: str, services: str, **cells: str) -> dict[str, str]:
    return {
        "Name": f"Office {location}",
        "Postcode": "CM1 1AA",
        "Service types": services,
        "Date of latest check": "14/Apr/2022 - 00:00",
        "Specialisms/services": "Dementia,Caring for adults over 65 yrs",
        "Provider name": f"Firm {location}",
        "Local authority": "Essex",
        "CQC Location ID (for office use only)": location,
        "CQC Provider ID (for office use only)": f"{location}9",
        **cells,
    }


def active_row(location: str, *services: str, **cells: str) -> dict[str, str]:
    fixed = {
        "Location ID": location,
        "Location HSCA start date": "01/10/2010",
        "Dormant (Y/N)": "N",
        "Location Name": f"Office {location}",
        "Location Latest Overall Rating": "Good",
        "Publication Date": "13/01/2024",
        "Location Local Authority": "Essex",
        "Location Postal Code": "CM1 1AA",
        "Provider ID": f"{location}9",
        "Provider Name": f"Firm {location}",
        "Provider Postal Code": "EC1A 1BB",
        "Provider Local Authority": "City of London",
    }
    return fixed | dict.fromkeys(services, "Y") | {name.replace("_", " "): value for name, value in cells.items()}


def report_row(location: str, services: str, rating: str = "Good", **cells: str) -> dict[str, str]:
    questions = [name for name in REPORT_HEADER if name.endswith(" rating")]
    fixed = {
        "Location ID": location,
        "Location Name": f"Office {location}",
        "Location Local Authority": "Essex",
        "Service Types": services,
        "Location HSCA start date": "2024-02-01",
        "Dormant": "N",
        "Location Latest Overall Rating": rating,
        "Publication Date": "2/1/2024 12:00:00 AM",
        "Provider ID": f"{location}9",
        "Provider Name": f"Firm {location}",
        **dict.fromkeys(questions, rating),
    }
    return fixed | {name.replace("_", " "): value for name, value in cells.items()}


def read(pack: Pack, rows: Sequence[Sequence[str]], name: str = "cqc.csv", **more: Any) -> Change:
    return read_cqc_locations(pack, [upload(rows, name, **more)])


def refused(pack: Pack, *uploads: Upload) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_cqc_locations(pack, uploads)
    return [str(fault) for fault in caught.value.faults]


DIRECTORY = [
    directory_row("1-201", "Homecare agencies"),
    directory_row("1-202", "Homecare agencies,Supported living"),
    directory_row("1-203", "Residential homes"),
    directory_row("1-204", "Homecare agencies", **{"Local authority": "Kent"}),
]
ABOVE = [["CQC Locations data"], [], ["This data was produced on 19 August 2026"], []]


@pytest.mark.parametrize("lines", [0, 1, 4, 11])
def test_the_care_directory_under_any_preamble(pack: Pack, lines: int) -> None:
    change = read(pack, table(DIRECTORY_HEADER, *DIRECTORY, above=(ABOVE * 3)[:lines]))
    found = register(change)
    assert found["home_care"].to_dict() == {"1-201": "true", "1-202": "true", "1-203": "false"}
    assert set(found["overall"]) == set(found["rated_on"]) == {""}
    assert dict(change.counts) == {
        "rows read": 4,
        "locations in the area": 3,
        "of them home care offices": 2,
        "of them with home care as their only service": 1,
        "locations in the register": 3,
        "matched to a provider of the pack": 0,
    }
    assert change.as_at == ("2026-08-19" if lines > 2 else "")
    assert change.title == "the CQC's care directory, cqc.csv"
    assert change.resources["cqc_locations"]["credit"] == (
        "Contains public sector information licensed under the Open Government Licence v3.0. "
        "Source: Care Quality Commission"
    )


def test_the_older_wider_directory_is_the_same(pack: Pack) -> None:
    older = [
        {
            ("Local Authority" if name == "Local authority" else name): value
            for name, value in row.items()
            if name != "Date of latest check"
        }
        | {"Report publication date": "2018-04-19T00:00:00Z"}
        for row in DIRECTORY
    ]
    plain = register(read(pack, table(DIRECTORY_HEADER, *DIRECTORY)))
    assert register(read(pack, table(OLDER_DIRECTORY_HEADER, *older), encoding="utf-8-sig")).equals(plain)


def test_a_location_that_stands_there_twice_counts_once(pack: Pack) -> None:
    twice = [*DIRECTORY, directory_row("1-203", "Homecare agencies", **{"Specialisms/services": "Caring for children"})]
    change = read(without_providers(pack), table(DIRECTORY_HEADER, *twice))
    assert register(change)["home_care"].to_dict()["1-203"] == "true"
    assert "1 row names a location again: it counts once." in change.notes
    providers = read_csv(change, "market/providers.csv").set_index("provider_id")
    assert providers["also_childrens"].to_dict() == {"1-201": "false", "1-202": "false", "1-203": "true"}


ACTIVE = [
    active_row("1-301", HOME),
    active_row("1-302", HOME, LIVING),
    active_row("1-303", CARE, Location_Latest_Overall_Rating="Inadequate"),
    active_row("1-304", HOME, Location_Latest_Overall_Rating="Not Rated", Publication_Date=""),
    active_row("1-305", HOME, Location_Latest_Overall_Rating="", Publication_Date=""),
]


def test_active_locations_rate_home_care_only_where_there_is_nothing_else(pack: Pack) -> None:
    above = [["HSCA Active Locations"], ["Correct as of 2 September 2024"], ["Notes"]]
    change = read(pack, table(ACTIVE_HEADER, *ACTIVE, above=above))
    found = register(change)
    assert found["home_care"].tolist() == ["true", "true", "false", "true", "true"]
    assert found["overall"].tolist() == ["Good", "", "Inadequate", "Not rated", ""]
    assert found["rated_on"].tolist() == ["2024-01-13", "", "2024-01-13", "", ""]
    assert set(found["safe"]) == {""}
    assert found.loc["1-301", ["postcode", "provider_name"]].to_list() == ["CM1 1AA", "Firm 1-301"]
    assert dict(change.counts)["of them home care offices"] == 4
    assert dict(change.counts)["of them with home care as their only service"] == 3
    assert change.as_at == "2024-09-02"
    (note,) = [note for note in change.notes if "other services" in note]
    assert note.startswith("1 home care office gives other services too")


def test_active_locations_in_capitals_and_another_year(pack: Pack) -> None:
    rows = table(ACTIVE_HEADER, *ACTIVE)
    plain = register(read(pack, rows))
    rows[0] = [f"{name} 2026".upper() if name == "Location Local Authority" else name.upper() for name in rows[0]]
    assert register(read(pack, rows)).equals(plain)


def test_the_locations_report(pack: Pack) -> None:
    rows = [
        report_row("1-401", "Domiciliary care service", "Requires Improvement"),
        report_row("1-402", "Domiciliary care service, Supported living service"),
        report_row("1-403", "Care home service with nursing", "Requires improvement", Publication_Date="7/23/2025"),
        report_row("1-404", "Domiciliary care service", "", Dormant="Y"),
        report_row("1-405", "Domiciliary care service", Location_HSCA_end_date="2025-01-31"),
    ]
    change = read(pack, table(REPORT_HEADER, *rows))
    found = register(change)
    assert found["home_care"].to_dict() == {"1-401": "true", "1-402": "true", "1-403": "false", "1-404": "true"}
    assert found["overall"].tolist() == ["Requires improvement", "", "Requires improvement", ""]
    assert found["well_led"].tolist() == ["Requires improvement", "", "Requires improvement", ""]
    assert found["rated_on"].tolist() == ["", "", "2025-07-23", ""]  # the day of registration is no date of a rating
    assert set(found["postcode"]) == set(found["district_code"]) == {""}
    said = " ".join(change.notes)
    assert (
        "1 of the home care offices is dormant" in said and "1 location whose registration has ended left out." in said
    )


def test_a_file_of_the_other_kind_says_which_kind_to_use(pack: Pack) -> None:
    ratings = upload(table(RATINGS_HEADER, *rating_rows("1-1", "Overall", "Good", "13/01/2024")), "r.csv")
    assert refused(pack, ratings) == [
        "r.csv: found the CQC's ratings file, expected a care directory, active locations or a locations report: "
        "import this one as cqc-ratings"
    ]
    for header, row, what in (
        (DIRECTORY_HEADER, DIRECTORY[0], "care directory"),
        (ACTIVE_HEADER, ACTIVE[0], "HSCA active locations"),
        (REPORT_HEADER, report_row("1-1", "Domiciliary care service"), "locations report"),
    ):
        with pytest.raises(PackError) as caught:
            read_cqc_ratings(pack, [upload(table(header, row), "x.csv")])
        assert str(caught.value) == (
            f"x.csv: found the CQC's {what}, which has no ratings of each service, expected the CQC's ratings file: "
            "import this one as cqc-locations"
        )


@pytest.mark.parametrize("column", ["Postcode", "Name"])
def test_a_column_that_is_missing(pack: Pack, column: str) -> None:
    lacking = {column, "Local authority"} if column == "Postcode" else {column}
    header = [name for name in DIRECTORY_HEADER if name not in lacking]
    rows = [{name: value for name, value in row.items() if name in header} for row in DIRECTORY]
    (said,) = refused(pack, upload(table(header, *rows), "d.csv"))
    assert said.startswith("d.csv: found no column with th")


def test_two_files_at_once_are_refused(pack: Pack) -> None:
    one, two = (upload(table(DIRECTORY_HEADER, *DIRECTORY), name) for name in ("one.csv", "two.csv"))
    assert refused(pack, one, two) == ["two.csv: found 2 files, expected one file of the CQC at a time"]


def test_files_add_up_month_by_month(folder: PackFolder) -> None:
    ratings = [
        *rating_rows("1-201", "Homecare", "Good", "13/01/2024"),
        *rating_rows("1-203", "Overall", "Good", "13/01/2024"),  # community based, as far as this file knows
        *rating_rows("1-205", "Overall", "Inadequate", "14/01/2024"),
    ]
    pack = apply(folder, read_cqc_ratings(folder.load(), [upload(table(RATINGS_HEADER, *ratings), "ratings.csv")]))
    assert pack.table("cqc_locations")["home_care"].tolist() == [True, True, True]
    # The directory knows the services, has two more offices, and one fewer.
    change = read(pack, table(DIRECTORY_HEADER, *DIRECTORY), "directory.csv")
    pack = apply(folder, change)
    found = pack.table("cqc_locations").set_index("cqc_location_id")
    assert found["home_care"].to_dict() == {"1-201": True, "1-202": True, "1-203": False}
    assert found["overall"].fillna("").to_dict() == {"1-201": "Good", "1-202": "", "1-203": "Good"}
    assert found["read_from"].to_dict() == {
        "1-201": "directory.csv; ratings.csv",
        "1-202": "directory.csv",
        "1-203": "directory.csv; ratings.csv",
    }
    assert list(change.lists[NO_LONGER]["cqc_location_id"]) == ["1-205"]
    # Next month's ratings: what is known of the services stays, and nobody is dropped for having no rating.
    later = [*ratings[:6], *rating_rows("1-203", "Overall", "Outstanding", "13/01/2025")]
    pack = apply(folder, read_cqc_ratings(pack, [upload(table(RATINGS_HEADER, *later), "new; ratings.csv")]))
    found = pack.table("cqc_locations").set_index("cqc_location_id")
    assert found["home_care"].to_dict() == {"1-201": True, "1-202": True, "1-203": False}
    assert found["overall"].fillna("").to_dict() == {"1-201": "Good", "1-202": "", "1-203": "Outstanding"}
    assert found.loc["1-201", "read_from"] == "directory.csv; new, ratings.csv"
    # A rating of the whole that says the same loses no key question; another one replaces them all.
    rows = [active_row("1-201", HOME), active_row("1-203", CARE, Location_Latest_Overall_Rating="Inadequate")]
    pack = apply(folder, read(pack, table(ACTIVE_HEADER, *rows), "active.csv"))
    found = pack.table("cqc_locations").set_index("cqc_location_id")
    assert found["safe"].fillna("").to_dict() == {"1-201": "Good", "1-203": ""}
    assert found["overall"].to_dict() == {"1-201": "Good", "1-203": "Inadequate"}


def test_providers_from_a_report_have_no_postcode(pack: Pack) -> None:
    change = read(without_providers(pack), table(REPORT_HEADER, report_row("1-401", "Domiciliary care service")))
    providers = read_csv(change, "market/providers.csv")
    assert providers["office_postcode"].tolist() == [""]
    assert change.resources["ratings"]["status"] == "published"


REAL = pytest.mark.skipif(
    "REAL_FILES" not in os.environ, reason="REAL_FILES is not set: no files as their publishers issue them"
)


def real(name: str) -> Upload:
    return Upload(name, (Path(os.environ["REAL_FILES"]) / name).read_bytes())


@REAL
def test_the_real_locations_report(pack: Pack) -> None:
    change = read_cqc_locations(pack, [real("cqc_locations_report_2025_ESSEX_33rows.csv")])
    assert dict(change.counts) == {
        "rows read": 33,
        "locations in the area": 33,
        "of them home care offices": 19,
        "of them with home care as their only service": 15,
        "locations in the register": 33,
        "matched to a provider of the pack": 0,
    }
    found = register(change)
    assert found["overall"].value_counts().to_dict() == {"Good": 20, "": 10, "Requires improvement": 2, "Inadequate": 1}
    assert set(found["rated_on"]) == {""}


@REAL
def test_the_real_directory(pack: Pack) -> None:
    change = read_cqc_locations(pack, [real("cqc_directory_2025_NATIONAL_asc_sample.csv")])
    assert dict(change.counts)["rows read"] == 149
    assert register(change)["home_care"].to_dict() == {"1-19160340402": "false", "1-246139272": "true"}


@REAL
def test_the_real_names_of_the_active_locations(pack: Pack) -> None:
    names = pd.read_csv(Path(os.environ["REAL_FILES"]) / "cqc_hsca_active_locations_header_2021.csv")["column"].tolist()
    assert len(names) == 119
    row = active_row("1-301", HOME)
    row["Service user band - Children 0-18 years"] = "Y"
    change = read(without_providers(pack), table(names, row))
    assert register(change).loc["1-301", ["home_care", "overall", "postcode"]].to_list() == ["true", "Good", "CM1 1AA"]
    assert b"true,true,1-301" in change.files["market/providers.csv"]
