"""Settings in which a line break or a tab is written with a backslash."""

from __future__ import annotations

_ESCAPES = {"\\r": "\r", "\\n": "\n", "\\t": "\t"}


def unescaped(text: str) -> str:
    r"""What a separator means.

    >>> unescaped(r"a\r\nb\t")
    'a\r\nb\t'
    """
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text
