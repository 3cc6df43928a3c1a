"""The projection: numbers worked out by hand, and the whole of it worked out again in plain Python."""

import csv
import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pack_copies
import pandas as pd
import pytest
from second_opinion import Files
from second_projection import COLUMNS as SECOND
from second_projection import second_projection

from lib.__main__ import main
from lib.pack.load import Pack, load_pack
from lib.pack.needed_rows import projected_years
from lib.whatif.ageing import ageing_index
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.project import COLUMNS, project, projected
from lib.whatif.scenarios.documents import scenario_from, with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario
from lib.whatif.scenarios.scenario import Scenario, lever_values

LOT = ["year", "district_code", "service_type", "cohort"]
PACK = Path(__file__).parents[2] / "data"
HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"
# A scenario of home care in which nothing moves.
STILL = {"name": "Still", "service": HOME_CARE, "years": 5, "demand": {"demographic": False, "need_growth_pct": 0}}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACK)


@pytest.fixture(scope="module")
def home(pack: Pack) -> Baseline:
    return prepare(pack, HOME_CARE)


@pytest.fixture(scope="module")
def still(pack: Pack) -> Scenario:
    return scenario_from(STILL, pack)


def county(frame: pd.DataFrame, column: str) -> list[float]:
    return frame.groupby("year")[column].sum().tolist()


def test_year_0_is_today_to_the_pound(pack: Pack) -> None:
    for scenario in (
        default_scenario(pack, HOME_CARE),
        preset_scenario(pack, HOME_CARE, "Observed growth, 4.5% a year"),
    ):
        today = project(pack, scenario).query("year == 2024")
        assert today["cost"].sum() == 160_500_000
        assert today["people"].sum() == 7_465
        assert today["delivered_hours"].sum() == 128_000
    today = project(pack, default_scenario(pack, SHORT_BREAKS)).query("year == 2023")
    assert (today["cost"].sum(), today["people"].sum()) == (2_163_000, 168)


def test_a_row_a_year_district_and_lot(pack: Pack) -> None:
    frame = project(pack, default_scenario(pack, HOME_CARE, 3))
    assert list(frame.columns[:12]) == COLUMNS
    assert len(frame) == 4 * 12 * 10
    assert not frame.duplicated(["year", "district_code", "service_type", "cohort"]).any()
    assert frame["year"].unique().tolist() == [2024, 2025, 2026, 2027]
    assert frame.iloc[:, 4:].notna().all(axis=None)
    assert (frame["gap_hours"] == frame["demand_hours"] - frame["capacity_hours"]).all()


def test_levers_at_zero_change_nothing_in_any_year(pack: Pack, still: Scenario) -> None:
    frame = project(pack, with_levers(pack, still, {"years": 15}))
    today = frame[frame["year"] == 2024].drop(columns="year").reset_index(drop=True)
    for _, rows in frame.groupby("year"):
        pd.testing.assert_frame_equal(rows.drop(columns="year").reset_index(drop=True), today, check_exact=True)


def test_ten_percent_growth_for_five_years(pack: Pack, still: Scenario) -> None:
    # 1.1^5 = 1.61051.
    frame = project(pack, with_levers(pack, still, {"demand.need_growth_pct": 10}))
    people = county(frame, "people")
    assert people[5] == pytest.approx(7_465 * 1.61051)
    assert county(frame, "cost")[5] == pytest.approx(160_500_000 * 1.61051)


def test_a_direct_payment_shift_reaches_half_of_itself_half_way(pack: Pack, still: Scenario) -> None:
    # 20% by year 4: 10% at t = T/2 = 2, 20% at 4.
    frame = project(pack, with_levers(pack, still, {"years": 4, "demand.direct_payment_shift_pct": 20}))
    assert county(frame, "people") == pytest.approx([7_465 * share for share in (1, 0.95, 0.9, 0.85, 0.8)])
    assert county(frame, "cost")[2] == pytest.approx(160_500_000 * 0.9)


def test_fewer_vacancies_are_more_capacity(pack: Pack, still: Scenario) -> None:
    # 85 posts of 100 are filled today and 90 in year 5; half way 87.5.
    levers = {"years": 4, "supply.vacancy_rate_pct": 15, "supply.vacancy_change_pts": -5}
    capacity = county(project(pack, with_levers(pack, still, levers)), "capacity_hours")
    assert capacity[4] == pytest.approx(capacity[0] * 90 / 85)
    assert capacity[2] == pytest.approx(capacity[0] * 87.5 / 85)


