"""Log events: a name and fields, as lines for people or as JSON for machines."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

import msgspec


class Events:
    """Tells what happens: ``events.info("job queued", job=job.id)``."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **fields: object) -> None:
        """Something happened."""
        self._tell(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Something happened that somebody may want to look at."""
        self._tell(logging.WARNING, event, fields)

    def failure(self, event: str, error: BaseException, **fields: object) -> None:
        """Something broke; the log, and only the log, has where."""
        self._tell(logging.ERROR, event, fields, error)

    def _tell(self, level: int, event: str, fields: dict[str, object], error: BaseException | None = None) -> None:
        if not self._logger.isEnabledFor(level):
            return
        # Made by itself: the logger would look for the line of code, which nobody is told.
        trace = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(self._logger.name, level, "", 0, event, (), trace)
        record.fields = fields
        self._logger.handle(record)


class JsonLines(logging.Formatter):
    """One JSON object in a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **_fields(record)}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(event, enc_hook=str).decode()


class Lines(logging.Formatter):
    """One line for people: the time, the event, its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as a line."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{at} {record.getMessage()}{fields}{trace}"


def show_logs(stream: TextIO | None = None, *, json: bool | None = None, level: int = logging.INFO) -> None:
    """Write the events of all parts to a stream: as JSON unless it is a terminal.

    The warnings of other libraries, which nobody else handles, look the same.
    """
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines() if (not out.isatty() if json is None else json) else Lines())
    logger = logging.getLogger("openyx")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
    logging.lastResort = handler


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return dict(getattr(record, "fields", {}))
