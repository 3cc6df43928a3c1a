"""Copies of the default pack with something wrong, or something nasty, in them."""

from __future__ import annotations

import csv
import itertools
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lib.pack.load import Pack, load_pack
from lib.pack.ranking import rank_list
from lib.pack.rounding import largest_remainder

DATA = Path(__file__).parent.parent / "data"
Rows = list[dict[str, str]]

# Names that do something where a page takes text for HTML, a template or Markdown.
HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    '<img src=x onerror="top.__hit=1">',
    "[x](javascript:alert(1)) www.example.com",
    "![x](http://example.com/x.png)",
    ":red-badge[x] $x^2$ **x** :material/home: :smile:",
    "`}; alert(1); //",
    "</script><script>top.__hit=1</script>",
    "{{ 7 * 7 }}{% raw %}",
    '" onfocus="top.__hit=1" \'',
    "map_div.addLayer; feature_group -> a@example.com",
    "&lt;b&gt; \\u003cimg src=x onerror=top.__hit=1\\u003e",
)


def copy_pack(to: Path, *changes: Callable[[Path], None]) -> Path:
    """Copy the default pack to a new folder and apply changes to the copy."""
    shutil.copytree(DATA, to)
    for change in changes:
        change(to)
    return to


def kept_pack(root: Path | str) -> Pack:
    """The pack of a folder, read once for each state of its files. Shared by every test: nothing may change it."""
    files = sorted(path for path in Path(root).rglob("*") if path.is_file())
    return _read(str(root), tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@cache
def _read(root: str, files: tuple[tuple[str, int, int], ...]) -> Pack:
    del files
    return load_pack(root)


def edit_table(pack: Path, table: str, change: Callable[[Rows], Rows | None]) -> None:
    """Change a table as rows of text, in place or by returning other rows; columns follow the first row."""
    path = pack / table
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows: Rows = list(csv.DictReader(file))
    rows = change(rows) or rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def edit_json(pack: Path, name: str, change: Callable[[dict], None]) -> None:
    """Change a JSON document in place."""
    path = pack / name
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def cell(table: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    """A change that overwrites one cell; row 0 is the first below the header."""

    def change(pack: Path) -> None:
        edit_table(pack, table, lambda rows: rows[row].__setitem__(column, value))

    return change


def take_one_hour(pack: Path) -> None:
    """Take one hour a week from the first row of demand.csv."""

    def change(rows: Rows) -> None:
        rows[0]["hours_per_week"] = str(int(rows[0]["hours_per_week"]) - 1)

    edit_table(pack, "market/demand.csv", change)


def without_column(table: str, column: str) -> Callable[[Path], None]:
    """A change that drops a column."""

    def change(pack: Path) -> None:
        edit_table(pack, table, lambda rows: [{k: v for k, v in row.items() if k != column} for row in rows])

    return change


def repeat_first_row(table: str) -> Callable[[Path], None]:
    """A change that writes the first row again at the end."""

    def change(pack: Path) -> None:
        edit_table(pack, table, lambda rows: rows.append(dict(rows[0])))

    return change


def without_service(service: str) -> Callable[[Path], None]:
    """A change that leaves a whole service out, as another council might."""

    def change(pack: Path) -> None:
        edit_json(pack, "datapackage.json", lambda document: document["services"].pop(service))
        for path in pack.rglob("*.csv"):
            edit_table(
                pack,
                str(path.relative_to(pack)),
                lambda rows: [row for row in rows if row.get("service") != service] if "service" in rows[0] else None,
            )

    return change


def with_exchanged_outlines(pack: Path) -> None:
    """Give the outlines of the first two districts each other's code."""

    def change(document: dict) -> None:
        one, other = (document["features"][number]["properties"] for number in (0, 1))
        one["district_code"], other["district_code"] = other["district_code"], one["district_code"]

    edit_json(pack, "geography/districts.geojson", change)


def with_byte_order_mark(pack: Path) -> None:
    """Begin the outlines with a byte order mark and end their lines as Windows does, as some programs export them."""
    path = pack / "geography/districts.geojson"
    text = path.read_text(encoding="utf-8").replace('{"type":"Feature",', '\n{"type":"Feature",').replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))


