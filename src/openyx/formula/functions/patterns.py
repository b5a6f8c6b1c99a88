"""Functions of text that look for patterns, and its checksums."""

from __future__ import annotations

from openyx.formula.shelf import BOOL, NUMBER, STRING, function
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import codes, patterns, strings
from openyx.relation.kernels.logic import truth


def _flag(given: Expr | None) -> Expr:
    """Letters count in any case unless that is switched off; null switches it off."""
    return literal(value=True) if given is None else truth(given)


@function("REGEX_Match", (STRING, STRING, NUMBER), returns=BOOL)
def regex_match(text: Expr, pattern: Expr, ignore_case: Expr | None = None) -> Expr:
    r"""Whether *pattern* fits the whole *text*, in any case unless *ignore_case* is 0; false when either is null.

    REGEX_Match("123-45", "\d{3}-\d{2}") -> True
    REGEX_Match("123-45", "\d{3}")       -> False
    REGEX_Match("ABCABC", "(abc){3}")    -> False
    REGEX_Match("ABCABC", "(abc){2}")    -> True
    REGEX_Match("ABC", "abc", 0)         -> False
    REGEX_Match("ab", "a(?=b).")         -> True
    REGEX_Match("AB12", "\u{2}\d+", 0)   -> True
    REGEX_Match(Null(), "a")             -> False
    REGEX_Match("a", Null())             -> False
    """
    return patterns.matches(text, pattern, _flag(ignore_case))


@function("REGEX_CountMatches", (STRING, STRING, NUMBER), returns=NUMBER)
def regex_count_matches(text: Expr, pattern: Expr, ignore_case: Expr | None = None) -> Expr:
    """How often *pattern* fits in *text*, in any case unless *ignore_case* is 0.

    REGEX_CountMatches("ABCABC", "[^a]")  -> 4
    REGEX_CountMatches("aaAA", "[^a]", 0) -> 2
    REGEX_CountMatches(Null(), "a")       -> 0
    REGEX_CountMatches("a", Null())       -> 0
    """
    return patterns.match_count(text, pattern, _flag(ignore_case))


@function("REGEX_Replace", (STRING, STRING, STRING, NUMBER), returns=STRING)
def regex_replace(text: Expr, pattern: Expr, new: Expr, ignore_case: Expr | None = None) -> Expr:
    r"""*text* with *new* wherever *pattern* fits; ``$1`` or ``${1}`` in *new* is what the first group holds.

    REGEX_Replace("ABCABC", "(abc){2}", "${1}xyz")    -> "ABCxyz"
    REGEX_Replace("5/11", "(\d+)/(\d+)", "${1}0$2")   -> "5011"
    REGEX_Replace("john smith", "(\w+) (\w+)", "\u$1 \U$2\E!") -> "John SMITH!"
    REGEX_Replace("price: 5", "\d", "$$")             -> "price: $"
    REGEX_Replace("ABC", Null(), "-")                 -> "-A-B-C-"
    REGEX_Replace("abc", "B", Null())                 -> "ac"
    REGEX_Replace(Null(), "a", "b")                   -> ""
    """
    return patterns.substituted(text, pattern, new, _flag(ignore_case))


@function("DecomposeUnicodeForMatch", (STRING,), returns=STRING)
def decompose_unicode_for_match(text: Expr) -> Expr:
    """*text* in small letters without accents; other wide characters become ``?``.

    DecomposeUnicodeForMatch("Prénoms français") -> "prenoms francais"
    """
    return strings.plain(text)


@function("MD5_ASCII", (STRING,), returns=STRING)
def md5_ascii(text: Expr) -> Expr:
    """The MD5 of *text* in Latin-1.

    MD5_ASCII("a")    -> "0cc175b9c0f1b6a831c399e269772661"
    MD5_ASCII(Null()) -> Null()
    """
    return codes.checksum(text, "latin-1")


@function("MD5_UNICODE", (STRING,), returns=STRING)
def md5_unicode(text: Expr) -> Expr:
    """The MD5 of *text* in UTF-16, little-endian.

    MD5_UNICODE("a") -> "4144e195f46de78a3623da7364d04f11"
    """
    return codes.checksum(text, "utf-16-le")


@function("MD5_UTF8", (STRING,), returns=STRING)
def md5_utf8(text: Expr) -> Expr:
    """The MD5 of *text* in UTF-8.

    MD5_UTF8("é") -> "66ddcd97cfdeabb2f6fb8a999b4bc76f"
    """
    return codes.checksum(text, "utf-8")
