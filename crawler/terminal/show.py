"""A post as a person wants to see it, or as JSON in the schema's names."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.terminal.console import heading
from pipelines.excerpt import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.post import Post


def show(posts: Sequence[Post], *, as_json: bool) -> None:
    """Print *posts*: one JSON object for one post and a list for several, or pages for people."""
    if as_json:
        records = [post.to_record() for post in posts]
        json.dump(records[0] if len(records) == 1 else records, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for post in posts:
        console.print(heading(post.title or "(no title)"))
        for name, value in _facts(post):
            console.print(Text.assemble((f"{name:11}", "dim"), value))
        console.print()
        console.print(Text(plain_text(post.content_html)))
        console.print()


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    facts: Iterable[tuple[str, str | None]] = (
        ("address", post.url), ("guid", post.guid), ("author", post.author),
        ("published", post.published.isoformat() if post.published else "unknown (first seen stands in)"),
        ("updated", post.updated.isoformat() if post.updated else None),
        ("category", " / ".join(post.categories)), ("tags", ", ".join(post.tags)), ("language", post.language),
        ("image", post.image), ("excerpt", post.excerpt),
    )
    return ((name, value) for name, value in facts if value)
