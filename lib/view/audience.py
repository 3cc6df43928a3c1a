"""For whom the app runs: for the commissioners, or for the market, on a published folder alone."""

from __future__ import annotations

import os

from lib.pack.faults import Fault, quoted

AUDIENCE = "AUDIENCE"  # in the environment
INSIDE, MARKET = "inside", "market"


def audience_written() -> str:
    """What the environment says of the audience."""
    return os.environ.get(AUDIENCE, "").strip().casefold()


def for_market() -> bool:
    """Whether the app runs for the market.

    A word that is neither counts as the market: whoever mistypes it shows less, and never more.
    """
    return audience_written() not in ("", INSIDE)


def audience_fault() -> Fault | None:
    """What is wrong with the word for the audience."""
    written = audience_written()
    if written in ("", INSIDE, MARKET):
        return None
    return Fault(AUDIENCE, None, "", quoted(written), f"{INSIDE} (the commissioners) or {MARKET} (a publication alone)")
