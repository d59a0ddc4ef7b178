"""Following blogs with a person: what was found is shown, a question asked, what was written told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crawler.tasks.adding import follow
from crawler.tasks.looking import look
from crawler.terminal.console import is_terminal, say
from crawler.terminal.looked import may_follow, tell
from crawler.terminal.progress import looking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.workspace import Workspace


def add(
    workspace: Workspace, addresses: Sequence[str], keys: Mapping[str, Any], *,
    name: str | None, replay: Path | None, asks: bool, everything: bool,
) -> int:
    """Look at *addresses*, and follow what was found unless a person says no; return an exit code.

    Args:
        workspace: in which the source files are written.
        addresses: what to look at.
        keys: what each source file says beside what is found.
        name: of the source, where there is one address.
        replay: folder of recorded sites that answer.
        asks: whether to ask a person who is there.
        everything: whether to read the blogs to their first posts then.

    Raises:
        MoafeedError: what stands in the way, in one sentence; see `look` and `follow`.
    """
    with TemporaryDirectory(prefix="moafeed-") as recorded:
        with looking(len(addresses), shown=is_terminal()) as watch:
            looked = look(workspace, addresses, Path(recorded), name=name, replay=replay, watch=watch, **keys)
        tell(looked)
        if not may_follow(looked, asks=asks):
            return 0
        for written in follow(workspace, looked):
            say(f"wrote {written}")
    found = [each.source.name for each in looked.looks if each.source]
    if found and everything:
        return _walk(workspace.folder, found, replay)
    if found:
        say("next: moafeed update")
    return 1 if looked.lost else 0


def _walk(folder: Path, names: list[str], replay: Path | None) -> int:
    """Read blogs to their first posts, in a process of its own: Twisted's reactor starts once, and has looked."""
    walk = [sys.executable, "-m", "crawler", "-C", str(folder), "crawl", *names, "--all"]
    walk += ["--replay", str(replay.absolute())] if replay else []
    return subprocess.call(walk)  # noqa: S603  # our own command, and names that were checked
