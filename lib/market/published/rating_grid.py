"""The market rating grid: the council's own ratings, each beside the figures that support or contradict it.

Ratings are words. Low < moderate < good, and high reads as good; "very" is not told apart, so very low reads as low;
two words with a stroke between them stand for either. What a word means in figures is not published: the limits are a
reading, which the manifest states (rating_limits) and each rule says. A rule is general to any service; the manifest
names it by heading.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

import pandas as pd

from lib.market.basis import Standing, together
from lib.market.clauses import named
from lib.market.figure import Figure, as_of, figure
from lib.market.lots import lot_table
from lib.market.profile import county_profile, profile
from lib.market.profile import history as monthly_history
from lib.market.published.facts import (
    fact_figure,
    fact_number,
    fact_row,
    providers_today,
    superseded_words,
)
from lib.market.selection import COUNTY_CODE, Selection, select
from lib.market.sentence import area_noun
from lib.market.status import county_known
from lib.market.unknown import shown
from lib.market.wording import counted, is_missing, listed, rounded, show
from lib.pack.load import Pack
from lib.pack.manifest import GridRating, GridRule, RatingLimits, Status

Finding = Literal["supports", "contradicts", "cannot say"]
COLUMNS = [
    "heading",
    "rating",
    "status",
    "source",
    "evidence",
    "evidence_status",
    "finding",
    "finding_words",
    "rule",
    "figures",
]

LOW, MODERATE, GOOD = 1, 2, 3
LEVELS = {
    "very low": LOW,
    "low": LOW,
    "moderate": MODERATE,
    "medium": MODERATE,
    "good": GOOD,
    "high": GOOD,
    "very good": GOOD,
    "very high": GOOD,
}
YOUNG_MARKET = ("evolving", "emerging", "developing")
OLD_MARKET = ("mature", "established", "stable")
NEED_GROWTH = "demand.need_growth_pct"


@dataclass(frozen=True)
class Evidence:
    """A figure, and whether the finding rests on it."""

    figure: Figure
    decides: bool = False

    @property
    def text(self) -> str:
        """The figure in words, rounded for people unless it is known to the digit."""
        return f"{self.figure.label}: {self.figure.text_with_unit}"

    @property
    def exact_text(self) -> str:
        """The same to the digit, as in a file."""
        return f"{self.figure.label}: {self.figure.exact_text}"

    @property
    def status(self) -> Standing:
        """How the figure is known."""
        return self.figure.status


@dataclass(frozen=True)
class Reading:
    """What a rule makes of a rating: the finding, the figures it looked at, and the rule in one sentence."""

    finding: Finding
    evidence: tuple[Evidence, ...]
    rule: str


@dataclass(frozen=True, eq=False)
class Market:
    """What the rules look at: the whole of a service today, for the county and by its default grouping."""

    pack: Pack
    selection: Selection
    county: pd.Series[float]
    areas: pd.DataFrame

    @property
    def limits(self) -> RatingLimits:
        """Where the words of a rating begin: the manifest has them wherever it has a grid."""
        return cast(RatingLimits, self.pack.manifest.rating_limits)

    def evidence(
        self,
        label: str,
        value: float | str,
        indicator_id: str,
        decides: bool = False,
        ahead: tuple[Standing, ...] = (),
        unit: str = "",
    ) -> Evidence:
        """The county's figure of an indicator, in words or in a unit, known as the indicator is.

        ahead: of a year to come, how the growth is known that it is worked out with.
        """
        known = county_known(self.pack, self.selection, indicator_id)
        status = replace(together([known.status, *ahead]), projected=True) if ahead else known.status
        return Evidence(
            Figure(label, value, unit, status, known.source, as_of(self.pack, self.selection.service)), decides
        )


def levels(rating: str) -> frozenset[int]:
    """The levels that a rating's words stand for; empty where they are no level."""
    words = [word.strip().lower() for word in rating.split("/")]
    return frozenset(LEVELS[word] for word in words) if all(word in LEVELS for word in words) else frozenset()


def compared(rating: str, level: int | None) -> Finding:
    """Whether a level that the figures come to is one that the rating's words stand for."""
    wanted = levels(rating)
    if level is None or not wanted:
        return "cannot say"
    return "supports" if level in wanted else "contradicts"


def share_text(share: float) -> str:
    """A limit that is a share, as people read it: 80%, 82.5%."""
    return f"{rounded(100 * share, 6):g}%"


