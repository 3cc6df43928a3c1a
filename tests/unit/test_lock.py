"""The locks hold every pin of the short lists, nothing that has gone from them, and nothing of one machine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import postgresql_cluster
import pytest

ROOT = Path(__file__).parents[2]
MAKE_LOCK = "run make lock"
LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-postgresql.lock": ("requirements-postgresql.txt",),
    "requirements-dev.lock": ("requirements.txt", "requirements-postgresql.txt", "requirements-dev.txt"),
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """The version of each package of a short list."""
    return {
        found[1].lower(): found[2]
        for found in re.finditer(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)$", read(name), re.MULTILINE)
    }


def locked(name: str) -> list[tuple[str, str, str]]:
    """Name, version and whatever follows (hashes, who asked for it) of each package of a lock."""
    parts = re.split(r"^(?=[a-z])", read(name), flags=re.MULTILINE)[1:]
    found = [re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)(.*)", part, re.DOTALL) for part in parts]
    assert all(found), f"a line of {name} pins nothing"
    return [(one[1], one[2], one[3]) for one in found if one]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_agrees_with_the_short_lists(lock: str) -> None:
    wanted = {name: version for short in LOCKS[lock] for name, version in pins(short).items()}
    assert len(wanted) >= 1
    asked_for = {name: version for name, version, rest in locked(lock) if "-r requirements" in rest}
    assert asked_for == wanted, MAKE_LOCK


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-postgresql.lock"])
def test_the_tests_run_with_what_the_app_runs_with(lock: str) -> None:
    for_the_app = {(name, version) for name, version, _ in locked(lock)}
    for_the_tests = {(name, version) for name, version, _ in locked("requirements-dev.lock")}
    assert for_the_app - for_the_tests == set(), MAKE_LOCK


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes_and_no_address(lock: str) -> None:
    without = [name for name, _, rest in locked(lock) if not re.search(r"--hash=sha256:[0-9a-f]{64}", rest)]
    assert without == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links", read(lock)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_for_every_system(lock: str) -> None:
    """A lock made for one system names no system."""
    assert re.search(r"^[\w.-]+==\S+ ; .*sys_platform", read(lock), re.MULTILINE)


@pytest.mark.parametrize(("asked", "installed"), [([], False), (["POSTGRESQL=1"], True)])
def test_what_postgresql_needs_is_installed_on_request(asked: list[str], installed: bool) -> None:
    # As somebody types it, also where these tests were started by make themselves.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    command = ["make", "-n", "-B", "run", *asked]
    done = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=True)
    assert "-r requirements.lock" in done.stdout
    assert ("-r requirements-postgresql.lock" in done.stdout) == installed
    assert done.stdout.splitlines()[-1] == ".venv/bin/streamlit run app.py"


@pytest.mark.parametrize(("complete", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_no_postgresql_fails_where_every_test_must_run(
    complete: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", complete)
    monkeypatch.setattr(postgresql_cluster, "find_binaries", lambda: None)
    with pytest.raises(outcome, match="run make setup-postgresql"):
        postgresql_cluster.needed_binaries()
