"""What the manifest may not say: one sentence that names the place, whatever stands there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import MANIFEST, PackFolder
from tiny_pack import manifest

from lib.__main__ import main
from lib.market.ranked_lists.call_off import Lot, ranked_list
from lib.market.rating_age import rating_ages
from lib.market.selection import select
from lib.pack.faults import PackError
from lib.pack.manifest import Manifest
from lib.pack.read_manifest import read_manifest
from lib.whatif.scenarios.presets import lever_faults

SEEN = "expected text that can be seen, of at most 300 characters"


def said(change: Callable[[Any], object]) -> list[str]:
    """What is said of the tiny pack's manifest after a change."""
    document = manifest()
    change(document)
    return sentences(json.dumps(document).encode())


def sentences(content: bytes) -> list[str]:
    try:
        read_manifest(content)
    except PackError as error:
        return [str(fault) for fault in error.faults]
    return []


# Each change, and what is said of it behind the name of the file.
REFUSED: list[tuple[Callable[[Any], object], str]] = [
    (lambda pack: pack.update(area=""), f"column area: found an empty text, {SEEN}"),
    (lambda pack: pack.update(council="\u200b"), f'column council: found "\N{REPLACEMENT CHARACTER}", {SEEN}'),
    (lambda pack: pack.update(title=None), "column title: found null, expected text"),
    (lambda pack: pack.update(title="x" * 301), f'column title: found "{"x" * 59}…", {SEEN}'),
    (lambda pack: pack["services"]["home"].update(label=" "), f'column services.home.label: found " ", {SEEN}'),
    (lambda pack: pack["services"]["home"].update(people=""),
     f"column services.home.people: found an empty text, {SEEN}"),
    (lambda pack: pack["cohorts"]["older"].update(label="\xa0"),
     f'column cohorts.older.label: found "\N{REPLACEMENT CHARACTER}", {SEEN}'),
    (lambda pack: pack["service_types"]["day"].update(label=""),
     f"column service_types.day.label: found an empty text, {SEEN}"),
    (lambda pack: pack["cohorts"].update({" ": {"label": "Blank"}}), f'column cohorts. : found " ", {SEEN}'),
    (lambda pack: pack.update(cohorts={}), "column cohorts: found an object, expected at least one"),
    (lambda pack: pack["resources"].append(pack["resources"][0]),
     'column resources: found a list, expected each name once: "districts" stands twice'),
    (lambda pack: pack["ratings"].append({"name": "Good"}),
     'column ratings: found a list, expected each name once: "Good" stands twice'),
    (lambda pack: pack["services"]["home"].update(presets=[{"name": "As today"}, {"name": "As today"}]),
     'column services.home.presets: found a list, expected each name once: "As today" stands twice'),
    (lambda pack: pack["services"]["home"].update(presets=[{"name": ""}]),
     f'column services.home.presets.0.name: found an empty text, {SEEN}'),
    (lambda pack: pack["services"]["home"].update(base_year=2026),
     "found services.home.base_year is 2026, later than as_of, 2025-03-31, expected parts that agree with each other"),
    (lambda pack: pack["services"]["home"].update(base_year=24),
     'column services.home.base_year: found "24", expected 1990 or more'),
    (lambda pack: pack["services"]["home"].update(base_year=20_245),
     'column services.home.base_year: found "20245", expected 2100 or less'),
    (lambda pack: pack["services"]["home"].update(base_year=True),
     "column services.home.base_year: found true, expected a whole number"),
    (lambda pack: pack["services"]["home"].update(base_year=[2024]),
     "column services.home.base_year: found a list, expected a whole number"),
    (lambda pack: pack.update(as_of="2205-03-31"),
     'column as_of: found "2205-03-31", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack.update(as_of="31/03/2025"),
     'column as_of: found "31/03/2025", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack.update(as_of=20250331),
     'column as_of: found "20250331", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack["services"]["respite"].update(as_of="31/01/2024"),
     'column services.respite.as_of: found "31/01/2024", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack["services"]["respite"].update(as_of=20240131),
     'column services.respite.as_of: found "20240131", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack["services"]["respite"].update(as_of="2024-02-30"),
     'column services.respite.as_of: found "2024-02-30", expected a date like 2025-03-31, from 1990 to 2100'),
    (lambda pack: pack["services"]["respite"].update(as_of=["2024-01-31"]),
     "column services.respite.as_of: found a list, expected a date like 2025-03-31, from 1990 to 2100"),
    (lambda pack: pack["services"]["respite"].update(as_of="2025-04-01"),
     "found services.respite.as_of is 2025-04-01, later than as_of of the whole pack, 2025-03-31, "
     "expected parts that agree with each other"),
    (lambda pack: pack["services"]["respite"].update(as_of="2022-12-31"),
     "found services.respite.base_year is 2023, later than as_of, 2022-12-31, "
     "expected parts that agree with each other"),
    (lambda pack: pack["services"]["respite"]["derivations"][0].update(divide_by=1e-300),
     'column services.respite.derivations."Providers a child".divide_by: found "1e-300", expected 1e-06 or more'),
    (lambda pack: pack["quality_gate"].update(domains=float("nan")),
     "column quality_gate.domains: found NaN, expected a finite number"),
    (lambda pack: pack["rating_limits"].update(good_share=float("-inf")),
     "column rating_limits.good_share: found -Infinity, expected a finite number"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), REFUSED)
