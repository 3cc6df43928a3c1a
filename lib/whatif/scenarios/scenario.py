"""A scenario: the levers of a what-if and their limits, as a document that is saved, sent and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from lib.pack.load import Pack
from lib.pack.needed_rows import LONGEST_PROJECTION
from lib.whatif.scenarios.levers import (
    A_YEAR,
    BY_LAST_YEAR,
    NO_QUANTITY,
    OWN_BUDGETS,
    RATIO,
    Kind,
    Lever,
    LeverValue,
    lever,
)

NAME_LENGTH = 80
RATIONALE_LENGTH = 2000
# Formulas that are about one lever name it by these.
YEARS = "years"
AGEING = "demand.demographic"
NEED_GROWTH = "demand.need_growth_pct"
OWN_GROWTH = "demand.district_need_growth_pct"
CAPACITY_GROWTH = "supply.capacity_growth_pct"
EXITS = "supply.provider_exits"
TURNING_18 = "demand.turning_18_per_year"
VACANCY_RATE, VACANCY_CHANGE = "supply.vacancy_rate_pct", "supply.vacancy_change_pts"
SLOWEST_NEED, FASTEST_NEED = -20.0, 20.0  # percent a year, of the county and of a district


def plain_zero(value: Any) -> Any:
    """A number without a negative zero, so that equal scenarios are written alike."""
    return value + 0.0 if isinstance(value, float) else value


def whole(value: Any) -> Any:
    """A whole number that a program wrote as 5.0, as 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[float, BeforeValidator(plain_zero)]
Whole = Annotated[int, BeforeValidator(whole)]
DistrictGrowth = Annotated[
    float, Field(ge=SLOWEST_NEED, le=FASTEST_NEED, strict=True, allow_inf_nan=False), BeforeValidator(plain_zero)
]


