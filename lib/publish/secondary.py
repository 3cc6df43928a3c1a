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

from lib.publish.attack import TOLERANCE, Exposed, exposed
from lib.publish.cells import Floats, Places
from lib.publish.problem import Flags, Problem

NOTHING, EXACT, GREEDY = "nothing to add", "exact", "greedy"
# Beyond these the answer is greedy, on every machine alike; the clock is only the last resort.
MOST_ROUNDS, MOST_NODES = 60, 20_000


class Infeasible(Exception):
    """Nothing that could be hidden would keep these secrets: the rows that are exposed, of the places given."""

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
        room = one.needed - one.base
        gains = np.minimum(one.gains, room) if room > 0 else one.gains.copy()
        if not always:
            gains[one.place] -= one.needed
        self.gains.append(gains / one.needed)
        self.least.append((room if always else -one.base) / one.needed)


@dataclass(frozen=True, eq=False)
class Answer:
    """Which places are hidden, and how that was found."""

    hidden: Flags
    how: str
    rounds: int


def suppressed(problem: Problem, deadline: float) -> Answer:
    """What to hide so that the attack finds nothing. Infeasible where nothing that could be hidden is enough."""
    hidden = problem.at_first.copy()
    cuts, exact, rounds = Cuts(), True, 0
    while found := exposed(problem, hidden):
        rounds += 1
        for one in found:
            cuts.add(one, problem.at_first)
        exact = exact and rounds <= MOST_ROUNDS and time.monotonic() < deadline
        better = solved(problem, cuts, deadline) if exact else None
        if better is None:
            exact = False
            hidden = widened(problem, hidden, found)
        else:
            hidden = better
    how = NOTHING if bool((hidden == problem.at_first).all()) else EXACT if exact else GREEDY
    return Answer(hidden, how, rounds)


def solved(problem: Problem, cuts: Cuts, deadline: float) -> Flags | None:
    """The cheapest answer to all conditions so far; None where the solver gives up. Infeasible where there is none."""
    low = problem.at_first.astype(np.float64)
    high = np.where(problem.open & ~problem.at_first, 0.0, 1.0)
    result = milp(
        np.maximum(problem.cost, 1e-3),
        integrality=np.ones(len(low)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(sparse.csr_array(np.array(cuts.gains)), lb=np.array(cuts.least) - TOLERANCE),
        options={"node_limit": MOST_NODES, "time_limit": max(deadline - time.monotonic(), 0.1), "mip_rel_gap": 0.0},
    )
    if result.status == 2:
        raise Infeasible(sorted({one.place for one in exposed(problem, problem.at_first | ~problem.open)}))
    if result.status != 0 or result.x is None:
        return None
    answer: Flags = result.x > 0.5
    return answer


def widened(problem: Problem, hidden: Flags, found: list[Exposed]) -> Flags:
    """Hide more, exposed row by exposed row: each time what gains most for what it costs, until its condition holds."""
    wider = hidden.copy()
    for one in found:
        room = one.needed - one.base
        gains = np.minimum(one.gains, room)
        while float(gains @ wider) < room - TOLERANCE:
            worth = np.where(wider | problem.open, 0.0, gains / np.maximum(problem.cost, 1e-3))
            best = int(np.argmax(worth))
            if worth[best] <= 0:
                raise Infeasible([one.place])
            wider[best] = True
    return wider


def places_of(flags: Flags) -> Places:
    """The places that are set."""
    return np.flatnonzero(flags).astype(np.int64)
