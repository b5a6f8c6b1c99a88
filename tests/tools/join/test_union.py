"""Union."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import xml
from openyx.document.config import read
from openyx.errors import WorkflowError
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from openyx.testing import run, table
from openyx.tools.base import Lowered
from openyx.tools.join.union import ErrorMode, ManualField, ManualInput, Mode, OutputMode, Union

ONE = table("id: Byte, name: String(3)", "1, Ada", "2, Bob")
TWO = table("NAME: V_WString(5), age: Int32, ID: Int64", "Cid, 30, 300")


def test_fields_become_one_by_name_and_what_is_missing_is_null() -> None:
    ran = run(Union(error_mode=ErrorMode.IGNORE), ONE, TWO)
    assert ran.table == table("id: Int64, name: V_WString(5), age: Int32", "1, Ada,", "2, Bob,", "300, Cid, 30")
    assert ran.said == []


def test_a_field_that_an_input_does_not_have_is_told() -> None:
    assert run(Union(), ONE, TWO).said == ['The field "age" is not present in input #1']
    with pytest.raises(WorkflowError, match='"age" is not present in input #1'):
        run(Union(error_mode=ErrorMode.ERROR), ONE, TWO)


def test_only_the_fields_of_all_inputs_may_come() -> None:
    ran = run(Union(output_mode=OutputMode.SUBSET, error_mode=ErrorMode.IGNORE), ONE, TWO)
    assert ran.table.schema.names == ("id", "name")
    with pytest.raises(WorkflowError, match="no field in common"):
        run(Union(output_mode=OutputMode.SUBSET), ONE, table("x: Int32"))


def test_fields_become_one_by_position_with_the_first_names() -> None:
    ran = run(Union(mode=Mode.BY_POSITION), table("a: Int32, b: String(1)", "1, x"), table("b: Int32", "2"))
    assert ran.table == table("a: Int32, b: String(1)", "1, x", "2,")
    assert ran.said == ['The field "b" is not present in input #2']


def test_numbers_beside_text_become_text() -> None:
    ran = run(Union(), table("a: Double", "1.5"), table("a: String(2)", "xy"))
    assert ran.table.rows == (("1.5",), ("xy",))
    assert ran.table.schema["a"].type.kind == "V_String"


def test_records_come_by_number_or_in_the_order_that_is_set() -> None:
    inputs = {f"#{number}": table("a: Int32", f"{number}").relation for number in (10, 2, 1)}
    inputs["Spain"] = table("a: Int32", "99").relation
    assert rows(Union().lower(inputs)) == [1, 2, 10, 99]
    assert rows(Union(has_order=True, order=("#10", "Spain", "#7")).lower(inputs)) == [10, 99, 1, 2]
    assert rows(Union(has_order=False, order=("#10",)).lower(inputs)) == [1, 2, 10, 99]


def test_a_union_of_one_input_is_that_input() -> None:
    assert run(Union(), ONE).table == ONE


def by_hand(*inputs: str) -> Union:
    """A text such as ``a 1 b 3`` for each input."""

    def fields(text: str) -> tuple[ManualField, ...]:
        words = text.split()
        return tuple(ManualField(name=name, column=int(column)) for name, column in zip(words[::2], words[1::2]))  # noqa: B905

    listed = tuple(ManualInput(name=f"#{place}", fields=fields(text)) for place, text in enumerate(inputs, 1))
    return Union(mode=Mode.MANUAL, manual=listed)


def test_fields_that_were_arranged_by_hand_stand_in_their_columns() -> None:
    ran = run(by_hand("b 1 a 2", "c 2 d 5"), table("a: Int32, b: Int32", "1, 2"), table("c: Int32, d: Int32", "3, 4"))
    assert ran.table == table("b: Int32, a: Int32, d: Int32", "2, 1,", ", 3, 4")
    assert ran.said == []


def test_what_was_not_arranged_or_is_gone_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"gone" is not present in input #1'):
        run(by_hand("gone 1"), ONE)
    with pytest.raises(WorkflowError, match="input #2 were not arranged"):
        run(by_hand("id 1"), ONE, TWO)


def test_settings_are_read_to_the_last() -> None:
    settings = """<Configuration><AutoResetMode>Custom</AutoResetMode><MultiMetaInfo><MetaInfo name="#1"><RecordInfo>
        <Field name="x" size="254" source="TextInput:" type="V_String" column="7" /></RecordInfo></MetaInfo>
        </MultiMetaInfo><ByName_ErrorMode>Warning</ByName_ErrorMode><ByName_OutputMode>All</ByName_OutputMode>
        <Mode>ManualDelayed</Mode><SetOutputOrder value="True" /><OutputOrder><Connection>#1</Connection></OutputOrder>
        </Configuration>"""
    tool, unread = read(Union, xml.read(BytesIO(settings.encode()), "x"), place="x")
    assert unread == ()
    assert tool.manual == (ManualInput(name="#1", fields=(ManualField(name="x", column=7),)),)
    assert (tool.has_order, tool.order, tool.mode) == (True, ("#1",), Mode.MANUAL_DELAYED)


def rows(lowered: Lowered) -> list[object]:
    return run_relations([Keep(lowered.outputs["Output"])]).table(0).column("a")
