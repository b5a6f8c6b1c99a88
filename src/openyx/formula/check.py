"""Checks before a run that names exist and families fit: number, text, spatial; a bare null fits everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from openyx.errors import NotYet
from openyx.fields import Family
from openyx.formula.addins import AddIn
from openyx.formula.catalogue import CATALOGUE, spelling
from openyx.formula.functions import functions
from openyx.formula.nodes import Call, Chain, Compare, If, In, Name, Node, Number, Text, Truth, Unary
from openyx.formula.scope import Scope
from openyx.formula.shelf import Function, Takes
from openyx.formula.source import Span, meant
from openyx.formula.walk import TooDeepError, Walk, walk

DEEPEST = 250
"""How deep an expression may nest: beyond, the time that the data engine takes to plan it grows too long."""

_WORDS = {Family.NUMBER: "Number", Family.TEXT: "String", Family.SPATIAL: "Spatial object", Family.BLOB: "Blob"}


def check(node: Node, scope: Scope) -> Family | None:
    """The family of the expression's values; nothing for a null that fits everywhere.

    Raises ``FormulaError`` at the first thing that does not fit, ``NotYet`` for functions that are not there.
    """
    try:
        return walk(_Checker(scope).family(node), deepest=DEEPEST)
    except TooDeepError:
        raise scope.source.problem(f"The expression nests deeper than {DEEPEST} levels", node.at) from None


def look_up(call: Call, scope: Scope) -> Function | AddIn:
    """The function that *call* means; the language's own comes before one that a user wrote.

    Raises ``FormulaError`` for an unknown name or a wrong number of arguments, ``NotYet`` for one that is not there.
    """
    name, source = call.name.lower(), scope.source
    known = functions().get(name) or scope.world.context.addins.get(name)
    if known is None:
        spelt = spelling(call.name)
        if spelt is not None:
            raise NotYet(f"the formula function {spelt}")
        near = meant(call.name, [each for names in CATALOGUE.values() for each in names])
        advice = f"no function named {call.name}" + (f"; {near}" if near else "")
        raise source.problem(f'Unknown function "{call.name}"', call.sign, advice=advice, hint=near)
    if not known.fits(len(call.arguments)):
        advice = f"{known.name} takes {_count(known)}, not {len(call.arguments)}"
        raise source.problem("Malformed Function Call", call.sign, advice=advice)
    return known


def _count(function: Function | AddIn) -> str:
    if isinstance(function, AddIn):
        return f"{function.least}{' or more' if function.variable else ''} arguments"
    least, most = function.least, function.most
    if most is None:
        return f"{least} or more arguments" + (", in pairs" if function.repeats == 2 else "")
    return f"{least} argument{'' if least == 1 else 's'}" if least == most else f"{least} to {most} arguments"


def _passes_behind_elseif(family: Family | None) -> bool:
    """Whether a family is let through where an IF has an ELSEIF, as two workflows that ran show.

    A text is a condition there by its first character; numbers and texts together are texts (we assume).
    """
    return family is not Family.SPATIAL


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def family(self, node: Node) -> Walk[Family | None]:
        match node:
            case Number() | Truth():
                return Family.NUMBER
            case Text():
                return Family.TEXT
            case Name():
                return self._scope.family(node)
            case Unary():
                return (yield self.unary(node))
            case Chain():
                return (yield self.chain(node))
            case Compare():
                left, right = (yield self.family(node.left)), (yield self.family(node.right))
                self._same(left, right, node.operator, node.sign)
                return Family.NUMBER
            case In():
                value = yield self.family(node.value)
                for option in node.options:
                    self._same(value, (yield self.family(option)), "NOT IN" if node.negated else "IN", node.sign)
                return Family.NUMBER
            case Call():
                return (yield self.call(node))
            case If():
                return (yield self.if_(node))
            case _:
                raise TypeError(f"{type(node).__name__} is no part of an expression")

    def unary(self, node: Unary) -> Walk[Family | None]:
        operand = yield self.family(node.operand)
        if operand not in (None, Family.NUMBER):
            raise self._mismatch(node.operator, node.at)
        return operand if node.operator in ("-", "+") else Family.NUMBER

    def chain(self, node: Chain) -> Walk[Family | None]:
        family = yield self.family(node.first)
        for link in node.links:
            other = yield self.family(link.operand)
            self._same(family, other, link.operator, link.at)
            family = family or other
            if family is Family.SPATIAL and link.operator in ("+", "-"):
                raise NotYet(f"the operator {link.operator} between spatial objects")
            if family not in ((None, Family.NUMBER, Family.TEXT) if link.operator == "+" else (None, Family.NUMBER)):
                raise self._mismatch(link.operator, link.at)
        return Family.NUMBER if node.links[0].operator in ("AND", "OR") else family

    def call(self, node: Call) -> Walk[Family | None]:
        known = look_up(node, self._scope)
        if isinstance(known, AddIn):
            return (yield self.written(node, known))
        common: dict[Takes, Family | None] = {}
        for place, argument in enumerate(node.arguments):
            family, kind = (yield self.family(argument)), known.kind(place)
            wanted = common.get(kind) if kind.shared else kind.family
            if wanted is not None and family not in (None, wanted):
                raise self._provided(family, wanted, argument, known)
            if kind.shared:
                common[kind] = common.get(kind) or family
        return common.get(known.returns) if known.returns.shared else known.returns.family

    def written(self, node: Call, known: AddIn) -> Walk[Family | None]:
        families = list[Family | None]()
        for argument in node.arguments:
            families.append((yield self.family(argument)))
        return (yield _Checker(known.body_scope(self._scope, families=families)).family(known.node))

    def if_(self, node: If) -> Walk[Family | None]:
        families: list[Family | None] = []
        for place, case in enumerate(node.cases):
            condition = yield self.family(case.condition)
            if condition not in (None, Family.NUMBER) and not (place and _passes_behind_elseif(condition)):
                raise self._provided(condition, Family.NUMBER, case.condition, None)
            families.append((yield self.family(case.value)))
        families.append((yield self.family(node.otherwise)))
        if len(node.cases) > 1 and len(set(families) - {None}) > 1 and all(map(_passes_behind_elseif, families)):
            return Family.TEXT
        return self._branches(families, [*(case.value for case in node.cases), node.otherwise])

    def _branches(self, families: Sequence[Family | None], values: Sequence[Node]) -> Family | None:
        common = next((family for family in families if family is not None), None)
        for family, value in zip(families, values, strict=True):
            if common is not None and family not in (None, common):
                raise self._provided(family, common, value, None)
        return common

    def _same(self, one: Family | None, other: Family | None, operator: str, at: Span) -> None:
        if one is not None and other is not None and one is not other:
            raise self._mismatch(operator, at)

    def _mismatch(self, operator: str, at: Span) -> Exception:
        return self._scope.source.problem(f"Type mismatch in operator {operator}.", at)

    def _provided(self, family: Family | None, wanted: Family, at: Node, known: Function | None) -> Exception:
        found, wish = (_WORDS[family] if family else "Null"), _WORDS[wanted].lower()
        advice = f"for {known.name}" if known else "for the branches of IF" if wanted is not Family.NUMBER else ""
        words = f"Type mismatch. {found} provided where a {wish} is required."
        return self._scope.source.problem(words, at.at, advice=advice)
