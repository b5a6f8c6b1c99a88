"""What is exact, what is nearly so and what is missing: tools, formats, functions, as a check tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from docs import functionpages, toolpages
from docs.printing import page, rows
from openyx.document.catalogue import CATALOGUE as TOOLS
from openyx.errors import Missing
from openyx.formats.others import OTHERS
from openyx.formats.shelf import formats
from openyx.formula.catalogue import CATALOGUE as FUNCTIONS
from openyx.formula.functions import functions
from openyx.tools.absent import absent, absent_macro
from openyx.tools.base import Tool
from openyx.tools.shelf import group, shelf, title

_INTRODUCTION = """
`yx check FILE` tells for each tool of a workflow what this page tells for all: *exact*, *approximate* and how, or
missing in one of three words: *not supported yet*, *not available here* (it cannot be on this machine), *unknown*.
A workflow that needs something that is missing does not start.
"""


_MOSTLY = "exact with most settings"


def compatibility() -> str:
    """The page."""
    tools = dict(_tools())
    states = Counter(state for lines in tools.values() for _, state, _ in lines)
    counts = [f"{count} {state}" for state, count in states.most_common()]
    head = ("Tool", "", "Details")
    return page(
        "Compatibility",
        _INTRODUCTION,
        f"## Tools\n\n{states.total()} are known: {', '.join(counts)}.",
        *(f"### {name}\n\n{rows(head, lines)}" for name, lines in tools.items()),
        f"## Formats\n\n{rows(('Format', '', 'Endings'), _formats())}",
        "## Functions",
        rows(("Category", "There", "Not supported yet"), _functions()),
    )


def _tools() -> Iterator[tuple[str, Sequence[tuple[str, str, str]]]]:
    """The lines of each group: the tools that the product has, and those of ours that are not among them."""
    told: set[type[Tool]] = set()
    by_group: dict[str, list[tuple[str, str, str]]] = {
        name: list(_listed(tools, told)) for name, tools in TOOLS.items()
    }
    for each in toolpages.every_tool():
        if each not in told:
            by_group.setdefault(group(each), []).append(_there([each], title(each)))
    yield from ((name, sorted(lines, key=lambda line: line[0].strip("[").lower())) for name, lines in by_group.items())


def _listed(tools: Mapping[str, Sequence[str]], told: set[type[Tool]]) -> Iterator[tuple[str, str, str]]:
    for name, ids in tools.items():
        found = list(dict.fromkeys(filter(None, map(_found, ids))))
        told.update(found)
        if found:
            yield _there(found, name)
        else:
            error = _missing(ids[0])
            yield name, error.word, _reason(error)


def _found(known_as: str) -> type[Tool] | None:
    return shelf().ids.get(known_as.lower()) or shelf().macros.get(known_as.lower())


def _missing(known_as: str) -> Missing:
    return absent_macro(known_as) if known_as.lower().endswith(".yxmc") else absent(known_as)


def _reason(error: Missing) -> str:
    _, sign, reason = error.detail.partition(" (")
    return reason.rstrip(")") if sign else ""


def _there(kinds: Sequence[type[Tool]], name: str) -> tuple[str, str, str]:
    link = f"[{name}]({toolpages.place(kinds[0])})"
    if all(each.on_canvas_only for each in kinds):
        return link, "exact", "nothing to do"
    differs = [how for each in kinds for how in toolpages.approximations(each)]
    lacks = [f"not supported yet: {what}" for each in kinds for what in toolpages.not_yet(each)]
    details = dict.fromkeys([*map(toolpages.said, differs), *lacks])
    state = "approximate" if any(how.when is None for how in differs) else _MOSTLY if details else "exact"
    return link, state, "; ".join(details)


def _formats() -> Iterator[tuple[str, str, str]]:
    there = {ending for each in formats() for ending in each.endings}
    codes = {code for each in formats() for code in each.codes}
    yield from dict.fromkeys((each.name, "read and written", ", ".join(each.endings)) for each in formats())
    for named in OTHERS:
        if not (there & set(named.endings) or codes & set(named.codes)):
            yield named.name, "not supported yet", ", ".join(named.endings)


def _functions() -> Iterator[tuple[str, str, str]]:
    places = {each.name.lower(): functionpages.place(each) for each in functionpages.every_function()}
    for category, names in FUNCTIONS.items():
        there = [f"[{name}]({places[name.lower()]})" for name in names if name.lower() in functions()]
        yield category, ", ".join(there), ", ".join(name for name in names if name.lower() not in functions())
