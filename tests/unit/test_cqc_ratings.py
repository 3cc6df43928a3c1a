"""The CQC's ratings file: which rows rate home care, in every form that the file has had."""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from cqc_files import (
    RATINGS_HEADER,
    RESIDENTIAL,
    apply,
    of_area,
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
from lib.pack.imports.cqc.matching import NOT_MATCHED
from lib.pack.imports.cqc.ratings_file import TWO_RATINGS
from lib.pack.imports.cqc.register import read_cqc_ratings
from lib.pack.load import Pack

# A day that proves the order, in a location that is not of the area.
ELSEWHERE = rating_rows("1-999", "Overall", "Good", "31/12/2025", authority="Kent")
ROWS = [
    *rating_rows("1-101", "Overall", "Not Rated", ""),
    *rating_rows("1-101", "Homecare", ["Good", "Requires Improvement", *["Good"] * 4], "05/06/2025"),
    *rating_rows("1-102", "Overall", "Outstanding", "01/02/2024"),
    *rating_rows("1-103", "Overall", "Good", "01/03/2024"),
    *rating_rows("1-103", "Supported Living", "Good", "01/03/2024"),
    *rating_rows("1-104", "Overall", "Inadequate", "01/04/2024", category=RESIDENTIAL),
    *rating_rows("1-105", "Overall", "Requires improvement", "02/04/2024", category=RESIDENTIAL),
    *rating_rows("1-105", "Care Homes", "Requires improvement", "02/04/2024", category=RESIDENTIAL),
    *rating_rows("1-105", "Homecare", "Good", "03/04/2024", category=RESIDENTIAL),
    *ELSEWHERE,
]


def read(pack: Pack, rows: Sequence[dict[str, str]] = ROWS, name: str = "ratings.csv", **more: Sequence[str]) -> Change:
    return read_cqc_ratings(pack, [upload(table(RATINGS_HEADER, *rows, **more), name)])


def refused(pack: Pack, *uploads: Upload) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_cqc_ratings(pack, uploads)
    return [str(fault) for fault in caught.value.faults]


def test_home_care_is_rated_by_its_own_rows_where_it_has_any(pack: Pack) -> None:
    change = read(pack)
    found = register(change)
    assert found["home_care"].to_dict() == {
        "1-101": "true",
        "1-102": "true",
        "1-103": "false",
        "1-104": "false",
        "1-105": "true",
    }
    assert found["overall"].to_dict() == {
        "1-101": "Good",
        "1-102": "Outstanding",
        "1-103": "Good",
        "1-104": "Inadequate",
        "1-105": "Good",
    }
    assert found["rated_on"].to_dict() == {
        "1-101": "2025-06-05",
        "1-102": "2024-02-01",
        "1-103": "2024-03-01",
        "1-104": "2024-04-01",
        "1-105": "2024-04-03",
    }
    assert found.loc["1-101", ["safe", "effective", "well_led"]].to_list() == ["Requires improvement", "Good", "Good"]
    assert found.loc["1-102", ["location_name", "provider_name", "postcode", "read_from"]].to_list() == [
        "Office 1-102",
        "Firm 1-102",
        "CM1 1AA",
        "ratings.csv",
    ]
    assert dict(change.counts) == {
        "rows read": 60,
        "locations in the area": 5,
        "of them community based adult social care": 3,
        "of them home care offices": 3,
        "of them with a rating of the home care itself": 2,
        "locations in the register": 5,
        "matched to a provider of the pack": 0,
    }
    assert change.as_at == "2025-12-31"
    assert list(change.lists[NOT_MATCHED]["cqc_location_id"]) == ["1-101", "1-102", "1-105"]
    assert set(change.files) == {"reference/cqc_locations.csv"}  # nobody is matched: no provider's rating changes


@pytest.mark.parametrize(
    "service", ["homecare", "Homecare agencies", "DOMICILIARY CARE SERVICE", "Home care", "Domiciliary care agency"]
)
def test_home_care_under_any_of_its_names(pack: Pack, service: str) -> None:
    rows = [
        row | {"Service / Population Group": service} if row["Service / Population Group"] == "Homecare" else row
        for row in ROWS
    ]
    assert register(read(pack, rows)).equals(register(read(pack)))


def test_any_preamble_capitals_year_and_mark(pack: Pack) -> None:
    plain = register(read(pack))
    above = [["Care directory with ratings"], [""], ["Produced on 3 January 2026"], ["Some notes, with a comma"]]
    loud = [
        name.upper().replace("LOCATION LOCAL AUTHORITY", "Location Local Authority 2025") for name in RATINGS_HEADER
    ]
    rows = table(RATINGS_HEADER, *ROWS, above=above)
    rows[4] = loud
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        change = read_cqc_ratings(pack, [upload(rows, "ratings.csv", encoding)])
        assert register(change).equals(plain)
        assert change.as_at == "2026-01-03"
    older = [
        {"Domain": "Key Question", "Location Post Code": "Location Postal Code"}.get(name, name)
        for name in RATINGS_HEADER
    ]
    backwards = [list(reversed(row)) for row in [older, *rows[5:]]]
    marked = [[f"\ufeff{backwards[0][0]}", *backwards[0][1:]], *backwards[1:]]
    assert register(read_cqc_ratings(pack, [upload(marked, "ratings.csv", "utf-8-sig")])).equals(plain)


def test_the_header_again_blank_rows_and_notes_below_are_no_locations(pack: Pack) -> None:
    rows = table(RATINGS_HEADER, *ROWS)
    rows[7:7] = [rows[0], [""] * len(rows[0]), ["", "", "A note"]]
    change = read_cqc_ratings(pack, [upload(rows, "ratings.csv")])
    assert register(change).equals(register(read(pack)))
    assert "1 row without a Location ID left out." in change.notes


def test_every_way_to_say_not_rated(pack: Pack) -> None:
    words = [
        "Not Rated",
        "No published rating",
        "Insufficient evidence to rate",
        "Not formally rated",
        "not rated",
        "-",
    ]
    found = register(read(pack, [*rating_rows("1-101", "Homecare", words, "13/01/2026")])).loc["1-101"]
    assert found[["overall", "safe", "effective", "caring", "responsive", "well_led"]].to_list() == [
        "Not rated"
    ] * 5 + [""]
    assert found["rated_on"] == ""


def test_an_unknown_rating_is_refused_with_its_place(pack: Pack) -> None:
    rows = [*ROWS, *rating_rows("1-106", "Overall", ["Marvellous", *["Good"] * 5], "13/01/2026")]
    assert refused(pack, upload(table(RATINGS_HEADER, *rows), "r.csv")) == [
        'r.csv, row 62, column Latest Rating (N): found "Marvellous", expected one of Outstanding, Good, Requires '
        "improvement, Inadequate, Not rated"
    ]
    # What is said of a place outside the area is nobody's business here.
    away = [row | {"Location Local Authority": "Kent"} if row["Location ID"] == "1-106" else row for row in rows]
    assert len(register(read(pack, away))) == 5


def test_of_two_ratings_the_later_counts_and_of_one_day_neither(pack: Pack) -> None:
    rows = [
        *rating_rows("1-101", "Overall", "Good", "13/01/2024"),
        *rating_rows("1-101", "Overall", "Inadequate", "14/01/2024"),
        *rating_rows("1-102", "Overall", "Good", "13/01/2024"),
        *rating_rows("1-102", "Overall", ["Good", "Inadequate", *["Good"] * 4], "13/01/2024"),
    ]
    change = read(pack, rows)
    found = register(change)
    assert found["overall"].to_dict() == {"1-101": "Inadequate", "1-102": "Good"}
    assert found["safe"].to_dict() == {"1-101": "Inadequate", "1-102": ""}
    assert list(change.lists[TWO_RATINGS]["rating"]) == ["Good", "Inadequate"]


def test_inherited_ratings_count_and_are_said(pack: Pack) -> None:
    rows = [row | {"Inherited Rating (Y/N)": "Y"} if row["Location ID"] == "1-102" else row for row in ROWS]
    change = read(pack, rows)
    assert register(change).loc["1-102", "overall"] == "Outstanding"
    assert any(note.startswith("1 location has ratings that were inherited") for note in change.notes)


@pytest.mark.parametrize(
    ("authorities", "found"),
    [
        (["Kent"], "found 5 locations, all of Kent (5), expected locations in Essex, the area of the pack"),
        (["Kent", "Surrey"], "found 5 locations, all of Kent (3), Surrey (2), expected"),
        (["West Essex"], "all of West Essex (5)"),
    ],
)
def test_a_file_of_another_area_is_refused_with_what_it_has(pack: Pack, authorities: list[str], found: str) -> None:
    ids = ["1-101", "1-102", "1-103", "1-104", "1-105"]
    rows = [
        row | {"Location Local Authority": authorities[ids.index(row["Location ID"]) % len(authorities)]}
        for row in ROWS
        if row["Location ID"] in ids
    ]
    rows[0]["Publication Date"] = "31/12/2025"
    (said,) = refused(pack, upload(table(RATINGS_HEADER, *rows), "r.csv"))
    assert said.startswith("r.csv: found 5 locations") and found in said


def test_a_district_of_the_pack_is_its_area_too(pack: Pack) -> None:
    rows = [row | {"Location Local Authority": "Colchester, City of"} for row in ROWS]
    assert set(register(read(pack, rows))["district_code"]) == {"E07000071"}
    assert set(register(read(pack))["district_code"]) == {""}  # the county says no district


class Lookup:
    """Postcodes that are known by heart."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def districts(self, postcodes: Sequence[str]) -> list[str | None]:
        return [self.known.get(one.replace(" ", "").upper()) for one in postcodes]


def test_a_postcode_goes_before_the_authority(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"CM11AA": "E07000070", "CO11AA": "E07000071", "ME11AA": "E06000035"}
    monkeypatch.setattr("lib.pack.imports.cqc.area.postcode_lookup", lambda pack: Lookup(known))
    postcodes = {"1-101": "cm11aa", "1-102": "CO1  1AA", "1-103": "ME1 1AA", "1-104": "ZZ1 1ZZ", "1-999": "CO1 1AA"}
    rows = [row | {"Location Post Code": postcodes.get(row["Location ID"], "")} for row in ROWS]
    found = register(read(pack, rows))
    # Outside by its postcode; of the county by its authority, in an unknown district; inside, whatever is said.
    assert found["district_code"].to_dict() == {
        "1-101": "E07000070",
        "1-102": "E07000071",
        "1-104": "",
        "1-105": "",
        "1-999": "E07000071",
    }
    assert found.loc["1-101", "postcode"] == "CM1 1AA"


@pytest.mark.parametrize("turned", ["1995-01-01", "01/01/1995", "1-Jan"])
def test_ids_that_a_spreadsheet_made_dates_are_refused(pack: Pack, turned: str) -> None:
    rows = [dict(row) for row in ROWS]
    rows[3]["Location ID"] = turned
    (said,) = refused(pack, upload(table(RATINGS_HEADER, *rows), "r.csv"))
    assert said.startswith(f'r.csv, row 5, column Location ID (A): found "{turned}", expected a CQC location id')
    assert "take the file as it was downloaded" in said


def test_what_is_no_ratings_file_is_refused(pack: Pack) -> None:
    assert refused(pack, upload([["a", "b"], ["1", "2"]], "x.csv")) == [
        'x.csv: found a table that begins with "a", expected a CQC file of locations, as the CQC publishes it, with a '
        "Location ID column"
    ]
    (said,) = refused(pack, upload([["Location ID", "Location Name"], ["1-1", "A"]], "x.csv"))
    assert said.startswith(
        "x.csv, row 1: found a header with Location ID, Location Name, expected the columns of a CQC"
    )
    assert refused(pack, upload([RATINGS_HEADER], "x.csv")) == [
        "x.csv: found a header and no row below it, expected a row for each location"
    ]
    providers = [name for name in RATINGS_HEADER if not name.startswith("Location")]
    (said,) = refused(pack, upload([providers, ["x"] * len(providers)], "x.csv"))
    assert "found CQC ratings of providers as a whole, expected locations" in said
    (said,) = refused(pack, Upload("x.json", b'{"locationId": "1-1"}'))
    assert said.endswith("import this one as cqc-locations")
    some = [name for name in RATINGS_HEADER if name != "Location Primary Inspection Category"]
    rows = [{name: value for name, value in row.items() if name in some} for row in ROWS]
    (said,) = refused(pack, upload(table(some, *rows), "x.csv"))
    assert said == (
        "x.csv: found no such column, expected Location Primary Inspection Category, which says where care is given at "
        "home"
    )
    assert len(refused(pack, upload([["a"]]), upload([["b"]], "two.csv"))) == 1


def test_a_pack_without_providers_takes_the_home_care_offices(pack: Pack) -> None:
    change = read(without_providers(pack))
    providers = read_csv(change, "market/providers.csv")
    assert providers.to_dict("records")[0] == {
        "provider_id": "1-101",
        "provider_name": "Office 1-101",
        "office_postcode": "CM1 1AA",
        "regulated": "true",
        "also_childrens": "false",
        "cqc_location_id": "1-101",
    }
    assert list(providers["provider_id"]) == ["1-101", "1-102", "1-105"]
    ratings = read_csv(change, "market/ratings.csv")
    assert len(ratings) == 18
    assert ratings.to_dict("records")[:2] == [
        {"provider_id": "1-101", "domain": "overall", "rating": "Good", "rated_on": "2025-06-05"},
        {"provider_id": "1-101", "domain": "safe", "rating": "Requires improvement", "rated_on": "2025-06-05"},
    ]
    assert {name: one["status"] for name, one in change.resources.items()} == dict.fromkeys(
        ("cqc_locations", "providers", "ratings"), "published"
    )
    assert "market/capacity.csv" not in change.files
    # Data to March 2025: a later rating moves the pack's date, and no service's.
    assert change.settings["as_of"] == "2025-06-05"
    assert change.settings["services"]["domiciliary_care"]["as_of"] == "2025-03-31"
    assert change.settings["services"]["short_breaks"]["as_of"] == "2024-01-31"


def test_providers_are_matched_by_id_and_the_others_keep_theirs(folder: PackFolder) -> None:
    path = "market/providers.csv"
    rows = folder.rows(path)
    rows[0].append("cqc_location_id")
    for number, row in enumerate(rows[1:], start=1):
        row.append({3: "1-101", 5: "1-888", 7: "1-104"}.get(number, ""))
    rows[8][1] = "FIRM 1-102"
    folder.write(path, rows)
    before = folder.load()
    change = read(before)
    after = apply(folder, change)
    changed = after.table("ratings").query("provider_id == 'P003'").set_index("domain")
    assert changed["rating"].to_dict() == {
        "overall": "Good",
        "safe": "Requires improvement",
        "effective": "Good",
        "caring": "Good",
        "responsive": "Good",
        "well_led": "Good",
    }
    assert after.table("ratings").query("provider_id == 'P007'")["rating"].unique().tolist() == ["Inadequate"]

    def others(one: Pack) -> pd.DataFrame:
        rows = one.table("ratings")
        return rows[~rows["provider_id"].isin(["P003", "P007"])].reset_index(drop=True)

    assert others(before).equals(others(after))
    assert after.table("capacity").equals(before.table("capacity"))
    assert dict(change.counts)["matched to a provider of the pack"] == 2
    assert change.lists[NOT_MATCHED].set_index("cqc_location_id")["same_name"].to_dict() == {
        "1-102": "P008",
        "1-105": None,
    }
    # Made-up ratings stay among them: the table is as weak as before, and says what of it is real.
    resource = after.manifest.resource("ratings")
    assert resource.status == "illustrative"
    assert resource.rule.endswith("Of 2 of 137 rated providers the ratings are the CQC's, by their CQC id.")
    assert resource.credit.endswith("Source: Care Quality Commission.")
    assert after.manifest.resource("cqc_locations").status == "published"
    assert after.manifest.as_of.isoformat() == "2025-06-05"
    assert after.manifest.date_of("domiciliary_care").isoformat() == "2025-03-31"
    # The same file once more says the same once.
    again = read(after)
    assert again.resources["ratings"]["rule"] == resource.rule
    assert again.resources["ratings"]["credit"] == resource.credit
    assert again.files == change.files and not again.settings


def test_only_when_every_rating_is_the_cqcs_is_the_table_published(pack: Pack) -> None:
    providers = pack.table("providers").head(2).assign(cqc_location_id=["1-101", "1-102"])
    ratings = pack.table("ratings")
    few = ratings[ratings["provider_id"].isin(providers["provider_id"])]
    of_two = dataclasses.replace(pack, tables={**pack.tables, "providers": providers, "ratings": few})
    assert read(of_two).resources["ratings"]["status"] == "published"
    third = dataclasses.replace(of_two, tables={**of_two.tables, "ratings": ratings.head(30)})
    assert "status" not in read(third).resources["ratings"]


@pytest.mark.skipif(
    "REAL_FILES" not in os.environ, reason="REAL_FILES is not set: no files as their publishers issue them"
)
def test_the_real_file(pack: Pack) -> None:
    name = "cqc_latest_ratings_LINCOLNSHIRE_2026.csv"
    real = Upload(name, (Path(os.environ["REAL_FILES"]) / name).read_bytes())
    assert refused(pack, real) == [
        f"{name}: found 357 locations, all of Lincolnshire (357), expected locations in Essex, the area of the pack"
    ]
    change = read_cqc_ratings(without_providers(of_area(pack, "Lincolnshire")), [real])
    assert dict(change.counts) == {
        "rows read": 2638,
        "locations in the area": 357,
        "of them community based adult social care": 94,
        "of them home care offices": 91,
        "of them with a rating of the home care itself": 17,
        "locations in the register": 357,
        "home care offices taken as providers": 91,
    }
    found = register(change)
    # Its overall rows say Not Rated; its home care is rated Good, on 12/13/2024 as the file writes it.
    dimensions = found.loc["1-11463954528"]
    assert dimensions[["overall", "safe", "rated_on"]].to_list() == ["Good", "Good", "2024-12-13"]
    assert found.loc["1-1031902754", "rated_on"] == "2025-04-29"
    assert found["postcode"].str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}").all()
    assert change.as_at == "2026-05-29"


def test_a_workbook_of_several_sheets_is_read_by_its_locations(pack: Pack) -> None:
    book = openpyxl.Workbook()
    book.active.title = "README"
    book.active.append(["Care directory with ratings"])
    book.active.append(["Data as of 2 June 2026"])
    providers = book.create_sheet("Providers")
    providers.append(["Provider ID", "Service / Population Group", "Domain", "Latest Rating", "Publication Date"])
    for number in range(80):
        providers.append([f"R{number}", "Overall", "Overall", "Good", "01/02/2026"])
    locations = book.create_sheet("Locations")
    for row in table(RATINGS_HEADER, *ROWS):
        locations.append(row)
    file = io.BytesIO()
    book.save(file)
    change = read_cqc_ratings(pack, [Upload("ratings.csv", file.getvalue())])
    assert register(change).equals(register(read(pack)))
    assert change.as_at == "2026-06-02"
