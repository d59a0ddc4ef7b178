"""One post as one file: front matter, its body as Markdown, the line that leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds.closing import closing_html
from feeds.exports.jekyll.document import has_closing
from feeds.exports.jekyll.layout import flow
from feeds.exports.jekyll.named import Document
from feeds.exports.jekyll.scalars import quoted, scalar
from pipelines.body import clean
from pipelines.pictures import with_lasting

from .body import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from feeds.exports import Blog
    from pipelines.post import Post


def document(post: Post, blog: Blog) -> Document:
    """Return *post* as a Markdown file. Pure: the same post, the same bytes."""
    post = with_lasting(post)
    closing = ""
    if blog.closing and not has_closing(flow(post.content_html), post, blog.site.home):
        closing = markdown(clean(closing_html(blog.closing, blog.site, post.url, post.title), post.url))
    parts = [part for part in (markdown(post.content_html), closing) if part]
    text = "\n".join(["---", *_front_matter(post, blog), "---", ""])
    return Document(text=text + "".join(f"\n{part}\n" for part in parts), closing=closing)


def _front_matter(post: Post, blog: Blog) -> Iterator[str]:
    """What is known of a post, a key a line; dates in the blog's own zone, no key for what nobody knows."""
    zone = ZoneInfo(blog.zone)
    yield f"title: {scalar(post.title)}"
    yield f"date: {_date(post.dated, zone)}"
    if post.updated:
        yield f"updated: {_date(post.updated, zone)}"
    if post.author:
        yield f"author: {scalar(post.author)}"
    for key, names in (("categories", post.categories), ("tags", post.tags)):
        if names:
            yield f"{key}:"
            yield from (f"  - {scalar(name, '- ')}" for name in names)
    yield f"url: {quoted(post.url)}"
    yield f"guid: {quoted(post.guid)}"
    if post.image:
        yield f"image: {quoted(post.image)}"
    if post.excerpt:
        yield f"excerpt: {scalar(post.excerpt)}"
    if post.language:
        yield f"language: {scalar(post.language)}"


def _date(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat()
