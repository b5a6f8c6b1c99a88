"""Cross Tab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, ignored, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import DOUBLE, V_WSTRING, Field, FieldType, Names
from openyx.relation import Cell, Computed, How, Part, Pick, Place, Relation, Summary, union
from openyx.relation.expr import literal
from openyx.tools.base import Approximate, Context, Tool, field_of, tool
from openyx.tools.shared.escapes import unescaped
from openyx.tools.shared.groups import groups as grouping
from openyx.tools.shared.headers import Header, ordered

MOST_HEADERS = 20_000
TOTAL_COLUMN, TOTAL_ROW = "TotCol", "TotRow"
TOTAL = "Total"

_HEADER, _SHOWN = "\0header", "\0shown"


@dataclass(frozen=True, slots=True)
class Way:
    """A method that gives values: how they are summarised, and what of that is shown.

    ``bare`` fields are called by their header alone where the method is the only one; ``note`` names it in sources.
    """

    name: str
    how: How
    part: Part = Part.VALUE
    bare: bool = False
    note: str = ""


WAYS = (
    Way("Sum", How.SUM, bare=True),
    Way("Avg", How.AVG),
    Way("XRow", How.SUM, Part.OF_ROW),
    Way("XCol", How.SUM, Part.OF_COLUMN),
    Way("Count", How.COUNT_NON_NULL, note="CountNonNulls"),
    Way("Concat", How.CONCAT, bare=True),
    Way("First", How.FIRST, bare=True),
    Way("Last", How.LAST, bare=True),
)
"""In the order in which the fields of a header stand; where the last three stand beside others is assumed."""

_SUM = WAYS[0]
_SPELLED = {name.lower(): name for name in (*(way.name for way in WAYS), TOTAL_COLUMN, TOTAL_ROW)}


@block
class Method:
    """A method, by its name."""

    name: str = attribute("@method", "")


@dataclass(frozen=True, slots=True)
class Methods:
    """What the methods ask for. ``alone``: there is one, which need not be told from others."""

    ways: tuple[Way, ...]
    total_column: bool
    total_row: bool
    alone: bool

    @property
    def note(self) -> str:
        """What the group fields tell of where they come from."""
        return ":".join(("CrossTab:Group", *(way.name for way in self.ways), *[TOTAL_COLUMN] * self.total_column, ""))

    @property
    def summed(self) -> tuple[Way, ...]:
        """The ways whose summaries are needed, each summary once."""
        wanted = (*self.ways, *[_SUM] * self.total_column)
        return tuple({way.how: way for way in wanted}.values())


@tool("AlteryxBasePluginsGui.CrossTab.CrossTab")
class CrossTab(Tool):
    """Makes a field of each value of the header field, and one record of each group.

    The new fields hold what the method makes of the data field: sum, average, count of what is not null, the percentage
    of the row or the column, texts strung together (cut at the field's size), the first or the last. They are null
    where there is nothing. Every character of the header that is no letter and no digit becomes ``_`` in their name;
    with several methods, and for all but Sum, Concat, First and Last, the method stands in front: ``Avg_Pens``. A null
    header gives ``_Null_``, and equal names get a number.

    The fields go by header: numbers and dates by value, text without regard to case and with the numbers in it by
    value. The records go by group, nulls first. Total Column adds the sum of each row as a Double; Total Row adds a
    record at the end, with ``Total`` in the groups that are text and null in others.

    The headers are known only when the workflow runs.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("GroupFields@orderChanged", "groups go as listed"),)

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "the type of Count is assumed for all but doubles, and so is its name where it is alone",
            when=lambda tool: tool.uses("Count"),
        ),
        Approximate(
            "the names of the fields are assumed",
            when=lambda tool: len(tool.methods) == 1 and tool.uses("Last", "XRow", "XCol"),
        ),
        Approximate(
            "what a total row holds of averages, and in groups that are no text, is assumed",
            when=lambda tool: tool.uses(TOTAL_ROW),
        ),
    )

    groups: tuple[str, ...] = many("GroupFields/Field", "GroupByFields/Field", each="@field", default=())
    header: str = attribute("HeaderField@field")
    data: str = attribute("DataField@field")
    methods: tuple[Method, ...] = many("Methods/Method", "Method", of=Method, required=True)
    separator: str = text("Methods/Separator", "Separator", default=",")
    size: int = value("Methods/FieldSize", "FieldSize", default=2048)

    def uses(self, *methods: str) -> bool:
        """Whether one of these methods is selected."""
        return any(_SPELLED.get(each.name.lower()) in methods for each in self.methods)

    def lacks(self) -> Iterable[str]:
        return (f"{each.name} in Cross Tab" for each in self.methods if each.name.lower() not in _SPELLED)

    def lower(self, records: Relation, *, context: Context) -> Relation:
        methods = _methods([each.name for each in self.methods])
        groups = grouping(records, self.groups)
        grouping(records, [self.header])
        field_of(records, self.data)
        data = records.schema[self.data]
        if self.size < 1:
            raise WorkflowError(f"The field size is {self.size}, and must be 1 or more")
        if methods.total_row:
            records = context.held(records)
        made = _made(methods, data, groups)
        pairs = context.held(self._pairs(records, groups, methods, made))
        headers = _headers(pairs, context)
        values = [header.value for header in headers]
        cells = self._cells(headers, methods, {how: pairs.schema[name] for how, name in made.items()}, data, groups)
        table = pairs.pivot(groups, _HEADER, values, cells)
        if not methods.total_row:
            return table
        totals = self._pairs(records, (), methods, made).pivot((), _HEADER, values, cells)
        return union([table, _labelled(totals, [table.schema[name] for name in groups])])

    def _pairs(self, records: Relation, groups: Sequence[str], methods: Methods, made: Mapping[How, str]) -> Relation:
        """A record for each group and header, with the summaries that the methods need."""
        keys = [Summary(name=name, how=How.GROUP, field=name, source=methods.note) for name in groups]
        keys.append(Summary(name=_HEADER, how=How.GROUP, field=self.header))
        separator = unescaped(self.separator)
        summaries = [Summary(name=name, how=how, field=self.data, separator=separator) for how, name in made.items()]
        try:
            pairs = records.aggregate([*keys, *summaries], as_arrived=True)
        except TypeError as error:
            raise WorkflowError(str(error)) from error
        joined = made.get(How.CONCAT)
        return pairs.select([self._sized(field) if field.name == joined else field.name for field in pairs.schema])

    def _sized(self, field: Field) -> Pick:
        longest = FieldType.of(field.type.kind).size
        return Pick(field.name, type=FieldType.of(field.type.kind, min(self.size, longest)))

    def _cells(
        self, headers: Sequence[Header], methods: Methods, made: Mapping[How, Field], data: Field, groups: Sequence[str]
    ) -> list[Cell]:
        names = Names(groups)
        cells: list[Cell] = []
        for place, header in enumerate(headers):
            for way in methods.ways:
                origin = made[way.how]
                name = header.name if methods.alone and way.bare else f"{way.name}_{header.name}"
                source = f"CrossTab:Header:{self.header}:{header.text or ''}:{way.note or way.name}:"
                kept = origin.source if way.how in (How.FIRST, How.LAST) else source
                field = Field(names.new(name), _type(way, origin, data), kept)
                cells.append(Cell(field=field, of=origin.name, header=place, part=way.part))
        if methods.total_column:
            total = Field(names.new(TOTAL), DOUBLE, "CrossTab:Total:")
            cells.append(Cell(field=total, of=made[How.SUM].name, part=Part.ROW))
        return cells