def test_technology_takes_hours_and_leaves_people(pack: Pack, still: Scenario) -> None:
    frame = project(pack, with_levers(pack, still, {"demand.technology_reduction_pct": 10}))
    assert county(frame, "people") == [7_465] * 6
    demand = county(frame, "demand_hours")
    assert demand[5] == pytest.approx(0.9 * demand[0])


def test_hours_per_person_and_price_compound(pack: Pack, still: Scenario) -> None:
    # 1.02^5 = 1.1040808032; 1.03^5 = 1.1592740743.
    levers = {"demand.hours_per_person_growth_pct": 2, "price.uplift_pct": 3}
    frame = project(pack, with_levers(pack, still, levers))
    assert county(frame, "people") == [7_465] * 6
    assert county(frame, "delivered_hours")[5] == pytest.approx(128_000 * 1.1040808032)
    assert county(frame, "cost")[5] == pytest.approx(160_500_000 * 1.1040808032 * 1.1592740743)


def test_short_breaks_at_ten_percent(pack: Pack) -> None:
    people = county(project(pack, default_scenario(pack, SHORT_BREAKS)), "people")
    assert people == pytest.approx([168, 184.8, 203.3, 223.6, 246.0, 270.6], abs=0.05)


def test_the_ageing_index_of_two_districts_by_hand(pack: Pack) -> None:
    # Residents of population.csv, 2024 and 2029, bands 65-74, 75-84, 85-89, 90+, weights 1.1, 3, 8, 16.
    index = ageing_index(pack, HOME_CARE, 5)["older_people"]
    order = list(pack.district_names())
    for district, today, later in (AGES_A, AGES_B):
        weights = (1.1, 3, 8, 16)
        expected = sum(w * p for w, p in zip(weights, later, strict=True))
        expected /= sum(w * p for w, p in zip(weights, today, strict=True))
        assert index[5, order.index(district)] == pytest.approx(expected, rel=1e-12)
    assert (index[0] == 1.0).all()


AGES_A = ("E07000074", (8668, 6942, 1524, 769), (9449, 7403, 1834, 985))
AGES_B = ("E07000066", (16501, 12187, 2847, 1560), (17843, 12578, 3005, 1703))


def test_the_ageing_index_follows_its_own_cohort(pack: Pack) -> None:
    index = ageing_index(pack, HOME_CARE, 5)
    population = pack.table("population")
    adults = population[population["age_band"] == "18-64"].set_index(["district_code", "year"])["persons"]
    for place, code in enumerate(pack.district_names()):
        assert index["working_age_adults"][5, place] == pytest.approx(adults[code, 2029] / adults[code, 2024])


def test_population_that_stops_or_has_holes(pack: Pack) -> None:
    assert projected_years(pack, HOME_CARE) == 15
    population = pack.table("population")
    hole = (population["year"] == 2030) & (population["age_band"] == "85-89")
    holed = dataclasses.replace(pack, tables={**pack.tables, "population": population[~hole]})
    assert projected_years(holed, HOME_CARE) == 5
    assert projected_years(holed, SHORT_BREAKS) == 15
    index = ageing_index(holed, HOME_CARE, 7)
    assert np.isnan(index["older_people"][6]).all()
    assert np.isfinite(index["older_people"][7]).all()
    early = dataclasses.replace(pack, tables={**pack.tables, "population": population[population["year"] > 2024]})
    assert projected_years(early, HOME_CARE) == -1


def test_nobody_of_the_age_today_is_no_growth(pack: Pack) -> None:
    population = pack.table("population")
    code = population["district_code"].iloc[0]
    nobody = (population["district_code"] == code) & (population["age_band"] == "0-17") & (population["year"] == 2023)
    empty = population.assign(persons=population["persons"].where(~nobody, 0))
    emptied = dataclasses.replace(pack, tables={**pack.tables, "population": empty})
    assert (ageing_index(emptied, SHORT_BREAKS, 3)["children"][:, 0] == 1).all()


def test_an_exit_takes_the_provider_from_year_1_and_leaves_cost(pack: Pack, still: Scenario) -> None:
    capacity = pack.table("capacity").query("service == @HOME_CARE")
    provider = capacity.groupby("provider_id")["capacity_hours"].sum().idxmax()
    before = project(pack, still)
    after = project(pack, with_levers(pack, still, {"supply.provider_exits": [provider]}))
    lot = ["district_code", "service_type", "cohort"]
    own = capacity[capacity["provider_id"] == provider].groupby(lot)["capacity_hours"].sum()
    lost = (
        before.set_index(["year", *lot])["capacity_hours"] - after.set_index(["year", *lot])["capacity_hours"]
    ).unstack("year")
    assert (lost[2024] == 0).all()
    for year in range(2025, 2030):
        found = lost[year][lost[year] != 0]
        assert found.to_dict() == pytest.approx(own[own > 0].to_dict())
    assert (after["cost"] == before["cost"]).all()
    assert (after["demand_hours"] == before["demand_hours"]).all()


