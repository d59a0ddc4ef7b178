"""`moafeed search WORDS`: stored posts in which words stand."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 49


def command(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="Words, or a query; -- before one with a -.",
                                  show_default=False)
    ],
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many posts.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the posts as JSON.")] = False,
) -> None:
    """Show the stored posts that have all WORDS in title, category, tag or text, newest first.

    A word is also found within longer ones. What `moafeed query` takes may stand beside them: `tag:`, `since:` and so
    on. Exit code 1: there is no such post.
    """
    from crawler.tasks.searching import ask
    from crawler.terminal.console import complain
    from crawler.terminal.found import show
    from crawler.workspace import find_workspace

    found = ask(find_workspace(context.obj), " ".join(words), limit)
    show(found, as_json=as_json, lines=True)
    if not found:
        complain("no stored post has that")
        raise typer.Exit(1)
