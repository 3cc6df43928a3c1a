"""The map's two layers, and Leaflet itself, served by the app so that nothing comes from the internet.

streamlit-folium loads Leaflet from the web addresses that folium names, and shows nothing at all where a firewall
blocks them. Here two files of XStatic-Leaflet (the very release folium pins) are served by Streamlit instead, at
addresses relative to the component's own frame, so that a base path in front of the app changes nothing.

What the browser runs is in `assets/`. The scripts below only call it, with values as literals: they are sent again with
every change, so they are kept short.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
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

from lib.pack.geography import Bounds, Outlines

ASSETS = Path(__file__).parent / "assets"
_KEPT = 8  # of what replaced each other under one name: pages that are still open may ask for the older ones

# Beyond what JSON escapes inside a text: what could end a script or start a tag (< > &), open a template of
# JavaScript's (` $) or of Jinja's, which reads finished scripts once more ({), and the two characters by which
# streamlit-folium finds the names it rewrites in them (_ ').
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&`${_'"}
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


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


@cache
def _folder(name: str) -> Path:
    """A folder of this process for what the browser fetches: whoever reaches the server can read all that is in it."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _address(name: str, stem: str, suffix: str, content: bytes) -> str:
    """Serve bytes under a name that tells them from others, so that a browser never keeps older ones.

    name: of the folder, which holds copies and nothing else: served where they lie, files would show those beside them.
    """
    folder = _folder(name)
    path = folder / f"{stem}{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    try:
        os.utime(path)  # used last
    except FileNotFoundError:  # new, or the machine has cleared what is old
        folder.mkdir(mode=0o700, exist_ok=True)
        part = folder / f"{path.stem}.{threading.get_ident()}"
        part.write_bytes(content)
        part.replace(path)
        for old in sorted(folder.glob(f"{stem}*{suffix}"), key=_last_used)[:-_KEPT]:
            old.unlink(missing_ok=True)
    return f"{_served(name, str(folder))}/{quote(path.name)}"


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another session took it away
        return 0.0


@lru_cache(maxsize=64)
def _content(path: Path, modified: int) -> bytes:
    del modified
    return path.read_bytes()


def _file_address(path: Path) -> str:
    return _address("map_files", f"{path.stem}.", path.suffix, _content(path, path.stat().st_mtime_ns))


@cache
def _font_address() -> str:
    """Find the app's own typeface among Streamlit's files, for the names on the map; "" where it is no longer there."""
    found = sorted((Path(streamlit.__file__).parent / "static/static/media").glob("SourceSansVF-Upright*.woff2"))
    return f"../../static/media/{found[0].name}" if found else ""


def outlines_address(outlines: Outlines) -> str:
    """Serve the document of outlines and return its address, relative to a component's frame.

    Whoever can reach the server can read it, and nothing of the pack beside it. A page that was opened before the
    outlines were replaced still finds its own.
    """
    return _address("outlines", "", ".geojson", outlines.document)


class OfflineMap(folium.Map):
    """A folium map that draws no tiles, loads nothing from the web and shows one area.

    bounds: south-west and north-east corners, as `lib.pack.geography.Outlines` has them.
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
            ("leaflet", _file_address(leaflet / "leaflet.js")),
            ("district_labels", _file_address(ASSETS / "district_labels.js")),
            ("district_keys", _file_address(ASSETS / "district_keys.js")),
            ("district_points", _file_address(ASSETS / "district_points.js")),
            ("district_map", _file_address(ASSETS / "district_map.js")),
        ]
        self.default_css = [
            ("leaflet_css", _file_address(leaflet / "leaflet.css")),
            ("district_map_css", _file_address(ASSETS / "district_map.css")),
        ]


class OutlineLayer(Layer):
    """The districts' outlines: an empty layer that fetches its own geometry, once, as a file.

    address: where the browser finds the GeoJSON, as `outlines_address` returns it.
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
