"""The Providers page as a room sees it: its sentence, and of the open tab what a map of districts can show."""

from __future__ import annotations

from lib.market.basis import standing
from lib.market.not_given import not_given_sentence
from lib.market.ranked_lists.lot_supply import counted_on, supply_sentence
from lib.pack.load import Pack
from lib.view.link.parameters import PROVIDERS_TAB, parameters
from lib.view.link.session import chosen_view
from lib.view.presenting.market import market_room
from lib.view.presenting.room import Room
from lib.view.providers.figures import headlines_of
from lib.view.providers.page import NEEDS
from lib.view.widgets.text import status_mark

# What a tab is about, as an indicator of districts; every other tab is about the room that lists have.
OF_TAB = {"quality": "good_or_better_share", "resilience": "largest_provider_share", "places": "spot_share"}
ROOM_LEFT = "headroom_hours"


def providers_room(pack: Pack, service: str) -> Room:
    """The sentence of the page over the districts."""
    title = f"Providers: {pack.manifest.area}, {pack.service(service).label}"
    missing = not_given_sentence(pack, ("providers", "capacity"))
    if missing:
        return Room(title=title, sentence=f"{NEEDS}. {missing}")
    known = headlines_of(pack, pack.key, service)
    sentence = supply_sentence(pack, service, known)
    status = status_mark(standing(pack, counted_on(pack, supply_sentence)))
    tab = parameters(pack)[PROVIDERS_TAB].chosen(chosen_view())[0]
    return market_room(pack, service, title, OF_TAB.get(tab, ROOM_LEFT), said=(sentence, status))
