"""Files judged in processes of their own, several at a time, within limits of time and memory."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

import openyx
from openyx.cli.scoring.files import unread
from openyx.cli.scoring.verdict import About, Finding, Verdict

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

    Context = ForkServerContext | SpawnContext

_POLL = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may take: seconds, and bytes of memory (where the system can hold it to that)."""

    seconds: float = 120.0
    memory: int = 4 << 30


@dataclass(slots=True, kw_only=True)
class _Child:
    process: BaseProcess
    ear: Connection
    scratch: Path
    ends_at: float
    verdict: Verdict
    over: bool = False


def judged(files: Sequence[Path], root: Path, *, jobs: int, limits: Limits) -> Iterator[Verdict]:
    """The verdict of each file, as they come."""
    context, waiting, running = _context(), list(reversed(files)), list[_Child]()
    with tempfile.TemporaryDirectory(prefix="openyx-score-", ignore_cleanup_errors=True) as folder:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    running.append(_started(context, waiting.pop(), root, Path(folder), limits))
                wait([child.ear for child in running], timeout=_POLL)
                for child in list(running):
                    if _is_over(child, limits):
                        running.remove(child)
                        yield child.verdict
        finally:
            for child in running:
                _end(child)


# A socket's path, which stands in the temporary folder, has at most 107 characters.
_LONGEST_FOLDER = 70


def _context() -> Context:
    """Where processes can be forked, they are from one that has loaded the engine and has done nothing yet."""
    # One file is judged by one thread: the files are what is parallel.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    if not forks or len(tempfile.gettempdir()) > _LONGEST_FOLDER:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["openyx.cli.scoring.judge", *_shelves()])
    _start_server()
    return context


def _start_server() -> None:
    """Start what processes are forked from; it and they hear no Ctrl-C: who started them does, and ends them."""
    from multiprocessing import forkserver

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def _shelves() -> Iterator[str]:
    """The modules that are found when they are first needed, by their names: tools, functions, formats."""
    folder = Path(openyx.__file__).parent
    for shelf in ("tools", "formula/functions", "formats"):
        for path in sorted((folder / shelf).rglob("*.py")):
            if path.stem != "__init__":
                yield ".".join(("openyx", *path.relative_to(folder).with_suffix("").parts))


def _started(context: Context, path: Path, root: Path, folder: Path, limits: Limits) -> _Child:
    scratch = Path(tempfile.mkdtemp(dir=folder))
    ear, mouth = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(path, root, scratch, mouth, limits), daemon=True)
    process.start()
    mouth.close()
    ends_at = time.monotonic() + limits.seconds
    return _Child(process=process, ear=ear, scratch=scratch, ends_at=ends_at, verdict=unread(path, root))


def _is_over(child: _Child, limits: Limits) -> bool:
    """Hear what a child has to say; whether it has said all, or will say no more."""
    with suppress(EOFError):
        while child.ear.poll():
            child.verdict, child.over = child.ear.recv()
    if child.over:
        _end(child)
        return True
    if not child.process.is_alive() and not child.ear.poll():
        child.process.join()
        child.verdict = _failed(child.verdict, f"the process died ({_death(child.process.exitcode)})")
        _end(child)
        return True
    if time.monotonic() > child.ends_at:
        child.verdict = _failed(child.verdict, f"it had not ended after {limits.seconds:g} seconds")
        _end(child)
        return True
    return False


def _end(child: _Child) -> None:
    child.process.kill()
    child.process.join()
    child.ear.close()
    shutil.rmtree(child.scratch, ignore_errors=True)


def _failed(verdict: Verdict, reason: str) -> Verdict:
    finding = Finding(about=About.RUN, what=reason)
    return replace(verdict, ran=False, reason=reason, findings=(*verdict.findings, finding))


def _death(status: int | None) -> str:
    return f"signal {signal.Signals(-status).name}" if status is not None and status < 0 else f"status {status}"


def _work(path: Path, root: Path, scratch: Path, mouth: Connection, limits: Limits) -> None:
    """What a child does: it judges one file and tells its verdicts, each with whether it is the last."""
    _hold_to(limits)
    told = [unread(path, root)]

    def tell(verdict: Verdict) -> None:
        told.append(verdict)
        mouth.send((verdict, False))

    try:
        _settle(scratch)
        from openyx.cli.scoring.judge import judge

        judge(path, root, scratch, tell)
        mouth.send((told[-1], True))
    except BaseException as error:  # noqa: BLE001 - the process's edge: every end is told
        with suppress(BrokenPipeError):  # whoever started it was interrupted, and hears nothing any more
            mouth.send((_failed(told[-1], f"it crashed: {type(error).__name__}: {error}"[:500]), True))


def _settle(scratch: Path) -> None:
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)))
    tempfile.tempdir = None
    os.chdir(scratch)


def _hold_to(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits.seconds) + 5, int(limits.seconds) + 10))
