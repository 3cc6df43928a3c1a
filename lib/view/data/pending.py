"""What somebody is about to bring in: the files that came, and what would follow from them, before anything changes.

The session keeps the bytes that came and no frame. What was worked out of them is kept for all sessions, the last few
alone, and worked out again where it is gone or the pack is another by now.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib.market.change_effects import change_effects
from lib.pack.faults import Fault, PackError
from lib.pack.imports.change import Change, Progress, Upload
from lib.pack.imports.kinds import kind_of
from lib.pack.imports.proposal import ChangedMeanwhile, Proposal, propose
from lib.pack.load import Pack
from lib.pack.versions import in_words, shown_number, version_of
from lib.view.widgets.text import escape_markdown

KEPT = 3  # each holds a whole pack
STAYS = "The table's status, sources and credit stay as they are."
Key = tuple[str, str, str, str, bool]


@dataclass(frozen=True, eq=False)
class Looked:
    """What would follow from files that came, and what it does to the headline figures: see change_effects."""

    proposal: Proposal
    effects: pd.DataFrame


Found = Looked | tuple[Fault, ...]


@dataclass
class Pending:
    """Files that were read and not yet applied.

    kind: its code. typed: on the page, into a table that stands there. seen: the key of the pack that the preview was
    drawn of, "" before. told: what must be said of a pack that has become another since.
    """

    kind: str
    uploads: tuple[Upload, ...]
    digest: str
    typed: bool = False
    seen: str = ""
    told: str = ""


class Shelf:
    """The last few things that were worked out, by what they were worked out from; one is worked out at a time."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: OrderedDict[Key, Found] = OrderedDict()
        self._lock, self._working = threading.Lock(), threading.Lock()

    def get(self, key: Key) -> Found | None:
        """What was worked out, if it is still kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def find(self, key: Key, pack: Pack, pending: Pending, progress: Progress) -> Found:
        """What follows from the files that came, or every fault in them."""
        found = self.get(key)
        if found is not None:
            return found
        with self._working:
            found = self.get(key)
            if found is None:
                found = worked_out(pack, pending, progress)
                with self._lock:
                    self._kept[key] = found
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
        return found


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The shelf of this server."""
    return Shelf()


def key_of(pack: Pack, pending: Pending) -> Key:
    """What names what would follow: the folder and bytes of the pack, the kind, and the bytes that came."""
    return str(pack.root), pack.key, pending.kind, pending.digest, pending.typed


def pending_of(kind: str, uploads: Sequence[Upload], *, typed: bool = False) -> Pending:
    """Files that just came, as the session keeps them."""
    digest = hashlib.sha256()
    for one in uploads:
        name = one.name.encode(errors="replace")
        digest.update(f"{len(name)} {len(one.content)} ".encode() + name)
        digest.update(one.content)
    return Pending(kind, tuple(uploads), digest.hexdigest(), typed)


def worked_out(pack: Pack, pending: Pending, progress: Progress) -> Found:
    """What would follow, or every fault; nothing is written. ChangedMeanwhile: the pack's files are others by now."""
    kind = kind_of(pending.kind)
    try:
        change = kind.read(pack, pending.uploads, progress)
        if pending.typed:
            change = as_typed(pack, change)
        progress(1.0, "Working out what it would change")
        kinds = () if pending.typed else (kind.code,)
        proposal = propose(pack, change, kinds, [one.name for one in pending.uploads])
    except ChangedMeanwhile:
        raise
    except PackError as error:
        return error.faults
    return Looked(proposal, change_effects(proposal.old, proposal.new))


def as_typed(pack: Pack, change: Change) -> Change:
    """A change of some cells: what the pack says of the table's status, sources and credit holds for the rest of it."""
    known = {resource.name for resource in pack.manifest.resources}
    resources = {name: properties for name, properties in change.resources.items() if name not in known}
    return replace(change, resources=resources, notes=(*change.notes, STAYS))


def found_of(pack: Pack, pending: Pending) -> Found:
    """What would follow, with a bar while it is worked out; and whether the pack is another than it was seen of."""
    if pending.seen and pending.seen != pack.key:
        number = shown_number(pack.root)
        by = in_words(version_of(pack.root, number)) if number else "its own files were changed"
        pending.told = (
            f"The pack was changed after you looked: {by}. Nothing of yours was written. What stands below is worked "
            "out anew on the data as they are now: look at it again, then apply it."
        )
    pending.seen = pack.key
    key = key_of(pack, pending)
    known = shelf().get(key)
    if known is not None:
        return known
    bar = st.progress(0.0, text="Reading the files that came")

    def progress(share: float, words: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=escape_markdown(words))

    try:
        return shelf().find(key, pack, pending, progress)
    except ChangedMeanwhile as error:
        return error.faults  # not kept: the next run of the page may find the pack's files as they were
    finally:
        bar.empty()
