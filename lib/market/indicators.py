"""The indicators: one registry that the map, the ranking, the tables, the data dictionary and the exports all read.

A new indicator is one entry in `FURTHER`. One that is arithmetic on others, a ratio or a sum, needs no more than that:
its value, formula, status, caveats and protection in shared files follow from its parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from lib.market.area_figures import days_to_source, lot_sums, provider_figures, residents, rurality
from lib.market.basis import Basis, Standing, basis, standing
from lib.market.concentration import concentration
from lib.market.counts import delivering_providers, placed_requests, rated_providers
from lib.market.disclosure import Measure
from lib.market.indicator import Indicator, Least, complete
from lib.market.quality import OVERALL, gate_figures, quality_figures
from lib.pack.load import Pack
from lib.pack.ratios import WEEKS

__all__ = [
    "COVERAGE_BREAKS",
    "Indicator",
    "every_figure",
    "every_input",
    "indicator_label",
    "indicator_status",
    "indicators",
    "mapped_indicators",
]

# Fine around enough, and with room below it: a what-if of years takes most districts far under 0.90.
COVERAGE_BREAKS = (0.60, 0.70, 0.80, 0.90, 0.95, 1.00, 1.05, 1.10)

SUPPLY_CAVEAT = "Supply leaves out self-funders and NHS purchasing, and the same staff may stand in several lots."
UNDER_HALF_RATED = "under half of the hours are rated"
RATED_CAVEAT = "Weighted by delivered hours, not by providers; empty where under half of the hours are rated."

# How figures are protected where they are shared, with what stands behind them: see lib.market.sharing.
COUNTS = Measure("counts")
DELIVERED = {"count": "people", "providers": "delivered_providers", "largest": "delivered_largest"}
CAPACITY = {"count": "people", "providers": "capacity_providers", "largest": "capacity_largest"}
SPOT = {"count": "spot_people", "providers": "spot_providers", "largest": "spot_largest"}

# How few requests or providers a median or a share may rest on before that is said beside it.
PLACED = Least(placed_requests, "placed_requests", 5, "from", "request")
OPEN = Least(lot_sums, "open_requests", 5, "from", "open request")
DELIVERING = Least(delivering_providers, "all", 3, "of", "provider")
ON_GATE = Least(delivering_providers, "gate", 3, "of", "tier 1 provider")


def rated(domain: str) -> Least:
    """The same for a share of the hours of providers rated in a domain."""
    return Least(rated_providers, domain, 3, "of", "rated provider")


# Figures that only stand behind indicators.
BEHIND: tuple[Indicator, ...] = (
    # The hours that the council buys stand for them in shared files: those may be published, and must add up to them.
    Indicator("route_hours", "All hours that providers deliver", "hours", source=provider_figures,
              formula="sum of hours that providers deliver", shared_as="delivered_hours"),
    Indicator("gate_hours", "Tier 1 hours", "hours", source=gate_figures, inputs=("capacity",),
              formula="sum of delivered hours of tier 1 providers"),
)  # fmt: skip

FIRST: tuple[Indicator, ...] = (
    Indicator("people", "People supported", "people", "demand", "People whose care the council arranges.",
              source=lot_sums, column=("demand", "people"), protection=COUNTS),
    Indicator("delivered_hours", "Delivered hours", "hours", "demand", "Hours of care delivered in a week.",
              source=lot_sums, column=("demand", "hours_per_week"), protection=Measure("hours", **DELIVERED)),
    Indicator("waiting_hours", "Waiting hours", "hours", "demand", "Hours asked for in requests that are still open.",
              source=lot_sums, inputs=("requests",), formula="sum of weekly hours of open requests",
              better="lower", protection=Measure("hours", count="open_requests")),
    Indicator("demand_hours", "Demand hours", "hours", "demand", "Hours delivered and hours that wait to be placed.",
              plus=("delivered_hours", "waiting_hours")),
    Indicator("capacity_hours", "Capacity hours", "hours", "supply", "Hours that providers say they could deliver.",
              source=lot_sums, inputs=("capacity",), formula="sum of capacity hours over providers",
              better="higher", caveat=SUPPLY_CAVEAT, protection=Measure("hours", **CAPACITY)),
    Indicator("headroom_hours", "Headroom hours", "hours", "supply", "Hours that providers could deliver on top.",
              plus=("capacity_hours",), minus=("delivered_hours",)),
    Indicator("coverage", "Coverage", "ratio", "supply",
              "How far capacity covers demand: below 1.00, providers offer fewer hours than are needed. People wait "
              "above it too.",
              numerator="capacity_hours", denominator="demand_hours", breaks=COVERAGE_BREAKS, start=1.0, net=True),
    Indicator("shortfall_hours", "Shortfall hours", "hours", "supply",
              "Hours short, lot by lot: spare day hours in one district cannot cover nights in another.",
              source=lot_sums, formula="sum over lots of max(0, demand hours - capacity hours)",
              better="lower", caveat=SUPPLY_CAVEAT),
)  # fmt: skip

FURTHER: tuple[Indicator, ...] = (
    Indicator("gap_hours", "Gap hours", "hours", "supply", "Demand less capacity: above 0 is short, below 0 is spare.",
              plus=("demand_hours",), minus=("capacity_hours",), better="lower", net=True),
    Indicator("shortfall_share", "Shortfall share", "share", "supply",
              "Share of demand that no provider of the same lot has capacity for.",
              numerator="shortfall_hours", denominator="demand_hours"),
    Indicator("residents", "Residents of matching age", "people", "demand",
              "Residents of the ages that the chosen cohorts are drawn from, in the base year.",
              source=residents, formula="sum of residents over the cohorts' age bands",
              protection=COUNTS),
    Indicator("demand_hours_per_1000", "Demand hours per 1,000 residents", "per_1000", "demand",
              "Hours of demand in a week for every 1,000 residents of matching age.",
              numerator="demand_hours", denominator="residents", factor=Fraction(1000)),
    Indicator("people_per_1000", "People supported per 1,000 residents", "per_1000", "demand",
              "People supported for every 1,000 residents of matching age.",
              numerator="people", denominator="residents", factor=Fraction(1000)),
    Indicator("hours_per_person", "Package size", "hours_per_person", "demand", "Average size of a package of care.",
              numerator="delivered_hours", denominator="people"),
    Indicator("waiting_share", "Waiting share", "share", "demand", "Share of demand that waits to be placed.",
              numerator="waiting_hours", denominator="demand_hours", least=OPEN),
    Indicator("open_requests", "Open requests", "count", "demand", "Requests that wait to be placed.",
              source=lot_sums, inputs=("requests",), formula="count of requests not placed yet", better="lower",
              protection=COUNTS),
    Indicator("median_days_to_source", "Median days to source", "days", "demand",
              "Median days from a request to its placement, of requests placed in the year to the date of the data.",
              source=days_to_source, formula="median of date placed - date requested",
              of="placed requests", better="lower", least=PLACED),
    Indicator("providers", "Providers", "count", "supply", "Providers with capacity or hours in the area.",
              source=provider_figures, formula="providers with capacity or hours, each counted once",
              better="higher", whole="apart", protection=COUNTS),
    Indicator("people_per_provider", "People per provider", "people_per_provider", "supply",
              "People supported for every provider that serves the area.",
              numerator="people", denominator="providers"),
    Indicator("spot_hours", "Spot hours", "hours", "supply", "Hours delivered off the framework.",
              source=provider_figures, better="lower",
              formula="sum of delivered hours on routes off the framework", protection=Measure("hours", **SPOT)),
    Indicator("spot_share", "Spot share", "share", "supply", "Share of delivered hours bought off the framework.",
              numerator="spot_hours", denominator="route_hours", least=DELIVERING),
    Indicator("annual_cost", "Council-arranged spend", "pounds", "supply", "What the council pays in a year.",
              source=lot_sums, column=("demand", "annual_cost"), protection=Measure("pounds", **DELIVERED)),
    Indicator("hourly_cost", "Average cost of an hour", "pounds_per_hour", "supply",
              "What the council pays for an hour of care, on average.",
              numerator="annual_cost", denominator="delivered_hours", factor=Fraction(1, WEEKS),
              caveat="Where cost is shared out by hours, districts differ only by their mix of cohorts."),
    Indicator("cost_per_person", "Spend per person", "pounds_per_person", "supply",
              "What the council pays in a year for each person supported.",
              numerator="annual_cost", denominator="people",
              caveat="Where cost is shared out by hours, districts differ only by their mix of cohorts and packages."),
    Indicator("rural_share", "Rural share", "share", "demand",
              "Residents aged 65 and over who live in rural neighbourhoods: what kind of place it is, not a figure of "
              "the service.",
              source=rurality, of="residents aged 65 and over",
              formula="sum of districts' rural share x residents aged 65 and over / those residents"),
    Indicator("largest_provider_share", "Largest provider's share", "share", "supply",
              "Share of delivered hours that rest on the area's largest provider.",
              source=concentration, of="delivered hours", better="lower", whole="apart", least=DELIVERING,
              formula="hours of the largest provider / delivered hours"),
    Indicator("hhi", "Concentration (HHI)", "index", "supply",
              "Herfindahl-Hirschman index: 0 is many small providers, 10,000 a single one.",
              source=concentration, of="delivered hours", better="lower", whole="apart", least=DELIVERING,
              formula="sum of squared provider shares x 10,000"),
    Indicator("good_or_better_share", "Good or Outstanding share", "share", "quality",
              "Share of rated hours delivered by providers rated Good or Outstanding overall.",
              source=quality_figures, of="rated hours", better="higher", caveat=RATED_CAVEAT,
              formula="Good and Outstanding hours / rated hours", missing=UNDER_HALF_RATED, least=rated(OVERALL)),
    Indicator("not_rated_share", "Not rated share", "share", "quality",
              "Share of hours delivered by providers with no rating: neither good nor bad.",
              source=quality_figures, of="delivered hours",
              formula="not rated hours / all hours", least=DELIVERING),
    Indicator("gate_fail_hours", "Hours below the quality gate", "hours", "quality",
              "Hours that tier 1 providers deliver who do not pass the framework's quality gate.",
              source=gate_figures, better="lower",
              formula="sum of delivered hours of tier 1 providers below the gate"),
    Indicator("gate_fail_share", "Share below the quality gate", "share", "quality",
              "Share of tier 1 hours that rest on providers who do not pass the quality gate.",
              numerator="gate_fail_hours", denominator="gate_hours", missing="no hours are delivered on tier 1",
              least=ON_GATE),
)  # fmt: skip


@lru_cache(maxsize=4)
def every_figure(pack: Pack) -> Mapping[str, Indicator]:
    """Every indicator of a pack and the figures that only stand behind them, by id, with all that follows filled in."""
    questions = [
        Indicator(f"good_or_better_{code}", f"{named.label}: Good or Outstanding share", "share", "quality",
                  f"Share of rated hours delivered by providers rated Good or Outstanding for {named.label}.",
                  source=quality_figures, of="rated hours", better="higher", caveat=RATED_CAVEAT,
                  formula=f"Good and Outstanding hours for {named.label} / rated hours for {named.label}",
                  missing=UNDER_HALF_RATED, least=rated(code))
        for code, named in pack.manifest.domains.items()
        if code != OVERALL
    ]  # fmt: skip
    return complete((*BEHIND, *FIRST, *FURTHER, *questions))


@lru_cache(maxsize=4)
def indicators(pack: Pack) -> Mapping[str, Indicator]:
    """Every indicator of a pack by its id, in the order of the profile's columns.

    One a key question comes from the pack's own list of domains.
    """
    behind = {one.id for one in BEHIND}
    return {code: one for code, one in every_figure(pack).items() if code not in behind}


def mapped_indicators(pack: Pack) -> Mapping[str, Indicator]:
    """The indicators that a map may shade, by their id."""
    return {code: indicator for code, indicator in indicators(pack).items() if indicator.mapped}


def indicator_status(pack: Pack, indicator: Indicator) -> Standing:
    """How an area's figure of the indicator is known: the weakest status of its tables."""
    return standing(pack, *indicator.inputs)


def every_input(pack: Pack) -> Basis:
    """What a table of every indicator rests on."""
    return basis(*(name for one in indicators(pack).values() for name in one.inputs))


def indicator_label(indicator: Indicator, single_lot: bool) -> str:
    """The indicator's name as people read it: above a single lot, coverage and gap are called net."""
    if indicator.net and not single_lot:
        return f"Net {indicator.label[0].lower()}{indicator.label[1:]}"
    return indicator.label
