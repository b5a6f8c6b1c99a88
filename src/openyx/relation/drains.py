"""Where the records of a run go: into memory, to a writer, or aside for a later part of the run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.table import Table
from openyx.relation.types import native_schema

if TYPE_CHECKING:
    from openyx.relation.run import Keep, Write
    from openyx.relation.tally import Tally

HELD_IN_MEMORY = 64 * 1024 * 1024
"""Bytes of records that are held in memory; more go to the disk."""


class Keeping:
    """Keeps the first records of a relation and counts all."""

    def __init__(self, sink: Keep, tally: Tally) -> None:
        self._schema = sink.relation.schema
        self._limit = sink.limit
        self._tally = tally
        self._batches: list[pl.DataFrame] = []
        self._kept = self._records = 0

    @property
    def only_counts(self) -> bool:
        """Whether it takes no field of a record."""
        return self._limit == 0

    def take(self, batch: pl.DataFrame) -> None:
        self._tally.check()
        self._records += batch.height
        wanted = batch if self._limit is None else batch.head(self._limit - self._kept)
        if wanted.height and self._schema.names:
            self._batches.append(wanted)
            self._kept += wanted.height

    def finish(self) -> Table:
        empty = pl.DataFrame(schema=native_schema(self._schema))
        return Table(self._schema, pl.concat([empty, *self._batches], rechunk=True), self._records)

    def abort(self) -> None:
        self._batches.clear()


class Writing:
    """Hands the records of a relation to a writer; none after the run was given up."""

    only_counts = False

    def __init__(self, sink: Write, tally: Tally) -> None:
        self._writer = sink.writer
        self._tally = tally
        self._records = 0
        self._over = False
        self._lock = Lock()

    def take(self, batch: pl.DataFrame) -> None:
        self._tally.check()
        with self._lock:
            if not self._over:
                self._writer.write(batch)
                self._records += batch.height

    def finish(self) -> int:
        self._writer.close()
        self._over = True
        return self._records

    def abort(self) -> None:
        with self._lock:
            if not self._over:
                self._over = True
                self._writer.abort()


class Holding:
    """Holds records for later parts of a run: few in memory, many in files of *folder*."""

    only_counts = False

    def __init__(self, schema: Mapping[str, pl.DataType], folder: Path, tally: Tally) -> None:
        self._schema = schema
        self._folder = folder
        self._tally = tally
        self._batches: list[pl.DataFrame] = []
        self._bytes = 0
        self._files: list[Path] = []

    def take(self, batch: pl.DataFrame) -> None:
        self._tally.check()
        self._batches.append(batch)
        self._bytes += int(batch.estimated_size())
        if self._bytes > HELD_IN_MEMORY:
            self._spill()

    def finish(self) -> Flow:
        if not self._files:
            return Flow(pl.concat([pl.DataFrame(schema=self._schema), *self._batches], rechunk=True).lazy())
        if self._batches:
            self._spill()
        return Flow(pl.scan_parquet(self._files, glob=False))

    def abort(self) -> None:
        self._batches.clear()

    def _spill(self) -> None:
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{len(self._files)}.parquet"
        pl.concat(self._batches).write_parquet(path, compression="lz4")
        self._files.append(path)
        self._batches.clear()
        self._bytes = 0
