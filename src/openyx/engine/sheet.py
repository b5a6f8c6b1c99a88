"""One document of a run, a workflow or a macro that it calls: which of its tools run, and what arrives at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from openyx.document import Connection, Document, Node, answered, call_texts, config, substitute
from openyx.document.actions import unsupported
from openyx.engine import messages
from openyx.engine.evaluate import Evaluator
from openyx.engine.macros import Anchors, Call, MacroCall, Macros, check_kind, is_control
from openyx.engine.scope import Scope, wired
from openyx.engine.steps import Arriving, Inner, Problem, Step
from openyx.engine.wiring import at, check_connected, is_cut_off, is_left_alone, ordered
from openyx.errors import DocumentError, Missing, NotYet, OpenYXError, WorkflowError
from openyx.fields import Schema
from openyx.formula.context import Context as World
from openyx.messages import Message
from openyx.tools.base import Input, Tool
from openyx.tools.in_out.browse import Browse
from openyx.tools.interface.macro_input import MacroInput
from openyx.tools.interface.macro_output import MacroOutput
from openyx.tools.shelf import shelf

MOST_INNER = 20_000
DEEPEST = 40


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What all documents of a run share: the next free number, and what their plan is made of."""

    macros: Macros
    free: int
    loud: bool = False
    world: World = field(default_factory=World.here)
    messages: list[Message] = field(default_factory=list[Message])
    problems: list[Problem] = field(default_factory=list[Problem])
    inner: dict[int, Inner] = field(default_factory=dict[int, Inner])
    aside: list[Step] = field(default_factory=list[Step])
    absent: list[Problem] = field(default_factory=list[Problem])

    def number(self, inner: Inner) -> int:
        """A number of its own for a tool inside a macro."""
        number = self.free
        self.free += 1
        self.inner[number] = inner
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How a macro is called: the caller's number, the outermost one's, and what arrives at its inputs.

    ``files`` are the macros around it and itself; its tools are told of with ``called`` before their own numbers.
    """

    number: int
    outermost: int
    files: tuple[Path, ...]
    called: str
    call: Call
    arriving: Mapping[str, tuple[Arriving, ...]]


@dataclass(slots=True)
class Sheet:
    """The plan of one document; ``frame`` tells how it is called, if it is a macro."""

    document: Document
    scope: Scope
    ledger: Ledger
    frame: Frame | None = None
    gone: set[int] = field(default_factory=set[int])
    gone_anchors: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    on_canvas_only: set[int] = field(default_factory=set[int])
    numbers: dict[int, int] = field(default_factory=dict[int, int])
    asks: set[int] = field(default_factory=set[int])

    def steps(self) -> Iterator[Step]:
        """The tools that run, each after those that feed it."""
        for message in self.document.remarks:
            self.ledger.messages.append(replace(message, tool=self.frame.number) if self.frame else message)
        if self.document.properties.has_events and self.frame is None:
            self.ledger.messages.append(messages.events(self.document.name))
        self.gone.update(node.id for node in self.document.nodes if node.disabled)
        into: dict[int, list[Connection]] = defaultdict(list)
        for line in self.document.connections:
            if not line.is_wiring:
                into[line.destination].append(line)
            elif line.input == "Question":
                self.asks.add(line.destination)
        for node in ordered(self.document):
            if node.id not in self.gone:
                try:
                    yield from self._node(node, into[node.id])
                except OpenYXError as error:
                    self.ledger.problems.append(Problem(self.number(node.id), error))

    def number(self, tool: int) -> int:
        """The number of a tool in the run."""
        if self.frame is None:
            return tool
        if tool not in self.numbers:
            self.numbers[tool] = self.ledger.number(self._inner(tool))
        return self.numbers[tool]

    def _inner(self, tool: int) -> Inner:
        assert self.frame is not None
        return Inner(self.frame.outermost, f"{self.frame.called}Tool #{tool}: ", self.ledger.loud)

    def _node(self, node: Node, lines: Sequence[Connection]) -> Iterator[Step]:
        here = [line for line in lines if not self._is_gone(line)]
        if node.macro and not node.plugin and not shelf().is_macro(node.macro):
            yield from self._macro(node, lines, here)
            return
        kind = shelf().find(node.plugin, node.macro)
        # A Browse inside a macro shows nothing to anybody.
        if kind.on_canvas_only or (self.frame is not None and issubclass(kind, Browse)):
            self.on_canvas_only.add(node.id)
            return
        if is_cut_off(kind.inputs, lines, here) or is_left_alone(kind.inputs, lines, here):
            self.gone.add(node.id)
            return
        yield from self._tool(node, kind, here)

    def _is_gone(self, line: Connection) -> bool:
        return line.origin in self.gone or (line.origin, line.anchor) in self.gone_anchors

    def _tool(self, node: Node, kind: type[Tool], lines: Sequence[Connection]) -> Iterator[Step]:
        place = f"{self.document.name}, {node.title}"
        tool, unread = config.read(kind, substitute(node.configuration, self.scope.values), place=place)
        self._tell_unread(node, unread)
        self.gone_anchors |= {(node.id, anchor) for anchor in tool.closed}
        try:
            self._check_lines(kind.inputs, lines)
        except WorkflowError:
            self.ledger.aside.append(self._step(node, tool, {}))
            raise
        arriving = {each.name: self._arriving(at(each, kind.inputs, lines)) for each in kind.inputs}
        if isinstance(tool, MacroInput):
            yield from self._macro_input(node, tool)
        elif isinstance(tool, MacroOutput) and self.frame is not None:
            yield self._step(node, replace(tool, renamed=self._renamed()), arriving)
        else:
            yield self._step(node, tool, arriving)

    def _check_lines(self, inputs: Sequence[Input], lines: Sequence[Connection]) -> None:
        empty = next((line for line in lines if line.origin in self.on_canvas_only), None)
        if empty is not None:
            raise WorkflowError(f"tool {empty.origin} has no output {empty.anchor!r}")
        check_connected(inputs, lines)

    def _tell_unread(self, node: Node, unread: tuple[str, ...]) -> None:
        if unread:
            self.ledger.messages.append(messages.unread(self.number(node.id), unread))

    def _step(
        self, node: Node, tool: Tool, arriving: Mapping[str, tuple[Arriving, ...]], number: int | None = None
    ) -> Step:
        number = self.number(node.id) if number is None else number
        constants = wired(self.document, self.scope, node.id) if node.id in self.asks else {}
        return Step(
            node=replace(node, id=number),
            tool=tool,
            arriving=arriving,
            scope=replace(self.scope, constants=dict(self.scope.constants) | constants) if constants else self.scope,
            speaker=self.frame.outermost if self.frame and tool.heard_outside else number,
            inside=self.frame is not None,
        )

    def _arriving(self, lines: Sequence[Connection]) -> tuple[Arriving, ...]:
        """The lines with their names; those without one of their own get the numbers that are left."""
        taken = {line.name for line in lines}
        free = (name for name in map("#{}".format, count(1)) if name not in taken)
        named: dict[str, Connection] = {}
        for line in lines:
            named[line.name if line.name and line.name not in named else next(free)] = line
        return tuple(Arriving(name, self.number(line.origin), line.anchor) for name, line in named.items())

    def _macro_input(self, node: Node, tool: MacroInput) -> Iterator[Step]:
        """What arrives at a macro; its own template where nothing does, without records where it is called."""
        lines = self.frame.arriving.get(tool.name, ()) if self.frame else ()
        if self.frame is not None and lines:
            field_map = self.frame.call.field_map(tool.name) if tool.has_field_map else ()
            yield self._step(node, replace(tool, field_map=field_map), {"Input": lines})
            return
        known = node.fields("Output")
        if self.frame is not None and tool.from_file and known:
            yield self._step(node, replace(tool, template=Schema(known)), {"Input": ()})
            return
        template = node.configuration.find(f"{tool.template_block}/Configuration")
        if template is None:
            raise DocumentError("the Macro Input has no template", place=f"{self.document.name}, {node.title}")
        kind = shelf().find(tool.template_tool, "")
        settings, unread = config.read(
            kind, substitute(template, self.scope.values), place=f"{self.document.name}, {node.title}, template"
        )
        self._tell_unread(node, unread)
        number = self.ledger.number(self._inner(node.id) if self.frame else Inner(node.id, "", loud=True))
        yield self._step(node, settings, {}, number)
        line = Arriving("#1", number, kind.outputs[0])
        yield self._step(node, replace(tool, empty=self.frame is not None), {"Input": (line,)})

    def _renamed(self) -> tuple[tuple[str, str], ...]:
        assert self.frame is not None
        inputs = (
            config.read(MacroInput, node.configuration, place=self.document.name)[0]
            for node in Anchors.of(self.document).inputs.values()
        )
        return tuple(pair for each in inputs if each.has_field_map for pair in self.frame.call.field_map(each.name))

    def _macro(self, node: Node, lines: Sequence[Connection], here: Sequence[Connection]) -> Iterator[Step]:
        path, called = self.ledger.macros.find(node.macro, self.scope.folder)
        _check_chain(path, self.frame.files if self.frame else ())
        if len(self.ledger.inner) + len(called.nodes) > MOST_INNER:
            raise WorkflowError(f"the macros hold more than {MOST_INNER:,} tools")
        names = Anchors.of(called)
        inputs = tuple(Input(name, optional=_is_optional(each)) for name, each in names.inputs.items())
        try:
            check_kind(called)
            if is_cut_off(inputs, lines, here):
                self.gone.add(node.id)
                return
            check_connected(inputs, here)
            call = Call.read(substitute(node.configuration, self.scope.values), called, names)
            self._tell_unread(node, call.unread)
            arriving = {each.name: self._arriving(at(each, inputs, here)) for each in inputs}
            inner = self._inside(node, path, self._answered(path, called, call), call, arriving)
        except OpenYXError as error:
            self._set_aside(node, path, called, error)
            return
        yield from inner.steps()
        outputs = Anchors.of(inner.document).outputs
        self.gone_anchors |= {(node.id, name) for name, each in outputs.items() if each.id in inner.gone}
        leaving = [
            Arriving(name, inner.number(each.id), "Output")
            for name, each in outputs.items()
            if each.id not in inner.gone
        ]
        yield self._step(node, MacroCall(), {"Outputs": tuple(leaving)})

    def _answered(self, path: Path, called: Document, call: Call) -> Document:
        """The macro with its answers in place."""
        scope = self.ledger.macros.scope(called, path)
        return answered(called, call_texts(called, call.texts), Evaluator(scope.constants, self.ledger.world))

    def _inside(
        self, node: Node, path: Path, document: Document, call: Call, arriving: Mapping[str, tuple[Arriving, ...]]
    ) -> Sheet:
        number = self.number(node.id)
        frame = Frame(
            number=number,
            outermost=self.frame.outermost if self.frame else number,
            files=(*(self.frame.files if self.frame else ()), path),
            called=f"{self.frame.called}Tool #{node.id}: " if self.frame else "",
            call=call,
            arriving=arriving,
        )
        return Sheet(document, self.ledger.macros.scope(document, path), self.ledger, frame)

    def _set_aside(self, node: Node, path: Path, called: Document, error: OpenYXError) -> None:
        """Tell why a macro does not run, and keep what is missing in it; of all else in it nothing is known."""
        ledger, number = self.ledger, self.number(node.id)
        ledger.problems.append(Problem(number, _of_call(error)))
        if isinstance(error, NotYet):
            ledger.absent += [Problem(number, _of_call(each)) for each in unsupported(called)]
        inner = self._inside(node, path, called, Call({}, ()), {})
        inner.gone.update(each.id for each in called.nodes if is_control(each))
        said, told = len(ledger.messages), len(ledger.problems)
        steps = list(inner.steps())
        ledger.aside += steps
        ledger.absent += [each for each in ledger.problems[told:] if isinstance(each.error, Missing)]
        del ledger.messages[said:], ledger.problems[told:]


def _of_call(error: OpenYXError) -> OpenYXError:
    """An error of a macro as one of its call: the numbers of the tools inside mean nothing outside."""
    if isinstance(error, WorkflowError):
        error.tool = None
    return error


def _is_optional(macro_input: Node) -> bool:
    return macro_input.configuration.value("Optional").strip().lower() == "true"


def _check_chain(path: Path, files: Sequence[Path]) -> None:
    if path in files:
        chain = " → ".join(each.name for each in (*files[files.index(path) :], path))
        raise WorkflowError(f"the macro {path.name} calls itself: {chain}")
    if len(files) >= DEEPEST:
        raise WorkflowError(f"macros call each other more than {DEEPEST} deep, the last one is {path.name}")
