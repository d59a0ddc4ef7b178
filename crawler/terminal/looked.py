"""What was found at an address, before it is followed: the blog, its posts, how sure we are; or many in a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.terminal.console import complain, show_table
from pipelines.excerpt import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.tasks.confidence import Confidence
    from crawler.tasks.looking import Look, Looked
    from pipelines.post import Post

_SHOWN = 3  # posts
_PLAIN = "over http (not https)"
_WORDS = 80  # characters of a post's beginning
_STYLES = {"sure": "green", "alone": "yellow", "doubtful": "red", "missing": "red"}
_SAID = {"sure": "sure", "alone": "one place says so", "doubtful": "other places differ", "missing": "missing"}


def tell(looked: Looked) -> None:
    """Print one blog whole, or several in a table.

    Raises:
        AlreadyThereError: the one is followed already.
        NoBlogError: the one can't be followed.
    """
    if len(looked.looks) == 1:
        looked.looks[0].must_be_there()
        _show(looked.looks[0])
        return
    _table(looked.looks)
    if looked.lost:
        complain(f"{len(looked.lost)} of {len(looked.looks)} can't be followed")


def may_follow(looked: Looked, *, asks: bool) -> bool:
    """Tell whether what was found is to be followed; *asks* a person who is there."""
    names = [look.source.name for look in looked.looks if look.source]
    if not names or not asks or not sys.stdin.isatty():
        return True
    return typer.confirm(f"follow {', '.join(names)}?", default=True)


def _show(look: Look) -> None:
    console, source = Console(soft_wrap=True), look.source
    if source is None:
        return
    title = (look.site.title if look.site else "") or source.name
    console.print(Text.assemble((_one_line(title), "bold"), f"  {source.url}"))
    console.print(Text("  " + ", ".join(_of_blog(look))))
    for post in look.posts[:_SHOWN]:
        console.print()
        title = _one_line(post.title) or "(no title)"
        console.print(Text.assemble((f"{_when(post, look.zone)}  ", "dim"), (title, "bold")))
        for line in filter(None, _of_post(post)):
            console.print(Text(f"  {line}"))
    console.print()
    for each in look.fields:
        console.print(_level(each))


def _table(looks: Sequence[Look]) -> None:
    shown = Table("address", "source", "read as", "posts", "", box=None, pad_edge=False)
    for look in looks:
        source, lacks = look.source, ", ".join(each.field for each in look.fields if each.level == "missing")
        cells = [look.address, "", "", "", look.problem]
        if source is not None:
            cells = [look.address, source.name, source.platform or "generic", str(len(look.posts)),
                     (f"without {lacks}" if lacks else "whole") + (f", {_PLAIN}" if look.is_plain else "")]
        shown.add_row(*(Text(cell, overflow="fold") for cell in cells))
    show_table(shown)


def _of_blog(look: Look) -> Iterator[str]:
    source, languages = look.source, {post.language for post in look.posts if post.language}
    if source is not None:
        yield f"read as {source.platform or 'generic'}"
        if look.is_plain:
            yield _PLAIN
        if source.feed:
            yield f"its feed is {source.feed}"
        yield f"dates in {look.zone}"
    if languages:
        yield f"language {'/'.join(sorted(languages))}"


def _of_post(post: Post) -> Iterator[str]:
    text = plain_text(post.content_html)
    facts = (post.author or "", "/".join(post.categories), " ".join(f"#{tag}" for tag in post.tags))
    yield " · ".join(filter(None, (*map(_one_line, facts), f"{len(text):,} characters", _pictures(post))))
    beginning = _one_line(text)
    yield beginning if len(beginning) <= _WORDS else beginning[:_WORDS].rstrip() + "…"
    yield f"image {post.image}" if post.image else ""


def _pictures(post: Post) -> str:
    count = post.content_html.count("<img ")
    return f"{count} picture{'s' if count > 1 else ''}" if count else ""


def _when(post: Post, zone: str) -> str:
    return f"{post.published.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if post.published else "no date"


def _level(each: Confidence) -> Text:
    by = f"  ({each.rule})" if each.rule else ""
    return Text.assemble(f"  {each.field:11}", (_SAID[each.level], _STYLES[each.level]), (by, "dim"))


def _one_line(text: str) -> str:
    return " ".join(text.split())

