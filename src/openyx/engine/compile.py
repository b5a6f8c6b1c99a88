"""From a plan to a program: each tool lowered to relations, files looked at, and what the run has to bring home."""

from __future__ import annotations

import inspect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from openyx.engine import messages
from openyx.engine.listing import listed
from openyx.engine.places import Places, selector, setting, whole
from openyx.engine.plan import Arriving, Plan, Problem, Step
from openyx.engine.stage import Lines, ToolStage
from openyx.engine.targets import Target, target
from openyx.errors import JobCancelled, OpenYXError, WorkflowError
from openyx.fields import Schema
from openyx.formats import shelf as formats
from openyx.formats.csv import CsvInput
from openyx.formats.options import Options
from openyx.messages import Message
from openyx.relation import Anchor, Relation, scan
from openyx.relation.run import Session
from openyx.relation.types import native_schema
from openyx.tools.base import Context, KnownWhenRun, Lowered, check_supported
from openyx.tools.files import Opened, Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A tool as relations. ``files`` are those that it reads, ``target`` the one that it writes."""

    step: Step
    lowered: Lowered
    files: tuple[Path, ...] = ()
    target: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """All that a run needs: what each tool became, which anchors feed another, and why it cannot start."""

    made: tuple[Made, ...]
    consumed: frozenset[Anchor]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the workflow and its caller want it run.

    ``say`` is told what is strange, now and while it runs. Without a ``session`` nothing is run: tools whose fields
    depend on their records are left out, with all after them.
    """

    places: Places
    context: Context
    say: Callable[[Message], None]
    inputs: Mapping[int, Relation]
    keep: frozenset[Anchor] = frozenset()
    session: Session | None = None
    record_limit: int = 0
    browses: bool = True
    writes: bool = True


def compile_plan(plan: Plan, wishes: Wishes) -> Program:
    """The program of a plan. Files are looked at, and read as far as tools must see their records; none is written."""
    wanted = defaultdict[int, Counter[str]](Counter)
    for line in (line for step in plan.steps for arriving in step.arriving.values() for line in arriving):
        wanted[line.tool][line.anchor] += 1
    for anchor in wishes.keep:
        wanted[anchor.tool][anchor.name] += 1
    compiling = Compiling(wishes, wanted, stopped=bool(plan.problems))
    for step in plan.steps:
        compiling.take(step)
    compiling.check_targets()
    return Program(
        made=tuple(compiling.made),
        consumed=frozenset(compiling.consumed),
        problems=(*plan.problems, *compiling.problems),
    )


