"""Which store scenarios are saved in. One that is named and cannot be opened is said, and no other is taken."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from lib.whatif.scenarios.database import FORMS, address_of, file_address, make_folder
from lib.whatif.scenarios.moving import FILE_NAME
from lib.whatif.scenarios.store import ScenarioStore, open_store
from lib.whatif.scenarios.store_faults import StoreError

SECTION = "[connections.scenarios]"
OWN_FOLDER = ".care-market"
PARTS = ("username", "password", "host", "port", "database", "query")


def store() -> ScenarioStore:
    """The store, opened once: the database of the secrets, else a SQLite file. StoreError where it cannot be opened."""
    url = configured(secrets())
    address = file_address(own_folder() / FILE_NAME) if url is None else address_of(url)
    key = address.url.render_as_string(hide_password=False)
    if key not in stores():
        if url is None:
            # A folder that somebody named lies where they said, or nowhere: the way to it is not made.
            make_folder(own_folder(), parents=not os.environ.get("SCENARIOS"))
        # Two sessions may open it at once: nobody waits behind another who waits for a server that says nothing.
        stores()[key] = open_store(address)
    return stores()[key]


@st.cache_resource(show_spinner=False)
def stores() -> dict[str, ScenarioStore]:
    """The stores that are open, by their address."""
    return {}


def own_folder() -> Path:
    """The folder of the SQLite file: SCENARIOS, or one in the user's own."""
    named = os.environ.get("SCENARIOS")
    if named:
        return Path(named)
    try:
        return Path.home() / OWN_FOLDER
    except RuntimeError as error:
        raise StoreError(
            "it is not known whose folder to save scenarios in",
            "ask whoever runs the app to name one, as its README says",
        ) from error


def secrets() -> Mapping[str, Any]:
    """The app's secrets; none where no file of them is there, and StoreError where one cannot be read."""
    try:
        return st.secrets.to_dict()
    except (OSError, ValueError) as error:
        files = [Path(name) for name in st.config.get_option("secrets.files")]
        faults = [(file, fault) for file in files if (fault := file_fault(file)) is not None]
        if not faults and isinstance(error, FileNotFoundError):
            return {}
        file, place = faults[0] if faults else (files[-1], "")
        raise StoreError(
            f"the file {file} cannot be read{place} and may say where to save them",
            "put it right and reload this page",
        ) from error


def file_fault(file: Path) -> str | None:
    """Where a file of secrets goes wrong: its line, or "" where that is not known; None where it is right or not there.

    Nothing of what stands in the file is repeated: it may be a password.
    """
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at (line \d+), column \d+", str(error))
        return f" ({found[1]})" if found else ""
    except (OSError, ValueError):
        return ""
    return None


def configured(found: Mapping[str, Any]) -> str | sa.URL | None:
    """The address in the secrets: a url, or its parts. None where they say nothing of scenarios."""
    connections = found.get("connections", {})
    settings = connections.get("scenarios") if isinstance(connections, Mapping) else None
    if settings is None:
        refuse_elsewhere(found)
        return None
    kind = settings.get("dialect") if isinstance(settings, Mapping) else None
    if isinstance(settings, Mapping) and isinstance(settings.get("url"), str):
        return str(settings["url"])
    if isinstance(settings, Mapping) and isinstance(kind, str):
        try:
            return sa.URL.create(kind, **{name: settings[name] for name in PARTS if name in settings})
        except (SQLAlchemyError, TypeError, ValueError) as error:
            raise StoreError(f"{SECTION} of the secrets cannot be read", f"give it url = {FORMS}") from error
    raise StoreError(f"{SECTION} of the secrets has no url", f"give it one: {FORMS}")


def refuse_elsewhere(found: Mapping[str, Any], path: str = "") -> None:
    """StoreError where the secrets speak of scenarios in another place than the app looks in: a slip of the pen."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            if name.lower() == "scenarios":
                raise StoreError(f"the secrets have [{path}{name}], where the app does not look", f"call it {SECTION}")
            refuse_elsewhere(value, f"{path}{name}.")
