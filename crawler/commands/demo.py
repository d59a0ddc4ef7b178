"""`moafeed demo`: the whole way once, with a blog of our own on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Start here", 10


def command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path("demo"),
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """See it work: crawl a small blog on this machine, publish its feeds, and leave."""
    from crawler.run import log_to_stderr
    from crawler.tasks.demonstration import demonstrate
    from crawler.terminal.console import program, say
    from crawler.terminal.report import exit_code, tell

    log_to_stderr(verbose=verbose)
    done = demonstrate(context.obj / folder)
    tell(done.loaded, done.crawled)
    workspace = done.workspace
    base = workspace.config.base_url
    say(f"{done.posts} posts of the demo blog are published in {workspace.output}:", style="bold")
    say(f"  open       {workspace.output / 'index.html'}")
    say(f"  subscribe  {program()} -C {folder} serve, then give {base}demo.rss to your feed reader")
    say("             (the demo blog itself is gone again, so its pictures and links don't answer)", style="dim")
    say(f"  go on      {program()} init blogs, then {program()} -C blogs add https://NAME.tistory.com")
    raise typer.Exit(exit_code(done.loaded, done.crawled))
