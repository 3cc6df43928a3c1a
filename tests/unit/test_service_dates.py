"""A service with a date of its own: where its tables end, what counts to it, and what is said where dates differ."""

from __future__ import annotations

import pandas as pd
import pytest
from pack_folder import MANIFEST, PackFolder

from lib.market.about import about
from lib.market.area_figures import days_to_source
from lib.market.figure import as_of, data_to, dates_note, figure
from lib.market.profile import county_profile, history, months_of
from lib.market.published.intentions import FURTHER_FIGURES
from lib.market.rating_age import rating_ages, ratings_note
from lib.market.selection import select
from lib.market.status import county_figure
from lib.pack.completeness import missing_rows
from lib.pack.load import Pack
from lib.pack.plausibility import warnings_of
from lib.pack.reconcile import differences, reconcile

HISTORY, REQUESTS = "market/history.csv", "market/requests.csv"
CEDAR = "E07000003"


@pytest.fixture
def earlier(tiny_folder: PackFolder) -> PackFolder:
    """The tiny pack, whose respite ends on 28 February 2025: its request was made on the 20th, its history ends there.

    The last month of the history is what is bought: 20 hours for 8 children.
    """
    tiny_folder.change_json(MANIFEST, lambda pack: pack["services"]["respite"].update(as_of="2025-02-28"))
    tiny_folder.set(REQUESTS, tiny_folder.find(REQUESTS, request_id="R9"), "requested_on", "2025-02-20")
    header, *rows = tiny_folder.rows(HISTORY)
    month = {"2025-02": "2025-01", "2025-03": "2025-02"}
    service = header.index("service")
    moved = [[month[row[0]], *row[1:]] if row[service] == "respite" else row for row in rows]
    tiny_folder.write(HISTORY, [header, *moved])
    return tiny_folder


def test_a_pack_with_an_earlier_service_agrees_and_is_whole(earlier: PackFolder) -> None:
    pack = earlier.load()
    assert differences(reconcile(pack)).empty
    assert [fault for fault in warnings_of(pack) if fault.file in (HISTORY, REQUESTS)] == []
    lines = reconcile(pack).set_index("fact_id")
    assert lines.loc[f"history:people:respite:{CEDAR}:child", ["expected", "actual"]].tolist() == [8, 8]
    assert lines.loc["history:people:home:E07000001:older", ["expected", "actual"]].tolist() == [10, 10]
    assert [one.file for one in missing_rows(pack) if "Respite" in one.what] == []


def test_months_run_to_the_services_own_date(earlier: PackFolder) -> None:
    pack = earlier.load()
    assert months_of(pack, "respite") == ["2025-01", "2025-02"]
    assert months_of(pack, "home") == ["2025-02", "2025-03"]
    months = history(pack, select(pack, "respite").county())
    assert months[["month", "people"]].to_numpy().tolist() == [["2025-01", 8], ["2025-02", 8]]


def test_a_month_of_a_services_own_end_is_missed(earlier: PackFolder) -> None:
    earlier.keep_rows(HISTORY, lambda row: row["service"] != "respite" or row["month"] != "2025-02")
    (missing,) = [one for one in missing_rows(earlier.load()) if one.file == HISTORY]
    assert missing.what.startswith("Respite, Feb 2025 for all 3 districts")
    assert missing.effect.endswith("cannot be held against Feb 2025")


def test_requests_after_a_services_own_date_are_refused(earlier: PackFolder) -> None:
    row = earlier.find(REQUESTS, request_id="R9")
    earlier.set(REQUESTS, row, "requested_on", "2025-03-01")
    assert earlier.faults() == [
        f'{REQUESTS}, row {row}, column requested_on: found "2025-03-01", expected a date no later than 2025-02-28'
    ]
    earlier.set(REQUESTS, row, "requested_on", "2025-02-28")
    earlier.set(REQUESTS, row, "placed_on", "2025-03-02")
    earlier.set(REQUESTS, row, "route", "spot")
    assert earlier.faults() == [
        f'{REQUESTS}, row {row}, column placed_on: found "2025-03-02", expected a date no later than 2025-02-28'
    ]


def test_months_after_a_services_own_date_are_unlikely(earlier: PackFolder) -> None:
    row = earlier.find(HISTORY, service="respite", month="2025-02", district_code=CEDAR)
    earlier.set(HISTORY, row, "month", "2025-03")
    assert [str(fault) for fault in warnings_of(earlier.load()) if fault.file == HISTORY] == [
        f'{HISTORY}, row {row}, column month: found "2025-03", '
        "expected a month no later than 2025-02, where the data ends"
    ]


