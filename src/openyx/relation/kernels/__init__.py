"""What expressions are made of: operators and functions over :class:`~openyx.relation.expr.Expr`.

Each takes expressions and gives one, says in its name what it computes, and follows the vendor's rules for null. What
the data engine cannot say, or says differently, is a Python function over a batch; the same definition serves a column
and a single value.
"""
