"""Functions that are in no other category."""

from __future__ import annotations

from openyx.formula.shelf import INTEGER, SAME, STRING, World, function
from openyx.relation.expr import Expr, literal, null
from openyx.relation.kernels import codes, strings
from openyx.relation.kernels.batches import each_text
from openyx.relation.kernels.logic import first_known, picked


@function("Null", returns=SAME)
def null_() -> Expr:
    """No value; it fits wherever a value fits.

    Null()            -> Null()
    "ABC" + Null()    -> "ABC"
    Null() = Null()   -> True
    """
    return null()


@function("Coalesce", (SAME,), returns=SAME, lazy=True)
def coalesce(first: Expr, *others: Expr) -> Expr:
    """The first value that is not null.

    Coalesce(Null(), "oranges", "apples") -> "oranges"
    Coalesce(Null(), Null())              -> Null()
    Coalesce(1, ToNumber("x"))            -> 1
    """
    return first_known([first, *others])


@function("EscapeXMLMetacharacters", (STRING,), returns=STRING)
def escape_xml_metacharacters(text: Expr) -> Expr:
    """*text* with the five characters that XML keeps for itself as entities.

    EscapeXMLMetacharacters("2>1&1<2") -> "2&gt;1&amp;1&lt;2"
    """
    return strings.escaped(text)


@function("GetEnvironmentVariable", (STRING,), returns=STRING)
def get_environment_variable(world: World, name: Expr) -> Expr:
    """A variable of the process's environment; empty where there is none.

    GetEnvironmentVariable("GREETING") -> "hello"
    GetEnvironmentVariable("NO_SUCH")  -> ""
    """

    def look(wanted: str) -> str:
        return world.context.environment.get(wanted, "")

    return each_text(look, name.type, name)


@function("GetVal", (INTEGER, SAME), returns=SAME, lazy=True)
def get_val(place: Expr, first: Expr, *others: Expr) -> Expr:
    """The value at *place*, the first is 0; null outside.

    GetVal(1, "a", "b", "c") -> "b"
    GetVal(3, "a", "b", "c") -> Null()
    """
    return picked(place, [first, *others])


@function("ReadRegistryString", (STRING, STRING, STRING), returns=STRING)
def read_registry_string(key: Expr, name: Expr, default: Expr | None = None) -> Expr:
    """The *default*: there is no registry here.

    ReadRegistryString("HKEY_LOCAL_MACHINE\\SOFTWARE", "x", "none") -> "none"
    """
    del key, name
    return default or literal("")


@function("Soundex", (STRING,), returns=STRING)
def soundex(text: Expr) -> Expr:
    """How *text* sounds in English: a letter and three digits.

    Soundex("Lynn")     -> "L500"
    Soundex("Robert")   -> "R163"
    Soundex("Ashcraft") -> "A261"
    """
    return codes.sound(text)


@function("Soundex_Digits", (STRING,), returns=STRING)
def soundex_digits(text: Expr) -> Expr:
    """The first four digits of *text*, or its Soundex when it has none.

    Soundex_Digits("3825 Iris") -> "3825"
    Soundex_Digits("Lynn")      -> "L500"
    """
    return codes.digits_or_sound(text)


@function("UrlEncode", (STRING,), returns=STRING)
def url_encode(text: Expr) -> Expr:
    """*text* as it may stand in an address, the older way.

    UrlEncode("a b") -> "a%20b"
    """
    return codes.url_encoded_old(text)


@function("UrlEncodeUTF8", (STRING,), returns=STRING)
def url_encode_utf8(text: Expr) -> Expr:
    """*text* as it may stand in an address, its UTF-8 bytes percent-encoded.

    UrlEncodeUTF8("a b/é") -> "a%20b%2F%C3%A9"
    """
    return codes.url_encoded(text)
