"""What every page test shares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from lib.view.what_if.scenarios import store

# What they run of lib, the other page tests have run on the default pack.
ON_OTHER_PACKS = ("test_packs", "test_service_packs", "test_internal_files")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the pages of other packs as slow."""
    if item.path.stem in ON_OTHER_PACKS:
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def packages_looked_at_once() -> Iterator[None]:
    """Let Streamlit look for components once: it reads of every package installed, at the start of each page run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


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
