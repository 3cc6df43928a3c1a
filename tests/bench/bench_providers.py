"""How long the ranked lists take, for the default pack and for 2,000 providers, beside a floor of the same run.

Figures, not verdicts. Run by `make bench`. The floor is the least that a list can cost: adding up the capacity table
lot by lot. Work and floor take turns, so that a busy machine slows both; medians. "First" is a pack that nobody has
asked anything of yet, as everything that is kept is kept beside the pack; "again" is what each further question costs.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pack_copies import DATA, large_pack

from lib.market.call_off import Lot, call_off_order, ranked_list
from lib.market.lot_supply import lot_supply
from lib.market.placement import placed_list, spill
from lib.market.provider_view import exposure
from lib.market.reranking import rerank
from lib.market.resilience import points_of_failure, stress
from lib.pack.load import LOT, Pack, load_pack

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


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name, root in (("default", DATA), ("large", large_pack(Path(folder) / "large"))):
            pack = load_pack(root)
            providers, rows = (len(pack.tables[table]) for table in ("providers", "capacity"))
            print(f"The {name} pack: {providers:,} providers, {rows:,} rows of capacity")
            bench(pack)


if __name__ == "__main__":
    main()
