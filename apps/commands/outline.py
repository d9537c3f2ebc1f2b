"""Commands known by their outline: help and a refusal do not wait for what the work needs.

``outline.yaml`` says what each command takes, as click tells it of the commands themselves; a
test holds it to them and ``make outline`` writes it anew. A command is loaded when its words are
understood and what they name is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, cast

import click
import yaml
from click.shell_completion import CompletionItem

from phaenthi.apps.commands.spoken import SpokenCommand, SpokenGroup
from phaenthi.data import shipped

OUTLINE = shipped("phaenthi.apps.commands", "outline.yaml")
_Told = Mapping[str, Any]
# Settings of a parameter, each with what it is where the outline does not say it.
_SETTINGS = {
    "required": False,
    "nargs": 1,
    "multiple": False,
    "is_flag": False,
    "default": None,
    "envvar": None,
    "metavar": None,
    "help": None,
}
# What a shell completes by itself: folders and files.
_FILES = ("FILE", "CSV", "GPKG", "HTML", "PBF", "XLSX", "YAML")
_ON_DISK = {"DIR": "dir", "FOLDER": "dir", **dict.fromkeys(_FILES, "file")}
_RANGES = ("min", "max", "min_open", "max_open", "clamp")
_TYPES: Mapping[str, click.ParamType[Any]] = {
    "Bool": click.BOOL,
    "Float": click.FLOAT,
    "Int": click.INT,
    "String": click.STRING,
}


# -- what there is to know of a command ------------------------------------------------------------


def outline_of(command: click.Command, context: click.Context) -> dict[str, Any]:
    """Return the outline of a command, and of those in it, as plain data."""
    own = {parameter.name for parameter in SpokenCommand("bare").params}
    told: dict[str, Any] = {
        "help": command.help,
        "params": [
            _outline_of_parameter(parameter)
            for parameter in command.params
            if parameter.name not in own
        ],
    }
    if isinstance(command, click.Group):
        told["commands"] = {
            name: outline_of(cast(click.Command, command.get_command(context, name)), context)
            for name in command.list_commands(context)
        }
    return told


def _outline_of_parameter(parameter: click.Parameter) -> dict[str, Any]:
    known = parameter.to_info_dict() | {"metavar": parameter.metavar}
    kind = known["type"]
    plain = (str, int, float, bool)
    told = {"name": parameter.name, "words": " ".join(known["opts"])}
    told |= {
        name: known[name]
        for name, usual in _SETTINGS.items()
        if isinstance(known.get(name), plain) and known[name] != usual
    }
    told |= {"type": kind["param_type"]} if kind["param_type"] != "String" else {}
    told |= {name: kind[name] for name in _RANGES if kind.get(name) not in {None, False}}
    return told | ({"choices": list(kind["choices"])} if "choices" in kind else {})


# -- a command by its outline ----------------------------------------------------------------------


class OutlinedGroup(SpokenGroup):
    """A group whose commands are known by their outlines until one has something to do."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, in outline."""
        told = _outline().get(cmd_name)
        if told is None or cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        return _outlined(cmd_name, told, lambda: self.load(cmd_name))


@cache
def _outline() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] | None = yaml.load(OUTLINE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    return read or {}


_Load = Callable[[], click.Command]


def _outlined(name: str, told: _Told, load: _Load) -> click.Command:
    if "commands" not in told:
        return _Outlined(name, told, load)
    group = SpokenGroup(name, help=told["help"])
    for part, of_part in told["commands"].items():
        group.add_command(_outlined(part, of_part, partial(_load_part, load, part)))
    return group


def _load_part(load: _Load, name: str) -> click.Command:
    group = cast(click.Group, load())
    return cast(click.Command, group.get_command(click.Context(group), name))


class _Outlined(SpokenCommand):
    """A command that is loaded when it is called and nothing speaks against it."""

    def __init__(self, name: str, told: _Told, load: _Load) -> None:
        params = [_parameter(one) for one in told["params"]]
        super().__init__(name, params=params, help=told["help"])
        self._load = load

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, and remember them for the command itself."""
        ctx.meta[__name__] = list(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Refuse what names something that is not there; else do what the command does."""
        from phaenthi.apps.commands.refusals import refuse  # noqa: PLC0415 - help needs none of it

        refuse(str(self.name), ctx.params)
        command = self._load()
        with command.make_context(self.name, list(ctx.meta[__name__]), parent=ctx.parent) as own:
            return command.invoke(own)


def _parameter(told: _Told) -> click.Parameter:
    settings = {name: told.get(name, usual) for name, usual in _SETTINGS.items()}
    names = [told["name"], *told["words"].split()]
    flag, words, given = (settings.pop(name) for name in ("is_flag", "help", "default"))
    settings |= {} if given is None else {"default": given}
    if told.get("metavar") in _ON_DISK:
        settings["shell_complete"] = partial(_on_disk, _ON_DISK[told["metavar"]])
    if not names[1].startswith("-"):
        settings.pop("multiple")
        return click.Argument(names[:1], type=_type(told), help=words, **settings)
    if flag:
        return click.Option(names, is_flag=True, help=words)
    return click.Option(names, type=_type(told), help=words, **settings)


def _on_disk(kind: str, _: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    return [CompletionItem(typed, type=kind)]


def _type(told: _Told) -> click.ParamType[Any]:
    limits = {name: told[name] for name in _RANGES if name in told}
    match told.get("type", "String"):
        case "Choice":
            return click.Choice(told["choices"])
        case "IntRange":
            return click.IntRange(**limits)
        case "FloatRange":
            return click.FloatRange(**limits)
        case kind:
            return _TYPES[kind]
