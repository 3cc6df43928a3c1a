"""Who may read the dashboard, and who may change its data: one answer each, for its pages and for its routes."""

from __future__ import annotations

import os

from starlette.requests import Request
from streamlit.runtime.context import ContextProxy

from lib.view.audience import for_market

REFUSED = "You may not read this dashboard: ask whoever looks after it."
NOT_TO_CHANGE = "The data can only be read here: ask whoever looks after the dashboard to bring figures in."
CHANGES = "CHANGES"  # in the environment: "off" where nobody may change the data through the pages


def may_read(asking: Request | ContextProxy) -> bool:
    """Whether a reader may see the commissioners' figures. asking: the request, or what a page knows of its reader.

    Everybody who reaches the server may, unless it runs for the market. A rule that is added here holds for every page
    (which asks with st.context) and every route.
    """
    del asking
    return not for_market()


def may_change(asking: Request | ContextProxy) -> bool:
    """Whether a reader may bring figures in, edit tables and go back to older versions.

    Everybody who may read may, unless the environment has CHANGES=off. A rule that is added here holds wherever the
    pack can be changed from a page.
    """
    return may_read(asking) and os.environ.get(CHANGES, "").strip().casefold() != "off"