class Part(BaseModel):
    """A part of a scenario: nothing unknown, nothing changed after it was checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Demand(Part):
    """Levers of demand. Percentages; a reduction is reached in equal steps by the last year."""

    demographic: bool = lever(
        "Ageing", "on or off",
        "Demand follows the projected population, each age band weighted by its relative need.",
        group="Demand", neutral=False, swing=1, waterfall="ageing",
    )  # fmt: skip
    need_growth_pct: Number = lever(
        "Need growth", A_YEAR, "Growth of the people who need care, on top of ageing.",
        group="Demand", prominent=True, low=SLOWEST_NEED, high=FASTEST_NEED, swing=1, waterfall="need",
    )  # fmt: skip
    hours_per_person_growth_pct: Number = lever(
        "Hours per person", A_YEAR, "Growth of the average package of care.",
        group="Demand", low=-10, high=10, swing=1, waterfall="hours_per_person",
    )  # fmt: skip
    direct_payment_shift_pct: Number = lever(
        "Shift to direct payments", BY_LAST_YEAR,
        "Share of people who arrange their own care with a direct payment, reached in equal steps.",
        group="Demand", low=0, high=50, step=1, swing=5, waterfall="direct_payments", diverts="direct payments",
        caveat=OWN_BUDGETS,
    )  # fmt: skip
    reablement_reduction_pct: Number = lever(
        "Reablement", BY_LAST_YEAR,
        "Share of people who no longer need long-term care after reablement, reached in equal steps.",
        group="Demand", low=0, high=50, step=1, swing=5, waterfall="reablement", diverts="reablement",
        caveat=OWN_BUDGETS,
    )  # fmt: skip
    technology_reduction_pct: Number = lever(
        "Technology", BY_LAST_YEAR,
        "Share of hours that technology takes over, reached in equal steps; people stay as they are.",
        group="Demand", low=0, high=50, step=1, swing=5, waterfall="technology", diverts="technology",
        caveat=OWN_BUDGETS,
    )  # fmt: skip
    district_need_growth_pct: dict[str, DistrictGrowth] = lever(
        "Need growth by district", A_YEAR, "A district's own need growth, instead of the county's.",
        group="Demand", low=SLOWEST_NEED, high=FASTEST_NEED, neutral={}, waterfall="need",
    )  # fmt: skip
    prevalence_growth_pct: Number = lever(
        "Prevalence among working age adults", A_YEAR,
        "Growth of working age adults who need care beyond need growth: more people live with a condition, for longer.",
        group="Demand", low=-10, high=20, swing=1, waterfall="prevalence", needs="working_age",
    )  # fmt: skip
    discharge_people_per_month: Number = lever(
        "Discharge from hospital", "people a month",
        "People a month in the county, beyond today's, who come home from hospital and need personal care; shared by "
        "residents aged 65 and over.",
        group="Demand", low=0, high=500, step=5, swing=10, waterfall="discharge", needs="older",
    )  # fmt: skip
    discharge_weeks: Number = lever(
        "Weeks of care after discharge", "weeks", "How long each of them needs care.",
        group="Demand", low=1, high=52, step=1, neutral=6.0, waterfall="discharge", needs="older",
    )  # fmt: skip
    discharge_reablement_pct: Number = lever(
        "Reablement before long-term care", "% of those discharged",
        "Share of those discharged who need no long-term care, as reablement comes first.",
        group="Demand", low=0, high=100, step=5, waterfall="discharge", needs="older",
    )  # fmt: skip
    discharge_hours: Number = lever(
        "Hours after discharge", "hours a week each", "Hours of care that each of them needs in a week.",
        group="Demand", low=1, high=168, step=1, neutral=14.0, waterfall="discharge", needs="older",
    )  # fmt: skip
    turning_18_per_year: Number = lever(
        "Children who turn 18", "children a year",
        "Children a year in the county, beyond what the figures already hold, who turn 18: they leave the children's "
        "service and join the personal care of working age adults in the adults' service.",
        group="Demand", low=0, high=100, step=1, swing=1, waterfall="turning_18", needs="turning_18",
        caveat="Set the same number in both services: who leaves one joins the other.",
    )  # fmt: skip
    turning_18_hours: Number = lever(
        "Hours of a young adult", "hours a week each",
        "Hours of care that each of them needs in a week as an adult. It counts in the adults' service.",
        group="Demand", low=1, high=168, step=1, neutral=20.0, waterfall="turning_18", needs="turning_18",
    )  # fmt: skip

    @field_validator("district_need_growth_pct")
    @classmethod
    def in_order(cls, value: dict[str, float]) -> dict[str, float]:
        """Keep the districts in order of code, so that equal scenarios are written alike."""
        return dict(sorted(value.items()))


class Supply(Part):
    """Levers of supply. Percentages, and percentage points for the change of vacancies."""

    capacity_growth_pct: Number = lever(
        "Capacity growth", A_YEAR, "Growth of the hours that providers could deliver.",
        group="Supply", prominent=True, low=-20, high=20, swing=1,
    )  # fmt: skip
    vacancy_rate_pct: Number = lever(
        "Vacancy rate today", "%",
        "Share of care workers' posts that stand empty today. It matters only where vacancies change.",
        group="Supply", low=0, high=60, step=1, neutral=15.0, swing=5,
    )  # fmt: skip
    vacancy_change_pts: Number = lever(
        "Change of vacancies", "percentage points by the last year",
        "Change of the vacancy rate, reached in equal steps: below 0 is more workers in post.",
        group="Supply", low=-60, high=60, swing=5,
    )  # fmt: skip
    spot_conversion_pct: Number = lever(
        "Spot hours moved to the framework", BY_LAST_YEAR,
        "Share of a lot's spot hours that move to the framework's rates, reached in equal steps.",
        group="Supply", low=0, high=100, step=5, needs="framework",
    )  # fmt: skip
    provider_exits: Annotated[tuple[Annotated[str, Field(strict=True)], ...], Field(strict=False)] = lever(
        "Providers that leave", "providers", "Providers whose capacity is gone from the first year on.",
        group="Supply", neutral=(), caveat="Exits leave cost unchanged.",
    )  # fmt: skip
    overseas_share_pct: Number = lever(
        "Capacity of staff recruited from overseas", "%",
        "Share of capacity that rests on staff recruited from overseas. It matters only where some of it is lost.",
        group="Supply", low=0, high=100, step=5, neutral=20.0,
    )  # fmt: skip
    overseas_loss_pct: Number = lever(
        "Loss of staff recruited from overseas", BY_LAST_YEAR,
        "Share of that capacity that is lost as permissions end and nobody follows, reached in equal steps.",
        group="Supply", low=0, high=100, step=5, swing=10,
    )  # fmt: skip
    contact_hours_change_pct: Number = lever(
        "Travel and rounds", BY_LAST_YEAR,
        "Change of the hours of care that a care worker gives in a week, reached in equal steps: above 0 is less "
        "travel and better rounds.",
        group="Supply", low=-50, high=50, step=1, swing=5,
    )  # fmt: skip

    @field_validator("vacancy_change_pts")
    @classmethod
    def rate_within_limits(cls, value: float, info: ValidationInfo) -> float:
        """Refuse a change that would take the vacancy rate outside its own limits."""
        rate, limits = info.data.get("vacancy_rate_pct"), LEVERS[VACANCY_RATE]
        if rate is not None and not limits.low <= rate + value <= limits.high:
            bounds = f"{limits.low:g}% to {limits.high:g}%"
            raise ValueError(f"a change that keeps the vacancy rate, {rate:g}% today, within {bounds}")
        return value

    @field_validator("provider_exits")
    @classmethod
    def each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a provider that leaves twice; keep the others in order."""
        if len(set(value)) < len(value):
            raise ValueError("each provider once")
        return tuple(sorted(value))


