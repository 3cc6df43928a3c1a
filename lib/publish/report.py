"""What disclosure control did to a publication: how much was suppressed, why, and how it was worked out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Loss:
    """One measure of one table: its figures that are known, how many the primary rule hides, how many more are hidden.

    lost: the share of the measure, at the table's finest level, that stands in hidden cells, 0 to 1.
    """

    table: str
    measure: str
    figures: int
    at_first: int
    in_addition: int
    lost: float


@dataclass(frozen=True)
class Solved:
    """How one block of quantities was made safe.

    how: "nothing to add", "exact" (nothing cheaper is safe) or "greedy" (safe, but more may be hidden than must be).
    """

    block: str
    how: str
    at_first: int
    in_addition: int
    rounds: int
    seconds: float = field(compare=False, default=0.0)


@dataclass(frozen=True)
class Report:
    """What was suppressed in a publication.

    Attributes:
        losses: one a measure of a table.
        solved: one a block of quantities.
        left_out: tables that could not be made safe, each with the reason in a sentence.
        already: figures that published facts and earlier editions tell whatever is hidden here, in words; for the
            council alone.
        seconds: how long it took; not part of what makes two reports the same.
    """

    losses: tuple[Loss, ...] = ()
    solved: tuple[Solved, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    seconds: float = field(compare=False, default=0.0)
    already: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every block was solved exactly."""
        return all(one.how != "greedy" for one in self.solved)

    @property
    def figures(self) -> int:
        """How many figures the tables have, shown or hidden."""
        return sum(one.figures for one in self.losses)

    @property
    def share_at_first(self) -> float:
        """The share of figures that the primary rule hides."""
        return sum(one.at_first for one in self.losses) / max(self.figures, 1)

    @property
    def share_in_addition(self) -> float:
        """The share of figures that are hidden so that no other can be worked out."""
        return sum(one.in_addition for one in self.losses) / max(self.figures, 1)
