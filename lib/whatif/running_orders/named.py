"""A saved running order by its name, as the command line and links ask for it."""

from __future__ import annotations

from lib.pack.faults import quoted
from lib.pack.load import Pack
from lib.whatif.running_orders.order import OrderError, RunningOrder, read_order
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import ScenarioStore

SHOWN = 8


def order_named(store: ScenarioStore, pack: Pack, name: str) -> RunningOrder:
    """The saved running order of a name, or of an id; OrderError says which there are, those of this pack first.

    store: of scenarios, which has the running orders beside them. StoreError where it cannot be read.
    """
    saved = store.orders.listed()
    found = next((one for one in saved if name.strip() in (one.name, one.id)), None)
    if found is None:
        raise OrderError(f"There is no running order {quoted(name)}: {there_are(saved, pack)}.")
    return order_of(found)


def order_of(saved: Saved) -> RunningOrder:
    """A saved running order as it is called today: its name is that of its row. OrderError where it is damaged."""
    order = read_order(saved.document, f"the running order {quoted(saved.name)}")
    return order.model_copy(update={"name": saved.name})


def there_are(saved: list[Saved], pack: Pack) -> str:
    """Which running orders there are, in a clause."""
    if not saved:
        return "none is saved yet"
    own = sorted(saved, key=lambda one: one.pack_name != pack.manifest.name)
    more = f" and {len(own) - SHOWN} more" if len(own) > SHOWN else ""
    return f"there {'is' if len(own) == 1 else 'are'} {', '.join(quoted(one.name) for one in own[:SHOWN])}{more}"
