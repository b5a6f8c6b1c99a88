"""Date Time Now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from openyx.document.config import many
from openyx.fields import BOOL, Field, FieldType, Schema
from openyx.formula import quoted
from openyx.relation import Relation, values
from openyx.tools.base import Approximate, Context, Tool, tool
from openyx.tools.shared.answers import Answer

_FIELD = "DateTimeNow"
_TYPE = FieldType.of("V_WString", 254)
_SOURCE = "Formula: DateTimeNow()"
_LANGUAGES = frozenset(
    {"english", "deutsch", "español", "français", "italiano", "português", "日本語", "简体中文"},
)
_SPECIFIERS = {
    "yyyy": "%Y",
    "yy": "%y",
    "Month": "%B",
    "Mon": "%b",
    "MM": "%m",
    "dd": "%d",
    "day": "%A",
    "dy": "%a",
    "HH": "%H",
    "hh": "%H",
    "mm": "%M",
    "ss": "%S",
    "ahh": "%p%I",
}
_NUMBERS = {"M": "DateTimeMonth", "d": "DateTimeDay", "H": "DateTimeHour"}
_PARTS = re.compile("|".join(sorted((*_SPECIFIERS, *_NUMBERS), key=len, reverse=True)) + r"|'[^']*'|[^A-Za-z%']")
_FORMAT = re.compile(f"(?:{_PARTS.pattern})+")


@tool(macros=("Date_Time_Now.yxmc",), inputs=())
class DateTimeNow(Tool):
    """One record with the time at which the run looked at its clock, as text in the chosen format and language."""

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("the field is called DateTimeNow, a V_WString of 254: its name and type are not known"),
    )

    answers: tuple[Answer, ...] = many("Value", of=Answer)

    def lacks(self) -> Iterable[str]:
        if len(self._formats()) != 1:
            answers = ", ".join(repr(text) for text in self._texts()) or "none"
            yield f"finding the format among the answers to Date Time Now: {answers}"

    def lower(self, *, context: Context) -> Relation:
        (format_,) = self._formats()
        language = next((text for text in self._texts() if text.lower() in _LANGUAGES), "English")
        now = values(Schema.of(Field("now", BOOL)), {"now": [True]})
        said = context.value(" + ".join(_pieces(format_, language)), now, target=_TYPE)
        return now.add(_FIELD, said, _TYPE, source=_SOURCE).select([_FIELD])

    def _formats(self) -> set[str]:
        """The answers that may be the format: which question asks for it is not known."""
        return {text for text in self._texts() if text.lower() not in _LANGUAGES and _FORMAT.fullmatch(text)}

    def _texts(self) -> Iterator[str]:
        return (answer.text.strip() for answer in self.answers if answer.text.strip() not in ("", "True", "False"))


def _pieces(format_: str, language: str) -> Iterator[str]:
    """The parts of a date as expressions."""
    for part in _PARTS.findall(format_):
        if part in _SPECIFIERS:
            yield f"DateTimeFormat(DateTimeNow(), {quoted(_SPECIFIERS[part])}, {quoted(language)})"
        elif part in _NUMBERS:
            yield f"ToString({_NUMBERS[part]}(DateTimeNow()))"
        else:
            yield quoted(part.strip("'"))
