"""Find Replace."""

from __future__ import annotations

from enum import StrEnum

from openyx.document.config import many, text, value
from openyx.errors import WorkflowError
from openyx.fields import FieldType, Kind, Names
from openyx.relation import How, JoinKind, Pick, Relation, Summary
from openyx.relation.finding import found, replaced
from openyx.relation.kernels.searching import Finding, Where
from openyx.tools.base import Tool, field_of, tool

_FOUND, _KEY = "\0found", "\0key"


class FindMode(StrEnum):
    """Where in the text is searched."""

    BEGIN = "FindBegin"
    ANY = "FindAny"
    WHOLE = "FindWhole"


class ReplaceMode(StrEnum):
    """What becomes of what is found."""

    REPLACE = "Replace"
    APPEND = "Append"


_WHERE = {FindMode.BEGIN: Where.BEGINNING, FindMode.ANY: Where.ANYWHERE, FindMode.WHOLE: Where.WHOLE}


@tool("AlteryxBasePluginsGui.FindReplace.FindReplace", inputs=("Targets", "Source"))
class FindReplace(Tool):
    """Searches a text field of the targets for the values of a source field, to replace them or to append fields.

    A value is found in any part of the text, at its beginning, or where it is the whole of it. What is found is
    replaced by the source record's replacement: the first find from the left, or all in one pass through the text; the
    text keeps its field's type, and is cut when it does not fit. Or fields of the source record that is found first
    are appended, null where none is.

    Values that begin at one place are tried longest first, and of source records with the same value the first one
    counts: the product's own order is not known. The order of the targets stays.
    """

    find_in: str = text("FieldFind")
    search: str = text("FieldSearch")
    replacement: str = text("ReplaceFoundField", default="")
    find_mode: FindMode = text("FindMode", default=FindMode.ANY)
    no_case: bool = value("NoCase", default=False)
    whole_words: bool = value("MatchWholeWord", default=False)
    mode: ReplaceMode = text("ReplaceMode", default=ReplaceMode.REPLACE)
    every: bool = value("ReplaceMultipleFound", default=False)
    appended: tuple[str, ...] = many("ReplaceAppendFields/Field", each="@field", default=())

    def lower(self, targets: Relation, source: Relation) -> Relation:
        _text_field(targets, self.find_in)
        _text_field(source, self.search)
        return self._replaced(targets, source) if self.mode is ReplaceMode.REPLACE else self._appended(targets, source)

    @property
    def _how(self) -> Finding:
        return Finding(where=_WHERE[self.find_mode], case=not self.no_case, words=self.whole_words, every=self.every)

    def _replaced(self, targets: Relation, source: Relation) -> Relation:
        field_of(source, self.replacement)
        wide = FieldType.of(Kind.V_WSTRING)
        pairs = source.select([Pick(self.search, _KEY), Pick(self.replacement, _FOUND, wide)])
        changed = replaced(targets, self.find_in, pairs, self._how)
        return changed.select([Pick(field.name, type=field.type) for field in targets.schema])

    def _appended(self, targets: Relation, source: Relation) -> Relation:
        if not self.appended:
            raise WorkflowError("No fields to append are selected")
        for name in self.appended:
            field_of(source, name)
        keys = source.select([Pick(self.search, _KEY)])
        looked = found(targets, self.find_in, keys, self._how, into=_FOUND)
        names = Names(targets.schema.names)
        first = [Summary(name=_KEY, how=How.GROUP, field=self.search)]
        first += [
            Summary(name=names.new(source.schema[name].name), how=How.FIRST, field=name) for name in self.appended
        ]
        joined = looked.join(source.aggregate(first), [(_FOUND, _KEY)], JoinKind.LEFT)
        return joined.select([*targets.schema.names, *(each.name for each in first[1:])])


def _text_field(records: Relation, name: str) -> None:
    field_of(records, name)
    if not records.schema[name].type.is_text:
        raise WorkflowError(f'The field "{name}" is a {records.schema[name].type}: only texts can be searched')
