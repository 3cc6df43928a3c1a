"""The slider of new hours, asked by the browser at each step: lib.view.providers.placement_picture and its route."""

from __future__ import annotations

import gzip
import json
from typing import Any

import for_people
import pytest
from test_live_route import SAME, send

from lib.market.ranked_lists.call_off import Lot, lot_list, ranked_list
from lib.market.ranked_lists.placement import place
from lib.pack.load import Pack
from lib.view.live import route
from lib.view.page_pack import current_pack, pack_folder, quiet_seconds
from lib.view.providers.placement_picture import MOST_LINES, asked_of, picture, placement_list, placement_of

HOME, BREAKS = "domiciliary_care", "short_breaks"
MALDON = Lot(HOME, "E07000074", "personal_care", "older_people")
PATH = "/live/placement"


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack that the app shows: read as a page reads it first."""
    return current_pack(str(pack_folder()), quiet_seconds()).shown().pack


def asked(pack: Pack, lot: Lot = MALDON, hours: Any = 40, **more: Any) -> dict[str, Any]:
    """A request of a page that shows a lot."""
    names = ("service", "district", "service_type", "cohort")
    return {"pack": pack.key, **dict(zip(names, lot, strict=True)), "hours": hours, "skip_below_gate": False, **more}


def ask(values: Any, heads: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """A step's status and answer."""
    status, told, body = send(PATH, json.dumps(values).encode(), SAME if heads is None else heads)
    assert told["cache-control"] == "no-store"
    return status, json.loads(body)


def every_lot(pack: Pack, service: str) -> list[Lot]:
    kinds = pack.lots_of(service)[["service_type", "cohort"]].itertuples(index=False)
    return [Lot(service, district, *kind) for kind in kinds for district in pack.district_names()]


@pytest.mark.slow
@pytest.mark.parametrize(("service", "lots"), [(HOME, 120), (BREAKS, 12)])
def test_every_lot_is_placed_as_by_the_command_line(pack: Pack, service: str, lots: int) -> None:
    """The bars and words of several hours are those of the rows that `python -m lib place` prints."""
    every = every_lot(pack, service)
    assert len(every) == lots
    for number, lot in enumerate(every):
        skip = number % 2 == 1
        limits = asked_of(pack, lot, skip)
        assert_lines(pack, lot, skip, limits.default, ask(asked(pack, lot, limits.default, skip_below_gate=skip)))
        for hours in (0, limits.largest // 3, limits.largest):
            assert_lines(pack, lot, skip, hours, (200, picture(pack, limits, placement_of(pack, limits, hours))))


def test_the_page_and_the_route_have_one_picture(pack: Pack) -> None:
    for skip in (False, True):
        limits = asked_of(pack, MALDON, skip)
        status, found = ask(asked(pack, hours=55, skip_below_gate=skip))
        assert (status, found) == (200, json.loads(json.dumps(picture(pack, limits, placement_of(pack, limits, 55)))))
        assert_lines(pack, MALDON, skip, 55, (status, found))


def assert_lines(pack: Pack, lot: Lot, skip: bool, hours: int, answer: tuple[int, dict[str, Any]]) -> None:
    """A picture has the placement that the command line prints, line by line."""
    status, found = answer
    assert status == 200
    *taken, last = place(pack, lot, hours, skip).to_dict("records")
    got = {(row["route"], row["provider_id"]): row["placed_hours"] for row in taken}
    rows, lines = ranked_list(pack, lot), placement_list(pack, asked_of(pack, lot, skip), dark=False).get("lines", [])
    for row, line, bar in zip(rows.to_dict("records"), lines, found["rows"], strict=True):
        placed, free = got.pop((row["route"], row["provider_id"]), 0.0), row["free_hours"]
        assert line["name"] == row["provider_name"]
        if not free or (skip and not row["passes_gate"]):
            assert (bar, placed) == (None, 0.0)
            assert line["words"] == ("passed over" if free else "no room")
            continue
        assert line["words"] == ""
        assert bar[0] == f"{for_people.hours(placed)} of {for_people.hours(free)}"
        assert bar[1] == pytest.approx(100 * placed / free, abs=0.051)
    assert not got, "every row of the command line has its line"
    assert found["unplaced"] == for_people.hours(last["placed_hours"])
    assert found["left_over"] == (last["placed_hours"] > 0)
    assert f"{hours:,} new hours a week" in found["sentence"]
    assert found["levers"] == {"hours": hours}


def test_a_step_is_small_and_says_nothing_twice(pack: Pack) -> None:
    lot = max(every_lot(pack, HOME), key=lambda one: len(lot_list(pack, one)))
    _, _, sent = send(PATH, json.dumps(asked(pack, lot, 100)).encode(), SAME)
    assert len(gzip.compress(sent)) <= 1_500
    name = ranked_list(pack, lot)["provider_name"].iloc[0]
    assert name.encode() not in sent
    assert f'"{name}"' in json.dumps(placement_list(pack, asked_of(pack, lot, False), dark=True))


def test_of_a_long_list_only_who_has_room_has_a_line(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.view.providers import placement_picture

    assert MOST_LINES == 60
    monkeypatch.setattr(placement_picture, "MOST_LINES", 3)
    placement_picture.kept_lines.cache_clear()
    limits = asked_of(pack, MALDON, False)
    found = placement_list(pack, limits, dark=False)
    rows = ranked_list(pack, MALDON)
    assert [line["name"] for line in found["lines"]] == list(rows[rows["free_hours"] > 0]["provider_name"][:3])
    assert found["left_out"].startswith(f"The first 3 with room of {len(rows)} providers")
    assert len(picture(pack, limits, placement_of(pack, limits, 9))["rows"]) == 3
    placement_picture.kept_lines.cache_clear()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another service": ({"service": "bus_lanes"}, "the request: service"),
    "another district": ({"district": "E07999999"}, "the request: district"),
    "a type of the other service": ({"service_type": "home_based_care"}, "the request: service type"),
    "another cohort": ({"cohort": "everybody"}, "the request: cohort"),
    "hours below none": ({"hours": -1}, "the request, hours: found -1, expected a whole number of hours a week from"),
    "hours beyond the slider": ({"hours": 1_000_000}, "the request, hours: found 1000000, expected a whole number"),
    "half an hour": ({"hours": 2.5}, "the request, hours: found 2.5, expected a whole number of hours a week"),
    "hours in words": ({"hours": "ten"}, 'the request, hours: found the text "ten"'),
    "hours of null": ({"hours": None}, "the request, hours: found null"),
    "yes for true": ({"skip_below_gate": "yes"}, "the request, skip_below_gate: found the text"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_placed_is_one_sentence(pack: Pack, what: str) -> None:
    more, expected = REFUSED[what]
    status, answer = ask({**asked(pack), **more})
    assert (status, list(answer)) == (400, ["problem"])
    assert answer["problem"].startswith(expected)
    assert "\n" not in answer["problem"]


def test_the_route_asks_for_the_pack_and_the_page_that_every_route_asks_for(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask({**asked(pack), "pack": "0" * 64})[0] == 409
    assert ask(asked(pack), {"sec-fetch-site": "cross-site"})[0] == 403
    assert ask([])[0] == 400
    assert send(PATH, method="GET")[0] == 405
    monkeypatch.setattr(route, "may_read", lambda request: False)
    assert ask(asked(pack))[0] == 403
