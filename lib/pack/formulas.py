"""Text that a spreadsheet would run as a formula: how a file holds it so that it is only shown, and reads back."""

from __future__ import annotations

import re
from typing import Any

# Some pass over what stands before the sign, white space or what cannot be seen, and take signs of full width too. An
# apostrophe before it is already a mark: one more tells such a text from one that was marked.
FORMULA = re.compile(
    "'*(?:[\\t\\r\\n]|[\\s\\x00-\\x1f\\u200b\\u200e\\u200f\\ufeff]*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20])"
)


def safe_cell(value: Any) -> Any:
    """A cell that a spreadsheet shows and never runs: text that starts like a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def without_mark(text: str) -> str:
    """The text that `safe_cell` made a cell of."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
