"""The verb of the command line that makes slides."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lib.market.selection import select
from lib.market.wording import counted
from lib.pack.faults import Fault, PackError, SelectionError, quoted
from lib.pack.load import Pack, load_pack
from lib.pack.whole_file import write_whole
from lib.whatif.scenarios.presets import lever_faults, warnings_of
from lib.whatif.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from lib.export.slides.records import Shown

AddVerb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
Write = Callable[[pd.DataFrame, argparse.Namespace], None]
ReadScenario = Callable[[Pack, str], Scenario]

INSIDE, MARKET = "inside", "market"
OWN_FOLDER = ".care-market"
LARGEST_TEMPLATE = 50_000_000  # bytes
WORKING = "Working out what may be shown to the market: this can take a minute."


def add_slides_verb(add: AddVerb, write: Write, scenario_of: ReadScenario) -> None:
    """Add the verb. add, write: as for the verbs of imports; scenario_of: reads a scenario from a file, or stdin."""
    words = "an editable deck of slides: native maps, charts and tables, with sources in the notes"
    verb = add("slides", lambda options: run_slides(options, write, scenario_of), words)
    verb.add_argument("out", metavar="OUT.pptx", help="the file to write")
    verb.add_argument("--service", metavar="S", help="default: every service that has figures")
    verb.add_argument("--scenario", metavar="FILE", help="of the years ahead; - reads it from stdin")
    verb.add_argument("--order", metavar="NAME", help="a saved running order, whose views become the slides")
    words = "where running orders are saved: a file, folder or database (default: SCENARIOS, or your own folder)"
    verb.add_argument("--store", metavar="STORE", help=words)
    verb.add_argument("--template", metavar="FILE", help="the council's own .pptx or .potx, with its layouts and fonts")
    words = "inside: all figures, not to be shared; market: only what a publication shows"
    verb.add_argument("--audience", choices=(INSIDE, MARKET), default=INSIDE, help=words)
    words = "with --audience market: a publication's folder (default: the publication that would be made now)"
    verb.add_argument("--publication", metavar="DIR", help=words)


def run_slides(options: argparse.Namespace, write: Write, scenario_of: ReadScenario) -> int:
    """Write a deck, and say where it is; on stderr what is not used of the scenario, and views without a slide."""
    out = Path(options.out)
    refuse_place(out)
    refuse_mixed(options)
    template = None if options.template is None else read_template(Path(options.template))
    if options.audience == MARKET:
        content, number = market_deck(options, template, scenario_of)
    else:
        content, number = inside_deck(options, template, scenario_of)
    save(out, content)
    if options.json:
        write(pd.DataFrame({"file": [str(out)], "slides": [number], "bytes": [len(content)]}), options)
        return 0
    mark = "for the market" if options.audience == MARKET else "internal, do not share"
    print(f"{out}: {counted(number, 'slide')}, {mark}.")
    return 0


def refuse_mixed(options: argparse.Namespace) -> None:
    """PackError for options that do not go together."""
    if options.publication and options.audience != MARKET:
        raise fault("--publication", "--audience inside", "--audience market beside it")
    if options.order and options.audience == MARKET:
        raise fault("--order", "--audience market", "--audience inside, as its views show inside figures")
    if options.order and (options.service or options.scenario):
        named = "--service" if options.service else "--scenario"
        raise fault("--order", f"{named} beside it", "no other choice, as its views say what they show")
    if options.publication and options.scenario:
        raise fault("--scenario", "--publication beside it", "none, as a publication has its own scenarios")


def fault(place: str, found: str, expected: str) -> PackError:
    """What is wrong, in one sentence."""
    return PackError([Fault(place, None, "", found, expected)])


def refuse_place(out: Path) -> None:
    """PackError where no deck can be written to a place."""
    if out.suffix.lower() != ".pptx":
        raise fault(out.name or str(out), f"the name {quoted(out.name)}", "one that ends in .pptx")
    if out.is_dir():
        raise fault(str(out), "a folder", "a file to write")
    if not out.parent.is_dir():
        raise fault(str(out.parent), "no such folder", "a folder to write into")


def read_template(path: Path) -> bytes:
    """The bytes of a template's file; PackError where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEMPLATE + 1)
    except OSError as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else "a file that cannot be read"
        raise fault(str(path), found, "a PowerPoint file that ends in .pptx or .potx") from error
    if len(content) > LARGEST_TEMPLATE:
        raise fault(path.name, "a larger file", f"one of at most {LARGEST_TEMPLATE // 1_000_000} MB")
    return content


