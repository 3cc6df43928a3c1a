"""The data dictionary: every column of every table, and every indicator, as tables that are made from their models."""

from __future__ import annotations

import pandas as pd

from lib.market.awaited import NOT_YET
from lib.market.indicators import indicator_status, indicators
from lib.market.selection import unknown
from lib.market.tables import csv_lines
from lib.market.units import UNITS
from lib.pack.description import description
from lib.pack.formulas import safe_cell
from lib.pack.load import Pack
from lib.pack.models import TABLES


def data_dictionary() -> pd.DataFrame:
    """Every column of the tables: table, file, column, key, meaning, unit, must_be (type, range, list, reference)."""
    rows = []
    for name, model in TABLES.items():
        table = description(model)
        for column in table.columns.values():
            rows.append(
                {
                    "table": name,
                    "file": table.path,
                    "column": column.name,
                    "key": column.name in table.key,
                    "meaning": column.meaning,
                    "unit": column.unit,
                    "must_be": column.must_be,
                }
            )
    return pd.DataFrame(rows)


def template_csv(pack: Pack | None, table: str) -> str:
    """An empty table to fill in and upload, as CSV: the header row, in the order of the table's model.

    With a pack, the columns that its own table carries beyond the model follow. SelectionError for no such table.
    """
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    names = list(description(TABLES[table]).columns)
    if pack is not None:
        names += [name for name in pack.table(table).columns if name not in names]
    return csv_lines([[safe_cell(name) for name in names]])


def indicator_dictionary(pack: Pack) -> pd.DataFrame:
    """Every indicator: id, label, unit, meaning, formula, denominator, better, caveat, status of an area's figure.

    fewer_are_said: what a median or a share may rest on before that is said beside it, "" where nothing is.
    """
    return pd.DataFrame(
        [
            {
                "id": one.id,
                "label": one.label,
                "unit": UNITS[one.unit].words,
                "meaning": one.meaning,
                "formula": one.formula,
                "denominator": one.of,
                "better": one.better,
                "caveat": one.caveat,
                "status": str(indicator_status(pack, one)),
                "fewer_are_said": one.least.rule if one.least else "",
            }
            for one in indicators(pack).values()
        ]
    )


def sources_table(pack: Pack) -> pd.DataFrame:
    """Every file of the pack: title, file, status, how it was made, sources, licence, credit; the source texts last."""
    rows = [
        {
            "title": resource.title,
            "file": resource.path,
            "status": resource.status if resource.name not in pack.tables or pack.given(resource.name) else NOT_YET,
            "rule": resource.rule,
            "sources": "; ".join(source.title for source in resource.sources),
            "licence": "; ".join(licence.title for licence in resource.licenses),
            "credit": resource.credit,
        }
        for resource in pack.manifest.resources
    ]
    texts = [text for service in pack.manifest.services.values() for text in service.source_texts]
    rows += [
        {
            "title": f"Source text: {text.title}",
            "file": text.path,
            "status": "published",
            "rule": f"The page as it was read, last updated {text.last_updated:%d/%m/%Y}.",
            "sources": "; ".join(source.title for source in text.sources),
            "licence": "; ".join(licence.title for licence in text.licenses),
            "credit": text.credit,
        }
        for text in texts
    ]
    return pd.DataFrame(rows)
