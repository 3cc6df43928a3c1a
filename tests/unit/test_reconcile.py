"""Reconciliation: the default pack agrees with every published total, and one hour more or less is seen and named."""

import csv

import pack_copies
import pandas as pd
import pytest
from pack_folder import PackFolder

from lib.pack.load import Pack
from lib.pack.reconcile import COLUMNS, difference_sentence, difference_sentences, differences, reconcile

DEMAND, CAPACITY = "market/demand.csv", "market/capacity.csv"
LOT_NAMES = ["service", "district_code", "service_type", "cohort"]

# The published totals, as they stand in the sources.
PUBLISHED = {
    "dom_hours_total": 128_000,
    "dom_hours_personal_care": 115_000,
    "dom_personal_care_older": 79_000,
    "dom_personal_care_working_age": 36_000,
    "dom_hours_live_in_and_night": 13_000,
    "dom_live_in_and_night_older_pct": 15,
    "dom_live_in_and_night_working_age_pct": 85,
    "dom_hours_older": 80_950,
    "dom_hours_working_age": 47_050,
    "dom_people": 7_465,
    "dom_spend_total": 160_500_000,
    "dom_spend_older": 105_500_000,
    "dom_spend_working_age": 55_000_000,
    "dom_districts": 12,
    "sb_children": 168,
    "sb_spend": 2_163_000,
    "sb_providers_low": 25,
    "sb_providers_high": 30,
    "sb_framework_pct": 0,
    "sb_spot_pct": 100,
}


def off(folder: PackFolder) -> dict[str, float]:
    """The lines of a pack that do not agree: difference by name."""
    lines = differences(reconcile(folder.load()))
    return dict(zip(lines["fact_id"], lines["difference"], strict=True))


@pytest.fixture(scope="module")
def lines(pack: Pack) -> pd.DataFrame:
    return reconcile(pack)


def test_the_default_pack_agrees_with_every_line(lines: pd.DataFrame) -> None:
    assert list(lines.columns[:4]) == ["fact_id", "expected", "actual", "difference"] == COLUMNS
    assert lines["fact_id"].is_unique
    assert (lines["difference"] == 0).all()
    assert differences(lines).empty


def test_one_line_a_published_fact(lines: pd.DataFrame) -> None:
    published = lines[lines["kind"] == "published"]
    with (pack_copies.DATA / "published" / "reconciliation.csv").open(encoding="utf-8", newline="") as file:
        assert list(published["fact_id"]) == [row["fact_id"] for row in csv.DictReader(file)]
    assert dict(zip(published["fact_id"], published["expected"], strict=True)) == PUBLISHED
    assert set(published["source"].str[:19]) == {"Essex Provider Hub,"}


def test_the_tables_come_to_the_published_totals(lines: pd.DataFrame) -> None:
    actual = lines.set_index("fact_id")["actual"]
    exact = [name for name in PUBLISHED if not name.startswith("sb_providers")]
    assert {name: actual[name] for name in exact} == {name: PUBLISHED[name] for name in exact}
    assert 25 <= actual["sb_providers_low"] == actual["sb_providers_high"] <= 30


def test_one_line_a_lot_and_two_a_district_and_cohort(lines: pd.DataFrame) -> None:
    # 12 districts x (10 lots of domiciliary care + 1 of short breaks), and 12 x 3 cohorts x (hours, people).
    assert lines["kind"].value_counts().to_dict() == {"lot": 132, "history": 72, "published": 20}
    assert "lot:domiciliary_care:E07000066:personal_care:older_people" in set(lines["fact_id"])


def test_an_hour_of_personal_care_is_missed_everywhere_it_counts(folder: PackFolder) -> None:
    row = folder.find(DEMAND, district_code="E07000074", service_type="personal_care", cohort="older_people")
    folder.take(DEMAND, row, "hours_per_week", 1)
    assert off(folder) == {
        "dom_hours_total": -1,
        "dom_hours_personal_care": -1,
        "dom_personal_care_older": -1,
        "dom_hours_older": -1,
        "lot:domiciliary_care:E07000074:personal_care:older_people": 1,
        "history:hours_per_week:domiciliary_care:E07000074:older_people": 1,
    }


