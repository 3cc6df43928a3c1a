"""Words of a pack that the program does not know: which, where, and what it knows."""

from __future__ import annotations

from typing import Any

import pytest
from pack_folder import PackFolder

from lib.market.published.facts import fact_text, unit_text
from lib.pack.load import Pack
from lib.pack.vocabulary import is_known_unit, known_units

FACTS = "published/facts.csv"
# The program's own units: what the tiny pack's services call their people is among them.
KNOWN = (
    "one of GBP, percent, text, rating, hours, days, people, adults, children, providers, requests, for a rate with "
    "an hour, a day, a week, a month, a year behind it (more words can stand in datapackage.json, units)"
)


def with_unit(folder: PackFolder, unit: str) -> int:
    """Write another unit for the spend; returns its row."""
    row = folder.find(FACTS, id="f_cost")
    folder.set(FACTS, row, "unit", unit)
    return row


@pytest.mark.parametrize(
    "unit", ["furlongs", "GPB a year", "gbp a year", "percentage points", "% a year", "GBP a fortnight"]
)
def test_a_unit_of_a_fact_that_nobody_knows(tiny_folder: PackFolder, unit: str) -> None:
    row = with_unit(tiny_folder, unit)
    assert tiny_folder.faults() == [f'{FACTS}, row {row}, column unit: found "{unit}", expected {KNOWN}']


def test_a_unit_of_a_derivation_that_nobody_knows(tiny_folder: PackFolder) -> None:
    def change(document: Any) -> None:
        document["services"]["respite"]["derivations"][0]["unit"] = "pounds a head"

    tiny_folder.change_json("datapackage.json", change)
    place = 'datapackage.json, column services.respite.derivations."Providers a child".unit'
    assert tiny_folder.faults() == [f'{place}: found "pounds a head", expected {KNOWN}']


def test_a_pack_may_have_units_of_its_own(tiny_folder: PackFolder) -> None:
    with_unit(tiny_folder, "percentage points a year")
    tiny_folder.change_json("datapackage.json", lambda document: document.update(units=["percentage points"]))
    tiny_folder.load()
    assert (fact_text("5", "percentage points a year"), unit_text("percentage points a year")) == (
        "5",
        "percentage points a year",
    ), "and it is shown as it stands, with no sign of a percentage"


def test_what_a_service_calls_its_people_is_a_unit(tiny_folder: PackFolder) -> None:
    with_unit(tiny_folder, "young people")
    assert len(tiny_folder.faults()) == 1
    tiny_folder.change_json(
        "datapackage.json", lambda document: document["services"]["respite"].update(people="young people")
    )
    assert fact_text(tiny_folder.load().table("facts").set_index("id").loc["f_cost", "value"], "young people")


@pytest.mark.parametrize(
    ("unit", "known"),
    [
        ("GBP", True),
        ("GBP an hour", True),
        ("percent a year", True),
        ("hours a week", True),
        ("children", True),
        ("text", True),
        ("text a week", False),
        ("a week", False),
        ("", False),
        ("hours  a week", False),
    ],
)
def test_which_units_are_known(tiny: Pack, unit: str, known: bool) -> None:
    assert is_known_unit(unit, known_units(tiny.manifest)) is known


def test_every_unit_of_the_default_pack_is_shown_as_it_was(pack: Pack) -> None:
    facts = pack.table("facts")
    shown = {unit: (fact_text("5", unit), unit_text(unit)) for unit in facts["unit"]}
    assert shown == {
        "GBP a week": ("£5", "a week"),
        "GBP a year": ("£5", "a year"),
        "GBP an hour": ("£5", "an hour"),
        "children": ("5", "children"),
        "districts": ("5", "districts"),
        "hours a week": ("5", "hours a week"),
        "lots": ("5", "lots"),
        "people": ("5", "people"),
        "percent": ("5%", ""),
        "percent a year": ("5%", "a year"),
        "placements": ("5", "placements"),
        "providers": ("5", "providers"),
        "rating": ("5", ""),
        "text": ("5", ""),
    }


@pytest.mark.parametrize(
    ("column", "code", "known"),
    [
        ("service", "hoem", "home, respite"),
        ("service_type", "nihgt", "day, night, visit"),
        ("cohort", "elder", "older, younger, child"),
        ("route", "tier_3", "tier_1, tier_2, spot"),
    ],
)
def test_a_filter_of_the_reconciliation_names_codes_of_the_pack(
    tiny_folder: PackFolder, column: str, code: str, known: str
) -> None:
    """A slip would count no row at all, and blame the total."""
    path = "published/reconciliation.csv"
    first = tiny_folder.get(path, 2, column)
    tiny_folder.set(path, 2, column, f"{first};{code}" if first else code)
    assert tiny_folder.faults() == [f'{path}, row 2, column {column}: found "{code}", expected one of {known}']


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("reference/service_rates.csv", 2),
        ("reference/lots.csv", 2),
        ("published/facts.csv", 2),
        ("published/gaps.csv", 2),
        ("published/intentions.csv", 2),
        ("market/demand.csv", 2),
        ("market/capacity.csv", 2),
        ("market/requests.csv", 2),
        ("market/history.csv", 2),
    ],
)
def test_a_service_that_the_manifest_does_not_have(tiny_folder: PackFolder, table: str, row: int) -> None:
    tiny_folder.set(table, row, "service", "laundry")
    assert f'{table}, row {row}, column service: found "laundry", expected one of home, respite' in tiny_folder.faults()


STATUSES = "published, derived, supplied, modelled, illustrative, context"


def test_a_status_of_a_fact_that_nobody_knows(tiny_folder: PackFolder) -> None:
    tiny_folder.set(FACTS, 2, "status", "guessed")
    assert tiny_folder.faults() == [f'{FACTS}, row 2, column status: found "guessed", expected one of {STATUSES}']


@pytest.mark.parametrize(
    ("change", "place", "known"),
    [
        (
            lambda document: document["resources"][-1].update(status="guess"),
            'resources."districts_geography"',
            STATUSES,
        ),
        (lambda document: document.update(ranked_lists={"status": "guess"}), "ranked_lists", STATUSES),
        (
            lambda document: document["services"]["home"].update(
                levers={"price.uplift_pct": {"default": 0, "status": "guess"}}
            ),
            "services.home.levers.price.uplift_pct",
            "published, context, assumption",
        ),
    ],
)
def test_a_status_in_the_manifest_that_nobody_knows(
    tiny_folder: PackFolder, change: Any, place: str, known: str
) -> None:
    tiny_folder.change_json("datapackage.json", change)
    assert tiny_folder.faults() == [f'datapackage.json, column {place}.status: found "guess", expected one of {known}']


def test_a_service_needs_a_lot(tiny_folder: PackFolder) -> None:
    """The menu would lead to a page that has nothing to show."""

    def change(document: Any) -> None:
        document["services"]["laundry"] = {**document["services"]["home"], "label": "Laundry"}

    tiny_folder.change_json("datapackage.json", change)
    assert tiny_folder.faults() == [
        "datapackage.json, column services.laundry: found no lot of it, "
        "expected a service type and cohort in reference/lots.csv"
    ]
