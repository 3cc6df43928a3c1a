"""Which districts of a pack a publisher's file leaves out, and why: another county, or the codes of another year."""

from __future__ import annotations

from collections.abc import Mapping

from lib.pack.faults import Fault
from lib.pack.imports.successors import Retired, retired, today_of

_NAMED = 5


def left_out(file: str, wanted: Mapping[str, str], held: Mapping[str, str], what: str) -> list[Fault]:
    """What a file has not of the wanted districts: one fault, beside one for each that had another code in its year.

    wanted, held: the names of the districts of the pack, and of the areas in the file, by their codes. what: that the
    file should have of each, such as "outline".
    """
    missing = [code for code in wanted if code not in held]
    renamed = {code: words for code in missing if (words := _of_another_year(code, wanted, held))}
    if missing and len(missing) == len(wanted) and not renamed:
        expected = f"those of the pack, such as {named(missing[0], wanted)}"
        found = (
            f"{len(held):,} areas, {listed(held)}, none of them of the pack" if held else f"no {what} of any district"
        )
        return [Fault(file, None, "", found, expected)]
    faults = [Fault(file, None, "", *words) for words in renamed.values()]
    absent = {code: wanted[code] for code in missing if code not in renamed}
    if absent:
        found = f"no {what} of {listed(absent)}"
        if len(absent) > 1:
            found += f": {len(absent):,} of the {len(wanted):,} districts of the pack"
        faults.append(Fault(file, None, "", found, f"one {what} or more of each district of the pack"))
    return faults


def named(code: str, names: Mapping[str, str]) -> str:
    """A district by its name and code."""
    return f"{names[code]} ({code})" if names.get(code) else code


def listed(names: Mapping[str, str]) -> str:
    """The first areas of a file."""
    first = [named(code, names) for code in list(names)[:_NAMED]]
    rest = f" and {len(names) - _NAMED:,} others" if len(names) > _NAMED + 1 else ""
    if len(names) == _NAMED + 1:
        first.append(named(list(names)[-1], names))
    return ", ".join(first) + rest


def _of_another_year(code: str, wanted: Mapping[str, str], held: Mapping[str, str]) -> tuple[str, str] | None:
    """What was found and expected where the file has what came before a district, or after it; else None."""
    before = [
        one
        for one in retired().values()
        if one.code in held and code in (one.successor_code, today_of(one).successor_code)
    ]
    if before:
        last = today_of(before[0])
        every = [f"{one.name} ({one.code})" for one in before]
        earlier = " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else every[0]
        found = f"{earlier}, which became {named(code, wanted)} on {_day(last)}"
        return found, f"{named(code, wanted)} itself: take an edition of that day or later"
    gone = retired().get(code)
    if gone and (gone.successor_code in held or today_of(gone).successor_code in held):
        last = gone if gone.successor_code in held else today_of(gone)
        later = f"{last.successor_name} ({last.successor_code})"
        found = f"{later}, which took the place of {named(code, wanted)} on {_day(last)}"
        return found, f"{named(code, wanted)} itself: take an earlier edition"
    return None


def _day(one: Retired) -> str:
    return f"{one.since.day} {one.since:%B %Y}"