def test_days_count_in_the_year_to_the_services_own_date(earlier: PackFolder) -> None:
    # Placed on 15 March 2024: more than a year before 31 March 2025, less than one before 28 February 2025.
    row = ["R10", "respite", CEDAR, "", "visit", "child", "2", "2024-03-09", "2024-03-15", "spot"]
    earlier.append(REQUESTS, row)
    pack = earlier.load()
    assert days_to_source(pack, select(pack, "respite").county())["median_days_to_source"].tolist() == [6]
    earlier.change_json(MANIFEST, lambda document: document["services"]["respite"].pop("as_of"))
    pack = earlier.load()
    assert days_to_source(pack, select(pack, "respite").county())["median_days_to_source"].isna().all()


def test_new_requests_are_held_against_the_services_own_twelve_months(earlier: PackFolder) -> None:
    """The request of February 2025 is counted there: take it out and it is missed; one of March 2024 counts too."""
    earlier.keep_rows(REQUESTS, lambda row: row["request_id"] != "R9")
    (missing,) = [one for one in missing_rows(earlier.load()) if one.file == REQUESTS]
    assert (missing.what, missing.rows) == ("Respite at all", 1)


def test_figures_carry_the_date_of_their_service(earlier: PackFolder) -> None:
    pack = earlier.load()
    assert (as_of(pack), as_of(pack, "home"), as_of(pack, "respite")) == (
        "31 March 2025", "31 March 2025", "28 February 2025",
    )  # fmt: skip
    assert figure(pack, "Waiting", 2, "hours", "requests", service="respite").as_of == "28 February 2025"
    respite = select(pack, "respite")
    assert county_figure(pack, respite, county_profile(pack, respite), "people").as_of == "28 February 2025"
    dated = FURTHER_FIGURES["as_of"](pack, respite)
    assert dated is not None
    assert (dated.value, dated.as_of) == ("28 February 2025", "28 February 2025")


def test_files_say_the_date_of_their_service_and_of_the_ratings(earlier: PackFolder) -> None:
    pack = earlier.load()

    def opening(*tables: str, service: str = "") -> str:
        return about(pack, "Table", *tables, service=service).opening()[0].partition("Data to ")[2]

    assert opening("demand", "requests", service="respite") == "28 February 2025."
    assert opening("capacity", "ratings", service="respite") == "28 February 2025, ratings to 31 March 2025."
    assert opening("capacity", "ratings", service="home") == "31 March 2025."
    assert opening("facts") == "31 March 2025 (Respite to 28 February 2025)."
    assert dates_note(pack, ["home", "respite"]) == (
        "Figures are of different dates: Home care 31 March 2025; Respite 28 February 2025."
    )
    assert dates_note(pack, ["home"]) == ""


def test_a_pack_of_one_date_says_it_once(tiny: Pack) -> None:
    assert data_to(tiny) == data_to(tiny, "respite", ["ratings"]) == "31 March 2025"
    assert dates_note(tiny, ["home", "respite"]) == ratings_note(tiny, "respite") == ""


def test_ratings_stay_at_the_packs_date(earlier: PackFolder) -> None:
    """P4 gives respite: rated on the pack's last day, after the service's own, its rating is 0 years old, not -0.1."""
    row = earlier.find("market/ratings.csv", provider_id="P4", domain="overall")
    earlier.set("market/ratings.csv", row, "rating", "Good")
    earlier.set("market/ratings.csv", row, "rated_on", "2025-03-31")
    pack = earlier.load()
    ages = rating_ages(pack, select(pack, "respite").county())
    assert ages[["provider_id", "rated_years"]].to_numpy().tolist() == [["P4", 0.0]]
    assert ratings_note(pack, "respite") == "Hours are of 28 February 2025; ratings, and their ages, of 31 March 2025."


def test_short_breaks_end_at_the_published_children(pack: Pack) -> None:
    months = history(pack, select(pack, "short_breaks").county()).set_index("month")
    assert (months.index[0], months.index[-1], len(months)) == ("2022-02", "2024-01", 24)
    assert months.loc["2024-01", ["people", "hours_per_week"]].tolist() == [168, 1664]
    requests = pack.table("requests").query("service == 'short_breaks'")
    assert requests[["requested_on", "placed_on"]].max().max() == pd.Timestamp("2024-01-31")
    assert data_to(pack, "short_breaks", ["capacity", "ratings"]) == "31 January 2024, ratings to 31 March 2025"
    assert data_to(pack, "domiciliary_care", ["capacity", "ratings"]) == "31 March 2025"
