"""The publication that the app shows to the market: from its folder alone, read again when an edition is added."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lib.pack.faults import Fault, PackError
from lib.pack.manifest import MANIFEST
from lib.pack.numbered import folder_of
from lib.publish.publication import DATA, GEOGRAPHY, Publication
from lib.publish.read import A_PUBLICATION, EDITIONS, read, shown_edition
from lib.publish.write import CHANGES, SUMMARY

FOLDER = "PUBLICATION"  # in the environment: the folder of the publication
ELSE = "PACK"  # what names the folder where PUBLICATION does not


def market_folder() -> Path:
    """The folder of the publication; PackError where the environment names none. No folder is taken for granted."""
    named = os.environ.get(FOLDER) or os.environ.get(ELSE)
    if not named:
        raise PackError([Fault(FOLDER, None, "", "no folder", f"{A_PUBLICATION}, as the market sees nothing else")])
    return Path(named)


def newest_edition(folder: Path) -> tuple[Publication, Path]:
    """The newest edition in a folder, or the edition whose folder it is, and where it is. PackError: see read."""
    place = folder_of(folder, shown_edition(folder), EDITIONS)
    try:
        written = (place / MANIFEST).stat().st_mtime_ns
    except OSError:
        return read(folder), place  # which says what is wrong
    return kept_edition(str(place), written), place


@st.cache_resource(max_entries=2, show_spinner=False)
def kept_edition(place: str, written: int) -> Publication:
    """An edition, read once. written: when, so that another one in its place is read again."""
    del written
    return read(place)


def whole_edition(publication: Publication, place: Path) -> bytes:
    """An edition as one zip file: the files that are published, and nothing that somebody else has put beside them."""
    names = [MANIFEST, SUMMARY, GEOGRAPHY, *([CHANGES] if publication.about.since is not None else [])]
    names += [f"{DATA}/{name}.{kind}" for name in publication.tables for kind in ("csv", "json")]
    return zip_of({name: (place / name).read_bytes() for name in names})


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Files as one zip file; the same files give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in sorted(files.items()):
            # Without a date of its own a file has the first that a zip can hold.
            archive.writestr(zipfile.ZipInfo(path), file)
    return content.getvalue()
