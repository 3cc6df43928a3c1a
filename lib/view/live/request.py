"""What the browser asks for while a lever moves, and the scenario that it means: checked as on every page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lib.charts.year_map import MEASURES
from lib.market.selection import COUNTY_CODE
from lib.pack.faults import quoted
from lib.pack.load import Pack
from lib.view.link.parameters import WHAT_IF_TABS
from lib.whatif.scenarios.documents import ScenarioError, contents, described, parsed, scenario_from, shortened
from lib.whatif.scenarios.presets import truly_named
from lib.whatif.scenarios.scenario import Scenario

SOURCE = "the request"
# Bytes. A scenario that names every district and provider is some 10,000; a page's has two.
LARGEST = 100_000
MOST_CHANGES, MOST_KNOWN = 100, 200

Document = dict[str, Any]
Text = Annotated[str, Field(max_length=200, strict=True)]
Request = TypeVar("Request", bound=BaseModel)


class StepRequest(BaseModel):
    """One step of a lever, as the route gets it and as the page gets it after a pause.

    service, pack: whose figures are asked for; pack is the key of the pack that the page shows. scenario: the document
    that stands on the page; named: the one that its reader named, opened or saved. changes: values by the levers' ids.
    area: a district's code, or that of the county. measure: what the map shows. tab: which is open, by its code.
    range: whether the county's range is asked for. dark: the theme. known: keys of the chart definitions that the
    browser has already.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: Text
    pack: Text
    scenario: Document
    named: Document | None = None
    changes: Annotated[Document, Field(max_length=MOST_CHANGES)] = {}
    area: Text = COUNTY_CODE
    measure: Text = next(iter(MEASURES))
    tab: Text = next(iter(WHAT_IF_TABS))
    range: Annotated[bool, Field(strict=True)] = True
    dark: Annotated[bool, Field(strict=True)] = False
    known: Annotated[tuple[Text, ...], Field(max_length=MOST_KNOWN)] = ()


EXPECTED: Mapping[str, str] = {
    "service": "the code of a service",
    "pack": "the key of the pack that is shown",
    "scenario": "the document of a scenario",
    "named": "the document of a scenario, or null",
    "changes": f"an object of at most {MOST_CHANGES} levers, each with its value",
    "area": "the code of an area",
    "measure": f"one of {', '.join(MEASURES)}",
    "tab": f"one of {', '.join(WHAT_IF_TABS)}",
    "range": "true or false",
    "dark": "true or false",
    "known": f"a list of at most {MOST_KNOWN} texts",
}


def values_of(body: bytes) -> object:
    """What the bytes of a request say; ScenarioError says why they are none."""
    try:
        return parsed(contents(body))
    except ScenarioError as error:
        raise ScenarioError(error.place, error.fault.found, error.fault.expected, SOURCE) from error


def read_request(body: bytes) -> StepRequest:
    """A request from its bytes; ScenarioError says the first thing that is wrong with it."""
    return request_of(values_of(body))


def checked(model: type[Request], values: object, expected: Mapping[str, str]) -> Request:
    """A request of a kind from its values; ScenarioError for what is none. expected: by field, in words."""
    if not isinstance(values, dict):
        raise ScenarioError("", described(values), "an object", SOURCE)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0])
        found = "nothing" if first["type"] == "missing" else described(first["input"])
        raise ScenarioError(field, found, expected[field], SOURCE) from error


def request_of(values: object) -> StepRequest:
    """A request from its values; ScenarioError for what is none."""
    asked = checked(StepRequest, values, EXPECTED)
    for field, known in (("measure", MEASURES), ("tab", WHAT_IF_TABS)):
        if getattr(asked, field) not in known:
            raise ScenarioError(field, described(getattr(asked, field)), EXPECTED[field], SOURCE)
    return asked


def moved_scenario(pack: Pack, asked: StepRequest) -> Scenario:
    """The scenario that a request means: its document with the changes, checked against the pack, truly named.

    ScenarioError says in one sentence what the limits refuse. Years beyond the population projection are cut, as
    everywhere.
    """
    scenario = moved(pack, asked.scenario, asked.changes, named_scenario(pack, asked))
    if scenario.service != asked.service:
        expected = f"{described(asked.service)}, of which the request is"
        raise ScenarioError("service", described(scenario.service), expected)
    if asked.area != COUNTY_CODE and asked.area not in pack.district_names():
        raise ScenarioError("area", f"the area {quoted(asked.area)}", "a district of the pack, or the county", SOURCE)
    return scenario


def moved(pack: Pack, document: Document, changes: Mapping[str, Any], named: Scenario | None) -> Scenario:
    """A document with some levers (or name, rationale, years) changed, as a scenario that may be shown.

    named: as its reader named it before; one that gets its name now is what that name stands for.
    """
    whole = {name: dict(part) if isinstance(part, dict) else part for name, part in document.items()}
    for lever_id, value in changes.items():
        section, _, name = lever_id.rpartition(".")
        part = whole.setdefault(section, {}) if section else whole
        if not isinstance(part, dict):
            raise ScenarioError(section, described(part), "an object")
        part[name] = value
    scenario = shortened(pack, scenario_from(whole, pack, any_years=True))
    return truly_named(pack, scenario, scenario if "name" in changes else named)


def named_scenario(pack: Pack, asked: StepRequest) -> Scenario | None:
    """The scenario as its reader named it, opened it or saved it, where they did."""
    if asked.named is None:
        return None
    return kept_scenario(pack, json.dumps(asked.named, sort_keys=True))


@lru_cache(maxsize=64)
def kept_scenario(pack: Pack, text: str) -> Scenario:
    """A document's scenario, kept: it is sent with every step and stays the same from one to the next."""
    return shortened(pack, scenario_from(json.loads(text), pack, any_years=True))
