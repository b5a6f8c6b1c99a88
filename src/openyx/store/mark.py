"""The mark of a gallery in its folder of files: a share that is not there, or another one, is not taken for it."""

from __future__ import annotations

from openyx.errors import StoreUnreachable
from openyx.store.database import Database
from openyx.store.depot import Depot
from openyx.store.queries import queries

SQL = queries("mark")


class Mark:
    """A small file that says whose files these are. All calls raise StoreUnreachable where an address is away."""

    def __init__(self, database: Database, depot: Depot) -> None:
        self._database = database
        self._depot = depot
        self._text = str(self._asked("gallery", "made_at"))

    @property
    def is_there(self) -> bool:
        """Whether the folder is there, and this gallery's."""
        return self._depot.mark() == self._text

    def check(self) -> None:
        """StoreUnreachable when the folder is not there, or is another gallery's."""
        if not self.is_there:
            raise StoreUnreachable(
                f"The files of the gallery are not in {self._depot.where}.",
                hint="is the share mounted? yx gallery check --repair begins anew with what is there",
            )

    def make(self) -> None:
        """Say that these are this gallery's files."""
        self._depot.set_mark(self._text)

    def make_where_sure(self) -> None:
        """The same, unless the gallery has files and this folder, which has no mark, has not the newest of them."""
        if self._depot.mark() is not None:
            return
        newest = self._asked("newest", "digest")
        if newest is None or self._depot.has(str(newest)):
            self.make()

    def _asked(self, query: str, column: str) -> object:
        row = self._database.one(SQL[query], {})
        return row[column] if row else None
