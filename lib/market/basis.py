"""What a figure rests on, and so how it is known.

A calculation states its inputs once, with `rests_on`, beside the code that reads them: tables of the pack by name, or
other calculations. The status of every figure is worked out from there: nobody types one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeVar

from lib.market.awaited import NOT_YET, not_given
from lib.pack.load import Pack
from lib.pack.manifest import STATUS_MEANINGS, STATUS_ORDER, Status, weakest

PROJECTED = "projected"
MEANINGS: dict[str, str] = {str(status): words for status, words in STATUS_MEANINGS.items()}
MEANINGS[PROJECTED] = "Worked out for a year to come, from stated assumptions; beside it stands its weakest input."
EXACT: tuple[Status, ...] = ("published", "derived", "supplied", "context")
READERS_OWN = "the reader's own assumption"

Calculation = TypeVar("Calculation", bound=Callable[..., Any])


@dataclass(frozen=True)
class Standing:
    """How a figure is known: the weakest status of its inputs, and whether it is of a year to come.

    assumed: the context and the assumptions that make it modelled, in words; empty where its tables alone make it no
    better. waits: whether nobody has given one of its tables, or of the rows that it needs, as yet, so that there is no
    figure to be known.
    """

    status: Status
    projected: bool = False
    assumed: tuple[str, ...] = ()
    waits: bool = False

    def __str__(self) -> str:
        """The standing as its tag says it: "published", "projected, illustrative", "modelled (from: ...)"."""
        if self.waits:
            return NOT_YET
        words = f"{PROJECTED}, {self.status}" if self.projected else self.status
        return f"{words} (with: {'; '.join(self.assumed)})" if self.assumed else words

    @property
    def exact(self) -> bool:
        """Whether a figure so known is shown to the digit: it was published or counted, or is arithmetic on such.

        What somebody modelled or made up, and every year to come, is known to fewer digits than were worked out.
        """
        return not self.projected and self.status in EXACT


@dataclass(frozen=True)
class Basis:
    """The inputs of a calculation: tables of the pack, whether it looks ahead, and what else it assumes, in words."""

    tables: tuple[str, ...] = ()
    projected: bool = False
    assumed: tuple[str, ...] = ()

    def __or__(self, other: Basis) -> Basis:
        """What rests on both."""
        return Basis(
            tuple(dict.fromkeys((*self.tables, *other.tables))),
            self.projected or other.projected,
            tuple(dict.fromkeys((*self.assumed, *other.assumed))),
        )

    def ahead(self) -> Basis:
        """The same for a year to come."""
        return replace(self, projected=True)

    def assuming(self, *words: str) -> Basis:
        """The same where it also rests on something that no table states, such as what a reader set."""
        return replace(self, assumed=tuple(dict.fromkeys((*self.assumed, *words))))


Input = str | Basis | Callable[..., Any]


def rests_on(
    *inputs: Input, projected: bool = False, assumed: Iterable[str] = ()
) -> Callable[[Calculation], Calculation]:
    """State what a calculation rests on: names of tables, and other calculations that state theirs."""

    def state(calculation: Calculation) -> Calculation:
        found = basis(*inputs) | Basis((), projected, tuple(assumed))
        calculation.basis = found  # type: ignore[attr-defined]
        return calculation

    return state


def basis(*inputs: Input) -> Basis:
    """What rests on all of these. TypeError for a calculation that does not state what it rests on."""
    return reduce(Basis.__or__, (basis_of(one) for one in inputs), Basis())


def basis_of(one: Input) -> Basis:
    """The basis of one table, calculation or basis."""
    if isinstance(one, str):
        return Basis((one,))
    if isinstance(one, Basis):
        return one
    found = getattr(one, "basis", None)
    if not isinstance(found, Basis):
        raise TypeError(f"{getattr(one, '__name__', one)} does not state what it rests on: see rests_on")
    return found


def standing(pack: Pack, *inputs: Input) -> Standing:
    """How what rests on these inputs is known in a pack.

    The weakest status of the tables counts. Context and assumptions count as modelled, and are named where the tables
    alone would stand better; a figure that is nothing but context stays context.
    """
    whole = basis(*inputs)
    waits = bool(not_given(pack, whole.tables))
    resources = [pack.manifest.resource(name) for name in whole.tables]
    context = tuple(resource.title for resource in resources if resource.status == "context")
    if context and len(context) == len(resources) and not whole.assumed and not whole.projected:
        return Standing("context", waits=waits)
    plain = weakest([resource.status for resource in resources if resource.status != "context"])
    assumed = (*context, *whole.assumed)
    if assumed and STATUS_ORDER.index(plain) < STATUS_ORDER.index("modelled"):
        return Standing("modelled", whole.projected, assumed, waits)
    return Standing(plain, whole.projected, waits=waits)


def together(standings: Iterable[Standing]) -> Standing:
    """How a figure made of several is known: the weakest of theirs; context where each of them is only context."""
    every = list(standings)
    projected = any(one.projected for one in every)
    waits = any(one.waits for one in every)
    if every and all(one.status == "context" for one in every) and not projected:
        return Standing("context", waits=waits)
    status = weakest([one.status for one in every])
    assumed = tuple(dict.fromkeys(words for one in every for words in one.assumed)) if status == "modelled" else ()
    return Standing(status, projected, assumed, waits)
