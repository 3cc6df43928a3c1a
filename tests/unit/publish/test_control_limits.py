"""What control does where it cannot do its best: a table that cannot be made safe, and too little time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attack import attacked, exact_totals, tables_of
from random_packs import random_pack

from lib.pack.load import Pack
from lib.publish import control, secondary
from lib.publish.cells import Block, Figure, Known, Secret
from lib.publish.control import public_already, release
from lib.publish.report import Report
from lib.publish.report_words import in_sentences, public_report
from lib.publish.secondary import GREEDY, Infeasible

pytestmark = pytest.mark.slow
real = control.suppressed


def test_the_finest_table_is_left_out_and_named_and_the_rest_is_published(
    tiny: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(problem: Any, deadline: float) -> Any:
        # A ward, or a district's other wards, as the table of requests shows it.
        wards = [n for n, together in enumerate(problem.secrets) if any("/" in one.area for one in together)]
        if wards:
            raise Infeasible(wards)
        return real(problem, deadline)

    monkeypatch.setattr(control, "suppressed", cannot)
    found = release(tiny)
    assert [name for name, _ in found.report.left_out] == ["requests"]
    assert [one.name for one in found.tables] == ["demand", "supply", "trend", "wanted"]
    assert any("Left out as a whole: requests" in line for line in in_sentences(found.report))
    assert public_report(found.tables, found.report)["left_out"] == ["requests"]


def test_without_time_each_group_is_greedy_and_with_too_little_work_it_is_the_same(
    tiny: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are two answers, whatever stops the search: the clock, the rounds, or the size of the group."""
    pack = random_pack(tiny, 2, most=3)
    answers = [release(pack, limit_seconds=0)]
    with monkeypatch.context() as patch:
        patch.setattr(secondary, "MOST_ROUNDS", -1)
        answers.append(release(pack, limit_seconds=600))
    clock = iter([0.0] + [float(n) for n in range(1, 10_000)])
    with monkeypatch.context() as patch:
        patch.setattr(secondary.time, "thread_time", lambda: next(clock))
        answers.append(release(pack, limit_seconds=0.5))
    first, *others = answers
    assert GREEDY in {one.how for one in first.report.solved}
    for other in others:
        assert other.report == first.report
        for one, same in zip(first.tables, other.tables, strict=True):
            assert one.frame.equals(same.frame), one.name


def told_of(area: str, *places: int) -> Figure:
    """People of some lots, hidden."""
    secret = Secret("home", "people", "district", area, "all", "all")
    weights = np.ones(len(places))
    return Figure("demand", 0, "people", secret, "people", np.array(places), weights, 0.0, 30.0, "c", True, 5)


def test_what_two_published_totals_leave_over_is_told_by_them_and_nothing_else_is(tiny: Pack) -> None:
    """Of 34 people 30 are in one lot: the 4 of the next are public. Of two more lots only the sum is."""
    block = Block("people", "people", np.array([30.0, 4.0, 2.0, 30.0]))
    block.figures = [told_of("first", 0), told_of("second", 1), told_of("third", 2), told_of("sum", 2, 3)]
    for places, total in (((0, 1), 34.0), ((0,), 30.0), ((2, 3), 32.0)):
        block.known.append(Known(np.array(places), np.ones(len(places)), total, total))
    found = {one.area for one in public_already(block, tiny.manifest.disclosure)}
    assert found == {"first", "second", "sum"}


@pytest.mark.parametrize("seed", [38, 180])
def test_what_only_its_own_figures_tell_is_no_excuse_for_a_publication(tiny: Pack, seed: int) -> None:
    """Small counts and published totals: what cannot be kept is left out, where a c or a count would tell of it."""
    pack = random_pack(tiny, seed)
    found = release(pack, limit_seconds=5)
    assert "demand" in dict(found.report.left_out)
    assert [one for one in attacked(pack, tables_of(found), exact=exact_totals(pack)) if one.exposed] == []


def test_what_is_published_already_is_told_to_the_council_alone() -> None:
    report = Report(already=("people, all, day, older",))
    assert any("people, all, day, older" in line for line in in_sentences(report))
    assert "older" not in str(public_report((), report))
