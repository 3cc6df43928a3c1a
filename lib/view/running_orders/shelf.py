"""Where running orders are kept: in the store beside the scenarios, or, where there is none, in the session alone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Protocol

import streamlit as st

from lib.pack.load import Pack
from lib.view.what_if.store import store
from lib.whatif.running_orders.named import order_of
from lib.whatif.running_orders.order import OrderError, RunningOrder
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store import ScenarioGoneError, now, numbered
from lib.whatif.scenarios.store_faults import StoreError

KEPT = "running_orders"  # in the session, where there is no store


class Shelf(Protocol):
    """What can be done with saved running orders: see lib.whatif.scenarios.store.ScenarioStore."""

    def listed(self) -> list[Saved]:
        """Every running order, in order of name."""

    def get(self, scenario_id: str) -> Saved:
        """One of them; ScenarioGoneError where it is no longer there."""

    def add(self, name: str, service: str, pack_name: str, document: str, author: str = "") -> Saved:
        """Save a new one; where the name is taken, under the name with a number."""

    def save(self, seen: Saved, document: str, author: str = "") -> Saved:
        """Save over one as it was read; where it was changed meanwhile, a copy."""

    def rename(self, seen: Saved, name: str, by: str = "") -> Saved:
        """Give it another name; ScenarioChangedError where it was changed meanwhile."""

    def delete(self, seen: Saved, by: str = "") -> None:
        """Delete it as it was read."""


class SessionShelf:
    """Running orders of one session: nobody else sees them, and they are gone with it."""

    def _all(self) -> dict[str, Saved]:
        found: dict[str, Saved] = st.session_state.setdefault(KEPT, {})
        return found

    def listed(self) -> list[Saved]:
        """Every running order, in order of name."""
        return sorted(self._all().values(), key=lambda one: one.name)

    def get(self, scenario_id: str) -> Saved:
        """One of them; ScenarioGoneError where there is none of this id."""
        if scenario_id not in self._all():
            raise ScenarioGoneError(scenario_id)
        return self._all()[scenario_id]

    def add(self, name: str, service: str, pack_name: str, document: str, author: str = "") -> Saved:
        """Keep a new one; where the name is taken, under the name with a number."""
        moment, key = now(), str(uuid.uuid4())
        one = Saved(key, self._free(name), service, pack_name, author, document, 1, moment, moment, author)
        self._all()[key] = one
        return one

    def save(self, seen: Saved, document: str, author: str = "") -> Saved:
        """Keep its new document; another page of the same session may have deleted it: then a copy."""
        if seen.id not in self._all():
            return self.add(seen.name, seen.service, seen.pack_name, document, author)
        found = self.get(seen.id)
        self._all()[seen.id] = replace(found, document=document, version=found.version + 1, saved_at=now())
        return self._all()[seen.id]

    def rename(self, seen: Saved, name: str, by: str = "") -> Saved:
        """Give it another name."""
        found = self.get(seen.id)
        if name.strip() != found.name:
            self._all()[seen.id] = replace(found, name=self._free(name), version=found.version + 1, changed_by=by)
        return self._all()[seen.id]

    def delete(self, seen: Saved, by: str = "") -> None:
        """Delete it."""
        del by
        self._all().pop(seen.id, None)

    def _free(self, name: str) -> str:
        taken = {one.name for one in self._all().values()}
        return next(free for number in range(1, len(taken) + 2) if (free := numbered(name, number)) not in taken)


def shelf() -> tuple[Shelf, str]:
    """Where running orders are kept now, and, where that is the session alone, why, in a sentence; "" otherwise."""
    try:
        return store().orders, ""
    except StoreError as error:
        return SessionShelf(), str(error)


def opened(order_id: str) -> tuple[RunningOrder | None, str]:
    """The running order of a link, or None and why it cannot be opened, in a sentence."""
    try:
        return order_of(shelf()[0].get(order_id)), ""
    except ScenarioGoneError:
        return None, "This running order is no longer there: it was deleted, or the link is of another dashboard."
    except (StoreError, OrderError) as error:
        return None, str(error)


def save_new(pack: Pack, order: RunningOrder) -> Saved:
    """Save a new running order, under its name or, where that is taken, its name with a number."""
    return shelf()[0].add(order.name, "", pack.manifest.name, order.document(), order.author)
