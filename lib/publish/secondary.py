"""Secondary suppression: which further figures to hide, so that no hidden one can be worked out, at the least loss.

A small integer problem: hidden or shown, for each secret; the sum of what is lost, least. Its conditions are found by
attacking: each hidden figure that keeps too narrow an interval gives one (a cutting plane, from the attack's own dual
values), until none is left. Fischetti and Salazar's method, with rounding as further room.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from lib.publish.attack import TOLERANCE, Attacker, Exposed
from lib.publish.problem import Flags, Problem

NOTHING, EXACT, GREEDY = "nothing to add", "exact", "greedy"
# Beyond these the answer is greedy, on every machine alike: of rounds, of the solver's nodes, and of a block's entries.
# The clock is only the last resort.
MOST_ROUNDS, MOST_NODES, MOST_ENTRIES = 40, 500, 20_000
BEGUN_AFRESH = 30  # rounds of a greedy answer that may show again what an earlier one has hidden
MARGIN = 1e-4  # by how much wider an interval is asked for, so that the last digits of a float do not decide


class Infeasible(Exception):
    """Nothing that could be hidden would keep these secrets: the places that the rules hide and that are exposed."""

    def __init__(self, places: list[int]) -> None:
        """Keep the places."""
        super().__init__("nothing more can be hidden")
        self.places = places


@dataclass(eq=False)
class Cuts:
    """The conditions so far: gains x hidden >= least, each a row of gains."""

    gains: list[sparse.csr_array] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def add(self, one: Exposed, at_first: Flags) -> None:
        """Add what would have kept a row that was exposed: gains x hidden >= needed x hidden[place] - base."""
        always = bool(at_first[one.place])
        room = one.needed * (1 + MARGIN) - one.base
        gains = np.minimum(one.gains, room) if room > 0 else one.gains.copy()
        if not always:
            gains[one.place] -= one.needed * (1 + MARGIN)
        self.gains.append(sparse.csr_array(gains[None, :] / one.needed))
        self.least.append((room if always else -one.base) / one.needed)

    def add_all(self, found: list[Exposed], at_first: Flags) -> None:
        """Add what would have kept each of these."""
        for one in found:
            self.add(one, at_first)

    @property
    def matrix(self) -> sparse.csr_array:
        """All rows."""
        return sparse.vstack(self.gains).tocsr()


@dataclass(frozen=True, eq=False)
class Answer:
    """Which places are hidden, and how that was found."""

    hidden: Flags
    how: str
    rounds: int


def suppressed(problem: Problem, deadline: float) -> Answer:
    """What to hide so that the attack finds nothing. Infeasible where nothing that could be hidden is enough.

    First a greedy answer, whose conditions then lead to the least. Where that is more work than is done on any machine,
    or runs out of time, the greedy answer stands: there are these two, and no third that hangs on the machine.

    deadline: of the processor time of this thread.
    """
    attacker, cuts = Attacker(problem), Cuts()
    found = attacker.exposed(problem.at_first)
    if not found:
        return Answer(problem.at_first, NOTHING, 0)
    cuts.add_all(found, problem.at_first)
    if problem.matrix.nnz > MOST_ENTRIES:
        return greedy(problem, attacker, cuts)
    most = everything(problem, attacker, cuts)
    safe = thinner(problem, attacker, cuts, greedy(problem, attacker, cuts, most))
    return cheapest(problem, attacker, cuts, safe, most, deadline) or safe


def everything(problem: Problem, attacker: Attacker, cuts: Cuts) -> Flags:
    """The most that can be hidden: all but what is public, and what would be no secret if it were hidden.

    The more is hidden, the wider is every interval: what is exposed then can never be hidden. Infeasible where that
    is a figure that the rules hide.
    """
    most = problem.at_first | ~problem.open
    while found := attacker.exposed(most):
        cuts.add_all(found, problem.at_first)
        further = [one.place for one in found if not problem.at_first[one.place]]
        if not further:
            raise Infeasible(sorted({one.place for one in found}))
        most = most.copy()
        most[further] = False
    return most


def greedy(problem: Problem, attacker: Attacker, cuts: Cuts, known: Flags | None = None) -> Answer:
    """A safe answer: of the most, what the conditions so far ask for, round by round until nothing is exposed.

    Where that takes too many rounds, what gains most for what it costs is added to the last, and nothing shown again.

    known: the most that can be hidden. To find it in a large block takes long, and it is seldom needed: None looks for
        it only where nothing further would be hidden.
    """
    most = problem.at_first | ~problem.open if known is None else known
    rounds, hidden = 1, enough(problem, cuts, most)
    while found := attacker.exposed(hidden):
        rounds += 1
        cuts.add_all(found, problem.at_first)
        better = enough(problem, cuts, most) if rounds <= BEGUN_AFRESH else widened(problem, hidden, found, most)
        if bool((better == hidden).all()):
            if known is not None:
                return Answer(most, GREEDY, rounds)
            most = known = everything(problem, attacker, cuts)
            better = enough(problem, cuts, most)
        hidden = better
    return Answer(hidden, GREEDY, rounds)


def thinner(problem: Problem, attacker: Attacker, cuts: Cuts, safe: Answer) -> Answer:
    """A safe answer within a safe one, as by now more conditions are known than when it was found; again and again."""
    while True:
        fewer = greedy(problem, attacker, cuts, safe.hidden)
        if lost(problem, fewer.hidden) >= lost(problem, safe.hidden):
            return safe
        safe = Answer(fewer.hidden, GREEDY, safe.rounds + fewer.rounds)


def cheapest(
    problem: Problem, attacker: Attacker, cuts: Cuts, safe: Answer, most: Flags, deadline: float
) -> Answer | None:
    """The answer that loses least, from the conditions that led to a safe one; None where it is too much work."""
    rounds = 0
    while rounds < MOST_ROUNDS and time.thread_time() < deadline:
        hidden = solved(problem, cuts, most, MOST_NODES)
        if hidden is None:
            return None
        if lost(problem, hidden) >= lost(problem, safe.hidden):
            return Answer(safe.hidden, EXACT, safe.rounds + rounds)
        found = attacker.exposed(hidden)
        if not found:
            return Answer(hidden, EXACT, safe.rounds + rounds)
        rounds += 1
        cuts.add_all(found, problem.at_first)
    return None


def lost(problem: Problem, hidden: Flags) -> float:
    """What an answer costs, but for the last digits of a float."""
    return round(float(np.maximum(problem.cost, 1e-3)[hidden].sum()), 6)


def enough(problem: Problem, cuts: Cuts, most: Flags) -> Flags:
    """Of the most, what all conditions so far ask for: in a small block, of the first answer that the solver finds."""
    first = None
    if problem.matrix.nnz <= MOST_ENTRIES:
        first = solved(problem, cuts, most, nodes=1)
    return without_needless(problem, most if first is None else first, cuts)


def solved(problem: Problem, cuts: Cuts, most: Flags, nodes: int) -> Flags | None:
    """The cheapest answer to all conditions so far; None where the solver gives up, after as much work anywhere.

    Of one node, it is an answer, and seldom the cheapest.
    """
    result = milp(
        np.maximum(problem.cost, 1e-3),
        integrality=np.ones(len(most)),
        bounds=Bounds(problem.at_first.astype(np.float64), most.astype(np.float64)),
        constraints=LinearConstraint(cuts.matrix, lb=np.array(cuts.least) - TOLERANCE),
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    if result.x is None or (result.status != 0 and nodes > 1):
        return None
    answer: Flags = result.x > 0.5
    return answer


def widened(problem: Problem, hidden: Flags, found: list[Exposed], most: Flags) -> Flags:
    """Hide more, exposed row by exposed row: each time what gains most for what it costs, until its condition holds."""
    wider = hidden.copy()
    for one in found:
        room = one.needed * (1 + MARGIN) - one.base
        gains = np.minimum(one.gains, room)
        while float(gains @ wider) < room - TOLERANCE:
            worth = np.where(most & ~wider, gains / np.maximum(problem.cost, 1e-3), 0.0)
            best = int(np.argmax(worth))
            if worth[best] <= 0:
                break
            wider[best] = True
    return wider


def without_needless(problem: Problem, hidden: Flags, cuts: Cuts) -> Flags:
    """The same, but for what no condition so far asks for: the dearest is shown again first."""
    fewer = hidden.copy()
    matrix = cuts.matrix.tocsc()
    spare = matrix @ hidden.astype(np.float64) - np.array(cuts.least)
    added = np.flatnonzero(hidden & ~problem.at_first)
    for place in added[np.argsort(-problem.cost[added], kind="stable")]:
        column = slice(matrix.indptr[place], matrix.indptr[place + 1])
        rows, gains = matrix.indices[column], matrix.data[column]
        if bool((spare[rows] - gains >= np.minimum(spare[rows], 0.0) - TOLERANCE).all()):
            fewer[place] = False
            spare[rows] -= gains
    return fewer