def quality(market: Market, rating: str, row: GridRating) -> Reading:
    """Quality: Good or Outstanding share of rated hours."""
    share, not_rated = market.county["good_or_better_share"], market.county["not_rated_share"]
    limits, level = market.limits, None
    if not is_missing(share):
        level = GOOD if share >= limits.good_share else MODERATE if share >= limits.moderate_share else LOW
    words = f"{show(not_rated, 'share')} of delivered hours"
    evidence = [market.evidence("Not rated", words, "not_rated_share", level is None)]
    if level is not None:
        words = f"{show(share, 'share')} of rated hours"
        good = market.evidence("With Good or Outstanding providers", words, "good_or_better_share", True)
        evidence.insert(0, good)
    rule = (
        f"Good from {share_text(limits.good_share)} of rated hours with Good or Outstanding providers, moderate from "
        f"{share_text(limits.moderate_share)}, low below; nothing is said where under half of the hours are rated."
    )
    return Reading(compared(rating, level), tuple(evidence), rule)


def supply(market: Market, rating: str, row: GridRating) -> Reading:
    """Supply: whether capacity covers demand, in the county and in every area."""
    coverage, enough = market.county["coverage"], market.limits.enough_coverage
    short = market.areas[market.areas["coverage"] < enough]
    level = None
    if not is_missing(coverage):
        # An area of unknown coverage may be short.
        full = GOOD if market.areas["coverage"].notna().all() else None
        level = LOW if coverage < enough else full if short.empty else MODERATE
    one, many = area_noun(market.pack, market.selection.group_by)
    unknown = int(market.areas["coverage"].isna().sum())
    below = f"{len(short)} of {counted(len(market.areas) - unknown, one, many)}"
    below += f" whose coverage is known ({unknown} not)" if unknown else ""
    if len(short):
        below += f" ({named(list(short['area_name']), many)})"
    decides = level is not None
    evidence = (
        market.evidence("Net coverage of the county", show(coverage, "ratio"), "coverage", decides),
        market.evidence(f"Below {enough:.2f}", below, "coverage", decides),
        market.evidence("Short, lot by lot", market.county["shortfall_hours"], "shortfall_hours", unit="hours"),
    )
    rule = (
        f"Good where net coverage is {enough:.2f} or more in the county and in every {one}, moderate where it is in "
        f"the county but not in every {one}, low where it is not in the county."
    )
    return Reading(compared(rating, level), evidence, rule)


def growth_level(growth: float, limits: RatingLimits) -> int:
    """The level of demand that a growth in percent a year reads as."""
    return GOOD if growth >= limits.high_growth_pct else MODERATE if growth >= limits.moderate_growth_pct else LOW


def published_growth(market: Market) -> tuple[float, Evidence] | None:
    """The growth that the what-if starts from, percent a year, where it is a published fact of the service."""
    lever = market.pack.service(market.selection.service).levers.get(NEED_GROWTH)
    if lever is None or not lever.fact:
        return None
    growth = fact_figure(market.pack, lever.fact)
    if growth.status.status == "context":
        return None
    value = fact_number(market.pack, lever.fact)
    return value, Evidence(replace(growth, value=f"{'+' if value > 0 else ''}{growth.text}"))


def observed_growth(market: Market) -> tuple[float, Evidence] | None:
    """Growth of delivered hours from the month a year before the last to the last, percent; None without both."""
    months = monthly_history(market.pack, market.selection.county())
    hours = months.groupby("month")["hours_per_week"].sum(skipna=False)
    if hours.empty:
        return None
    last = str(hours.index.max())
    before = str(pd.Period(last, "M") - 12)
    if before not in hours.index or not hours[before] > 0 or is_missing(float(hours[last])):
        return None
    value = 100 * (hours[last] / hours[before] - 1)
    first, end = (f"{pd.Period(month, 'M').to_timestamp():%B %Y}" for month in (before, last))
    label, words = f"Delivered hours from {first} to {end}", f"{rounded(value, 1):+.1f}%"
    return float(value), Evidence(
        figure(market.pack, label, words, "", monthly_history, service=market.selection.service)
    )


def sourcing(market: Market) -> tuple[Evidence, ...]:
    """How long care takes to find, as evidence that never decides."""

    def text(code: str) -> str:
        return shown(market.pack, market.selection.county(), COUNTY_CODE, code, float(market.county[code]))

    return (
        market.evidence("Median days to source", text("median_days_to_source"), "median_days_to_source"),
        market.evidence("Waiting", f"{text('waiting_share')} of demand", "waiting_share"),
    )


