"""The documents that people write say what there is: links, paths, names, verbs, make targets, pages, layers, words."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from lib.__main__ import parser
from lib.market.basis import MEANINGS
from lib.market.quality import MOST_MUST_BE_RATED
from lib.market.transfers import THIN_CARERS
from lib.market.travel import ROAD_FACTOR
from lib.pack.manifest import RatingLimits
from lib.pack.ratios import WEEKS
from lib.pack.vocabulary import COUNTED, MONEY, PERCENT, WORDLESS_UNITS
from lib.view.shell import FIRST_PAGES, LAST_PAGES
from lib.whatif.draws import CORRELATION
from lib.whatif.uncertainty import PERCENTILES

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "data/README.md",
    "docs/architecture.md",
    "docs/glossary.md",
    "docs/indicators.md",
    "docs/levers.md",
    "docs/method.md",
    "docs/screens.md",
)
OF_THE_READER = {".streamlit/secrets.toml"}
FOLDERS = ("lib", "pages", "tests", "scripts", "data", "docs", r"\.streamlit", r"\.ci")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def text_of(path: str) -> str:
    """A document as one line, as a name or a sentence may go over two."""
    return " ".join(read(path).split())


def code_in(text: str) -> list[str]:
    """Everything that a document sets as code: blocks, line by line, and words in a sentence."""
    blocks = re.findall(r"^\s*```\w*\n(.*?)^\s*```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^\s*```.*?^\s*```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [*(line.strip() for block in blocks for line in block.splitlines()), *re.findall(r"`([^`]+)`", rest)]


def rows_of(text: str, head: str) -> list[list[str]]:
    """The rows of the table whose first heading is `head`, cell by cell."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {head} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" |")])
    return rows


