"""How a job's messages name files: as they lie in its own folder, and nothing of where that is on the host."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import openyx

_SEPARATOR = r"[/\\]+"
_END = r"(?![\w-]|\.\w)"
_HIDDEN = "…"


class Wording:
    r"""Words the texts of a run in *folder*, with temporary files in *temporary*.

    The *hidden* folders are not named; those in *reach*, which workflows name themselves, are told as they are.

    >>> word = Wording(Path("/srv/work/1/files"), Path("/srv/work/1/tmp"))
    >>> word('"/srv/work/1/files/in.csv" and "\\srv\\work\\1\\tmp\\openyx-a1\\x.csv" in /srv/work/1/files')
    '"in.csv" and "%temp%\\x.csv" in .'
    """

    def __init__(
        self, folder: Path, temporary: Path, *, hidden: Sequence[Path] = (), reach: Sequence[Path] = ()
    ) -> None:
        own, passing, others = _any(folder), _any(temporary), _any(folder.parent, *hidden, *_installed())
        open_ = rf"(?!{_any(*reach)}{_END})" if reach else ""
        below = rf"{own}{_SEPARATOR}(?=[^\s\"'),;])"
        self._wordings = [
            (re.compile(rf"{below}"), ""),
            (re.compile(rf"{own}{_END}"), "."),
            (re.compile(rf"{passing}(?:{_SEPARATOR}openyx-\w+)?{_END}"), "%temp%"),
            (re.compile(rf"{open_}{others}{_END}"), _HIDDEN),
        ]

    def __call__(self, text: str) -> str:
        """The text as it is told."""
        for pattern, instead in self._wordings:
            text = pattern.sub(instead, text)
        return text


def _any(*folders: Path) -> str:
    """A pattern for each of the folders, as it is written and where it really is, in either slash."""
    known = dict.fromkeys(path for folder in folders for path in (folder.absolute(), folder.resolve()) if path.name)
    return rf"(?<!\w)(?:{'|'.join(map(_pattern, known))})"


def _pattern(folder: Path) -> str:
    parts = [re.escape(part.strip("/\\")) for part in folder.parts]
    return _SEPARATOR.join(parts)


def _installed() -> Sequence[Path]:
    """Where this program lies; what belongs to the system alone tells nothing."""
    own = [Path(openyx.__file__).parent.parent]
    return own if sys.prefix == sys.base_prefix else [*own, Path(sys.prefix)]
