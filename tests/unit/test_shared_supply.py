"""Where headroom in one service might be opened to another: worked out by hand on the tiny pack."""

import pytest
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.shared_supply import shared_headroom, shared_providers, shared_supply
from lib.pack.faults import SelectionError
from lib.pack.load import Pack

COLUMNS = ["district_code", "district_name", "providers", "headroom_hours", "waiting_hours", "shortfall_hours"]


def say_children(folder: PackFolder, *providers: str) -> Pack:
    for code in providers:
        folder.set(
            "market/providers.csv",
            folder.find("market/providers.csv", provider_id=code),
            *("also_childrens", "true"),
        )
    return folder.load()


def test_nobody_shared_has_no_headroom_to_share(tiny: Pack) -> None:
    assert shared_providers(tiny, "respite") == []
    frame = shared_supply(tiny, "respite")
    assert list(frame.columns) == COLUMNS
    # 20 hours delivered and 2 waiting in Cedar, against a capacity of 15.
    assert frame.to_numpy().tolist() == [
        [ASH, "Ash", 0, 0, 0, 0],
        [BIRCH, "Birch", 0, 0, 0, 0],
        [CEDAR, "Cedar", 0, 0, 2, 7],
    ]
    assert shared_headroom(tiny, "respite").empty


def test_headroom_of_those_that_serve_both(tiny_folder: PackFolder) -> None:
    pack = say_children(tiny_folder, "P1", "P5", "P7")
    assert shared_providers(pack, "respite") == ["P1", "P5", "P7"]
    # P1: Ash day 20 and night 20, Cedar day 10; P5: Birch day 20, night 0; P7 has no hours.
    assert shared_supply(pack, "respite").to_numpy().tolist() == [
        [ASH, "Ash", 1, 40, 0, 0],
        [BIRCH, "Birch", 1, 20, 0, 0],
        [CEDAR, "Cedar", 1, 10, 2, 7],
    ]
    assert shared_supply(pack, "respite", ["night"])["headroom_hours"].to_list() == [20, 0, 0]
    assert shared_headroom(pack, "respite").to_numpy().tolist() == [
        ["P1", "Alder Care", ASH, "Ash", False, 40],
        ["P5", "Elm Care", BIRCH, "Birch", False, 20],
        ["P1", "Alder Care", CEDAR, "Cedar", False, 10],
    ]


def test_who_stands_in_both_services_is_shared_and_over_capacity_takes_nothing(tiny_folder: PackFolder) -> None:
    path = "market/capacity.csv"
    tiny_folder.append(path, ["P4", "home", CEDAR, "day", "older", "spot", "", "30", "0", "25.00", ""])
    tiny_folder.append(path, ["P4", "home", CEDAR, "night", "older", "spot", "", "5", "50", "25.00", ""])
    pack = tiny_folder.load()
    assert shared_providers(pack, "respite") == shared_providers(pack, "home") == ["P4"]
    assert shared_supply(pack, "respite")["headroom_hours"].to_list() == [0, 0, 30]
    assert shared_headroom(pack, "respite").to_numpy().tolist() == [["P4", "=1+1", CEDAR, "Cedar", True, 30]]
    # The other way round: P4 is over its capacity in respite.
    assert shared_supply(pack, "home")["headroom_hours"].to_list() == [0, 0, 0]


def test_the_default_pack(pack: Pack) -> None:
    shared = shared_providers(pack, "short_breaks")
    assert len(shared) == 9
    frame = shared_supply(pack, "short_breaks")
    assert len(frame) == 12
    assert frame["waiting_hours"].sum() == 152
    assert frame["shortfall_hours"].sum() == 27
    capacity = pack.table("capacity")
    rows = capacity[(capacity["service"] == "domiciliary_care") & capacity["provider_id"].isin(shared)]
    spare = sum(
        max(0.0, could - does) for could, does in zip(rows["capacity_hours"], rows["delivered_hours"], strict=True)
    )
    assert frame["headroom_hours"].sum() == spare > 0
    people = shared_headroom(pack, "short_breaks")
    assert people.groupby("district_code")["headroom_hours"].sum().to_dict() == {
        code: hours for code, hours in zip(frame["district_code"], frame["headroom_hours"], strict=True) if hours
    }
    day = shared_supply(pack, "short_breaks", ["personal_care"])
    assert (day["headroom_hours"] <= frame["headroom_hours"]).all()


def test_what_there_is_not_is_refused(tiny: Pack) -> None:
    with pytest.raises(SelectionError, match="expected one of home, respite"):
        shared_supply(tiny, "none")
    with pytest.raises(SelectionError, match='service type beside respite: found "visit", expected one of day, night'):
        shared_supply(tiny, "respite", ["visit"])
