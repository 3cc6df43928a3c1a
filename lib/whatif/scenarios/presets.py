"""Ready-made scenarios of a pack, and what a reader should know of a scenario: differences, warnings, assumptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from lib.market.wording import counted
from lib.pack.faults import Fault, quoted
from lib.pack.load import Pack
from lib.pack.manifest import MANIFEST, Preset
from lib.whatif.scenarios.documents import ScenarioError, checked_defaults, merged, scenario_from, shortened, shown
from lib.whatif.scenarios.levers import Lever, LeverValue, show_value
from lib.whatif.scenarios.pace import recent_pace
from lib.whatif.scenarios.scenario import AGEING, LEVERS, NAME_LENGTH, YEARS, Scenario, lever_values

DEFAULT_YEARS = 5
IN_SCENARIO = "Set in this scenario"
NO_REASON = "no reason given"
CHANGED = ", changed"
NOTHING_MOVES = "Nothing is assumed: the lever stands where it moves nothing"
ASSUMPTION_COLUMNS = ["lever", "label", "value", "default", "unit", "source", "status", "set_by", "why"]
DIFFERENCE_COLUMNS = ["lever", "label", "unit", "first", "second"]


def default_scenario(pack: Pack, service: str, years: int = DEFAULT_YEARS) -> Scenario:
    """The scenario that a service starts from: the pack's defaults, named after the preset that moves nothing."""
    plain = next((preset for preset in presets(pack, service) if not preset.overrides), None)
    name, rationale = (plain.name, plain.rationale) if plain else (pack.service(service).label, "")
    document = {"name": name, "service": service, "years": years, "rationale": rationale}
    return within_projection(pack, document)


def within_projection(pack: Pack, document: dict[str, Any]) -> Scenario:
    """A document as a scenario, with fewer years where it has ageing and the population projection ends before them.

    Where there is no projection at all, ageing by the pack's default is left out: `lever_faults` says so.
    """
    try:
        return shortened(pack, scenario_from(document, pack, any_years=True))
    except ScenarioError as error:
        if error.place == AGEING and "demographic" not in document.get("demand", {}):
            return scenario_from(merged(document, {AGEING: False}), pack)
        raise


def presets(pack: Pack, service: str) -> tuple[Preset, ...]:
    """The presets of a service that can be used: name, rationale, overrides (lever id to value)."""
    return checked_presets(pack, service)[0]


@lru_cache(maxsize=32)
def checked_presets(pack: Pack, service: str) -> tuple[tuple[Preset, ...], tuple[Fault, ...]]:
    """The presets of a service that are scenarios, the recent pace last, and what is wrong with the others."""
    used, faults = [], []
    for number, preset in enumerate(pack.service(service).presets):
        place, inside = f"services.{service}.presets.{number}", f"in the preset {quoted(preset.name)}"
        unknown = [lever_id for lever_id in preset.overrides if lever_id not in LEVERS]
        for lever_id in unknown:
            found, expected = f"a lever that is not known, {inside}", f"one of {', '.join(LEVERS)}"
            faults.append(Fault(MANIFEST, None, f"{place}.overrides.{shown(lever_id)}", found, expected))
        if unknown:
            continue
        try:
            within_projection(pack, preset_document(service, preset, 1))
        except ScenarioError as error:
            part = "" if error.place in ("name", "rationale") else "overrides."
            found = f"{error.fault.found}, {inside}"
            faults.append(Fault(MANIFEST, None, f"{place}.{part}{error.place}", found, error.fault.expected))
        else:
            used.append(preset)
    pace = recent_pace(pack, service)
    if pace is not None and pace.name not in [preset.name for preset in used]:
        used.append(pace)
    return tuple(used), tuple(faults)


def lever_faults(pack: Pack) -> list[Fault]:
    """What is wrong with the levers that the pack's manifest sets, as defaults and in presets: these are not used."""
    return [
        fault
        for service in pack.manifest.services
        for fault in (*checked_defaults(pack, service)[1], *checked_presets(pack, service)[1])
    ]


@dataclass(frozen=True)
class Default:
    """Where a lever stands unless a scenario moves it: the value, its status (published, context, assumption), why."""

    value: LeverValue
    status: str
    source: str


def default_of(pack: Pack, service: str, lever: Lever) -> Default:
    """The default that the pack gives for a lever of a service; where it gives none, the one that moves nothing."""
    setting = checked_defaults(pack, service)[0].get(lever.id)
    if setting is None:
        return Default(lever.neutral, "assumption", "")
    return Default(setting.default, setting.status, setting.source)


def preset_document(service: str, preset: Preset, years: int) -> dict[str, Any]:
    """A preset as the document of a scenario: what it says nothing of stands at the pack's defaults."""
    cited = f"{preset.rationale} {preset.status.capitalize()}: {preset.source}." if preset.source else preset.rationale
    words = {"name": preset.name, "rationale": cited.strip().replace("..", ".")}
    return merged({"service": service}, {"years": years, **words, **preset.overrides})


def preset_scenario(pack: Pack, service: str, name: str, years: int = DEFAULT_YEARS) -> Scenario:
    """A preset as a scenario; KeyError where the service has none of that name."""
    for preset in presets(pack, service):
        if preset.name == name:
            return within_projection(pack, preset_document(service, preset, years))
    raise KeyError(name)


def changed_name(name: str) -> str:
    """The name of a scenario that is no longer what it was called: "Ageing only, changed"; never said twice.

    Not twice either where a store gave the name a number: "Ageing only, changed (2)".
    """
    return name if re.search(rf"{CHANGED}( \(\d+\))?$", name) else f"{name[: NAME_LENGTH - len(CHANGED)]}{CHANGED}"


