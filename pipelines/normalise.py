"""RawPost to Post: the order of the steps, and the item pipeline that takes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from pipelines.body import TooMuchError, clean
from pipelines.body.images import lead_image
from pipelines.dates import parse_date
from pipelines.digest import digest
from pipelines.excerpt import excerpt
from pipelines.identity import aliases, mint
from pipelines.language import language
from pipelines.pictures import signed_pictures
from pipelines.post import Post, RawPost, xml_safe
from pipelines.urls import absolute, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[^>]*>")
_SAMPLE = 12_000  # characters of a body that its language is told from


class NotAPostError(ValueError):
    """A page that holds nothing to keep; the text says what is missing."""


def normalise(raw: RawPost) -> Post:
    """Return the post that *raw* tells of: the only place where a page becomes a Post.

    Dates become aware UTC datetimes, addresses absolute and canonical, the body clean and safe, texts one line each.

    Raises:
        NotAPostError: there is neither a title nor a body, or the body was not found or can't be kept whole.
    """
    url = canonical(absolute(raw.url or raw.page_url, raw.page_url) or raw.page_url)
    title = _line(raw.title)
    content = _body(raw)
    if not title and not content:
        raise NotAPostError("it has neither a title nor a body")
    published = parse_date(raw.published, raw.zone, raw.fetched)
    image = lead_image(raw.image, content, raw.page_url)
    summary = excerpt("", raw.excerpt) or excerpt(content, raw.summary)
    return Post(
        source=raw.source,
        guid=mint(raw, url, published or raw.fetched),
        url=url,
        title=title,
        author=_line(raw.author) or None,
        published=published,
        updated=parse_date(raw.updated, raw.zone, raw.fetched),
        categories=_lines(raw.categories),
        tags=_lines(tag.strip().lstrip("#") for tag in raw.tags),
        language=language(raw.language, f"{title} {_TAG.sub(' ', content[:_SAMPLE])}"),
        excerpt=summary,
        feature_text=_line(raw.feature_text) or summary,
        image=image,
        content_html=content,
        pictures=signed_pictures(content, image, raw.lasting),
        enclosures=raw.enclosures,
        first_seen=raw.fetched,
        digest=digest(title, content),
        aliases=aliases(raw, url),
    )


def _body(raw: RawPost) -> str:
    if raw.content_html is None:
        raise NotAPostError("where its text stands was not found")
    try:
        return clean(raw.content_html, raw.page_url)
    except TooMuchError as error:
        raise NotAPostError(str(error)) from error


def _line(text: str | None) -> str:
    """One line of plain text that XML may hold."""
    return _SPACE.sub(" ", xml_safe(text or "")).strip()


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in order, none empty."""
    return tuple(dict.fromkeys(line for text in texts if (line := _line(text))))


class NormalisePipeline:
    """Turns every RawPost of a crawl into a Post; a page that is none is dropped with its address and the reason."""

    def process_item(self, item: Any) -> Any:
        """Return the Post of a RawPost; every other item passes through."""
        if not isinstance(item, RawPost):
            return item
        try:
            return normalise(item)
        except NotAPostError as error:
            raise DropItem(str(error)) from error
