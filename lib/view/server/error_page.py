"""What people read where the dashboard itself fails: what happened, what to do, and a reference for the log."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from lib.pack.faults import PackError
from lib.pack.manifest import Manifest
from lib.view.live.access import may_read

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
    if not may_read(st.context):
        return True  # there is no other page
    try:
        # Here and not above: app.py is read before the server runs, and Streamlit warns of caches that are met then.
        from lib.view.page_pack import shown_pack
        from lib.view.shell import entries_of, menu

        manifest: Manifest | None
        try:
            manifest = shown_pack().pack.manifest
        except PackError as fault:
            manifest = fault.manifest
        menu(st.container(horizontal=True, gap="small"), entries_of(manifest), name=f"error_{reference}")
    except Exception:  # whatever failed before may fail here too: the words above stand in any case
        LOG.exception("Error %s: the menu", reference)
    return True
