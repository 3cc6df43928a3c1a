"""Packs for the tests: the default one, a copy of it to damage, and a tiny one whose every figure is known by hand."""

from pathlib import Path

import pack_copies
import pytest
from pack_folder import PackFolder
from tiny_pack import write_tiny_pack

from lib.pack.load import Pack, load_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The default pack. Shared by every test: nothing may change it."""
    return load_pack(pack_copies.DATA)


@pytest.fixture
def folder(tmp_path: Path) -> PackFolder:
    """A copy of the default pack, to damage."""
    return PackFolder(pack_copies.copy_pack(tmp_path / "pack"))


@pytest.fixture
def tiny_folder(tmp_path: Path) -> PackFolder:
    """The tiny pack, to damage."""
    return PackFolder(write_tiny_pack(tmp_path / "tiny"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The tiny pack as it is. Shared by every test: nothing may change it."""
    return load_pack(write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny"))
