"""Running orders: what a document may hold, the sentence for what it may not, and how they are saved."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.whatif.running_orders.named import order_named, order_of
from lib.whatif.running_orders.order import OrderError, RunningOrder, View, read_order
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.moving import move_scenarios
from lib.whatif.scenarios.store import ScenarioChangedError, ScenarioGoneError, ScenarioStore, open_store
from tests.hostile_text import CORPUS

WHERE_SHORT = View(
    page="Domiciliary_care",
    query={"indicator": ["coverage"], "types_domiciliary_care": ["night_awake", "night_sleeping"]},
    title="Where nights are short",
    note="Ask who could start in autumn.",
)
ORDER = RunningOrder(name="Spring meeting", author="A. Author", views=(WHERE_SHORT, View(page="What_if")))


def document(**fields: object) -> str:
    return json.dumps({"name": "Spring meeting", "views": [], **fields})


def test_an_order_is_read_back_as_it_was_written():
    assert read_order(ORDER.document()) == ORDER
    assert read_order(("﻿" + ORDER.document()).encode()) == ORDER, "as Windows' editor writes it"
    assert ORDER.document().splitlines()[1] == ' "name": "Spring meeting",'


def test_what_a_document_leaves_out_stands_empty():
    assert read_order(document(views=[{"page": "Overview"}])).views == (View(page="Overview"),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "running order, line 1, column 1: found text that is not JSON (Expecting value), expected a running order "
         "in JSON"),
        ("[]", "running order: found a list of 0, expected an object with name and views"),
        ("{}", "running order, name: found nothing, expected text of 1 to 80 characters: it is required"),
        (document(name=" "), 'running order, name: found the text " ", expected text of 1 to 80 characters'),
        (document(name=7), "running order, name: found 7, expected text of 1 to 80 characters"),
        (document(views=7), "running order, views: found 7, expected a list of at most 100 views"),
        (document(views=[7]), "running order, view 1: found 7, expected a view: page, query, title and note"),
        (document(views=[{"page": "Overview"}, {}]),
         "running order, view 2, page: found nothing, expected a page as its address names it, such as Overview or "
         "Providers: it is required"),
        (document(views=[{"page": "https://example.org/"}]),
         'running order, view 1, page: found the text "https://example.org/", expected a page as its address names it, '
         "such as Overview or Providers"),
        (document(views=[{"page": "Data", "query": {"data_tab": "checks"}}]),
         'running order, view 1, query, data_tab: found the text "checks", expected an object of at most 80 choices, '
         "each with a list of codes"),
        (document(views=[{"page": "Data", "title": "t" * 121}]),
         f'running order, view 1, title: found the text "{"t" * 59}…", expected text of at most 120 characters'),
        (document(views=[{"page": "Data", "note": "n" * 2001}]),
         f'running order, view 1, note: found the text "{"n" * 59}…", expected text of at most 2,000 characters'),
        (document(views=[{"page": "Data", "script": ""}]),
         "running order, view 1, script: found a field that is not known, expected one of page, query, title, note"),
        (document(speaker=""),
         "running order, speaker: found a field that is not known, expected one of name, author, views"),
        (document(views=[{"page": "Data"}] * 101),
         "running order, views: found a list of 101, expected a list of at most 100 views"),
        (document(views=[{"page": "What_if", "query": {"scenario": ["s" * 10_000], "more": ["s" * 5_000]}}]),
         "running order, view 1: found a longer one, expected a query of at most 14,000 characters"),
        ('{"name": "A", "name": "B"}', "running order, name: found the field twice, expected each field once"),
        ("[" * 100_000, "running order: found lists or objects nested too deep, expected a running order in JSON"),
        (document(name="\ud800"), "running order: found half a letter (a lone surrogate), expected text that can be "
         "written as UTF-8"),
        (" " * 2_000_001, "running order: found a document of more than 2 MB, expected a running order, far smaller"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(text, sentence):
    with pytest.raises(OrderError) as error:
        read_order(text)
    assert str(error.value) == sentence


def test_a_file_is_called_by_its_name(tmp_path):
    file = tmp_path / "spring.json"
    file.write_text(ORDER.document(), encoding="utf-8")
    assert read_order(file) == ORDER
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(OrderError, match=r"^spring.json: found bytes that are not text"):
        read_order(file)
    with pytest.raises(OrderError, match=r"^gone.json: found a file that cannot be read \(No such file or directory\)"):
        read_order(tmp_path / "gone.json")


def test_more_views_than_anybody_shows_are_refused():
    assert len(ORDER.with_views([WHERE_SHORT] * 100).views) == 100
    with pytest.raises(OrderError, match=r"^A running order has at most 100 views: begin another one\.$"):
        ORDER.with_views([WHERE_SHORT] * 101)


@pytest.mark.parametrize("text", CORPUS)
def test_a_hostile_text_is_kept_as_it_is_and_named_in_one_line(text):
    kept = text[:80].strip() or "x"
    order = RunningOrder(name=kept, views=(View(page="Overview", title=kept, note=text),))
    assert read_order(order.document()) == order
    with pytest.raises(OrderError) as error:
        read_order(document(views=[{"page": f"/{text}"}]))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["name", "views", "page", "query", "title"]), inner)
        ),
    )
)
def test_no_document_is_more_than_an_order_or_a_sentence(values):
    try:
        order = read_order(json.dumps(values))
    except OrderError as error:
        assert "\n" not in str(error)
    else:
        assert read_order(order.document()) == order


# In the store, beside the scenarios and apart from them.


def save(store: ScenarioStore, order: RunningOrder = ORDER, pack_name: str = "tiny"):
    return store.orders.add(order.name, "", pack_name, order.document(), order.author)


def test_orders_and_scenarios_do_not_meet(store):
    order = save(store)
    scenario = store.add(ORDER.name, "domiciliary_care", "tiny", "{}")
    assert (store.orders.listed(), store.listed()) == ([order], [scenario])
    assert (order.service, order.version, order.author) == ("", 1, "A. Author")
    assert order_of(order) == ORDER


def test_an_order_is_saved_deleted_and_brought_back_as_a_scenario_is(store):
    orders = store.orders
    seen = save(store)
    mine = orders.save(seen, ORDER.with_views([]).document(), "B. Colleague")
    assert (mine.id, mine.version) == (seen.id, 2)
    theirs = orders.save(seen, ORDER.document())
    assert theirs.name == "Spring meeting (2)", "changed meanwhile: a copy"
    with pytest.raises(ScenarioChangedError):
        orders.rename(seen, "Autumn")
    assert order_of(orders.rename(mine, "Autumn")).name == "Autumn", "the row's name, not the document's"
    orders.delete(theirs)
    with pytest.raises(ScenarioGoneError):
        orders.get(theirs.id)
    assert orders.bring_back(theirs.id).document == ORDER.document()


def test_an_order_is_found_by_its_name_or_its_id(store, tiny):
    one = save(store)
    assert order_named(store, tiny, " Spring meeting ") == ORDER
    assert order_named(store, tiny, one.id) == ORDER


def test_who_asks_for_another_name_is_told_which_there_are(store, tiny):
    def asked() -> str:
        with pytest.raises(OrderError) as error:
            order_named(store, tiny, "Winter")
        return str(error.value)

    assert asked() == 'There is no running order "Winter": none is saved yet.'
    save(store, pack_name="another pack")
    assert asked() == 'There is no running order "Winter": there is "Spring meeting".'
    for name in "ABCDEFGH":
        save(store, ORDER.model_copy(update={"name": name}), tiny.manifest.name)
    assert asked().endswith('there are "A", "B", "C", "D", "E", "F", "G", "H" and 1 more.')


def test_an_order_that_is_damaged_is_said_to_be(store, tiny):
    store.orders.add("Spring", "", "tiny", "{}")
    with pytest.raises(OrderError, match=r'^the running order "Spring", name: found nothing'):
        order_named(store, tiny, "Spring")


def test_orders_move_with_the_scenarios(tmp_path):
    source, target = (file_address(tmp_path / name) for name in ("own.db", "team.db"))
    old = open_store(source)
    old.add("Plan", "domiciliary_care", "tiny", "{}")
    save(old)
    moved = move_scenarios(str(source.file), str(target.file))
    assert [one.name for one in moved.taken_in] == ["Plan", "Spring meeting"]
    assert open_store(target).orders.listed() == old.orders.listed()
    assert [one.name for one in move_scenarios(str(source.file), str(target.file)).here] == ["Plan", "Spring meeting"]
