"""The scenario's document: what is accepted, what is refused and in which words, and what travels with it."""

import dataclasses
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pack.load import Pack, load_pack
from lib.whatif.about import about_scenario
from lib.whatif.basis import projection_basis
from lib.whatif.scenarios.documents import LARGEST, ScenarioError, read_scenario, scenario_from, with_levers
from lib.whatif.scenarios.levers import show_value
from lib.whatif.scenarios.presets import (
    ASSUMPTION_COLUMNS,
    assumptions_log,
    changed_name,
    default_scenario,
    differences,
    preset_scenario,
    presets,
    truly_named,
    warnings_of,
)
from lib.whatif.scenarios.scenario import LEVERS, Scenario, lever_values, moved

PACK = Path(__file__).parents[2] / "data"
HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"
LEAST = {"name": "Least", "service": HOME_CARE, "years": 5}
EXAMPLE = """{"name": "Ageing plus two per cent", "service": "domiciliary_care", "years": 5, "rationale": "",
 "demand": {"demographic": true, "need_growth_pct": 2.0, "hours_per_person_growth_pct": 0.0,
            "direct_payment_shift_pct": 0.0, "reablement_reduction_pct": 0.0, "technology_reduction_pct": 0.0,
            "district_need_growth_pct": {"E07000074": 3.0}},
 "supply": {"capacity_growth_pct": 0.0, "vacancy_rate_pct": 15.0, "vacancy_change_pts": 0.0,
            "spot_conversion_pct": 0.0, "provider_exits": []},
 "price":  {"uplift_pct": 0.0},
 "target": {"coverage": 1.0, "contact_hours_per_worker": 25.0},
 "range":  {"need_growth_sd_pts": 1.0, "capacity_growth_sd_pts": 1.0, "draws": 2000, "seed": 1}}"""


# Property tests take these instead of fixtures, which a failing example would print in full.
@cache
def the_pack() -> Pack:
    return load_pack(PACK)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return the_pack()


def refusal(document: Any, pack: Pack) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(document if isinstance(document, str | bytes | Path) else json.dumps(document), pack)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 600
    return sentence


def with_part(path: str, value: object, **more: object) -> dict[str, Any]:
    """The least document with one field set, named by its place."""
    document: dict[str, Any] = {**LEAST, **more}
    section, _, name = path.rpartition(".")
    if section:
        document[section] = {name: value}
    else:
        document[name] = value
    return document


def test_the_example_reads(pack: Pack) -> None:
    scenario = read_scenario(EXAMPLE, pack)
    assert scenario.demand.need_growth_pct == 2.0
    assert scenario.demand.district_need_growth_pct == {"E07000074": 3.0}
    assert scenario.range.draws == 2000
    # A document of before is the same with the levers that it does not know, at the pack's defaults.
    written = json.loads(scenario.to_json())
    for part, fields in json.loads(EXAMPLE).items():
        assert (written[part] if not isinstance(fields, dict) else written[part] | fields) == (
            fields if not isinstance(fields, dict) else written[part]
        )


def test_what_is_left_out_stands_at_the_packs_defaults(pack: Pack) -> None:
    home = scenario_from(LEAST, pack)
    assert (home.demand.demographic, home.demand.need_growth_pct, home.supply.vacancy_rate_pct) == (True, 0.0, 15.0)
    breaks = scenario_from({**LEAST, "service": SHORT_BREAKS}, pack)
    assert (breaks.demand.demographic, breaks.demand.need_growth_pct) == (False, 10.0)
    part = scenario_from({**LEAST, "service": SHORT_BREAKS, "demand": {"demographic": True}}, pack)
    assert (part.demand.demographic, part.demand.need_growth_pct) == (True, 10.0)


def test_a_pack_that_names_no_defaults(pack: Pack) -> None:
    services = {
        code: one.model_copy(update={"levers": {}, "presets": ()}) for code, one in pack.manifest.services.items()
    }
    bare = dataclasses.replace(pack, manifest=pack.manifest.model_copy(update={"services": services}))
    scenario = default_scenario(bare, HOME_CARE)
    assert scenario.name == "Domiciliary care"
    assert (scenario.demand.demographic, scenario.demand.need_growth_pct) == (False, 0.0)
    assert set(assumptions_log(bare, scenario)["status"]) == {"assumption"}


