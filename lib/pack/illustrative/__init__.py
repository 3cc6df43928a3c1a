"""The demonstration market: made-up tables of demand, providers, capacity, requests and history.

Constrained to the pack's published totals, from a fixed seed: the same pack always gives the same bytes.
"""

import pandas as pd

from lib.pack.illustrative.capacity import make_capacity
from lib.pack.illustrative.demand import demand_table
from lib.pack.illustrative.history import history_table
from lib.pack.illustrative.providers import PUBLIC_COLUMNS, list_places, make_providers
from lib.pack.illustrative.ratings import make_ratings, passes_gate
from lib.pack.illustrative.requests import (
    all_requests,
    moved,
    open_requests,
    placed_requests,
    requests_table,
    with_providers,
)
from lib.pack.illustrative.tables import Inputs, district_targets, in_its_places, read_inputs, write_tables

__all__ = ["Inputs", "make_market", "read_inputs", "write_tables"]


def make_market(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Make every market table of a pack, by the name of its file: demand is modelled, all others are illustrative.

    Raises:
        ValueError: the published totals and the settings contradict each other.
    """
    settings = inputs.settings
    targets = {
        service: district_targets(inputs.districts, plan.supply, settings.jitter, inputs.random(f"targets.{service}"))
        for service, plan in settings.services.items()
    }
    demand = demand_table(inputs)
    waiting = open_requests(inputs, demand, targets)
    providers = make_providers(inputs)
    ratings = make_ratings(inputs, providers)
    places = list_places(inputs, providers, passes_gate(ratings, settings.quality.gate_domains), targets)
    capacity = make_capacity(inputs, demand, waiting, providers, ratings, places, targets)
    placed = placed_requests(inputs, demand, waiting, capacity, targets)
    requests = all_requests(inputs, waiting, placed)
    listed, history = requests_table(inputs, requests), history_table(inputs, demand, requests)
    # A service with a date of its own is drawn again by itself, in the places that it has among the others: so its date
    # changes nothing of theirs.
    for service in (code for code, plan in settings.services.items() if plan.as_of):
        own = inputs.by_itself(service)
        bought, waits = demand.loc[demand["service"] == service], moved(inputs, waiting, service)
        asked = all_requests(own, waits, placed_requests(own, bought, waits, capacity, targets))
        listed = in_its_places(listed, requests_table(own, asked), service, "request_id")
        history = in_its_places(history, history_table(own, bought, asked), service)
    return {
        "demand": demand,
        "providers": providers[PUBLIC_COLUMNS].assign(
            regulated=providers["regulated"].map({True: "true", False: "false"}),
            also_childrens=providers["also_childrens"].map({True: "true", False: "false"}),
        ),
        "ratings": ratings,
        "capacity": capacity,
        "requests": with_providers(inputs, listed, capacity),
        "history": history.sort_values("month", kind="stable", ignore_index=True),
    }