@dataclass(slots=True)
class Compiling:
    """Takes the tools one after another; ``stopped`` once something is wrong."""

    wishes: Wishes
    wanted: Mapping[int, Counter[str]]
    stopped: bool
    made: list[Made] = field(default_factory=list[Made])
    outputs: dict[int, tuple[Step, Lowered]] = field(default_factory=dict[int, tuple[Step, Lowered]])
    consumed: set[Anchor] = field(default_factory=set[Anchor])
    problems: list[Problem] = field(default_factory=list[Problem])

    def take(self, step: Step) -> None:
        """Lower one tool; without its inputs, because a tool before it failed, it cannot be looked at."""
        if all(line.tool in self.outputs for lines in step.arriving.values() for line in lines):
            session = self.wishes.session
            try:
                with session.blame.making(step.node.id) if session else nullcontext():
                    self._lower(step)
            except KnownWhenRun:
                return
            except JobCancelled:
                raise
            except OpenYXError as error:
                self.stopped = True
                self.problems.append(Problem(step.node.id, error))

    def check_targets(self) -> None:
        """Two tools that write one file, or one that writes what another reads, cannot run together."""
        writers: dict[Path, Step] = {}
        for made in self.made:
            if made.target is None or made.target.path is None:
                continue
            step = made.step
            other = writers.setdefault(made.target.path, step)
            if other is not step:
                error = WorkflowError(f'"{made.target.path}" is written by {other.called} and {step.called}')
                self.problems.append(Problem(step.node.id, error))
        for made in self.made:
            for path in made.files:
                if path in writers:
                    error = WorkflowError(f'"{path}" is read here and written by {writers[path].called} in one run')
                    self.problems.append(Problem(made.step.node.id, error))

    def _lower(self, step: Step) -> None:
        number, tool = step.node.id, step.tool
        files: tuple[Opened, ...] = ()
        if number in self.wishes.inputs:
            lowered = Lowered(outputs={tool.outputs[0]: self.wishes.inputs[number]})
        else:
            self._check_supported(step)
            files = self._opened(step)
            lowered = self._lowered(step, files)
        for message in lowered.messages:
            self.wishes.say(replace(message, tool=number))
        shown = lowered.shown if self.wishes.browses else None
        written = self._target(step, lowered) if self.wishes.writes else None
        outputs = {name: self._tapped(step, name, relation) for name, relation in lowered.outputs.items()}
        lowered = replace(lowered, outputs=outputs, shown=shown, written=written.records if written else None)
        self.outputs[number] = step, lowered
        self.made.append(Made(step=step, lowered=lowered, files=tuple(file.path for file in files), target=written))

    def _check_supported(self, step: Step) -> None:
        check_supported(step.tool)

    def _lowered(self, step: Step, files: tuple[Opened, ...]) -> Lowered:
        arguments: list[object] = [files] if files else []
        if (folder := step.tool.lists()) is not None:
            with setting("Directory"):
                arguments.append(listed(self._places(step), folder))
        arguments += [self._arriving(step, anchor.name, many=anchor.many) for anchor in step.tool.inputs]
        wants_context = "context" in inspect.signature(step.tool.lower).parameters
        context = replace(
            self.wishes.context,
            constants=step.scope.constants,
            version=step.scope.version,
            tool=step.node.id,
            stage=self._stage(step),
        )
        given = step.tool.lower(*arguments, **({"context": context} if wants_context else {}))
        if isinstance(given, Relation):
            return Lowered(outputs={step.tool.outputs[0]: given})
        return given if isinstance(given, Lowered) else Lowered(outputs=given)

    def _arriving(self, step: Step, anchor: str, *, many: bool) -> Relation | dict[str, Relation] | None:
        found = {line.name: self._output(line) for line in step.arriving[anchor]}
        if many:
            return found
        if len(found) > 1:
            raise WorkflowError(f"The {anchor} input takes one connection, and has {len(found)}")
        return next(iter(found.values()), None)

    def _output(self, line: Arriving) -> Relation:
        self.consumed.add(self._lines.anchor(line))
        return self._lines.output(line)

    @property
    def _lines(self) -> Lines:
        return Lines(made=self.outputs, wanted=self.wanted)

    def _stage(self, step: Step) -> ToolStage | None:
        """Once something is wrong nothing is run any more: what else is wrong is still found."""
        if self.wishes.session is None or self.stopped:
            return None
        return ToolStage(self.wishes.session, self._lines, step.node.id, lambda text: culprit(self.made, text))

    def _tapped(self, step: Step, name: str, relation: Relation) -> Relation:
        if not relation.schema.fields and not step.tool.may_leave_no_field:
            raise WorkflowError("No field is left: records without fields cannot be counted")
        is_source = not step.tool.inputs
        limited = relation.limit(self.wishes.record_limit) if is_source and self.wishes.record_limit else relation
        self._check_fields(limited.schema)
        return limited.tap(step.node.id, name)

    def _check_fields(self, schema: Schema) -> None:
        """A type that cannot be held is its tool's fault, and found before the run."""
        native_schema(schema)

    def _opened(self, step: Step) -> tuple[Opened, ...]:
        wanted = step.tool.reads()
        if wanted is None:
            return ()
        path, part = selector(wanted.path)
        if part:  # a format that is not there is told rather than that a part is wanted
            formats.find(Path(path.replace("\\", "/")), wanted.code, reading=False)
        with setting("File"):
            paths = self._places(step).inputs(whole(wanted.path), below=wanted.below)
        self._account(step, formats.find(paths[0], wanted.code).format)
        return tuple(self._open(step, path, wanted) for path in paths)

    def _open(self, step: Step, path: Path, wanted: Reads) -> Opened:
        found = formats.find(path, wanted.code)
        if found.warning:
            self.wishes.say(messages.warning(step.node.id, found.warning))
        try:
            reader = found.format.open(
                path, self._options(step, found.format.input, wanted.options), self._warner(step)
            )
        except OSError as error:
            raise WorkflowError(f'Unable to open "{path}": {error.strerror}') from error
        return Opened(path, scan(reader))

    def _target(self, step: Step, lowered: Lowered) -> Target | None:
        wanted = step.tool.writes()
        if wanted is None or lowered.written is None:
            return None
        if not lowered.written.schema.names:
            raise WorkflowError("No field is left to be written")
        path = Path(selector(wanted.path)[0].replace("\\", "/"))
        found = formats.find(path, wanted.code, reading=False)
        self._account(step, found.format)
        options = self._options(step, found.format.output, wanted.options)
        return target(wanted, lowered.written, found.format, options, self._places(step))

    def _places(self, step: Step) -> Places:
        return self.wishes.places.at(step.scope.folder) if step.inside else self.wishes.places

    def _account(self, step: Step, found: formats.Format) -> None:
        unread = step.tool.unread_options(found)
        if unread:
            self.wishes.say(messages.unread(step.node.id, unread))

    def _options(self, step: Step, kind: type[Options], texts: Mapping[str, str]) -> Options:
        try:
            options = kind.of(texts)
        except ValueError as error:
            raise WorkflowError(f"FormatSpecificOptions: {error}") from error
        # Versions before 2018 did not cut the size of a field to 16,777,216.
        if isinstance(options, CsvInput) and step.scope.version:
            return replace(options, capped=step.scope.version >= (2018,))
        return options

    def _warner(self, step: Step) -> Callable[[str], None]:
        return lambda text: self.wishes.say(messages.warning(step.node.id, text))


def culprit(made: Iterable[Made], text: str) -> int | None:
    """The tool whose file an error names: what reads does not know its tool."""
    return next((each.step.node.id for each in made for path in each.files if f'"{path}"' in text), None)
