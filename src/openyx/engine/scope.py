"""Where a workflow or macro stands in a run: its folder, and what its settings and expressions may name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openyx.document import Document
from openyx.document import constants as constants_of
from openyx.document.wires import Wires
from openyx.errors import DocumentError
from openyx.formula import Constant
from openyx.tools.files import shown

ENGINE_VERSION = "2021.4"
"""The version that ``[Engine.Version]`` tells: the age of the product whose results are reproduced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is known in one document of a run.

    ``folder`` is where its relative paths start, ``values`` are put in for ``%name%`` in its settings, ``constants``
    are for its expressions, ``version`` is the product's that wrote it, empty where it does not say.
    """

    folder: Path | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, Constant] = field(default_factory=dict[str, Constant])
    version: tuple[int, ...] = ()

    @classmethod
    def of(cls, document: Document, *, folder: Path, temporary: Path) -> Scope:
        """The scope of a document that lies in *folder*; *temporary* is the run's own folder."""
        engine = engine_values(document.name, folder, temporary)
        short = {"temp": engine["TempFilePath"], "tmp": engine["TempFilePath"]}
        return cls(
            folder=folder,
            values=constants_of(document, engine) | short,
            constants=_constants(document, engine),
            version=_version(document.version),
        )


def engine_values(name: str, folder: Path, temporary: Path) -> dict[str, str]:
    """Folders end with a separator. ``ModuleDirectory`` is the older name of ``WorkflowDirectory``."""
    here = shown(folder) + "\\"
    return {
        "TempFilePath": shown(temporary) + "\\",
        "ModuleDirectory": here,
        "WorkflowDirectory": here,
        "WorkflowFileName": name,
        "Version": ENGINE_VERSION,
        "IterationNumber": "0",
        "GuiInteraction": "False",
    }


def wired(document: Document, scope: Scope, tool: int) -> dict[str, Constant]:
    """The questions that are wired into a tool which takes records: constants of its expressions, ``[#1]``."""
    into = Wires.of(document, {}).into(tool)
    known = {name: scope.constants.get(f"Question.{question}") for name, question in into.items()}
    return {name: value for name, value in known.items() if value is not None}


def _constants(document: Document, engine: Mapping[str, str]) -> dict[str, Constant]:
    found: dict[str, Constant] = {f"Engine.{name}": value for name, value in engine.items()}
    found["Engine.IterationNumber"] = 0
    found["Engine.GuiInteraction"] = False
    for constant in document.constants:
        value: Constant = constant.value
        name = f"{constant.namespace}.{constant.name}"
        if constant.is_number and not constant.value.strip():
            continue  # a question without an answer: an error where it is used, and only there
        if constant.is_number:
            try:
                value = float(constant.value)
            except ValueError as error:
                raise DocumentError(
                    f"the constant {name} is no number: {constant.value!r}", place=document.name
                ) from error
        found[name] = value
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("."))) if re.fullmatch(r"\d{1,9}(\.\d{1,9})*", text, re.ASCII) else ()
