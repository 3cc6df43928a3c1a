"""Which lots are of which ages, by the age bands that their need is drawn from: no code of a pack is named here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from lib.pack.load import Pack
from lib.pack.needed_rows import OLDER, needed_rates

Ages = Literal["children", "working_age", "older"]
ADULT = 18
Lot = tuple[str, str]  # service type and cohort


@lru_cache(maxsize=64)
def lots_of_ages(pack: Pack, service: str, ages: Ages) -> tuple[Lot, ...]:
    """The lots (service_type, cohort) of a service whose cohort is of certain ages, in the order of lots.csv.

    Children are under 18, working age is 18 to 64, older is 65 and over. A cohort counts where every age band with a
    weight above 0 (reference/service_rates.csv) lies within these ages. The first lot is the cohort's main one.
    """
    lowest, highest = {"children": (0, ADULT - 1), "working_age": (ADULT, OLDER - 1), "older": (OLDER, 999)}[ages]
    rates = needed_rates(pack, service)
    bands = {cohort: [ends(band) for band in rows["age_band"]] for cohort, rows in rates.groupby("cohort")}
    chosen = {code for code, own in bands.items() if all(lowest <= low and high <= highest for low, high in own)}
    lots = pack.lots_of(service)
    pairs = zip(lots["service_type"], lots["cohort"], strict=True)
    return tuple((str(kind), str(cohort)) for kind, cohort in pairs if cohort in chosen)


def ends(band: str) -> tuple[int, int]:
    """The first and the last age of a band such as 65-74 or 90+."""
    numbers = [int(number) for number in re.findall(r"\d+", band)]
    return numbers[0], 999 if band.endswith("+") else numbers[-1]


def service_of_ages(pack: Pack, ages: Ages) -> str:
    """The first service of the manifest that has lots of certain ages; "" where none has."""
    return next((code for code in pack.manifest.services if lots_of_ages(pack, code, ages)), "")


def turns_18(pack: Pack, service: str) -> bool:
    """Whether children who turn 18 leave or join a service: those of one service join the adults of one service."""
    ends_of_the_move = (service_of_ages(pack, "children"), service_of_ages(pack, "working_age"))
    return all(ends_of_the_move) and service in ends_of_the_move
