"""What every page test shares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from lib.view.what_if.store import stores


def pytest_itemcollected(item: pytest.Item) -> None:
    """Measure the tests that go through every page, tab or choice, and those of presenting and running orders, which no
    other page shows; the others run the same lines again.
    """
    if not item.name.startswith(("test_every_", "test_each_")) and "present" not in item.nodeid:
        item.add_marker(pytest.mark.no_cover)


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
    stores.clear()
    yield folder
    stores.clear()
