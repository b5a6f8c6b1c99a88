"""Makes an expression over a record out of checked nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openyx.errors import FormulaError
from openyx.fields import FieldType
from openyx.formula.addins import AddIn
from openyx.formula.check import DEEPEST, check, look_up
from openyx.formula.nodes import Call, Chain, Compare, If, In, Name, Node, Number, Text, Truth, Unary
from openyx.formula.scope import Scope
from openyx.formula.walk import Walk, walk
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels.compare import among, compared, equal
from openyx.relation.kernels.logic import chosen, decided, inverse
from openyx.relation.kernels.numbers import calculated, double, negative, number, spilling
from openyx.relation.kernels.texts import joined


def compiled(node: Node, scope: Scope) -> Expr:
    """The values of *node*; it is checked first."""
    check(node, scope)
    return walk(_Compiler(scope).expression(node), deepest=DEEPEST + 1)


def noted(node: Node, scope: Scope) -> Mapping[int, Expr]:
    """The values of *node* and of every node below it, by their ``id``; it is checked first."""
    check(node, scope)
    noting = _Noting(scope)
    walk(noting.expression(node), deepest=DEEPEST + 1)
    return noting.made


def fitted(expr: Expr, target: FieldType | None) -> Expr:
    """*expr* as a field of type *target* holds it, or in a type of its own."""
    if target is None:
        return expr if expr.spill is None else double(expr)
    if expr.void:
        return replace(literal(None, target), faults=expr.faults)
    return spilling(lambda value: convert(value, target, computed=True), expr)


class _Compiler:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def expression(self, node: Node) -> Walk[Expr]:
        match node:
            case Number() | Text() | Truth():
                return literal(node.value)
            case Name():
                return self._scope.values(node)
            case Unary():
                operand = yield self.expression(node.operand)
                return _unary(node.operator, operand)
            case Chain():
                return (yield self.chain(node))
            case Compare():
                left, right = (yield self.expression(node.left)), (yield self.expression(node.right))
                return comparison(node.operator, left, right)
            case In():
                value, options = (yield self.expression(node.value)), list[Expr]()
                for option in node.options:
                    options.append((yield self.expression(option)))
                found = among(value, options)
                return inverse(found) if node.negated else found
            case Call():
                arguments = list[Expr]()
                for argument in node.arguments:
                    arguments.append((yield self.expression(argument)))
                return called(node, arguments, self._scope)
            case If():
                cases = list[tuple[Expr, Expr]]()
                for case in node.cases:
                    condition, value = (yield self.expression(case.condition)), (yield self.expression(case.value))
                    cases.append((condition, value))
                return chosen(cases, (yield self.expression(node.otherwise)))
            case _:
                raise TypeError(f"{type(node).__name__} is no part of an expression")

    def chain(self, node: Chain) -> Walk[Expr]:
        first, links = (yield self.expression(node.first)), list[tuple[str, Expr]]()
        for link in node.links:
            links.append((link.operator, (yield self.expression(link.operand))))
        if links[0][0] in ("AND", "OR"):
            return decided(first, links)
        operands = [first, *(operand for _, operand in links)]
        if any(not operand.void and not operand.type.is_number for operand in operands):
            return joined(operands)
        return calculated(first, links)


class _Noting(_Compiler):
    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.made: dict[int, Expr] = {}

    def expression(self, node: Node) -> Walk[Expr]:
        self.made[id(node)] = made = yield from super().expression(node)
        return made


def called(node: Call, arguments: Sequence[Expr], scope: Scope) -> Expr:
    """The values of a function of *arguments*."""
    known = look_up(node, scope)
    if isinstance(known, AddIn):
        return _written(known, arguments, scope)
    try:
        return known.call(arguments, scope.world)
    except FormulaError as error:
        raise scope.source.problem(error.message, node.sign, hint=error.hint) from error


def _written(known: AddIn, arguments: Sequence[Expr], scope: Scope) -> Expr:
    """The values of a function that a user wrote: its parameters are values, each computed once."""

    def build(*values: Expr) -> Expr:
        return walk(_Compiler(known.body_scope(scope, values=values)).expression(known.node), deepest=DEEPEST + 1)

    return spilling(build, *arguments) if arguments else build()


def _unary(operator: str, operand: Expr) -> Expr:
    match operator:
        case "-":
            return negative(operand)
        case "+":
            return operand if operand.void else number(operand)
        case _:
            return inverse(operand)


def comparison(operator: str, left: Expr, right: Expr) -> Expr:
    """``= != < <= > >=``."""
    match operator:
        case "=":
            return equal(left, right)
        case "!=":
            return inverse(equal(left, right))
        case _:
            return compared(operator, left, right)
