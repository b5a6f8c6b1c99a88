"""The mark of a gallery in its folder of files: a share that is not there, or another one, is not taken for it."""

from __future__ import annotations

from openyx.errors import StoreUnreachable
from openyx.store.database import Database
from openyx.store.depot import Depot
from openyx.store.queries import queries

SQL = queries("mark")


class Mark:
    """A small file that says whose files these are. All calls raise StoreUnreachable where it does not answer."""

    def __init__(self, database: Database, depot: Depot) -> None:
        self._database = database
        self._depot = depot
        self._text = str(self._asked("gallery", "made_at"))

    @property
    def is_there(self) -> bool:
        """Whether the folder is there, and this gallery's."""
        return self._depot.mark() == self._text

    @property
    def is_anothers(self) -> bool:
        """Whether another gallery has its files there."""
        return self._depot.mark() not in (None, self._text)

    def check(self) -> None:
        """StoreUnreachable when the folder is not there, or is another gallery's."""
        found = self._depot.mark()
        if found is None:
            raise StoreUnreachable(
                f"The files of the gallery are not in {self._depot.where}.",
                hint="is the share mounted? yx gallery check --repair begins anew with what is there",
            )
        if found != self._text:
            raise self._anothers()

    def refuse_anothers(self) -> None:
        """The same where another gallery has its files there; one that is away may come back."""
        if self.is_anothers:
            raise self._anothers()

    def make(self) -> None:
        """Say that these are this gallery's files; StoreUnreachable where they are another's."""
        self.refuse_anothers()
        self._depot.set_mark(self._text)

    def make_where_sure(self) -> None:
        """The same where there is no mark, if this folder has the newest file of the gallery, or neither has any."""
        if self._depot.mark() is not None:
            return
        newest = self._asked("newest", "digest")
        if self._depot.has(str(newest)) if newest else not self._depot.names():
            self.make()

    def _anothers(self) -> StoreUnreachable:
        return StoreUnreachable(
            f"The files in {self._depot.where} are those of another gallery.",
            hint="each gallery has a folder or address of its own: name this one's by --blobs or OPENYX_BLOBS",
        )

    def _asked(self, query: str, column: str) -> object:
        row = self._database.one(SQL[query], {})
        return row[column] if row else None
