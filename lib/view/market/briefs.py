"""Briefs to take away from a district's story: made on a click, the same as on the command line."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.export.briefs.html import to_html
from lib.export.briefs.making import KINDS, Inside, file_name
from lib.export.briefs.pdf import to_pdf
from lib.market.selection import DISTRICT
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.market.filters import Choice
from lib.view.widgets.chart_downloads import NOT_TO_SHARE
from lib.view.widgets.text import escape_markdown

ALL = "All districts' briefs (PDF)"
MAKE_ALL = "Make all districts' briefs (PDF)"
MOST = 60  # districts in a file that the app makes: 309 take two minutes and 2 GB of a server that others use
WHOLE = "Two pages on the whole service, whatever is chosen above. "


def offer_briefs(pack: Pack, state: State, choice: Choice) -> None:
    """The chosen district's brief as PDF and HTML, and all districts' briefs in one file."""
    service, code = choice.selection.service, choice.area_code
    with st.container(horizontal=True, gap="small", key="briefs"):
        if code and choice.selection.group_by == DISTRICT:
            for kind, label in (("pdf", "Brief of this district (PDF)"), ("html", "Brief of this district (HTML)")):
                st.download_button(
                    label, made(pack, service, code, kind), file_name=file_name(f"{code}_{service}", kind),
                    mime=KINDS[kind], on_click="ignore", help=WHOLE + NOT_TO_SHARE, key=f"brief_{kind}",
                )  # fmt: skip
        offer_all(pack, state, service)


def made(pack: Pack, service: str, code: str, kind: str) -> Callable[[], bytes | str]:
    """What makes a district's brief where it is asked for."""

    def make() -> bytes | str:
        brief = Inside(pack, (service,)).of_district(code)
        return to_pdf(brief) if kind == "pdf" else to_html(brief)

    return make


@st.cache_resource(max_entries=2, show_spinner=False)
def kept_file(state: State, service: str) -> list[bytes]:
    """The file of all districts' briefs once somebody has had it made, for every session; an empty list until then."""
    del state, service
    return []


def offer_all(pack: Pack, state: State, service: str) -> None:
    """A button that makes the file, saying how far it has come; then the file."""
    count = len(pack.district_names())
    if count > MOST:
        instead = "`python -m lib brief FOLDER/ --all` makes one a district."
        st.caption(f"{count:,} districts are too many for one file here: {instead}")
        return
    kept, place = kept_file(state, service), st.empty()
    with place:
        asked = not kept and st.button(MAKE_ALL, help=f"{WHOLE}It takes some seconds. {NOT_TO_SHARE}", key="briefs_all")
    if asked:
        kept.append(to_pdf(Inside(pack, (service,)).in_one(lambda *told: say(place, *told))))
    if kept:
        with place:
            st.download_button(
                ALL, kept[0], file_name=file_name(f"{service}_districts", "pdf"), mime=KINDS["pdf"],
                on_click="ignore", help=WHOLE + NOT_TO_SHARE, key="briefs_all_file",
            )  # fmt: skip


def say(place: DeltaGenerator, number: int, of: int, name: str) -> None:
    """Show how far it has come."""
    place.progress((number - 1) / of, text=escape_markdown(f"{number} of {of}: {name}"))
