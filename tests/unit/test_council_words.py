"""The council's words held against its pages, line by line, by a rule of this test's own: nothing is missing."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from pack_folder import PackFolder

from lib.__main__ import main
from lib.market.about import about
from lib.market.published.facts import gaps_of
from lib.market.published.intentions import NO_FIGURE
from lib.market.published.words import IN_FILE, council_words
from lib.pack.load import Pack
from lib.pack.models import WORD_KINDS
from lib.pack.quotations import is_verbatim, quotation_faults
from lib.pack.snapshot import read_snapshot

HOME, BREAKS = "domiciliary_care", "short_breaks"
PUBLISHED = pack_copies.DATA / "published"
WORDS, GAPS, FACTS = "published/council_words.csv", "published/gaps.csv", "published/facts.csv"
SOURCE = "published/sources/short_breaks.txt"

# What of each page is no passage: its frame, headings, what leads in to a list, and figures, which facts.csv or
# gaps.csv hold.
EXEMPT = {
    HOME: """
        Essex County Council - Provider Hub
        Text size:
        Commissioning Intentions
        Long Term Domiciliary Care
        Services
        Next Steps
        Direction of Travel
        Examples of these “test and learn” projects may be:
        Last updated: 28/11/2025
        Commissioned care services for longer term domiciliary care in 2024/25 is £160.5 million (£105.5 million - older people; £55 million - working age adults).
        This is supporting 7,465 adults with 128,000 hours of domiciliary care per week.
        Personal care accounts for 90% (115,000 hours) of domiciliary care commissioned, with a further 10% (13,000 hours) commissioned to support Adults with 24-hour live-in support, night awake and night sleeping services.
        Out of the 115,000 of personal care, 69% of this (79,000 hours) is for older adults whereas 31% (36,000 hours) for working age adults.
        Out of the 13,000 hours of 24-hour live-in support, night awake and night sleeping services whereas 15% is commissioned for older adults and 85% for working age adults.
    """,  # noqa: E501
    BREAKS: """
        RideLondon 2024 - Plan Ahead for Road Closures
        Employee Assistance Programme
        Essex County Council - Provider Hub
        Text size:
        Market Context
        Current Market Status
        Market Rating
        Market Quality Market Supply Market Demand
        Low/Moderate Good High
        Market Workface Market Ambition Market Maturity
        Very Low/Low Increase Supply Evolving
        Total Number of Providers:
        25-30
        Total Number of children and young people accessing homebased care:
        168
        Total Market Spend per year:
        2,163,000
        Provider Quality – Good or Outstanding:
        Not known, requires review.
        CQC not required for all providers unless providing personal care.
        Average Accommodation Placement Size:
        N/A
        Framework/spot Placement Ratio:
        0%/100%
        Number of Placements per year:
        Number of Emergency Packages:
        Not recorded
        Number of Planned Placements:
        Data analysis required
        Average Length of Stay:
        TBA
        Average Pack Cost per week:
        Expected future Capacity Required:
        Last updated: 15/01/2024
    """,
}


def spaced(text: str) -> str:
    return " ".join(text.split())


def lines_of(page: str) -> list[str]:
    """A page in bullets and sentences: a sentence ends at a full stop, or its like, before a capital."""
    found: list[str] = []
    for line in page.splitlines():
        text = spaced(line.replace("•", " "))
        start = 0
        for end in re.finditer(r"[.!?] (?=[A-Z“])", text):
            found.append(text[start : end.end() - 1])
            start = end.end()
        found.append(text[start:])
    return [line for line in found if line]


def missing(page: str, exempt: str, passages: list[str]) -> list[str]:
    """The lines of a page that are neither exempt nor within a passage."""
    known = {spaced(line) for line in exempt.splitlines()}
    return [line for line in lines_of(page) if line not in known and not any(line in one for one in passages)]


def page_of(service: str) -> str:
    return (PUBLISHED / f"sources/{service}.txt").read_text(encoding="utf-8")


def passages_of(service: str) -> list[str]:
    with (PUBLISHED / "council_words.csv").open(encoding="utf-8", newline="") as file:
        return [spaced(row["words"]) for row in csv.DictReader(file) if row["service"] == service]


# Against the pages


@pytest.mark.parametrize(("service", "lines", "passages"), [(HOME, 80, 52), (BREAKS, 69, 25)])
def test_no_line_of_a_page_is_missing(service: str, lines: int, passages: int) -> None:
    page, words = page_of(service), passages_of(service)
    assert (len(lines_of(page)), len(words)) == (lines, passages)
    assert missing(page, EXEMPT[service], words) == []
    # What is exempt stands on the page: a list that holds more would let lines go unseen.
    exempt = {spaced(line) for line in EXEMPT[service].splitlines()} - {""}
    assert exempt <= set(lines_of(page))
    assert not exempt & set(words)


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_every_passage_is_missed_when_it_is_taken_out(service: str) -> None:
    page, words = page_of(service), passages_of(service)
    for place, passage in enumerate(words):
        left = words[:place] + words[place + 1 :]
        gone = missing(page, EXEMPT[service], left)
        assert gone, passage
        assert all(line in passage for line in gone)


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_every_line_is_missed_when_its_words_are_changed(service: str) -> None:
    page, words = page_of(service), passages_of(service)
    for place, passage in enumerate(words):
        assert missing(page, EXEMPT[service], [*words[:place], passage[:-1], *words[place + 1 :]]), passage


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_every_passage_stands_so_on_the_page_and_once(service: str) -> None:
    whole = spaced(page_of(service))
    for passage in passages_of(service):
        assert whole.count(passage) == 1, passage


# What the list says


@pytest.mark.parametrize(("service", "day"), [(HOME, "28 November 2025"), (BREAKS, "15 January 2024")])
def test_each_passage_is_dated_and_tracked_or_not(pack: Pack, service: str, day: str) -> None:
    rows = council_words(pack, service)
    assert sorted(map(spaced, rows["words"])) == sorted(passages_of(service))
    assert rows["verbatim"].all()
    assert set(rows["last_updated"]) == {day}
    assert list(rows["kind"]) == sorted(rows["kind"], key=list(WORD_KINDS).index)
    untracked = rows["figures"].str.len() == 0
    assert untracked.any() and not untracked.all()
    assert (untracked == (rows["figures_text"] == NO_FIGURE)).all()
    assert (untracked == (rows["status"] == "")).all()
    assert set(IN_FILE) <= set(rows.columns)


@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        (
            HOME,
            {"intention": 6, "direction of travel": 15, "next step": 11, "test and learn": 8, "opportunity": 1}
            | {"pressure": 3, "projection": 2, "market status": 1, "market context": 5},
        ),
        (
            BREAKS,
            {"intention": 4, "next step": 4, "opportunity": 2, "pressure": 4, "risk": 3, "projection": 2}
            | {"market status": 3, "market context": 3},
        ),
    ],
)
def test_how_many_passages_are_of_each_kind(pack: Pack, service: str, kinds: dict[str, int]) -> None:
    assert council_words(pack, service)["kind"].value_counts().to_dict() == kinds


def test_what_tracks_a_passage_and_what_has_overtaken_it(pack: Pack) -> None:
    rows = council_words(pack, BREAKS).set_index("word_id")
    assert rows.at["mechanism", "figures_text"] == "Spot share: 100.0%", "that of its intention"
    assert rows.at["several_agencies", "figures_text"] == (
        "Providers, lower end: 25 providers; Providers, upper end: 30 providers"
    ), "its own"
    assert rows.at["preference_for_spot", "superseded"] == "Superseded: Providers now favour a contract, 12/2025"
    assert rows["superseded"].astype(bool).sum() == 1
    rows = council_words(pack, HOME).set_index("word_id")
    assert set(rows.index[rows["superseded"] != ""]) == {"framework_majority", "framework_lots", "improved_framework"}


def test_gaps_stand_in_the_words_of_the_page(pack: Pack) -> None:
    found = gaps_of(pack, BREAKS).set_index("id")
    assert found.loc[found["verbatim"], "published_as"].to_dict() == {
        "sb_quality_good_or_outstanding": "Not known, requires review. CQC not required for all providers unless "
        "providing personal care.",
        "sb_accommodation_size": "N/A",
        "sb_emergency_packages": "Not recorded",
        "sb_planned_placements": "Data analysis required",
        "sb_length_of_stay": "TBA",
        "sb_package_cost_week": "TBA",
    }
    assert set(found.loc[~found["verbatim"], "published_as"]) == {"Not published"}
    assert set(gaps_of(pack, HOME)["published_as"]) == {"Not published"}


# What check says


def said(capsys: pytest.CaptureFixture[str], root: Path) -> list[str]:
    assert main(["check", "--pack", str(root)]) == 1
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]


def test_the_default_pack_quotes_nobody_wrongly(pack: Pack) -> None:
    assert quotation_faults(pack) == []


@pytest.mark.parametrize("instead", ["To be confirmed", "TBC", "tba", "Not known", "BA"])
def test_a_gap_in_other_words_is_named(folder: PackFolder, capsys: pytest.CaptureFixture[str], instead: str) -> None:
    row = folder.find(GAPS, id="sb_length_of_stay")
    folder.set(GAPS, row, "published_as", instead)
    # "Not known" does stand on the page, in a longer answer.
    found = [] if instead == "Not known" else [
        f'{GAPS}, row {row}, column published_as: found "{instead}", expected words that stand so, to the letter, in '
        f"{SOURCE}, or Not published"
    ]  # fmt: skip
    assert [str(fault) for fault in quotation_faults(folder.load())] == found
    if found:
        assert said(capsys, folder.root) == found


def test_a_bent_passage_and_a_bent_side_are_named(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    row = folder.find(WORDS, word_id="wages")
    folder.set(WORDS, row, "words", "Wages in the sector are like those in retail")

    def bend(document: Any) -> None:
        document["services"][BREAKS]["spot_purchase"][1]["says"][0] = "Packages are spot funded."

    folder.change_json("datapackage.json", bend)
    assert said(capsys, folder.root) == [
        f'{WORDS}, row {row}, column words: found "Wages in the sector are like those in retail", expected words that '
        f"stand so, to the letter, in {SOURCE}",
        'datapackage.json, column services.short_breaks.spot_purchase."The council sees risks in it".says: found '
        f'"Packages are spot funded.", expected words that stand so, to the letter, in {SOURCE}',
    ]
    rows = council_words(folder.load(), BREAKS).set_index("word_id")
    assert not rows.at["wages", "verbatim"] and rows.at["wages", "last_updated"] == ""


@pytest.mark.parametrize("ends", ["\r\n", "\n\n", " \n\t", "\N{NO-BREAK SPACE}\n"])
def test_spaces_and_ends_of_lines_do_not_count(folder: PackFolder, ends: str) -> None:
    path = folder.root / SOURCE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text(encoding="utf-8").replace("\n", ends).encode())
    assert quotation_faults(folder.load()) == []


# A pack with less


def without_texts(document: Any) -> None:
    for service in document["services"].values():
        service.pop("source_texts")


def test_without_source_texts_nothing_is_verbatim_and_nothing_is_wrong(folder: PackFolder) -> None:
    folder.change_json("datapackage.json", without_texts)
    pack = folder.load()
    assert quotation_faults(pack) == []
    rows = council_words(pack, BREAKS)
    assert len(rows) == 25 and not rows["verbatim"].any() and set(rows["source"]) == {""}
    assert not is_verbatim(pack, BREAKS, "TBA")
    assert not gaps_of(pack, BREAKS)["verbatim"].any()


def test_a_pack_may_have_no_words_at_all(folder: PackFolder, tiny: Pack) -> None:
    assert list(council_words(tiny, "home").columns) == list(council_words(folder.load(), HOME).columns)
    assert council_words(tiny, "home").empty

    def unnamed(document: Any) -> None:
        without_texts(document)
        document["resources"] = [one for one in document["resources"] if one["name"] != "council_words"]

    folder.change_json("datapackage.json", unnamed)
    assert folder.faults() == [
        "datapackage.json, column resources: found nothing named council_words, expected every table, with its status"
    ]
    (folder.root / WORDS).unlink()
    pack = folder.load()
    assert council_words(pack, HOME).empty and pack.table("council_words").empty


def test_words_that_are_named_and_missing_are_a_fault(folder: PackFolder) -> None:
    (folder.root / WORDS).unlink()
    assert folder.faults() == [f"{WORDS}: found no such file, expected the CSV table that datapackage.json names"]


def test_an_intention_or_fact_that_is_not_there_is_named(folder: PackFolder) -> None:
    row = folder.find(WORDS, service=BREAKS, word_id="mechanism")
    folder.set(WORDS, row, "intention_id", "rounds")
    folder.set(WORDS, row, "superseded_by", "ctx_none")
    folder.set(WORDS, row + 1, "kind", "hope")
    assert sorted(folder.faults()) == sorted(
        [
            f'{WORDS}, row {row + 1}, column kind: found "hope", expected one of {", ".join(WORD_KINDS)}',
            f'{WORDS}, row {row}, column superseded_by: found "ctx_none", expected an id of {FACTS}',
            f'{WORDS}, row {row}, column intention_id: found "rounds", expected an intention of the service in '
            "published/intentions.csv",
        ]
    )


# The source texts as files of the pack


def test_a_source_text_is_part_of_the_pack_and_its_key(folder: PackFolder) -> None:
    before = read_snapshot(folder.root)
    assert before.files[SOURCE] == (PUBLISHED / "sources/short_breaks.txt").read_bytes()
    folder.change_bytes(SOURCE, lambda content: content + b" ")
    after = read_snapshot(folder.root)
    assert after.key != before.key and after.state != before.state


def test_a_text_that_the_manifest_does_not_name_is_not_read(folder: PackFolder) -> None:
    before = read_snapshot(folder.root)
    (folder.root / "published/sources/notes.txt").write_text("secret")
    (folder.root / "published/sources/more.csv").write_text("secret")
    after = read_snapshot(folder.root)
    assert {*after.files} == {*before.files}
    assert after.key == before.key


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda path: path.unlink(), ": found no such file, expected a source text that the manifest names"),
        (
            lambda path: (path.unlink(), path.mkdir()),
            ": found a folder, expected a source text that the manifest names",
        ),
        (
            lambda path: path.write_bytes(b"x" * 1_000_001),
            ": found a file of 1 MB, expected a source text that the manifest names of at most 1 MB, and all files of "
            "the pack at most 150 MB",
        ),
        (
            lambda path: path.write_bytes(b"one\ntwo \x93quoted\x94"),
            ", row 2: found bytes that are not text in UTF-8, expected a text file saved in UTF-8",
        ),
    ],
)
def test_a_source_text_that_cannot_be_read_is_one_sentence(folder: PackFolder, damage: Any, found: str) -> None:
    damage(folder.root / SOURCE)
    assert folder.faults() == [f"{SOURCE}{found}"]


@pytest.mark.parametrize(
    "path", ["../secret.txt", "published/sources/../../secret.txt", "published/sources/.x.txt", "/etc/passwd", "x.txt"]
)
def test_a_source_text_stands_in_its_folder(folder: PackFolder, path: str) -> None:
    def lead_away(document: Any) -> None:
        document["services"][BREAKS]["source_texts"][0]["path"] = path

    folder.change_json("datapackage.json", lead_away)
    (fault,) = folder.faults()
    assert f'found "{path}"' in fault
    assert fault.endswith("expected a text file in published/sources, such as published/sources/page.txt")


def test_the_list_leaves_as_a_file_with_all_of_it(pack: Pack) -> None:
    told = about(pack, "In the council's words", "council_words", internal=False, service=BREAKS)
    text = told.csv(council_words(pack, BREAKS)[IN_FILE])
    rows = [row for row in csv.reader(io.StringIO(text)) if row and not row[0].startswith("#")]
    assert len(rows) == 1 + 25
    assert [spaced(row[2].removeprefix("'")) for row in rows[1:]] == list(council_words(pack, BREAKS)["words"])
