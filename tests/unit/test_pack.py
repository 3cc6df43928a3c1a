"""The loaded pack: what it answers, and that nobody changes it."""

import json

import pandas as pd
import pytest
from pack_folder import MANIFEST, PackFolder

from lib.pack.load import Pack
from lib.pack.manifest import weakest


def test_changing_a_table_changes_nothing_for_others(tiny: Pack) -> None:
    table = tiny.table("demand")
    table.loc[:, "people"] = 0
    table["new"] = 1
    assert tiny.table("demand")["people"].sum() == 48
    assert "new" not in tiny.table("demand")


def test_types_are_plain(tiny: Pack) -> None:
    demand, capacity = tiny.table("demand"), tiny.table("capacity")
    assert str(demand["people"].dtype) == "int64"
    assert str(demand["hours_per_week"].dtype) == "float64"
    assert capacity["rank"].isna().sum() == 5
    assert list(tiny.table("districts")["borders_london"]) == [False, True, False]
    assert tiny.table("requests")["placed_on"].iloc[2] == pd.Timestamp("2025-01-11")
    assert list(demand.index) == list(range(12))


def test_words_and_places(tiny: Pack) -> None:
    assert tiny.label("cohorts", "older") == "Older"
    assert tiny.label("cohorts", "unheard of") == "unheard of"
    assert tiny.service("home").label == "Home care"
    with pytest.raises(KeyError):
        tiny.service("gardening")
    with pytest.raises(KeyError):
        tiny.manifest.resource("gardens")
    assert tiny.district_names() == {"E07000001": "Ash", "E07000002": "Birch", "E07000003": "Cedar"}
    assert json.loads(tiny.outlines)["type"] == "FeatureCollection"
    assert tiny.manifest.vocabulary("ratings") == ("Outstanding", "Good", "Poor", "Not rated")
    assert tiny.manifest.vocabulary("routes") == ("tier_1", "tier_2", "spot")
    assert list(tiny.lots_of("home")["service_type"]) == ["day", "day", "night"]


def test_a_figure_is_known_as_well_as_its_weakest_input(tiny: Pack) -> None:
    assert tiny.status("lots") == "published"
    assert tiny.status("lots", "population", "demand") == "modelled"
    assert tiny.status("demand", "capacity") == "illustrative"
    assert tiny.status("service_rates") == "modelled", "a context figure never makes a council's own"
    assert weakest(["published", "derived", "supplied"]) == "supplied"
    assert weakest([]) == "published"
    assert tiny.is_demonstration


def test_what_has_one_name_is_told_apart_by_its_code(tiny_folder: PackFolder) -> None:
    """Charts, boxes and the map know districts and cohorts by their names."""
    tiny_folder.set("reference/districts.csv", 3, "district_name", "Ash")
    tiny_folder.change_json(MANIFEST, lambda document: document["cohorts"]["younger"].update(label="Older"))
    pack = tiny_folder.load()
    assert list(pack.district_names().values()) == ["Ash (E07000001)", "Ash (E07000002)", "Cedar"]
    labels = [pack.label("cohorts", code) for code in ("older", "younger", "child", "nobody")]
    assert labels == ["Older (older)", "Older (younger)", "Children", "nobody"]
