"""Names and values as the formula language writes them, for tools that are said in its words."""

from __future__ import annotations


def bracketed(name: str) -> str:
    """A field as an expression.

    >>> bracketed("A (1)] x")
    '[A (1)]] x]'
    """
    return "[" + name.replace("]", "]]") + "]"


def quoted(text: str) -> str:
    """A text as an expression; the language has no escapes, so a text with both quotes is put together.

    >>> quoted("it's")
    '"it\\'s"'
    """
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    return "(" + " + '\"' + ".join(f'"{part}"' for part in text.split('"')) + ")"
