"""`moafeed log POST`: what was edited, and when."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 45


def command(
    context: typer.Context,
    post: Annotated[
        str, typer.Argument(metavar="POST", help="A post's guid or address, or a source's name.", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show what the author changed in a post, and when: the newest edit first; for a source its last ten edits.

    Also whether the post was deleted, repeats a post of another source, or has a poorer version that waits for a second
    look. Only what this store read is known: an edit between two crawls is one edit.
    """
    from crawler.tasks.history import told
    from crawler.terminal.history import show

    show(told(context.obj, post), as_json=as_json)
