"""What one command line shares: its flags, the gallery it speaks to, and where its output goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from signal import Signals

    from openyx.client.gallery import Gallery


class Session:
    """Passed to every command. Data goes to standard output, everything said about it to standard error."""

    def __init__(self) -> None:
        self.json = False
        self.quiet = False
        self.profile = ""
        self.ended_by: Signals | None = None
        self._gallery: Gallery | None = None

    @property
    def gallery(self) -> Gallery:
        """The gallery of the profile, or of the environment; connected when it is first used."""
        if self._gallery is None:
            from openyx.client.gallery import Gallery

            self._gallery = Gallery(profile=self.profile) if self.profile else Gallery()
        return self._gallery

    @property
    def profile_meant(self) -> str:
        """The profile that is named: by the flag, else by the environment; empty where the default one counts."""
        from openyx import settings

        return self.profile or settings.PROFILE.value(os.environ)

    def close(self) -> None:
        """Let go of the gallery's connections."""
        if self._gallery is not None:
            self._gallery.close()
            self._gallery = None

    @property
    def interruption(self) -> str:
        """What interrupts the command, Ctrl-C or another signal, as it is told."""
        return f"ended by {self.ended_by.name}" if self.ended_by is not None else "interrupted"

    @property
    def can_ask(self) -> bool:
        """Whether a person sits there: it is asked on a terminal and nowhere else, and not when all ends."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.json and self.ended_by is None

    def say(self, text: str) -> None:
        """A line about what happens, for people."""
        if not (self.quiet or self.json):
            from openyx.cli.shell.output import clean

            click.echo(clean(text), err=True)

    def put(self, text: str) -> None:
        """A line of data."""
        click.echo(text)

    def show(self, records: Sequence[Any], heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A list: *records* as JSON when that was asked for, else *rows* under *heads*."""
        from openyx.cli.shell import output

        if self.json:
            output.put_json(list(records))
        else:
            output.put_table(heads, rows)

    def show_record(self, record: object) -> None:
        """One record as JSON."""
        from openyx.cli.shell import output

        output.put_json(record)

    def show_facts(self, facts: Sequence[tuple[str, object]]) -> None:
        """What is known of one thing, a line for each."""
        from openyx.cli.shell import output

        output.put_facts(facts)
