"""Why a cell is withheld, held against what was worked out by hand."""

from __future__ import annotations

from lib.pack.load import Pack
from lib.publish.control import release
from lib.publish.why import Why, reasons


def test_every_suppressed_cell_has_one_reason_and_no_other_has_any(tiny: Pack) -> None:
    safe = release(tiny)
    found = reasons(tiny, safe)
    hidden = {
        (table.name, row, column)
        for table in safe.tables
        for column in table.frame.columns
        for row, cell in enumerate(table.frame[column])
        if isinstance(cell, str) and cell == "c"
    }
    assert {*found} == hidden
    assert hidden
    demand = safe.table("demand")
    assert demand is not None
    place = {
        (row["area_code"], row["service_type"], row["cohort"]): number
        for number, row in enumerate(demand.frame.to_dict("records"))
        if row["service"] == "home"
    }
    # Of 5 people; of 20, of whom P3 gives 160 of 200 hours, no more than 80%, but P5 and P3 are two.
    assert found["demand", place["E07000001", "day", "younger"], "people"] is Why.FEW
    assert found["demand", place["E07000001", "day", "younger"], "delivered_hours"] is Why.FEW
    assert found["demand", place["E07000002", "day", "older"], "delivered_hours"] is Why.PROVIDERS
    assert {one for (table, _, column), one in found.items() if (table, column) == ("wanted", "wanted")} <= {
        Why.FOLLOWS
    }
