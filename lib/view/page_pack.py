"""The pack that a page shows, from its first line to its last: no page has figures of two states of the files."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import streamlit as st

from lib.pack.current import QUIET_SECONDS, CurrentPack, Shown
from lib.pack.faults import Fault, PackError, quoted
from lib.pack.load import Pack
from lib.view.widgets.page_workbook import place_of_tables

ROOT = Path(__file__).parent.parent.parent
QUIET = "PACK_QUIET_SECONDS"
SECONDS_BETWEEN_LOOKS = 2
# In the session: the key of the pack that the page was drawn of, and whether the page says that it is being replaced.
_DRAWN = "pack_drawn"

Parameters = ParamSpec("Parameters")


def pack_folder() -> Path:
    """The folder of the pack that the app shows."""
    return Path(os.environ.get("PACK") or ROOT / "data")


def quiet_seconds() -> float:
    """For how long the files of a pack must stay as they are before they are read; PackError for what is no time."""
    written = os.environ.get(QUIET) or str(QUIET_SECONDS)
    try:
        seconds = float(written)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 600:
        raise PackError([Fault(QUIET, None, "", quoted(written), "a number of seconds from 0 to 600")])
    return seconds


@st.cache_resource(max_entries=2, show_spinner=False)
def current_pack(root: str, quiet: float) -> CurrentPack:
    """The pack in a folder, shared by every session."""
    return CurrentPack(Path(root), quiet)


def shown_pack() -> Shown:
    """The pack to be shown now; PackError where there is none."""
    current = current_pack(str(pack_folder()), quiet_seconds())
    shown = current.at_hand()
    if shown is None:
        with st.spinner("Reading the data pack"):
            shown = current.shown()
    return shown


def pack_at_hand() -> Pack | None:
    """The pack that is shown now, also outside a session; None where it must be read first, PackError as there."""
    shown = current_pack(str(pack_folder()), quiet_seconds()).at_hand()
    return None if shown is None else shown.pack


def drawn_of(shown: Shown) -> Pack:
    """Begin a page of this pack; where the pack is being replaced, say so, and draw the page again after that."""
    st.session_state[_DRAWN] = (shown.pack.key, shown.replaced)
    if shown.replaced:
        st.warning(replaced_sentence(shown.read_at, dt.datetime.now()))
        look_again()
    return shown.pack


def replaced_sentence(read_at: float, now: dt.datetime) -> str:
    """What a reader must know of figures whose files are being replaced. read_at: in seconds since 1970."""
    read = dt.datetime.fromtimestamp(read_at)
    day = "" if read.date() == now.date() else f" on {read.day} {read:%B}"
    return (
        f"The data pack is being replaced: these are the figures read{day} at {read:%H:%M}. "
        "The new ones are shown once its files have stopped changing."
    )


def draw_again_when_past() -> None:
    """Run the whole page again where what is to be shown is no longer what the page was drawn of."""
    try:
        shown = shown_pack()
        now: object = (shown.pack.key, shown.replaced)
    except PackError:
        now = None
    if now != st.session_state.get(_DRAWN, now):
        st.rerun(scope="app")


look_again = st.fragment(draw_again_when_past, run_every=SECONDS_BETWEEN_LOOKS)


def pack_fragment(
    draw: Callable[Concatenate[Pack, Parameters], None],
) -> Callable[Concatenate[Pack, Parameters], None]:
    """A fragment of a page, whose first argument is the page's pack: where that is past, the whole page runs again.

    What it offers is gathered for the page's workbook.
    """

    @wraps(draw)
    def drawn(pack: Pack, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        draw_again_when_past()
        with place_of_tables(draw.__qualname__):
            draw(pack, *args, **kwargs)

    return st.fragment(drawn)
