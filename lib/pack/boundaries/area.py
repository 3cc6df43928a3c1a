"""The outlines, wards and postcodes of an area as the files of a pack, from Code-Point Open and the land."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lib.pack.boundaries.code_point import CodePoint
from lib.pack.boundaries.land import Box
from lib.pack.boundaries.sources import BuildError
from lib.pack.boundaries.tessellate import on_grid, outlines_of

DEGREES, NATIONAL_GRID = 4326, 27700
# Postcodes and land so many metres around the districts decide where these end.
_AROUND = 10_000
_DECIMALS = 4  # some 10 metres
# Latitude and longitude of postcodes: 1 metre, and all that fits a number of 32 bits.
_POINT_DECIMALS = 5


def known_districts(codes: Sequence[str], data: CodePoint) -> None:
    """BuildError that names every code that Code-Point Open has not, and what it was where that is known."""
    there = set(data.postcodes["district_code"])
    unknown = [code for code in dict.fromkeys(codes) if code not in there]
    if unknown:
        said = "; ".join(f"{code} {_whereabouts(code, data)}" for code in unknown)
        raise BuildError(f"--districts: found codes that {data.edition} has not, expected its own: {said}")


def _whereabouts(code: str, data: CodePoint) -> str:
    earlier = data.earlier[data.earlier["code"] == code]
    if earlier.empty:
        return "(no district of 2021 or 2025 in Great Britain)"
    name, longitude, latitude = earlier.iloc[0][["name", "longitude", "latitude"]]
    east, north = _moved([longitude], [latitude], DEGREES, NATIONAL_GRID)
    rows = data.postcodes
    nearest = int(np.argmin(np.hypot(rows["east"] - east[0], rows["north"] - north[0])))
    now = str(rows["district_code"].iloc[nearest])
    return f"(a code of another year: {name} in 2021; its middle lies in {now}, {data.districts.get(now, now)}, today)"


def outlines_file(
    codes: Sequence[str], names: Mapping[str, str], data: CodePoint, land: Callable[[Box], Sequence[Any]]
) -> bytes:
    """The outlines of districts as GeoJSON in degrees, in the order of their codes as given.

    land: gives the polygons of land that reach into a box, in degrees. BuildError where a district would have none.
    """
    import geopandas
    import shapely
    from pyproj import network

    network.set_network_enabled(False)  # type: ignore[attr-defined]
    rows = data.postcodes
    own = rows[rows["district_code"].isin(codes)]
    west, south = own[["east", "north"]].min() - _AROUND
    east, north = own[["east", "north"]].max() + _AROUND
    around = rows[rows["east"].between(west, east) & rows["north"].between(south, north)]
    frame = geopandas.GeoSeries([shapely.box(west, south, east, north)], crs=NATIONAL_GRID).to_crs(DEGREES)
    polygons = land(tuple(frame.total_bounds.tolist()))
    if not polygons:
        raise BuildError("the land: found none where the districts are, expected their coast")
    metres = list(geopandas.GeoSeries(polygons, crs=DEGREES).to_crs(NATIONAL_GRID))
    shapes = outlines_of(around, metres, codes)
    degrees = geopandas.GeoSeries(list(shapes.values()), crs=NATIONAL_GRID).to_crs(DEGREES)
    rounded = on_grid(dict(zip(shapes, degrees, strict=True)), 10**-_DECIMALS)
    lost = [code for code in codes if code not in rounded]
    if lost:
        raise BuildError(f"the postcodes: found none apart from other districts' in {', '.join(lost)}, expected some")
    features = [
        {
            "type": "Feature",
            "properties": {"district_code": code, "district_name": names[code]},
            "geometry": _geometry(rounded[code]),
        }
        for code in codes
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _geometry(shape: Any) -> dict[str, Any]:
    from shapely import orient_polygons, transform
    from shapely.geometry import mapping

    # In the order of their corners, so that the same input gives the same bytes.
    rounded = transform(orient_polygons(shape.normalize()), lambda corners: corners.round(_DECIMALS))
    found: dict[str, Any] = mapping(rounded)
    return found


def wards_file(codes: Sequence[str], data: CodePoint) -> bytes:
    """The wards of districts as the table of a pack: the median point of their postcodes and how many there are."""
    rows = data.postcodes[data.postcodes["district_code"].isin(codes)].dropna(subset=["ward_code"])
    wards = rows.groupby(["district_code", "ward_code"], as_index=False).agg(
        east=("east", "median"), north=("north", "median"), postcodes=("postcode", "size")
    )
    longitude, latitude = _moved(wards["east"], wards["north"], NATIONAL_GRID, DEGREES)
    wards = wards.assign(
        ward_name=[data.wards.get(code, code) for code in wards["ward_code"]],
        latitude=latitude.round(_DECIMALS),
        longitude=longitude.round(_DECIMALS),
    )
    columns = ["ward_code", "ward_name", "district_code", "latitude", "longitude", "postcodes"]
    text: str = wards[columns].to_csv(index=False, lineterminator="\n")
    return text.encode()


def postcodes_file(codes: Sequence[str], data: CodePoint) -> bytes:
    """The postcodes of districts as `lib.pack.postcodes` reads them, in order."""
    import pyarrow.parquet as pq

    rows = data.postcodes[data.postcodes["district_code"].isin(codes)].sort_values("postcode")
    longitude, latitude = _moved(rows["east"], rows["north"], NATIONAL_GRID, DEGREES)
    words = pa.dictionary(pa.int32(), pa.string())
    table = pa.table(
        {
            "postcode": pa.array(rows["postcode"].tolist(), pa.string()),
            "district_code": pa.array(rows["district_code"].tolist(), pa.string()).cast(words),
            "ward_code": pa.array(rows["ward_code"].where(rows["ward_code"].notna(), None).tolist(), pa.string()).cast(
                words
            ),
            "latitude": pa.array(latitude.round(_POINT_DECIMALS), pa.float32()),
            "longitude": pa.array(longitude.round(_POINT_DECIMALS), pa.float32()),
        }
    )
    written = io.BytesIO()
    pq.write_table(
        table, written, compression="zstd", use_dictionary=["district_code", "ward_code"], write_page_checksum=True
    )
    return written.getvalue()


def _moved(across: Any, up: Any, given: int, wanted: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Points of one coordinate system in another."""
    import geopandas

    moved = geopandas.GeoSeries.from_xy(np.asarray(across, float), np.asarray(up, float), crs=given).to_crs(wanted)
    return moved.x.to_numpy(), moved.y.to_numpy()