def test_reads_text_bytes_and_files_alike(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.encode())
    assert read_scenario(path, pack) == read_scenario(EXAMPLE.encode(), pack) == read_scenario(EXAMPLE, pack)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"service": HOME_CARE, "years": 5},
         "scenario, name: found nothing, expected text of 1 to 80 characters: it is required"),
        ({"name": "A", "years": 5}, "scenario, service: found nothing, expected a service of the pack: it is required"),
        ({"name": "A", "service": HOME_CARE},
         "scenario, years: found nothing, expected a whole number from 1 to 15: it is required"),
        ({**LEAST, "service": "home_care"},
         'scenario, service: found the text "home_care", expected one of domiciliary_care, short_breaks'),
        ({**LEAST, "service": ["domiciliary_care"]},
         "scenario, service: found a list, expected one of domiciliary_care, short_breaks"),
        (with_part("demand.growth", 1),
         "scenario, demand.growth: found a field that is not known, expected one of demographic, need_growth_pct, "
         "hours_per_person_growth_pct, direct_payment_shift_pct, reablement_reduction_pct, technology_reduction_pct, "
         "district_need_growth_pct, prevalence_growth_pct, discharge_people_per_month, discharge_weeks, "
         "discharge_reablement_pct, discharge_hours, turning_18_per_year, turning_18_hours"),
        (with_part("colour", "blue"),
         "scenario, colour: found a field that is not known, expected one of name, service, years, rationale, demand, "
         "supply, price, target, range, pack_name, base_year"),
        (with_part("demand.need_growth_pct", "2"),
         'scenario, demand.need_growth_pct: found the text "2", expected a number from -20 to 20'),
        (with_part("demand.need_growth_pct", True),
         "scenario, demand.need_growth_pct: found true, expected a number from -20 to 20"),
        (with_part("demand.need_growth_pct", None),
         "scenario, demand.need_growth_pct: found null, expected a number from -20 to 20"),
        (with_part("demand.need_growth_pct", 1e9),
         "scenario, demand.need_growth_pct: found 1000000000, expected a number from -20 to 20"),
        (with_part("demand.need_growth_pct", 10**400),
         "scenario, demand.need_growth_pct: found 100000000000… (401 digits), expected a number from -20 to 20"),
        (with_part("demand.demographic", 1), "scenario, demand.demographic: found 1, expected true or false"),
        (with_part("demand", []), "scenario, demand: found a list, expected an object"),
        (with_part("demand.district_need_growth_pct", {"E07000999": 1}),
         'scenario, demand.district_need_growth_pct: found the district "E07000999", expected one of E07000066, '),
        (with_part("demand.district_need_growth_pct", {"E07000074": 21}),
         "scenario, demand.district_need_growth_pct.E07000074: found 21, expected a number from -20 to 20"),
        (with_part("demand.district_need_growth_pct", 3),
         "scenario, demand.district_need_growth_pct: found 3, expected an object of district codes, each with "
         "a number"),
        (with_part("years", 200), "scenario, years: found 200, expected a whole number from 1 to 15"),
        (with_part("years", 2.5), "scenario, years: found 2.5, expected a whole number from 1 to 15"),
        (with_part("years", "5"), 'scenario, years: found the text "5", expected a whole number from 1 to 15'),
        (with_part("years", True), "scenario, years: found true, expected a whole number from 1 to 15"),
        (with_part("supply", {"vacancy_rate_pct": 15, "vacancy_change_pts": 50}),
         "scenario, supply.vacancy_change_pts: found 50, expected a change that keeps the vacancy rate, 15% today, "
         "within 0% to 60%"),
        (with_part("supply", {"vacancy_rate_pct": 5, "vacancy_change_pts": -6}),
         "scenario, supply.vacancy_change_pts: found -6, expected a change that keeps the vacancy rate, 5% today, "
         "within 0% to 60%"),
        (with_part("supply.spot_conversion_pct", 10, service=SHORT_BREAKS),
         "scenario, supply.spot_conversion_pct: found 10, expected 0, as Children's short breaks has no framework"),
        (with_part("supply.provider_exits", ["P999"]),
         'scenario, supply.provider_exits: found the provider "P999", expected a provider_id that serves '
         "domiciliary_care"),
        (with_part("supply.provider_exits", ["P001", "P001"]),
         "scenario, supply.provider_exits: found a list, expected each provider once"),
        (with_part("supply.provider_exits", [1]), "scenario, supply.provider_exits.0: found 1, expected a provider_id"),
        (with_part("supply.provider_exits", "P001"),
         'scenario, supply.provider_exits: found the text "P001", expected a list of provider ids'),
        (with_part("range.draws", 10**7),
         "scenario, range.draws: found 10000000, expected a whole number from 100 to 20000"),
        (with_part("range.seed", 2**31),
         "scenario, range.seed: found 2147483648, expected a whole number from 0 to 2147483647"),
        (with_part("name", ""), "scenario, name: found an empty text, expected text of 1 to 80 characters"),
        (with_part("name", "  "), 'scenario, name: found the text "  ", expected text of 1 to 80 characters'),
        (with_part("name", "a\nb"),
         'scenario, name: found the text "a\N{REPLACEMENT CHARACTER}b", expected text without control characters'),
        (with_part("name", 7), "scenario, name: found 7, expected text of 1 to 80 characters"),
        (with_part("name", "n" * 81), "expected text of 1 to 80 characters"),
        (with_part("name", "\ud800"), "expected text of 1 to 80 characters"),
        (with_part("rationale", "r" * 2001), "expected text of at most 2,000 characters"),
        (with_part("rationale", "a\0b"), "expected text without control characters"),
        (with_part("base_year", "2024"), 'scenario, base_year: found the text "2024", expected a year'),
        (with_part("a\n" * 500, 1), "found a field that is not known"),
        ([1, 2], "scenario: found a list, expected an object with name, service and years"),
        ("null", "scenario: found null, expected an object with name, service and years"),
        ("{", "scenario, line 1, column 2: found text that is not JSON (Expecting property name enclosed in double "
              "quotes), expected a JSON document"),
        ("", "scenario, line 1, column 1: found text that is not JSON"),
        (b"\xff\xfe\x00", "scenario: found bytes that are not text (invalid start byte), expected JSON in UTF-8"),
        ("[" * 200_000, "scenario: found lists or objects nested too deep, expected a JSON document"),
        ('{"demand": ' * 90_000, "scenario: found lists or objects nested too deep, expected a JSON document"),
        ('{"name": ' + "[" * 900 + "]" * 900 + "}",
         "scenario, name: found lists or objects nested too deep, expected a JSON document"),
        (EXAMPLE.replace("2.0,", "NaN,", 1), "scenario, demand.need_growth_pct: found NaN, expected a finite number"),
        (EXAMPLE.replace("2.0,", "-Infinity,", 1),
         "scenario, demand.need_growth_pct: found -Infinity, expected a finite number"),
        (EXAMPLE.replace("2.0,", "1e999,", 1),
         "scenario, demand.need_growth_pct: found Infinity, expected a finite number"),
        (EXAMPLE.replace("2.0,", "9" * 5000 + ",", 1),
         "scenario, demand.need_growth_pct: found a number that is too long to read, "
         "expected a number within its limits"),
        (EXAMPLE.replace('"years": 5', '"years": 5, "years": 6'),
         "scenario, years: found the field twice, expected each field once"),
        (" " * (LARGEST + 1),
         "scenario: found a document of more than 1 MB, expected a scenario, which is far smaller"),
        ("é" * (LARGEST // 2 + 1), "scenario: found a document of more than 1 MB"),
        (b" " * (LARGEST + 1), "scenario: found a document of more than 1 MB"),
    ],
)  # fmt: skip
def test_wrong_scenarios(document: Any, sentence: str, pack: Pack) -> None:
    found = refusal(document, pack)
    assert sentence in found
    assert re.fullmatch(r"[^\n]+: found .+, expected .+", found)


