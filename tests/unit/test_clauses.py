"""The grammar of sentences: where one ends, how figures stand in it, and what is said of names and of nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.market.clauses import (
    Clause,
    begun_small,
    fitting,
    hours_a_week,
    named,
    near,
    not_known,
    part_of,
    said,
    said_in_order,
    sentences,
    short_words,
    unplaced,
)

NAN = float("nan")
WORD = st.text("abc", min_size=1, max_size=6)
TEXT = st.lists(WORD, min_size=1, max_size=25).map(" ".join)
CLAUSE = st.builds(Clause, TEXT, st.sampled_from(["", ", ", "; ", ": "]))


@given(clauses=st.lists(CLAUSE, min_size=1, max_size=8))
def test_no_sentence_is_longer_than_25_words_and_nothing_is_left_out(clauses: list[Clause]) -> None:
    found = sentences(clauses)
    for sentence in found:
        assert len(sentence.split()) <= 25
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not sentence.endswith("..")
    words = " ".join(clause.text for clause in clauses).split()
    assert [word.strip(",;:.").lower() for word in " ".join(found).split()] == words
    # No two sentences that might have been one.
    assert len(found) <= len(clauses)


def test_a_clause_joins_where_there_is_room() -> None:
    long = "word " * 22
    four = Clause("one two three four", ", ", "That is four")
    assert sentences([Clause("a word"), four]) == ["A word, one two three four."]
    assert sentences([Clause(long.strip()), four]) == [f"W{long.strip()[1:]}.", "That is four."]
    assert sentences([Clause("first"), Clause(""), Clause("second")]) == ["First.", "Second."]
    assert sentences([Clause("joined to nothing", ", ")]) == ["Joined to nothing."]
    assert sentences([Clause("Ash Care Ltd.")]) == ["Ash Care Ltd."]
    assert said_in_order([Clause("first"), Clause("second")]) == "First. Second."


def test_the_first_text_that_fits() -> None:
    assert fitting("one two three", "one two", "one", most=2) == "one two"
    assert fitting("one two three", "one two", most=1) == "one two"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7146.2, "about 7,150"), (7150.0, "7,150"), (1089.0, "about 1,090"), (853.4, "853"), (12_345.0, "about 12,300"),
        (57.2, "57"), (0.4, "0"), (-1255.0, "about 1,260"),
    ],
)  # fmt: skip
def test_hours_without_false_precision(value: float, expected: str) -> None:
    assert said(value, "hours") == expected
    assert near(value, "hours") == expected.removeprefix("about ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12_367_400.0, "about £12.4m"), (437_200.0, "about £437,000"), (437_000.0, "£437,000"), (-2_000.0, "£2,000")],
)
def test_pounds_without_false_precision(value: float, expected: str) -> None:
    assert said(value, "pounds") == expected


def test_people_to_the_person() -> None:
    assert said(8050.7, "people") == "8,051"


def test_hours_as_a_subject() -> None:
    assert [hours_a_week(value) for value in (0.3, 1.0, 27.0, 1089.0)] == [
        "less than 1 hour a week", "1 hour a week", "27 hours a week", "about 1,090 hours a week",
    ]  # fmt: skip


def test_names_and_parts_of_a_county() -> None:
    assert named(["Ash", "Bay", "Cove"], "districts") == "Ash, Bay and Cove"
    assert named(["Ash", "Bay", "Cove", "Dale"], "districts") == "4 districts"
    assert [part_of(number, 3, "side", "sides") for number in range(4)] == [
        "no side", "1 of 3 sides", "2 of 3 sides", "all 3 sides",
    ]  # fmt: skip
    assert [part_of(number, 1, "side", "sides") for number in range(2)] == ["no side", "the side"]
    assert begun_small("Change of vacancies") == "change of vacancies"
    assert begun_small("NHS patch") == "NHS patch"


def test_what_is_not_known_says_why() -> None:
    assert sentences(not_known("coverage", "a has no rows; b lacks 2024")) == [
        "Coverage is not known: a has no rows; b lacks 2024."
    ]
    assert sentences(not_known("coverage")) == ["Coverage is not known."]
    long = " ".join(["a"] * 20)
    assert sentences(not_known("coverage", f"{long}; {long}")) == [
        f"Coverage is not known: {long}.",
        f"The reason: {long}.",
    ]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0.0, ""), (1e-9, ""), (0.2, "Lot by lot, less than 1 hour a week has no provider with room for it."),
        (1.2, "Lot by lot, 1 hour a week has no provider with room for it."),
        (35.0, "Lot by lot, 35 hours a week have no provider with room for them."),
        (NAN, "How many hours have no provider with room for them is not known."),
    ],
)  # fmt: skip
def test_hours_without_a_provider(hours: float, expected: str) -> None:
    assert said_in_order(unplaced(hours)) == expected


def test_nothing_is_said_of_no_hours_on_the_map() -> None:
    assert short_words(0.0) == "Enough hours in every lot"
    assert short_words(303.4) == "303 hours a week short, lot by lot"
    assert short_words(NAN) == "Hours short, lot by lot: not known"
