"""Draw the demo as a terminal shows it: ``python -m docs.picture`` runs it and writes ``docs/demo.svg``."""

from __future__ import annotations

import os
import pty
import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 104
PICTURE = Path(__file__).with_name("demo.svg")
CURSOR = re.compile(r"\x1b\[\?25[lh]")
ERASED = re.compile(r"[^\n]*\n\r?\x1b\[1A\x1b\[2K|[^\n]*\r\x1b\[2K")
"""Lines that a live line wrote over."""


def recorded() -> str:
    """What the demo writes to a terminal."""
    said: list[bytes] = []

    def read(descriptor: int) -> bytes:
        said.append(os.read(descriptor, 65536))
        return said[-1]

    os.environ |= {"COLUMNS": str(WIDTH), "LINES": "80", "TERM": "xterm-256color"}
    if pty.spawn([str(Path(sys.executable).with_name("yx")), "demo"], read):
        raise SystemExit("the demo failed")
    return b"".join(said).decode()


def drawn(said: str) -> str:
    """The picture of a terminal that shows this."""
    console = Console(record=True, width=WIDTH, file=StringIO())
    shown = ERASED.sub("", CURSOR.sub("", said.replace("\r\n", "\n"))).replace("\r", "").strip("\n")
    console.print(Text("$ make demo\n\n") + Text.from_ansi(shown))
    picture = console.export_svg(title="yx demo")
    return re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.write_text(drawn(recorded()), encoding="utf-8")
