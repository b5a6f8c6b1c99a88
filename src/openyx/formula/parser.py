"""Reads an expression: precedence climbing over tokens, left to right within a level."""

from __future__ import annotations

import re
from collections.abc import Generator

from openyx.errors import FormulaError
from openyx.formula.lexer import Sort, Token, tokens
from openyx.formula.nodes import Call, Case, Chain, Compare, If, In, Link, Name, Node, Number, Text, Truth, Unary
from openyx.formula.source import Source, Span
from openyx.formula.walk import TooDeepError, Walk, walk

LOOSEST = 5
LEVELS = {
    **dict.fromkeys(("*", "/"), 1),
    **dict.fromkeys(("+", "-"), 2),
    **dict.fromkeys(("<", "<=", ">", ">=", "IN", "NOT"), 3),
    **dict.fromkeys(("=", "==", "!=", "<>"), 4),
    **dict.fromkeys(("AND", "&&", "OR", "||"), LOOSEST),
}
"""How tightly the operators bind: 1 is tightest. AND and OR are one level, as the vendor's page says."""

_CHAINED = (1, 2, LOOSEST)
_SPELLINGS = {"==": "=", "<>": "!=", "&&": "AND", "||": "OR"}
_ROW = re.compile(r"row([+-]\d{1,9}):(.+)", re.IGNORECASE | re.DOTALL)
_DEEPEST = 50_000
_LONGEST = 30_000
_LARGEST_INT64 = 2**63 - 1


def read(source: Source) -> Node:
    """The expression that *source* holds.

    Raises ``FormulaError`` where it is none.
    """
    reader = _Reader(source)
    try:
        return walk(reader.whole(), deepest=_DEEPEST)
    except TooDeepError:
        raise source.problem("The expression nests too deeply", reader.token.at) from None


