"""The server: `streamlit run app.py` finds `app`, whose first page is overview.py; the others are in pages/.

For the market it is market/overview.py, which has no pages beside it, and no route of ours is there.
"""

import streamlit as st
from starlette.middleware import Middleware

from lib.view.audience import for_market
from lib.view.live.route import live_routes
from lib.view.server.error_page import show_error
from lib.view.server.headers import SecurityHeaders
from lib.view.server.limits import Limits
from lib.view.server.market_only import MarketOnly
from lib.view.server.messages import keep_messages_of_fragments

keep_messages_of_fragments()

app = st.App(
    "market/overview.py" if for_market() else "overview.py",
    routes=[] if for_market() else live_routes(),
    middleware=[
        Middleware(SecurityHeaders),
        *([Middleware(MarketOnly)] if for_market() else []),
        Middleware(Limits),
    ],
    on_script_error=show_error,
)
