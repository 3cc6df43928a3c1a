"""The manifest of a data pack, datapackage.json: its sources, statuses, vocabularies and settings.

It is a Frictionless Data Package with further properties of our own. What the app says about a county, a service or a
rating stands here, so that another county or a new framework is a change of data.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from lib.pack.faults import quoted
from lib.pack.manifest_words import EARLIEST, LATEST, Day, Passage, Words, each_once

MANIFEST = "datapackage.json"

Status = Literal["published", "derived", "supplied", "modelled", "illustrative", "context"]

# From the best known to the least: a computed figure takes the weakest of its inputs.
STATUS_ORDER: tuple[Status, ...] = ("published", "derived", "supplied", "modelled", "illustrative")

STATUS_MEANINGS: dict[Status, str] = {
    "published": "Stands so in a named public source, to the digit.",
    "derived": "Arithmetic on published figures; the formula can be read beside it.",
    "supplied": "Loaded by the council.",
    "modelled": "A published total shared out by a stated rule, for example hours to districts by population.",
    "illustrative": "Made up for demonstration, from a fixed seed, constrained to the published totals.",
    "context": "Published for another population, area or period: a comparison, never the council's own figure.",
}


def as_written(value: Any) -> str:
    """A version as text, also where a program wrote it as a number; what is no version is none, and no fault."""
    return str(value) if isinstance(value, str | int | float) else ""


class Strict(BaseModel):
    """A part of the manifest: what it does not know stays as it is, what it knows must be right."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Link(Strict):
    """A source or a licence, as Frictionless writes them."""

    title: str = ""
    name: str = ""
    path: str = ""


# The hashes that a manifest may hold, by their length: Frictionless writes an md5 bare, others as algorithm:digits.
HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}


def parsed_hash(text: str) -> tuple[str, str]:
    """The algorithm and the digits, in small letters, of a hash such as sha256:9f86…; ValueError for any other text."""
    named, _, digits = text.strip().lower().rpartition(":")
    algorithm = HASHES.get(len(digits), "")
    if not algorithm or named not in ("", algorithm) or not re.fullmatch("[0-9a-f]+", digits):
        raise ValueError("a hash: sha256: and 64 digits from 0 to f, or md5, sha1 or sha512 and theirs")
    return algorithm, digits


class Resource(Strict):
    """One file of the pack. Where it says its hash, bytes (its size) or rows, the file is held to them."""

    name: Words
    path: Words
    title: Words
    status: Status
    rule: str = ""  # how the figures were made, where they were not simply published
    credit: str = ""  # the line that must stand wherever it is shown
    as_at: Day | None = None  # the date of its source, where that is known
    import_kind: str = ""  # the kind of the file that it was imported from: see lib.pack.imports.kinds
    sources: tuple[Link, ...] = ()
    licenses: tuple[Link, ...] = ()
    hash: str = ""
    bytes: int | None = Field(None, ge=0, strict=True)
    # Below the header; of the outlines, districts; of the postcodes, postcodes.
    rows: int | None = Field(None, ge=0, strict=True)
    # That nobody has given this table yet: without rows all of it is unknown, and none of them is missing. It says
    # nothing of a table that has rows.
    empty: bool = False

    @field_validator("hash")
    @classmethod
    def known_hash(cls, value: str) -> str:
        """Refuse a hash that nobody could work out."""
        if value:
            parsed_hash(value)
        return value


class LeverDefault(Strict):
    """Where a lever of the what-if stands unless a scenario moves it, and why.

    `fact` is the fact of published/facts.csv that the default is taken from; `compare` one to hold it against.
    """

    default: Any  # what it may be is the lever's own: lib.whatif.scenarios.documents.checked_defaults
    status: Literal["published", "context", "assumption"]
    source: str = ""
    fact: str = ""
    compare: str = ""


