"""From a page's bytes to a RawPost, as its source says: what a crawl and `moafeed preview` share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from w3lib.encoding import http_content_type_encoding

from crawler.cleaning import cleaned
from crawler.discovery.found import Words
from crawler.document import Document
from crawler.platforms import detect, load_platforms
from pipelines.post import RawPost
from pipelines.site import Site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scrapy.http import Response

    from crawler.discovery import FeedPage, Found
    from crawler.page import PostPage
    from crawler.platforms import Platform
    from crawler.source import Source


def platform_of(document: Document, source: Source | None) -> tuple[str, Platform]:
    """Return the platform that reads *document*: the one its source names, else the one it looks like."""
    name = (source.platform if source else None) or detect(document)
    return name, load_platforms()[name]


def document_of(response: Response) -> Document:
    """Return the page that an answer holds.

    Raises:
        PageError: it must not be parsed.
    """
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Document.parse(response.body, response.url, http_content_type_encoding(header))


def feed_site(feed: FeedPage, source: Source) -> Site:
    """Return what a blog's own feed says of the blog, where the feed is all there is of it."""
    home = source.url if source.feed else feed.site or source.url
    return Site(
        source=source.name, title=feed.title or source.name, home=home, platform=source.platform or "",
        description=feed.description, language=source.language or feed.language,
    )


def entry_post(
    found: Found, source: Source, *, zone: str, fetched: datetime, lasting: Mapping[str, str]
) -> RawPost:
    """Return what an entry of a blog's own feed tells of a post, where the feed holds its posts whole.

    Args:
        found: the entry; it has `words`.
        source: the source file; its author and language stand in for missing ones.
        zone: the time zone where the source names none.
        fetched: when the feed was fetched, aware UTC.
        lasting: lasting forms of picture addresses.
    """
    words = found.words or Words(body="")
    return RawPost(
        source=source.name, page_url=found.url, fetched=fetched, zone=source.zone or zone, url=found.url,
        addresses=found.addresses, title=found.title, author=words.author or source.author, published=found.published,
        updated=words.updated, tags=words.categories, language=words.language or source.language,
        content_html=cleaned(words.body, source.clean), lasting=lasting,
    )


def raw_post(
    page: PostPage, platform: Platform, source: Source, *, zone: str, fetched: datetime, lasting: Mapping[str, str]
) -> RawPost:
    """Return what *page* tells, completed by what its source file says.

    Args:
        page: the page of one post.
        platform: what read it; it may know its blogs' time zone.
        source: the source file; its author and language stand in for missing ones.
        zone: the workspace's time zone, where neither source nor platform names one.
        fetched: when the page was fetched, aware UTC.
        lasting: lasting forms of picture addresses, from the page and the rest of its blog.
    """
    raw = page.raw(source=source.name, zone=source.zone or platform.zone or zone, fetched=fetched)
    feature = raw.summary if source.feature_text == "summary" else raw.feature_text
    return replace(
        raw, author=raw.author or source.author, language=raw.language or source.language, feature_text=feature,
        lasting=lasting,
    )
