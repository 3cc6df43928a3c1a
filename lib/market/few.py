"""A median or a share that rests on few requests or providers says so, wherever it is shown.

What a figure counts, and from how many on nothing is said, stands once: at its entry in lib.market.indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd

from lib.market.indicator import Least
from lib.market.indicators import every_figure
from lib.market.selection import Selection, select
from lib.market.units import is_missing
from lib.market.wording import counted
from lib.pack.load import Pack

# The head of the column of a table that `few_notes` fills.
FEW = "Rests on few"


@lru_cache(maxsize=1024)
def counts(pack: Pack, selection: Selection, least: Least) -> Mapping[str, float]:
    """How many a figure rests on, by area_code; an area that it rests on nothing in may be left out."""
    return {str(code): float(number) for code, number in least.source(pack, selection)[least.column].items()}


def few_words(pack: Pack, selection: Selection, area_code: str, indicator_id: str) -> str:
    """What an area's figure rests on, where that is little: "from 3 requests", "of 2 providers"; "" where it is not."""
    least = every_figure(pack)[indicator_id].least
    number = counts(pack, selection, least).get(area_code, 0) if least else 0
    return f"{least.before} {counted(int(number), least.noun)}" if least and 0 < number < least.number else ""


def few_in_lot(pack: Pack, lot: tuple[str, ...], indicator_id: str) -> str:
    """The same of a single lot: service, district_code, service_type, cohort."""
    service, district, service_type, cohort = lot
    return few_words(pack, select(pack, service, [service_type], [cohort]), district, indicator_id)


def few_notes(pack: Pack, selection: Selection, frame: pd.DataFrame, indicator_ids: Iterable[str]) -> list[str]:
    """The same of several figures, each named, for every row of a profile: "Spot share of 2 providers; ...".

    frame: area_code and the indicators; "" for a row where none is known and rests on little.
    """
    known, ids = every_figure(pack), list(indicator_ids)
    notes = []
    for row in frame.to_dict("records"):
        found = [
            (code, few_words(pack, selection, row["area_code"], code)) for code in ids if not is_missing(row[code])
        ]
        notes.append("; ".join(f"{known[code].label} {words}" for code, words in found if words))
    return notes
