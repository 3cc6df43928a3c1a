"""What a change would do to a pack, against differences worked out by hand."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from damage import DATA
from tiny_pack import write_tiny_pack

from lib.market.change_effects import HEADLINES, change_effects
from lib.pack.faults import Fault, PackError, faults_at
from lib.pack.imports.change import Change
from lib.pack.imports.proposal import Proposal, faults_of_proposal, propose
from lib.pack.imports.row_changes import changed_rows
from lib.pack.load import load_pack

DEMAND, RATINGS, OUTLINES = "market/demand.csv", "market/ratings.csv", "geography/districts.geojson"
MANIFEST = "datapackage.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tiny_pack(tmp_path / "tiny")


def edited(root: Path, path: str, *edits: tuple[str, str]) -> bytes:
    text = (root / path).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def proposed(root: Path, *edits: tuple[str, str], path: str = DEMAND, **parts: Any) -> Proposal:
    return propose(
        load_pack(root), Change("A file", {path: edited(root, path, *edits)}, **parts), ["demand"], ["a.csv"]
    )


def test_rows_are_told_apart_by_their_key_wherever_they_stand(root: Path) -> None:
    """One row moved to the end, one changed in two cells, one left out, one new."""
    lines = (root / DEMAND).read_text(encoding="utf-8").splitlines()
    lines.append(lines.pop(1))
    text = "\n".join(lines).replace("home,E07000002,day,older,20,200,", "home,E07000002,day,older,,210,")
    text = text.replace("respite,E07000003,visit,child,8,20,26000\n", "")
    proposal = propose(load_pack(root), Change("A file", {DEMAND: text.encode() + b"\n"}))
    (table,) = proposal.tables
    assert (table.table, table.path, table.before, table.after) == ("demand", DEMAND, 12, 11)
    assert (table.added, table.changed, table.dropped) == (0, 1, 1)
    assert table.sentence == "market/demand.csv: 11 rows, 0 added, 1 changed, 1 dropped."
    assert table.examples.to_numpy().tolist() == [
        ["changed", "home / E07000002 / day / older", "people: 20 → empty; hours_per_week: 200 → 210"],
        ["dropped", "respite / E07000003 / visit / child", "people: 8; hours_per_week: 20; annual_cost: 26000"],
    ]
    assert not proposal.is_empty
    back = propose(load_pack(root), Change("The same", {DEMAND: (root / DEMAND).read_bytes()}))
    assert (back.tables, back.statuses.empty, back.reconciliation.empty, back.is_empty) == ((), True, True, True)
    assert (back.cautions, back.settled, back.lines) == ((), (), ())


def test_twenty_rows_of_each_are_named() -> None:
    key = ["provider_id"]
    old = pd.DataFrame({"provider_id": [f"P{number:03}" for number in range(100)], "n": range(100)})
    new = old[old["n"] < 60].assign(n=lambda frame: frame["n"] + (frame["n"] >= 10), more="x")
    table = changed_rows("providers", key, old, pd.concat([new, pd.DataFrame({"provider_id": ["Q1"], "n": [1]})]))
    assert (table.before, table.after, table.added, table.changed, table.dropped) == (100, 61, 1, 60, 40)
    assert table.examples["change"].value_counts().to_dict() == {"changed": 20, "dropped": 20, "added": 1}
    assert table.examples["what"].tolist()[0] == "n: 1; more: empty"
    assert table.examples["what"].tolist()[1] == "more: empty → x"


def test_statuses_and_credits_turn(root: Path) -> None:
    properties = {"status": "supplied", "credit": "The council's own count.", "rule": None}
    proposal = proposed(root, (",20,200,", ",21,200,"), resources={"demand": properties})
    assert proposal.statuses.to_dict("records") == [
        {
            "resource": "demand",
            "title": "Table of demand",
            "before": "modelled",
            "after": "supplied",
            "credit": "The council's own count.",
        }
    ]
    assert proposal.new.manifest.resource("demand").rule == ""
    assert proposal.lines[-1] == "Table of demand: modelled turns to supplied."


def test_the_manifest_changes_only_where_the_change_says(root: Path) -> None:
    """Order, properties that nobody knows and all else stay; what a resource promises of its file is reckoned anew."""
    document = json.loads((root / MANIFEST).read_bytes())
    document["x_note"] = {"kept": [1, 2.5, "é"]}
    demand = next(one for one in document["resources"] if one["name"] == "demand")
    content = (root / DEMAND).read_bytes()
    demand |= {"x_own": True, "bytes": len(content), "rows": 12, "hash": hashlib.md5(content).hexdigest()}
    ratings = next(one for one in document["resources"] if one["name"] == "ratings")
    ratings["hash"] = "sha256:" + hashlib.sha256((root / RATINGS).read_bytes()).hexdigest()
    (root / MANIFEST).write_text(json.dumps(document), encoding="utf-8")
    change = Change(
        "A file",
        {DEMAND: content.replace(b"respite,E07000003,visit,child,8,20,26000\n", b"")},
        {"demand": {"status": "supplied"}},
        {"title": "Newer"},
        as_at="2025-03-01",
    )
    proposal = propose(load_pack(root), change, ["demand"])
    after = json.loads(proposal.files[MANIFEST])
    assert list(after) == list(document)
    new = proposal.files[DEMAND]
    demand |= {"status": "supplied", "bytes": len(new), "rows": 11, "hash": hashlib.md5(new).hexdigest()}
    demand |= {"import_kind": "demand", "as_at": "2025-03-01"}
    document["title"] = "Newer"
    assert after == document
    assert list(after["resources"][0]) == list(document["resources"][0])


def test_a_change_of_nothing_leaves_the_manifest_to_the_byte(root: Path) -> None:
    proposal = propose(load_pack(root), Change("Nothing", {}))
    assert proposal.files[MANIFEST] == (root / MANIFEST).read_bytes()


def test_a_table_that_the_pack_did_without_is_added(root: Path) -> None:
    path = "published/council_words.csv"
    assert not (root / path).exists()
    before = load_pack(root)
    words = (",".join(before.table("council_words").columns) + "\n").encode()
    change = Change("Words", {path: words}, {"council_words": {"status": "published"}})
    proposal = propose(before, change)
    added = json.loads(proposal.files[MANIFEST])["resources"][-1]
    assert (added["name"], added["path"], added["format"], added["status"]) == (
        "council_words", path, "csv", "published",
    )  # fmt: skip
    assert proposal.statuses.to_dict("records")[0] | {"title": ""} == {
        "resource": "council_words",
        "title": "",
        "before": "",
        "after": "published",
        "credit": "",
    }


def test_lines_of_the_reconciliation_that_differ(root: Path) -> None:
    """10 hours more in one lot: its line, its total's, and that of the history's last month, and no other."""
    proposal = proposed(root, ("home,E07000002,day,older,20,200,", "home,E07000002,day,older,20,210,"))
    table = proposal.reconciliation.set_index("fact_id")
    lot, month = "lot:home:E07000002:day:older", "history:hours_per_week:home:E07000002:older"
    assert {lot, month} <= {*table.index}
    assert table.loc[lot, ["expected_before", "actual_before", "expected_after", "actual_after"]].tolist() == [
        200, 200, 210, 200,
    ]  # fmt: skip
    assert table.loc[month, ["expected_before", "expected_after"]].tolist() == [270, 280]
    assert all(not fact.startswith(("lot:", "history:")) or fact in (lot, month) for fact in table.index)


def test_what_the_check_says_newly_and_no_longer(root: Path) -> None:
    gone = ("home,E07000001,day,younger,5,60,78000\n", "")
    proposal = proposed(root, gone)
    assert proposal.missing_after == proposal.missing_before + 1
    assert any(words.startswith(f"{DEMAND}: found no rows of Home care, ") for words in proposal.cautions)
    (root / DEMAND).write_bytes(proposal.files[DEMAND])
    row = "home,E07000001,day,older,10,100,130000\n"
    back = proposed(root, (row, row + gone[0]))
    assert back.settled == proposal.cautions
    assert (back.missing_before, back.missing_after) == (proposal.missing_after, proposal.missing_before)


def test_faults_of_the_new_pack_are_said_of_the_upload(root: Path) -> None:
    """The row of the new file, by its first cells too, as the upload's may stand elsewhere; nothing is written."""
    before = sorted(root.rglob("*"))
    with pytest.raises(PackError) as caught:
        proposed(root, ("home,E07000002,day,older,20,200,", "home,E07000009,day,older,20,-5,"))
    place = f"a.csv, as {DEMAND} of the pack, row 5, column"
    row = 'in the row of "home / E07000009 / day / older"'
    assert str(caught.value).splitlines() == [
        f'{place} hours_per_week: found "-5" {row}, expected a number of 0 or more',
        f'{place} district_code: found "E07000009" {row}, expected a district_code of reference/districts.csv',
    ]
    assert sorted(root.rglob("*")) == before


