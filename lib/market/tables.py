"""Tables as files: CSV and JSON with figures unrounded, and the CSV that people download, with its sources."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.market.few import FEW, few_notes
from lib.market.indicators import indicator_label, indicator_status, indicators
from lib.market.selection import DISTRICT, Selection, is_single_lot
from lib.market.units import UNITS, UnitCode
from lib.market.wording import listed
from lib.pack.formulas import safe_cell
from lib.pack.load import Pack

FILE_DIGITS = 4
# The units of columns that files for people have by the calculations' own names, beside those that end in _hours.
OF_COLUMNS: Mapping[str, UnitCode] = {
    "people": "people",
    "people_moved": "estimated_people",
    "share": "share",
    "hourly_rate": "pounds_per_hour",
    "performance_score": "score",
    "rated_years": "years",
}
COSTS = ("cost", "cost_as_today", "difference", "spend")
# In the attributes of a table for people: its columns' units by their heads, its figures as `Unit.scaled` has them.
UNITS_OF = "units"


def plain(value: Any) -> Any:
    """A cell for a file: empty for a missing figure, whole numbers without a decimal point, nothing rounded."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as a list of records, as plain() writes their cells."""
    names = list(frame.columns)
    return [
        {name: plain(value) for name, value in zip(names, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]


def as_json(frame: pd.DataFrame) -> str:
    """A frame as JSON records; a missing figure is null."""
    return json.dumps(records(frame), ensure_ascii=False, indent=1, allow_nan=False)


def as_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV for programs; a missing figure is an empty cell."""
    return csv_lines([list(frame.columns), *(list(record.values()) for record in records(frame))])


def download_csv(frame: pd.DataFrame, notes: Sequence[str]) -> str:
    """A frame as CSV for people: no cell runs as a formula, and the notes follow, each on a line that starts with #.

    Figures are numbers of at most FILE_DIGITS digits behind the point, never rounded for people.
    """
    rows = [[safe_cell(at_most(value)) for value in record.values()] for record in records(frame)]
    return csv_lines([[safe_cell(name) for name in frame.columns], *rows, *([f"# {note}"] for note in notes)])


def units_line(columns: Sequence[str]) -> str:
    """The units of the columns of a file that are named as the calculations name them; "" where there are none.

    Hours are of a week; costs of a year, or of the quarter that a row is of. A table with units of its own needs none.
    """
    if "unit" in columns:
        return ""
    found: dict[str, list[str]] = {}
    for name in columns:
        if code := unit_of(name, columns):
            found.setdefault(UNITS[code].file_words, []).append(name)
    return f"Units: {'; '.join(f'{listed(names)} in {words}' for words, names in found.items())}." if found else ""


def unit_of(name: str, columns: Sequence[str]) -> UnitCode | None:
    """The unit of a column that is named as the calculations name it, in a table with these columns; None for none."""
    if name in COSTS:
        return "pounds_per_quarter" if "quarter" in columns else "pounds"
    return OF_COLUMNS.get(name) or ("hours" if name.endswith("_hours") else None)


def at_most(value: Any) -> Any:
    """A number with no more digits behind the point than a file for people has."""
    return plain(round(value, FILE_DIGITS)) if isinstance(value, float) else value


def csv_lines(rows: Sequence[Sequence[Any]]) -> str:
    """Rows of cells as CSV text. A lone carriage return in a cell would break the line: it becomes a line feed."""
    text = io.StringIO()
    lines = [
        [cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def selection_words(pack: Pack, selection: Selection) -> str:
    """The selection in words: service, service types, cohorts and grouping."""
    types = listed([pack.label("service_types", code) for code in selection.service_types])
    people = listed([pack.label("cohorts", code) for code in selection.cohorts])
    by = "district" if selection.group_by == DISTRICT else pack.label("groupings", selection.group_by)
    return f"{pack.service(selection.service).label}: {types}; {people}; by {by}"


def labelled_profile(pack: Pack, selection: Selection, frame: pd.DataFrame) -> pd.DataFrame:
    """A profile for people to download: area codes and names, each indicator headed by name, unit and status, FEW."""
    single = is_single_lot(pack, selection)
    heads = {
        code: UNITS[one.unit].head(indicator_label(one, single), str(indicator_status(pack, one)))
        for code, one in indicators(pack).items()
    }
    table = frame.copy()
    for code, one in indicators(pack).items():
        table[code] = UNITS[one.unit].scaled(table[code])
    table[FEW] = few_notes(pack, selection, frame, indicators(pack))
    table = table.rename(columns={"area_code": "Area code", "area_name": "Area", **heads})
    table.attrs[UNITS_OF] = {heads[code]: one.unit for code, one in indicators(pack).items()}
    return table
