"""Packs that `check` passes and that are unlike the default one: fewer, more, longer, larger, or nothing at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pack_copies import HOSTILE_NAMES, edit_json, five_cohorts, renamed_service, third_service, without_service

Change = Callable[[Path], None]
HOME, BREAKS = "domiciliary_care", "short_breaks"
MARKET = ("demand", "capacity", "requests", "history")
TABLES = {
    **{name: f"market/{name}.csv" for name in (*MARKET, "providers", "ratings")},
    **{name: f"reference/{name}.csv" for name in ("districts", "area_groups", "population", "lots", "wards")},
    "service_rates": "reference/service_rates.csv",
    **{name: f"published/{name}.csv" for name in ("facts", "gaps", "intentions", "council_words", "reconciliation")},
}
OUTLINES = "geography/districts.geojson"


def read(pack: Path, table: str) -> pd.DataFrame:
    """A table as text."""
    return pd.read_csv(pack / TABLES[table], dtype=str, keep_default_na=False)


def write(pack: Path, table: str, frame: pd.DataFrame) -> None:
    """Write a table."""
    frame.to_csv(pack / TABLES[table], index=False, lineterminator="\n")


def changed(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    """A change of one table."""
    return lambda pack: write(pack, table, change(read(pack, table)))


def no_rows(*tables: str) -> Change:
    """A change that leaves tables with nothing but their header."""

    def change(pack: Path) -> None:
        for table in tables:
            write(pack, table, read(pack, table).head(0))

    return change


def setting(**columns: str) -> Callable[[str], Change]:
    """A change that writes one value into whole columns of a table."""
    return lambda table: changed(table, lambda frame: frame.assign(**columns))


def together(*changes: Change) -> Change:
    """Several changes as one."""

    def change(pack: Path) -> None:
        for one in changes:
            one(pack)

    return change


def agreeing(pack: Path) -> None:
    """Let the tables agree with each other, and with no published total: the hours are those of capacity.csv."""
    lot = ["service", "district_code", "service_type", "cohort"]
    capacity, demand, history = (read(pack, name) for name in ("capacity", "demand", "history"))
    hours = capacity.assign(hours=capacity["delivered_hours"].astype(float)).groupby(lot)["hours"].sum()
    known = hours.reindex(pd.MultiIndex.from_frame(demand[lot]), fill_value=0).to_numpy()
    demand = demand.assign(hours_per_week=[f"{one:.15g}" for one in known])
    write(pack, "demand", demand)
    keys = ["service", "district_code", "cohort"]
    last = history["month"] == history.groupby("service")["month"].transform("max")
    for column in ("hours_per_week", "people"):
        totals = demand.assign(value=demand[column].astype(float)).groupby(keys)["value"].sum()
        now = totals.reindex(pd.MultiIndex.from_frame(history.loc[last, keys]), fill_value=0).to_numpy()
        history.loc[last, column] = [f"{one:.15g}" for one in now]
    write(pack, "history", history)
    no_rows("reconciliation")(pack)


def districts_kept(number: int) -> Change:
    """A change that leaves only the first districts, everywhere."""

    def change(pack: Path) -> None:
        kept = set(read(pack, "districts")["district_code"].head(number))
        for table in TABLES:
            frame = read(pack, table)
            if "district_code" in frame:
                write(pack, table, frame[frame["district_code"].isin(kept)])

        def outlines(document: dict) -> None:
            features = document["features"]
            document["features"] = [one for one in features if one["properties"]["district_code"] in kept]

        edit_json(pack, OUTLINES, outlines)
        agreeing(pack)

    return change


def many_districts(number: int) -> Change:
    """A change to as many districts as asked, squares in a row of ten: those that are there, over and over."""

    def change(pack: Path) -> None:
        old = list(read(pack, "districts")["district_code"])
        sources = [old[place % len(old)] for place in range(number)]
        codes = [f"E0799{place:04d}" for place in range(number)]
        pairs = pd.DataFrame({"district_code": sources, "new": codes})
        digits = max(2, len(str(number - 1)))
        for table in TABLES:
            frame = read(pack, table)
            if "district_code" not in frame or table == "requests":
                continue
            columns = list(frame.columns)
            more = pairs.merge(frame, on="district_code").assign(district_code=lambda rows: rows["new"])[columns]
            for column in ("district_name", "ward_code"):
                if column in more:
                    more[column] = more["district_code"].str[-digits:] + " " + more[column]
            write(pack, table, more)
        first = dict(zip(sources[::-1], codes[::-1], strict=True))
        asked = read(pack, "requests")
        write(pack, "requests", asked.assign(district_code=asked["district_code"].map(first), ward_code=""))
        features = []
        wards = read(pack, "wards")
        for place, code in enumerate(codes):
            west, south = round(-2 + place % 10 * 0.3, 3), round(52 + place // 10 * 0.2, 3)
            ring = [[west, south], [west + 0.3, south], [west + 0.3, south + 0.2], [west, south + 0.2], [west, south]]
            properties = {"district_code": code, "district_name": code}
            features.append(
                {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            )
            own = wards["district_code"] == code
            wards.loc[own, ["latitude", "longitude"]] = [f"{south + 0.1:.3f}", f"{west + 0.15:.3f}"]
        write(pack, "wards", wards)
        document = {"type": "FeatureCollection", "features": features}
        (pack / OUTLINES).write_text(json.dumps(document), encoding="utf-8")
        agreeing(pack)

    return change


def more_cohorts(number: int) -> Change:
    """A change that gives the first service so many cohorts, each with hours in every district and month."""

    def change(pack: Path) -> None:
        new = [f"cohort_{place}" for place in range(3, number + 1)]
        edit_json(
            pack,
            "datapackage.json",
            lambda document: document["cohorts"].update({code: {"label": f"Cohort {code[7:]}"} for code in new}),
        )
        for table in ("lots", "service_rates", "demand", "capacity", "history"):
            frame = read(pack, table)
            own = frame[(frame["service"] == HOME) & (frame["cohort"] == "working_age_adults")]
            write(pack, table, pd.concat([frame, *(own.assign(cohort=code) for code in new)]))
        agreeing(pack)

    return change


def many_types(pack: Path) -> None:
    """Eight more service types for the first service."""
    new = [f"type_{place}" for place in range(8)]
    edit_json(
        pack,
        "datapackage.json",
        lambda document: document["service_types"].update({code: {"label": f"Kind {code[5:]}"} for code in new}),
    )
    for table in ("lots", "demand", "capacity"):
        frame = read(pack, table)
        own = frame[(frame["service"] == HOME) & (frame["service_type"] == "personal_care")]
        write(pack, table, pd.concat([frame, *(own.assign(service_type=code) for code in new)]))
    agreeing(pack)


def bare_manifest(pack: Path) -> None:
    """Nothing in the manifest that a pack can do without, and no table that may be empty."""

    def strip(document: dict) -> None:
        for service in document["services"].values():
            for name in ("levers", "presets", "derivations", "rating_grid", "spot_purchase", "caveats"):
                service.pop(name, None)
            service.pop("providers_range", None)
            service.pop("default_grouping", None)
        document["groupings"] = {}
        for name in ("units", "ranked_lists", "rating_limits", "disclosure"):
            document.pop(name, None)

    edit_json(pack, "datapackage.json", strip)
    asked = read(pack, "requests")
    write(pack, "requests", asked.assign(ward_code=""))
    no_rows("area_groups", "wards", "facts", "gaps", "intentions", "council_words", "reconciliation")(pack)


def one_provider(pack: Path) -> None:
    """All of the supply with one provider."""
    capacity = read(pack, "capacity")
    first = capacity["provider_id"].iloc[0]
    lot = ["service", "district_code", "service_type", "cohort"]
    numbers = capacity.assign(
        capacity_hours=capacity["capacity_hours"].astype(float),
        delivered_hours=capacity["delivered_hours"].astype(float),
    )
    sums = numbers.groupby(lot, as_index=False)[["capacity_hours", "delivered_hours"]].sum()
    others = {"provider_id": first, "route": "spot", "rank": "", "hourly_rate": "24", "performance_score": ""}
    write(pack, "capacity", sums.assign(**others)[list(capacity.columns)])
    for table in ("providers", "ratings"):
        frame = read(pack, table)
        write(pack, table, frame[frame["provider_id"] == first])
    placed = read(pack, "requests")
    write(pack, "requests", placed.assign(provider_id=placed["provider_id"].where(placed["provider_id"] == "", first)))
    agreeing(pack)


def idle_providers(pack: Path) -> None:
    """Twenty providers that serve no lot, rated or not."""
    frame = read(pack, "providers")
    more = frame.head(20).assign(provider_id=[f"IDLE{place}" for place in range(20)], provider_name="Idle")
    write(pack, "providers", pd.concat([frame, more]))


def one_lot(pack: Path) -> None:
    """One service, one service type, one cohort."""
    without_service(BREAKS)(pack)
    for table in ("lots", "service_rates", *MARKET):
        frame = read(pack, table)
        for column, code in (("service_type", "personal_care"), ("cohort", "older_people")):
            if column in frame:
                frame = frame[frame[column] == code]
        write(pack, table, frame)
    agreeing(pack)


def without_route(route: str) -> Change:
    """A change that leaves a way of buying out, of the manifest too; what was bought by it is bought on tier 1."""

    def change(pack: Path) -> None:
        edit_json(pack, "datapackage.json", lambda document: document["routes"].pop(route))
        capacity = read(pack, "capacity")
        write(pack, "capacity", capacity[capacity["route"] != route])
        asked = read(pack, "requests")
        write(pack, "requests", asked.assign(route=asked["route"].replace(route, "tier_1")))
        agreeing(pack)

    return change


def routes_renamed(pack: Path) -> None:
    """Other codes and words for the routes."""
    new = {"tier_1": "prime", "tier_2": "reserve", "spot": "ad_hoc"}

    def rename(document: dict) -> None:
        document["routes"] = {
            new[code]: {**route, "label": f"Route {new[code]}"} for code, route in document["routes"].items()
        }
        document["quality_gate"]["route"] = new[document["quality_gate"]["route"]]

    edit_json(pack, "datapackage.json", rename)
    for table in ("capacity", "requests", "reconciliation"):
        frame = read(pack, table)
        words = frame["route"].map(lambda text: ";".join(new.get(code, code) for code in text.split(";")))
        write(pack, table, frame.assign(route=words))


# 200 letters without a space, and a name that is read from right to left, with a picture sign and code.
LONG = "Llanfairpwllgwyngyll" * 10
STRANGE = (
    "العربية مركز",
    "👩‍👩‍👧 Care 🏠",
    "**Bold** _x_",
    "<b>Tag</b>",
    "1. List",
    "# Head",
    "a|b|c",
    "$x$ & £y£",
    ":red[x]",
)


def named(names: tuple[str, ...]) -> Change:
    """A change of every name and label that people give: districts, groups, wards, providers, vocabularies."""

    def name(place: int) -> str:
        return f"{names[place % len(names)]} {place}"

    def change(pack: Path) -> None:
        for table, column in (
            ("districts", "district_name"), ("area_groups", "group_name"), ("wards", "ward_name"),
            ("providers", "provider_name"),
        ):  # fmt: skip
            frame = read(pack, table)
            words = {old: name(place) for place, old in enumerate(dict.fromkeys(frame[column]))}
            write(pack, table, frame.assign(**{column: frame[column].map(words)}))

        def labels(document: dict) -> None:
            for part in ("services", "service_types", "cohorts", "routes", "domains", "groupings"):
                for place, one in enumerate(document[part].values()):
                    one["label"] = name(place)
            document["area"] = name(0)
            document["council"] = name(1)

        edit_json(pack, "datapackage.json", labels)

    return change


def one_label(pack: Path) -> None:
    """Every cohort, service type, route, district and provider of one name: only codes tell them apart."""
    for table, column in (("districts", "district_name"), ("providers", "provider_name"), ("wards", "ward_name")):
        setting(**{column: "Same"})(table)(pack)

    def labels(document: dict) -> None:
        for part in ("service_types", "cohorts", "routes", "domains", "groupings"):
            for one in document[part].values():
                one["label"] = "Same"

    edit_json(pack, "datapackage.json", labels)


def scaled(factor: float) -> Change:
    """A change of every amount of people, hours and pounds by a factor; rates and scores stay."""
    amounts = {
        "demand": ("people", "hours_per_week", "annual_cost"),
        "capacity": ("capacity_hours", "delivered_hours"),
        "requests": ("hours_per_week",),
        "history": ("hours_per_week", "people", "new_requests"),
    }

    def change(pack: Path) -> None:
        for table, columns in amounts.items():
            frame = read(pack, table)
            write(
                pack,
                table,
                frame.assign(**{one: (frame[one].astype(float) * factor).map("{:.0f}".format) for one in columns}),
            )
        agreeing(pack)

    return change


def alike(pack: Path) -> None:
    """Every district with the same figures: those of the first."""
    first = read(pack, "districts")["district_code"].iloc[0]
    codes = list(read(pack, "districts")["district_code"])
    for table in ("demand", "capacity", "history", "population"):
        frame = read(pack, table)
        own = frame[frame["district_code"] == first]
        write(pack, table, pd.concat([own.assign(district_code=code) for code in codes]))
    asked = read(pack, "requests")
    write(pack, "requests", asked.assign(placed_on=asked["requested_on"], route="spot", ward_code=""))
    agreeing(pack)


def months_kept(number: int) -> Change:
    """A change that leaves the last months of each service's history."""

    def keep(frame: pd.DataFrame) -> pd.DataFrame:
        last = {service: sorted(set(months))[-number:] for service, months in frame.groupby("service")["month"]}
        kept = [month in last[service] for service, month in zip(frame["service"], frame["month"], strict=True)]
        return frame[kept]

    return changed("history", keep)


