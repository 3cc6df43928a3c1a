"""How much of a processor loading takes, of the default pack and of 30,000 providers, beside a floor of the same run.

Figures, not verdicts. Run by `make bench`. Processor seconds of load_pack in a fresh process, imports left out, so that
what only the first load costs is counted as a user pays it; and of the floor, the same files read as rows of text with
Python's csv module and let go one by one, likewise in a fresh process. Work and floor take turns; medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pack_copies import DATA, large_pack

TURNS = 5
PROVIDERS, ROWS = 30_000, 600_000  # as many rows a provider as in the large pack of the other figures

LOAD = """
import sys, time
from lib.pack.load import load_pack
start = time.process_time()
load_pack(sys.argv[1])
print(time.process_time() - start)
"""

FLOOR = """
import csv, pathlib, sys, time
start = time.process_time()
for path in pathlib.Path(sys.argv[1]).rglob("*.csv"):
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, strict=True):
            pass
print(time.process_time() - start)
"""


def seconds(script: str, pack: Path) -> float:
    """What a script that is run in a fresh process says it took."""
    run = subprocess.run([sys.executable, "-c", script, str(pack)], capture_output=True, text=True, check=True)
    return float(run.stdout)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        large = large_pack(Path(folder) / "large", PROVIDERS, ROWS)
        for name, pack in (("the default pack", DATA), (f"{PROVIDERS:,} providers, {ROWS:,} rows of capacity", large)):
            pairs = [(seconds(LOAD, pack), seconds(FLOOR, pack)) for _ in range(TURNS)]
            load, floor = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
            label = f"load_pack, {name}"
            print(f"{label:<62} {load:>6.2f} s  {load / floor:>6.1f} x  {floor:.3f} s (csv.reader, same files)")


if __name__ == "__main__":
    main()
