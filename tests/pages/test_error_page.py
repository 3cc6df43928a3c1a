"""What stands in place of a page that fails. In the browser: tests/browser/test_server.py."""

from __future__ import annotations

import logging
import re

import pytest
from app_pages import ROOT, checked, menu, open_page, values
from streamlit.testing.v1 import AppTest

ENTRIES = [
    "Overview", "Domiciliary care", "Children's short breaks", "Providers", "What-if", "Market engagement", "Data",
]  # fmt: skip


def failing() -> None:
    from lib.view.server.error_page import show_error

    try:
        raise KeyError("secret_detail")
    except KeyError as error:
        assert show_error(error)


def test_the_error_page_says_what_to_do_and_nothing_of_the_code(caplog: pytest.LogCaptureFixture) -> None:
    """Where the pages cannot be found, as here, the words stand all the same."""
    with caplog.at_level(logging.ERROR):
        app = checked(AppTest.from_function(failing, default_timeout=60).run())
    (said,) = values(app, "error")
    assert said.startswith("**Something in this dashboard failed, so this part of it cannot be shown.**")
    assert "Reload the page. If it fails again, go to another page, and tell whoever" in said
    assert not re.search(r"KeyError|secret_detail|Traceback|\.py|Streamlit", said)
    reference = re.search(r"\*\*([0-9A-F]{6})\*\*", said)
    assert reference
    assert f"Error {reference[1]}" in [one.getMessage() for one in caplog.records]
    assert "KeyError: 'secret_detail'" in caplog.text


def test_another_fault_has_another_reference() -> None:
    runs = [AppTest.from_function(failing, default_timeout=60).run() for _ in range(2)]
    first, second = (re.findall(r"\*\*([0-9A-F]{6})\*\*", values(app, "error")[0]) for app in runs)
    assert first != second


def test_every_entry_of_the_menu_names_a_page_that_is_there() -> None:
    found = menu(open_page())
    assert [label for label, _, _ in found] == ENTRIES
    files = {re.sub(r"^\d+_", "", path.stem) for path in (ROOT / "pages").glob("[0-9]*.py")}
    assert {page for _, page, _ in found} - files <= {"", "overview"}
