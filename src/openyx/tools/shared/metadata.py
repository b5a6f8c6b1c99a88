"""Expressions over what is known of fields: their names, types and notes, a record for each field."""

from __future__ import annotations

from typing import Any

from openyx.messages import Kind, Message
from openyx.relation import Expr, Relation
from openyx.relation.run import Keep, run
from openyx.tools.base import told

_VALUE = "\0value"


def evaluated(fields: Relation, value: Expr) -> tuple[list[Any], list[Message]]:
    """The value for each record of a table in memory, computed now, and the conversion errors in it."""
    outcome = run([Keep(fields.add(_VALUE, value))], count=False)
    faults = [told(Kind.CONVERSION_ERROR, text) for faulted in outcome.faults for _, text in faulted.first]
    return outcome.table(0).column(_VALUE), faults
