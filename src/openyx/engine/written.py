"""Paths as workflows write them, and what they name that is no path within a folder."""

from __future__ import annotations

import re

_DRIVE = re.compile(r"[A-Za-z]:")
_ADDRESS = re.compile(r"file:|[A-Za-z][A-Za-z0-9+.-]+:/", re.IGNORECASE)
_NAME = re.compile(r"%\w[\w()]*%|\$\{\w+\}|\$env:\w+|(?<![^/])\$\w+(?![^/])|(?<![^/])~\w*(?![^/])", re.IGNORECASE)


def slashed(written: str) -> str:
    """A path with forward slashes, without blanks and quotes around it."""
    return written.strip().strip('"').replace("\\", "/")


def share(path: str) -> bool:
    """Whether a path is on a network share, or one of Windows' devices."""
    return path.startswith("//")


def drive(path: str) -> str:
    """The drive of a path, ``C:``; nothing where it names none."""
    found = _DRIVE.match(path)
    return found[0] if found else ""


def address(path: str) -> bool:
    """Whether it is an address, such as ``file:///x`` or ``https://x``, and no path.

    >>> address("file:/x"), address("http://x/y"), address("a:b.csv")
    (True, True, False)
    """
    return _ADDRESS.match(path) is not None


def name_in(path: str) -> str:
    """What a shell would put something else for: the name of a variable, or a home folder; nothing where none is.

    >>> name_in("~/x.csv"), name_in("%USERPROFILE%/x.csv"), name_in("data/$HOME/x.csv")
    ('~', '%USERPROFILE%', '$HOME')
    >>> name_in("5 % of 10 %.csv"), name_in("Sheet1$.csv"), name_in("a~1.csv")
    ('', '', '')
    """
    found = _NAME.search(path)
    return found[0] if found else ""
