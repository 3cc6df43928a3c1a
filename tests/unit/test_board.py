"""The demand board of the tiny pack, worked out by hand, and what it says where something is not known.

Open in `home`: R1 (Ash, W1, day older, 10 hours, asked on 1 March 2025), R2 (Ash, no ward, day younger, 5 hours, asked
on 31 March) and R7 (Birch, W2, night older, 30 hours, asked on 1 March 2024). The data run to 31 March 2025: they have
waited 30, 0 and 395 days. Open in `respite`: R9 (Cedar, no ward, 2 hours, 30 days).
"""

from __future__ import annotations

import pandas as pd
import pytest
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.basis import standing
from lib.market.board import SIZES, WAITED, Wanted, board_sentence, districts, round_basis, shown, waiting
from lib.market.profile import county_profile
from lib.market.rounds import joined, round_table
from lib.market.selection import select
from lib.pack.load import Pack, load_pack

REQUESTS = "market/requests.csv"


def sentence(pack: Pack, wanted: Wanted, radius: float = 5, week: float = 25) -> str:
    rows = joined(shown(waiting(pack, wanted.selection.service), wanted), radius)
    return board_sentence(pack, wanted, rows, round_table(rows, week), radius, week)


def names(pack: Pack, **chosen: str) -> list[str]:
    rows = shown(waiting(pack, "home"), Wanted(select(pack, "home"), **chosen))
    return rows["request_id"].tolist()


def test_what_waits_the_longest_first_to_the_date_of_the_data(tiny: Pack) -> None:
    rows = waiting(tiny, "home")
    assert rows["request_id"].tolist() == ["R7", "R1", "R2"]
    assert rows["days_waiting"].tolist() == [395, 30, 0]
    assert rows["ward_code"].tolist()[:2] == ["W2", "W1"]
    assert rows["latitude"].isna().tolist() == [False, False, True]
    assert rows["district_name"].tolist() == ["Birch", "Ash", "Ash"]


def test_the_board_counts_what_every_page_counts(pack: Pack) -> None:
    """131 and 19 requests of the default pack, their hours as the profile of the county has them."""
    for service, number in (("domiciliary_care", 131), ("short_breaks", 19)):
        rows, county = waiting(pack, service), county_profile(pack, select(pack, service))
        assert len(rows) == number == county["open_requests"]
        assert rows["hours_per_week"].sum() == county["waiting_hours"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ["R7", "R1", "R2"]),
        ({"district_code": ASH}, ["R1", "R2"]),
        ({"ward_code": "W2"}, ["R7"]),
        ({"district_code": ASH, "ward_code": "W2"}, []),
        ({"waited": "over_7"}, ["R7", "R1"]),
        ({"waited": "over_28"}, ["R7", "R1"]),
        ({"size": "up_to_10"}, ["R1", "R2"]),
        ({"size": "10_to_20"}, []),
        ({"size": "over_20"}, ["R7"]),
        ({"waited": "over_28", "size": "over_20", "district_code": BIRCH}, ["R7"]),
    ],
)
def test_filters(tiny: Pack, chosen: dict[str, str], expected: list[str]) -> None:
    assert names(tiny, **chosen) == expected


def test_a_selection_is_a_filter_too(tiny: Pack) -> None:
    rows = waiting(tiny, "home")
    assert shown(rows, Wanted(select(tiny, "home", ["night"])))["request_id"].tolist() == ["R7"]
    assert shown(rows, Wanted(select(tiny, "home", [], ["younger"])))["request_id"].tolist() == ["R2"]


def test_the_sizes_leave_no_request_out_and_count_none_twice() -> None:
    parts = [SIZES[code] for code in ("up_to_10", "10_to_20", "over_20")]
    assert [(one.low, one.high) for one in parts] == [(-float("inf"), 10), (10, 20), (20, float("inf"))]
    assert [WAITED[code].low for code in ("over_7", "over_14", "over_28")] == [7, 14, 28]


def test_districts_by_hand(tiny: Pack) -> None:
    """Ash: 10 and 5 hours, 30 and 0 days; Birch 30 hours, 395 days; nothing waits in Cedar."""
    wanted = Wanted(select(tiny, "home"))
    rows = districts(tiny, wanted, shown(waiting(tiny, "home"), wanted)).set_index("area_code")
    assert rows["area_name"].tolist() == ["Ash", "Birch", "Cedar"]
    assert rows["open_requests"].tolist() == [2, 1, 0]
    assert rows["hours_per_week"].tolist() == [15, 30, 0]
    assert rows["long_waits"].tolist() == [1, 1, 0]
    assert rows["median_wait"].tolist()[:2] == [15, 395]
    assert rows["longest_wait"].tolist()[:2] == [30, 395]
    assert rows.loc[CEDAR, ["median_wait", "longest_wait"]].isna().all()


