"""Requests for care: those that wait, and those placed, month by month."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.illustrative.tables import LOT, Inputs, of_district
from lib.pack.rounding import largest_remainder

COLUMNS = [
    "request_id",
    "service",
    "district_code",
    "ward_code",
    "service_type",
    "cohort",
    "hours_per_week",
    "requested_on",
    "placed_on",
    "route",
]
PROVIDER = "provider_id"  # fmt: skip
MONTHS_KEPT = 12
_LONGEST_WAIT = 240
_SPREAD = 0.75  # standard deviation of the logarithm of days to source: most are placed soon, a few wait for weeks


def open_requests(inputs: Inputs, demand: pd.DataFrame, targets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the requests that wait at the end: the lot, hours_per_week, requested_on.

    Packages wait in whole numbers; visits fill each district's waiting hours up to what its target leaves.
    """
    random = inputs.random("requests.open")
    rows: list[tuple[object, ...]] = []
    packages = _open_packages(inputs, demand, targets)
    for (service, code), district in demand.groupby(["service", "district_code"], sort=False):
        share = float(targets[str(service)]["waiting_share"][str(code)])
        wanted = share * float(district["hours_per_week"].sum())
        for index in district.index[district.index.isin(packages.index)]:
            size = inputs.settings.package_hours[str(demand.at[index, "service_type"])]
            rows += [(*demand.loc[index, LOT], size)] * int(packages[index])
            wanted -= size * int(packages[index])
        visits = district.loc[~district["service_type"].isin(list(inputs.settings.package_hours))]
        # However many nights wait, some day visits wait too.
        by_visit = float(visits["hours_per_week"].sum())
        wanted = max(wanted, 0.4 * share * by_visit)
        for _, lot in visits.iterrows():
            sizes = inputs.settings.services[str(service)].requests.hours.get(str(lot["service_type"]), [])
            rows += [(*lot[LOT], size) for size in _fill(wanted * lot["hours_per_week"] / by_visit, sizes, random)]
    table = pd.DataFrame(rows, columns=[*LOT, "hours_per_week"])
    usual = _usual_days(table, inputs, targets)
    days = np.minimum(np.floor(random.exponential(2.5 * usual)), _LONGEST_WAIT)
    return table.assign(requested_on=pd.Timestamp(inputs.settings.as_of) - pd.to_timedelta(days, unit="D"))


