"""The commands that README and guide show are commands, with options that are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from openyx.cli.shell.app import app
from openyx.cli.shell.session import Session

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/guide.md", "docs/guide/keeping.md", "docs/guide/operating.md")


def shown(page: str) -> Iterator[str]:
    """What stands behind ``yx`` in the blocks of a page and between its back-ticks, up to the end of the command."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"^```(?:console|bash|cron|text)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    code = [line for block in blocks for line in block.splitlines() if not line.startswith("#!")]
    code += re.findall(r"`(yx [^`]*)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in code:
        for found in re.finditer(r"(?:^|[ /(`])yx ([a-z]+\b.*?)(?= \| | && | >|\)$| {2,}|$)", line.replace("`", "")):
            yield found[1]


def parsed(context: click.Context) -> None:
    """Parse what is left of a line, down to its last command."""
    command = context.command
    if isinstance(command, click.Group) and context._protected_args + context.args:
        name, inner, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert inner is not None
        parsed(inner.make_context(name, rest, parent=context))


@pytest.mark.parametrize("line", [line for page in PAGES for line in shown(page)])
def test_a_command_that_is_shown_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(re.sub(r"\$\(date \+(\S+)\)", r"\1", line), comments=True)
    for word in words:
        if word.endswith(".yxmd") or word == "FILE":
            (tmp_path / word).write_text("")
    parsed(app.make_context("yx", words, obj=Session()))


def test_the_pages_show_the_commands_that_matter() -> None:
    lines = [line for page in PAGES for line in shown(page)]
    assert {line.split()[0] for line in lines} >= {"demo", "serve", "keys", "login", "list", "run", "jobs", "publish"}
