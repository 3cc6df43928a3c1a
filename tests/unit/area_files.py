"""Files with the boundaries of areas, as publishers give them, made for a test."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas
import pyogrio
from shapely.geometry import shape

from lib.pack.imports.change import Upload
from lib.pack.load import Pack

GRID = 27700


def outlines(pack: Pack, code: str = "LAD24CD", name: str = "LAD24NM") -> geopandas.GeoDataFrame:
    """The outlines of a pack in metres of the National Grid, with codes and names as the ONS heads them."""
    features = json.loads(pack.outlines)["features"]
    table = {
        code: [one["properties"]["district_code"] for one in features],
        name: [one["properties"]["district_name"] for one in features],
    }
    shapes = [shape(one["geometry"]) for one in features]
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=4326).to_crs(GRID)


def frame(areas: Mapping[str, object], code: str = "LAD24CD", crs: int | None = GRID) -> geopandas.GeoDataFrame:
    """Areas by their code, each named after it."""
    table = {code: list(areas), f"{code[:-2]}NM": [f"Place {one[-3:]}" for one in areas]}
    return geopandas.GeoDataFrame(table, geometry=list(areas.values()), crs=crs)


def geojson(areas: geopandas.GeoDataFrame, name: str = "areas.geojson") -> Upload:
    """GeoJSON that says its coordinate system, as older exports do."""
    document = json.loads(areas.to_json())
    epsg = areas.crs and areas.crs.to_epsg()
    if epsg:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    return Upload(name, json.dumps(document).encode())


def geopackage(layers: Mapping[str, geopandas.GeoDataFrame], name: str = "areas.gpkg") -> Upload:
    """A GeoPackage with some layers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        for layer, areas in layers.items():
            pyogrio.write_dataframe(areas, path, layer=layer, driver="GPKG", append=path.exists())
        return Upload(name, path.read_bytes())


def shapefile(areas: geopandas.GeoDataFrame, stem: str = "areas", without: tuple[str, ...] = ()) -> list[Upload]:
    """The parts of a shapefile, each a file."""
    with tempfile.TemporaryDirectory() as folder:
        pyogrio.write_dataframe(areas, Path(folder) / f"{stem}.shp", driver="ESRI Shapefile")
        return [
            Upload(one.name, one.read_bytes()) for one in sorted(Path(folder).iterdir()) if one.suffix not in without
        ]


def zipped(files: list[Upload], name: str = "areas.zip", folder: str = "") -> Upload:
    """Files in a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.writestr(f"{folder}{one.name}", one.content)
    return Upload(name, content.getvalue())
