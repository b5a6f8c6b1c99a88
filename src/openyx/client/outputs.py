"""The files that a run made: saved, read whole, or as a table."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from openyx.api.calls import Flow, send
from openyx.api.declaring import Driver, M, flow
from openyx.api.v1.jobs import Jobs
from openyx.client import saving
from openyx.client.handles import Handle
from openyx.client.session import Session
from openyx.client.states import File
from openyx.errors import MissingExtra, OpenYXError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from openyx.formats import Table
    from openyx.formats.reading import Types

Progress = Callable[[int, int | None], object]
"""Told while a file comes: the bytes that are there, and how many there will be where the server says so."""


class Output(Handle[M]):
    """A file that a job made.

    ``name`` is the server's, as it came; :meth:`save` makes a safe one of it. ``formats`` lists what the server can
    turn it into; ``Raw`` is the file itself.
    """

    def __init__(self, driver: Driver, session: Session, file: File, *, job_id: str) -> None:
        super().__init__(driver, session)
        self.id = file.id
        self.name = file.name
        self.formats = file.formats
        self.job_id = job_id

    @flow
    def save(
        self,
        to: str | Path = ".",
        *,
        format: str | None = None,  # noqa: A002 - the API's own word
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Flow[Path]:
        """Save the file into a folder, or under a path; the path where it is now.

        A folder that is not there is made; what has an ending is the path of a file.
        The file is written beside its place and renamed when it is complete. A name that the server gave is made safe,
        and numbered where it is taken; a path of your own that is taken is an error unless *overwrite*.

        Raises ``Conflict`` for a taken path, ``AskedWrongly`` for a format that the output does not have and for a
        place where nothing can be written, ``DiskFull``, and ``BadAnswer`` for a file of another length than announced.
        """
        return (yield from self._save(Path(to), format, overwrite=overwrite, progress=progress))

    def _save(
        self,
        to: Path,
        format: str | None,  # noqa: A002 - the API's own word
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Flow[Path]:
        sink = saving.FileSink(to, self._name_as(format), overwrite=overwrite, progress=progress)
        with sink:
            call = Jobs.output.call(self.job_id, self.id, format=self._format(format), sink=sink)
            received = yield from send(call)
            return sink.keep(received)

    @flow
    def bytes(self, *, format: str | None = None) -> Flow[builtins.bytes]:  # noqa: A002 - the API's own word
        """The file's bytes, in one of its formats."""
        return (yield from self._bytes(format))

    @flow
    def to_polars(self, *, format: str | None = None, schema: Types | None = None) -> Flow[pl.DataFrame]:  # noqa: A002 - the API's own word
        """The file as a Polars frame; needs the extra ``[engine]``.

        The best format that the server offers is fetched: Yxdb keeps the types. CSV carries none, so that all columns
        are text unless *schema* says more: ``{"Price": "Double", "Since": "Date"}``, as :func:`openyx.read` takes it.
        """
        return (yield from self._table(format, schema)).to_polars()

    @flow
    def to_arrow(self, *, format: str | None = None, schema: Types | None = None) -> Flow[Any]:  # noqa: A002 - the API's own word
        """The file as a pyarrow table, which comes without types; needs the extra ``[engine]`` and pyarrow."""
        table: Any = yield from self._table(format, schema)
        return table.to_arrow()

    @flow
    def to_pandas(self, *, format: str | None = None, schema: Types | None = None) -> Flow[pd.DataFrame]:  # noqa: A002 - the API's own word
        """The file as a pandas frame; needs the extra ``[engine]`` and pandas."""
        return (yield from self._table(format, schema)).to_pandas()

    def _name_as(self, wanted: str | None) -> str:
        """The name that the file gets: in another format, with that format's ending."""
        chosen = self._format(wanted).lower()
        name = self.name or self.id
        path = PurePosixPath(name)
        if chosen == "raw" or path.suffix.lower() == f".{chosen}":
            return name
        return f"{path.stem if path.suffix else name}.{chosen}"

    def _bytes(self, wanted: str | None) -> Flow[builtins.bytes]:
        sink = saving.MemorySink()
        yield from send(Jobs.output.call(self.job_id, self.id, format=self._format(wanted), sink=sink))
        return sink.content

    def _table(self, wanted: str | None, schema: Types | None) -> Flow[Table]:
        try:
            from openyx.formats import read
            from openyx.formats.shelf import formats

            readable = [ending for each in formats() for ending in each.endings]
        except ImportError as error:
            raise MissingExtra("an output as a table", "engine") from error
        own = PurePosixPath(self.name).suffix.lower().lstrip(".")
        chosen = self._format(wanted or _best(self.formats, own, readable))
        content = yield from self._bytes(chosen)
        return read(content, format=own if chosen.lower() == "raw" else chosen.lower(), schema=schema)

    def _format(self, wanted: str | None) -> str:
        return saving.format_of(wanted, self.formats, self.name)

    def __repr__(self) -> str:
        return f"<Output {self.name!r} of job {self.job_id}>"


@contextmanager
def kept_by(job_id: str) -> Generator[None]:
    """Around the saving of a job's files: what goes wrong says which job keeps them, and how they are fetched."""
    try:
        yield
    except OpenYXError as problem:
        there = f"the job {job_id} is over and has its files: yx jobs download {job_id}"
        problem.hint = "; ".join(part for part in (problem.hint, there) if part)
        raise


def _best(offered: Sequence[str], own: str, readable: Sequence[str]) -> str:
    """The format that keeps most of what this package can read: Yxdb has types, the file as it is nothing lost."""
    wanted = [each for each in offered if each.lower() == "yxdb" and "yxdb" in readable]
    if wanted or own in readable:
        return wanted[0] if wanted else "Raw"
    return next((each for each in offered if each.lower() in readable), "Raw")
