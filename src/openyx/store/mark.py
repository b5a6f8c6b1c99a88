"""The mark of a gallery in its folder of files: a share that is not there, or another one, is not taken for it."""

from __future__ import annotations

from pathlib import Path

from openyx.errors import StoreUnreachable
from openyx.store.database import Database
from openyx.store.folder import write_beside
from openyx.store.queries import queries
from openyx.store.shelves import Shelves

SQL = queries("mark")


class Mark:
    """A small file that says whose files these are."""

    def __init__(self, database: Database, blobs: Path) -> None:
        self._database = database
        self._blobs = blobs
        self._text = str(self._asked("gallery", "made_at"))

    @property
    def is_there(self) -> bool:
        """Whether the folder is there, and this gallery's."""
        try:
            return self._file.read_text(encoding="utf-8") == self._text
        except OSError:
            return False

    def check(self) -> None:
        """StoreUnreachable when the folder is not there, or is another gallery's."""
        if not self.is_there:
            raise StoreUnreachable(
                f"The files of the gallery are not in {self._blobs}.",
                hint="is the share mounted? yx gallery check --repair begins anew with what is there",
            )

    def make(self) -> None:
        """Say that these are this gallery's files."""
        write_beside(self._file, self._text.encode())

    def make_where_sure(self) -> None:
        """The same, unless the gallery has files and this folder, which has no mark, has not the newest of them."""
        if self._file.exists():
            return
        newest = self._asked("newest", "digest")
        if newest is None or Shelves(self._blobs).find(str(newest)):
            self.make()

    @property
    def _file(self) -> Path:
        return self._blobs / ".gallery"

    def _asked(self, query: str, column: str) -> object:
        row = self._database.one(SQL[query], {})
        return row[column] if row else None
