"""Block Until Done."""

from __future__ import annotations

from openyx.testing import run, table
from openyx.tools.developer.block_until_done import BlockUntilDone


def test_every_output_gives_all_records_in_order() -> None:
    rows = table("id: Byte, name: String", "3, c", "1, a", "2, b")
    assert run(BlockUntilDone(), rows).outputs == {"Output": rows, "Output2": rows, "Output3": rows}
