"""What a change would do to a pack, worked out in memory: nothing is written until a version is made of it."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from lib.pack.completeness import disagreements, missing_rows
from lib.pack.faults import MORE_CELLS, Fault, PackError, quoted
from lib.pack.geography import outline_faults
from lib.pack.imports.change import Change
from lib.pack.imports.new_manifest import changed_manifest
from lib.pack.imports.row_changes import TableChange, changed_tables
from lib.pack.load import Pack, pack_of
from lib.pack.manifest import MANIFEST
from lib.pack.plausibility import warnings_of
from lib.pack.reconcile import reconcile
from lib.pack.snapshot import EXPECTED, Snapshot, key_of, read_snapshot, texts_named

FILES_NAMED = 3
CELLS_NAMED = 4
RECONCILIATION = ["fact_id", "measure", "unit", "expected_before", "actual_before", "expected_after", "actual_after"]
STATUSES = ["resource", "title", "before", "after", "credit"]


class ChangedMeanwhile(PackError):
    """The pack on the disk is no longer the one that a change was made from."""

    def __init__(self, root: Path) -> None:
        """Say which."""
        expected = "the files that the change was worked out from: read the files to be imported again"
        super().__init__([Fault(str(root), None, "", "a pack that was changed meanwhile", expected)])


@dataclass(frozen=True, eq=False)
class Proposal:
    """A new state of a pack, whole and checked, and what would be different in it.

    change: that it is of. kinds: the codes of what is imported. from_number, from_key: the version that it was made
    from, and what names its bytes. files: of the new state, every one, by its path. old, new: the pack before and
    after. tables: of those whose rows differ, what is added, changed and dropped. statuses: of the resources whose
    status or credit turns, one row each: resource, title, before, after, credit. reconciliation: of the lines that
    differ: fact_id, measure, unit, and expected and actual before and after (NaN where there was no such line).
    missing_before, missing_after: how many rows that a pack must have are missing, at least. cautions: what the check
    says of the new pack and not of the old, in sentences; settled: the other way round.
    """

    change: Change
    kinds: tuple[str, ...]
    from_number: int
    from_key: str
    files: Mapping[str, bytes]
    old: Pack
    new: Pack
    tables: tuple[TableChange, ...]
    statuses: pd.DataFrame
    reconciliation: pd.DataFrame
    missing_before: int
    missing_after: int
    cautions: tuple[str, ...]
    settled: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return self.new.key == self.old.key

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, in short sentences, as a version keeps them."""
        rows = [table.sentence for table in self.tables]
        turning = [
            f"{row['title']}: {row['before'] or 'not there'} turns to {row['after']}."
            for _, row in self.statuses.iterrows()
            if row["before"] != row["after"]
        ]
        return (*rows, *turning)


def propose(pack: Pack, change: Change, kinds: Sequence[str] = (), uploads: Sequence[str] = ()) -> Proposal:
    """The pack as a change would make it, and what would be different.

    kinds: the codes of what is imported, for the version's note. uploads: the names of the files that came in, so that
    what is wrong with the rows made from one is said of it. ChangedMeanwhile: the pack's files are no longer those that
    `pack` was read from. PackError: the new pack could not be shown, with every fault; nothing was written.
    """
    snapshot = read_snapshot(pack.root)
    if snapshot.key != pack.key:
        raise ChangedMeanwhile(pack.root)
    files = new_files(snapshot.files, change, kinds[0] if kinds else "")
    made = Snapshot(snapshot.root, files, {}, (), key_of(files))
    try:
        new = pack_of(made)
    except PackError as error:
        raise PackError(faults_of_proposal(error.faults, change, uploads), error.manifest) from error
    before, after = said_by_check(pack), said_by_check(new)
    return Proposal(
        change, tuple(kinds), snapshot.number, snapshot.key, files, pack, new,
        tuple(changed_tables(pack, new)), turning_statuses(pack, new), changed_lines(pack, new),
        sum(one.rows for one in missing_rows(pack)), sum(one.rows for one in missing_rows(new)),
        tuple(words for words in after if words not in before), tuple(words for words in before if words not in after),
    )  # fmt: skip


