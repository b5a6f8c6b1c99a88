"""Help for tests of workflows and tools: tables and workflows from text, and tools run by themselves."""

from openyx.testing.tables import Records, records, table
from openyx.testing.tools import Ran, run
from openyx.testing.workflows import call, node, text_input, workflow

__all__ = ["Ran", "Records", "call", "node", "records", "run", "table", "text_input", "workflow"]
