"""Which posts the document that people subscribe to may show, given what they know: no flood of old ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from feeds.dates import utc
from feeds.feed import Feed
from feeds.record import Shown
from feeds.selection import last_change, placed
from pipelines.post import Post

JOINING = 10
"""Posts that a source may bring along when it joins a feed that has subscribers."""


def presentable(
    feed: Feed, posts: Sequence[Post], before: Shown | None, added: Collection[str], most: int
) -> list[Post]:
    """Return those of *posts* that subscribers are to see, in their order.

    A post that is older than all they know is no news. Had it been stored before, it was in the document once, and
    shown again it would be unread again in readers that forget. Was it found since, it may be one that was missed; but
    many of them are the rest of a blog that was read to its first post: they belong to the archive. A rejected change
    keeps the dates that subscribers know, and a rejected new post stays away.

    Args:
        feed: whose posts they are; one that is sorted by updates shows old posts too, when they were updated.
        posts: newest first.
        before: what they know; None where the feed was never published.
        added: guids of the posts that were stored since then.
        most: how many posts that were found late may still appear.
    """
    if before is None or not before.entries:
        return list(posts)
    known = before.by_guid
    by_update = feed.query is not None and feed.query.order == "updated"
    oldest = min(entry.updated if by_update else entry.published for entry in before.entries)
    old = [post for post in posts if post.guid not in known and placed(feed, post) < oldest]
    late = {post.guid for post in old if post.guid in added}
    hidden = {post.guid for post in old} - (late if len(late) <= most else set())
    hidden |= {guid for guid, quiet in before.quiet.items() if quiet is None}
    hidden |= set(_beyond(post for post in posts if post.source not in before.sources and post.guid not in known))
    return [_quiet(post, before) for post in posts if post.guid not in hidden]


def _beyond(joining: Iterable[Post]) -> Iterator[str]:
    """The guids of posts beyond what their source may bring along."""
    counted = Counter[str]()
    for post in joining:
        counted[post.source] += 1
        if counted[post.source] > JOINING:
            yield post.guid


def _quiet(post: Post, before: Shown) -> Post:
    quiet = before.quiet.get(post.guid)
    if quiet is None or quiet.refused != (utc(post.dated), last_change(post)):
        return post
    return replace(post, published=quiet.published, updated=quiet.updated)
