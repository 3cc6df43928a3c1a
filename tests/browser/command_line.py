"""What the command line prints, without a process for each question: tests/unit/test_cli.py holds the two together."""

from __future__ import annotations

import csv
import io
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pack_copies
from driver import ROOT

import lib.__main__

Rows = list[dict[str, str]]


def command_line(*arguments: str) -> Rows:
    """What `python -m lib` prints about the default pack, as rows of text; it says nothing on stderr."""
    out, err = io.StringIO(), io.StringIO()
    arguments = (*arguments, "--pack", str(ROOT / "data"))
    with redirect_stdout(out), redirect_stderr(err), patch.object(lib.__main__, "load_pack", pack_copies.kept_pack):
        assert lib.__main__.main(arguments) == 0, err.getvalue()
    assert err.getvalue() == ""
    return list(csv.DictReader(io.StringIO(out.getvalue())))
