"""The routes that a page asks while a lever moves, called as a server calls them: lib.view.live."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import for_people
import pytest
from own_loop import run_to_end
from starlette.applications import Starlette
from starlette.types import Message
from streamlit import config

from lib.market.profile import profile
from lib.market.selection import select
from lib.pack.load import Pack, load_pack
from lib.view.live import route
from lib.view.live.request import LARGEST
from lib.view.live.route import live_routes
from lib.view.page_pack import current_pack, pack_folder, quiet_seconds
from lib.whatif.project import project
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario

HOME, BREAKS = "domiciliary_care", "short_breaks"
NEED = "demand.need_growth_pct"
ROOT = Path(__file__).parent.parent.parent
SAME = {"sec-fetch-site": "same-origin", "content-type": "application/json"}
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack that the app shows: read as a page reads it first."""
    return current_pack(str(pack_folder()), quiet_seconds()).shown().pack


def asked(pack: Pack, service: str = HOME, **more: Any) -> dict[str, Any]:
    """A request of a page that stands at a service's default."""
    scenario = default_scenario(pack, service).document()
    return {"service": service, "pack": pack.key, "scenario": scenario, "changes": {}, "range": False, **more}


def send(
    path: str, body: bytes = b"", heads: dict[str, str] | None = None, method: str = "POST", query: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """What the routes answer: status, headers and body."""
    sent: list[Message] = []
    coming = [{"type": "http.request", "body": body, "more_body": False}]
    given = {"host": "care.example", **(heads or {})}
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "scheme": "http", "server": ("localhost", 80), "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        sent.append(message)

    run_to_end(Starlette(routes=live_routes())(scope, receive, take))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent)


