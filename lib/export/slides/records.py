"""What the slides of a deck show, one record each, before any is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lib.market.indicators import mapped_indicators
from lib.market.not_given import not_given_sentence
from lib.market.selection import COUNTY_CODE, Selection, select
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario

Kind = Literal["opening", "county", "indicator", "table", "years", "year_map", "cost", "assumptions", "sources"]
# Need and what waits, how far care is bought off the framework, and quality: each is a slide where it is known.
FIRST = "coverage"
FURTHER = ("demand_hours_per_1000", "waiting_share", "spot_share", "good_or_better_share")
AHEAD: tuple[Kind, ...] = ("years", "year_map", "cost", "assumptions")


@dataclass(frozen=True)
class Shown:
    """What a slide shows, or several of one kind where a table is long.

    selection: the service and what of it. indicator: of the kind "indicator". area: the chosen one, whose edge is drawn
    strong; COUNTY_CODE for none. scenario: of the kinds of AHEAD. title: instead of the finding; note: for the speaker.
    """

    kind: Kind
    selection: Selection
    indicator: str = ""
    area: str = COUNTY_CODE
    scenario: Scenario | None = None
    title: str = ""
    note: str = ""

    @property
    def service(self) -> str:
        """The service's code."""
        return self.selection.service


def slides_of(pack: Pack, services: Sequence[str], scenario: Scenario | None = None) -> list[Shown]:
    """The slides of some services, one after the other; the scenario is shown with its own service alone."""
    return [one for code in services for one in slides_of_service(pack, code, scenario)]


def slides_of_service(pack: Pack, service: str, scenario: Scenario | None = None) -> list[Shown]:
    """The slides of a service: its finding, what else matters, the table, the years ahead, and what the figures are.

    Without a scenario of the service the years ahead are those of its own start, where only ageing moves.
    """
    whole = select(pack, service)
    ahead = scenario if scenario is not None and scenario.service == service else default_scenario(pack, service)
    today = [Shown("indicator", whole, code) for code in (FIRST, *FURTHER) if code in mapped_indicators(pack)]
    years = [Shown(kind, whole, scenario=ahead) for kind in AHEAD]
    return [
        Shown("opening", whole),
        Shown("county", whole),
        *today,
        Shown("table", whole),
        *years,
        Shown("sources", whole),
    ]


def has_figures(pack: Pack, service: str) -> bool:
    """Whether anything is known of what a service arranges."""
    return bool((pack.table("demand")["service"] == service).any())


def services_with_figures(pack: Pack) -> list[str]:
    """The services of a pack that have any figures; SelectionError where none has."""
    known = [code for code in pack.manifest.services if has_figures(pack, code)]
    if not known:
        raise SelectionError(f"There are no figures for slides yet: {not_given_sentence(pack)}")
    return known
