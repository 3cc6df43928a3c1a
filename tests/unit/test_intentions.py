"""The published intentions, each with the figures that track it today."""

from typing import Any

import pandas as pd
import pytest
from pack_folder import PackFolder

from lib.__main__ import main
from lib.market.basis import Standing
from lib.market.figure import Figure
from lib.market.published.intentions import COLUMNS, FURTHER_FIGURES, NO_FIGURE, intention_faults, intentions_of
from lib.pack.faults import SelectionError
from lib.pack.load import Pack

SHORT_BREAKS = "short_breaks"


def by_id(pack: Pack, service: str, **further: Figure) -> pd.DataFrame:
    return intentions_of(pack, service, further).set_index("intention_id")


def said(figures: tuple[Figure, ...]) -> tuple[tuple[str, str, str], ...]:
    """Figures as the page says them: label, text, status."""
    return tuple((one.label, one.text_with_unit, str(one.status)) for one in figures)


def test_the_intentions_of_short_breaks(pack: Pack) -> None:
    frame = intentions_of(pack, SHORT_BREAKS)
    assert list(frame.columns) == COLUMNS
    rows = frame.set_index("intention_id")
    assert list(rows.index) == [
        *("relationships", "purchasing", "capacity", "insight"),
        *("voluntary", "out_of_county", "direct_payments", "place"),
    ]
    assert said(rows.at["purchasing", "figures"]) == (("Spot share", "100.0%", "published"),)
    assert said(rows.at["insight", "figures"]) == (("Published gaps filled", "1 of 7", "derived"),)
    assert rows.at["relationships", "figures_text"] == (
        "Providers, lower end: 25 providers; Providers, upper end: 30 providers; Children per provider: 6.1 children"
    )
    assert rows.at["relationships", "status"] == "derived"
    capacity = rows.loc["capacity"]
    assert said(capacity["figures"][:2]) == (
        ("Net coverage", "1.01", "illustrative"),
        ("Shortfall hours", "27 hours a week", "illustrative"),
    )
    assert capacity["status"] == "illustrative"
    voluntary = rows.loc["voluntary"]
    assert voluntary[["figures", "figures_text", "status"]].to_list() == [(), NO_FIGURE, ""]


@pytest.mark.parametrize("service", ["domiciliary_care", SHORT_BREAKS])
def test_an_intention_has_a_figure_or_says_what_would_give_one(pack: Pack, service: str) -> None:
    frame = intentions_of(pack, service)
    assert len(frame) == {"domiciliary_care": 12, SHORT_BREAKS: 8}[service]
    without = frame["figures"].str.len() == 0
    assert (without == (frame["needs"] != "")).all()
    assert (without == (frame["figures_text"] == NO_FIGURE)).all()
    assert frame.loc[without, "needs"].str.fullmatch(r"[A-Z][^.]+\.").all()
    # Net coverage alone would hide what is short, lot by lot.
    covered = frame[frame["figures_text"].str.contains("Net coverage")]
    assert covered["figures_text"].str.contains("Shortfall hours").all()


def test_figures_by_hand(tiny: Pack) -> None:
    # Ranked lists of home: Ash day older 3 providers, younger 1, and P1 at night, though nothing is bought there; Birch
    # day 3, night 1; Cedar day 1 (P7 has no hours). 10 providers on 6 lists: as many as the Providers page counts.
    capacity, places = by_id(tiny, "home").loc[["capacity", "places"], "figures"]
    assert said(capacity) == (
        ("Net coverage", "1.09", "illustrative"),
        ("Shortfall hours", "35 hours a week", "illustrative"),
        ("Providers on a ranked list, on average", "1.7", "illustrative"),
        ("Ranked lists resting on one provider", "4 of 6", "illustrative"),
    )
    # The county's rural share is (500 x 0.1 + 1,000 x 0.5 + 800 x 1) / 2,300 = 0.587, so only Cedar is rural: P1
    # delivers its 40 hours on the framework.
    # Birch is beside London: P3, P5, P6.
    assert said(places) == (
        ("Spot share in rural districts", "0.0%", "illustrative"),
        ("Providers in rural districts", "1", "illustrative"),
        ("Providers in districts beside London", "3", "illustrative"),
        ("Date of the data", "31 March 2025", "illustrative"),
    )
    insight, staff = (by_id(tiny, "respite").loc[name] for name in ("insight", "staff"))
    assert said(insight["figures"]) == (
        ("Published gaps filled", "1 of 1", "derived"),
        ("Children", "8 children", "published"),
        ("Spot share", "100.0%", "published"),
    ), "no projection: no growth is published"
    assert insight["status"] == "derived"
    assert staff[["figures_text", "needs"]].to_list() == [NO_FIGURE, "The number of staff."]


def test_a_projection_may_be_given(tiny: Pack, pack: Pack) -> None:
    given = Figure("People in five years", "270.6", "", Standing("illustrative", projected=True))
    assert by_id(tiny, "respite", projection=given).at["insight", "figures"][-1] == given
    growth = by_id(pack, "domiciliary_care").loc["growth"]
    assert said(growth["figures"]) == (("Growth of weekly hours in the year to 31/03/2025", "4.5% a year", "context"),)
    assert growth["status"] == "context"


def test_the_growth_that_the_what_if_starts_from_comes_first(tiny_folder: PackFolder) -> None:
    def change(document: Any) -> None:
        lever = {"default": 0, "status": "published", "fact": "f_spot", "compare": "f_children"}
        document["services"]["respite"]["levers"] = {"demand.need_growth_pct": lever}

    tiny_folder.change_json("datapackage.json", change)
    figures = by_id(tiny_folder.load(), "respite").at["insight", "figures"]
    assert said(figures[-1:]) == (("Placed by spot purchase", "100%", "published"),)


def test_no_rural_district_has_no_share(tiny_folder: PackFolder) -> None:
    for row in (2, 3, 4):
        tiny_folder.set("reference/districts.csv", row, "rural_share_65", "0.1")
    figures = by_id(tiny_folder.load(), "home").at["places", "figures"]
    assert [one.text for one in figures[:2]] == ["not applicable", "0"]


def test_an_unknown_figure_is_left_out_and_said(tiny_folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    tiny_folder.set("published/intentions.csv", 2, "indicators", "coverage;luck")
    pack = tiny_folder.load()
    assert [one.label for one in by_id(pack, "home").at["capacity", "figures"]] == ["Net coverage"]
    (fault,) = intention_faults(pack)
    assert str(fault).startswith(
        'published/intentions.csv, column indicators: found "luck" for the intention "capacity", '
    )
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    assert str(fault) in capsys.readouterr().err
    with pytest.raises(SelectionError, match="expected one of home, respite"):
        intentions_of(pack, "none")
    assert "gaps_filled" in FURTHER_FIGURES
