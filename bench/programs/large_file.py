"""csv → filter → summarize over ``large.csv`` of a folder; tells peak megabytes and seconds."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from openyx.engine import run_workflow
from openyx.testing import node, workflow

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    sums = "".join(
        f'<SummarizeField field="{field}" action="{action}" rename="{action}"/>'
        for field, action in (("Shop", "GroupBy"), ("Value", "Sum"), ("Value", "Avg"), ("Shop", "Count"))
    )
    formula = '<FormulaField expression="ToNumber([Amount])" field="Value" type="Double" size="8"/>'
    content = workflow(
        {
            1: node("Input", '<File FileFormat="0">large.csv</File>'),
            2: node("Formula", f"<FormulaFields>{formula}</FormulaFields>"),
            3: node("Filter", "<Mode>Custom</Mode><Expression>[Value] &gt; 10</Expression>"),
            4: node("Summarize", f"<SummarizeFields>{sums}</SummarizeFields>"),
            5: node("Browse"),
        },
        "1 > 2",
        "2 > 3",
        "3.True > 4",
        "4 > 5",
    )
    path = folder / "large.yxmd"
    path.write_bytes(content)
    start = time.perf_counter()
    result = run_workflow(path)
    assert result.ok, result.messages
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - start)
