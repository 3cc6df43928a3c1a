"""The preview as the market, presented: whatever view comes, the room sees what a provider would see of its service."""

from __future__ import annotations

import streamlit as st

from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.publish.preview import Preview
from lib.view.engagement.preview import SWITCH, WORKING, documents, made_now, state_of
from lib.view.engagement.publish import chosen_scenarios, publication_folder
from lib.view.market_audience.presented import shared_room
from lib.view.market_audience.shown import View
from lib.view.presenting.room import Room
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.store_faults import StoreError

PREVIEW = "Preview as the market"


def is_as_market() -> bool:
    """Whether the whole show is for the market."""
    return bool(st.session_state.get(SWITCH))


def market_preview_room(pack: Pack, service: str) -> Room:
    """What a provider would see of a service if the publication were made now; in words where that is nothing."""
    title = f"{PREVIEW}: {pack.manifest.area}"
    try:
        made = preview_now(pack)
    except (PackError, ScenarioError, StoreError) as error:
        return Room(title=title, sentence=str(error))
    if service not in made.publication.about.services:
        return Room(title=title, sentence="Of this view nothing is published: the market may not see it.")
    return shared_room(View(made.publication, service))


def preview_now(pack: Pack) -> Preview:
    """The publication as it would be made now: kept, as on its page."""
    scenarios, folder = chosen_scenarios(pack), publication_folder(pack)
    with st.spinner(WORKING, show_time=True):
        return made_now(pack, scenarios, pack.key, documents(scenarios), str(folder), state_of(folder))
