"""The verbs of the command line for the council's own data: import, versions, go-back and template."""

from __future__ import annotations

import argparse
import getpass
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from lib.market.change_effects import change_effects
from lib.pack.faults import Fault, PackError, quoted
from lib.pack.imports.change import Progress, Upload
from lib.pack.imports.kinds import bound, kind_of, kinds
from lib.pack.imports.proposal import Proposal, propose
from lib.pack.load import load_pack
from lib.pack.manifest import MANIFEST
from lib.pack.models import TABLES
from lib.pack.snapshot import MEGABYTE, megabytes, read_file
from lib.pack.versions import (
    Version,
    apply,
    go_back,
    new_folder,
    refuse,
    refuse_unless_empty,
    shown_number,
    versions,
)

LARGEST_UPLOAD = 300 * MEGABYTE  # of all files of an import together
MOST_FILES = 50_000  # of a folder: the register has some 55,000 active services, of which few are home care
LISTED = 20
QUIET_SECONDS, BETWEEN_SECONDS = 2.0, 1.0  # before the first line of progress, and from one to the next
PREVIEW = ["part", "item", "before", "after"]
VERSIONS = ["number", "name", "made_at", "who", "why", "from_number", "kinds", "shown"]
TEMPLATES = "lib.pack.imports.templates"
FORMS = ("xlsx", "csv", "ods")

AddVerb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
Write = Callable[[pd.DataFrame, argparse.Namespace], None]


def add_import_verbs(add: AddVerb, write: Write) -> None:
    """Add the verbs. add: makes one of its name, what it runs, and words. write: prints a table as the options ask."""
    words = "what a file of the council, the CQC or the ONS changes in the pack; then a new version with it"
    verb = add("import", lambda options: run_import(options, write), words)
    verb.add_argument("kind", metavar="KIND", choices=list(kinds()), help=f"one of {', '.join(kinds())}")
    verb.add_argument(
        "files", nargs="+", metavar="FILE", help="a file, or a folder of the JSON of the CQC's public API"
    )
    where = verb.add_mutually_exclusive_group(required=True)
    words = "a pack, which gets a new version, or a folder that is empty or not there, which gets a whole pack"
    where.add_argument("--into", metavar="DIR", help=words)
    where.add_argument("--dry-run", action="store_true", help="only say what would change; nothing is written")
    # Where DIR is a pack, that one is meant unless the options name another.
    verb.set_defaults(pack=None, usual_pack=verb.get_default("pack"))
    back = add("go-back", lambda options: run_go_back(options, write), "make a new version of an older one's files")
    back.add_argument("number", type=int, metavar="N", help="of the version; 0 is the pack's own files")
    for one in (verb, back):
        one.add_argument("--who", default=None, metavar="WORDS", help="who (default: the name of the computer's user)")
        one.add_argument("--why", default="", metavar="WORDS", help="why")
    add("versions", lambda options: run_versions(options, write), "the versions of the pack, the newest first")
    words = "an empty file with the columns of a table, to be filled in and imported"
    verb = add("template", lambda options: run_template(options, write), words)
    verb.add_argument("table", metavar="TABLE", choices=list(TABLES), help=f"one of {', '.join(TABLES)}")
    verb.add_argument("out", metavar="OUT", help=f"the file to write: its name ends in {listed_forms()}")
    verb.add_argument("--filled", action="store_true", help="with the rows that the pack has")


def run_import(options: argparse.Namespace, write: Write) -> int:
    """Print what files would change, and make a version or a pack of it unless the run is dry."""
    uploads = list(read_uploads(options.files))
    target = None if options.dry_run else Path(options.into)
    inside = target is not None and is_pack(target)
    if target is not None and not inside:
        refuse_unless_empty(target)
    given = options.pack or options.usual_pack
    pack = load_pack(target if target is not None and inside and options.pack is None else given)
    if target is not None and inside and options.pack is not None:
        there = load_pack(target)
        if there.key != pack.key:
            found = f"a pack whose files are not those of {options.pack}"
            raise PackError([Fault(str(target), None, "", found, "the same, or no --pack beside --into")])
        pack = there
    kind = kind_of(options.kind)
    progress = told(sys.stderr)
    change = kind.read(pack, uploads, progress)
    progress(1.0, "Working out what it would change")
    proposal = propose(pack, change, (kind.code,), [upload.name for upload in uploads])
    rows = [*preview(proposal)]
    if target is not None and inside and not proposal.is_empty:
        made = apply(target, proposal, who(options), options.why)
        rows.append(("version", str(target), made.from_number, made.number))
    elif target is not None and not inside:
        new_folder(target, proposal.files)
        rows.append(("pack", str(target), None, "written"))
    write(pd.DataFrame(rows, columns=PREVIEW, dtype="object"), options)
    if target is None:
        print("Nothing was written.", file=sys.stderr)
    elif inside and proposal.is_empty:
        print(f"{target} has all of this already: nothing was written.", file=sys.stderr)
    return 0


