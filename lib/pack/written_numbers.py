"""Numbers as people and spreadsheets write them, where the program's own way does not read them, or should not.

Each has one reading, and is read; or it has none, or two, and what is wrong and what to do is said in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from lib.pack.unread import NO_KIND, Unread, of_no_kind, tidy

MOST_DIGITS = 30
POINT, COMMA = ".", ","
GROUPED = {  # whole numbers with something between the thousands, by the decimal mark that can follow
    POINT: re.compile(r"-?[1-9]\d{0,2}((,\d{3})+|( \d{3})+)(\.\d+)?", re.ASCII),
    COMMA: re.compile(r"-?[1-9]\d{0,2}((\.\d{3})+|( \d{3})+)(,\d+)?", re.ASCII),
}
PLAIN = {POINT: re.compile(r"-?\d+(\.\d+)?", re.ASCII), COMMA: re.compile(r"-?\d+(,\d+)?", re.ASCII)}
# One mark with three digits behind it and one to three before it: thousands, or a fraction.
EITHER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def readings(bare: str) -> list[str]:
    """The decimal marks with which a text is a number."""
    return [mark for mark in (POINT, COMMA) if PLAIN[mark].fullmatch(bare) or GROUPED[mark].fullmatch(bare)]


def proven_marks(texts: Iterable[str]) -> set[str]:
    """The decimal marks that numbers prove by their form: those that could not be written with the other one."""
    found = [readings(tidy(text).strip("£%() ")) for text in texts if POINT in text or COMMA in text]
    return {marks[0] for marks in found if len(marks) == 1}


def decimal_marks(columns: Sequence[Iterable[str]], separator: str) -> list[str | None]:
    """The decimal mark of each column of a file that holds numbers; None where it is not known.

    With commas or tabs between the cells it is the point. With semicolons it is what the column's own numbers prove,
    else what those of the whole file do: semicolons are what a program writes where the comma is taken.
    """
    if separator != ";":
        return [POINT] * len(columns)
    proven = [proven_marks(texts) for texts in columns]
    whole = set().union(*proven)
    return [min(marks) if len(marks) == 1 else None for marks in (own or whole for own in proven)]


def number_as_written(text: str, mark: str | None, unit: str, nullable: bool) -> float | Unread:
    """A number that the program's own way does not read, or that could be read in two ways."""
    if len(text) > MOST_DIGITS and sum(letter.isdigit() for letter in text) > MOST_DIGITS:
        return Unread(f"a number of more than {MOST_DIGITS} digits", "round it")
    bare = tidy(text)
    wrong = of_no_kind(bare, "a number", nullable)
    if wrong is not None:
        return wrong
    if bare.startswith("'"):
        return Unread("with an apostrophe in front", "write the number without it")
    if bare.startswith("(") and bare.endswith(")"):
        return Unread("in brackets", "write a negative number with a minus")
    if "£" in bare:
        if "pounds" not in unit:
            return Unread("an amount of money", f"write a number of {unit}" if unit else "write the number alone")
        bare = re.sub(r"^(-?)\s*£\s*(?=[-\d])", r"\1", bare)
    share = bare.endswith("%") and unit.startswith("share")
    if bare.endswith("%") and not share:
        return Unread("a percentage", "write the number without %")
    bare = bare.removesuffix("%").rstrip() if share else bare
    if EITHER.fullmatch(bare) and mark is None:
        marked = bare.replace(".", ",")
        whole, _, rest = marked.partition(",")
        return Unread(
            f"which could be {whole}{rest} or {whole}.{rest}",
            "write it without anything between the thousands, and with a point for the decimals",
        )
    marks = [one for one in readings(bare) if mark in (one, None)]
    if marks:
        other = COMMA if marks[0] == POINT else POINT
        plain = Decimal(bare.replace(" ", "").replace(other, "").replace(marks[0], POINT))
        return float(plain / 100 if share else plain)
    if re.fullmatch(r"-?[\d ]*,\d+", bare):
        return Unread("with a comma that does not part thousands", "write the decimals behind a point")
    if re.fullmatch(r"-?[\d.,]+", bare, re.ASCII):
        return Unread(
            "whose points and commas have no certain meaning",
            "write it without anything between the thousands, and with a point for the decimals",
        )
    return NO_KIND
