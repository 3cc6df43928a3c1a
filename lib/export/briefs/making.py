"""Briefs made on request: which districts and services, of which scenario, for the council; and as which kind of file.

The command line and the app's buttons call the same functions, and so give the same bytes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

from lib.export.briefs.district import district_brief
from lib.export.briefs.district_set import DistrictSet
from lib.export.briefs.html import to_html
from lib.export.briefs.pdf import to_pdf
from lib.export.briefs.scenario import scenario_brief
from lib.export.briefs.tree import Brief, joined
from lib.market.sharing import internal_name, safe_name
from lib.market.wording import listed
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario

# A kind of file by the ending of its name: what makes it of a brief, and its media type.
KINDS = {"pdf": "application/pdf", "html": "text/html"}
NAMED_AT_MOST = 12  # of the districts that a message lists

# Told before each district is written: its place from 1, of how many, its name.
Progress = Callable[[int, int, str], None]


def rendered(brief: Brief, kind: str) -> bytes:
    """A brief as the bytes of a file. kind: of KINDS."""
    return to_pdf(brief) if kind == "pdf" else to_html(brief).encode()


def district_code(names: dict[str, str], text: str) -> str:
    """The district of a code or a name, however its letters are written. SelectionError where there is no such one.

    names: by district_code.
    """
    if text in names:
        return text
    wanted = " ".join(text.split()).casefold()
    found = [code for code, name in names.items() if wanted in (code.casefold(), name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise SelectionError(f"district: found {quoted(text)}, the name of {len(found)} districts, expected a code: "
                             f"{listed(found)}")  # fmt: skip
    shown = [f"{code} ({name})" for code, name in list(names.items())[:NAMED_AT_MOST]]
    rest = f" and {len(names) - len(shown)} others" if len(names) > len(shown) else ""
    raise SelectionError(f"district: found {quoted(text)}, expected a code or a name: {', '.join(shown)}{rest}")


class Source(ABC):
    """What briefs are made from, for one audience. internal: whether what is made must not be shared."""

    internal: bool

    @abstractmethod
    def names(self) -> dict[str, str]:
        """The districts' names by their codes, in their order."""

    @abstractmethod
    def of_district(self, code: str) -> Brief:
        """The brief of one district: two pages a service."""

    @abstractmethod
    def of_scenario(self) -> Brief:
        """The brief of the scenario."""

    @abstractmethod
    def title(self) -> str:
        """What all districts' briefs in one document are called."""

    def of_every_district(self, progress: Progress) -> Iterator[tuple[str, Brief]]:
        """The briefs of all districts by their codes, one after the other."""
        names = self.names()
        for place, (code, name) in enumerate(names.items(), start=1):
            progress(place, len(names), name)
            yield code, self.of_district(code)

    def in_one(self, progress: Progress) -> Brief:
        """The briefs of all districts behind each other in one document."""
        return joined(self.title(), [brief for _, brief in self.of_every_district(progress)])


class Inside(Source):
    """Briefs for the council, made from the pack.

    services: those that district briefs are of; none: each of the pack, or the scenario's own. Without a scenario the
    years ahead are those of the scenario that a service starts from. who: the scenario's author, in their own words.
    """

    internal = True

    def __init__(
        self, pack: Pack, services: Sequence[str] = (), scenario: Scenario | None = None, who: str = ""
    ) -> None:
        """Keep what is asked for; nothing is worked out yet."""
        self.pack, self.scenario, self.who = pack, scenario, who
        if scenario is not None:
            self.sets = [DistrictSet(pack, scenario)]
        else:
            self.sets = [DistrictSet(pack, default_scenario(pack, code)) for code in services or pack.manifest.services]

    def names(self) -> dict[str, str]:
        """The districts of the pack."""
        return self.pack.district_names()

    def of_district(self, code: str) -> Brief:
        """The brief of one district: two pages a service."""
        briefs = [district_brief(one, code) for one in self.sets]
        return briefs[0] if len(briefs) == 1 else joined(f"{self.names()[code]}: district brief", briefs)

    def of_scenario(self) -> Brief:
        """The brief of the scenario."""
        if self.scenario is None:
            raise SelectionError("brief: found no scenario, expected one")
        return scenario_brief(self.pack, self.scenario, self.who)

    def title(self) -> str:
        """The area and the services."""
        labels = listed([self.pack.service(one.service).label for one in self.sets])
        return f"District briefs: {self.pack.manifest.area}. {labels}"


def file_name(stem: str, kind: str, *, internal: bool = True) -> str:
    """The name of a brief's file, safe on every system: one that must not be shared says so."""
    name = safe_name(f"{stem}_brief.{kind}")
    return internal_name(name) if internal else name


def no_progress(place: int, of: int, name: str) -> None:
    """Tell nobody."""
    del place, of, name
