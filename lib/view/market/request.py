"""What the browser asks for while another indicator is chosen, and the choice that it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lib.market.indicators import mapped_indicators
from lib.market.selection import DISTRICT, areas, select, unknown
from lib.pack.load import Pack
from lib.view.live.request import MOST_KNOWN, Text, checked, values_of
from lib.view.market.filters import Choice

MOST_CODES = 200
Codes = Annotated[tuple[Text, ...], Field(max_length=MOST_CODES)]


class MarketRequest(BaseModel):
    """One look at a market, as the route gets it.

    service, pack: whose figures are asked for; pack is the key of the pack that the page shows. types, cohorts,
    group_by: of the selection, by their codes. area: the code of the area that is chosen, or none. indicator: what is
    shown. dark: the theme. known: keys of the chart definitions that the browser has already.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: Text
    pack: Text
    types: Codes = ()
    cohorts: Codes = ()
    group_by: Text = DISTRICT
    area: Text | None = None
    indicator: Text
    dark: Annotated[bool, Field(strict=True)] = False
    known: Annotated[tuple[Text, ...], Field(max_length=MOST_KNOWN)] = ()


_SOME = f"a list of at most {MOST_CODES} codes"
EXPECTED: Mapping[str, str] = {
    "service": "the code of a service",
    "pack": "the key of the pack that is shown",
    "types": _SOME,
    "cohorts": _SOME,
    "group_by": "the code of a grouping",
    "area": "the code of an area, or null",
    "indicator": "the code of an indicator",
    "dark": "true or false",
    "known": f"a list of at most {MOST_KNOWN} texts",
}


def read_market_request(body: bytes) -> MarketRequest:
    """A request from its bytes; ScenarioError says the first thing that is wrong with it."""
    return checked(MarketRequest, values_of(body), EXPECTED)


def chosen(pack: Pack, asked: MarketRequest) -> Choice:
    """The choice that a request means; SelectionError says what the pack has not."""
    selection = select(pack, asked.service, asked.types, asked.cohorts, asked.group_by)
    known = mapped_indicators(pack)
    if asked.indicator not in known:
        raise unknown("indicator of a map", asked.indicator, known)
    there = dict.fromkeys(areas(pack, asked.group_by)["area_code"])
    if asked.area is not None and asked.area not in there:
        raise unknown(f"area by {asked.group_by}", asked.area, there)
    return Choice(selection, known[asked.indicator], asked.area)
