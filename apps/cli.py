"""The command line: ``phaenthi …``. Each command stands in a module of ``apps.commands``."""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import IO

import click

from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.commands.outline import OutlinedGroup
from phaenthi.apps.commands.spoken import Session
from phaenthi.wording import Problem
from phaenthi.wording.hints import command_name

PROGRAMME = "phaenthi"
_WHERE = ("file", "sheet", "row", "column")


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
        "verify": "phaenthi.apps.commands.verify:verify",
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
        See :class:`phaenthi.apps.commands.exit_codes.ExitCode`. What a code other than 0 means is
        said on the error stream: in a sentence, or as JSON where the answer was asked for so.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _write_thai(stream)
    session = Session.start()
    try:
        code = phaenthi.main(args=words, prog_name=PROGRAMME, standalone_mode=False, obj=session)
        return code if isinstance(code, int) else ExitCode.DONE
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.ctx.get_help() if bare.ctx else "")
        return ExitCode.DONE
    except (click.UsageError, Problem) as problem:
        # What is refused before its options are read was asked for in the same way.
        session.as_json |= "--json" in words
        return _tell(problem, session)
    except (click.Abort, KeyboardInterrupt):
        sentence = session.say("cli.interrupted")
        return _end("cli.interrupted", sentence, {}, ExitCode.INTERRUPTED, session)
    except Exception as unexpected:  # noqa: BLE001 - the last place where it can be said plainly
        if session.debug:
            traceback.print_exc()
        kind = type(unexpected).__name__
        sentence = session.say("cli.unexpected", kind=kind, text=unexpected)
        return _end("cli.unexpected", sentence, {}, ExitCode.UNFORESEEN, session)


def _tell(found: click.UsageError | Problem, session: Session) -> int:
    problem = _as_problem(found) if isinstance(found, click.UsageError) else found
    if session.debug:
        traceback.print_exception(problem)
    where = {name: getattr(problem, name) for name in _WHERE}
    sentence = problem.sentence(session.language)
    return _end(problem.message_id, sentence, where, ExitCode.TO_MEND, session)


def _end(
    problem: str, sentence: str, where: Mapping[str, object], code: ExitCode, session: Session
) -> int:
    """Say on the error stream why a command ends, and return the code that it ends with."""
    if not session.as_json:
        click.echo(sentence, err=True)
        return code
    said = {"id": problem, "sentence": sentence, **{name: where.get(name) for name in _WHERE}}
    told = {"problem": said, "exit_code": int(code)}
    click.echo(json.dumps(told, ensure_ascii=False, default=str), err=True)
    return code


def _as_problem(misuse: click.UsageError) -> Problem:
    command = misuse.ctx.command_path if misuse.ctx else PROGRAMME
    command = command.replace(PROGRAMME, command_name(), 1)
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
