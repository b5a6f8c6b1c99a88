"""Makes of an expression that looks back at its own values a function for one record after another.

What no earlier value changes stays as it is: whole columns. The rest is done in plain Python where that is sure to give
the columns' results, and by asking the columns' functions for single values elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

from openyx.fields import FieldType, folded
from openyx.formula.compile import called, comparison, fitted, noted
from openyx.formula.nodes import Call, Chain, Compare, If, In, Name, Node, Unary, parts
from openyx.formula.scope import Scope
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import fitting, single
from openyx.relation.kernels.asking import Asked
from openyx.relation.kernels.compare import among
from openyx.relation.kernels.logic import unified
from openyx.relation.kernels.single import Single
from openyx.relation.kernels.texts import text
from openyx.relation.recurrence import Get, Part, Recurrence, State

_ZERO = Single(single.always(0), literal(0))


def recurrence(node: Node, scope: Scope, name: str, depth: int, target: FieldType) -> Recurrence:
    """How the values of the field *name* follow from the *depth* ones before them, as a field of type *target*."""
    steps = _Steps(node, scope, name, depth)
    one = steps.single(node)
    step = steps.fitted(one, target)
    return Recurrence(depth, fitted(one.expr, target), tuple(steps.parts), step, steps.asks)


class _Steps:
    def __init__(self, node: Node, scope: Scope, name: str, depth: int) -> None:
        self._scope = scope
        self._exprs = noted(node, scope)
        self._moving = set[int]()
        self._mark(node, folded(name))
        self._next = depth + 1
        self.parts: list[Part] = []
        self.asks = False

    def single(self, node: Node) -> Single:
        expr = self._exprs[id(node)]
        return Single(self._get(node, expr) if id(node) in self._moving else self._still(expr), expr)

    def fitted(self, one: Single, target: FieldType) -> Get:
        """The value as the field holds it: quickly where that is plain, else as the columns do it."""
        plain, bare = fitting.fitted(one, target), Single(one.get, replace(one.expr, faults=(), constant=False))
        asked = None if one.expr.void else Asked(partial(_fit, target), [bare])
        self.asks |= plain is None and asked is not None

        def fit(state: State) -> Any:
            value = one.get(state)
            if value is None or asked is None:
                return None
            made = fitting.UNSURE if plain is None else plain(value)
            return asked.of(value, state[0]) if made is fitting.UNSURE else made

        return fit

    def _mark(self, node: Node, name: str) -> bool:
        below = [self._mark(part, name) for part in parts(node)]
        looks_back = isinstance(node, Name) and (node.row or 0) < 0 and folded(node.name) == name
        if looks_back or any(below):
            self._moving.add(id(node))
        return id(node) in self._moving

    def _still(self, expr: Expr) -> Get:
        if expr.constant and not expr.faults:
            return single.always(expr.value())
        part = Part(expr, self._next)
        self.parts.append(part)
        self._next += part.width
        if not expr.faults:
            return itemgetter(part.place)
        errors = slice(part.place + 1, part.place + part.width)

        def get(state: State) -> Any:
            state[0] += [error for error in state[errors] if error is not None]
            return state[part.place]

        return get

    def _get(self, node: Node, expr: Expr) -> Get:
        match node:
            case Name():
                return itemgetter(-(node.row or 0))
            case Unary():
                return self._unary(node.operator, self.single(node.operand))
            case Chain():
                links = [(link.operator, self.single(link.operand)) for link in node.links]
                return self._chain(self.single(node.first), links, expr)
            case Compare():
                return self._compare(node.operator, self.single(node.left), self.single(node.right))
            case In():
                return self._among(self.single(node.value), [self.single(one) for one in node.options], node)
            case If():
                cases = [(self.single(case.condition), self.single(case.value)) for case in node.cases]
                return self._chosen(cases, self.single(node.otherwise))
            case Call():
                return self._called(node, [self.single(argument) for argument in node.arguments])
            case _:
                raise TypeError(f"{type(node).__name__} looks at no record")

    def _unary(self, operator: str, operand: Single) -> Get:
        if operator not in ("-", "+"):
            return single.inverse(single.truth(operand))
        if operand.expr.void:
            return operand.get
        return single.calculated(_ZERO, [("-", operand)]) if operator == "-" else single.number(operand)

    def _chain(self, first: Single, links: Sequence[tuple[str, Single]], expr: Expr) -> Get:
        if links[0][0] in ("AND", "OR"):
            return single.decided(single.truth(first), [(word, single.truth(one)) for word, one in links])
        operands = [first, *(one for _, one in links)]
        if expr.void or expr.type.is_number:
            return single.calculated(first, links)
        return single.joined([self._text(one) for one in operands])

    def _text(self, one: Single) -> Get:
        return one.get if one.type.is_text else self._asked(text, [one])

    def _compare(self, operator: str, left: Single, right: Single) -> Get:
        if operator in ("=", "!="):
            same = single.equal(left, right) or self._asked(partial(comparison, "="), [left, right])
            return same if operator == "=" else single.inverse(same)
        return single.compared(operator, left, right) or self._asked(partial(comparison, operator), [left, right])

    def _among(self, value: Single, options: Sequence[Single], node: In) -> Get:
        def build(one: Expr, *others: Expr) -> Expr:
            return among(one, others)

        found = single.among(value, options) or self._asked(build, [value, *options])
        return single.inverse(found) if node.negated else found

    def _chosen(self, cases: Sequence[tuple[Single, Single]], otherwise: Single) -> Get:
        values = [*(value for _, value in cases), otherwise]
        type_ = unified([value.expr for value in values])[0].type
        gets = [single.unified(value, type_) or self._asked(text, [value]) for value in values]
        conditions = [single.truth(condition) for condition, _ in cases]
        return single.chosen(list(zip(conditions, gets, strict=False)), gets[-1])

    def _called(self, node: Call, arguments: Sequence[Single]) -> Get:
        match node.name.lower():
            case "iif":
                condition, value, otherwise = arguments
                return self._chosen([(condition, value)], otherwise)
            case "isnull":
                return single.is_null(arguments[0])
            case "isempty":
                return single.is_null(arguments[0], empty=arguments[0].type.is_text)
            case _:
                return self._asked(partial(_call, node, self._scope), arguments)

    def _asked(self, build: Callable[..., Expr], operands: Sequence[Single]) -> Get:
        self.asks = True
        return Asked(build, operands)


def _call(node: Call, scope: Scope, *values: Expr) -> Expr:
    return called(node, values, scope)


def _fit(target: FieldType, value: Expr) -> Expr:
    return fitted(value, target)
