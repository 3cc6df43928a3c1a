"""What may leave the commissioners' view: published totals to the unit, everything else rounded or suppressed."""

import math
from itertools import chain, combinations
from typing import Any

import pandas as pd
import pytest
from pack_folder import MANIFEST, PackFolder

from lib.market.disclosure import SUPPRESSED, Measure
from lib.market.indicators import indicators
from lib.market.lots import chosen
from lib.market.profile import county_profile
from lib.market.selection import Selection, select, service_types_of
from lib.market.sharing import (
    counts,
    county_for_sharing,
    internal_csv,
    internal_name,
    safe_name,
    shared_measures,
    sharing_note,
    small_counts,
    small_in_county,
)
from lib.market.status import matching_fact
from lib.market.tables import download_csv
from lib.pack.load import Pack

HOME, BREAKS = "domiciliary_care", "short_breaks"
COUNTS = ("people", "residents", "open_requests", "providers")
LABELS = {
    "people": "People supported",
    "residents": "Residents of matching age",
    "open_requests": "Open requests",
    "providers": "Providers",
    "delivered_hours": "Delivered hours",
    "waiting_hours": "Waiting hours",
    "capacity_hours": "Capacity hours",
    "spot_hours": "Spot hours",
    "annual_cost": "Council-arranged spend",
    "demand_hours": "Demand hours",
    "headroom_hours": "Headroom hours",
    "coverage": "Net coverage",
    "gap_hours": "Net gap hours",
    "demand_hours_per_1000": "Demand hours per 1,000 residents",
    "people_per_1000": "People supported per 1,000 residents",
    "hours_per_person": "Package size",
    "waiting_share": "Waiting share",
    "people_per_provider": "People per provider",
    "spot_share": "Spot share",
    "hourly_cost": "Average cost of an hour",
    "cost_per_person": "Spend per person",
}


def shared(pack: Pack, selection: Selection | str) -> dict[str, Any]:
    """The file's values by the id of their measure."""
    frame = county_for_sharing(pack, select(pack, selection) if isinstance(selection, str) else selection)
    assert list(frame.columns) == ["measure", "value", "unit", "status", "note"]
    assert list(frame["measure"]) == list(LABELS.values())
    return dict(zip(LABELS, frame["value"], strict=True))


def loosely(tiny_folder: PackFolder, **settings: float) -> Pack:
    """The tiny pack with other settings of disclosure than the default ones, by which nearly all of it is small."""
    loose = {"threshold": 1, "fewest_providers": 1, "dominance": 1, "round_counts": 3, "round_hours": 20}
    tiny_folder.change_json(MANIFEST, lambda document: document.update(disclosure=loose | settings))
    return tiny_folder.load()


