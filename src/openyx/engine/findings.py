"""What is found of each tool while a workflow is checked, and how it becomes a row of the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from openyx.engine import messages
from openyx.engine.report import Row
from openyx.errors import FormulaError, Missing, OpenYXError

_FUNCTION = "the formula function "
_UNKNOWN_FUNCTION = 'Unknown function "'


@dataclass(slots=True)
class Findings:
    """What is known of one tool so far, each thing once.

    ``called`` is how a tool inside a macro is told of; ``files`` are those that are not there, with the reason.
    """

    called: str = ""
    missing: dict[str, Missing] = field(default_factory=dict[str, Missing])
    wrong: dict[str, OpenYXError] = field(default_factory=dict[str, OpenYXError])
    unreadable: dict[str, FormulaError] = field(default_factory=dict[str, FormulaError])
    approximate: dict[str, None] = field(default_factory=dict[str, None])
    files: dict[str, str] = field(default_factory=dict[str, str])
    unread: dict[str, None] = field(default_factory=dict[str, None])
    remarks: dict[str, None] = field(default_factory=dict[str, None])

    def blame(self, error: OpenYXError, *, doubtful: bool = False) -> None:
        """Keep an error: something missing, or something wrong; a *doubtful* one is a remark."""
        if isinstance(error, Missing):
            self.missing[error.message] = error
        elif doubtful:
            self.remarks[f"by the fields that the file remembers: {_said(error)}"] = None
        else:
            self.wrong[_said(error)] = error

    def say(self, text: str) -> None:
        """Keep what was said: settings that were left aside, or a remark."""
        unread = messages.left_aside(text)
        (self.unread if unread else self.remarks).update(dict.fromkeys(unread or (text,)))

    @property
    def mistakes(self) -> Iterable[str]:
        """What is wrong.

        An expression that does not parse is told as its tool says it, where it came so far; a function that is missing
        is not told as a mistake, too.
        """
        lacks_function = any(each.detail.startswith(_FUNCTION) for each in self.missing.values())
        found = [text for text in self.wrong if not (lacks_function and _UNKNOWN_FUNCTION in text)]
        told = any(isinstance(each, FormulaError) for each in self.wrong.values())
        return found if told else [*found, *self.unreadable]


def row(parts: Iterable[Findings], number: int, name: str, *, title: str, idle: str) -> Row:
    """The row of a tool, and of all that are inside it where it is a macro."""
    found = list(parts)
    files = {file: why for each in found for file, why in each.files.items()}
    return Row(
        number=number,
        name=name,
        title=title,
        idle=idle,
        missing=tuple({text: error for each in found for text, error in each.missing.items()}.values()),
        wrong=_joined((each, each.mistakes) for each in found),
        approximate=_joined((each, each.approximate) for each in found),
        files=tuple(files),
        refused=tuple(files.values()),
        unread=_joined((each, each.unread) for each in found),
        remarks=_joined((each, each.remarks) for each in found),
    )


def _joined(parts: Iterable[tuple[Findings, Iterable[str]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{each.called}{text}" for each, texts in parts for text in texts))


def _said(error: OpenYXError) -> str:
    return f"{error.message} ({error.hint})" if error.hint and error.hint not in error.message else error.message
