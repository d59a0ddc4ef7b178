"""Posts that were asked for, a few lines each, or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.tasks.searching import Answer


def show(answers: Sequence[Answer], *, as_json: bool, lines: bool) -> None:
    """Print *answers*, newest first: day, source and title, the address, and with *lines* what was found."""
    if as_json:
        json.dump([answer.post.to_record() for answer in answers], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for answer in answers:
        post = answer.post
        console.print(Text.assemble(
            (f"{post.dated:%Y-%m-%d}", "dim"), "  ", (post.source, "cyan"), "  ", (_one_line(post.title), "bold")
        ))  # fmt: skip
        console.print(Text(f"  {post.url}", style="dim"))
        if lines and answer.line:
            console.print(Text(f"  {_one_line(answer.line)}"))


def _one_line(text: str) -> str:
    return " ".join(text.split())
