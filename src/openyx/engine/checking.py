"""Lowering without a run: each tool as far as it can be looked at, on remembered fields where there are no others."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openyx.document import Document, Node
from openyx.engine import messages
from openyx.engine.compile import Compiling
from openyx.engine.findings import Findings
from openyx.engine.places import selector, whole
from openyx.engine.plan import Arriving, Inner, Step
from openyx.engine.scope import Scope
from openyx.engine.targets import Target
from openyx.errors import DocumentError, FormulaError, Missing, NotYet, OpenYXError, WorkflowError
from openyx.fields import Schema
from openyx.formats import shelf as formats
from openyx.formula import functions_used, lacking, substituted
from openyx.messages import Message
from openyx.relation import Relation, values
from openyx.relation.not_yet import collecting, lacks
from openyx.relation.types import unheld
from openyx.tools.base import KnownWhenRun, Lowered, Tool
from openyx.tools.files import Opened

_SETTINGS_ONLY = "its input is not known before a run: only its settings and formulas were checked"
_KNOWN_WHEN_RUN = "its fields are known when it runs"


class _NotThereError(Exception):
    """A file or folder that a tool wants is not there."""


@dataclass
class Checking(Compiling):
    """Takes tools as a run does, keeps what it finds of each, and goes on.

    ``said`` is what the tools said; of the ``guessed`` ones, which rest on remembered fields, only what does not depend
    on these.
    """

    document: Document = field(kw_only=True)
    said: list[Message] = field(kw_only=True)
    inner: Mapping[int, Inner] = field(kw_only=True)
    found: dict[int, Findings] = field(default_factory=dict[int, Findings])
    guessed: set[int] = field(default_factory=set[int])

    def of(self, number: int) -> Findings:
        """What is found of a tool, by its number in the run."""
        if number not in self.found:
            self.found[number] = Findings(self.inner[number].called if number in self.inner else "")
        return self.found[number]

    def take(self, step: Step) -> None:
        """Look at one tool: its formulas, what it says of itself, and what it makes of its inputs."""
        number, findings = step.node.id, self.of(step.node.id)
        findings.approximate.update(dict.fromkeys(step.tool.approximations()))
        supported = self._look_at_settings(step, findings)
        lines = [line for arriving in step.arriving.values() for line in arriving]
        known = all(self._is_known(line) for line in lines)
        doubtful = any(line.tool in self.guessed for line in lines)
        if not (supported and known):
            self._look_at_target(step, findings)
        if not known and not step.inside:
            findings.say(_SETTINGS_ONLY)
        before = len(self.said)
        if known and self._lowers(step, findings, doubtful=doubtful):
            if doubtful:
                self.guessed.add(number)
                self.said[before:] = [each for each in self.said[before:] if messages.left_aside(each.text)]
        else:
            self._remember(step.node, step)

    def look_aside(self, step: Step) -> None:
        """Look for what is missing in the settings of a tool of which nothing else can be known."""
        looked = Findings()
        self._look_at_settings(step, looked)
        self._look_at_target(step, looked)
        self.of(step.node.id).missing.update(looked.missing)

    def _lowers(self, step: Step, findings: Findings, *, doubtful: bool) -> bool:
        with collecting() as found:
            lowered = self._is_lowered(step, findings, doubtful=doubtful)
        for each in found:
            findings.blame(each)
        if found:
            self.outputs.pop(step.node.id, None)
        return lowered and not found

    def _is_lowered(self, step: Step, findings: Findings, *, doubtful: bool) -> bool:
        try:
            self._lower(step)
        except KnownWhenRun:
            findings.say(_KNOWN_WHEN_RUN)
        except _NotThereError:
            return False
        except OpenYXError as error:
            findings.blame(error, doubtful=doubtful)
        else:
            return True
        return False

    def _look_at_settings(self, step: Step, findings: Findings) -> bool:
        """Find what is missing whatever the fields are; whether the tool itself lacks nothing."""
        self._look_at_formulas(step, findings)
        missing = [NotYet(each) for each in step.tool.lacks()]
        for each in missing:
            findings.blame(each)
        return not missing

    def _look_at_formulas(self, step: Step, findings: Findings) -> None:
        world = self.wishes.context.world
        for text in step.tool.formulas():
            try:
                used = functions_used(substituted(text, step.scope.constants))
            except FormulaError as error:
                findings.unreadable[error.message] = error
                continue
            for name in used:
                missing = lacking(name, world.addins if world else {})
                if missing is not None:
                    findings.blame(missing)

    def _look_at_target(self, step: Step, findings: Findings) -> None:
        """What is to be written has a format that can be written, and is no part of a file, whatever its fields are."""
        try:
            wanted = step.tool.writes()
            if wanted is not None:
                formats.find(Path(selector(wanted.path)[0].replace("\\", "/")), wanted.code, reading=False)
                whole(wanted.path)
        except WorkflowError as error:
            findings.blame(error)

    def _is_known(self, line: Arriving) -> bool:
        """Whether an anchor's fields are known, or remembered at least."""
        if line.tool not in self.outputs and line.tool in self.document.by_id:
            self._remember(self.document.by_id[line.tool])
        if line.tool not in self.outputs:
            return False
        return line.tool not in self.guessed or line.anchor in self.outputs[line.tool][1].outputs

    def _remember(self, node: Node, step: Step | None = None) -> None:
        """Let the fields that the file remembers of a tool stand for those that it would give."""
        anchors = [meta.get("connection") for meta in node.element.all("Properties/MetaInfo")]
        schemas = {anchor: schema for anchor in anchors if (schema := _remembered(node, anchor)) is not None}
        missing = [each for schema in schemas.values() for each in unheld(schema)]
        for each in missing:
            self.of(node.id).blame(each)
        if schemas and not missing:
            outputs = {anchor: _without_records(schema) for anchor, schema in schemas.items()}
            stand_in = step or Step(node=node, tool=Tool(), arriving={}, scope=Scope(), speaker=node.id)
            self.outputs[node.id] = stand_in, Lowered(outputs=outputs)
            self.guessed.add(node.id)

    def _check_supported(self, step: Step) -> None:
        """Its files are looked at, whatever it lacks."""

    def _lowered(self, step: Step, files: tuple[Opened, ...]) -> Lowered:
        super()._check_supported(step)
        folder = step.tool.lists()
        if folder is not None:
            with self._there(step, folder.path, "Directory"):
                self._places(step).folder(folder.path)
        return super()._lowered(step, files)

    def _check_fields(self, schema: Schema) -> None:
        for each in unheld(schema):
            lacks(each)

    def _opened(self, step: Step) -> tuple[Opened, ...]:
        wanted = step.tool.reads()
        if wanted is not None:
            path, _ = selector(wanted.path)
            with self._there(step, path, "File", code=wanted.code):
                (first, *_) = self._places(step).inputs(path, below=wanted.below)
            formats.find(first, wanted.code)
        return super()._opened(step)

    def _target(self, step: Step, lowered: Lowered) -> Target | None:
        wanted = step.tool.writes()
        if wanted is not None and wanted.parted is None and lowered.written is not None:
            path, _ = selector(wanted.path)
            try:
                with self._there(step, path, "File", code=wanted.code):
                    self._places(step).output(path)
            except _NotThereError:
                return None
        return super()._target(step, lowered)

    @contextmanager
    def _there(self, step: Step, path: str, setting: str, *, code: int | None = None) -> Generator[None]:
        """Keep a path that leads nowhere, with its setting; its format may be missing all the same."""
        try:
            yield
        except WorkflowError as error:
            why = error.detail if isinstance(error, Missing) else error.message
            self.of(step.node.id).files[path] = f"setting {setting}: {why}"
            if step.tool.lists() is None:
                formats.find(Path(path.replace("\\", "/")), code, reading=False)
            raise _NotThereError from error


def _remembered(node: Node, anchor: str) -> Schema | None:
    """The fields that a file remembers of an anchor; nothing where there are none, or none that can be."""
    try:
        schema = Schema(node.fields(anchor) or ())
        return schema if schema.names and schema.find(schema.names[0]) else None
    except (DocumentError, ValueError):
        return None


def _without_records(schema: Schema) -> Relation:
    return values(schema, {name: [] for name in schema.names})
