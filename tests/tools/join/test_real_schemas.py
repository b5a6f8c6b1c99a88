"""Fields, types and order of the Join palette, against what the vendor's engine stored in real workflows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest

from openyx.document import xml
from openyx.document.config import read
from openyx.errors import WorkflowError
from openyx.fields import Field, FieldType, Schema
from openyx.relation import Relation, values
from openyx.tools.base import Context, Lowered, Tool
from openyx.tools.join.append_fields import AppendFields
from openyx.tools.join.find_replace import FindReplace
from openyx.tools.join.join import Join
from openyx.tools.join.join_multiple import JoinMultiple
from openyx.tools.join.union import Union

Node = dict[str, Any]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("tool", "anchors", "others"),
    [(Join, 150, 1), (JoinMultiple, 15, 0), (AppendFields, 40, 1), (Union, 140, 2), (FindReplace, 20, 0)],
)
def test_names_types_and_order_are_those_that_were_stored(
    stored: Callable[[str], list[Node]], tool: type[Tool], anchors: int, others: int
) -> None:
    same = total = 0
    for node in stored(tool.__name__):
        for anchor, leaving in _lowered(tool, node):
            # Fields of an open anchor may be missing from what was stored.
            if anchor not in node["outputs"] or (tool is Join and anchor != "Join"):
                continue
            total += 1
            same += [(field.name, str(field.type)) for field in leaving.schema] == [
                (field.name, str(field.type)) for field in map(_field, node["outputs"][anchor])
            ]
    assert total >= anchors
    assert total - same <= others


@pytest.mark.shared
def test_join_sorts_by_its_keys_as_the_vendors_classic_engine_did(stored: Callable[[str], list[Node]]) -> None:
    orders = [
        ([key.field for key in leaving.order.keys], [name for name, _ in node["sorted"].get(anchor, ())])
        for node in stored("Join")
        if not node["amp"]
        for anchor, leaving in _lowered(Join, node)
        if anchor in node["outputs"]
    ]
    assert len(orders) > 200
    assert [(ours, theirs) for ours, theirs in orders if ours != theirs] == []


def _lowered(tool: type[Tool], node: Node) -> Iterator[tuple[str, Relation]]:
    given: dict[str, Relation] = {}
    for name, fields in node["inputs"].items():
        if not fields:
            return
        schema = Schema(tuple(map(_field, fields)))
        given[name] = values(schema, {each: [] for each in schema.names})
    settings, unread = read(tool, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
    assert unread == ()
    arguments = _arguments(settings, given)
    if arguments is None:
        return
    wanted = {"context": Context()} if "context" in tool.lower.__annotations__ else {}
    try:
        lowered = settings.lower(*arguments, **wanted)
    except WorkflowError as error:
        if "is not contained in the record" in str(error):  # settings that are older than the stored fields
            return
        raise
    if isinstance(lowered, Relation):
        yield "Output", lowered
    else:
        assert isinstance(lowered, Lowered)
        yield from lowered.outputs.items()


def _arguments(tool: Tool, given: Mapping[str, Relation]) -> list[object] | None:
    if tool.inputs[0].many:
        return [{name.partition(" ")[2]: records for name, records in given.items()}] if given else None
    by_anchor = {name.partition(" ")[0]: records for name, records in given.items()}
    if any(each.name not in by_anchor for each in tool.inputs):
        return None
    return [by_anchor[each.name] for each in tool.inputs]


def _field(stored: dict[str, str]) -> Field:
    size, scale = stored.get("size"), stored.get("scale")
    type_ = FieldType.of(stored["type"], int(size) if size else None, int(scale) if scale else None)
    return Field(stored["name"], type_)