def told(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Tell a terminal how far a long import is, a line now and then; a file or a program that reads gets none."""
    following = clock() + QUIET_SECONDS
    watched = stream.isatty()

    def progress(share: float, words: str) -> None:
        nonlocal following
        now = clock()
        if not watched or now < following:
            return
        following = now + BETWEEN_SECONDS
        # The name of a file may hold what a terminal would obey.
        plain = "".join(letter if letter.isprintable() else "?" for letter in words)
        print(f"{min(max(share, 0.0), 1.0):4.0%} {plain}", file=stream, flush=True)

    return progress


def who(options: argparse.Namespace) -> str:
    """Who imports: as the options say, else the name of the computer's user, "" where it has none."""
    if options.who is not None:
        return str(options.who)
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def is_pack(folder: Path) -> bool:
    """Whether a folder is a pack, whole or broken."""
    return os.path.lexists(folder / MANIFEST) or shown_number(folder) > 0


def read_uploads(names: Sequence[str]) -> Iterator[Upload]:
    """The files of the command line, those of a folder in the order of their names; PackError for what is none."""
    left, largest = LARGEST_UPLOAD, megabytes(LARGEST_UPLOAD)
    for path in itertools.chain.from_iterable(map(files_in, map(Path, names))):
        content, found = read_file(path, left)
        if found:
            expected = f"a file that may be read, all files together at most {largest}"
            raise PackError([Fault(path.name, None, "", found, expected)])
        left -= len(content)
        yield Upload(path.name, content)


def files_in(path: Path) -> list[Path]:
    """A file, or the files of a folder; PackError for a folder with nothing in it, or too much."""
    if not path.is_dir():
        return [path]
    try:
        with os.scandir(path) as entries:
            visible = (entry for entry in entries if not entry.name.startswith(".") and entry.is_file())
            found = sorted(Path(entry.path) for entry in itertools.islice(visible, MOST_FILES + 1))
    except OSError as error:
        raise PackError(
            [Fault(str(path), None, "", f"a folder that cannot be read ({error.strerror})", "a folder of files")]
        ) from error
    if not 0 < len(found) <= MOST_FILES:
        words = f"more than {MOST_FILES:,} files" if found else "a folder without files"
        raise PackError([Fault(str(path), None, "", words, f"a folder of 1 to {MOST_FILES:,} files")])
    return found


def preview(proposal: Proposal) -> Iterator[tuple[str, str, Any, Any]]:
    """What a proposal changes, in rows: part, item, before and after."""
    change = proposal.change
    yield "import", change.title, None, change.as_at or None
    yield from (("read", words, None, number) for words, number in change.counts)
    yield from (("note", words, None, None) for words in change.notes)
    for title, frame in change.lists.items():
        yield "list", title, None, len(frame)
        for row in frame.head(LISTED).itertuples(index=False):
            yield "list", f"{title}: {' / '.join('' if pd.isna(cell) else str(cell) for cell in row)}", None, None
    for table in proposal.tables:
        yield "rows", table.path, table.before, table.after
        for word in ("added", "changed", "dropped"):
            yield f"rows {word}", table.path, None, getattr(table, word)
        for word, row, what in table.examples.itertuples(index=False):
            yield f"row {word}", f"{table.path}: {row}", None, what
    for line in proposal.statuses.to_dict("records"):
        yield "status", line["title"], line["before"], line["after"]
        yield "credit", line["title"], None, line["credit"]
    effects = change_effects(proposal.old, proposal.new)
    for line in effects[effects["differs"]].to_dict("records"):
        item = f"{line['service']}: {line['label']} ({line['unit']})"
        yield "headline", item, line["before"], line["after"]
        if line["status_before"] != line["status_after"]:
            yield "headline status", item, line["status_before"], line["status_after"]
    for line in proposal.reconciliation.to_dict("records"):
        yield "reconciliation expected", line["fact_id"], line["expected_before"], line["expected_after"]
        yield "reconciliation actual", line["fact_id"], line["actual_before"], line["actual_after"]
    yield "rows missing", "at least", proposal.missing_before, proposal.missing_after
    yield from (("caution", words, None, None) for words in proposal.cautions)
    yield from (("settled", words, None, None) for words in proposal.settled)


def table_of(found: Sequence[Version], shown: int) -> pd.DataFrame:
    """Versions as a table."""
    rows = [
        (one.number, one.name, one.made_at, one.who, one.why, one.from_number, " ".join(one.kinds), one.number == shown)
        for one in found
    ]
    return pd.DataFrame(rows, columns=VERSIONS, dtype="object")


def run_versions(options: argparse.Namespace, write: Write) -> int:
    """Print the versions of a pack."""
    refuse_no_pack(Path(options.pack))
    write(table_of(versions(options.pack), shown_number(options.pack)), options)
    return 0


def run_go_back(options: argparse.Namespace, write: Write) -> int:
    """Make a version of an older one's files, and print it."""
    root = Path(options.pack)
    refuse_no_pack(root)
    made = go_back(root, options.number, shown_number(root), who(options), options.why)
    write(table_of([made], made.number), options)
    return 0


def refuse_no_pack(root: Path) -> None:
    """PackError where a folder is no pack."""
    if not is_pack(root):
        raise PackError([Fault(str(root), None, "", f"no {MANIFEST}", "the folder of a data pack")])


def run_template(options: argparse.Namespace, write: Write) -> int:
    """Write a table's template, or its rows in the template's form; say where."""
    out = Path(options.out)
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise PackError(
            [Fault(out.name, None, "", f"the name {quoted(out.name)}", f"one that ends in {listed_forms()}")]
        )
    pack = load_pack(options.pack)
    content: bytes = bound(f"{TEMPLATES}:{'filled' if options.filled else 'template'}")(options.table, pack, form)
    try:
        out.write_bytes(content)
    except OSError as error:
        refuse(out, error)
    if options.json:
        write(pd.DataFrame({"table": [options.table], "file": [str(out)], "bytes": [len(content)]}), options)
        return 0
    print(f"{options.table}: {'its rows are' if options.filled else 'an empty table is'} in {out}.")
    return 0


def listed_forms() -> str:
    """The ends of names that a template can have."""
    return f"{', '.join(f'.{form}' for form in FORMS[:-1])} or .{FORMS[-1]}"
