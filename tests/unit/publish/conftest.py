"""What the tests of publications share."""

import pytest

from lib.publish import pictures

EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures of a page empty: to draw them takes longer than all the rest."""
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
