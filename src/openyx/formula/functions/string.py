"""Functions of text. They mind the case unless they say otherwise; positions count from 0."""

from __future__ import annotations

from openyx.fields import DOUBLE
from openyx.formula.shelf import BOOL, INTEGER, NUMBER, STRING, World, function
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels import codes, strings, units
from openyx.relation.kernels.logic import truth

_YES = literal(value=True)


def _flag(given: Expr | None) -> Expr:
    """A switch that is on when it is left out; null switches it off."""
    return _YES if given is None else truth(given)


@function("Contains", (STRING, STRING, NUMBER), returns=BOOL)
def contains(text: Expr, part: Expr, ignore_case: Expr | None = None) -> Expr:
    """Whether *part* stands in *text*, in any case unless *ignore_case* is 0; false when either is null.

    Contains("123ABC", "abc")     -> True
    Contains("123ABC", "abc", 0)  -> False
    Contains("123ABC", "abc", Null()) -> False
    Contains(Null(), "a")         -> False
    Contains("a", Null())         -> False
    Contains("a", "")             -> True
    """
    return strings.contains(text, part, _flag(ignore_case))


@function("StartsWith", (STRING, STRING, NUMBER), returns=BOOL)
def starts_with(text: Expr, part: Expr, ignore_case: Expr | None = None) -> Expr:
    """Whether *text* begins with *part*, in any case unless *ignore_case* is 0; false when either is null.

    StartsWith("ABC123", "abc")    -> True
    StartsWith("ABC123", "abc", 0) -> False
    StartsWith(Null(), "a")        -> False
    """
    return strings.starts_with(text, part, _flag(ignore_case))


@function("EndsWith", (STRING, STRING, NUMBER), returns=BOOL)
def ends_with(text: Expr, part: Expr, ignore_case: Expr | None = None) -> Expr:
    """Whether *text* ends with *part*, in any case unless *ignore_case* is 0; false when either is null.

    EndsWith("123ABC", "abc")     -> True
    EndsWith("123ABC", "abcd")    -> False
    EndsWith("123ABC", "abc", 0)  -> False
    EndsWith("abc", Null())       -> False
    """
    return strings.ends_with(text, part, _flag(ignore_case))


@function("CountWords", (STRING,), returns=NUMBER)
def count_words(text: Expr) -> Expr:
    """The number of words: runs of anything but blanks.

    CountWords("Basic Variables Households") -> 3
    CountWords("Basic Variables Age:Female (Pop)Age 1") -> 5
    CountWords("  a b c  ") -> 3
    CountWords(Null())      -> 0
    """
    return strings.word_count(text)


@function("GetWord", (STRING, INTEGER), returns=STRING)
def get_word(text: Expr, place: Expr) -> Expr:
    """The word at *place*, the first is 0; null beyond the last.

    GetWord("Basic Variables Households", 0) -> "Basic"
    GetWord("Basic Variables Households", 3) -> Null()
    GetWord(Null(), 0)                       -> Null()
    """
    return strings.word(text, place)


@function("GetPart", (STRING, STRING, INTEGER), returns=STRING)
def get_part(text: Expr, delimiters: Expr, place: Expr) -> Expr:
    """The part at *place* between any of the characters *delimiters*; null beyond the last.

    GetPart("Alteryx Designer 2023.2", ". ", 2) -> "2023"
    GetPart("a,b", ",", 2)                      -> Null()
    """
    return strings.split_part(text, delimiters, place)


@function("GetLeft", (STRING, STRING), returns=STRING)
def get_left(text: Expr, delimiters: Expr) -> Expr:
    """What stands before the first of the characters *delimiters*.

    GetLeft("2023/12/18 12:00:00", "/ ") -> "2023"
    GetLeft("abc", "/")                  -> "abc"
    """
    return strings.beside(text, delimiters, left=True)


@function("GetRight", (STRING, STRING), returns=STRING)
def get_right(text: Expr, delimiters: Expr) -> Expr:
    """What stands after the first of the characters *delimiters*.

    GetRight("2023/12/18 12:00:00", "/ ") -> "12/18 12:00:00"
    """
    return strings.beside(text, delimiters, left=False)


@function("FindString", (STRING, STRING), returns=NUMBER)
def find_string(text: Expr, part: Expr) -> Expr:
    """Where *part* stands in *text* for the first time; -1 where it does not.

    FindString("John Smith", "Smith") -> 5
    FindString("abcabc", "AB")        -> -1
    FindString("🏈b", "b")            -> 2
    FindString(Null(), "a")           -> -1
    """
    return position_of(text, part)


def position_of(text: Expr, part: Expr) -> Expr:
    """Where *part* stands; nothing is found in null (we assume)."""
    place = units.found(text, part).native.fill_null(-1)
    return made(place, units.found(text, part).type, text, part)


