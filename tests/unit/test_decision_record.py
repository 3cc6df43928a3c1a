"""A decision record: its figures, its page, and whether it comes to the same again."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import hostile_text
import pack_copies
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import ASH, BIRCH

import lib
from lib.__main__ import main
from lib.pack.load import Pack, load_pack
from lib.whatif.decision.page import file_name, record_page
from lib.whatif.decision.record import Decision, decision, record
from lib.whatif.decision.reproduce import differs, read_record, reproduce, same, warnings_of
from lib.whatif.scenarios.documents import ScenarioError, scenario_from
from lib.whatif.scenarios.scenario import Scenario

Capture = pytest.CaptureFixture[str]
INTERNAL = "Internal, do not share: it tells of single providers, of small areas or of few people."
DECIDED = Decision("A. Nalyst", "2026-03-12", "Agreed at the planning meeting.\nTo be looked at in May.")
GROWING = {
    "name": "More", "service": "home", "years": 2, "rationale": "Ten beds fewer.",
    "demand": {"demographic": False, "need_growth_pct": 10.0}, "range": {"draws": 100},
}  # fmt: skip


class Reader(HTMLParser):
    """A page as a browser reads it: its elements, their attributes, and its text outside of script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements are closed in order"

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag == name]


def growing(pack: Pack, **changes: Any) -> Scenario:
    return scenario_from(GROWING | changes, pack)


def written(pack: Pack, folder: Path, scenario: Scenario | None = None) -> Path:
    path = folder / "record.html"
    path.write_text(record_page(record(pack, scenario or growing(pack), DECIDED)), encoding="utf-8")
    return path


def island(page: str) -> Any:
    """The values of a page, by a reading of our own."""
    start = page.index('<script type="application/json" id="decision-record">')
    return json.loads(page[page.index(">", start) + 1 : page.index("</script>", start)])


# Figures.


def test_the_figures_are_those_worked_out_by_hand(tiny: Pack) -> None:
    """Demand of home care is 515 hours, capacity 560; after two years of 10%, demand is 515 x 1.21."""
    found = record(tiny, growing(tiny), DECIDED)["figures"]
    assert found["all.2024.demand_hours"] == 515
    assert found["all.2025.demand_hours"] == pytest.approx(566.5)
    assert found["all.2026.demand_hours"] == pytest.approx(515 * 1.21)
    assert found["all.2026.coverage"] == pytest.approx(560 / (515 * 1.21))
    assert found[f"{ASH}.2026.demand_hours"] == pytest.approx(175 * 1.21)
    assert found["all.first_short_year"] == 2025
    # 560 / 515 is reached in two years at a growth of its root.
    assert found["all.break_even_growth_pct"] == pytest.approx(100 * (math.sqrt(560 / 515) - 1))
    assert found[f"{BIRCH}.break_even_note"] == ""
    # To cover each lot: Ash 133.1 - 130 and 78.65 - 60; Birch 242 - 230 and 121 - 70; Cedar 48.4 of 50.
    assert found["all.extra_hours"] == pytest.approx(3.1 + 18.65 + 12 + 51)
    assert found["all.extra_workers"] == 4
    assert found["all.2026.demand_hours.p10"] < found["all.2026.demand_hours"] < found["all.2026.demand_hours.p90"]
    assert f"{ASH}.2025.demand_hours" not in found, "a district has its first and its last year"


def test_figures_are_not_rounded_and_what_is_not_known_is_null(tiny: Pack) -> None:
    values = island(record_page(record(tiny, growing(tiny), DECIDED)))
    assert values["figures"]["all.2026.coverage"] == 560 / values["figures"]["all.2026.demand_hours"]
    growth = scenario_from({"name": "Still", "service": "home", "years": 1, "demand": {"demographic": False}}, tiny)
    still = record(tiny, growth, DECIDED)["figures"]
    assert still["all.first_short_year"] is None


