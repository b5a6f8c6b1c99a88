"""What has no room in memory is an error, and not the end of the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.errors import WorkflowError
from openyx.fields import INT64, Field, Schema
from openyx.relation import Cell, memory, values
from openyx.relation.run import Keep, run


def test_memory_that_only_caches_files_is_free(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:       8000 kB\nMemFree:         100 kB\nMemAvailable:   5000 kB\n")
    assert memory.free(told) == 5000 * 1024
    assert memory.free(tmp_path / "nothing") is None


def test_a_table_that_has_no_room_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    records = values(
        Schema.of(Field("key", INT64), Field("head", INT64), Field("of", INT64)),
        {"key": list(range(1000)), "head": [0] * 1000, "of": [1] * 1000},
    )
    cells = [Cell(field=Field(f"c{place}", INT64), of="of", header=place) for place in range(100)]
    table = records.pivot(["key"], "head", range(100), cells)
    assert run([Keep(table)]).table(0).records == 1000
    monkeypatch.setattr(memory, "free", lambda: 1_000_000)
    with pytest.raises(WorkflowError, match="A table of 1,000 records with 100 fields would take"):
        run([Keep(table)])
