"""What the slides of one deck share: the pack, the template, and figures that are worked out once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from lib.charts.painting import Painting, paint
from lib.export.slides.page import INSETS, TITLE_LINES, Page
from lib.export.slides.records import Shown
from lib.export.slides.template import Template, place
from lib.export.slides.text import wrapped
from lib.market.about import About
from lib.market.basis import Standing
from lib.market.clauses import Clause, sentences
from lib.market.figure import data_to
from lib.market.indicators import indicators
from lib.market.profile import profiles
from lib.market.selection import Selection
from lib.market.sharing import INTERNAL
from lib.pack.geography import Outlines, outline_faults, pack_outlines
from lib.pack.load import Pack
from lib.whatif.baseline import kept_baseline
from lib.whatif.project import projected
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import AreaYears, area_years

READ_BY_A_ROOM = 22  # points of a title
DO_NOT_SHARE = INTERNAL.split(":")[0]  # on a slide; the whole sentence stands in the notes


class Maker:
    """A deck in the making."""

    def __init__(self, pack: Pack, template: Template) -> None:
        """pack: what the slides are of. template: what they are made on."""
        self.pack, self.template = pack, template
        self._profiles: dict[Selection, tuple[pd.DataFrame, pd.Series[float]]] = {}
        self._paintings: dict[tuple[Selection, str], Painting] = {}
        self._years: dict[str, AreaYears] = {}

    @cached_property
    def outlines(self) -> Outlines | None:
        """The outlines, None where they cannot be drawn."""
        return None if outline_faults(self.pack) else pack_outlines(self.pack)

    def profile(self, selection: Selection) -> tuple[pd.DataFrame, pd.Series[float]]:
        """One row an area, and the county's."""
        if selection not in self._profiles:
            self._profiles[selection] = profiles(self.pack, selection)
        return self._profiles[selection]

    def painting(self, selection: Selection, indicator: str) -> Painting:
        """An indicator as map and bars show it."""
        key = (selection, indicator)
        if key not in self._paintings:
            frame, _ = self.profile(selection)
            self._paintings[key] = paint(self.pack, selection, indicators(self.pack)[indicator], frame)
        return self._paintings[key]

    def years(self, scenario: Scenario) -> AreaYears:
        """A scenario's years, by district and for the county."""
        key = scenario.model_dump_json()
        if key not in self._years:
            start = kept_baseline(self.pack, scenario.service)
            self._years[key] = area_years(start, projected(start, scenario), self.pack.manifest.area)
        return self._years[key]

    def said(self, clauses: Sequence[Clause]) -> list[str]:
        """Clauses as sentences; the first clause alone where its whole sentence is too long for a good title."""
        found = sentences(clauses)
        kept = [one for one in clauses if one.text]
        if not found or is_title(self.template, found[0]) or len(kept) < 2:
            return found
        return [*sentences(kept[:1]), *sentences(kept[1:])]

    def page(self, shown: Shown, told: About, titles: Sequence[str], *, drawn: str = "", part: str = "") -> Page:
        """A slide with title, foot and notes. titles: the finding, then what else is said of it under the title.

        told: what must stand with it. drawn: what the notes say of map and charts. part: "2 of 5" of a long table.
        """
        said = [one for one in titles if one] or [told.title]
        return filled(
            self.template, said, self.foot(told), self.notes(shown, told, titles, drawn), part=part, instead=shown.title
        )

    def foot(self, told: About) -> list[str]:
        """The lines that stand on every slide."""
        manifest = self.pack.manifest
        service = self.pack.service(told.service)
        known: Standing = told.status
        lines = [
            f"{service.label}, {service.period}. Status: {known}. Data to {date_of(told)}.",
            f"{DO_NOT_SHARE}. {manifest.demonstration if self.pack.is_demonstration else ''}".strip(),
        ]
        return lines

    def notes(self, shown: Shown, told: About, finding: Sequence[str], drawn: str = "") -> list[str]:
        """The notes of a slide: the speaker's own, the finding whole, the mark, and all that a file of it would say."""
        return [*shown.note.splitlines(), " ".join(finding), drawn, INTERNAL, *told.file_lines()]


def is_title(template: Template, text: str) -> bool:
    """Whether a text has room as a title in letters that a room reads."""
    width = place(template.title).width - INSETS
    return len(wrapped(text, width, READ_BY_A_ROOM, template.bold_titles)) <= TITLE_LINES


def filled(
    template: Template, said: Sequence[str], foot: Sequence[str], notes: Sequence[str], *, part: str = "",
    instead: str = "",
) -> Page:  # fmt: skip
    """A slide with its title, what else is said beneath it, its foot and its notes; its body is still free.

    said: the finding first. part: which of several slides of a kind it is. instead: a title in the finding's place,
    which then stands beneath it.
    """
    finding, *rest = said
    page = Page(template)
    left = page.title(f"{(instead or finding).rstrip('.')}{f' ({part})' if part else ''}")
    page.foot(foot)
    lead = " ".join([*([finding] if instead else []), *rest])
    # What had no room as a title stands whole beneath it.
    page.lead(*((finding, 3) if left and not instead else (lead, 3 if instead else 2)))
    page.notes(notes)
    return page


def date_of(told: About) -> str:
    """The dates that the figures run to."""
    return data_to(told.pack, told.service, told.basis.tables)
