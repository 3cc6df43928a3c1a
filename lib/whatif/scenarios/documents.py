"""Scenarios as documents: read, check against a pack, and say in one sentence what is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from lib.pack import strict_json
from lib.pack.faults import Fault, quoted
from lib.pack.load import Pack
from lib.pack.manifest import MANIFEST, LeverDefault
from lib.pack.needed_rows import first_gap
from lib.whatif.ageing import years_allowed
from lib.whatif.baseline import kept_baseline
from lib.whatif.cohorts import lots_of_ages, service_of_ages, turns_18
from lib.whatif.flows import most_turning_18
from lib.whatif.project import without_flows
from lib.whatif.scenarios.levers import Lever
from lib.whatif.scenarios.scenario import (
    AGEING,
    EXITS,
    LEVERS,
    NAME_LENGTH,
    OWN_GROWTH,
    RATIONALE_LENGTH,
    SECTIONS,
    TURNING_18,
    YEARS,
    Scenario,
    lever_values,
    moved,
)

LARGEST = 1_000_000  # bytes; a scenario with every district and provider named is some 10,000
DOCUMENT = "scenario"

# What a service lacks that cannot have a lever, by what the lever needs.
LACKS = {
    "framework": "framework",
    "working_age": "working age adults",
    "older": "older people",
    "turning_18": "children who could leave it, or join it, at 18",
}
TEXT_EXPECTED = {
    "name": f"text of 1 to {NAME_LENGTH} characters",
    "rationale": f"text of at most {RATIONALE_LENGTH:,} characters",
    "pack_name": "the name of a data pack",
    "base_year": "a year",
}


class ScenarioError(ValueError):
    """A scenario that cannot be used, said in one sentence: where, what was found, what was expected."""

    def __init__(self, place: str, found: str, expected: str, source: str = DOCUMENT) -> None:
        """Keep the fault; `place` is the field of the document, `source` the file."""
        self.fault = Fault(source, None, place, found, expected)
        self.place = place
        where = f"{source}, {place}" if place else source
        super().__init__(f"{where}: found {found}, expected {expected}")


def read_scenario(source: str | bytes | Path, pack: Pack, name: str = "", any_years: bool = False) -> Scenario:
    """Read a scenario from its text, its bytes or its file, with the pack's defaults for the levers it leaves out.

    `name` stands for the document in messages; a file's own name by default. ScenarioError says the first thing wrong.
    any_years: whether it may run beyond the population projection, for `shortened` to cut.
    """
    label = name or (source.name if isinstance(source, Path) else DOCUMENT)
    try:
        return scenario_from(parsed(contents(source)), pack, any_years)
    except ScenarioError as error:
        raise ScenarioError(error.place, error.fault.found, error.fault.expected, label) from error


def contents(source: str | bytes | Path) -> str:
    """The text of a document, refused before it is read whole where it is too large."""
    data = source
    if isinstance(data, Path):
        try:
            with data.open("rb") as handle:
                data = handle.read(LARGEST + 1)
        except OSError as error:
            raise ScenarioError("", f"a file that cannot be read ({error.strerror})", "a scenario in JSON") from error
    if len(data) > LARGEST or (isinstance(data, str) and len(data.encode("utf-8", "replace")) > LARGEST):
        raise ScenarioError("", "a document of more than 1 MB", "a scenario, which is far smaller")
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError("", f"bytes that are not text ({error.reason})", "JSON in UTF-8") from error


def parsed(text: str) -> Any:
    """The values of a JSON text, without what JSON leaves open: no NaN, no field twice, no endless nesting."""
    try:
        document, flaws = strict_json.parsed(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ScenarioError(place, f"text that is not JSON ({error.msg})", "a JSON document") from error
    except RecursionError as error:
        raise ScenarioError("", "lists or objects nested too deep", "a JSON document") from error
    for flaw in flaws:
        place = shown(".".join(map(str, flaw.steps))) if flaw.steps else ""
        raise ScenarioError(place, flaw.found, flaw.expected)
    return document


def scenario_from(document: Any, pack: Pack, any_years: bool = False) -> Scenario:
    """A scenario from the values of its document, checked; levers that it leaves out stand at the pack's defaults.

    any_years: as for `read_scenario`.
    """
    if not isinstance(document, dict):
        raise ScenarioError("", described(document), "an object with name, service and years")
    service = document.get("service")
    if "service" in document and (not isinstance(service, str) or service not in pack.manifest.services):
        raise ScenarioError("service", described(service), f"one of {', '.join(pack.manifest.services)}")
    defaults = checked_defaults(pack, str(service))[0] if "service" in document else {}
    levers = {lever_id: setting.default for lever_id, setting in defaults.items()}
    return checked(merged(document, levers), pack, any_years)


def checked(document: Mapping[str, Any], pack: Pack, any_years: bool = False) -> Scenario:
    """A scenario from the values of a whole document, checked by itself and against the pack."""
    try:
        scenario = Scenario.model_validate(document)
    except ValidationError as error:
        raise first_fault(dict(error.errors(include_url=False)[0])) from error
    check_against(pack, shortened(pack, scenario) if any_years else scenario)
    return scenario


def most_years(pack: Pack, scenario: Scenario) -> int:
    """How many years ahead a scenario may run: with ageing, as many as the population projection has."""
    longest = int(LEVERS[YEARS].high)
    return years_allowed(pack, scenario.service) if scenario.demand.demographic else longest


def shortened(pack: Pack, scenario: Scenario) -> Scenario:
    """A scenario with as many years as it may have; where it may have none, ageing must be put off, not years."""
    most = most_years(pack, scenario)
    return moved(scenario, {YEARS: most}) if 0 < most < scenario.years else scenario


@lru_cache(maxsize=32)
def checked_defaults(pack: Pack, service: str) -> tuple[Mapping[str, LeverDefault], tuple[Fault, ...]]:
    """The levers that the pack's manifest sets for a service, by id, and what is wrong with those that it cannot set.

    A lever that is not known, or beyond its limits, is left out: it stands where it moves nothing. Ageing without a
    population projection is wrong but stays: nobody is given a projection without ageing who did not ask for it.
    """
    used: dict[str, LeverDefault] = {}
    faults = []
    for lever_id, setting in pack.service(service).levers.items():
        place = f"services.{service}.levers.{shown(lever_id)}"
        if lever_id not in LEVERS:
            faults.append(Fault(MANIFEST, None, place, "a lever that is not known", f"one of {', '.join(LEVERS)}"))
            continue
        tried = used | {lever_id: setting}
        values = {"years": 1, **{one: lever.default for one, lever in tried.items()}}
        if lever_id != AGEING:
            values[AGEING] = False
        try:
            checked(merged({"name": service, "service": service}, values), pack)
        except ScenarioError as error:
            found = error.fault.found
            if not error.place.startswith(lever_id):  # right by itself, but not beside the others
                found = f"{described(setting.default)}, where {error.place} is {found}"
            faults.append(Fault(MANIFEST, None, f"{place}.default", found, error.fault.expected))
            if setting.default is not True or lever_id != AGEING:
                continue
        used = tried
    return MappingProxyType(used), tuple(faults)


def merged(document: Mapping[str, Any], levers: Mapping[str, Any]) -> dict[str, Any]:
    """The document with levers set where it says nothing; a part that is no object is left for the check to refuse."""
    whole = {name: dict(part) if isinstance(part, Mapping) else part for name, part in document.items()}
    for lever_id, value in levers.items():
        section, _, name = lever_id.rpartition(".")
        part = whole.setdefault(section, {}) if section else whole
        if isinstance(part, dict):
            part.setdefault(name, value)
    return whole


def with_levers(pack: Pack, scenario: Scenario, levers: Mapping[str, Any], any_years: bool = False) -> Scenario:
    """The scenario with levers (or name, rationale, years) set, checked again; ScenarioError as for a document."""
    document = scenario.document()
    for lever_id, value in levers.items():
        section, _, name = lever_id.rpartition(".")
        part = document.setdefault(section, {}) if section else document
        part[name] = value
    return scenario_from(document, pack, any_years)


def check_against(pack: Pack, scenario: Scenario) -> None:
    """Refuse what only the pack can show: unknown districts and providers, years without population, no framework."""
    demand, supply = scenario.demand, scenario.supply
    known = pack.district_names()
    for code in demand.district_need_growth_pct:
        if code not in known:
            expected = f"one of {', '.join(known)}"
            raise ScenarioError(OWN_GROWTH, f"the district {quoted(code)}", expected)
    for lever_id, value in lever_values(scenario).items():
        lever = LEVERS[lever_id]
        if value != lever.neutral and not can_have(pack, scenario.service, lever):
            label = pack.service(scenario.service).label
            expected = f"{described(lever.neutral)}, as {label} has no {LACKS[lever.needs]}"
            raise ScenarioError(lever_id, described(value), expected)
    if supply.provider_exits:
        capacity = pack.table("capacity")
        serving = set(capacity.loc[capacity["service"] == scenario.service, "provider_id"])
        for provider in supply.provider_exits:
            if provider not in serving:
                found = f"the provider {quoted(provider)}"
                raise ScenarioError(EXITS, found, f"a provider_id that serves {scenario.service}")
    if demand.demographic:
        reach, gap = years_allowed(pack, scenario.service), first_gap(pack, scenario.service)
        base = pack.service(scenario.service).base_year
        if reach < 1:
            expected = f"false, as the pack has no population projection from {base} for this service: {gap}"
            raise ScenarioError(AGEING, "true", expected)
        if scenario.years > reach:
            expected = f"at most {reach} with ageing on, as the population projection ends in {base + reach}: {gap}"
            raise ScenarioError(YEARS, str(scenario.years), expected)
    refuse_too_many(pack, scenario)


def refuse_too_many(pack: Pack, scenario: Scenario) -> None:
    """Refuse more children who turn 18 than a district of the children's service has in some year."""
    if not scenario.demand.turning_18_per_year:
        return
    found = f"{scenario.demand.turning_18_per_year:g}"
    of_children = kept_baseline(pack, service_of_ages(pack, "children"))
    if not of_children.people[:, list(of_children.children_lots)].any():
        raise ScenarioError(TURNING_18, found, "0, as no children are supported today")
    baseline = kept_baseline(pack, scenario.service)
    if not baseline.children_lots:
        return
    most, year, district = most_turning_18(baseline, without_flows(baseline, scenario).people)
    if scenario.demand.turning_18_per_year <= most * (1 + 1e-9):
        return
    name, label = baseline.district_names[district], pack.service(scenario.service).people
    when = baseline.base_year + year
    expected = f"at most {math.floor(100 * most + 1e-6) / 100:g}, as {name} would have fewer than 0 {label} in {when}"
    raise ScenarioError(TURNING_18, found, expected)


