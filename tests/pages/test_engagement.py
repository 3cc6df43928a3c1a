"""The Market engagement page: what it says, what its filters and its radius change, and packs that lack something."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pack_copies
import pandas as pd
import pytest
from app_pages import ENGAGEMENT, ROOT, acting, checked, figures, first_page, menu, open_page, sentence, values, words
from odd_packs import changed, setting
from service_pages import BREAKS, HOME, opened
from streamlit.testing.v1 import AppTest

from lib.market.board import Wanted
from lib.market.selection import select
from lib.pack.imports.change import Upload
from lib.pack.load import Pack, load_pack
from lib.pack.new_pack import new_pack, write_new_pack
from lib.view.engagement.figures import Board, board_of
from lib.view.engagement.map import DISC, map_png, map_points, paints
from lib.view.engagement.page import about_rounds

BRAINTREE, MALDON = "E07000067", "E07000074"
GREAT_NOTLEY = "E05010372"
PackMaker = Callable[..., Path]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def board(pack: Pack, service: str = HOME, radius: float = 5, **chosen: str) -> Board:
    return board_of(pack, f"{pack.key} test", Wanted(select(pack, service), **chosen), radius, 25.0)


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table of the page that has a column."""
    (found,) = (one.value for one in app.dataframe if column in one.value)
    frame: pd.DataFrame = found
    return frame


