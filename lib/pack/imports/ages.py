"""Ages as publishers write them, and how bands of ages are put together from others."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

# The last age of an open band such as 90+.
OLDEST = 999
# A first and a last age; all ages together are no band of their own, but a total to check by.
Band = tuple[int, int]
EVERYONE: Band = (0, OLDEST)

_TOTALS = re.compile(
    r"(all (ages?|persons|people|usual residents|categories\b.*)|total(:? all ages| population)?|all)", re.IGNORECASE
)
_LEADING = re.compile(r"^(age[ds]?|persons?|people|aged?)\b\s*(group|band)?\s*[:,\-]?\s*", re.IGNORECASE)
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"under 1( year)?|less than (1|one)( year)?", re.IGNORECASE), "first"),
    (re.compile(r"(?:under|less than) (\d{1,3})( years?)?", re.IGNORECASE), "under"),
    (re.compile(r"(\d{1,3}) ?(?:years? )?(?:and|or) (?:under|younger)", re.IGNORECASE), "up to"),
    (re.compile(r"(\d{1,3}) ?(?:years? )?(?:\+|plus|(?:and|or|&) (?:over|older|above))", re.IGNORECASE), "open"),
    (re.compile(r"(\d{1,3}) ?(?:-|–|—|to|_) ?(\d{1,3})( years?)?", re.IGNORECASE), "between"),
    (re.compile(r"(\d{1,3})( years?( old)?)?", re.IGNORECASE), "single"),
)


def band_of(text: str) -> Band | None:
    """The ages that a text names: "15-19", "Aged 85 years and over", "Age: Total", "90+", "7"; None for any other."""
    bare = " ".join(text.replace("\xa0", " ").split())
    for _ in range(3):  # "Age: Aged 4 years and under"
        if _TOTALS.fullmatch(bare):
            return EVERYONE
        bare = _LEADING.sub("", bare)
    bare = bare.strip()
    for form, kind in _FORMS:
        found = form.fullmatch(bare)
        if found:
            return _band(kind, [int(part) for part in found.groups() if part and part.isdigit()])
    return None


def _band(kind: str, ages: list[int]) -> Band | None:
    if kind == "first":
        return 0, 0
    low, high = {
        "under": (0, ages[0] - 1),
        "up to": (0, ages[0]),
        "open": (ages[0], OLDEST),
    }.get(kind, (ages[0], ages[-1]))
    return (low, high) if 0 <= low <= high and low <= 130 else None


def is_date_of_ages(text: str) -> bool:
    """Whether a text is the date that a spreadsheet makes of ages such as 1-17 or 5-9."""
    form = r"\d{4}-\d\d-\d\d.*|\d{1,2}[-/ ][A-Za-z]{3}([-/ ]\d+)?|[A-Za-z]{3}[-/ ]\d{1,2}"
    return re.fullmatch(form, text.strip()) is not None


def code_of(band: Band) -> str:
    """A band as the population table writes it: 0-17, 90+."""
    low, high = band
    return f"{low}+" if high == OLDEST else f"{low}-{high}"


def words_of(band: Band) -> str:
    """A band in words: 15 to 19, 85 and over, 7."""
    low, high = band
    if high == OLDEST:
        return f"{low} and over"
    return f"{low}" if low == high else f"{low} to {high}"


def band_of_code(code: str) -> Band:
    """The ages of a band of the population table; its model lets no other form pass."""
    low, _, high = code.removesuffix("+").partition("-")
    return int(low), OLDEST if code.endswith("+") else int(high)


def made_of(band: Band, bands: Collection[Band]) -> list[Band] | None:
    """The bands that make up a band exactly, without a gap or an overlap: the narrowest first; None where none do."""
    starting: dict[int, list[Band]] = {}
    for one in sorted(bands, key=lambda one: one[1]):
        starting.setdefault(one[0], []).append(one)

    @cache
    def parts(low: int) -> tuple[Band, ...] | None:
        for one in starting.get(low, ()):
            if one[1] == band[1]:
                return (one,)
            rest = parts(one[1] + 1) if one[1] < band[1] else None
            if rest is not None:
                return (one, *rest)
        return None

    found = parts(band[0])
    return None if found is None else list(found)
