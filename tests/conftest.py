"""What every kind of test shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """--could-not-run FILE: `make test` says at its end which tests could not run."""
    parser.addoption(
        "--could-not-run", metavar="FILE", help="add the tests that were skipped to a file, with the reason"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write down what was skipped."""
    path = config.getoption("--could-not-run")
    if path is None:
        return
    with Path(path).open("a", encoding="utf-8") as file:
        for report in terminalreporter.stats.get("skipped", []):
            file.write(f"{report.nodeid}: {report.longrepr[2]}\n")


@pytest.fixture
def pack_copy(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the default pack, changed by the functions given: pack_copy(take_one_hour)."""

    def copy(*changes: Callable[[Path], None]) -> Path:
        return pack_copies.copy_pack(tmp_path / "pack", *changes)

    return copy
