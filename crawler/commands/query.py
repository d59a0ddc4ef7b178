"""`moafeed query QUERY`: what a feed with that query would hold."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 50


def command(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The query; -- before one with a -.",
                                         show_default=False)],
    limit: Annotated[int | None, typer.Option(min=1, max=500, help="How many posts; as a feed's by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the posts as JSON.")] = False,
) -> None:
    r"""Show what a feed with `query = "QUERY"` in moafeed.toml would hold.

    QUERY is words, "words in a row", /regular expressions/ and `tag:`, `category:` (`parent/child`), `author:`,
    `lang:`, `source:`, `platform:`, all of which must fit; `a|b` is one of both, a - before it what must not be. Once
    each: `since:2024-01-31`, `limit:20`, `order:updated`, `copies:all`.
    """
    from crawler.tasks.searching import ask
    from crawler.terminal.console import complain, say
    from crawler.terminal.found import show
    from crawler.workspace import find_workspace

    found = ask(find_workspace(context.obj), query, limit)
    show(found, as_json=as_json, lines=False)
    if not as_json:
        say(f"{len(found)} posts") if found else complain("such a feed would be empty")
