"""The attack: what a reader who knows every rule can say of each hidden figure, by linear programming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from lib.publish.cells import Floats, Places
from lib.publish.problem import NOBODY, Flags, Problem

TOLERANCE = 1e-6
ROUNDS = 6  # of trying to move all hidden figures at once
MOST = 200  # of the figures that are attacked one by one in a go


@dataclass(frozen=True, eq=False)
class Exposed:
    """A hidden row that keeps too narrow an interval, and what would widen it.

    width <= base + sum of gains over the places that are hidden: so `gains` x hidden must be at least `needed` - base.
    """

    row: int
    place: int
    low: float
    high: float
    needed: float
    base: float
    gains: Floats


def exposed(problem: Problem, hidden: Flags) -> list[Exposed]:
    """The hidden rows that can be worked out too well: of the pieces first, and of the whole only where they are safe."""
    every = np.arange(problem.matrix.shape[0]), np.arange(problem.matrix.shape[1])
    found = [one for rows, columns in problem.pieces for one in attacked(problem, hidden, rows, columns)]
    return found or attacked(problem, hidden, *every)


def attacked(problem: Problem, hidden: Flags, rows: Places, columns: Places) -> list[Exposed]:
    """The exposed rows where an attacker looks at some rows alone, which are about some quantities alone."""
    targets = np.intersect1d(problem.targets(hidden), rows)
    if not len(targets):
        return []
    matrix = problem.matrix[rows][:, columns]
    low, high = (side[rows] for side in problem.bounds(hidden))
    truth = problem.truth[columns]
    local = np.searchsorted(rows, targets)
    safe = moved_together(matrix, low, high, truth, local, problem.needed[targets])
    found = []
    for target, place in zip(targets[~safe], local[~safe], strict=True):
        if len(found) >= MOST:
            break
        one = widest(problem, matrix, low, high, rows, int(target), int(place))
        if one is not None:
            found.append(one)
    return found


def moved_together(
    matrix: sparse.csr_array, low: Floats, high: Floats, truth: Floats, targets: Places, needed: Floats
) -> Flags:
    """Which targets are safe, as quantities that nobody could tell from the truth have them elsewhere, far enough.

    All targets are moved at once, up or down, a few times over. What is found is proof; what is not found is none.
    """
    ours = matrix[targets]
    values = ours @ truth
    least, most = values.copy(), values.copy()
    random = np.random.default_rng(1)
    for number in range(ROUNDS):
        waits = np.flatnonzero(most - least < needed - TOLERANCE)
        if not len(waits):
            break
        up = np.ones(len(waits)) if number == 0 else -np.ones(len(waits)) if number == 1 else None
        way = random.choice([-1.0, 1.0], size=len(waits)) if up is None else up
        moved = moves(matrix, low, high, ours[waits], values[waits], way, needed[waits])
        if moved is None:
            break
        now = ours @ moved
        least, most = np.minimum(least, now), np.maximum(most, now)
    safe: Flags = most - least >= needed - TOLERANCE
    return safe


def moves(
    matrix: sparse.csr_array, low: Floats, high: Floats, ours: sparse.csr_array, values: Floats, way: Floats, far: Floats
) -> Floats | None:
    """Quantities within what is known that move each of our rows its way, by no more than counts; None if none are found."""
    number, columns = ours.shape
    steered = sparse.diags_array(-way) @ ours
    above = sparse.hstack([sparse.vstack([matrix, -matrix]), sparse.csr_array((2 * matrix.shape[0], number))])
    below = sparse.hstack([steered, sparse.eye_array(number)])
    result = linprog(
        np.concatenate([np.zeros(columns), -1.0 / np.maximum(far, TOLERANCE)]),
        A_ub=sparse.vstack([above, below]).tocsr(),
        b_ub=np.concatenate([high, -low, -way * values]),
        bounds=[(0, None)] * columns + [(None, float(one)) for one in far],
        method="highs",
    )
    if not result.success:
        return None
    found: Floats = np.maximum(result.x[:columns], 0.0)
    inside = matrix @ found
    near = TOLERANCE * (1 + np.abs(inside))
    return found if bool(((inside >= low - near) & (inside <= high + near)).all()) else None


def widest(
    problem: Problem, matrix: sparse.csr_array, low: Floats, high: Floats, rows: Places, target: int, place: int
) -> Exposed | None:
    """A target's interval; None where it is wide enough."""
    goal = matrix[[place]].toarray()[0]
    both = sparse.vstack([matrix, -matrix]).tocsr()
    limits = np.concatenate([high, -low])
    ends, duals = [], np.zeros(len(limits))
    for way in (1.0, -1.0):
        result = linprog(way * goal, A_ub=both, b_ub=limits, bounds=(0, None), method="highs")
        if not result.success:
            return None
        ends.append(way * float(result.fun))
        duals -= result.ineqlin.marginals
    needed = float(problem.needed[target])
    if ends[1] - ends[0] >= needed - TOLERANCE:
        return None
    number = len(rows)
    up, down = np.maximum(duals[:number], 0.0), np.maximum(duals[number:], 0.0)
    base = float(up @ problem.shown_high[rows] - down @ problem.shown_low[rows])
    gain = up * (problem.hidden_high - problem.shown_high)[rows] + down * (problem.shown_low - problem.hidden_low)[rows]
    gains = np.zeros(len(problem.secrets))
    ours = problem.secret[rows]
    np.add.at(gains, ours[ours != NOBODY], gain[ours != NOBODY])
    return Exposed(target, int(problem.secret[target]), ends[0], ends[1], needed, base, gains)
