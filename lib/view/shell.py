"""The frame around every page: set-up, menu, the pack, and what must be said at the top of each page."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from lib.charts.kit.theme import register_theme
from lib.pack.faults import Fault, PackError
from lib.pack.load import Pack, load_pack
from lib.pack.reconcile import difference_sentence, differences, reconcile
from lib.view.widgets.text import escape_markdown
from lib.whatif.scenarios.presets import lever_faults

ROOT = Path(__file__).parent.parent.parent
ICON = str(Path(__file__).parent / "assets" / "icon.png")
PAGES = {
    "app.py": "Overview",
    "pages/1_Domiciliary_care.py": "Domiciliary care",
    "pages/2_Short_breaks.py": "Short breaks",
    "pages/3_Providers.py": "Providers",
    "pages/4_What_if.py": "What-if",
    "pages/6_Data.py": "Data",
}
MOST_SHOWN = 40


def shell(title: str) -> Pack:
    """Set the page up, draw the menu and return the pack; stop the page where the pack cannot be loaded.

    The first call of every page, so that nobody reaches a page past it.
    """
    register_theme()
    st.set_page_config(page_title=f"{title} · Care market", page_icon=ICON, layout="wide")
    menu()
    root = Path(os.environ.get("PACK") or ROOT / "data")
    try:
        pack = cached_pack(str(root), fingerprint(root))
    except PackError as error:
        st.title("The data pack cannot be loaded", anchor=False)
        show_faults(root, error.faults)
        st.stop()
    alarms(pack)
    return pack


def menu() -> None:
    """Links to every page, in one row that wraps; the selection goes with them, as it lives in the session."""
    with st.container(horizontal=True, gap="small"):
        for path, label in PAGES.items():
            st.page_link(path, label=label)


def fingerprint(root: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of a pack's files from another, so that a new file is read without a restart."""
    files = sorted(path for path in root.rglob("*") if path.suffix in (".csv", ".json", ".geojson"))
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@st.cache_resource(max_entries=2, show_spinner="Reading the data pack")
def cached_pack(root: str, files: tuple[tuple[str, int, int], ...]) -> Pack:
    """The pack, read once and shared by every session; `files` is its fingerprint."""
    del files
    return load_pack(root)


@st.cache_data(max_entries=4, show_spinner=False)
def totals_off(_pack: Pack, files: tuple[tuple[str, int, int], ...]) -> list[str]:
    """One sentence a total that does not agree with what was published."""
    del files
    return [difference_sentence(row) for _, row in differences(reconcile(_pack)).iterrows()]


def alarms(pack: Pack) -> None:
    """The demonstration line; in red the totals that are off, and the levers that the pack cannot set."""
    if pack.is_demonstration:
        st.markdown(f":small[**{escape_markdown(pack.manifest.demonstration)}**]")
    off = totals_off(pack, fingerprint(pack.root))
    if off:
        lines = "\n".join(f"- {escape_markdown(text)}" for text in off[:MOST_SHOWN])
        more = f"\n- and {len(off) - MOST_SHOWN} more: see the Data page" if len(off) > MOST_SHOWN else ""
        noun = "total does" if len(off) == 1 else "totals do"
        st.error(f"**{len(off)} {noun} not agree. Do not rely on the figures below.**\n\n{lines}{more}")
    wrong = lever_faults(pack)
    if wrong:
        lines = "\n".join(f"- {escape_markdown(fault)}" for fault in wrong[:MOST_SHOWN])
        st.error(f"**What the pack says of levers cannot all be used.**\n\n{lines}")


def show_faults(root: Path, faults: tuple[Fault, ...]) -> None:
    """Every fault of a pack that cannot be loaded, in place of the page."""
    noun = "fault" if len(faults) == 1 else "faults"
    st.error(f"{len(faults)} {noun} found in {escape_markdown(root)}. Put them right and reload this page.")
    st.table(
        [
            {
                "File": escape_markdown(fault.file),
                "Row": "" if fault.row is None else f"{fault.row}",
                "Column": escape_markdown(fault.column),
                "Found": escape_markdown(fault.found),
                "Expected": escape_markdown(fault.expected),
            }
            for fault in faults
        ]
    )


def pack_state(pack: Pack) -> tuple[tuple[str, int, int], ...]:
    """The state of the pack's files: the key of everything that is worked out from them and kept."""
    return fingerprint(pack.root)


def page_title(text: str) -> None:
    """The page's one main heading."""
    st.title(escape_markdown(text), anchor=False)


def page_title_beside(text: str) -> st.delta_generator.DeltaGenerator:
    """The page's one main heading, and the place to its right for a switch that the whole page hangs on."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.title(escape_markdown(text), anchor=False)
    return right


def is_dark() -> bool:
    """Whether the reader sees the dark theme."""
    return st.context.theme.type == "dark"
