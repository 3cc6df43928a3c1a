"""What must stand with everything that leaves the app: one builder of the lines beneath a file or a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from lib.market.basis import Basis, Input, Standing, basis, standing
from lib.market.figure import data_to
from lib.market.sharing import INTERNAL, internal_csv, internal_name, safe_name
from lib.market.tables import UNITS_OF, download_csv, units_line
from lib.market.units import UNITS
from lib.pack.load import Pack

# The head of a column: its label, or for figures their label and the code of their unit (lib.market.units); "" for a
# number that counts nothing, such as a rank.
Head = str | tuple[str, str]
Heads = Mapping[str, Head]


@dataclass(frozen=True)
class About:
    """What a chart, a map or a table shows, and what it rests on. Made by `about`.

    internal: it tells of areas or of providers. service: whose period and caveats hold; "" for none. further: what else
    a reader must know, such as a formula or the assumptions of a scenario. known: how the figures are known where they
    are published facts, which the tables only add up to. assumptions: one line each, in files only.
    """

    pack: Pack
    title: str
    basis: Basis
    internal: bool = True
    service: str = ""
    further: tuple[str, ...] = ()
    known: Standing | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def status(self) -> Standing:
        """How the figures are known."""
        return standing(self.pack, self.basis) if self.known is None else self.known

    def titled(self, title: str) -> About:
        """The same under another title."""
        return replace(self, title=title)

    @property
    def headline(self) -> str:
        """The title above a picture, which leaves the page that says of which service it is."""
        label = self.pack.service(self.service).label if self.service else ""
        return self.title if label in self.title else f"{label}: {self.title}"

    def opening(self) -> list[str]:
        """The lines that stand under everything: title, status, period and date, and the demonstration line."""
        manifest = self.pack.manifest
        service = self.pack.service(self.service) if self.service else None
        period = f" {service.label}, {service.period}." if service else ""
        dates = data_to(self.pack, self.service, self.basis.tables)
        lines = [f"{self.title.rstrip('.')}. Status: {self.status}.{period} Data to {dates}."]
        return [*lines, manifest.demonstration] if self.pack.is_demonstration else lines

    def picture_lines(self) -> list[str]:
        """What stands under a picture, which has room for little: the opening, the sources, the credits due."""
        credits = [self.pack.manifest.resource(name).credit for name in self.basis.tables]
        due = dict.fromkeys(credit for credit in credits if credit)
        lines = [*self.opening(), *self.further, self.sources(), *due]
        return [INTERNAL, *lines] if self.internal else lines

    def file_lines(self) -> list[str]:
        """What stands under a file: the opening, each table's status, rule and credit, and the service's caveats."""
        resources = [self.pack.manifest.resource(name) for name in self.basis.tables]
        lines = [f"{one.title}: {one.status}. {one.rule} {one.credit}".strip() for one in resources]
        caveats = self.pack.service(self.service).caveats if self.service else ()
        return [*self.opening(), *self.further, self.sources(), *lines, *caveats, *self.assumptions]

    def sources(self) -> str:
        """Where the figures come from: the sources of the tables; a table without one, such as a made-up one."""
        names: list[str] = []
        for resource in map(self.pack.manifest.resource, self.basis.tables):
            own = [source.title for source in resource.sources]
            names += own or [f"{resource.title} ({resource.status})"]
        return f"Sources: {'; '.join(dict.fromkeys(names)) or f'the data pack {self.pack.manifest.name}'}."

    def csv(self, frame: pd.DataFrame) -> str:
        """A table as the CSV file that people download, headed as internal where it is."""
        units = units_line(list(frame.columns))
        text = download_csv(frame, [*self.file_lines(), *([units] if units else [])])
        return internal_csv(text) if self.internal else text

    def file_name(self, name: str) -> str:
        """The name of a file, safe on every system: one that must not be shared says so."""
        return internal_name(safe_name(name)) if self.internal else safe_name(name)


def about(
    pack: Pack,
    title: str,
    *inputs: Input,
    internal: bool = True,
    service: str = "",
    further: tuple[str, ...] = (),
    known: Standing | None = None,
    assumptions: tuple[str, ...] = (),
) -> About:
    """What is to be said of something that rests on these inputs (see lib.market.basis)."""
    return About(pack, title, basis(*inputs), internal, service, further, known, assumptions)


def for_file(frame: pd.DataFrame, heads: Heads) -> pd.DataFrame:
    """The columns of a table that people see, as a file holds them: figures as numbers, with their unit in the head.

    Its attributes hold the units by the heads (UNITS_OF), for a file that gives each column a format.
    """
    columns, units = {}, {}
    for name, head in heads.items():
        label, code = (head, "") if isinstance(head, str) else head
        unit = UNITS[code] if code else None
        title = unit.head(label) if unit else label
        columns[title] = unit.scaled(frame[name]) if unit else frame[name]
        if unit:
            units[title] = unit.code
    table = pd.DataFrame(columns)
    table.attrs[UNITS_OF] = units
    return table
