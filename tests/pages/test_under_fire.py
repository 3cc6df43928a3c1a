"""A fixed sample of what `make fire` runs at full size: damaged packs, and a pack replaced under open pages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from damaged import try_many
from replacements import try_replacements


def test_damaged_packs_are_refused_or_right() -> None:
    outcome = try_many(1, 40, with_pages=False)
    assert outcome.complaints == []
    assert outcome.counts["packs"] == 40
    assert outcome.counts["figures compared"] > 10_000


def test_pages_of_damaged_packs_are_drawn() -> None:
    outcome = try_many(41, 6)
    assert outcome.complaints == []
    assert outcome.counts["pages opened"] > 6


def test_a_pack_replaced_under_open_pages_is_shown_whole(tmp_path: Path) -> None:
    outcome = try_replacements(3, 1, tmp_path)
    assert outcome.complaints == []
    assert outcome.counts["replacements"] == 3
    assert outcome.counts["views"] - Counter(outcome.counts)["views of the fault page"] > 9
