"""Which stored post of its source is this one? By its id, by an address, at last by what it says and when."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from pipelines.digest import digest
from pipelines.excerpt import plain_text
from pipelines.identity import address_alias, is_platform_key
from pipelines.simhash import NEAR, SAME, bands, distance, simhash
from pipelines.store import tables
from pipelines.store.rows import stored_where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Row

    from pipelines.post import Post
    from pipelines.store.rows import Stored

_HALF_A_DAY = timedelta(hours=12)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MOST = 250  # posts of one instant or day that are compared: a blog that was imported may have all on one day
_FACTS = tuple(tables.posts.c[name] for name in ("id", "guid", "url", "title", "published", "simhash"))
_HALF_AN_HOUR = 30
_FINALISTS = 10
_TITLE, _TIME = 16, 32  # more than any number of bits that is allowed to differ


def owners_of(connection: Connection, post: Post) -> dict[str, str]:
    """Return the guids of the stored posts of its source that have an alias of *post*, by alias."""
    mine = and_(tables.aliases.c.source == post.source, tables.aliases.c.alias.in_(post.aliases))
    return dict(iter(connection.execute(select(tables.aliases.c.alias, tables.aliases.c.guid).where(mine)).all()))


def by_alias(connection: Connection, post: Post, owners: Mapping[str, str]) -> Stored | None:
    """Return the stored post that has *post*'s platform id, else one of its addresses, the canonical one first.

    An address whose owner has another platform id was used again: it leads to no post.
    """
    for alias in post.aliases:
        guid = owners.get(alias)
        if guid and (is_platform_key(alias) or not _has_other_key(_keys_of(connection, post.source, guid), post)):
            return stored_where(connection, tables.posts.c.source == post.source, tables.posts.c.guid == guid)[0]
    return None


def by_content(connection: Connection, post: Post, mark: int | None, others: Others) -> Stored | None:
    """Return the stored post that says what *post* says and was published when it was, whatever their addresses.

    The last resort: a blog without platform ids moved all its posts, or gave one a new slug. Better a post twice than
    two posts in one, so a stored post is passed over whose address another post has now, whose platform id is another
    of the same blog, or of which one of title, date and text differs more than an edit explains.

    Args:
        connection: in a transaction that may write.
        post: one that no alias leads to.
        mark: the simhash of its text.
        others: what was read at the same time: a stored post whose address one of them has is that one.
    """
    close = [
        (rank, row.id) for row in _candidates(connection, post, mark)
        if (rank := _likeness(post, mark, row)) is not None and not others.have(row.guid, row.url, post)
    ]
    for _, number in sorted(close)[:_FINALISTS]:
        (stored,) = stored_where(connection, tables.posts.c.id == number)
        keys = _keys_of(connection, post.source, stored.post.guid)
        if not (_blogs(keys) & _blogs(_keys(post.aliases))) and _is_same(post, stored):
            return stored
    return None


class Others:
    """What other posts of a source, which were read at the same time, have for themselves: aliases, stored posts."""

    __slots__ = ("_also", "_counts", "_taken")

    def __init__(self, posts: Iterable[Post], also: Collection[tuple[str, str]] = ()) -> None:
        self._counts = Counter((post.source, alias) for post in posts for alias in dict.fromkeys(post.aliases))
        self._also = also
        self._taken: set[tuple[str, str]] = set()

    def take(self, source: str, guid: str) -> None:
        """Note that one of them is the stored post with that guid."""
        self._taken.add((source, guid))

    def have(self, guid: str, url: str, post: Post) -> bool:
        """Tell whether another post than *post* is the stored one with that guid, or has its address."""
        if (post.source, guid) in self._taken:
            return True
        alias = address_alias(url)
        own, place = alias in post.aliases, (post.source, alias)
        return self._counts[place] > own or (place in self._also and not own)


def _candidates(connection: Connection, post: Post, mark: int | None) -> Iterable[Row[Any]]:
    """The stored posts of its source that may be *post*: of its instant, of its day, of a text nearly its own."""
    mine, facts = tables.posts.c.source == post.source, select(*_FACTS)
    found: dict[int, Row[Any]] = {}
    if (at := post.published) is not None:
        for condition in (tables.posts.c.dated == at, within_half_a_day(at)):
            found |= {row.id: row for row in connection.execute(facts.where(mine, condition).limit(_MOST))}
    if mark is not None:
        near = facts.join(tables.bands, tables.bands.c.post == tables.posts.c.id)
        near = near.where(tables.bands.c.band.in_(bands(mark)), mine).limit(_MOST)
        found |= {row.id: row for row in connection.execute(near)}
    return found.values()


def within_half_a_day(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a stored post's date is less than twelve hours from *at*."""
    early, late = max(at, _FIRST + _HALF_A_DAY) - _HALF_A_DAY, min(at, _LAST - _HALF_A_DAY) + _HALF_A_DAY
    return and_(tables.posts.c.dated > early, tables.posts.c.dated < late)


