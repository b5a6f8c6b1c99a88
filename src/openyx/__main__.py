"""``python -m openyx`` is the command ``yx``."""

from openyx.cli import main

if __name__ == "__main__":
    main()
