"""The tables of a data pack: one model a table states its columns, types, ranges, keys and foreign keys.

The data dictionary and the reader's messages are made from these models, so nothing about a column is said twice.
Extra columns are allowed and kept: a council may carry more than the app reads.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

MARKET_TABLES = ("demand", "providers", "ratings", "capacity", "requests", "history")
MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
# What stands in gaps.csv for a figure that was found nowhere: every other text there is the publisher's own.
NOT_PUBLISHED = "Not published"
# What a passage of a council's page is, in the order in which a page shows them; and how people read several of them.
WORD_KINDS = {
    "intention": "Intentions",
    "direction of travel": "Direction of travel",
    "next step": "Next steps",
    "test and learn": "Test and learn projects",
    "opportunity": "Opportunities",
    "pressure": "Pressures",
    "risk": "Risks",
    "projection": "What the council expects",
    "market status": "How the market stands",
    "market context": "The setting",
}


def field(
    description: str,
    unit: str = "",
    *,
    refers_to: str = "",
    words: str = "",
    one_of: tuple[str, ...] = (),
    optional: bool = False,
    **checks: Any,
) -> Any:
    """A column of a model.

    `refers_to` is "table.column", a foreign key; `words` names a vocabulary of the manifest; `one_of` lists the only
    values allowed; an `optional` column may be left out of the file, as if its cells were empty; the rest are pandera's
    own (ge, le, gt, str_matches, nullable), of which lib.pack.description knows what the reader checks.
    """
    metadata = {"unit": unit, "refers_to": refers_to, "words": words, "one_of": one_of, "optional": optional}
    checks |= {"nullable": True} if optional else {}
    return pa.Field(description=description, metadata=metadata, **checks)


def share(description: str, **checks: Any) -> Any:
    """A column that holds a share between 0 and 1."""
    return field(description, "share, 0 to 1", ge=0, le=1, **checks)


def district() -> Any:
    """The column that names a district of the pack."""
    return field("GSS code of the district", refers_to="districts.district_code")


def rated() -> Any:
    """A column that holds a rating of the register; empty where the CQC's file does not say."""
    return field(
        "Rating of its home care, where it gives any, else of the location; empty where the file does not say",
        words="ratings",
        nullable=True,
    )


class Districts(pa.DataFrameModel):
    """The districts of the county, and what is known of each place."""

    district_code: Series[str] = field("GSS code of the district", str_matches=r"^[EWSN]\d{8}$")
    district_name: Series[str] = field("Name of the district")
    area_km2: Series[float] = field("Land area", "square kilometres", gt=0)
    rural_share_65: Series[float] = share(
        "Share of residents aged 65 and over who live in rural neighbourhoods; empty where nobody knows", nullable=True
    )
    deprivation_score: Series[float] = field(
        "Average score, Indices of Deprivation; empty where nobody knows", "score", ge=0, nullable=True
    )
    rural_urban_class: Series[str] = field(
        "Rural-urban classification of the district; empty where nobody knows", nullable=True
    )
    borders_london: Series[bool] = field(
        "Whether the district borders Greater London, where wages are higher; empty where nobody knows", nullable=True
    )

    class Config:
        """Key and place of the table."""

        unique = ["district_code"]  # noqa: RUF012 (pandera's own form)
        metadata = {"path": "reference/districts.csv"}  # noqa: RUF012


class AreaGroups(pa.DataFrameModel):
    """Groupings of districts, such as quadrants."""

    grouping: Series[str] = field("Code of the grouping", words="groupings")
    group_name: Series[str] = field("Name of the group of districts")
    district_code: Series[str] = district()

    class Config:
        """Key and place of the table."""

        unique = ["grouping", "district_code"]  # noqa: RUF012
        metadata = {"path": "reference/area_groups.csv"}  # noqa: RUF012


