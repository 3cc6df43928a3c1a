"""What a market page shows of an indicator, against the figures of lib.market themselves: lib.view.market.picture."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lib.market.indicators import mapped_indicators
from lib.market.profile import profiles
from lib.market.selection import Selection, areas, select
from lib.market.sentence import market_sentence, ranked
from lib.market.unknown import shown
from lib.pack.load import Pack, load_pack
from lib.view.live.request import MOST_KNOWN
from lib.view.market.figures import market_figures, shown_figures
from lib.view.market.filters import Choice
from lib.view.market.picture import Picture, market_picture

ROOT = Path(__file__).parent.parent.parent
HOME, BREAKS = "domiciliary_care", "short_breaks"
MALDON = "E07000074"
# Service, types, cohorts and grouping: all, some, one lot, and lots of which some are empty.
FILTERS = [
    (HOME, (), (), "district"),
    (HOME, ("live_in_24h",), (), "district"),
    (HOME, ("night_awake", "personal_care"), ("older_people",), "quadrant"),
    (HOME, (), ("working_age_adults",), "district"),
    (BREAKS, (), (), "district"),
    (BREAKS, (), (), "quadrant"),
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def drawn(pack: Pack, selection: Selection, indicator: str, area: str | None = None, **more: Any) -> Picture:
    """The picture of an indicator."""
    choice = Choice(selection, mapped_indicators(pack)[indicator], area)
    market = market_figures(pack, pack.key, selection)
    painted = shown_figures(pack, pack.key, selection, indicator)
    return market_picture(pack, choice, market, painted, dark=more.pop("dark", False), **more)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_every_indicator_shows_the_figures_of_the_market(
    pack: Pack, filters: tuple[str, tuple[str, ...], tuple[str, ...], str]
) -> None:
    service, types, cohorts, group_by = filters
    selection = select(pack, service, types, cohorts, group_by)
    frame, county = profiles(pack, selection)
    known = areas(pack, group_by)
    area_of = dict(zip(known["district_code"], known["area_code"], strict=True))
    names = pack.district_names()
    for code, indicator in mapped_indicators(pack).items():
        found = drawn(pack, selection, code)
        json.dumps(found, allow_nan=False)
        assert found["say"]["lead"] == market_sentence(pack, selection, frame, county, indicator), code
        rows = found["charts"]["bars"]["rows"]
        order = ranked(frame, indicator)
        assert [row["area_code"] for row in rows] == order["area_code"].tolist(), code
        figures = dict(zip(order["area_code"], order[code].astype(float), strict=True))
        for row in rows:
            value = figures[row["area_code"]]
            assert row["shown"] == shown(pack, selection, row["area_code"], code, value), code
            if math.isfinite(value):
                assert row["value"] == pytest.approx(value, rel=1e-3, abs=1e-4), code
            else:
                assert "value" not in row, code
        assert f"{rows[0]['area_name']} {rows[0]['shown']}" in found["charts"]["bars"]["words"], code
        # The map: the same figure, in the same colour, in the district's own outline.
        colours = {row["area_code"]: (row["shown"], row["colour"]) for row in rows}
        painted = found["map"]["scene"]["areas"]
        assert set(painted) == set(names)
        classes = {entry["fill"] for entry in found["map"]["legend"]}
        for district, area in painted.items():
            figure, colour = colours[area_of[district]]
            assert f": {figure}\n" in area["tooltip"], code
            assert area["label"] == names[district]
            if math.isfinite(figures[area_of[district]]):
                assert area["fill"] == colour and colour in classes, code
            else:
                assert "fill" not in area and found["map"]["some_missing"], code


def test_coverage_says_who_waits_and_what_is_short(pack: Pack) -> None:
    found = drawn(pack, select(pack, HOME), "coverage")
    assert found["say"]["beneath"].startswith("People wait above 1.00 too: about 2,560 hours a week")
    assert "short" in found["map"]["scene"]["areas"][MALDON]["tooltip"]
    assert drawn(pack, select(pack, HOME), "spot_share")["say"]["beneath"] == ""


def test_the_chosen_area_is_marked_on_the_map_and_among_the_bars(pack: Pack) -> None:
    found = drawn(pack, select(pack, HOME), "coverage", MALDON)
    assert [code for code, area in found["map"]["scene"]["areas"].items() if area.get("selected")] == [MALDON]
    assert [row["area_code"] for row in found["charts"]["bars"]["rows"] if row["chosen"]] == [MALDON]
    assert found["chosen"] == {"indicator": "coverage", "area": MALDON}


def test_a_definition_is_sent_once_and_a_few_serve_every_indicator(pack: Pack) -> None:
    known: list[str] = []
    for service in (HOME, BREAKS):
        for code in mapped_indicators(pack):
            found = drawn(pack, select(pack, service), code, known=known)
            key = found["charts"]["bars"]["definition"]
            assert list(found["definitions"]) == ([] if key in known else [key])
            known = [*dict.fromkeys([*known, key])]
    assert len(known) <= 10 < MOST_KNOWN
    dark = drawn(pack, select(pack, HOME), "coverage", known=known, dark=True)
    assert dark["definitions"], "another ink, another definition"
    assert dark["map"]["scene"]["dark"] is True


def test_a_picture_is_small(pack: Pack) -> None:
    for code in mapped_indicators(pack):
        found = drawn(pack, select(pack, HOME), code)
        found["definitions"] = {}
        assert len(json.dumps(found).encode()) <= 10 * 1024, code


def test_no_figure_is_changed_by_drawing_it(pack: Pack) -> None:
    """What is kept for every session stays as it is."""
    selection = select(pack, HOME)
    painting, _ = shown_figures(pack, pack.key, selection, "coverage")
    before = painting.rows.copy()
    drawn(pack, selection, "coverage", MALDON)
    pd.testing.assert_frame_equal(painting.rows, before)
