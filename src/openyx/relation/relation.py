"""The ordered, typed table as an immutable tree of verbs; nothing is read or computed until it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from openyx.fields import V_STRING, V_WSTRING, Field, FieldType, Kind, Schema, folded
from openyx.relation.expr import Expr
from openyx.relation.expr import field as field_values
from openyx.relation.order import Key, Order
from openyx.relation.summaries import Summary
from openyx.relation.types import native_schema
from openyx.relation.verbs.add import Add, Computed, Place
from openyx.relation.verbs.aggregate import Aggregate
from openyx.relation.verbs.batches import MapBatches
from openyx.relation.verbs.beside import Beside
from openyx.relation.verbs.explode import Explode
from openyx.relation.verbs.generate import Generate
from openyx.relation.verbs.join import Append, Join, JoinKind
from openyx.relation.verbs.limit import Limit
from openyx.relation.verbs.number import Number
from openyx.relation.verbs.pivot import Cell, Pivot
from openyx.relation.verbs.project import Pick, Project
from openyx.relation.verbs.recur import Recur
from openyx.relation.verbs.sort import Sort
from openyx.relation.verbs.sources import Reader, Scan, Values
from openyx.relation.verbs.tap import Anchor, Tap
from openyx.relation.verbs.union import Union
from openyx.relation.verbs.unpivot import Stacked, Unpivot
from openyx.relation.verbs.where import Judge, Until, Where
from openyx.relation.verbs.window import Beyond, Window, Windowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from openyx.relation.pieces import Pieces
    from openyx.relation.recurrence import Recurrence
    from openyx.relation.verbs.base import Verb


class Relation:
    """An ordered, typed table, described.

    ``schema`` tells the fields with their Alteryx types and sizes, ``order`` how the records are known to be ordered.
    Every method gives a new relation. Two relations are the same only if they are one object: a relation that is used
    twice is computed once.

    >>> from openyx.fields import INT32, V_WSTRING, Field, Schema
    >>> people = values(Schema.of(Field("Name", V_WSTRING), Field("Age", INT32)), {"Name": ["Ada"], "Age": [36]})
    >>> people.select([Pick("age", "Years"), "Name"]).sort(["Years"])
    Relation(Sort: Years: Int32, Name: V_WString(1073741823))
    """

    __slots__ = ("order", "schema", "verb")

    def __init__(self, verb: Verb) -> None:
        self.verb: Verb = verb
        self.schema: Schema = _checked(verb.schema())
        self.order: Order = verb.order()

    @property
    def inputs(self) -> tuple[Relation, ...]:
        """The relations that this one is made of."""
        return self.verb.inputs

    def field(self, name: str) -> Expr:
        """The values of the field called *name* (in any case). Raises ``KeyError`` when there is none."""
        return field_values(self.schema[name])

    def select(self, picks: Iterable[Pick | str], *, comma_decimal: bool = False) -> Relation:
        """These fields in this order, renamed and cast as each ``Pick`` says.

        A cast is a conversion with its errors reported under the new name. *comma_decimal* writes and reads ``,`` for
        the decimal point. Raises ``KeyError`` for a field that is not there, ``ValueError`` for a name given twice.
        """
        chosen = tuple(Pick(pick) if isinstance(pick, str) else pick for pick in picks)
        return Relation(Project(self, chosen, comma_decimal))

    def add(
        self,
        name: str,
        expr: Expr,
        type: FieldType | None = None,  # noqa: A002 - the field's own word
        *,
        at: Place = Place.LAST,
        source: str = "",
        description: str = "",
    ) -> Relation:
        """With one more field, cast to *type* (else as *expr* has it); a field of that name is replaced in place."""
        return self.add_all([Computed(name, expr, type, source=source, description=description)], at=at)

    def add_all(self, columns: Iterable[Computed], *, at: Place = Place.LAST) -> Relation:
        """With several more fields; each expression sees the records as they were before any of them."""
        return Relation(Add(self, tuple(columns), at))

    def filter(self, condition: Expr) -> Relation:
        """The records for which *condition* is true; null is not."""
        if not condition.faults:
            return Relation(Where(self, condition.native))
        return self.split(condition)[0]

    def split(self, condition: Expr) -> tuple[Relation, Relation]:
        """The records for which *condition* is true, and the others (null among them); it is computed once."""
        judged = Relation(Judge(self, condition))
        return Relation(Where(judged, Judge.verdict)), Relation(Where(judged, ~Judge.verdict))

    def until(self, condition: Expr) -> Relation:
        """The records before the first for which *condition* is true."""
        return Relation(Until(Relation(Judge(self, condition))))

    def number(self, name: str, *, start: int = 1) -> Relation:
        """With one more field at the end that counts the records from *start*: an Int64."""
        return Relation(Number(self, name, start))

    def window(self, groups: Iterable[str], columns: Iterable[Windowed], *, apart: bool = True) -> Relation:
        """With more fields at the end that look at the other records of a group; sorted by the *groups* first.

        Without groups all records are one, in their order. Not *apart*: the records of each group stand together
        already, and stay where they are.
        """
        names = tuple(self.schema[name].name for name in groups)
        return Relation(Window(self.sort(names) if names and apart else self, names, tuple(columns)))

    def recur(self, groups: Iterable[str], field: Field, recurrence: Recurrence, beyond: Beyond) -> Relation:
        """With new values of a field, each of which may follow from those before it; sorted by the *groups* first.

        *field* is one that is there, with the notes that it gets. *beyond* stands for the values of records that a
        group does not have.
        """
        names = tuple(self.schema[name].name for name in groups)
        return Relation(Recur(self.sort(names) if names else self, names, field, recurrence, beyond))

    def generate(
        self,
        field: str,
        change: Expr,
        goes_on: Expr,
        *,
        limit: int,
        steady: bool = True,
        single: bool = False,
        tool: int | None = None,
    ) -> Relation:
        """Each record as often as a loop over the value of *field* goes round, with one value after the other.

        The first is the value that it has. *change* computes the next one; *goes_on*, a Bool, is computed of that, and
        ends the loop where it is not true. *steady*: the same value is always followed by the same one. *single*: there
        is at most one record, from memory, and the batches are made as they are wanted. Where more than *limit* rows
        would be made, or more than there is memory for, the run ends with a ``WorkflowError`` of the *tool*.
        """
        return Relation(Generate(self, self.schema[field], change, goes_on, steady, limit, single, tool))

    def sort(self, keys: Iterable[Key | str]) -> Relation:
        """Sorted by these fields, ascending unless the ``Key`` says otherwise; equal records keep their order."""
        wanted = tuple(Key(key) if isinstance(key, str) else key for key in keys)
        return Relation(Sort(self, tuple(_spelled(self.schema, key) for key in wanted)))

    def aggregate(self, summaries: Iterable[Summary], *, as_arrived: bool = False) -> Relation:
        """One record per group, sorted by the groups (nulls first); one record in all when nothing groups.

        *as_arrived* leaves the groups in the order of their first records. The fields come as listed. No record comes
        in: none goes out, even without groups. Raises ``TypeError`` for a field whose type cannot be summarised so.
        """
        return Relation(Aggregate(self, tuple(summaries), as_arrived))

    def pivot(self, groups: Iterable[str], header: str, headers: Iterable[object], cells: Iterable[Cell]) -> Relation:
        """One record per group, with fields for what stood below each other: one for each of *cells*.

        The field *header* tells to which of *headers* (values of its type) a record belongs; a group has each once at
        most. The result is sorted by *groups*, nulls first. Without groups there is one record, and none where none
        comes in.
        """
        return Relation(Pivot(self, tuple(groups), header, tuple(headers), tuple(cells)))

    def unpivot(self, keys: Iterable[str], columns: Iterable[Stacked]) -> Relation:
        """Several records for each, which have its *keys*; each of *columns* tells what they hold, one after another.

        Raises ``ValueError`` for columns of several heights, or of fields that are not of one type inside.
        """
        return Relation(Unpivot(self, tuple(keys), tuple(columns)))

    def limit(self, count: int | None, *, skip: int = 0) -> Relation:
        """At most *count* records (``None``: all), after *skip* ones."""
        return Relation(Limit(self, count, skip))

    def join(self, right: Relation, on: Sequence[tuple[str, str]], kind: JoinKind = JoinKind.INNER) -> Relation:
        """The records of both sides whose pairs of fields are equal; in order of the left side, then of the right.

        Null equals nothing. The two sides must not share a field name where both give fields, and the fields of a
        pair must have one type inside: rename and cast before. ``JoinKind.ANTI`` gives the left records without
        partner, ``JoinKind.FULL`` puts the right ones without partner behind the others.
        """
        return Relation(Join(self, right, tuple(on), kind))

    def append(self, right: Relation) -> Relation:
        """Each record with every record of *right*: all of the first one's first. Field names must differ."""
        return Relation(Append(self, right))

    def explode(self, field: Field, pieces: Pieces) -> Relation:
        """Each record once for each of its *pieces*, in their order; *field* holds the piece and replaces its namesake.

        A record whose list is null stays, with null; one whose list is empty goes.
        """
        return Relation(Explode(self, field.named(self.schema[field.name].name), pieces))

    def map_batches(self, function: Callable[[pl.DataFrame], pl.DataFrame], schema: Schema) -> Relation:
        """What *function* makes of each batch of records; batches are of any size and handled at the same time."""
        return Relation(MapBatches(self, function, schema))

    def as_text(self, *, narrow: bool = False, comma_decimal: bool = False) -> Relation:
        """Every field as the text that a file shows; *narrow* keeps to Latin-1 (best fit or ``?``, reported).

        Raises ``TypeError`` naming a Blob field: it has no text.
        """
        blob = next((field.name for field in self.schema if field.type.kind is Kind.BLOB), None)
        if blob is not None:
            raise TypeError(f"field {blob!r} is a Blob, which has no text")
        text = V_STRING if narrow else V_WSTRING
        picks = [Pick(name, type=text) for name in self.schema.names]
        return self.select(picks, comma_decimal=comma_decimal)

    def tap(self, tool: int, anchor: str = "Output") -> Relation:
        """The same records; a run counts them for this anchor.

        Conversion errors between the anchors of its inputs and this one are *tool*'s.
        """
        return Relation(Tap(self, Anchor(tool, anchor)))

    def __repr__(self) -> str:
        fields = ", ".join(f"{field.name}: {field.type}" for field in self.schema)
        return f"Relation({type(self.verb).__name__}: {fields})"


