"""What a tool is: its settings, its anchors, and what it makes of the records that arrive.

@tool("AlteryxBasePluginsGui.Sort.Sort")
class Sort(Tool):
    '''Put the records in order.'''

    keys: tuple[Key, ...] = many("SortInfo/Field", of=Key, required=True)

    def lower(self, records: Relation) -> Relation:
        return records.sort(self.keys)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, dataclass_transform

from openyx.document.config import (
    Ignored,
    attribute,
    block,
    field_type,
    formula,
    formulas,
    many,
    nested,
    text,
    texts,
    value,
)
from openyx.errors import DocumentError, NotYet, WorkflowError
from openyx.fields import FieldType
from openyx.fields import Kind as Kind_
from openyx.formula import Constant, compile_condition, compile_expression
from openyx.formula.context import Context as World
from openyx.messages import Kind, Message
from openyx.relation import Expr, Relation
from openyx.tools.files import Lists, Reads, Writes

if TYPE_CHECKING:
    from openyx.formats.shelf import Format
    from openyx.relation.table import Table

T = TypeVar("T", bound="Tool")

UNLIMITED_FROM = 500_000_000
LONGEST_DATE = len("2000-12-31 23:59:59.123456")


@dataclass(frozen=True, slots=True)
class Input:
    """An input anchor. ``many``: several lines may end there, and the tool takes them by ``#1``, ``#2``, …"""

    name: str = "Input"
    optional: bool = False
    many: bool = False


class Stage(Protocol):
    """What runs a part of a workflow before the rest of it is known."""

    def hold(self, records: Relation) -> Relation:
        """The same records, computed now and kept until the run is over."""
        ...

    def look(self, records: Relation) -> Table:
        """The records themselves, computed now; for few of them."""
        ...