def all_open(pack: Path) -> None:
    """No request was ever placed."""
    setting(placed_on="", route="")("requests")(pack)


def none_open(pack: Path) -> None:
    """Every request was placed."""
    changed("requests", lambda frame: frame[frame["placed_on"] != ""])(pack)


ODD_PACKS: dict[str, Change] = {
    "six cohorts": more_cohorts(6),
    "ten cohorts": more_cohorts(10),
    "five cohorts, three without hours": five_cohorts,
    "many service types": many_types,
    "one district": districts_kept(1),
    "two districts": districts_kept(2),
    "forty districts": many_districts(40),
    "home care only": without_service(BREAKS),
    "three services, one renamed": together(third_service(), renamed_service(HOME, "home_care")),
    "a bare manifest": bare_manifest,
    "one provider": one_provider,
    "providers without a lot": idle_providers,
    "one lot": one_lot,
    "no tier 2": without_route("tier_2"),
    "no spot": without_route("spot"),
    "routes renamed": routes_renamed,
    "long names": named((LONG,)),
    "strange names": named((*STRANGE, *HOSTILE_NAMES)),
    "one name for all": one_label,
    "nothing bought": scaled(0),
    "nobody": together(setting(people="0")("demand"), setting(people="0")("history"), agreeing),
    "rates all alike": setting(hourly_rate="24")("capacity"),
    "free of charge": together(setting(hourly_rate="0")("capacity"), setting(annual_cost="0")("demand"), agreeing),
    "huge numbers": scaled(1_000_000),
    "districts all alike": alike,
    "nobody rated": together(no_rows("ratings"), setting(performance_score="")("capacity")),
    "no residents": setting(persons="0")("population"),
    "one month": months_kept(1),
    "two months": months_kept(2),
    "no requests": no_rows("requests"),
    "all requests open": all_open,
    "no request open": none_open,
    "no capacity": together(setting(capacity_hours="0", delivered_hours="0")("capacity"), agreeing),
}