def inside_deck(options: argparse.Namespace, template: bytes | None, scenario_of: ReadScenario) -> tuple[bytes, int]:
    """The deck for the inside, and how many slides it has."""
    from lib.export.slides.deck import deck, number_of_slides  # python-pptx, which no other verb should wait for
    from lib.export.slides.records import services_with_figures, slides_of

    pack = load_pack(options.pack)
    if options.order:
        slides = ordered(options, pack)
    else:
        scenario = None if options.scenario is None else scenario_of(pack, options.scenario)
        warn(pack, [scenario] if scenario else [])
        services = [select(pack, options.service).service] if options.service else services_with_figures(pack)
        if scenario and scenario.service not in services:
            expected = f"{', '.join(services)}, as the slides are of that"
            raise fault(str(options.scenario), f"a scenario of {quoted(scenario.service)}", expected)
        slides = slides_of(pack, services, scenario)
    content = deck(pack, slides, template, Path(options.template).name if options.template else "")
    return content, number_of_slides(content)


def ordered(options: argparse.Namespace, pack: Pack) -> list[Shown]:
    """The slides of the running order that the options name."""
    from lib.export.slides.running import slides_of_order
    from lib.whatif.running_orders.named import order_named
    from lib.whatif.running_orders.order import OrderError
    from lib.whatif.scenarios.moving import place_of
    from lib.whatif.scenarios.store import open_store

    where = options.store or os.environ.get("SCENARIOS") or str(Path.home() / OWN_FOLDER)
    try:
        order = order_named(open_store(place_of(where), create=False), pack, options.order)
        slides, doubts = slides_of_order(pack, order)
    except OrderError as error:
        raise SelectionError(str(error)) from error
    for doubt in doubts:
        print(doubt, file=sys.stderr)
    return slides


def market_deck(options: argparse.Namespace, template: bytes | None, scenario_of: ReadScenario) -> tuple[bytes, int]:
    """The deck for the market, of a publication alone, and how many slides it has."""
    from lib.export.slides.deck import deck_of_publication, number_of_slides
    from lib.publish.preview import preview
    from lib.publish.read import read

    if options.publication:
        publication = read(options.publication)
    else:
        pack = load_pack(options.pack)
        scenarios = [] if options.scenario is None else [scenario_of(pack, options.scenario)]
        warn(pack, scenarios)
        if options.service:
            select(pack, options.service)
        print(WORKING, file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as empty:
            publication = preview(pack, empty, scenarios).publication
    known = list(publication.about.services)
    if options.service and options.service not in known:
        raise fault("--service", quoted(options.service), f"one of {', '.join(known)}")
    name = Path(options.template).name if options.template else ""
    content = deck_of_publication(publication, [options.service] if options.service else known, template, name)
    return content, number_of_slides(content)


def warn(pack: Pack, scenarios: list[Scenario]) -> None:
    """Say on stderr what is not used of scenarios."""
    for warning in (*(words for one in scenarios for words in warnings_of(one, pack)), *lever_faults(pack)):
        print(warning, file=sys.stderr)


def save(out: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    try:
        write_whole(out, content)
    except OSError as error:
        raise fault(str(out), f"a file that cannot be written ({error.strerror})", "a place with room in it") from error
