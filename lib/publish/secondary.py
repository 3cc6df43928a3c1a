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
from lib.publish.cells import Floats
from lib.publish.problem import Flags, Problem

NOTHING, EXACT, GREEDY = "nothing to add", "exact", "greedy"
# Beyond these the answer is greedy, on every machine alike; the clock is only the last resort.
MOST_ROUNDS, MOST_NODES = 80, 20_000
MARGIN = 1e-4  # by how much wider an interval is asked for, so that the last digits of a float do not decide


class Infeasible(Exception):
    """Nothing that could be hidden would keep these secrets: the places that the rules hide and that are exposed."""

    def __init__(self, places: list[int]) -> None:
        """Keep the places."""
        super().__init__("nothing more can be hidden")
        self.places = places


@dataclass(eq=False)
class Cuts:
    """The conditions so far: gains x hidden >= needed x hidden[place] - base."""

    gains: list[Floats] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def add(self, one: Exposed, at_first: Flags) -> None:
        """Add what would have kept a row that was exposed."""
        always = bool(at_first[one.place])
        room = one.needed * (1 + MARGIN) - one.base
        gains = np.minimum(one.gains, room) if room > 0 else one.gains.copy()
        if not always:
            gains[one.place] -= one.needed * (1 + MARGIN)
        self.gains.append(gains / one.needed)
        self.least.append((room if always else -one.base) / one.needed)


@dataclass(frozen=True, eq=False)
class Answer:
    """Which places are hidden, and how that was found."""

    hidden: Flags
    how: str
    rounds: int


def suppressed(problem: Problem, deadline: float) -> Answer:
    """What to hide so that the attack finds nothing. Infeasible where nothing that could be hidden is enough.

    deadline: of the processor time of this thread, so that the answer does not hang on what else the machine does.
    """
    hidden = problem.at_first.copy()
    attacker = Attacker(problem)
    cuts, how, rounds = Cuts(), EXACT, 0
    while found := attacker.exposed(hidden):
        rounds += 1
        for one in found:
            cuts.add(one, problem.at_first)
        better = None
        if how == EXACT and rounds <= MOST_ROUNDS and time.thread_time() < deadline:
            better = solved(problem, cuts, deadline)
        if better is None or bool((better == hidden).all()):
            how = GREEDY
            better = widened(problem, hidden, found)
        if better is None or bool((better == hidden).all()):
            return Answer(everything(problem, attacker), GREEDY, rounds)
        hidden = better
    return Answer(hidden, NOTHING if bool((hidden == problem.at_first).all()) else how, rounds)


def everything(problem: Problem, attacker: Attacker) -> Flags:
    """The most that can be hidden: all but what is public, and what would be no secret if it were hidden.

    Infeasible where a figure that the rules hide is exposed all the same.
    """
    hidden = problem.at_first | ~problem.open
    while found := attacker.exposed(hidden):
        further = [one.place for one in found if not problem.at_first[one.place]]
        if not further:
            raise Infeasible(sorted({one.place for one in found}))
        hidden = hidden.copy()
        hidden[further] = False
    return hidden


def solved(problem: Problem, cuts: Cuts, deadline: float) -> Flags | None:
    """The cheapest answer to all conditions so far; None where the solver gives up. Infeasible where there is none."""
    low = problem.at_first.astype(np.float64)
    high = np.where(problem.open & ~problem.at_first, 0.0, 1.0)
    result = milp(
        np.maximum(problem.cost, 1e-3),
        integrality=np.ones(len(low)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(sparse.csr_array(np.array(cuts.gains)), lb=np.array(cuts.least) - TOLERANCE),
        options={"node_limit": MOST_NODES, "time_limit": max(deadline - time.thread_time(), 0.1), "mip_rel_gap": 0.0},
    )
    if result.status != 0 or result.x is None:
        return None
    answer: Flags = result.x > 0.5
    return answer


def widened(problem: Problem, hidden: Flags, found: list[Exposed]) -> Flags | None:
    """Hide more, exposed row by exposed row: each time what gains most for what it costs, until its condition holds.

    None where a condition cannot be met.
    """
    wider = hidden.copy()
    for one in found:
        room = one.needed * (1 + MARGIN) - one.base
        gains = np.minimum(one.gains, room)
        while float(gains @ wider) < room - TOLERANCE:
            worth = np.where(wider | problem.open, 0.0, gains / np.maximum(problem.cost, 1e-3))
            best = int(np.argmax(worth))
            if worth[best] <= 0:
                return None
            wider[best] = True
    return wider
