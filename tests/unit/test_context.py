"""Facts beside other figures: what they qualify, what has overtaken them, and what is wrong with either."""

import pytest
from pack_folder import PackFolder

from lib.__main__ import main
from lib.market.published.context import beside, beside_lever, context_faults, qualifying
from lib.market.published.facts import published_facts, superseded_words

FACTS = "published/facts.csv"
HOME = "domiciliary_care"


def test_a_pack_without_the_columns_has_none_of_it(tiny_folder: PackFolder) -> None:
    pack = tiny_folder.load()
    assert qualifying(pack, "home") == {} and context_faults(pack) == []
    assert superseded_words(pack, "") == ""
    assert beside(pack, "f_hours").words == "Hours: 470 hours a week, 2024/25"
    assert beside(pack, "f_words").remark == "a word."
    assert not beside_lever(pack, "home", "price.uplift_pct")
    assert set(published_facts(pack, "home")["superseded"]) == {""}


@pytest.mark.parametrize("text", ["coverage;luck", "luck", " luck ; coverage"])
def test_a_figure_that_there_is_not_is_named(folder: PackFolder, capsys: pytest.CaptureFixture[str], text: str) -> None:
    row = folder.find(FACTS, id="ctx_visa_route")
    folder.set(FACTS, row, "qualifies", text)
    assert main(["check", "--pack", str(folder.root)]) == 1
    (said,) = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]
    assert said.startswith(f'{FACTS}, row {row}, column qualifies: found "luck", expected one of ')
    assert "coverage" in said and "price.uplift_pct" in said


@pytest.mark.parametrize("newer", ["ctx_none", "ctx_turnover"])
def test_a_fact_is_overtaken_by_another_that_there_is(folder: PackFolder, newer: str) -> None:
    row = folder.find(FACTS, id="ctx_turnover")
    folder.set(FACTS, row, "superseded_by", newer)
    assert folder.faults() == [
        f'{FACTS}, row {row}, column superseded_by: found "{newer}", expected another fact of {FACTS}, or an empty cell'
    ]


def test_only_a_fact_in_words_alone_may_have_no_figure(folder: PackFolder) -> None:
    row = folder.find(FACTS, id="ctx_market_good")
    folder.set(FACTS, row, "value", "")
    assert folder.faults() == [
        f"{FACTS}, row {row}, column value: found an empty cell, expected the figure as published; only a fact whose "
        "unit is text may have none"
    ]
    folder.set(FACTS, row, "unit", "text")
    assert beside(folder.load(), "ctx_market_good").words == (
        "Domiciliary care providers rated Good or Outstanding, c. 2023/24"
    )