def not_operand_level() -> int:
    """How much ``NOT`` takes: an operand of level 2, so that ``NOT a = b`` is ``(NOT a) = b`` (by the help's table)."""
    return 2


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = tokens(source)
        self.token = next(self._tokens)
        self._ahead: Token | None = None
        self._end = 0
        self._taken = 0

    def _at_end(self) -> bool:
        return self.token.sort is Sort.END

    def _next(self) -> Token:
        token = self.token
        if not self._at_end():
            self._taken += 1
            if self._taken > _LONGEST:
                raise self._source.problem(f"The expression has more than {_LONGEST:,} words and signs", token.at)
            self._end = token.at.end
            self.token, self._ahead = self._ahead or next(self._tokens), None
        return token

    def _following(self) -> Token:
        """The token behind the one at hand, which is not the end."""
        self._ahead = self._ahead or next(self._tokens)
        return self._ahead

    def whole(self) -> Walk[Node]:
        if self._at_end():
            raise self._source.problem("The expression is empty", self.token.at)
        node = yield self.expression()
        if not self._at_end():
            raise self._unexpected()
        return node

    def expression(self, loosest: int = LOOSEST) -> Walk[Node]:
        left = yield self.operand()
        while (level := self._level()) and level <= loosest:
            left = yield self.chain(left, level) if level in _CHAINED else self.comparison(left, level)
        return left

    def _level(self) -> int:
        if self.token.sort not in (Sort.SIGN, Sort.WORD):
            return 0
        if self.token.is_word("NOT") and not self._following().is_word("IN"):
            return 0
        return LEVELS.get(self.token.value, 0)

    def chain(self, first: Node, level: int) -> Walk[Node]:
        links: list[Link] = []
        start = first.at.start
        match first:
            case Chain() if LEVELS[first.links[0].operator] == level:
                links, first = list(first.links), first.first
            case _:
                pass
        while self._level() == level:
            sign = self._next()
            operand = yield self.expression(level - 1)
            links.append(Link(_SPELLINGS.get(sign.value, sign.value), operand, sign.at))
        return Chain(first, tuple(links), at=Span(start, self._end))

    def comparison(self, left: Node, level: int) -> Walk[Node]:
        sign = self._next()
        if not sign.is_word("IN", "NOT"):
            right = yield self.expression(level - 1)
            operator = _SPELLINGS.get(sign.value, sign.value)
            return Compare(operator, left, right, sign.at, at=Span(left.at.start, right.at.end))
        if sign.is_word("NOT"):
            sign = Token(sign.sort, sign.value, Span(sign.at.start, self._next().at.end))
        if not self.token.is_sign("("):
            raise self._source.problem("IN wants a list in parentheses", sign.at)
        options = yield from self._list("Malformed IN list", sign.at)
        if not options:
            raise self._source.problem("IN wants a list that is not empty", sign.at)
        return In(left, options, sign.value == "NOT", sign.at, at=Span(left.at.start, self._end))

    def operand(self) -> Walk[Node]:
        token = self.token
        if not self._begins(token):
            raise self._unexpected()
        self._next()
        at = token.at
        match token.sort:
            case Sort.NUMBER:
                return Number(_number(token.value), at=at)
            case Sort.TEXT:
                return Text(token.value, at=at)
            case Sort.FIELD:
                return _field(token)
            case Sort.NAME if self.token.is_sign("("):
                arguments = yield from self._list("Malformed Function Call", at)
                return Call(token.value, arguments, at, at=Span(at.start, self._end))
            case Sort.NAME:
                return Name(token.value, at=at)
            case Sort.WORD if token.value in ("TRUE", "FALSE"):
                return Truth(token.value == "TRUE", at=at)
            case Sort.WORD if token.value == "IF":
                return (yield self.if_(at))
            case Sort.WORD if token.value == "NOT":
                operand = yield self.expression(not_operand_level())
                return Unary("NOT", operand, at=Span(at.start, operand.at.end))
            case Sort.SIGN if token.value in ("-", "+", "!"):
                operand = yield self.operand()
                return Unary(token.value, operand, at=Span(at.start, operand.at.end))
            case _:
                return (yield self.group(at))

    def _begins(self, token: Token) -> bool:
        """Whether an operand can begin with it."""
        return token.sort in (Sort.NUMBER, Sort.TEXT, Sort.FIELD, Sort.NAME) or (
            token.is_word("TRUE", "FALSE", "IF", "NOT") or token.is_sign("-", "+", "!", "(")
        )

    def group(self, opened: Span) -> Walk[Node]:
        inner = yield self.expression()
        if not self.token.is_sign(")"):
            raise self._source.problem("A parenthesis is not closed", opened)
        self._next()
        return inner

    def _list(self, malformed: str, at: Span) -> Generator[Walk[Node], Node, tuple[Node, ...]]:
        self._next()
        items: list[Node] = []
        if self.token.is_sign(")"):
            self._next()
            return ()
        while True:
            if self.token.is_sign(",", ")") or self._at_end():
                raise self._source.problem(malformed, at)
            items.append((yield self.expression()))
            if not self.token.is_sign(",", ")"):
                raise self._source.problem(malformed, at)
            if self._next().value == ")":
                return tuple(items)

    def if_(self, at: Span) -> Walk[Node]:
        cases: list[Case] = []
        while True:
            condition = yield self.expression()
            self._expect("THEN", at)
            value = yield self.expression()
            cases.append(Case(condition, value))
            if self.token.is_word("ELSEIF"):
                self._next()
                continue
            self._expect("ELSE", at)
            otherwise = yield self.expression()
            self._expect("ENDIF", at)
            return If(tuple(cases), otherwise, at=Span(at.start, self._end))

    def _expect(self, word: str, opened: Span) -> None:
        if not self.token.is_word(word):
            found = f'"{self.token.value}"' if self.token.value else "the end"
            raise self._source.problem("Malformed If Statement", opened, advice=f"{word} expected, found {found}")
        self._next()

    def _unexpected(self) -> FormulaError:
        token = self.token
        if token.sort is Sort.END:
            return self._source.problem("The expression ends too early", token.at, advice="something is missing here")
        return self._source.problem(f'Unexpected "{self._source.text[token.at.start : token.at.end]}"', token.at)


def _number(text: str) -> int | float:
    if text.isdigit() and len(text) < 30 and int(text) <= _LARGEST_INT64:
        return int(text)
    return float(text)


def _field(token: Token) -> Name:
    row = _ROW.fullmatch(token.value)
    return Name(row[2], int(row[1]), at=token.at) if row else Name(token.value, at=token.at)