def demand(market: Market, rating: str, row: GridRating) -> Reading:
    """Demand: how fast it grows. A published growth decides; without one, that of the history."""
    known = [one for one in (published_growth(market), observed_growth(market)) if one is not None]
    limits = market.limits
    level = growth_level(known[0][0], limits) if known else None
    evidence = [replace(one, decides=place == 0) for place, (_, one) in enumerate(known)]
    rule = (
        f"High from a growth of {limits.high_growth_pct:g}% a year, moderate from {limits.moderate_growth_pct:g}%, low "
        "below: the published growth where there is one, else that of delivered hours over the last 12 months."
    )
    return Reading(compared(rating, level), (*evidence, *sourcing(market)), rule)


def workforce(market: Market, rating: str, row: GridRating) -> Reading:
    """Workforce: a pack has no figure of it, so nothing can be said; other figures stand beside it as context."""
    context = []
    for fact_id in row.context:
        fact = fact_row(market.pack, fact_id)
        of = market.pack.service(fact["service"]).label
        own = fact_figure(market.pack, fact_id)
        whence = "" if fact["service"] == market.selection.service else f"from {of}, "
        label, words = f"For comparison only, {whence}{own.as_of}", f"{own.label} {own.text_with_unit}".strip()
        words += f" ({superseded})" if (superseded := superseded_words(market.pack, fact["superseded_by"])) else ""
        context.append(Evidence(replace(own, label=label, value=words, unit="")))
    rule = "Nothing is said: no figure of this service's workforce is known, and one of another service is no evidence."
    return Reading("cannot say", (*context, *sourcing(market)), rule)


def ambition(market: Market, rating: str, row: GridRating) -> Reading:
    """Ambition to increase supply: whether capacity would keep up with a year of the published growth."""
    evidence = [market.evidence("Headroom today", market.county["headroom_hours"], "headroom_hours", unit="hours")]
    growth, enough = published_growth(market), market.limits.enough_coverage
    finding: Finding = "cannot say"
    if growth is not None:
        percent, published = growth
        lots = lot_table(market.pack, market.selection.county())
        demand_then = lots["demand_hours"] * (1 + percent / 100)
        total = float(demand_then.sum(skipna=False))
        after = float(lots["capacity_hours"].sum(skipna=False)) / total if total > 0 else math.nan
        short = float((demand_then - lots["capacity_hours"]).clip(lower=0).sum(skipna=False))
        wanted = "increase" in rating.lower()
        every = bool((lots["capacity_hours"] >= enough * demand_then).all())
        decides = wanted and not is_missing(after) and (after < enough or every)
        if decides:
            finding = "supports" if after < enough else "contradicts"
        evidence += [
            replace(published, decides=decides),
            market.evidence(
                "Net coverage after a year of that growth", show(after, "ratio"), "coverage", decides,
                (published.status,),
            ),
            market.evidence(
                "Short then, lot by lot", short, "shortfall_hours", decides, (published.status,), "hours",
            ),
        ]  # fmt: skip
    rule = (
        f"An increase is supported where net coverage of the county is below {enough:.2f} after a year of the "
        "published growth, contradicted where every lot still has that much, and cannot be told in between or without "
        "a published growth."
    )
    return Reading(finding, tuple(evidence), rule)


def providers_words(providers: Figure) -> str:
    """How many providers there are, and by which count."""
    if isinstance(providers.value, str) or is_missing(providers.value):
        return providers.text
    return f"{providers.value:,g} ({providers.source})"


def maturity(market: Market, rating: str, row: GridRating) -> Reading:
    """Maturity: how far care is still bought off the framework, with how many providers there are."""
    pack, share = market.pack, market.county["spot_share"]
    young, old = (any(word in rating.lower() for word in words) for words in (YOUNG_MARKET, OLD_MARKET))
    finding: Finding = "cannot say"
    mostly, hardly = market.limits.mostly_spot_share, market.limits.hardly_spot_share
    if young != old and (share >= mostly or share < hardly):
        finding = "supports" if young == (share >= mostly) else "contradicts"
    providers = providers_today(pack, market.selection.service)
    largest = f"{show(market.county['largest_provider_share'], 'share')} of hours"
    decides = finding != "cannot say"
    evidence = (
        market.evidence("Bought off the framework", f"{show(share, 'share')} of hours", "spot_share", decides),
        Evidence(replace(providers, value=providers_words(providers), unit="")),
        market.evidence("The largest provider's share", largest, "largest_provider_share"),
        market.evidence("Concentration (HHI)", show(market.county["hhi"], "index"), "hhi"),
    )
    rule = (
        f"A market still evolving is supported where {share_text(mostly)} or more of its hours are bought off a "
        f"framework and contradicted below {share_text(hardly)}, a mature one the other way round; in between nothing "
        "is said."
    )
    return Reading(finding, evidence, rule)


