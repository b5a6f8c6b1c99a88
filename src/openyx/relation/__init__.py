"""The ordered, typed table: its verbs, its expressions, and how a tree of them is run.

``Relation`` is the tree (:mod:`openyx.relation.relation`), ``Expr`` a value per record, ``convert``
(:mod:`openyx.relation.convert`) the way from one field type to another, ``run`` (:mod:`openyx.relation.run`) runs it.
"""

from __future__ import annotations

from openyx.relation.expr import Expr
from openyx.relation.order import Key, Order
from openyx.relation.relation import Relation, beside, scan, text_values, union, values
from openyx.relation.summaries import How, Summary
from openyx.relation.verbs.add import Computed, Place
from openyx.relation.verbs.join import JoinKind
from openyx.relation.verbs.pivot import Cell, Part
from openyx.relation.verbs.project import Pick
from openyx.relation.verbs.sources import Reader
from openyx.relation.verbs.tap import Anchor
from openyx.relation.verbs.unpivot import Stacked

__all__ = [
    "Anchor",
    "Cell",
    "Computed",
    "Expr",
    "How",
    "JoinKind",
    "Key",
    "Order",
    "Part",
    "Pick",
    "Place",
    "Reader",
    "Relation",
    "Stacked",
    "Summary",
    "beside",
    "scan",
    "text_values",
    "union",
    "values",
]
