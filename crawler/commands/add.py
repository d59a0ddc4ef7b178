"""`moafeed add URL...`: blogs become sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

PANEL, ORDER = "Start here", 12


def command(
    context: typer.Context,
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="[URL]...", help="Any address of a blog: front page, post, feed.", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the source and its feed; made from URL by default.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Addresses: one a line, or a reader's OPML.")
    ] = None,
    feed_only: Annotated[bool, typer.Option("--feed-only", help="URL is a feed; never ask for a page.")] = False,
    category: Annotated[
        list[str] | None, typer.Option(help="Only its posts of this category, with all below it; may stand twice.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Follow what was found without a question.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Then read it to its first post.")] = False,
    replay: Annotated[Path | None, typer.Option(help="Folder of a recorded site that answers instead of URL.")] = None,
) -> None:
    """Find the blogs at some addresses, show their newest posts, and write `sources/NAME.toml` for each.

    URL may be the front page, a post, one category's list or a feed. A few pages are kept in `recorded/NAME`, so that
    `moafeed check` tells when a new version reads them otherwise. Nothing is asked where nobody is there to answer.
    Exit code 1: of several addresses some can't be followed.
    """
    from tempfile import TemporaryDirectory

    from crawler.tasks.adding import follow
    from crawler.tasks.looking import look, wanted
    from crawler.terminal.console import say
    from crawler.terminal.looked import may_follow, tell
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    addresses = wanted(urls or (), context.obj / file if file else None, name)
    with TemporaryDirectory(prefix="moafeed-") as recorded:
        keys: dict[str, Any] = {"platform": "feed-only"} if feed_only else {}
        keys |= {"include": {"categories": category}} if category else {}
        looked = look(workspace, addresses, Path(recorded), name=name, replay=replay, **keys)
        tell(looked)
        if not may_follow(looked, asks=not yes):
            raise typer.Exit
        for written in follow(workspace, looked):
            say(f"wrote {written}")
    found = [each.source.name for each in looked.looks if each.source]
    if found and everything:
        raise typer.Exit(_walk(workspace.folder, found, replay))
    if found:
        say("next: moafeed update")
    raise typer.Exit(1 if looked.lost else 0)


def _walk(folder: Path, names: list[str], replay: Path | None) -> int:
    """Read blogs to their first posts, in a process of its own: Twisted's reactor starts once, and has looked."""
    import subprocess
    import sys

    walk = [sys.executable, "-m", "crawler", "-C", str(folder), "crawl", *names, "--all"]
    walk += ["--replay", str(replay.absolute())] if replay else []
    return subprocess.call(walk)  # noqa: S603  # our own command, and names that were checked
