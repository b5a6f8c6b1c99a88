"""Expected answers that lie in files: what a workflow writes, compared with what its author's engine wrote there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath

from openyx.cli.scoring.flow import Flow
from openyx.cli.scoring.tables import compared
from openyx.cli.scoring.verdict import About, Count, Finding, total
from openyx.document import Node
from openyx.document import paths as spelled
from openyx.engine import Mirror, Output
from openyx.errors import Missing, OpenYXError
from openyx.formats import shelf as formats
from openyx.relation import scan
from openyx.relation.run import Keep, run
from openyx.relation.table import Table


def expected_files(flow: Flow, outputs: Sequence[Output], mirror: Mirror) -> Count:
    """Each file that an Output Data would write and that is there, compared with what it has written."""
    written = {output.tool: output.path for output in outputs if output.path is not None}
    return total(_judged(node, path, written) for node, path in _there(flow, mirror))


def _there(flow: Flow, mirror: Mirror) -> Iterator[tuple[Node, Path]]:
    folder = flow.document.folder or mirror.of
    for node in flow.nodes:
        if node.kind.lower() != "dbfileoutput" or not flow.is_connected(node.id) or _is_parted(node):
            continue
        path = PureWindowsPath(node.configuration.words("File").partition("|||")[0].replace("/", "\\"))
        if not path.name or "%" in str(path):
            continue
        near = folder / (path.name if path.anchor else Path(*path.parts))
        found = spelled.found(near.resolve())
        if found.is_file() and found.is_relative_to(mirror.of):
            yield node, found


def _is_parted(node: Node) -> bool:
    return node.configuration.value("MultiFile").lower() == "true"


def _judged(node: Node, expected: Path, written: Mapping[int, Path]) -> Count:
    path = written.get(node.id)
    if path is None:
        return _not_held(node, "was not written", expected.name)
    if path.read_bytes() == expected.read_bytes():
        return Count(1, 1)
    try:
        difference = compared(_table(expected), _table(path))
    except Missing as error:
        return _not_held(node, "cannot be compared", error.message)
    except OpenYXError as error:
        return _not_held(node, "cannot be read", error.message)
    if difference.equal:
        return Count(1, 1, tuple(_note(node, note) for note in difference.notes))
    return _not_held(node, difference.what, f"{expected.name}: {difference.detail}")


def _table(path: Path) -> Table:
    found = formats.find(path)
    reader = found.format.open(path, found.format.input(), lambda _: None)
    return run([Keep(scan(reader))]).table(0)


def _not_held(node: Node, what: str, detail: str) -> Count:
    return Count(1, 0, (Finding(about=About.CHECK, what=f"expected file: {what}", tool=node.id, detail=detail),))


def _note(node: Node, note: str) -> Finding:
    return Finding(about=About.NOTE, what=f"expected file: {note}", tool=node.id)
