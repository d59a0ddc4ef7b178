"""`moafeed explain TARGET`: why a post is read as it is."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 44


def command(
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET", help="An address, a source's name, a post's guid, or a saved page.", show_default=False
        ),
    ],
    url: Annotated[str | None, typer.Option(help="Address of the saved page; else as it says itself.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Show which rule gave each field of a post, and what went out of its body and why.

    Under each field stand all rules in the order they are asked; the first that gives something is believed.
    """
    from crawler.run import log_to_stderr
    from crawler.tasks.explaining import explain
    from crawler.terminal.explained import show

    log_to_stderr(verbose=verbose)
    show(explain(context.obj, target, url=url), as_json=as_json)
