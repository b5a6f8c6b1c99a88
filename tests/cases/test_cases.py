"""Whole workflows with what they must give.

A case is a workflow file. The records of each Browse are compared with those of the Text Input that is called as it is,
with ``Expected`` in front (``Expected`` alone for the one called ``Actual``); an empty text is typed as two quotes.
Beside it may lie its answers (``.answers.json``), the messages that it must give (``.messages.txt``) and the files that
it must write (``.files``). The macros that it calls lie in ``data``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from openyx.document import read
from openyx.engine import Anchor, run_workflow
from openyx.messages import Kind
from openyx.relation.table import Table
from openyx.tools.shelf import shelf

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.iterdir() if path.suffix in (".yxmd", ".yxwz"))
TROUBLE = (Kind.WARNING, Kind.ERROR, Kind.CONVERSION_ERROR, Kind.CONVERSION_LIMIT)


def test_there_are_cases() -> None:
    assert len(CASES) >= 9


def test_every_tool_has_a_case() -> None:
    tools = {*shelf().ids.values(), *shelf().macros.values()}
    nodes = [node for path in (*CASES, *HERE.rglob("*.yxmc")) for node in read(path).nodes]
    calls = [node for node in nodes if node.macro and not node.plugin and not shelf().is_macro(node.macro)]
    used = {shelf().find(node.plugin, node.macro) for node in nodes if node not in calls}
    assert tools - used == set()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_case(path: Path, tmp_path: Path) -> None:
    answers = path.with_suffix(".answers.json")
    expected = {node.name: Anchor(node.id) for node in read(path).nodes if node.name.startswith("Expected")}
    result = run_workflow(
        path,
        answers=json.loads(answers.read_text(encoding="utf-8")) if answers.exists() else {},
        folder=tmp_path,
        keep=expected.values(),
    )

    trouble = [message for message in result.messages if message.kind in TROUBLE]
    said = path.with_suffix(".messages.txt")
    wanted = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
    assert [f"{message.tool} {message.kind.name} {message.text}" for message in trouble] == wanted

    browsed = {output.name: output.table for output in result.outputs if output.table is not None}
    assert browsed
    for name, table in browsed.items():
        assert table is not None
        other = result.tables[expected["Expected" if name == "Actual" else f"Expected {name}"]]
        assert shown(table) == shown(other), name

    files = path.with_suffix(".files")
    for file in files.rglob("*"):
        if file.is_file():
            assert (tmp_path / file.relative_to(files)).read_bytes() == file.read_bytes()


def shown(table: Table) -> list[list[str]]:
    """Names and records as text: a typed-in table has types of its own."""
    return [list(table.schema.names), *([_text(cell) for cell in row] for row in table.rows())]


def _text(cell: object) -> str:
    if cell is None:
        return "(null)"
    if isinstance(cell, float | Decimal):
        return f"{cell:.15g}"
    return "" if cell == '""' else str(cell)
