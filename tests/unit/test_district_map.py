"""The district map's pure parts: what is sent to the browser survives the way there as data, and nothing else."""

import dataclasses
import json
import os
import re
import shutil

import folium
import pytest
import streamlit_folium
from hypothesis import given
from hypothesis import strategies as st

from lib.pack.faults import Fault, PackError
from lib.pack.geography import pack_outlines, read_outlines
from lib.view.map import leaflet
from lib.view.map.district_map import AreaPaint, clicked_code, no_map, scene
from lib.view.map.leaflet import OfflineMap, OutlineLayer, PaintLayer, script_literal

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
        OutlineLayer("../outlines/a_b.geojson").add_to(base)
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

    assert identity("../outlines/1.geojson") != identity("../outlines/2.geojson")


def test_every_address_is_relative_and_its_file_exists():
    base = OfflineMap(BOUNDS)
    addresses = [address for _, address in base.default_js + base.default_css]
    assert len(addresses) == 7
    assert all(re.fullmatch(r"\.\./[\w.]+/[\w.]+\.[0-9a-f]{12}\.(js|css)", address) for address in addresses)
    assert "../../static/media/" in base.settings.replace("\\u005f", "_")


def test_a_scene_holds_only_what_the_browser_needs():
    paints = {"X1": paint(selected=True, changed=True), "X2": paint(fill="", hatched=True, label="")}
    assert scene(paints, dark=True, title="Hours") == {
        "title": "Hours",
        "dark": True,
        "areas": {
            "X1": {
                "tooltip": "North\n12 hours",
                "label": "North",
                "fill": "#12436d",
                "selected": True,
                "changed": True,
            },
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


def test_the_default_outlines_are_twelve_polygons_with_a_code_and_a_name(pack):
    features = json.loads(pack_outlines(pack).document)["features"]
    assert len({each["properties"]["district_code"] for each in features}) == len(features) == 12
    assert all(each["properties"]["district_name"] for each in features)
    assert {each["geometry"]["type"] for each in features} == {"Polygon", "MultiPolygon"}


def test_outlines_are_served_under_the_name_of_their_content(pack, tiny):
    addresses = [leaflet.outlines_address(read_outlines(one.outlines)) for one in (pack, tiny, pack)]
    assert addresses[0] == addresses[2] != addresses[1]
    assert all(re.fullmatch(r"\.\./[\w.]+/[0-9a-f]{12}\.geojson", address) for address in addresses)
    assert len({address.split("/")[1] for address in addresses}) == 1


def test_only_the_document_is_served_and_again_when_the_machine_has_cleared_it(pack):
    outlines = read_outlines(pack.outlines)
    name = leaflet.outlines_address(outlines).split("/")[2]
    folder = leaflet._folder("outlines")
    assert (folder / name).read_bytes() == outlines.document
    assert {path.suffix for path in folder.iterdir()} == {".geojson"}
    shutil.rmtree(folder)
    leaflet.outlines_address(outlines)
    assert (folder / name).read_bytes() == outlines.document


def test_a_map_that_cannot_be_drawn_is_one_sentence():
    fault = Fault("geography/districts.geojson", None, "E1", "an outline *twice*", "one")
    assert no_map(PackError([fault])) == (
        "No map is drawn. geography/districts.geojson, column E1\\: found an outline \\*twice\\*, expected one. "
        "The table has the same figures."
    )
    assert ". The outlines have 2 more faults. The table has" in no_map(PackError([fault] * 3))


def test_what_the_browser_runs_never_writes_html_and_names_no_web_address():
    code = "".join(each.read_text(encoding="utf-8") for each in leaflet.ASSETS.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|bindTooltip|bindPopup", code)
    style = (leaflet.ASSETS / "district_map.css").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"')\s]+", code + style)) == {"http://www.w3.org/2000/svg"}


def test_what_is_served_are_the_files_of_the_map_and_nothing_beside_them(pack, tiny):
    OfflineMap(BOUNDS).render()
    for one in (pack, tiny):
        leaflet.outlines_address(read_outlines(one.outlines))
    files = leaflet._folder("map_files"), leaflet._folder("outlines")
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", path.name) for path in files[0].rglob("*")} == {
        "leaflet.js", "leaflet.css", "district_keys.js", "district_labels.js", "district_map.js", "district_map.css",
        "district_points.js",
    }  # fmt: skip
    assert all(re.fullmatch(r"[0-9a-f]{12}\.geojson", path.name) for path in files[1].rglob("*"))
    assert not any(path.is_symlink() for folder in files for path in folder.rglob("*"))
    for folder in files:
        assert folder.stat().st_mode & 0o077 == 0
        assert not {*folder.parents} & {pack.root, tiny.root, leaflet.ASSETS.parent}


def test_outlines_of_pages_that_are_still_open_stay_and_older_ones_go(pack):
    outlines = read_outlines(pack.outlines)
    folder = leaflet._folder("outlines")
    for old in folder.iterdir():
        old.unlink()
    states = [dataclasses.replace(outlines, document=f'{{"state": {number}}}'.encode()) for number in range(20)]
    paths = []
    for number, state in enumerate(states):
        paths.append(folder / leaflet.outlines_address(state).split("/")[2])
        os.utime(paths[-1], (number, number))
        assert len([*folder.iterdir()]) <= 8
    assert [path.exists() for path in paths] == [False] * 12 + [True] * 8
    leaflet.outlines_address(states[12])  # asked for again
    leaflet.outlines_address(states[0])
    assert paths[12].exists()
    assert not paths[13].exists()
