"""What a publication holds beside the safe tables: words, residents, scenarios and names, all of it public."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lib.market.area_figures import residents
from lib.market.published.words import council_words
from lib.market.selection import select
from lib.pack.faults import Fault, PackError, quoted
from lib.pack.load import OUTLINES_NAME, Pack
from lib.pack.manifest import MANIFEST, Link
from lib.pack.models import WORD_KINDS
from lib.pack.outline_features import read_features
from lib.publish.cells import Field, SafeRelease, SafeTable
from lib.publish.changes import changes_table
from lib.publish.publication import EarlierEdition, LastEdition, Particulars, Publication, ServiceWords, Source
from lib.publish.report_words import public_report
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import Scenario

# Tables of the market that the safe tables are made from: their rules and credits are told.
MARKET = ("demand", "requests", "history", "capacity", "providers")
REFERENCE = ("districts", "area_groups", "population", "service_rates", "wards", OUTLINES_NAME)
WORDS = ("intentions", "council_words")
NUMBERS = {"years": "years", "residents": "people"}  # the columns of the texts that are no text, with their unit
# Of a scenario only what moves demand is told: the forecast is of people and of demand.
OF_DEMAND = ("years", "demand.")


def publication_of(
    pack: Pack,
    release: SafeRelease,
    scenarios: Sequence[Scenario] = (),
    edition: int = 1,
    earlier: Sequence[EarlierEdition] = (),
    last: Publication | None = None,
    last_is_here: bool = True,
) -> Publication:
    """The publication of what disclosure control released.

    edition: its number in its folder. earlier: those in the folder before it. last: the edition that its changes are
    counted from, and whether that stands in the same folder. ScenarioError: a scenario's name that tells of a provider.
    """
    refuse_names(pack, scenarios)
    since = None
    if last is not None:
        since = LastEdition(edition=last.about.edition, as_of=last.about.as_of, here=last_is_here)
    about = particulars(pack, release, edition, earlier, since)
    texts = [
        intentions_table(pack), words_table(pack), residents_table(pack), scenarios_table(pack, scenarios),
        assumptions_table(pack, scenarios), providers_table(pack),
    ]  # fmt: skip
    safe = replace(release, tables=tuple(map(one_newline, release.tables)))
    if last is not None:
        texts.append(changes_table(last.release.tables, safe.tables))
    kept = {one.name: one_newline(one) for one in texts if len(one.frame)}
    return Publication(about, safe, kept, outlines_of(pack))


def particulars(
    pack: Pack, release: SafeRelease, edition: int, earlier: Sequence[EarlierEdition], since: LastEdition | None
) -> Particulars:
    """What the publication says in words."""
    manifest = pack.manifest
    used = [one for one in manifest.resources if one.name in (*MARKET, *REFERENCE, *WORDS)]
    licences: dict[tuple[str, str], Link] = {}
    for link in (*manifest.licenses, *(link for one in used for link in one.licenses)):
        licences.setdefault((link.title or link.name, link.path), link)
    return Particulars(
        name=safe_name_of(manifest.name),
        title=f"{manifest.area}: what care is needed, and where",
        area=manifest.area,
        council=manifest.council,
        pack_name=manifest.name,
        as_of=manifest.as_of,
        edition=edition,
        earlier=tuple(earlier),
        since=since,
        demonstration=manifest.demonstration if pack.is_demonstration else "",
        how_to_join=manifest.how_to_join.strip(),
        contact=manifest.contact.strip(),
        services={
            code: ServiceWords(
                label=one.label, people=one.people, period=one.period, as_of=manifest.date_of(code),
                caveats=one.caveats,
            )
            for code, one in manifest.services.items()
        },
        labels={
            name: {code: pack.label(name, code) for code in getattr(manifest, name)}
            for name in ("service_types", "cohorts", "groupings")
        },
        disclosure=release.settings,
        dates=release.dates,
        scenarios=tuple(map(published_document, release.scenarios)),
        report=public_report(release.tables, release.report),
        rests_on=tuple(
            Source(
                title=one.title, status=one.status, rule=one.rule, credit=one.credit, sources=one.sources,
                licenses=one.licenses,
            )
            for one in used
        ),
        licenses=tuple(licences.values()),
        outlines_credit=manifest.resource(OUTLINES_NAME).credit,
    )  # fmt: skip


def outlines_of(pack: Pack) -> bytes:
    """The outlines with the code and the name of each district, and nothing else that the pack's file may hold."""
    names = pack.district_names()
    features, _ = read_features(pack.outlines)
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"district_code": one.code, "district_name": names.get(one.code, one.name or one.code)},
                "geometry": {name: one.geometry[name] for name in ("type", "coordinates")},
            }
            for one in features
        ],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def safe_name_of(name: str) -> str:
    """The name of the package, of the letters that Frictionless allows."""
    return f"{re.sub(r'[^a-z0-9._-]+', '-', name.lower()).strip('-') or 'pack'}-publication"


