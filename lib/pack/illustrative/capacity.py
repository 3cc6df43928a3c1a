"""Who delivers what: hours of every lot shared among the providers of its list, at a price, with headroom."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.illustrative.settings import Settings
from lib.pack.illustrative.tables import LOT, Inputs, of_district
from lib.pack.ranking import rank_list
from lib.pack.ratios import WEEKS, safe_ratio
from lib.pack.rounding import largest_remainder

COLUMNS = [
    "provider_id", *LOT, "route", "rank", "capacity_hours", "delivered_hours", "hourly_rate", "performance_score",
]  # fmt: skip
_ROUTE_ORDER = ["tier_1", "tier_2", "spot"]
_RATING_POINTS = {"Outstanding": 12.0, "Good": 4.0, "Not rated": 0.0, "Requires improvement": -8.0, "Inadequate": -18.0}


def make_capacity(
    inputs: Inputs,
    demand: pd.DataFrame,
    waiting: pd.DataFrame,
    providers: pd.DataFrame,
    ratings: pd.DataFrame,
    places: pd.DataFrame,
    targets: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return market/capacity.csv.

    Delivered hours add up to demand lot by lot, whole packages stay whole, capacity is never below delivered, and
    hourly rates (pounds, two decimals) weighted by delivered hours agree with annual_cost / (52 x hours) but for the
    rounding to pence.

    Args:
        inputs: the pack's tables.
        demand: from `demand.demand_table`.
        waiting: open requests, columns service, district_code, service_type, cohort, hours_per_week.
        providers: from `providers.make_providers`.
        ratings: from `ratings.make_ratings`.
        places: from `providers.list_places`.
        targets: by service, from `tables.district_targets`.
    """
    random = inputs.random("capacity")
    rows = _list_members(inputs, demand, providers, places, targets, random)
    rows = rows.merge(demand, on=LOT, how="left")
    shared = [
        _share_lot(lot, inputs.settings, targets[str(lot["service"].iloc[0])], random)
        for _, lot in rows.groupby(LOT, sort=False)
    ]
    rows = pd.concat(shared, ignore_index=True)
    rows["full"] = rows["provider_id"].isin(_full_providers(rows, providers, inputs.settings))
    rows["capacity_hours"] = rows["delivered_hours"]
    for (service, code), district in rows.groupby(["service", "district_code"]):
        need = waiting.loc[(waiting["service"] == service) & (waiting["district_code"] == code), "hours_per_week"].sum()
        delivered = district["delivered_hours"].sum()
        coverage = float(targets[str(service)]["coverage"][str(code)])
        headroom = max(0, round(coverage * float(delivered + need)) - int(delivered))
        rows.loc[district.index, "capacity_hours"] += _headroom(district, headroom, inputs.settings, random)
    rows = _without_idle(rows)
    rows["hourly_rate"] = _rates(inputs, rows, providers, random)
    rows["performance_score"] = _performance(rows, providers, ratings, random)
    rows["rank"] = rank_list(rows)
    return rows.sort_values(["service", "provider_id", "district_code", "lot_order"])[COLUMNS].reset_index(drop=True)


