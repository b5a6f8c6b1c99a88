"""``python -m openyx.worker``."""

from openyx.worker.main import main

main()
