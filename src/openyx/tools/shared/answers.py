"""What the call of a macro that is really a tool answers to the macro's questions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openyx.document.config import attribute, block, text
from openyx.errors import WorkflowError

_QUOTED = re.compile(r'"(.*?)"(?:,|$)', re.DOTALL)
_CHOICE = re.compile(r"(.*?)=(True|False)(?:,|$)", re.DOTALL)


@block
class Answer:
    """An answer, by the name of its question."""

    name: str = attribute("@name", default="")
    text: str = text("", default="")


def answer(given: Iterable[Answer], name: str) -> str:
    """The text of the answer to a question; empty for none."""
    return next((each.text.strip() for each in given if each.name == name), "")


def listed(answer: str) -> list[str]:
    """The fields that a list box has chosen, in any of the ways in which it says so.

    >>> listed('"a, b","c"'), listed("a=True,b=False,c=True"), listed("a, b")
    (['a, b', 'c'], ['a', 'c'], ['a', 'b'])

    Raises ``WorkflowError`` for quotes that do not end.
    """
    written = answer.strip()
    if written.startswith('"'):
        if _QUOTED.sub("", written):
            raise WorkflowError(f"{written!r:.200} is no list of fields in quotes")
        return _QUOTED.findall(written)
    if _CHOICE.sub("", written):
        return [name.strip() for name in written.split(",") if name.strip()]
    return [name for name, chosen in _CHOICE.findall(written) if chosen == "True"]
