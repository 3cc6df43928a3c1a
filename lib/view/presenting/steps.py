"""Where the clicker leads: the views of a running order, or, without one, the pages in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lib.pack.load import Pack
from lib.view.link.session import link_to
from lib.view.link.showing import Showing, showing
from lib.view.running_orders.shelf import opened
from lib.view.running_orders.views import FIRST_FILE, doubts_of, place_of, why_unfit
from lib.view.shell import entries_of
from lib.whatif.running_orders.order import RunningOrder, View

Query = Mapping[str, list[str]]


@dataclass(frozen=True)
class Step:
    """A way to another view: the page's file and what its address says."""

    page: str
    query: Query


@dataclass(frozen=True)
class Steps:
    """Before and after what is shown, None at either end; where it stands, and what the running order says of it.

    fault: why it cannot be shown, or what of it this pack does not have, in a sentence; shown: whether it can be. turn:
    goes on (1) or back (-1) where there is no other page to go to.
    """

    back: Step | None = None
    ahead: Step | None = None
    words: str = ""
    title: str = ""
    note: str = ""
    fault: str = ""
    shown: bool = True
    turn: Callable[[int], None] | None = None


def steps_of(pack: Pack, page: str, own: str) -> Steps:
    """The steps of the page that is open. own: the service that it is of."""
    now = showing()
    if not now.order:
        return steps_of_menu(pack, page, own, now)
    order, fault = opened(now.order)
    if order is None:
        return Steps(fault=fault, shown=False)
    if not order.views:
        return Steps(fault="This running order has no views yet.", shown=False)
    return steps_of_order(pack, order, now, page, own)


def steps_of_menu(pack: Pack, page: str, own: str, now: Showing) -> Steps:
    """The pages in the order of the menu, each as it is chosen now."""
    entries = entries_of(pack.manifest)
    here = next((place for place, one in enumerate(entries) if (one.page, one.service) == (page, own)), None)
    if here is None:
        return Steps()

    def step(place: int) -> Step | None:
        if not 0 <= place < len(entries):
            return None
        entry = entries[place]
        return Step(entry.page, link_to(pack, entry.page, entry.service) | now.query())

    return Steps(step(here - 1), step(here + 1))


def steps_of_order(pack: Pack, order: RunningOrder, now: Showing, page: str, own: str) -> Steps:
    """The views of a running order; one that no longer fits is said, and the clicker goes past it."""
    number = min(max(now.place, 1), len(order.views))
    view = order.views[number - 1]
    fault = why_unfit(pack, view)
    if not fault and place_of(pack, view) != (page, own):
        fault = "The link is not of this view of its running order: go on to the next."

    def step(place: int) -> Step | None:
        return step_to(pack, order.views[place - 1], now, place) if 0 < place <= len(order.views) else None

    return Steps(
        step(number - 1),
        step(number + 1),
        f"{number} of {len(order.views)}",
        view.title,
        view.note,
        fault or doubts_of(pack, view),
        not fault,
    )


def step_to(pack: Pack, view: View, now: Showing, place: int) -> Step:
    """The way to a view; one that no longer fits stands on the first page, which says so."""
    of_view = replace(now, presenting=True, place=place).query()
    found = place_of(pack, view)
    return Step(FIRST_FILE, of_view) if found is None else Step(found[0], dict(view.query) | of_view)


def first_step(pack: Pack, order_id: str) -> Step | None:
    """The way to the first view of a running order; None where it cannot be opened, or is empty."""
    order, _ = opened(order_id)
    if order is None or not order.views:
        return None
    return step_to(pack, order.views[0], Showing(True, order_id), 1)
