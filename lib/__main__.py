"""The command line: python -m lib VERB. Tables go to stdout, errors to stderr; see the README for every verb."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from lib.briefs_verb import add_brief_verb
from lib.import_verbs import add_import_verbs
from lib.market.basis import basis
from lib.market.not_given import not_given_notes, not_given_sentence, not_given_table
from lib.market.profile import profile
from lib.market.published.context import context_faults
from lib.market.published.intentions import intention_faults
from lib.market.ranked_lists.call_off import checked_lot
from lib.market.ranked_lists.placement import place
from lib.market.ranked_lists.resilience import exit_placements
from lib.market.selection import select
from lib.market.tables import as_csv, as_json
from lib.market.wording import counted, listed
from lib.pack.completeness import disagreements, missing_rows
from lib.pack.faults import Fault, PackError, SelectionError, quoted
from lib.pack.geography import outline_faults
from lib.pack.imports.change import Upload
from lib.pack.load import Pack, load_pack
from lib.pack.new_pack import known_services, new_pack, write_new_pack
from lib.pack.plausibility import warnings_of as pack_warnings
from lib.pack.quotations import quotation_faults
from lib.pack.reconcile import COLUMNS, difference_sentences, reconcile
from lib.pack.snapshot import megabytes
from lib.publish.content import name_faults
from lib.publish_verbs import add_publish_verb
from lib.slides_verb import add_slides_verb
from lib.whatif.backtest import BackTestError, backtest, why_no_ageing
from lib.whatif.backtest_words import proves_nothing, table_basis
from lib.whatif.decision.page import PAPER, record_page, save_page
from lib.whatif.decision.record import decision, record
from lib.whatif.decision.reproduce import differs, read_record, reproduce
from lib.whatif.decision.reproduce import warnings_of as record_warnings
from lib.whatif.project import COLUMNS as PROJECTION_COLUMNS
from lib.whatif.project import project
from lib.whatif.scenarios.documents import LARGEST, ScenarioError, read_scenario
from lib.whatif.scenarios.moving import move_scenarios
from lib.whatif.scenarios.presets import default_scenario, lever_faults, warnings_of
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.scenarios.store_faults import StoreError
from lib.whatif.season import season
from lib.whatif.uncertainty import uncertainty

LARGEST_UPLOAD = 300_000_000  # bytes
DEFAULT_PACK = Path(__file__).parent.parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status: 0, 1 for bad input, 2 for bad usage."""
    options = parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = options.run
    try:
        return verb(options)
    except (PackError, SelectionError, ScenarioError, StoreError, BackTestError) as error:
        print(error, file=sys.stderr)
        return 1


