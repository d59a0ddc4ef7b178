"""The tables of the store, as SQLAlchemy Core sees them; `migrations/` is what creates them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipelines.store.column_types import Flag, Instant, JsonText, Wide

SCHEMA = "0005"
"""The newest revision in `migrations/`; a test holds it to Alembic's own answer."""
APPLICATION_ID = 0x6D6F6166
"""`moaf`: tells our file from any other SQLite file."""

metadata = MetaData()

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text),
    Column("published", Instant),
    Column("updated", Instant),
    Column("dated", Instant, nullable=False),  # published, else first_seen: what readers sort by
    Column("categories", JsonText, nullable=False),
    Column("tags", JsonText, nullable=False),
    Column("language", Text),
    Column("excerpt", Text, nullable=False),
    Column("feature_text", Text, nullable=False),
    Column("image", Text),
    Column("content_html", Text, nullable=False),
    Column("enclosures", JsonText, nullable=False),
    Column("pictures", JsonText, nullable=False, server_default="[]"),  # those whose addresses will stop working
    Column("first_seen", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("gone", Instant),  # when its page first answered that it is not there
    Column("deleted", Instant),  # when that was certain; feeds hold it no more
    Column("simhash", Wide),  # of its text, signed; near ones are copies of each other
    Column("copy_of", Text),  # guid of the post of another source that this one repeats
    Column("held", JsonText),  # a version that is poorer than the stored one and waits for a second look
    Column("changed", Integer, nullable=False, server_default="0"),  # number of its last change, among its source's
    UniqueConstraint("source", "guid", name="posts_source_guid"),
    Index("posts_source_dated", "source", "dated", "guid"),
    Index("posts_dated", "dated", "guid"),
    sqlite_strict=True,
)

# Every key and address a post was ever known under; an alias never changes its owner.
aliases = Table(
    "aliases",
    metadata,
    Column("source", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("guid", Text, nullable=False),
    ForeignKeyConstraint(
        ["source", "guid"], ["posts.source", "posts.guid"], name="aliases_post", ondelete="CASCADE"
    ),
    Index("aliases_guid", "source", "guid"),
    sqlite_strict=True,
)

sites = Table(
    "sites",
    metadata,
    Column("source", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text),
    Column("icon", Text),
    sqlite_strict=True,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    sqlite_strict=True,
)

run_sources = Table(
    "run_sources",
    metadata,
    Column("run", Integer, ForeignKey("runs.id", ondelete="CASCADE", name="run_sources_run"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("edited", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("unmodified", Integer, nullable=False, server_default="0"),  # answers that said: as before
    Column("held", Integer, nullable=False, server_default="0"),
    Column("waiting", Integer, nullable=False, server_default="0"),  # posts left for the next crawl
    Column("skipped", JsonText, nullable=False, server_default="[]"),  # reason, count, example of each
    Column("failures", JsonText, nullable=False),  # sentences
    Index("run_sources_source", "source", "run"),
    sqlite_strict=True,
)

# What a post said before an edit.
revisions = Table(
    "revisions",
    metadata,
    Column("source", Text, primary_key=True),
    Column("guid", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("replaced", Instant, nullable=False),
    Column("record", LargeBinary, nullable=False),  # the post as JSON, zstandard
    ForeignKeyConstraint(
        ["source", "guid"], ["posts.source", "posts.guid"], name="revisions_post", ondelete="CASCADE"
    ),
    sqlite_strict=True,
)

# Simhashes in parts of 16 bits: two posts within three bits of each other share one, so that copies are looked up.
bands = Table(
    "bands",
    metadata,
    Column("band", Integer, primary_key=True, autoincrement=False),  # which part of the simhash, and its bits
    Column("post", Integer, ForeignKey("posts.id", ondelete="CASCADE", name="bands_post"), primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Every address a source was asked for, or waits to be asked for: the crawler's memory.
addresses = Table(
    "addresses",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the address without what does not make it another page
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),  # front, feed, sitemap, listing, post
    Column("marks", JsonText, nullable=False),  # signs of change, by who gave them
    Column("wanted", Flag, nullable=False),  # waits to be read
    Column("tries", Integer, nullable=False),  # that failed, in a row
    Column("checked", Instant),  # when it last answered
    Column("status", Integer),
    Column("outcome", Text),  # why it holds no post
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fingerprint", Text),
    Column("guid", Text),
    Index("addresses_kind", "source", "kind"),
    Index("addresses_guid", "source", "guid"),
    sqlite_strict=True,
)
Index(
    "addresses_wanted", addresses.c.source,
    sqlite_where=text("wanted = 1"), postgresql_where=addresses.c.wanted,  # as it is asked, or it is not used
)

# The pages as they were answered, to read them again by better rules.
bodies = Table(
    "bodies",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),  # where it was answered, after redirects
    Column("fetched", Instant, nullable=False),
    Column("encoding", Text),  # what the Content-Type header said
    Column("size", Integer, nullable=False),  # bytes, as answered
    Column("body", LargeBinary, nullable=False),  # zstandard
    Index("bodies_fetched", "source", "fetched"),
    sqlite_strict=True,
)

# What a host allows, and until when it wants to be left alone.
hosts = Table(
    "hosts",
    metadata,
    Column("site", Text, primary_key=True),  # scheme://host:port
    Column("robots_checked", Instant),
    Column("robots_status", Integer),
    Column("robots", Text),
    Column("resting_until", Instant),
    sqlite_strict=True,
)

# When a source was last asked, and when it is due.
polls = Table(
    "polls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("polled", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("revisit", Instant),  # when the first of the newest posts is to be looked at again
    Column("failures", Integer, nullable=False),  # polls in a row
    Column("backfill", Text),  # empty: all the way to the first post was walked
    Column("started", Instant),  # the first poll
    Column("newest", JsonText, nullable=False),  # dates of the newest posts, ISO 8601
    sqlite_strict=True,
)

# How often a source changed in what feeds may show: who asks it for all of them reads one small table.
changes = Table(
    "changes",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last", Integer, nullable=False),
    sqlite_strict=True,
)

# What was published last, a row per feed.
feeds = Table(
    "feeds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", Text, nullable=False),  # of everything its documents were made from
    Column("documents", JsonText, nullable=False),  # name of each file: its size and when it was written
    Column("shown", JsonText, nullable=False),  # the entries: guid, source, published, updated
    Column("held", JsonText),  # a change that waits until somebody accepts it
    sqlite_strict=True,
)

# What each post says, as the index of words knows it (`word_index.py`).
texts = Table(
    "texts",
    metadata,
    Column("post", Integer, ForeignKey("posts.id", ondelete="CASCADE", name="texts_post"), primary_key=True),
    Column("record", LargeBinary, nullable=False),  # facts, an empty line, folded text; zstandard
    sqlite_strict=True,
)

# Which categories and tags a source has, counted when its posts last changed.
labels = Table(
    "labels",
    metadata,
    Column("source", Text, primary_key=True),
    Column("changed", Integer, nullable=False),  # number of the source's change that was counted last
    Column("counts", JsonText, nullable=False),  # kind, path and number of posts of each
    sqlite_strict=True,
)
