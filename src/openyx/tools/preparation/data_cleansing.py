"""Data Cleansing: the macro, and the tool that came after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet

from openyx.document.config import block, many, nested, text
from openyx.errors import DocumentError
from openyx.fields import Kind, folded
from openyx.messages import Kind as Level
from openyx.relation import Computed, How, Pick, Relation, Summary
from openyx.relation.kernels.cleaning import Step, any_known, cleaned, filled
from openyx.tools.base import Context, Lowered, Tool, told, tool
from openyx.tools.shared.answers import Answer, listed

_FIELDS, _CASE, _CASES = "List Box (11)", "Check Box (77)", "Drop Down (81)"
_NULL_ROWS, _NULL_COLUMNS, _ZEROS = "Check Box (135)", "Check Box (136)", "Check Box (117)"
_STEPS = {
    "Check Box (84)": Step.NULLS,
    "Check Box (15)": Step.ENDS,
    "Check Box (109)": Step.RUNS,
    "Check Box (122)": Step.SPACE,
    "Check Box (53)": Step.LETTERS,
    "Check Box (58)": Step.NUMBERS,
    "Check Box (70)": Step.PUNCTUATION,
}
_KNOWN = frozenset({_FIELDS, _CASE, _CASES, _NULL_ROWS, _NULL_COLUMNS, _ZEROS, *_STEPS})
_SPELLED = {"upper": Step.UPPER, "lower": Step.LOWER, "title": Step.TITLE}


@tool(macros=("Cleanse.yxmc",), inputs=("Input2",), outputs=("Output26",))
class Cleanse(Tool):
    """Cleans fields: nulls, white space, letters, digits, punctuation, case.

    First records whose fields are all null go, then fields that are null in all records, chosen or not. Then, in the
    fields that were chosen: nulls of text become empty and nulls of numbers 0; white space goes at the ends of texts,
    each run of it becomes one blank, or all of it goes; letters, digits and ASCII punctuation go; the case is changed.
    Null texts that are not filled stay null. Types and sizes stay.
    """

    answers: tuple[Answer, ...] = many("Value", of=Answer, required=True)

    def lacks(self) -> Iterable[str]:
        answers = self._answers
        yield from (f"the question {name} of Data Cleansing" for name in sorted(set(answers) - _KNOWN))
        if answers.get(_CASE, "").strip().lower() == "true" and _case(answers) not in _SPELLED:
            yield f"the case {_case(answers)!r} in Data Cleansing"

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        assert not any(self.lacks())
        answers = self._answers
        names = listed(answers.get(_FIELDS, ""))
        missing = [name for name in names if name not in records.schema]
        if _is_on(answers, _NULL_ROWS):
            records = _without_null_rows(records)
        if _is_on(answers, _NULL_COLUMNS):
            records = _without_null_columns(records, context)
        out = _cleaned(records, names, frozenset(_steps(answers)), fills_numbers=_is_on(answers, _ZEROS))
        messages = tuple(told(Level.WARNING, f'The field "{name}" is missing') for name in missing)
        return Lowered(outputs={"Output26": out}, messages=messages)

    @property
    def _answers(self) -> dict[str, str]:
        return {each.name: each.text for each in self.answers}


@block
class Switches:
    """What the newer tool does."""

    ends: bool = text("RemoveLeadingTrailingWhitespace", default=False)
    runs: bool = text("RemoveExtraWhitespace", default=False)
    space: bool = text("RemoveAllWhitespace", default=False)
    letters: bool = text("RemoveLetters", default=False)
    numbers: bool = text("RemoveNumbers", default=False)
    punctuation: bool = text("RemovePunctuation", default=False)
    case: str = text("ModifyCase", default="None")
    sets_null: bool = text("SetNull", default=False)

    def lacks(self) -> Iterator[str]:
        """What is not supported yet."""
        if self.sets_null:
            yield "SetNull in Data Cleansing"
        if self._case and self._case not in _SPELLED:
            yield f"the case {self._case!r} in Data Cleansing"

    def steps(self) -> Iterator[Step]:
        """What is to be done."""
        if self._case:
            yield _SPELLED[self._case]
        chosen = {
            Step.ENDS: self.ends,
            Step.RUNS: self.runs,
            Step.SPACE: self.space,
            Step.LETTERS: self.letters,
            Step.NUMBERS: self.numbers,
            Step.PUNCTUATION: self.punctuation,
        }
        yield from (step for step, wanted in chosen.items() if wanted)

    @property
    def _case(self) -> str:
        """The word for a case; empty where it stays as it is."""
        word = self.case.strip().lower().removesuffix("case")
        return "" if word == "none" else word


@tool("AlteryxBasePluginsGui.DataCleansing.DataCleansing")
class DataCleansing(Tool):
    """Cleans all text fields: white space, letters, digits, punctuation, case; in this order.

    White space goes at the ends, each run of it becomes one blank, or all of it goes; punctuation is that of ASCII.
    Nulls stay null, types and sizes stay.
    """

    switches: Switches = nested("Cleanse", of=Switches)

    def lacks(self) -> Iterable[str]:
        return self.switches.lacks()

    def lower(self, records: Relation) -> Relation:
        assert not any(self.lacks())
        return _cleaned(records, records.schema.names, frozenset(self.switches.steps()))


def _is_on(answers: dict[str, str], name: str) -> bool:
    value = answers.get(name, "").strip().lower()
    if value not in ("true", "false", ""):
        raise DocumentError(f"{value!r} is neither True nor False", place=name)
    return value == "true"


def _steps(answers: dict[str, str]) -> Iterator[Step]:
    yield from (step for name, step in _STEPS.items() if _is_on(answers, name))
    if _is_on(answers, _CASE):
        yield _SPELLED[_case(answers)]


def _case(answers: dict[str, str]) -> str:
    return answers.get(_CASES, "").strip().lower()


def _cleaned(
    records: Relation, names: Collection[str], steps: AbstractSet[Step], *, fills_numbers: bool = False
) -> Relation:
    chosen = {folded(name) for name in names}
    made: list[Computed] = []
    for field in records.schema:
        value, type_ = records.field(field.name), field.type
        if folded(field.name) not in chosen:
            continue
        if type_.is_text and steps:
            made.append(Computed(field.name, cleaned(value, steps), type_, field.source, field.description))
        elif fills_numbers and type_.is_number and type_.kind is not Kind.BOOL:
            made.append(Computed(field.name, filled(value), type_, field.source, field.description))
    return records.add_all(made) if made else records


def _without_null_rows(records: Relation) -> Relation:
    return records.filter(any_known([records.field(name) for name in records.schema.names]))


def _without_null_columns(records: Relation, context: Context) -> Relation:
    """Without a value anywhere all fields stay: a record needs some (we assume)."""
    held = context.held(records)
    counts = [Summary(name=name, how=How.COUNT_NON_NULL, field=name) for name in held.schema.names]
    found = context.look(held.aggregate(counts))
    kept = [name for name in held.schema.names if any(found.column(name))]
    return held.select([Pick(name) for name in kept]) if kept else held
