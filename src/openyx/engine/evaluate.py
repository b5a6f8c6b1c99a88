"""The expressions of actions: values of the expression language, of one record without fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openyx.fields import BOOL, V_WSTRING, Field, Schema, folded
from openyx.formula import Constant, compile_condition, compile_expression, parse, substituted
from openyx.formula.context import Context as World
from openyx.formula.nodes import Call, Chain, If, Name, Node, Unary, within
from openyx.relation import values as table
from openyx.relation.run import Keep, run

_TRUTHS = {"true": "True", "false": "False"}
_ONE = Schema.of(Field("\0one", BOOL))
_RESULT = "\0result"


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates what actions say; ``constants`` are the document's, ``world`` is the run's."""

    constants: Mapping[str, Constant]
    world: World

    def __call__(self, expression: str, values: Mapping[str, str], *, condition: bool = False) -> str:
        """The value as a text; empty for null."""
        constants = dict(self.constants) | dict(values)
        known = {folded(name): value for name, value in values.items()}
        text = decided(substituted(expression, constants), known, condition=condition)
        if condition:
            expr = compile_condition(text, Schema(()), constants=constants, context=self.world)
        else:
            expr = compile_expression(text, Schema(()), constants=constants, target=V_WSTRING, context=self.world)
        one = table(_ONE, {"\0one": [True]}).add(_RESULT, expr).select([_RESULT])
        ((result,),) = run([Keep(one)], count=False).table(0).rows()
        return "" if result is None else str(result)


def decided(expression: str, values: Mapping[str, str], *, condition: bool) -> str:
    """The expression with ``True`` or ``False`` for each name of such a text where a truth value is wanted.

    Answers of check boxes are texts and are used as both: ``![#1]`` beside ``[#1] == 'True'``. *condition* says that
    the whole is to be true or false.

    >>> decided("![#1] AND [#1] != 'x'", {"#1": "True"}, condition=False)
    "!True AND [#1] != 'x'"
    """
    tree = parse(expression)
    names = {
        (node.at.start, node.at.end): _TRUTHS.get(values.get(folded(node.name), "").strip().lower())
        for node in (tree, *_judged(tree))
        if isinstance(node, Name) and (condition or node is not tree)
    }
    for (start, end), truth in sorted(names.items(), reverse=True):
        if truth is not None:
            expression = expression[:start] + truth + expression[end:]
    return expression


def _judged(tree: Node) -> Iterator[Node]:
    """The nodes that are to be true or false because of what stands around them."""
    for node in within(tree):
        match node:
            case Unary(operator="!" | "NOT"):
                yield node.operand
            case Chain() if node.links[0].operator in ("AND", "OR"):
                yield from (node.first, *(link.operand for link in node.links))
            case If():
                yield from (case.condition for case in node.cases)
            case Call(name=name) if name.upper() == "IIF":
                yield from node.arguments[:1]
            case _:
                continue