def anchors(path: str) -> set[str]:
    """The places of a document that a link may name, as GitHub makes them from its headings."""
    heads = re.findall(r"^#+ (.+)$", read(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_document_is_read_here() -> None:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")]
    assert sorted(path.relative_to(ROOT).as_posix() for path in found) == sorted(DOCUMENTS)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_link_leads_somewhere(path: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", read(path)) if not link.startswith("https://")]
    for link in links:
        file, _, anchor = link.partition("#")
        target = ((ROOT / path).parent / file).resolve() if file else ROOT / path
        assert target.is_file(), f"{path}: {link}"
        if anchor:
            assert anchor in anchors(target.relative_to(ROOT).as_posix()), f"{path}: {link}"


def test_the_readme_leads_to_every_document() -> None:
    links = re.findall(r"\]\(([^)#]+)", read("README.md"))
    assert [path for path in DOCUMENTS if path != "README.md" and path not in links] == []


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_path_that_is_named_is_there(path: str) -> None:
    named = {
        found
        for code in code_in(read(path))
        for found in re.findall(rf"(?<![\w/.])((?:{'|'.join(FOLDERS)})/[\w./-]*)", code)
    }
    assert [name for name in sorted(named - OF_THE_READER) if not (ROOT / name).exists()] == []


def test_paths_are_found_in_sentences_and_blocks() -> None:
    text = "See `lib/a.py` and `python tests/b.py`.\n\n```\nrun lib/c.py\n```\n\n   ```\n   run lib/d.py\n   ```\n"
    assert code_in(text) == ["run lib/c.py", "run lib/d.py", "lib/a.py", "python tests/b.py"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_name_of_lib_is_there(path: str) -> None:
    names = {name for code in code_in(read(path)) for name in re.findall(r"(?<![\w.])(lib(?:\.\w+)+)", code)}
    for name in sorted(names):
        module, attribute = name, ""
        try:
            importlib.import_module(module)
        except ModuleNotFoundError:
            module, _, attribute = name.rpartition(".")
            assert hasattr(importlib.import_module(module), attribute), f"{path}: {name}"


def test_every_verb_of_the_command_line_has_a_row_with_its_options() -> None:
    (choices,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    expected = {
        verb: {
            option
            for action in options._actions
            for option in action.option_strings
            if option not in ("-h", "--help", "--pack", "--json")
        }
        for verb, options in choices.choices.items()
    }
    found = {}
    for usage, *_ in rows_of(read("README.md"), "verb"):
        found[usage.strip("`").split()[0]] = set(re.findall(r"--[\w-]+", usage))
    assert found == expected


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_verb_and_make_target_that_is_named_is_there(path: str) -> None:
    (choices,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", read("Makefile"), re.MULTILINE))
    assert {"run", "test"} <= targets
    for code in code_in(read(path)):
        for verb in re.findall(r"python -m lib ([a-z]\S*)", code):
            assert verb in choices.choices, f"{path}: {code}"
        for target in re.findall(r"(?:^|\s)make ([a-z][\w-]*)", code):
            assert target in targets, f"{path}: {code}"


def test_every_page_of_the_menu_has_a_row() -> None:
    pages = [row[0] for row in rows_of(read("README.md"), "page")]
    menu = [*FIRST_PAGES.values(), "one for each service of the pack", *LAST_PAGES.values()]
    assert pages == menu


def test_the_layers_are_those_of_the_contract() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    assert [row[0].strip("`") for row in rows_of(read("docs/architecture.md"), "layer")] == layers


def terms() -> list[tuple[str, str]]:
    """The glossary: each term, and what is said of it."""
    entries = re.findall(r"^- \*\*(.+?)\*\*: (.+?)(?=\n- |\Z)", read("docs/glossary.md"), re.MULTILINE | re.DOTALL)
    return [(term, " ".join(words.split())) for term, words in entries]


def test_the_glossary_is_in_order_and_says_each_term_once() -> None:
    found = [term for term, _ in terms()]
    assert len(found) == read("docs/glossary.md").count("\n- ") > 60
    assert found == sorted(found, key=str.lower)
    assert len(set(found)) == len(found)


def test_the_glossary_has_every_status() -> None:
    assert [status for status in MEANINGS if status not in {term.lower() for term, _ in terms()}] == []


def test_the_code_names_of_the_glossary_are_names_of_the_code() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "lib").rglob("*.py")]
    known = set(re.findall(r"\w+", " ".join([*sources, read("data/datapackage.json")])))
    named = {name for _, words in terms() for name in re.findall(r"`([A-Za-z_0-9]+)`", words)}
    assert len(named) > 40
    assert sorted(named - known) == []


def test_the_data_pack_is_described_as_it_is_read() -> None:
    text = text_of("data/README.md")
    limits = [name for row in rows_of(read("data/README.md"), "limit") for name in row[0].split(", ")]
    assert sorted(limits) == sorted(RatingLimits.model_fields)
    statuses = re.search(r"\*\*status\*\* is ([\w, ]+):", text)
    units = re.search(r"of a fact or a derivation is ([\w, ]+), what a service calls", text)
    assert statuses and units
    assert [*re.split(r", | or ", statuses[1]), "projected"] == list(MEANINGS)
    assert units[1].split(", ") == [MONEY, PERCENT, *WORDLESS_UNITS, *COUNTED]


def test_the_numbers_of_the_method_are_those_of_the_code() -> None:
    text = text_of("docs/method.md")
    assert f"correlate at {CORRELATION};" in text
    low, middle, high = PERCENTILES
    assert f"{low}th, {middle}th and {high}th percentile" in text
    assert f"annual cost / ({WEEKS} x delivered hours)" in text
    assert f"cost by quarter = {WEEKS // 4} x weekly hours" in text
    assert f"great circle between their points x {ROAD_FACTOR}, an assumption" in text
    assert f"less than two carers' weeks ({THIN_CARERS} x 25 hours)" in text
    assert MOST_MUST_BE_RATED == 0.5
    assert "empty where under half of an area's hours are rated" in text


def test_the_worked_example_of_the_method() -> None:
    """Two lots: net coverage looks like enough, and hours are short all the same."""
    text = text_of("docs/method.md")
    assert "demand 100 and capacity 80; demand 50 and capacity 90" in text
    assert f"{80 + 90} / {100 + 50} = {(80 + 90) / (100 + 50):.2f}, which looks like enough" in text
    assert f"the shortfall is {max(0, 100 - 80)} + {max(0, 50 - 90)} = 20 hours" in text
