"""Data files in and out, as frames with Alteryx types.

The public door is :func:`read`. Nothing of the data engine is imported until something is read or written.
"""

from __future__ import annotations

from openyx.formats.reading import read
from openyx.formats.table import Table

__all__ = ["Table", "read"]