def test_a_fault_elsewhere_in_the_pack_is_said_of_its_own_file_once_a_column(root: Path) -> None:
    """A provider that the upload leaves out, and other tables still name."""
    lines = (root / "market/providers.csv").read_bytes().splitlines(keepends=True)
    with pytest.raises(PackError) as caught:
        propose(load_pack(root), Change("A file", {"market/providers.csv": b"".join(lines[:-1])}), (), ["a.csv"])
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == 2
    for words, file in zip(sorted(said), ("market/capacity.csv", "market/ratings.csv"), strict=True):
        assert words.startswith(f"{file} of the pack, row ")
        assert "which a.csv no longer agrees with, expected a provider_id of market/providers.csv: " in words
        assert words.endswith(f": put that right in a.csv, or change {file} first")


def test_rows_beyond_those_that_are_named_count_as_well() -> None:
    """21 rows that go by a provider that is gone: 20 faults and one for the rest become one with all of them."""
    expected = "a provider_id of market/providers.csv"
    places = faults_at(
        list(range(2, 38)), lambda row: Fault("market/capacity.csv", row, "provider_id", '"P1"', expected)
    )
    (one,) = faults_of_proposal(places, Change("A file", {"market/providers.csv": b""}), ["a.csv"])
    assert (one.file, one.row, one.found) == (
        "market/capacity.csv of the pack", 2, '"P1" and the like in 36 rows, which a.csv no longer agrees with',
    )  # fmt: skip


