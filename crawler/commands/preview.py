"""`moafeed preview TARGET`: what a post looks like to us."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 43


def command(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A source's name, an address, or a saved page.", show_default=False)
    ],
    url: Annotated[str | None, typer.Option(help="Address of the saved page; else as it says itself.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the post schema's names as JSON.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many posts of a blog.")] = 3,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Show posts as a crawl would keep them; nothing is stored.

    TARGET is the name of a source, the address of a blog or a post, or the file of a saved page.
    """
    from crawler.run import log_to_stderr
    from crawler.tasks.previewing import posts_of
    from crawler.terminal.show import show

    log_to_stderr(verbose=verbose)
    show(posts_of(context.obj, target, url=url, limit=limit), as_json=as_json)
