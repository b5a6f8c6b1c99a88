"""What a workflow asserts itself: its tests, macros that raise errors, and the errors that it must give."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath

from openyx.cli.scoring.flow import Flow
from openyx.cli.scoring.verdict import About, Count, Finding, total
from openyx.document import ENDINGS, Document, Node, read
from openyx.engine import Result
from openyx.errors import DocumentError
from openyx.messages import Kind

EXPECTED_ERROR = "ExpectedError"
_EXPRESSION = re.compile(r" \(Expression #\d+\)$", re.MULTILINE)
_TOLD_BY = re.compile(r"^Tool #\d+: ")


def expected_errors(flow: Flow) -> Mapping[int, str]:
    """The errors that a workflow must give, by the tool that tells of them: calls with an answer ``ExpectedError``."""
    found: dict[int, str] = {}
    for node in flow.nodes:
        for each in node.configuration.all("Value") if node.macro else ():
            if each.get("name") == EXPECTED_ERROR and each.text.strip():
                found[node.id] = each.text.strip()
    return found


def refusals(flow: Flow) -> frozenset[str]:
    """What an app says when it does not take its answers: the texts of its Error Message tools."""
    actions = (
        each for group in flow.document.root.all("Properties/RuntimeProperties/Actions") for each in group.walk()
    )
    return frozenset(
        each.words("Description") for each in actions if each.tag == "Action" and each.words("Type") == "Error"
    )


def unexpected(result: Result, wanted: Mapping[int, str]) -> list[str]:
    """The errors of a run that nobody expects."""
    errors = [message.text for message in result.messages if message.kind is Kind.ERROR]
    return [text for text in errors if not _is_any(text, wanted.values())]


def assertions(
    flow: Flow, errors: Mapping[int, Sequence[str]], macros: Mapping[int, Document], *, raised: Collection[str]
) -> Count:
    """All assertions, and those that hold. *macros* are the documents of the calls.

    Each test of a Test tool is one, each call of a macro that only raises errors, and each error that must come.
    *errors* are those of the tools that ran; a tool that is not among them did not run. *raised* are all errors of the
    whole workflow, also those that kept it from running. Where these are the errors that must come and no others, a
    macro that they kept from running is silent, as it must be.
    """
    wanted = expected_errors(flow)
    as_it_must = bool(raised) and all(_is_any(text, wanted.values()) for text in raised)
    asserting = [node for node in flow.nodes if flow.is_connected(node.id)]
    return total(
        [
            *(_tests(node, errors.get(node.id)) for node in asserting if _is_test(node)),
            *(
                _silent(node, errors.get(node.id, () if as_it_must else None), wanted)
                for node in asserting
                if node.id in macros and only_asserts(macros[node.id])
            ),
            *(_raised(tool, text, raised) for tool, text in wanted.items()),
        ]
    )


def only_asserts(macro: Document) -> bool:
    """Whether a macro gives nothing but errors: it ends in tests or error messages, and has no output."""
    nodes = [node for node in macro.nodes if not node.disabled]
    return any(_is_test(node) or _is_error_message(node) for node in nodes) and not any(
        node.kind.lower() == "macrooutput" for node in nodes
    )


def macro_files(flow: Flow, libraries: Sequence[Path]) -> Iterator[tuple[int, Path]]:
    """The files of the macros that are called, as far as they are there: where the call says, else by their name."""
    folder = flow.document.folder or libraries[0]
    elsewhere: dict[str, Path] = {}
    for node in flow.nodes:
        if node.plugin or not node.macro:
            continue
        near = _near(node.macro, folder)
        if near is None:
            elsewhere = elsewhere or _by_name(libraries)
            near = elsewhere.get(PureWindowsPath(node.macro).name.casefold())
        if near is not None:
            yield node.id, near


def macro_documents(files: Mapping[int, Path]) -> Mapping[int, Document]:
    """The documents of these macros; one that cannot be read is left out."""
    found: dict[int, Document] = {}
    for tool, path in files.items():
        try:
            found[tool] = read(path)
        except (DocumentError, FileNotFoundError):
            continue
    return found


def _near(written: str, folder: Path) -> Path | None:
    parts = PureWindowsPath(written.replace("/", "\\"))
    ways = [folder / parts.name] if parts.anchor else [folder / Path(*parts.parts), folder / parts.name]
    return next((path for path in ways if path.is_file()), None)


def _by_name(libraries: Sequence[Path]) -> dict[str, Path]:
    """The macros below these folders by their folded names; of equal names the first."""
    found: dict[str, Path] = {}
    for folder in libraries:
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS):
            found.setdefault(path.name.casefold(), path)
    return found


def _tests(node: Node, errors: Sequence[str] | None) -> Count:
    tests = len(list(node.configuration.all("Tests/Test"))) or 1
    if errors is None:
        return Count(tests, 0, (_not_held(node, "test: it was not run"),))
    # A test of all records tells each that fails, in the same words.
    failed = sorted(set(errors))
    return Count(tests, max(tests - len(failed), 0), tuple(_not_held(node, "test: it failed", text) for text in failed))


def _silent(node: Node, errors: Sequence[str] | None, wanted: Mapping[int, str]) -> Count:
    what = PureWindowsPath(node.macro).name
    if errors is None:
        return Count(1, 0, (_not_held(node, f"{what}: it was not run"),))
    told = [text for text in errors if not _is_any(text, wanted.values())]
    return Count(1, 0, (_not_held(node, f"{what}: it told an error", told[0]),)) if told else Count(1, 1)


def _raised(tool: int, expected: str, raised: Collection[str]) -> Count:
    if any(_is_any(text, [expected]) for text in raised):
        return Count(1, 1)
    return Count(
        1, 0, (Finding(about=About.CHECK, what="expected error: it did not come", tool=tool, detail=expected),)
    )


def _is_any(said: str, expected: Collection[str]) -> bool:
    """Whether an error is one of the expected ones; who told it inside a macro may stand before it.

    Behind what is wrong with an expression we tell which one, and show it.
    """
    plain = _EXPRESSION.sub("", said.splitlines()[0] if _EXPRESSION.search(said) else said).strip()
    return any(text in expected or _TOLD_BY.sub("", text) in expected for text in (said.strip(), plain))


def _is_test(node: Node) -> bool:
    return node.kind.lower() == "test"


def _is_error_message(node: Node) -> bool:
    return node.kind.lower() == "message" and node.configuration.words("Type").startswith("Error")


def _not_held(node: Node, what: str, detail: str = "") -> Finding:
    return Finding(about=About.CHECK, what=what, tool=node.id, detail=detail)
