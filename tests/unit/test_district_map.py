"""The district map's pure parts: what is sent to the browser survives the way there as data, and nothing else."""

import json
import os
import re
import shutil
from pathlib import Path

import folium
import pytest
import streamlit_folium
from hypothesis import given
from hypothesis import strategies as st

from lib.view.map import leaflet
from lib.view.map.district_map import AreaPaint, clicked_code, scene
from lib.view.map.leaflet import OfflineMap, OutlineLayer, PaintLayer, outline_bounds, script_literal

GEOGRAPHY = Path(__file__).parents[2] / "data" / "geography" / "districts.geojson"
BOUNDS = ((51.0, 0.0), (52.0, 1.0))

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "');alert(1);('",
    '\\";alert(1);//',
    "{{ 7 * 7 }} {% raw %} {# gone #}",
    "{{'resolved'}}",
    "<!-- &lt;b&gt; &amp; -->",
    "\u2028alert(1)\u2029",
    "alert(coords); drawnItems map_div map_0 feature_group_0 maps/abc/",
    "one\ntwo\ttabs \\ and \\u0041",
    "Saffron £ – ź 🙂",
]


def paint(**changes):
    values = {"fill": "#12436d", "hatched": False, "tooltip": "North\n12 hours", "label": "North", "selected": False}
    return AreaPaint(**(values | changes))


def sent_to_the_browser(sent):
    """Take a scene the whole way that st_folium takes it, and return the script that the browser evaluates."""
    base = OfflineMap.__new__(OfflineMap)
    folium.Map.__init__(base, tiles=None)
    base.settings = script_literal({"bounds": BOUNDS})
    base.default_js = base.default_css = []
    base.render()
    streamlit_folium._get_map_string(base)
    return streamlit_folium._get_feature_group_string(PaintLayer(sent), map=base)


def scene_in(script):
    found = re.search(r"districtMap\.paint\(map_div, (.*)\);", script)
    return json.loads(found.group(1))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_the_same_text(text):
    sent = scene({"X1": paint(tooltip=text, label=text)}, dark=False, title=text)
    assert scene_in(sent_to_the_browser(sent)) == sent


@given(st.text())
def test_any_text_is_written_as_inert_ascii_and_read_back(text):
    written = script_literal([text])
    assert json.loads(written) == [text]
    assert written.isascii()
    assert not set(written) & set("<>&`$'_{\n\r")


def test_structure_is_left_alone():
    value = {"areas": {"X1": {"share": 0.5, "selected": True, "none": None, "list": [1, 2]}}}
    assert script_literal(value) == '{"areas":{"X1":{"share":0.5,"selected":true,"none":null,"list":[1,2]}}}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        script_literal(value)


def test_the_paint_is_the_variable_that_streamlit_folium_adds_and_removes():
    script = sent_to_the_browser(scene({"X1": paint()}, dark=True, title="Hours"))
    assert "var feature_group_feature_group_0 = districtMap.paint(map_div, " in script
    assert "map_div.addLayer(feature_group_feature_group_0)" in script


def test_the_base_script_is_the_same_from_run_to_run():
    def base_script():
        base = OfflineMap(BOUNDS)
        OutlineLayer("../geography/a_b.geojson").add_to(base)
        base.render()
        return streamlit_folium._get_map_string(base), streamlit_folium._get_header(base)

    script, header = base_script()
    assert (script, header) == base_script()
    assert "districtMap.outlines(map_div, " in script
    assert "user-scalable" not in header


def test_two_outline_files_are_two_maps():
    def identity(address):
        base = OfflineMap(BOUNDS)
        OutlineLayer(address).add_to(base)
        base.render()
        return streamlit_folium.generate_js_hash(streamlit_folium._get_map_string(base), "map")

    assert identity("../geography_1/districts.geojson") != identity("../geography_2/districts.geojson")


def test_every_address_is_relative_and_its_file_exists():
    base = OfflineMap(BOUNDS)
    addresses = [address for _, address in base.default_js + base.default_css]
    assert len(addresses) == 5
    assert all(re.fullmatch(r"\.\./[\w.]+/[\w.]+\?v=[0-9a-f]{12}", address) for address in addresses)
    assert "../../static/media/" in base.settings.replace("\\u005f", "_")


def test_a_scene_holds_only_what_the_browser_needs():
    paints = {"X1": paint(selected=True), "X2": paint(fill="", hatched=True, label="")}
    assert scene(paints, dark=True, title="Hours") == {
        "title": "Hours",
        "dark": True,
        "areas": {
            "X1": {"tooltip": "North\n12 hours", "label": "North", "fill": "#12436d", "selected": True},
            "X2": {"tooltip": "North\n12 hours", "label": ""},
        },
    }


