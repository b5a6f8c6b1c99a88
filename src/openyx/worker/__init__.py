"""Takes jobs from the queue and runs each in a child process of its own.

``python -m openyx.worker --data DIR --slots N`` is a worker as a process; :class:`Worker` is the same from Python.
"""

from __future__ import annotations

from openyx.worker.worker import Worker

__all__ = ["Worker"]
