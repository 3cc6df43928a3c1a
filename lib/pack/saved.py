"""How people's programs save a table as text: the bytes, the separator and the names above the columns.

Each is read where it has exactly one reading; where it has none, or two, the file is refused with what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Sequence

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MARKS_OF_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff")
MARKS_OF_FOUR_BYTES = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
NOT_TEXT = "bytes that are not text in UTF-8 and could be read in more than one way"
SAVE_AS_UTF8 = "a file saved again as CSV UTF-8 (comma delimited)"

SEPARATORS = (",", ";", "\t", "|")
# Excel's own line that names the separator. No spreadsheet shows it, and it is no row.
SEP_LINE = re.compile(r'\ufeff?"?sep=.?"?[,;\t|]*[\r\n]*', re.IGNORECASE)
FIRST_PART = 1_000_000  # of the file, in which the header stands
ROWS_BEFORE_NAMES = 20

# What Windows writes in English and its neighbours: pound and euro signs, quotation marks, dashes, accented letters.
# The rest of code page 1252 is letters that nobody here uses, where an older code page has the ones they do.
WINDOWS = bytes([0x80, 0x85, *range(0x91, 0x98), 0x99, *range(0xA0, 0x100)])
# A letter of two to four bytes in UTF-8, or the beginning of one at the end of the file.
LETTER_IN_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\xc2-\xf4][\x80-\xbf]*\Z"
)


def encoding_of(content: bytes) -> str | None:
    """The one encoding in which the bytes are text, by Python's name; None where there is none, or more than one."""
    if content.startswith(MARKS_OF_FOUR_BYTES):
        return "utf-32"
    if content.startswith(MARKS_OF_TWO_BYTES):
        return "utf-16"
    # Two bytes a letter without the mark that says so: in no other encoding does a table begin with a letter and a NUL.
    for encoding, start in (("utf-16-le", content[1:2]), ("utf-16-be", content[:1])):
        if start == b"\0" and content[:2] != b"\0\0":
            return encoding
    if content.isascii():
        return "utf-8"
    if not is_utf8(content):
        foreign = content.translate(None, bytes(range(0x80)) + WINDOWS)
        if foreign or content.startswith(BYTE_ORDER_MARK) or LETTER_IN_UTF8.search(content):
            return None
        return "cp1252"
    return "utf-8-sig"


def is_utf8(content: bytes) -> bool:
    """Whether bytes are text in UTF-8; looked at in pieces, as a text may take four times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    whole = memoryview(content)
    try:
        for start in range(0, len(content), FIRST_PART):
            decoder.decode(whole[start : start + FIRST_PART])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def undecoded(text: str) -> bool:
    """Whether a text holds bytes that could not be read and were let through as they are."""
    return any("\udc80" <= letter <= "\udcff" for letter in text)


def without_sep_line(text: io.TextIOWrapper) -> None:
    """Pass over the line that names the separator, where the file begins with one."""
    start = text.tell()
    try:
        line = text.readline(20)
    except UnicodeError:
        line = ""
    if not SEP_LINE.fullmatch(line):
        text.seek(start)


def separator_of(content: bytes, encoding: str, names: Collection[str]) -> str:
    """What stands between the cells: the separator by which most names of the table's columns are in one row."""
    text = content[:FIRST_PART].decode(encoding, errors="ignore")
    text = text.removeprefix(SEP_LINE.match(text)[0]) if SEP_LINE.match(text) else text  # type: ignore[index]
    return max(SEPARATORS, key=lambda separator: most_names(text, separator, names))


def most_names(text: str, separator: str, names: Collection[str]) -> tuple[int, int]:
    """How many names of columns a row near the top has, and how many cells, when a separator is tried."""
    most = (0, 0)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _, cells in zip(range(ROWS_BEFORE_NAMES), rows, strict=False):
            found = len({*headings(cells, names)} & {*names})
            if any(map(str.strip, cells)):
                most = max(most, (found, 0 if names else len(cells)))
                if found or not names:
                    break
    except csv.Error:
        pass
    return most


def headings(cells: Sequence[str], names: Collection[str]) -> list[str]:
    """The names above the columns: as the table has them where only capitals and spaces differ, else as they stand."""
    known = {name.casefold(): name for name in names}
    bare = [cell.replace("\ufeff", "").strip() for cell in cells]
    return [known.get("_".join(name.casefold().split()), name) for name in bare]


def letter(place: int) -> str:
    """The spreadsheet's letter of a column by its place from 0: A to Z, then AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def letters_of(heading: Sequence[str]) -> dict[str, str]:
    """The spreadsheet's letter of each column that has a name."""
    return {name: letter(place) for place, name in enumerate(heading) if name}
