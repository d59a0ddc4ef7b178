"""`moafeed move-store TARGET`: everything that is stored into another database."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Take along", 53


def command(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="What `store` is to say: a file or an address.", show_default=False)
    ],
) -> None:
    """Copy everything that is stored to another place, from a file to PostgreSQL or back.

    `moafeed move-store postgresql+psycopg://me@localhost/moafeed` fills an empty database; a file is named from the
    workspace's folder. Nothing is taken away from the old place, and a copy that is interrupted leaves the new one
    empty. moafeed.toml is yours: the line to put there is told.
    """
    from crawler.tasks.moving import move_store
    from crawler.terminal.console import say
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    copied = move_store(workspace, target)
    say(", ".join(f"{table.table} {table.rows}" for table in copied.tables) + ": all copied and counted")
    say(f"now put this line into {workspace.file}" + (", with the password for ***:" if copied.hides else ":"))
    say(copied.line)
