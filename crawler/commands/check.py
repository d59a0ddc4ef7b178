"""`moafeed check [NAME]...`: recorded blogs read again, compared with what they should give."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 46


def command(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all that were recorded if left out.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Read the blogs themselves, not what was recorded.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Expect from now on what is found now.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read recorded blogs again, offline, and compare every field with their `expected.json`.

    `--live` asks the blogs themselves: what is newer is no difference. Exit code 1: something is not as expected.
    """
    from crawler.run import log_to_stderr
    from crawler.tasks.checking import check
    from crawler.terminal.console import complain, say
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    checked, loaded = check(find_workspace(context.obj), names or (), live=live, accept=accept)
    for each in checked:
        for difference in each.differences:
            complain(f"{each.source}: {difference}" if len(checked) > 1 else str(difference))
        if each.problem:
            complain(f"{each.source}: {each.problem}")
        elif accept or each.is_good:
            new = f", {each.new} new" if each.new else ""
            how = "are what is expected from now on" if accept else "as expected"
            say(f"{each.source}: {each.posts} posts{new} {how}")
    tell(loaded)
    is_good = all(each.is_good or (accept and not each.problem) for each in checked)
    raise typer.Exit(exit_code(loaded) if is_good else 1)
