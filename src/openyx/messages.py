"""What a run says: one table of message kinds for the engine, the gallery, the client and the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """The kinds of message as the vendor's engine numbers them in its callback."""

    INFO = 1
    WARNING = 2
    ERROR = 3
    FINISHED = 4
    CONVERSION_ERROR = 5
    CONVERSION_LIMIT = 6
    TRANSIENT = 7
    FILE_READ = 8
    FILE_WRITTEN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One line of a run's log.

    ``tool`` is the tool's number, -1 for the engine itself.
    """

    kind: Kind
    text: str
    tool: int = -1
