"""The cells of a grid of lots: districts down, service types across."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lib.pack.load import Pack


def cells(
    pack: Pack, lots: pd.DataFrame, shown: Sequence[str], colours: Sequence[str], detail: Sequence[str]
) -> pd.DataFrame:
    """Lots (lib.market.ranked_lists.lot_supply) of one cohort as lib.charts.lot_grid draws them: one row a lot."""
    return pd.DataFrame(
        {
            "row_code": lots["district_code"],
            "row_name": lots["district_code"].map(pack.district_names()),
            "column_code": lots["service_type"],
            "column_name": [pack.label("service_types", code) for code in lots["service_type"]],
            "shown": shown,
            "colour": colours,
            "mark": lots["mark"],
            "detail": detail,
        }
    )
