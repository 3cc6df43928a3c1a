"""Rounds: which requests are joined, what one carer could serve of them, and what holds whatever the requests are."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.market.rounds import best_for_one, fits, joined, round_table
from lib.market.travel import ROAD_FACTOR, road_km, with_points

# A kilometre to the north, in degrees, where the earth's radius is 6,371 km.
KM = 360 / (2 * math.pi * 6371)


def request(
    name: str, ward: str, north: float, hours: float = 10, days: float = 5, kind: str = "day", east: float = 0
) -> dict[str, object]:
    """A request in a ward so many kilometres north (and, on the equator, east) of a point; NaN: no point."""
    return {
        "request_id": name, "ward_code": ward, "latitude": north * KM, "longitude": east * KM, "hours_per_week": hours,
        "days_waiting": days, "service_type": kind,
    }  # fmt: skip


def rounds_by_request(rows: list[dict[str, object]], radius: float, factor: float = 1.0) -> dict[str, int]:
    found = joined(pd.DataFrame(rows), radius, factor)
    return {name: int(number) for name, number in zip(found["request_id"], found["round"], strict=True)}


# Distances ----------------------------------------------------------------------------------------------------------


def test_a_way_is_the_great_circle_times_the_factor() -> None:
    """A degree of latitude is 6,371 x pi / 180 = 111.195 km; one of longitude at 60 degrees north is half of it."""
    assert road_km(51.0, 0.5, 52.0, 0.5, factor=1) == pytest.approx(111.195, abs=0.001)
    assert road_km(51.0, 0.5, 52.0, 0.5) == pytest.approx(1.3 * 111.195, abs=0.002)
    assert road_km(60.0, 0.0, 60.0, 1.0, factor=1) == pytest.approx(55.597, abs=0.01)
    assert road_km(51.7, 0.1, 51.7, 0.1) == 0
    assert math.isnan(float(road_km(51.7, 0.1, math.nan, 0.1)))
    assert ROAD_FACTOR == 1.3


def test_a_ward_that_is_not_given_or_lies_in_another_district_has_no_point() -> None:
    wards = pd.DataFrame(
        {"ward_code": ["W1"], "ward_name": ["One"], "district_code": ["D1"], "latitude": [52.0], "longitude": [0.1]}
    )
    asked = pd.DataFrame({"ward_code": ["W1", None, "W1", "W9"], "district_code": ["D1", "D1", "D2", "D1"]})
    rows = with_points(asked, wards)
    assert rows.loc[0, ["ward_code", "ward_name", "latitude", "longitude"]].tolist() == ["W1", "One", 52.0, 0.1]
    assert rows.loc[1:, ["ward_code", "ward_name", "latitude", "longitude"]].isna().all(axis=None)


# Which are joined ---------------------------------------------------------------------------------------------------


def test_no_two_of_a_round_are_further_apart_than_the_radius() -> None:
    """A at 0 km, B at 2, C at 3.5, D at 10. B and C are nearest (1.5) and joined; A is 2 from B but 3.5 from C."""
    rows = [request("R1", "A", 0), request("R2", "B", 2), request("R3", "C", 3.5), request("R4", "D", 10)]
    assert rounds_by_request(rows, radius=3) == {"R2": 1, "R3": 1, "R1": 2, "R4": 3}
    assert rounds_by_request(rows, radius=3.6) == {"R1": 1, "R2": 1, "R3": 1, "R4": 2}
    assert rounds_by_request(rows, radius=1) == {"R1": 1, "R2": 2, "R3": 3, "R4": 4}


def test_the_radius_is_by_road() -> None:
    """2 km in a straight line are 2.6 by road: within 3, and not within 2.5."""
    rows = [request("R1", "A", 0), request("R2", "B", 2)]
    assert rounds_by_request(rows, radius=3, factor=1.3) == {"R1": 1, "R2": 1}
    assert rounds_by_request(rows, radius=2.5, factor=1.3) == {"R1": 1, "R2": 2}


def test_of_pairs_as_near_the_first_by_code_is_joined() -> None:
    rows = [request("R3", "C", 4), request("R2", "B", 2), request("R1", "A", 0)]
    assert rounds_by_request(rows, radius=3) == {"R1": 1, "R2": 1, "R3": 2}


def test_requests_of_one_ward_are_one_round_and_service_types_are_not_mixed() -> None:
    rows = [request("R1", "A", 0), request("R2", "A", 0), request("R3", "A", 0, hours=70, kind="night")]
    assert rounds_by_request(rows, radius=1) == {"R1": 1, "R2": 1, "R3": 2}


def test_rounds_of_several_come_first_then_those_of_most_hours() -> None:
    """C alone has most hours of all, and comes after the two pairs: 30 and 21 hours."""
    rows = [
        request("R1", "A", 0, 10), request("R2", "A", 0, 11),
        request("R3", "B", 50, 10), request("R4", "B", 50, 20),
        request("R5", "C", 100, 90), request("R6", "D", 150, 5),
    ]  # fmt: skip
    assert rounds_by_request(rows, radius=5) == {"R3": 1, "R4": 1, "R1": 2, "R2": 2, "R5": 3, "R6": 4}


def test_a_request_without_a_point_is_in_no_round() -> None:
    found = joined(pd.DataFrame([request("R1", "A", 0), request("R2", "", math.nan)]), 5)
    assert found["round"].isna().tolist() == [False, True]


def test_no_request_makes_no_round() -> None:
    found = joined(pd.DataFrame([request("R1", "A", 0)]).iloc[:0], 5)
    assert found.empty
    assert round_table(found, 25).empty
    assert best_for_one(round_table(found, 25)) is None


# What one carer could serve -----------------------------------------------------------------------------------------


def test_a_carer_takes_whole_packages_the_longest_wait_first() -> None:
    """Of 25 hours: 14 (20 days), not 12 (10 days, 11 left), 7 (9 days), not 5 (4 left), 4 (1 day): 25 hours."""
    rows = pd.DataFrame(
        [request("R1", "A", 0, 12, 10), request("R2", "A", 0, 14, 20), request("R3", "A", 0, 7, 9),
         request("R4", "A", 0, 5, 8), request("R5", "A", 0, 4, 1)]
    )  # fmt: skip
    assert fits(rows, 25)["request_id"].tolist() == ["R2", "R3", "R5"]
    assert fits(rows, 3).empty


def test_requests_that_waited_as_long_are_taken_by_their_name() -> None:
    rows = pd.DataFrame([request("R2", "A", 0, 20, 5), request("R1", "A", 0, 20, 5)])
    assert fits(rows, 25)["request_id"].tolist() == ["R1"]


def test_a_round_by_hand() -> None:
    """Three wards on a line at 0, 1 and 3 km, with 1, 2 and 1 requests: ways to all from A 0+2+3, B 1+0+2, C 3+4+0.

    40 hours are 1.6 carers' weeks of 25. One carer takes 15 (9 days) and 10 (4 days): 25 hours.
    """
    rows = [
        request("R1", "A", 0, 10, 4), request("R2", "B", 1, 5, 2), request("R3", "B", 1, 10, 3),
        request("R4", "C", 3, 15, 9), request("R5", "Z", 90, 30, 1),
    ]  # fmt: skip
    table = round_table(joined(pd.DataFrame(rows), 3.01, 1.0), 25, 1.0)
    first, alone = table.to_dict("records")
    assert first["ward_code"] == "B"
    assert first["latitude"] == pytest.approx(KM)
    assert (first["wards"], first["requests"], first["hours_per_week"]) == (3, 4, 40)
    assert first["widest_km"] == pytest.approx(3.0)
    assert first["longest_wait"] == 9
    assert (first["carer_requests"], first["carer_hours"], first["carers"]) == (2, 25, 2)
    assert (alone["round"], alone["requests"], alone["carer_requests"], alone["carers"]) == (2, 1, 0, 2)


def test_the_best_round_for_one_carer_serves_most_people() -> None:
    rows = [
        request("R1", "A", 0, 25, 9), request("R2", "A", 0, 25, 8),
        request("R3", "B", 50, 8, 9), request("R4", "B", 50, 8, 8), request("R5", "B", 50, 8, 1),
    ]  # fmt: skip
    best = best_for_one(round_table(joined(pd.DataFrame(rows), 5), 25))
    assert best is not None
    assert (best["ward_code"], best["carer_requests"], best["carer_hours"]) == ("B", 3, 24)


def test_nothing_fits_where_every_package_is_larger_than_a_week() -> None:
    table = round_table(joined(pd.DataFrame([request("R1", "A", 0, 70)]), 5), 25)
    assert best_for_one(table) is None
    assert table["carers"].tolist() == [3]


# What holds for any requests ----------------------------------------------------------------------------------------

WARDS = {f"W{number:02d}": (float(7 * number % 23), float(5 * number % 19)) for number in range(24)}
REQUESTS = st.lists(
    st.tuples(
        st.sampled_from([*WARDS, ""]),
        st.integers(0, 90),
        st.integers(0, 120),
        st.sampled_from(["day", "night", "live"]),
    ),
    min_size=1,
    max_size=18,
)


def drawn(rows: list[tuple[str, int, int, str]]) -> pd.DataFrame:
    found = []
    for number, (ward, hours, days, kind) in enumerate(rows):
        north, east = WARDS.get(ward, (math.nan, math.nan))
        found.append(request(f"R{number:03d}", ward, north, float(hours), float(days), kind, east))
    return pd.DataFrame(found)


@settings(max_examples=50, deadline=None)
@given(rows=REQUESTS, radius=st.floats(0, 30))
def test_every_request_is_in_one_round_and_no_hour_is_lost(
    rows: list[tuple[str, int, int, str]], radius: float
) -> None:
    requests = drawn(rows)
    found = joined(requests, radius)
    assert found["request_id"].tolist() == requests["request_id"].tolist()
    assert found["round"].isna().tolist() == [ward == "" for ward, *_ in rows]
    table = round_table(found, 25)
    numbers = sorted(set(found["round"].dropna()))
    assert table["round"].tolist() == numbers == list(range(1, len(numbers) + 1))
    placed = requests[requests["ward_code"] != ""]
    assert table["requests"].sum() == len(placed)
    assert table["hours_per_week"].sum() == pytest.approx(placed["hours_per_week"].sum())
    assert (table["carer_hours"] <= 25).all()
    assert (table["carer_hours"] <= table["hours_per_week"]).all()
    assert (table["carers"] * 25 >= table["hours_per_week"]).all()


@settings(max_examples=50, deadline=None)
@given(rows=REQUESTS, radius=st.floats(0, 30))
def test_no_round_is_wider_than_the_radius_and_no_two_could_be_one(
    rows: list[tuple[str, int, int, str]], radius: float
) -> None:
    found = joined(drawn(rows), radius).dropna(subset=["round"])
    points = {
        number: (str(of_round["service_type"].iloc[0]), of_round[["latitude", "longitude"]].drop_duplicates())
        for number, of_round in found.groupby("round")
    }

    def widest(some: pd.DataFrame, others: pd.DataFrame) -> float:
        return max(
            float(road_km(a, b, c, d))
            for a, b in some.itertuples(index=False)
            for c, d in others.itertuples(index=False)
        )

    for number, (kind, places) in points.items():
        assert widest(places, places) <= radius
        assert set(found.loc[found["round"] == number, "service_type"]) == {kind}
        for other, (other_kind, other_places) in points.items():
            if other > number and other_kind == kind:
                assert widest(places, other_places) > radius


def plain_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """By the law of cosines, in plain Python: 1.3 x the great circle on a sphere of 6,371 km."""
    (north, east), (to_north, to_east) = (tuple(map(math.radians, place)) for place in (one, other))
    cosine = math.sin(north) * math.sin(to_north) + math.cos(north) * math.cos(to_north) * math.cos(to_east - east)
    return 1.3 * 6371 * math.acos(min(1.0, cosine))


def plain_rounds(requests: pd.DataFrame, radius: float) -> set[frozenset[str]]:
    """The rounds by a second, plain computation: nearest wards first, while every two wards stay within the radius."""
    found = set()
    placed = requests[requests["latitude"].notna()]
    for _, of_type in placed.groupby("service_type"):
        points = {row.ward_code: (row.latitude, row.longitude) for row in of_type.itertuples()}
        groups = {ward: {ward} for ward in points}
        apart = {(a, b): plain_km(points[a], points[b]) for a in points for b in points if a < b}
        for (a, b), _ in sorted(apart.items(), key=lambda one: (round(one[1], 6), one[0])):
            union = groups[a] | groups[b]
            if all(apart[pair] <= radius for pair in apart if set(pair) <= union):
                for ward in union:
                    groups[ward] = union
        wards = of_type.groupby("ward_code")["request_id"].agg(list)
        found |= {frozenset(name for ward in group for name in wards[ward]) for group in groups.values()}
    return found


@settings(max_examples=80, deadline=None)
@given(rows=REQUESTS, radius=st.integers(0, 30))
def test_rounds_are_those_of_a_second_plain_computation(rows: list[tuple[str, int, int, str]], radius: int) -> None:
    # Half a kilometre more: no two of the drawn wards are so far apart to the millimetre.
    requests = drawn(rows)
    found = joined(requests, radius + 0.503).dropna(subset=["round"])
    assert {frozenset(names) for _, names in found.groupby("round")["request_id"]} == plain_rounds(
        requests, radius + 0.503
    )


@settings(max_examples=80, deadline=None)
@given(rows=REQUESTS, radius=st.floats(0, 30), week=st.integers(5, 40))
def test_what_one_carer_could_serve_is_counted_again_by_hand(
    rows: list[tuple[str, int, int, str]], radius: float, week: int
) -> None:
    found = joined(drawn(rows), radius)
    for row in round_table(found, week).to_dict("records"):
        of_round = found[found["round"] == row["round"]]
        left, served = week, 0
        for _, _, hours in sorted(
            zip(-of_round["days_waiting"], of_round["request_id"], of_round["hours_per_week"], strict=True)
        ):
            if hours <= left:
                left, served = left - hours, served + 1
        assert (row["carer_requests"], row["carer_hours"]) == (served, week - left)
        assert row["carers"] == math.ceil(of_round["hours_per_week"].sum() / week)
        assert row["longest_wait"] == of_round["days_waiting"].max()
        assert set(fits(of_round, week)["request_id"]) <= set(of_round["request_id"])
        assert len(fits(of_round, week)) == served


def test_ten_thousand_requests_in_two_thousand_wards_lose_no_hour() -> None:
    rows = pd.DataFrame(
        [
            request(
                f"R{n:05d}", f"W{n % 2000:04d}", (n % 2000) % 50 * 2.1, 1 + n % 40, n % 90, "day", (n % 2000) // 50 * 2
            )
            for n in range(10_000)
        ]
    )
    found = joined(rows, 6)
    table = round_table(found, 25)
    assert found["round"].notna().all()
    assert table["hours_per_week"].sum() == rows["hours_per_week"].sum()
    assert table["requests"].sum() == 10_000
    assert 0 < table["widest_km"].max() <= 6


@settings(max_examples=30, deadline=None)
@given(rows=REQUESTS, radius=st.floats(0, 30), data=st.data())
def test_the_order_of_the_rows_changes_nothing(
    rows: list[tuple[str, int, int, str]], radius: float, data: st.DataObject
) -> None:
    requests = drawn(rows)
    shuffled = requests.iloc[data.draw(st.permutations(range(len(rows))))]
    first, other = joined(requests, radius), joined(shuffled, radius)
    pd.testing.assert_frame_equal(first, other)
    pd.testing.assert_frame_equal(round_table(first, 25), round_table(other, 25))