@function("FindNth", (STRING, STRING, NUMBER), returns=NUMBER)
def find_nth(text: Expr, part: Expr, number: Expr) -> Expr:
    """Where *part* stands in *text* for the *number*-th time (rounded); -1 where it does not.

    FindNth("Hello World", "o", 2)     -> 7
    FindNth("Hello World", "o", 1.8)   -> 7
    FindNth("Hello World", "world", 1) -> -1
    FindNth("Hello World", "l", 0)     -> -1
    FindNth("Hello World", "l", 1e999) -> -1
    """
    rounded = made((number.native + 0.5).floor(), DOUBLE, number)
    place = units.found(text, part, rounded)
    return made(place.native.fill_null(-1), place.type, text, part, number)


@function("Left", (STRING, INTEGER), returns=STRING)
def left(text: Expr, length: Expr) -> Expr:
    """The first *length* characters of *text*; all of it when *length* is negative.

    Left("Alteryx", 3)    -> "Alt"
    Left("Al", 5)         -> "Al"
    Left("92688", 3)      -> "926"
    Left("abcdef", -1)    -> "abcdef"
    Left("abcdef", 0)     -> ""
    Left("abcdef", 2.9)   -> "ab"
    Left("abc", Null())   -> ""
    Left(Null(), 2)       -> Null()
    """
    return units.prefix(text, length)


@function("Right", (STRING, INTEGER), returns=STRING)
def right(text: Expr, length: Expr) -> Expr:
    """The last *length* characters of *text*; all of it when *length* is negative.

    Right("Alteryx", 3)  -> "ryx"
    Right("Al", 5)       -> "Al"
    Right("abcdef", -1)  -> "abcdef"
    Right("abc", 0)      -> ""
    Right("abc", Null()) -> ""
    Right(Null(), 2)     -> Null()
    """
    return units.suffix(text, length)


@function("Substring", (STRING, INTEGER, INTEGER), returns=STRING)
def substring(text: Expr, start: Expr, length: Expr | None = None) -> Expr:
    """The *length* characters of *text* from *start* on, or all the rest; a negative start eats into the length.

    Substring("949-222-4356", 4, 8)  -> "222-4356"
    Substring("949-222-4356", 4)     -> "222-4356"
    Substring("abcdef", -1, 1)       -> ""
    Substring("abcdef", -1, 20)      -> "abcdef"
    Substring("abcdef", 20, 1)       -> ""
    Substring("abcdef", 1, -1)       -> ""
    Substring("abc", Null(), 2)      -> "ab"
    Substring("abc", 1, Null())      -> ""
    Substring(Null(), 1, 2)          -> Null()
    """
    first = made(start.native.fill_null(0), start.type, start)
    if length is None:
        return units.window(text, first, units.length(text))
    end = made(first.native + length.native.fill_null(0).clip(0, 2**31), start.type, start, length)
    return units.window(text, first, end)


@function("Length", (STRING,), returns=NUMBER)
def length(text: Expr) -> Expr:
    """How many characters *text* has; one beyond U+FFFF counts two.

    Length("92688") -> 5
    Length("Zürich") -> 6
    Length("🏈")    -> 2
    Length("")      -> 0
    Length(Null())  -> 0
    """
    counted = units.length(text)
    return made(counted.native.fill_null(0), counted.type, text)


@function("LowerCase", (STRING,), returns=STRING)
def lower_case(text: Expr) -> Expr:
    """*text* in small letters.

    LowerCase("M1P 1G6") -> "m1p 1g6"
    LowerCase("ÀÉ")      -> "àé"
    LowerCase(Null())    -> Null()
    """
    return strings.lower(text)


@function("UpperCase", (STRING,), returns=STRING)
def upper_case(text: Expr) -> Expr:
    """*text* in capitals.

    UpperCase("john smith") -> "JOHN SMITH"
    UpperCase("straße")     -> "STRAßE"
    UpperCase(Null())       -> Null()
    """
    return strings.upper(text)


@function("TitleCase", (STRING,), returns=STRING)
def title_case(text: Expr) -> Expr:
    """*text* with a capital at the start of each word and small letters else.

    TitleCase("john smith")   -> "John Smith"
    TitleCase("O'NEIL-BROWN") -> "O'neil-Brown"
    TitleCase(Null())         -> Null()
    """
    return strings.titled(text)


@function("PadLeft", (STRING, INTEGER, STRING), returns=STRING)
def pad_left(text: Expr, length: Expr, character: Expr) -> Expr:
    """*text*, filled up on the left to *length* with the first of *character*; a longer text stays as it is.

    PadLeft("M", 4, "x")       -> "xxxM"
    PadLeft("12345", 4, "0")   -> "12345"
    PadLeft("1", 3, "")        -> "1"
    PadLeft("1", 3, Null())    -> "1"
    PadLeft("1", Null(), "0")  -> Null()
    PadLeft("1", 1e10, "0")    -> Null(), No text holds more than 1073741823 characters
    PadLeft(Null(), 3, "0")    -> Null()
    """
    return units.padded(text, length, character, left=True)


