"""What the briefs of all districts are made from, each part worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from lib.charts.painting import Painting, paint
from lib.export.briefs.pictures import DistrictMap
from lib.market.figure import Figure, as_of
from lib.market.indicators import indicator_label, indicator_status, indicators
from lib.market.lots import lot_table
from lib.market.profile import profiles
from lib.market.quality import OVERALL, rating_mix
from lib.market.selection import Selection, is_single_lot, select
from lib.market.unknown import hole
from lib.market.wording import is_missing
from lib.pack.faults import PackError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.whatif.baseline import kept_baseline
from lib.whatif.live import Step, step
from lib.whatif.scenarios.scenario import Scenario

SHOWN = "coverage"  # on the map and in the bars


@dataclass(frozen=True, eq=False)
class DistrictSet:
    """What the briefs of all districts are made from, each part worked out once: of a pack, a service, a scenario.

    scenario: of the years ahead; one of the same service, checked.
    """

    pack: Pack
    scenario: Scenario

    @property
    def service(self) -> str:
        """The service's code."""
        return self.scenario.service

    @cached_property
    def selection(self) -> Selection:
        """The whole service, district by district."""
        return select(self.pack, self.service)

    @cached_property
    def profiles(self) -> tuple[pd.DataFrame, pd.Series[float]]:
        """The districts' profile, and the county's."""
        return profiles(self.pack, self.selection)

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """Each district's row of the profile by its code."""
        return {
            str(row["area_code"]): {str(name): one for name, one in row.items()}
            for row in self.profiles[0].to_dict("records")
        }

    @cached_property
    def painting(self) -> Painting:
        """How coverage is painted."""
        return paint(self.pack, self.selection, indicators(self.pack)[SHOWN], self.profiles[0])

    @cached_property
    def district_map(self) -> DistrictMap:
        """The map of coverage."""
        try:
            outlines = pack_outlines(self.pack)
        except PackError:
            outlines = None
        painted = self.painting.rows
        colours = dict(zip(painted["area_code"], painted["colour"], strict=True))
        credit = self.pack.manifest.resource("districts_geography").credit
        names = self.pack.district_names()
        return DistrictMap(outlines, colours, names, self.painting.title, self.painting.scale, credit)

    @cached_property
    def lots(self) -> Mapping[str, pd.DataFrame]:
        """The lots of each district, in the order of lots.csv."""
        return {str(code): rows for code, rows in lot_table(self.pack, self.selection).groupby("area_code", sort=False)}

    @cached_property
    def ratings(self) -> Mapping[str, pd.DataFrame]:
        """The mix of overall ratings of each district whose mix is known."""
        mix = rating_mix(self.pack, self.selection)
        return {str(code): rows for code, rows in mix[mix["domain"] == OVERALL].groupby("area_code", sort=False)}

    @cached_property
    def ahead(self) -> Step:
        """The years ahead, of every district."""
        start = kept_baseline(self.pack, self.service)
        return step(self.pack, start, self.scenario, with_range=False, with_drivers=False)


def area_figure(every: DistrictSet, code: str, indicator_id: str) -> Figure:
    """A district's figure, with what it rests on."""
    pack, selection = every.pack, every.selection
    indicator, value = indicators(pack)[indicator_id], float(every.rows[code][indicator_id])
    missing = hole(pack, selection, code, indicator_id) if is_missing(value) else ""
    label = indicator_label(indicator, is_single_lot(pack, selection))
    known = indicator_status(pack, indicator)
    return Figure(label, value, indicator.unit, known, indicator.formula, as_of(pack, selection.service), missing)


def status_of(every: DistrictSet, indicator_id: str) -> Any:
    """How a district's figure is known."""
    return indicator_status(every.pack, indicators(every.pack)[indicator_id])