def test_what_the_manifest_may_not_say(change: Callable[[Any], object], sentence: str) -> None:
    (found,) = said(change)
    assert found.removeprefix(MANIFEST).lstrip(",: ") == sentence


def replaced(old: bytes, new: bytes) -> bytes:
    content = json.dumps(manifest()).encode()
    assert content.count(old) >= 1
    return content.replace(old, new, 1)


DEEP = b"[" * 200 + b"]" * 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (replaced(b'"label": "Home care"', b'"label": "Home care", "label": "Care at home"'),
         "column services.home.label: found the field twice, expected each field once"),
        (replaced(b'"name": "tiny"', b'"name": "tiny", "name": "tiny"'),
         "column name: found the field twice, expected each field once"),
        (replaced(b"2024", b"9" * 5000),
         "column services.home.base_year: found a number that is too long to read, "
         "expected a number within its limits"),
        (replaced(b"0.8", b"1e999"), "column rating_limits.good_share: found Infinity, expected a finite number"),
        (replaced(b'"groupings"', b'"more": ' + DEEP + b', "groupings"'),
         "column more: found lists or objects nested too deep, expected a JSON document"),
        (b"\n\n" + replaced(b"Home care", b"Caf\xe9"),
         "row 3: found bytes that are not text in UTF-8, expected a file saved in UTF-8"),
    ],
)  # fmt: skip
def test_json_that_is_none(content: bytes, sentence: str) -> None:
    (found,) = sentences(content)
    assert found.removeprefix(MANIFEST).lstrip(",: ") == sentence


def test_two_flaws_are_both_said() -> None:
    content = replaced(b"0.8", b"NaN").replace(b'"name": "tiny"', b'"name": "tiny", "name": "x"', 1)
    assert [sentence.partition(": ")[0] for sentence in sentences(content)] == [
        f"{MANIFEST}, column name",
        f"{MANIFEST}, column rating_limits.good_share",
    ]


NASTY = st.sampled_from(
    [None, True, "", " ", "x", "2025", "x" * 400, 0, -1, 3.7, 1e300, 10**40, [], {}, ["x"], [None], {"x": 1}, [[]]]
)
PYTHON = ("None", "dict", "tuple", "Input", "instance", "Traceback", "Error", "float", "bool", "callable", "keyword")


def places(part: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [steps, *(place for name, value in inner for place in places(value, (*steps, name)))][bool(not steps) :]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(place=st.sampled_from(places(manifest())), value=NASTY, drop=st.booleans())
def test_any_one_change_is_read_or_said_without_a_python_word(place: tuple[Any, ...], value: Any, drop: bool) -> None:
    document = manifest()
    part = document
    for step in place[:-1]:
        part = part[step]
    if drop:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    for sentence in sentences(json.dumps(document).encode()):
        assert sentence.startswith(MANIFEST)
        assert not [word for word in PYTHON if word in sentence], sentence


@pytest.mark.parametrize(
    ("lever_id", "value", "sentence"),
    [
        ("demand.need_growth_pct", "much", 'found the text "much", expected a number from -20 to 20'),
        ("demand.need_growth_pct", 2000, "found 2000, expected a number from -20 to 20"),
        ("demand.need_growth_pct", None, "found null, expected a number from -20 to 20"),
        ("demand.need_growth_pct", [1], "found a list, expected a number from -20 to 20"),
        ("price.uplift_pct", {"x": 1}, "found an object, expected a number from -10 to 20"),
        ("demand.demographic", 1, "found 1, expected true or false"),
        ("range.draws", 150.5, "found 150.5, expected a whole number from 100 to 20000"),
    ],
)
def test_a_lever_that_cannot_be_set_is_said_and_the_pack_stays_open(
    tiny_folder: PackFolder, capsys: pytest.CaptureFixture[str], lever_id: str, value: Any, sentence: str
) -> None:
    default = {"default": value, "status": "assumption"}
    tiny_folder.change_json(MANIFEST, lambda pack: pack["services"]["home"].update(levers={lever_id: default}))
    (fault,) = lever_faults(tiny_folder.load())
    assert str(fault) == f"{MANIFEST}, column services.home.levers.{lever_id}.default: {sentence}"
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    assert str(fault) in capsys.readouterr().err


@pytest.mark.parametrize(("part", "value"), [("fact", "f_nothing"), ("compare", "f_nothing")])
def test_a_levers_fact_is_one_of_the_facts(tiny_folder: PackFolder, part: str, value: str) -> None:
    default = {"default": 1, "status": "published", part: value}
    levers = {"demand.need_growth_pct": default}
    tiny_folder.change_json(MANIFEST, lambda pack: pack["services"]["home"].update(levers=levers))
    assert tiny_folder.faults() == [
        f'{MANIFEST}, column services.home.levers.demand.need_growth_pct: found "f_nothing", '
        "expected a fact of published/facts.csv"
    ]


def test_nobody_rated_has_no_date(tiny_folder: PackFolder) -> None:
    tiny_folder.change_json(MANIFEST, lambda pack: [rating.update(rated=False) for rating in pack["ratings"]])
    pack = tiny_folder.load()
    assert ranked_list(pack, Lot("home", "E07000001", "day", "older"))["rated_on"].isna().all()
    assert rating_ages(pack, select(pack, "home"))["rated_on"].isna().all()


def test_the_manifest_may_hold_more_than_the_app_knows() -> None:
    assert isinstance(read_manifest(json.dumps(manifest() | {"ours": {"deep": [1, 2.5, None]}}).encode()), Manifest)
