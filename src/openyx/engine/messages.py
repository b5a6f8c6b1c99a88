"""What the engine says, in the product's words as far as they are known; nothing may depend on the wording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from openyx.errors import OpenYXError
from openyx.messages import Kind, Message
from openyx.relation.tally import Faulted

_UNREAD = "Settings that are not understood are left aside: "


def finished(name: str, seconds: float, messages: Iterable[Message]) -> Message:
    """The last line of a run, with what went wrong in it."""
    kinds = [message.kind for message in messages]
    counts = [
        (kinds.count(Kind.ERROR), "error"),
        (kinds.count(Kind.WARNING), "warning"),
        (kinds.count(Kind.CONVERSION_ERROR), "conversion error"),
    ]
    found = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    trouble = f" with {_joined(found)}" if found else ""
    return Message(kind=Kind.INFO, text=f"Finished running {name} in {seconds:.1f} seconds{trouble}")


def read(tool: int, records: int, paths: Sequence[Path]) -> Message:
    """Files were read."""
    files = ", ".join(f'"{path}"' for path in paths)
    return Message(kind=Kind.FILE_READ, text=f"{records} records were read from {files}", tool=tool)


def written(tool: int, records: int, path: Path) -> Message:
    """A file was written."""
    return Message(kind=Kind.FILE_WRITTEN, text=f'{records} records were written to "{path}"', tool=tool)


def not_written(tool: int, path: Path) -> Message:
    """A file was not written, because the run did not end well."""
    return Message(kind=Kind.WARNING, text=f'"{path}" was not written: the run was stopped by an error', tool=tool)


def browsed(tool: int, records: int) -> Message:
    """A Browse has its records."""
    return Message(kind=Kind.INFO, text=f"{records} records", tool=tool)


def unread(tool: int, paths: Sequence[str]) -> Message:
    """Settings that a tool carries and that nobody understood."""
    return Message(kind=Kind.WARNING, text=f"{_UNREAD}{', '.join(paths)}", tool=tool)


def left_aside(text: str) -> tuple[str, ...]:
    """The settings that an ``unread`` message tells of; none for another message."""
    return tuple(text.removeprefix(_UNREAD).split(", ")) if text.startswith(_UNREAD) else ()


def events(name: str) -> Message:
    """Events are not acted upon."""
    return Message(kind=Kind.WARNING, text=f"The events of {name} (commands and mails around a run) are left aside")


def warning(tool: int, text: str) -> Message:
    """Something strange about a file."""
    return Message(kind=Kind.WARNING, text=text, tool=tool)


def failed(error: OpenYXError, tool: int = -1) -> Message:
    """An error of the workflow or its data, as the tool's message."""
    hint = f" ({error.hint})" if error.hint and error.hint not in error.message else ""
    own = getattr(error, "tool", None)
    return Message(kind=Kind.ERROR, text=f"{error.message}{hint}", tool=tool if own is None else own)


def conversion_errors(faulted: Faulted, *, limit: int, stops: bool) -> Iterator[Message]:
    """The conversion errors of one field: the first ones, then that there are more."""
    field = f"{faulted.field}: " if faulted.field else ""
    for _, text in faulted.first[:limit]:
        yield Message(kind=Kind.CONVERSION_ERROR, text=f"{field}{text}", tool=faulted.tool)
    if faulted.count >= limit:
        kind = Kind.ERROR if stops else Kind.CONVERSION_LIMIT
        yield Message(kind=kind, text=f"{field}Field Conversion Error Limit Reached", tool=faulted.tool)


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
