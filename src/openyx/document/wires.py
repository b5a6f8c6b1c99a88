"""What questions tell actions and tools over their lines on the canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from openyx.document.model import Document
from openyx.document.questions import names


@dataclass(frozen=True, slots=True)
class Wires:
    """The answers to a document's questions, and how its tools call them."""

    document: Document
    answers: Mapping[str, str]
    questions: Mapping[int, str]

    @classmethod
    def of(cls, document: Document, answers: Mapping[str, str]) -> Wires:
        """The wires of a document; *answers* are texts by the names of its questions."""
        return cls(document, answers, names(document.root))

    def into(self, tool: int) -> dict[str, str]:
        """The questions that are wired into a tool, by what the tool calls them: ``#1``, ``#2``, … or a word."""
        lines = [line for line in self.document.into(tool) if line.is_wiring and line.origin in self.questions]
        taken = {line.name for line in lines}
        free = (name for name in map("#{}".format, count(1)) if name not in taken)
        return {line.name or next(free): self.questions[line.origin] for line in lines}

    def values(self, tool: int) -> dict[str, str]:
        """All answers by the question's name, and those wired into a tool by what it calls them; empty for none."""
        answers = {name: self.answers.get(name, "") for name in self.questions.values()}
        wired = {called: self.answers.get(question, "") for called, question in self.into(tool).items()}
        return answers | dict(self.answers) | wired

    def answer(self, tool: int, variable: str) -> str | None:
        """The answer that a tool takes as it is: that of *variable*, else of its first wire; nothing for none."""
        into = self.into(tool)
        known = variable in self.questions.values() or variable in self.answers
        question = into.get(variable) or (variable if known else next(iter(into.values()), ""))
        return self.answers.get(question)
