"""What the demo does and tells: as a client, over HTTP, once for each kind of authentication."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.shell.colours import coloured
from openyx.cli.shell.durations import spoken
from openyx.cli.shell.following import state_of
from openyx.cli.shell.output import clean, put_table
from openyx.cli.shell.watching import Silence, watch

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.cli.shell.session import Session
    from openyx.client.gallery import Auth, Gallery
    from openyx.client.jobs import Job

APP = "Price list"
ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One way in, and what is asked of the app."""

    auth: Auth
    title: str
    answers: Mapping[str, str]


ACTS = (
    Act(
        auth="oauth1",
        title="OAuth 1.0a, as Servers up to 2021.4 speak it: /gallery/api",
        answers={
            "Customer": "Café Zoë",
            "Currency": "USD",
            "Valid from": "2026-07-01",
            "Discount": "12.5",
            "With tax": "True",
        },
    ),
    Act(
        auth="oauth2",
        title="OAuth 2, as Servers speak it since: /webapi",
        answers={
            "Customer": "Harbour Hotel",
            "Currency": "GBP",
            "Valid from": "2026-09-15",
            "Discount": "5",
            "With tax": "False",
        },
    ),
)


class Story:
    """Tells what happens, step by step; silent where JSON was asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._silent = session.json or session.quiet

    def title(self, text: str) -> None:
        """The head of a part."""
        if not self._silent:
            click.echo(f"\n{coloured(text, bold=True)}")

    def step(self, word: str, text: str) -> None:
        """What was done, in a word, and what came of it."""
        if not self._silent:
            click.echo(f"  {coloured(f'{word:<9}', 'cyan')} {clean(text)}")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Some records."""
        if not self._silent:
            click.echo()
            put_table(heads, rows)
            click.echo()

    def say(self, text: str = "") -> None:
        """A line."""
        if not self._silent:
            click.echo(text)


def play(session: Session, story: Story, gallery: Gallery, act: Act, folder: Path) -> dict[str, object]:
    """List, find by name, answer, start, follow, fetch; the entry of the run."""
    begun = time.monotonic()
    story.title(act.title)
    story.step("list", ", ".join(workflow.name for workflow in gallery.workflows.list()))
    workflow = gallery.workflows.find(APP)
    story.step("find", f"{workflow.name!r} is {workflow.id}")
    for question in workflow.questions:
        label = question.label if question.label.endswith("?") else f"{question.label}:"
        story.step("answer", f"{label} {act.answers[question.name]}")
    job = workflow.start(act.answers)
    story.step("start", f"job {job.id}")
    _follow(session, story, job)
    file = job.outputs[0]
    heads, *rows = csv.reader(StringIO(file.bytes().decode("utf-8-sig")))
    story.table(heads, rows[:ROWS])
    (folder / act.auth).mkdir(parents=True)
    saved = file.save(folder / act.auth)
    story.step("saved", str(saved))
    return {
        "auth": act.auth,
        "name": workflow.name,
        "workflowId": workflow.id,
        "jobId": job.id,
        "status": job.status,
        "disposition": job.disposition,
        "rows": len(rows),
        "output": str(saved),
        "seconds": round(time.monotonic() - begun, 3),
    }


def _follow(session: Session, story: Story, job: Job[Sync]) -> None:
    """Wait with a live line on a terminal; the states that were seen, and the time, become one step."""
    begun = time.monotonic()
    seen: list[str] = []

    def update(job: Job[Sync]) -> None:
        shown.state(state_of(job))
        if state_of(job) not in seen:
            seen.append(state_of(job))

    with watch(session, APP) if sys.stderr.isatty() else Silence() as shown:
        job.wait(timeout=120, on_update=update)
    story.step("run", f"{' → '.join(seen)}, in {spoken(time.monotonic() - begun)}")