def test_when_every_provider_leaves_nothing_is_left(pack: Pack, still: Scenario, home: Baseline) -> None:
    result = projected(home, with_levers(pack, still, {"supply.provider_exits": list(home.providers)}))
    assert result.capacity_hours[0].sum() == home.capacity_hours.sum() > 0
    assert not result.capacity_hours[1:].any()


def small_pack(pack: Pack, rows: list[tuple[str, str, float, float]]) -> Pack:
    """The pack with one lot's capacity replaced: (provider, route, delivered, rate)."""
    capacity = pack.table("capacity")
    lot = {
        "service": HOME_CARE,
        "district_code": "E07000066",
        "service_type": "personal_care",
        "cohort": "older_people",
    }
    same = pd.concat([capacity[name] == value for name, value in lot.items()], axis=1).all(axis=1)
    names = ["provider_id", "route", "delivered_hours", "hourly_rate"]
    new = pd.DataFrame(rows, columns=names).assign(**lot, capacity_hours=1000.0, performance_score=50.0, rank=1)
    return dataclasses.replace(pack, tables={**pack.tables, "capacity": pd.concat([capacity[~same], new])})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Half of the hours are spot at 30; tier 2 charges 24, on average (20 + 24 + 30 x 2) / 4 = 26: 0.5 x -6 / 26.
        ([("P1", "tier_1", 100, 20), ("P2", "tier_2", 100, 24), ("P3", "spot", 200, 30)], 1 - 0.5 * 6 / 26),
        # No tier 2: tier 1 at 20; the average is (20 + 30) / 2 = 25: 0.5 x -10 / 25.
        ([("P1", "tier_1", 100, 20), ("P3", "spot", 100, 30)], 1 - 0.5 * 10 / 25),
        # Neither, or no spot hours: unchanged.
        ([("P3", "spot", 100, 30)], 1.0),
        ([("P1", "tier_1", 100, 20), ("P3", "spot", 0, 30)], 1.0),
        # Tier 2 delivers nothing yet: its rates count by capacity, 22 on average; 100 spot hours at 30.
        ([("P1", "tier_2", 0, 20), ("P2", "tier_2", 0, 24), ("P3", "spot", 100, 30)], 1 - 8 / 30),
        # A dearer framework makes spot hours dearer: 0.5 x +10 / 35.
        ([("P1", "tier_2", 100, 40), ("P3", "spot", 100, 30)], 1 + 0.5 * 10 / 35),
    ],
)
def test_spot_conversion_by_hand(
    pack: Pack, still: Scenario, rows: list[tuple[str, str, float, float]], expected: float
) -> None:
    changed = small_pack(pack, rows)
    frame = project(changed, with_levers(changed, still, {"years": 4, "supply.spot_conversion_pct": 100}))
    lot = frame.query("district_code == 'E07000066' and service_type == 'personal_care' and cohort == 'older_people'")
    cost = lot["cost"].tolist()
    assert cost[4] == pytest.approx(cost[0] * expected)
    assert cost[2] == pytest.approx(cost[0] * (1 + expected) / 2)
    half = project(changed, with_levers(changed, still, {"years": 4, "supply.spot_conversion_pct": 50}))
    assert half.loc[lot.index, "cost"].tolist()[4] == pytest.approx(cost[2])


EVERY_LEVER = {
    "name": "Every lever", "service": HOME_CARE, "years": 7, "rationale": "All at once",
    "demand": {"demographic": True, "need_growth_pct": 1.7, "hours_per_person_growth_pct": -0.8,
               "direct_payment_shift_pct": 12, "reablement_reduction_pct": 7.5, "technology_reduction_pct": 9,
               "district_need_growth_pct": {"E07000074": 3.3, "E07000066": -2}, "prevalence_growth_pct": 1.3,
               "discharge_people_per_month": 25, "discharge_weeks": 7, "discharge_reablement_pct": 30,
               "discharge_hours": 11, "turning_18_per_year": 6, "turning_18_hours": 31},
    "supply": {"capacity_growth_pct": 1.1, "vacancy_rate_pct": 14, "vacancy_change_pts": -4.5,
               "spot_conversion_pct": 40, "provider_exits": ["P001", "P004"], "overseas_share_pct": 24,
               "overseas_loss_pct": 35, "contact_hours_change_pct": 6},
    "price": {"uplift_pct": 3.5},
}  # fmt: skip
EVERY_LEVER_OF_CHILDREN = {
    **EVERY_LEVER, "service": SHORT_BREAKS,
    "demand": {name: value for name, value in EVERY_LEVER["demand"].items()
               if not name.startswith(("prevalence", "discharge"))},
    "supply": EVERY_LEVER["supply"] | {"spot_conversion_pct": 0, "provider_exits": ["P017"]},
}  # fmt: skip
# Levers that a service of children without a framework cannot have.
NOT_OF_CHILDREN = {
    "demand.prevalence_growth_pct", "demand.discharge_people_per_month", "demand.discharge_weeks",
    "demand.discharge_reablement_pct", "demand.discharge_hours", "supply.spot_conversion_pct",
}  # fmt: skip


