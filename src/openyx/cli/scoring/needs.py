"""What a workflow needs: tools, formats and functions that are supported, files and macros that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from openyx.cli.scoring.flow import Flow, tool_of
from openyx.document import Node, config, read
from openyx.engine import Mirror
from openyx.engine.check import check
from openyx.engine.places import Places, selector
from openyx.errors import DocumentError, NotHere, WorkflowError

_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What is ``missing`` is not supported; ``absent``, by the tool, is an input or a macro that is not there."""

    missing: tuple[str, ...]
    absent: Mapping[int, str]


def libraries(path: Path, root: Path) -> tuple[Path, ...]:
    """Where macros are looked for by their name: in the file's group, then everywhere."""
    first = path.relative_to(root).parts[0]
    return (root / first, root) if (root / first).is_dir() else (root,)


def needs(flow: Flow, mirror: Mirror, shelves: tuple[Path, ...], macros: Mapping[int, Path]) -> Needs:
    """What a document needs and has not. *macros* are the files of its calls, as far as they were found."""
    absent = dict(_absent(flow, mirror, macros))
    found = check(flow.document, mirror=mirror, macros=shelves)
    missing = tuple(error.message for error in found.missing if not _mentions(error.message, absent.values()))
    return Needs(missing=missing, absent=absent)


def _mentions(text: str, absent: Iterable[str]) -> bool:
    return any(each in text for each in absent)


def _absent(flow: Flow, mirror: Mirror, macros: Mapping[int, Path]) -> Iterator[tuple[int, str]]:
    folder = flow.document.folder or mirror.of
    places = Places(source=folder, target=folder, temporary=mirror.at, mirror=mirror)
    for node in flow.nodes:
        if tool_of(node) is not None:
            yield from ((node.id, what) for what in _absent_files(node, flow, places))
        elif not node.plugin and node.macro and not _is_readable(macros.get(node.id)):
            yield node.id, PureWindowsPath(node.macro).name


def _is_readable(macro: Path | None) -> bool:
    """Whether a macro is there, and not locked."""
    if macro is None:
        return False
    try:
        read(macro)
    except DocumentError:
        return False
    return True


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
        files = places.inputs(selector(wanted.path)[0], below=wanted.below)
    except WorkflowError:
        yield wanted.path
    else:
        yield from (f"{wanted.path} (only a pointer to it)" for _ in filter(_is_pointer, files[:1]))


def _is_pointer(file: Path) -> bool:
    """Whether a repository keeps the file elsewhere, and only says so here."""
    with file.open("rb") as content:
        return content.read(len(_POINTER)) == _POINTER
