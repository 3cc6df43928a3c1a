"""What a range is drawn from: growth, the age weights and chance. The same seed gives the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.project import need_growth
from lib.whatif.scenarios.scenario import Scenario

# Between any two districts: what moves growth in one, such as wages or policy, mostly moves it in the next.
CORRELATION = 0.5


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


def growth_draws(
    baseline: Baseline, scenario: Scenario, generator: np.random.Generator | None = None
) -> tuple[Array, Array]:
    """Growth drawn once a draw for each district: need and capacity, as fractions a year, districts by draws.

    Each is the lever's value plus a normal shift, sd x (sqrt(r) x common + sqrt(1 - r) x own) with the common part
    shared by all districts, so that any two correlate at r = 0.5. Need and capacity are independent.
    """
    settings = scenario.range
    source = generator or np.random.default_rng(settings.seed)
    shape = (len(baseline.districts), settings.draws)

    def shifts(deviation: float) -> Array:
        common, own = source.standard_normal(settings.draws), source.standard_normal(shape)
        shift: Array = deviation / 100 * (np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own)
        return shift

    need = need_growth(baseline, scenario)[:, None] / 100 + shifts(settings.need_growth_sd_pts)
    capacity = scenario.supply.capacity_growth_pct / 100 + shifts(settings.capacity_growth_sd_pts)
    return need, capacity


def all_draws(baseline: Baseline, scenario: Scenario) -> Draws:
    """Growth, then the age weights, then chance: in this order, so that growth is the same with and without the others.

    ageing: e, normal with range.ageing_sd_pct / 100. chance: exp(s z - s^2 / 2) with z normal and s^2 = ln(1 + 1/n), n
    the people of the district today: mean 1, variance 1/n, never below 0; 1 where n is 0 or not known.
    """
    settings = scenario.range
    source = np.random.default_rng(settings.seed)
    need, capacity = growth_draws(baseline, scenario, source)
    weights, chance = settings.ageing_sd_pct > 0 and scenario.demand.demographic, settings.chance
    if not weights and not chance:
        return Draws(need, capacity)
    ageing = settings.ageing_sd_pct / 100 * source.standard_normal(settings.draws)
    if not chance:
        return Draws(need, capacity, ageing)
    people = baseline.people.sum(axis=1)
    variance = np.log1p(np.divide(1.0, people, out=np.zeros_like(people), where=people > 0))[:, None]
    factor = source.standard_normal(need.shape)
    factor *= np.sqrt(variance)
    factor -= variance / 2
    np.exp(factor, out=factor)
    return Draws(need, capacity, ageing if weights else None, factor)
