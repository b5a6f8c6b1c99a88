"""What versions of workflows ask for: read from their files, and remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import partial

from openyx.document import Question, package, parse
from openyx.server.intake import Unprepared
from openyx.store import Blobs, Version

# Not the documents themselves: there may be many, and they may be large.
_MOST = 256


class Asked:
    """The questions of the versions that were started lately; safe in threads."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._known = OrderedDict[str, tuple[Question, ...]]()
        self._lock = threading.Lock()

    def of(self, version: Version) -> tuple[Question, ...]:
        """The questions of a version; Unprepared when its file must be read first."""
        with self._lock:
            if version.id in self._known:
                self._known.move_to_end(version.id)
                return self._known[version.id]
        raise Unprepared(partial(self._learn, version))

    def _learn(self, version: Version) -> None:
        with self._blobs.open(version.digest) as file:
            name = version.file_name
            questions = (package.document(file, name=name) if version.is_package else parse(file, name)).questions
        with self._lock:
            self._known[version.id] = questions
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
