"""Words of a pack that no single column can check: units of figures, filters of the reconciliation, services with lots.

A unit is what a figure counts, and for a rate the time that it is counted in: GBP, percent, hours a week. Money and
percentages are shown with their sign; every other unit is shown as it is written, so it must be one that is known: a
slip of the pen would stand on the page as if it were right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from lib.pack.faults import Fault, limited, quoted
from lib.pack.manifest import MANIFEST, Manifest

MONEY, PERCENT = "GBP", "percent"
# Units that only say what kind of text the value is.
WORDLESS_UNITS = ("text", "rating")
COUNTED = ("hours", "days", "people", "adults", "children", "providers", "requests")
RATES = ("an hour", "a day", "a week", "a month", "a year")
# The columns of reconciliation.csv that list codes with ; between them, and the vocabularies of these.
FILTERS = {"service": "services", "service_type": "service_types", "cohort": "cohorts", "route": "routes"}


def known_units(manifest: Manifest) -> tuple[str, ...]:
    """The units that a figure may have, without the time of a rate: the program's own, then the pack's."""
    people = (service.people for service in manifest.services.values())
    return tuple(dict.fromkeys((MONEY, PERCENT, *WORDLESS_UNITS, *COUNTED, *people, *manifest.units)))


def is_known_unit(unit: str, known: Collection[str]) -> bool:
    """Whether a unit is one of those known, or what one of them counts in a time."""
    rate = next((f" {rate}" for rate in RATES if unit.endswith(f" {rate}")), "")
    counted = unit.removesuffix(rate)
    return unit in known or (counted in known and counted not in WORDLESS_UNITS)


def word_faults(raw: Mapping[str, pd.DataFrame], places: Mapping[str, str], manifest: Manifest) -> list[Fault]:
    """A fault for each unit and code of a filter that nobody knows, and for each service that has no lot at all."""
    known = known_units(manifest)
    expected = (
        f"one of {', '.join(known)}, for a rate with {', '.join(RATES)} behind it "
        f"(more words can stand in {MANIFEST}, units)"
    )
    faults = [
        Fault(MANIFEST, None, f"services.{code}.derivations.{quoted(one.label)}.unit", quoted(one.unit), expected)
        for code, service in manifest.services.items()
        for one in service.derivations
        if not is_known_unit(one.unit, known)
    ]
    if "lots" in raw:
        served = set(raw["lots"]["service"].dropna())
        faults += [
            Fault(MANIFEST, None, f"services.{code}", "no lot of it", f"a service type and cohort in {places['lots']}")
            for code in manifest.services
            if code not in served
        ]
    if "facts" in raw:
        units = raw["facts"]["unit"].dropna()
        wrong = [(row, unit) for row, unit in zip(units.index, units, strict=True) if not is_known_unit(unit, known)]
        faults += limited([Fault(places["facts"], int(row), "unit", quoted(unit), expected) for row, unit in wrong])
    if "reconciliation" in raw:
        for column, vocabulary in FILTERS.items():
            codes = manifest.vocabulary(vocabulary)
            lists = raw["reconciliation"][column].dropna()
            faults += limited(
                [
                    Fault(places["reconciliation"], int(row), column, quoted(code), f"one of {', '.join(codes)}")
                    for row, text in zip(lists.index, lists, strict=True)
                    for code in text.split(";")
                    if code not in codes
                ]
            )
    return faults
