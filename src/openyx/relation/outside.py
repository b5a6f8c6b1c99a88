"""Work on a whole table outside of the data engine's own threads: there it takes one of them, here it takes all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import polars as pl


def outside(work: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The same function of a table, in a thread of its own while the engine's thread waits.

    For plans that are streamed: the other engine may wait with all its threads, so that none is left.

    >>> outside(lambda frame: frame.reverse())(pl.DataFrame({"x": [1, 2]})).rows()
    [(2,), (1,)]
    """

    def run(frame: pl.DataFrame) -> pl.DataFrame:
        with ThreadPoolExecutor(1, thread_name_prefix="openyx-table") as threads:
            return threads.submit(work, frame).result()

    return run
