"""Answers from the command line: ``--answer K=V``, and ``--answers`` for those that nobody should see there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO, Any, TypeVar, cast

import click

from openyx.errors import AskedWrongly

F = TypeVar("F", bound=Callable[..., Any])
Answers = dict[str, str | list[str]]


def answer_options(function: F) -> F:
    """``--answer`` and ``--answers``; :func:`given_answers` makes one mapping of them."""
    one = click.option(
        "-a",
        "--answer",
        "answers",
        metavar="K=V",
        multiple=True,
        help="An answer to a question of the app; several for a list box of many.",
    )
    file = click.option(
        "--answers",
        "answers_file",
        type=click.File(encoding="utf-8"),
        metavar="FILE",
        help="Answers as a JSON object, or as the designer saves them; - is standard input.",
    )
    return one(file(function))


def given_answers(pairs: tuple[str, ...], file: IO[str] | None) -> Answers:
    """The answers by the name of their question; a name that is given twice is a list.

    >>> given_answers(("Region=East", "Store=a=b"), None)
    {'Region': 'East', 'Store': 'a=b'}
    """
    answers = _read(file) if file else {}
    said: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{pair!r} is not of the form K=V.", param_hint="--answer")
        said.setdefault(name.strip(), []).append(value)
    return answers | {name: values[0] if len(values) == 1 else values for name, values in said.items()}


def _read(file: IO[str]) -> Answers:
    written = file.read()
    if written.lstrip("\ufeff \t\r\n").startswith("<"):
        from openyx.document.saved_answers import saved_answers

        return dict(saved_answers(written.lstrip("\ufeff").encode(), file.name))
    try:
        content = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise AskedWrongly(f"{file.name} is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise AskedWrongly(f"{file.name} holds no JSON object", hint='write {"Question": "answer"}')
    answers = cast("dict[str, object]", content)
    try:
        return {name: _answer(value) for name, value in answers.items()}
    except TypeError as error:
        raise AskedWrongly(f"{file.name} holds {error}, which answers nothing") from error


def _answer(value: object) -> str | list[str]:
    return [_text(each) for each in cast("list[object]", value)] if isinstance(value, list) else _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str | int | float):
        raise TypeError(json.dumps(value))
    return str(value)