def test_outlines_are_told_apart_by_district(root: Path) -> None:
    document = json.loads((root / OUTLINES).read_bytes())
    ring = document["features"][0]["geometry"]["coordinates"]
    while not isinstance(ring[0], float | int):
        ring = ring[0]
    ring[0] += 0.000001
    proposal = propose(load_pack(root), Change("Outlines", {OUTLINES: json.dumps(document).encode()}))
    (table,) = proposal.tables
    assert (table.table, table.added, table.changed, table.dropped) == ("districts_geography", 0, 1, 0)
    assert table.examples["row"].tolist() == [document["features"][0]["properties"]["district_code"]]


def test_a_path_that_no_pack_has_is_a_mistake_of_the_program(root: Path) -> None:
    for path in ("../x.csv", "market/other.csv", "versions/0001/datapackage.json"):
        with pytest.raises(ValueError, match="no file of a pack"):
            propose(load_pack(root), Change("A file", {path: b""}))


def test_headline_figures_before_and_after(root: Path) -> None:
    """10 hours more in a lot of home care: 470 hours become 480, and nothing of respite differs."""
    proposal = proposed(
        root,
        ("home,E07000002,day,older,20,200,", "home,E07000002,day,older,20,210,"),
        resources={"demand": {"status": "supplied"}},
    )
    table = change_effects(proposal.old, proposal.new)
    assert table["service"].tolist() == ["Home care"] * len(HEADLINES) + ["Respite"] * len(HEADLINES)
    home = table[table["service"] == "Home care"].set_index("figure")
    hours = home.loc["delivered_hours"]
    assert (hours["before"], hours["after"], bool(hours["differs"])) == (470, 480, True)
    assert (hours["status_before"], hours["status_after"]) == ("published", "supplied")
    people = home.loc["people"]
    assert (people["before"], people["after"], bool(people["differs"])) == (
        40,
        40,
        people["status_before"] != people["status_after"],
    )
    assert not home.loc["good_or_better_share", "differs"]


def test_a_figure_that_is_the_same_reads_the_same_however_it_is_known() -> None:
    """The default pack's 1,664 hours of short breaks are modelled, and rounded on a tile; supplied, they are not."""
    pack = load_pack(DATA)
    demand = (DATA / "market/demand.csv").read_bytes().replace(b",498,7846,", b",499,7846,")
    proposal = propose(pack, Change("A file", {"market/demand.csv": demand}, {"demand": {"status": "supplied"}}))
    table = change_effects(proposal.old, proposal.new).set_index(["service", "figure"])
    hours = table.loc[("Children's short breaks", "delivered_hours")]
    assert (hours["text_before"], hours["text_after"]) == ("1,664", "1,664")
    assert hours["status_before"] != hours["status_after"]


def test_a_figure_that_becomes_unknown_differs_and_is_no_0(root: Path) -> None:
    proposal = proposed(root, ("home,E07000002,day,older,20,200,", "home,E07000002,day,older,,200,"))
    table = change_effects(proposal.old, proposal.new).set_index(["service", "figure"])
    people = table.loc[("Home care", "people")]
    assert people["before"] == 40 and math.isnan(people["after"]) and people["differs"]
    assert people["text_after"] == "not known"