def _likeness(post: Post, mark: int | None, row: Row[Any]) -> int | None:
    """How unlike a candidate is, by what its row tells without its text; None where it can't be the same."""
    titled = same_title(post.title, row.title)
    exact = row.published == post.published
    if not (titled or exact) or not (exact or close_in_time(post.published, row.published)):
        return None
    differing = distance(mark, row.simhash) if mark is not None and row.simhash is not None else 0
    if differing > NEAR:
        return None
    return differing + (0 if titled else _TITLE) + (0 if exact else _TIME)


def _is_same(post: Post, stored: Stored) -> bool:
    """Decide on a candidate: how much may differ is the less, the less exactly the dates are known and agree."""
    other = stored.post
    text, theirs = plain_text(post.content_html), plain_text(other.content_html)
    mark, their_mark = simhash(text), simhash(theirs)
    titled, at = same_title(post.title, other.title), post.published
    exact = at is not None and at == other.published
    if mark is None or their_mark is None:  # too short to be told by its text
        words = exact and at is not None and at.second and _words(text) == _words(theirs)
        return titled and bool(words or _all_of(post) == _all_of(other))
    if exact and at is not None and (at.second or titled):
        # The page printed seconds, else minutes, else at most the day: of a round date nobody knows.
        allowed = SAME if not at.second and at.minute % _HALF_AN_HOUR == 0 else NEAR
        return distance(mark, their_mark) <= allowed
    if titled:
        return _words(text) == _words(theirs)
    return exact and _all_of(post) == _all_of(other)


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles are the same but for case, spaces and forms of letters; empty ones never are."""
    first, second = (_words(unicodedata.normalize("NFKC", title).casefold()) for title in (one, other))
    return bool(first) and first == second


def close_in_time(one: datetime | None, other: datetime | None) -> bool:
    """Tell whether two dates are of one day, whatever zone that is in.

    Less than twelve hours apart: a notice of every morning is a few minutes early or late, and never half a day.
    """
    return one is not None and other is not None and abs(one - other) < _HALF_A_DAY


def _words(text: str) -> str:
    return "".join(text.split())


def _all_of(post: Post) -> str:
    """Text, pictures, links: all that a body holds."""
    return digest("", post.content_html)


def _keys(aliases: Iterable[str]) -> set[str]:
    return set(filter(is_platform_key, aliases))


def _keys_of(connection: Connection, source: str, guid: str) -> set[str]:
    owned = and_(tables.aliases.c.source == source, tables.aliases.c.guid == guid)
    return _keys(connection.execute(select(tables.aliases.c.alias).where(owned)).scalars())


def _has_other_key(keys: set[str], post: Post) -> bool:
    """Whether *post* and the owner of *keys* have platform ids, and none in common."""
    own = _keys(post.aliases)
    return bool(own and keys and own.isdisjoint(keys))


def _blogs(keys: Iterable[str]) -> set[str]:
    """The blogs that gave platform ids: ids of one blog tell posts apart, of two they don't (a blog that moved)."""
    return {key.rpartition(":")[0] for key in keys}