def can_have(pack: Pack, service: str, lever: Lever) -> bool:
    """Whether a service has what a lever needs; a framework, at least for a part of its lots."""
    if lever.needs == "":
        return True
    if lever.needs == "framework":
        return bool(pack.lots_of(service)["framework"].fillna("").ne("").any())
    if lever.needs == "turning_18":
        return turns_18(pack, service)
    return bool(lots_of_ages(pack, service, lever.needs))


def first_fault(problem: dict[str, Any]) -> ScenarioError:
    """One of pydantic's errors as a sentence of our own."""
    parts = [str(part) for part in problem["loc"]]
    place = shown(".".join(parts))
    kind = str(problem["type"])
    if kind == "missing":
        return ScenarioError(place, "nothing", f"{expectation(parts)}: it is required")
    if kind == "extra_forbidden":
        section = parts[0] if len(parts) > 1 else ""
        model = Scenario.model_fields[section].annotation if section else Scenario
        names = ", ".join(getattr(model, "model_fields", {}))
        return ScenarioError(place, "a field that is not known", f"one of {names}")
    own = str(problem["msg"]).removeprefix("Value error, ") if kind == "value_error" else ""
    return ScenarioError(place, described(problem["input"]), own or expectation(parts))


def expectation(parts: list[str]) -> str:
    """What must stand at a place of the document, in words."""
    lever = LEVERS.get(".".join(parts[:2]))
    if lever is None:
        return TEXT_EXPECTED.get(parts[0], "an object" if parts[0] in SECTIONS else "a service of the pack")
    if len(parts) < 3:
        return lever.expected
    return f"a number from {lever.low:g} to {lever.high:g}" if lever.kind == "by_district" else "a provider_id"


def described(value: Any) -> str:
    """A value of a document in words, cut short; what stands inside a list or an object is not spelled out."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f"the text {quoted(value)}" if value else "an empty text"
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, float):
        return f"{value:.15g}"
    # A whole number from a document has at most some thousands of digits; nobody needs to see them all.
    digits = str(value)
    return digits if len(digits) <= 20 else f"{digits[:12]}… ({len(digits)} digits)"


def shown(place: str) -> str:
    """A place in the document, safe for a sentence of one line."""
    return quoted(place, 80)[1:-1] if place else "an empty name"