def test_the_whole_projection_again_in_plain_python(pack: Pack) -> None:
    """With every lever set, so that a lever that is new must be worked out there too."""
    for document, rows in ((EVERY_LEVER, 8 * 120), (EVERY_LEVER_OF_CHILDREN, 8 * 12)):
        scenario = scenario_from(document, pack)
        plain = Scenario(name="Plain", service=scenario.service, years=1)
        still = {name for name, value in lever_values(scenario).items() if value == lever_values(plain)[name]}
        assert {name for name in still if name.split(".")[0] in ("demand", "supply", "price")} <= NOT_OF_CHILDREN
        frame = project(pack, scenario)
        expected = second_projection(Files(PACK), scenario.document())
        assert len(frame) == len(expected) == rows
        for row in frame[[*LOT, *SECOND]].itertuples(index=False, name=None):
            assert row[4:] == pytest.approx(expected[row[:4]], rel=1e-9, abs=1e-6), row[:4]


def test_a_pack_whose_lots_deliver_more_than_their_capacity_again_in_plain_python(tmp_path: Path) -> None:
    root = pack_copies.copy_pack(tmp_path / "pack")
    files = Files(root)
    rows = [row | {"capacity_hours": f"{float(row['delivered_hours']) * (number % 3) / 2:g}"}
            for number, row in enumerate(files.tables["capacity"])]  # fmt: skip
    with (root / "market/capacity.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    changed = load_pack(root)
    scenario = scenario_from(EVERY_LEVER, changed)
    frame = project(changed, scenario)
    expected = second_projection(Files(root), scenario.document())
    assert (frame["served_hours"] > frame["capacity_hours"] + 1).any()
    for row in frame[[*LOT, *SECOND]].itertuples(index=False, name=None):
        assert row[4:] == pytest.approx(expected[row[:4]], rel=1e-9, abs=1e-6), row[:4]


def test_a_baseline_is_of_one_service_and_cannot_be_changed(pack: Pack, home: Baseline) -> None:
    with pytest.raises(ValueError, match="the scenario is for short_breaks, the baseline for domiciliary_care"):
        projected(home, default_scenario(pack, SHORT_BREAKS))
    with pytest.raises(ValueError, match="read-only"):
        home.people[0, 0] = 1


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], pack: Pack) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(EVERY_LEVER), encoding="utf-8")
    assert main(["project", str(path), "--pack", str(PACK)]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == COLUMNS
    frame = project(pack, scenario_from(EVERY_LEVER, pack))[COLUMNS]
    assert [[str(x) for x in row[:4]] for row in frame.itertuples(index=False)] == [row[:4] for row in rows[1:]]
    assert [[float(cell) for cell in row[4:]] for row in rows[1:]] == frame.iloc[:, 4:].to_numpy().tolist()

    assert main(["project", str(path), "--range", "--json", "--pack", str(PACK)]) == 0
    records = json.loads(capsys.readouterr().out)
    assert list(records[0]) == ["year", "district_code", "measure", "p10", "p50", "p90"]
    assert len(records) == 8 * 13 * 10
    assert {record["district_code"] for record in records} == {*pack.district_names(), "all"}


def test_the_command_line_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({**EVERY_LEVER, "years": 200}), encoding="utf-8")
    assert main(["project", str(path), "--pack", str(PACK)]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == "wrong.json, years: found 200, expected a whole number from 1 to 15\n"

    path.write_text(json.dumps({**STILL, "pack_name": "another", "base_year": 2020}), encoding="utf-8")
    with path.open(encoding="utf-8") as handle:
        monkeypatch.setattr("sys.stdin", handle)
        assert main(["project", "-", "--pack", str(PACK)]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("year,district_code,")
    assert len(output.err.splitlines()) == 2
