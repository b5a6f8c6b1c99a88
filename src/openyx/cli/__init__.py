"""The command ``yx``: a gallery in the terminal. Each module here is one command; ``shell`` is what they share."""

from openyx.cli.shell.app import main

__all__ = ["main"]
