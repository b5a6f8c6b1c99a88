"""Print the reference pages from the code; ``--check`` only says whether they are what the code says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from docs import pages
from docs.compatibilitypage import compatibility
from docs.functionpages import function_pages, functions
from docs.toolpages import tool_pages, tools

FOLDER = Path(__file__).parent / "reference"


def printed() -> Iterator[tuple[Path, str]]:
    """Each page with its text."""
    makers: list[Callable[[], str]] = [pages.commands, pages.endpoints, pages.errors, pages.settings, pages.jobs]
    makers += [tools, functions, compatibility]
    for make in makers:
        yield FOLDER / f"{make.__name__}.md", make()
    yield from ((FOLDER / place, text) for each in (tool_pages, function_pages) for place, text in each())


def main(arguments: list[str]) -> int:
    """Write the pages; with ``--check``, say which differ from the code and fail."""
    wanted = dict(printed())
    left = [path for path in sorted(FOLDER.rglob("*.md")) if path not in wanted]
    if arguments == ["--check"]:
        stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in (*stale, *left):
            print(f"{path.relative_to(FOLDER.parents[1])} is not what the code says: make pages", file=sys.stderr)
        return 1 if stale or left else 0
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in left:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
