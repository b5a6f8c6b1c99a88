"""The child: imports the engine, takes one task from standard input, runs it, reports on standard output.

It ends with the worker: when standard input closes, it kills itself and all that it started.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from openyx.engine import Anchor, run_workflow
from openyx.errors import OpenYXError
from openyx.formats.beside import NOTES
from openyx.formats.shelf import formats as shelved_formats
from openyx.formula.functions import functions
from openyx.messages import Kind, Message
from openyx.tools.shelf import shelf
from openyx.worker.beside import notes_of
from openyx.worker.parent import when_parent_is_gone
from openyx.worker.process import OWN
from openyx.worker.products import product, told_apart
from openyx.worker.protocol import Ended, Event, Progress, Ready, Said, Taken, Task, line, task
from openyx.worker.wording import Wording

BROWSE_LIMIT = 1_000_000
LONGEST_TEXT = 100_000
_PROGRESS_SECONDS = 0.5


class Voice:
    """Tells the worker what happens; safe from any thread."""

    def __init__(self, out: BinaryIO) -> None:
        self.wording: Callable[[str], str] = str
        self._out = out
        self._lock = threading.Lock()

    def say(self, event: Event) -> None:
        """One event."""
        with self._lock:
            self._out.write(line(event))
            self._out.flush()

    def message(self, message: Message) -> None:
        """A message of the run; one as long as a file, from a value that does not convert, is cut."""
        text = self.wording(message.text)
        text = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
        self.say(Said(kind=message.kind, text=text, tool=message.tool))

    def warn(self, text: str, *, tool: int) -> None:
        """A warning."""
        self.message(Message(kind=Kind.WARNING, text=text, tool=tool))


class Counter:
    """Adds up the records of all anchors and tells the sum twice a second; safe from any thread."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._counts: dict[Anchor, int] = {}
        self._next = 0.0
        self._lock = threading.Lock()

    def __call__(self, anchor: Anchor, records: int) -> None:
        with self._lock:
            self._counts[anchor] = records
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + _PROGRESS_SECONDS
            total = sum(self._counts.values())
        self._voice.say(Progress(records=total))


def run(asked: Task, voice: Voice) -> Ended:
    """Run the workflow; what goes wrong with it is said as a message."""
    folder = Path(asked.folder)
    NOTES.keep_in(notes_of(folder.parent))
    reach = [Path(each) for each in (*asked.readable, *asked.writable)]
    hidden = [Path(each) for each in asked.macros]
    voice.wording = Wording(folder, Path(tempfile.gettempdir()), hidden=hidden, reach=reach)
    try:
        result = run_workflow(
            Path(asked.workflow),
            answers=asked.answers,
            folder=folder,
            readable=tuple(map(Path, asked.readable)),
            writable=tuple(map(Path, asked.writable)),
            macros=tuple(map(Path, asked.macros)),
            environment={name: os.environ[name] for name in OWN if name in os.environ},
            browse_limit=BROWSE_LIMIT,
            on_message=voice.message,
            on_progress=Counter(voice),
        )
        voice.say(Progress(records=sum(result.counts.values())))
        outputs = result.outputs if result.ok else ()
        products = [product(each, folder, partial(voice.warn, tool=each.tool)) for each in outputs]
        return Ended(well=result.ok, products=tuple(told_apart(products, voice.message)))
    except OpenYXError as error:
        voice.message(Message(kind=Kind.ERROR, text=str(error), tool=getattr(error, "tool", None) or -1))
        return Ended(well=False)
    except BaseException as error:  # a panic of the data engine is no Exception
        text = f"Something unexpected went wrong: {type(error).__name__}: {error}"
        voice.message(Message(kind=Kind.ERROR, text=text))
        raise


def main() -> None:
    """Run one task."""
    voice = Voice(_own_stdout())
    _leave_no_core()
    _take_off_the_shelves()
    voice.say(Ready())
    asked = sys.stdin.buffer.readline()
    if not asked:
        return
    when_parent_is_gone(_die)
    told = task(asked)
    _write_no_larger(told.largest)
    voice.say(Taken())
    voice.say(run(told, voice))


def _take_off_the_shelves() -> None:
    """Load what a run loads when it first needs it: a job that comes later starts sooner."""
    shelf()
    functions()
    shelved_formats()


def _leave_no_core() -> None:
    """A crash leaves no image of the memory, which holds the answers."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write_no_larger(largest: int | None) -> None:
    """End by a signal where a file becomes larger than that."""
    if largest is not None and sys.platform != "win32":
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


def _own_stdout() -> BinaryIO:
    """Standard output for the protocol alone: what anything prints goes to standard error."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def _die() -> None:
    """End, with all that was started; a group that is somebody else's lives on."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
