"""Packs for the tests: the default one, a copy of it to damage, and a tiny one whose every figure is known by hand."""

from pathlib import Path

import pack_copies
import pytest
from pack_folder import PackFolder
from tiny_pack import write_tiny_pack

from lib.pack.load import Pack
from lib.whatif.scenarios.database import Address, address_of, file_address
from lib.whatif.scenarios.store import ScenarioStore, open_store

# Each test that takes one of these loads a damaged copy of the default pack, or a large one, or starts a server.
SLOW_FIXTURES = {"folder", "large", "postgresql"}


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Properties, and tests of packs that are loaded for one test, are slow: `make quick` leaves them out."""
    found = isinstance(item, pytest.Function)
    if found and (SLOW_FIXTURES & {*item.fixturenames} or getattr(item.function, "is_hypothesis_test", False)):
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The default pack. Shared by every test: nothing may change it."""
    return pack_copies.kept_pack(pack_copies.DATA)


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
    return pack_copies.kept_pack(write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """An address with nothing there yet, for each kind of database that saved scenarios may lie in."""
    if request.param == "sqlite":
        return file_address(tmp_path / "scenarios.db")
    cluster = request.getfixturevalue("postgresql")
    return address_of(cluster.address(cluster.new_schema()))


@pytest.fixture
def store(address: Address) -> ScenarioStore:
    """A store of saved scenarios, empty."""
    return open_store(address)
