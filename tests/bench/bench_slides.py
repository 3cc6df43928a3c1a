"""How long a deck of slides takes, and how much memory, beside an empty deck of python-pptx in the same run.

python tests/bench/bench_slides.py [DISTRICTS]. The default pack, both services, and one of many districts. Each deck is
made in a process of its own, which has loaded its pack already. Figures, not verdicts.
"""

from __future__ import annotations

import io
import json
import math
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench_publish import many_districts

from lib.pack.load import Pack, load_pack

DATA = Path(__file__).parents[2] / "data"
SIDE = (3.0, 2.2)  # degrees, of the land that the districts share
CORNER = (-2.5, 51.2)


def squares(codes: list[str]) -> bytes:
    """Outlines of districts side by side, in GeoJSON."""
    across = math.ceil(math.sqrt(len(codes)))
    step = (SIDE[0] / across, SIDE[1] / across)
    features = []
    for number, code in enumerate(codes):
        west, south = CORNER[0] + (number % across) * step[0], CORNER[1] + (number // across) * step[1]
        east, north = west + step[0], south + step[1]
        corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        ring = [[round(x, 5), round(y, 5)] for x, y in corners]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        properties = {"district_code": code, "district_name": code}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def many(districts: int) -> Pack:
    """The default pack with so many districts, each with an outline."""
    pack = many_districts(load_pack(DATA), districts, 10 * districts)
    names = [f"{name} {number}" for number, name in enumerate(pack.tables["districts"]["district_name"])]
    table = pack.tables["districts"].assign(district_name=names)
    tables = dict(pack.tables) | {
        "districts": table,
        "wards": pack.tables["wards"].iloc[:0],
        "requests": pack.tables["requests"].assign(ward_code=None),
    }
    return replace(pack, tables=tables, outlines=squares(list(table["district_code"])))


def measure(what: str) -> None:
    """Print the seconds, the seconds of the processor, the megabytes at most and the slides of one deck."""
    pack = None if what == "empty" else load_pack(DATA) if what == "default" else many(int(what))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    begun, used = time.monotonic(), time.process_time()
    if pack is None:
        from pptx import Presentation

        presentation = Presentation()
        presentation.slides.add_slide(presentation.slide_layouts[5])
        content = io.BytesIO()
        presentation.save(content)
        slides = 1
    else:
        from lib.export.slides.deck import deck, number_of_slides
        from lib.export.slides.records import services_with_figures, slides_of

        slides = number_of_slides(deck(pack, slides_of(pack, services_with_figures(pack))))
    taken, worked = time.monotonic() - begun, time.process_time() - used
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps([taken, worked, after, after - before, slides]))


def measured(what: str) -> list[float]:
    """The same from a process of its own."""
    run = subprocess.run([sys.executable, __file__, "--one", what], capture_output=True, text=True, check=True)
    found: list[float] = json.loads(run.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print one line a deck."""
    districts = sys.argv[1] if len(sys.argv) > 1 else "309"
    floor = measured("empty")
    print("| deck | slides | seconds | of processor | times an empty deck | MB at most | MB more than its pack |")
    print("|---|---|---|---|---|---|---|")
    for name, what in (
        ("empty, python-pptx", "empty"),
        ("default pack", "default"),
        (f"{districts} districts", districts),
    ):
        taken, worked, most, more, slides = floor if what == "empty" else measured(what)
        cells = (
            name,
            f"{slides:.0f}",
            f"{taken:.2f}",
            f"{worked:.2f}",
            f"{worked / floor[1]:.0f}",
            f"{most:,.0f}",
            f"{more:,.0f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--one":
        measure(sys.argv[2])
    else:
        main()
