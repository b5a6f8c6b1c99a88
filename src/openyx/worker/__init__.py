"""Takes jobs from the queue and runs each in a child process of its own.

``python -m openyx.worker --data DIR --slots N`` is a worker as a process, :class:`openyx.worker.worker.Worker` the same
from Python. Nothing is imported here: a child needs little of it.
"""