class Population(pa.DataFrameModel):
    """Residents by district, year and age band: estimates and projections."""

    district_code: Series[str] = district()
    year: Series[int] = field("Mid-year of the estimate or projection", ge=1990, le=2100)
    age_band: Series[str] = field("Age band", str_matches=r"^\d+(-\d+|\+)$")
    persons: Series[float] = field("Residents", "people", ge=0)

    class Config:
        """Key and place of the table."""

        unique = ["district_code", "year", "age_band"]  # noqa: RUF012
        metadata = {"path": "reference/population.csv"}  # noqa: RUF012


class ServiceRates(pa.DataFrameModel):
    """Relative need by age: it gives the residents of matching age, the districts' shares and demographic growth."""

    service: Series[str] = field("Service", words="services")
    cohort: Series[str] = field("Cohort", words="cohorts")
    age_band: Series[str] = field("Age band of the population table", refers_to="population.age_band")
    weight: Series[float] = field("Need of one resident of the band, relative to the others", "weight", ge=0)

    class Config:
        """Key and place of the table."""

        unique = ["service", "cohort", "age_band"]  # noqa: RUF012
        metadata = {"path": "reference/service_rates.csv"}  # noqa: RUF012


class Lots(pa.DataFrameModel):
    """The service types and cohorts of each service; with a district, each is a lot."""

    framework: Series[str] = field("Name of the framework; empty where the service has none", nullable=True)
    service: Series[str] = field("Service", words="services")
    service_type: Series[str] = field("Service type", words="service_types")
    cohort: Series[str] = field("Cohort", words="cohorts")
    framework_cohort_label: Series[str] = field("The framework's own name for the cohort", nullable=True)

    class Config:
        """Key and place of the table."""

        unique = ["service", "service_type", "cohort"]  # noqa: RUF012
        metadata = {"path": "reference/lots.csv"}  # noqa: RUF012


class Wards(pa.DataFrameModel):
    """Electoral wards, each with a point for the map."""

    ward_code: Series[str] = field("GSS code of the ward")
    ward_name: Series[str] = field("Name of the ward")
    district_code: Series[str] = district()
    latitude: Series[float] = field("Median latitude of the ward's postcodes", "degrees", ge=-90, le=90)
    longitude: Series[float] = field("Median longitude of the ward's postcodes", "degrees", ge=-180, le=180)

    class Config:
        """Key and place of the table."""

        unique = ["ward_code"]  # noqa: RUF012
        metadata = {"path": "reference/wards.csv"}  # noqa: RUF012


class CqcLocations(pa.DataFrameModel):
    """The CQC's register of offices in the area, never supply: an office says nothing of where care is given."""

    cqc_location_id: Series[str] = field("The CQC's id of the location")
    location_name: Series[str] = field("Name of the location", nullable=True)
    cqc_provider_id: Series[str] = field("The CQC's id of the provider that is registered for it", nullable=True)
    provider_name: Series[str] = field("Name of that provider", nullable=True)
    postcode: Series[str] = field("Postcode of the office: never a sign of where care is given", nullable=True)
    district_code: Series[str] = field(
        "GSS code of the district that the office stands in; empty where nobody knows",
        refers_to="districts.district_code",
        nullable=True,
    )
    home_care: Series[bool] = field("Whether home care is given from it")
    overall: Series[str] = rated()
    safe: Series[str] = rated()
    effective: Series[str] = rated()
    caring: Series[str] = rated()
    responsive: Series[str] = rated()
    well_led: Series[str] = rated()
    rated_on: Series[pa.DateTime] = field(
        "Day on which the overall rating was published; empty where not known", "date", nullable=True
    )
    read_from: Series[str] = field("The CQC's file that it was read from; of two, the second has the ratings")

    class Config:
        """Key and place of the table."""

        unique = ["cqc_location_id"]  # noqa: RUF012
        metadata = {"path": "reference/cqc_locations.csv", "optional": True}  # noqa: RUF012


