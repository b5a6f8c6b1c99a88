"""Writing together: what several want written at the same time is one transaction, so that its sync is shared."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any, TypeVar

from openyx.store.database import Database, Outcome

T = TypeVar("T")

Writing = Generator[Callable[[], Any], Any, T]
"""Something that is done bit by bit: it gives what it wants written, and is sent what came of it once that is on disk.

What could not be written is raised in it. What it does between is done outside of any transaction.
"""


def written(database: Database, writings: Sequence[Writing[T]]) -> list[Outcome[T]]:
    """What each of the *writings* comes to; what they want written at the same time is written together."""
    ended: dict[int, Outcome[T]] = {}
    steps = {place: partial(next, writing) for place, writing in enumerate(writings)}
    while steps:
        wanted: dict[int, Callable[[], Any]] = {}
        with database.one_moment():
            for place, step in steps.items():
                try:
                    wanted[place] = step()
                except StopIteration as end:
                    ended[place] = Outcome(result=end.value)
                except Exception as error:  # noqa: BLE001 - it is raised where it belongs: for the one who wants it
                    ended[place] = Outcome.failed(error)
        outcomes = database.together(list(wanted.values())) if wanted else []
        steps = {
            place: partial(_go_on, writings[place], outcome) for place, outcome in zip(wanted, outcomes, strict=True)
        }
    return [ended[place] for place in range(len(writings))]


def _go_on(writing: Writing[Any], outcome: Outcome[Any]) -> Callable[[], Any]:
    if outcome.error is None:
        return writing.send(outcome.result)
    return writing.throw(outcome.fresh(outcome.error))
