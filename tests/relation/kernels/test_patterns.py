"""Regular expressions: the two engines agree where either may be used; the dialect is Boost's."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.errors import FormulaError
from openyx.fields import V_WSTRING, Field
from openyx.relation.expr import Expr, field, literal
from openyx.relation.kernels.dialect import compiled, translated, written_out
from openyx.relation.kernels.patterns import match_count, matches, substituted

TEXT = field(Field("t", V_WSTRING))
YES, NO = literal(value=True), literal(value=False)


def over(expr: Expr, *values: str | None) -> list[object]:
    return pl.DataFrame({"t": values}, schema={"t": pl.String}).select(v=expr.native)["v"].to_list()


def replaced(text: str, pattern: str, new: str, *, fold: bool = True) -> object:
    return over(substituted(TEXT, literal(pattern), literal(new), literal(value=fold)), text)[0]


ATOMS = st.sampled_from(
    ["a", "b", "B", "1", ".", r"\d", r"\w", r"\s", "[ab]", "[^a1]", "(a|b)", "(?:ab)", r"\.", "^", "$", r"\b", "x|y"]
)
PATTERNS = st.lists(
    st.builds("{}{}".format, ATOMS, st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "+?"])), min_size=1, max_size=5
).map("".join)


@pytest.mark.parametrize("pattern", ["a{99999999}", "(a{1000}){1000}", r"(?:\d[xy]{50}){9999}", "x" * 100_001])
def test_a_pattern_that_takes_too_much_room_is_refused(pattern: str) -> None:
    with pytest.raises(FormulaError, match="longer than 100,000 signs, with its repetitions written out"):
        compiled(pattern, ignore_case=True)


@pytest.mark.parametrize(
    ("pattern", "signs"), [("a{5}", 5), (r"\{9}[a{9}]", 4), ("(ab|c){2}d", 11), ("a{,3}", 5), ("((", 0)]
)
def test_repetitions_are_counted(pattern: str, signs: int) -> None:
    assert written_out(pattern) == signs


@given(PATTERNS, st.text(st.sampled_from("abAB1 .\nxy"), max_size=10), st.booleans())
@settings(max_examples=400, deadline=None)
def test_both_engines_agree(pattern: str, text: str, fold: bool) -> None:
    """A letter beyond ASCII in the same batch sends all of it to the slower engine."""
    try:
        compiled(pattern, ignore_case=fold)
    except FormulaError:
        return
    flag = literal(value=fold)
    for expr in (
        matches(TEXT, literal(pattern), flag),
        match_count(TEXT, literal(pattern), flag),
        substituted(TEXT, literal(pattern), literal("<$0$1>"), flag),
    ):
        assert over(expr, text)[0] == over(expr, text, "é")[0]


def test_common_patterns_take_the_fast_way() -> None:
    assert compiled(r"\d{3}-\d{2}", ignore_case=True).native is not None
    assert compiled("(abc|de)+[^x]*", ignore_case=False).native is not None
    for other in (
        r"a(?=b)",
        r"(a)\1",
        "(?R)",
        "(?i)a",
        "a++",
        "a*+",
        "a{1}+",
        "[a&&b]",
        "[[:alpha:]]",
        r"\u",
        "é",
    ):
        assert compiled(other, ignore_case=True).native is None


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"a(?=b)b", "ab", True),
        (r"(?<=a)b", "b", False),
        (r"a(?!c)b", "ab", True),
        (r"(\w)\1", "aa", True),
        (r"(?<x>\w)-\k<x>", "a-a", True),
        (r"\Qa.b\E", "a.b", True),
        (r"\Qa.b\E", "axb", False),
        (r"\x{41}\x42", "AB", True),
        (r"[[:alpha:]]+", "abc", True),
        (r"[[:alpha:][:digit:]_]+", "a1_", True),
        (r"\<ab\>", "ab", True),
        (r"[[:<:]]ab[[:>:]]", "ab", True),
        (r"(?>a+)b", "aab", True),
        (r"a++b", "aab", True),
        (r"a.c", "a\nc", True),
        (r"^b$", "b", True),
        (r"\Aab\z", "ab", True),
        (r"\h+", " \t", True),
        (r"(a)?(?(1)b|c)", "ab", True),
        (r"(a)?(?(1)b|c)", "ac", False),
        (r"\cA", "\x01", True),
        (r"[]a]+", "]a", True),
        (r"(?i:A)b", "ab", True),
        (r"é+", "ÉÉ", True),
    ],
)  # fmt: skip
def test_the_dialect(pattern: str, text: str, fits: bool) -> None:
    assert over(matches(TEXT, literal(pattern), YES), text) == [fits]


def test_cases_of_letters_are_classes() -> None:
    assert over(matches(TEXT, literal(r"\u{2}\l+"), NO), "ABc", "AbC", "ÄÖü") == [True, False, True]
    assert over(matches(TEXT, literal(r"[\u\d]+"), NO), "A1", "a1") == [True, False]
    assert over(matches(TEXT, literal(r"\L\U"), NO), "Ab", "aB") == [True, False]
    assert over(matches(TEXT, literal(r"\u\l"), YES), "ab", "AB") == [True, True]


@pytest.mark.parametrize(
    ("text", "pattern", "new", "wanted"),
    [
        ("ab", "(a)(b)", "$2$1", "ba"),
        ("ab", "(a)(b)", r"\2\1", "ba"),
        ("ab", "(a)(b)", "${1}0$2", "a0b"),
        ("ab", "(?<first>a)", "<${first}>", "<a>b"),
        ("abc", "b", "[$&]", "a[b]c"),
        ("abc", "b", "$`", "aac"),
        ("abc", "b", "$'", "acc"),
        ("abc", "b", "$$", "a$c"),
        ("abc", "b", "$", "a$c"),
        ("abc", "(b)|(x)", "<$2>", "a<>c"),
        ("abc", "b", "$7", "ac"),
        ("hello world", r"(\w+) (\w+)", r"\U$1\E \u$2", "HELLO World"),
        ("ABC", "", "-", "-A-B-C-"),
        ("baac", "a*", "x", "xbxxcx"),
        ("a\tb", r"\t", r"\n", "a\nb"),
        ("aXbX", "x", "", "ab"),
        ("x(a(b)c)", r"\((?:[^()]|(?R))*\)", "-", "x-"),
        ("one two", r"\b(\w)", r"\u$1", "One Two"),
    ],
)  # fmt: skip
def test_replacements(text: str, pattern: str, new: str, wanted: str) -> None:
    assert replaced(text, pattern, new) == wanted
    assert replaced(text + "é", pattern + "(?#slow)", new) is not None


@pytest.mark.parametrize("pattern", ["(", "a**", "[a", "a{2,1}", "(?<x>a", "\\", "(" * 100_000])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(FormulaError, match=r"regular expression|complex|nests"):
        compiled(pattern, ignore_case=True)


def test_the_translation_keeps_what_is_common() -> None:
    assert translated(r"^(\d+)[a-z]\s*$", ignore_case=True) == r"^(\d+)[a-z]\s*$"