def test_a_record_says_what_it_was_made_with(tiny: Pack) -> None:
    values = record(tiny, growing(tiny), DECIDED)
    assert values["pack"] == {"name": "tiny", "title": "Tiny", "version": tiny.manifest.version, "key": tiny.key}
    assert values["program"] == {"version": lib.__version__}
    assert (values["name"], values["who"], values["when"]) == ("More", "A. Nalyst", "2026-03-12")
    assert values["scenario"]["pack_name"] == "tiny"
    moved = {one["label"]: (one["value"], one["default"], one["why"]) for one in values["levers"]}
    assert moved["Need growth"] == ("10% a year", "0% a year", "Ten beds fewer.")


def test_the_version_is_stated_once() -> None:
    project = (Path(lib.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'version = { attr = "lib.__version__" }' in project
    assert re.fullmatch(r"\d+\.\d+\.\d+", lib.__version__)
    changes = (Path(lib.__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {lib.__version__}" in changes


DATES = [("2026-03-12", "2026-03-12"), ("12 March 2026", "2026-03-12"), ("12/03/2026", "2026-03-12"), ("", "")]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_a_date_is_read_as_people_write_it(text: str, date: str) -> None:
    assert decision(when=text).when == date


@pytest.mark.parametrize("text", ["today", "2026-13-01", "31/02/2026", "03/14/2026", "12/03/26", "45000", "n/a", "12"])
def test_what_is_no_date_is_one_sentence(text: str) -> None:
    with pytest.raises(ScenarioError) as error:
        decision(when=text)
    assert re.fullmatch(r"decision record, when: found .*, expected a date such as 2026-03-12.*", str(error.value))


def test_too_many_words_are_refused() -> None:
    with pytest.raises(ScenarioError, match="who: found a text of 201 characters, expected at most 200"):
        decision(who="x" * 201)


# The page.


def test_the_page_stands_by_itself_and_can_be_read_by_anybody(tiny: Pack) -> None:
    page = record_page(record(tiny, growing(tiny), DECIDED))
    read = Reader(page)
    assert page.startswith("<!DOCTYPE html>")
    assert read.open == []
    assert read.tags("html") == [{"lang": "en-GB"}]
    assert "<title>Decision record: More</title>" in page
    assert [tag for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)] == ["h1", *["h2"] * 9]
    assert len(read.tags("main")) == 1
    for cell in read.tags("th"):
        assert cell.get("scope") in ("col", "row")
    assert len(read.tags("table")) == len(read.tags("caption")) == 5
    labels = [one["aria-label"] for one in read.tags("div") if one.get("role") == "region"]
    assert len(set(labels)) == 5
    # Nothing runs and nothing is loaded.
    assert [one.get("type") for one in read.tags("script")] == ["application/json"]
    assert not {"img", "link", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in read.elements}
    assert not re.search(r"url\(|@import|https?://", page.split("<body>")[0])
    assert not [
        name for _, attrs in read.elements for name in attrs if name.startswith("on") or name in ("src", "href")
    ]
    policy = [one["content"] for one in read.tags("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "@media print" in page


def test_the_page_says_who_when_why_and_the_marks(tiny: Pack) -> None:
    words = Reader(record_page(record(tiny, growing(tiny), DECIDED))).words
    for text in (
        INTERNAL, "Who A. Nalyst", "When 12 March 2026", "Agreed at the planning meeting.", "To be looked at in May.",
        "Ten beds fewer.", "Home care, 2024/25", "Need growth 10% a year 0% a year", tiny.key, "Tiny (tiny)",
        f"Version of the program {lib.__version__}", "First short year, lots counted together 2025/26",
    ):  # fmt: skip
        assert text in words, text
    assert "Why these levers Ten beds fewer." in words


def test_figures_on_the_page_are_rounded_for_people(tiny: Pack) -> None:
    """Demand 515 x 1.21 = 623.15; net coverage 560 / 623.15 = 0.899."""
    words = Reader(record_page(record(tiny, growing(tiny), DECIDED))).words
    assert "Demand in 2026/27 (hours a week) 623" in words
    assert "Net coverage in 2026/27 (ratio) 0.90" in words
    assert "Demand (hours a week) 515 623 +108" in words


def test_demonstration_data_says_so() -> None:
    pack = pack_copies.kept_pack(pack_copies.DATA)
    scenario = scenario_from({"name": "A", "service": "short_breaks", "years": 1, "range": {"draws": 100}}, pack)
    words = Reader(record_page(record(pack, scenario, Decision()))).words
    assert f"{INTERNAL} Demonstration data: not evidence about any real district or provider." in words
    assert "Who not said" in words
    assert "When not said" in words
    assert "Why not said" in words
    assert file_name("short_breaks") == "short_breaks_decision_record_internal_do_not_share.html"


HOSTILE = (
    *pack_copies.HOSTILE_NAMES,
    "</script><img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    "a\u2028b",
    *hostile_text.CORPUS[:6],
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(text: str, tiny: Pack, tmp_path: Path) -> None:
    name = "".join(letter for letter in text if letter.isprintable())[:80]
    scenario = growing(tiny, name=name, rationale=text.replace("\u2028", " "))
    page = record_page(record(tiny, scenario, Decision(text, "", text)))
    read = Reader(page)
    assert read.open == []
    assert [one.get("type") for one in read.tags("script")] == ["application/json"]
    assert not {"img", "a", "b", "link"} & {tag for tag, _ in read.elements}
    assert " ".join(name.split()) in read.words
    values = island(page)
    assert (values["name"], values["who"], values["why"]) == (name.strip(), text, text)
    path = tmp_path / "record.html"
    path.write_text(page, encoding="utf-8")
    assert not differs(reproduce(read_record(path, tiny), tiny)).any()


def test_a_pack_of_hostile_names_makes_a_page_of_words(pack_copy: Callable[..., Path], tmp_path: Path) -> None:
    pack = load_pack(pack_copy(pack_copies.with_hostile_names))
    scenario = scenario_from({"name": "A", "service": "short_breaks", "years": 1, "range": {"draws": 100}}, pack)
    path = written(pack, tmp_path, scenario)
    read = Reader(path.read_text(encoding="utf-8"))
    assert read.open == []
    assert not {"img", "iframe"} & {tag for tag, _ in read.elements}
    assert len(read.tags("script")) == 1
    assert not differs(reproduce(read_record(path, pack), pack)).any()


# Again.


def test_the_same_program_and_pack_give_the_same(tiny: Pack, tmp_path: Path) -> None:
    recorded = read_record(written(tiny, tmp_path), tiny)
    table = reproduce(recorded, tiny)
    assert not differs(table).any()
    assert set(table["difference"]) <= {0, None}
    assert warnings_of(recorded, tiny) == []
    assert list(table.columns) == ["figure", "recorded", "today", "difference"]


levers = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
        "service": st.sampled_from(["home", "respite"]),
        "years": st.integers(1, 6),
        "rationale": st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40),
        "demand": st.fixed_dictionaries(
            {
                "demographic": st.just(False),
                "need_growth_pct": st.floats(-20, 20),
                "hours_per_person_growth_pct": st.floats(-10, 10),
                "technology_reduction_pct": st.floats(0, 50),
                "district_need_growth_pct": st.dictionaries(st.sampled_from([ASH, BIRCH]), st.floats(-20, 20)),
            }
        ),
        "supply": st.fixed_dictionaries(
            {"capacity_growth_pct": st.floats(-20, 20), "overseas_loss_pct": st.floats(0, 100)}
        ),
        "price": st.fixed_dictionaries({"uplift_pct": st.floats(-10, 20)}),
        "target": st.fixed_dictionaries({"coverage": st.floats(0.5, 1.5)}),
        "range": st.fixed_dictionaries(
            {"draws": st.integers(100, 150), "seed": st.integers(0, 2**31 - 1), "chance": st.booleans()}
        ),
    }
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(document=levers, who=st.text(max_size=50), why=st.text(max_size=50))
def test_any_scenario_is_recorded_and_comes_to_the_same(
    document: dict[str, Any], who: str, why: str, tiny: Pack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scenario = scenario_from(document, tiny)
    values = record(tiny, scenario, Decision(who, "2026-03-12", why))
    path = tmp_path_factory.mktemp("any") / "record.html"
    path.write_text(record_page(values), encoding="utf-8")
    recorded = read_record(path, tiny)
    assert recorded.scenario.document() == values["scenario"]
    assert recorded.figures == values["figures"]
    assert not differs(reproduce(recorded, tiny)).any()


def test_one_number_of_the_pack_changes_just_what_rests_on_it(tiny: Pack, tmp_path: Path) -> None:
    """Birch's older people cost 1 pound more a year: cost and spend of Birch and the county, and nothing else."""
    path = written(tiny, tmp_path)
    folder = tmp_path / "pack"
    shutil.copytree(tiny.root, folder)
    table = folder / "market" / "demand.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    place = next(at for at, row in enumerate(rows) if row.startswith(f"home,{BIRCH},day,older,"))
    cells = rows[place].split(",")
    rows[place] = ",".join([*cells[:-1], str(int(cells[-1]) + 1)])
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    changed = load_pack(folder)
    recorded = read_record(path, changed)
    found = reproduce(recorded, changed)
    wrong = found[differs(found)].set_index("figure")
    names = {name for name in wrong.index if not re.search(r"\.p\d\d$", name)}
    years = {"all": (2024, 2025, 2026), BIRCH: (2024, 2026)}
    assert names == {
        f"{code}.{year}.{one}" for code in years for year in years[code] for one in ("cost", "cost_as_bought", "spend")
    }
    assert wrong.at["all.2024.cost", "difference"] == pytest.approx(1)
    assert wrong.at["all.2026.cost", "difference"] == pytest.approx(1.21)
    assert warnings_of(recorded, changed) == [
        "warning: files of the data pack tiny have changed since the record was made."
    ]


def test_numbers_are_the_same_but_for_their_last_digits() -> None:
    assert same(1.0, 1.0 + 1e-12)
    assert same(0.0, 1e-13)
    assert not same(1.0, 1.0 + 1e-8)
    assert not same(0.0, 1e-8)
    assert same(None, None)
    assert not same(None, 0.0)
    assert same("already short", "already short")
    assert not same("", None)


# Records that cannot be read.


def harmed(page: str, change: Callable[[dict[str, Any]], Any]) -> str:
    """The page with its values changed."""
    values = island(page)
    new = change(values) or values
    start = page.index(">", page.index('id="decision-record"')) + 1
    return page[:start] + json.dumps(new) + page[page.index("</script>", start) :]


def put(part: str, name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        (values[part] if part else values)[name] = value

    return change


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda values: values.pop(name) and None


REFUSED: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "another pack": (lambda page: harmed(page, put("pack", "name", "other")),
                     'pack.name: found "other", expected "tiny", the data pack that is open'),
    "no pack": (lambda page: harmed(page, without("pack")), "pack: found null, expected an object"),
    "another schema": (lambda page: harmed(page, put("", "schema", 2)), "schema: found 2, expected 1, the only one"),
    "a schema of words": (lambda page: harmed(page, put("", "schema", "one")), 'schema: found the text "one"'),
    "a true schema": (lambda page: harmed(page, put("", "schema", True)), "schema: found true"),
    "another kind": (lambda page: harmed(page, put("", "kind", "recipe")), 'kind: found the text "recipe"'),
    "a list": (lambda page: harmed(page, lambda _: [1]), "kind: found nothing"),
    "no program": (lambda page: harmed(page, without("program")), "program: found null, expected an object"),
    "a number for a version": (lambda page: harmed(page, put("program", "version", 1)), "program.version: found 1"),
    "no figures": (lambda page: harmed(page, put("", "figures", {})), "figures: found none"),
    "figures in a list": (lambda page: harmed(page, put("", "figures", [1])), "figures: found a list"),
    "a figure that is a list": (lambda page: harmed(page, put("figures", "all.2024.cost", [1])),
                                "figures.all.2024.cost: found a list"),
    "a figure that is true": (lambda page: harmed(page, put("figures", "all.2024.cost", True)),
                              "figures.all.2024.cost: found true"),
    "an endless figure": (lambda page: harmed(page, put("figures", "all.2024.cost", 10**400)),
                          "figures.all.2024.cost: found 100000000000… (401 digits)"),
    "a figure without a name": (lambda page: harmed(page, put("figures", " ", 1)), 'figures: found a figure named " "'),
    "NaN": (lambda page: harmed(page, put("figures", "all.2024.cost", math.nan)),
            "its figures, figures.all.2024.cost: found NaN, expected a finite number"),
    "no scenario": (lambda page: harmed(page, without("scenario")), "scenario: found null"),
    "a lever beyond its limits": (lambda page: harmed(page, put("scenario", "price", {"uplift_pct": 99})),
                                  "scenario.price.uplift_pct: found 99, expected a number from -10 to 20"),
    "a service that is gone": (lambda page: harmed(page, put("scenario", "service", "x")), "scenario.service: found"),
    "cut within its figures": (lambda page: page[: page.index("all.2025.cost")], "found a record that is cut off"),
    "cut before its figures": (lambda page: page[:900], "found a page without the figures of a decision record"),
    "not JSON": (lambda page: page.replace('"schema"', "schema", 1),
                 "its figures, line 4, column 2: found text that is not JSON"),
    "a field twice": (lambda page: page.replace('"who"', '"name"', 1), "its figures, name: found the field twice"),
    "two records": (lambda page: page.replace("</main>", page[page.index("<script"):page.index("</body>")] + "</main>"),
                    "found the figures of 2 records, expected those of one"),
    "another page": (lambda page: "<html><body>Hello</body></html>", "found a page without the figures"),
    "a scenario": (lambda page: json.dumps(GROWING), "found a file that is no page of HTML"),
    "nothing": (lambda page: "", "found a file that is no page of HTML"),
    "bytes": (lambda page: b"\x89PNG\xff\xfe" * 20, "found bytes that are not text"),
    "UTF-16": (lambda page: page.encode("utf-16"), "found bytes that are not text"),
    "50 MB": (lambda page: page + " " * 50_000_000, "found a file of more than 10 MB"),
    "many that do not close": (lambda page: "<html>" + "<script id=decision-record " * 200_000, "found a page without"),
    "nested too deep": (lambda page: page.replace('"who": ', '"deep": ' + "[" * 5000 + "]" * 5000 + ', "who": ', 1),
                        "its figures"),
}  # fmt: skip


@pytest.mark.parametrize("harm", REFUSED)
def test_what_is_no_record_is_one_sentence_and_nothing_is_computed(
    harm: str, tiny: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    path = written(tiny, tmp_path)
    change, sentence = REFUSED[harm]
    found = change(path.read_text(encoding="utf-8"))
    path.write_bytes(found if isinstance(found, bytes) else found.encode())
    monkeypatch.setattr("lib.whatif.decision.reproduce.worked_out", lambda *_: pytest.fail("computed"))
    assert main(["reproduce", str(path), "--pack", str(tiny.root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith("record.html")
    assert sentence in err, err
    assert not re.search(r"Traceback|Error\b|NoneType|dict\b", err)


def test_a_browser_may_write_the_page_again_in_its_own_way(tiny: Pack, tmp_path: Path) -> None:
    path = written(tiny, tmp_path)
    page = path.read_text(encoding="utf-8")
    tag = '<script type="application/json" id="decision-record">'
    for other in (
        "<script id='decision-record' type='application/json'>",
        "<SCRIPT id=decision-record type=application/json>",
        '<script type="application/json" class="x" id="decision-record" data-saved="1">',
    ):
        path.write_bytes(b"\xef\xbb\xbf" + page.replace(tag, other).replace("\n", "\r\n").encode())
        assert not differs(reproduce(read_record(path, tiny), tiny)).any()


# The command line.


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(GROWING))
    return path


def test_record_and_reproduce(tiny: Pack, plan: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out.html"
    words = ["--who", "A. Nalyst", "--when", "12 March 2026", "--why", "Agreed"]
    assert main(["record", str(plan), str(out), *words, "--pack", str(tiny.root)]) == 0
    said, err = capsys.readouterr()
    assert re.fullmatch(rf"More: \d+ figures are recorded in {re.escape(str(out))}\.\n", said)
    assert err == ""
    values = island(out.read_text(encoding="utf-8"))
    assert (values["who"], values["when"], values["why"]) == ("A. Nalyst", "2026-03-12", "Agreed")
    assert main(["reproduce", str(out), "--pack", str(tiny.root)]) == 0
    table, err = capsys.readouterr()
    assert table.splitlines()[0] == "figure,recorded,today,difference"
    assert "all.2024.demand_hours,515,515,0" in table.splitlines()
    assert len(table.splitlines()) == len(values["figures"]) + 1
    assert err == ""


def test_a_figure_that_differs_is_named_and_the_status_is_1(tiny: Pack, tmp_path: Path, capsys: Capture) -> None:
    path = written(tiny, tmp_path)
    page = path.read_text(encoding="utf-8")
    path.write_text(harmed(page, put("figures", "all.2024.demand_hours", 500)), encoding="utf-8")
    assert main(["reproduce", str(path), "--pack", str(tiny.root), "--json"]) == 1
    out, err = capsys.readouterr()
    rows = {row["figure"]: row for row in json.loads(out)}
    assert rows["all.2024.demand_hours"] == {
        "figure": "all.2024.demand_hours", "recorded": 500, "today": 515, "difference": 15,
    }  # fmt: skip
    assert err == f"1 of {len(rows)} figures differ from the record: all.2024.demand_hours\n"


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (put("pack", "version", "9"), "with version 9 of the data pack tiny: this is version unstated."),
        (put("pack", "key", "0" * 64), "files of the data pack tiny have changed since the record was made."),
        (put("program", "version", "9.9"), f"by version 9.9 of the program: this is version {lib.__version__}."),
    ],
)
def test_another_version_is_said_and_compared_all_the_same(
    change: Callable[[dict[str, Any]], None], warning: str, tiny: Pack, tmp_path: Path, capsys: Capture
) -> None:
    path = written(tiny, tmp_path)
    path.write_text(harmed(path.read_text(encoding="utf-8"), change), encoding="utf-8")
    assert main(["reproduce", str(path), "--pack", str(tiny.root)]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 100
    assert len(err.splitlines()) == 1
    assert warning in err


@pytest.mark.parametrize(
    ("page", "options", "sentence"),
    [
        ("plan.json", [], 'found the name "plan.json" for the page, expected one that ends in .html or .pdf'),
        ("nowhere/out.html", [], "out.html: found a file that cannot be written"),
        ("out.html", ["--when", "yesterday"], 'when: found "yesterday", expected a date such as 2026-03-12'),
        ("out.html", ["--who", "x" * 300], "who: found a text of 300 characters"),
    ],
)
def test_what_cannot_be_recorded_is_one_sentence(
    page: str, options: list[str], sentence: str, tiny: Pack, plan: Path, tmp_path: Path, capsys: Capture
) -> None:
    before = plan.read_bytes()
    assert main(["record", str(plan), str(tmp_path / page), *options, "--pack", str(tiny.root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert sentence in err
    assert plan.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json"]


def test_no_file_is_one_sentence(tiny: Pack, tmp_path: Path, capsys: Capture) -> None:
    for path in (tmp_path / "none.html", tmp_path):
        assert main(["reproduce", str(path), "--pack", str(tiny.root)]) == 1
        assert "found a file that cannot be read" in capsys.readouterr().err
