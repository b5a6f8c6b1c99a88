"""Select Records."""

from __future__ import annotations

import re

from openyx.document.config import many
from openyx.errors import WorkflowError
from openyx.fields import unique
from openyx.formula import bracketed
from openyx.relation import Relation
from openyx.tools.base import Context, Tool, tool
from openyx.tools.shared.answers import Answer, answer
from openyx.tools.shared.groups import only

_RANGE = re.compile(r"([0-9]*)([-+]?)([0-9]*)")


@tool(macros=("SelectRecords.yxmc",))
class SelectRecords(Tool):
    """Keeps the records whose numbers are listed, one range a line.

    ``5`` is a single record, ``2-4`` a range with both ends, ``-3`` the first three, ``10+`` all from the tenth on.
    Records keep their order, and come once however many ranges they are in.
    """

    answers: tuple[Answer, ...] = many("Value", of=Answer, required=True)

    def lower(self, records: Relation, *, context: Context) -> Relation:
        given = answer(self.answers, "Ranges")
        number = unique("Number", records.schema.names)
        tests = [_test(line, bracketed(number)) for line in map(str.strip, given.splitlines()) if line]
        if not tests:
            raise WorkflowError("No range of records is given")
        numbered = records.number(number)
        return only(numbered.filter(context.condition(" OR ".join(tests), numbered)), records)


def _test(line: str, number: str) -> str:
    found = _RANGE.fullmatch(line)
    first, sign, last = found.groups() if found else ("", "", "")
    if first and sign and last:
        return f"({number} >= {first} AND {number} <= {last})"
    if sign and last:
        return f"{number} <= {last}"
    if not first:
        raise WorkflowError(f'"{line}" is no range of records', hint="5, 2-4, -3 or 10+, one a line")
    return f"{number} >= {first}" if sign else f"{number} = {first}"
