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
    browser: Annotated[
        bool, typer.Option("--browser", help="Read its pages as a browser shows them (needs moafeed[browser]).")
    ] = False,
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
    from crawler.tasks.looking import wanted
    from crawler.terminal.added import add
    from crawler.workspace import find_workspace

    addresses = wanted(urls or (), context.obj / file if file else None, name)
    keys: dict[str, Any] = {"platform": "feed-only"} if feed_only else {}
    keys |= {"request": {"browser": True}} if browser else {}
    keys |= {"include": {"categories": category}} if category else {}
    workspace = find_workspace(context.obj)
    raise typer.Exit(add(workspace, addresses, keys, name=name, replay=replay, asks=not yes, everything=everything))
