"""From a program to a result: all sinks in one plan, then what each tool has to say, then the files in their places."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from openyx.document import Properties
from openyx.engine import messages
from openyx.engine.compile import Made, Program, culprit
from openyx.engine.held import Held, check_places
from openyx.engine.result import Output
from openyx.engine.rounds import rounds
from openyx.engine.steps import Inner
from openyx.errors import WorkflowError
from openyx.fields import Schema
from openyx.messages import Kind, Message
from openyx.relation import Anchor
from openyx.relation.run import Keep, Outcome, Session, Sink, Write
from openyx.relation.table import Table
from openyx.relation.tally import Faulted
from openyx.tools.base import Seen

T = TypeVar("T")


class Voice:
    """Says each message once, as it comes, and remembers all; safe from any thread.

    ``inner`` are the tools inside macros, which are told of as the tools that call them.
    """

    def __init__(self, hears: Callable[[Message], None] | None) -> None:
        self._hears = hears
        self._lock = threading.Lock()
        self.said: list[Message] = []
        self.inner: Mapping[int, Inner] = {}

    def __call__(self, message: Message) -> None:
        inner = self.inner.get(message.tool)
        told = inner.told(message) if inner else message
        if told is not None:
            self._say(told)

    def _say(self, message: Message) -> None:
        with self._lock:
            self.said.append(message)
            if self._hears is not None:
                self._hears(message)

    def outside(self, by_anchor: Mapping[Anchor, T]) -> dict[Anchor, T]:
        """What is told by anchor, without the anchors inside macros."""
        return {anchor: each for anchor, each in by_anchor.items() if anchor.tool not in self.inner}

    def output(self, output: Output) -> Output:
        """An output as that of the tool that calls the macro in which it was made."""
        inner = self.inner.get(output.tool)
        return replace(output, tool=inner.tool) if inner else output

    def progress(self, told: Callable[[Anchor, int], None] | None) -> Callable[[Anchor, int], None] | None:
        """Tells of anchors as ``outside`` does."""
        if told is None:
            return None
        return lambda anchor, records: None if anchor.tool in self.inner else told(anchor, records)

    @property
    def heard_error(self) -> bool:
        """Whether an error was among them."""
        return any(message.kind is Kind.ERROR for message in self.said)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a sink is for: a tool's watched, shown or written records, or an anchor that is to be kept."""

    sink: Sink
    made: Made | None = None
    watched: str = ""
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a run brought home."""

    counts: Mapping[Anchor, int] = field(default_factory=dict[Anchor, int])
    schemas: Mapping[Anchor, Schema] = field(default_factory=dict[Anchor, Schema])
    outputs: tuple[Output, ...] = ()
    tables: Mapping[Anchor, Table] = field(default_factory=dict[Anchor, Table])
    ended: bool = False


def run_program(
    program: Program,
    session: Session,
    *,
    properties: Properties,
    voice: Voice,
    keep: Collection[Anchor],
    browse_limit: int | None,
) -> Harvest:
    """Run a program that has no problems. Raises what the run raises, with nothing left behind."""
    held: dict[int, Held] = {}
    try:
        for made in program.made:
            if made.target is not None:
                held[made.step.node.id] = _held(made, voice)
        errands = _errands(program, held, keep=keep, browse_limit=browse_limit)
        outcome = session.outcome(_in_turn(program, session, errands))
        harvest = _told(program, errands, outcome, held, properties=properties, voice=voice)
    except BaseException as error:
        for each in held.values():
            each.abort()
        if isinstance(error, WorkflowError) and error.tool is None:
            error.tool = culprit(program.made, error.message)
        raise
    return harvest


def _in_turn(program: Program, session: Session, errands: Sequence[Errand]) -> list[Table | int]:
    """The results of all errands; those that wait for others are run when these are done."""
    steps = [made.step for made in program.made]
    turns = rounds(steps, {errand.sink.tool for errand in errands})
    if len(set(turns.values())) > 1:
        gates = [made for made in program.made if made.step.tool.outputs_in_turn]
        session.hold([(each, gate.step.node.id) for gate in gates for each in gate.lowered.outputs.values()])
    results: dict[int, Table | int] = {}
    for turn in sorted(set(turns.values())):
        places = [place for place, errand in enumerate(errands) if turns[errand.sink.tool] == turn]
        results.update(zip(places, session.run([errands[place].sink for place in places]), strict=True))
    return [results[place] for place in range(len(errands))]


def _held(made: Made, voice: Voice) -> Held:
    assert made.target is not None
    number, path = made.step.node.id, made.target.path
    try:
        return Held(number, made.target.create(lambda text: voice(messages.warning(number, text))), path)
    except OSError as error:
        raise WorkflowError(f"Unable to open file for write: {path}", tool=number, hint=error.strerror or "") from error


def _errands(
    program: Program, held: Mapping[int, Held], *, keep: Collection[Anchor], browse_limit: int | None
) -> list[Errand]:
    errands: list[Errand] = []
    for made in program.made:
        number, lowered = made.step.node.id, made.lowered
        for name, relation in lowered.watched.items():
            errands.append(Errand(Keep(relation, lowered.limit, number), made, watched=name))
        if lowered.shown is not None:
            errands.append(Errand(Keep(lowered.shown, browse_limit, number), made))
        if lowered.written is not None:
            errands.append(Errand(Write(lowered.written, held[number], number), made))
        for name, relation in lowered.outputs.items():
            anchor = Anchor(number, name)
            if anchor in keep:
                errands.append(Errand(Keep(relation, None, number), anchor=anchor))
            elif anchor not in program.consumed:
                errands.append(Errand(Keep(relation, 0, number)))
    return errands


def _told(
    program: Program,
    errands: Iterable[Errand],
    outcome: Outcome,
    held: Mapping[int, Held],
    *,
    properties: Properties,
    voice: Voice,
) -> Harvest:
    check_places(held)
    results = list(zip(errands, outcome.results, strict=True))
    seen = _by_tool(results, outcome)
    for made in program.made:
        for message in _said(made, seen[made.step.node.id], properties):
            voice(message)
    stopped = properties.cancel_on_error and voice.heard_error
    outputs: list[Output] = []
    for errand, result in results:
        if errand.made is None or errand.watched:
            continue
        number = errand.made.step.node.id
        if isinstance(result, Table):
            name = errand.made.step.node.name or f"Browse ({number})"
            outputs.append(Output(tool=number, name=name, records=result.records, table=result))
        elif stopped:
            held[number].abort()
            for path, _ in held[number].files(result):
                voice(messages.not_written(number, path))
        else:
            outputs.extend(_placed(number, held[number], result, voice))
    tables = {errand.anchor: result for errand, result in results if errand.anchor and isinstance(result, Table)}
    schemas = {
        Anchor(made.step.node.id, name): relation.schema
        for made in program.made
        for name, relation in made.lowered.outputs.items()
    }
    return Harvest(outcome.counts, schemas, tuple(outputs), tables, ended=True)


def _placed(tool: int, held: Held, records: int, voice: Voice) -> Iterator[Output]:
    try:
        placed = held.release(records)
    except OSError as error:
        names = ", ".join(str(path) for path, _ in held.files(records))
        raise WorkflowError(f"Unable to write {names}", tool=tool, hint=error.strerror or "") from error
    for path, count in placed:
        voice(messages.written(tool, count, path))
        yield Output(tool=tool, name=path.name, records=count, path=path)


@dataclass(slots=True)
class _OfTool:
    """What a run brought of one tool."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    faults: list[Faulted] = field(default_factory=list[Faulted])
    results: list[tuple[Errand, Table | int]] = field(default_factory=list[tuple[Errand, "Table | int"]])


def _by_tool(results: Iterable[tuple[Errand, Table | int]], outcome: Outcome) -> Mapping[int, _OfTool]:
    found: dict[int, _OfTool] = defaultdict(_OfTool)
    for anchor, count in outcome.counts.items():
        found[anchor.tool].counts[anchor.name] = count
    for faulted in outcome.faults:
        found[faulted.tool].faults.append(faulted)
    for errand, result in results:
        if errand.made is not None:
            found[errand.made.step.node.id].results.append((errand, result))
    return found


def _said(made: Made, seen: _OfTool, properties: Properties) -> Iterable[Message]:
    number = made.step.node.id
    if made.files and seen.counts:
        yield messages.read(number, sum(seen.counts.values()), made.files)
    for faulted in seen.faults:
        yield from messages.conversion_errors(
            faulted, limit=properties.error_limit, stops=properties.stop_at_error_limit
        )
    watched = {errand.watched: table for errand, table in seen.results if errand.watched and isinstance(table, Table)}
    for message in made.step.tool.report(Seen(counts=seen.counts, watched=watched)):
        yield replace(message, tool=made.step.speaker)
    for errand, result in seen.results:
        if not errand.watched and isinstance(result, Table):
            yield messages.browsed(number, result.records)
