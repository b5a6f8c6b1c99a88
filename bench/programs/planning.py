"""A workflow of many tools, opened, checked and planned, or run over few records; tells the seconds.

``planning.py plan|run TOOLS ROWS``. Imports do not count, nor does what the first expression in a process costs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from openyx.engine import run_workflow
from openyx.engine.check import check
from openyx.testing import node, text_input, workflow

FORMULA = (
    '<FormulaFields><FormulaField expression="IIF([n] &gt; {0}, [n] + {0}, Length([t]))" field="f{0}" type="Double" '
    'size="8"/></FormulaFields>'
)
FILTER = "<Mode>Custom</Mode><Expression>[n] &gt; -{0} AND !IsEmpty([t])</Expression>"
SELECT = '<SelectFields><SelectField field="*Unknown" selected="True"/></SelectFields>'
SORT = '<SortInfo locale="0"><Field field="n" order="Ascending"/></SortInfo>'
KINDS = [("Formula", FORMULA), ("Filter", FILTER), ("Select", SELECT), ("Sort", SORT)]


def chain(tools: int, rows: int) -> bytes:
    """Typed-in records through one tool after another into a Browse."""
    nodes = {1: text_input("n t", *(f"{number}|text {number}" for number in range(rows)))}
    for number in range(2, tools):
        kind, settings = KINDS[number % len(KINDS)]
        nodes[number] = node(kind, settings.format(number))
    nodes[tools] = node("Browse")
    filters = {number for number in nodes if KINDS[number % len(KINDS)][0] == "Filter"}
    lines = [f"{number}{'.True' if number in filters else ''} > {number + 1}" for number in range(1, tools)]
    lines[0] = "1 > 2"
    return workflow(nodes, *lines)


def seconds(way: str, path: Path) -> float:
    """The seconds of one round."""
    start = time.perf_counter()
    if way == "plan":
        assert not check(path).stops
    else:
        assert run_workflow(path).ok
    return time.perf_counter() - start


if __name__ == "__main__":
    way, tools, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.yxmd"
        path.write_bytes(chain(4, 3))
        run_workflow(path)
        path.write_bytes(chain(tools, rows))
        print(seconds(way, path))
