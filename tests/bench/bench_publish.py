"""How long a publication and a spreadsheet take, and how much memory: the default pack, and 309 districts with 30,000
providers.

python tests/bench/bench_publish.py [DISTRICTS PROVIDERS]. Figures, not verdicts.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from lib.export.sheets import Sheet, sheet_of
from lib.export.workbook import one_workbook
from lib.market.about import about
from lib.market.profile import profile
from lib.market.selection import select
from lib.market.tables import labelled_profile
from lib.pack.load import LOT, Pack, load_pack
from lib.publish.control import release
from lib.whatif.project import project
from lib.whatif.scenarios.presets import default_scenario

DATA = Path(__file__).parents[2] / "data"


def many_districts(pack: Pack, districts: int, providers: int) -> Pack:
    """The default pack repeated until it has so many districts, in groups of ten, with providers of its own.

    Each repeat varies by a factor of its own. The published facts stay those of the default pack: no total agrees.
    """
    random = np.random.default_rng(1)
    known = list(pack.district_names())
    codes = [f"E{number:08d}" for number in range(districts)]
    like = dict(zip(codes, (known[number % len(known)] for number in range(districts)), strict=True))
    tables = dict(pack.tables)

    def repeated(name: str) -> pd.DataFrame:
        table = pack.tables[name]
        parts = dict(list(table.groupby("district_code", sort=False)))
        return pd.concat(
            [parts[old].assign(district_code=new) for new, old in like.items() if old in parts], ignore_index=True
        )

    for name in ("districts", "population", "demand", "history", "capacity", "requests", "wards"):
        tables[name] = repeated(name)
    own = tables["wards"]["ward_code"] + "-" + tables["wards"]["district_code"]
    tables["wards"] = tables["wards"].assign(ward_code=own)
    requests = tables["requests"]
    wards = (requests["ward_code"] + "-" + requests["district_code"]).where(requests["ward_code"].notna())
    tables["requests"] = requests.assign(ward_code=wards, request_id=[f"R{number}" for number in range(len(requests))])
    groups = [f"Group {place // 10:02d}" for place in range(districts)]
    tables["area_groups"] = pd.DataFrame({"grouping": "quadrant", "group_name": groups, "district_code": codes})
    factor = dict(zip(codes, random.uniform(0.5, 2.0, districts), strict=True))
    demand = tables["demand"]
    grown = demand["district_code"].map(factor)
    demand = demand.assign(
        people=(demand["people"].astype("float64") * grown).round().astype("Int64"),
        hours_per_week=(demand["hours_per_week"] * grown).round(),
    )
    tables["demand"] = demand
    ids = [f"P{number:05d}" for number in range(providers)]
    per_lot = max(1, providers // max(1, int((demand["hours_per_week"] > 0).sum())))
    rows = demand.loc[demand["hours_per_week"] > 0, [*LOT, "hours_per_week"]]
    offers = rows.loc[rows.index.repeat(per_lot + 6)].reset_index(drop=True)
    shares = pd.Series(random.pareto(1.5, len(offers)) + 0.1)
    total = shares.groupby([offers[name] for name in LOT]).transform("sum")
    delivered = offers["hours_per_week"] * shares / total
    capacity = pack.tables["capacity"].iloc[:0].reindex(range(len(offers)))
    capacity = capacity.assign(
        **{name: offers[name] for name in LOT},
        provider_id=[ids[number % providers] for number in range(len(offers))],
        route="spot",
        capacity_hours=(delivered * 1.05).round(),
        delivered_hours=delivered.round(),
        hourly_rate=25.0,
    )
    tables["capacity"] = capacity
    one = pack.tables["providers"].iloc[[0] * providers].reset_index(drop=True)
    tables["providers"] = one.assign(provider_id=ids, provider_name=ids)
    return replace(pack, tables=tables, file_rows={})


def time_workbooks(packs: dict[str, Pack]) -> None:
    """The tables of the What-if's districts, the most that a page has, as one spreadsheet; beside one with one cell."""
    print("| spreadsheet of | rows | cells | seconds | MB of the file | times an empty one |")
    print("|---|---|---|---|---|---|")
    one_workbook("First", [], pd.Timestamp("2025-01-01"))  # what writes it is brought in
    empty = [Sheet("Table", "Nothing", pd.DataFrame({"x": [1]}))]
    for name, pack in packs.items():
        scenario = default_scenario(pack, "domiciliary_care")
        selection = select(pack, "domiciliary_care")
        told = about(pack, "Every year and lot", "demand", "capacity", service="domiciliary_care")
        frames = [labelled_profile(pack, selection, profile(pack, selection)), project(pack, scenario)]
        begun = time.monotonic()
        one_workbook("Empty", empty, pack.manifest.as_of)
        least, begun = time.monotonic() - begun, time.monotonic()
        file = one_workbook("All", [sheet_of(told, "", frame) for frame in frames], pack.manifest.as_of)
        spent = time.monotonic() - begun
        rows, cells = sum(map(len, frames)), sum(frame.size for frame in frames)
        size = len(file) / 1e6
        print(f"| {name} | {rows:,} | {cells:,} | {spent:.2f} | {size:.2f} | {spent / least:.0f} |", flush=True)


def main() -> None:
    """Print one line a pack."""
    districts, providers = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (309, 30_000)
    pack = load_pack(DATA)
    large = many_districts(pack, districts, providers)
    packs = {"default": pack, f"{districts} districts, {providers} providers": large}
    time_workbooks(packs)
    print("| pack | figures | hidden at first | in addition | how | seconds | of processor | MB at most |")
    print("|---|---|---|---|---|---|---|---|")
    for name, one in packs.items():
        scenarios = [default_scenario(one, service) for service in one.manifest.services]
        begun, used = time.monotonic(), time.process_time()
        report = release(one, scenarios).report
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        cells = (
            name,
            f"{report.figures:,}",
            f"{report.share_at_first:.1%}",
            f"{report.share_in_addition:.1%}",
            "exact" if report.exact else "greedy",
            f"{time.monotonic() - begun:.0f}",
            f"{time.process_time() - used:.0f}",
            f"{memory:,.0f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
