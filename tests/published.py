"""Publications of the tiny pack for tests of what is drawn of one: of a release made by hand, and after control."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

UNIT = Path(__file__).parent / "unit"
# Raw figures of cells that disclosure control hides, with digits that stand nowhere else; and providers' names.
RAW = ("613.37", "587.13", "31.37", "41603")
NAMES = ("Zebra Secret Care", "Walrus Secret Care")
# What stands in the pack of `write_with_secrets` in place of the tiny pack's own: file, before, after.
SECRETS = (
    ("market/demand.csv", "day,older,4,40,41600", "day,older,4,613.37,41603"),
    ("market/history.csv", "2025-03,home,E07000003,older,40,4", "2025-03,home,E07000003,older,613.37,4"),
    ("market/capacity.csv", "tier_1,1,50,40,20.00,90", "tier_1,1,587.13,613.37,20.00,90"),
    ("market/requests.csv", "night,older,30,2024-03-01", "night,older,31.37,2024-03-01"),
    ("market/providers.csv", "Alder Care", NAMES[0]),
    ("market/providers.csv", "Elm Care", NAMES[1]),
)


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


def write_pack_with_secrets(folder: Path) -> Path:
    """The tiny pack, in folder/tiny, with RAW and NAMES in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(UNIT), *sys.path])
        from tiny_pack import write_tiny_pack

        root = write_tiny_pack(folder / "tiny")
        for file, before, after in SECRETS:
            text = (root / file).read_text(encoding="utf-8")
            assert before in text, before
            (root / file).write_text(text.replace(before, after), encoding="utf-8")
        return root


def write_with_secrets(folder: Path) -> Path:
    """A publication, after disclosure control, of a pack that holds RAW and NAMES."""
    from lib.pack.load import load_pack
    from lib.publish.editions import publish

    publish(load_pack(write_pack_with_secrets(folder)), folder / "out")
    return folder / "out"


def by_hand() -> Any:
    """The release that `write_by_hand` publishes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(UNIT), str(UNIT / "publish"), *sys.path])
        from safe_release import release_by_hand

        return release_by_hand()
