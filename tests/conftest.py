"""What every kind of test shares."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pack_copies
import pytest
import vl_convert
from hypothesis import settings
from postgresql_cluster import postgresql

__all__ = ["postgresql"]  # the fixture, for every kind of test

# How long an example takes says nothing on a busy machine: no test judges by time.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
# A test's files are whole once it has written them: the app, here or in a process of its own, need not wait for that.
os.environ["PACK_QUIET_SECONDS"] = "0"


def pytest_addoption(parser: pytest.Parser) -> None:
    """--could-not-run FILE: `make test` says at its end which tests could not run."""
    parser.addoption(
        "--could-not-run", metavar="FILE", help="add the tests that were skipped to a file, with the reason"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that repeats lines at length is not measured: tracing takes as long again as the lines themselves."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.no_cover)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write down what was skipped."""
    path = config.getoption("--could-not-run")
    if path is None:
        return
    with Path(path).open("a", encoding="utf-8") as file:
        for report in terminalreporter.stats.get("skipped", []):
            file.write(f"{report.nodeid}: {report.longrepr[2]}\n")


@pytest.fixture(scope="session", autouse=True)
def pictures_drawn_once() -> Iterator[None]:
    """Keep every picture by its definition and data: many tests look at the same one."""
    to_svg, to_png = vl_convert.vegalite_to_svg, vl_convert.svg_to_png

    @cache
    def svg_of(text: str, vl_version: str) -> str:
        return str(to_svg(json.loads(text), vl_version=vl_version))

    @cache
    def png_of(svg: str, scale: float) -> bytes:
        return bytes(to_png(svg, scale=scale))

    def kept_svg(spec: dict[str, Any], vl_version: str) -> str:
        return svg_of(json.dumps(spec), vl_version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vl_convert, "vegalite_to_svg", kept_svg)
        patch.setattr(vl_convert, "svg_to_png", lambda svg, scale: png_of(svg, scale))
        yield


@pytest.fixture
def pack_copy(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the default pack, changed by the functions given: pack_copy(take_one_hour)."""

    def copy(*changes: Callable[[Path], None]) -> Path:
        return pack_copies.copy_pack(tmp_path / "pack", *changes)

    return copy
