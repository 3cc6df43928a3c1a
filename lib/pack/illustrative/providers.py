"""The made-up providers: their services, size, home district, and the lists they stand on."""

import numpy as np
import pandas as pd

from lib.pack.illustrative.demand import district_weights
from lib.pack.illustrative.settings import Supply
from lib.pack.illustrative.tables import Inputs, distances
from lib.pack.rounding import largest_remainder

PUBLIC_COLUMNS = ["provider_id", "provider_name", "office_postcode", "regulated", "also_childrens"]
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
# A provider twice as far away is about this much less likely to work in a district, in kilometres.
_REACH = 12.0
# In standard deviations: a few large providers of like size, and none that owns the market.
_LARGEST = 1.1


def make_providers(inputs: Inputs) -> pd.DataFrame:
    """Return the providers, with what later steps need to know of them.

    Columns: those of market/providers.csv, then services (tuple), home (district_code), size (positive, relative),
    lost_gate (met the tier 1 requirement when it joined, but no longer), full (no headroom).
    """
    settings, random = inputs.settings, inputs.random("providers")
    served: list[list[str]] = []
    for position, (service, plan) in enumerate(settings.services.items()):
        shared = settings.shared_providers if position else 0
        for chosen in random.choice(len(served), size=shared, replace=False) if shared else []:
            served[chosen].append(service)
        served.extend([service] for _ in range(plan.supply.providers - shared))
    providers = pd.DataFrame({"services": [tuple(names) for names in served]})
    number = list(range(1, len(providers) + 1))
    digits = max(3, len(str(number[-1])))
    providers["provider_id"] = [f"P{one:0{digits}d}" for one in number]
    providers["provider_name"] = [f"{settings.provider_name} {one:0{digits}d}" for one in number]
    providers["also_childrens"] = providers["services"].map(len) > 1
    providers["home"], providers["size"], providers["regulated"] = "", 0.0, True
    for service, plan in settings.services.items():
        here = providers["services"].map(lambda names, first=service: names[0] == first)
        count = int(here.sum())
        need = sum((district_weights(inputs, service, cohort) for cohort in plan.cost_facts), start=np.zeros(1))
        homes = np.repeat(inputs.districts["district_code"].to_numpy(), largest_remainder(need, count))
        providers.loc[here, "home"] = random.permutation(homes)
        providers.loc[here, "size"] = np.exp(
            plan.supply.size_spread * np.clip(random.normal(0.0, 1.0, count), -2.5, _LARGEST)
        )
        regulated = np.arange(count) < round(plan.supply.regulated_share * count)
        providers.loc[here, "regulated"] = random.permutation(regulated)
    order = {code: position for position, code in enumerate(inputs.districts["district_code"], start=1)}
    providers["office_postcode"] = [
        _postcode(settings.postcode_area, order[home], one) for home, one in zip(providers["home"], number, strict=True)
    ]
    # Large enough to matter, not the largest: the market's biggest providers keep their ratings.
    first = next(iter(settings.services))
    middling = providers.index[providers["services"].map(lambda names: names[0] == first)]
    middling = providers.loc[middling, "size"].sort_values(ascending=False).index[5 : len(middling) // 3]
    lost = random.choice(middling, size=min(settings.quality.tier_1_gate_failures, len(middling)), replace=False)
    providers["lost_gate"] = providers.index.isin(lost)
    providers["full"] = random.random(len(providers)) < settings.full_providers
    return providers


def _postcode(area: str, district: int, number: int) -> str:
    """Spell a postcode of an area that does not exist; each provider gets its own."""
    return f"{area}{district} {number % 9 + 1}{_LETTERS[number // 20 % 20]}{_LETTERS[number % 20]}"


def list_places(
    inputs: Inputs, providers: pd.DataFrame, passing: set[str], targets: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Put providers on each district's lists: tier 1, tier 2, then spot.

    A provider works in its home district and, the larger it is, in more of the districts nearest to it. In one district
    it stands on one route, so it is never on two lists of a lot.

    Args:
        inputs: the pack's tables.
        providers: from `make_providers`.
        passing: provider_id of those that meet the tier 1 requirement today.
        targets: by service, from `tables.district_targets`.

    Returns:
        Columns service, district_code, provider_id, route, size (relative, in that district).
    """
    random = inputs.random("lists")
    apart = distances(inputs.wards, list(inputs.districts["district_code"]))
    tables = []
    for service, plan in inputs.settings.services.items():
        serving = providers.loc[providers["services"].map(lambda names, one=service: one in names)].copy()
        serving["reach"] = _reach(serving["size"], plan.supply)
        serving["may_lead"] = serving["provider_id"].isin(passing) | serving["lost_gate"]
        for code, target in targets[service].iterrows():
            table = _district_list(serving, apart, str(code), target, random)
            tables.append(table.assign(service=service, district_code=str(code)))
    return pd.concat(tables, ignore_index=True)[["service", "district_code", "provider_id", "route", "size"]]


def _reach(size: pd.Series, supply: Supply) -> pd.Series:
    """Count the neighbouring districts that a provider also works in: none for the smallest, all for the largest."""
    standing = (size.rank(method="first") - 1) / max(len(size) - 1, 1)
    # Squared, because most care providers are local.
    return (standing**2 * (supply.neighbours + 1)).astype(int).clip(upper=supply.neighbours)


def _district_list(
    serving: pd.DataFrame, apart: pd.DataFrame, code: str, target: pd.Series, random: np.random.Generator
) -> pd.DataFrame:
    """Choose the providers of one district and the route of each."""
    kilometres = serving["home"].map(apart[code])
    # 0 for the home district itself, 1 for the nearest neighbour, and so on.
    nearness = serving["home"].map(apart.rank(axis="columns")[code]) - 1
    known = serving.loc[nearness <= serving["reach"]].copy()
    known["size"] = known["size"] * np.exp(-kilometres.loc[known.index] / _REACH / 2)
    chance = random.gumbel(0.0, 0.5, len(known))
    known["appeal"] = np.log(known["size"]) + chance + 100.0 * (known["home"] == code)
    places = int(target["tier_1"] + target["tier_2"] + target["spot"])
    # Where fewer work than there are places, the framework does not take everybody.
    shortage = min(1.0, len(known) / places)
    known = known.sort_values(["appeal", "provider_id"], ascending=[False, True]).head(places)
    known["strength"] = np.log(known["size"]) + random.gumbel(0.0, 0.4, len(known)) + 3.0 * known["lost_gate"]
    known = known.sort_values(["strength", "provider_id"], ascending=[False, True])
    leading = known.index[known["may_lead"]][: int(target["tier_1"])]
    rest = known.index.difference(leading, sort=False)
    spot = round(shortage * int(target["spot"]))
    known["route"] = "spot"
    known.loc[leading, "route"] = "tier_1"
    known.loc[rest[: len(rest) - spot], "route"] = "tier_2"
    return known[["provider_id", "route", "size"]]
