"""The slides of a running order: each view as one slide or several, in its order, read with the pack's codes."""

from __future__ import annotations

from collections.abc import Sequence

from lib.export.slides.records import FIRST, Shown, services_with_figures
from lib.market.indicators import mapped_indicators
from lib.market.selection import COUNTY_CODE, DISTRICT, Selection, areas, cohorts_of, select, service_types_of
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack
from lib.whatif.running_orders.order import FIRST_PAGE, OrderError, RunningOrder, View
from lib.whatif.scenarios.documents import ScenarioError, shortened
from lib.whatif.scenarios.link import from_link
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario

WHAT_IF, PROVIDERS, ENGAGEMENT, DATA, ANY_SERVICE = "What_if", "Providers", "Market_engagement", "Data", "Service"
WAITING = "waiting_share"


def slides_of_order(pack: Pack, order: RunningOrder) -> tuple[list[Shown], list[str]]:
    """The slides of a running order, and a sentence for each view of which there are none.

    OrderError where no view has any; SelectionError where the pack has no figures.
    """
    services = services_with_figures(pack)
    slides: list[Shown] = []
    doubts = []
    for number, view in enumerate(order.views, start=1):
        found, why = slides_of_view(pack, view, services)
        slides += found
        if why:
            doubts.append(f"View {number} of {quoted(order.name)}: {why}")
    if not slides:
        raise OrderError(f"The running order {quoted(order.name)} has no view that makes a slide of this data pack.")
    return [Shown("opening", slides[0].selection, title=order.name), *slides], doubts


def slides_of_view(pack: Pack, view: View, services: Sequence[str]) -> tuple[list[Shown], str]:
    """The slides of a view: its title and note stand on the first. Without any, why, in a sentence."""
    service = service_of(pack, view, services)
    if service is None:
        return [], f"the data pack has no figures for the page {quoted(view.page)}, and it makes no slide."
    if view.page == WHAT_IF:
        return what_if(pack, view, service)
    selection = selection_of(pack, view, service)
    if view.page == DATA:
        found = Shown("sources", selection)
    elif view.page == PROVIDERS:
        found = Shown("table", selection)
    else:
        usual = WAITING if view.page == ENGAGEMENT else FIRST
        code = code_of(view, "indicator")
        indicator = code if code in mapped_indicators(pack) else usual
        found = Shown("indicator", selection, indicator, area_of(pack, view, selection))
    return [titled(found, view)], ""


def titled(shown: Shown, view: View) -> Shown:
    """A slide with the title and the note of its view."""
    return Shown(shown.kind, shown.selection, shown.indicator, shown.area, shown.scenario, view.title, view.note)


def what_if(pack: Pack, view: View, service: str) -> tuple[list[Shown], str]:
    """The years and the map of the view's scenario, or of the service's own where it has none."""
    scenario, why = scenario_of(pack, view, service)
    if scenario is None:
        return [], why
    whole = select(pack, scenario.service)
    area = area_of(pack, view, whole)
    first = Shown("years", whole, area=area, scenario=scenario)
    return [titled(first, view), Shown("year_map", whole, area=area, scenario=scenario, note=view.note)], ""


def scenario_of(pack: Pack, view: View, service: str) -> tuple[Scenario | None, str]:
    """The scenario of a view's link, cut to the years that the pack can project; why there is none."""
    link = code_of(view, "scenario")
    if not link:
        return default_scenario(pack, service), ""
    try:
        return shortened(pack, from_link(link, pack)), ""
    except ScenarioError as error:
        return None, f"{error}."


def service_of(pack: Pack, view: View, services: Sequence[str]) -> str | None:
    """The service of a view: that of its page, else the one that its link names, else the first."""
    if view.page == ANY_SERVICE:
        named = code_of(view, "code")
    elif view.page in (FIRST_PAGE, WHAT_IF, PROVIDERS, ENGAGEMENT, DATA):
        named = code_of(view, "service") or services[0]
    else:
        named = view.page.lower()
    return named if named in services else None


def selection_of(pack: Pack, view: View, service: str) -> Selection:
    """What of the service a view shows; a code that the pack has not is left out."""
    types = [code for code in view.query.get(f"types_{service}", []) if code in service_types_of(pack, service)]
    cohorts = [code for code in view.query.get(f"cohorts_{service}", []) if code in cohorts_of(pack, service)]
    by = code_of(view, f"by_{service}") or pack.service(service).default_grouping
    grouping = by if by in (DISTRICT, *pack.manifest.groupings) else DISTRICT
    try:
        return select(pack, service, types, cohorts, grouping)
    except SelectionError:
        return select(pack, service, group_by=grouping)


def area_of(pack: Pack, view: View, selection: Selection) -> str:
    """The area that a view chose; the county where it chose none that there is."""
    key = DISTRICT if selection.group_by == DISTRICT else f"area_{selection.group_by}"
    code = code_of(view, key)
    return code if code in set(areas(pack, selection.group_by)["area_code"]) else COUNTY_CODE


def code_of(view: View, name: str) -> str:
    """The first code of a choice; "" for none."""
    return next(iter(view.query.get(name, [])), "")
