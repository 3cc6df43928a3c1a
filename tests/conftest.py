"""What every kind of test shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest


@pytest.fixture
def pack_copy(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the default pack, changed by the functions given: pack_copy(take_one_hour)."""

    def copy(*changes: Callable[[Path], None]) -> Path:
        return pack_copies.copy_pack(tmp_path / "pack", *changes)

    return copy