class Preset(Strict):
    """A ready-made scenario: the service's defaults, with some levers moved. A lever is named as in the document.

    `status` and `source` say what its overrides rest on; `compare` names a fact of published/facts.csv beside them.
    """

    name: Words
    rationale: str = ""
    overrides: dict[str, Any] = {}
    status: Literal["published", "context", "assumption"] = "assumption"
    source: str = ""
    compare: str = ""


class Derivation(Strict):
    """A figure that follows from facts: top / bottom / divide_by. Several facts count as their mean, as of a range.

    `fills_gap` is the gap that it answers; `fact` the fact that states the same figure, which it must agree with.
    """

    label: Words
    top: tuple[str, ...] = Field(min_length=1)
    bottom: tuple[str, ...] = Field(min_length=1)
    divide_by: float = Field(1, ge=1e-6, le=1e9)
    unit: Words
    decimals: int = Field(0, ge=0, le=6)
    fills_gap: str = ""
    fact: str = ""


GridRule = Literal["quality", "supply", "demand", "workforce", "ambition", "maturity"]


class GridRating(Strict):
    """One heading of the council's market rating: the fact that holds the rating, and the rule that looks at it.

    `context` names facts that are shown beside it for comparison, never as the service's own.
    """

    heading: Words
    fact: str
    rule: GridRule
    context: tuple[str, ...] = ()


class RatingLimits(Strict):
    """From which figure on a word of the market rating holds. What the words mean is not published: it is a reading.

    Shares are between 0 and 1; growth is in percent a year. Of two, the second is the lower.
    """

    good_share: float = Field(ge=0, le=1, strict=True)  # of rated hours, with Good or Outstanding providers
    moderate_share: float = Field(ge=0, le=1, strict=True)
    high_growth_pct: float = Field(ge=-100, le=100, strict=True)
    moderate_growth_pct: float = Field(ge=-100, le=100, strict=True)
    mostly_spot_share: float = Field(ge=0, le=1, strict=True)  # of delivered hours, bought off the framework
    hardly_spot_share: float = Field(ge=0, le=1, strict=True)
    enough_coverage: float = Field(gt=0, le=10, strict=True)  # capacity / demand

    @field_validator("moderate_share", "moderate_growth_pct", "hardly_spot_share")
    @classmethod
    def below(cls, value: float, info: ValidationInfo) -> float:
        """Refuse a lower limit that is not below its upper one."""
        upper = {
            "moderate_share": "good_share",
            "moderate_growth_pct": "high_growth_pct",
            "hardly_spot_share": "mostly_spot_share",
        }[str(info.field_name)]
        if upper in info.data and value >= info.data[upper]:
            raise ValueError(f"a number below {upper}, {info.data[upper]:g}")
        return value


class Side(Strict):
    """One side of a question, as it was published: whose, what they say, and where."""

    whose: Words
    says: tuple[str, ...]
    source: str = ""
    superseded_by: str = ""  # the newer fact that it has been overtaken by


# Where the texts of the council's pages stand in a pack, and how many a service may have.
SOURCE_TEXTS = "published/sources"
SOURCE_TEXT_PATH = re.compile(rf"{SOURCE_TEXTS}/[A-Za-z0-9][A-Za-z0-9_.-]*\.txt")
MOST_SOURCE_TEXTS = 20


class SourceText(Strict):
    """The text of a page that the council's words are quoted from, as it was read."""

    path: str
    title: Words
    last_updated: Day  # as the page itself says
    credit: str = ""
    sources: tuple[Link, ...] = ()
    licenses: tuple[Link, ...] = ()

    @field_validator("path")
    @classmethod
    def in_its_folder(cls, value: str) -> str:
        """Refuse a path that leads anywhere else."""
        if not SOURCE_TEXT_PATH.fullmatch(value):
            raise ValueError(f"a text file in {SOURCE_TEXTS}, such as {SOURCE_TEXTS}/page.txt")
        return value