def piped(run: Callable[[], int]) -> int:
    """Run, and take no offence where the reader of the output has read enough, such as `head`."""
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def parser() -> argparse.ArgumentParser:
    """The verbs and their options."""
    root = argparse.ArgumentParser(
        prog="python -m lib", description="Demand, supply and quality of council-arranged care."
    )
    verbs = root.add_subparsers(metavar="VERB", required=True)
    add_verb(verbs, "check", on_pack(check), "validate the pack and reconcile it with the published totals")
    profile_verb = add_verb(
        verbs, "profile", on_pack(print_profile), "one row an area: demand, supply and quality joined"
    )
    profile_verb.add_argument("--service", required=True, metavar="S", help="the code of a service of the pack")
    profile_verb.add_argument("--service-type", action="append", default=[], metavar="T", help="may be given again")
    profile_verb.add_argument("--cohort", action="append", default=[], metavar="C", help="may be given again")
    profile_verb.add_argument("--group-by", default="district", metavar="G", help="district, county or a grouping")
    project_verb = add_verb(
        verbs, "project", on_pack(print_projection), "a scenario's projection, one row a year and lot"
    )
    project_verb.add_argument("scenario", metavar="SCENARIO.json", help="the scenario; - reads it from stdin")
    project_verb.add_argument("--range", action="store_true", help="percentiles over the scenario's draws instead")
    words = "a year's forecast from the month 12 before the last, held against what happened"
    test_verb = add_verb(verbs, "backtest", on_pack(print_backtest), words)
    test_verb.add_argument("--service", metavar="S", help="default: the scenario's, else the first of the pack")
    test_verb.add_argument("--scenario", metavar="FILE", help="default: the service's own; - reads it from stdin")
    test_verb.add_argument("--season", action="store_true", help="the share of each calendar month instead")
    place_verb = add_verb(verbs, "place", on_pack(print_placement), "new hours in a lot, placed down its ranked list")
    place_verb.add_argument("--service", required=True, metavar="S", help="the code of a service of the pack")
    place_verb.add_argument("--district", required=True, metavar="D", help="district_code")
    place_verb.add_argument("--service-type", required=True, metavar="T")
    place_verb.add_argument("--cohort", required=True, metavar="C")
    place_verb.add_argument("--hours", required=True, type=float, metavar="H", help="new hours a week")
    exit_verb = add_verb(verbs, "exit", on_pack(print_exit), "where the hours of a provider that leaves go, lot by lot")
    exit_verb.add_argument("providers", nargs="+", metavar="PROVIDER_ID", help="several leave together")
    record_verb = add_verb(verbs, "record", on_pack(write_record), "a scenario's decision record, as HTML or PDF")
    record_verb.add_argument("scenario", metavar="SCENARIO.json", help="the scenario; - reads it from stdin")
    record_verb.add_argument("page", metavar="OUT", help="the file to write, .html or .pdf")
    record_verb.add_argument("--who", default="", metavar="WORDS", help="who decided")
    record_verb.add_argument("--when", default="", metavar="DATE", help="when, such as 2026-03-12")
    record_verb.add_argument("--why", default="", metavar="WORDS", help="why")
    words = "whether today's program and pack give the figures of a decision record"
    reproduce_verb = add_verb(verbs, "reproduce", on_pack(print_reproduced), words)
    reproduce_verb.add_argument("record", metavar="RECORD", help="the page that record wrote; - reads it from stdin")
    add_verb(verbs, "schema", print_schema, "the JSON Schema of a scenario")
    move_verb = add_verb(verbs, "move-scenarios", print_move, "copy the saved scenarios of one store into another")
    where = "a SQLite file, a folder with scenarios.db, or the address of a database"
    move_verb.add_argument("--from", required=True, metavar="STORE", dest="source", help=where)
    move_verb.add_argument("--to", required=True, metavar="STORE", dest="target", help=where)
    add_import_verbs(partial(add_verb, verbs), write)
    add_publish_verb(partial(add_verb, verbs), write, given_scenario)
    add_slides_verb(partial(add_verb, verbs), write, given_scenario)
    add_brief_verb(partial(add_verb, verbs), given_scenario)
    words = "a valid pack with nothing in it but what is given: districts, residents, services"
    new_verb = add_verb(verbs, "new-pack", make_pack, words)
    new_verb.add_argument("--name", required=True, metavar="AREA", help="the area's name, as people read it")
    words = "outlines of its districts: a file, or a folder that python -m lib.pack.boundaries wrote"
    new_verb.add_argument("--boundaries", required=True, metavar="PLACE", help=words)
    new_verb.add_argument("--population", default="", metavar="FILE", help="residents by district, year and age band")
    words = f"codes with commas between them, of {', '.join(known_services())} (default: all)"
    new_verb.add_argument("--services", default="", metavar="CODE,...", help=words)
    words = "date of the data (default: see the README)"
    new_verb.add_argument("--as-of", default="", metavar="YYYY-MM-DD", help=words)
    new_verb.add_argument("--into", required=True, metavar="DIR", help="a folder that is absent or empty")
    for verb in (place_verb, exit_verb):
        words = "pass over providers that fail the quality gate"
        verb.add_argument("--skip-below-gate", action="store_true", help=words)
    return root