def new_files(files: Mapping[str, bytes], change: Change, kind: str) -> dict[str, bytes]:
    """The files of the new pack; ValueError for a path that no pack has."""
    both = {**files, **change.files}
    both[MANIFEST] = changed_manifest(both[MANIFEST], change, both, kind)
    named = {*EXPECTED, *texts_named(both[MANIFEST])}
    for path in change.files:
        if path not in named:
            raise ValueError(f"{path} is no file of a pack")
    return {path: content for path, content in both.items() if path in named}


def faults_of_proposal(faults: Sequence[Fault], change: Change, uploads: Sequence[str]) -> list[Fault]:
    """The faults of a new pack, said of the upload; those of other files of the pack, of these.

    A fault of another file is one of what the upload leaves out or changes, which that file still goes by: there is one
    for all of a column, since one row that is left out may be wanted by thousands.
    """
    if not uploads:
        return list(faults)
    names = " and ".join(uploads) if len(uploads) <= FILES_NAMED else f"{len(uploads):,} files"
    found, elsewhere = list[Fault](), dict[tuple[str, str, str], list[Fault]]()
    for fault in faults:
        if fault.file in change.files:
            found.append(of_upload(fault, change.files[fault.file], names))
        else:
            elsewhere.setdefault((fault.file, fault.column, fault.expected), []).append(fault)
    return found + [of_the_pack(alike, names) for alike in elsewhere.values()]


def of_the_pack(faults: Sequence[Fault], names: str) -> Fault:
    """The faults of a column of another file of the pack as one, at the first of their rows."""
    first, single = faults[0], [fault for fault in faults if not fault.found.endswith(MORE_CELLS)]
    rest = sum(int(fault.found.split()[0].replace(",", "")) for fault in faults if fault not in single)
    different = list(dict.fromkeys(fault.found for fault in single))
    words = ", ".join(different[:CELLS_NAMED]) + (" and the like" if len(different) > CELLS_NAMED or rest else "")
    if first.row is not None and len(single) + rest > 1:
        words += f" in {len(single) + rest:,} rows"
    return replace(
        first, file=f"{first.file} of the pack", found=f"{words}, which {names} no longer agrees with",
        expected=f"{first.expected}: put that right in {names}, or change {first.file} first",
    )  # fmt: skip


def of_upload(fault: Fault, content: bytes, names: str) -> Fault:
    """A fault of a file that the change made, said of the upload.

    The rows of an upload may stand elsewhere than those made from it: a row goes by its first cells too.
    """
    found = fault.found
    if fault.row is not None and fault.file.endswith(".csv"):
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
        cells = next(itertools.islice(rows, fault.row - 1, None), [])
        found += f" in the row of {quoted(' / '.join(cells[:CELLS_NAMED]))}" if cells else ""
    return replace(fault, file=f"{names}, as {fault.file} of the pack", found=found)


def said_by_check(pack: Pack) -> dict[str, None]:
    """What the check of a pack says of its rows, outlines and figures, in sentences, each once, in order."""
    faults = (*missing_rows(pack), *disagreements(pack), *outline_faults(pack), *warnings_of(pack))
    return dict.fromkeys(str(fault) for fault in faults)


def turning_statuses(old: Pack, new: Pack) -> pd.DataFrame:
    """The resources whose status or credit differs: resource, title, before, after, credit."""
    before = {one.name: one for one in old.manifest.resources}
    rows = []
    for after in new.manifest.resources:
        known = before.get(after.name)
        if known is None or (known.status, known.credit) != (after.status, after.credit):
            rows.append((after.name, after.title, known.status if known else "", after.status, after.credit))
    return pd.DataFrame(rows, columns=STATUSES, dtype="str")


def changed_lines(old: Pack, new: Pack) -> pd.DataFrame:
    """The lines of the reconciliation that differ, before and after."""
    figures, words = ["expected", "actual"], ["measure", "unit"]
    before, after = (reconcile(pack).set_index("fact_id")[[*words, *figures]] for pack in (old, new))
    index = after.index.union(before.index, sort=False)
    before, after = before.reindex(index), after.reindex(index)
    table = after[words].fillna(before[words])
    for name in figures:
        table[f"{name}_before"], table[f"{name}_after"] = before[name].astype("float64"), after[name].astype("float64")
    same = pd.Series(True, index=index)
    for name in figures:
        one, other = table[f"{name}_before"], table[f"{name}_after"]
        same &= (one == other) | (one.isna() & other.isna())
    return table[~same].rename_axis("fact_id").reset_index()[RECONCILIATION]
