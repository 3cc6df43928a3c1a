"""What a figure that nobody published reads as, by a plain rule of its own: nothing of lib is used."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def to_the(value: float, step: int) -> int:
    """A figure to the nearest step, half away from zero."""
    return int((Decimal(repr(float(value))) / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def hours(value: float) -> str:
    """Hours below 10 million: to the thousand from a million up, the hundred from 10,000, the ten from 1,000."""
    size = abs(value)
    return f"{to_the(value, 1_000 if size >= 1e6 else 100 if size >= 1e4 else 10 if size >= 1e3 else 1):,}"


def people(value: float) -> str:
    """People below a million: whole, in four digits at most."""
    return f"{to_the(value, 100 if value >= 1e5 else 10 if value >= 1e4 else 1):,}"


def ratio(value: float) -> str:
    """A ratio below 100, to two decimals; what is not enough does not read as 1.00."""
    return "just under 1.00" if 0.995 <= value < 1 else f"{Decimal(to_the(100 * value, 1)) / 100:.2f}"


def pounds(value: float) -> str:
    """Pounds: four digits at most, three or four that say something, two below 100,000, whole below 1,000."""
    if value >= 1_000_000_000 or to_the(value, 100_000) >= 1_000_000_000:
        return f"£{to_the(value, 1_000_000) // 1_000_000:,}m"
    if value >= 10_000_000 or to_the(value, 10_000) >= 10_000_000:
        return f"£{Decimal(to_the(value, 100_000)) / 1_000_000:.1f}m"
    if value >= 1_000_000 or to_the(value, 1_000) >= 1_000_000:
        return f"£{Decimal(to_the(value, 10_000)) / 1_000_000:.2f}m"
    return f"£{to_the(value, 1_000 if value >= 10_000 else 100 if value >= 1_000 else 1):,}"


def said(value: float, text: str) -> str:
    """The same in a sentence: "about" stands where rounding took something off the whole number."""
    digits = text.removeprefix("£").replace(",", "")
    written = Decimal(digits.removesuffix("m")) * (1_000_000 if digits.endswith("m") else 1)
    return text if written == to_the(value, 1) else f"about {text}"