@function("PadRight", (STRING, INTEGER, STRING), returns=STRING)
def pad_right(text: Expr, length: Expr, character: Expr) -> Expr:
    """*text*, filled up on the right to *length* with the first of *character*; a longer text stays as it is.

    PadRight("M", 4, "x")  -> "Mxxx"
    PadRight("M", 4, "xy") -> "Mxxx"
    """
    return units.padded(text, length, character, left=False)


@function("Replace", (STRING, STRING, STRING), returns=STRING)
def replace(text: Expr, old: Expr, new: Expr) -> Expr:
    """*text* with *new* in place of each *old*.

    Replace("Good judgment comes from experience", "experience", "mistakes") -> "Good judgment comes from mistakes"
    Replace("aAa", "a", "b")      -> "bAb"
    Replace("a$1b", "$1", "$0")   -> "a$0b"
    Replace("abc", "", "x")       -> "abc"
    Replace("abc", Null(), "x")   -> "abc"
    Replace("abc", "b", Null())   -> "ac"
    Replace(Null(), "b", "x")     -> ""
    """
    return strings.replaced(text, old, new)


@function("ReplaceFirst", (STRING, STRING, STRING), returns=STRING)
def replace_first(text: Expr, old: Expr, new: Expr) -> Expr:
    """*text* with *new* in place of the first *old*.

    ReplaceFirst("abcdefb", "b", "_") -> "a_cdefb"
    """
    return strings.replaced(text, old, new, once=True)


@function("ReplaceChar", (STRING, STRING, STRING), returns=STRING)
def replace_char(text: Expr, characters: Expr, new: Expr) -> Expr:
    """*text* with the first character of *new* in place of each that is among *characters*.

    ReplaceChar("abcdefb", "b", "_")   -> "a_cdef_"
    ReplaceChar("@a#b%c", "@,#,%", "_") -> "_a_b_c"
    ReplaceChar("abc", "b", "")        -> "ac"
    ReplaceChar(Null(), "b", "_")      -> Null()
    """
    return strings.translated(text, characters, new)


@function("ReverseString", (STRING,), returns=STRING)
def reverse_string(text: Expr) -> Expr:
    """The characters of *text* in the reverse order.

    ReverseString("abcde") -> "edcba"
    ReverseString(Null())  -> Null()
    """
    return strings.backwards(text)


@function("StripQuotes", (STRING,), returns=STRING)
def strip_quotes(text: Expr) -> Expr:
    """*text* without one pair of quotes around it.

    StripQuotes("'Hi'") -> "Hi"
    StripQuotes("'Hi")  -> "'Hi"
    """
    return strings.unquoted(text)


@function("STRCSPN", (STRING, STRING), returns=NUMBER)
def strcspn(text: Expr, characters: Expr) -> Expr:
    """The length of the first part of *text* that has none of *characters*.

    STRCSPN("Bobs phone 555", "0123456789") -> 11
    STRCSPN("abc", "0")                     -> 3
    STRCSPN("🏈a", "a")                     -> 2
    """
    return strings.spanned(text, characters, within=False)


@function("STRSPN", (STRING, STRING), returns=NUMBER)
def strspn(text: Expr, characters: Expr) -> Expr:
    """The length of the first part of *text* that has nothing but *characters*.

    STRSPN("3034408896x105", "0123456789") -> 10
    """
    return strings.spanned(text, characters, within=True)


@function("Trim", (STRING, STRING), returns=STRING)
def trim(text: Expr, characters: Expr | None = None) -> Expr:
    """*text* without the *characters* at both ends; white space when none are given.

    Trim("!see instructions!!!", "!") -> "see instructions"
    Trim("-*abc*-", "-*")             -> "abc"
    Trim("  a b ")                    -> "a b"
    Trim("  a ", Null())              -> "a"
    Trim(Null())                      -> Null()
    """
    return strings.trimmed(text, characters)


@function("TrimLeft", (STRING, STRING), returns=STRING)
def trim_left(text: Expr, characters: Expr | None = None) -> Expr:
    """*text* without the *characters* at its start; white space when none are given.

    TrimLeft("  a ")      -> "a "
    TrimLeft("00120", "0") -> "120"
    """
    return strings.trimmed(text, characters, right=False)


@function("TrimRight", (STRING, STRING), returns=STRING)
def trim_right(text: Expr, characters: Expr | None = None) -> Expr:
    """*text* without the *characters* at its end; white space when none are given.

    TrimRight("  a ")      -> "  a"
    TrimRight("1.500", "0") -> "1.5"
    """
    return strings.trimmed(text, characters, left=False)


@function("UuidCreate", returns=STRING, by_chance=True)
def uuid_create(world: World) -> Expr:
    """A random identifier, new for each record."""
    return codes.random_uuid(world.context.chance, world.record)