class Price(Part):
    """The lever of prices: percent a year."""

    uplift_pct: Number = lever(
        "Price uplift", A_YEAR, "Growth of what an hour costs.",
        group="Price and years", prominent=True, low=-10, high=20,
    )  # fmt: skip


class Target(Part):
    """What the market should reach: coverage as a ratio, contact hours of one care worker in a week."""

    coverage: Number = lever(
        "Coverage wanted", RATIO, "Coverage that every lot should reach by the last year.",
        group="What it would take", low=0.5, high=1.5, step=0.05, neutral=1.0,
    )  # fmt: skip
    contact_hours_per_worker: Number = lever(
        "Contact hours of a care worker", "hours a week",
        "Hours of care that one care worker gives in a week: it turns hours into workers.",
        group="What it would take", low=5, high=40, step=1, neutral=25.0,
    )  # fmt: skip


class Range(Part):
    """What is uncertain: growth (in percentage points), the age weights, chance; and how the draws are made."""

    need_growth_sd_pts: Number = lever(
        "Spread of need growth", "percentage points", "Standard deviation of need growth in the range.",
        group="Price and years", low=0, high=5, step=0.25, neutral=1.0,
    )  # fmt: skip
    capacity_growth_sd_pts: Number = lever(
        "Spread of capacity growth", "percentage points", "Standard deviation of capacity growth in the range.",
        group="Price and years", low=0, high=5, step=0.25, neutral=1.0,
    )  # fmt: skip
    ageing_sd_pct: Number = lever(
        "Spread of the age weights", "%",
        "Standard deviation of how much more, or less, need follows ageing than the weights by age say.",
        group="Price and years", low=0, high=100, step=5, neutral=30.0,
    )  # fmt: skip
    chance: bool = lever(
        "Chance", "on or off", "People are counted, and few of them vary by chance alone: 168 by 8%.",
        group="Price and years", neutral=True,
    )  # fmt: skip
    draws: Whole = lever(
        "Draws", "draws", "How many futures the range is made from.",
        group="Price and years", low=100, high=20_000, step=100, neutral=2000,
    )  # fmt: skip
    seed: Whole = lever(
        "Seed", NO_QUANTITY, "The same seed gives the same range.",
        group="Price and years", low=0, high=2**31 - 1, step=1, neutral=1,
    )  # fmt: skip


