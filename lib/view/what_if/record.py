"""What to take away of the scenario on screen: its decision record, with who, when and why, its brief, its slides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.export.briefs.html import to_html
from lib.export.briefs.making import KINDS
from lib.export.briefs.making import file_name as brief_name
from lib.export.briefs.pdf import to_pdf
from lib.export.briefs.record import record_brief
from lib.export.briefs.scenario import scenario_brief
from lib.export.briefs.tree import Brief
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.widgets.chart_downloads import NOT_TO_SHARE
from lib.view.widgets.slides import offer_slides
from lib.whatif.baseline import kept_baseline
from lib.whatif.decision.page import file_name, record_page
from lib.whatif.decision.record import Decision, record
from lib.whatif.scenarios.scenario import RATIONALE_LENGTH, Scenario

# Of a decision that somebody may write down: nothing here reads today's date.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


def draw_record(pack: Pack, state: State, scenario: Scenario) -> None:
    """Two small fields, and the buttons: each file is worked out on a click."""
    st.subheader("Decision record", anchor=False)
    day_side, why_side = st.columns([1, 3], gap="large")
    when = day_side.date_input(
        "When", value=None, min_value=EARLIEST, max_value=LATEST, format="DD/MM/YYYY", key="decided_on",
        persist_state="session", help="The day of the decision, as you type it.",
    )  # fmt: skip
    why = why_side.text_area(
        "Why: what was decided", key=f"decided_why_{scenario.service}", max_chars=RATIONALE_LENGTH,
        persist_state="session", height=68,
    )  # fmt: skip
    who = str(st.session_state.get("author") or "")
    decided = Decision(who.strip(), when.isoformat() if isinstance(when, dt.date) else "", str(why or "").strip())

    def values() -> dict[str, Any]:
        return record(pack, scenario, decided, kept_baseline(pack, scenario.service))

    def brief() -> Brief:
        return scenario_brief(pack, scenario, decided.who)

    service = scenario.service
    files: tuple[tuple[str, str, Callable[[], str | bytes]], ...] = (
        ("Decision record (HTML)", file_name(service), lambda: record_page(values())),
        ("Decision record (PDF)", file_name(service, "pdf"), lambda: to_pdf(record_brief(pack, values()))),
        ("Scenario brief (PDF)", brief_name(f"{service}_scenario", "pdf"), lambda: to_pdf(brief())),
        ("Scenario brief (HTML)", brief_name(f"{service}_scenario", "html"), lambda: to_html(brief())),
    )
    with st.container(horizontal=True, gap="small"):
        for label, name, make in files:
            mime = KINDS[name.rsplit(".", 1)[1]]
            st.download_button(label, make, file_name=name, mime=mime, on_click="ignore", help=NOT_TO_SHARE)
    st.caption(
        "The record: name, who, when and why, every lever and its reason, and the results. It holds its figures to the "
        "digit, so that they can be worked out again later and held against it. The brief: two pages with map, lines, "
        "figures and what it would take."
    )
    st.subheader("Slides", anchor=False)
    offer_slides(pack, scenario.service, scenario, key=f"scenario_slides_{scenario.service}", template=True)
