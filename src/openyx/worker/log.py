"""The worker's log: events with fields, as JSON lines where nobody looks, as words on a terminal."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

log = logging.getLogger("openyx.worker")

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Lines(logging.Formatter):
    """One event per line."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The event, its time and its fields."""
        fields = {name: value for name, value in vars(record).items() if name not in _USUAL}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = record.getMessage()
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        if self._as_json:
            everything = {"at": at, "level": record.levelname.lower(), "event": event, **fields}
            return json.dumps(everything, default=str, ensure_ascii=False)
        return " ".join([at, event, *(f"{name}={value}" for name, value in fields.items())])


def log_to_stderr() -> None:
    """Write the log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(as_json=not sys.stderr.isatty()))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