class Scenario(Part):
    """A checked scenario. `pack_name` and `base_year` say what it was made with; they are written when it is saved.

    Made with lib.whatif.scenarios.documents or lib.whatif.scenarios.presets, which also check it against a pack.
    """

    name: str = Field(title="Name", min_length=1, max_length=NAME_LENGTH, strict=True)
    service: str = Field(title="Service", description="The code of a service of the data pack.", strict=True)
    years: Whole = lever(
        "Years ahead", "years", "How many years the projection runs after the base year.",
        group="Price and years", required=True, low=1, high=LONGEST_PROJECTION, step=1, neutral=5,
    )  # fmt: skip
    rationale: str = Field(
        "", title="Rationale", description="Why these levers.", max_length=RATIONALE_LENGTH, strict=True
    )
    demand: Demand = Demand()
    supply: Supply = Supply()
    price: Price = Price()
    target: Target = Target()
    range: Range = Range()
    pack_name: str | None = Field(
        None, title="Pack", description="The data pack that it was saved with.", max_length=200, strict=True
    )
    base_year: Annotated[int, Field(ge=1990, le=2100, strict=True), BeforeValidator(whole)] | None = Field(
        None, title="Base year", description="Year 0 when it was saved."
    )

    @field_validator("name", "rationale")
    @classmethod
    def readable(cls, value: str, info: ValidationInfo) -> str:
        """Refuse what cannot stand on a slide or in a heading, such as a NUL; the rationale may have several lines."""
        allowed = "\n\t\r" if info.field_name == "rationale" else ""
        if any(not letter.isprintable() and letter not in allowed for letter in value):
            raise ValueError("text without control characters")
        if info.field_name == "name" and not value.strip():
            raise ValueError(f"text of 1 to {NAME_LENGTH} characters")
        return value.strip() if info.field_name == "name" else value

    def document(self) -> dict[str, Any]:
        """The scenario as plain values, in the order of the document; what was never stamped is left out."""
        return self.model_dump(mode="json", exclude_none=True)

    def to_json(self, pack: Pack | None = None) -> str:
        """The document as text, the same for equal scenarios; with a pack, stamped with its name and base year."""
        stamped = self if pack is None else stamp(pack, self)
        return json.dumps(stamped.document(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def stamp(pack: Pack, scenario: Scenario) -> Scenario:
    """The scenario with the pack and the base year that it is saved with."""
    base_year = pack.service(scenario.service).base_year
    return scenario.model_copy(update={"pack_name": pack.manifest.name, "base_year": base_year})


def levers_of(model: type[BaseModel], section: str = "") -> dict[str, Lever]:
    """The levers that the fields of a model and of its parts state, by id, in the order of the document."""
    found: dict[str, Lever] = {}
    for name, field in model.model_fields.items():
        lever_id, kind = f"{section}{name}", field.annotation
        if isinstance(kind, type) and issubclass(kind, Part):
            found |= levers_of(kind, f"{lever_id}.")
        elif isinstance(field.json_schema_extra, Lever):
            found[lever_id] = replace(field.json_schema_extra, id=lever_id, kind=KINDS[get_origin(kind) or kind])
    return found


KINDS: dict[Any, Kind] = {float: "number", int: "whole", bool: "switch", dict: "by_district", tuple: "providers"}
LEVERS = levers_of(Scenario)
SECTIONS = tuple(dict.fromkeys(lever.section for lever in LEVERS.values() if lever.section))


def lever_values(scenario: Scenario) -> dict[str, LeverValue]:
    """The value of every lever, in the order of the document."""
    return {
        lever.id: getattr(getattr(scenario, lever.section) if lever.section else scenario, lever.name)
        for lever in LEVERS.values()
    }


def limits_beside(scenario: Scenario, lever: Lever) -> tuple[float, float]:
    """The limits of a lever while the others stand as they are: the vacancy rate keeps its own while it changes."""
    beside = {VACANCY_RATE: scenario.supply.vacancy_change_pts, VACANCY_CHANGE: scenario.supply.vacancy_rate_pct}
    if lever.id not in beside:
        return lever.low, lever.high
    rate, other = LEVERS[VACANCY_RATE], beside[lever.id]
    return max(lever.low, rate.low - other), min(lever.high, rate.high - other)


def moved(scenario: Scenario, values: Mapping[str, LeverValue]) -> Scenario:
    """The scenario with levers moved, unchecked: for calculations on a scenario that was checked already."""
    parts: dict[str, Any] = {}
    for lever_id, value in values.items():
        section, _, name = lever_id.partition(".")
        if name:
            part = parts.get(section, getattr(scenario, section))
            parts[section] = part.model_copy(update={name: value})
        else:
            parts[section] = value
    return scenario.model_copy(update=parts)