@pytest.mark.slow
class TestTheDefaultPack:
    def test_published_totals_are_exact_and_the_rest_is_rounded(self, pack: Pack) -> None:
        home = shared(pack, HOME)
        assert [home[one] for one in ("delivered_hours", "people", "annual_cost")] == [128_000, 7_465, 160_500_000]
        breaks = shared(pack, BREAKS)
        assert [breaks[one] for one in ("people", "annual_cost")] == [168, 2_163_000]
        # Modelled: 1,664 hours a week.
        assert breaks["delivered_hours"] == breaks["spot_hours"] == 1_660
        assert breaks["providers"] == 25, "27 of them"
        assert breaks["open_requests"] == 20, "19 of them"

    def test_a_ratio_comes_from_the_figures_beside_it(self, pack: Pack) -> None:
        breaks = shared(pack, BREAKS)
        assert breaks["hourly_cost"] == pytest.approx(2_163_000 / (52 * 1_660), rel=1e-12)
        assert breaks["hours_per_person"] == 1_660 / 168
        assert breaks["people_per_provider"] == 168 / 25
        assert breaks["spot_share"] == 1
        assert breaks["gap_hours"] == 1_660 + 150 - 1_830
        assert breaks["waiting_share"] == 150 / (1_660 + 150)
        assert breaks["cost_per_person"] == 2_163_000 / 168
        assert breaks["people_per_1000"] == 1000 * (168 / breaks["residents"])
        assert breaks["demand_hours"] == 1_660 + 150
        assert breaks["headroom_hours"] == 1_830 - 1_660
        assert breaks["coverage"] == 1_830 / (1_660 + 150)

    def test_statuses_and_units_stand_beside_the_values(self, pack: Pack) -> None:
        rows = county_for_sharing(pack, select(pack, BREAKS)).set_index("measure")
        status = rows["status"].to_dict()
        assert (status["People supported"], status["Council-arranged spend"]) == ("published", "published")
        assert status["Delivered hours"] == "modelled", "no hours of short breaks are published"
        assert status["Providers"] == "illustrative"
        assert rows.loc["Spot share", "unit"] == "share, 0 to 1"
        assert rows.loc["Council-arranged spend", "unit"] == "pounds a year"
        home = county_for_sharing(pack, select(pack, HOME)).set_index("measure")["status"]
        assert home["Average cost of an hour"] == home["Package size"] == "derived"

    def test_a_published_part_is_exact_and_a_part_of_it_is_not(self, pack: Pack) -> None:
        assert shared(pack, select(pack, HOME, ["personal_care"], ["older_people"]))["delivered_hours"] == 79_000
        night = ["live_in_24h", "night_awake", "night_sleeping"]
        assert shared(pack, select(pack, HOME, night))["delivered_hours"] == 13_000
        one = select(pack, HOME, ["night_awake"])
        exact = county_profile(pack, one)["delivered_hours"]
        assert matching_fact(pack, one, "hours_per_week") is None
        assert exact % 10 != 0
        assert shared(pack, one)["delivered_hours"] == 10 * math.floor(exact / 10 + 0.5)

    def test_nothing_tells_of_a_part_that_nobody_has(self, pack: Pack) -> None:
        nobody = shared(pack, select(pack, HOME, ["carer_support"]))
        assert [nobody[one] for one in ("people", "delivered_hours", "annual_cost")] == [0, 0, 0]
        assert all(math.isnan(nobody[one]) for one in ("spot_share", "hours_per_person", "hourly_cost"))

    def test_a_grouping_changes_nothing(self, pack: Pack) -> None:
        whole = county_for_sharing(pack, select(pack, BREAKS, group_by="district"))
        for group_by in ("quadrant", "nhs_sub_area"):
            pd.testing.assert_frame_equal(county_for_sharing(pack, select(pack, BREAKS, group_by=group_by)), whole)

    @pytest.mark.parametrize("cohorts", [(), ("older_people",), ("working_age_adults",)])
    def test_no_selection_shows_what_is_small_or_unrounded(self, pack: Pack, cohorts: tuple[str, ...]) -> None:
        kinds = service_types_of(pack, HOME)
        some = chain.from_iterable(combinations(kinds, number) for number in (1, len(kinds)))
        columns = {"people": "people", "delivered_hours": "hours_per_week", "annual_cost": "annual_cost"}
        bases = {"counts": 5, "hours": 10, "pounds": 1000}
        capacity = pack.table("capacity")
        for types in some:
            selection = select(pack, HOME, types, cohorts)
            cells = shared(pack, selection)
            if cells["spot_hours"] not in (0, SUPPRESSED):
                spot = chosen(capacity[capacity["route"] == "spot"], selection)
                hours = spot.groupby("provider_id")["delivered_hours"].sum()
                assert (hours > 0).sum() >= 3
                assert hours.max() / hours.sum() <= 0.8
            for name, measure in shared_measures(pack).items():
                value = cells[name]
                if isinstance(measure, Measure):
                    if name in columns and matching_fact(pack, selection, columns[name]) is not None:
                        assert value == county_profile(pack, selection)[name]
                    elif value != SUPPRESSED:
                        assert value % bases[measure.kind] == 0
                        assert not (measure.kind == "counts" and 0 < value <= 7)
                elif any(cells[one] == SUPPRESSED for one in measure.inputs):
                    assert value == SUPPRESSED
                elif not math.isnan(value):
                    assert value == measure.again({one: float(cells[one]) for one in measure.inputs})


