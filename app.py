"""The server: `streamlit run app.py` finds `app`, whose first page is overview.py; the others are in pages/."""

import streamlit as st
from starlette.middleware import Middleware

from lib.view.live.route import live_routes
from lib.view.server.error_page import show_error
from lib.view.server.headers import SecurityHeaders
from lib.view.server.limits import Limits
from lib.view.server.messages import keep_messages_of_fragments

keep_messages_of_fragments()

app = st.App(
    "overview.py",
    routes=live_routes(),
    middleware=[Middleware(SecurityHeaders), Middleware(Limits)],
    on_script_error=show_error,
)
