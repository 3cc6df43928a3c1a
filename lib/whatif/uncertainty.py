"""The range: a projection drawn many times with uncertain growth, reported as percentiles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.project import need_growth, projected
from lib.whatif.scenarios.scenario import CAPACITY_GROWTH, NEED_GROWTH, OWN_GROWTH, Scenario, moved

PERCENTILES = (10, 50, 90)
MEASURES = ("people", "demand_hours", "capacity_hours", "gap_hours", "shortfall_hours", "coverage", "cost")
COLUMNS = ["year", "district_code", "measure", "p10", "p50", "p90"]
# Between any two districts: what moves growth in one, such as wages or policy, mostly moves it in the next.
CORRELATION = 0.5


def growth_draws(baseline: Baseline, scenario: Scenario) -> tuple[Array, Array]:
    """Growth drawn once a draw for each district: need and capacity, as fractions a year, districts by draws.

    Each is the lever's value plus a normal shift, sd x (sqrt(r) x common + sqrt(1 - r) x own) with the common part
    shared by all districts, so that any two correlate at r = 0.5. Need and capacity are independent. The same seed
    gives the same numbers.
    """
    settings = scenario.range
    generator = np.random.default_rng(settings.seed)
    shape = (len(baseline.districts), settings.draws)

    def shifts(deviation: float) -> Array:
        common, own = generator.standard_normal(settings.draws), generator.standard_normal(shape)
        shift: Array = deviation / 100 * (np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own)
        return shift

    need = need_growth(baseline, scenario)[:, None] / 100 + shifts(settings.need_growth_sd_pts)
    capacity = scenario.supply.capacity_growth_pct / 100 + shifts(settings.capacity_growth_sd_pts)
    return need, capacity


def percentiles(draws: Array) -> Array:
    """The 10th, 50th and 90th percentile along the last axis, between two draws by a straight line.

    The same numbers as numpy.percentile, which is several times slower than sorting.
    """
    ordered = np.sort(draws, axis=-1)
    place = np.array(PERCENTILES) / 100 * (draws.shape[-1] - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, draws.shape[-1] - 1)
    low, high = ordered[..., below], ordered[..., above]
    between: Array = low + (place - below) * (high - low)
    return between


def uncertainty(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> pd.DataFrame:
    """The range of a scenario: percentiles over the draws, for each district and for the county ("all").

    Every measure is computed draw by draw, the county's from the sums of its districts in the same draw: percentiles
    are never added up. The base year is today in every draw.

    Columns: year, district_code, measure (people, demand_hours, capacity_hours, gap_hours, shortfall_hours: hours a
    week; coverage: net, empty where there is no demand; cost: pounds a year), p10, p50, p90. A measure with
    a lot that is not known is empty.
    """
    start = baseline if baseline is not None else prepare(pack, scenario.service)
    found = range_arrays(start, scenario)
    years = found.shape[0]
    areas = [*start.districts, COUNTY_CODE]
    frame = pd.DataFrame(
        {
            "year": np.repeat(np.arange(start.base_year, start.base_year + years), len(areas) * len(MEASURES)),
            "district_code": np.tile(np.repeat(np.array(areas, dtype=object), len(MEASURES)), years),
            "measure": np.tile(np.array(MEASURES, dtype=object), years * len(areas)),
        }
    )
    frame[COLUMNS[3:]] = found.reshape(-1, len(PERCENTILES))
    return frame


def range_arrays(baseline: Baseline, scenario: Scenario) -> Array:
    """The percentiles as an array: years (0 to T) by areas (districts, county) by measures by percentiles.

    Growth differs by district, not by lot, so a district's people, hours and cost are its projection without growth
    times one factor a draw; only the shortfall needs its lots.
    """
    still = projected(baseline, moved(scenario, {NEED_GROWTH: 0.0, OWN_GROWTH: {}, CAPACITY_GROWTH: 0.0}))
    need, capacity = growth_draws(baseline, scenario)
    districts, draws = need.shape
    found = np.empty((scenario.years + 1, districts + 1, len(MEASURES), len(PERCENTILES)))
    need_factor, capacity_factor = np.ones_like(need), np.ones_like(capacity)
    for year in range(scenario.years + 1):
        if year:
            need_factor *= 1 + need
            capacity_factor *= 1 + capacity
        # In the base year every draw is today, so one is enough.
        kept = draws if year else 1
        county = np.zeros((len(MEASURES), kept))
        for district in range(districts):
            demand, supply = still.demand_hours[year, district], still.capacity_hours[year, district]
            one_need, one_capacity = need_factor[district, :kept], capacity_factor[district, :kept]
            values = np.empty((len(MEASURES), kept))
            values[0] = still.people[year, district].sum() * one_need
            values[1] = demand.sum() * one_need
            values[2] = supply.sum() * one_capacity
            values[4] = shortfall(demand, supply, one_need, one_capacity)
            values[6] = still.cost[year, district].sum() * one_need
            county += values_between(values)
            found[year, district] = percentiles(values)
        found[year, districts] = percentiles(values_between(county))
    return found


def values_between(values: Array) -> Array:
    """Fill in the measures that follow from the others, in place: gap (3) and coverage (5)."""
    values[3] = values[1] - values[2]
    values[5] = safe_ratio(values[2], values[1])
    return values


def shortfall(demand: Array, supply: Array, need_factor: Array, capacity_factor: Array) -> Array:
    """Shortfall of a district in every draw: sum over its lots of max(0, demand - capacity), hours a week."""
    short = np.zeros_like(need_factor)
    gap = np.empty_like(need_factor)
    spare = np.empty_like(need_factor)
    for wanted, held in zip(demand, supply, strict=True):
        # What is not known is no reason to leave a lot out: the sum is then not known either.
        if not wanted <= 0 or np.isnan(held):
            np.multiply(need_factor, wanted, out=gap)
            np.multiply(capacity_factor, held, out=spare)
            np.subtract(gap, spare, out=gap)
            np.maximum(gap, 0.0, out=gap)
            short += gap
    return short
