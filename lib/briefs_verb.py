"""The verb of the command line that makes briefs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lib.market.selection import select
from lib.market.wording import counted
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack, load_pack
from lib.pack.whole_file import write_whole
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.presets import lever_faults, warnings_of
from lib.whatif.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from lib.export.briefs.making import Source

AddVerb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
ReadScenario = Callable[[Pack, str], Scenario]
ENDINGS = {".pdf": "pdf", ".html": "html", ".htm": "html"}
A_NAME = "a name that ends in .pdf or .html"


def add_brief_verb(add: AddVerb, scenario_of: ReadScenario) -> None:
    """Add the verb. add: as for the verbs of imports; scenario_of: reads a scenario from a file, or stdin."""
    words = "two pages on a district or on a scenario, to print, sign and file"
    verb = add("brief", lambda options: run_brief(options, scenario_of), words)
    words = (
        "the file to write, .pdf or .html; with --all also a folder (one that is there, or a name that ends in /), "
        "which gets one PDF a district"
    )
    verb.add_argument("out", metavar="OUT", help=words)
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--district", metavar="D", help="a district's code or name")
    which.add_argument(
        "--all", action="store_true", help="every district, behind each other in one file, or in a folder"
    )
    words = "the code of a service (default: each service, two pages each; with a scenario, the scenario's)"
    verb.add_argument("--service", metavar="S", help=words)
    words = (
        "the scenario of the years ahead (default: the service's own); without --district and --all, the brief is of "
        "the scenario itself; - reads it from stdin"
    )
    verb.add_argument("--scenario", metavar="FILE", help=words)
    verb.add_argument("--who", default="", metavar="WORDS", help="the scenario's author")
    words = "market: only what a publication tells, small numbers suppressed as c"
    verb.add_argument("--audience", choices=("inside", "market"), default="inside", help=words)
    words = "for the market: a publication that is there (default: the one that would be made now)"
    verb.add_argument("--publication", metavar="DIR", help=words)


def run_brief(options: argparse.Namespace, scenario_of: ReadScenario) -> int:
    """Make the briefs that are asked for, and say where they are; on stderr how far it has come."""
    out = Path(options.out)
    folder = bool(options.all) and (options.out.endswith(("/", os.sep)) or out.is_dir())
    check_asked(options, out, folder)
    # They draw charts, which no other verb should wait for.
    from lib.export.briefs import making, market

    inside = options.audience == "inside"
    alone = not inside and options.publication is not None and options.scenario is None
    pack = None if alone else load_pack(options.pack)
    service, scenario = options.service, None
    if pack is not None:
        service = None if service is None else select(pack, service).service
        scenario = None if options.scenario is None else scenario_of(pack, options.scenario)
    if pack is not None and scenario is not None:
        if service is not None and scenario.service != service:
            raise ScenarioError("service", quoted(scenario.service), f"{service}, as --service says")
        for warning in (*warnings_of(scenario, pack), *lever_faults(pack)):
            print(warning, file=sys.stderr)
    services = () if service is None else (service,)
    source: Source
    if inside and pack is not None:
        source = making.Inside(pack, services, scenario, options.who)
    else:
        source = market.for_market(pack, services, scenario, options.publication)
    names = source.names()
    code = None if options.district is None else making.district_code(names, options.district)
    if folder:
        return write_folder(out, source)
    kind = ENDINGS[out.suffix.lower()]
    if options.all:
        what, brief = counted(len(names), "district"), source.in_one(say)
    elif code is not None:
        what, brief = names[code], source.of_district(code)
    else:
        brief = source.of_scenario()
        what = scenario.name if scenario is not None else ""
    save(out, making.rendered(brief, kind))
    print(f"{what}: the brief is in {out}.")
    return 0


def check_asked(options: argparse.Namespace, out: Path, folder: bool) -> None:
    """SelectionError, one sentence, where what is asked for cannot be made."""
    if not (options.all or options.district is not None or options.scenario is not None):
        raise SelectionError("brief: found neither a district nor a scenario, expected --district, --all or --scenario")
    if not folder and out.suffix.lower() not in ENDINGS:
        also = ", or a folder" if options.all else ""
        raise SelectionError(f"OUT: found {quoted(out.name)}, expected {A_NAME}{also}")
    if options.publication is not None and options.audience != "market":
        raise SelectionError("--publication: found it for the audience inside, expected --audience market beside it")


def say(place: int, of: int, name: str) -> None:
    """Say how far it has come."""
    print(f"{place} of {of}: {name}", file=sys.stderr)


def write_folder(out: Path, source: Source) -> int:
    """One PDF a district in a folder, which is made where it is not there."""
    from lib.export.briefs import making

    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        found = f"OUT: found a folder that cannot be made ({error.strerror})"
        raise SelectionError(f"{found}, expected one in a folder that is there") from None
    names = source.names()
    for code, brief in source.of_every_district(say):
        name = making.file_name(f"{code}_{names[code]}", "pdf", internal=source.internal)
        save(out / name, making.rendered(brief, "pdf"))
    print(f"{counted(len(names), 'district')}: the briefs are in {out}.")
    return 0


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; SelectionError where its folder will not do."""
    try:
        write_whole(path, content)
    except OSError as error:
        found = f"a file that cannot be written ({error.strerror})"
        raise SelectionError(f"{path.name}: found {found}, expected a folder that is there, with room in it") from None
