"""How long briefs take, and how much memory: all districts of the default pack, and of a pack with many.

python tests/bench/bench_briefs.py [DISTRICTS]. The floor is an empty PDF by the same engine in the same run. Figures,
not verdicts.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import odd_packs
import pack_copies

from lib.export.briefs.html import to_html
from lib.export.briefs.making import Inside, no_progress
from lib.export.briefs.pdf import to_pdf
from lib.export.briefs.tree import Brief, Heading
from lib.pack.load import Pack, load_pack
from lib.whatif.scenarios.presets import default_scenario

SERVICE = "domiciliary_care"


def seconds(run: Callable[[], object]) -> float:
    """How long something takes once."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(what: str, pack: Pack, floor: float) -> None:
    """All districts' briefs of a service in one file, and what one takes."""
    source, made = Inside(pack, (SERVICE,)), {}
    first = next(iter(pack.district_names()))

    def all_of_them() -> None:
        made["pdf"] = to_pdf(source.in_one(no_progress))

    once = seconds(lambda: to_pdf(source.of_district(first)))
    again = seconds(lambda: to_pdf(source.of_district(first)))
    every = seconds(all_of_them)
    html = seconds(lambda: to_html(source.of_district(first)))
    number = len(pack.district_names())
    print(
        f"{what}: first brief {once:.2f} s, the next {again:.2f} s ({again / floor:,.0f} x an empty PDF), as HTML "
        f"{html:.2f} s; all {number} in one file {every:.1f} s ({every / floor:,.0f} x), "
        f"{len(made['pdf']) / 1e6:.1f} MB; memory so far {megabytes():,.0f} MB"
    )


def main() -> None:
    """Measure both packs."""
    pack = load_pack(pack_copies.DATA)
    empty = Brief("Empty", ("mark",), pack.manifest.as_of, (Heading(1, "Empty"),))
    to_pdf(empty)
    floor = min(seconds(lambda: to_pdf(empty)) for _ in range(5))
    print(f"an empty PDF: {1000 * floor:.0f} ms; memory so far {megabytes():,.0f} MB")
    measured("default pack", pack, floor)
    scenario = Inside(pack, (), default_scenario(pack, SERVICE))
    taken = seconds(lambda: to_pdf(scenario.of_scenario()))
    print(f"a scenario's brief: {taken:.2f} s ({taken / floor:,.0f} x)")
    districts = int(sys.argv[1]) if len(sys.argv) > 1 else 309
    with TemporaryDirectory() as folder:
        many = load_pack(pack_copies.copy_pack(Path(folder) / "many", odd_packs.many_districts(districts)))
        measured(f"{districts} districts", many, floor)


if __name__ == "__main__":
    main()
