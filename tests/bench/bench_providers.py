"""How long the ranked lists take, for the default pack and for 2,000 providers, beside a floor of the same run.

Figures, not verdicts. Run by `make bench`. The floor is the least that a list can cost: adding up the capacity table
lot by lot. Work and floor take turns, so that a busy machine slows both; medians. "First" is a pack that nobody has
asked anything of yet, as everything that is kept is kept beside the pack; "again" is what each further question costs.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app_pages import part_data
from pack_copies import DATA, large_pack
from streamlit.testing.v1 import AppTest

from lib.market.ranked_lists.call_off import Lot, call_off_order, ranked_list
from lib.market.ranked_lists.lot_supply import lot_supply
from lib.market.ranked_lists.one_provider import exposure
from lib.market.ranked_lists.placement import placed_list, spill
from lib.market.ranked_lists.reranking import rerank
from lib.market.ranked_lists.resilience import points_of_failure, stress
from lib.pack.load import LOT, Pack, load_pack
from lib.view.providers.page import NAMES

TURNS, LOADS = 9, 3


def milliseconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def floor(pack: Pack) -> object:
    """Add up the capacity table lot by lot."""
    return pack.tables["capacity"].groupby(LOT)["delivered_hours"].sum()


def compare(what: str, pack: Pack, work: Callable[[Pack], object], turns: int, fresh: bool) -> None:
    """Print one comparison; with fresh, every turn asks a pack that nothing is kept beside yet."""
    pairs = []
    for _ in range(turns + 1):
        asked = replace(pack) if fresh else pack
        # The floor first: what it leaves in the processor's caches helps the work, never the other way round.
        least = milliseconds(lambda: floor(pack))
        pairs.append((milliseconds(lambda one=asked: work(one)), least))
    # The first turn warms both up.
    value, least = (statistics.median(pair[place] for pair in pairs[1:]) for place in (0, 1))
    label = f"{what}, {'first' if fresh else 'again'}"
    print(f"{label:<46} {value:>8,.1f} ms  {value / least:>7.1f} x  {least:,.1f} ms (groupby-sum)")


def bench(pack: Pack) -> None:
    """Every question that the pages ask of the lists."""
    capacity = pack.table("capacity")
    service = str(capacity.loc[capacity["rank"].notna(), "service"].iloc[0])
    listed = capacity[capacity["service"] == service]
    longest = listed.groupby(LOT).size().idxmax()
    lot = Lot(*(str(code) for code in longest))  # type: ignore[misc]
    delivered = float(listed.loc[listed[LOT].eq(list(longest)).all(axis=1), "delivered_hours"].sum())
    largest = listed.groupby("provider_id")["delivered_hours"].sum().nlargest(3).index
    leaving = tuple(str(provider) for provider in largest)

    def slider_step(asked: Pack) -> None:
        ranked_list(asked, lot)
        spill(asked, placed_list(asked, lot, 50.0), 50.0, delivered)

    questions: dict[str, Callable[[Pack], object]] = {
        "call_off_order": call_off_order,
        "lot_supply": lambda asked: lot_supply(asked, service),
        "ranked_list + placed_list + spill": slider_step,
        "stress, 3 exits": lambda asked: stress(asked, leaving),
        "points_of_failure": lambda asked: points_of_failure(asked, service),
        "rerank": lambda asked: rerank(asked, service, 0.7, 10),
        "exposure of a provider": lambda asked: exposure(asked, leaving[0]),
    }
    compare("load_pack", pack, lambda asked: load_pack(asked.root), LOADS, True)
    for what, work in questions.items():
        compare(what, pack, work, TURNS, True)
        compare(what, pack, work, TURNS, False)


def interact(app: AppTest, what: str, change: Callable[[AppTest, int], object], least: float) -> None:
    """Print the server's time of a kind of interaction, each time with another value, beside that of a bare page."""
    times = []
    for turn in range(TURNS):
        change(app, turn)
        times.append(milliseconds(app.run))
        assert not app.exception, what
    value = statistics.median(times)
    print(f"{'Page: ' + what:<46} {value:>8,.1f} ms  {value / least:>7.1f} x  {least:,.1f} ms (bare page)")


def put_hours(app: AppTest, hours: int) -> None:
    """Move the slider of new hours, as the browser tells the page after a pause."""
    app.session_state["placement_moves"] = {**part_data(app, "placement")["request"], "hours": hours}


def bench_page(root: Path) -> None:
    """Every kind of interaction of the Providers page, as the server sees it: no browser, no network."""
    os.environ["PACK"] = str(root)
    bare = AppTest.from_string("import streamlit as st\nst.title(st.slider('x', 0, 100, key='x'))", default_timeout=60)
    bare.run()
    least = statistics.median(milliseconds(bare.slider(key="x").set_value(turn).run) for turn in range(1, TURNS + 1))

    def opened(tab: str) -> AppTest:
        app = AppTest.from_file(str(DATA.parent / "overview.py"), default_timeout=120)
        app.switch_page("pages/3_Providers.py")
        app.session_state["providers_tab"] = tab
        app.run()
        assert not app.exception, tab
        return app

    def at(tab: str) -> float:
        return milliseconds(lambda: opened(tab))

    for tab in NAMES:
        first, again = at(tab), at(tab)
        print(f"Page: {tab + ', opened first, again':<40} {first:>8,.1f} ms {again:>8,.1f} ms")
    lots, quality, resilience, _, one, reissue = NAMES
    app = opened(lots)
    districts = app.selectbox(key="district").options
    interact(app, "a rest of the slider of new hours", lambda app, turn: put_hours(app, 10 + turn), least)
    interact(app, "another lot", lambda app, turn: app.selectbox(key="district").select(districts[turn]), least)
    app = opened(quality)
    domains = ["safe", "effective", "caring", "responsive", "well_led", "overall"]
    interact(
        app, "another question",
        lambda app, turn: app.segmented_control(key="quality_domain").set_value(domains[turn % len(domains)]), least,
    )  # fmt: skip
    app = opened(resilience)
    key = "leaving_domiciliary_care"
    ids = sorted(set(load_pack(root).table("capacity").query("service == 'domiciliary_care'")["provider_id"]))
    interact(
        app, "other exits", lambda app, turn: app.multiselect(key=key).set_value(ids[turn : turn + 3]), least
    )  # fmt: skip
    app = opened(one)
    interact(app, "another provider", lambda app, turn: app.selectbox(key="provider").set_value(ids[turn]), least)
    app = opened(reissue)
    interact(
        app, "weight of performance",
        lambda app, turn: app.slider(key="performance_weight_slider").set_value(5 * turn), least,
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name, root in (("default", DATA), ("large", large_pack(Path(folder) / "large"))):
            pack = load_pack(root)
            providers, rows = (len(pack.tables[table]) for table in ("providers", "capacity"))
            print(f"The {name} pack: {providers:,} providers, {rows:,} rows of capacity")
            bench(pack)
            bench_page(root)


if __name__ == "__main__":
    main()
