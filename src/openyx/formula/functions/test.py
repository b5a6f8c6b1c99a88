"""Functions that answer with yes or no, or put two values in order."""

from __future__ import annotations

from openyx.fields import BOOL as BOOLEAN
from openyx.fields import INT64, Family
from openyx.formula.shelf import ANYTHING, BOOL, DOUBLE, NUMBER, STRING, function
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels import rounding, strings
from openyx.relation.kernels.batches import each
from openyx.relation.kernels.dictionary import dictionary_order
from openyx.relation.kernels.numerals import similar


@function("CompareDictionary", (STRING, STRING), returns=NUMBER)
def compare_dictionary(one: Expr, other: Expr) -> Expr:
    """-1, 0 or 1 as *one* stands before, with or after *other* in a dictionary that reads numbers.

    CompareDictionary("2", "10")               -> -1
    CompareDictionary("minus -2", "minus -10") -> 1
    CompareDictionary("minus-2", "minus-10")   -> -1
    CompareDictionary("pi 3.14", "pi 6.28e-1") -> 1
    CompareDictionary("12.00", "12.0")         -> 1
    CompareDictionary("a", "À")                -> -1
    CompareDictionary("o", "ñ")                -> -1
    CompareDictionary("ñ", "Ñ")                -> 0
    """
    return each(dictionary_order, INT64, one, other)


@function("CompareDigits", (DOUBLE, DOUBLE, DOUBLE), returns=BOOL)
def compare_digits(one: Expr, other: Expr, digits: Expr) -> Expr:
    """Whether two numbers are the same to that many leading digits.

    CompareDigits(12345, 12444, 3)   -> True
    CompareDigits(12345, 12445, 3)   -> False
    CompareDigits(.91234, .91334, 3) -> False
    CompareDigits(1, 1e999, 3)       -> False
    CompareDigits(1, 1, 20)          -> Null(), CompareDigits: the digits are not from 1 to 19
    """
    return similar(one, other, digits)


@function("CompareEpsilon", (DOUBLE, DOUBLE, DOUBLE), returns=BOOL)
def compare_epsilon(one: Expr, other: Expr, distance: Expr) -> Expr:
    """Whether two numbers are no further apart than *distance*.

    CompareEpsilon(1, 1.5, 0.5)    -> True
    CompareEpsilon(1, 1.5, 0.4)    -> False
    CompareEpsilon(1, Null(), 0.4) -> False
    """
    return rounding.closely(one, other, distance)


@function("EqualStrings", (STRING, STRING), returns=BOOL)
def equal_strings(one: Expr, other: Expr) -> Expr:
    """Whether two texts are the same, case and all.

    EqualStrings("Hello", "Hello") -> True
    EqualStrings("Hello", "hello") -> False
    EqualStrings("Hello", "")      -> False
    """
    return strings.identical(one, other)


@function("IsEmpty", (ANYTHING,), returns=BOOL)
def is_empty(value: Expr) -> Expr:
    """Whether it is null or an empty text.

    IsEmpty("")     -> True
    IsEmpty(Null()) -> True
    IsEmpty(" ")    -> False
    IsEmpty(0)      -> False
    """
    if value.type.is_text and not value.void:
        return made(value.native.fill_null("") == "", BOOLEAN, value)
    return made(value.native.is_null(), BOOLEAN, value)


@function("IsNull", (ANYTHING,), returns=BOOL)
def is_null(value: Expr) -> Expr:
    """Whether it is null.

    IsNull(Null())     -> True
    IsNull("")         -> False
    IsNull(1 + Null()) -> True
    """
    return made(value.native.is_null(), BOOLEAN, value)


@function("IsInteger", (ANYTHING,), returns=BOOL)
def is_integer(value: Expr) -> Expr:
    """Whether it is a whole number, or a text that says one.

    IsInteger("12")   -> True
    IsInteger("12.5") -> False
    IsInteger(12)     -> True
    IsInteger(12.5)   -> False
    IsInteger("")     -> False
    IsInteger(Null()) -> False
    """
    if value.type.family not in (Family.NUMBER, Family.TEXT):
        whole = literal(value=False).native
    elif value.type.is_text:
        whole = value.native.str.contains(r"^[+-]?[0-9]+$")
    elif value.type.is_date:
        whole = literal(value=False).native
    else:
        whole = made(value.native.cast(rounding.REAL).is_finite(), BOOLEAN).native
        whole &= value.native.cast(rounding.REAL).round() == value.native.cast(rounding.REAL)
    return made(whole.fill_null(value=False), BOOLEAN, value)


@function("IsLowerCase", (STRING,), returns=BOOL)
def is_lower_case(text: Expr) -> Expr:
    """Whether all letters are small.

    IsLowerCase("abc 1") -> True
    IsLowerCase("aBc")   -> False
    """
    return strings.is_lower(text)


@function("IsUpperCase", (STRING,), returns=BOOL)
def is_upper_case(text: Expr) -> Expr:
    """Whether all letters are capitals.

    IsUpperCase("ABC 1") -> True
    IsUpperCase("aBc")   -> False
    """
    return strings.is_upper(text)


@function("IsNumber", (ANYTHING,), returns=BOOL)
def is_number(value: Expr) -> Expr:
    """Whether the value is of a type that holds numbers, whatever it is.

    IsNumber(1)   -> True
    IsNumber("1") -> False
    """
    return _of(value, Family.NUMBER)


@function("IsString", (ANYTHING,), returns=BOOL)
def is_string(value: Expr) -> Expr:
    """Whether the value is of a type that holds text; dates count.

    IsString("1") -> True
    IsString(1)   -> False
    """
    return _of(value, Family.TEXT)


@function("IsSpatialObj", (ANYTHING,), returns=BOOL)
def is_spatial_obj(value: Expr) -> Expr:
    """Whether the value is of the type that holds shapes.

    IsSpatialObj("1") -> False
    """
    return _of(value, Family.SPATIAL)


def _of(value: Expr, family: Family) -> Expr:
    return made(literal(value=not value.void and value.type.family is family).native, BOOLEAN, value)
