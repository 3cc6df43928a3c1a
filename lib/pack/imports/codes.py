"""Names and labels that stand where a code belongs: each is read as its code where it can only be that one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lib.pack.cells import Texts
from lib.pack.description import Column
from lib.pack.faults import quoted
from lib.pack.imports.ages import EVERYONE, band_of, code_of
from lib.pack.imports.headers import REFERENCE, spelling
from lib.pack.imports.successors import retired_words
from lib.pack.load import Pack
from lib.pack.models import AGE_BAND_PATTERN

DISTRICT = "districts.district_code"
# What stands around the name of a district and tells none from another.
AROUND_A_NAME = frozenset(
    {
        "the",
        "of",
        "and",
        "district",
        "borough",
        "city",
        "council",
        "metropolitan",
        "royal",
        "county",
        "unitary",
        "dc",
        "bc",
        "mbc",
    }
)
DISTRICT_CODE = re.compile(r"[EWSN]\d{8}", re.ASCII)
NAMED = 3  # of the values that a text could stand for
NAMES_COMPARED = 2_000  # with a text that is none of them, for the one that is nearest
YES_AND_NO = {"yes": "true", "y": "true", "no": "false", "n": "false"}


@dataclass(frozen=True)
class Codes:
    """What may stand in a column. names: by each value, the words that people know it by, "" where there are none."""

    names: Mapping[str, str]
    of_districts: bool = False

    def read(self, text: str) -> str:
        """The value that a text stands for; the text itself where it is none, or could be more than one."""
        if text in self.names:
            return text
        meant = self.meant(text)
        return meant[0] if len(meant) == 1 else text

    def meant(self, text: str) -> list[str]:
        """The values that a text could stand for, in order."""
        found = (known.get(way(text)) for way, known in self.spelled)
        return sorted(next(filter(None, found), ()))

    @cached_property
    def spelled(self) -> list[tuple[Callable[[str], str], dict[str, set[str]]]]:
        """Each way to write a name so that what does not count is left out, and the values by their codes and then by
        their names so written."""
        ways: tuple[Callable[[str], str], ...] = (joined, place_name) if self.of_districts else (joined,)
        found = []
        for way in ways:
            for names in (self.names.keys(), self.names.values()):
                known: dict[str, set[str]] = {}
                for value, name in zip(self.names, names, strict=True):
                    if words := way(name):
                        known.setdefault(words, set()).add(value)
                found.append((way, known))
        return found

    def near(self, text: str) -> str:
        """The value that was likely meant, with its name in words; "" where there is none."""
        if len(self.names) > NAMES_COMPARED:
            return ""
        written = {joined(words): value for value, name in self.names.items() for words in (value, name) if words}
        # Names that end in 1 and in 148 differ in little more than a slip of the pen, and are not each other.
        numbers = numbers_in(text)
        close = [one for one in get_close_matches(joined(text), written, n=9, cutoff=0.8) if numbers_in(one) <= numbers]
        if not close:
            return ""
        value = written[close[0]]
        return f"{self.names[value]} ({value})" if self.names[value] else value


def numbers_in(text: str) -> set[int]:
    """The numbers that stand in a text."""
    return {int(digits) for digits in re.findall(r"\d+", text, re.ASCII)}


def joined(text: str) -> str:
    """A name as its words alone."""
    return spelling(text.replace("'", "").replace("’", "").replace("&", " and "))


def place_name(text: str) -> str:
    """The name of a district as its words alone, without what kind of council it has."""
    return " ".join(word for word in joined(text).split() if word not in AROUND_A_NAME)


def codes_of(column: Column, pack: Pack) -> Codes | None:
    """What may stand in a column, with the words for it; None where that is not a list."""
    if column.words:
        values, known = pack.manifest.vocabulary(column.words), getattr(pack.manifest, column.words, None)
        return Codes({value: str(known[value].label) if isinstance(known, Mapping) else "" for value in values})
    if column.one_of:
        return Codes(dict.fromkeys(column.one_of, ""))
    table, _, target = column.refers_to.partition(".")
    if not table:
        return None
    frame, parts = pack.table(table), REFERENCE.match(target)
    named = f"{parts[1]}_name" if parts else ""
    frame = frame.dropna(subset=[target]).drop_duplicates(target)
    names = frame[named].fillna("") if named in frame else [""] * len(frame)
    return Codes(dict(zip(frame[target], names, strict=True)), column.refers_to == DISTRICT)


@dataclass(frozen=True, eq=False)
class Decoded:
    """A column as it is read. texts: with codes in place of names. before: as it was; changed: by the place of each of
    its different texts before, whether it became another."""

    texts: Texts
    before: Texts
    changed: npt.NDArray[np.bool_]


def decoded(texts: Texts, column: Column, codes: Codes | None) -> Decoded:
    """A column with each name and label read as its code."""
    if column.kind == "bool":
        read = [YES_AND_NO.get(text.casefold(), text) for text in texts.texts.to_pylist()]
    elif column.pattern == AGE_BAND_PATTERN:
        read = [ages_as_code(text) for text in texts.texts.to_pylist()]
    elif codes is not None:
        read = [codes.read(text) for text in texts.texts.to_pylist()]
    else:
        return Decoded(texts, texts, np.zeros(len(texts.texts), dtype=bool))
    return replaced(texts, read)


def ages_as_code(text: str) -> str:
    """A band of ages as the table writes it, where a text is one in words: 0 to 17, 85 and over."""
    band = band_of(text)
    return code_of(band) if band and band != EVERYONE and band[0] < band[1] else text


def replaced(texts: Texts, read: list[str]) -> Decoded:
    """A column with other texts, one for each of its different ones."""
    before = texts.texts.to_pylist()
    changed = np.fromiter((old != new for old, new in zip(before, read, strict=True)), dtype=bool, count=len(read))
    if not changed.any():
        return Decoded(texts, texts, changed)
    again = pa.array(read, pa.string()).dictionary_encode()
    indices: npt.NDArray[np.int64] = again.indices.to_numpy().astype("int64")
    return Decoded(Texts(again.dictionary, indices[texts.places]), texts, changed)


def renamed(column: Column, decoded: Decoded) -> npt.NDArray[np.bool_]:
    """The rows whose cell held a name, not just the code in other capitals."""
    names = decoded.changed & (column.kind != "bool")
    places, rows = np.unique(decoded.before.places, return_index=True)
    for place, row in zip(places.tolist(), rows.tolist(), strict=True):
        if names[place]:
            names[place] = joined(decoded.before.at(row)) != joined(decoded.texts.at(row))
    return np.asarray(names[decoded.before.places])


def note_of(column: Column, letter: str, decoded: Decoded, names: npt.NDArray[np.bool_]) -> str:
    """What to say of the names that were read as codes."""
    first, count = int(np.argmax(names)), int(names.sum())
    cells = "1 cell holds" if count == 1 else f"{count:,} cells hold"
    return (
        f"Column {column.name} ({letter}): {cells} a name in place of a code, read as its code, such as "
        f"{quoted(decoded.before.at(first))} as {decoded.texts.at(first)}."
    )


def explained(text: str, found: str, expected: str, codes: Codes) -> tuple[str, str]:
    """What to say of a text that is none of a column's values: what was found, and what was expected with the cure."""
    if codes.of_districts:
        words = retired_words(text, codes.names)
        if words:
            return f"{found}, {words.what}", f"{expected}: {words.cure}"
        if DISTRICT_CODE.fullmatch(text.strip()):
            first = next(iter(codes.names), "")
            known = f", such as {first} ({codes.names[first]})" if first else ""
            return (
                f"{found}, the code of no district of this pack",
                f"{expected}{known}: take the row out, or correct it",
            )
    several = codes.meant(text)
    if len(several) > 1:
        return f"{found}, which could be {' or '.join(several[:NAMED])}", f"{expected}: write its code"
    near = codes.near(text) if text else ""
    if near:
        return found, f"{expected}: is {near} meant?"
    if codes.of_districts and codes.names:
        first = next(iter(codes.names))
        return found, f"{expected}, or its name, such as {first} or {codes.names[first]}"
    return found, expected
