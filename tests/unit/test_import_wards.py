"""Wards from boundaries and from points: a point in each, the pack's own districts only, what requests name kept."""

from __future__ import annotations

import csv
import io

import area_files
import geopandas
import pytest
from shapely.geometry import box

from lib.pack.faults import PackError
from lib.pack.imports.areas import read_wards
from lib.pack.imports.change import Change, Upload
from lib.pack.load import Pack

PATH = "reference/wards.csv"


def rows_of(change: Change) -> list[dict[str, str]]:
    """The rows of the table of wards."""
    return list(csv.DictReader(io.StringIO(change.files[PATH].decode())))


def wards(pack: Pack) -> geopandas.GeoDataFrame:
    """One ward a district, its outline, with the codes as the ONS heads them."""
    areas = area_files.outlines(pack)
    return areas.assign(WD24CD=[f"E0599900{n:1d}"[:9] if n < 10 else f"E059990{n}" for n in range(12)], WD24NM="Ward")


def kept(pack: Pack) -> int:
    """How many wards of the pack its requests name."""
    return int(pack.table("requests")["ward_code"].dropna().nunique())


@pytest.mark.parametrize("system", [27700, 4326])
def test_boundaries_give_a_point_inside_each_ward(pack: Pack, system: int) -> None:
    far = geopandas.GeoDataFrame(
        {"WD24CD": ["E05888888"], "WD24NM": ["Far"], "LAD24CD": ["E07000136"]},
        geometry=[box(520_000, 340_000, 540_000, 360_000)], crs=27700,
    )  # fmt: skip
    every = geopandas.GeoDataFrame(geopandas.pd.concat([wards(pack), far]), crs=27700).to_crs(system)
    change = read_wards(pack, [area_files.geojson(every, "WD_MAY_2024.geojson")])
    assert change.counts == (("wards", 12),)
    rows = rows_of(change)
    assert len(rows) == 12 + kept(pack)
    shapes = dict(zip(every["LAD24CD"], every.to_crs(4326).geometry, strict=True))
    points = geopandas.GeoSeries.from_xy([float(r["longitude"]) for r in rows], [float(r["latitude"]) for r in rows])
    assert all(shapes[row["district_code"]].contains(point) for row, point in zip(rows[:12], points[:12], strict=True))
    assert change.resources["wards"]["status"] == "derived"
    assert "May 2024" in change.resources["wards"]["rule"]
    assert any("wards that requests name are not in the file and stay as they were" in note for note in change.notes)


def test_wards_without_a_district_are_placed_in_the_outlines(pack: Pack) -> None:
    areas = wards(pack)
    change = read_wards(pack, [area_files.geojson(areas.drop(columns=["LAD24CD", "LAD24NM"]))])
    assert {row["ward_code"]: row["district_code"] for row in rows_of(change)[:12]} == dict(
        zip(areas["WD24CD"], areas["LAD24CD"], strict=True)
    )


@pytest.mark.parametrize("heads", ["LONG,LAT", "BNG_E,BNG_N"])
def test_a_table_with_points(pack: Pack, heads: str) -> None:
    areas = wards(pack)
    points = areas.geometry.representative_point()
    points = points.to_crs(4326) if heads.startswith("LONG") else points
    lines = [f"WD24CD,WD24NM,LAD24CD,LAD24NM,{heads}"]
    lines += [
        f"{code},Ward,{home},{name},{point.x},{point.y}"
        for code, home, name, point in zip(areas["WD24CD"], areas["LAD24CD"], areas["LAD24NM"], points, strict=True)
    ]
    rows = rows_of(read_wards(pack, [Upload("wards.csv", "\n".join(lines).encode())]))
    degrees = areas.geometry.representative_point().to_crs(4326)
    assert [float(row["latitude"]) for row in rows[:12]] == pytest.approx(list(degrees.y), abs=0.0001)


def said(pack: Pack, upload: Upload) -> list[str]:
    """What is said of a file that cannot be read."""
    with pytest.raises(PackError) as caught:
        read_wards(pack, [upload])
    return [str(fault) for fault in caught.value.faults]


def test_bad_input_gets_one_sentence(pack: Pack) -> None:
    areas = wards(pack)
    (words,) = said(pack, area_files.geojson(areas[areas["LAD24NM"] != "Harlow"]))
    assert words.startswith("areas.geojson: found no ward of Harlow (E07000073), expected one ward or more of each")
    (words,) = said(pack, area_files.geojson(areas.assign(WD24CD="E05999999")))
    assert words == 'areas.geojson: found the ward "E05999999" more than once, expected each ward once'
    (words,) = said(pack, Upload("wards.csv", b"WD24CD,LAD24CD\nE05999999,E07000066\n"))
    assert words.startswith("wards.csv: found no columns of coordinates, such as LAT and LONG, expected the point of")
    (words,) = said(pack, Upload("wards.csv", b"a,b\n1,2\n"))
    assert words.startswith("wards.csv: found no column of wards' codes such as WD24CD, expected")
    lines = "WD24CD,WD24NM,LAD24CD,LONG,LAT\n" + "\n".join(
        f"{code},W,{home},0.5,{'north' if n == 3 else '51.7'}"
        for n, (code, home) in enumerate(zip(areas["WD24CD"], areas["LAD24CD"], strict=True))
    )
    (words,) = said(pack, Upload("wards.csv", lines.encode()))
    assert words == 'wards.csv, row 5, column LAT (E): found "north", expected a number of degrees'
