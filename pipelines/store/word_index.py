"""The index of what posts say: by letters and pairs of letters, so that a word is found within longer ones.

SQLite has it as an FTS5 table, PostgreSQL as a table of arrays with a GIN index. Both know only which posts have a
part, not where: what they find is looked at again. `texts` has what each post was indexed by: FTS5 must be told it once
more to forget it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import zstandard
from sqlalchemy import ARRAY, Column, Connection, MetaData, Table, Text, and_, cast, or_, select, text

from pipelines.searchable import Searchable, parts, searchable
from pipelines.store import tables
from pipelines.store.upserting import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.post import Post

_AT_ONCE = 200  # posts in memory
_ENDED = "\n\n"  # between facts and text: neither has an empty line
_LEVEL = 3

_MAKE = {
    # No positions, no text, no sizes: a tenth of what FTS5 keeps by itself. Its tokenizers know the letters of an old
    # Unicode, so that parts are given to it as hexadecimal.
    "sqlite": (
        "CREATE VIRTUAL TABLE words USING fts5(parts, content = '', columnsize = 0, detail = none, tokenize = ascii)",
    ),
    "postgresql": (
        "CREATE TABLE words (post integer PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, parts text[] NOT NULL)",
    ),
}
# Made after a first filling: row by row, a hundred thousand posts take a quarter of an hour.
_INDEX = "CREATE INDEX IF NOT EXISTS words_parts ON words USING gin (parts)"
# As PostgreSQL has it; no table of the schema, for SQLite has it as a virtual one.
_WORDS = Table("words", MetaData(), Column("post"), Column("parts", ARRAY(Text)))
_PUT = {
    "sqlite": "INSERT INTO words (rowid, parts) VALUES (:post, :parts)",
    "postgresql": "INSERT INTO words (post, parts) VALUES (:post, :parts)"
                  " ON CONFLICT (post) DO UPDATE SET parts = excluded.parts",
}
_FORGET = "INSERT INTO words (words, rowid, parts) VALUES ('delete', :post, :parts)"
_SAYS = tuple(tables.posts.c[name] for name in
              ("id", "source", "title", "author", "categories", "tags", "language", "content_html"))


def create(connection: Connection) -> None:
    """Make the index, empty."""
    for statement in _MAKE[connection.dialect.name]:
        connection.execute(text(statement))


def fill_from_posts(connection: Connection) -> None:
    """Index every stored post for the first time."""
    query = select(*_SAYS).order_by(tables.posts.c.id)
    for rows in connection.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        _put(connection, [(row.id, searchable(row)) for row in rows])
    _finish(connection)


def fill_from_texts(connection: Connection) -> None:
    """Index every stored text: of a store that was copied."""
    query = select(tables.texts.c.post, tables.texts.c.record).order_by(tables.texts.c.post)
    for rows in connection.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        _index(connection, [(row.post, unpack(row.record)) for row in rows])
    _finish(connection)


def _finish(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(_INDEX))


def put(connection: Connection, number: int, post: Post, body: str | None = None) -> None:
    """Let the post in row *number* be found by what it says now.

    Args:
        connection: in a transaction that may write.
        number: of its row.
        post: what it says.
        body: its body as plain text, where that is known.
    """
    new = searchable(post, body)
    before = select(tables.texts.c.record).where(tables.texts.c.post == number)
    record = connection.execute(before).scalar()
    old = unpack(record) if record is not None else None
    if old == new:
        return
    if old is not None and connection.dialect.name == "sqlite":
        connection.execute(text(_FORGET), {"post": number, "parts": _parts(connection, old)})
    _put(connection, [(number, new)])


def _put(connection: Connection, found: Sequence[tuple[int, Searchable]]) -> None:
    upsert(connection, tables.texts, [{"post": number, "record": _pack(said)} for number, said in found], ["post"])
    _index(connection, found)


def _index(connection: Connection, found: Sequence[tuple[int, Searchable]]) -> None:
    rows = [{"post": number, "parts": _parts(connection, said)} for number, said in found]
    connection.execute(text(_PUT[connection.dialect.name]), rows)


def _parts(connection: Connection, said: Searchable) -> Any:
    found = {*said.facts, *parts(said.text)}
    return _hex(found) if connection.dialect.name == "sqlite" else sorted(found)


def matching(connection: Connection, groups: Sequence[Sequence[Iterable[str]]], most: int | None = None) -> list[int]:
    """Return the rows of posts that have of each group all parts of one member; at most so many, in no order.

    Some of them may have the parts elsewhere than together.
    """
    if connection.dialect.name == "sqlite":
        expression = " AND ".join("(" + " OR ".join(f"({_hex(member)})" for member in group) + ")" for group in groups)
        query = text("SELECT rowid FROM words WHERE words MATCH :expression LIMIT :most")
        values = {"expression": expression, "most": -1 if most is None else most}
        return list(connection.execute(query, values).scalars())
    has = _WORDS.c.parts.op("@>")
    needed = and_(*(or_(*(has(cast(sorted(member), ARRAY(Text))) for member in group)) for group in groups))
    return list(connection.execute(select(_WORDS.c.post).where(needed).limit(most)).scalars())


def _hex(found: Iterable[str]) -> str:
    """Parts as FTS5 takes them, and as it is asked for all of them."""
    return " ".join(sorted(part.encode("utf-8", "surrogatepass").hex() for part in found))


def _pack(said: Searchable) -> bytes:
    whole = "\n".join(said.facts) + _ENDED + said.text
    return zstandard.compress(whole.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(record: bytes) -> Searchable:
    """Return what `texts` keeps of a post."""
    whole = zstandard.decompress(record).decode("utf-8", "surrogatepass")
    facts, _, said = whole.partition(_ENDED)
    return Searchable(facts=tuple(facts.split("\n")), text=said)
