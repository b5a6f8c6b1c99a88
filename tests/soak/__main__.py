"""Trials of the gallery at full length: ``python -m tests.soak kill --kills 1000 --seed 7``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import randrange

from tests.soak.kill import campaign


def main() -> int:
    """Print the counts in one line, before it what was wrong. 0: nothing was."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    trials = parser.add_subparsers(dest="trial", required=True)
    kill = trials.add_parser("kill", help="kill server, workers and children at random points")
    kill.add_argument("--kills", type=int, default=1000)
    kill.add_argument("--seed", type=int, default=randrange(1_000_000))
    kill.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server; SQLite where none is named")
    kill.add_argument("--keep", type=Path, help="a folder for all that it leaves")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        counts = campaign(given.keep or Path(folder), kills=given.kills, seed=given.seed, server=given.database)
    print("\n".join([*counts.account.wrong, str(counts)]), flush=True)
    return 1 if counts.account.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