def _methods(names: Sequence[str]) -> Methods:
    spelled = [_SPELLED[name.lower()] for name in names]
    ways = tuple(way for way in WAYS if way.name in spelled)
    if not ways:
        raise WorkflowError("No method is selected that gives values")
    return Methods(ways, TOTAL_COLUMN in spelled, TOTAL_ROW in spelled, len(spelled) == 1)


def _made(methods: Methods, data: Field, groups: Sequence[str]) -> dict[How, str]:
    """The fields of the summaries; what goes wrong in them is told by their names."""
    names = Names(groups)
    return {way.how: names.new(f"{way.name}_{data.name}") for way in methods.summed}


def _headers(pairs: Relation, context: Context) -> list[Header]:
    found = pairs.aggregate([Summary(name=_HEADER, how=How.GROUP, field=_HEADER)]).limit(MOST_HEADERS + 1)
    table = context.look(found.select([_HEADER, Pick(_HEADER, _SHOWN, V_WSTRING)]))
    if len(table) > MOST_HEADERS:
        raise WorkflowError(f"The header field has more than {MOST_HEADERS} values, each of which would be a field")
    return ordered(Header(value, shown) for value, shown in table.rows())


def _type(way: Way, made: Field, data: Field) -> FieldType:
    """A count of doubles is a Double; that the count of anything else is an Int64 is assumed."""
    if way.part is not Part.VALUE or (way.how is How.COUNT_NON_NULL and data.type == DOUBLE):
        return DOUBLE
    return made.type


def _labelled(totals: Relation, groups: Sequence[Field]) -> Relation:
    """A Total Row; what it holds in groups that are no text is assumed."""
    labels = [
        Computed(group.name, literal(TOTAL if group.type.is_text else None, V_WSTRING), group.type, source=group.source)
        for group in groups
    ]
    return totals.add_all(labels, at=Place.FIRST) if labels else totals
