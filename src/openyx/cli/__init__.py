"""The command ``yx``: a gallery in the terminal. Each module of this folder is one command; ``shell`` is what they share."""

from openyx.cli.shell.app import main

__all__ = ["main"]