def renamed_service(old: str, new: str) -> Callable[[Path], None]:
    """A change of a service's code, as a council has codes of its own; the manifest's order stays."""

    def change(pack: Path) -> None:
        def rename(document: dict) -> None:
            services = document["services"].items()
            document["services"] = {new if code == old else code: service for code, service in services}

        edit_json(pack, "datapackage.json", rename)
        for path in pack.rglob("*.csv"):
            edit_table(
                pack,
                str(path.relative_to(pack)),
                lambda rows: (
                    [{**row, "service": new if row["service"] == old else row["service"]} for row in rows]
                    if "service" in rows[0]
                    else None
                ),
            )

    return change


def third_service(code: str = "supported_living", label: str = "Supported living") -> Callable[[Path], None]:
    """A change that adds a service: one lot in each district, bought by spot purchase, and one month of history."""

    def change(pack: Path) -> None:
        words = {"label": label, "people": "adults", "person": "adult", "base_year": 2024, "period": "2024/25"}

        def describe(document: dict) -> None:
            document["services"][code] = words
            document["service_types"]["support"] = {"label": "Support"}

        edit_json(pack, "datapackage.json", describe)
        lot = {"service": code, "service_type": "support", "cohort": "working_age_adults"}
        with (pack / "reference/districts.csv").open(encoding="utf-8-sig", newline="") as file:
            districts = [row["district_code"] for row in csv.DictReader(file)]
        add_rows(pack, "reference/lots.csv", [lot])
        add_rows(pack, "reference/service_rates.csv", [{**lot, "age_band": "18-64", "weight": "1"}])
        bought = {**lot, "people": "20", "hours_per_week": "400", "annual_cost": "500000"}
        add_rows(pack, "market/demand.csv", [{**bought, "district_code": one} for one in districts])
        offer = {**lot, "provider_id": "P001", "route": "spot", "hourly_rate": "24"}
        offer |= {"capacity_hours": "410", "delivered_hours": "400"}
        add_rows(pack, "market/capacity.csv", [{**offer, "district_code": one} for one in districts])
        month = {**lot, "month": "2025-03", "hours_per_week": "400", "people": "20", "new_requests": "1"}
        add_rows(pack, "market/history.csv", [{**month, "district_code": one} for one in districts])

    return change


