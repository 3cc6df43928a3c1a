"""Links to pages: codes and old labels, every page's parameters, what the address says, what is not understood."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    OVERVIEW,
    PROVIDERS,
    ROOT,
    SERVICE,
    SHORT_BREAKS,
    WHAT_IF,
    checked,
    choose_indicator,
    figures,
    menu,
    open_page,
    sentence,
    values,
)
from streamlit.testing.v1 import AppTest

from lib.pack.load import load_pack
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import default_scenario

MALDON = "E07000074"

# A page, a link with codes, the same with what people read: as links were before.
SAME = [
    (
        OVERVIEW,
        {"indicator": "spot_share", "types_domiciliary_care": "night_awake", "district": MALDON},
        {"indicator": "Spot share", "types_domiciliary_care": "Night awake", "district": "Maldon"},
    ),
    (OVERVIEW, {"service": "short_breaks"}, {"service": "Children's short breaks"}),
    (
        DOMICILIARY,
        {"by_domiciliary_care": "quadrant", "cohorts_domiciliary_care": "older_people"},
        {"by_domiciliary_care": "Quadrant", "cohorts_domiciliary_care": "Older people"},
    ),
    (
        PROVIDERS,
        {"district": MALDON, "lot_cohort_domiciliary_care": "working_age_adults"},
        {"district": "Maldon", "lot_cohort_domiciliary_care": "Working age adults"},
    ),
    (
        PROVIDERS,
        {"providers_tab": "resilience", "leaving_domiciliary_care": "P064", "skip_on_exit": "true"},
        {"providers_tab": "Resilience", "leaving_domiciliary_care": "Provider 064", "skip_on_exit": "True"},
    ),
    (
        PROVIDERS,
        {"providers_tab": "one_provider", "provider": "P064"},
        {"providers_tab": "One provider", "provider": "Provider 064"},
    ),
    (
        WHAT_IF,
        {"service": "short_breaks", "district": MALDON},
        {"service": "Children's short breaks", "district": "Maldon"},
    ),
]


def address(app: AppTest) -> dict[str, list[str]]:
    """What the address says."""
    return {name: value if isinstance(value, list) else [value] for name, value in app.query_params.items()}


def warned(app: AppTest) -> str:
    """What the page says of its link."""
    return " ".join(text for text in values(app, "warning") if "link" in text)


@pytest.mark.parametrize(("path", "codes", "labels"), SAME)
def test_codes_and_the_old_labels_open_the_same_view(path: str, codes: dict[str, str], labels: dict[str, str]) -> None:
    new, old, bare = open_page(path, **codes), open_page(path, **labels), open_page(path)
    assert (figures(new), sentence(new)) == (figures(old), sentence(old))
    keys = [key for key in codes if not key.endswith("_tab")]
    for key in keys:
        assert new.session_state[key] == old.session_state[key]
        assert key not in bare.session_state or new.session_state[key] != bare.session_state[key]
    assert warned(new) == warned(old) == ""
    # Nobody chose anything yet: the address is the reader's own.
    assert address(new) == {name: [value] for name, value in codes.items()}
    assert address(old) == {name: [value] for name, value in labels.items()}


def test_a_choice_is_written_as_a_code_and_what_is_chosen_goes_with_the_menu() -> None:
    app = open_page(OVERVIEW, district="Maldon", utm_source="mail")
    choose_indicator(app, "spot_share")
    assert address(app) == {"indicator": ["spot_share"], "district": [MALDON]}
    queries = {label: parse_qs(query) for label, _, query in menu(app)}
    market = {"indicator": ["spot_share"], "district": [MALDON]}
    assert queries == {
        "Overview": market,
        "Domiciliary care": market,
        "Children's short breaks": {"indicator": ["spot_share"]},  # by quadrant, so no district is chosen there
        "Providers": {"district": [MALDON]},
        "What-if": {"district": [MALDON]},
        "Market engagement": {"district": [MALDON]},
        "Data": {},
    }
    choose_indicator(app, "coverage")
    checked(app.selectbox(key="district").set_value(None).run())
    assert address(app) == {}
    assert {query for _, _, query in menu(app)} == {""}


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        (OVERVIEW, {"district": "Maldn"}, "The link's district “Maldn” is not one of this pack: all districts"),
        (OVERVIEW, {"service": "meals"}, "service “meals” is not one of this pack: Domiciliary care is shown."),
        (OVERVIEW, {"indicator": "<b>x</b>"}, "“<b>x</b>” is not one of this pack: Coverage is shown."),
        (OVERVIEW, {"district": "[x](https://x.example)"}, "“[x](https://x.example)” is not one of this pack"),
        (DOMICILIARY, {"by_domiciliary_care": "ward"}, "The link's grouping “ward” is not one of this pack: District"),
        (DOMICILIARY, {"types_domiciliary_care": "Nights out"}, "“Nights out” is not one of this pack: it is left"),
        (SHORT_BREAKS, {"tab_short_breaks": "Weather"}, "tab “Weather” is not one of this page: The market is"),
        (PROVIDERS, {"provider": "P9999"}, "“P9999” is not one of this pack: the provider with"),
        (PROVIDERS, {"providers_tab": "Prices"}, "“Prices” is not one of this page: Lots and placement is shown."),
        (PROVIDERS, {"skip_below_gate": "maybe"}, "“maybe” is not one of yes and no: no provider is passed over."),
        (WHAT_IF, {"district": "E0700007"}, "The link's district “E0700007” may be any of"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_in_one_line(path: str, query: dict[str, str], said: str) -> None:
    app, bare = open_page(path, **query), open_page(path)
    assert said in warned(app)
    assert len([text for text in values(app, "warning") if "link" in text]) == 1
    assert (figures(app), sentence(app)) == (figures(bare), sentence(bare))
    for warning in app.warning:
        for sign in ("](", "<b"):
            assert sign not in warning.value.replace("\\" + sign[0], "")


@pytest.mark.parametrize("path", [OVERVIEW, DOMICILIARY, PROVIDERS, WHAT_IF, DATA])
def test_what_is_not_ours_is_nobodys_business(path: str) -> None:
    app = open_page(path, utm_source="mail", fbclid="x", embed="true")
    assert warned(app) == ""


@pytest.mark.parametrize("end", [".", ")", ">", "%3E", "].", " ", '"'])
def test_a_scenario_of_a_link_survives_what_a_mail_client_adds(end: str) -> None:
    pack = load_pack(ROOT / "data")
    moved = with_levers(
        pack, default_scenario(pack, "domiciliary_care"), {"supply.vacancy_change_pts": -5, "name": "More staff"}
    )
    app = open_page(WHAT_IF, scenario=to_link(moved, pack) + end)
    assert to_link(app.session_state["scenario_of_domiciliary_care"], pack) == to_link(moved, pack)
    assert app.session_state["service"] == "domiciliary_care"
    assert values(app, "error") == []


@pytest.mark.parametrize("code", ["domiciliary_care", "Domiciliary care", "DOMICILIARY_CARE.", "domiciliary_care%29"])
def test_the_service_page_reads_its_code_as_forgivingly(code: str) -> None:
    app = open_page(SERVICE, code=code)
    assert values(app, "title") == ["Domiciliary care: Essex"]
    checked(app.selectbox(key="district").set_value(MALDON).run())
    assert address(app) == {"code": ["domiciliary_care"], "district": [MALDON]}


def test_the_start_of_a_choice_that_rests_on_figures_needs_no_words() -> None:
    """The riskiest provider leaves until somebody chooses; that nobody does is a choice."""
    app = open_page(PROVIDERS, providers_tab="resilience")
    box = app.multiselect(key="leaving_domiciliary_care")
    assert len(box.value) == 1
    checked(box.set_value([]).run())
    assert address(app) == {"providers_tab": ["resilience"], "leaving_domiciliary_care": ["none"]}
    again = open_page(PROVIDERS, providers_tab="resilience", leaving_domiciliary_care="none")
    assert again.multiselect(key="leaving_domiciliary_care").value == []


TYPES, COHORTS = "types_domiciliary_care", "cohorts_domiciliary_care"
LOT_TYPE, LOT_COHORT = "lot_type_domiciliary_care", "lot_cohort_domiciliary_care"


def to(app: AppTest, page: str) -> AppTest:
    """Follow the menu to another page, as the reader does: its address says what its entry of the menu says."""
    (query,) = {
        one.query_string for one in (element.proto for element in app.get("page_link")) if ENTRY[page] == one.page
    }
    app.switch_page(page)
    app.query_params.clear()
    for name, codes in parse_qs(query).items():
        app.query_params[name] = codes
    return checked(app.run())


ENTRY = {OVERVIEW: "", PROVIDERS: "Providers", DOMICILIARY: "Domiciliary_care", WHAT_IF: "What_if", DATA: "Data"}


def chosen_lot(app: AppTest) -> tuple[str, str]:
    """The lot of the Providers page."""
    return str(app.selectbox(key=LOT_TYPE).value), str(app.segmented_control(key=LOT_COHORT).value)


def filters_of(app: AppTest) -> tuple[list[str], list[str]]:
    """The filters of a market page."""
    return app.multiselect(key=TYPES).value, app.multiselect(key=COHORTS).value


@pytest.mark.parametrize("page", [OVERVIEW, DOMICILIARY])
def test_a_filter_that_names_one_lot_is_the_lot_of_providers(page: str) -> None:
    app = open_page(page)
    app.multiselect(key=TYPES).set_value(["night_awake"])
    checked(app.multiselect(key=COHORTS).set_value(["working_age_adults"]).run())
    app = to(app, PROVIDERS)
    assert chosen_lot(app) == ("night_awake", "working_age_adults")
    # And back: the filter follows the lot that it named.
    checked(app.selectbox(key=LOT_TYPE).set_value("night_sleeping").run())
    app = to(app, page)
    assert filters_of(app) == (["night_sleeping"], ["working_age_adults"])
    # To all types: the lot stays what it was last.
    checked(app.multiselect(key=TYPES).set_value([]).run())
    assert chosen_lot(to(app, PROVIDERS)) == ("night_sleeping", "working_age_adults")


def test_a_filter_of_one_type_leaves_the_cohort_alone() -> None:
    app = open_page(OVERVIEW, types_domiciliary_care="night_awake")
    app = to(app, PROVIDERS)
    assert chosen_lot(app) == ("night_awake", "older_people")
    checked(app.segmented_control(key=LOT_COHORT).set_value("working_age_adults").run())
    app = to(app, OVERVIEW)
    assert filters_of(app) == (["night_awake"], [])


def test_a_filter_of_several_is_left_alone_and_said() -> None:
    app = open_page(OVERVIEW)
    checked(app.multiselect(key=TYPES).set_value(["night_awake", "night_sleeping"]).run())
    app = to(app, PROVIDERS)
    assert chosen_lot(app) == ("personal_care", "older_people")
    said = "Chosen on the market pages: Night awake and Night sleeping (this lot: Personal care)."
    assert said in values(app, "caption")
    checked(app.selectbox(key=LOT_TYPE).set_value("night_awake").run())
    assert said not in values(app, "caption")
    assert filters_of(to(app, OVERVIEW)) == (["night_awake", "night_sleeping"], [])


def test_a_lot_chosen_first_narrows_no_market() -> None:
    app = open_page(PROVIDERS, lot_type_domiciliary_care="night_awake")
    assert filters_of(to(app, OVERVIEW)) == ([], [])


def test_a_filter_travels_past_pages_that_have_none() -> None:
    app = open_page(OVERVIEW, types_domiciliary_care="night_awake")
    app = to(to(app, DATA), PROVIDERS)
    assert chosen_lot(app)[0] == "night_awake"
    assert filters_of(to(to(app, WHAT_IF), DOMICILIARY)) == (["night_awake"], [])


def test_a_link_to_a_lot_takes_the_filter_along() -> None:
    """What was said last holds: the link's lot, not the filter of before."""
    app = open_page(OVERVIEW, types_domiciliary_care="night_awake")
    app.switch_page(PROVIDERS)
    app.query_params.clear()
    app.query_params["lot_type_domiciliary_care"] = "carer_support"
    app = checked(app.run())
    assert chosen_lot(app)[0] == "carer_support"
    assert filters_of(to(app, OVERVIEW)) == (["carer_support"], [])
