"""Answers a question from the store: which posts a feed would hold, or where words stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.catalogue import read_as_platform
from crawler.platforms import load_platforms
from crawler.query_text import QueryError, question
from crawler.question import members, unknown
from crawler.source import load_sources
from crawler.toml.error import did_you_mean
from pipelines.excerpt import plain_text
from pipelines.searchable import fold
from pipelines.store import Store

if TYPE_CHECKING:
    from crawler.question import Question
    from crawler.workspace import Workspace
    from pipelines.post import Post

_BEFORE, _AFTER = 30, 90  # characters of a line that are shown around what was found


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One post that was asked for."""

    post: Post
    """The post."""
    line: str
    """What stands around the first word that was asked for; the excerpt where none stands in the body."""


def ask(workspace: Workspace, text: str, limit: int | None) -> list[Answer]:
    """Return the posts that *text* asks for, as a feed with that query would hold them.

    Args:
        workspace: whose store is asked.
        text: a query; empty for all posts.
        limit: how many; None for what the query says, else what a feed holds.

    Raises:
        QueryError: the query can't be understood, or names what is not there.
        StoreError: the store can't be read.
    """
    defaults = workspace.config.defaults
    asked = question(text, defaults.zone)
    loaded = load_sources(workspace.sources_folder)
    with Store.open(workspace.store_url) as store:
        stored = dict.fromkeys(store.counts())
        read_as = stored | read_as_platform(loaded, store.sites())
        _check(asked, read_as)
        posts = store.answers(members(asked, read_as), asked.query, limit or asked.limit or defaults.limit)
    words = [fold(word) for terms in asked.query.wanted for word in terms.words]
    return [Answer(post=post, line=_line(post, words)) for post in posts]


def _check(asked: Question, names: dict[str, str | None]) -> None:
    for each in (*asked.among, *asked.without):
        for pattern in unknown(each.sources, names):
            raise QueryError(f"source: names {pattern!r}, which is no source{did_you_mean(pattern, names)}")
        for platform in each.platforms:
            if platform not in (known := load_platforms()):
                raise QueryError(f"platform: names {platform!r}, which is no platform{did_you_mean(platform, known)}")


def _line(post: Post, words: list[str]) -> str:
    for line in plain_text(post.content_html).splitlines():
        at = min((found for word in words if (found := fold(line).find(word)) >= 0), default=None)
        if at is not None:
            begins, ends = max(0, at - _BEFORE), at + _AFTER
            return ("…" if begins else "") + line[begins:ends].strip() + ("…" if ends < len(line) else "")
    return post.excerpt