def five_cohorts(pack: Path) -> None:
    """Give the first service three more cohorts: 0 hours today, as its totals are published, some in the months before.

    In April 2023, its first month: 120 hours a district for mental health, 240 for physical disability, 360 for carers.
    """
    cohorts = {"mental_health": "Mental health", "physical_disability": "Physical disability", "carers": "Carers"}

    def describe(document: dict) -> None:
        document["cohorts"] |= {code: {"label": label} for code, label in cohorts.items()}

    edit_json(pack, "datapackage.json", describe)
    lot = {"service": "domiciliary_care", "service_type": "personal_care"}
    lots = [{**lot, "cohort": code} for code in cohorts]
    add_rows(pack, "reference/lots.csv", lots)
    add_rows(pack, "reference/service_rates.csv", [{**one, "age_band": "18-64", "weight": "1"} for one in lots])
    with (pack / "market/history.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["service"] == lot["service"]]
    months, districts = (sorted({row[name] for row in rows}) for name in ("month", "district_code"))
    none = {"people": "0", "hours_per_week": "0", "annual_cost": "0", "new_requests": "0"}
    add_rows(pack, "market/demand.csv", [{**none, **one, "district_code": code} for one in lots for code in districts])
    gone = [
        {**none, **one, "district_code": code, "month": month, "hours_per_week": f"{120 * place if before else 0}"}
        for place, one in enumerate(lots, start=1)
        for month, before in zip(months, [True] * (len(months) - 1) + [False], strict=True)
        for code in districts
    ]
    add_rows(pack, "market/history.csv", gone)


def add_rows(pack: Path, table: str, new: Rows) -> None:
    """Write more rows at the end of a table: what they do not say stays empty, and only its own columns are written."""

    def change(rows: Rows) -> Rows:
        return [*rows, *({name: row.get(name, "") for name in rows[0]} for row in new)]

    edit_table(pack, table, change)


def with_hostile_names(pack: Path) -> None:
    """Name every district after one of HOSTILE_NAMES, every provider too, and the groups of districts."""

    def rename(column: str) -> Callable[[Rows], None]:
        def change(rows: Rows) -> None:
            old = list(dict.fromkeys(row[column] for row in rows))
            new = {name: hostile(index) for index, name in enumerate(old)}
            for row in rows:
                row[column] = new[row[column]]

        return change

    def outlines(document: dict) -> None:
        for index, feature in enumerate(document["features"]):
            feature["properties"]["district_name"] = hostile(index)

    edit_table(pack, "reference/districts.csv", rename("district_name"))
    edit_table(pack, "reference/area_groups.csv", rename("group_name"))
    edit_table(pack, "market/providers.csv", rename("provider_name"))
    edit_json(pack, "geography/districts.geojson", outlines)


def with_hostile_texts(pack: Path) -> None:
    """Put one of HOSTILE_NAMES in every free text: facts, gaps, intentions, words, and the manifest's labels."""
    numbers = itertools.count()
    texts = {
        "published/facts.csv": ("measure", "period", "source", "note"),
        "published/gaps.csv": ("measure", "published_as", "note", "filled_by"),
        "published/intentions.csv": ("intention", "tracked_by", "needs"),
        "published/council_words.csv": ("section", "words"),
    }
    for table, columns in texts.items():

        def change(rows: Rows, columns: tuple[str, ...] = columns) -> None:
            for row in rows:
                row.update({column: hostile(next(numbers)) for column in columns if row[column]})
                if row.get("unit") in ("rating", "text"):
                    row["value"] = hostile(next(numbers))

        edit_table(pack, table, change)
    words = ("label", "people", "person", "period", "heading", "whose", "title", "rule", "credit", "area", "council")
    words += ("source", "rationale", "note")

    def rewrite(part: object, inside: str = "") -> None:
        if isinstance(part, list):
            for place, one in enumerate(part):
                if inside in ("caveats", "says"):
                    part[place] = hostile(next(numbers))
                else:
                    rewrite(one)
        if isinstance(part, dict):
            for name, one in part.items():
                # A heading of the grid names its rule by code: only a table's rule is a sentence.
                if name in words and isinstance(one, str) and one and not (name == "rule" and "heading" in part):
                    part[name] = hostile(next(numbers))
                elif name != "licenses":
                    rewrite(one, name)

    edit_json(pack, "datapackage.json", rewrite)


def without_rows(table: str, service: str) -> Callable[[Path], None]:
    """A change that leaves out what a table has on a service."""

    def change(pack: Path) -> None:
        edit_table(pack, table, lambda rows: [row for row in rows if row["service"] != service])

    return change


def in_manifest_service(service: str, **settings: object) -> Callable[[Path], None]:
    """A change of some of a service's settings in the manifest."""

    def change(pack: Path) -> None:
        edit_json(pack, "datapackage.json", lambda document: document["services"][service].update(settings))

    return change


def hostile(index: int) -> str:
    """A hostile name, another one for each index."""
    turn, place = divmod(index, len(HOSTILE_NAMES))
    return f"{HOSTILE_NAMES[place]} {turn}" if turn else HOSTILE_NAMES[place]


class Damage(NamedTuple):
    """A change that makes a pack impossible to load, and where the page must say it is wrong."""

    change: Callable[[Path], None]
    file: str
    row: str  # as a spreadsheet counts: the header is row 1
    column: str
    found: str


DAMAGES = {
    "missing column": Damage(
        without_column("market/demand.csv", "people"), "market/demand.csv", "1", "people", "no such column"
    ),
    "unknown district": Damage(
        cell("market/demand.csv", 0, "district_code", "E07999999"),
        "market/demand.csv",
        "2",
        "district_code",
        "E07999999",
    ),
    "negative hours": Damage(
        cell("market/demand.csv", 1, "hours_per_week", "-5"), "market/demand.csv", "3", "hours_per_week", "-5"
    ),
    "duplicate key": Damage(
        repeat_first_row("reference/lots.csv"), "reference/lots.csv", "13", "service_type", "personal_care"
    ),
    "text in a number": Damage(
        cell("market/capacity.csv", 2, "capacity_hours", "many"), "market/capacity.csv", "4", "capacity_hours", "many"
    ),
}


LOT = ["service", "district_code", "service_type", "cohort"]
ROUTES = ("tier_1", "tier_2", "spot")


def large_pack(to: Path, providers: int = 2000, rows: int = 40_000, *changes: Callable[[Path], None]) -> Path:
    """The default pack with many more providers: a large county's ranked lists, which still reconcile.

    Every other service keeps its own providers; the first, the one with a framework, gets all the others, and as many
    rows of the capacity table as make up the total. Hours delivered are those bought, lot by lot. changes: made to the
    copy of the default pack first, such as more districts.
    """
    copy_pack(to, *changes)
    random = np.random.default_rng(1)
    demand, capacity = (pd.read_csv(to / "market" / f"{name}.csv") for name in ("demand", "capacity"))
    service = demand["service"].iloc[0]
    kept = capacity[capacity["service"] != service]
    lots = demand.loc[demand["service"] == service, [*LOT, "hours_per_week", "annual_cost"]]
    names = list(dict.fromkeys(kept["provider_id"]))
    both = [name for name in names if name in set(capacity.loc[capacity["service"] == service, "provider_id"])]
    new = [f"L{number:05d}" for number in range(1, providers - len(names) + 1)]
    listed = many_rows(lots, [*both, *new], rows - len(kept), random)
    listed["rank"] = rank_list(listed)
    write_providers(to, names, new, random)
    market = pd.concat([listed, kept.astype({"rank": "Int64"})], ignore_index=True)[list(capacity.columns)]
    market.to_csv(to / "market" / "capacity.csv", index=False, lineterminator="\n")
    return to


def many_rows(lots: pd.DataFrame, names: list[str], rows: int, random: np.random.Generator) -> pd.DataFrame:
    """Rows of a capacity table: each provider in all lots of a district, then of the next, until there are enough."""
    districts = list(dict.fromkeys(lots["district_code"]))
    turns = np.arange(len(names) * len(districts))
    place, turn = turns % len(names), turns // len(names)
    spread = pd.DataFrame({"provider_id": np.array(names)[place], "number": place})
    spread["district_code"] = np.array(districts)[(place + 5 * turn) % len(districts)]
    # Ten places on tier 1 in a district, the same number of providers on each of the other routes.
    number = spread.groupby("district_code").cumcount()
    spread["route"] = np.where(number < 10, ROUTES[0], np.where(number % 2, ROUTES[1], ROUTES[2]))
    scores = np.round(random.uniform(40, 100, len(names)), 1)
    spread["performance_score"] = scores[place]
    market = spread.merge(lots, on="district_code", sort=False).head(rows).copy()
    hourly = (market["annual_cost"] / (52 * market["hours_per_week"])).where(market["hours_per_week"] > 0, 25.0)
    market["hourly_rate"] = np.round(hourly * random.uniform(0.9, 1.1, len(market)), 2)
    market["delivered_hours"] = 0
    weights = random.pareto(1.5, len(market)) + 0.1
    for _, places in market.groupby(LOT).indices.items():
        total = int(market["hours_per_week"].iloc[places[0]])
        column = market.columns.get_loc("delivered_hours")
        market.iloc[places, column] = largest_remainder(weights[places], total)
    room = random.poisson(2, len(market)) * (random.random(len(market)) < 0.3)
    market["capacity_hours"] = market["delivered_hours"] + room
    return market.reset_index(drop=True)


def write_providers(pack: Path, kept: list[str], new: list[str], random: np.random.Generator) -> None:
    """Write providers.csv and ratings.csv: those kept as they were, the new ones rated on one of many days."""
    folder = pack / "market"
    known, rated = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("providers", "ratings"))
    fresh = pd.DataFrame({"provider_id": new, "office_postcode": "ZZ99 9ZZ", "regulated": "true"})
    fresh["provider_name"] = "Provider " + fresh["provider_id"]
    fresh["also_childrens"] = "false"
    pd.concat([known[known["provider_id"].isin(kept)], fresh])[list(known.columns)].to_csv(
        folder / "providers.csv", index=False, lineterminator="\n"
    )
    placed = pd.read_csv(folder / "requests.csv", dtype=str, keep_default_na=False)
    placed["provider_id"] = placed["provider_id"].where(placed["provider_id"].isin([*kept, *new]), "")
    placed.to_csv(folder / "requests.csv", index=False, lineterminator="\n")
    domains = list(dict.fromkeys(rated["domain"]))
    words = np.array(["Outstanding", "Good", "Requires improvement", "Inadequate"])
    days = pd.Timestamp("2025-03-31") - pd.to_timedelta(random.integers(0, 3000, len(new)), unit="D")
    ratings = pd.DataFrame({"provider_id": np.repeat(new, len(domains)), "domain": np.tile(domains, len(new))})
    ratings["rating"] = random.choice(words, len(ratings), p=[0.05, 0.85, 0.08, 0.02])
    ratings["rated_on"] = np.repeat(days.strftime("%Y-%m-%d").to_numpy(), len(domains))
    pd.concat([rated[rated["provider_id"].isin(kept)], ratings]).to_csv(
        folder / "ratings.csv", index=False, lineterminator="\n"
    )
