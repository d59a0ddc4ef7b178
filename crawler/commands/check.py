"""`moafeed check NAME`: a recorded blog read again, compared with what it should give."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 46


def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source.", show_default=False)],
    accept: Annotated[bool, typer.Option("--accept", help="Expect from now on what is found now.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read a recorded blog again, offline, and compare every field with `expected.json`."""
    from crawler.run import log_to_stderr
    from crawler.tasks.checking import check
    from crawler.terminal.console import complain, say
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    checked = check(find_workspace(context.obj), name, accept=accept)
    for difference in checked.differences:
        complain(str(difference))
    if checked.differences:
        raise typer.Exit(1)
    say(f"{name}: {checked.posts} posts " + ("are what is expected from now on" if accept else "as expected"))
