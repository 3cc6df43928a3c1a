"""Locations as the CQC's API gives them: one file or many, and the same register as from the files."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from cqc_files import (
    QUESTIONS,
    RATINGS_HEADER,
    api_location,
    api_rating,
    as_json,
    rating_rows,
    register,
    table,
    upload,
)

from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.imports.cqc.register import read_cqc_locations, read_cqc_ratings
from lib.pack.load import Pack

HOME_AND_LIVING = [{"name": "Homecare agencies"}, {"name": "Supported living"}]


def refused(pack: Pack, *uploads: Upload) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_cqc_locations(pack, uploads)
    return [str(fault) for fault in caught.value.faults]


def assessment(service: str, rating: str, published: str, **more: Any) -> dict[str, Any]:
    questions = [{"name": name, "rating": rating, "status": "Assessed"} for name in QUESTIONS]
    one = {"name": service, "title": service, "rating": rating, "assessmentDate": "2023-12-01T00:00:00"}
    return {
        "assessmentPlanPublishedDateTime": f"{published}T10:15:00",
        "ratings": {"overall": [], "asgRatings": [{**one, "keyQuestionRatings": questions, **more}]},
    }


FIVE = [
    api_location("1-501", currentRatings={"overall": api_rating("Good", "2024-01-13")}),
    api_location(
        "1-502",
        gacServiceTypes=HOME_AND_LIVING,
        assessment=[assessment("Homecare", "Requires Improvement", "2025-02-14")],
    ),
    api_location(
        "1-503",
        gacServiceTypes=[{"name": "Residential homes"}],
        currentRatings={"overall": api_rating("Inadequate", "2023-03-15")},
    ),
    api_location("1-504", currentRatings={"overall": {"rating": "No published rating"}}),
    api_location(
        "1-505", currentRatings={"overall": api_rating("Good", "2020-01-01")}, registrationStatus="Deregistered"
    ),
]


def test_the_same_locations_from_files_and_from_the_api(pack: Pack) -> None:
    providers = [{"providerId": f"1-50{n}9", "name": f"Firm 1-50{n}", "locationIds": [f"1-50{n}"]} for n in range(1, 5)]
    from_api = register(read_cqc_locations(pack, [as_json(one) for one in [*FIVE, *providers]]))
    rows = [
        *rating_rows("1-501", "Overall", "Good", "13/01/2024"),
        *rating_rows("1-502", "Overall", "Not Rated", ""),
        *rating_rows("1-502", "Homecare", "Requires improvement", "14/02/2025"),
        *rating_rows("1-503", "Overall", "Inadequate", "15/03/2023", category="Residential social care"),
        *rating_rows("1-504", "Overall", ["Not Rated", *[""] * 5], ""),
    ]
    from_file = register(read_cqc_ratings(pack, [upload(table(RATINGS_HEADER, *rows))]))
    assert from_api.drop(columns="read_from").equals(from_file.drop(columns="read_from"))
    assert from_api.loc["1-502", ["overall", "safe", "rated_on"]].to_list() == [
        *["Requires improvement"] * 2,
        "2025-02-14",
    ]


def test_one_file_a_list_and_many_are_the_same(pack: Pack) -> None:
    many = read_cqc_locations(pack, [as_json(one, f"{place}.json") for place, one in enumerate(FIVE)])
    listed = read_cqc_locations(pack, [as_json(FIVE)])
    within = read_cqc_locations(pack, [as_json({"total": 5, "locations": FIVE})])
    marked = read_cqc_locations(pack, [Upload("x.json", b"\xef\xbb\xbf" + as_json(FIVE).content)])
    frames = [register(one).drop(columns="read_from") for one in (many, listed, within, marked)]
    assert all(frame.equals(frames[0]) for frame in frames)
    assert set(register(many)["read_from"]) == {"5 files of the CQC's API"}
    assert dict(listed.counts) == {
        "locations read": 5,
        "locations in the area": 4,
        "of them home care offices": 3,
        "of them with home care as their only service": 2,
        "locations in the register": 4,
        "matched to a provider of the pack": 0,
    }
    assert "1 location no longer registered left out." in listed.notes


@pytest.mark.parametrize(
    ("location", "overall", "on"),
    [
        # What was published last counts, of inspections and of the newer assessments.
        (
            {
                "currentRatings": {"overall": api_rating("Good", "2019-01-01")},
                "assessment": [assessment("Homecare", "Inadequate", "2025-01-02")],
            },
            "Inadequate",
            "2025-01-02",
        ),
        # The home care's own rating goes before a later one of the whole.
        (
            {
                "gacServiceTypes": HOME_AND_LIVING,
                "currentRatings": {"overall": api_rating("Good", "2025-03-01")},
                "assessment": [assessment("Homecare", "Inadequate", "2025-01-02")],
            },
            "Inadequate",
            "2025-01-02",
        ),
        (
            {
                "gacServiceTypes": HOME_AND_LIVING,
                "currentRatings": {
                    "overall": {"rating": "Not Rated"},
                    "serviceRatings": [
                        api_rating("Good", "2024-01-13", name="Domiciliary care service"),
                        api_rating("Inadequate", "2025-01-13", name="Supported living"),
                    ],
                },
            },
            "Good",
            "2024-01-13",
        ),
        # Another service's rating is not that of the home care, and a past one is none.
        (
            {"gacServiceTypes": HOME_AND_LIVING, "assessment": [assessment("Supported Living", "Good", "2025-01-02")]},
            "",
            "",
        ),
        ({"assessment": [assessment("Homecare", "Good", "2025-01-02", status="Historic")]}, "", ""),
        ({"historicRatings": [{"overall": {"rating": "Good"}, "reportDate": "2019-01-01"}]}, "", ""),
        # Of one service alone, whatever its rating is called.
        ({"assessment": [assessment("Assessment of the service", "Good", "2025-01-02")]}, "Good", "2025-01-02"),
        (
            {"currentRatings": {"overall": {"rating": "Insufficient evidence to rate", "reportDate": "2025-01-02"}}},
            "Not rated",
            "",
        ),
        ({"currentRatings": None, "assessment": None}, "", ""),
    ],
)
def test_which_rating_is_that_of_the_home_care(pack: Pack, location: dict[str, Any], overall: str, on: str) -> None:
    found = register(read_cqc_locations(pack, [as_json(api_location("1-501", **location))])).loc["1-501"]
    assert found[["overall", "rated_on"]].to_list() == [overall, on]


def test_key_questions_have_their_own_rating(pack: Pack) -> None:
    rating = api_rating("Good", "2024-01-13")
    rating["keyQuestionRatings"][4] = {"name": "Well-led", "rating": "Requires improvement", "reportDate": "2024-01-13"}
    rating["keyQuestionRatings"][1] = {"name": "Effective"}
    found = register(read_cqc_locations(pack, [as_json(api_location("1-501", currentRatings={"overall": rating}))]))
    assert found.loc["1-501", ["safe", "effective", "well_led"]].to_list() == ["Good", "", "Requires improvement"]


def test_one_location_more_leaves_the_register_as_it_is_and_a_deregistered_one_leaves(pack: Pack) -> None:
    held = pack.table("cqc_locations").astype(object)
    held.loc[0] = {"cqc_location_id": "1-505", "location_name": "Was", "home_care": True, "read_from": "old.csv"}
    held.loc[1] = {"cqc_location_id": "1-600", "location_name": "Is", "home_care": True, "read_from": "old.csv"}
    having = dataclasses.replace(pack, tables={**pack.tables, "cqc_locations": held})
    assert list(register(read_cqc_locations(having, [as_json(FIVE[0])])).index) == ["1-501", "1-505", "1-600"]
    change = read_cqc_locations(having, [as_json(FIVE)])
    assert list(register(change).index) == ["1-501", "1-502", "1-503", "1-504", "1-600"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"locationId": "1-1", ', "text that is not JSON"),
        (b"[]", "an empty list"),
        (b"[1, 2]", "something that is no location"),
        (b"{}", "an empty object"),
        (b'{"a": 1, "b": 2}', 'an object with "a", "b"'),
        (b'{"locationId": "1-1", "name": "A", "x": NaN, "registrationStatus": "Registered"}', "NaN"),
        (b'{"locationId": "1-1", "locationId": "1-2"}', "the field twice"),
        (b"[" * 3000, "lists within lists without end"),
        (b'{"locations": [{"locationId": "1-1", "locationName": "A"}]}', "an entry of the API's list"),
        (b'{"locationId": "1-1", "name": "\x81\xc3"}', "bytes that are not text in UTF-8"),
    ],
)
def test_json_that_is_no_location_is_refused_in_a_sentence(pack: Pack, content: bytes, found: str) -> None:
    said = refused(pack, Upload("x.json", content))
    assert said[0].startswith("x.json") and f"found {found}" in said[0] and ", expected " in said[0]


def test_what_is_wrong_with_a_location_is_said_by_its_id(pack: Pack) -> None:
    bad = api_location("1-501", currentRatings={"overall": {"rating": "Splendid"}})
    assert refused(pack, as_json(bad, "x.json")) == [
        'x.json, column 1-501: found the rating "Splendid", expected one of Outstanding, Good, Requires improvement, '
        "Inadequate, Not rated"
    ]
    (said,) = refused(pack, as_json([api_location("1-501", localAuthority="Kent")], "x.json"))
    assert said == "x.json: found 1 location, all of Kent (1), expected locations in Essex, the area of the pack"
    (said,) = refused(pack, as_json([FIVE[4]], "x.json"))
    assert said.startswith("x.json: found 1 locations, all of them deregistered")
    (said,) = refused(pack, as_json(FIVE), upload([["a"]], "other.csv"))
    assert said.startswith("other.csv: found a file that is not JSON among others that are")