def same_but_years(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios move every lever alike; a ready-made one runs over any number of years."""
    first, second = ({**lever_values(scenario), YEARS: 0} for scenario in (one, other))
    return first == second


def truly_named(pack: Pack, scenario: Scenario, named: Scenario | None = None) -> Scenario:
    """A scenario under the name that its levers bear out, and without reasons that are not its own.

    The name is that of a ready-made scenario, or of `named`: the scenario as its reader named it, saved it or opened
    it. Where the levers differ from that one's, the name says so, and a ready-made one's reasons are left out; where
    they are the same again, both are back.
    """
    origin = origin_of(pack, scenario, named)
    if origin is None:
        return scenario
    is_ready = origin is not named
    if same_but_years(scenario, origin):
        back = is_ready and scenario.name != origin.name and not scenario.rationale
        words = {"name": origin.name, "rationale": origin.rationale if back else scenario.rationale}
    else:
        borrowed = is_ready and scenario.rationale == origin.rationale
        words = {"name": changed_name(origin.name), "rationale": "" if borrowed else scenario.rationale}
    return scenario.model_copy(update=words)


def origin_of(pack: Pack, scenario: Scenario, named: Scenario | None = None) -> Scenario | None:
    """What a scenario was started from, by its name: a ready-made one, over one year, else `named`; None for neither.

    named: the scenario as its reader named it, saved it or opened it.
    """
    own = [] if named is None or named.service != scenario.service else [named]
    for origin in (*ready_made(pack, scenario.service), *own):
        if scenario.name in (origin.name, changed_name(origin.name)):
            return origin
    return None


@lru_cache(maxsize=16)
def ready_made(pack: Pack, service: str) -> tuple[Scenario, ...]:
    """The scenarios that the pack itself states for a service, over one year: the levers are the same over more."""
    named = [preset_scenario(pack, service, preset.name, 1) for preset in presets(pack, service)]
    return (default_scenario(pack, service, 1), *named)


def warnings_of(scenario: Scenario, pack: Pack) -> list[str]:
    """What a reader must know before comparing: another pack, another base year, fewer years. One sentence each."""
    warnings = []
    most = shortened(pack, scenario).years
    if most < scenario.years:
        warnings.append(f"This scenario runs {scenario.years} years ahead: only {counted(most, 'year')} can be shown.")
    if scenario.pack_name not in (None, pack.manifest.name):
        warnings.append(
            f"This scenario was saved with another data pack, {scenario.pack_name}: "
            f"the figures below are those of {pack.manifest.name}."
        )
    today = pack.service(scenario.service).base_year
    if scenario.base_year not in (None, today):
        warnings.append(
            f"This scenario was saved when year 0 was {scenario.base_year}: it now starts from {today}, "
            "so its years have moved."
        )
    return warnings


def flattened(scenario: Scenario, districts: Mapping[str, str]) -> dict[str, tuple[Lever, str, LeverValue]]:
    """Every lever's value by a key, with a label; a district's own growth is a lever of its own."""
    values: dict[str, tuple[Lever, str, LeverValue]] = {}
    for lever_id, value in lever_values(scenario).items():
        lever = LEVERS[lever_id]
        if isinstance(value, dict):
            for code, growth in value.items():
                label = f"Need growth in {districts.get(code, code)}"
                values[f"{lever_id}.{code}"] = (lever, label, growth)
        else:
            values[lever_id] = (lever, lever.label, value)
    return values


def differences(first: Scenario, second: Scenario, pack: Pack | None = None) -> pd.DataFrame:
    """The levers that two scenarios set differently, one row each.

    Columns: lever (id; a district's own growth is demand.district_need_growth_pct.CODE), label (with the district's
    name where a pack is given), unit, first, second (values as people read them; "as the county" where a district has
    no growth of its own).
    """
    names = pack.district_names() if pack else {}
    one, two = flattened(first, names), flattened(second, names)
    rows = []
    if first.service != second.service:
        services = {"first": first.service, "second": second.service}
        rows.append({"lever": "service", "label": "Service", "unit": "", **services})
    order = {lever_id: place for place, lever_id in enumerate(LEVERS)}
    both = {**one, **two}
    for key in sorted(both, key=lambda name: (order[both[name][0].id], name)):
        lever, label, _ = both[key]
        values = [show_value(lever, side[key][2]) if key in side else "as the county" for side in (one, two)]
        if key not in one or key not in two or one[key][2] != two[key][2]:
            rows.append({"lever": key, "label": label, "unit": lever.unit, "first": values[0], "second": values[1]})
    return pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)


def assumptions_log(pack: Pack, scenario: Scenario) -> pd.DataFrame:
    """Every lever of a scenario and where its value comes from, one row a lever.

    Columns: lever, label, value, default (both as people read them), unit, source, status (published, context or
    assumption), set_by ("scenario" where the value is not the pack's default, else "default"), why (for the
    levers that the scenario moves its rationale, or that it gives none, else what the lever means). A moved lever is
    an assumption, whatever its default was.
    """
    rows = []
    for lever_id, value in lever_values(scenario).items():
        lever = LEVERS[lever_id]
        default = default_of(pack, scenario.service, lever)
        kept = value == default.value
        chosen = lever_id == "years" or not kept
        rows.append(
            {
                "lever": lever_id,
                "label": lever.label,
                "value": show_value(lever, value),
                "default": show_value(lever, default.value),
                "unit": lever.unit,
                "source": IN_SCENARIO if chosen else default.source or NOTHING_MOVES,
                "status": "assumption" if chosen else default.status,
                "set_by": "scenario" if chosen else "default",
                "why": (scenario.rationale or NO_REASON) if chosen else lever.meaning,
            }
        )
    return pd.DataFrame(rows, columns=ASSUMPTION_COLUMNS)
