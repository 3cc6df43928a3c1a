"""The settings of the demonstration market: which published facts bind it, and how it should look.

They stand in `illustrative.json` in the pack's folder, so that another county writes its own and lib/ names none.
"""

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FILE_NAME = "illustrative.json"

Curve = list[tuple[float, float]]
"""Points (rural share of people aged 65 and over, value), in rising order; values between points are interpolated."""


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursShare(_Settings):
    """A published total of weekly hours, for one cohort, shared equally among the service types."""

    service_types: list[str] = Field(min_length=1)
    cohort: str
    hours_fact: str
    percent_fact: str | None = None
    """Where only a percentage of `hours_fact` is published for the cohort: the fact that holds it."""


class Supply(_Settings):
    """How one service's providers, lists and hours should look, by how rural a district is."""

    providers: int = Field(gt=0)
    regulated_share: float = Field(ge=0, le=1)
    size_spread: float = Field(gt=0)
    """Standard deviation of the logarithm of provider size."""
    neighbours: int = Field(ge=0)
    """How many of the nearest districts the largest provider also works in."""
    tier_1_share: float = Field(ge=0, le=1)
    """Share of framework hours that tier 1 delivers."""
    tier_1_places: Curve
    tier_2_places: Curve
    spot_places: Curve
    spot_share: Curve
    coverage: Curve
    """Capacity / (delivered + waiting hours), all lots of the service together."""
    waiting_share: Curve
    """Hours of open requests / delivered hours."""
    median_days: Curve
    spot_premium: float
    rate_spread: float = Field(ge=0)


class Requests(_Settings):
    """Requests for care: how many, of what size."""

    a_year_fact: str | None = None
    a_year_per_person: float | None = Field(default=None, gt=0)
    hours: dict[str, list[int]]
    """Weekly hours of a request by service type; package types take their package."""
    package_delay: float = Field(default=1.0, gt=0)
    """How much longer a whole package takes to source."""

    @model_validator(mode="after")
    def _one_volume(self) -> "Requests":
        if (self.a_year_fact is None) == (self.a_year_per_person is None):
            raise ValueError("give either a_year_fact or a_year_per_person")
        return self


class Service(_Settings):
    """One service: its published totals and its market."""

    base_year: int
    as_of: date | None = None
    """Where its requests and history end, if not at the date of the whole pack."""
    people_fact: str
    growth_fact: str
    cost_facts: dict[str, str]
    """Fact of the yearly cost, by cohort."""
    hours: list[HoursShare] = []
    assumed_hourly_rate: float | None = Field(default=None, gt=0)
    """Where no hours are published: spend / 52 / this rate (pounds an hour)."""
    supply: Supply
    requests: Requests

    @model_validator(mode="after")
    def _hours_or_rate(self) -> "Service":
        if bool(self.hours) == (self.assumed_hourly_rate is not None):
            raise ValueError("give either hours or assumed_hourly_rate")
        return self


class Quality(_Settings):
    """Ratings of regulated providers."""

    good_percent_fact: str
    outstanding_share: float = Field(ge=0, le=1)
    inadequate_share: float = Field(ge=0, le=1)
    not_rated_share: float = Field(ge=0, le=1)
    tier_1_gate_failures: int = Field(ge=0)
    """Providers that met the tier 1 requirement when they joined, and no longer do."""
    gate_domains: list[str]
    oldest_years: float = Field(gt=0)


class Settings(_Settings):
    """Everything the generator needs beside the published and reference tables."""

    seed: int = Field(ge=0)
    as_of: date
    months: int = Field(ge=13)
    provider_name: str
    """Followed by a number: nobody may take it for a real company."""
    postcode_area: str
    """An area that the Royal Mail does not use."""
    shared_providers: int = Field(ge=0)
    """Providers that give more than one service."""
    package_hours: dict[str, int]
    package_offer_share: float = Field(ge=0, le=1)
    """Share of providers that offer each kind of package."""
    open_package_share: float = Field(ge=0, le=1)
    """Packages that wait / packages delivered."""
    spare_package_share: float = Field(ge=0, le=1)
    """The most of a district's headroom that may be whole packages."""
    cohort_offer_share: dict[str, float]
    single_provider_lots: int = Field(ge=0)
    full_provider_share: float = Field(ge=0, le=1)
    """The provider whose market share lies nearest this has no headroom anywhere."""
    full_providers: float = Field(ge=0, le=1)
    """Share of the other providers with no headroom."""
    season: float = Field(ge=0, le=0.5)
    """How far new requests rise above their average in January and fall below it in July."""
    jitter: float = Field(ge=0)
    """Standard deviation of the chance differences between districts, as a share."""
    quality: Quality
    services: dict[str, Service] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_later_date(self) -> "Settings":
        for code, plan in self.services.items():
            if plan.as_of and plan.as_of > self.as_of:
                raise ValueError(f"services.{code}.as_of is {plan.as_of}, later than as_of, {self.as_of}")
        return self

    @model_validator(mode="after")
    def _every_size_and_offer(self) -> "Settings":
        for code, plan in self.services.items():
            for cohort in plan.cost_facts:
                if cohort not in self.cohort_offer_share:
                    raise ValueError(f"cohort_offer_share has no {cohort}, but services.{code} serves it")
            for service_type in {name for share in plan.hours for name in share.service_types}:
                if not (self.package_hours.get(service_type) or plan.requests.hours.get(service_type)):
                    raise ValueError(f"services.{code}.requests.hours and package_hours have no {service_type}")
        return self


def read_settings(pack: Path) -> Settings:
    """Read `illustrative.json` of a pack's folder.

    Raises:
        FileNotFoundError: the pack has none.
        ValueError: it is no JSON, or a setting is missing, unknown or out of range; the message names file and field.
    """
    path = pack / FILE_NAME
    try:
        return Settings.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{path}, {where}: {first['msg']}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}, line {error.lineno}: not JSON, {error.msg}") from error