class KnownWhenRun(Exception):
    """Raised by ``Context.held`` and ``Context.look`` where a workflow is checked and not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a tool may know of the run.

    ``constants`` are for expressions, by name such as ``User.Folder``; ``world`` is the clock and the like, as formulas
    see it; ``version`` is the product's that wrote the workflow, ``(2021, 4)``, empty where it does not say. ``tool``
    is the tool's own number, for what comes up only when its records run.

    A tool whose fields depend on its records takes them ``held`` first, has a ``look`` at what little it must know of
    them, and goes on with the held ones: they are computed once.
    """

    constants: Mapping[str, Constant] = field(default_factory=dict[str, Constant])
    world: World | None = None
    version: tuple[int, ...] = ()
    tool: int | None = None
    stage: Stage | None = None

    def held(self, records: Relation) -> Relation:
        """The same records, computed now and kept until the run is over. Raises ``KnownWhenRun`` where nothing runs."""
        if self.stage is None:
            raise KnownWhenRun
        return self.stage.hold(records)

    def look(self, records: Relation) -> Table:
        """The records themselves, computed now: names, counts, longest values. Raises as ``held`` does."""
        if self.stage is None:
            raise KnownWhenRun
        return self.stage.look(records)

    def value(self, expression: str, records: Relation, *, target: FieldType | None = None, number: int = 1) -> Expr:
        """What an expression gives for each record; *number* is its line in the tool."""
        return compile_expression(
            expression, records.schema, constants=self.constants, target=target, number=number, context=self.world
        )

    def condition(self, expression: str, records: Relation, *, number: int = 1) -> Expr:
        """Whether an expression is true of each record."""
        return compile_condition(
            expression, records.schema, constants=self.constants, number=number, context=self.world
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """What a tool makes of its inputs, where that is more than records.

    ``outputs`` are relations by output anchor. The run keeps the ``watched`` ones for ``report``, at most ``limit``
    records of each, and the one that is ``shown`` for people; ``written`` goes to the file that ``writes`` names.
    ``messages`` are known before anything runs.
    """

    outputs: Mapping[str, Relation] = field(default_factory=dict[str, Relation])
    watched: Mapping[str, Relation] = field(default_factory=dict[str, Relation])
    limit: int = 1
    shown: Relation | None = None
    written: Relation | None = None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the run saw of a tool: records by output anchor (nothing in a run without counts), and what it watched."""

    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    watched: Mapping[str, Table] = field(default_factory=dict[str, "Table"])


@dataclass(frozen=True, slots=True)
class Approximate:
    """How a tool's results may differ from the product's: with the settings that ``when`` knows, else always.

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("the order of the dictionary is Unicode's", when=lambda sort: sort.locale != 0),
    )
    """

    how: str
    when: Callable[[Any], bool] | None = None


class Tool:
    """A tool with its settings.

    ``lower`` is pure: it takes a relation for each input anchor (nothing for an optional one that is not connected, a
    mapping by ``#1``, ``#2``, … for one of many), and a ``context`` if it names one; it gives a relation, relations by
    output anchor, or ``Lowered``. What its settings ask for and it cannot do it ``lacks``: it is not lowered then. What
    depends on the fields it raises as ``NotYet``, what is wrong as ``WorkflowError``.
    """

    ids: ClassVar[tuple[str, ...]] = ()
    macros: ClassVar[tuple[str, ...]] = ()
    inputs: ClassVar[tuple[Input, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ()
    on_canvas_only: ClassVar[bool] = False
    may_leave_no_field: ClassVar[bool] = False
    ignores: ClassVar[tuple[Ignored, ...]] = ()
    approximate: ClassVar[tuple[Approximate, ...]] = ()

    def lower(self, *inputs: Any, **context: Any) -> Relation | Mapping[str, Relation] | Lowered:
        """The records that leave, made of those that arrive."""
        raise NotImplementedError

    def report(self, seen: Seen) -> Iterable[Message]:  # noqa: ARG002 - most tools say nothing
        """What the tool says when the run is over."""
        return ()

    @property
    def closed(self) -> tuple[str, ...]:
        """The output anchors by which nothing ever leaves: tools that are fed by nothing else do not run."""
        return ()

    @property
    def outputs_in_turn(self) -> bool:
        """Whether what hangs on its second output waits until all below the first is done."""
        return False

    @property
    def heard_outside(self) -> bool:
        """Whether what it reports is told outside a macro as it is, whatever its kind."""
        return False

    def reads(self) -> Reads | None:
        """The files that it wants opened; ``lower`` gets them as a tuple of ``Opened``."""
        return None

    def lists(self) -> Lists | None:
        """The folder that it wants to know; ``lower`` gets its files as a tuple of ``Entry``."""
        return None

    def writes(self) -> Writes | None:
        """The file that its ``written`` records go to."""
        return None

    def formulas(self) -> Iterable[str]:
        """The expressions among its settings that are in force: what they call is checked before a run."""
        return formulas(self)

    def lacks(self) -> Iterable[str]:
        """What its settings ask for that is not supported yet, whatever its fields are.

        Each is one line of the report, and the workflow does not run.
        """
        return ()

    def approximations(self) -> Iterable[str]:
        """How the results may differ from the product's with these settings; nothing where they are exact."""
        return (each.how for each in self.approximate if each.when is None or each.when(self))

    def unread_options(self, found: Format) -> tuple[str, ...]:  # noqa: ARG002 - most tools have none
        """The options of a format that nobody reads."""
        return ()


@dataclass_transform(
    kw_only_default=True,
    frozen_default=True,
    field_specifiers=(text, formula, value, attribute, many, nested, field_type, texts),
)
def tool(
    *ids: str,
    macros: tuple[str, ...] = (),
    inputs: tuple[str | Input, ...] = ("Input",),
    outputs: tuple[str, ...] = ("Output",),
    on_canvas_only: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Put a tool on the shelf under its plugin ids, or the names of macro files that are really this tool."""

    def shelved(cls: type[T]) -> type[T]:
        cls.ids, cls.macros, cls.outputs, cls.on_canvas_only = ids, macros, outputs, on_canvas_only
        cls.inputs = tuple(Input(each) if isinstance(each, str) else each for each in inputs)
        return block(cls)

    return shelved


def meant(type_: FieldType) -> FieldType:
    """The type of a new field, with a size that means something.

    Half a billion and more is no limit to the designer. A date has the size of the type that was chosen before it.
    """
    no_limit = type_.kind in (Kind_.V_STRING, Kind_.V_WSTRING, Kind_.SPATIAL) and type_.size >= UNLIMITED_FROM
    left_over = type_.is_date and type_.size > LONGEST_DATE
    return FieldType.of(type_.kind) if no_limit or left_over else type_


def spelled_type(kind: str, size: str, *, field: str) -> FieldType:
    """The type that a tool's list says of a *field*: its name, and its size, ``19.2`` with decimals or empty.

    Raises ``DocumentError`` for what is none.
    """
    whole, _, decimals = size.strip().partition(".")
    try:
        return meant(FieldType.of(kind, int(whole) if whole else None, int(decimals) if decimals else None))
    except ValueError as error:
        raise DocumentError(str(error), place=f"field {field}") from error


def check_supported(tool: Tool) -> None:
    """Raise ``NotYet`` with the first of what a tool lacks."""
    for lack in tool.lacks():
        raise NotYet(lack)


def told(kind: Kind, said: str) -> Message:
    """A message of the tool that lowers or reports; the run adds its number."""
    return Message(kind=kind, text=said)


def field_of(records: Relation, name: str) -> Expr:
    """The field called *name*; a ``WorkflowError`` where the records have none."""
    if name not in records.schema:
        raise missing_field(records, name)
    return records.field(name)


def missing_field(records: Relation, name: str) -> WorkflowError:
    """The error for a field that is not there, with the fields that are."""
    there = ", ".join(records.schema.names) or "none"
    return WorkflowError(f'The field "{name}" is not contained in the record', hint=f"fields: {there}")
