"""The life of a job: asked for, waiting, claimed, running, over. :mod:`openyx.queue.life` holds the table."""

from __future__ import annotations

from openyx.queue.life import Step, Transition, Who
from openyx.queue.order import Order
from openyx.queue.queue import Queue
from openyx.queue.watch import Watch

__all__ = ["Order", "Queue", "Step", "Transition", "Watch", "Who"]
