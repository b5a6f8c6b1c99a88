"""A workflow with joins, groups and sums of doubles, run again and again; prints what its results weigh, bit by bit.

``repeats.py FOLDER TIMES``: reads the files that ``pipeline.py`` reads.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from bench.programs.pipeline import WORKFLOW
from openyx.engine import Anchor, run_workflow

ANCHORS = [Anchor(3, "True"), Anchor(5, "Join"), Anchor(6), Anchor(7)]

if __name__ == "__main__":
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    path = folder / "repeats.yxmd"
    path.write_text(WORKFLOW)
    for _ in range(times):
        result = run_workflow(path, keep=ANCHORS)
        assert result.ok, result.messages
        weights = hashlib.sha256()
        for anchor in ANCHORS:
            weights.update(result.tables[anchor].frame.rechunk().serialize())
        print(weights.hexdigest())
