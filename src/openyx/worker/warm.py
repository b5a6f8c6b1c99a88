"""A child that is started ahead: its imports are done when its job comes; it runs one and is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Queue

import msgspec

from openyx.worker.beside import clear_beside
from openyx.worker.folders import remove
from openyx.worker.process import ProcessGroup
from openyx.worker.protocol import LONGEST_LINE, Event, Ready, Task, event, line

_AHEAD = 1000
_TAIL = 4000  # bytes
_LAST_WORDS = 5.0


class Child:
    """A child process in a folder of its own, which goes with it.

    ``files`` is where the workflow and its data lie and where it runs, beside it are its temporary folder and its log.
    ``news`` is called, from another thread, when it has become ready and when it is gone.
    """

    def __init__(self, program: Sequence[str], folder: Path, *, news: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self._news = news
        self._began = time.monotonic()
        self.ready = False
        self.files = folder / "files"
        temporary = folder / "tmp"
        for each in (self.files, temporary):
            each.mkdir(mode=0o700, parents=True)
        self._log = folder / "log"
        try:
            self._process = ProcessGroup(program, own=folder, folder=self.files, log=self._log, temporary=temporary)
        except BaseException:
            remove(folder)
            raise
        self._heard: Queue[Event | None] = Queue(_AHEAD)
        self._deaf = False
        self._status = 0
        self._gone = False
        self.garbled = ""
        self._listener = threading.Thread(target=self._listen, name=f"listen-{self.pid}", daemon=True)
        self._waiter = threading.Thread(target=self._wait, name=f"wait-{self.pid}", daemon=True)
        self._listener.start()
        self._waiter.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def age(self) -> float:
        """The seconds since it was started."""
        return time.monotonic() - self._began

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._gone

    def send(self, task: Task) -> None:
        """Tell it what to run. That a child is dead already shows in its saying nothing."""
        with suppress(BrokenPipeError):
            self._process.stdin.write(line(task))
            self._process.stdin.flush()

    def events(self) -> Iterator[list[Event]]:
        """What it says, as much at a time as there is, until it is gone."""
        while True:
            heard = [self._heard.get()]
            while len(heard) < _AHEAD and not self._heard.empty():
                heard.append(self._heard.get())
            if said := [each for each in heard if each is not None]:
                yield said
            if None in heard:
                return

    def kill(self) -> None:
        """Kill it and all that it started."""
        self._process.kill()

    def end(self) -> int:
        """Its exit status (negative: a signal), once it is gone with all that it started."""
        self._waiter.join()
        return self._status

    def silence(self) -> None:
        """Kill it and wait until it is gone; what it still says is not heard."""
        self._deaf = True
        while not self._heard.empty():
            self._heard.get()
        self.kill()
        self.end()

    def last_words(self) -> str:
        """The end of what it wrote to its log."""
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _TAIL))
            return log.read(_TAIL).decode(errors="replace")

    def remove(self) -> None:
        """Kill it, and remove its folder with all that is in it."""
        self.silence()
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        clear_beside(self.folder)
        remove(self.folder)

    def _listen(self) -> None:
        with self._process.stdout as stdout:
            while text := stdout.readline(LONGEST_LINE):
                try:
                    heard = event(text)
                except (msgspec.ValidationError, msgspec.DecodeError) as error:
                    self.garbled = str(error)
                    self.kill()
                    return
                if isinstance(heard, Ready):
                    self.ready = True
                    self._news()
                elif not self._deaf:
                    self._heard.put(heard)

    def _wait(self) -> None:
        self._status = self._process.wait()
        # A process that left the group may hold the pipe for ever; what the child itself said has long been read.
        self._listener.join(_LAST_WORDS)
        if not self._deaf:
            self._heard.put(None)
        self._gone = True
        self._news()
