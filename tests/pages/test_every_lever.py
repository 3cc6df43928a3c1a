"""Every lever on the What-if page: it has a control, and the control moves it; what a pack gets wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from app_pages import PAGES, ROOT, SHORT_BREAKS, WHAT_IF, checked, figures, levers, move, open_page, values
from streamlit.testing.v1 import AppTest

from lib.pack.load import Pack, load_pack
from lib.view.what_if.figures import diverted_figures, driver_figures, key_of, outcome
from lib.whatif.scenarios import documents
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import LEVERS, lever_values

HOME = "domiciliary_care"
MakePack = Callable[..., Path]
# The group that each lever stands in and a value to move it to, which a person could.
NEEDED = "What it would take"
CONTROLS: dict[str, tuple[str, Any]] = {
    "years": ("Price and years", 7),
    "demand.demographic": ("Demand", False),
    "demand.need_growth_pct": ("Demand", 2.0),
    "demand.hours_per_person_growth_pct": ("Demand", 1.5),
    "demand.direct_payment_shift_pct": ("Demand", 20.0),
    "demand.reablement_reduction_pct": ("Demand", 10.0),
    "demand.technology_reduction_pct": ("Demand", 5.0),
    "demand.district_need_growth_pct": ("Demand", {"E07000074": 3.0}),
    "demand.prevalence_growth_pct": ("Demand", 2.0),
    "demand.discharge_people_per_month": ("Demand", 20.0),
    "demand.discharge_weeks": ("Demand", 8.0),
    "demand.discharge_reablement_pct": ("Demand", 30.0),
    "demand.discharge_hours": ("Demand", 10.0),
    "demand.turning_18_per_year": ("Demand", 3.0),
    "demand.turning_18_hours": ("Demand", 30.0),
    "supply.capacity_growth_pct": ("Supply", 2.0),
    "supply.vacancy_rate_pct": ("Supply", 20.0),
    "supply.vacancy_change_pts": ("Supply", -5.0),
    "supply.spot_conversion_pct": ("Supply", 50.0),
    "supply.provider_exits": ("Supply", ("P001",)),
    "supply.overseas_share_pct": ("Supply", 30.0),
    "supply.overseas_loss_pct": ("Supply", 40.0),
    "supply.contact_hours_change_pct": ("Supply", 5.0),
    "price.uplift_pct": ("Price and years", 3.0),
    "target.coverage": (NEEDED, 1.1),
    "target.contact_hours_per_worker": (NEEDED, 20.0),
    "range.need_growth_sd_pts": ("Price and years", 2.0),
    "range.capacity_growth_sd_pts": ("Price and years", 2.0),
    "range.ageing_sd_pct": ("Price and years", 20.0),
    "range.chance": ("Price and years", False),
    "range.draws": ("Price and years", 500),
    "range.seed": ("Price and years", 7),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


@pytest.fixture(scope="module")
def page() -> AppTest:
    """The page with every lever. Shared: each test moves a lever of its own."""
    return open_page(WHAT_IF, {"more_lists": True, "what_if_tab": NEEDED})


def test_the_walk_knows_every_lever() -> None:
    assert [lever_id for lever_id in LEVERS if lever_id not in CONTROLS] == []
    assert [lever_id for lever_id in CONTROLS if lever_id not in LEVERS] == []


@pytest.mark.parametrize("lever_id", CONTROLS)
def test_every_lever_has_a_control_that_moves_it(lever_id: str, page: AppTest) -> None:
    """But the table of districts, which only a browser can type into (tests/browser/test_what_if.py)."""
    group, value = CONTROLS[lever_id]
    assert LEVERS[lever_id].group == group
    if isinstance(value, dict):
        tables = [table.value for table in page.dataframe if "growth" in table.value]
        assert [list(table.columns) for table in tables] == [["District", "growth"]]
        assert any(text.startswith(LEVERS[lever_id].label) for text in values(page, "markdown"))
        return
    if isinstance(value, tuple):
        checked(page.multiselect(key=f"providers_{HOME}_{lever_id}").set_value(list(value)).run())
    else:
        drawn = levers(page)[lever_id]
        assert drawn["group"] in ("", f"More: {group.lower()}")
        assert drawn["low"] <= value <= drawn["high"] or drawn["kind"] == "switch"
        move(page, {lever_id: value})
        assert levers(page)[lever_id]["value"] == value
    assert lever_values(page.session_state[f"scenario_of_{HOME}"])[lever_id] == value
    assert values(page, "error") == []


def test_the_figures_of_every_scenario_are_kept_apart(pack: Pack) -> None:
    """Scenarios with the same levers share their figures, whatever they are called; no others do."""
    plain = default_scenario(pack, HOME)
    scenarios = [with_levers(pack, plain, {lever_id: value}) for lever_id, (_, value) in CONTROLS.items()]
    scenarios += [with_levers(pack, plain, {"demand.need_growth_pct": value}) for value in (-1.0, -2.0)]
    scenarios += [plain, default_scenario(pack, "short_breaks")]
    assert len({key_of(one) for one in scenarios}) == len(scenarios)
    assert key_of(with_levers(pack, plain, {"name": "Other", "rationale": "Why"})) == key_of(plain)


def test_a_checked_scenario_is_not_checked_again(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checking takes longer than looking figures up that are known already."""
    plain = default_scenario(pack, HOME)
    scenario = with_levers(pack, plain, {"demand.need_growth_pct": 1.0, "range.draws": 200, "range.seed": 99})

    def again(*arguments: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(documents, "check_against", again)
    state = (("a pack of its own", 1, 1),)
    found = outcome(pack, state, scenario)
    assert outcome(pack, state, scenario.model_copy(update={"name": "Other"})).spread.equals(found.spread)
    steps, _ = driver_figures(pack, state, scenario, "all")
    assert steps["label"].iloc[0] == "2024/25"
    assert float(diverted_figures(pack, state, scenario)["diverted_hours"].abs().max()) == 0


# What a pack gets wrong.


def wrong_levers(root: Path) -> None:
    """Of both services: a lever that nobody knows, a default beyond its limits, presets of both kinds."""

    def change(document: dict[str, Any]) -> None:
        for service in document["services"].values():
            service["levers"]["demand.<b>prevalence</b>"] = {"default": 1, "status": "assumption"}
            service["levers"]["supply.capacity_growth_pct"] = {"default": 99, "status": "assumption"}
            service["presets"] += [
                {"name": "Unknown", "overrides": {"supply.staff": 1}},
                {"name": "Beyond", "overrides": {"price.uplift_pct": 99}},
            ]

    pack_copies.edit_json(root, "datapackage.json", change)


@pytest.mark.parametrize("path", PAGES)
def test_levers_that_a_pack_gets_wrong_are_named_in_red(
    path: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(wrong_levers)))
    app = open_page(path)
    (alarm,) = values(app, "error")
    for place in (
        "levers.demand.<b>prevalence</b>: found a lever that is not known, expected one of years, ",
        "levers.supply.capacity_growth_pct.default: found 99, expected a number from -20 to 20",
        'overrides.supply.staff: found a lever that is not known, in the preset "Unknown", expected one of years, ',
        'overrides.price.uplift_pct: found 99, in the preset "Beyond", expected a number from -10 to 20',
    ):
        assert alarm.count(place) == 2
    assert all("<b>" not in str(one.value) for one in app.error)


def test_the_what_if_works_on_without_them(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is = figures(open_page(WHAT_IF))
    monkeypatch.setenv("PACK", str(pack_copy(wrong_levers)))
    app = open_page(WHAT_IF)
    assert figures(app) == as_it_is
    assert not {"Unknown", "Beyond"} & set(app.selectbox(key=f"preset_{HOME}").options)
    for tab in ("Scenarios", "Assumptions", NEEDED):
        app.session_state["what_if_tab"] = tab
        checked(app.run())
    checked(open_page(SHORT_BREAKS))
