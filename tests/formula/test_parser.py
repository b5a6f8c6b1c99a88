"""Reading expressions: precedence, names, places, and that nothing makes the reader fall."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.errors import FormulaError
from openyx.formula import functions_used, parse, show
from openyx.formula.nodes import (
    Call,
    Case,
    Chain,
    Compare,
    If,
    In,
    Link,
    Name,
    Node,
    Number,
    Text,
    Truth,
    Unary,
    within,
)
from openyx.formula.source import Span

AT = Span(0, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("a-(b-c)", "[a] - ([b] - [c])"),
        ("a - b - c", "[a] - [b] - [c]"),
        ("a or b and c", "[a] OR [b] AND [c]"),
        ("a || (b && c)", "[a] OR ([b] AND [c])"),
        ("NOT a = b", "(NOT [a]) = [b]"),
        ("NOT (a = b)", "NOT ([a] = [b])"),
        ("!a = b", "![a] = [b]"),
        ("a == b <> c", "[a] = [b] != [c]"),
        ("a < b = c", "[a] < [b] = [c]"),
        ("a = b < c", "[a] = [b] < [c]"),
        ("x not in (1, 'a')", '[x] NOT IN (1, "a")'),
        ("-x * -2", "-[x] * -2"),
        ("[[A (1)]] x]", "[[A (1)]] x]"),
        ("[row-1:Any name]", "[Row-1:Any name]"),
        ("[Row+2:[x]]]", "[Row+2:[x]]]"),
        ("[_CurrentField_] + [#1] + [User.x]", "[_CurrentField_] + [#1] + [User.x]"),
        ("1 // two\n+ /* three */ 4", "1 + 4"),
        ("if a then 1 elseif b then 2 else 3 endif", "IF [a] THEN 1 ELSEIF [b] THEN 2 ELSE 3 ENDIF"),
        ("Left ( x , 1 )", "Left([x], 1)"),
        ("Größe + _x1", "[Größe] + [_x1]"),
        ("1e3 + .5", "1000.0 + 0.5"),
        ("99999999999999999999", "1e+20"),
        ('\'say "hi"\' + "it\'s"', '\'say "hi"\' + "it\'s"'),
        ("TRUE = false", "True = False"),
    ],
)
def test_an_expression_reads_as_it_is_printed(text: str, shown: str) -> None:
    assert show(parse(text)) == shown
    assert parse(shown) == parse(text)


def test_every_node_knows_its_place() -> None:
    text = "IIF([a] >= 10, Left(b, 2) + 'x', NULL()) "
    places = {text[node.at.start : node.at.end] for node in within(parse(text))}
    assert {"[a]", "10", "[a] >= 10", "Left(b, 2)", "Left(b, 2) + 'x'", "NULL()", text.strip()} <= places


def test_an_error_shows_the_line_with_a_caret() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("1 +\n  [a] ) 2", number=3)
    assert caught.value.position == 10
    assert caught.value.message.splitlines() == [
        'Parse Error at char(10): Unexpected ")" (Expression #3)',
        "      [a] ) 2",
        "          ^",
    ]


def test_a_caret_in_a_long_line_stays_on_the_screen() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("1 + " * 500 + ")")
    shown, caret = caught.value.message.splitlines()[1:]
    assert len(shown) < 120
    assert shown[caret.index("^")] == ")"


def test_functions_used_are_spelt_as_in_the_catalogue() -> None:
    assert functions_used("left(TRIM(x), 1) + iif(a, trim(b), foo())") == ("Left", "Trim", "IIF", "foo")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "1+(" * 10_000 + "1" + ")" * 10_000,
        "-" * 100_000 + "1",
        "f(" * 100_000,
        "if a then " * 50_000,
        "(" * 1_000_000,
        "[" * 1_000_000,
        '"' * 999_999,
        "/*" * 500_000,
        "x" * 1_000_000,
        "1 " * 100_000,
        "not " * 100_000,
        "\0" * 1_000_000,
    ],
    ids=lambda text: f"{text[:6]!r}",
)
def test_no_expression_makes_the_reader_fall(text: str) -> None:
    assert len(_said(text)) < 1_000


def test_an_expression_of_too_many_words_is_refused() -> None:
    assert _said("[n]" + "+[n]" * 15_000).startswith(
        "Parse Error at char(60000): The expression has more than 30,000 words and signs (Expression #1)"
    )
    assert len(parse("[n]" + "+[n]" * 14_000).links) == 14_000  # type: ignore[attr-defined]  # it is a chain


def _leaves() -> st.SearchStrategy[Node]:
    return st.one_of(
        st.integers(0, 2**63 - 1).map(lambda value: Number(value, at=AT)),
        st.floats(0, allow_nan=False).map(lambda value: Number(value, at=AT)),
        st.text(st.characters(exclude_characters="'", exclude_categories=["Cs"])).map(lambda value: Text(value, at=AT)),
        st.booleans().map(lambda value: Truth(value, at=AT)),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
        .filter(lambda name: not name.lower().startswith("row"))
        .map(lambda name: Name(name, at=AT)),
        st.integers(-9, 9).map(lambda row: Name("x]y", row, at=AT)),
    )


def _link(operator: str, operand: Node) -> Link:
    return Link(operator, operand, AT)


def _chain(operators: str, inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    link = st.builds(_link, st.sampled_from(operators.split()), inner)
    return st.builds(_joined, inner, st.lists(link, min_size=1, max_size=3))


def _joined(first: Node, links: list[Link]) -> Node:
    """Chains of one level on the left are one chain, as they are read."""
    level = {"*": 1, "/": 1, "+": 2, "-": 2}
    if isinstance(first, Chain) and level.get(first.links[0].operator) == level.get(links[0].operator):
        return Chain(first.first, (*first.links, *links), at=AT)
    return Chain(first, tuple(links), at=AT)


def _compare(sign: str, one: Node, other: Node) -> Node:
    return Compare(sign, one, other, AT, at=AT)


def _in(value: Node, options: list[Node], no: bool) -> Node:
    return In(value, tuple(options), no, AT, at=AT)


def _unary(sign: str, operand: Node) -> Node:
    return Unary(sign, operand, at=AT)


def _call(arguments: list[Node]) -> Node:
    return Call("f", tuple(arguments), AT, at=AT)


def _if(cases: list[Case], rest: Node) -> Node:
    return If(tuple(cases), rest, at=AT)


def _deeper(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        _chain("* /", inner),
        _chain("+ -", inner),
        _chain("AND OR", inner),
        st.builds(_compare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(_in, inner, several, st.booleans()),
        st.builds(_unary, st.sampled_from(["-", "+", "!", "NOT"]), inner),
        st.builds(_call, several),
        st.builds(_if, st.lists(st.builds(Case, inner, inner), min_size=1, max_size=2), inner),
    )


@given(st.recursive(_leaves(), _deeper, max_leaves=12))
@settings(max_examples=400, deadline=None)
def test_what_is_printed_reads_back_as_the_same(node: Node) -> None:
    assert parse(show(node)) == node


@given(st.text(st.sampled_from("()[]\"'+-*/<>=!&|,.1eaIFNOT THENELSINDR%#\n//* "), max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    said = _said(text)
    if not said:
        assert parse(show(parse(text))) == parse(text)


def _said(text: str) -> str:
    """The error that a text gives; nothing when it is read."""
    try:
        show(parse(text))
    except FormulaError as error:
        return error.message
    return ""
