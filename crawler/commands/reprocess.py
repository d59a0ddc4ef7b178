"""`moafeed reprocess`: the stored pages, read again by today's rules."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 48


def command(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Read the stored pages again by today's rules, and correct the stored posts; no request leaves this machine.

    For a source file that was corrected or a moafeed that reads better. What changes is shown post by post. Posts keep
    their guids and the dates of their edits, so subscribers see them corrected, not new. Exit code 1 where a page can't
    be read any more: its post stays as it was.
    """
    from contextlib import nullcontext

    from crawler.lock import writing
    from crawler.tasks.choosing import all_sources, chosen
    from crawler.tasks.reprocessing import reprocess
    from crawler.terminal.report import exit_code, tell
    from crawler.terminal.reprocessed import show
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    sources = chosen(loaded, names or ())
    with nullcontext() if dry_run else writing(workspace):
        code = show(reprocess(workspace, sources, dry_run=dry_run), dry_run=dry_run)
    tell(loaded)
    raise typer.Exit(exit_code(loaded) or code)
