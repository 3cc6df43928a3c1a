"""Presets that cite what they rest on, and the one that follows from the history."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pack_copies
import pytest

from lib.pack.load import Pack, load_pack
from lib.whatif.project import project
from lib.whatif.scenarios.pace import RECENT_PACE, recent_pace
from lib.whatif.scenarios.presets import preset_scenario, presets

HOME, BREAKS = "domiciliary_care", "short_breaks"


def history(root: Path, change: Any) -> Pack:
    """The pack with its history changed, row by row (None leaves a row out)."""
    path = root / "market/history.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [found for row in csv.DictReader(handle) if (found := change(dict(row))) is not None]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return load_pack(root)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pack_copies.copy_pack(tmp_path / "pack")


@pytest.mark.parametrize(("year", "uplift"), [("2025/26", 5.3), ("2024/25", 6.5), ("2023/24", 9.6)])
def test_fees_rise_as_they_did_in_england(pack: Pack, year: str, uplift: float) -> None:
    scenario = preset_scenario(pack, HOME, f"Fees rise {uplift}% a year, as in England in {year}")
    assert scenario.price.uplift_pct == uplift
    assert scenario.demand.demographic
    assert "Context: DHSC, Market Sustainability and Improvement Fund" in scenario.rationale
    frame = project(pack, scenario)
    plain = project(pack, preset_scenario(pack, HOME, "Ageing only"))
    last = frame["year"] == 2029
    assert frame.loc[last, "cost"].sum() == pytest.approx(plain.loc[last, "cost"].sum() * (1 + uplift / 100) ** 5)


def test_overseas_recruitment_ends(pack: Pack) -> None:
    frame = project(pack, preset_scenario(pack, HOME, "Overseas recruitment ends"))
    capacity = frame.groupby("year")["capacity_hours"].sum()
    # A fifth of capacity rests on it, and half of that goes.
    assert capacity[2029] == pytest.approx(0.9 * capacity[2024])


def test_the_recent_pace_is_that_of_delivered_hours(pack: Pack) -> None:
    for service in (HOME, BREAKS):
        rows = pack.table("history").query("service == @service")
        months = rows.groupby("month")["hours_per_week"].sum()
        last = sorted(months.index)[-1]
        before = f"{int(last[:4]) - 1}{last[4:]}"
        scenario = preset_scenario(pack, service, RECENT_PACE)
        assert scenario.supply.capacity_growth_pct == pytest.approx(100 * (months[last] / months[before] - 1), abs=0.05)
        assert "These are hours delivered and not capacity" in scenario.rationale
        assert "(history: illustrative)" in scenario.rationale
    assert preset_scenario(pack, HOME, RECENT_PACE).supply.capacity_growth_pct == 4.5


def test_the_recent_pace_by_hand(root: Path) -> None:
    # Every row 50 hours a year before, and 53 in the last month: 6%.
    def change(row: dict[str, str]) -> dict[str, str]:
        hours = {"2024-03": "50", "2025-03": "53"}.get(row["month"], row["hours_per_week"])
        return row | {"hours_per_week": hours}

    found = recent_pace(history(root, change), HOME)
    assert found is not None
    assert found.overrides == {"supply.capacity_growth_pct": 6.0}


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("eleven months", lambda row: row if row["month"] >= "2024-05" else None),
        ("twelve months, none a year before", lambda row: row if row["month"] >= "2024-04" else None),
        ("a hole", lambda row: None if row["month"] == "2024-09" and row["district_code"] == "E07000068" else row),
        ("no hours a year before", lambda row: row | ({"hours_per_week": "0"} if row["month"] == "2024-03" else {})),
        ("twice as many", lambda row: row | ({"hours_per_week": "1"} if row["month"] == "2024-03" else {})),
    ],
)
def test_it_is_not_offered_where_the_history_does_not_say(what: str, change: Any, root: Path) -> None:
    changed = history(root, change)
    assert recent_pace(changed, HOME) is None
    assert RECENT_PACE not in [preset.name for preset in presets(changed, HOME)]


def test_a_history_of_thirteen_months_is_enough(root: Path) -> None:
    assert recent_pace(history(root, lambda row: row if row["month"] >= "2024-03" else None), HOME) is not None
