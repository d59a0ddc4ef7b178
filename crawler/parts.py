"""A post in parts, on pages of their own: joined into one page, which is read, kept and read again as any other."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from crawler.document import Document, Element, PageError
from crawler.reading import document_of, platform_of
from crawler.selected import post_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import Response

    from crawler.listing import Listed
    from crawler.page import PostPage
    from crawler.platforms import Platform
    from crawler.source import Source

MOST = 20
"""Pages of one post; no honest post has more."""
_ENCODING = "utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """A post's page with all of its text."""

    page: PostPage
    """As it is read."""
    platform: Platform
    """What reads it."""
    body: bytes
    """As it was answered, or as it was joined."""
    encoding: str | None
    """Of *body*, as the Content-Type header said; None where it did not."""


def joined(responses: Iterable[Response], source: Source, listed: Listed | None = None) -> Whole:
    """Return the first page with the text of the others behind its own; a page without a text adds none.

    Args:
        responses: the pages, in their order.
        source: the source file.
        listed: what a list said of the post.

    Raises:
        PageError: one of them must not be parsed, or all together are too large; or the first has no text.
    """
    first, *others = (document_of(response) for response in responses)
    body = _text(first, source)
    if body is None:
        raise PageError("where its text stands was not found")
    place = next(number for number, element in enumerate(first.root.iter()) if element is body)
    root = deepcopy(first.root)
    text = next(islice(root.iter(), place, None))
    for further in (found for document in others if (found := _text(document, source)) is not None):
        copy = deepcopy(further)
        copy.tail, copy.tag = None, "div"
        copy.attrib.clear()
        text.append(copy)
    encoded = etree.tostring(root, method="html", encoding="unicode").encode(_ENCODING)
    document = Document.parse(encoded, first.url, _ENCODING)
    _, platform = platform_of(document, source)
    page = post_page(document, platform, source, listed)
    return Whole(page=page, platform=platform, body=encoded, encoding=_ENCODING)


def _text(document: Document, source: Source) -> Element | None:
    _, platform = platform_of(document, source)
    return post_page(document, platform, source).body
