"""A figure as it is shown anywhere: what it is called, its value and unit, how it is known, its source and its date."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from lib.market.basis import Input, Standing, standing
from lib.market.units import NOT_KNOWN, UNITS, is_missing
from lib.market.wording import for_people
from lib.pack.load import Pack

RATINGS = "ratings"  # the one table of the market whose rows are of providers, not of a service


@dataclass(frozen=True)
class Figure:
    """One figure. Its status is worked out from its inputs, with `figure`, or is that of a published fact.

    value: not rounded, NaN where it is not known or not applicable; text where the figure is words, such as "TBA".
    unit: a code of lib.market.units; beside a text, the words that follow it ("" for none). source: where it stands,
    or its formula. as_of: the date or the period that it is of. missing: where it is not known, the rows that are
    missing, in words; "" otherwise.
    """

    label: str
    value: float | str
    unit: str
    status: Standing
    source: str = ""
    as_of: str = ""
    missing: str = ""

    @property
    def lacks_rows(self) -> bool:
        """Whether it is empty because rows are missing."""
        return bool(self.missing) and not isinstance(self.value, str) and is_missing(self.value)

    @property
    def known(self) -> Standing:
        """How the figure is known: as its inputs are, but where rows are missing nobody has given it as yet."""
        return replace(self.status, waits=True) if self.lacks_rows else self.status

    @property
    def text(self) -> str:
        """The value as people read it on a tile: rounded for people unless it is known to the digit."""
        if self.lacks_rows:
            return NOT_KNOWN
        return self.value if isinstance(self.value, str) else for_people(self.value, UNITS[self.unit].code, self.status)

    @property
    def text_with_unit(self) -> str:
        """The same, with its unit in words where the figure alone would not say what it counts."""
        if self.lacks_rows or isinstance(self.value, str) or self.status.exact:
            return self.exact_text
        return UNITS[self.unit].about_with_unit(self.value)

    @property
    def exact_text(self) -> str:
        """The value to the digit with its unit in words, as in tables and files."""
        if self.lacks_rows:
            return NOT_KNOWN
        if isinstance(self.value, str):
            return f"{self.value} {self.unit}".strip()
        return UNITS[self.unit].show_with_unit(self.value)


def figure(
    pack: Pack, label: str, value: float | str, unit: str, *inputs: Input, source: str = "", service: str = ""
) -> Figure:
    """A figure of today, or of years to come, known as its inputs are (see lib.market.basis). service: whose date."""
    return Figure(label, value, unit, standing(pack, *inputs), source, as_of(pack, service))


def as_of(pack: Pack, service: str = "") -> str:
    """The date of a service's data in words: 31 January 2024. Without a service, that of the whole pack."""
    date = pack.manifest.date_of(service) if service else pack.manifest.as_of
    return f"{date.day} {date:%B %Y}"


def dates_note(pack: Pack, services: Iterable[str]) -> str:
    """The dates that services' figures beside each other are of, in a sentence; "" where they are of one date."""
    dates = {pack.service(code).label: as_of(pack, code) for code in services}
    if len(set(dates.values())) < 2:
        return ""
    return f"Figures are of different dates: {'; '.join(f'{label} {date}' for label, date in dates.items())}."


def data_to(pack: Pack, service: str = "", tables: Collection[str] = ()) -> str:
    """The dates that tables run to, in words: a service's, and where ratings stand among them, theirs beside it.

    Without a service, the pack's date, and in brackets each service that runs to another.
    """
    whole, own = as_of(pack), as_of(pack, service)
    if service:
        return f"{own}, ratings to {whole}" if RATINGS in tables and own != whole else own
    dates = {named.label: as_of(pack, code) for code, named in pack.manifest.services.items()}
    others = [f"{label} to {date}" for label, date in dates.items() if date != whole]
    return f"{whole} ({'; '.join(others)})" if others else whole
