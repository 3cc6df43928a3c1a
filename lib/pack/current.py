"""The pack that a running app shows while its files may be replaced: always one whole state of them, never a mixture.

Files that change are left alone until they have been quiet for a while; until then, the last whole pack is shown, and
said to be that. A new version that is to the byte as it was made is whole, and is shown at once (lib.pack.versions).
Only one session reads at a time; the others see the last whole pack meanwhile.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lib.pack.faults import PackError
from lib.pack.load import Pack, pack_of
from lib.pack.snapshot import Look, PackChanging, State, look, read_snapshot
from lib.pack.versions import is_as_made

# Copying a pack takes less than this from one file to the next.
QUIET_SECONDS = 3.0
# Where there is nothing to show meanwhile, files that never become quiet are waited for no longer.
PATIENCE_SECONDS = 10.0
# Of files that were not looked at for longer, nobody knows that they stayed as they are.
LONGEST_BETWEEN_LOOKS = 10.0
# A file that could not be read is tried again: a disk may have been away.
TRIED_AGAIN_SECONDS = 10.0
_STEP = 0.2


@dataclass(frozen=True)
class Shown:
    """What is shown: a whole pack, when its files were read (seconds since 1970), and whether they changed since.

    number: the version that it is of; 0 is the pack's own files.
    """

    pack: Pack
    read_at: float
    replaced: bool
    number: int = 0


class CurrentPack:
    """The pack in a folder as it is to be shown now. One object for all sessions of a process."""

    def __init__(
        self,
        root: Path,
        quiet: float = QUIET_SECONDS,
        *,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
        looked: Callable[[Path], Look] = look,
    ) -> None:
        """root: the folder. quiet: for how many seconds files must stay as they are before they are read.

        clock (seconds since 1970), wait and looked (the look at the files) are those of the machine, but in tests.
        """
        self._root, self._quiet = root, quiet
        self._clock, self._wait, self._look = clock, wait, looked
        self._lock = threading.Lock()
        self._whole: tuple[State, Shown] | None = None
        self._refused: tuple[State, PackError, float] | None = None  # the last is until when it counts
        # The state seen last, when it was seen first, and when last. What is missing looks alike every time it is.
        self._seen: tuple[State, float, float] | None = None
        self._not_as_made: State | None = None  # of a new version that was read, and waits to be quiet like other files

    def at_hand(self) -> Shown | None:
        """What is to be shown, where nothing need be read or waited for first. Raises PackError as `shown` does."""
        now = self._look(self._root)
        whole, refused = self._whole, self._refused
        if whole is not None and whole[0] == now.state:
            self._seen = self._refused = None
            return whole[1]
        if refused is not None and refused[0] == now.state and self._clock() < refused[2]:
            raise PackError(refused[1].faults, refused[1].manifest)
        if whole is not None and (self._lock.locked() or (self._left(now) > 0 and not self._is_new(now))):
            return replace(whole[1], replaced=True)
        return None

    def shown(self) -> Shown:
        """What is to be shown, read now if need be.

        PackError: what is wrong with files that have become quiet, or, before there was anything whole to show, that
        they did not.
        """
        began = self._clock()
        while True:
            found = self.at_hand()
            if found is None:
                with self._lock:
                    self._read()
                found = self.at_hand()
            if found is not None:
                return found
            if self._clock() - began >= PATIENCE_SECONDS:
                raise PackChanging(self._root)
            self._wait(_STEP)

    def _left(self, now: Look) -> float:
        """For how many seconds the files must still stay as they are before they count as quiet: 0 or less, they are.

        By the times of the files, or, where these cannot be relied on, such as on a disk whose clock is wrong, by how
        long they have been seen so.
        """
        at, seen = self._clock(), self._seen
        same = seen is not None and seen[0] == now.state and 0 <= at - seen[2] <= LONGEST_BETWEEN_LOOKS
        first = seen[1] if seen is not None and same else at
        self._seen = (now.state, first, at)
        return self._quiet - (at - min(now.changed, first))

    def _is_new(self, now: Look) -> bool:
        """Whether what is to be shown is a version that was not read yet: it may be whole, whatever its age."""
        shown = self._whole[1].number if self._whole is not None else 0
        return now.number not in (0, shown) and now.state != self._not_as_made

    def _read(self) -> None:
        """Read the files if they are quiet, or a new version's, and keep what came of it. The lock is held."""
        now, whole = self._look(self._root), self._whole
        quiet = self._left(now) <= 0
        if self._is_known(now.state) or not (quiet or self._is_new(now)):
            return
        until = math.inf
        try:
            snapshot = read_snapshot(self._root)
            if snapshot.faults:
                until = self._clock() + TRIED_AGAIN_SECONDS
            if snapshot.state != now.state:
                return
            if not quiet and not is_as_made(snapshot):
                self._not_as_made = now.state
                return
            same = whole is not None and whole[1].pack.key == snapshot.key
            pack = whole[1].pack if whole is not None and same else pack_of(snapshot)
        except PackChanging:
            return
        except PackError as error:
            self._refused = (now.state, error, until)
            return
        self._whole, self._refused = (now.state, Shown(pack, self._clock(), False, now.number)), None

    def _is_known(self, state: State) -> bool:
        """Whether another session has read this state meanwhile."""
        whole, refused = self._whole, self._refused
        found = whole is not None and whole[0] == state
        return found or (refused is not None and refused[0] == state and self._clock() < refused[2])
