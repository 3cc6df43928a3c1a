"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from pack_folder import PackFolder

import lib.__main__
from lib.__main__ import main, parser, piped
from lib.market.indicators import indicators
from lib.pack.load import Pack
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.store import open_store

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]

FIRST_COLUMNS = [
    "area_code",
    "area_name",
    "people",
    "delivered_hours",
    "waiting_hours",
    "demand_hours",
    "capacity_hours",
    "headroom_hours",
    "coverage",
    "shortfall_hours",
]
ASH_DAY = ["--service", "home", "--district", "E07000001", "--service-type", "day", "--cohort", "older"]
VERBS = {
    "check": ["check"],
    "profile": ["profile", "--service", "home"],
    "project": ["project", "SCENARIO"],
    "backtest": ["backtest"],
    "place": ["place", *ASH_DAY, "--hours", "31"],
    "exit": ["exit", "P1"],
    "record": ["record", "SCENARIO", "PAGE"],
    "reproduce": ["reproduce", "PAGE"],
    "schema": ["schema"],
    "new-pack": ["new-pack", "--name", "Fenland", "--boundaries", "OUTLINES", "--into", "NEW"],
    "move-scenarios": ["move-scenarios", "--from", "STORE", "--to", "TARGET"],
    "versions": ["versions"],
}
# Those that write a pack, a file of one, a publication, slides or briefs: test_import_verbs.py, test_publish_verb.py,
# test_slides_verb.py and test_brief_verb.py in this folder.
WRITING = {"import", "go-back", "template", "publish", "slides", "brief"}
# What is unlikely in the tiny pack, as `check` warns of it.
UNLIKELY = (
    "warning: reference/population.csv, row 17, column persons: found 9,999 residents after 500 the year before, and "
    "the like in 1 more row (22), expected no more than twice as many as the year before, and no fewer than half\n",
    "warning: market/capacity.csv, row 13, column delivered_hours: found 20 hours delivered of a capacity of 15, "
    "expected no more than capacity_hours\n",
)
MADE_UP = "On data made up for demonstration, this proves nothing.\n"
SCENARIO = '{"name": "As today", "service": "home", "years": 1}'


@pytest.fixture(autouse=True)
def no_pack_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACK", raising=False)


@pytest.fixture(autouse=True)
def packs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lib.__main__, "load_pack", pack_copies.kept_pack)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def printed(capsys: Capture, *arguments: str) -> str:
    """What a command that succeeds prints; on stderr stands what `check` finds unlikely, and what proves nothing."""
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ("".join(UNLIKELY) if "f_cost" in out else MADE_UP if arguments[0] == "backtest" else "")
    return out