RULES: Mapping[GridRule, Callable[[Market, str, GridRating], Reading]] = {
    "quality": quality,
    "supply": supply,
    "demand": demand,
    "workforce": workforce,
    "ambition": ambition,
    "maturity": maturity,
}


# What decides and is not what the council knows of its market: what it is called, and what it is worth.
CAUTIONS: Mapping[Status, tuple[str, str]] = {
    "modelled": ("modelled figures", "weak evidence"),
    "illustrative": ("made-up figures only", "not evidence"),
}


def deciding(evidence: tuple[Evidence, ...]) -> Standing | None:
    """How the figures are known that a finding rests on: as the weakest of them; None where it rests on none."""
    known = [one.status for one in evidence if one.decides]
    return together(known) if known else None


def finding_words(reading: Reading, status: Standing | None) -> str:
    """A finding as people read it, with a caution where what decides is not what the council knows of its market."""
    words = reading.finding.capitalize()
    if reading.finding == "cannot say" or status is None or status.status not in CAUTIONS:
        return words
    on, worth = CAUTIONS[status.status]
    return f"{words}, on {on}: {worth}"


def findings_sentences(grid: pd.DataFrame) -> list[tuple[str, Standing | None]]:
    """What the figures say of the ratings of a `grid_table`, each sentence with how the figures are known it counts.

    Only what is published, follows from what is, or was supplied counts as evidence; what else decides follows, and
    says what it is worth.
    """
    told = grid[grid["finding"] != "cannot say"]
    known = [deciding(figures) for figures in told["figures"]]
    status_of = pd.Series([one.status if one else "" for one in known], index=told.index, dtype="object")
    sound = [one for one in known if one and one.status not in CAUTIONS]
    ratings = counted(len(grid), "published rating")
    words = counts_words(told.loc[status_of.isin([one.status for one in sound]), "finding"])
    whose = "Supplied" if any(one.status == "supplied" for one in sound) else "Published"
    if len({one.status == "supplied" for one in sound}) > 1:
        whose = "Published and supplied"
    found: list[tuple[str, Standing | None]] = [
        (f"{whose} figures {words} of {ratings}.", Standing(together(sound).status))
        if sound
        else (f"No published or supplied figure says anything of {ratings}.", None)
    ]
    for status, (on, worth) in CAUTIONS.items():
        some = told.loc[status_of == status, "finding"]
        if len(some):
            found.append((f"{on.removesuffix(' only').capitalize()} {counts_words(some)}: {worth}.", Standing(status)))
    silent = len(grid) - len(told)
    return [*found, (f"Nothing can be said of {silent}.", None)] if silent and sound else found


def counts_words(findings: pd.Series[str]) -> str:
    """How many ratings are supported and how many are contradicted: "support 2 and contradict 1"."""
    numbers = {"support": int((findings == "supports").sum()), "contradict": int((findings == "contradicts").sum())}
    return listed([f"{verb} {number}" for verb, number in numbers.items() if number])


def grid_table(pack: Pack, service: str) -> pd.DataFrame:
    """The market rating grid of a service: one row a heading of the manifest's `rating_grid`, none where it has none.

    Columns: heading, rating, status and source (of the published rating), evidence (the figures in words, "; " between
    them), evidence_status (the weakest of the figures that decide; "" where none does), finding (supports, contradicts
    or cannot say), finding_words (the finding with its caution), rule (in one sentence), figures (a tuple of Evidence,
    each with its own status). SelectionError for a service that there is not.
    """
    selection = select(pack, service)
    settings = pack.service(service)
    by_area = select(pack, service, group_by=settings.default_grouping)
    market = Market(pack, by_area, county_profile(pack, selection), profile(pack, by_area))
    rows = []
    for row in settings.rating_grid:
        fact = fact_row(pack, row.fact)
        reading = RULES[row.rule](market, fact["value"], row)
        status = deciding(reading.evidence)
        cells = {
            "heading": row.heading,
            "rating": fact["value"],
            "status": cast(Status, fact["status"]),
            "source": fact["source"],
            "evidence": "; ".join(one.exact_text for one in reading.evidence),
            "evidence_status": str(status) if status else "",
            "finding": reading.finding,
            "finding_words": finding_words(reading, status),
            "rule": reading.rule,
            "figures": reading.evidence,
        }
        rows.append(cells)
    return pd.DataFrame(rows, columns=COLUMNS)