def page_of(pack: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    monkeypatch.setenv("PACK", str(pack))
    return open_page(ENGAGEMENT, **query)


# What stands on the page -----------------------------------------------------------------------------------------


def test_the_answer_and_four_figures() -> None:
    """131 requests and their hours are those of every page; about 2,560 of 2,564 hours."""
    app = first_page(ENGAGEMENT)
    assert re.fullmatch(
        r"131 requests for about 2,560 hours a week wait in Essex \(31 March 2025\), most hours in Braintree \(25 "
        r"requests\): one more carer, at 25 hours of care a week, could serve \d of \d requests around .+ Ward \(round "
        r"\d+\), \d+ hours, within 5 km of each other by road\. :orange-badge\[illustrative\]",
        sentence(app),
    )
    assert figures(app)[:2] == ["131", "11.0"]
    assert len(figures(app)) == 4


def test_the_rounds_hold_every_request_but_those_that_stand_alone(pack: Pack) -> None:
    app = first_page(ENGAGEMENT)
    rows = table(app, "carer_requests")
    alone = int(re.match(r"(\d+) requests stand alone", values(app, "caption")[0])[1])
    assert rows["requests"].sum() + alone == 131
    assert (rows["requests"] > 1).all()
    assert (rows["widest_km"] <= 5).all()
    assert rows["hours_per_week"].is_monotonic_decreasing
    assert rows["hours_per_week"].sum() == board(pack).candidates["hours_per_week"].sum()
    assert figures(app)[2] == f"{round(rows['hours_per_week'].sum(), -1):,.0f}"


def test_every_district_and_the_county_stand_in_the_table() -> None:
    rows = table(first_page(ENGAGEMENT), "long_waits").set_index("area_name")
    assert len(rows) == 13
    assert rows.loc["Essex", "open_requests"] == 131 == rows["open_requests"].iloc[:-1].sum()
    assert rows.loc["Essex", "hours_per_week"] == 2564 == rows["hours_per_week"].iloc[:-1].sum()
    assert rows.loc["Essex", "longest_wait"] == rows["longest_wait"].iloc[:-1].max()


def test_small_numbers_are_marked() -> None:
    """Seven requests or fewer."""
    rows = table(first_page(ENGAGEMENT), "long_waits").set_index("area_name")
    assert (rows["small"] != "").to_dict() == (rows["open_requests"] <= 7).to_dict()
    rounds = table(first_page(ENGAGEMENT), "carer_requests")
    assert ((rounds["small"] != "") == (rounds["requests"] <= 7)).all()


def test_every_open_request_and_every_ward_can_be_opened() -> None:
    state = {f"table_{HOME}_waiting_{name}": True for name in ("by_ward", "requests")}
    page = opened(ENGAGEMENT, state)
    each = table(page.app, "days_waiting")
    assert len(each) == 131
    assert each["days_waiting"].is_monotonic_decreasing
    rounds = table(page.app, "carer_requests")
    assert set(each["number"].dropna()) == set(rounds["round"])
    assert (each["joined"] == "alone").equals(each["number"].isna())
    (wards,) = (one.value for one in page.app.dataframe if {"ward_name", "open_requests"} <= set(one.value.columns))
    assert wards["open_requests"].sum() == 131
    names = {offer.name for offer in page.offers}
    assert all("_internal_do_not_share" in name for name in names)
    assert len(names) == 9


def test_no_person_is_named_and_wards_are_for_commissioners() -> None:
    text = words(first_page(ENGAGEMENT))
    assert "No person is named" in text
    assert "a ward with 1 to 7 open requests is never shown to the market" in text
    assert "the straight line x 1.3 (assumption)" in text
    assert "A carer gives 25 hours of care a week (assumption: contact hours of one care worker in a week)." in text


# Filters, radius, link -------------------------------------------------------------------------------------------


def test_filters_narrow_everything(pack: Pack) -> None:
    app = open_page(ENGAGEMENT, district=BRAINTREE, days_waited="over_28")
    rows = table(app, "long_waits")
    assert rows["area_name"].tolist() == ["Braintree"]
    assert rows["open_requests"].tolist() == rows["long_waits"].tolist() == [5]
    assert figures(app)[0] == "5"
    assert "131 wait in all" in words(app)
    assert sentence(app).startswith("5 requests for ")
    assert len(board(pack, district_code=BRAINTREE, waited="over_28").requests) == 5


def test_a_ward_of_another_district_is_let_go() -> None:
    app = open_page(ENGAGEMENT, ward=GREAT_NOTLEY)
    assert app.selectbox(key="ward").value == GREAT_NOTLEY
    checked(app.selectbox(key="district").set_value(MALDON).run())
    assert app.selectbox(key="ward").value is None
    assert figures(app)[0] == "20"


def test_the_link_holds_every_choice() -> None:
    app = open_page(
        ENGAGEMENT, types_domiciliary_care="personal_care", days_waited="over_7", request_hours="up_to_10",
        radius_km="12", far_km="20",
    )  # fmt: skip
    assert app.multiselect(key="types_domiciliary_care").value == ["personal_care"]
    assert app.session_state["radius_km"] == 12
    assert "within 12 km" in words(app)
    assert "more than 20 km by road" in words(app)
    said = {name: app.query_params[name] for name in app.query_params}
    assert said == {
        "types_domiciliary_care": "personal_care", "days_waited": "over_7", "request_hours": "up_to_10",
        "radius_km": "12", "far_km": "20",
    }  # fmt: skip


def test_a_link_that_is_not_understood_is_said() -> None:
    app = open_page(ENGAGEMENT, radius_km="400", ward="E99999999")
    (warning,) = values(app, "warning")
    assert "“400” is no whole number from 1 to 30: 5 km is shown" in warning
    assert "all wards are shown" in warning
    assert "within 5 km" in words(app)


def test_the_radius_is_moved_by_slider_and_box(pack: Pack) -> None:
    app = open_page(ENGAGEMENT)
    first = len(table(app, "carer_requests"))
    checked(app.slider(key="radius_km_slider").set_value(15).run())
    assert app.number_input(key="radius_km_box").value == 15
    assert len(table(app, "carer_requests")) == len(board(pack, radius=15).candidates) != first
    assert app.query_params["radius_km"] == "15"
    checked(app.number_input(key="radius_km_box").set_value(5).run())
    assert len(table(app, "carer_requests")) == first
    assert "radius_km" not in app.query_params


def test_filters_travel_between_the_pages() -> None:
    app = open_page(ENGAGEMENT, types_domiciliary_care="night_awake", district=MALDON)
    entries = {label: query for label, _, query in menu(app)}
    assert "types_domiciliary_care=night_awake" in entries["Overview"]
    assert f"district={MALDON}" in entries["What-if"]
    assert "lot_type_domiciliary_care=night_awake" in entries["Providers"]
    assert "radius_km" not in entries["Overview"]


def test_the_other_service_counts_to_its_own_date() -> None:
    app = open_page(ENGAGEMENT, service=BREAKS)
    assert sentence(app).startswith("19 requests for 152 hours a week wait in Essex (31 January 2024)")
    assert figures(app)[0] == "19"
    assert "Waits are counted to 31 January 2024" in words(app)


# The map ---------------------------------------------------------------------------------------------------------


def test_the_map_has_every_ward_that_waits_and_every_round(pack: Pack) -> None:
    found = board(pack)
    points = map_points(found, "#12436d")
    wards = found.requests["ward_code"].nunique()
    rounds = found.candidates
    assert len(points.dots) == wards
    assert [text for _, _, text in points.middles] == [str(number) for number in rounds["round"]]
    assert len(points.lines) == (rounds["wards"] - 1).sum()
    radii = [radius for _, _, radius in points.dots]
    assert radii == sorted(radii, reverse=True)
    assert radii[-1] >= 3


def test_the_map_says_what_waits_in_words(pack: Pack) -> None:
    found = paints(pack, board(pack), MALDON, dark=False)
    assert found[MALDON].selected and not found[MALDON].hatched
    assert found[MALDON].tooltip == "Maldon\n20 requests wait: 348 hours a week\nLongest wait 85 days, median 29.0"
    assert len({paint.fill for paint in found.values()}) == 1
    narrowed = paints(pack, board(pack, district_code=MALDON), MALDON, dark=True)
    assert narrowed[BRAINTREE].tooltip == "Braintree\nnot chosen"


def test_the_map_as_a_picture(pack: Pack) -> None:
    wanted = Wanted(select(pack, HOME))
    picture = map_png(pack, board(pack), MALDON, about_rounds(pack, wanted, 5, 25.0))
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    assert DISC > 5


# Packs that lack something ---------------------------------------------------------------------------------------


def test_without_wards_nothing_is_joined_and_the_template_is_named(
    pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page_of(pack_copy(setting(ward_code="")("requests")), monkeypatch)
    assert "where within the districts they wait is not known, as no request names a ward" in sentence(app)
    assert any(
        "131 of 131 requests name no ward of their district, and so are in no round" in text
        and "fill ward_code in the template requests" in text
        for text in values(app, "info")
    )
    assert figures(app)[0] == "131"
    assert figures(app)[2:] == ["not known", "not known"]
    assert table(app, "long_waits")["open_requests"].iloc[-1] == 131


def test_some_without_a_ward_are_counted_and_left_out_of_rounds(
    pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_half(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(ward_code=rows["ward_code"].where(rows["district_code"] != BRAINTREE, ""))

    app = page_of(pack_copy(changed("requests", first_half)), monkeypatch)
    assert any(text.startswith("25 of 131 requests name no ward") for text in values(app, "info"))
    rows = table(app, "carer_requests")
    assert not rows["district_names"].str.contains("Braintree").any()


def test_a_ward_of_another_district_is_no_place_of_a_request(
    pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of district and ward is wrong, and nobody can tell which: it counts for its district, and is in no round."""

    def elsewhere(rows: pd.DataFrame) -> pd.DataFrame:
        ours = (rows["district_code"] == MALDON) & (rows["placed_on"] == "") & (rows["service"] == HOME)
        first = rows.index[ours & (rows["ward_code"] != "")][0]
        return rows.assign(ward_code=rows["ward_code"].mask(rows.index == first, GREAT_NOTLEY))

    app = page_of(pack_copy(changed("requests", elsewhere)), monkeypatch)
    assert any(
        text.startswith("1 of 131 requests names no ward of its district, and so is in no round and not on the map")
        for text in values(app, "info")
    )
    assert figures(app)[0] == "131"
    assert table(app, "long_waits").set_index("area_name").loc["Maldon", "open_requests"] == 20


def test_one_request_alone_is_said_as_one(pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_left(rows: pd.DataFrame) -> pd.DataFrame:
        waits = rows["placed_on"] == ""
        keep = rows.index[waits & (rows["service"] == HOME)][0]
        return rows.assign(placed_on=rows["placed_on"].mask(waits & (rows.index != keep), rows["requested_on"]))

    app = page_of(pack_copy(changed("requests", one_left)), monkeypatch)
    assert re.match(
        r"1 request for \d+ hours a week waits in Essex \(31 March 2025\), in \w+: one more ", sentence(app)
    )
    assert figures(app)[0] == "1"
    assert figures(app)[2] == "0"


def test_without_the_column_of_providers_the_template_is_named(
    pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page_of(pack_copy(pack_copies.without_column("market/requests.csv", "provider_id")), monkeypatch)
    assert any("fill provider_id and ward_code in the template requests" in text for text in values(app, "info"))
    rows = table(app, "kinds")
    assert len(rows) > 0, "what all hours tell stands all the same"
    assert rows["known"].isna().all()


def test_where_nothing_waits_the_page_says_so(pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    def placed(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(placed_on=rows["placed_on"].where(rows["placed_on"] != "", rows["requested_on"]))

    app = page_of(pack_copy(changed("requests", placed)), monkeypatch)
    assert sentence(app).startswith("Of what is chosen, no request waited in Essex on ")
    assert figures(app)[0] == "0"


def test_a_pack_without_requests_says_which_template_fills_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outlines = Upload("outlines.geojson", (ROOT / "data/geography/districts.geojson").read_bytes())
    write_new_pack(new_pack("Somewhere", [outlines], [], (HOME,)), tmp_path / "new")
    app = page_of(tmp_path / "new", monkeypatch)
    assert sentence(app) == (
        "The demand board shows the requests that wait. What waits is not known yet: fill the template requests on the "
        "Data page."
    )
    assert figures(app) == []


def test_names_of_data_do_not_act(pack_copy: PackMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(pack_copy(pack_copies.with_hostile_names), monkeypatch)
    assert acting(app) == []


# Candidates for a transfer ---------------------------------------------------------------------------------------


def test_transfers_say_what_continuity_they_cost() -> None:
    app = first_page(ENGAGEMENT)
    rows, text = table(app, "own_hours"), words(app)
    assert (rows["nearest_km"] > 10).all()
    assert (rows["own_hours"] < 50).all()
    assert f"up to {len(rows)} people would change provider, after " in text
    assert "always by agreement" in text
    assert "How many people that is, and for how long they have had their provider, is not known." in text
    assert "care that has ended since, are not known here" in text