def test_an_hour_of_night_care_moves_the_percentages(folder: PackFolder) -> None:
    row = folder.find(DEMAND, district_code="E07000066", service_type="night_awake", cohort="working_age_adults")
    assert float(folder.get(DEMAND, row, "hours_per_week")) > 1
    folder.take(DEMAND, row, "hours_per_week", 1)
    assert off(folder) == {
        "dom_hours_total": -1,
        "dom_hours_live_in_and_night": -1,
        # 100 x 1,950 / 12,999 = 15.001154 and 100 x 11,049 / 12,999 = 84.998846
        "dom_live_in_and_night_older_pct": 0.001154,
        "dom_live_in_and_night_working_age_pct": -0.001154,
        "dom_hours_working_age": -1,
        "lot:domiciliary_care:E07000066:night_awake:working_age_adults": 1,
        "history:hours_per_week:domiciliary_care:E07000066:working_age_adults": 1,
    }


def test_a_person_and_a_pound(folder: PackFolder) -> None:
    row = folder.find(DEMAND, service="short_breaks", district_code="E07000066")
    folder.take(DEMAND, row, "people", -2)
    folder.take(DEMAND, row, "annual_cost", 0.01)
    assert off(folder) == {
        "sb_children": 2,
        "sb_spend": -0.01,
        "history:people:short_breaks:E07000066:children": -2,
    }


def test_an_hour_of_a_provider_is_missed_in_its_lot_alone(folder: PackFolder) -> None:
    row = folder.find(CAPACITY, service_type="personal_care", cohort="older_people", district_code="E07000077")
    folder.take(CAPACITY, row, "delivered_hours", 1)
    assert off(folder) == {"lot:domiciliary_care:E07000077:personal_care:older_people": -1}


def test_a_lot_that_only_the_capacity_table_has(folder: PackFolder) -> None:
    lot = {"service": "domiciliary_care", "district_code": "E07000066", "service_type": "carer_support"}
    empty = folder.find(DEMAND, **lot)
    cohort = folder.get(DEMAND, empty, "cohort")
    folder.keep_rows(DEMAND, lambda row: not (lot | {"cohort": cohort}).items() <= row.items())
    folder.append(CAPACITY, ["P001", *lot.values(), cohort, "spot", "", "5", "2.5", "25", "80"])
    assert off(folder) == {f"lot:{':'.join(lot.values())}:{cohort}": 2.5}


def test_a_history_that_ends_a_month_early_is_seen(folder: PackFolder) -> None:
    folder.keep_rows("market/history.csv", lambda row: row["month"] != "2025-03")
    names = set(off(folder))
    assert {name.partition(":")[0] for name in names} == {"history"}
    assert "history:hours_per_week:domiciliary_care:E07000066:older_people" in names


def short_breaks_providers(folder: PackFolder) -> list[str]:
    header, *rows = folder.rows(CAPACITY)
    service = header.index("service")
    return sorted({row[0] for row in rows if row[service] == "short_breaks"})


def test_24_providers_are_one_too_few(folder: PackFolder) -> None:
    gone = short_breaks_providers(folder)[24:]
    folder.keep_rows(CAPACITY, lambda row: row["service"] != "short_breaks" or row["provider_id"] not in gone)
    assert len(short_breaks_providers(folder)) == 24
    found = off(folder)
    assert {name: gap for name, gap in found.items() if not name.startswith("lot:")} == {"sb_providers_low": -1}


@pytest.mark.parametrize(("count", "expected"), [(30, {}), (31, {"sb_providers_high": 1})])
def test_31_providers_are_one_too_many_and_30_are_not(
    folder: PackFolder, count: int, expected: dict[str, float]
) -> None:
    serving = short_breaks_providers(folder)
    others = [row[0] for row in folder.rows("market/providers.csv")[1:] if row[0] not in serving]
    header, *rows = folder.rows(CAPACITY)
    lot = ["short_breaks", "E07000066", "home_based_care", "children", "spot", "", "0", "0", "25", ""]
    folder.write(CAPACITY, [header, *rows, *([provider, *lot] for provider in others[: count - len(serving)])])
    assert len(short_breaks_providers(folder)) == count
    assert off(folder) == expected


def test_a_total_of_nothing_makes_a_percentage_of_nothing(tiny_folder: PackFolder) -> None:
    tiny_folder.keep_rows(CAPACITY, lambda row: row["service"] != "respite")
    # Its lots are not compared: without a row nobody knows who delivers there.
    assert off(tiny_folder) == {"f_spot": -100}