@pytest.mark.parametrize("lever_id", [one.id for one in LEVERS.values() if one.kind in ("number", "whole")])
def test_every_lever_keeps_its_limits(lever_id: str, pack: Pack) -> None:
    lever = LEVERS[lever_id]
    still = {"supply.vacancy_rate_pct": {"vacancy_change_pts": 0}, "supply.vacancy_change_pts": {"vacancy_rate_pct": 0}}
    for end in (lever.low, lever.high):
        document = with_part(lever_id, end)
        document.get("supply", {}).update(still.get(lever_id, {}))
        if lever_id == "supply.vacancy_change_pts" and end < 0:
            document["supply"]["vacancy_rate_pct"] = 60
        assert lever_values(scenario_from(document, pack))[lever_id] == end
    for beyond in (lever.low - 1, lever.high + 1, lever.low - 0.001, lever.high * 1e6 + 1):
        sentence = refusal(with_part(lever_id, beyond), pack)
        assert sentence.startswith(f"scenario, {lever_id}: found ")
        assert sentence.endswith(f"expected {lever.expected}")


def test_a_file_of_50_mb_is_not_read_whole(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as handle:
        handle.truncate(50_000_000)
    assert (
        refusal(path, pack)
        == "large.json: found a document of more than 1 MB, expected a scenario, which is far smaller"
    )


def test_a_file_that_is_not_there(pack: Pack, tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.json", pack).startswith("none.json: found a file that cannot be read (No such file")
    assert "cannot be read" in refusal(tmp_path, pack)


def test_ageing_needs_a_population_that_reaches_far_enough(pack: Pack) -> None:
    population = pack.table("population")
    for last, place, expected in (
        (2030, "years", "at most 6 with ageing on, as the population projection ends in 2030"),
        (2024, "demand.demographic", "false, as the pack has no population projection from 2024"),
    ):
        early = dataclasses.replace(pack, tables={**pack.tables, "population": population[population["year"] <= last]})
        with pytest.raises(ScenarioError) as caught:
            scenario_from({**LEAST, "years": 7}, early)
        assert caught.value.place == place
        assert expected in str(caught.value)
        assert scenario_from({**with_part("demand.demographic", False), "years": 7}, early).years == 7


def test_canonical_and_round_trip(pack: Pack) -> None:
    first = scenario_from(
        {
            **LEAST,
            "name": " £ é ",
            "years": 5.0,
            "rationale": "Two\nlines",
            "demand": {"district_need_growth_pct": {"E07000074": 1, "E07000066": -0.0}},
            "supply": {"provider_exits": ["P004", "P001"]},
        },
        pack,
    )
    second = scenario_from(
        {
            "supply": {"provider_exits": ["P001", "P004"]},
            "demand": {"district_need_growth_pct": {"E07000066": 0, "E07000074": 1.0}},
            "rationale": "Two\nlines",
            "years": 5,
            "service": HOME_CARE,
            "name": "£ é",
        },
        pack,
    )
    assert first == second
    assert first.to_json() == second.to_json()
    again = read_scenario(first.to_json(pack), pack)
    assert again.to_json() == first.to_json(pack)
    assert (again.pack_name, again.base_year) == (pack.manifest.name, 2024)
    assert "pack_name" not in json.loads(first.to_json())


NUMBERS = {one.id: one for one in LEVERS.values() if one.kind in ("number", "whole")}


@settings(max_examples=40, deadline=None)
@given(
    values=st.fixed_dictionaries(
        {
            code: st.integers(int(one.low), int(one.high)) if one.kind == "whole" else st.floats(one.low, one.high)
            for code, one in NUMBERS.items()
            if not code.startswith("supply.vacancy")
        }
    ),
    name=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=80),
)
def test_any_scenario_survives_saving(values: dict[str, float], name: str) -> None:
    pack = the_pack()
    scenario = with_levers(pack, default_scenario(pack, HOME_CARE), {**values, "name": name})
    again = read_scenario(scenario.to_json(), pack)
    assert again == scenario
    assert again.to_json() == scenario.to_json()
    assert differences(scenario, again).empty


def test_warnings_say_what_changed_since_it_was_saved(pack: Pack) -> None:
    saved = read_scenario(default_scenario(pack, HOME_CARE).to_json(pack), pack)
    assert warnings_of(saved, pack) == []
    assert warnings_of(default_scenario(pack, HOME_CARE), pack) == []
    old = moved(saved, {"pack_name": "other", "base_year": 2021})  # type: ignore[dict-item]
    first, second = warnings_of(old, pack)
    assert "saved with another data pack, other" in first
    assert "when year 0 was 2021: it now starts from 2024" in second


def test_differences_name_the_levers(pack: Pack) -> None:
    one = default_scenario(pack, HOME_CARE)
    two = with_levers(pack, one, {"years": 8, "demand.need_growth_pct": 2.5, "supply.provider_exits": ["P004"],
                                  "demand.district_need_growth_pct": {"E07000074": 3}, "name": "Other"})  # fmt: skip
    frame = differences(one, two, pack)
    assert frame[["label", "first", "second"]].to_numpy().tolist() == [
        ["Years ahead", "5 years", "8 years"],
        ["Need growth", "0% a year", "2.5% a year"],
        ["Need growth in Maldon", "as the county", "3% a year"],
        ["Providers that leave", "none", "P004"],
    ]
    assert frame["lever"].tolist()[2] == "demand.district_need_growth_pct.E07000074"
    assert differences(one, one).empty
    breaks = differences(one, default_scenario(pack, SHORT_BREAKS))
    assert breaks["label"].tolist() == ["Service", "Ageing", "Need growth"]


def test_the_assumptions_log(pack: Pack) -> None:
    plain = default_scenario(pack, HOME_CARE)
    log = assumptions_log(pack, plain).set_index("lever")
    assert list(log.reset_index().columns) == ASSUMPTION_COLUMNS
    assert list(log.index) == list(LEVERS)
    vacancy = log.loc["supply.vacancy_rate_pct"]
    assert (vacancy["value"], vacancy["status"], vacancy["set_by"]) == ("15%", "context", "default")
    assert "existing market pressures" in vacancy["source"]
    assert log.loc["price.uplift_pct", "status"] == "assumption"

    growth = (
        assumptions_log(pack, default_scenario(pack, SHORT_BREAKS)).set_index("lever").loc["demand.need_growth_pct"]
    )
    assert (growth["value"], growth["status"]) == ("10% a year", "published")

    changed = with_levers(pack, plain, {"supply.vacancy_rate_pct": 20, "rationale": "Our own survey"})
    row = assumptions_log(pack, changed).set_index("lever").loc["supply.vacancy_rate_pct"]
    assert row[["value", "default", "source", "status", "set_by", "why"]].tolist() == [
        "20%", "15%", "Set in this scenario", "assumption", "scenario", "Our own survey",
    ]  # fmt: skip


def test_defaults_and_presets_agree_with_the_facts_they_cite(pack: Pack) -> None:
    facts = pack.table("facts").set_index("id")
    cited = 0
    for service in pack.manifest.services.values():
        for lever_id, lever in service.levers.items():
            assert lever_id in LEVERS
            assert lever.source
            if lever.status != "assumption":
                assert float(facts.loc[lever.fact, "value"]) == lever.default
                assert facts.loc[lever.fact, "status"] == lever.status
                cited += 1
            assert lever.compare in ("", *facts.index)
    assert cited == 2
    observed = preset_scenario(pack, HOME_CARE, "Observed growth, 4.5% a year")
    assert observed.demand.need_growth_pct == float(facts.loc["ctx_hours_growth", "value"])
    assert not observed.demand.demographic


def test_presets(pack: Pack) -> None:
    assert [one.name for one in presets(pack, HOME_CARE)] == [
        "Ageing only", "As today", "Observed growth, 4.5% a year", "Recruitment drive", "Direct payments take off",
        "Fees rise 5.3% a year, as in England in 2025/26", "Fees rise 6.5% a year, as in England in 2024/25",
        "Fees rise 9.6% a year, as in England in 2023/24", "Overseas recruitment ends",
        "Delivered hours keep their recent pace",
    ]  # fmt: skip
    assert default_scenario(pack, HOME_CARE).name == "Ageing only"
    assert default_scenario(pack, SHORT_BREAKS).name == "+10% a year"
    for service in pack.manifest.services:
        for one in presets(pack, service):
            scenario = preset_scenario(pack, service, one.name, 7)
            assert (scenario.name, scenario.years) == (one.name, 7)
            assert scenario.rationale.startswith(one.rationale)
            assert one.rationale
    drive = preset_scenario(pack, HOME_CARE, "Recruitment drive")
    assert drive.supply.vacancy_rate_pct + drive.supply.vacancy_change_pts == 10
    with pytest.raises(KeyError):
        preset_scenario(pack, HOME_CARE, "None such")


def test_moving_levers_leaves_the_first_scenario_alone(pack: Pack) -> None:
    plain = default_scenario(pack, HOME_CARE)
    before = plain.to_json()
    other = moved(plain, {"years": 9, "price.uplift_pct": 2.0, "supply.provider_exits": ("P001",)})
    assert (other.years, other.price.uplift_pct, other.supply.provider_exits) == (9, 2.0, ("P001",))
    assert plain.to_json() == before
    with pytest.raises(ScenarioError, match=r"price\.uplift_pct: found 21"):
        with_levers(pack, plain, {"price.uplift_pct": 21})
    with pytest.raises(ValueError, match="frozen"):
        plain.years = 3  # type: ignore[misc]


def test_values_as_people_read_them() -> None:
    assert show_value(LEVERS["demand.demographic"], True) == "on"
    assert show_value(LEVERS["target.coverage"], 1.05) == "1.05"
    assert show_value(LEVERS["range.draws"], 20000) == "20,000 draws"
    assert show_value(LEVERS["demand.district_need_growth_pct"], {"E07000074": 3.0}) == "E07000074 3%"
    assert show_value(LEVERS["range.seed"], 2**31 - 1) == "2147483647"


def test_the_neutral_scenario_needs_no_pack() -> None:
    scenario = Scenario(name="Neutral", service="any", years=1)
    values = lever_values(scenario)
    assert all(values[code] == lever.neutral for code, lever in LEVERS.items() if code != "years")


def moved_from(pack: Pack, preset: str, service: str = HOME_CARE, **levers: Any) -> Scenario:
    """The scenario of a preset whose levers were moved, before its name is looked at."""
    start = preset_scenario(pack, service, preset, 5)
    return with_levers(pack, start, {lever_id.replace("__", "."): value for lever_id, value in levers.items()})


@pytest.mark.parametrize("service", [HOME_CARE, SHORT_BREAKS])
def test_every_preset_is_changed_as_soon_as_a_lever_moves(pack: Pack, service: str) -> None:
    for preset in presets(pack, service):
        plain = preset_scenario(pack, service, preset.name, 5)
        assert truly_named(pack, plain) == plain
        assert truly_named(pack, plain.model_copy(update={"years": 9})).name == preset.name, "over any years"
        changed = truly_named(pack, moved_from(pack, preset.name, service, price__uplift_pct=1.25))
        assert (changed.name, changed.rationale) == (f"{preset.name}, changed", "")
        again = truly_named(pack, with_levers(pack, changed, {"price.uplift_pct": 2.5}))
        assert again.name == f"{preset.name}, changed", "not twice"
        assert truly_named(pack, with_levers(pack, again, {"price.uplift_pct": plain.price.uplift_pct})) == plain


def test_the_readers_reasons_stay_and_the_presets_go(pack: Pack) -> None:
    moved = moved_from(pack, "Ageing only", demand__need_growth_pct=2.0)
    assert moved.rationale
    log = assumptions_log(pack, truly_named(pack, moved)).set_index("lever")
    assert log.loc["demand.need_growth_pct", "why"] == "no reason given"
    assert log.loc["supply.capacity_growth_pct", "why"] == "Growth of the hours that providers could deliver."
    ours = with_levers(pack, moved, {"rationale": "Our own survey"})
    log = assumptions_log(pack, truly_named(pack, ours)).set_index("lever")
    assert log.loc["demand.need_growth_pct", "why"] == "Our own survey"
    told = about_scenario(pack, truly_named(pack, moved), "T", projection_basis(pack, moved))
    assert "Scenario: Ageing only, changed." in told.further
    assert "Rationale: no reason given" in told.further
    assert moved.rationale not in " ".join(told.file_lines())


def test_a_scenario_is_named_after_what_its_reader_named(pack: Pack) -> None:
    plan = moved_from(pack, "As today", demand__need_growth_pct=2.0, name="Winter plan", rationale="Winter")
    moved = with_levers(pack, plan, {"demand.need_growth_pct": 3.0})
    changed = truly_named(pack, moved, plan)
    assert (changed.name, changed.rationale) == ("Winter plan, changed", "Winter")
    assert truly_named(pack, changed, plan) == changed
    assert truly_named(pack, plan.model_copy(update={"name": "Winter plan, changed"}), plan) == plan
    assert truly_named(pack, moved) == moved, "nobody knows what it was"
    other = plan.model_copy(update={"service": SHORT_BREAKS})
    assert truly_named(pack, moved, other) == moved


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plan", "Plan, changed"), ("Plan, changed", "Plan, changed"), ("Plan, changed (2)", "Plan, changed (2)"),
        ("Plan (2)", "Plan (2), changed"), ("p" * 80, "p" * 71 + ", changed"),
    ],
)  # fmt: skip
def test_the_name_of_what_was_changed(name: str, expected: str) -> None:
    assert changed_name(name) == expected
