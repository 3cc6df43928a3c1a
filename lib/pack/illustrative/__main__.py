"""Write the demonstration market of a pack: `python -m lib.pack.illustrative [--pack DIR]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lib.pack.illustrative import make_market, read_inputs, write_tables


def main(arguments: Sequence[str] | None = None) -> int:
    """Make and write market/*.csv; say on stderr what is wrong and return 1 where the pack does not allow it."""
    parser = argparse.ArgumentParser(prog="python -m lib.pack.illustrative", description=__doc__)
    parser.add_argument("--pack", type=Path, default=Path("data"), help="folder of the data pack (default: data)")
    pack: Path = parser.parse_args(arguments).pack
    try:
        write_tables(make_market(read_inputs(pack)), pack)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
