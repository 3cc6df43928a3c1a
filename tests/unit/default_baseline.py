"""The baseline of domiciliary care of the default pack, worked out once for the tests, and a still scenario."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare

HOME_CARE = "domiciliary_care"
STILL: dict[str, Any] = {
    "name": "Still",
    "service": HOME_CARE,
    "years": 5,
    "demand": {"demographic": False, "need_growth_pct": 0},
}


@cache
def the_pack() -> Pack:
    return load_pack(Path(__file__).parents[2] / "data")


@cache
def the_home() -> Baseline:
    return prepare(the_pack(), HOME_CARE)
