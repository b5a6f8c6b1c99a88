"""The one door to a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from openyx.document import Answer, Document
from openyx.engine.result import Result
from openyx.messages import Message
from openyx.relation import Anchor, Relation

BROWSE_LIMIT = 10_000


def run_workflow(
    workflow: Path | str | Document,
    *,
    inputs: Mapping[int | str, Relation] | None = None,
    answers: Mapping[str, Answer] | None = None,
    folder: Path | None = None,
    anywhere: bool = False,
    keep: Iterable[Anchor] = (),
    browse_limit: int | None = BROWSE_LIMIT,
    on_message: Callable[[Message], None] | None = None,
    on_progress: Callable[[Anchor, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Run a workflow file and tell how it ended.

    *inputs* replace the records of input tools, by number or name. *answers* are those to an app's questions. Relative
    output paths start in *folder* (else where the workflow lies). Only with *anywhere* may files outside the
    workflow's folder and *folder* be read and written. *keep* names anchors whose records are wanted,
    *browse_limit* how many records a Browse keeps.

    *on_message* is told each message as it comes, *on_progress* an anchor and its records so far (from several
    threads); *cancelled* is asked now and then.

    What goes wrong in the workflow is a message and a result that is not ok: a missing tool, a field that does not
    exist, a file that cannot be read. Raises ``DocumentError`` for a file that is no workflow, ``AnswerError`` for
    answers that do not fit, ``JobCancelled``.
    """
    raise NotImplementedError