class Facts(pa.DataFrameModel):
    """Figures that stand in a named public source, and simple arithmetic on them."""

    id: Series[str] = field("Name of the fact, used by the reconciliation")
    service: Series[str] = field("Service", words="services")
    measure: Series[str] = field("What the figure counts")
    value: Series[str] = field(
        "The figure as published; text where the fact is not a number, empty where the measure says all of it",
        nullable=True,
    )
    unit: Series[str] = field("Unit of the figure")
    period: Series[str] = field("Year or date that the figure is for")
    status: Series[str] = field("How the figure is known", words="statuses")
    source: Series[str] = field("Where it was published")
    note: Series[str] = field("What a reader must know", nullable=True)
    qualifies: Series[str] = field(
        "Ids of the indicators, or of the levers of the service, that it stands beside, with ; between them",
        optional=True,
    )
    superseded_by: Series[str] = field("The newer fact that it has been overtaken by", optional=True)

    class Config:
        """Key and place of the table."""

        unique = ["id"]  # noqa: RUF012
        metadata = {"path": "published/facts.csv"}  # noqa: RUF012


class Gaps(pa.DataFrameModel):
    """Figures that the council does not publish: listed, never filled in silently."""

    id: Series[str] = field("Name of the gap")
    service: Series[str] = field("Service", words="services")
    measure: Series[str] = field("What is not published")
    published_as: Series[str] = field(
        f"The publisher's own words for the gap, to the letter; {NOT_PUBLISHED} where it says nothing of the figure"
    )
    note: Series[str] = field("What a reader must know", nullable=True)
    filled_by: Series[str] = field("Which data would fill the gap, in one sentence", optional=True)
    template: Series[str] = field("The table whose upload would carry that data", one_of=MARKET_TABLES, optional=True)

    class Config:
        """Key and place of the table."""

        unique = ["id"]  # noqa: RUF012
        metadata = {"path": "published/gaps.csv"}  # noqa: RUF012


class Intentions(pa.DataFrameModel):
    """What the council has said it intends, each with the figure that tracks it."""

    service: Series[str] = field("Service", words="services")
    intention_id: Series[str] = field("Name of the intention")
    intention: Series[str] = field("The intention, in short: a summary, not the council's own words")
    tracked_by: Series[str] = field("The figure that tracks it, or none yet")
    indicators: Series[str] = field(
        "Ids of the indicators, or of the further figures, that track it, with ; between them", optional=True
    )
    needs: Series[str] = field("What would give a figure, where there is none", optional=True)

    class Config:
        """Key and place of the table."""

        unique = ["service", "intention_id"]  # noqa: RUF012
        metadata = {"path": "published/intentions.csv"}  # noqa: RUF012


class CouncilWords(pa.DataFrameModel):
    """What the council's pages say of a service, passage by passage and to the letter. A pack may have none."""

    service: Series[str] = field("Service", words="services")
    word_id: Series[str] = field("Name of the passage")
    kind: Series[str] = field("What the passage is", one_of=tuple(WORD_KINDS))
    section: Series[str] = field("The heading that it stands under", nullable=True)
    words: Series[str] = field("The passage, to the letter")
    intention_id: Series[str] = field(
        "The intention of intentions.csv that it belongs to, whose figures track it", nullable=True
    )
    indicators: Series[str] = field(
        "Ids of the figures that track it where it belongs to no intention, with ; between them", nullable=True
    )
    superseded_by: Series[str] = field(
        "The newer fact that it has been overtaken by", refers_to="facts.id", nullable=True
    )

    class Config:
        """Key and place of the table."""

        unique = ["service", "word_id"]  # noqa: RUF012
        metadata = {"path": "published/council_words.csv", "optional": True}  # noqa: RUF012


