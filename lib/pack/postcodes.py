"""Which district a postcode lies in, where the pack has a file that tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lib.pack.load import Pack


class PostcodeLookup(Protocol):
    """What tells the district of a postcode."""

    def districts(self, postcodes: Sequence[str]) -> list[str | None]:
        """The district of each postcode, however it is spaced; None where it is not known."""


def postcode_lookup(pack: Pack) -> PostcodeLookup | None:
    """The lookup of a pack; None where it has none."""
    del pack
    return None
