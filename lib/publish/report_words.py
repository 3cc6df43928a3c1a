"""The report of disclosure control as a document that can be read back, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lib.market.wording import counted
from lib.pack.manifest import Disclosure
from lib.publish.report import Loss, Report, Solved

# How long it took is of the machine, and not of the publication.
OF_THE_MACHINE = "seconds"


def report_document(report: Report) -> dict[str, Any]:
    """The report as plain values, the same for the same publication."""
    return {
        "losses": [asdict(one) for one in report.losses],
        "solved": [without_time(asdict(one)) for one in report.solved],
        "left_out": [{"table": table, "reason": reason} for table, reason in report.left_out],
    }


def without_time(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values without how long it took."""
    return {name: value for name, value in values.items() if name != OF_THE_MACHINE}


def report_from(document: Mapping[str, Any]) -> Report:
    """The report of a document; ValueError where it is none."""
    try:
        return Report(
            tuple(Loss(**one) for one in document.get("losses", ())),
            tuple(Solved(**one) for one in document.get("solved", ())),
            tuple((str(one["table"]), str(one["reason"])) for one in document.get("left_out", ())),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("losses, solved and left_out, as publish writes them") from error


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


def in_sentences(report: Report) -> list[str]:
    """What was suppressed, in sentences: how much, how it was worked out, what was left out."""
    lines = [
        f"Of {report.figures:,} figures, {share(report.share_at_first)} are suppressed by the first rules and "
        f"{share(report.share_in_addition)} more so that no other can be worked out."
    ]
    greedy = [one.block for one in report.solved if one.how == "greedy"]
    if report.solved:
        exact = "No smaller number of figures would have been enough."
        short = f"For {counted(len(greedy), 'group')} of figures, more may be suppressed than would have been enough."
        lines.append(short if greedy else exact)
    return lines + [f"Left out as a whole: {table}. {reason}" for table, reason in report.left_out]


def share(part: float) -> str:
    """A share of figures in words: under 0.1% is said so, and never 0."""
    return "none" if part == 0 else "under 0.1%" if part < 0.001 else f"{part:.1%}"


def loss_rows(
    report: Report, titles: Mapping[str, str], measures: Mapping[tuple[str, str], str]
) -> list[Sequence[str]]:
    """A row a table and measure: what it is, figures, suppressed at first, in addition, and the share that is lost."""
    return [
        (
            titles.get(one.table, one.table),
            measures.get((one.table, one.measure), one.measure),
            f"{one.figures:,}",
            f"{one.at_first:,}",
            f"{one.in_addition:,}",
            share(one.lost),
        )
        for one in report.losses
    ]
