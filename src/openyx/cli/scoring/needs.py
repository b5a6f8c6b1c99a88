"""What a workflow needs: tools, formats and functions that are supported, files and macros that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from openyx.cli.scoring.flow import Flow, tool_of
from openyx.document import Node, config
from openyx.engine import Mirror
from openyx.engine.check import check
from openyx.engine.places import Places, selector
from openyx.errors import DocumentError, NotHere, WorkflowError


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What is ``missing`` is not supported; what is ``absent`` is an input or a macro that does not lie there."""

    missing: tuple[str, ...]
    absent: tuple[str, ...]


def libraries(path: Path, root: Path) -> tuple[Path, ...]:
    """Where macros are looked for by their name: in the file's group, then everywhere."""
    first = path.relative_to(root).parts[0]
    return (root / first, root) if (root / first).is_dir() else (root,)


def needs(flow: Flow, mirror: Mirror, shelves: tuple[Path, ...], macros: Mapping[int, Path]) -> Needs:
    """What a document needs and has not. *macros* are the files of its calls, as far as they were found."""
    absent = tuple(dict.fromkeys(_absent(flow, mirror, macros)))
    found = check(flow.document, anywhere=True, macros=shelves)
    missing = (error.message for error in found.missing)
    return Needs(missing=tuple(text for text in missing if not mentions(text, absent)), absent=absent)


def mentions(text: str, absent: tuple[str, ...]) -> bool:
    """Whether a message is about something that is not there."""
    return any(each in text for each in absent)


def _absent(flow: Flow, mirror: Mirror, macros: Mapping[int, Path]) -> Iterator[str]:
    folder = flow.document.folder or mirror.of
    places = Places(source=folder, target=folder, temporary=mirror.at, mirror=mirror)
    for node in flow.nodes:
        if tool_of(node) is not None:
            yield from _absent_files(node, flow, places)
        elif not node.plugin and node.macro and node.id not in macros:
            yield PureWindowsPath(node.macro).name


def _absent_files(node: Node, flow: Flow, places: Places) -> Iterator[str]:
    kind = tool_of(node)
    assert kind is not None
    try:
        tool, _ = config.read(kind, node.configuration, place=flow.document.name)
        wanted = tool.reads()
    except NotHere as error:
        yield error.detail
        return
    except (DocumentError, WorkflowError):
        return
    if wanted is None or "%" in wanted.path:
        return
    try:
        places.inputs(selector(wanted.path)[0], below=wanted.below)
    except WorkflowError:
        yield wanted.path
