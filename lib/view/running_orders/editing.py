"""What is done with running orders: each change is saved at once, and said; nobody's change is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from pydantic import ValidationError

from lib.pack.load import Pack
from lib.view.running_orders.shelf import save_new, shelf
from lib.view.what_if.saved import author, moment
from lib.whatif.running_orders.named import order_of
from lib.whatif.running_orders.order import NAME_LENGTH, OrderError, RunningOrder, View, read_order
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import ScenarioChangedError, ScenarioGoneError
from lib.whatif.scenarios.store_faults import StoreError

# In the session: the running order that is looked at, what was just done, and what could not be done.
CHOSEN, NOTICE, PROBLEM = "order_chosen", "order_notice", "order_problem"
UNTITLED = "Running order"


def attempt(action: Callable[[], str]) -> None:
    """Do something and say that it is done, as the action puts it, or what went wrong."""
    st.session_state[PROBLEM] = st.session_state[NOTICE] = ""
    try:
        st.session_state[NOTICE] = action()
    except ScenarioGoneError:
        st.session_state[PROBLEM] = "That running order was deleted meanwhile."
    except ScenarioChangedError as error:
        by = error.now.changed_by or "somebody else"
        st.session_state[PROBLEM] = (
            f"{error.now.name} was changed by {by} on {moment(error.now.changed_at)} since you opened it: nothing was "
            "done; see it as it is now, and do it again if you still mean it."
        )
    except (OrderError, StoreError) as error:
        st.session_state[PROBLEM] = str(error)


def save_views(seen: Saved, views: list[View], done: str) -> str:
    """Save a running order, as it was read, with other views; what is to be said."""
    order = order_of(seen).with_views(views)
    saved = shelf()[0].save(seen, order.document(), author())
    st.session_state[CHOSEN] = saved.id
    if saved.id == seen.id:
        return done
    return f"{seen.name} was changed or deleted by somebody else since you opened it. Saved as {saved.name}."


def add_view(pack: Pack, seen: Saved | None, name: str, view: View) -> str:
    """Add a view at the end of a running order, or of a new one of this name."""
    if seen is not None:
        fresh = shelf()[0].get(seen.id)  # at the end of what it is now: nobody's view is lost
        return save_views(fresh, [*order_of(fresh).views, view], f"Added to {fresh.name}.")
    order = RunningOrder(name=named(name), author=author()[:NAME_LENGTH], views=(view,))
    saved = save_new(pack, order)
    st.session_state[CHOSEN] = saved.id
    return f"Added to {saved.name}, a new running order."


def new_order(pack: Pack, name: str) -> str:
    """Begin a running order without views."""
    saved = save_new(pack, RunningOrder(name=named(name), author=author()[:NAME_LENGTH]))
    st.session_state[CHOSEN] = saved.id
    return f"Saved as {saved.name}."


def named(name: str) -> str:
    """A name as it may be; the first of all names where nobody wrote one."""
    return name.strip()[:NAME_LENGTH].strip() or UNTITLED


def take_file(pack: Pack, data: bytes, name: str) -> str:
    """Save the running order of a file."""
    saved = save_new(pack, read_order(data, name))
    st.session_state[CHOSEN] = saved.id
    return f"Saved as {saved.name}."


def rename(seen: Saved, name: str) -> str:
    """Give a running order another name."""
    saved = shelf()[0].rename(seen, named(name), author())
    return f"Now called {saved.name}."


def delete(seen: Saved) -> str:
    """Delete a running order."""
    shelf()[0].delete(seen, author())
    st.session_state.pop(CHOSEN, None)
    return f"{seen.name} is deleted."


def moved(views: list[View], place: int, to: int) -> list[View]:
    """Some views, one of them at another place."""
    found = list(views)
    found.insert(to, found.pop(place))
    return found


def edited(view: View, title: str, note: str) -> View:
    """A view with another title and note; OrderError where they are longer than they may be."""
    try:
        return View(page=view.page, query=view.query, title=title, note=note)
    except ValidationError as error:
        raise OrderError("The title or the note is too long: shorten it.") from error
