"""A what-if where nobody knows what waits: the care already arranged is carried forward, and never called demand."""

from __future__ import annotations

import math
from pathlib import Path

import pack_copies
import pytest

from lib.charts.live import lines_rows
from lib.pack.load import Pack, load_pack
from lib.view.live.request import StepRequest
from lib.view.what_if.picture import picture
from lib.whatif.baseline import prepare
from lib.whatif.drivers import drivers
from lib.whatif.live import step
from lib.whatif.need import need_of, need_today
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import AGEING, NEED_GROWTH, Scenario, moved

HOME, BREAKS = "domiciliary_care", "short_breaks"
# The published hours a week of home care, and the same after five years of 2% each.
TODAY, GROWN = 128_000, 128_000 * 1.02**5


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The default pack without what waits for home care."""
    place = tmp_path_factory.mktemp("need") / "pack"
    return load_pack(pack_copies.copy_pack(place, pack_copies.without_rows("market/requests.csv", HOME)))


def growing(pack: Pack, service: str = HOME) -> Scenario:
    """Two percent more need a year, and nobody ages."""
    return moved(default_scenario(pack, service), {NEED_GROWTH: 2.0, AGEING: False, "years": 5})


@pytest.mark.parametrize(
    ("demand", "arranged", "need"),
    [
        ([5.0, 6.0], [4.0, 5.0], "demand_hours"),
        ([math.nan, math.nan], [4.0, 5.0], "delivered_hours"),
        ([math.nan, math.nan], [0.0, 0.0], "delivered_hours"),
        ([math.nan, math.nan], [math.nan, math.nan], "demand_hours"),
        # Known today and not later, as ageing ends: it is demand that is not known then.
        ([5.0, math.nan], [4.0, math.nan], "demand_hours"),
    ],
)
def test_which_measure_says_what_is_needed(demand: list[float], arranged: list[float], need: str) -> None:
    assert need_of({"demand_hours": demand, "delivered_hours": arranged}) == need


def test_each_service_and_district_by_what_is_known_of_it(pack: Pack) -> None:
    assert need_today(prepare(pack, HOME)) == need_today(prepare(pack, HOME), "E07000066") == "delivered_hours"
    assert need_today(prepare(pack, BREAKS)) == need_today(prepare(pack, BREAKS), "E07000066") == "demand_hours"


def test_what_changes_the_care_arranged_adds_up(pack: Pack) -> None:
    rows = drivers(prepare(pack, HOME), growing(pack)).set_index("step")
    assert rows["total_hours"]["today"] == pytest.approx(TODAY)
    assert rows["total_hours"]["last_year"] == pytest.approx(GROWN)
    assert rows["change_hours"].sum() == pytest.approx(GROWN - TODAY)
    assert need_today(prepare(pack, HOME)) == "delivered_hours"


def test_the_picture_says_what_is_arranged_and_that_demand_is_not_known(pack: Pack) -> None:
    asked = StepRequest(service=HOME, pack=pack.key, scenario={}, tab="drivers")
    drawn = picture(pack, growing(pack), asked)
    first, *others = drawn["tiles"]
    assert (first["label"], first["value"]) == ("Hours already arranged in 2029/30", "141,300")
    assert first["context"] == "demand in all is not known: market/requests.csv has no rows for this service"
    assert [one["value"] for one in others[:2]] == ["not known", "not known"]
    assert [one["status"] for one in others[:2]] == ["not given yet", "not given yet"]
    assert others[2]["value"].startswith("+£")
    assert "it is not known whether" in drawn["say"]["lead"]
    said = drawn["say"]["more"]
    assert "he care already arranged would be about 141,300 hours a week in 2029/30, against 128,000 in 2024/25" in said
    lines, steps = (drawn["charts"][name] for name in ("lines", "drivers"))
    assert lines["title"] == "Care arranged and capacity in Essex, hours a week"
    assert lines["words"].startswith("2024/25: care arranged 128,000, capacity ")
    assert "demand" not in lines["words"]
    assert steps["title"] == "What changes the care already arranged in Essex, hours a week"
    assert steps["words"].startswith("2024/25: 128,000; ")


def test_the_line_has_the_name_of_what_it_shows(pack: Pack) -> None:
    for service, name, other in ((HOME, "Care arranged", "'Demand'"), (BREAKS, "'Demand'", "Care arranged")):
        definition, rows = lines_rows(step(pack, prepare(pack, service), growing(pack, service)))
        assert name in str(definition) and other not in str(definition)
        assert all("demand" in row for row in rows)
        assert any("demand_low" in row for row in rows) is (service == BREAKS)


def test_without_supply_too_no_band_is_spoken_of(tmp_path: Path) -> None:
    changes = [pack_copies.without_rows(f"market/{table}.csv", HOME) for table in ("requests", "capacity")]
    bare = load_pack(pack_copies.copy_pack(tmp_path / "pack", *changes))
    drawn = picture(bare, growing(bare), StepRequest(service=HOME, pack=bare.key, scenario={}))
    lines = drawn["charts"]["lines"]
    assert lines["caption"] == "" and "capacity not known" in lines["words"]
    assert drawn["tiles"][0]["value"] == "141,300"