def step(values: Any, heads: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """A step's status and answer."""
    status, told, body = send("/live/step", json.dumps(values).encode(), SAME if heads is None else heads)
    assert told["content-type"] == "application/json"
    assert told["cache-control"] == "no-store"
    return status, json.loads(body)


def refused(values: Any, heads: dict[str, str] | None = None) -> tuple[int, str]:
    """A step's status and the one sentence that it is refused with."""
    status, answer = step(values, heads)
    (problem,) = answer.values()
    assert list(answer) == ["problem"]
    assert not re.search(r"Traceback|Error\b|\n|pydantic|NoneType", problem)
    return status, problem


@pytest.mark.parametrize("service", [HOME, BREAKS])
@pytest.mark.parametrize("moved", [{}, {NEED: 2.5}, {NEED: 4.0, "supply.capacity_growth_pct": -1.0, "years": 7}])
def test_a_step_has_the_figures_of_the_command_line(pack: Pack, service: str, moved: dict[str, Any]) -> None:
    status, found = step(asked(pack, service, changes=moved))
    assert status == 200
    scenario = with_levers(pack, default_scenario(pack, service), moved)
    assert found["levers"][NEED] == scenario.demand.need_growth_pct
    assert found["years"][-1] - found["years"][0] == scenario.years
    rows = project(pack, scenario)  # what python -m lib project prints
    rows["short"] = rows["gap_hours"].clip(lower=0)
    sums = rows.groupby("year")[["demand_hours", "capacity_hours", "short", "cost"]].sum()
    last, extra = sums.iloc[-1], sums["cost"].iloc[-1] - sums["cost"].iloc[0]
    coverage = last["capacity_hours"] / last["demand_hours"]
    assert [tile["value"] for tile in found["tiles"]] == [
        for_people.hours(last["demand_hours"]),
        "just under 1.00" if 0.995 <= coverage < 1 else f"{coverage:.2f}",
        for_people.hours(last["short"]),
        f"{'+' if extra >= 0 else '-'}{for_people.pounds(abs(extra))}",
    ]
    codes = found["districts"]["codes"]
    net = rows.groupby(["year", "district_code"])[["demand_hours", "capacity_hours"]].sum()
    ratio = net["capacity_hours"] / net["demand_hours"]
    first, end = found["years"][0], found["years"][-1]
    newly = {code for code in codes if ratio[end, code] < 1 - 1e-9 and ratio[first, code] >= 1 - 1e-9}
    names = pack.district_names()
    assert set(found["newly_short"]["names"][-1]) == {names[code] for code in newly}


def test_every_list_of_years_and_districts_is_whole(pack: Pack) -> None:
    _, found = step(asked(pack, changes={NEED: 3.0}, tab="costs", range=True))
    years, districts = len(found["years"]), len(found["districts"]["codes"])
    shown = found["map"]
    for name in ("titles", "statuses", "classes", "shown", "lines", "changed"):
        assert len(shown[name]) == years, name
    assert {len(of_year) for name in ("classes", "shown", "lines") for of_year in shown[name]} == {districts}
    assert [len(found["newly_short"][name]) for name in ("heads", "names")] == [years, years]
    assert list(found["charts"]) == ["lines", "costs"]
    assert {chart["definition"] for chart in found["charts"].values()} == set(found["definitions"])


def test_what_the_browser_has_is_not_sent_again(pack: Pack) -> None:
    _, first = step(asked(pack, tab="drivers"))
    _, again = step(asked(pack, tab="drivers", known=list(first["definitions"]), changes={NEED: 2.0}))
    assert list(first["charts"]) == ["lines", "drivers", "effects"]
    assert again["definitions"] == {}, "no step changes a definition"
    _, rested = step(asked(pack, tab="drivers", known=list(first["definitions"]), changes={NEED: 2.0}, range=True))
    assert rested["definitions"] == {}, "nor does the range that follows"


@pytest.mark.parametrize("tab", ["drivers", "costs", "districts"])
def test_a_step_is_small(pack: Pack, tab: str) -> None:
    _, first = step(asked(pack, tab=tab))
    body = asked(pack, tab=tab, known=list(first["definitions"]), changes={NEED: 2.0})
    _, _, sent = send("/live/step", json.dumps(body).encode(), SAME)
    assert len(gzip.compress(sent)) <= 10 * 1024, "as the server sends it"
    assert len(sent) <= 40 * 1024


def test_a_changed_scenario_is_not_the_ready_made_one(pack: Pack) -> None:
    plain = default_scenario(pack, HOME)
    _, found = step(asked(pack, changes={NEED: 2.0}))
    assert (found["name"], found["started_from"]) == (f"{plain.name}, changed", plain.name)
    _, back = step({**asked(pack), "scenario": found["scenario"], "changes": {NEED: plain.demand.need_growth_pct}})
    assert back["name"] == plain.name
    assert back["scenario"] == plain.document()


def test_undo_sends_the_whole_scenario_and_gets_it_back(pack: Pack) -> None:
    moved = with_levers(pack, default_scenario(pack, HOME), {"name": "Winter plan", NEED: 3.0, "rationale": "Cold"})
    _, found = step({**asked(pack), "scenario": moved.document(), "named": moved.document()})
    assert found["scenario"] == moved.document()
    assert found["started_from"] == "Winter plan"


def test_years_beyond_the_population_projection_are_cut(pack: Pack) -> None:
    _, long = step(asked(pack, changes={"years": 15, "demand.demographic": False}))
    assert len(long["years"]) == 16
    _, found = step({**asked(pack), "scenario": long["scenario"], "changes": {"demand.demographic": True}})
    assert found["levers"]["years"] == len(found["years"]) - 1 <= 15


REFUSED: dict[str, tuple[Any, str]] = {
    "a list": ([], "the request: found a list, expected an object"),
    "no scenario": ({"service": HOME, "pack": ""}, "the request, scenario: found nothing, expected the document"),
    "text for a scenario": ({"scenario": "plan"}, "the request, scenario: found the text"),
    "a list of changes": ({"changes": [1]}, "the request, changes: found a list"),
    "too many changes": ({"changes": {str(n): 1 for n in range(101)}}, "at most 100 levers"),
    "another measure": ({"measure": "profit"}, "the request, measure: found the text \"profit\", expected one of"),
    "another tab": ({"tab": "x"}, "the request, tab: found the text"),
    "an area that is none": ({"area": "E07999999"}, "the request, area: found the area \"E07999999\""),
    "yes for true": ({"range": "yes"}, "the request, range: found the text \"yes\", expected true or false"),
    "an unknown lever": ({"changes": {"demand.mood": 1}}, "demand.mood: found a field that is not known"),
    "an unknown part": ({"changes": {"a.b.c": 1}}, "found a field that is not known"),
    "beyond the limits": ({"changes": {NEED: 99}}, f"{NEED}: found 99, expected a number from -20 to 20"),
    "text for a number": ({"changes": {NEED: "two"}}, f"{NEED}: found the text \"two\", expected a number"),
    "a draw too many": ({"changes": {"range.draws": 20_001}}, "range.draws: found 20001, expected a whole number"),
    "year 200": ({"changes": {"years": 200}}, "years: found 200, expected a whole number from 1 to 15"),
    "another service": ({"service": BREAKS}, "service: found the text \"domiciliary_care\""),
    "vacancies": ({"changes": {"supply.vacancy_change_pts": -60}}, "keeps the vacancy rate, 15% today"),
    "a provider that is none": ({"changes": {"supply.provider_exits": ["nobody"]}}, "found the provider \"nobody\""),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_shown_is_one_sentence(pack: Pack, what: str) -> None:
    values, expected = REFUSED[what]
    whole = {**asked(pack), **values} if isinstance(values, dict) and "pack" not in values else values
    status, problem = refused(whole)
    assert status == 400
    assert expected in problem


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"service": NaN}', b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 50_000], ids=str
)
def test_bytes_that_are_no_request_are_one_sentence(pack: Pack, body: bytes) -> None:
    status, _, answer = send("/live/step", body, SAME)
    assert status == 400
    assert json.loads(answer)["problem"].startswith("the request")
    assert b"Traceback" not in answer


