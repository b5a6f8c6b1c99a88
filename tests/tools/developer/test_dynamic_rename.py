"""Dynamic Rename."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.errors import FormulaError, NotYet, WorkflowError
from openyx.fields import V_WSTRING, Field, Schema
from openyx.messages import Kind
from openyx.testing import Records, run, table
from openyx.tools.base import Context, KnownWhenRun
from openyx.tools.developer.dynamic_rename import Affix, DynamicRename, Ending, Matching, Mode, Names, OnError
from openyx.tools.shared.chosen import ChosenField

ABC = table("a: Int32, B: V_String(20), c: Double", "1, x, 1.5", "2, y, 2.5")


def renaming(mode: str, *fields: str, **more: Any) -> DynamicRename:
    """Fields as they are listed, ``-`` in front of those that are not selected."""
    listed = tuple(
        ChosenField(field=name.removeprefix("-"), selected=not name.startswith("-")) for name in fields or ("*Unknown",)
    )
    return DynamicRename(mode=mode, fields=listed, **more)


def names(tool: DynamicRename, *inputs: Records | None) -> tuple[str, ...]:
    return run(tool, *inputs).table.schema.names


def test_a_formula_gives_the_names() -> None:
    ran = run(renaming("Formula", expression='Uppercase([_CurrentField_]) + "_1"'), ABC, None)
    assert ran.table == table("A_1: Int32, B_1: V_String(20), C_1: Double", "1, x, 1.5", "2, y, 2.5")
    assert ran.said == []


def test_a_formula_sees_the_type_of_the_field() -> None:
    assert names(renaming("Formula", expression="[_CurrentFieldType_]"), ABC, None) == ("Int32", "V_String", "Double")


def test_only_selected_fields_are_renamed() -> None:
    to_x = {"expression": '[_CurrentField_] + "x"'}
    assert names(renaming("Formula", "A", "-*Unknown", **to_x), ABC, None) == ("ax", "B", "c")
    assert names(renaming("Formula", "-b", "*Unknown", **to_x), ABC, None) == ("ax", "B", "cx")
    assert names(renaming("Formula", "a", **to_x), ABC, None) == ("ax", "Bx", "cx")


def test_a_formula_that_does_not_parse_is_an_error() -> None:
    with pytest.raises(FormulaError):
        run(renaming("Formula", expression="[gone]"), ABC, None)


def test_errors_in_a_formula_are_told() -> None:
    ran = run(renaming("Formula", expression='ToString(ToNumber([_CurrentField_])) + "n"'), table("one: Int32"), None)
    assert ran.table.schema.names == ("0n",)
    assert [message.kind for message in ran.messages] == [Kind.CONVERSION_ERROR]


def test_the_first_record_gives_the_names_and_is_taken_away() -> None:
    rows = table("F1: V_String(9), F2: Double, F3: Date", "Name, 1.5, 2026-11-24", "Ada, 2, 2026-11-25")
    ran = run(renaming("FirstRow", "F1", "F2", "-F3", "*Unknown"), rows, None)
    assert ran.table == table("Name: V_String(9), 1.5: Double, F3: Date", "Ada, 2, 2026-11-25")


def test_empty_names_become_numbered_ones_beyond_the_last_field() -> None:
    rows = table(", ".join(f"F{place}: V_String(9)" for place in range(1, 15)), "a, b, c, d, e, , , , i, j, k, l, m, n")
    ran = run(renaming("FirstRow"), rows, None)
    assert ran.table.schema.names[4:9] == ("e", "Field_15", "Field_15_2", "Field_15_3", "i")
    assert ran.said[0] == 'The new name of the field "F6" is empty'
    assert {message.kind for message in ran.messages} == {Kind.WARNING}


def test_a_name_that_another_field_has_counts_on() -> None:
    rows = table("F1: V_String(9), F2: V_String(9), F3: V_String(9)", "Sales, sales, F1")
    assert names(renaming("FirstRow"), rows, None) == ("Sales", "sales2", "F1")
    assert names(renaming("FirstRow", "-F1", "*Unknown"), rows, None) == ("F1", "sales", "F1_2")


def test_names_may_be_exchanged() -> None:
    rows = table("a: V_String(9), b: V_String(9)", "b, a")
    assert names(renaming("FirstRow"), rows, None) == ("b", "a")


def test_a_name_is_cut_to_the_longest_one() -> None:
    (name,) = names(renaming("Formula", expression='PadLeft([_CurrentField_], 300, "x")'), table("a: Int32"), None)
    assert len(name) == 255


def test_no_first_record_leaves_the_names() -> None:
    ran = run(renaming("FirstRow"), table("a: Int32"), None)
    assert ran.table.schema.names == ("a",)
    assert ran.said == ["There is no first record to take the names from"]


def test_names_of_the_first_record_are_known_when_the_workflow_runs() -> None:
    with pytest.raises(KnownWhenRun):
        renaming("FirstRow").lower(ABC.relation, None, context=Context())


MAPPED = Names(matching=Matching.MAPPED, old="From", new="To")


def test_records_of_the_right_input_map_names() -> None:
    mapping = table("From: V_String(9), To: V_String(9)", "A, Alpha", "b, Beta", "a, Other", "x, Xi")
    ran = run(renaming("RightInputRows", rows=MAPPED), ABC, mapping)
    assert ran.table == table("Alpha: Int32, Beta: V_String(20), c: Double", "1, x, 1.5", "2, y, 2.5")
    assert ran.said == ['No record has a new name for the field "c"']


def test_numbers_map_names_as_text() -> None:
    mapping = table("From: Int32, To: Int32", "1, 10", "2, 20")
    tool = renaming("RightInputRows", rows=MAPPED)
    assert names(tool, table("2: Int32, 1: Int32"), mapping) == ("20", "10")


def test_records_of_the_right_input_give_names_in_order() -> None:
    given = table("Name: V_String(9)", "x", "y", "z")
    tool = renaming("RightInputRows", "-B", "*Unknown", rows=Names(new="name"))
    ran = run(tool, ABC, given)
    assert ran.table.schema.names == ("x", "B", "y")
    assert ran.said == ["There are more names than the 2 fields to be renamed"]


def test_fewer_names_leave_the_last_fields_alone() -> None:
    ran = run(renaming("RightInputRows", rows=Names(new="Name")), ABC, table("Name: V_String(9)", "x"))
    assert ran.table.schema.names == ("x", "B", "c")
    assert ran.said == ["There are fewer names than the 3 fields to be renamed"]


def test_a_field_of_the_right_input_that_is_not_there_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='The field "Name" is not contained in the record'):
        run(renaming("RightInputRows", rows=Names(new="Name")), ABC, ABC)


def test_the_fields_of_the_right_input_may_be_the_names() -> None:
    right = table("x: Date, y: Date, z: Date")
    ran = run(renaming("RightInputMetadata"), ABC, right)
    assert ran.table == table("x: Int32, y: V_String(20), z: Double", "1, x, 1.5", "2, y, 2.5")


def test_records_of_the_right_input_may_describe_fields() -> None:
    rows = table("Name: V_String(9), Text: V_String(9)", "B, the bee")
    tool = renaming("RightDescriptionRows", descriptions=Names(matching=Matching.MAPPED, old="Name", new="Text"))
    schema = run(tool, ABC, rows).table.schema
    assert schema.names == ("a", "B", "c")
    assert [field.description for field in schema] == ["", "the bee", ""]


def test_an_ending_is_put_on() -> None:
    assert names(renaming("Add", added=Ending(text="New ")), ABC, None) == ("New a", "New B", "New c")
    assert names(renaming("Add", "a", "-*Unknown", added=Ending(at=Affix.SUFFIX, text="!")), ABC, None)[0] == "a!"


def test_an_ending_is_taken_off() -> None:
    sums = table("Sum_a: Int32, Sum_b: Int32, c_Sum: Int32")
    ran = run(renaming("Remove", removed=Ending(text="Sum_")), sums, None)
    assert ran.table.schema.names == ("a", "b", "c_Sum")
    assert ran.said == ['The field "c_Sum" has no prefix "Sum_"']
    assert names(renaming("Remove", removed=Ending(at=Affix.SUFFIX, text="_Sum")), sums, None)[2] == "c"


@pytest.mark.parametrize("mode", ["FirstRow", "RightInputRows", "RightInputMetadata"])
def test_missing_names_are_told_as_the_tool_is_set(mode: str) -> None:
    right = table("Name: V_String(9), other: Int32", "x, 1", "y, 2")

    def with_(on_error: OnError) -> DynamicRename:
        names = Names(on_error=on_error, new="Name")
        return renaming(mode, first_row=names, rows=names, metadata=names)

    left = ABC if mode != "FirstRow" else table("a: Int32")
    assert [message.kind for message in run(with_(OnError.WARN), left, right).messages] == [Kind.WARNING]
    assert run(with_(OnError.IGNORE), left, right).messages == ()
    with pytest.raises(WorkflowError):
        run(with_(OnError.ERROR), left, right)


def test_the_right_input_is_needed_only_where_it_is_asked() -> None:
    with pytest.raises(WorkflowError, match="The Source input must be connected"):
        run(renaming("RightInputMetadata"), ABC, None)


@pytest.mark.parametrize(
    ("tool", "missing"),
    [
        (renaming("RightDescriptionMetadata"), "the rename mode RightDescriptionMetadata"),
        (renaming("RightInputMetadata", metadata=Names(changes_types=True)), "types from the right input"),
    ],
)
def test_what_is_not_there_is_named(tool: DynamicRename, missing: str) -> None:
    with pytest.raises(NotYet, match=f"{missing} in Dynamic Rename"):
        run(tool, ABC, ABC)


def test_notes_travel_with_a_renamed_field() -> None:
    described = Records(Schema.of(Field("a", V_WSTRING, "TextInput:", "first letter")), ())
    (field,) = run(renaming("Formula", expression='"b"'), described, None).table.schema
    assert field == Field("b", V_WSTRING, "TextInput:", "first letter")


def test_only_a_formula_in_force_is_checked() -> None:
    assert list(renaming("Formula", expression="Trim([_CurrentField_])").formulas()) == ["Trim([_CurrentField_])"]
    assert list(renaming(Mode.ADD, expression="Unknown()").formulas()) == []
