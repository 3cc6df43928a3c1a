"""A scenario in a link: its document, compressed, as one parameter that is checked like a file when it is read."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from urllib.parse import unquote

from lib.pack.load import Pack
from lib.whatif.scenarios.documents import ScenarioError, read_scenario
from lib.whatif.scenarios.scenario import Scenario, stamp

SOURCE = "the link"
WHOLE = "the link as it was made"
AROUND = re.compile(r"^[^\w-]+|[^\w-]+$")  # a sentence's own full stop, a bracket: what a mail client leaves
MOST_CHARACTERS = 12_000
MOST_BYTES = 200_000  # a few bytes can unpack to gigabytes


def to_link(scenario: Scenario, pack: Pack) -> str:
    """The scenario, stamped with its pack and base year, as text that may stand in a link."""
    document = json.dumps(stamp(pack, scenario).document(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.urlsafe_b64encode(zlib.compress(document.encode(), 9)).decode().rstrip("=")


def from_link(text: str, pack: Pack) -> Scenario:
    """The scenario of a link; ScenarioError where it is cut short, changed, too long or not for this pack.

    It may run beyond the population projection: lib.whatif.scenarios.documents.shortened cuts it.
    """
    if len(text) > MOST_CHARACTERS:
        limit = f"{MOST_CHARACTERS:,} at the most"
        raise ScenarioError("", f"a scenario of {len(text):,} characters", limit, SOURCE)
    text = AROUND.sub("", unquote(text))
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        document = unpacker.decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ScenarioError("", "a scenario that is cut short or changed", WHOLE, SOURCE) from error
    if not unpacker.eof:
        raise ScenarioError("", "a scenario that is cut short or too long", WHOLE, SOURCE)
    return read_scenario(document, pack, name=SOURCE, any_years=True)
