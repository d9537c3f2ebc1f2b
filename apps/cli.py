"""The command line: ``phaenthi …``. Each command stands in a module of ``apps.commands``."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence
from typing import IO

import click

from phaenthi.apps.commands.outline import OutlinedGroup
from phaenthi.apps.commands.spoken import Session
from phaenthi.wording import Problem

PROGRAMME = "phaenthi"
EXIT_PROBLEM = 2
EXIT_UNEXPECTED = 1
EXIT_INTERRUPTED = 130


@click.group(
    cls=OutlinedGroup,
    help="cli",
    lazy={
        "demo": "phaenthi.apps.commands.demo:demo",
        "app": "phaenthi.apps.commands.app:app",
        "workspace": "phaenthi.apps.commands.workspace:workspace",
        "register": "phaenthi.apps.commands.register:register",
        "pack": "phaenthi.apps.commands.pack:pack",
        "choose": "phaenthi.apps.commands.plans:choose",
        "explain": "phaenthi.apps.commands.plans:explain",
        "export": "phaenthi.apps.commands.export:export",
        "layer": "phaenthi.apps.commands.export:layer",
        "papers": "phaenthi.apps.commands.papers:papers",
        "readback": "phaenthi.apps.commands.returned:readback",
        "package": "phaenthi.apps.commands.package:package",
        "verify": "phaenthi.apps.commands.package:verify",
        "whatif": "phaenthi.apps.commands.whatif:whatif",
        "compare": "phaenthi.apps.commands.whatif:compare",
        "replay": "phaenthi.apps.commands.whatif:replay",
        "weights": "phaenthi.apps.commands.weights:weights",
        "alternatives": "phaenthi.apps.commands.judging_a_plan:alternatives",
        "fairness": "phaenthi.apps.commands.judging_a_plan:fairness",
        "reserve": "phaenthi.apps.commands.judging_a_plan:reserve",
        "fund": "phaenthi.apps.commands.fund:fund",
        "group": "phaenthi.apps.commands.group:group",
        "otop": "phaenthi.apps.commands.otop:otop",
        "plot": "phaenthi.apps.commands.plot:plot",
        "route": "phaenthi.apps.commands.route:route",
        "completion": "phaenthi.apps.commands.completion:completion",
    },
)
@click.option(
    "--version",
    "show_version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, wanted: _show_version(context, wanted=wanted),
    help="cli.options.version",
)
def phaenthi() -> None:
    """Lay the data over the map and choose target villages by the guideline."""


def _show_version(context: click.Context, *, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        # Reading what is installed takes longer than everything else that help needs.
        from importlib.metadata import version  # noqa: PLC0415

        click.echo(f"{PROGRAMME} {version(PROGRAMME)}")
        context.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Returns
    -------
    int
        0 done; 2 the user has something to mend, said in a sentence on the error stream;
        1 something that nobody foresaw; 130 stopped from the keyboard.
    """
    for stream in (sys.stdout, sys.stderr):
        _write_thai(stream)
    session = Session.start()
    try:
        code = phaenthi.main(
            args=None if arguments is None else list(arguments),
            prog_name=PROGRAMME,
            standalone_mode=False,
            obj=session,
        )
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.ctx.get_help() if bare.ctx else "")
        return 0
    except click.UsageError as misuse:
        return _tell(_as_problem(misuse), session)
    except Problem as problem:
        return _tell(problem, session)
    except (click.Abort, KeyboardInterrupt):
        click.echo(session.say("cli.interrupted"), err=True)
        return EXIT_INTERRUPTED
    except Exception as unexpected:  # noqa: BLE001 - the last place where it can be said plainly
        if session.debug:
            traceback.print_exc()
        kind = type(unexpected).__name__
        click.echo(session.say("cli.unexpected", kind=kind, text=unexpected), err=True)
        return EXIT_UNEXPECTED


def _tell(problem: Problem, session: Session) -> int:
    click.echo(problem.sentence(session.language), err=True)
    if session.debug:
        traceback.print_exception(problem)
    return EXIT_PROBLEM


def _as_problem(misuse: click.UsageError) -> Problem:
    command = misuse.ctx.command_path if misuse.ctx else PROGRAMME
    match misuse:
        case click.NoSuchOption():
            return Problem("cli.no_such_option", option=misuse.option_name, command=command)
        case click.exceptions.NoSuchCommand():
            return Problem("cli.no_such_command", name=misuse.command_name, command=command)
        case click.MissingParameter() if misuse.param is not None:
            name = misuse.param.get_error_hint(misuse.ctx).strip("'")
            return Problem("cli.parameter_missing", name=name, command=command)
        case _:
            return Problem("cli.usage", text=misuse.format_message(), command=command)


def _write_thai(stream: IO[str]) -> None:
    # A Windows console or a pipe may start in a code page that has no Thai letters.
    if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
        stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
