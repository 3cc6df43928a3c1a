"""The map's two layers, and Leaflet itself, served by the app so that nothing comes from the internet.

streamlit-folium loads Leaflet from the web addresses that folium names, and shows nothing at all where a firewall
blocks them. Here the copy inside XStatic-Leaflet (the very release folium pins) is served by Streamlit instead, at
addresses relative to the component's own frame, so that a base path in front of the app changes nothing.

What the browser runs is in `assets/`. The scripts below only call it, with values as literals: they are sent again with
every change, so they are kept short.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import folium
import streamlit
import streamlit.components.v1 as components
from folium.map import Layer
from folium.template import Template
from xstatic.pkg import leaflet as leaflet_files

ASSETS = Path(__file__).parent / "assets"
CATALOGUE = "datapackage.json"

# Beyond what JSON escapes inside a text: what could end a script or start a tag (< > &), open a template of
# JavaScript's (` $) or of Jinja's, which reads finished scripts once more ({), and the two characters by which
# streamlit-folium finds the names it rewrites in them (_ ').
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&`${_'"}
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')

Bounds = tuple[tuple[float, float], tuple[float, float]]


def script_literal(value: object) -> str:
    r"""Write a value as a JavaScript literal that stays data wherever folium and streamlit-folium put it.

    Pure ASCII; inside its texts, every character that HTML, a template or the rewriting of finished scripts gives a
    meaning is written as ``\uXXXX``. Raises ValueError for a number that JSON cannot hold, TypeError for anything else.
    """
    written = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _TEXT.sub(lambda text: text.group().translate(_ESCAPES), written)


@cache
def _served(name: str, folder: str) -> str:
    component: Any = components.declare_component(name, path=folder)
    return f"../{component.name}"


@lru_cache(maxsize=64)
def _version(path: Path, modified: int) -> str:
    """Name a file's content, so that a browser never keeps an older one."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _address(name: str, path: Path) -> str:
    folder = _served(name, str(path.parent))
    return f"{folder}/{quote(path.name)}?v={_version(path, path.stat().st_mtime_ns)}"


@cache
def _font_address() -> str:
    """Find the app's own typeface among Streamlit's files, for the names on the map; "" where it is no longer there."""
    found = sorted((Path(streamlit.__file__).parent / "static/static/media").glob("SourceSansVF-Upright*.woff2"))
    return f"../../static/media/{found[0].name}" if found else ""


def geography_address(geography: Path) -> str:
    """Serve the folder of an outline file and return the file's address, relative to a component's frame.

    The whole folder can then be read by anybody who can reach the server, so a pack keeps its outlines in a folder of
    their own. Raises ValueError for a folder that also holds the pack's catalogue, FileNotFoundError for no file.
    """
    path = geography.resolve(strict=True)
    if (path.parent / CATALOGUE).exists():
        raise ValueError(f"{path.parent} is the pack itself: move the outlines into a folder of their own")
    folder = hashlib.sha256(str(path.parent).encode()).hexdigest()[:12]
    return _address(f"geography_{folder}", path)


@lru_cache(maxsize=64)
def _corners(path: Path, modified: int) -> Bounds:
    def positions(value: Any) -> Any:
        if value and isinstance(value[0], (int, float)):
            yield value[1], value[0]
        else:
            for part in value:
                yield from positions(part)

    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    outlines = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    found = [position for outline in outlines for position in positions(outline)]
    if not found:
        raise ValueError(f"{path} holds no outlines")
    latitudes, longitudes = zip(*found, strict=True)
    return (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))


def outline_bounds(geography: Path) -> Bounds:
    """Return the south-west and north-east corners of a GeoJSON file, each as (latitude, longitude) in degrees.

    Raises ValueError when the file holds no coordinates, KeyError when it is not a GeoJSON feature collection.
    """
    return _corners(geography, geography.stat().st_mtime_ns)


class OfflineMap(folium.Map):
    """A folium map that draws no tiles, loads nothing from the web and shows one area.

    bounds: south-west and north-east corners, as `outline_bounds` returns them.
    """

    # Replaces folium's page header too: that one forbids zooming the page and loads three libraries not used here.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = districtMap.create({{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, bounds: Bounds) -> None:
        """Show `bounds`."""
        super().__init__(tiles=None)
        self.settings = script_literal({"element": "map_div", "bounds": bounds, "font": _font_address()})
        leaflet = Path(leaflet_files.BASE_DIR)
        self.default_js = [
            ("leaflet", _address("leaflet", leaflet / "leaflet.js")),
            ("district_labels", _address("assets", ASSETS / "district_labels.js")),
            ("district_map", _address("assets", ASSETS / "district_map.js")),
        ]
        self.default_css = [
            ("leaflet_css", _address("leaflet", leaflet / "leaflet.css")),
            ("district_map_css", _address("assets", ASSETS / "district_map.css")),
        ]


class OutlineLayer(Layer):
    """The districts' outlines: an empty layer that fetches its own geometry, once, as a file.

    address: where the browser finds the GeoJSON, as `geography_address` returns it.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = districtMap.outlines({{ this._parent.get_name() }}, {{ this.address }});
        {% endmacro %}
        """
    )

    def __init__(self, address: str) -> None:
        """Fetch the outlines from `address`."""
        super().__init__(name="outlines", control=False, show=False)
        self._name = "OutlineLayer"
        self.address = script_literal(address)


class PaintLayer(Layer):
    """The districts' colours and words: all that changes from one run to the next.

    scene: what `districtMap.paint` in `assets/district_map.js` reads.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = districtMap.paint({{ this._parent.get_name() }}, {{ this.scene }});
        {% endmacro %}
        """
    )

    def __init__(self, scene: Mapping[str, object]) -> None:
        """Paint `scene`."""
        super().__init__(name="paint", control=False, show=False)
        # streamlit-folium's own code expects the variable of what it adds to be called so.
        self._name = "FeatureGroup"
        self.scene = script_literal(scene)
