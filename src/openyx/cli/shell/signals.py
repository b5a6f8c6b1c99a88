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

    A signal that somebody ignores, or handles after this, is not ours.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, partial(_interrupt, session))


def interrupt_the_engine(session: Session) -> None:
    """The same while the data engine computes: Python calls no handler then, and the engine looks for Ctrl-C only.

    A thread hears of the signal and passes it on as that.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what it does not wait for
        signal.signal(signal.SIGINT, partial(_interrupt_once_ended, session))
    main = threading.get_ident()
    threading.Thread(target=_pass_on, args=(ear, main, session), name="signals", daemon=True).start()


def _interrupt(session: Session, number: int, _frame: FrameType | None) -> None:
    """Interrupt, once: what is cleared away then is not interrupted again."""
    if session.ended_by is None:
        session.ended_by = signal.Signals(number)
        raise KeyboardInterrupt


def _interrupt_once_ended(session: Session, _number: int, _frame: FrameType | None) -> None:
    if session.ended_by is not None:
        raise KeyboardInterrupt


def _pass_on(ear: int, main: int, session: Session) -> None:
    while number := os.read(ear, 1):
        handler = signal.getsignal(number[0])
        if session.ended_by is None and isinstance(handler, partial) and handler.func is _interrupt:
            session.ended_by = signal.Signals(number[0])
            signal.pthread_kill(main, signal.SIGINT)
            return