class Reconciliation(pa.DataFrameModel):
    """How each published total is worked out from the market tables. A list holds its values with ; between them."""

    fact_id: Series[str] = field("The published fact", refers_to="facts.id")
    table: Series[str] = field("Market table that is added up", one_of=("demand", "capacity"))
    column: Series[str] = field("Column that is added up or counted")
    measure: Series[str] = field("sum, distinct count, or percent of a total", one_of=("sum", "distinct", "percent"))
    service: Series[str] = field("Services counted; empty for all", nullable=True)
    service_type: Series[str] = field("Service types counted; empty for all", nullable=True)
    cohort: Series[str] = field("Cohorts counted; empty for all", nullable=True)
    route: Series[str] = field("Routes counted; empty for all", nullable=True)
    share_of: Series[str] = field(
        "For a percentage: the filter that is left out of the total",
        one_of=("service", "service_type", "cohort", "route"),
        nullable=True,
    )
    bound: Series[str] = field("How the figures must compare", one_of=("equal", "at_least", "at_most"))

    class Config:
        """Key and place of the table."""

        unique = ["fact_id"]  # noqa: RUF012
        metadata = {"path": "published/reconciliation.csv"}  # noqa: RUF012


class Demand(pa.DataFrameModel):
    """Care that the council arranges today, lot by lot. Its annual_cost is the only authority on cost."""

    service: Series[str] = field("Service", words="services")
    district_code: Series[str] = district()
    service_type: Series[str] = field("Service type", words="service_types")
    cohort: Series[str] = field("Cohort", words="cohorts")
    people: Series[pd.Int64Dtype] = field(
        "People supported, each once, under the main service type; empty where nobody knows",
        "people",
        ge=0,
        nullable=True,
    )
    hours_per_week: Series[float] = field("Hours delivered in a week", "hours a week", ge=0)
    annual_cost: Series[float] = field("What the council pays in a year", "pounds a year", ge=0)

    class Config:
        """Key and place of the table."""

        unique = ["service", "district_code", "service_type", "cohort"]  # noqa: RUF012
        metadata = {"path": "market/demand.csv", "lot": True}  # noqa: RUF012


class Providers(pa.DataFrameModel):
    """Care providers that serve the county."""

    provider_id: Series[str] = field("Name of the provider in the other tables")
    provider_name: Series[str] = field("Name of the provider as people read it")
    office_postcode: Series[str] = field(
        "Postcode of the registered office: never a sign of where care is given", nullable=True
    )
    regulated: Series[bool] = field("Whether the provider is registered with the CQC")
    also_childrens: Series[bool] = field("Whether it serves both adults and children")
    cqc_location_id: Series[str] = field(
        "The CQC's id of its location, by which CQC files are matched to it", optional=True
    )

    class Config:
        """Key and place of the table."""

        unique = ["provider_id"]  # noqa: RUF012
        metadata = {"path": "market/providers.csv"}  # noqa: RUF012


class Ratings(pa.DataFrameModel):
    """CQC ratings: overall, and each of the five key questions."""

    provider_id: Series[str] = field("Provider", refers_to="providers.provider_id")
    domain: Series[str] = field("Overall, or the key question", words="domains")
    rating: Series[str] = field("Rating in the CQC's own words", words="ratings")
    rated_on: Series[pa.DateTime] = field("Date of the rating; empty where not rated", "date", nullable=True)

    class Config:
        """Key and place of the table."""

        unique = ["provider_id", "domain"]  # noqa: RUF012
        metadata = {"path": "market/ratings.csv"}  # noqa: RUF012


class Capacity(pa.DataFrameModel):
    """What each provider delivers and could deliver in each lot, and on which route."""

    provider_id: Series[str] = field("Provider", refers_to="providers.provider_id")
    service: Series[str] = field("Service", words="services")
    district_code: Series[str] = district()
    service_type: Series[str] = field("Service type", words="service_types")
    cohort: Series[str] = field("Cohort", words="cohorts")
    route: Series[str] = field("How the council buys from it", words="routes")
    rank: Series[pd.Int64Dtype] = field("Place in the ranked list; empty for spot", "rank", ge=1, nullable=True)
    capacity_hours: Series[float] = field(
        "Hours it could deliver in a week; empty where nobody knows", "hours a week", ge=0, nullable=True
    )
    delivered_hours: Series[float] = field("Hours it delivers in a week", "hours a week", ge=0)
    hourly_rate: Series[float] = field("What it charges for an hour", "pounds an hour", ge=0)
    performance_score: Series[float] = field("Performance score", "0 to 100", ge=0, le=100, nullable=True)

    class Config:
        """Key and place of the table."""

        unique = ["provider_id", "service", "district_code", "service_type", "cohort", "route"]  # noqa: RUF012
        metadata = {"path": "market/capacity.csv", "lot": True}  # noqa: RUF012