class TestASmallPack:
    def test_by_hand(self, tiny_folder: PackFolder) -> None:
        # Home: 40 people, 470 hours and 652,600 pounds are published; 5 providers, 3 requests for 45 hours, room 560.
        home = shared(loosely(tiny_folder), "home")
        assert home["people"] == 40
        assert home["delivered_hours"] == 470
        assert home["annual_cost"] == 652_600
        assert home["providers"] == 6, "5 to the nearest 3"
        assert home["open_requests"] == 3
        assert home["waiting_hours"] == 40, "45 to the nearest 20"
        assert home["capacity_hours"] == 560
        assert home["spot_hours"] == 240, "230 to the nearest 20, halves up"
        assert home["demand_hours"] == 510
        assert home["headroom_hours"] == 90
        assert home["coverage"] == 560 / 510
        assert home["spot_share"] == 240 / 470
        assert home["residents"] == 12_801, "12,800 to the nearest 3"
        assert home["demand_hours_per_1000"] == 1000 * (510 / 12_801)
        assert home["gap_hours"] == 510 - 560
        assert home["waiting_share"] == 40 / 510
        assert home["cost_per_person"] == 652_600 / 40
        assert home["people_per_provider"] == 40 / 6
        assert home["hours_per_person"] == 470 / 40
        assert home["hourly_cost"] == pytest.approx(652_600 / (52 * 470), rel=1e-12)

    def test_what_is_small_is_suppressed_and_so_is_what_rests_on_it(self, tiny: Pack) -> None:
        home = shared(tiny, "home")
        assert home["providers"] == home["people_per_provider"] == SUPPRESSED, "5 of them"
        assert home["open_requests"] == home["waiting_hours"] == SUPPRESSED, "3 of them"
        assert home["demand_hours"] == home["coverage"] == SUPPRESSED
        assert (home["people"], home["delivered_hours"], home["capacity_hours"]) == (40, 470, 560)

    def test_a_single_provider_is_told_of_by_nothing(self, tiny: Pack) -> None:
        # Respite: 8 children, published, all with P4. Its hours and money are P4's own.
        respite = shared(tiny, "respite")
        assert (respite.pop("people"), respite.pop("residents")) == (8, 3100)
        assert respite.pop("people_per_1000") == 1000 * (8 / 3100)
        assert set(respite.values()) == {SUPPRESSED}

    def test_a_share_of_the_hours_that_is_one_providers_is_not_told(self, tiny: Pack) -> None:
        # All 230 hours off the framework are P3's, of 470 by four providers.
        home = shared(tiny, "home")
        assert home["delivered_hours"] == 470
        assert home["spot_hours"] == home["spot_share"] == SUPPRESSED

    def test_whoever_holds_most_of_a_figure_hides_it(self, tiny_folder: PackFolder) -> None:
        # Of 560 hours of capacity P3 has 235, 42.0%; of 470 delivered 230, 48.9%.
        assert shared(loosely(tiny_folder, dominance=0.42), "home")["capacity_hours"] == 560
        assert shared(loosely(tiny_folder, dominance=0.41), "home")["capacity_hours"] == SUPPRESSED

    def test_a_total_that_is_published_stands_even_where_one_provider_dominates(self, tiny_folder: PackFolder) -> None:
        home = shared(loosely(tiny_folder, dominance=0.45), "home")
        assert (home["delivered_hours"], home["annual_cost"]) == (470, 652_600)
        tiny_folder.keep_rows("published/reconciliation.csv", lambda row: row["fact_id"] not in ("f_hours", "f_cost"))
        home = shared(loosely(tiny_folder, dominance=0.45), "home")
        assert home["people"] == 40
        assert {home[one] for one in ("delivered_hours", "annual_cost", "hourly_cost", "coverage")} == {SUPPRESSED}

    def test_a_total_that_does_not_agree_is_not_published(self, tiny_folder: PackFolder) -> None:
        path = "market/demand.csv"
        row = tiny_folder.find(path, service="home", district_code="E07000001", service_type="day", cohort="older")
        tiny_folder.set(path, row, "people", "11")
        assert shared(tiny_folder.load(), "home")["people"] == 40, "41, rounded to 5"

    def test_what_is_not_known_stays_empty(self, tiny_folder: PackFolder) -> None:
        """Neither 0 nor "c": there is nothing to protect."""
        tiny_folder.keep_rows("market/requests.csv", lambda row: row["service"] != "home")
        home = shared(loosely(tiny_folder, fewest_providers=1), "home")
        for code in ("waiting_hours", "demand_hours", "open_requests", "waiting_share"):
            assert home[code] != home[code], code
        assert home["people"] == 40

    def test_where_nobody_delivers_off_the_framework_0_stays_0(self, tiny_folder: PackFolder) -> None:
        path = "market/capacity.csv"
        for number, row in enumerate(tiny_folder.rows(path)[1:], start=2):
            if row[1] == "home" and row[5] == "spot":
                tiny_folder.set(path, number, "route", "tier_2")
                tiny_folder.set(path, number, "rank", "9")
        home = shared(loosely(tiny_folder, fewest_providers=3), "home")
        assert home["spot_hours"] == home["spot_share"] == 0

    def test_the_rounding_is_the_packs(self, tiny_folder: PackFolder) -> None:
        pack = loosely(tiny_folder, round_counts=2, round_hours=50)
        assert shared(pack, "home")["capacity_hours"] == 550
        assert shared(pack, "home")["open_requests"] == 4


