"""A running order as a document: its views, read strictly, and in one sentence what is wrong with it.

It knows no page and no pack: what a view shows is for its page to say, and a view that no longer fits is stepped over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from lib.pack import strict_json
from lib.pack.faults import quoted

NAME_LENGTH, TITLE_LENGTH, NOTE_LENGTH, PAGE_LENGTH = 80, 120, 2_000, 80
MOST_VIEWS = 100
MOST_CHOICES, MOST_CODES = 80, 400  # of a view's link, and of one choice
CHOICE_LENGTH, CODE_LENGTH = 80, 12_000  # a scenario in a link is the longest code
MOST_QUERY = 14_000  # letters of a whole query: the server refuses an address of more than 16,000 bytes
LARGEST = 2_000_000  # bytes of a document

DOCUMENT = "running order"
# A page as its own address names it; the first page has no name there and is called Overview.
FIRST_PAGE = "Overview"
PAGE_NAME = r"^[A-Za-z0-9]\w*$"

Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=NAME_LENGTH, strip_whitespace=True)]
Title = Annotated[str, StringConstraints(strict=True, max_length=TITLE_LENGTH, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(strict=True, max_length=NOTE_LENGTH)]
Page = Annotated[str, StringConstraints(strict=True, max_length=PAGE_LENGTH, pattern=PAGE_NAME)]
Choice = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=CHOICE_LENGTH)]
Code = Annotated[str, StringConstraints(strict=True, max_length=CODE_LENGTH)]
Codes = Annotated[list[Code], Field(min_length=1, max_length=MOST_CODES)]

EXPECTED = {
    "name": f"text of 1 to {NAME_LENGTH} characters",
    "author": f"text of at most {NAME_LENGTH} characters",
    "views": f"a list of at most {MOST_VIEWS} views",
    "page": "a page as its address names it, such as Overview or Providers",
    "query": f"an object of at most {MOST_CHOICES} choices, each with a list of codes",
    "title": f"text of at most {TITLE_LENGTH} characters",
    "note": f"text of at most {NOTE_LENGTH:,} characters",
}


class OrderError(ValueError):
    """A running order that cannot be used, said in one sentence."""


class View(BaseModel):
    """One view: the page and the choices of its link, the title for the room, and a note for the speaker alone.

    page: as the page's own address names it (`Overview`, `Providers`, `What_if`, `Service`). query: what the link says,
    each choice by its codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Page
    query: dict[Choice, Codes] = Field(default_factory=dict, max_length=MOST_CHOICES)
    title: Title = ""
    note: Note = ""

    @model_validator(mode="after")
    def short_enough(self) -> Self:
        """Refuse a view whose link no server would take."""
        letters = sum(len(name) + len(code) for name, codes in self.query.items() for code in codes)
        if letters > MOST_QUERY:
            raise ValueError(f"a query of at most {MOST_QUERY:,} characters")
        return self


class RunningOrder(BaseModel):
    """Views in the order in which a room sees them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    author: Title = ""
    views: tuple[View, ...] = Field(default=(), max_length=MOST_VIEWS)

    def document(self) -> str:
        """The running order as JSON, for people to read; `read_order` reads it."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"

    def with_views(self, views: list[View]) -> RunningOrder:
        """The same order with other views; OrderError where they are too many."""
        if len(views) > MOST_VIEWS:
            raise OrderError(f"A running order has at most {MOST_VIEWS} views: begin another one.")
        return self.model_copy(update={"views": tuple(views)})


def read_order(source: str | bytes | Path, name: str = "") -> RunningOrder:
    """A running order from its text, its bytes or its file; OrderError says the first thing that is wrong.

    name: what the document is called in the sentence; a file's own name by default.
    """
    label = name or (source.name if isinstance(source, Path) else DOCUMENT)
    try:
        document, flaws = strict_json.parsed(text_of(source, label))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise fault(label, place, f"text that is not JSON ({error.msg})", "a running order in JSON") from error
    except RecursionError as error:
        raise fault(label, "", "lists or objects nested too deep", "a running order in JSON") from error
    if flaws:
        raise fault(label, in_words(flaws[0].steps), flaws[0].found, flaws[0].expected)
    if not isinstance(document, dict):
        raise fault(label, "", found_in(document), "an object with name and views")
    # Half a letter cannot be written into any file again.
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise fault(label, "", "half a letter (a lone surrogate)", "text that can be written as UTF-8") from error
    return checked(document, label)


def checked(document: dict[str, Any], label: str = DOCUMENT) -> RunningOrder:
    """A running order from the values of its document; OrderError says the first thing that is wrong."""
    try:
        return RunningOrder.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    steps, kind = tuple(first["loc"]), str(first["type"])
    place = in_words(steps)
    if kind == "missing":
        raise fault(label, place, "nothing", f"{EXPECTED[str(steps[-1])]}: it is required")
    if kind == "extra_forbidden":
        known = View if len(steps) > 1 else RunningOrder
        raise fault(label, place, "a field that is not known", f"one of {', '.join(known.model_fields)}")
    if kind == "value_error":
        raise fault(label, place, "a longer one", str(first["msg"]).removeprefix("Value error, "))
    named = next((str(step) for step in steps[::-1] if step in EXPECTED), "")
    expected = EXPECTED[named] if named != "views" or len(steps) == 1 else "a view: page, query, title and note"
    raise fault(label, place, found_in(first["input"]), expected)


def text_of(source: str | bytes | Path, label: str) -> str:
    """The text of a document, refused before it is read whole where it is too large."""
    data = source
    if isinstance(data, Path):
        try:
            with data.open("rb") as handle:
                data = handle.read(LARGEST + 1)
        except OSError as error:
            raise fault(label, "", f"a file that cannot be read ({error.strerror})", "a running order") from error
    if len(data) > LARGEST:
        raise fault(label, "", f"a document of more than {LARGEST // 1_000_000} MB", "a running order, far smaller")
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(label, "", f"bytes that are not text ({error.reason})", "JSON in UTF-8") from error


def fault(label: str, place: str, found: str, expected: str) -> OrderError:
    """What is wrong: where, what was found, what was expected."""
    where = f"{label}, {place}" if place else label
    return OrderError(f"{where}: found {found}, expected {expected}")


def in_words(steps: tuple[str | int, ...]) -> str:
    """A place in the document: its views are counted from 1, as on the screen."""
    parts = [f"view {step + 1}" if isinstance(step, int) and place == 1 else str(step) for place, step in
             enumerate(steps) if step != "[key]"]  # fmt: skip
    if parts[:1] == ["views"] and len(parts) > 1:
        parts = parts[1:]
    return quoted(", ".join(parts), 80)[1:-1] if parts else ""


def found_in(value: Any) -> str:
    """A value in words, cut short."""
    if isinstance(value, str):
        return f"the text {quoted(value)}" if value else "an empty text"
    if isinstance(value, dict | list | tuple):
        many = len(value)
        return f"an object of {many}" if isinstance(value, dict) else f"a list of {many}"
    return json.dumps(value)[:40]
