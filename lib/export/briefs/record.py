"""A decision record on paper: what its page of HTML says, part by part, with its values as a file within the PDF."""

from __future__ import annotations

import datetime as dt
import json

from lib.export.briefs.scenario import as_table
from lib.export.briefs.tree import Brief, Bullets, Heading, Paragraph, Part, Terms, Tile, Tiles
from lib.pack.load import Pack
from lib.whatif.decision import content
from lib.whatif.decision.content import AGAIN, NOT_SAID, NOTHING_MOVED, TO_REPRODUCE, Values
from lib.whatif.scenarios.presets import NO_REASON

ATTACHED = "decision-record.json"


def record_brief(pack: Pack, values: Values) -> Brief:
    """The record as a document. values: see lib.whatif.decision.record.record."""
    heads, status = content.titles(values), str(values["status"])
    moved, default = content.levers(values, "scenario"), content.levers(values, "default")
    before, after = AGAIN
    parts: list[Part] = [
        Paragraph("Decision record", "kicker"),
        Heading(1, values["name"]),
        Paragraph(" ".join(values["marks"]), "mark"),
        Paragraph(content.of_whom(values)),
        Terms(tuple(content.decided(values))),
        Heading(2, "Why"),
        *map(Paragraph, content.lines(values["why"], NOT_SAID)),
        Heading(2, "Why these levers"),
        *map(Paragraph, content.lines(values["scenario"]["rationale"], NO_REASON)),
        Heading(2, heads["result"]),
        Paragraph(values["sentence"], "sentence"),
        Tiles(tuple(Tile(label, value, status) for label, value in content.tiles(values))),
        Terms(tuple(content.further(values))),
        Paragraph(content.status_note(values), "note"),
        Heading(2, heads["county"]),
        as_table(content.county(values), (4, 2, 2, 2, 3), status),
        Heading(2, heads["districts"]),
        as_table(content.districts(values), (3, *(2,) * (len(content.districts(values).heads) - 1)), status),
        Heading(2, heads["levers"]),
        as_table(moved, (3, 3, 3, 2, 3)) if moved else Paragraph(NOTHING_MOVED),
        Heading(2, heads["defaults"]),
        as_table(default, (4, 3, 2, 6)) if default else Paragraph(NOTHING_MOVED),
        Heading(2, heads["basis"]),
        as_table(content.basis(values), (4, 2, 9)),
        Paragraph(content.sources(values)),
        Bullets(tuple(values["caveats"])),
        Heading(2, heads["again"]),
        Terms(tuple(content.made_with(values))),
        Paragraph(f"{before.replace('this page', f'the file {ATTACHED} within this one')}{TO_REPRODUCE}{after}"
                  " It reads the page of HTML."),
    ]  # fmt: skip
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, indent=1)
    dated = dt.date.fromisoformat(values["when"]) if values["when"] else pack.manifest.as_of
    title = content.title(values)
    return Brief(title, tuple(values["marks"]), dated, tuple(parts), content.of_whom(values), ((ATTACHED, text),))
