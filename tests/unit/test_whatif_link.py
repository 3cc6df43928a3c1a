"""A scenario in a link: it comes back whole, and a wrong one is refused in one sentence."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest

from lib.pack.load import load_pack
from lib.whatif.scenarios.documents import ScenarioError, with_levers
from lib.whatif.scenarios.link import MOST_CHARACTERS, from_link, to_link
from lib.whatif.scenarios.presets import default_scenario, preset_scenario, presets
from lib.whatif.scenarios.scenario import stamp

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def pack():
    """The default pack."""
    return load_pack(DATA)


def test_every_preset_comes_back_whole(pack):
    for service in pack.manifest.services:
        for preset in presets(pack, service):
            scenario = preset_scenario(pack, service, preset.name)
            assert from_link(to_link(scenario, pack), pack) == stamp(pack, scenario)


def test_a_link_stays_short_and_plain(pack):
    scenario = default_scenario(pack, "domiciliary_care")
    growth = dict.fromkeys(pack.district_names(), 3.5)
    moved = with_levers(pack, scenario, {"demand.district_need_growth_pct": growth, "rationale": "Why? " * 40})
    text = to_link(moved, pack)
    assert len(text) < 900
    assert text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * (MOST_CHARACTERS + 1), "12,001 characters"),
        ("not base64!", "cut short or changed"),
        ("abcd", "cut short or changed"),
        (base64.urlsafe_b64encode(zlib.compress(b"[]")).decode(), "found"),
        (base64.urlsafe_b64encode(zlib.compress(b"x" * 300_000)).decode(), "too long"),
        (base64.urlsafe_b64encode(zlib.compress(b'{"name": "x"}')).decode(), "service"),
    ],
)
def test_a_wrong_link_is_refused_in_one_sentence(pack, text, words):
    with pytest.raises(ScenarioError, match="the link") as error:
        from_link(text, pack)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_link_that_was_cut_short_is_refused(pack):
    text = to_link(default_scenario(pack, "domiciliary_care"), pack)
    for length in (1, 10, len(text) // 2, len(text) - 8):
        with pytest.raises(ScenarioError):
            from_link(text[:length], pack)
