"""OpenYX: start Alteryx workflows by name on any Server, or run them on a gallery of your own.

    from openyx import Gallery

    with Gallery("https://alteryx.example.com/gallery/", key, secret) as gallery:
        job = gallery.run("Monthly Load", {"Region": "East"})
        job.outputs[0].save("reports")

What stands in ``__all__`` is promised; nothing else is. A name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openyx.client.gallery import AsyncGallery, Gallery
    from openyx.client.jobs import Job
    from openyx.client.outputs import Output
    from openyx.client.questions import Choice, Question
    from openyx.client.workflows import Workflow
    from openyx.engine import run_workflow
    from openyx.errors import (
        Ambiguous,
        AnswerError,
        AskedWrongly,
        BadAnswer,
        BadRequest,
        Conflict,
        DocumentError,
        FormulaError,
        InDoubt,
        JobCancelled,
        JobFailed,
        MissingExtra,
        NotAllowed,
        NotFound,
        NotHere,
        NotLetIn,
        NotYet,
        OpenYXError,
        ServerError,
        TimedOut,
        TooMany,
        Unknown,
        Unreachable,
        WorkflowError,
    )
    from openyx.formats import read
    from openyx.messages import Message

_ERRORS = (
    "Ambiguous",
    "AnswerError",
    "AskedWrongly",
    "BadAnswer",
    "BadRequest",
    "Conflict",
    "DocumentError",
    "FormulaError",
    "InDoubt",
    "JobCancelled",
    "JobFailed",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "NotHere",
    "NotLetIn",
    "NotYet",
    "OpenYXError",
    "ServerError",
    "TimedOut",
    "TooMany",
    "Unknown",
    "Unreachable",
    "WorkflowError",
)
_HOMES = {
    "AsyncGallery": "openyx.client.gallery",
    "Choice": "openyx.client.questions",
    "Gallery": "openyx.client.gallery",
    "Job": "openyx.client.jobs",
    "Message": "openyx.messages",
    "Output": "openyx.client.outputs",
    "Question": "openyx.client.questions",
    "Workflow": "openyx.client.workflows",
    "read": "openyx.formats",
    "run_workflow": "openyx.engine",
    **dict.fromkeys(_ERRORS, "openyx.errors"),
}

__all__ = [  # noqa: RUF022 - what is used most stands first
    "Gallery",
    "AsyncGallery",
    "Workflow",
    "Job",
    "Output",
    "Question",
    "Choice",
    "Message",
    "run_workflow",
    "read",
    "Ambiguous",
    "AnswerError",
    "AskedWrongly",
    "BadAnswer",
    "BadRequest",
    "Conflict",
    "DocumentError",
    "FormulaError",
    "InDoubt",
    "JobCancelled",
    "JobFailed",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "NotHere",
    "NotLetIn",
    "NotYet",
    "OpenYXError",
    "ServerError",
    "TimedOut",
    "TooMany",
    "Unknown",
    "Unreachable",
    "WorkflowError",
]


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            value = getattr(importlib.import_module(home), name)
        except ModuleNotFoundError as error:
            if error.name not in ("polars", "regex"):
                raise
            from openyx.errors import MissingExtra

            raise MissingExtra(f"openyx.{name}", "engine") from error
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
