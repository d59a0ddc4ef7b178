"""What reading stored pages again changes, as a person wants to see it: post by post, then one line for all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.terminal.console import complain, program, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.tasks.reprocessing import Reread
    from crawler.tasks.version_changes import Change


def show(pages: Iterable[Reread], *, dry_run: bool) -> int:
    """Print what comes of *pages* as they come, and return the exit code: 1 where one can't be read any more."""
    console = Console(soft_wrap=True)
    counts: Counter[str] = Counter()
    for page in pages:
        counts["pages"] += 1
        if page.left is not None:
            counts["unreadable" if page.unreadable else "left"] += 1
            sentence = f"{page.source}: {page.url} {page.left}; the stored post stays as it is"
            (complain if page.unreadable else say)(sentence)
        elif page.changes:
            counts["changed"] += 1
            _show_changes(console, page)
        else:
            counts["same"] += 1
    say(_summary(counts, dry_run=dry_run))
    return 1 if counts["unreadable"] else 0


def _show_changes(console: Console, page: Reread) -> None:
    console.print(Text.assemble((page.title or "(no title)", "bold"), f"  {page.source}  ", (page.url, "dim")))
    for change in page.changes:
        console.print(Text.assemble((f"  {change.field:10} ", "dim"), *_counted(change)))
        console.print(Text.assemble(("    - ", "red"), change.before or "(nothing)"))
        console.print(Text.assemble(("    + ", "green"), change.after or "(nothing)"))


def _counted(change: Change) -> list[str | tuple[str, str]]:
    if change.characters is None:
        return []
    before, after = change.characters
    counted: list[str | tuple[str, str]] = [f"{before:,} → {after:,} characters"]
    if change.halved:
        counted.append(("  LESS THAN HALF IS LEFT", "bold red"))
    elif change.shorter:
        counted.append(("  shorter", "yellow"))
    return counted


def _summary(counts: Counter[str], *, dry_run: bool) -> str:
    if not counts["pages"]:
        return "no page is stored; the next crawl keeps each page that it reads"
    parts = [f"{_plural(counts['pages'], 'stored page')} read again"]
    if counts["changed"]:
        parts.append(f"{_plural(counts['changed'], 'post')} {'would change' if dry_run else 'changed'}")
    else:
        parts.append("nothing would change" if dry_run else "nothing changed")
    parts += [f"{counts['left']} left alone"] if counts["left"] else []
    parts += [f"{counts['unreadable']} can't be read"] if counts["unreadable"] else []
    hint = f"; `{program()} build` publishes it" if counts["changed"] and not dry_run else ""
    return ", ".join(parts) + hint


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
