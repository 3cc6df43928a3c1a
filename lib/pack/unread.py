"""What stands where a figure should be: a spreadsheet's error, a publisher's word for what is not known, odd spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.pack.faults import quoted

# A spreadsheet's errors, and a cell too narrow for its number.
ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|##+)", re.IGNORECASE)
# What publishers write for a figure that they do not know, or do not show.
NOT_KNOWN = re.compile(
    r"[<≤]\s*\d+|c|\[(c|x|z|u|low)\]|[*.:\-–—?]+|n/?a|n\.a\.|not (known|available|applicable)|unknown|suppressed|tb[cd]"
    r"|null|none",
    re.IGNORECASE,
)
SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u2009\u202f", " ") | {"−": "-"})


@dataclass(frozen=True)
class Unread:
    """Why a text is not read: what is found, said after the text itself, and the cure, said after what is expected."""

    found: str
    cure: str

    def in_words(self, text: str, expected: str) -> tuple[str, str]:
        """What was found and what was expected, for a fault."""
        return f"{quoted(text)}, {self.found}", f"{expected}: {self.cure}"


SPREADSHEET_ERROR = Unread("a spreadsheet's error", "mend the formula, or widen the column, and save again")
NO_KIND = Unread("", "")  # of which nothing more can be said than what was expected


def of_no_kind(text: str, noun: str, nullable: bool) -> Unread | None:
    """What to say of a text that is a spreadsheet's error, or a publisher's word for a figure that is not known.

    `noun` is what was to be read, such as "a number".
    """
    if ERROR.fullmatch(text):
        return SPREADSHEET_ERROR
    if not NOT_KNOWN.fullmatch(text):
        return None
    cure = "leave the cell empty" if nullable else "the column needs one in each row"
    return Unread(f"a suppressed or unknown value, which cannot be read as {noun}", cure)


def is_error(text: str) -> bool:
    """Whether a text is a spreadsheet's error."""
    return text.startswith("#") and ERROR.fullmatch(text) is not None


def tidy(text: str) -> str:
    """A text with plain spaces and a plain minus."""
    return " ".join(text.translate(SPACES).split())
