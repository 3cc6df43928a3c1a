"""What people read where the dashboard itself fails: what happened, what to do, and a reference for the log."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

import streamlit as st

LOG = logging.getLogger(__name__)


def show_error(error: Exception) -> bool:
    """Show the error page in place of what failed, a page or a part of it, and put the traceback in the log.

    Streamlit calls it for whatever a page, a fragment or a callback raises. A callback fails before anything of the
    page is drawn, its menu too, so the way to the other pages stands here. True: Streamlit is to say nothing more.
    """
    reference = secrets.token_hex(3).upper()
    LOG.error("Error %s", reference, exc_info=error)
    st.error(
        "**Something in this dashboard failed, so this part of it cannot be shown.** It is a fault of the dashboard, "
        "not of what you did.\n\n"
        "Reload the page. If it fails again, go to another page, and tell whoever looks after the dashboard the "
        f"reference **{reference}**, by which its log says what went wrong."
    )
    try:
        # Here and not above: app.py is read before the server runs, and Streamlit warns of caches that are met then.
        from lib.view.shell import ROOT, entries_of, menu, readable_manifest

        root = Path(os.environ.get("PACK") or ROOT / "data")
        menu(st.container(horizontal=True, gap="small"), entries_of(readable_manifest(root)), f"error_{reference}")
    except Exception:  # whatever failed before may fail here too: the words above stand in any case
        LOG.exception("Error %s: the menu", reference)
    return True
