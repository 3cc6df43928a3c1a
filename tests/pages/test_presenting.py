"""Presenting and running orders on the pages: what stands there, what does not, and what becomes of each change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    ENGAGEMENT,
    OVERVIEW,
    PROVIDERS,
    SHORT_BREAKS,
    WHAT_IF,
    checked,
    open_page,
    text_of,
)
from streamlit.testing.v1 import AppTest

from lib.whatif.running_orders.order import RunningOrder, View
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.store import ScenarioStore, open_store

ORDERS = "pages/8_Running_orders.py"
DISTRICT = "E07000076"
WIDGETS = (
    "button", "checkbox", "date_input", "file_uploader", "multiselect", "number_input", "radio", "select_slider",
    "selectbox", "slider", "text_area", "text_input", "toggle", "dataframe", "tab", "expander", "segmented_control",
)  # fmt: skip
DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
SPRING = RunningOrder(
    name="Spring",
    views=(
        View(page="Overview", query={"indicator": ["spot_share"]}, title="First"),
        View(page="Providers", note="Ask <b>who</b>."),
        View(page="Gone", title="Gone"),
        View(page="Short_breaks", query={"indicator": ["gone_indicator"]}),
    ),
)


@pytest.fixture
def store(scenarios_folder: Path) -> ScenarioStore:
    """The running orders of the app, empty."""
    scenarios_folder.mkdir()
    return open_store(file_address(scenarios_folder / "scenarios.db")).orders


def add(store: ScenarioStore, order: RunningOrder = SPRING) -> str:
    return store.add(order.name, "", "essex", order.document()).id


def part(app: AppTest, name: str) -> str:
    """What a part of the room says."""
    return " ".join(text_of(one.proto.body) for one in app.get("html") if f'class="{name}' in one.proto.body)


def links(app: AppTest) -> list[tuple[str, str]]:
    return [(one.proto.label, f"{one.proto.page}?{one.proto.query_string}") for one in app.get("page_link")]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (OVERVIEW, "Essex at a glance: Domiciliary care Maldon, Uttlesford and Braintree need more care"),
        (DOMICILIARY, "Domiciliary care: Essex Maldon, Uttlesford and Braintree need more care"),
        (SHORT_BREAKS, "Children's short breaks: Essex"),
        (PROVIDERS, "Providers: Essex, Domiciliary care Of 85 ranked lists, 24 rest on a single provider"),
        (WHAT_IF, "What if? Essex, Domiciliary care: Ageing only If only ageing changes"),
        (ENGAGEMENT, "Market engagement: Essex, Domiciliary care 131 requests for about 2,560 hours a week wait"),
        (DATA, "The data behind the figures All 20 totals agree with what was published"),
    ],
)
def test_every_page_presents_its_sentence_and_nothing_to_press(path: str, said: str) -> None:
    app = open_page(path, present="true")
    assert part(app, "room-said").startswith(said)
    assert DEMONSTRATION in part(app, "room-foot")
    assert [kind for kind in WIDGETS if len(app.get(kind))] == []
    # The clicker's ways alone: no menu.
    assert {label for label, _ in links(app)} <= {"Back", "Next"}
    assert part(app, "room-block")


@pytest.mark.parametrize("said", ["TRUE", "yes", "1"])
def test_a_link_is_read_forgivingly(said: str) -> None:
    assert part(open_page(OVERVIEW, present=said), "room-said")
    assert not part(open_page(OVERVIEW, present="no"), "room-said")


def test_the_district_of_the_link_has_its_story() -> None:
    app = open_page(DOMICILIARY, present="true", district=DISTRICT)
    story = part(app, "room-block")
    assert story.startswith("Tendring: 6th lowest of 12 illustrative Tendring Essex Net coverage 1.04 1.04")


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("lots", "Headroom hours"), ("quality", "Good or Outstanding"), ("resilience", "Largest provider"),
     ("places", "Spot share")],
)  # fmt: skip
def test_the_open_tab_of_the_providers_says_what_the_map_shows(tab: str, shown: str) -> None:
    assert part(open_page(PROVIDERS, present="true", providers_tab=tab), "room-block").startswith(shown)


def test_the_clicker_goes_through_the_menu_with_what_is_chosen() -> None:
    app = open_page(DOMICILIARY, present="true", indicator="spot_share")
    assert [label for label, _ in links(app)] == ["Back", "Next"]
    assert all("present=true" in way and "indicator=spot_share" in way for _, way in links(app))
    assert [label for label, _ in links(open_page(OVERVIEW, present="true"))] == ["Next"]
    assert [label for label, _ in links(open_page(DATA, present="true"))] == ["Back"]


def test_the_link_of_an_order_leads_to_its_first_view(store: ScenarioStore) -> None:
    app = open_page(OVERVIEW, order=add(store))
    assert part(app, "room-said").startswith("First 1 of 4 Spot share")
    (ahead,) = links(app)
    assert ahead[1].endswith("view=2")
    assert "Providers" in ahead[1]


def test_a_view_has_its_title_and_a_note_that_is_hidden(store: ScenarioStore) -> None:
    app = open_page(PROVIDERS, order=add(store), view="2", present="true")
    assert part(app, "room-said").startswith("Providers: Essex, Domiciliary care 2 of 4")
    (note,) = [one.proto.body for one in app.get("html") if "<aside" in one.proto.body]
    assert "hidden" in note
    assert "Ask &lt;b&gt;who&lt;/b&gt;." in note


def test_a_view_that_no_longer_fits_is_said_and_stepped_over(store: ScenarioStore) -> None:
    order = add(store)
    app = open_page(OVERVIEW, order=order, view="3", present="true")
    assert 'Gone 3 of 4 This view no longer fits: the dashboard has no page "Gone".' in part(app, "room-said")
    assert [label for label, _ in links(app)] == ["Back", "Next"]
    app = open_page(SHORT_BREAKS, order=order, view="4", present="true")
    assert "The link's indicator “gone_indicator” is not one of this pack: Coverage is shown." in part(app, "room-foot")


@pytest.mark.parametrize("asked", ["gone", "<script>", "'; DROP TABLE orders; --"])
def test_an_order_that_is_not_there_is_said(asked: str) -> None:
    app = open_page(OVERVIEW, order=asked)
    assert "This running order is no longer there" in part(app, "room-said")


def test_an_order_without_views_is_said(store: ScenarioStore) -> None:
    app = open_page(OVERVIEW, order=add(store, RunningOrder(name="Empty")))
    assert "This running order has no views yet." in part(app, "room-said")


def test_a_store_that_cannot_be_opened_is_said(scenarios_folder: Path) -> None:
    scenarios_folder.write_text("no folder")
    app = open_page(OVERVIEW, order="any")
    assert "This running order is no longer there" in part(app, "room-said")
    app = open_page(ORDERS)
    assert any("Kept in this session alone" in one.value for one in app.warning)
    app.text_input(key="order_new_name").set_value("Mine").run()
    checked(app.button(key="order_begin").click().run())
    assert app.selectbox(key="order_chosen").options == ["Mine"]
    app.button(key="order_delete").click().run()
    assert any("There is no running order yet." in one.value for one in app.info)


# The page of running orders.


def test_an_order_is_begun_moved_edited_renamed_and_deleted(store: ScenarioStore) -> None:
    app = open_page(ORDERS)
    app.text_input(key="order_new_name").set_value("Spring").run()
    checked(app.button(key="order_begin").click().run())
    (one,) = store.listed()
    store.save(one, SPRING.document())
    checked(app.run())
    checked(app.button(key="order_down_0").click().run())

    def titles() -> list[str]:
        return [view["title"] for view in json.loads(store.get(one.id).document)["views"]]

    assert titles() == ["", "First", "Gone", ""]
    assert [said.value for said in app.success] == ["View 1 moved down."]
    checked(app.button(key="order_remove_2").click().run())
    assert titles() == ["", "First", ""]
    key = next(box.key for box in app.text_input if box.label == "Title of view 1")
    checked(app.text_input(key=key).set_value("Who has room").run())
    assert titles() == ["Who has room", "First", ""]
    key = next(box.key for box in app.text_input if box.label == "New name")
    app.text_input(key=key).set_value("Autumn").run()
    checked(app.button(key="order_rename").click().run())
    assert [saved.name for saved in store.listed()] == ["Autumn"]
    checked(app.button(key="order_delete").click().run())
    assert store.listed() == []


def test_what_somebody_else_changed_is_not_overwritten(store: ScenarioStore) -> None:
    one = store.get(add(store))
    app = open_page(ORDERS)
    theirs = store.save(one, SPRING.with_views([]).document(), "B. Colleague")
    checked(app.button(key="order_up_1").click().run())
    assert store.get(one.id) == theirs
    assert [saved.name for saved in store.listed()] == ["Spring", "Spring (2)"]
    assert "Saved as Spring (2)" in app.success[0].value.replace("\\", "")
    app = open_page(ORDERS)
    now = store.save(theirs, SPRING.document(), "B. Colleague")
    checked(app.button(key="order_delete").click().run())
    assert "was changed by B. Colleague" in app.error[0].value.replace("\\", "")
    assert store.get(now.id) == now


def test_views_that_do_not_fit_are_marked_and_hostile_words_stay_words(store: ScenarioStore) -> None:
    hostile = "<b>x</b> [y](http://example.com) :red[z]"
    add(store, RunningOrder(name=hostile, views=(View(page="Gone", title=hostile, note=hostile),)))
    app = open_page(ORDERS)
    assert 'the dashboard has no page "Gone"' in app.warning[0].value.replace("\\", "")
    assert not any("<b>" in one.value or "](http" in one.value for one in app.markdown)


def test_a_file_is_taken_in_or_refused_in_a_sentence(store: ScenarioStore) -> None:
    app = open_page(ORDERS)
    checked(app.button(key="order_import").click().run())
    assert [one.value for one in app.error] == ["Choose a file first\\."] or "Choose a file first" in app.error[0].value
    app.file_uploader(key="order_file").upload("a.json", b"{}", "application/json").run()
    checked(app.button(key="order_import").click().run())
    assert "name: found nothing" in app.error[0].value.replace("\\", "").replace(":color[:]", ":")
    app.file_uploader(key="order_file").upload("a.json", SPRING.document().encode(), "application/json").run()
    checked(app.button(key="order_import").click().run())
    assert [saved.name for saved in store.listed()] == ["Spring"]


def test_a_view_is_added_from_its_page(store: ScenarioStore) -> None:
    app = open_page(DOMICILIARY, indicator="spot_share")
    checked(app.button(key="adding").click().run())
    app.text_input(key="adding_name").set_value("Mine")
    app.text_area(key="adding_note").set_value("Slowly.")
    checked(app.button(key="primary_add_view").click().run())
    (one,) = store.listed()
    assert one.name == "Mine"
    assert json.loads(one.document)["views"] == [
        {"page": "Domiciliary_care", "query": {"indicator": ["spot_share"]}, "title": "Domiciliary care",
         "note": "Slowly."}
    ]  # fmt: skip
