"""A page a command, made of click's own description of it: whatever ``--help`` knows."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import cast

import click
from docs.site.pages import Page
from phaenthi.apps.cli import phaenthi
from phaenthi.apps.commands.spoken import Session, SpokenCommand, SpokenGroup
from phaenthi.wording import Language, say


def pages(language: Language, source: str, place: str) -> Iterator[Page]:
    """Yield the list of commands, then a page for each with its sub-commands."""
    top = context_of(phaenthi, None, language)
    yield Page(f"{source}/index.md", f"{place}/index.md", _overview(top, language))
    for name, command in sub_commands(top):
        context = context_of(command, top, language, name)
        text = "\n\n".join(_described(context, language))
        yield Page(f"{source}/{name}.md", f"{place}/{name}.md", text + "\n")


def context_of(
    command: click.Command,
    parent: click.Context | None,
    language: Language,
    name: str = "phaenthi",
) -> click.Context:
    """Return a context in which a command speaks a language."""
    return click.Context(command, parent=parent, info_name=name, obj=Session(language))


def sub_commands(context: click.Context) -> Iterator[tuple[str, SpokenCommand]]:
    """Yield the commands of a group in the order of its help."""
    group = context.command
    if isinstance(group, SpokenGroup):
        for name in group.list_commands(context):
            yield name, cast(SpokenCommand, group.get_command(context, name))


def _overview(context: click.Context, language: Language) -> str:
    group = cast(SpokenGroup, context.command)
    rows = [(f"[`{name}`]({name}.md)", words) for name, words in group.spoken_commands(context)]
    title = say("cli.help_page.commands", language)
    words = html.escape(say(f"{group.help}.help", language), quote=False)
    return "\n\n".join([f"# {title}", words, *_usage(context), _table(title, rows)]) + "\n"


def _described(context: click.Context, language: Language, depth: int = 1) -> Iterator[str]:
    command = cast(SpokenCommand, context.command)
    yield f"{'#' * depth} {context.command_path}"
    yield html.escape(say(f"{command.help}.help", language), quote=False)
    yield from _usage(context)
    rows = [(f"`{shown}`", words) for shown, words in command.spoken_parameters(context)]
    yield _table(say("cli.help_page.options", language), rows)
    for name, further in sub_commands(context):
        yield from _described(context_of(further, context, language, name), language, depth + 1)


def _usage(context: click.Context) -> Iterator[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    yield f"```text\n{context.command_path} {pieces}\n```"


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    lines = [f"| {_cell(first)} | {_cell(html.escape(second, quote=False))} |" for first, second in rows]
    return "\n".join([f"| {title} | |", "|---|---|", *lines])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
