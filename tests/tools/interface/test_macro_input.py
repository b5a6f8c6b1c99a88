"""Macro Input and Macro Output."""

from __future__ import annotations

from openyx.fields import BYTE, Field, Schema
from openyx.testing import run, table
from openyx.tools.interface.macro_input import MacroInput
from openyx.tools.interface.macro_output import MacroOutput

ROWS = table("id: Byte, word: String", "1, a", "2, b")


def test_records_pass_as_they_are() -> None:
    assert run(MacroInput(), ROWS).table == ROWS
    assert run(MacroOutput(), ROWS).table == ROWS


def test_a_mapped_field_takes_the_template_s_name_and_gets_its_own_back() -> None:
    pairs = (("name", "WORD"), ("gone", "nowhere"))
    within = run(MacroInput(field_map=pairs), ROWS).table
    assert within == table("id: Byte, name: String", "1, a", "2, b")
    assert run(MacroOutput(renamed=pairs), within).table == table("id: Byte, WORD: String", "1, a", "2, b")


def test_two_fields_may_change_their_names() -> None:
    rows = table("a: Byte, b: Byte", "1, 2")
    pairs = (("a", "b"), ("b", "a"))
    assert run(MacroInput(field_map=pairs), rows).table == table("b: Byte, a: Byte", "1, 2")


def test_a_field_that_has_the_template_s_name_already_makes_room() -> None:
    rows = table("name: Byte, word: Byte", "1, 2")
    assert run(MacroInput(field_map=(("name", "word"),)), rows).table == table("name2: Byte, name: Byte", "1, 2")


def test_without_a_connection_there_are_the_known_fields_and_no_record() -> None:
    assert run(MacroInput(template=Schema.of(Field("id", BYTE))), None).table == table("id: Byte")
    assert run(MacroInput(empty=True), ROWS).table == table("id: Byte, word: String")
