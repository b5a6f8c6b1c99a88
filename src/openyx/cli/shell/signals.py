"""The signals of a time limit, a shutdown and a closed terminal: they end a command as Ctrl-C does."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from types import FrameType

from openyx.cli.shell.session import Session


def interrupt_on_signals(session: Session) -> None:
    """From now on SIGTERM and SIGHUP interrupt what runs, and the session knows which of them it was.

    While the data engine computes, Python calls no handler, and the engine looks for Ctrl-C only: a thread hears of the
    signal and passes it on as that. A signal that somebody ignores, or handles after this, is not ours.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    ours = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    if not ours:
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    for each in ours:
        signal.signal(each, _heard)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what it does not wait for
        signal.signal(signal.SIGINT, partial(_interrupt_once_ended, session))
    main = threading.get_ident()
    threading.Thread(target=_pass_on, args=(ear, main, session), name="signals", daemon=True).start()


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The signal is in the pipe."""


def _interrupt_once_ended(session: Session, _number: int, _frame: FrameType | None) -> None:
    if session.ended_by is not None:
        raise KeyboardInterrupt


def _pass_on(ear: int, main: int, session: Session) -> None:
    """Interrupt the main thread, once: what is cleared away then is not interrupted again."""
    while number := os.read(ear, 1):
        if signal.getsignal(number[0]) is _heard:
            session.ended_by = signal.Signals(number[0])
            signal.pthread_kill(main, signal.SIGINT)
            return
