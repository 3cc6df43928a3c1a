"""The publication that would be made now, written nowhere: for the council to look at before it publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.pack.load import Pack
from lib.publish.content import publication_of, refuse_names, refuse_unknown_names
from lib.publish.control import release
from lib.publish.editions import LIMIT_SECONDS, editions_in, refuse_other_pack
from lib.publish.publication import EarlierEdition, Publication
from lib.publish.read import read
from lib.publish.report import Report
from lib.publish.why import Place, Why, reasons
from lib.whatif.scenarios.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Preview:
    """A publication that is not written, and what is for the council alone: the report, and why each cell is c."""

    publication: Publication
    report: Report
    why: Mapping[Place, Why]


def preview(
    pack: Pack, folder: Path | str, scenarios: Sequence[Scenario] = (), limit_seconds: float = LIMIT_SECONDS
) -> Preview:
    """What `lib.publish.editions.publish` would write into the folder now. PackError, ScenarioError: as there."""
    root = Path(folder)
    refuse_unknown_names(pack)
    refuse_names(pack, scenarios)
    own = [read(root, number) for number in editions_in(root)]
    for one in own:
        refuse_other_pack(one, root, pack)
    before = [one.release for one in own]
    safe = release(pack, list(scenarios), before, limit_seconds)
    number = max((one.about.edition for one in own), default=0) + 1
    earlier = [EarlierEdition(edition=one.about.edition, as_of=one.about.as_of) for one in own]
    made = publication_of(pack, safe, scenarios, number, earlier, own[-1] if own else None)
    return Preview(made, safe.report, reasons(pack, safe, scenarios, before))