class AssumedRate(Strict):
    """What an hour of care is assumed to cost where it is not published: pounds, and why this much.

    The hours of demand.csv follow from the published spend and this rate.
    """

    value: float = Field(gt=0, le=10_000, strict=True)
    source: Words


class Service(Strict):
    """A service, in the words that people read."""

    label: Words
    people: Words  # plural noun: adults, children
    person: Words
    base_year: int = Field(ge=EARLIEST, le=LATEST, strict=True)
    period: Words  # the base year as people read it
    as_of: Day | None = None  # where its tables run to another date than the pack: see Manifest.date_of
    caveats: tuple[str, ...] = ()
    default_grouping: str = "district"
    levers: dict[str, LeverDefault] = {}
    presets: tuple[Preset, ...] = ()
    providers_range: tuple[str, str] | None = None  # the facts that hold the fewest and the most providers published
    derivations: tuple[Derivation, ...] = ()
    rating_grid: tuple[GridRating, ...] = ()
    assumed_hourly_rate: AssumedRate | None = None  # where hours are not published, but modelled from the spend
    spot_purchase: tuple[Side, ...] = ()  # what is said for and against buying by spot purchase
    source_texts: tuple[SourceText, ...] = Field((), max_length=MOST_SOURCE_TEXTS)

    @field_validator("presets")
    @classmethod
    def named_once(cls, value: tuple[Preset, ...]) -> tuple[Preset, ...]:
        """Refuse two presets of one name."""
        each_once(value)
        return value

    def named_facts(self) -> list[tuple[str, str, bool]]:
        """The facts that this service names: the part of the manifest, the fact's id, and whether it is a number."""
        named = [("providers_range", fact, True) for fact in self.providers_range or ()]
        for lever_id, lever in self.levers.items():
            named += [(f"levers.{lever_id}", fact, False) for fact in (lever.fact, lever.compare) if fact]
        named += [(f"presets.{one.name}", one.compare, False) for one in self.presets if one.compare]
        for one in self.derivations:
            named += [("derivations", fact, True) for fact in (*one.top, *one.bottom, one.fact) if fact]
        for row in self.rating_grid:
            named += [("rating_grid", fact, False) for fact in (row.fact, *row.context)]
        named += [("spot_purchase", one.superseded_by, False) for one in self.spot_purchase if one.superseded_by]
        return named


class Named(Strict):
    """A code of a vocabulary and its label."""

    label: Words
    note: str = ""


class Route(Named):
    """A way of buying care; `framework` says whether it is a call-off from the framework."""

    framework: bool


class Disclosure(Strict):
    """What must not be told apart in a figure that leaves the commissioners' view."""

    threshold: int = Field(7, ge=1)  # counts from 1 up to this are too small to show
    round_counts: int = Field(5, ge=1)
    fewest_providers: int = Field(3, ge=1)  # that must contribute to hours or money
    dominance: float = Field(0.8, gt=0, le=1)  # the largest share that one provider may hold
    round_hours: int = Field(10, ge=1)
    round_pounds: int = Field(1000, ge=1)


class Rating(Strict):
    """A rating of the vocabulary, best first."""

    name: Words
    good: bool = False  # counts as Good or Outstanding, and passes the quality gate
    rated: bool = True


class QualityGate(Strict):
    """Which route asks for good ratings, and in which domains."""

    route: str
    domains: tuple[str, ...]


class RankedLists(Strict):
    """How the framework's lists are ranked: how much performance counts, price being the rest, and the places.

    `places` is the most providers that the quality gate's route holds in a district; without one there is no limit.
    """

    performance_weight: float = Field(default=0.5, ge=0, le=1)
    places: int | None = Field(default=None, ge=1)
    status: Status = "context"
    source: str = ""


