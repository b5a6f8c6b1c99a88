"""The questions of an app, and its answers: checked, and put into the text that the API takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec import UNSET, UnsetType

from openyx.api.v1.workflows import QuestionView
from openyx.api.v3.workflows import WorkflowQuestionView

Answer = str | bool | int | float | date | Sequence[str] | None
"""What a question takes; nothing (``None``) leaves its default."""

Answers = Mapping[str, Answer]

QuestionRecord = QuestionView | WorkflowQuestionView


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several: ``label`` is shown, ``value`` is sent."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of an app.

    ``kind`` is the interface element without the API's ``Question`` in front: ``TextBox``, ``NumericUpDown``, ``Date``,
    ``ListBox`` (a drop-down too), ``BooleanGroup``, ``RadioGroup``, ``FileBrowse``, ``FolderBrowse``, ``Tree``,
    ``Map``. ``label`` is what the user reads. ``default`` is the text that stands when nothing is answered.
    """

    name: str
    kind: str
    label: str = ""
    default: str | None = None
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    record: QuestionRecord


def question(record: QuestionRecord) -> Question:
    """The question that *record* tells; ``multiple`` comes as a boolean or as a text."""
    kind = record.type if isinstance(record, QuestionView) else record.question_type
    return Question(
        name=record.name or "",
        kind=(kind or "").removeprefix("Question"),
        label=_known(record.description) or "",
        default=_known(record.value),
        choices=tuple(
            Choice(label=each.key or each.value or "", value=each.value if each.value is not None else each.key or "")
            for each in (() if isinstance(record.items, UnsetType) else record.items or ())
        ),
        multiple=str(_known(record.multiple)).lower() == "true",
        record=record,
    )


def _known(value: str | float | bool | UnsetType | None) -> str | None:
    return None if value is None or value is UNSET else str(value)