def _list_members(
    inputs: Inputs,
    demand: pd.DataFrame,
    providers: pd.DataFrame,
    places: pd.DataFrame,
    targets: dict[str, pd.DataFrame],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return who stands on the list of which lot: the lot, provider_id, route, size, lot_order."""
    settings = inputs.settings
    lots = inputs.lots.reset_index(names="lot_order")[["lot_order", "service", "service_type", "cohort"]]
    published = {
        (service, service_type, share.cohort)
        for service, plan in settings.services.items()
        for share in plan.hours
        for service_type in share.service_types
    } | {
        (service, None, cohort)
        for service, plan in settings.services.items()
        if not plan.hours
        for cohort in plan.cost_facts
    }
    offers = {
        name: dict(zip(providers["provider_id"], random.random(len(providers)) < share, strict=True))
        for name, share in {
            **settings.cohort_offer_share,
            **dict.fromkeys(settings.package_hours, settings.package_offer_share),
        }.items()
    }
    # A provider that offers none of a service's cohorts would stand on no list: it gets the first.
    for provider, services in zip(providers["provider_id"], providers["services"], strict=True):
        for cohorts in (list(settings.services[service].cost_facts) for service in services):
            offers[cohorts[0]][provider] |= not any(offers[cohort][provider] for cohort in cohorts)
    single = _single_provider_lots(demand, targets, settings)
    members = []
    for lot_order, service, service_type, cohort in lots.itertuples(index=False):
        if (service, service_type, cohort) not in published and (service, None, cohort) not in published:
            continue  # nothing is known of the hours, so nobody is said to supply them
        for code, place in places.loc[places["service"] == service].groupby("district_code"):
            place = place.assign(route_order=place["route"].map(_ROUTE_ORDER.index))
            place = place.sort_values(["route_order", "size"], ascending=[True, False])
            wanted = place["provider_id"].map(offers[str(cohort)])
            if service_type in settings.package_hours:
                wanted &= place["provider_id"].map(offers[str(service_type)])
                # Two on the ranked list at least, or one-provider lots would be left to chance.
                wanted |= (np.arange(len(place)) < 2) & ((wanted & (place["route"] != "spot")).sum() < 2)
            chosen = place.loc[wanted]
            if (service, code, service_type, cohort) in single:
                chosen = chosen.head(1)
            lot = {"service_type": service_type, "cohort": cohort, "lot_order": lot_order}
            members.append(chosen.assign(**lot))
    table: pd.DataFrame = pd.concat(members, ignore_index=True)
    return table[[*LOT, "provider_id", "route", "size", "lot_order"]]


def _single_provider_lots(
    demand: pd.DataFrame, targets: dict[str, pd.DataFrame], settings: Settings
) -> set[tuple[str, ...]]:
    """Choose the lots that only one provider serves: few packages, in the most rural districts."""
    lots = demand.loc[demand["service_type"].isin(list(settings.package_hours)) & (demand["hours_per_week"] > 0)].copy()
    lots["rural"] = of_district(targets, lots, "rural_share")
    lots = lots.sort_values(["people", "rural", *LOT], ascending=[True, False, *[True] * len(LOT)])
    return {tuple(str(part) for part in key) for key in lots[LOT].head(settings.single_provider_lots).to_numpy()}


def _share_lot(
    lot: pd.DataFrame, settings: Settings, targets: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    """Share one lot's hours among its list: by route, then by size with chance; packages stay whole."""
    first = lot.iloc[0]
    spot = float(targets["spot_share"][str(first["district_code"])])
    tier_1_share = settings.services[str(first["service"])].supply.tier_1_share
    by_route = {"tier_1": (1 - spot) * tier_1_share, "tier_2": (1 - spot) * (1 - tier_1_share), "spot": spot}
    weight = lot["size"].to_numpy() * random.lognormal(0.0, 0.4, len(lot))
    in_route = pd.Series(weight, index=lot.index).groupby(lot["route"]).transform("sum")
    weight = weight / in_route.to_numpy() * lot["route"].map(by_route).to_numpy()
    hours = int(first["hours_per_week"])
    size = settings.package_hours.get(str(first["service_type"]))
    if size is None or not hours:
        delivered = largest_remainder(weight, hours)
    else:
        packages = random.multinomial(int(first["people"]), weight / weight.sum())
        delivered = packages.astype(np.int64) * size
        # The last package is the one that takes the remainder.
        delivered[np.flatnonzero(packages)[-1]] -= delivered.sum() - hours
    return lot.assign(delivered_hours=delivered)


def _full_providers(rows: pd.DataFrame, providers: pd.DataFrame, settings: Settings) -> set[str]:
    """Return the providers that can take nothing more, among them the one of the size the settings ask for."""
    market = rows.loc[rows["service"] == next(iter(settings.services))]
    share = market.groupby("provider_id")["delivered_hours"].sum() / market["delivered_hours"].sum()
    nearest = (share - settings.full_provider_share).abs().sort_values(kind="stable").index[0]
    return {str(nearest), *providers.loc[providers["full"], "provider_id"]}


def _headroom(district: pd.DataFrame, hours: int, settings: Settings, random: np.random.Generator) -> NDArray[np.int64]:
    """Share a district's spare hours among its rows: some whole packages, the rest by visit."""
    spare = np.zeros(len(district), dtype=np.int64)
    package = district["service_type"].map(settings.package_hours).to_numpy()
    willing = ~district["full"].to_numpy()
    budget = settings.spare_package_share * hours
    for position in random.permutation(len(district)):
        size = package[position]
        if willing[position] and not np.isnan(size) and size <= budget and random.random() < 0.5:
            spare[position] = int(size)
            budget -= size
    weight = np.where(np.isnan(package) & willing, district["delivered_hours"] + 3.0, 0.0)
    weight = weight * random.gamma(1.2, 1.0, len(district))
    return spare + largest_remainder(weight, hours - int(spare.sum()))


def _without_idle(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out spot rows with no hours at all, and the lists of empty lots where nobody has hours to spare."""
    idle_lot = rows.groupby(LOT)["capacity_hours"].transform("sum") == 0
    idle_spot = (rows["route"] == "spot") & (rows["capacity_hours"] == 0)
    return rows.loc[~(idle_lot | idle_spot)].reset_index(drop=True)


def _rates(inputs: Inputs, rows: pd.DataFrame, providers: pd.DataFrame, random: np.random.Generator) -> pd.Series:
    """Set what each provider charges, scaled so that the lot's hours cost what the council pays."""
    plans = inputs.settings.services
    chance = dict(zip(providers["provider_id"], random.normal(0.0, 1.0, len(providers)), strict=True))
    spread = rows["service"].map({name: plan.supply.rate_spread for name, plan in plans.items()})
    premium = rows["service"].map({name: plan.supply.spot_premium for name, plan in plans.items()})
    level = 1 + spread * rows["provider_id"].map(chance).clip(-2, 2) + premium * (rows["route"] == "spot")
    level *= 1 + 0.25 * spread * pd.Series(random.normal(0.0, 1.0, len(rows)), index=rows.index).clip(-2, 2)
    cost = safe_ratio(rows["annual_cost"] / WEEKS, rows["hours_per_week"])
    # An empty lot has no cost of its own: its cohort's average stands in.
    totals = (
        rows.drop_duplicates(LOT).groupby(["service", "cohort"])[["annual_cost", "hours_per_week"]].transform("sum")
    )
    average = (totals["annual_cost"] / WEEKS / totals["hours_per_week"]).reindex(rows.index)
    average = average.groupby([rows["service"], rows["cohort"]]).transform("first")
    lots = [rows[name] for name in LOT]
    hours = rows["delivered_hours"].where(rows["hours_per_week"] > 0, 1)
    charged = (level * hours).groupby(lots).transform("sum") / hours.groupby(lots).transform("sum")
    return (level * cost.fillna(average) / charged).round(2)


def _performance(
    rows: pd.DataFrame, providers: pd.DataFrame, ratings: pd.DataFrame, random: np.random.Generator
) -> pd.Series:
    """Score each provider in each district, 0 to 100: better ratings go with better scores, but not always."""
    overall = ratings.loc[ratings["domain"] == "overall"].set_index("provider_id")["rating"].map(_RATING_POINTS)
    base = providers["provider_id"].map(overall).fillna(0.0) + 74 + random.normal(0.0, 6.0, len(providers))
    usual = dict(zip(providers["provider_id"], base, strict=True))
    # One score a provider and district: the same branch does the days and the nights.
    branch = rows.groupby(["service", "provider_id", "district_code"]).ngroup()
    change = random.normal(0.0, 2.0, int(branch.max()) + 1)
    return (rows["provider_id"].map(usual) + change[branch]).clip(20, 99).round(1)
