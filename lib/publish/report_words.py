"""What was suppressed: for everybody, as it stands in a publication; and for the council alone, with why.

A publication tells how many figures are suppressed, which anybody can count. How many of them the first rules took, and
which share of the hours or people stands in them, is for the council: with an exact total, it would tell of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lib.market.disclosure import SUPPRESSED
from lib.market.wording import counted
from lib.pack.manifest import Disclosure
from lib.publish.cells import SafeTable
from lib.publish.report import Report

LEAST = "No smaller number of figures would have been enough."


def public_report(tables: Iterable[SafeTable], report: Report) -> dict[str, Any]:
    """What a publication tells of its suppression, as plain values: the same for the same tables.

    suppressed: by table and measure how many figures there are, and how many of them are c. least: whether no smaller
    number would have been enough. left_out: the tables that could not be made safe.
    """
    rows = []
    for table in tables:
        for one in (field for field in table.fields if field.type != "string"):
            cells = [cell for cell in table.frame[one.name] if cell == cell]
            hidden = sum(isinstance(cell, str) and cell == SUPPRESSED for cell in cells)
            rows.append({"table": table.name, "measure": one.name, "figures": len(cells), "suppressed": hidden})
    return {"suppressed": rows, "least": report.exact, "left_out": [table for table, _ in report.left_out]}


def checked_report(document: Mapping[str, Any]) -> dict[str, Any]:
    """A report that was read, as `public_report` made it; ValueError where it is none."""
    try:
        return {
            "suppressed": [
                {"table": str(one["table"]), "measure": str(one["measure"])}
                | {name: whole(one[name]) for name in ("figures", "suppressed")}
                for one in document["suppressed"]
            ],
            "least": bool(document["least"]),
            "left_out": [str(one) for one in document["left_out"]],
        }
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("suppressed, least and left_out, as publish writes them") from error


def whole(value: Any) -> int:
    """A number of figures; TypeError for anything else."""
    if not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def rules(settings: Disclosure) -> list[str]:
    """The rules by which figures are withheld and rounded, in sentences."""
    return [
        f"A count of 1 to {settings.threshold} is suppressed: it stands as c. 0 stays 0.",
        f"Hours are suppressed where they are of 1 to {settings.threshold} people, where fewer than "
        f"{settings.fewest_providers} providers give them, or where one gives more than {settings.dominance:.0%}.",
        f"Counts are rounded to {settings.round_counts} and hours to {settings.round_hours}, so that rows need not add "
        "up to their totals. Totals that the council has published already are exact.",
        "Further figures are suppressed so that none of these can be worked out from totals, other tables, a scenario "
        "or an earlier edition.",
        "An empty cell of a file is not known to the council: it is neither 0 nor suppressed.",
    ]


def public_sentences(document: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """What a publication says of its suppression. titles: of the tables, by name."""
    rows = document["suppressed"]
    figures, hidden = (sum(one[name] for one in rows) for name in ("figures", "suppressed"))
    lines = [f"Of {figures:,} figures, {hidden:,} are suppressed ({share(hidden / max(figures, 1))})."]
    if document["least"]:
        lines.append(LEAST)
    else:
        lines.append("More may be suppressed than would have been enough: the search for the least was stopped.")
    return lines + [
        f"Left out as a whole, as it could not be made safe: {titles.get(name, f'the table {name}')}."
        for name in document["left_out"]
    ]


def public_rows(
    document: Mapping[str, Any], titles: Mapping[str, str], measures: Mapping[tuple[str, str], str]
) -> list[Sequence[str]]:
    """A row a table and measure: what it is, its figures, and how many of them and which share are suppressed."""
    return [
        (
            titles.get(one["table"], one["table"]),
            measures.get((one["table"], one["measure"]), one["measure"]),
            f"{one['figures']:,}",
            f"{one['suppressed']:,}",
            share(one["suppressed"] / max(one["figures"], 1)),
        )
        for one in document["suppressed"]
    ]


def in_sentences(report: Report) -> list[str]:
    """For the council: how much was suppressed and why, how it was worked out, what was left out."""
    lines = [
        f"Of {report.figures:,} figures of people, requests, providers and hours, {share(report.share_at_first)} are "
        f"suppressed by the first rules and {share(report.share_in_addition)} more so that no other can be worked out. "
        "What is worked out from these, such as coverage, is suppressed where one of them is."
    ]
    greedy = [one.block for one in report.solved if one.how == "greedy"]
    if report.solved:
        more = f"For {counted(len(greedy), 'group')} of figures, more may be suppressed than would have been enough."
        lines.append(more if greedy else LEAST)
    lines += [f"Told by what is published already, whatever is suppressed here: {words}." for words in report.already]
    return lines + [f"Left out as a whole: {table}. {reason}" for table, reason in report.left_out]


def share(part: float) -> str:
    """A share of figures in words: under 0.1% is said so, and never 0."""
    return "none" if part == 0 else "under 0.1%" if part < 0.001 else f"{part:.1%}"
