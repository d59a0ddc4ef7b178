"""`moafeed export FORMAT PATH`: the stored posts as files of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeds.exports import EXPORTS
from feeds.registry import listed

PANEL, ORDER = "Take along", 51
HELP = f"""Write the stored posts as files of another program; only files that change are written.

{listed(EXPORTS.summaries())}

What an export of a folder has written it knows again by a file of its own beside the posts: keep it. Files there that
moafeed did not write are left alone.
"""
_FORMATS = ", ".join(EXPORTS.names())


def command(
    context: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"What for: {_FORMATS}.", show_default=False)],
    place: Annotated[Path, typer.Argument(metavar="PATH", help="The folder or file to write.", show_default=False)],
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    theme: Annotated[str | None, typer.Option(help="Theme that jekyll's front matter is for: alembic.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="So many of the newest posts: epub.")] = None,
) -> None:
    """Write the stored posts as files of another program; see `HELP`."""
    from crawler.tasks.exporting import Wanted, export
    from crawler.terminal.console import complain, say
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    wanted = Wanted(sources=tuple(names or ()), theme=theme, limit=limit)
    exported, loaded = export(find_workspace(context.obj), form, context.obj / place, wanted)
    for sentence in exported.told:
        complain(sentence)
    tell(loaded)
    say(f"{exported.written} written, {exported.unchanged} unchanged")
    raise typer.Exit(exit_code(loaded))
