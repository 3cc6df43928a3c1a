"""The attack: what a reader who knows every rule can say of each hidden figure, by linear programming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from lib.publish.cells import Floats, Places
from lib.publish.problem import FAR, NOBODY, Flags, Problem

TOLERANCE = 1e-6
ROUNDS = 200  # of trying to move all hidden figures at once
IN_VAIN = 6  # rounds without a gain, after which each is looked at by itself
FEW = 3  # so many hidden figures are looked at one by one
MOST = 200  # exposed rows that are looked for in a go
KEPT = 200  # of the quantities that were found, the latest
Upper = tuple[sparse.csr_array, Floats, Flags]


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


class Attacker:
    """Attacks a problem again and again, with other figures hidden each time.

    It keeps what it finds: quantities that nobody could tell from the truth are proof wherever they are still possible.
    """

    def __init__(self, problem: Problem) -> None:
        """Cut the problem into its pieces and the whole."""
        whole = np.arange(problem.matrix.shape[0]), np.arange(problem.matrix.shape[1])
        self.problem = problem
        self.pieces = [Piece(problem, rows, columns) for rows, columns in problem.pieces]
        self.whole = Piece(problem, *whole)

    def exposed(self, hidden: Flags) -> list[Exposed]:
        """The hidden rows that can be worked out too well: of the pieces, and of the whole only where they are safe."""
        return [one for piece in self.pieces for one in piece.exposed(hidden)] or self.whole.exposed(hidden)


class Piece:
    """Some rows of a problem, which are about some of its quantities alone."""

    def __init__(self, problem: Problem, rows: Places, columns: Places) -> None:
        """Cut it out."""
        self.problem, self.rows = problem, rows
        self.matrix = problem.matrix[rows][:, columns]
        self.truth = problem.truth[columns]
        self.found = self.truth[None, :]
        self.random = np.random.default_rng(1)
        self.safe_with = b""  # which rows were hidden when it was last found to be safe

    def exposed(self, hidden: Flags) -> list[Exposed]:
        """The exposed rows where an attacker looks at this piece alone."""
        targets = np.intersect1d(self.problem.targets(hidden), self.rows)
        here = self.problem.hidden_rows(hidden)[self.rows].tobytes()
        if not len(targets) or here == self.safe_with:
            return []
        low, high = (side[self.rows] for side in self.problem.bounds(hidden))
        local = np.searchsorted(self.rows, targets)
        needed = self.problem.needed[targets]
        safe = self.moved_together(low, high, local, needed)
        found = []
        upper = upper_limits(self.matrix, low, high)
        for target, place in zip(targets[~safe], local[~safe], strict=True):
            one = self.widest(upper, int(target), int(place))
            if one is not None:
                found.append(one)
                if len(found) == MOST:
                    break
        if not found:
            self.safe_with = here
        return found

    def moved_together(self, low: Floats, high: Floats, targets: Places, needed: Floats) -> Flags:
        """Which targets are safe, as quantities that nobody could tell from the truth have them elsewhere, far enough.

        All targets are moved at once, up or down, a few times over. What is found is proof; what is not found is none.
        """
        ours = self.matrix[targets]
        values = ours @ self.truth
        inside = self.found @ self.matrix.T
        near = TOLERANCE * (1 + np.abs(inside))
        possible = ((inside >= low - near) & (inside <= high + near)).all(axis=1)
        there = self.found[possible] @ ours.T
        least, most = np.min(there, axis=0, initial=np.inf), np.max(there, axis=0, initial=-np.inf)
        least, most = np.minimum(least, values), np.maximum(most, values)
        tried = 0
        for number in range(ROUNDS):
            waits = np.flatnonzero(most - least < needed - TOLERANCE)
            if len(waits) <= FEW or tried == IN_VAIN:
                break
            # Each by itself could often move where not all can: some are left out, more and more of them.
            if number > 1:
                waits = waits[self.random.random(len(waits)) < 0.5 ** (tried / 2)]
            ways = (np.ones(len(waits)), -np.ones(len(waits)))
            way = ways[number] if number < len(ways) else self.random.choice([-1.0, 1.0], size=len(waits))
            moved = (
                moves(self.matrix, low, high, ours[waits], values[waits], way, needed[waits]) if len(waits) else None
            )
            before = int((most - least < needed - TOLERANCE).sum())
            if moved is not None:
                self.keep(moved)
                now = ours @ moved
                least, most = np.minimum(least, now), np.maximum(most, now)
            tried = tried + 1 if before == int((most - least < needed - TOLERANCE).sum()) else 0
        safe: Flags = most - least >= needed - TOLERANCE
        return safe

    def keep(self, quantities: Floats) -> None:
        """Keep quantities that an attacker could not tell from the truth, the latest ones."""
        self.found = np.concatenate([self.found, quantities[None, :]])[-KEPT:]

    def widest(self, upper: Upper, target: int, place: int) -> Exposed | None:
        """A target's interval; None where it is wide enough."""
        problem, rows = self.problem, self.rows
        goal = self.matrix[[place]].toarray()[0]
        above, limits, real = upper
        ends, duals = [], np.zeros(len(real))
        for way in (1.0, -1.0):
            result = linprog(way * goal, A_ub=above, b_ub=limits, bounds=(0, FAR), method="highs")
            if not result.success:
                raise RuntimeError(f"the solver gave up on a linear problem: {result.message}")
            ends.append(way * float(result.fun))
            duals[real] -= result.ineqlin.marginals
            self.keep(np.maximum(result.x, 0.0))
        needed = float(problem.needed[target])
        if ends[1] - ends[0] >= needed - TOLERANCE:
            return None
        number = len(rows)
        up, down = np.maximum(duals[:number], 0.0), np.maximum(duals[number:], 0.0)
        base = float(up @ problem.shown_high[rows] - down @ problem.shown_low[rows])
        wider = up * (problem.hidden_high - problem.shown_high)[rows]
        wider += down * (problem.shown_low - problem.hidden_low)[rows]
        gains = np.zeros(len(problem.secrets))
        ours = problem.secret[rows]
        np.add.at(gains, ours[ours != NOBODY], wider[ours != NOBODY])
        return Exposed(target, int(problem.secret[target]), ends[0], ends[1], needed, base, gains)


