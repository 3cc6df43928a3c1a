"""What a link says: codes, old labels, what mail clients do to links, and what is not understood."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.market.link import Parameter, to_query, understood

DISTRICTS = {
    "E07000074": "Maldon",
    "E07000070": "Chelmsford",
    "E07000071": "Colchester",
    "E07000069": "Castle Point",
    "E07000072": "Epping Forest (west)",
}
DISTRICT = Parameter("district", "district", DISTRICTS, "all districts are shown")
INDICATOR = Parameter(
    "indicator", "indicator", {"coverage": "Coverage", "spot_share": "Spot share", "price": "Price & cost"},
    "Coverage is shown", ("coverage",),
)  # fmt: skip
TYPES = Parameter(
    "types_home", "service type", {"day": "Day", "night_awake": "Night awake", "night_sleep": "Night asleep"},
    "all service types are shown", many=True,
)  # fmt: skip
LEAVING = Parameter(
    "leaving_home", "leaving provider", {"P1": "Ash Care", "P12": "Birch Care"}, "", lambda: ("P1",), many=True,
    nothing="none",
)  # fmt: skip
EVERY = (DISTRICT, INDICATOR, TYPES, LEAVING)


def read(query: str) -> tuple[dict[str, tuple[str, ...]], str]:
    """A query as the browser has it: what is understood, and what is said."""
    found = understood(EVERY, parse_qsl(query, keep_blank_values=True))
    return found.view, found.sentence


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("district=E07000074", {"district": ("E07000074",)}),
        ("district=Maldon", {"district": ("E07000074",)}),
        ("district=e07000074", {"district": ("E07000074",)}),
        ("district=MALDON", {"district": ("E07000074",)}),
        ("District=Maldon", {"district": ("E07000074",)}),
        ("district=E07000074.", {"district": ("E07000074",)}),
        ("district=Maldon)", {"district": ("E07000074",)}),
        ("district=Maldon%3E", {"district": ("E07000074",)}),
        ("district=Maldon%5D,", {"district": ("E07000074",)}),
        ("district=%22Maldon%22", {"district": ("E07000074",)}),
        ("district=%E2%80%9CMaldon%E2%80%9D.", {"district": ("E07000074",)}),
        ("district=+Castle++Point+", {"district": ("E07000069",)}),
        ("district=Castle%2520Point", {"district": ("E07000069",)}),
        ("district=Castle%2BPoint", {"district": ("E07000069",)}),
        ("district=Mal%E2%80%8Bdon", {"district": ("E07000074",)}),
        ("district=Epping+Forest+(west", {"district": ("E07000072",)}),
        ("district=Epping+Forest+%5C(west%5C)", {"district": ("E07000072",)}),
        ("district=Maldon&indicator=Spot+share.", {"district": ("E07000074",), "indicator": ("spot_share",)}),
        ("district=Maldon&amp;indicator=spot_share", {"district": ("E07000074",), "indicator": ("spot_share",)}),
        ("district=Maldon&amp;amp;indicator=spot_share", {"district": ("E07000074",), "indicator": ("spot_share",)}),
        ("district%3DMaldon%26indicator%3DSpot%20share", {"district": ("E07000074",), "indicator": ("spot_share",)}),
        ("district=Maldon%26indicator%3DSpot+share", {"district": ("E07000074",), "indicator": ("spot_share",)}),
        ("indicator=Price+%26amp%3B+cost", {"indicator": ("price",)}),
        ("types_home=Day&types_home=night_awake", {"types_home": ("day", "night_awake")}),
        ("types_home=", {"types_home": ()}),
        ("leaving_home=none", {"leaving_home": ()}),
        ("leaving_home=P1", {"leaving_home": ("P1",)}),  # the beginning of another code, and a code itself
        ("district=Colchester&district=Maldon", {"district": ("E07000074",)}),
        ("utm_source=mail&embed=true", {}),
        ("", {}),
    ],
)
def test_a_link_is_understood_without_a_word(query: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert read(query) == (expected, "")


@pytest.mark.parametrize(
    ("query", "expected", "said"),
    [
        ("district=Maldn", {}, "The link's district “Maldn” is not one of this pack: all districts are shown."),
        ("district=E0700007", {}, "The link's district “E0700007” may be any of 4: all districts are shown."),
        ("district=Ma", {}, "The link's district “Ma” is not one of this pack: all districts are shown."),
        (
            "district=Mald",
            {"district": ("E07000074",)},
            "The link's district “Mald” is cut short: it is taken as Maldon.",
        ),
        (
            "types_home=Night",
            {},
            "The link's service type “Night” may be Night awake or Night asleep: all service types are shown.",
        ),
        (
            "types_home=Day&types_home=Dusk",
            {"types_home": ("day",)},
            "The link's service type “Dusk” is not one of this pack: it is left out.",
        ),
        ("indicator=", {}, "The link's indicator is empty: Coverage is shown."),
        ("district=Maldon&indica", {"district": ("E07000074",)}, "The link is cut short: it ends with “indica”."),
        (
            "district=%3Cb%3Ex%3C/b%3E%0Ay",
            {},
            "The link's district “<b>x</b> y” is not one of this pack: all districts are shown.",
        ),
        (
            "district=" + 500 * "x",
            {},
            f"The link's district “{39 * 'x'}…” is not one of this pack: all districts are shown.",
        ),
    ],
)
def test_what_is_not_understood_is_said(query: str, expected: dict[str, tuple[str, ...]], said: str) -> None:
    assert read(query) == (expected, said)


def test_many_doubts_are_one_line() -> None:
    _, said = read("&".join(f"types_home=x{number}" for number in range(50)))
    assert said.count("is not one of this pack") == 3
    assert said.endswith("47 more of its parts are not understood.")
    assert "\n" not in said


def views() -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """What may be chosen: one or none of the districts, an indicator, some types, some providers."""
    return st.fixed_dictionaries(
        {},
        optional={
            "district": st.sampled_from(list(DISTRICTS)).map(lambda code: (code,)),
            "indicator": st.sampled_from(["coverage", "spot_share", "price"]).map(lambda code: (code,)),
            "types_home": st.lists(st.sampled_from(["day", "night_awake", "night_sleep"]), unique=True).map(tuple),
            "leaving_home": st.lists(st.sampled_from(["P1", "P12"]), unique=True).map(tuple),
        },
    )


def chosen(view: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {one.name: one.chosen(view) for one in EVERY}


@given(views())
def test_a_view_comes_back_from_its_link(view: dict[str, tuple[str, ...]]) -> None:
    query = urlencode(to_query(EVERY, view), doseq=True)
    back, said = read(query)
    assert (chosen(back), said) == (chosen(view), "")


ENDS = [".", ",", ")", "]", ">", "%3E", "%22", ".)", "&", "&amp;", "%20", "…"]


@given(views(), st.sampled_from(ENDS))
def test_what_a_mail_client_adds_changes_nothing(view: dict[str, tuple[str, ...]], end: str) -> None:
    query = urlencode(to_query(EVERY, view), doseq=True)
    if query:
        back, said = read(query.replace("&", "&amp;") + end)
        assert (chosen(back), said) == (chosen(view), "")


@given(views())
def test_old_links_with_labels_open_the_same(view: dict[str, tuple[str, ...]]) -> None:
    labels = {one.name: one.labels for one in EVERY}
    query = to_query(EVERY, view)
    old = {name: [labels[name].get(code, code) for code in codes] for name, codes in query.items()}
    back, said = read(urlencode(old, doseq=True))
    assert (chosen(back), said) == (chosen(view), "")


@given(st.lists(st.tuples(st.one_of(st.sampled_from([one.name for one in EVERY]), st.text()), st.text())))
def test_junk_is_never_an_error_and_one_line(pairs: list[tuple[str, str]]) -> None:
    found = understood(EVERY, pairs)
    assert set(found.view) <= {one.name for one in EVERY}
    for one in EVERY:
        assert set(found.view.get(one.name, ())) <= set(one.labels)
    assert "\n" not in found.sentence
    assert len(found.sentence) < 600


@given(st.text(max_size=60))
def test_junk_in_the_whole_query_is_never_an_error(text: str) -> None:
    understood(EVERY, parse_qsl(f"district={text}&{text}", keep_blank_values=True))
    understood(EVERY, parse_qsl(quote(f"district={text}&indicator={text}"), keep_blank_values=True))


def test_a_choice_that_the_pack_no_longer_has_is_the_default() -> None:
    assert INDICATOR.chosen({"indicator": ("gone",)}) == ("coverage",)
    assert TYPES.chosen({"types_home": ("gone", "day")}) == ("day",)
    assert to_query(EVERY, {"indicator": ("gone",), "district": ("gone",)}) == {}
