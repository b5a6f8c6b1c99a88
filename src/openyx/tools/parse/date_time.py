"""DateTime."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from openyx.document.config import field_type, text, value
from openyx.errors import WorkflowError
from openyx.fields import DATETIME, V_STRING, FieldType, Kind, unique
from openyx.formula.context import Context as World
from openyx.relation import Expr, Relation
from openyx.relation.convert import convert
from openyx.relation.expr import literal
from openyx.relation.kernels import date_formats, date_parsing
from openyx.relation.kernels.date_formats import Part
from openyx.relation.kernels.date_zones import MachineZone
from openyx.tools.base import Approximate, Context, Tool, field_of, meant, tool

_WORDS = {
    "yyyy": "%Y",
    "yy(yy)": "%y",
    "yy": "%y",
    "Month": "%B",
    "MMMM": "%B",
    "Mon": "%b",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "EEEE": "%A",
    "day": "%A",
    "dy": "%a",
    "dd": "%d",
    "d": "%-d",
    "ahh": "%p%I",
    "HH": "%H",
    "hh": "%H",
    "H": "%-H",
    "mm": "%M",
    "ss": "%S",
    "AM": "%p",
    "PM": "%p",
}
_WORD = re.compile("|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)))
_SPECIFIER = re.compile(r"%(-?[A-Za-z])")
_NAMES = frozenset("aAbBhcx")

# How long what a specifier writes can get. The one size that is known, 36 for "%A, %d %B %Y ", leaves 25 for the two
# names: the longest day in any of the designer's languages has 13 characters.
_WIDTHS = {
    "A": 13,
    "B": 12,
    "a": 3,
    "b": 3,
    "h": 3,
    "Y": 4,
    "j": 3,
    "D": 8,
    "T": 8,
    "x": 8,
    "X": 8,
    "c": 24,
    "z": 5,
    "Z": 32,
    "u": 1,
    "w": 1,
}
_WIDTH = 2


@tool("AlteryxBasePluginsGui.DateTime.DateTime")
class DateTime(Tool):
    """Reads a date or time out of a text, or writes one as a text, in a new field at the end.

    A format is made of `yyyy`, `yy`, `Month`, `Mon`, `MM`, `M`, `day`, `dy`, `dd`, `d`, `HH`, `H`, `hh`, `mm`, `ss`,
    `AM`, with any text between, where `*` stands for any when reading; or of the `%` specifiers of DateTimeFormat and
    DateTimeParse. With `AM`, hours go from 1 to 12. Names of months and days are English.

    What is read is a Date when the format has parts of dates only, a Time when it has parts of times only, else a
    DateTime. A date that is to be read is taken as its text. What is written is a String as long as such a text can
    get. What does not fit is null and an error.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "the sizes of texts with names of months or days are assumed, but for one",
            when=lambda tool: tool.writes_text,
        ),
    )

    writes_text: bool = value("IsFrom", default=False)
    field: str = text("InputFieldName")
    form: str = text("Format")
    name: str = text("OutputFieldName", default="DateTime_Out")
    language: str = text("Language", default="English")
    type: FieldType | None = field_type("OutputFieldType", default=None)

    def lacks(self) -> Iterable[str]:
        names = _NAMES & set(_SPECIFIER.findall(_specified(self.form)))
        if names and self.language.strip().lower() not in ("", "english"):
            yield f"names of days and months in the language {self.language} in DateTime"

    def lower(self, records: Relation, *, context: Context) -> Relation:
        assert not any(self.lacks())
        moments = field_of(records, self.field)
        field = records.schema[self.field]
        if not (field.type.is_text or field.type.is_date):
            raise WorkflowError(f'The field "{field.name}" is a {field.type}, and neither a text nor a date')
        if not self.name.strip():
            raise WorkflowError("The new field has no name")
        if not self.form.strip():
            raise WorkflowError("No format is given")
        form = _specified(self.form)
        world = context.world or World.here()
        if self._writes_text:
            made = date_formats.written(moments, list(_parts(form)), world.now.tzinfo or MachineZone())
            return self._add(records, made, FieldType.of(Kind.STRING, _longest(form)), f"DateTime: From {self.form}")
        made = _read(convert(moments, V_STRING) if field.type.is_date else moments, form, world.now.year)
        return self._add(records, made, made.type if made.type.is_date else DATETIME, f"DateTime: To {self.form}")

    @property
    def _writes_text(self) -> bool:
        """A type that is given says it, too."""
        return self.writes_text if self.type is None else not self.type.is_date

    def _add(self, records: Relation, made: Expr, type_: FieldType, note: str) -> Relation:
        name = unique(self.name, records.schema.names)
        return records.add(name, made, meant(self.type or type_), source=note)


def _specified(form: str) -> str:
    """The format in specifiers; ``%-d`` is a day without a zero in front."""
    if _SPECIFIER.search(form):
        return form
    of_twelve = "AM" in form or "PM" in form
    made = _WORD.sub(lambda found: _WORDS[found[0]], form.replace("%", "%%"))
    return re.sub("%-?H", "%I", made) if of_twelve else made


def _parts(form: str) -> Iterator[Part]:
    for number, piece in enumerate(re.split(r"%(-[dmH])", form)):
        yield from [Part(specifier=piece)] if number % 2 else date_formats.parts(piece)


def _longest(form: str) -> int:
    pieces = list(_parts(form))
    widths = [
        part.digits or (_WIDTHS.get(part.specifier, _WIDTH) if part.specifier else len(part.text)) for part in pieces
    ]
    return max(sum(widths), 1)


def _read(texts: Expr, form: str, year: int) -> Expr:
    """Blanks at the ends of a format mean nothing, nor does whether a number has a zero in front."""
    return date_parsing.parsed(texts, literal(form.strip().replace("%-", "%")), literal(""), year)
