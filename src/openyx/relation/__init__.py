"""The ordered, typed table: its verbs, its expressions, and how a tree of them is run.

``Relation`` is the tree (:mod:`openyx.relation.relation`), ``Expr`` a value per record, ``convert``
(:mod:`openyx.relation.convert`) the way from one field type to another, ``run`` (:mod:`openyx.relation.run`) runs it.
"""

from __future__ import annotations

from openyx.relation.expr import Expr
from openyx.relation.order import Key, Order
from openyx.relation.relation import Relation, scan, text_values, union, values
from openyx.relation.summaries import How, Summary
from openyx.relation.verbs.add import Computed, Place
from openyx.relation.verbs.join import JoinKind
from openyx.relation.verbs.project import Pick
from openyx.relation.verbs.sources import Reader
from openyx.relation.verbs.tap import Anchor

__all__ = [
    "Anchor",
    "Computed",
    "Expr",
    "How",
    "JoinKind",
    "Key",
    "Order",
    "Pick",
    "Place",
    "Reader",
    "Relation",
    "Summary",
    "scan",
    "text_values",
    "union",
    "values",
]
