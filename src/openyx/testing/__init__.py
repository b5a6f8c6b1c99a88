"""Help for tests of workflows and tools: tables from text, and tools run by themselves."""

from openyx.testing.tables import Records, table
from openyx.testing.tools import Ran, run

__all__ = ["Ran", "Records", "run", "table"]
