"""Briefs for the market: made of a publication and nothing else, so that they tell no more than it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lib.export.briefs.making import Source
from lib.export.briefs.market_parts import (
    ahead_part,
    bars_part,
    demonstration,
    kicker,
    last_part,
    lots_part,
    map_part,
    need_tiles,
    one_row,
    sentence,
    supply_part,
    trend_part,
)
from lib.export.briefs.market_scenario import scenario_parts
from lib.export.briefs.tree import Beside, Brief, Heading, Paragraph, Part, joined
from lib.market.clauses import begun_small
from lib.market.selection import DISTRICT
from lib.market.wording import listed
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack
from lib.publish.preview import preview
from lib.publish.publication import Publication
from lib.publish.read import read
from lib.publish.service_pages import pick, rows_of
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario

NOT_MADE = "Made from a publication that is not published yet: publish it before anybody outside gets this."


class Market(Source):
    """Briefs of a publication. services: those that district briefs are of; none: each of the publication.

    scenario: the name of the forecast that the years ahead are of, "" for every one. made: whether the publication is
    there, or would be made now.
    """

    internal = False

    def __init__(
        self, publication: Publication, services: Sequence[str] = (), scenario: str = "", *, made: bool = True
    ) -> None:
        """Keep what is asked for. SelectionError: a service or a scenario that the publication has not."""
        known = publication.about.services
        for code in services:
            if code not in known:
                found = f"service: found {quoted(code)}, which the publication does not have"
                raise SelectionError(f"{found}, expected one of {', '.join(known)}")
        self.publication, self.scenario, self.made = publication, scenario, made
        self.services = [*services] or [*known]
        if scenario and not any(self.forecast(code) for code in self.services):
            found = f"scenario: found {quoted(scenario)}, of which the publication has no forecast"
            others = [str(row["name"]) for row in publication.about.scenarios]
            raise SelectionError(f"{found}, expected {listed(others) or 'a publication made with it'}")

    def forecast(self, service: str) -> bool:
        """Whether the publication has the scenario's forecast of a service."""
        rows = rows_of(self.publication, "forecast", service)
        return len(rows) > 0 and bool((rows["scenario"] == self.scenario).any())

    def names(self) -> dict[str, str]:
        """The districts that the publication tells of."""
        found: dict[str, str] = {}
        for service in self.services:
            rows = rows_of(self.publication, "demand", service)
            rows = rows if rows.empty else pick(rows, area_kind=DISTRICT)
            if len(rows):
                found |= dict(zip(rows["area_code"], rows["area_name"], strict=True))
        return found

    def of_district(self, code: str) -> Brief:
        """The brief of one district: its services one after the other."""
        briefs = [self.of_service(code, service) for service in self.services]
        return briefs[0] if len(briefs) == 1 else joined(f"{self.names()[code]}: market brief", briefs)

    def of_service(self, code: str, service: str) -> Brief:
        """The brief of one district and service."""
        about, name = self.publication.about, self.names()[code]
        label = about.services[service].label
        row = one_row(self.publication, service, code)
        parts: list[Part] = [
            Paragraph(kicker(self.publication, service), "kicker"),
            Heading(1, f"{name}: {begun_small(label)}"),
            *demonstration(about),
            Paragraph(sentence(self.publication, service, row, name), "sentence"),
            *need_tiles(self.publication, service, row, code),
            *pictures(map_part(self.publication, service, code), bars_part(self.publication, service, code)),
            *lots_part(self.publication, service, code),
            *supply_part(self.publication, service, code),
            *trend_part(self.publication, service, code),
            *ahead_part(self.publication, service, code, self.scenario),
            *last_part(self.publication, service, self.note()),
        ]
        return self.brief(f"{name}, {begun_small(label)}: market brief", parts)

    def of_scenario(self) -> Brief:
        """The brief of the scenario: what the publication forecasts."""
        service = next(code for code in self.services if self.forecast(code))
        parts: list[Part] = [
            Paragraph(kicker(self.publication, service), "kicker"),
            Heading(1, self.scenario),
            *demonstration(self.publication.about),
            *scenario_parts(self.publication, service, self.scenario),
            *last_part(self.publication, service, self.note()),
        ]
        return self.brief(f"Scenario brief for the market: {self.scenario}", parts)

    def note(self) -> str:
        """That the publication is not there yet, where it is not."""
        return "" if self.made else NOT_MADE

    def brief(self, title: str, parts: Sequence[Part]) -> Brief:
        """A document of the publication, with its marks and its date."""
        about = self.publication.about
        marks = (*([about.demonstration] if about.demonstration else []), f"{about.title}. Edition {about.edition}.")
        return Brief(title, marks, about.as_of, tuple(parts), about.area)

    def title(self) -> str:
        """The area and the services."""
        about = self.publication.about
        return f"Market briefs: {about.area}. {listed([about.services[code].label for code in self.services])}"


def pictures(left: Sequence[Part], right: Sequence[Part]) -> list[Part]:
    """Map and bars beside each other, or what there is of them."""
    if left and right:
        return [Beside((tuple(left), tuple(right)), (11, 9))]
    return [*left, *right]


def for_market(
    pack: Pack | None, services: Sequence[str], scenario: Scenario | None, folder: Path | str | None
) -> Market:
    """The briefs of a publication in a folder; without one, of the publication that would be made of the pack now.

    PackError: no publication in the folder, or what disclosure control refuses.
    """
    name = "" if scenario is None else scenario.name
    own = (scenario.service,) if scenario is not None else tuple(services)
    if folder is not None:
        return Market(read(folder), own, name)
    if pack is None:
        raise SelectionError("brief: found neither a pack nor a publication, expected one")
    every: list[Any] = [scenario] if scenario is not None else [default_scenario(pack, one) for one in
                                                                own or pack.manifest.services]  # fmt: skip
    with TemporaryDirectory(prefix="briefs_") as none:
        found = preview(pack, Path(none) / "none", every)
    return Market(found.publication, own, name, made=False)
