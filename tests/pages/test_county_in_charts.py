"""The county's line among the ranked bars, and its column in an area's story: only where it is an average."""

from __future__ import annotations

import math
from typing import Any

import pytest
from app_pages import OVERVIEW, choose_indicator, indicator_codes, open_page, values

from lib.view.market import picture

MALDON = "E07000074"
# Written out: every indicator that a map may shade, and whether the county's figure is drawn beside its districts'.
LINES = {
    "coverage": True,
    "shortfall_share": True,
    "demand_hours_per_1000": True,
    "people_per_1000": True,
    "hours_per_person": True,
    "waiting_share": True,
    "median_days_to_source": True,
    "people_per_provider": False,
    "spot_share": True,
    "hourly_cost": True,
    "cost_per_person": True,
    "rural_share": True,
    "largest_provider_share": False,
    "hhi": False,
    "good_or_better_share": True,
    "not_rated_share": True,
    "gate_fail_share": True,
    "good_or_better_safe": True,
    "good_or_better_effective": True,
    "good_or_better_caring": True,
    "good_or_better_responsive": True,
    "good_or_better_well_led": True,
}
NO_LINE = "No line is drawn for Essex: the whole county's figure is no average of its areas'."


def test_every_ranking_has_the_county_line_only_where_it_is_an_average(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, Any]] = []
    draw = picture.ranked_bars

    def watched(*args: Any, **words: Any) -> Any:
        drawn.append(words)
        return draw(*args, **words)

    monkeypatch.setattr(picture, "ranked_bars", watched)
    app = open_page(OVERVIEW)
    assert indicator_codes(app) == list(LINES)
    for code, line in LINES.items():
        choose_indicator(app, code)
        assert math.isfinite(drawn[-1]["reference"]) == line, code
        assert drawn[-1]["reference_label"].startswith("Essex ") == line, code
        assert any(NO_LINE in text for text in values(app, "markdown")) != line, code


def test_an_area_story_says_what_cannot_be_compared() -> None:
    app = open_page(OVERVIEW, district=MALDON)
    (story,) = [one.value for one in app.dataframe if "Measure" in one.value.columns]
    beside = story.set_index("Measure")["Essex"]
    assert beside["Providers"] == beside["Largest provider's share"] == "not comparable"
    assert beside["Spot share"] == "10.2%"
    assert "Not comparable: the whole county's figure is no average of its areas'." in values(app, "caption")


@pytest.mark.parametrize(("service", "said"), [("short_breaks", True), ("domiciliary_care", False)])
def test_a_ranking_of_an_assumed_rate_says_that_it_is_assumed(service: str, said: bool) -> None:
    lines = values(open_page(OVERVIEW, service=service, indicator="hourly_cost"), "markdown")
    words = "Neither hours nor a rate are published: £25.00 is an assumption of this dashboard."
    assert any(words in text for text in lines) == said
