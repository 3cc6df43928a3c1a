"""Does a decision record still come to the same? Its scenario is worked out again, and the figures held together."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pandas as pd

from lib import __version__
from lib.pack.faults import quoted, visible
from lib.pack.load import Pack
from lib.whatif.decision.record import BLOCK, KIND, SCHEMA, Figures, Value, worked_out
from lib.whatif.scenarios.documents import ScenarioError, described, parsed, scenario_from
from lib.whatif.scenarios.scenario import Scenario

LARGEST = 10_000_000  # bytes; a record of twelve districts is some 60,000
BEYOND = 1e300  # no figure is that large
LONGEST = 200  # letters of a figure's name, and of a figure that is words
COLUMNS = ["figure", "recorded", "today", "difference"]
TOLERANCE = 1e-9  # of a figure; and of 0, below what any of them is known to
# As this program writes it, and as a browser that saves the page may.
OPENING = re.compile(rf"<script\b(?=[^<>]{{0,200}}\bid=[\"']?{BLOCK}[\"'\s>])[^<>]{{0,200}}>", re.IGNORECASE)
CLOSING = re.compile(r"</script\s*>", re.IGNORECASE)


class Recorded(NamedTuple):
    """What a record says: its scenario, checked against the pack, its figures, and what it was made with."""

    scenario: Scenario
    figures: Figures
    pack_version: str
    pack_key: str
    program_version: str


def read_record(source: str | Path, pack: Pack) -> Recorded:
    """Read the record of a file ("-": of stdin); ScenarioError says the first thing that is wrong with it.

    The scenario of a record of another pack, or of another schema, is not looked at.
    """
    label = "stdin" if source == "-" else Path(source).name
    try:
        return checked(values_of(text_of(source)), pack)
    except ScenarioError as error:
        raise ScenarioError(error.place, error.fault.found, error.fault.expected, label) from error


def text_of(source: str | Path) -> str:
    """The text of a file, refused before it is read whole where it is too large."""
    try:
        if source == "-":
            data = first_bytes(sys.stdin.buffer)
        else:
            with Path(source).open("rb") as handle:
                data = first_bytes(handle)
    except OSError as error:
        raise ScenarioError("", f"a file that cannot be read ({error.strerror})", "a decision record") from error
    if len(data) > LARGEST:
        raise ScenarioError("", f"a file of more than {LARGEST // 1_000_000} MB", "a decision record, far smaller")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError("", f"bytes that are not text ({error.reason})", "a decision record in UTF-8") from error


def first_bytes(handle: BinaryIO) -> bytes:
    """As much of a file as a record may have, and one byte more."""
    return handle.read(LARGEST + 1)


def values_of(text: str) -> Any:
    """The values within the page of a record."""
    found = list(OPENING.finditer(text))
    if not found:
        if "<html" not in text[:2000].lower():
            raise ScenarioError("", "a file that is no page of HTML", "a decision record, as the verb record writes it")
        raise ScenarioError("", "a page without the figures of a decision record", "one, as the verb record writes it")
    if len(found) > 1:
        raise ScenarioError("", f"the figures of {len(found)} records", "those of one")
    end = CLOSING.search(text, found[0].end())
    if end is None:
        raise ScenarioError("", "a record that is cut off", "a whole one")
    try:
        return parsed(text[found[0].end() : end.start()])
    except ScenarioError as error:
        place = f"its figures, {error.place}" if error.place else "its figures"
        raise ScenarioError(place, error.fault.found, error.fault.expected) from error


def checked(values: Any, pack: Pack) -> Recorded:
    """What a record says, checked: first of which kind, schema and pack it is, then everything else."""
    if not isinstance(values, dict) or values.get("kind") != KIND:
        what = described(values.get("kind")) if isinstance(values, dict) and "kind" in values else "nothing"
        raise ScenarioError("kind", what, quoted(KIND))
    schema = values.get("schema")
    if isinstance(schema, bool) or schema != SCHEMA:
        raise ScenarioError("schema", described(schema), f"{SCHEMA}, the only one that this program reads")
    name = text_at(values, "pack", "name")
    if name != pack.manifest.name:
        raise ScenarioError("pack.name", quoted(name), f"{quoted(pack.manifest.name)}, the data pack that is open")
    version, key = text_at(values, "pack", "version"), text_at(values, "pack", "key")
    program = text_at(values, "program", "version")
    listed = values.get("figures")
    if not isinstance(listed, dict) or not listed:
        found = "none" if isinstance(listed, dict) else described(listed)
        raise ScenarioError("figures", found, "an object of figures by their name")
    read = {figure_name(name): figure(name, value) for name, value in listed.items()}
    try:
        scenario = scenario_from(values.get("scenario"), pack)
    except ScenarioError as error:
        place = f"scenario.{error.place}" if error.place else "scenario"
        raise ScenarioError(place, error.fault.found, error.fault.expected) from error
    return Recorded(scenario, read, version, key, program)


def text_at(values: dict[str, Any], part: str, name: str) -> str:
    """A text of a part of the record."""
    inside = values.get(part)
    if not isinstance(inside, dict):
        raise ScenarioError(part, described(inside), "an object")
    if not isinstance(inside.get(name), str):
        raise ScenarioError(f"{part}.{name}", described(inside.get(name)), "a text")
    return str(inside[name])


def figure_name(name: str) -> str:
    """The name of a figure, if it can stand in a table."""
    if not visible(name) or not name.isprintable() or len(name) > LONGEST:
        raise ScenarioError("figures", f"a figure named {quoted(name)}", "names such as all.2029.demand_hours")
    return name


def figure(name: str, value: Any) -> Value:
    """A figure of the record, if it is one."""
    if value is None or (isinstance(value, str) and len(value) <= LONGEST and value.isprintable()):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) < BEYOND:
        return value
    raise ScenarioError(f"figures.{quoted(name)[1:-1]}", described(value), "a number, words, or null where not known")


def warnings_of(recorded: Recorded, pack: Pack) -> list[str]:
    """What else than the scenario is not as it was: the pack and the program. One sentence each."""
    found = []
    manifest = pack.manifest
    if recorded.pack_version != manifest.version:
        found.append(
            f"warning: the record was made with version {shown(recorded.pack_version)} of the data pack "
            f"{manifest.name}: this is version {shown(manifest.version)}."
        )
    elif recorded.pack_key != pack.key:
        found.append(f"warning: files of the data pack {manifest.name} have changed since the record was made.")
    if recorded.program_version != __version__:
        found.append(
            f"warning: the record was made by version {shown(recorded.program_version)} of the program: "
            f"this is version {__version__}."
        )
    return found


def shown(version: str) -> str:
    """A version in a sentence."""
    return quoted(version, 40)[1:-1] if version else "unstated"


def reproduce(recorded: Recorded, pack: Pack) -> pd.DataFrame:
    """The record's figures beside today's, one row a figure, in the record's order, then those that it has not.

    Columns: figure, recorded, today (numbers not rounded, words, or empty where not known), difference (today less
    recorded; 0 where they are the same but for the last digits of a number, empty where one of them is no number).
    `differs` says in which rows they are not the same.
    """
    today, _ = worked_out(pack, recorded.scenario)
    rows = []
    for name in dict.fromkeys([*recorded.figures, *today]):
        then, now = recorded.figures.get(name), today.get(name)
        rows.append([name, then, now, difference(then, now)])
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def same(one: Value, other: Value) -> bool:
    """Whether two figures are the same, but for the last digits of a number."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return one == other


def difference(then: Value, now: Value) -> float | None:
    """Today's number less the recorded one."""
    if isinstance(then, str) or isinstance(now, str) or then is None or now is None:
        return None
    return 0 if same(then, now) else now - then


def differs(table: pd.DataFrame) -> pd.Series[bool]:
    """The rows of `reproduce` in which the record and today are not the same."""
    pairs = zip(table["recorded"], table["today"], strict=True)
    return pd.Series([not same(one, other) for one, other in pairs], index=table.index, dtype=bool)
