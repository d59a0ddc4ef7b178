"""`moafeed add URL`: a blog becomes a source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Start here", 12


def command(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the blog.", show_default=False)],
    name: Annotated[
        str | None, typer.Option(help="Name of the source and its feed; made from URL by default.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Then read it to its first post.")] = False,
    replay: Annotated[Path | None, typer.Option(help="Folder of a recorded site that answers instead of URL.")] = None,
) -> None:
    """Look at a blog, show its newest posts, and write `sources/NAME.toml`."""
    import subprocess
    import sys

    from crawler.tasks.adding import add
    from crawler.terminal.console import say
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    added = add(workspace, url, name=name, replay=replay)
    for post in added.posts:
        say(f"  {post.dated:%Y-%m-%d}  {post.title}")
    say(f"wrote {added.file}: {added.title}, read as {added.platform}")
    if everything:  # in a process of its own: Twisted's reactor starts once, and has looked at the blog
        walk = [sys.executable, "-m", "crawler", "-C", str(workspace.folder), "crawl", added.file.stem, "--all"]
        walk += ["--replay", str(replay.absolute())] if replay else []
        raise typer.Exit(subprocess.call(walk))  # noqa: S603  # our own command, and a name that was checked
    say("next: moafeed update")
