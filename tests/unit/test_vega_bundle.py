"""What draws the live charts in the browser: it is what the installed vl-convert makes, and it loads nothing."""

from __future__ import annotations

import re

import pytest
import vl_convert

from scripts import vega_bundle

# Names of XML's namespaces and of a schema, a comment's, and the editor that the menu would open, which is left out.
NAMED = {
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/2000/xmlns/",
    "https://github.com/vega/vega-lite/issues/2415",
    "https://vega.github.io/editor/",
    "https://vega.github.io/schema/vega/v6.json",
}


@pytest.fixture(scope="module")
def committed() -> str:
    return vega_bundle.BUNDLE.read_text(encoding="utf-8")


def test_it_states_the_versions_of_the_installed_vl_convert(committed: str) -> None:
    stated = committed.split("\n")[1]
    assert stated == (
        f"// vl-convert {vl_convert.__version__}: Vega {vl_convert.get_vega_version()}, Vega-Lite 6.4, "
        f"vega-embed {vl_convert.get_vega_embed_version()}"
    ), "another vl-convert is installed than the one that made it: run make vega"
    assert "6.4" in vl_convert.get_vegalite_versions()


def test_it_is_what_the_script_writes(committed: str) -> None:
    assert vega_bundle.bundle() == committed, "draw.js or vl-convert changed: run make vega"


def test_it_names_no_address_that_it_would_load(committed: str) -> None:
    addresses = re.findall(r"""\bhttps?://[^\s"'`)\\]{2,}""", committed)
    assert set(addresses) == NAMED
    assert "actions:false" in committed
    assert "ast:true" in committed
    assert not re.search(r"""\bimport\s*\(|(^|[;}\n])import[\s{"']""", committed)


def test_its_licences_stand_beside_it() -> None:
    text = (vega_bundle.FOLDER / "LICENCES.txt").read_text(encoding="utf-8")
    assert "LICENCES.txt" in vega_bundle.header()
    # A name may be broken over two lines at its hyphen.
    names = re.sub(r"(?<=-)\n", "", text).replace("\n", " ")
    for package in (
        f"vega {vl_convert.get_vega_version()}", "vega-lite 6.4.1", f"vega-embed {vl_convert.get_vega_embed_version()}",
        "vega-interpreter 2.0.0", "vega-tooltip 1.0.0", "d3-array 3.2.4", "d3-scale 4.0.2", "d3-time-format 4.1.0",
        "topojson-client 3.1.0", "delaunator 5.0.0", "robust-predicates 3.0.0", "fast-json-patch 3.1.1",
    ):  # fmt: skip
        assert package in names
    for licence in ("University of Washington Interactive Data Lab", "Mike Bostock", "THE SOFTWARE IS PROVIDED"):
        assert licence in text
