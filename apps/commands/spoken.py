"""Commands that speak Thai or English: help, options and the words of a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module  # noqa: TID251 - only the command that is asked for is loaded
from pathlib import Path
from typing import Any, cast

import click
from click.shell_completion import CompletionItem

from phaenthi.wording import LANGUAGES, Language, Problem, say
from phaenthi.wording.hints import DEFAULT_WORKSPACE, WORKSPACE_VARIABLE, typed, usual_language


@dataclass
class Session:
    """What one call of the command line goes by.

    Attributes
    ----------
    language
        Of every sentence; ``PHAENTHI_LANGUAGE`` or Thai until ``--language`` says otherwise.
    debug
        Whether an unexpected error shows its traceback.
    as_json
        Whether the answer is for a script: one JSON object and nothing else.
    """

    language: Language = "th"
    debug: bool = False
    as_json: bool = False

    @classmethod
    def start(cls) -> Session:
        """Begin in the language of the environment."""
        return cls(usual_language())

    def say(self, message_id: str, **values: object) -> str:
        """Return a sentence in the language of the session."""
        return say(message_id, self.language, **values)

    def typed(self, *words: str, workspace: str | Path | None = None) -> str:
        """Return a command to be pasted: on this workspace, in the language of the session."""
        return typed(*words, workspace=workspace, language=self.language)


def session_of(context: click.Context) -> Session:
    """Return the session of a call."""
    return context.ensure_object(Session)


def _choose_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        session_of(context).language = cast(Language, value)


def _choose_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        session_of(context).debug = True


def _choose_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        session_of(context).as_json = True


def _common_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--language"],
            type=click.Choice(LANGUAGES),
            is_eager=True,
            expose_value=False,
            callback=_choose_language,
            help="cli.options.language",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_choose_debug,
            help="cli.options.debug",
        ),
    ]


class SpokenCommand(click.Command):
    """A command whose ``help`` is the id of its words: ``<id>.short`` and ``<id>.help``.

    The ``help`` of its options and arguments is a whole id.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Add ``--language`` and ``--debug`` to the options of the command."""
        super().__init__(*args, **settings)
        self.params += _common_options()

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage, what the command does, and what may be given to it."""
        session = session_of(ctx)
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, f"{session.say('cli.help_page.usage')} ")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(session.say(f"{self.help}.help"))
        with formatter.section(session.say("cli.help_page.options")):
            formatter.write_dl(self.spoken_parameters(ctx))

    def spoken_parameters(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each argument and option as it is typed, and what it is for."""
        rows = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            rows.append((record[0] if record else "", self._words(ctx, parameter)))
        return rows

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the options that begin so, each with its words instead of their id."""
        # Not what a group does in click: it would load every command to complete one.
        found = click.Command.shell_complete(self, ctx, incomplete)
        words = {
            option: self._words(ctx, parameter)
            for parameter in self.get_params(ctx)
            for option in parameter.opts
        }
        for item in found:
            item.help = words.get(item.value, item.help)
        return found

    def _words(self, context: click.Context, parameter: click.Parameter) -> str:
        words = getattr(parameter, "help", None) or ""
        if parameter is self.get_help_option(context):
            words = "cli.options.help"
        return session_of(context).say(words)


class SpokenGroup(SpokenCommand, click.Group):
    """A group of spoken commands that are loaded when they are called.

    Parameters
    ----------
    lazy
        Name of each command and ``module:attribute`` where it stands; their words are
        ``<id of the group>.<name>.short`` and ``.help``, so that a list of commands loads none.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **settings: Any) -> None:
        """Remember where the commands stand."""
        super().__init__(*args, **settings)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a person uses them."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        return self.load(cmd_name)

    def load(self, name: str) -> click.Command:
        """Import the module where a command stands, and return the command."""
        module, attribute = self.lazy[name].split(":")
        return cast(click.Command, getattr(import_module(module), attribute))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the group and one line for each command."""
        super().format_help(ctx, formatter)
        with formatter.section(session_of(ctx).say("cli.help_page.commands")):
            formatter.write_dl(self.spoken_commands(ctx))

    def spoken_commands(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return the name of each command and its line, without loading any."""
        session = session_of(ctx)
        names = self.list_commands(ctx)
        return [(name, session.say(f"{self.help}.{name}.short")) for name in names]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, without loading any, and the options."""
        commands = [
            CompletionItem(name, help=words)
            for name, words in self.spoken_commands(ctx)
            if name.startswith(incomplete)
        ]
        return commands + super().shell_complete(ctx, incomplete)


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def workspace_option(
    words: str = "cli.options.workspace", default: str | None = DEFAULT_WORKSPACE
) -> Decorator:
    """Return the option that names the workspace folder.

    Parameters
    ----------
    words
        Id of what the help says of it.
    default
        The folder without option and variable; ``None`` where a command can do without one.
    """
    return click.option(
        "--workspace",
        "workspace_folder",
        metavar="DIR",
        envvar=WORKSPACE_VARIABLE,
        default=default,
        help=words,
    )


def json_option() -> Decorator:
    """Return the option that asks for the answer as JSON; it sets ``Session.as_json``."""
    return click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_choose_json,
        help="cli.options.json",
    )


def read_pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """Read the values of an option such as ``--reading cap=average``.

    Raises
    ------
    Problem
        ``cli.pair_unreadable`` with the option and what was found.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if not name or not value:
            raise Problem("cli.pair_unreadable", option=option, found=text)
        pairs[name] = value
    return pairs
