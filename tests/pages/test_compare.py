"""The Scenarios tab: scenarios side by side, two of them district by district, and the decision record."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pack_copies
import pytest
from app_pages import WHAT_IF, checked, open_page, unescaped, values, words
from hostile_text import CORPUS
from service_pages import BREAKS, HOME, opened
from streamlit.testing.v1 import AppTest

from lib.pack.load import Pack
from lib.view.what_if.state import scenario_key
from lib.view.what_if.store import store
from lib.whatif.decision.reproduce import differs, read_record, reproduce
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario, preset_scenario
from lib.whatif.summary import summarise

TAB = {"what_if_tab": "Scenarios"}
GROWTH = "Observed growth, 4.5% a year"
OVERSEAS = "Overseas recruitment ends"
RESULTS = [
    "Demand (hours a week)", "Net coverage (ratio)", "Hours with no provider (hours a week)", "Served (hours a week)",
    "Cost of meeting the need (pounds a year)", "Spend that capacity allows (pounds a year)", "First short year",
]  # fmt: skip


@pytest.fixture(autouse=True)
def scenarios_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setenv("SCENARIOS", str(folder))
    yield


@pytest.fixture(scope="module")
def pack() -> Pack:
    return pack_copies.kept_pack(pack_copies.DATA)


class Table(HTMLParser):
    """The table of scenarios as a browser reads it: its cells, and what its pictures say and show."""

    def __init__(self, app: AppTest) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.pictures: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        (body,) = [
            one.proto.body for one in app.get("html") if "sidebyside" in one.proto.body and "<td" in one.proto.body
        ]
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
        elif tag == "img":
            self.pictures.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data

    @property
    def heads(self) -> list[str]:
        return self.rows[0]

    def row(self, name: str) -> dict[str, str]:
        (found,) = [row for row in self.rows[1:] if row[0] == name]
        return dict(zip(self.heads, found, strict=True))


def tab(service: str = HOME, **state: object) -> AppTest:
    return open_page(WHAT_IF, {**TAB, "service": service, **state})


def chosen(app: AppTest, *codes: str, service: str = HOME) -> AppTest:
    return checked(app.multiselect(key=f"compare_{service}").set_value(list(codes)).run())


def test_three_scenarios_stand_side_by_side_at_first(pack: Pack) -> None:
    table = Table(tab())
    names = ["Ageing only (as the levers stand)", "As today", GROWTH]
    assert [row[0] for row in table.rows[1:]] == names, "the preset with the same levers is left out"
    assert table.heads == [
        "Scenario", "Ageing", "Need growth (% a year)", *RESULTS, "Demand, 2024/25 to 2029/30",
    ]  # fmt: skip
    county = summarise(pack, preset_scenario(pack, HOME, GROWTH)).by_year.iloc[-1]
    row = table.row(GROWTH)
    assert (row["Ageing"], row["Need growth (% a year)"]) == ("off", "4.5")
    assert row["Demand (hours a week)"] == f"{round(county['demand_hours'], -2):,.0f}"
    assert row["Net coverage (ratio)"] == f"{county['coverage']:.2f}"
    assert row["First short year"] == "2025/26"
    assert table.row("As today")["Spend that capacity allows (pounds a year)"] == "£160.5m"


def test_up_to_six_and_no_more() -> None:
    app = tab()
    assert app.multiselect(key=f"compare_{HOME}").proto.max_selections == 6
    codes = [
        "screen",
        *(f"preset {name}" for name in ("As today", GROWTH, "Recruitment drive", OVERSEAS, "Ageing only")),
    ]
    table = Table(chosen(app, *codes))
    assert len(table.rows) == 7
    assert {"Change of vacancies (percentage points by the last year)", "Ageing"} <= set(table.heads)


def test_under_two_there_is_nothing_to_compare() -> None:
    app = chosen(tab(), "screen")
    assert "Choose 2 to 6 scenarios to see them side by side." in values(app, "info")
    assert not [one for one in app.selectbox if one.key == f"compare_first_{HOME}"]


def test_scenarios_with_the_same_levers_say_so() -> None:
    app = chosen(tab(), "screen", "preset Ageing only")
    assert "They move the same levers." in words(app)
    assert Table(app).heads[1:] == [*RESULTS, "Demand, 2024/25 to 2029/30"]


def test_a_year_and_a_measure_are_chosen_once(pack: Pack) -> None:
    app = tab()
    app.selectbox(key=f"compare_year_{HOME}").set_value(2026)
    checked(app.selectbox(key="compare_measure").set_value("spend").run())
    table = Table(app)
    assert table.heads[-1] == "Spend that capacity allows, 2024/25 to 2029/30"
    rows = summarise(pack, preset_scenario(pack, HOME, GROWTH)).by_year
    then = rows[(rows["year"] == 2026) & (rows["district_code"] == "all")].iloc[0]
    assert table.row(GROWTH)["Net coverage (ratio)"] == f"{then['coverage']:.2f}"
    assert any(text.startswith("Side by side in 2026/27 ") for text in values(app, "subheader"))
    assert any(
        text.startswith("Change of the net gap in 2026/27, second less first") for text in values(app, "subheader")
    )


def test_lines_are_pictures_with_words_on_one_scale() -> None:
    table = Table(tab())
    assert [one["alt"] for one in table.pictures] == [
        "Demand: 130,600 in 2024/25 to 140,300 in 2029/30",
        "Demand: 130,600 in 2024/25 to 130,600 in 2029/30",
        "Demand: 130,600 in 2024/25 to 162,700 in 2029/30",
    ]
    drawn = [base64.b64decode(str(one["src"]).partition(",")[2]).decode() for one in table.pictures]
    tops = [float(re.search(r'cy="([\d.]+)"', svg)[1]) for svg in drawn]  # type: ignore[index]
    assert tops[2] < tops[0] < tops[1], "the more, the higher"


def test_scenarios_of_another_service_are_not_offered(pack: Pack) -> None:
    store().add("Of children", BREAKS, pack.manifest.name, default_scenario(pack, BREAKS).to_json(pack))
    store().add("Of adults", HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))
    store().add("Broken", HOME, pack.manifest.name, "{")
    options = tab().multiselect(key=f"compare_{HOME}").options
    assert "Of adults (saved)" in options
    assert not [one for one in options if "children" in one or "Broken" in one]


def test_a_saved_scenario_of_fewer_years_is_compared_over_these(pack: Pack) -> None:
    one = store().add("Short", HOME, pack.manifest.name, default_scenario(pack, HOME, 2).to_json(pack))
    app = chosen(tab(), "screen", f"saved {one.id}")
    assert app.selectbox(key=f"compare_year_{HOME}").options == ["2024/25", "2025/26", "2026/27"]
    assert any("2 to 5 ahead" in text for text in values(app, "warning"))
    assert Table(app).heads[-1] == "Demand, 2024/25 to 2026/27"


def test_the_levers_on_screen_are_those_compared(pack: Pack) -> None:
    mine = with_levers(pack, default_scenario(pack, HOME), {"price.uplift_pct": 3.0, "name": "Mine"})
    table = Table(tab(**{scenario_key(HOME): mine}))
    assert table.row("Mine (as the levers stand)")["Price uplift (% a year)"] == "3"


def test_a_scenario_that_is_deleted_leaves_the_rows(pack: Pack) -> None:
    one = store().add("Mine", HOME, pack.manifest.name, default_scenario(pack, HOME).to_json(pack))
    app = chosen(tab(), "screen", "preset As today", f"saved {one.id}")
    store().delete(one)
    checked(app.run())
    assert [row[0] for row in Table(app).rows[1:]] == ["Ageing only (as the levers stand)", "As today"]


def test_what_was_chosen_stays_while_another_tab_is_open() -> None:
    app = chosen(tab(), "screen", f"preset {OVERSEAS}")
    app.selectbox(key=f"compare_year_{HOME}").set_value(2026)
    checked(app.selectbox(key="compare_measure").set_value("coverage").run())
    for name in ("Districts", "Scenarios"):
        app.session_state["what_if_tab"] = name
        checked(app.run())
    table = Table(app)
    assert [row[0] for row in table.rows[1:]] == ["Ageing only (as the levers stand)", OVERSEAS]
    assert table.heads[-1] == "Net coverage, 2024/25 to 2029/30"
    assert app.selectbox(key=f"compare_year_{HOME}").value == 2026


@pytest.mark.parametrize("text", ["</td><img src=x onerror=alert(1)>", "</script><script>x</script>", *CORPUS[:4]])
def test_hostile_names_are_text_in_the_table(text: str, pack: Pack) -> None:
    mine = with_levers(pack, default_scenario(pack, HOME), {"name": text})
    table = Table(tab(**{scenario_key(HOME): mine}))
    assert table.rows[1][0] == f"{text} (as the levers stand)"
    assert table.tags == {"div", "table", "thead", "tbody", "tr", "th", "td", "img"}
    assert len(table.pictures) == 3


def test_the_file_has_the_rows_of_the_screen() -> None:
    page = opened(WHAT_IF, {**TAB, "service": HOME})
    offer = page.offer("Scenarios side by side (CSV)")
    assert offer.name == "scenarios.csv"
    table = offer.table()
    assert list(table["Scenario"]) == ["Ageing only (as the levers stand)", "As today", GROWTH]
    assert float(table["Demand 2024/25 (hours a week)"].iloc[1]) == float(
        table["Demand 2029/30 (hours a week)"].iloc[1]
    )


def test_a_file_of_levers_that_name_somebody_is_internal(pack: Pack) -> None:
    mine = with_levers(pack, default_scenario(pack, HOME), {"supply.provider_exits": ["P064"]})
    page = opened(WHAT_IF, {**TAB, "service": HOME, scenario_key(HOME): mine})
    assert page.offer("Scenarios side by side (CSV)").name == "scenarios_internal_do_not_share.csv"


# The decision record.


def test_the_record_of_the_screen_comes_to_the_same_on_the_command_line(pack: Pack, tmp_path: Path) -> None:
    mine = with_levers(pack, default_scenario(pack, HOME), {"demand.need_growth_pct": 2.0, "name": "Mine"})
    typed = {"author": "A. Nalyst", "decided_on": dt.date(2026, 3, 12), f"decided_why_{HOME}": "Agreed in March."}
    page = opened(WHAT_IF, {**TAB, "service": HOME, scenario_key(HOME): mine, **typed})
    offer = page.offer("Decision record (HTML)")
    assert offer.name == "domiciliary_care_decision_record_internal_do_not_share.html"
    html = offer.text()
    text = unescape(re.sub(r"<[^>]+>", " ", html.split("<script")[0]))
    for said in ("Mine", "A. Nalyst", "12 March 2026", "Agreed in March.", "2% a year", "Internal, do not share"):
        assert said in text
    path = tmp_path / "record.html"
    path.write_text(html, encoding="utf-8")
    recorded = read_record(path, pack)
    assert recorded.scenario.demand.need_growth_pct == 2.0
    assert not differs(reproduce(recorded, pack)).any()


def test_the_day_is_the_readers_and_never_todays() -> None:
    page = opened(WHAT_IF, {**TAB, "service": HOME})
    (box,) = [one for one in page.app.date_input if one.label == "When"]
    assert box.value is None
    values = json.loads(
        page.offer("Decision record (HTML)").text().split('id="decision-record">')[1].split("</script>")[0]
    )
    assert (values["who"], values["when"], values["why"]) == ("", "", "")
    assert unescaped(values["name"]) == "Ageing only"
