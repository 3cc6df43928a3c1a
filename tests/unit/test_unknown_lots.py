"""What is not known of a lot because its rows are missing, by hand on the tiny pack and by kind on the default one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pack_copies import edit_table, without_rows
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR, write_tiny_pack

from lib.pack.load import Pack, load_pack
from lib.pack.unknown_lots import unknown_lots

HOME = [("home", place, *lot) for lot in (("day", "older"), ("day", "younger"), ("night", "older")) for place in
        (ASH, BIRCH, CEDAR)]  # fmt: skip
VISITS = [("respite", place, "visit", "child") for place in (ASH, BIRCH, CEDAR)]


@pytest.fixture
def tiny_with(tmp_path: Path) -> Callable[..., Pack]:
    """The tiny pack, changed: tiny_with(change)."""

    def load(*changes: Callable[[Path], None]) -> Pack:
        root = write_tiny_pack(tmp_path / "tiny")
        for change in changes:
            change(root)
        return load_pack(root)

    return load


def without(table: str, **cells: str) -> Callable[[Path], None]:
    """A change that drops the rows with all these cells."""

    def change(pack: Path) -> None:
        PackFolder(pack).keep_rows(table, lambda row: not cells.items() <= row.items())

    return change


def test_a_complete_pack_knows_every_lot(pack: Pack) -> None:
    """Nothing is missing from the default pack."""
    assert unknown_lots(pack, "demand") == frozenset()
    assert unknown_lots(pack, "capacity") == frozenset()
    assert unknown_lots(pack, "requests") == frozenset()


def test_demand_needs_a_row_for_every_lot_in_every_district(tiny_with: Callable[..., Pack]) -> None:
    """A lot where nothing is bought has a row of 0: a lot without a row is unknown."""
    pack = tiny_with(without("market/demand.csv", district_code=BIRCH, cohort="older"))
    assert unknown_lots(pack, "demand") == {("home", BIRCH, "day", "older"), ("home", BIRCH, "night", "older")}


def test_capacity_is_unknown_where_something_is_bought_from_nobody(tiny_with: Callable[..., Pack]) -> None:
    """70 hours a week of night care in Birch with no provider listed; the lots where nothing is bought have 0."""
    pack = tiny_with(without("market/capacity.csv", district_code=BIRCH, service_type="night"))
    assert unknown_lots(pack, "capacity") == {("home", BIRCH, "night", "older")}


def test_capacity_is_unknown_where_nobody_knows_what_is_bought(tiny_with: Callable[..., Pack]) -> None:
    """Neither table names the lot: that it has no capacity is nowhere said."""
    lot = {"district_code": BIRCH, "service_type": "night"}
    pack = tiny_with(without("market/capacity.csv", **lot), without("market/demand.csv", **lot))
    assert ("home", BIRCH, "night", "older") in unknown_lots(pack, "capacity")


@pytest.mark.parametrize("table", ["demand", "capacity"])
def test_a_service_without_rows_is_unknown_everywhere(tiny_with: Callable[..., Pack], table: str) -> None:
    """Also where nothing is bought, and only for that service."""
    pack = tiny_with(without(f"market/{table}.csv", service="home"))
    assert unknown_lots(pack, table) == set(HOME)


def test_no_request_of_a_service_is_unknown(tiny_with: Callable[..., Pack]) -> None:
    """The history of the tiny pack has two months: it does not say that nothing was asked for."""
    pack = tiny_with(without("market/requests.csv", service="respite"))
    assert unknown_lots(pack, "requests") == set(VISITS)


def quiet_year(pack: Path) -> None:
    """Write a year of history for respite in which nobody asked for anything."""
    path = pack / "market/history.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "respite" not in line]
    months = [*(f"2024-{month:02d}" for month in range(4, 13)), "2025-01", "2025-02", "2025-03"]
    lines += [f"{month},respite,{place},child,20,8,0," for month in months for place in (ASH, BIRCH, CEDAR)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_year_without_new_requests_is_known_to_have_none(tiny_with: Callable[..., Pack]) -> None:
    """history.csv counts 0 in each of the last 12 months: then nothing waits, and that is known."""
    pack = tiny_with(quiet_year, without("market/requests.csv", service="respite"))
    assert unknown_lots(pack, "requests") == frozenset()


def test_a_quiet_year_with_a_month_missing_says_nothing(tiny_with: Callable[..., Pack]) -> None:
    """One district's month is missing from the year."""
    pack = tiny_with(
        quiet_year,
        without("market/history.csv", service="respite", month="2024-07", district_code=ASH),
        without("market/requests.csv", service="respite"),
    )
    assert unknown_lots(pack, "requests") == set(VISITS)


def test_fewer_requests_than_the_history_counts_are_unknown(tiny_with: Callable[..., Pack]) -> None:
    """The history counts one request for older people in Ash in February 2025: without R4 it is not there."""
    pack = tiny_with(without("market/requests.csv", request_id="R4"))
    assert unknown_lots(pack, "requests") == {("home", ASH, "day", "older"), ("home", ASH, "night", "older")}


def test_requests_before_the_last_year_are_not_counted(tiny_with: Callable[..., Pack]) -> None:
    """R7 was asked for in March 2024, which the history of the last 12 months does not reach."""
    pack = tiny_with(without("market/requests.csv", request_id="R7"))
    assert unknown_lots(pack, "requests") == frozenset()


def test_a_file_cut_at_the_end_of_a_row(pack_copy: Callable[..., Path]) -> None:
    """Each district and cohort that lost a request of the last year is unknown, the others are known."""
    kept: set[tuple[str, str, str]] = set()
    lost: set[tuple[str, str, str]] = set()

    def cut(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        kept.update((row["service"], row["district_code"], row["cohort"]) for row in rows[:3000])
        lost.update((row["service"], row["district_code"], row["cohort"]) for row in rows[3000:])
        return rows[:3000]

    pack = load_pack(pack_copy(lambda root: edit_table(root, "market/requests.csv", cut)))
    found = {(service, place, cohort) for service, place, _, cohort in unknown_lots(pack, "requests")}
    assert found == lost
    assert kept - lost
    assert lost


@pytest.mark.parametrize("service", ["domiciliary_care", "short_breaks"])
@pytest.mark.parametrize("table", ["demand", "requests", "capacity"])
def test_a_table_without_a_service(pack_copy: Callable[..., Path], table: str, service: str) -> None:
    """All its lots in all districts, and none of the other service."""
    pack = load_pack(pack_copy(without_rows(f"market/{table}.csv", service)))
    found = unknown_lots(pack, table)
    assert {lot[0] for lot in found} == {service}
    assert len(found) == 12 * len(pack.lots_of(service))
