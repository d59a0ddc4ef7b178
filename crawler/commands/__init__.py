"""The commands of `moafeed`: one file each, its name is the command's; a new file is a new command."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated

import typer

from crawler.terminal.console import complain, say
from pipelines.errors import MoafeedError

_OBJECTS = 50_000


def make_app(word: str = "") -> typer.Typer:
    """Return the command line, made of the modules here.

    A module here has a function `command`, a `PANEL` (the heading it stands under), an `ORDER` (its place), and
    perhaps a `HELP` (Markdown), where the docstring of `command` can't say it all.

    Args:
        word: the first word that was typed. If it is a command's name, no other command is looked at: to describe
            them all takes longer than many a command.
    """
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    names = {m.name.rstrip("_").replace("_", "-"): m.name for m in iter_modules(__path__)}
    if word in names:
        names = {word: names[word]}
    modules = {name: import_module(f"crawler.commands.{module}") for name, module in names.items()}
    for name, module in sorted(modules.items(), key=lambda each: each[1].ORDER):
        app.command(name, rich_help_panel=module.PANEL, help=getattr(module, "HELP", None))(module.command)
    return app


def _version(value: bool) -> None:  # noqa: FBT001  # typer hands it over like this
    if value:
        say(f"moafeed {version('moafeed')}")
        raise typer.Exit


def _options(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option("-C", "--folder", help="Folder of the workspace, or one below it.", show_default=False)
    ] = Path(),
    _: Annotated[  # a flag is a bool in typer
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Follow blogs, keep every post whole, publish them as feeds (모아, "gather")."""
    context.obj = folder


def run() -> None:
    """Run one command; what a user can cause ends in one sentence and the exit code of its kind."""
    gc.set_threshold(_OBJECTS)  # looking for garbage while modules load takes a sixth of a short command's time
    try:
        make_app(*sys.argv[1:2])()
    except MoafeedError as error:
        complain(str(error))
        sys.exit(error.exit_code)