def test_sums_of_fractions_agree_to_the_last_digit_that_counts(tiny_folder: PackFolder) -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in floating point: that is no difference.
    for path, column in ((DEMAND, "hours_per_week"), ("market/history.csv", "hours_per_week")):
        last = {"month": "2025-03"} if "history" in path else {"service_type": "day"}
        row = tiny_folder.find(path, district_code="E07000001", cohort="older", **last)
        tiny_folder.set(path, row, column, "0.3")
    for provider, hours in (("P1", "0.1"), ("P2", "0.2"), ("P3", "0")):
        row = tiny_folder.find(CAPACITY, provider_id=provider, service_type="day", cohort="older")
        tiny_folder.set(CAPACITY, row, "delivered_hours", hours)
    assert off(tiny_folder) == {"f_hours": -99.7, "f_day_older": -99.7}


def hundredths(folder: PackFolder, of_rows: dict[int, float]) -> list[str]:
    """What is said where the hours delivered in some rows are changed by so much."""
    for row, change in of_rows.items():
        folder.take(CAPACITY, row, "delivered_hours", -change)
    return difference_sentences(reconcile(folder.load()))


def lots_of_rows(folder: PackFolder, number: int) -> list[int]:
    """The first row of capacity of each of the first lots in the order of demand."""
    with (folder.root / DEMAND).open(encoding="utf-8", newline="") as file:
        lots = [[row[name] for name in LOT_NAMES] for row in csv.DictReader(file)]
    with (folder.root / CAPACITY).open(encoding="utf-8", newline="") as file:
        rows = [[row[name] for name in LOT_NAMES] for row in csv.DictReader(file)]
    return [rows.index(lot) + 2 for lot in lots if lot in rows][:number]


def test_many_lots_off_by_rounding_are_one_sentence(folder: PackFolder) -> None:
    """Exact, and not a page of lines: how many of how many, by how much each and in all, and the first."""
    rows = lots_of_rows(folder, 5)
    (sentence,) = hundredths(folder, {row: 0.01 * (1 + place % 2) for place, row in enumerate(rows)})
    assert sentence.startswith(
        "market/capacity.csv, column delivered_hours: 5 of 132 lots differ from the hours that market/demand.csv says "
        "are bought, each by 0.01 to 0.02 (hours a week), 0.07 too many in all: lot:domiciliary_care:E07000066:"
        "personal_care:older_people (7,846.01 for 7,846), "
    )
    assert sentence.count("lot:") == 3 and sentence.endswith(" and others")


def test_many_lots_that_even_out_say_so(folder: PackFolder) -> None:
    rows = lots_of_rows(folder, 4)
    (sentence,) = hundredths(folder, dict(zip(rows, (0.01, -0.01, 0.01, -0.01), strict=True)))
    assert "4 of 132 lots differ" in sentence and "each by 0.01 (hours a week), which even out: " in sentence


def test_three_lots_are_said_one_by_one(folder: PackFolder) -> None:
    said = hundredths(folder, dict.fromkeys(lots_of_rows(folder, 3), -0.01))
    assert len(said) == 3 and all("0.01 too few, expected" in sentence for sentence in said)


def test_a_difference_is_one_sentence(folder: PackFolder) -> None:
    row = folder.find(DEMAND, district_code="E07000066", service_type="personal_care", cohort="older_people")
    folder.take(DEMAND, row, "hours_per_week", 1)
    folder.take(DEMAND, row, "annual_cost", -1234.5)
    sentences = [difference_sentence(line) for _, line in differences(reconcile(folder.load())).iterrows()]
    assert sentences == [
        "market/demand.csv, all rows, column hours_per_week: dom_hours_total comes to 127,999, 1 too few, "
        "expected 128,000 hours a week",
        "market/demand.csv, all rows, column hours_per_week: dom_hours_personal_care comes to 114,999, 1 too few, "
        "expected 115,000 hours a week",
        "market/demand.csv, all rows, column hours_per_week: dom_personal_care_older comes to 78,999, 1 too few, "
        "expected 79,000 hours a week",
        "market/demand.csv, all rows, column hours_per_week: dom_hours_older comes to 80,949, 1 too few, "
        "expected 80,950 hours a week",
        "market/demand.csv, all rows, column annual_cost: dom_spend_total comes to 160,501,234.5, 1,234.5 too many, "
        "expected 160,500,000 GBP a year",
        "market/demand.csv, all rows, column annual_cost: dom_spend_older comes to 105,501,234.5, 1,234.5 too many, "
        "expected 105,500,000 GBP a year",
        "market/capacity.csv, all rows, column delivered_hours: "
        "lot:domiciliary_care:E07000066:personal_care:older_people comes to 7,846, 1 too many, "
        "expected 7,845 hours a week",
        "market/history.csv, all rows, column hours_per_week: "
        "history:hours_per_week:domiciliary_care:E07000066:older_people comes to "
        f"{float(history_hours(folder)):,.0f}, 1 too many, expected {float(history_hours(folder)) - 1:,.0f} "
        "hours a week",
    ]


