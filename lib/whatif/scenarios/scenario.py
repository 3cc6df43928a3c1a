"""A scenario: the levers of a what-if and their limits, as a document that is saved, sent and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from lib.pack.load import Pack
from lib.whatif.scenarios.levers import LEVERS, LeverValue

NAME_LENGTH = 80
RATIONALE_LENGTH = 2000
SECTIONS = ("demand", "supply", "price", "target", "range")


def limited(lever_id: str) -> Any:
    """A number between the limits of its lever, neutral where the document leaves it out."""
    lever = LEVERS[lever_id]
    return Field(lever.neutral, ge=lever.low, le=lever.high, strict=True, allow_inf_nan=False)


def plain_zero(value: Any) -> Any:
    """A number without a negative zero, so that equal scenarios are written alike."""
    return value + 0.0 if isinstance(value, float) else value


def whole(value: Any) -> Any:
    """A whole number that a program wrote as 5.0, as 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[float, BeforeValidator(plain_zero)]
Whole = Annotated[int, BeforeValidator(whole)]
OWN = LEVERS["demand.district_need_growth_pct"]
DistrictGrowth = Annotated[Number, Field(ge=OWN.low, le=OWN.high, strict=True, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a scenario: nothing unknown, nothing changed after it was checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Demand(Part):
    """Levers of demand. Percentages; a reduction is reached in equal steps by the last year."""

    demographic: bool = Field(False, strict=True)
    need_growth_pct: Number = limited("demand.need_growth_pct")
    hours_per_person_growth_pct: Number = limited("demand.hours_per_person_growth_pct")
    direct_payment_shift_pct: Number = limited("demand.direct_payment_shift_pct")
    reablement_reduction_pct: Number = limited("demand.reablement_reduction_pct")
    technology_reduction_pct: Number = limited("demand.technology_reduction_pct")
    district_need_growth_pct: dict[str, DistrictGrowth] = {}

    @field_validator("district_need_growth_pct")
    @classmethod
    def in_order(cls, value: dict[str, float]) -> dict[str, float]:
        """Keep the districts in order of code, so that equal scenarios are written alike."""
        return dict(sorted(value.items()))


class Supply(Part):
    """Levers of supply. Percentages, and percentage points for the change of vacancies."""

    capacity_growth_pct: Number = limited("supply.capacity_growth_pct")
    vacancy_rate_pct: Number = limited("supply.vacancy_rate_pct")
    vacancy_change_pts: Number = limited("supply.vacancy_change_pts")
    spot_conversion_pct: Number = limited("supply.spot_conversion_pct")
    provider_exits: Annotated[tuple[Annotated[str, Field(strict=True)], ...], Field(strict=False)] = ()

    @field_validator("vacancy_change_pts")
    @classmethod
    def rate_within_limits(cls, value: float, info: ValidationInfo) -> float:
        """Refuse a change that would take the vacancy rate outside its own limits."""
        rate, limits = info.data.get("vacancy_rate_pct"), LEVERS["supply.vacancy_rate_pct"]
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

    uplift_pct: Number = limited("price.uplift_pct")


class Target(Part):
    """What the market should reach: coverage as a ratio, contact hours of one care worker in a week."""

    coverage: Number = limited("target.coverage")
    contact_hours_per_worker: Number = limited("target.contact_hours_per_worker")


class Range(Part):
    """How uncertain growth is: standard deviations in percentage points, and how the draws are made."""

    need_growth_sd_pts: Number = limited("range.need_growth_sd_pts")
    capacity_growth_sd_pts: Number = limited("range.capacity_growth_sd_pts")
    draws: Whole = limited("range.draws")
    seed: Whole = limited("range.seed")


class Scenario(Part):
    """A checked scenario. `pack_name` and `base_year` say what it was made with; they are written when it is saved.

    Made with lib.whatif.scenarios.documents or lib.whatif.scenarios.presets, which also check it against a pack.
    """

    name: str = Field(min_length=1, max_length=NAME_LENGTH, strict=True)
    service: str = Field(strict=True)
    years: Whole = Field(ge=LEVERS["years"].low, le=LEVERS["years"].high, strict=True)
    rationale: str = Field("", max_length=RATIONALE_LENGTH, strict=True)
    demand: Demand = Demand()
    supply: Supply = Supply()
    price: Price = Price()
    target: Target = Target()
    range: Range = Range()
    pack_name: str | None = Field(None, max_length=200, strict=True)
    base_year: Whole | None = Field(None, ge=1990, le=2100, strict=True)

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


def lever_values(scenario: Scenario) -> dict[str, LeverValue]:
    """The value of every lever, in the order of the registry."""
    values: dict[str, LeverValue] = {}
    for lever_id in LEVERS:
        section, _, name = lever_id.partition(".")
        part = getattr(scenario, section)
        values[lever_id] = getattr(part, name) if name else part
    return values


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
