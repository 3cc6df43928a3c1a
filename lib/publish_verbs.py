"""The verb of the command line that makes a publication."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import pandas as pd

from lib.pack.load import Pack, load_pack
from lib.pack.numbered import folder_of
from lib.publish.publication import LOSSES
from lib.publish.read import EDITIONS
from lib.publish.report_words import in_sentences
from lib.whatif.decision.record import in_words
from lib.whatif.scenarios.presets import lever_faults, warnings_of
from lib.whatif.scenarios.scenario import Scenario

AddVerb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
Write = Callable[[pd.DataFrame, argparse.Namespace], None]
ReadScenario = Callable[[Pack, str], Scenario]


def add_publish_verb(add: AddVerb, write: Write, scenario_of: ReadScenario) -> None:
    """Add the verb. add, write: as for the verbs of imports; scenario_of: reads a scenario from a file, or stdin."""
    words = "the safe publication: open data and a summary for providers, after disclosure control"
    verb = add("publish", lambda options: run_publish(options, write, scenario_of), words)
    words = "a folder that is absent or empty, or a publication, which gets a further edition"
    verb.add_argument("folder", metavar="DIR", help=words)
    words = "a scenario whose forecast is published; may be given again; - reads it from stdin"
    verb.add_argument("--scenario", action="append", default=[], metavar="FILE", help=words)
    words = "an earlier publication in another folder, from which nothing more may be worked out"
    verb.add_argument("--previous", metavar="DIR", help=words)


def run_publish(options: argparse.Namespace, write: Write, scenario_of: ReadScenario) -> int:
    """Make an edition, and say where it is and what was suppressed; on stderr what is not used of the scenarios."""
    from lib.publish.editions import publish  # it draws charts, which no other verb should wait for

    pack = load_pack(options.pack)
    scenarios = [scenario_of(pack, file) for file in options.scenario]
    for warning in (*(words for one in scenarios for words in warnings_of(one, pack)), *lever_faults(pack)):
        print(warning, file=sys.stderr)
    edition = publish(pack, options.folder, scenarios, options.previous)
    about, report = edition.publication.about, edition.report
    if options.json:
        rows = [[getattr(one, name) for name in LOSSES] for one in report.losses]
        write(pd.DataFrame(rows, columns=list(LOSSES)), options)
        return 0
    place = folder_of(edition.folder, about.edition, EDITIONS)
    dated = f"edition {about.edition}, data to {in_words(about.as_of.isoformat())}"
    if not edition.new:
        print(f"{place}: nothing has changed since {dated}, and no new edition was made.")
        return 0
    print(f"{place}: {dated}.")
    for line in in_sentences(report):
        print(line)
    return 0
