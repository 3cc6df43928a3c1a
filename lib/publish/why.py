"""Why a figure of a release is withheld, cell by cell. For the council alone: it tells which are small.

What it says rests on the true figures, so it must reach no publication, no file that leaves and no provider's screen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from enum import Enum

from lib.market.disclosure import Measure, is_small
from lib.pack.load import Pack
from lib.pack.manifest import Disclosure
from lib.publish.cells import SafeRelease, is_hidden
from lib.publish.control import Attempt
from lib.publish.drafts import Draft
from lib.whatif.scenarios.scenario import Scenario

Place = tuple[str, int, str]  # table, place of the row in its frame, column


class Why(Enum):
    """A reason, as it stands beside a cell, and in a sentence."""

    FEW = "few people", "It is, or rests on, a count of few."
    PROVIDERS = "few providers", "Too few providers give these hours, or one gives most of them."
    OTHERS = "protects another", "From it another figure could be worked out: from totals, other tables or an edition."
    FOLLOWS = "rests on c", "It is worked out from a figure that is withheld."

    @property
    def words(self) -> str:
        """As it stands beside a cell."""
        return str(self.value[0])

    @property
    def sentence(self) -> str:
        """In a sentence."""
        return str(self.value[1])


def reasons(
    pack: Pack, safe: SafeRelease, scenarios: Sequence[Scenario] = (), earlier: Sequence[SafeRelease] = ()
) -> dict[Place, Why]:
    """Why each suppressed cell of a release is so. safe: what `release` gave for the same arguments."""
    left_out = [name for name, _ in safe.report.left_out]
    attempt = Attempt(pack, tuple(scenarios), tuple(earlier), left_out, time.thread_time())
    drafts = {one.name: one for one in attempt.drafts}
    settings = pack.manifest.disclosure
    found: dict[Place, Why] = {}
    for table in safe.tables:
        draft = drafts.get(table.name)
        first = by_first_rule(draft, settings) if draft is not None else {}
        known = {(one.row, one.column) for one in draft.figures} if draft is not None else set()
        for column in table.frame.columns:
            for row, cell in enumerate(table.frame[column]):
                if is_hidden(cell):
                    after = Why.OTHERS if (row, column) in known else Why.FOLLOWS
                    found[table.name, row, column] = first.get((row, column), after)
    return found


def by_first_rule(draft: Draft, settings: Disclosure) -> dict[tuple[int, str], Why]:
    """The cells of a table that the first rules withhold, and by which of them."""
    found = {}
    for figure in draft.figures:
        if is_hidden(figure.shown):
            measure = draft.measures[figure.column]
            numbers = draft.numbers[figure.row]
            found[figure.row, figure.column] = first_rule(measure, numbers, settings)
    return found


def first_rule(measure: object, numbers: Mapping[str, float], settings: Disclosure) -> Why:
    """Few people or requests behind it come first; else, of hours, the providers who give them."""
    if not isinstance(measure, Measure) or measure.kind == "counts":
        return Why.FEW
    count = numbers.get(measure.count, math.nan)
    if math.isnan(count) or is_small(count, settings) or not (measure.providers or measure.largest):
        return Why.FEW
    few = bool(measure.providers) and not numbers[measure.providers] >= settings.fewest_providers
    most = bool(measure.largest) and not numbers[measure.largest] <= settings.dominance
    return Why.PROVIDERS if few or most else Why.FEW