class TestSmallCounts:
    @pytest.mark.parametrize(
        ("people", "providers", "requests", "words"),
        [
            (7, 8, 0, "people supported"),
            (1, 7, 3, "people supported, open requests and providers"),
            (8, 0, 7, "open requests"),
            (0.4, 8, 8, "people supported"),  # made whole it is 0, but there is somebody
            (7.4, 8, 8, "people supported"),
            (7.5, 8, 8, ""),
        ],
    )
    def test_counts_of_1_to_7(self, pack: Pack, people: float, providers: int, requests: int, words: str) -> None:
        row = {"people": people, "providers": providers, "open_requests": requests, "waiting_hours": 3.0}
        assert small_counts(pack, row) == (f"small number, do not share: {words}" if words else "")

    def test_nothing_small_is_no_words(self, pack: Pack) -> None:
        assert small_counts(pack, dict.fromkeys(COUNTS, 8)) == ""
        assert small_counts(pack, dict.fromkeys(COUNTS, 0)) == ""
        assert small_counts(pack, dict.fromkeys(COUNTS, math.nan)) == "", "what is not known is not small"

    def test_the_threshold_is_the_packs(self, tiny_folder: PackFolder) -> None:
        pack = loosely(tiny_folder, threshold=3)
        row = {"people": 3, "providers": 4, "open_requests": 7}
        assert small_counts(pack, row) == "small number, do not share: people supported"

    def test_of_the_county_only_what_is_published_is_no_secret(self, pack: Pack, tiny_folder: PackFolder) -> None:
        whole = select(pack, BREAKS)
        assert small_in_county(pack, whole, county_profile(pack, whole).to_dict()) == ""
        older = select(pack, HOME, ["live_in_24h"], ["older_people"])
        county = county_profile(pack, older).to_dict()
        assert (county["people"], county["providers"], county["open_requests"]) == (4, 5, 0)
        assert small_in_county(pack, older, county) == "small number, do not share: people supported and providers"
        # 8 children are published, 1 provider and 1 request are not.
        tiny = loosely(tiny_folder, threshold=8)
        respite = select(tiny, "respite")
        words = small_in_county(tiny, respite, county_profile(tiny, respite).to_dict())
        assert words == "small number, do not share: open requests and providers"

    def test_they_are_counts_of_a_profile(self, pack: Pack) -> None:
        assert list(counts(pack)) == list(COUNTS)
        assert set(COUNTS) <= set(indicators(pack))


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("a.csv", "a_internal_do_not_share.csv"),
            ("domiciliary_care_by_district_map.png", "domiciliary_care_by_district_map_internal_do_not_share.png"),
            ("a.b.csv", "a.b_internal_do_not_share.csv"),
        ],
    )
    def test_the_name_says_that_a_file_is_internal(self, name: str, expected: str) -> None:
        assert internal_name(name) == expected

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("domiciliary_care_by_district.csv", "domiciliary_care_by_district.csv"),
            ("Extra care & more/\u00fc?_county.csv", "Extra_care_more_\u00fc__county.csv"),
            ("../../etc/passwd_county.csv", "etc_passwd_county.csv"),
            ("C:\\temp\\x.csv", "C_temp_x.csv"),
            ('a"; filename="b.exe\r\nX: y.csv', "a_filename_b.exe_X_y.csv"),
            ("\u202egnp\x00.csv", "gnp.csv"),
            ("???.csv", "file.csv"),
            ("x" * 300 + ".csv", "x" * 120 + ".csv"),
        ],
    )
    def test_codes_of_data_leave_a_name_that_every_system_takes(self, name: str, expected: str) -> None:
        assert safe_name(name) == expected

    def test_so_does_its_first_line(self) -> None:
        text = internal_csv(download_csv(pd.DataFrame({"a": [1]}), ["a note"]))
        assert text.splitlines() == [
            "# Internal, do not share: it tells of single providers, of small areas or of few people.",
            "a",
            "1",
            "# a note",
        ]

    def test_the_note_says_the_rule(self, pack: Pack, tiny_folder: PackFolder) -> None:
        assert sharing_note(pack) == (
            'Safe to share, county figures only. "c": suppressed, as it tells of 1 to 7, of fewer than 3 providers, or '
            "mostly of one. Counts are rounded to 5, hours to 10, pounds to 1,000; totals already published are exact. "
            "A figure worked out from these rounded figures says so in its row, and may differ a little from the "
            "screen."
        )
        other = sharing_note(loosely(tiny_folder, threshold=4, fewest_providers=6, round_pounds=20_000))
        for words in ("1 to 4,", "fewer than 6 providers", "rounded to 3, hours to 20, pounds to 20,000;"):
            assert words in other
