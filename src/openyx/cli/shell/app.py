"""The root of the command line: finds the commands by their files, runs one, and turns its end into an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from openyx.cli.shell.options import json_option, profile_option, quiet_option
from openyx.cli.shell.session import Session

PACKAGE = "openyx.cli"
FOLDER = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib would cost a tenth of the help's time


class Shelf(click.Group):
    """A group whose commands are the modules of a folder; each is loaded when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The names of the modules, in the order of the alphabet."""
        files = os.listdir(FOLDER)  # noqa: PTH208 - as above
        names = sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))
        if not names:
            raise RuntimeError(f"no command was found in {FOLDER}")
        return names

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that a module calls ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"{PACKAGE}.{cmd_name}")
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with the sentence that each module opens with, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(name)) for name in self.list_commands(ctx)])


def _sentence(name: str) -> str:
    with open(f"{FOLDER}/{name}.py", encoding="utf-8") as source:  # noqa: PTH123 - as above
        return source.readline().strip().strip('"')


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"openyx {version('openyx')}")
        ctx.exit()


@click.group(
    cls=Shelf,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit status: 0 done, 1 failed, 2 asked wrongly, 3 not let in, 4 not found, 5 time-out (the job goes on), "
    "6 server error, 7 unreachable, 8 in doubt, 9 cancelled, 130 interrupted, 143 and 129 ended by SIGTERM and SIGHUP.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@profile_option
@json_option
@quiet_option
def app() -> None:
    """Start Alteryx workflows by name on any Server, or run them on a gallery of your own."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The command ``yx``: runs, and ends the process with the exit status of the one table."""
    _speak_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "_YX_COMPLETE" in os.environ:
        app.main(given, prog_name="yx")
    session = Session()
    # Wherever the flag stands, and whatever else is wrong with the line, a program that asked for JSON gets it.
    session.json = "--json" in given
    sys.exit(_run(given, session))


def _run(arguments: list[str], session: Session) -> int:
    try:
        with app.make_context("yx", arguments, obj=session) as context:
            _invoke(context, session)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except BaseException as error:  # noqa: BLE001 - the process's edge: every end has an exit status
        from openyx.cli.shell.problems import told

        return told(error, session)
    finally:
        session.close()
    return 0


def _invoke(context: click.Context, session: Session) -> Any:
    from openyx.cli.shell.signals import interrupt_on_signals

    interrupt_on_signals(session)
    return app.invoke(context)


def _speak_utf8() -> None:
    """Data and talk are UTF-8 wherever they go; what cannot be written is escaped, never a crash."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            wrong = "surrogateescape" if stream is sys.stdin else "backslashreplace"
            stream.reconfigure(encoding="utf-8", errors=wrong)
