"""The indicators: one registry that the map, the ranking, the tables, the data dictionary and the exports all read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lib.market.basis import Basis, Standing, basis, standing
from lib.market.units import UnitCode
from lib.pack.load import Pack

Theme = Literal["demand", "supply", "quality"]
Direction = Literal["higher", "lower", "neither"]

COVERAGE_BREAKS = (0.90, 0.95, 1.00, 1.05, 1.10)


@dataclass(frozen=True)
class Indicator:
    """One measure of an area.

    `mapped` says whether a map may shade it: rates and ratios only, as counts follow the size of a district. `breaks`
    fixes the classes of a diverging scale; without them they are taken from the values. `inputs` names the tables
    that the figure comes from; its status is the weakest of theirs.
    """

    id: str
    label: str
    unit: UnitCode
    theme: Theme
    meaning: str
    formula: str
    inputs: tuple[str, ...]
    better: Direction = "neither"
    mapped: bool = False
    denominator: str = ""
    caveat: str = ""
    breaks: tuple[float, ...] = ()
    missing: str = "there is nothing here to divide by"  # why a figure may be empty, in words
    net: bool = False  # above a single lot, spare hours of one lot hide the shortfall of another


SUPPLY_CAVEAT = "Supply leaves out self-funders and NHS purchasing, and the same staff may stand in several lots."
UNDER_HALF_RATED = "under half of the hours are rated"
RATED_CAVEAT = "Weighted by delivered hours, not by providers; empty where under half of the hours are rated."
REQUESTS = ("demand", "requests")
MARKET = ("demand", "requests", "capacity")
QUALITY = ("capacity", "ratings")

ALWAYS: tuple[Indicator, ...] = (
    Indicator("people", "People supported", "people", "demand", "People whose care the council arranges today.",
              "sum of people", ("demand",)),
    Indicator("delivered_hours", "Delivered hours", "hours", "demand", "Hours of care delivered in a week.",
              "sum of hours_per_week", ("demand",)),
    Indicator("waiting_hours", "Waiting hours", "hours", "demand", "Hours asked for in requests that are still open.",
              "sum of hours_per_week of open requests", ("requests",), "lower"),
    Indicator("demand_hours", "Demand hours", "hours", "demand", "Hours delivered and hours that wait to be placed.",
              "delivered hours + waiting hours", REQUESTS),
    Indicator("capacity_hours", "Capacity hours", "hours", "supply", "Hours that providers say they could deliver.",
              "sum of capacity_hours over providers", ("capacity",), "higher", caveat=SUPPLY_CAVEAT),
    Indicator("headroom_hours", "Headroom hours", "hours", "supply", "Hours that providers could deliver on top.",
              "capacity hours - delivered hours", ("demand", "capacity"), "higher", caveat=SUPPLY_CAVEAT),
    Indicator("coverage", "Coverage", "ratio", "supply",
              "How far capacity covers demand: 1.00 is just enough, below it somebody waits.",
              "capacity hours / demand hours", MARKET, "higher", True, "demand hours", SUPPLY_CAVEAT,
              COVERAGE_BREAKS, net=True),
    Indicator("shortfall_hours", "Shortfall hours", "hours", "supply",
              "Hours short, lot by lot: spare day hours in one district cannot cover nights in another.",
              "sum over lots of max(0, demand hours - capacity hours)", MARKET, "lower", caveat=SUPPLY_CAVEAT),
)  # fmt: skip

FURTHER: tuple[Indicator, ...] = (
    Indicator("gap_hours", "Gap hours", "hours", "supply", "Demand less capacity: above 0 is short, below 0 is spare.",
              "demand hours - capacity hours", MARKET, "lower", caveat=SUPPLY_CAVEAT, net=True),
    Indicator("shortfall_share", "Shortfall share", "share", "supply",
              "Share of demand that no provider of the same lot has capacity for.",
              "shortfall hours / demand hours", MARKET, "lower", True, "demand hours", SUPPLY_CAVEAT),
    Indicator("residents", "Residents of matching age", "people", "demand",
              "Residents of the ages that the chosen cohorts are drawn from, in the base year.",
              "sum of persons over the cohorts' age bands", ("population",)),
    Indicator("demand_hours_per_1000", "Demand hours per 1,000 residents", "per_1000", "demand",
              "Hours of demand in a week for every 1,000 residents of matching age.",
              "1,000 x demand hours / residents of matching age", (*REQUESTS, "population"), "neither", True,
              "residents of matching age"),
    Indicator("people_per_1000", "People supported per 1,000 residents", "per_1000", "demand",
              "People supported for every 1,000 residents of matching age.",
              "1,000 x people / residents of matching age", ("demand", "population"), "neither", True,
              "residents of matching age"),
    Indicator("hours_per_person", "Package size", "hours_per_person", "demand", "Average size of a package of care.",
              "delivered hours / people", ("demand",), "neither", True, "people supported"),
    Indicator("waiting_share", "Waiting share", "share", "demand", "Share of demand that waits to be placed.",
              "waiting hours / demand hours", REQUESTS, "lower", True, "demand hours"),
    Indicator("open_requests", "Open requests", "count", "demand", "Requests that wait to be placed.",
              "count of requests with no placed_on", ("requests",), "lower"),
    Indicator("median_days_to_source", "Median days to source", "days", "demand",
              "Median days from a request to its placement, of requests placed in the year to the date of the data.",
              "median of placed_on - requested_on", ("requests",), "lower", True, "placed requests"),
    Indicator("providers", "Providers", "count", "supply", "Providers with capacity or hours in the area.",
              "distinct providers in the capacity table", ("capacity",), "higher"),
    Indicator("people_per_provider", "People per provider", "people_per_provider", "supply",
              "People supported for every provider that serves the area.",
              "people / providers", ("demand", "capacity"), "neither", True, "providers"),
    Indicator("spot_hours", "Spot hours", "hours", "supply", "Hours delivered off the framework.",
              "sum of delivered_hours on routes off the framework", ("capacity",), "lower"),
    Indicator("spot_share", "Spot share", "share", "supply", "Share of delivered hours bought off the framework.",
              "spot hours / all hours that providers deliver", ("capacity",), "lower", True, "delivered hours"),
    Indicator("annual_cost", "Council-arranged spend", "pounds", "supply", "What the council pays in a year.",
              "sum of annual_cost", ("demand",)),
    Indicator("hourly_cost", "Average cost of an hour", "pounds_per_hour", "supply",
              "What the council pays for an hour of care, on average.",
              "annual cost / (52 x delivered hours)", ("demand",), "neither", True, "delivered hours",
              "Where cost is shared out by hours, districts differ only by their mix of cohorts."),
    Indicator("cost_per_person", "Spend per person", "pounds_per_person", "supply",
              "What the council pays in a year for each person supported.",
              "annual cost / people", ("demand",), "neither", True, "people supported",
              "Where cost is shared out by hours, districts differ only by their mix of cohorts and packages."),
    Indicator("rural_share", "Rural share", "share", "demand",
              "Residents aged 65 and over who live in rural neighbourhoods: what kind of place it is, not a figure of "
              "the service.",
              "sum of districts' rural share x residents aged 65 and over / those residents",
              ("districts", "population"), "neither", True, "residents aged 65 and over"),
    Indicator("largest_provider_share", "Largest provider's share", "share", "supply",
              "Share of delivered hours that rest on the area's largest provider.",
              "hours of the largest provider / delivered hours", ("capacity",), "lower", True, "delivered hours"),
    Indicator("hhi", "Concentration (HHI)", "index", "supply",
              "Herfindahl-Hirschman index: 0 is many small providers, 10,000 a single one.",
              "sum of squared provider shares x 10,000", ("capacity",), "lower", True, "delivered hours"),
    Indicator("good_or_better_share", "Good or Outstanding share", "share", "quality",
              "Share of rated hours delivered by providers rated Good or Outstanding overall.",
              "Good and Outstanding hours / rated hours", QUALITY, "higher", True, "rated hours", RATED_CAVEAT,
              missing=UNDER_HALF_RATED),
    Indicator("not_rated_share", "Not rated share", "share", "quality",
              "Share of hours delivered by providers with no rating: neither good nor bad.",
              "not rated hours / all hours", QUALITY, "neither", True, "delivered hours"),
    Indicator("gate_fail_hours", "Hours below the quality gate", "hours", "quality",
              "Hours that tier 1 providers deliver who do not pass the framework's quality gate.",
              "sum of delivered_hours of tier 1 providers below the gate", QUALITY, "lower"),
    Indicator("gate_fail_share", "Share below the quality gate", "share", "quality",
              "Share of tier 1 hours that rest on providers who do not pass the quality gate.",
              "hours below the gate / tier 1 hours", QUALITY, "lower", True, "tier 1 hours"),
)  # fmt: skip


def indicators(pack: Pack) -> Mapping[str, Indicator]:
    """Every indicator of a pack by its id, in the order of the profile's columns.

    One a key question comes from the pack's own list of domains.
    """
    questions = [
        Indicator(
            f"good_or_better_{code}",
            f"{named.label}: Good or Outstanding share",
            "share",
            "quality",
            f"Share of rated hours delivered by providers rated Good or Outstanding for {named.label}.",
            f"Good and Outstanding hours for {named.label} / rated hours for {named.label}",
            QUALITY,
            "higher",
            True,
            "rated hours",
            RATED_CAVEAT,
            missing=UNDER_HALF_RATED,
        )
        for code, named in pack.manifest.domains.items()
        if code != "overall"
    ]
    return {indicator.id: indicator for indicator in (*ALWAYS, *FURTHER, *questions)}


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