def values(schema: Schema, columns: Mapping[str, Sequence[object]]) -> Relation:
    """A table in memory from Python values by field: numbers, ``str``, ``Decimal``, ``date`` …; ``None`` is null.

    >>> from openyx.fields import INT32, Field, Schema
    >>> from openyx.relation.run import Keep, run
    >>> run([Keep(values(Schema.of(Field("n", INT32)), {"n": [1, None]}))]).table(0).rows()
    [(1,), (None,)]

    Raises ``TypeError`` or ``ValueError`` for values that do not fit the type.
    """
    wanted = native_schema(schema)
    series = [pl.Series(name, columns[name], dtype=dtype, strict=True) for name, dtype in wanted.items()]
    return Relation(Values(schema, pl.DataFrame(series)))


def text_values(schema: Schema, rows: Sequence[Sequence[str | None]]) -> Relation:
    """A table in memory from rows of text, converted to the fields' types; conversion errors are reported."""
    wide = Schema(tuple(field.typed(V_WSTRING) for field in schema))
    table = pl.DataFrame(list(rows), schema=native_schema(wide), orient="row")
    return Relation(Values(wide, table)).select([Pick(field.name, type=field.type) for field in schema])


def scan(reader: Reader) -> Relation:
    """The records of a data file, read when run; values longer than their field are cut and reported."""
    return Relation(Scan(reader))


def union(relations: Sequence[Relation]) -> Relation:
    """All records of the first, then of the second, …; all must have the same names and types inside, in order.

    The fields (sizes too) are those of the first.
    """
    return Relation(Union(tuple(relations)))


def beside(relations: Sequence[Relation]) -> Relation:
    """The first records of all side by side, then the second ones, …, as many as the longest has; field names differ.

    Where a shorter one has no record left its fields are null.
    """
    return Relation(Beside(tuple(relations)))


def _spelled(schema: Schema, key: Key) -> Key:
    return Key(schema[key.field].name, key.descending, key.locale)


def _checked(schema: Schema) -> Schema:
    seen: set[str] = set()
    for field in schema:
        if folded(field.name) in seen:
            raise ValueError(f"two fields are called {field.name!r}")
        seen.add(folded(field.name))
    return schema
