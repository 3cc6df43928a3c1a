"""Another county's pack as a new user makes it: new-pack of a folder of outlines, then the CQC's ratings into it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.__main__ import main
from lib.market.basis import standing
from lib.market.freshness import freshness
from lib.market.selection import select
from lib.market.status import county_known
from lib.pack.load import load_pack
from lib.view.link.parameters import first_indicator

TWO = {"E07000001": "Ash", "E07000002": "Birch"}
LINCOLNSHIRE = {
    "E07000136": "Boston",
    "E07000137": "East Lindsey",
    "E07000138": "Lincoln",
    "E07000139": "North Kesteven",
    "E07000140": "South Holland",
    "E07000141": "South Kesteven",
    "E07000142": "West Lindsey",
}
# As the CQC heads its ratings file.
HEAD = (
    "Location ID", "Location ODS Code", "Location Name", "Care Home?", "Location Street Address",
    "Location Address Line 2", "Location City", "Location Post Code", "Location Local Authority", "Location Region",
    "Location NHS Region", "Location ONSPD CCG", "Location Commissioning Hub", "Service / Population Group", "Domain",
    "Latest Rating", "Publication Date", "Report Type", "Inherited Rating (Y/N)", "URL", "Location Type/Sector",
    "Location Primary Inspection Category", "Brand ID", "Brand Name", "Provider ID", "Provider ODS Code",
    "Provider Name", "Location Dual Registered",
)  # fmt: skip
EDITION = "OS Code-Point Open of 2025-04-22"


def outlines(names: dict[str, str]) -> bytes:
    """Squares side by side, from 1 degree west on."""
    features: list[dict[str, Any]] = []
    for number, (code, name) in enumerate(names.items()):
        west, south = round(-1 + number * 0.1, 1), 53.0
        east, north = round(west + 0.1, 1), 53.2
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        properties = {"district_code": code, "district_name": name}
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": properties, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def postcodes(of: dict[str, str]) -> bytes:
    """A list of postcodes, each in a district, all of them at one point."""
    table = pa.table(
        {
            "postcode": pa.array(of, pa.string()),
            "district_code": pa.array(of.values(), pa.string()),
            "ward_code": pa.array([None] * len(of), pa.string()),
            "latitude": pa.array([53.1] * len(of), pa.float32()),
            "longitude": pa.array([-0.95] * len(of), pa.float32()),
        }
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def ratings(locations: list[tuple[str, str, str, str]]) -> bytes:
    """A ratings file of home care offices: id, name, postcode and overall rating of each."""
    rows = []
    for number, name, postcode, rating in locations:
        told = {
            "Location ID": number,
            "Location Name": name,
            "Care Home?": "N",
            "Location Post Code": postcode,
            "Location Local Authority": "Elsewhere",
            "Service / Population Group": "Homecare",
            "Domain": "Overall",
            "Latest Rating": rating,
            "Publication Date": "2025-05-29",
            "Location Type/Sector": "Social Care Org",
            "Location Primary Inspection Category": "Community based adult social care services",
            "Provider ID": f"P{number}",
            "Provider Name": name,
        }
        rows.append([told.get(column, "") for column in HEAD])
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode()


def folder(path: Path, names: dict[str, str], of: dict[str, str], described: bytes = b"") -> Path:
    """A folder as lib.pack.boundaries writes it."""
    path.mkdir()
    (path / "districts.geojson").write_bytes(outlines(names))
    (path / "postcodes.parquet").write_bytes(postcodes(of))
    lines = [
        f"E0500000{number},Ward {number},{code},53.1,{-0.95 + number * 0.1:.2f},3" for number, code in enumerate(names)
    ]
    head = "ward_code,ward_name,district_code,latitude,longitude,postcodes"
    (path / "wards.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    if described:
        (path / "datapackage.json").write_bytes(described)
    return path


def description(**more: Any) -> bytes:
    said = {"name": "postcodes", "status": "derived", "rule": f"{EDITION}: by hand.", "credit": "© somebody"} | more
    return json.dumps({"resources": [said]}).encode()


def test_a_ward_in_the_wrong_place_is_said_of_the_file_of_outlines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    areas = folder(tmp_path / "areas", TWO, {"AB11AA": "E07000001"}, description())
    wards = (areas / "wards.csv").read_text(encoding="utf-8").replace("-0.85", "-0.95")
    (areas / "wards.csv").write_text(wards, encoding="utf-8")
    into = str(tmp_path / "pack")
    assert main(["new-pack", "--name", "Fenland", "--boundaries", str(areas), "--into", into]) == 1
    assert capsys.readouterr().err.startswith("districts.geojson, column E07000002: found 0 of 1 wards of Birch")


def begun(tmp_path: Path, described: bytes = b"", *more: str) -> int:
    areas = folder(tmp_path / "areas", TWO, {"AB11AA": "E07000001", "AB11AB": "E07000002"}, described)
    into = str(tmp_path / "pack")
    return main(["new-pack", "--name", "Fenland", "--boundaries", str(areas), "--into", into, *more])


def test_the_folder_says_of_its_files_how_they_were_made_and_whose_they_are(tmp_path: Path) -> None:
    assert begun(tmp_path, description()) == 0
    pack = load_pack(tmp_path / "pack")
    resource = pack.manifest.resource("postcodes")
    assert (resource.status, resource.rule, resource.credit) == ("derived", f"{EDITION}: by hand.", "© somebody")
    assert pack.manifest.resource("wards").status == "supplied"
    assert pack.table("wards")["district_code"].tolist() == ["E07000001", "E07000002"]


def test_a_folder_without_a_description_is_only_taken_as_it_is(tmp_path: Path) -> None:
    assert begun(tmp_path) == 0
    resource = load_pack(tmp_path / "pack").manifest.resource("postcodes")
    assert (resource.status, resource.rule) == ("supplied", "As the boundary file's folder has them.")


@pytest.mark.parametrize(
    ("described", "found"),
    [
        (b"{", "datapackage.json: found text that is not JSON"),
        (b"\xff\xfe", "datapackage.json: found text that is not JSON"),
        (b"[1]", "datapackage.json, column resources: found no list of resources"),
        (b'{"resources": [1]}', "datapackage.json, column resources: found no list of resources"),
        (b'{"resources": NaN}', "datapackage.json: found NaN"),
        (description(status="sure"), "datapackage.json"),
    ],
)
def test_a_description_that_is_none_is_refused(
    described: bytes, found: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begun(tmp_path, described) == 1
    assert capsys.readouterr().err.startswith(found)
    assert not (tmp_path / "pack").exists()


def test_ratings_tell_the_district_of_an_office_by_its_postcode(tmp_path: Path) -> None:
    begun(tmp_path)
    file = tmp_path / "ratings.csv"
    offices = [("1-1", "Alpha", "AB1 1AA", "Good"), ("1-2", "Beta", "ab11ab", "Outstanding")]
    file.write_bytes(ratings([*offices, ("1-3", "Gamma", "ZZ1 1ZZ", "Good")]))
    assert main(["import", "cqc-ratings", str(file), "--into", str(tmp_path / "pack")]) == 0
    pack = load_pack(tmp_path / "pack")
    places = pack.table("cqc_locations").set_index("cqc_location_id")["district_code"].to_dict()
    # The third lies in no district of the pack, and its authority is called otherwise: it is none of the area's.
    assert places == {"1-1": "E07000001", "1-2": "E07000002"}
    assert pack.table("providers")["provider_id"].tolist() == ["1-1", "1-2"]
    assert pack.table("capacity").empty


def test_what_rests_on_a_table_not_given_has_no_status(tmp_path: Path) -> None:
    begun(tmp_path)
    pack = load_pack(tmp_path / "pack")
    whole = select(pack, "domiciliary_care")
    assert str(county_known(pack, whole, "delivered_hours").status) == "not given yet"
    assert str(standing(pack, "districts")) == "derived"
    # Coverage says what is waited for; what kind of place it is, of which nothing is known either, does not.
    assert first_indicator(pack) == "coverage"


def test_a_table_not_given_has_no_source_that_could_be_old(tmp_path: Path) -> None:
    begun(tmp_path)
    pack = load_pack(tmp_path / "pack")
    files = freshness(pack, dt.date(2026, 1, 1))["file"].tolist()
    assert files == [
        "reference/districts.csv", "reference/service_rates.csv", "reference/lots.csv", "reference/wards.csv",
        "geography/districts.geojson", "reference/postcodes.parquet",
    ]  # fmt: skip


@pytest.mark.skipif("REAL_FILES" not in os.environ, reason="REAL_FILES names no folder of published files")
def test_lincolnshire_from_published_files(tmp_path: Path) -> None:
    real = Path(os.environ["REAL_FILES"])
    # An office a district is placed by its postcode; the others by the name of their authority.
    areas = folder(tmp_path / "areas", LINCOLNSHIRE, {"LN35AG": "E07000142", "NG317XT": "E07000141"})
    into, residents = str(tmp_path / "pack"), str(real / "ons_SNPP2018based_table2_persons_ons_pop.csv")
    begin = ["new-pack", "--name", "Lincolnshire", "--boundaries", str(areas), "--population", residents]
    assert main([*begin, "--into", into]) == 0
    file = str(real / "cqc_latest_ratings_LINCOLNSHIRE_2026.csv")
    assert main(["import", "cqc-ratings", file, "--pack", into, "--into", into]) == 0
    assert main(["check", "--pack", into]) == 0
    pack = load_pack(tmp_path / "pack")
    register = pack.table("cqc_locations")
    assert (len(register), int(register["home_care"].sum()), len(pack.table("providers"))) == (357, 91, 91)
    placed = register.dropna(subset=["district_code"]).set_index("cqc_location_id")["district_code"]
    assert (placed["1-10041249501"], placed["1-10160329535"]) == ("E07000142", "E07000141")
    population = pack.manifest.resource("population")
    assert population.status == "supplied"
    assert "2018-based" in population.title
    assert sorted(pack.table("population")["year"].unique()) == list(range(2018, 2044))


def test_a_description_says_no_more_than_a_resource_may(tmp_path: Path) -> None:
    begun(tmp_path, description(path="../elsewhere", hash="0" * 64))
    assert load_pack(tmp_path / "pack").manifest.resource("postcodes").path == "reference/postcodes.parquet"
