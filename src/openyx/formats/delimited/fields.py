"""From a line to its values."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from openyx.formats.csv import Quotes

Values = list[str | None]


class Splitter:
    """Splits lines at a delimiter, but not inside quotes; an empty value without quotes is null.

    >>> Splitter(",", Quotes.DOUBLE).values('a,,"","b ""c"", d"e')
    ['a', None, '', 'b "c", de']
    """

    def __init__(self, delimiter: str, quotes: Quotes) -> None:
        self.delimiter = delimiter
        self.quote = quotes.value
        plain = f"[^{re.escape(delimiter)}]*" if delimiter else ".*"
        end = f"{re.escape(delimiter)}|\\Z" if delimiter else "\\Z"
        quote = re.escape(self.quote)
        self._value = re.compile(
            f"(?:{quote}(?P<quoted>[^{quote}]*(?:{quote}{quote}[^{quote}]*)*)(?:{quote}(?P<after>{plain})|\\Z)|(?P<plain>{plain}))"
            f"(?P<end>{end})"
            if quote
            else f"(?P<plain>{plain})(?P<end>{end})",
            re.DOTALL,
        )

    def values(self, line: str) -> Values:
        """The values of a line."""
        if not self.quote or self.quote not in line:
            parts = line.split(self.delimiter) if self.delimiter else [line]
            return [part or None for part in parts]
        return list(self._read(line))

    def is_open(self, line: str) -> bool:
        """Whether *line* ends inside quotes."""
        if not self.quote or self.quote not in line:
            return False
        (last,) = deque(self._matches(line), maxlen=1)
        return last["quoted"] is not None and last["after"] is None

    def closes(self, line: str) -> bool:
        """Whether a record ends on *line*, which begins inside quotes."""
        return self.quote in line and not self.is_open(self.quote + line)

    def _read(self, line: str) -> Iterator[str | None]:
        for found in self._matches(line):
            if found["quoted"] is None:
                yield found["plain"] or None
            else:
                yield found["quoted"].replace(self.quote * 2, self.quote) + (found["after"] or "")

    def _matches(self, line: str) -> Iterator[re.Match[str]]:
        position = 0
        while found := self._value.match(line, position):
            yield found
            if not found["end"]:
                return
            position = found.end()
