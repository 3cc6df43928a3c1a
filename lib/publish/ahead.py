"""The years ahead under the scenarios that the council chose to publish, by area and cohort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lib.market.basis import standing
from lib.market.disclosure import SUPPRESSED, Measure, worked_out
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.publish.cells import ALL, Field, Figure, Floats, Secret
from lib.publish.drafts import Draft, Row, Sum, Tells
from lib.publish.sums import Area, Lots, Sums, added
from lib.publish.today import DEMAND, measure_field, protection, text_fields
from lib.whatif.baseline import prepare
from lib.whatif.basis import projection_basis
from lib.whatif.project import projected, without_flows
from lib.whatif.scenarios.scenario import Scenario

AHEAD = "ahead"  # the period of a scenario's years where today's figure is published to the unit
# By column of the forecast, what grows: demand grows as the hours that are delivered do.
GROWS = {"people": "people", "demand_hours": "delivered_hours"}
MEASURES = tuple(GROWS)


@dataclass(frozen=True, eq=False)
class Path:
    """A scenario's years, lot by lot: years by districts by lots. A year's figure is today's x factor + joining.

    Factors and who joins follow from levers and populations alone, which are public.
    """

    value: Floats
    factor: Floats
    joining: Floats


def paths(pack: Pack, scenario: Scenario) -> dict[str, Path]:
    """The path of each column of the forecast."""
    baseline = prepare(pack, scenario.service)
    years = np.arange(scenario.years + 1, dtype=np.float64)
    growing, whole = without_flows(baseline, scenario, years), projected(baseline, scenario)
    found = {}
    for name, grows in GROWS.items():
        alone, value = getattr(growing, grows), getattr(whole, grows)
        today = alone[0]
        # Who leaves does so in proportion to who is there, whatever their number; who joins does not.
        joining = np.maximum(value - alone, 0.0)
        factor = np.where(today > 0, (value - joining) / np.where(today > 0, today, 1.0), 1.0)
        found[name] = Path(value, factor, joining)
    return found


def forecast_draft(pack: Pack, scenarios: Sequence[Scenario], demand: Draft) -> Draft:
    """People and demand hours in each year of each scenario, from today's figures as the demand table shows them.

    So a year tells no more of today than today's own rounded figure does, but for how an area grows as a whole.
    """
    words = ("service", "service_name", "area_kind", "area_code", "area_name", "cohort", "cohort_name")
    status = {
        name: "; ".join(dict.fromkeys(str(standing(pack, projection_basis(pack, one, name))) for one in scenarios))
        for name in MEASURES
    }
    draft = Draft(
        "forecast",
        "Forecast by scenario, year, area and cohort: people, and demand in hours a week",
        "Not a prediction: what follows if the scenario's assumptions hold. The first year is today, and the others "
        "are worked out from its rounded figures.",
        [
            Field("scenario", "Scenario", "string", "", "Name of the scenario", ""),
            Field("year", "Year", "string", "", "Year in which the year starts", ""),
            Field("year_name", "Year in words", "string", "", "As 2024/25", ""),
            *text_fields(pack, *words),
            *(
                Field(one.name, one.title, one.type, one.unit, one.description, status[one.name])
                for one in (measure_field(pack, name) for name in MEASURES)
            ),
        ],
        {"people": protection(pack, "people"), "demand_hours": Measure("hours", count="people")},
        follow=lambda rows: hide_with_demand(rows, demand),
    )
    today = {one.secret: one for one in demand.figures if one.table == demand.name}
    for scenario in scenarios:
        add_scenario(draft, pack, scenario, demand, today)
    return draft


def add_scenario(draft: Draft, pack: Pack, scenario: Scenario, demand: Draft, today: dict[Secret, Figure]) -> None:
    """The rows of a scenario. today: the figures of the demand table."""
    sums = Sums(pack, scenario.service)
    path = paths(pack, scenario)
    base = pack.service(scenario.service).base_year
    for year in range(scenario.years + 1):
        for area in sums.areas:
            for lots in sums.of_cohorts:
                text = {"scenario": scenario.name, "year": str(base + year), "year_name": financial_year(base + year)}
                text |= sums.text(area, lots, "cohort")
                numbers: dict[str, float] = {}
                tells: dict[str, Tells] = {}
                for name in MEASURES:
                    numbers[name] = added(path[name].value[year][area.districts][:, lots.places])
                    one = today.get(Secret(sums.service, GROWS[name], area.kind, area.code, ALL, lots.cohort))
                    if one is None:
                        numbers[name] = math.nan
                        continue
                    tells[name] = told(area, lots, path[name], year, one)
                    if name == "demand_hours":
                        secret, grown = tells[name]
                        shown = worked_out(DEMAND, demand.safe[one.row])
                        tells[name] = secret, replace(grown, today=replace(one, shown=shown))
                draft.add(text, numbers, tells)


def told(area: Area, lots: Lots, path: Path, year: int, today: Figure) -> Tells:
    """What a year's figure tells of: how today's grows, and so a little of what it is made of."""
    factor = path.factor[year].ravel()[today.places]
    joining = added(path.joining[year][area.districts][:, lots.places])
    secret = today.secret if today.base else today.secret._replace(period=AHEAD)
    return secret, Sum(today.block, today.places, factor, joining, today=today)


def hide_with_demand(rows: list[Row], demand: Draft) -> None:
    """Demand ahead is hidden where today's is, of which it is worked out."""
    key = ("service", "area_kind", "area_code", "cohort")
    shown = {
        tuple(text[name] for name in key): worked_out(DEMAND, safe)
        for text, safe in zip(demand.texts, demand.safe, strict=True)
        if text["service_type"] == ALL
    }
    for row in rows:
        if shown[tuple(row[name] for name in key)] == SUPPRESSED:
            row["demand_hours"] = SUPPRESSED
