"""A PostgreSQL of the tests' own, from Debian's package: started once, in a folder that goes away with it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

USER, DATABASE, PASSWORD = "care", "postgres", "Wint3r&sea"  # the ampersand must survive in an address
NOBODY = ("postgres", "nobody")
# Nothing of it outlives the tests.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's programs, the newest; or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], default=None)


class Cluster:
    """A server on a free port, with schemas as they are asked for."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="care-postgresql-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            import pwd

            names = {one.pw_name for one in pwd.getpwall()}
            user = pwd.getpwnam(next(name for name in NOBODY if name in names))
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run("initdb", "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "--no-sync", "--no-locale",
                  "--encoding=UTF8")  # fmt: skip
        settings = " ".join(f"-c {setting}" for setting in SETTINGS)
        options = f"{settings} -c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), "-D", str(self.folder / "data"), *arguments]
        # Its output goes to a file: the server would hold a pipe open.
        with (self.folder / f"{program}.out").open("w+") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd=self.folder, **self._as, check=False)
            output.seek(0)
            assert done.returncode == 0, output.read()

    def close(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def address(self, schema: str, user: str = USER, password: str = PASSWORD, database: str = DATABASE) -> str:
        """An address as people write it in the secrets, with a schema of its own for the tables."""
        start = f"postgresql+psycopg://{user}:{quote(password)}@127.0.0.1:{self.port}/{database}"
        return f"{start}?options=-csearch_path%3D{schema}"

    def run_sql(self, statement: str) -> None:
        """Run one statement as the server's owner."""
        options = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, "dbname": DATABASE}
        with psycopg.connect(autocommit=True, **options) as connection:
            connection.execute(statement)

    def new_schema(self) -> str:
        """A place for tables with none in it, far cheaper than a database of its own: its name."""
        name = f"care_{uuid.uuid4().hex}"
        self.run_sql(f"CREATE SCHEMA {name}")
        return name


def needed_binaries() -> Path:
    """PostgreSQL of this machine. A test run that was asked to be complete fails where there is none."""
    binaries = find_binaries()
    if binaries is None:
        message = "no PostgreSQL found (looked for initdb): run make setup-postgresql"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(message)
        pytest.skip(message)
    return binaries


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A server for all tests of a session."""
    cluster = Cluster(needed_binaries())
    yield cluster
    cluster.close()
