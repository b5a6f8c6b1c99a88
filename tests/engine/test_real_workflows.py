"""Real workflows: each runs, or tells by name what keeps it from running."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from openyx.engine import run_workflow
from openyx.errors import AnswerError, DocumentError
from openyx.messages import Kind


@pytest.mark.shared
def test_real_workflows_run_or_tell_what_is_missing(shared: Path, tmp_path: Path) -> None:
    corpus = shared / "corpus"
    with (corpus / "index.tsv").open(encoding="utf-8", newline="") as file:
        files = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] in ("yxmd", "yxwz")]
    ended_well: list[str] = []
    failed: list[str] = []
    for row in files:
        try:
            result = run_workflow(corpus / row["path"], folder=tmp_path)
        except (AnswerError, DocumentError):
            continue
        errors = [message for message in result.messages if message.kind is Kind.ERROR]
        assert result.ok is not bool(errors)
        if result.ok:
            ended_well.append(row["path"])
        elif result.counts:
            failed.append(f"{row['path']}: {errors[0].text}")
    assert len(files) > 600
    assert len(ended_well) >= 100
    # One workflow of the corpus says so itself: its message is what it is there for.
    assert [each.rpartition(": ")[2] for each in failed] == ["Error Message from Module2"]