def test_twelve_districts_stay_small():
    tooltip = "A district's name\n12,345 hours a week, 2026/27\n0.95 of the need, modelled"
    paints = {f"E0700006{number:x}": paint(tooltip=tooltip, label="A district's name") for number in range(12)}
    assert len(sent_to_the_browser(scene(paints, dark=False, title="Hours per 1,000 adults"))) < 3_000


@pytest.mark.parametrize("fill", ["", "red", "#12436", "#12436d ", "url(https://example.org/a.svg#x)", "#12436d\n"])
def test_a_fill_that_is_no_colour_is_refused(fill):
    with pytest.raises(ValueError, match="not a colour"):
        paint(fill=fill)


def test_a_hatched_district_needs_no_fill():
    assert paint(fill="", hatched=True).hatched


def test_clicked_code_finds_the_district():
    drawing = {"type": "Feature", "properties": {"district_code": "X1"}, "geometry": None}
    assert clicked_code({"last_active_drawing": drawing, "last_object_clicked_count": 3}) == "X1"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "X1",
        7,
        [],
        {},
        {"last_active_drawing": None},
        {"last_active_drawing": "X1"},
        {"last_active_drawing": []},
        {"last_active_drawing": {}},
        {"last_active_drawing": {"properties": None}},
        {"last_active_drawing": {"properties": ["district_code"]}},
        {"last_active_drawing": {"properties": {}}},
        {"last_active_drawing": {"properties": {"district_code": None}}},
        {"last_active_drawing": {"properties": {"district_code": ""}}},
        {"last_active_drawing": {"properties": {"district_code": 7}}},
        {"last_active_drawing": {"properties": {"district_code": {"$ne": 1}}}},
    ],
)
def test_clicked_code_is_none_for_anything_else(value):
    assert clicked_code(value) is None


def feature(geometry):
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def write_outlines(folder, *geometries):
    path = folder / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(each) for each in geometries]}))
    return path


def test_bounds_span_every_part_of_every_polygon(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0.1, 51.2], [0.3, 51.2], [0.3, 51.4], [0.1, 51.2]]]}
    islands = {"type": "MultiPolygon", "coordinates": [[[[0.5, 51], [0.6, 51.1], [0.5, 51]]], [[[-0.2, 52, 9]]]]}
    assert outline_bounds(write_outlines(tmp_path, square, None, islands)) == ((51, -0.2), (52, 0.6))


def test_bounds_follow_the_file_when_it_changes(tmp_path):
    path = write_outlines(tmp_path, {"type": "Polygon", "coordinates": [[[0, 50], [1, 51]]]})
    assert outline_bounds(path) == ((50, 0), (51, 1))
    later = path.stat().st_mtime_ns + 1_000_000_000
    write_outlines(tmp_path, {"type": "Polygon", "coordinates": [[[2, 50], [3, 51]]]})
    os.utime(path, ns=(later, later))
    assert outline_bounds(path) == ((50, 2), (51, 3))


def test_outlines_without_a_coordinate_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no outlines"):
        outline_bounds(write_outlines(tmp_path))


def test_the_default_outlines_are_twelve_polygons_with_a_code_and_a_name():
    features = json.loads(GEOGRAPHY.read_text(encoding="utf-8"))["features"]
    assert len({each["properties"]["district_code"] for each in features}) == len(features) == 12
    assert all(each["properties"]["district_name"] for each in features)
    assert {each["geometry"]["type"] for each in features} == {"Polygon", "MultiPolygon"}
    (south, west), (north, east) = outline_bounds(GEOGRAPHY)
    assert south < north and west < east


def test_two_packs_are_served_under_two_names(tmp_path):
    addresses = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(GEOGRAPHY, tmp_path / name / "my districts.geojson")
        addresses.add(leaflet.geography_address(tmp_path / name / "my districts.geojson"))
    assert len(addresses) == 2
    assert all("/my%20districts.geojson?v=" in address for address in addresses)


def test_an_outline_file_in_the_pack_itself_is_refused(tmp_path):
    path = write_outlines(tmp_path)
    (tmp_path / "datapackage.json").write_text("{}")
    with pytest.raises(ValueError, match="folder of their own"):
        leaflet.geography_address(path)


def test_a_missing_outline_file_is_named():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        leaflet.geography_address(Path("/nowhere/districts.geojson"))


def test_what_the_browser_runs_never_writes_html_and_names_no_web_address():
    code = "".join(each.read_text(encoding="utf-8") for each in leaflet.ASSETS.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|bindTooltip|bindPopup", code)
    style = (leaflet.ASSETS / "district_map.css").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"')\s]+", code + style)) == {"http://www.w3.org/2000/svg"}