def placed_requests(
    inputs: Inputs,
    demand: pd.DataFrame,
    waiting: pd.DataFrame,
    capacity: pd.DataFrame,
    targets: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the requests placed in the settings' months: the lot, hours_per_week, requested_on, placed_on, route.

    With those that wait, the last twelve months hold as many requests as the settings ask for, and each twelve months
    before them fewer by the service's growth. The route is drawn by the hours that each route delivers in the lot.
    """
    settings, random = inputs.settings, inputs.random("requests.placed")
    months = pd.period_range(end=pd.Period(settings.as_of, "M"), periods=settings.months, freq="M")
    tables = []
    for service, plan in settings.services.items():
        lots = demand.loc[(demand["service"] == service) & (demand["people"] > 0)].reset_index(drop=True)
        if plan.requests.a_year_fact is not None:
            a_year = inputs.fact(plan.requests.a_year_fact)
        else:
            a_year = (plan.requests.a_year_per_person or 0.0) * float(lots["people"].sum())
        growth = 1 + inputs.fact(plan.growth_fact) / 100
        still_open = waiting.loc[waiting["service"] == service, "requested_on"].dt.to_period("M").value_counts()
        season = 1 + settings.season * np.cos(2 * np.pi * (months.month.to_numpy() - 1) / 12)
        years_back = (len(months) - 1 - np.arange(len(months))) // 12
        for back in np.unique(years_back):
            these = np.flatnonzero(years_back == back)
            already = still_open.reindex(months[these], fill_value=0).to_numpy()
            expected = largest_remainder(season[these], round(a_year * len(these) / 12 / growth**back))
            # What waits now was asked for too, most of it lately.
            left_over = np.maximum(expected - already, 0)
            total = max(0, int(expected.sum() - already.sum()))
            by_month = random.multinomial(total, left_over / max(left_over.sum(), 1))
            drawn = random.choice(len(lots), size=total, p=lots["people"] / lots["people"].sum())
            table = lots.loc[drawn, LOT].reset_index(drop=True)
            tables.append(table.assign(month=np.repeat(months[these].start_time.to_numpy(), by_month)))
    table = pd.concat(tables, ignore_index=True)
    table["hours_per_week"] = _sizes(table, inputs, random)
    last = pd.Timestamp(settings.as_of)
    day = np.floor(random.random(len(table)) * table["month"].dt.days_in_month)
    table["requested_on"] = (table["month"] + pd.to_timedelta(day, unit="D")).clip(upper=last)
    left = (last - table["requested_on"]).dt.days.to_numpy()
    days = np.rint(_usual_days(table, inputs, targets) * random.lognormal(0.0, _SPREAD, len(table)))
    # A placed request was placed by the last day: one that would have taken longer is drawn again within what is left.
    days = np.where(days > left, np.floor(random.random(len(table)) * (left + 1)), days)
    table["placed_on"] = table["requested_on"] + pd.to_timedelta(days, unit="D")
    table["route"] = _routes(table, capacity, random)
    return table.drop(columns="month")


def all_requests(inputs: Inputs, waiting: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Put open and placed requests together in order of date, each with a ward drawn by its number of postcodes."""
    random = inputs.random("requests.wards")
    nothing = pd.Series(pd.NaT, index=waiting.index, dtype=placed["placed_on"].dtype)
    table = pd.concat([placed, waiting.assign(placed_on=nothing, route="")], ignore_index=True)
    table = table.sort_values(["requested_on", *LOT, "placed_on", "hours_per_week"], kind="stable", ignore_index=True)
    table["ward_code"] = ""
    for code, rows in table.groupby("district_code").groups.items():
        wards = inputs.wards.loc[inputs.wards["district_code"] == code].sort_values("ward_code")
        size = wards["postcodes"] if "postcodes" in wards else pd.Series(1, index=wards.index)
        table.loc[rows, "ward_code"] = random.choice(wards["ward_code"], size=len(rows), p=size / size.sum())
    return table


def moved(inputs: Inputs, waiting: pd.DataFrame, service: str) -> pd.DataFrame:
    """Return one service's open requests, each as long before the service's own date as it was before the pack's."""
    plan, rows = inputs.settings.services[service], waiting.loc[waiting["service"] == service]
    earlier = pd.Timestamp(inputs.settings.as_of) - pd.Timestamp(plan.as_of or inputs.settings.as_of)
    return rows.assign(requested_on=rows["requested_on"] - earlier).reset_index(drop=True)


def requests_table(inputs: Inputs, requests: pd.DataFrame) -> pd.DataFrame:
    """Return market/requests.csv: requests of the last twelve months, and older ones that still wait (ISO dates)."""
    start = (pd.Period(inputs.settings.as_of, "M") - MONTHS_KEPT + 1).start_time
    table = requests.loc[(requests["requested_on"] >= start) | requests["placed_on"].isna()].reset_index(drop=True)
    digits = max(5, len(str(len(table))))
    table["request_id"] = [f"R{number:0{digits}d}" for number in range(1, len(table) + 1)]
    for column in ("requested_on", "placed_on"):
        table[column] = table[column].dt.strftime("%Y-%m-%d").fillna("")
    return table[COLUMNS]


def with_providers(inputs: Inputs, requests: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return market/requests.csv with the provider that each was placed with, drawn by the hours it delivers there.

    Of the lot's list that the request was placed by. A service's own random numbers: another one changes nothing of it.
    """
    table = requests.assign(**{PROVIDER: ""})
    there = [*LOT, "route"]
    offered = dict(iter(capacity.loc[capacity["delivered_hours"] > 0].groupby(there)))
    for service in inputs.settings.services:
        random = inputs.random(f"requests.providers.{service}")
        placed = table.loc[(table["service"] == service) & (table["placed_on"] != "")]
        for key, rows in placed.groupby(there):
            hours = offered[key]["delivered_hours"].to_numpy(dtype=np.float64)
            providers = offered[key][PROVIDER].to_numpy(dtype=str)
            table.loc[rows.index, PROVIDER] = random.choice(providers, size=len(rows), p=hours / hours.sum())
    return table


def _open_packages(inputs: Inputs, demand: pd.DataFrame, targets: dict[str, pd.DataFrame]) -> pd.Series:
    """Count the packages that wait, lot by lot: more where more is delivered, and where more waits anyway."""
    lots = demand.loc[demand["service_type"].isin(list(inputs.settings.package_hours))]
    # A lot with no package today can still be asked for one. The square root, or towns would never wait for a night.
    weights = (lots["people"].to_numpy() + 0.5) * np.sqrt(of_district(targets, lots, "waiting_share"))
    total = round(inputs.settings.open_package_share * float(lots["people"].sum()))
    return pd.Series(largest_remainder(weights, total), index=lots.index)


def _fill(hours: float, sizes: list[int], random: np.random.Generator) -> list[int]:
    """Draw sizes until they come as near to the hours as they can."""
    drawn: list[int] = []
    while sizes:
        size = int(random.choice(sizes))
        if sum(drawn) + size / 2 > hours:
            break
        drawn.append(size)
    return drawn


def _sizes(table: pd.DataFrame, inputs: Inputs, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw the weekly hours of requests: a whole package, or one of the service's usual sizes."""
    result = np.zeros(len(table), dtype=np.int64)
    for service, service_type in table[["service", "service_type"]].drop_duplicates().to_numpy():
        rows = ((table["service"] == service) & (table["service_type"] == service_type)).to_numpy()
        package = inputs.settings.package_hours.get(str(service_type))
        sizes = inputs.settings.services[str(service)].requests.hours.get(str(service_type), [])
        result[rows] = random.choice(sizes if package is None else [package], size=int(rows.sum()))
    return result


def _usual_days(table: pd.DataFrame, inputs: Inputs, targets: dict[str, pd.DataFrame]) -> NDArray[np.float64]:
    """Return the median days to source of each request's district, longer for a whole package."""
    packages = table["service_type"].isin(list(inputs.settings.package_hours))
    delay = table["service"].map({name: plan.requests.package_delay for name, plan in inputs.settings.services.items()})
    return of_district(targets, table, "median_days") * np.where(packages, delay, 1.0)


def _routes(table: pd.DataFrame, capacity: pd.DataFrame, random: np.random.Generator) -> pd.Series:
    """Draw the route of each placed request by the hours its lot's routes deliver."""
    delivered = capacity.groupby([*LOT, "route"])["delivered_hours"].sum()
    routes = pd.Series("", index=table.index)
    for key, rows in table.groupby(LOT).groups.items():
        hours = delivered.xs(key, level=tuple(LOT))
        routes.loc[rows] = random.choice(hours.index.to_numpy(dtype=str), size=len(rows), p=hours / hours.sum())
    return routes
