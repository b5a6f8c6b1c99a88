"""Functions that turn values into others."""

from __future__ import annotations

from openyx.formula.shelf import ANYTHING, BOOL, DOUBLE, INTEGER, NUMBER, STRING, function
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import codes, geometry, numerals, strings

_NO = literal(value=False)


@function("BinToInt", (STRING,), returns=NUMBER)
def bin_to_int(text: Expr) -> Expr:
    """The number that binary digits say; 32 or 64 of them without a sign are two's complement.

    BinToInt("101010101") -> 341
    BinToInt("11111111111111111111111111111011") -> -5
    BinToInt("-111")      -> -7
    BinToInt("+111")      -> 7
    BinToInt(Null())      -> Null()
    """
    return codes.bits_to_integer(text)


@function("CharFromInt", (INTEGER,), returns=STRING)
def char_from_int(number: Expr) -> Expr:
    """The Unicode character of that number; null where there is none.

    CharFromInt(66)     -> "B"
    CharFromInt(1071)   -> "Я"
    CharFromInt(127944) -> "🏈"
    CharFromInt(55300)  -> Null()
    CharFromInt(-1)     -> Null()
    """
    return codes.character(number)


@function("CharToInt", (STRING,), returns=NUMBER)
def char_to_int(text: Expr) -> Expr:
    """The number of the first character.

    CharToInt("B")    -> 66
    CharToInt("🏈")   -> 127944
    CharToInt(Null()) -> Null()
    """
    return codes.code_point(text)


@function("ConvertFromCodePage", (STRING, INTEGER), returns=STRING)
def convert_from_code_page(text: Expr, page: Expr) -> Expr:
    """The text whose bytes in a code page are the characters of *text*.

    ConvertFromCodePage("Ã©", 65001) -> "é"
    """
    return codes.from_code_page(text, page)


@function("ConvertToCodePage", (STRING, INTEGER), returns=STRING)
def convert_to_code_page(text: Expr, page: Expr) -> Expr:
    """The bytes of *text* in a code page, as characters.

    ConvertToCodePage("é", 65001) -> "Ã©"
    """
    return codes.to_code_page(text, page)


@function("HexToNumber", (STRING,), returns=NUMBER)
def hex_to_number(text: Expr) -> Expr:
    """The number that hexadecimal digits say; with the top one of 64 bits set it is negative.

    HexToNumber("dd")               -> 221
    HexToNumber("7FFFFFFFFFFFFFFA") -> 9223372036854775802
    HexToNumber("FFFFFFFFFFFFFFFA") -> -6
    """
    return codes.hex_to_integer(text)


@function("IntToBin", (INTEGER,), returns=STRING)
def int_to_bin(number: Expr) -> Expr:
    """*number* in binary digits.

    IntToBin(5) -> "101"
    """
    return codes.integer_to_bits(number)


@function("IntToHex", (INTEGER,), returns=STRING)
def int_to_hex(number: Expr) -> Expr:
    """*number* in hexadecimal digits.

    IntToHex(221) -> "DD"
    """
    return codes.integer_to_hex(number)


@function("ToDegrees", (DOUBLE,), returns=NUMBER)
def to_degrees(radians: Expr) -> Expr:
    """An angle in degrees.

    ToDegrees(Pi()) -> 180
    """
    return geometry.real("degrees", radians)


@function("ToRadians", (DOUBLE,), returns=NUMBER)
def to_radians(degrees: Expr) -> Expr:
    """An angle in radians.

    Round(ToRadians(180), 0.00001) -> 3.14159
    """
    return geometry.real("radians", degrees)


@function("ToNumber", (ANYTHING, BOOL, BOOL, STRING), returns=NUMBER, lazy=True)
def to_number(
    value: Expr, ignore_errors: Expr | None = None, keep_nulls: Expr | None = None, separator: Expr | None = None
) -> Expr:
    """The number at the start of a text; 0 and an error without one, or null when *keep_nulls* is 1.

    ToNumber("878")                 -> 878
    ToNumber("4.256411411E9")       -> 4256411411
    ToNumber("Number")              -> 0, Number is not a valid number.
    ToNumber("Number", 1)           -> 0
    ToNumber("Number", 1, 1)        -> Null()
    ToNumber("12abc")               -> 12, 12abc lost information in translation
    ToNumber("123.456,789", 1, 1, ",") -> 123456.789
    ToNumber("")                    -> 0
    ToNumber(Null())                -> 0
    ToNumber(Null(), 0, 1)          -> Null()
    ToNumber(12.5)                  -> 12.5
    """
    return numerals.parsed(value, ignore_errors or _NO, keep_nulls or _NO, separator or literal("."))


@function("ToString", (ANYTHING, INTEGER, ANYTHING, STRING), returns=STRING)
def to_string(
    value: Expr, decimals: Expr | None = None, thousands: Expr | None = None, separator: Expr | None = None
) -> Expr:
    """A number as text, with as many decimals as it needs or as are asked for.

    ToString(10)                          -> "10"
    ToString(0.1 + 0.2)                   -> "0.3"
    ToString(10, 2)                       -> "10.00"
    ToString(100000, 2, 1)                -> "100,000.00"
    ToString(1234567.89, 2, ".", ",")     -> "1.234.567,89"
    ToString(0.125, 2)                    -> "0.12"
    ToString(Round(-0.4, 1), 1, " ")      -> "0.0"
    ToString(9223372036854775807, 0)      -> "9223372036854775807"
    ToString("text", 2)                   -> "text"
    ToString(1 = 1)                       -> "True"
    ToString(Null())                      -> Null()
    """
    if decimals is None:
        return numerals.printed(value)
    return numerals.printed_with(value, decimals, thousands or literal(0), separator or literal("."))


@function("UnicodeNormalize", (STRING, STRING), returns=STRING)
def unicode_normalize(text: Expr, form: Expr) -> Expr:
    """*text* in the Unicode normal form NFC, NFD, NFKC or NFKD.

    Length(UnicodeNormalize("é", "NFD")) -> 2
    """
    return strings.normalized(text, form)