def refused(capsys: Capture, *arguments: str) -> str:
    """The one sentence of a command that is refused."""
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err.strip()


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if name != "PACK"}
    environment = inherited | {"PYTHONIOENCODING": "utf-8"} | variables
    command = [sys.executable, "-W", "error", "-m", "lib", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_a_reader_that_has_read_enough_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m lib schema | head -1` ends without a traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        assert piped(lambda: main(["schema"])) == 0


def test_check_prints_the_reconciliation(capsys: Capture) -> None:
    lines = printed(capsys, "check").splitlines()
    assert lines[0] == "fact_id,expected,actual,difference"
    assert "dom_hours_total,128000,128000,0" in lines
    assert "sb_providers_low,25,27,0" in lines
    assert "dom_spend_total,160500000,160500000,0" in lines
    assert all(line.endswith(",0") for line in lines[1:])
    assert len(lines) == 1 + 20 + 132 + 72


def test_a_lever_that_nobody_knows_is_an_error(folder: PackFolder, capsys: Capture, tmp_path: Path) -> None:
    """`check` says which, where and what it knows; a projection goes on without it and says so."""

    def change(document: Any) -> None:
        service = document["services"]["domiciliary_care"]
        service["levers"]["supply.staff_pct"] = {"default": 2, "status": "assumption"}
        service["levers"]["price.uplift_pct"] = {"default": 50, "status": "assumption"}
        service["presets"][1]["overrides"]["demand.need"] = 1

    pack_copies.edit_json(folder.root, "datapackage.json", change)
    assert main(["check", "--pack", str(folder.root)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 225, "the reconciliation is printed as ever"
    place = "datapackage.json, column services.domiciliary_care"
    knows = "expected one of years, demand.demographic, demand.need_growth_pct, "
    beyond, unknown, preset = err.splitlines()
    assert unknown.startswith(f"{place}.levers.supply.staff_pct: found a lever that is not known, {knows}")
    assert beyond == f"{place}.levers.price.uplift_pct.default: found 50, expected a number from -10 to 20"
    assert preset.startswith(
        f'{place}.presets.1.overrides.demand.need: found a lever that is not known, in the preset "As today", {knows}'
    )
    scenario = tmp_path / "scenario.json"
    scenario.write_text('{"name": "A", "service": "domiciliary_care", "years": 1}')
    assert main(["project", str(scenario), "--pack", str(folder.root)]) == 0
    out, warned = capsys.readouterr()
    assert warned == err
    assert out == printed(capsys, "project", str(scenario))


def test_schema_prints_the_schema_and_reads_no_pack(capsys: Capture) -> None:
    schema = json.loads(printed(capsys, "schema", "--pack", "nowhere"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["name", "service", "years"]
    growth = schema["$defs"]["Demand"]["properties"]["need_growth_pct"]
    assert growth == {
        "title": "Need growth",
        "description": "Growth of the people who need care, on top of ageing.",
        "unit": "% a year",
        "type": "number",
        "minimum": -20,
        "maximum": 20,
        "step": 0.5,
        "default": 0,
    }


def test_check_as_json(capsys: Capture) -> None:
    lines = json.loads(printed(capsys, "check", "--json", "--pack", str(pack_copies.DATA)))
    assert lines[0] == {"fact_id": "dom_hours_total", "expected": 128000, "actual": 128000, "difference": 0}
    assert len(lines) == 224


def test_the_command_line_in_a_process_of_its_own(tiny_folder: PackFolder) -> None:
    """Every other test runs it in this one. A warning is an error there; the exit status says that a total is off."""
    tiny_folder.take("market/capacity.csv", 2, "delivered_hours", 0.25)
    done = run("check", PACK=str(tiny_folder.root))
    assert done.returncode == 1
    assert "lot:home:E07000001:day:older,100,99.75,-0.25" in done.stdout.splitlines()
    assert done.stderr == (
        "market/capacity.csv, all rows, column delivered_hours: lot:home:E07000001:day:older comes to 99.75, "
        "0.25 too few, expected 100 hours a week\n" + "".join(UNLIKELY)
    )


def test_a_total_that_is_off_is_an_error(tiny_folder: PackFolder, capsys: Capture) -> None:
    tiny_folder.take("market/capacity.csv", 2, "delivered_hours", 0.25)
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    out, err = capsys.readouterr()
    assert "lot:home:E07000001:day:older,100,99.75,-0.25" in out.splitlines()
    assert err.splitlines() == [
        "market/capacity.csv, all rows, column delivered_hours: lot:home:E07000001:day:older comes to 99.75, "
        "0.25 too few, expected 100 hours a week",
        *(sentence.rstrip() for sentence in UNLIKELY),
    ]


def test_a_pack_that_is_off_still_has_a_profile(tiny_folder: PackFolder, capsys: Capture) -> None:
    tiny_folder.take("market/capacity.csv", 2, "delivered_hours", 0.25)
    assert table(printed(capsys, "profile", "--service", "home", "--pack", str(tiny_folder.root)))


def test_a_damaged_pack_prints_one_sentence(folder: PackFolder, capsys: Capture) -> None:
    folder.set("market/demand.csv", 2, "hours_per_week", "many")
    assert refused(capsys, "check", "--pack", str(folder.root)) == (
        'market/demand.csv, row 2, column hours_per_week: found "many", expected a number of 0 or more'
    )


def test_a_damaged_pack_has_no_profile(tiny_folder: PackFolder, capsys: Capture) -> None:
    tiny_folder.set("market/demand.csv", 2, "hours_per_week", "many")
    said = refused(capsys, "profile", "--service", "home", "--pack", str(tiny_folder.root))
    assert said == 'market/demand.csv, row 2, column hours_per_week: found "many", expected a number of 0 or more'


def test_profile_has_its_columns_in_order(pack: Pack, capsys: Capture) -> None:
    out = printed(capsys, "profile", "--service", "domiciliary_care")
    header = out.splitlines()[0].split(",")
    assert header[:10] == FIRST_COLUMNS
    assert header[2:] == list(indicators(pack))
    rows = table(out)
    assert len(rows) == 12
    assert (rows[0]["area_code"], rows[0]["area_name"]) == ("E07000066", "Basildon")
    assert sum(float(row["delivered_hours"]) for row in rows) == 128_000


def test_profile_of_the_county(capsys: Capture) -> None:
    options = ["--service", "domiciliary_care", "--group-by", "county", "--pack", str(pack_copies.DATA)]
    (row,) = table(printed(capsys, "profile", *options))
    assert (row["area_code"], row["people"], row["delivered_hours"]) == ("all", "7465", "128000")
    assert row["annual_cost"] == "160500000"


@pytest.mark.parametrize(
    "options",
    [
        ["--service", "respite", "--group-by", "side"],
        ["--service", "home", "--service-type", "night", "--service-type", "day", "--cohort", "older"],
        ["--service", "home", "--cohort", "younger", "--group-by", "county"],
    ],
)
def test_csv_and_json_agree(tiny: Pack, capsys: Capture, options: list[str]) -> None:
    options = [*options, "--pack", str(tiny.root)]
    rows = table(printed(capsys, "profile", *options))
    records = json.loads(printed(capsys, "profile", *options, "--json"))
    assert [list(record) for record in records] == [list(row) for row in rows]
    for row, record in zip(rows, records, strict=True):
        for name, cell in row.items():
            value = record[name]
            assert cell == ("" if value is None else str(value)), name


def test_missing_figures_are_empty_and_null(tiny: Pack, capsys: Capture) -> None:
    options = ["profile", "--service", "respite", "--pack", str(tiny.root)]
    ash = table(printed(capsys, *options))[0]
    assert ash["area_name"] == "Ash"
    empty = {name for name, cell in ash.items() if cell == ""}
    assert {"coverage", "hourly_cost", "spot_share", "hhi", "good_or_better_share", "median_days_to_source"} <= empty
    assert "demand_hours_per_1000" not in empty, "there are residents to divide by, so nothing is 0 per 1,000"
    assert "shortfall_hours" not in empty
    record = json.loads(printed(capsys, *options, "--json"))[0]
    assert {name for name, value in record.items() if value is None} == empty


def test_figures_are_not_rounded(tiny: Pack, capsys: Capture) -> None:
    options = ["profile", "--service", "home", "--pack", str(tiny.root)]
    birch = table(printed(capsys, *options))[1]
    assert float(birch["spot_share"]) == 160 / 270
    assert birch["median_days_to_source"] == "7.5"
    assert birch["delivered_hours"] == "270", "a whole number has no decimal point"
    record = json.loads(printed(capsys, *options, "--json"))[1]
    assert record["spot_share"] == 160 / 270


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--service", "gardening"], 'service: found "gardening", expected one of home, respite'),
        (
            ["--service", "home", "--service-type", "visit"],
            'service type of home: found "visit", expected one of day, night',
        ),
        (
            ["--service", "home", "--service-type", "day", "--cohort", "child"],
            'cohort of home: found "child", expected one of older, younger',
        ),
        (
            ["--service", "home", "--group-by", "street"],
            'grouping: found "street", expected one of district, county, side, patch',
        ),
        (
            ["--service", "home", "--service-type", "night", "--cohort", "younger"],
            'lot of home: found "night / younger", expected one of day / older, day / younger, night / older',
        ),
    ],
)
def test_what_the_pack_has_not_is_one_sentence(tiny: Pack, capsys: Capture, options: list[str], sentence: str) -> None:
    assert refused(capsys, "profile", *options, "--pack", str(tiny.root)) == sentence


def test_place_prints_the_list_in_call_off_order(tiny: Pack, capsys: Capture) -> None:
    # Ash day: P1 has room for 20 and P2 for 10 on tier 1; P3, on spot, for none.
    arguments = ["place", *ASH_DAY, "--hours", "30.5", "--pack", str(tiny.root)]
    assert printed(capsys, *arguments).splitlines() == [
        "route,rank,provider_id,placed_hours",
        "tier_1,1,P1,20",
        "tier_1,2,P2,10",
        "unplaced,,,0.5",
    ]
    assert json.loads(printed(capsys, *arguments, "--json")) == [
        {"route": "tier_1", "rank": 1, "provider_id": "P1", "placed_hours": 20},
        {"route": "tier_1", "rank": 2, "provider_id": "P2", "placed_hours": 10},
        {"route": "unplaced", "rank": None, "provider_id": None, "placed_hours": 0.5},
    ]
    # P2 is Poor overall.
    assert printed(capsys, *arguments, "--skip-below-gate").splitlines()[1:] == ["tier_1,1,P1,20", "unplaced,,,10.5"]


def test_spot_has_no_rank_and_everything_placed_leaves_nothing(tiny: Pack, capsys: Capture) -> None:
    # Birch day: P5 20 and P6 5 on tier 2, P3 5 on spot.
    lot = ["--service", "home", "--district", "E07000002", "--service-type", "day", "--cohort", "older"]
    assert printed(capsys, "place", *lot, "--hours", "28", "--pack", str(tiny.root)).splitlines()[1:] == [
        "tier_2,1,P5,20",
        "tier_2,2,P6,5",
        "spot,,P3,3",
        "unplaced,,,0",
    ]


def test_exit_prints_every_lot_of_a_provider(tiny: Pack, capsys: Capture) -> None:
    arguments = ["exit", "P1", "--pack", str(tiny.root)]
    assert printed(capsys, *arguments).splitlines() == [
        "service,district_code,service_type,cohort,route,rank,provider_id,placed_hours",
        "home,E07000001,day,older,tier_1,2,P2,10",
        "home,E07000001,day,older,unplaced,,,50",
        "home,E07000001,night,older,unplaced,,,0",
        "home,E07000003,day,older,unplaced,,,40",
    ]
    last = json.loads(printed(capsys, *arguments, "--json"))[-1]
    assert (last["route"], last["rank"], last["provider_id"], last["placed_hours"]) == ("unplaced", None, None, 40)
    assert "home,E07000001,day,older,unplaced,,,60" in printed(capsys, *arguments, "--skip-below-gate").splitlines()
    # P4 is listed in the other service; P2 leaves P1 nobody to hand its hours to.
    several = printed(capsys, "exit", "P1", "P2", "P4", "--pack", str(tiny.root)).splitlines()
    assert "home,E07000001,day,older,unplaced,,,90" in several
    assert "respite,E07000003,visit,child,unplaced,,,20" in several


def test_place_and_exit_of_the_default_pack(capsys: Capture) -> None:
    lot = ["--service", "short_breaks", "--district", "E07000066", "--service-type", "home_based_care"]
    rows = table(printed(capsys, "place", *lot, "--cohort", "children", "--hours", "1000"))
    assert {row["route"] for row in rows} == {"spot", "unplaced"}
    assert sum(float(row["placed_hours"]) for row in rows) == 1000
    rows = table(printed(capsys, "exit", "P001"))
    assert {row["service"] for row in rows} == {"domiciliary_care"}
    assert refused(capsys, "exit", "P999") == 'provider: found "P999", expected one of P001, P002, P003, ..., P148'


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--service": "gardening"}, 'service: found "gardening", expected one of home, respite'),
        (
            {"--district": "E07999999"},
            'district: found "E07999999", expected one of E07000001, E07000002, E07000003',
        ),
        ({"--service-type": "visit"}, 'service type of home: found "visit", expected one of day, night'),
        ({"--cohort": "child"}, 'cohort of home: found "child", expected one of older, younger'),
        (
            {"--service-type": "night", "--cohort": "younger"},
            'lot of home: found "night / younger", expected one of day / older, day / younger, night / older',
        ),
        ({"--hours": "-5"}, 'hours: found "-5.0", expected a number of hours a week, 0 or more'),
        ({"--hours": "nan"}, 'hours: found "nan", expected a number of hours a week, 0 or more'),
        ({"--hours": "inf"}, 'hours: found "inf", expected a number of hours a week, 0 or more'),
    ],
)
def test_a_placement_that_cannot_be_is_one_sentence(
    tiny: Pack, capsys: Capture, change: dict[str, str], sentence: str
) -> None:
    options = dict(zip(ASH_DAY[::2], ASH_DAY[1::2], strict=True)) | {"--hours": "5"} | change
    arguments = [word for option in options.items() for word in option]
    assert refused(capsys, "place", *arguments, "--pack", str(tiny.root)) == sentence


def test_an_exit_of_nobody_known_is_one_sentence(tiny: Pack, capsys: Capture) -> None:
    said = refused(capsys, "exit", "P1", "P9", "--pack", str(tiny.root))
    assert said == 'provider: found "P9", expected one of P1, P2, P3, ..., P7'


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["forecast"],
        ["profile"],
        ["profile", "--service"],
        ["profile", "--service", "home", "--colour", "blue"],
        ["check", "extra"],
        ["check", "--pack"],
        ["place", *ASH_DAY],
        ["place", *ASH_DAY, "--hours", "many"],
        ["place", *ASH_DAY, "--hours", ""],
        ["place", *ASH_DAY[:-2], "--hours", "5"],
        ["exit"],
        ["record"],
        ["record", "plan.json"],
        ["reproduce"],
    ],
)
def test_wrong_usage_is_2(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: python -m lib")


def verbs() -> list[str]:
    """The verbs that the parser knows."""
    (choices,) = [action.choices for action in parser()._actions if action.choices is not None]
    return list(choices)


def test_every_verb_takes_a_pack_and_json(tiny: Pack, capsys: Capture, tmp_path: Path) -> None:
    assert set(verbs()) == {*VERBS, *WRITING}, "a new verb needs a line in VERBS"
    scenario = tmp_path / "scenario.json"
    scenario.write_text(SCENARIO)
    files = {"SCENARIO": str(scenario), "STORE": str(tmp_path / "one.db"), "TARGET": str(tmp_path / "other.db")}
    files |= {"OUTLINES": str(pack_copies.DATA / "geography/districts.geojson"), "NEW": str(tmp_path / "new")}
    files["PAGE"] = str(tmp_path / "record.html")
    open_store(file_address(tmp_path / "one.db")).add("Plan", "home", "a-pack", SCENARIO)
    for verb, arguments in VERBS.items():
        given = [files.get(argument, argument) for argument in arguments]
        # The tiny pack's history is too short to hold anything against.
        pack = pack_copies.DATA if verb == "backtest" else tiny.root
        assert json.loads(printed(capsys, *given, "--pack", str(pack), "--json")), verb


def test_the_pack_variable_and_the_option(
    tiny: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("PACK", str(tiny.root))
    assert "f_hours,470,470,0" in printed(capsys, "check")
    monkeypatch.setenv("PACK", str(tmp_path / "nowhere"))
    assert "f_hours,470,470,0" in printed(capsys, "check", "--pack", str(tiny.root)), "the option wins"
    assert refused(capsys, "check").startswith(str(tmp_path / "nowhere"))
    monkeypatch.setenv("PACK", "")
    assert "dom_hours_total,128000,128000,0" in printed(capsys, "check"), "an empty variable is no variable"


def test_every_verb_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [verb for verb in verbs() if not re.search(rf"`{verb}\b", readme)]
    assert missing == []
