"""Who may read the dashboard: one answer for its pages and for its routes."""

from __future__ import annotations

from starlette.requests import Request
from streamlit.runtime.context import ContextProxy

REFUSED = "You may not read this dashboard: ask whoever looks after it."


def may_read(asking: Request | ContextProxy) -> bool:
    """Whether a reader may see figures. asking: the request, or what a page knows of its reader (st.context).

    Everybody who reaches the server may. A rule that is added here holds for every page and every route.
    """
    del asking
    return True
