"""What a projection rests on, measure by measure, and so how its figures are known."""

from __future__ import annotations

from lib.market.basis import READERS_OWN, Basis, basis
from lib.market.lots import lot_table
from lib.pack.load import Pack
from lib.whatif.scenarios.presets import ready_made
from lib.whatif.scenarios.scenario import Scenario

# The tables that year 0 of each measure is read from.
MEASURES: dict[str, Basis] = {
    "people": Basis(("demand",)),
    "demand_hours": Basis(("demand", "requests")),
    "delivered_hours": Basis(("demand",)),
    "capacity_hours": Basis(("capacity",)),
    "gap_hours": basis(lot_table),
    "coverage": basis(lot_table),
    "shortfall_hours": basis(lot_table),
    "cost": Basis(("demand",)),
    "served_hours": Basis(("demand", "capacity")),
    "unmet_hours": basis(lot_table),
    "spend": Basis(("demand", "capacity")),
}
# What demand follows where a scenario lets it age.
AGEING = Basis(("population", "service_rates"))


def projection_basis(pack: Pack, scenario: Scenario, *measures: str, ahead: bool = True) -> Basis:
    """What measures of a scenario's projection rest on: by their names in MEASURES; none means all.

    ahead: whether a year to come is shown, or the base year, which is today. Levers that stand as in none of the pack's
    own scenarios are the reader's.
    """
    shown = measures or tuple(MEASURES)
    found = basis(*(MEASURES[name] for name in shown))
    if not ahead:
        return found
    if scenario.demand.demographic and set(shown) != {"capacity_hours"}:
        found |= AGEING
    if scenario.demand.discharge_people_per_month and set(shown) != {"capacity_hours"}:
        found |= Basis(("population",))
    if not any(same_levers(scenario, one) for one in ready_made(pack, scenario.service)):
        found = found.assuming(READERS_OWN)
    return found.ahead()


def same_levers(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios move demand, supply and prices alike."""
    return (one.demand, one.supply, one.price) == (other.demand, other.supply, other.price)
