"""A publication of the tiny pack, of a release made by hand, for tests of what is drawn of one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

UNIT = Path(__file__).parent / "unit"
# A provider and a cell that the release by hand hides: nothing of the market's may hold either.
PROVIDER, SECRET = "Zebra Care Secret", 98_765


def write_by_hand(folder: Path, ash_hours: int | str = 180, editions: int = 1, **manifest: Any) -> Path:
    """Editions in folder/out, of a pack in folder/tiny. manifest: what its manifest says otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(UNIT), str(UNIT / "publish"), *sys.path])
        from safe_release import release_by_hand
        from tiny_pack import write_tiny_pack

        from lib.pack.load import load_pack
        from lib.publish.editions import write_edition
        from lib.publish.read import read

        pack = load_pack(write_tiny_pack(folder / "tiny"))
        object.__setattr__(pack, "manifest", pack.manifest.model_copy(update=manifest))
        out = folder / "out"
        for number in range(editions):
            before = [read(out, one + 1) for one in range(number)]
            hours = ash_hours if number == editions - 1 else 170
            write_edition(pack, out, release_by_hand(hours), (), (), before)
    return out