def on_pack(run: Callable[[Pack, argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A verb that works on the pack of its options."""
    return lambda options: run(load_pack(options.pack), options)


def default_pack() -> str:
    """The folder of the pack that is meant where the options name none."""
    return os.environ.get("PACK") or str(DEFAULT_PACK)


def add_verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    """A verb with the options that every verb has."""
    verb = verbs.add_parser(name, help=words, description=words)
    verb.add_argument(
        "--pack", default=default_pack(), metavar="DIR", help="folder of the data pack (default: PACK, or data)"
    )
    verb.add_argument("--json", action="store_true", help="JSON records instead of CSV")
    verb.set_defaults(run=run)
    return verb


def write(frame: pd.DataFrame, options: argparse.Namespace) -> None:
    """Print a table as the options ask."""
    print(as_json(frame) if options.json else as_csv(frame), end="\n" if options.json else "")


def check(pack: Pack, options: argparse.Namespace) -> int:
    """Print every line of the reconciliation; an error: a total that is off, missing rows, a wrong outline or lever.

    What is only unlikely is a warning on stderr, and no error; so is a note on a table that nobody has given yet.
    """
    lines = reconcile(pack)
    write(lines[COLUMNS], options)
    wrong = difference_sentences(lines)
    wrong += [str(fault) for fault in (*missing_rows(pack), *disagreements(pack))]
    wrong += [str(fault) for fault in (*outline_faults(pack), *lever_faults(pack), *intention_faults(pack))]
    wrong += [str(fault) for fault in (*context_faults(pack), *quotation_faults(pack), *name_faults(pack))]
    for note in not_given_notes(pack):
        print(f"note: {note}", file=sys.stderr)
    for sentence in (*wrong, *(f"warning: {warning}" for warning in pack_warnings(pack))):
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def make_pack(options: argparse.Namespace) -> int:
    """Write a new pack whole, and say what is still to be given; no other pack is read."""
    folder, boundaries = Path(options.into), uploads_of(options.boundaries)
    population = uploads_of(options.population) if options.population else []
    codes = [code.strip() for code in options.services.split(",") if code.strip()]
    files = new_pack(options.name, boundaries, population, codes, options.as_of)
    write_new_pack(files, folder)
    pack = load_pack(folder)
    if options.json:
        write(not_given_table(pack), options)
        return 0
    districts, services = pack.district_names(), [one.label for one in pack.manifest.services.values()]
    print(
        f"{folder}: {pack.manifest.area}, {counted(len(districts), 'district')}, {listed(services)}, "
        f"date of the data {pack.manifest.as_of}."
    )
    print(not_given_sentence(pack))
    return 0


def uploads_of(place: str) -> list[Upload]:
    """A file, or the files of a folder, as they came in; PackError where there is none."""
    path = Path(place)
    try:
        found = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
        large = next((one for one in found if one.stat().st_size > LARGEST_UPLOAD), None)
        if large is not None:
            size = f"a file of {megabytes(large.stat().st_size)}"
            raise PackError([Fault(large.name, None, "", size, f"a file of at most {megabytes(LARGEST_UPLOAD)}")])
        return [Upload(one.name, one.read_bytes()) for one in found]
    except OSError as error:
        instead = "no such file or folder" if isinstance(error, FileNotFoundError) else "a file that cannot be read"
        raise PackError([Fault(place, None, "", instead, "a file, or a folder of files")]) from None


def print_profile(pack: Pack, options: argparse.Namespace) -> int:
    """Print the profile of a selection."""
    selection = select(pack, options.service, options.service_type, options.cohort, options.group_by)
    write(profile(pack, selection), options)
    return 0


def print_projection(pack: Pack, options: argparse.Namespace) -> int:
    """Print the projection of a scenario, or its range; on stderr what is of another pack, and what is not used."""
    scenario = given_scenario(pack, options.scenario)
    for warning in (*warnings_of(scenario, pack), *lever_faults(pack)):
        print(warning, file=sys.stderr)
    write(uncertainty(pack, scenario) if options.range else project(pack, scenario)[PROJECTION_COLUMNS], options)
    return 0


def given_scenario(pack: Pack, file: str) -> Scenario:
    """The scenario of a file, or of stdin."""
    if file == "-":
        return read_scenario(sys.stdin.buffer.read(LARGEST + 1), pack, "stdin")
    return read_scenario(Path(file), pack)


def print_backtest(pack: Pack, options: argparse.Namespace) -> int:
    """Print forecasts beside what happened, or the seasons; on stderr what a reader must know of them."""
    service = None if options.service is None else select(pack, options.service).service
    if options.scenario is not None:
        scenario = given_scenario(pack, options.scenario)
        if service and scenario.service != service:
            label = "stdin" if options.scenario == "-" else Path(options.scenario).name
            raise ScenarioError("service", quoted(scenario.service), f"{service}, as --service says", label)
    else:
        scenario = default_scenario(pack, service or next(iter(pack.manifest.services)))
    table = season(pack, scenario.service) if options.season else backtest(pack, scenario)
    inputs = basis("history") if options.season else table_basis(pack, scenario)
    no_ageing = "" if options.season else why_no_ageing(pack, scenario.service)
    for warning in (*warnings_of(scenario, pack), *lever_faults(pack), no_ageing, proves_nothing(pack, inputs)):
        if warning:
            print(warning, file=sys.stderr)
    write(table, options)
    return 0


def write_record(pack: Pack, options: argparse.Namespace) -> int:
    """Write a scenario's decision record; say where, or print the figures that it holds."""
    scenario = given_scenario(pack, options.scenario)
    decided = decision(options.who, options.when, options.why)
    for warning in (*warnings_of(scenario, pack), *lever_faults(pack)):
        print(warning, file=sys.stderr)
    values = record(pack, scenario, decided)
    path = Path(options.page)
    save_page(path, record_on_paper(pack, values) if path.suffix.lower() == PAPER else record_page(values).encode())
    figures = pd.DataFrame({"figure": list(values["figures"]), "recorded": pd.Series(values["figures"], dtype=object)})
    if options.json:
        write(figures, options)
    else:
        print(f"{scenario.name}: {len(figures):,} figures are recorded in {options.page}.")
    return 0


def record_on_paper(pack: Pack, values: dict[str, Any]) -> bytes:
    """A decision record as the bytes of a PDF."""
    from lib.export.briefs.pdf import to_pdf  # it draws charts, which no other verb should wait for
    from lib.export.briefs.record import record_brief

    return to_pdf(record_brief(pack, values))


def print_reproduced(pack: Pack, options: argparse.Namespace) -> int:
    """Print a record's figures beside today's; an error where any differs. On stderr what else is not as it was."""
    recorded = read_record(options.record, pack)
    for warning in record_warnings(recorded, pack):
        print(warning, file=sys.stderr)
    table = reproduce(recorded, pack)
    write(table, options)
    wrong = table.loc[differs(table), "figure"]
    if len(wrong):
        named = f"{', '.join(wrong[:5])}{', …' if len(wrong) > 5 else ''}"
        print(f"{len(wrong):,} of {len(table):,} figures differ from the record: {named}", file=sys.stderr)
    return 1 if len(wrong) else 0


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a scenario: the same for every pack, so that none is read."""
    del options
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0


def print_move(options: argparse.Namespace) -> int:
    """Copy saved scenarios, and say what was done; an error where some differ in the target and were left alone."""
    moved = move_scenarios(options.source, options.target)
    if options.json:
        write(moved.table(), options)
    if moved.left or not options.json:
        print(moved, file=sys.stderr if moved.left else sys.stdout)
    return 1 if moved.left else 0


def print_placement(pack: Pack, options: argparse.Namespace) -> int:
    """Print where new hours in a lot go."""
    lot = checked_lot(pack, options.service, options.district, options.service_type, options.cohort)
    write(place(pack, lot, options.hours, options.skip_below_gate), options)
    return 0


def print_exit(pack: Pack, options: argparse.Namespace) -> int:
    """Print where the hours of providers that leave go."""
    write(exit_placements(pack, tuple(options.providers), options.skip_below_gate), options)
    return 0


if __name__ == "__main__":
    sys.exit(piped(main))