class Manifest(Strict):
    """The whole manifest."""

    name: Words
    title: Words
    version: Annotated[str, BeforeValidator(as_written)] = ""  # the keeper's own; "" where it states none
    area: Words  # the county, as people read it
    council: Words
    as_of: Day  # the latest date that any table runs to
    demonstration: str = "Demonstration data: not evidence about any real district or provider."
    services: dict[Words, Service] = Field(min_length=1)
    service_types: dict[Words, Named] = Field(min_length=1)
    cohorts: dict[Words, Named] = Field(min_length=1)
    routes: dict[Words, Route] = Field(min_length=1)
    domains: dict[Words, Named]
    ratings: tuple[Rating, ...] = Field(min_length=1)
    quality_gate: QualityGate
    ranked_lists: RankedLists = RankedLists()
    rating_limits: RatingLimits | None = None  # needed where a service has a rating grid
    units: tuple[str, ...] = ()  # of facts and derivations, beyond those that every pack knows (lib.pack.vocabulary)
    groupings: dict[Words, Named] = {}
    resources: tuple[Resource, ...]
    licenses: tuple[Link, ...] = ()
    disclosure: Disclosure = Disclosure()
    # What a publication says to providers; "" is said as "not given". Several lines may be several paragraphs.
    how_to_join: Passage = ""
    contact: Passage = ""
    # The provider_id of each that agreed to be named in a publication: nobody else ever is.
    names_may_be_shown: tuple[Words, ...] = ()

    @field_validator("ratings", "resources")
    @classmethod
    def named_once(cls, value: tuple[Rating | Resource, ...]) -> tuple[Rating | Resource, ...]:
        """Refuse two ratings, or two files, of one name: only one of them could be meant."""
        each_once(value)
        return value

    @model_validator(mode="after")
    def known_words(self) -> Manifest:
        """Refuse a manifest whose parts name codes that its own vocabularies do not have."""
        if self.quality_gate.route not in self.routes:
            raise ValueError(f"quality_gate.route names {quoted(self.quality_gate.route)}, which is not in routes")
        if "overall" not in self.domains:
            raise ValueError('domains has no "overall", the rating that every provider is known by')
        unknown = [domain for domain in self.quality_gate.domains if domain not in self.domains]
        if unknown:
            raise ValueError(f"quality_gate.domains names {quoted(unknown[0])}, which is not in domains")
        for code, service in self.services.items():
            if service.default_grouping not in ("district", *self.groupings):
                raise ValueError(f"services.{code}.default_grouping is not district or one of groupings")
            day = self.date_of(code)
            if day > self.as_of:
                raise ValueError(f"services.{code}.as_of is {day}, later than as_of of the whole pack, {self.as_of}")
            if service.base_year > day.year:
                raise ValueError(f"services.{code}.base_year is {service.base_year}, later than as_of, {day}")
            if service.rating_grid and self.rating_limits is None:
                raise ValueError(f"services.{code}.rating_grid, and no rating_limits to say where its words begin")
        return self

    def date_of(self, service: str) -> date:
        """The date that a service's demand, capacity, requests and history run to: its own, else the pack's.

        Ratings are of providers, who may give several services: theirs is the pack's date.
        """
        return self.services[service].as_of or self.as_of

    def resource(self, name: str) -> Resource:
        """The resource of that name; KeyError where the pack has none."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise KeyError(name)

    def vocabulary(self, name: str) -> tuple[str, ...]:
        """Codes of a vocabulary: services, service_types, cohorts, routes, domains, ratings, groupings or statuses."""
        if name == "statuses":
            return tuple(STATUS_MEANINGS)
        if name == "ratings":
            return tuple(rating.name for rating in self.ratings)
        return tuple(getattr(self, name))


def weakest(statuses: list[Status]) -> Status:
    """The status of a figure computed from figures of these statuses: the weakest of them.

    A context figure never makes a council's own figure: where one is used, the result counts as modelled.
    """
    ranked = [STATUS_ORDER.index("modelled" if status == "context" else status) for status in statuses]
    return STATUS_ORDER[max(ranked, default=0)]