def published_document(scenario: Scenario) -> dict[str, Any]:
    """What is told of a scenario: its name, years and levers of demand; nothing of supply, prices and providers."""
    document = scenario.document()
    return {name: document[name] for name in ("name", "service", "years", "demand")}


def refuse_names(pack: Pack, scenarios: Sequence[Scenario]) -> None:
    """ScenarioError where a scenario's name tells of a provider who has not agreed to be named, or stands twice."""
    names = {str(one) for one in pack.table("providers")["provider_name"]} - named_providers(pack)
    for place, scenario in enumerate(scenarios):
        told = next((one for one in sorted(names) if has_words(scenario.name, one)), None)
        if told is not None:
            found = f"{quoted(scenario.name)}, in which the provider {quoted(told)} is named"
            raise ScenarioError("name", found, "a name that everybody may read", scenario.name)
        if any((one.name, one.service) == (scenario.name, scenario.service) for one in scenarios[:place]):
            found = f"{quoted(scenario.name)} for two scenarios of one service"
            raise ScenarioError("name", found, "a name of its own for each", scenario.name)


def has_words(text: str, words: str) -> bool:
    """Whether words stand in a text, and not only within longer ones; capitals do not count."""
    return bool(re.search(rf"(?<!\w){re.escape(words.strip())}(?!\w)", text, re.IGNORECASE)) if words.strip() else False


def named_providers(pack: Pack) -> set[str]:
    """The names that may be shown: those of the providers that the manifest lists."""
    providers, agreed = pack.table("providers"), set(pack.manifest.names_may_be_shown)
    return {str(name) for name in providers.loc[providers["provider_id"].isin(agreed), "provider_name"]}


def name_faults(pack: Pack) -> list[Fault]:
    """A fault for each provider that the manifest would name and the pack has not."""
    known = set(pack.table("providers")["provider_id"])
    expected = "a provider_id of market/providers.csv"
    return [
        Fault(MANIFEST, None, "names_may_be_shown", quoted(one), expected)
        for one in pack.manifest.names_may_be_shown
        if one not in known
    ]


def text_table(
    name: str, title: str, columns: Mapping[str, tuple[str, str]], rows: Sequence[Mapping[Any, Any]]
) -> SafeTable:
    """A table of what is public. columns: the title and the status of each by its name."""
    fields = tuple(
        Field(column, head, "number" if column in NUMBERS else "string", NUMBERS.get(column, ""), "", status)
        for column, (head, status) in columns.items()
    )
    return SafeTable(name, title, pd.DataFrame(rows, columns=list(columns), dtype="object"), fields, "")


def one_newline(table: SafeTable) -> SafeTable:
    """The table with one sign for the end of a line within a cell, so that every form of file gives back the same."""
    frame = table.frame.reset_index(drop=True).copy()
    for one in table.fields:
        if one.type == "string":
            cells = ["" if value is None or value != value else str(value) for value in frame[one.name]]
            frame[one.name] = pd.Series([re.sub("\r\n?", "\n", cell) for cell in cells], dtype="object")
    return SafeTable(table.name, table.title, frame[[one.name for one in table.fields]], table.fields, table.note)


def intentions_table(pack: Pack) -> SafeTable:
    """What the council has said it intends, summed up."""
    status = str(pack.manifest.resource("intentions").status)
    rows = pack.table("intentions").fillna("")
    columns = {"service": ("Service", ""), "intention_id": ("Id", ""), "intention": ("Intention, summed up", status)}
    return text_table(
        "intentions", "What the council intends, summed up", columns, rows[list(columns)].to_dict("records")
    )


