"""What may come of an input: a result or an error of our own, soon, and nothing left behind."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

from openyx.cli.drawing import drawn
from openyx.document import parse
from openyx.engine import Result, run_workflow
from openyx.engine.check import check
from openyx.errors import DocumentError, JobCancelled, OpenYXError
from openyx.formula import compile_expression
from openyx.messages import Kind
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from tests.fuzz import documents, formulas, gallery, sent, sources, tool_settings, wires
from tests.fuzz.cases import FOLDER

CANCELLED_AFTER = 3.0
NEW = "_new"


class Misbehaved(Exception):
    """Something came that may not come."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where inputs are tried: a copy of the cases beside an empty folder for outputs and one for temporary files."""

    home: Path
    outputs: Path
    temporary: Path
    before: dict[str, int]

    @classmethod
    def made(cls, within: Path) -> Place:
        """A place in an empty folder."""
        home, outputs, temporary = within / "home", within / "outputs", within / "temporary"
        shutil.copytree(FOLDER, home, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        outputs.mkdir()
        temporary.mkdir()
        return cls(home, outputs, temporary, dict(_files(home)))

    @contextmanager
    def watched(self) -> Generator[None]:
        """Nothing may be left but outputs, and these are cleared away. Raises ``Misbehaved``."""
        previous, tempfile.tempdir = tempfile.tempdir, str(self.temporary)
        try:
            yield
            left = [*_files(self.temporary), *(dict(_files(self.home)).items() ^ self.before.items())]
            if left:
                raise Misbehaved(f"left behind: {left}")
        finally:
            tempfile.tempdir = previous
            for each in (*self.outputs.iterdir(), *self.temporary.iterdir()):
                shutil.rmtree(each) if each.is_dir() else each.unlink()


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of input: how one is made, and how it is tried; the trial says in a word how it ended."""

    make: Callable[[Random], bytes]
    run: Callable[[bytes, Place], str]
    ending: str


def tried(sort: Sort, content: bytes, place: Place) -> str:
    """How an input of a sort ended, in a word. Raises whatever it raises, and ``Misbehaved``."""
    with place.watched():
        return sort.run(content, place)


def workflow(content: bytes, place: Place) -> str:
    """Run a workflow; some are checked and drawn, too."""
    started, lot = time.monotonic(), crc32(content)
    try:
        document = parse(content, "w.yxmd", folder=place.home)
        if lot % 8 == 0:
            drawn(document)
        if lot % 4 == 0:
            check(document, folder=place.outputs)
        result = run_workflow(
            document,
            inputs={each.id: sources.relation() for each in document.nodes if each.name == sources.GIVEN},
            folder=place.outputs,
            cancelled=lambda: time.monotonic() - started > CANCELLED_AFTER,
        )
    except JobCancelled:
        _nothing_written(place)
        return "cancelled"
    except DocumentError as error:
        _nothing_written(place)
        if not error.place:
            raise Misbehaved(f"an error without a place: {error}") from error
        return "refused"
    except OpenYXError:
        _nothing_written(place)
        return "refused"
    _look_at(result, place)
    return "well" if result.ok else "failed"


def formula(content: bytes, place: Place) -> str:
    """Compile an expression and compute it for a few records."""
    records = sources.relation()
    try:
        value = compile_expression(content.decode(), records.schema, constants={"User.x": "1", "Engine.Version": "2"})
        run_relations([Keep(records.add(NEW, value))], count=False)
    except OpenYXError as error:
        _spoken(str(error))
        return type(error).__name__
    return "well"


def _look_at(result: Result, place: Place) -> None:
    errors = [each for each in result.messages if each.kind is Kind.ERROR]
    if result.ok == bool(errors):
        raise Misbehaved("a run without an error is well, and no other")
    known = result.document.by_id if result.document else {}
    for each in errors:
        if each.tool not in known and "in an action of no tool" not in each.text:
            raise Misbehaved(f"an error of no tool: {each}")
        _spoken(each.text)
    if not result.ended:
        _nothing_written(place)
    told = {each.path for each in result.outputs if each.path is not None}
    found = {path for path in place.outputs.rglob("*") if path.is_file()}
    if found != told:
        raise Misbehaved(f"files {found}, told of {told}")


def _spoken(text: str) -> None:
    """What the data engine says of itself is no answer."""
    if "The data engine stopped" in text:
        raise Misbehaved(text)


def _nothing_written(place: Place) -> None:
    left = [path for path in place.outputs.rglob("*") if path.is_file()]
    if left:
        raise Misbehaved(f"half written: {left}")


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(folder.rglob("*")):
        yield str(path), path.stat().st_mtime_ns if path.is_file() else 0


SORTS = {
    "documents": Sort(documents.document, workflow, ".yxmd"),
    "settings": Sort(tool_settings.tool_with_settings, workflow, ".yxmd"),
    "lines": Sort(wires.graph, workflow, ".yxmd"),
    "requests": Sort(sent.request, lambda content, place: gallery.request(content, place.home.parent), ".json"),
    "raw": Sort(sent.raw, lambda content, place: gallery.raw(content, place.home.parent), ".http"),
    "formulas": Sort(lambda chance: formulas.expression(chance).encode(errors="replace"), formula, ".txt"),
}
"""The sorts of input, by name."""


def made(sort: str, seed: int, number: int) -> bytes:
    """An input, the same for the same numbers."""
    return SORTS[sort].make(Random(f"{sort} {seed} {number}"))
