"""What to take away of the scenario on screen: its decision record, with who, when and why, and its slides."""

from __future__ import annotations

import datetime as dt

import streamlit as st

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
    """Two small fields, and the button: the page is worked out on a click."""
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

    def page() -> str:
        return record_page(record(pack, scenario, decided, kept_baseline(pack, scenario.service)))

    st.download_button(
        "Decision record (HTML)", page, file_name=file_name(scenario.service), mime="text/html", on_click="ignore",
        help=NOT_TO_SHARE,
    )  # fmt: skip
    st.caption(
        "One page with name, who, when and why, every lever and its reason, and the results. It holds its figures to "
        "the digit, so that they can be worked out again later and held against it."
    )
    st.subheader("Slides", anchor=False)
    offer_slides(pack, scenario.service, scenario, key=f"scenario_slides_{scenario.service}", template=True)
