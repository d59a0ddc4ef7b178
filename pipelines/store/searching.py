"""Answering a query: what the index has, looked at again; or the posts one after another where they mostly fit."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from pipelines.query import Asked, fits, hints, looks_at_text
from pipelines.searchable import SOURCE, fact
from pipelines.store import tables
from pipelines.store.newest import by_index
from pipelines.store.rows import POST_COLUMNS, restore
from pipelines.store.word_index import matching, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from pipelines.post import Post
    from pipelines.query import Query

_AT_ONCE = 100  # posts that are looked at together
_RARE = 1_500  # posts that are sorted at once, or looked at one after another
_FEW = 20  # sources
_VALUES = 500  # in one statement
_POSTS = tables.posts.c
_LIGHT = tuple(_POSTS[name] for name in
               ("id", "guid", "source", "copy_of", "categories", "tags", "author", "language", "dated", "updated"))


def answers(connection: Connection, sources: Sequence[str], query: Query, limit: int) -> list[Post]:
    """Return the first *limit* posts of *sources* that *query* asks for, in its order, ties by guid.

    Deleted ones are no answers.

    Raises:
        ValueError: one of its regular expressions can't be used.
    """
    found = list(islice(_fitting(connection, sources, query), limit))
    posts: dict[int, Post] = {}
    for some in _some(found, _VALUES):
        whole = select(_POSTS.id, *POST_COLUMNS).where(_POSTS.id.in_(some))
        for row in map(dict, connection.execute(whole).mappings()):
            number = row.pop("id")
            posts[number] = restore(row)
    return [posts[number] for number in found]


def those_fitting(connection: Connection, guids: Sequence[str], sources: Sequence[str], query: Query) -> set[str]:
    """Return which of these posts, deleted ones too, *query* asks for, or would while they were there."""
    rows = select(*_LIGHT).where(_POSTS.guid.in_(guids), _POSTS.source.in_(sources))
    return {row.guid for row, asked in _asked(connection, connection.execute(rows).all(), query) if fits(query, asked)}


def _fitting(connection: Connection, sources: Sequence[str], query: Query) -> Iterator[int]:
    """Yield the numbers of the answers' rows."""
    rows = _in_order(connection, sources, query)
    while some := list(islice(rows, _AT_ONCE)):
        for row, asked in _asked(connection, some, query):
            if fits(query, asked) and not _is_repeated(connection, row, sources, query):
                yield row.id


def _in_order(connection: Connection, sources: Sequence[str], query: Query) -> Iterator[Row[Any]]:
    """Yield rows among which all answers are, in the query's order.

    What few posts have is sorted. What many have is soon found among the newest; where it is not (two words that many
    posts have, but none side by side) the others that have it are sorted too.
    """
    groups = hints(query)
    if not groups:
        yield from _newest(connection, sources, query)
        return
    found, passed = matching(connection, groups, _RARE + 1), set[int]()
    if len(found) > _RARE:
        if len(sources) <= _FEW:
            groups = [*groups, [frozenset({fact(SOURCE, source)}) for source in sources]]
        for row in islice(_newest(connection, sources, query), _RARE):
            passed.add(row.id)
            yield row
        if len(passed) < _RARE:
            return
        found = matching(connection, groups)
    yield from _sorted(connection, sources, query, [number for number in found if number not in passed])


def _newest(connection: Connection, sources: Sequence[str], query: Query) -> Iterator[Row[Any]]:
    rows = select(*_LIGHT).where(_alive(query))
    streams = [_streamed(connection, rows.where(each), query) for each in by_index(connection, sources)]
    return merge(*streams, key=_place(query), reverse=True)


def _sorted(
    connection: Connection, sources: Sequence[str], query: Query, numbers: Sequence[int]
) -> Iterator[Row[Any]]:
    places = select(_POSTS.id, _POSTS.guid, _POSTS.dated, _POSTS.updated)
    places = places.where(_alive(query), _POSTS.source.in_(sources))
    found: list[Row[Any]] = []
    for some in _some(numbers, _VALUES):
        found += connection.execute(places.where(_POSTS.id.in_(some)))
    found.sort(key=_place(query), reverse=True)
    for some in _some([row.id for row in found], _AT_ONCE):
        rows = {row.id: row for row in connection.execute(select(*_LIGHT).where(_POSTS.id.in_(some)))}
        yield from (rows[number] for number in some)


def _streamed(connection: Connection, rows: Select[Any], query: Query) -> Iterator[Row[Any]]:
    by: ColumnElement[Any] = _POSTS.dated
    if query.order == "updated":
        greatest = func.max if connection.dialect.name == "sqlite" else func.greatest
        by = greatest(func.coalesce(_POSTS.updated, _POSTS.dated), _POSTS.dated)
    ordered = rows.order_by(by.desc(), _POSTS.guid.desc())
    with connection.execute(ordered.execution_options(yield_per=_AT_ONCE)) as result:
        yield from result


def _place(query: Query) -> Callable[[Row[Any]], tuple[datetime, str]]:
    """By which rows are sorted."""
    if query.order == "updated":
        return lambda row: (max(row.updated or row.dated, row.dated), row.guid)
    return lambda row: (row.dated, row.guid)


def _alive(query: Query) -> ColumnElement[bool]:
    since = [_POSTS.dated >= query.since] if query.since else []
    return and_(_POSTS.deleted.is_(None), *since)


def _asked(connection: Connection, rows: Sequence[Row[Any]], query: Query) -> Iterator[tuple[Row[Any], Asked]]:
    """Yield each row with what the query looks at."""
    texts: dict[int, str] = {}
    if looks_at_text(query):
        numbers = [row.id for row in rows]
        kept = select(tables.texts.c.post, tables.texts.c.record).where(tables.texts.c.post.in_(numbers))
        texts = {row.post: unpack(row.record).text for row in connection.execute(kept)}
    for row in rows:
        yield row, Asked(categories=row.categories, tags=row.tags, author=row.author, language=row.language,
                         text=texts.get(row.id, ""))


def _is_repeated(connection: Connection, row: Row[Any], sources: Sequence[str], query: Query) -> bool:
    """Whether the post repeats one of another of *sources* that is an answer too."""
    if row.copy_of is None or query.copies == "all":
        return False
    others = [source for source in sources if source != row.source]
    original = select(*_LIGHT).where(_POSTS.guid == row.copy_of, _POSTS.source.in_(others), _alive(query))
    originals = connection.execute(original).all()
    return any(fits(query, asked) for _, asked in _asked(connection, originals, query))


def _some(values: Sequence[int], count: int) -> Iterable[Sequence[int]]:
    return (values[start : start + count] for start in range(0, len(values), count))
