"""The description of a table: what its model states, and no statement that the reader would pass over."""

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.typing import Series

from lib.pack.description import Column, description
from lib.pack.models import TABLES, field


def model(annotation: Any, checked: Any, **more: Any) -> type[pa.DataFrameModel]:
    """A model of one column."""
    config = type("Config", (), {"metadata": {"path": "a.csv"}})
    parts = {"__annotations__": {"one": annotation}, "one": checked, "Config": config, **more}
    return type("Model", (pa.DataFrameModel,), parts)


def test_every_statement_of_a_column_is_in_its_description() -> None:
    capacity = description(TABLES["capacity"])
    assert capacity.path == "market/capacity.csv"
    assert capacity.key == ("provider_id", "service", "district_code", "service_type", "cohort", "route")
    assert capacity.names_lot
    assert capacity.columns["rank"] == Column(
        "rank", "Int64", True, False, "Place in the ranked list; empty for spot", "rank", "", (), "", low=1
    )
    assert capacity.columns["performance_score"].high == 100
    assert capacity.columns["route"].words == "routes"
    assert capacity.columns["provider_id"].refers_to == "providers.provider_id"
    districts = description(TABLES["districts"])
    assert not districts.names_lot
    assert districts.columns["area_km2"].above == 0
    assert districts.columns["district_code"].pattern == r"^[EWSN]\d{8}$"
    assert description(TABLES["gaps"]).columns["template"].optional
    assert description(TABLES["reconciliation"]).columns["bound"].one_of == ("equal", "at_least", "at_most")


@pytest.mark.parametrize("name", list(TABLES))
def test_the_description_agrees_with_the_schema(name: str) -> None:
    schema, table = TABLES[name].to_schema(), description(TABLES[name])
    assert list(table.columns) == list(schema.columns)
    assert list(table.key) == schema.unique
    for column in table.columns.values():
        stated = schema.columns[column.name]
        assert column.nullable == stated.nullable
        assert str(stated.dtype).startswith(column.kind)
        limits = (column.low, column.high, column.above, column.pattern)
        assert len([limit for limit in limits if limit is not None]) == len(stated.checks)


@pytest.mark.parametrize(
    ("annotation", "checked", "why"),
    [
        (Series[float], field("One", lt=5), "check less_than of a number"),
        (Series[str], field("One", str_contains="a"), "check str_contains of text"),
        (Series[str], field("One", isin=["a"]), "check isin of text"),
        (Series[str], field("One", ge=0), "check greater_than_or_equal_to of text"),
        (Series[bool], field("One", ge=0), "check greater_than_or_equal_to of true or false"),
        (Series[int], field("One", str_matches="1"), "check str_matches of a whole number"),
        (Series[str], field("One", unique=True), "no column that is unique"),
        (Series[str], field("One", coerce=True), "no column that is unique, coerced"),
        (Series[float], field("One", words="services"), "no words and no references but those of text"),
        (Series[float], field("One", refers_to="a.b"), "no words and no references but those of text"),
        (Series[pd.CategoricalDtype], field("One"), "does not know the type"),
        (Series[str] | None, field("One"), "does not know the type"),
    ],
)
def test_a_statement_that_the_reader_does_not_know_is_refused(annotation: Any, checked: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        description(model(annotation, checked))
    assert str(caught.value).startswith("Model.one: ")


def test_a_check_of_whole_rows_is_refused() -> None:
    @pa.dataframe_check
    def agree(cls: Any, frame: pd.DataFrame) -> bool:
        return True

    with pytest.raises(ValueError, match="no checks but those of a column's field"):
        description(model(Series[str], field("One"), agree=agree))


def test_a_number_at_its_limit_is_within_it() -> None:
    low_high = Column("one", "float64", False, False, "", "", "", (), "", low=0, high=1)
    assert list(low_high.beyond(np.array([-0.1, 0, 1, 1.1, np.nan]))) == [True, False, False, True, False]
    above = Column("one", "float64", False, False, "", "", "", (), "", above=0)
    assert list(above.beyond(np.array([-1, 0, 0.1, np.nan]))) == [True, True, False, False]


def test_digits_of_other_scripts_are_no_digits() -> None:
    column = description(TABLES["districts"]).columns["district_code"]
    assert column.fits("E07000066")
    assert not column.fits("E0700006\N{ARABIC-INDIC DIGIT SIX}")
    assert not column.fits("E070000666")
