"""`moafeed serve`: the output folder on this machine's own HTTP server."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Every day", 34


def command(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the feeds on this machine, for a reader here or a proxy in front (Ctrl-C ends it)."""
    from crawler.terminal.console import say
    from crawler.workspace import find_workspace
    from feeds.server import serve

    workspace = find_workspace(context.obj)
    here = f"http://{host}:{port}/"

    def ready() -> None:
        say(f"{here} shows {workspace.output}; Ctrl-C ends it")
        if workspace.config.base_url != here:
            say(f"the feeds name themselves {workspace.config.base_url}…: base_url in moafeed.toml says so")

    serve(workspace.output, host, port, ready=ready)
