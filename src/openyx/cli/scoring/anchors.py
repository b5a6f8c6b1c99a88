"""What a file remembers of its anchors, fields and order, compared with what was computed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from openyx.cli.scoring.flow import Flow
from openyx.cli.scoring.verdict import About, Count, Finding, total
from openyx.document import Element, Node
from openyx.engine import Anchor
from openyx.errors import DocumentError
from openyx.fields import Field, Schema, folded

if TYPE_CHECKING:
    from openyx.relation.table import Table


def remembered_fields(flow: Flow, schemas: Mapping[Anchor, Schema]) -> Count:
    """The fields that the file remembers at computed anchors; one is good when name, type and size are equal.

    Not those of a tool that a part of its input did not reach: what a macro has switched off, for one.
    """
    return total(
        _fields(node, meta, schemas[anchor])
        for node, meta, anchor in _memories(flow, set(schemas))
        if any(meta.all("RecordInfo/Field")) and flow.is_whole(node.id, {each.tool for each in schemas})
    )


def remembered_order(flow: Flow, tables: Mapping[Anchor, Table]) -> Count:
    """The anchors whose order the file remembers; one is good when its records are in that order.

    Where we have no field of that name the fields differ, and nothing can be said of the order.
    Files that were made for the parallel engine remember none that counts.
    """
    if flow.document.properties.amp:
        return Count()
    return total(
        _order(node, keys, tables[anchor])
        for node, meta, anchor in _memories(flow, set(tables))
        if (keys := sort_keys(meta))
    )


def ordered_anchors(flow: Flow) -> frozenset[Anchor]:
    """The anchors whose records must be looked at."""
    return frozenset(anchor for _, meta, anchor in _memories(flow, flow.anchors) if sort_keys(meta))


def sort_keys(meta: Element) -> list[tuple[str, bool]]:
    """The fields of a remembered order, and whether they descend."""
    fields = [field for info in meta.walk() if info.tag == "SortInfo" for field in info.all("Field")]
    return [(field.get("field"), field.get("order").lower().startswith("desc")) for field in fields]


def _memories(flow: Flow, anchors: set[Anchor] | frozenset[Anchor]) -> Iterator[tuple[Node, Element, Anchor]]:
    """What each tool remembers, with the anchor that it is about; a tool that has only one gives it under any name."""
    names: dict[int, list[str]] = {}
    for anchor in anchors:
        names.setdefault(anchor.tool, []).append(anchor.name)
    for node in flow.nodes:
        metas = [meta for meta in node.element.all("Properties/MetaInfo") if meta.find("RecordInfo") is not None]
        own = names.get(node.id, [])
        for meta in metas:
            name = meta.get("connection")
            if name in own:
                yield node, meta, Anchor(node.id, name)
            elif len(own) == len(metas) == 1:
                yield node, meta, Anchor(node.id, own[0])


def _fields(node: Node, meta: Element, schema: Schema) -> Count:
    try:
        stored = node.fields(meta.get("connection")) or ()
    except DocumentError as error:
        return Count(findings=(_finding(node, About.NOTE, "a remembered field is none", str(error)),))
    wrong = [difference for field in stored if (difference := _difference(node, field, schema, meta)) is not None]
    extra = [field.name for field in schema if folded(field.name) not in {folded(other.name) for other in stored}]
    also = [_finding(node, About.FIELD, "fields too many", f"{meta.get('connection')}: {', '.join(extra)}"[:200])]
    return Count(len(stored), len(stored) - len(wrong), (*wrong, *(also if extra and stored else ())))


def _difference(node: Node, stored: Field, schema: Schema, meta: Element) -> Finding | None:
    ours = schema.find(stored.name)
    detail = f"{meta.get('connection')} [{stored.name}]: ours {ours.type if ours else 'none'}, stored {stored.type}"
    if ours is None:
        return _finding(node, About.FIELD, "a field is not there", detail)
    if ours.name != stored.name:
        return _finding(node, About.FIELD, "a name in other letters", detail)
    if ours.type.kind is not stored.type.kind:
        return _finding(node, About.FIELD, f"{ours.type.kind} instead of {stored.type.kind}", detail)
    if (ours.type.size, ours.type.scale) != (stored.type.size, stored.type.scale):
        return _finding(node, About.FIELD, f"another size of {ours.type.kind}", detail)
    return None


def _order(node: Node, keys: Sequence[tuple[str, bool]], table: Table) -> Count:
    missing = [name for name, _ in keys if name not in table.schema]
    told = ", ".join(f"{name} descending" if down else name for name, down in keys)
    if missing:
        return Count(findings=(_finding(node, About.NOTE, "a field of its order is not there", ", ".join(missing)),))
    ranks = zip(*(_ranks(table.column(name), descending=down) for name, down in keys), strict=True)
    broken = next((place for place, (one, next_) in enumerate(pairwise(ranks), 1) if next_ < one), None)
    if broken is None:
        return Count(1, 1)
    return Count(1, 0, (_finding(node, About.ORDER, "not in this order", f"{told}: broken after record {broken}"),))


def _ranks(values: Sequence[Any], *, descending: bool) -> list[_Rank]:
    return [_Rank(value, descending=descending) for value in values]


class _Rank:
    """A value as it is compared: nulls before all others, text by UTF-16 code unit; turned round when descending."""

    __slots__ = ("_descending", "_key")

    def __init__(self, value: Any, *, descending: bool) -> None:
        comparable = value.encode("utf-16-be", "surrogatepass") if isinstance(value, str) else value
        self._key = (value is not None, 0 if value is None else comparable)
        self._descending = descending

    def __lt__(self, other: _Rank) -> bool:
        return other._key < self._key if self._descending else self._key < other._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rank) and self._key == other._key

    __hash__ = None  # type: ignore[assignment]  # it is only compared


def _finding(node: Node, about: About, what: str, detail: str) -> Finding:
    return Finding(about=about, what=f"{node.kind}: {what}", tool=node.id, detail=detail)
