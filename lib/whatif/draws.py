"""What a range is drawn from: growth, the age weights and chance. The same seed gives the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.project import need_growth
from lib.whatif.scenarios.scenario import Scenario

# Between any two districts: what moves growth in one, such as wages or policy, mostly moves it in the next.
CORRELATION = 0.5
MOST_KEPT = 2**20  # numbers of a kind: what is kept takes at most 50 MB


@dataclass(frozen=True, eq=False)
class Draws:
    """One future a draw.

    Attributes:
        need, capacity: growth, as fractions a year, districts by draws.
        ageing: e of index^(1 + e), by draws, the same for every district; None where it is switched off.
        chance: the factor on people, hours and cost from year 1, districts by draws; None where it is switched off.
    """

    need: Array
    capacity: Array
    ageing: Array | None = None
    chance: Array | None = None


@dataclass(frozen=True, eq=False)
class Normals:
    """Standard normal numbers, read-only: growth of need and of capacity and chance by districts, age weights for all.

    Of growth, any two districts correlate at CORRELATION.
    """

    need: Array
    capacity: Array
    ageing: Array
    chance: Array


def normals(seed: int, districts: int, draws: int) -> Normals:
    """What a seed draws, in this order, so that growth is the same with and without the others."""
    source = np.random.default_rng(seed)
    shape = (districts, draws)

    def correlated() -> Array:
        common, own = source.standard_normal(draws), source.standard_normal(shape)
        both: Array = np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own
        return both

    found = (correlated(), correlated(), source.standard_normal(draws), source.standard_normal(shape))
    for values in found:
        values.setflags(write=False)
    return Normals(*found)


kept_normals = lru_cache(maxsize=2)(normals)  # a step of a lever draws nothing new


def normals_of(baseline: Baseline, scenario: Scenario) -> Normals:
    """Those of a scenario's range; too many are not kept."""
    districts, settings = len(baseline.districts), scenario.range
    drawn = kept_normals if districts * settings.draws <= MOST_KEPT else normals
    return drawn(settings.seed, districts, settings.draws)


def growth_draws(baseline: Baseline, scenario: Scenario) -> tuple[Array, Array]:
    """Growth drawn once a draw for each district: need and capacity, as fractions a year, districts by draws.

    Each is the lever's value plus a normal shift, sd x (sqrt(r) x common + sqrt(1 - r) x own) with the common part
    shared by all districts, so that any two correlate at r = 0.5. Need and capacity are independent.
    """
    settings, drawn = scenario.range, normals_of(baseline, scenario)
    need = need_growth(baseline, scenario)[:, None] / 100 + settings.need_growth_sd_pts / 100 * drawn.need
    capacity = scenario.supply.capacity_growth_pct / 100 + settings.capacity_growth_sd_pts / 100 * drawn.capacity
    return need, capacity


def all_draws(baseline: Baseline, scenario: Scenario) -> Draws:
    """Growth, the age weights and chance.

    ageing: e, normal with range.ageing_sd_pct / 100. chance: exp(s z - s^2 / 2) with z normal and s^2 = ln(1 + 1/n), n
    the people of the district today: mean 1, variance 1/n, never below 0; 1 where n is 0 or not known.
    """
    settings, drawn = scenario.range, normals_of(baseline, scenario)
    need, capacity = growth_draws(baseline, scenario)
    weights = settings.ageing_sd_pct > 0 and scenario.demand.demographic
    ageing = settings.ageing_sd_pct / 100 * drawn.ageing if weights else None
    if not settings.chance:
        return Draws(need, capacity, ageing)
    people = baseline.people.sum(axis=1)
    variance = np.log1p(np.divide(1.0, people, out=np.zeros_like(people), where=people > 0))[:, None]
    factor = drawn.chance * np.sqrt(variance)
    factor -= variance / 2
    np.exp(factor, out=factor)
    return Draws(need, capacity, ageing, factor)
