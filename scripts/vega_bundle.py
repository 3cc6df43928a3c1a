"""Write what draws the live charts in the browser: lib/view/live/assets/vega/vega.js. Run by `make vega`.

Vega, Vega-Lite and vega-embed come out of the installed vl-convert, so nothing is fetched. Should that bring other
packages than LICENCES.txt beside the file names, their licences go there by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

import altair as alt
import vl_convert

FOLDER = Path(__file__).parent.parent / "lib" / "view" / "live" / "assets" / "vega"
BUNDLE = FOLDER / "vega.js"


def vega_lite_version() -> str:
    """The Vega-Lite that Altair writes for, as vl-convert names it: "6.4"."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def header() -> str:
    """The first lines of the bundle: what is in it, who made it, and where the licences stand."""
    return (
        "// Written by make vega (scripts/vega_bundle.py), not by hand. Licences: LICENCES.txt beside this file.\n"
        f"// vl-convert {vl_convert.__version__}: Vega {vl_convert.get_vega_version()}, "
        f"Vega-Lite {vega_lite_version()}, vega-embed {vl_convert.get_vega_embed_version()}\n"
    )


def bundle() -> str:
    """The module that the browser loads: Vega and what draw.js adds to it."""
    snippet = (FOLDER / "draw.js").read_text(encoding="utf-8")
    made: str = vl_convert.javascript_bundle(snippet, vl_version=vega_lite_version())
    return f"{header()}{made}\n"


def main() -> int:
    """Write the bundle."""
    BUNDLE.write_text(bundle(), encoding="utf-8")
    print(BUNDLE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