def history_hours(folder: PackFolder) -> str:
    """Older people's hours in the first district in the history's last month."""
    path = "market/history.csv"
    row = folder.find(path, month="2025-03", district_code="E07000066", cohort="older_people")
    return folder.get(path, row, "hours_per_week")


def test_people_that_nobody_knows_cannot_be_added_up(folder: PackFolder) -> None:
    row = folder.find(DEMAND, district_code="E07000066", service_type="personal_care", cohort="older_people")
    folder.set(DEMAND, row, "people", "")
    lines = reconcile(folder.load())
    (line,) = differences(lines).to_dict("records")
    assert (line["fact_id"], line["expected"]) == ("dom_people", 7_465)
    assert pd.isna(line["actual"])
    assert pd.isna(line["difference"])
    (sentence,) = [difference_sentence(line) for _, line in differences(lines).iterrows()]
    assert sentence == (
        "market/demand.csv, column people: found an empty cell among the parts of dom_people, which cannot be added "
        "up, expected 7,465 people: fill it in, or take the rule out of published/reconciliation.csv"
    )
    # What the history says of that district and cohort is held against nothing: it neither agrees nor differs.
    names = set(lines["fact_id"])
    assert "history:people:domiciliary_care:E07000066:older_people" not in names
    assert "history:people:domiciliary_care:E07000066:working_age_adults" in names
    assert "history:hours_per_week:domiciliary_care:E07000066:older_people" in names


def test_capacity_that_nobody_knows_is_no_part_of_a_published_total(folder: PackFolder) -> None:
    for row in range(2, 12):
        folder.set(CAPACITY, row, "capacity_hours", "")
    assert off(folder) == {}


@pytest.mark.parametrize(
    ("measure", "bound"), [("sum", "equal"), ("sum", "at_least"), ("sum", "at_most"), ("percent", "equal")]
)
def test_no_bound_is_kept_by_what_is_not_known(tiny_folder: PackFolder, measure: str, bound: str) -> None:
    rules = tiny_folder.rows("published/reconciliation.csv")[:1]
    share = "service_type" if measure == "percent" else ""
    rules.append(["f_hours", "capacity", "capacity_hours", measure, "home", "day", "", "", share, bound])
    tiny_folder.write("published/reconciliation.csv", rules)
    row = tiny_folder.find(CAPACITY, service="home", service_type="day")
    tiny_folder.set(CAPACITY, row, "capacity_hours", "")
    lines = differences(reconcile(tiny_folder.load()))
    assert list(lines["fact_id"]) == ["f_hours"]
    assert lines["difference"].isna().all()


def test_a_pack_with_nothing_to_compare_has_no_lines(tiny_folder: PackFolder) -> None:
    for path in (DEMAND, CAPACITY, "market/history.csv", "published/reconciliation.csv"):
        tiny_folder.write(path, tiny_folder.rows(path)[:1])
    lines = reconcile(tiny_folder.load())
    assert lines.empty
    assert list(lines.columns[:4]) == COLUMNS
    assert differences(lines).empty


@pytest.mark.parametrize("table", [DEMAND, CAPACITY, "market/history.csv"])
def test_a_service_that_a_table_says_nothing_of_has_nothing_to_compare(folder: PackFolder, table: str) -> None:
    """What is not known is not 0: of short breaks nobody has given a row of the table, and home care still agrees."""
    folder.keep_rows(table, lambda row: row["service"] != "short_breaks")
    lines = reconcile(folder.load())
    own = lines[lines["kind"].isin(["lot", "history"]) & lines["fact_id"].str.contains("short_breaks")]
    kinds = {DEMAND: set(), CAPACITY: {"history"}, "market/history.csv": {"lot"}}[table]
    assert set(own["kind"]) == kinds
    assert not {one for one in off(folder) if one.startswith(("lot:", "history:"))}
