"""`moafeed list`: the sources, and how they are."""

from __future__ import annotations

import typer

PANEL, ORDER = "Look closer", 41


def command(context: typer.Context) -> None:
    """Show the sources: how many posts each has, and what its last crawl came to."""
    from rich.table import Table
    from rich.text import Text

    from crawler.tasks.choosing import all_sources
    from crawler.tasks.standing import standing
    from crawler.terminal.console import show_table
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    stand = standing(workspace)
    table = Table("source", "posts", "last crawl", "address", box=None, pad_edge=False)
    for source in loaded.sources:
        last = stand.results.get(source.name)
        state = "never crawled" if last is None else last.failures[0] if last.failures else "ok"
        row = (source.name, str(stand.counts.get(source.name, 0)), state, source.url)
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    show_table(table)
    tell(loaded)
    raise typer.Exit(exit_code(loaded))