def test_a_request_that_is_too_large_is_refused(pack: Pack) -> None:
    values = asked(pack)
    values["scenario"]["rationale"] = "x" * LARGEST
    assert refused(values)[0] == 413


def test_another_pack_is_said_and_nothing_is_shown_of_it(pack: Pack) -> None:
    assert refused({**asked(pack), "pack": "0" * 64})[0] == 409


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://care.example"}, 403),
        ({"origin": "http://care.example"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://council.example", "x-forwarded-host": "council.example"}, 200),
        ({}, 200),  # no browser: a script of the council's own
    ],
)
def test_a_page_of_another_site_gets_nothing(pack: Pack, heads: dict[str, str], status: int) -> None:
    found, answer = step(asked(pack), heads)
    assert found == status
    assert ("tiles" in answer) == (status == 200)


def test_who_may_not_read_gets_nothing(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "may_read", lambda request: False)
    assert refused(asked(pack)) == (403, "You may not read this dashboard: ask whoever looks after it.")
    assert send("/live/vega.js", method="GET")[0] == 403


def test_too_many_at_once_are_asked_to_try_again(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "MOST_WAITING", -route.AT_ONCE)
    assert refused(asked(pack))[0] == 429
    monkeypatch.undo()
    assert step(asked(pack))[0] == 200


