"""RegEx."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import attribute, block, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import Field, folded, unique
from openyx.messages import Kind, Message
from openyx.relation import Computed, Expr, Pick, Relation
from openyx.relation.kernels import fits
from openyx.relation.kernels.dialect import Pattern, compiled
from openyx.tools.base import Approximate, Lowered, Seen, Tool, spelled_type, told, tool
from openyx.tools.shared.parts import (
    MOST_PARTS,
    MOST_REPORTED,
    Surplus,
    checked_count,
    columns,
    complaints,
    surplus,
    text_of,
    watched,
)

_NO_GROUPS = "No Marked Groups Found"
_UNMATCHED = "Unmatched"


class Method(StrEnum):
    """What is done with what the expression finds."""

    PARSE = "ParseComplex"
    REPLACE = "Replace"
    TOKENIZE = "ParseSimple"
    MATCH = "Match"


@block
class Group:
    """A field for a marked group; a line of words where the designer found no group."""

    field: str = attribute("@field")
    type: str = attribute("@type")
    size: str = attribute("@size", default="")


@tool("AlteryxBasePluginsGui.RegEx.RegEx")
class RegEx(Tool):
    r"""Takes a text apart, changes or tests it by a regular expression in Perl's syntax.

    Parse makes a field of each marked group where the expression fits first, converted to the field's type; without a
    fit they are null, and a group that took no part is empty. A name that is taken gets `_2` behind.

    Replace puts the replacement (with `$1`, `${1}`, `$&`, `\U…\E` …) in the place of each fit, in the same field, whose
    size stays. Without *Copy unmatched text* nothing but the replacements is left: a text without a fit is empty.

    Tokenize takes every fit, or the first marked group of each: as fields called by the root name with 1, 2, … behind,
    or as records. What is more than there are fields is dropped, silently, with a warning or with an error. To rows, a
    record without a fit is left out.

    Match adds a Bool field that tells whether the expression fits the whole text; a null does not.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "that a marked group that took no part is empty, and not null, is assumed",
            when=lambda tool: tool.method is Method.PARSE,
        ),
        Approximate(
            "that nothing but the replacements is left is assumed from the pattern library's own word for it",
            when=lambda tool: tool.method is Method.REPLACE and not tool.copies_unmatched,
        ),
    )

    field: str = text("Field")
    expression: str = value("RegExExpression")
    ignores_case: bool = value("CaseInsensitve", "CaseInsensitive", default=True)
    method: Method = text("Method")
    groups: tuple[Group, ...] = many("ParseComplex/Field", of=Group)
    replacement: str = attribute("Replace@expression", default="")
    copies_unmatched: bool = value("Replace/CopyUnmatched", default=True)
    to_rows: bool = value("ParseSimple/SplitToRows", default=False)
    root: str = text("ParseSimple/RootName", default="")
    count: int = value("ParseSimple/NumFields", default=3)
    handling: Surplus = text("ParseSimple/ErrorHandling", default=Surplus.WARN, convert=surplus)
    matched: str = text("Match/Field", default="")
    wants_match: bool = value("Match/ErrorUnmatched", default=False)

    def lower(self, records: Relation) -> Lowered:
        field, texts = text_of(records, self.field)
        if not self.expression:
            raise WorkflowError("No regular expression is given")
        pattern = compiled(self.expression, ignore_case=self.ignores_case)
        note = f"RegEx: Parsed from {field.name}"
        like = Field(field.name, field.type, note, note)
        match self.method:
            case Method.PARSE:
                return Lowered(outputs={"Output": self._parsed(records, like, texts, pattern)})
            case Method.REPLACE:
                new = fits.rewritten(texts, pattern, self.replacement, copies_unmatched=self.copies_unmatched)
                kept = records.schema[field.name]
                out = records.add(field.name, new, field.type, source=kept.source, description=kept.description)
                return Lowered(outputs={"Output": out})
            case Method.TOKENIZE:
                return self._tokenized(records, like, texts, pattern)
            case Method.MATCH:
                return self._matched(records, field, texts, pattern)

    def report(self, seen: Seen) -> Iterable[Message]:
        yield from complaints(seen, self.field, self.count, self.handling)
        unmatched = seen.watched.get(_UNMATCHED)
        if unmatched is None:
            return
        for (record,) in unmatched.rows():
            yield told(Kind.ERROR, f'Record {record}: "{self.field}" does not match "{self.expression}"')
        if unmatched.records > len(unmatched):
            yield told(Kind.ERROR, f'{unmatched.records} records do not match "{self.expression}" in "{self.field}"')

    def _parsed(self, records: Relation, like: Field, texts: Expr, pattern: Pattern) -> Relation:
        wanted = [group for group in self.groups if group.type != _NO_GROUPS]
        if len(wanted) != pattern.engine.groups or not wanted:
            marked = f"{pattern.engine.groups} marked groups in the regular expression"
            raise WorkflowError(f"There are {marked}, and {len(wanted)} fields for them")
        names = list(records.schema.names)
        picks = [Pick(name) for name in names]
        made: list[Computed] = []
        for group, values in zip(wanted, fits.groups(texts, pattern), strict=True):
            names.append(_new(group.field, names))
            made.append(Computed(names[-1], values, source=like.source, description=like.description))
            picks.append(Pick(names[-1], type=spelled_type(group.type, group.size, field=group.field)))
        # Converted apart: the engine would look for the fits anew for each group that is used more than once.
        return records.add_all(made).select(picks)

    def _tokenized(self, records: Relation, like: Field, texts: Expr, pattern: Pattern) -> Lowered:
        tokens = fits.tokens(texts, pattern)
        if self.to_rows:
            return Lowered(outputs={"Output": records.explode(like, tokens)})
        count = checked_count(self.count)
        handling = Surplus.IGNORE if self.handling is Surplus.LAST else self.handling
        return Lowered(
            outputs={"Output": columns(records, [tokens.at(place) for place in range(count)], like, self.root)},
            watched=watched(records, tokens, count, handling),
            limit=MOST_REPORTED,
        )

    def _matched(self, records: Relation, field: Field, texts: Expr, pattern: Pattern) -> Lowered:
        fitting = fits.fitting(texts, pattern)
        name = _new(self.matched or f"{field.name}_Matched", records.schema.names)
        number = unique("Record", records.schema.names)
        lost = records.number(number).split(fitting)[1].select([number])
        return Lowered(
            outputs={"Output": records.add(name, fitting, source=f"RegEx: Matched from {field.name}")},
            watched={_UNMATCHED: lost} if self.wants_match else {},
            limit=MOST_REPORTED,
        )


def _new(name: str, taken: Iterable[str]) -> str:
    """A name for a new field: ``Year_2`` where there is a ``Year``."""
    used = {folded(other) for other in taken}
    if folded(name) not in used:
        return name
    return next(new for number in range(2, MOST_PARTS) if folded(new := f"{name}_{number}") not in used)