class Requests(pa.DataFrameModel):
    """Requests for care: when each was made, and when it was placed."""

    request_id: Series[str] = field("Name of the request")
    service: Series[str] = field("Service", words="services")
    district_code: Series[str] = district()
    ward_code: Series[str] = field("Ward where the care is needed", refers_to="wards.ward_code", nullable=True)
    service_type: Series[str] = field("Service type", words="service_types")
    cohort: Series[str] = field("Cohort", words="cohorts")
    hours_per_week: Series[float] = field("Hours asked for in a week", "hours a week", ge=0)
    requested_on: Series[pa.DateTime] = field("Date of the request", "date")
    placed_on: Series[pa.DateTime] = field("Date it was placed; empty while open", "date", nullable=True)
    route: Series[str] = field("Route it was placed by; empty while open", words="routes", nullable=True)
    provider_id: Series[str] = field(
        "Provider that it was placed with; empty while open, and where nobody knows",
        refers_to="providers.provider_id",
        optional=True,
    )

    class Config:
        """Key and place of the table."""

        unique = ["request_id"]  # noqa: RUF012
        metadata = {"path": "market/requests.csv", "lot": True}  # noqa: RUF012


class History(pa.DataFrameModel):
    """Month by month: hours, people, new requests and time to source. The last month equals the demand table."""

    month: Series[str] = field("Month", "YYYY-MM", str_matches=MONTH_PATTERN)
    service: Series[str] = field("Service", words="services")
    district_code: Series[str] = district()
    cohort: Series[str] = field("Cohort", words="cohorts")
    hours_per_week: Series[float] = field("Hours delivered in a week", "hours a week", ge=0)
    people: Series[int] = field("People supported", "people", ge=0)
    new_requests: Series[int] = field("Requests made in the month", "requests", ge=0)
    median_days_to_source: Series[float] = field(
        "Median days from request to placement, of the month's requests", "days", ge=0, nullable=True
    )

    class Config:
        """Key and place of the table."""

        unique = ["month", "service", "district_code", "cohort"]  # noqa: RUF012
        metadata = {"path": "market/history.csv"}  # noqa: RUF012


# In the order in which they are read: a table stands after those that it refers to.
TABLES: dict[str, type[pa.DataFrameModel]] = {
    "districts": Districts,
    "area_groups": AreaGroups,
    "population": Population,
    "service_rates": ServiceRates,
    "lots": Lots,
    "wards": Wards,
    "cqc_locations": CqcLocations,
    "facts": Facts,
    "gaps": Gaps,
    "intentions": Intentions,
    "council_words": CouncilWords,
    "reconciliation": Reconciliation,
    "demand": Demand,
    "providers": Providers,
    "ratings": Ratings,
    "capacity": Capacity,
    "requests": Requests,
    "history": History,
}


def table_settings(model: type[pa.DataFrameModel]) -> dict[str, Any]:
    """What a model says of its table as a whole: path, lot (its rows must name a lot of lots.csv), optional."""
    config = model.__config__
    return dict(config.metadata or {}) if config else {}


def path_of(table: str) -> str:
    """The file of a table, in the pack's folder."""
    return str(table_settings(TABLES[table])["path"])


def may_be_left_out(table: str) -> bool:
    """Whether a pack may do without the table: without its file, and without naming it in the manifest."""
    return bool(table_settings(TABLES[table]).get("optional"))