def moves(
    matrix: sparse.csr_array,
    low: Floats,
    high: Floats,
    ours: sparse.csr_array,
    values: Floats,
    way: Floats,
    far: Floats,
) -> Floats | None:
    """Quantities within what is known that move each of our rows its way, as far as counts; None if none are found."""
    number, columns = ours.shape
    steered = sparse.diags_array(-way) @ ours
    both = sparse.vstack(
        [
            sparse.hstack([matrix, sparse.csr_array((len(low), number))]),
            sparse.hstack([steered, sparse.eye_array(number)]),
        ]
    )
    least = np.concatenate([endless(low), np.full(number, -np.inf)])
    most = np.concatenate([endless(high), -way * values])
    # All numbers are real: milp is asked because it takes limits from both sides, so that no row stands twice.
    result = milp(
        np.concatenate([np.zeros(columns), -1.0 / np.maximum(far, TOLERANCE)]),
        constraints=LinearConstraint(both.tocsr(), least, most),
        bounds=Bounds(
            np.concatenate([np.zeros(columns), np.full(number, -np.inf)]), np.concatenate([np.full(columns, FAR), far])
        ),
    )
    if not result.success:
        return None
    found: Floats = np.maximum(result.x[:columns], 0.0)
    inside = matrix @ found
    near = TOLERANCE * (1 + np.abs(inside))
    return found if bool(((inside >= low - near) & (inside <= high + near)).all()) else None


def endless(limits: Floats) -> Floats:
    """Limits with no limit where a number stands for none."""
    found: Floats = np.where(np.abs(limits) > FAR / 2, np.copysign(np.inf, limits), limits)
    return found


def upper_limits(matrix: sparse.csr_array, low: Floats, high: Floats) -> Upper:
    """Rows and limits that bound the quantities from above, and which of matrix and -matrix they are of."""
    limits = np.concatenate([high, -low])
    real: Flags = limits < FAR / 2
    return sparse.vstack([matrix, -matrix]).tocsr()[real], limits[real], real
