"""Print the reference pages from the code; ``--check`` only says whether they are what the code says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from docs import pages

FOLDER = Path(__file__).parent / "reference"


def printed() -> Iterator[tuple[Path, str]]:
    """Each page with its text."""
    makers: list[Callable[[], str]] = [pages.commands, pages.endpoints, pages.errors, pages.settings, pages.tools]
    makers += [pages.functions, pages.jobs]
    for make in makers:
        yield FOLDER / f"{make.__name__}.md", make()


def main(arguments: list[str]) -> int:
    """Write the pages; with ``--check``, say which differ from the code and fail."""
    if arguments == ["--check"]:
        stale = [path for path, text in printed() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(FOLDER.parents[1])} is not what the code says: make pages", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in printed():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