def test_what_fails_is_a_reference_for_the_log(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(body: bytes) -> bytes:
        raise KeyError("secret of the inside")

    monkeypatch.setattr(route, "drawn", fail)
    status, answer = step(asked(pack))
    assert status == 500
    reference = re.search(r"reference ([0-9A-F]{6}),", answer["problem"])
    assert reference and reference[1] in caplog.text
    assert "secret" not in answer["problem"]


def test_routes_stand_under_the_apps_own_path_alone(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(asked(pack)).encode()
    assert send("/care/live/step", body, SAME)[0] == 404
    told = config.get_option
    options = {"server.baseUrlPath": "/care/"}
    monkeypatch.setattr(config, "get_option", lambda name: options.get(name) or told(name))
    assert send("/care/live/step", body, SAME)[0] == 200
    assert send("/live/step", body, SAME)[0] == 404
    assert send("/other/care/live/step", body, SAME)[0] == 404
    assert route.address_of("live/step") == "/care/live/step"


@pytest.mark.parametrize(
    ("name", "first"), [("live/vega.js", b"vl-convert"), ("live/parts.js", b"export default function")]
)
def test_a_script_is_kept_for_ever_under_its_own_name(name: str, first: bytes, pack: Pack) -> None:
    address, query = route.script_address(name).split("?")
    assert address == f"/{name}"
    status, heads, body = send(address, method="GET", query=query)
    assert (status, heads["content-type"].split(";")[0]) == (200, "text/javascript")
    assert heads["cache-control"] == "public, max-age=31536000, immutable"
    assert first in body
    _, other, _ = send(address, method="GET", query="an-older-one")
    assert other["cache-control"] == "no-cache"


def test_nothing_but_the_right_question_is_answered(pack: Pack) -> None:
    assert send("/live/step", method="GET")[0] == 405
    assert send("/live/vega.js", b"")[0] == 405
    assert send("/live/else", b"")[0] == 404


def test_the_pack_of_a_request_is_the_one_of_the_pages(pack: Pack) -> None:
    assert pack.key == load_pack(ROOT / "data").key


# A look at a market.


def market_asked(pack: Pack, service: str = HOME, **more: Any) -> dict[str, Any]:
    """A request of a market page."""
    return {"service": service, "pack": pack.key, "types": [], "cohorts": [], "group_by": "district", "area": None,
            "indicator": "coverage", "dark": False, "known": [], **more}  # fmt: skip


def look(values: Any, heads: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """A look's status and answer."""
    status, told, body = send("/live/market", json.dumps(values).encode(), SAME if heads is None else heads)
    assert (told["content-type"], told["cache-control"]) == ("application/json", "no-store")
    return status, json.loads(body)


def test_a_look_at_a_market_has_the_figures_of_the_profile(pack: Pack) -> None:
    for service, indicator in ((HOME, "spot_share"), (BREAKS, "rural_share")):
        status, found = look(market_asked(pack, service, indicator=indicator, area="E07000074"))
        assert status == 200
        assert found["chosen"] == {"indicator": indicator, "area": "E07000074"}
        rows = profile(pack, select(pack, service)).set_index("area_code")[indicator]
        bars = found["charts"]["bars"]["rows"]
        assert {row["area_code"]: row.get("value") for row in bars} == pytest.approx(
            {code: value if value == value else None for code, value in rows.items()}, rel=1e-3, abs=1e-4
        )


def test_what_the_browser_has_of_a_market_is_not_sent_again(pack: Pack) -> None:
    _, first = look(market_asked(pack, indicator="spot_share"))
    _, again = look(market_asked(pack, indicator="rural_share", known=list(first["definitions"])))
    assert (len(first["definitions"]), again["definitions"]) == (1, {})


MARKET_REFUSED: dict[str, tuple[Any, str]] = {
    "a list": ([], "the request: found a list, expected an object"),
    "no indicator": ({"service": HOME, "pack": ""}, "the request, indicator: found nothing, expected the code of an"),
    "another indicator": ({"indicator": "mood"}, 'indicator of a map: found "mood", expected one of coverage, '),
    "one that no map has": ({"indicator": "people"}, 'indicator of a map: found "people", expected one of'),
    "another service": ({"service": "meals"}, "meals"),
    "a type of another service": ({"types": ["overnight"], "service": HOME}, "overnight"),
    "another grouping": ({"group_by": "ward"}, "ward"),
    "an area of another grouping": ({"area": "Mid"}, 'area by district: found "Mid", expected one of E07000066, '),
    "text for types": ({"types": "night_awake"}, "the request, types: found the text"),
    "too many types": ({"types": ["x"] * 201}, "the request, types: found a list, expected a list of at most 200"),
    "yes for true": ({"dark": "yes"}, "the request, dark: found the text \"yes\", expected true or false"),
}  # fmt: skip


@pytest.mark.parametrize("what", MARKET_REFUSED)
def test_a_market_that_cannot_be_shown_is_one_sentence(pack: Pack, what: str) -> None:
    values, expected = MARKET_REFUSED[what]
    whole = market_asked(pack, **values) if isinstance(values, dict) and "pack" not in values else values
    status, answer = look(whole)
    assert (status, list(answer)) == (400, ["problem"])
    assert expected in answer["problem"]


def test_a_market_is_guarded_as_a_step_is(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(market_asked(pack), {"sec-fetch-site": "cross-site"})[0] == 403
    assert look({**market_asked(pack), "pack": "0" * 64})[0] == 409
    assert look(market_asked(pack, rest="x" * LARGEST))[0] == 413
    assert send("/live/market", method="GET")[0] == 405
    assert send("/care/live/market", json.dumps(market_asked(pack)).encode(), SAME)[0] == 404
    monkeypatch.setattr(route, "MOST_WAITING", -route.AT_ONCE)
    assert look(market_asked(pack))[0] == 429
    monkeypatch.undo()
    monkeypatch.setattr(route, "may_read", lambda request: False)
    assert look(market_asked(pack))[0] == 403
