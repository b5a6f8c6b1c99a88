"""The expression language: text in, an expression over a record out.

``parse`` reads an expression, ``compile_expression`` makes a column of it, ``functions_used`` tells before a run what
it calls. Errors are :class:`~openyx.errors.FormulaError` in the vendor's words with the place in the text, and
:class:`~openyx.errors.NotYet` for functions that are known and not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from openyx.errors import Missing, NotHere, NotYet, Unknown
from openyx.fields import Field, FieldType, Schema, folded
from openyx.formula.addins import AddIn
from openyx.formula.catalogue import spelling
from openyx.formula.compile import compiled, fitted
from openyx.formula.context import Context
from openyx.formula.functions import functions
from openyx.formula.nodes import Call, Name, Node, within
from openyx.formula.parser import read
from openyx.formula.printer import bracketed, quoted, show
from openyx.formula.scope import Constant, Rows, Scope
from openyx.formula.shelf import World
from openyx.formula.source import Source
from openyx.formula.steps import recurrence
from openyx.relation.expr import Expr, null
from openyx.relation.expr import field as field_values
from openyx.relation.kernels.logic import truth
from openyx.relation.not_yet import lacks
from openyx.relation.recurrence import Recurrence, back

__all__ = [
    "Constant",
    "Context",
    "Rows",
    "bracketed",
    "compile_condition",
    "compile_expression",
    "compile_recurrence",
    "functions_used",
    "lacking",
    "leaves_to_chance",
    "parse",
    "quoted",
    "show",
    "substituted",
]

_SUBSTITUTE = re.compile(r"%([^%\s][^%\n]*)%")


def parse(text: str, *, number: int = 1) -> Node:
    """What the expression *text* says, as nodes; *number* is the line of the tool.

    Raises ``FormulaError`` where the text does not parse.

    >>> show(parse("iif( a , 'x','y' )"))
    'iif([a], "x", "y")'
    """
    return read(Source(text, number))


def compile_expression(
    text: str,
    schema: Schema,
    *,
    constants: Mapping[str, Constant] | None = None,
    rows: Rows | None = None,
    target: FieldType | None = None,
    number: int = 1,
    context: Context | None = None,
) -> Expr:
    """The values of the expression *text* over records of *schema*, as a field of type *target* holds them.

    Without a target the result keeps the type it comes in. *constants* are found by their name without brackets, in any
    case, after the fields; ``%name%`` of one is replaced in the text before it is read. *number* is the line of the
    tool, for ``(Expression #1)`` in errors. *context* is the machine's own when none is given.

    Raises ``FormulaError`` with the position of what is wrong, ``NotYet`` for functions that are not there.

    >>> from openyx.fields import DOUBLE, INT32, Field
    >>> price = compile_expression("[Price] / 4", Schema.of(Field("Price", INT32)), target=DOUBLE)
    >>> price.type.kind.value
    'Double'
    """
    source = Source(substituted(text, constants or {}), number)
    try:
        return fitted(compiled(read(source), _scope(source, schema, constants or {}, rows, context)), target)
    except Missing as error:
        lacks(error)
        return null()


def compile_recurrence(
    text: str,
    schema: Schema,
    name: str,
    *,
    rows: Rows,
    reach: int,
    constants: Mapping[str, Constant] | None = None,
    context: Context | None = None,
) -> Expr | Recurrence:
    """Like ``compile_expression``, for new values of the field *name*, which may look back at those before them.

    What is ``[Row-1:name]`` in the expression is a new value; *rows* is asked for all other records, of which none may
    be further away than *reach*. The result is an expression where it does not look back.

    >>> from openyx.fields import DOUBLE
    >>> schema = Schema.of(Field("Sum", DOUBLE), Field("Sales", DOUBLE))
    >>> running = compile_recurrence("[Row-1:Sum] + [Sales]", schema, "Sum", rows=lambda field, row: None, reach=1)
    >>> running.depth
    1
    """
    source = Source(substituted(text, constants or {}))
    node, target = read(source), schema[name]
    own = (one for one in within(node) if isinstance(one, Name) and folded(one.name) == folded(target.name))
    depth = max((-(one.row or 0) for one in own), default=0)

    def known(field: Field, row: int) -> Expr | None:
        if abs(row) > reach:
            return None
        if row == 0:
            return field_values(field)
        return field_values(field.named(back(-row))) if row < 0 and field.name == target.name else rows(field, row)

    scope = _scope(source, schema, constants or {}, known, context)
    if depth < 1:
        return fitted(compiled(node, scope), target.type)
    return recurrence(node, scope, target.name, depth, target.type)


def compile_condition(
    text: str,
    schema: Schema,
    *,
    constants: Mapping[str, Constant] | None = None,
    rows: Rows | None = None,
    number: int = 1,
    context: Context | None = None,
) -> Expr:
    """Like ``compile_expression``, for a question: a Bool that is never null (null counts as false).

    A number is true unless it is 0; text is refused.
    """
    source = Source(substituted(text, constants or {}), number)
    expr = compiled(read(source), _scope(source, schema, constants or {}, rows, context))
    if not expr.void and not expr.type.is_number:
        raise source.problem("Type mismatch. String provided where a number is required.", read(source).at)
    return truth(expr)


def functions_used(text: str) -> tuple[str, ...]:
    """The functions that the expression *text* calls, each once, in the catalogue's spelling where it knows them.

    Raises ``FormulaError`` where the text does not parse.

    >>> functions_used("left(trim([a]), 2) + TRIM([b]) + Mine()")
    ('Left', 'Trim', 'Mine')
    """
    calls = (node.name for node in within(parse(text)) if isinstance(node, Call))
    return tuple(dict.fromkeys(spelling(name) or name for name in calls))


def leaves_to_chance(text: str, addins: Mapping[str, AddIn]) -> bool:
    """Whether the expression *text* calls a function that gives something else each time; one that users wrote may.

    >>> leaves_to_chance("[a] + randint(6)", {}), leaves_to_chance("[Rand] + DateTimeNow()", {})
    (True, False)
    """
    waiting, seen = [parse(text)], set[str]()
    while waiting:
        for name in {node.name.lower() for node in within(waiting.pop()) if isinstance(node, Call)} - seen:
            seen.add(name)
            if name in functions():
                if functions()[name].by_chance:
                    return True
            elif name in addins:
                waiting.append(addins[name].node)
    return False


def lacking(name: str, addins: Mapping[str, AddIn]) -> Missing | None:
    """Why there is no function called *name*, in any case, among the language's own and those that users wrote.

    >>> lacking("trim", {}), str(lacking("FinanceRate", {}))
    (None, 'not supported yet: the formula function FinanceRate')
    """
    written = addins.get(name.lower())
    if name.lower() in functions() or (written is not None and written.body):
        return None
    if written is not None:
        return NotHere(f"the formula function {written.name} (a DLL of {written.library})")
    what = f"the formula function {name}"
    return Unknown(what) if spelling(name) is None else NotYet(what)


def substituted(text: str, constants: Mapping[str, Constant]) -> str:
    """*text* with the values of constants in place of ``%User.x%`` and its like; other percent signs stay.

    >>> substituted("'%User.Name%' + '100%'", {"User.Name": "Ann"})
    "'Ann' + '100%'"
    >>> substituted("'%d-%User.Name%'", {"User.Name": "Ann"})
    "'%d-Ann'"
    """
    values = {name.casefold(): value for name, value in constants.items() if not isinstance(value, Expr)}
    place, pieces = 0, list[str]()
    while (found := _SUBSTITUTE.search(text, place)) is not None:
        value = values.get(found[1].casefold())
        # The second sign of a pair that names nothing may be the first of one that does.
        end = found.end() - 1 if value is None else found.end()
        pieces += [text[place : found.start()], text[found.start() : end] if value is None else str(value)]
        place = end
    return "".join([*pieces, text[place:]])


def _scope(
    source: Source,
    schema: Schema,
    constants: Mapping[str, Constant],
    rows: Rows | None,
    context: Context | None,
) -> Scope:
    record = field_values(schema.fields[0]) if len(schema) else None
    return Scope(source, schema, World(context or Context.here(), record), constants, rows)
