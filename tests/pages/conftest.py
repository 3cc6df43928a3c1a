"""What every page test shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.view.what_if.scenarios import store


@pytest.fixture(autouse=True)
def scenarios_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for each test's saved scenarios: nothing is written to a home directory."""
    folder = tmp_path / "scenarios"
    monkeypatch.setenv("SCENARIOS", str(folder))
    store.clear()
    yield folder
    if folder.exists():
        store().engine.dispose()
    store.clear()