def test_a_district_of_which_nobody_knows_what_waits_has_no_figure(tiny_folder: PackFolder) -> None:
    """The history counts a request of Birch in March 2025; without R6 the requests lack it."""
    tiny_folder.keep_rows(REQUESTS, lambda row: row["request_id"] != "R6")
    pack = load_pack(tiny_folder.root)
    wanted = Wanted(select(pack, "home"))
    rows = districts(pack, wanted, shown(waiting(pack, "home"), wanted)).set_index("area_code")
    assert rows.loc[BIRCH, "open_requests":].isna().all()
    assert rows.loc[ASH, "open_requests"] == 2
    assert sentence(pack, wanted).startswith("What waits is not known: market/requests.csv has fewer requests than")


# The sentence -------------------------------------------------------------------------------------------------------


def test_the_sentence_by_hand(tiny: Pack) -> None:
    """30 of 45 hours wait in Birch. R1 fits into a week of 25 hours, R7 does not, R2 has no ward: no two are near."""
    assert sentence(tiny, Wanted(select(tiny, "home"))) == (
        "3 requests for 45 hours a week wait in Testshire (31 March 2025), most hours in Birch (1 request): no two of "
        "one service type are within 5 km of each other by road, so one more carer, at 25 hours of care a week, could "
        "serve 1 request, 10 hours."
    )


def test_the_sentence_of_a_round(tiny_folder: PackFolder) -> None:
    """A second request in W1, 12 hours: 10 + 12 fit into 25 hours. Of 20 hours a week only R1, which waited longer."""
    row = ["R10", "home", ASH, "W1", "day", "older", "12", "2025-03-20", "", ""]
    tiny_folder.append(REQUESTS, row)
    pack = load_pack(tiny_folder.root)
    ward = pack.table("wards").set_index("ward_code")["ward_name"]["W1"]
    wanted = Wanted(select(pack, "home"), district_code=ASH)
    start = (
        f"3 requests for 27 hours a week wait in Ash (31 March 2025), most hours in {ward} (2 requests): one more carer"
    )
    assert sentence(pack, wanted) == (
        f"{start}, at 25 hours of care a week, could serve both requests around {ward} (round 1), 22 hours, within "
        "5 km of each other by road."
    )
    assert sentence(pack, wanted, week=20) == (
        f"{start}, at 20 hours of care a week, could serve 1 of 2 requests around {ward} (round 1), 10 hours, within "
        "5 km of each other by road."
    )


def test_what_the_sentence_says_of_little(tiny: Pack) -> None:
    night = Wanted(select(tiny, "home", ["night"]))
    assert sentence(tiny, night) == (
        "1 request for 30 hours a week waits in Testshire (31 March 2025), in Birch: each asks for more than one "
        "carer's week of 25 hours."
    )
    assert sentence(tiny, Wanted(select(tiny, "respite"))).endswith(
        ", in Cedar: where within the districts they wait is not known, as no request names a ward."
    )
    assert sentence(tiny, Wanted(select(tiny, "home"), district_code=CEDAR)) == (
        "Of what is chosen, no request waited in Cedar on 31 March 2025."
    )


def test_districts_that_wait_as_much_are_both_named(tiny_folder: PackFolder) -> None:
    tiny_folder.set(REQUESTS, tiny_folder.find(REQUESTS, request_id="R7"), "hours_per_week", "15")
    pack = load_pack(tiny_folder.root)
    assert "most hours in Ash and Birch: " in sentence(pack, Wanted(select(pack, "home")))


def test_what_rounds_rest_on(tiny: Pack, pack: Pack) -> None:
    """A council's own requests make modelled rounds, with both assumptions named; made-up ones stay illustrative."""
    assert str(standing(pack, round_basis(25.0))) == "illustrative"
    found = round_basis(25.0)
    assert found.tables == ("requests", "wards")
    assert found.assumed == (
        "distance by road, the straight line x 1.3 (assumption)",
        "25 hours of care a carer gives in a week",
    )
    assert isinstance(waiting(tiny, "home"), pd.DataFrame)
