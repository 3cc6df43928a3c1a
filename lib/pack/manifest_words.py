"""What the manifest must hold, in words that a person reads: for the types of its fields and the faults in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from lib.pack.faults import quoted, visible

EARLIEST, LATEST = 1990, 2100  # years; those of the population table
DATE_EXPECTED = f"a date like 2025-03-31, from {EARLIEST} to {LATEST}"
MOST_LETTERS = 300
MOST_IN_PASSAGE = 5_000
TEXT_EXPECTED = f"text that can be seen, of at most {MOST_LETTERS} characters"

# What a field of each type must be, by the kind of fault that pydantic finds in it.
EXPECTED = {
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "too_short": "at least one",
    "too_long": "fewer of them",
}
LIMITS = {
    "greater_than_equal": ("ge", "{} or more"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "{} or less"),
    "less_than": ("lt", "less than {}"),
}


def seen(text: str) -> str:
    """A name or label, refused where nobody could see it, or read it at a glance."""
    if not visible(text) or len(text) > MOST_LETTERS:
        raise ValueError(TEXT_EXPECTED)
    return text


def passage(text: str) -> str:
    """A text of several lines, refused where it is no longer a passage."""
    if len(text) > MOST_IN_PASSAGE:
        raise ValueError(f"text of at most {MOST_IN_PASSAGE:,} characters")
    return text


def iso_day(value: object) -> object:
    """A day as the manifest writes it: pydantic itself reads a number as a moment."""
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or not isinstance(value, str | dt.date) or not EARLIEST <= day.year <= LATEST:
        raise ValueError(DATE_EXPECTED)
    return day


Words = Annotated[str, AfterValidator(seen)]
Passage = Annotated[str, AfterValidator(passage)]
Day = Annotated[dt.date, BeforeValidator(iso_day)]


def each_once(values: Sequence[Any], name: str = "name") -> None:
    """Refuse a list in which two items have one name."""
    names: list[Hashable] = [getattr(value, name) for value in values]
    again = next((one for place, one in enumerate(names) if one in names[:place]), None)
    if again is not None:
        raise ValueError(f"each {name} once: {quoted(again)} stands twice")


def expected_of(problem: dict[str, Any]) -> str:
    """What pydantic would have had in place of what it found."""
    kind, words = str(problem["type"]), problem.get("ctx", {})
    if kind in LIMITS:
        name, text = LIMITS[kind]
        return text.format(f"{words[name]:g}")
    if kind == "literal_error":
        return "one of " + str(words["expected"]).replace("'", "").replace(" or ", ", ")
    return EXPECTED.get(kind, str(problem["msg"]).removeprefix("Value error, "))


def in_words(value: object) -> str:
    """A value of a document in words, cut short; what stands inside a list or an object is not spelled out."""
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return "an empty text" if value == "" else quoted(value)