def words_table(pack: Pack) -> SafeTable:
    """The council's own words, with the page that they stand in."""
    described = {one.name: one.status for one in pack.manifest.resources}
    status = str(described.get("council_words", ""))
    columns = {
        "service": ("Service", ""),
        "kind": ("What the passage is", ""),
        "section": ("The heading that it stands under", status),
        "words": ("The passage", status),
        "verbatim": ("Whether it stands so, to the letter, in the page: yes or no", ""),
        "source": ("The page", ""),
        "last_updated": ("When the page was last updated", ""),
    }
    rows: list[dict[str, object]] = []
    for service in pack.manifest.services:
        for row in council_words(pack, service).to_dict("records"):
            cells = {name: row[name] for name in ("section", "words", "source", "last_updated")}
            verbatim = "yes" if row["verbatim"] else "no"
            rows.append({"service": service, "kind": WORD_KINDS[row["kind"]], "verbatim": verbatim, **cells})
    return text_table("council_words", "What the council's pages say", columns, rows)


def residents_table(pack: Pack) -> SafeTable:
    """Residents of the ages that a service is for, by district: what a rate divides by."""
    described = {one.name: one.status for one in pack.manifest.resources}
    columns = {
        "service": ("Service", ""),
        "district_code": ("District code", ""),
        "district_name": ("District", ""),
        "residents": ("Residents of matching age in the base year", str(described["population"])),
    }
    rows: list[dict[str, object]] = []
    for service in pack.manifest.services:
        if not len(pack.lots_of(service)) or not pack.given("population", "service_rates"):
            continue
        counted = residents(pack, select(pack, service))["residents"].astype("float64").to_dict()
        for code, name in pack.district_names().items():
            number = counted.get(code, math.nan)
            cell: object = number if math.isnan(number) else round(number)
            rows.append({"service": service, "district_code": code, "district_name": name, "residents": cell})
    return text_table("residents", "Residents of the ages that a service is for, by district", columns, rows)


def scenarios_table(pack: Pack, scenarios: Sequence[Scenario]) -> SafeTable:
    """The scenarios that the council chose to publish."""
    columns = {"service": ("Service", ""), "scenario": ("Scenario", ""), "years": ("Years ahead", "")}
    rows: list[dict[str, object]] = [
        {"service": one.service, "scenario": one.name, "years": one.years} for one in scenarios
    ]
    return text_table("scenarios", "The scenarios of the forecast", columns, rows)


def assumptions_table(pack: Pack, scenarios: Sequence[Scenario]) -> SafeTable:
    """What each scenario assumes of demand; what it assumes of supply, prices and providers is not told."""
    columns = {
        "service": ("Service", ""),
        "scenario": ("Scenario", ""),
        "lever": ("Lever", ""),
        "label": ("What is assumed", ""),
        "value": ("Value", "assumption"),
        "set_by": ("Set by the scenario, or as the pack has it by default", ""),
    }
    rows: list[dict[str, object]] = []
    for scenario in scenarios:
        for row in assumptions_log(pack, scenario).to_dict("records"):
            if str(row["lever"]).startswith(OF_DEMAND):
                cells = {name: row[name] for name in ("lever", "label", "value", "set_by")}
                rows.append({"service": scenario.service, "scenario": scenario.name, **cells})
    return text_table("assumptions", "What the scenarios assume of demand", columns, rows)


def providers_table(pack: Pack) -> SafeTable:
    """The names of the providers that agreed to be named, in the order of the alphabet; nothing else of them."""
    columns = {"provider_name": ("Provider", str(pack.manifest.resource("providers").status))}
    rows: list[dict[str, object]] = [{"provider_name": name} for name in sorted(named_providers(pack))]
    return text_table("providers", "Providers that agreed to be named", columns, rows)


def refuse_unknown_names(pack: Pack) -> None:
    """PackError where the manifest would name a provider that the pack has not."""
    faults = name_faults(pack)
    if faults:
        raise PackError(faults)
