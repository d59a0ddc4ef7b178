"""`moafeed import FORMAT DIR`: the posts of another program into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Take along", 52


def command(
    context: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="Of what: jekyll.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with _posts.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Name of the source; the exported one's, else jekyll.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the site, where its _config.yml is silent.")] = None,
) -> None:
    """Store the posts of another program; to do it again changes nothing.

    `moafeed import jekyll DIR` reads `DIR/_posts` (HTML and Markdown), and what an export has written with all that it
    knew. Exit code 65: some files are no posts; they are told one by one, and the others are stored.
    """
    from crawler.tasks.importing import BAD_FILES, import_folder
    from crawler.terminal.console import complain, say
    from crawler.workspace import find_workspace

    imported = import_folder(find_workspace(context.obj), form, context.obj / folder, source=source, url=url)
    for failure in imported.failures:
        complain(failure)
    for name, counts in imported.counts.items():
        say(f"{name}: {counts['new']} new, {counts['edited']} edited, {counts['unchanged']} unchanged")
    for name in imported.without_file:
        say(f"feeds of {name} appear when sources/{name}.toml exists")
    raise typer.Exit(BAD_FILES if imported.failures else 0)
