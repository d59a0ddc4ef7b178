"""One file of a Jekyll folder as a post: through the same steps as a page, then what it and an export knew better."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from feeds.exports.jekyll.document import closing_lines, closing_link, own_body
from feeds.exports.jekyll.identity import imported_key
from feeds.exports.jekyll.markdown import body_html
from feeds.exports.jekyll.permalink import permalink
from feeds.exports.jekyll.reading import UnreadableError
from pipelines.normalise import normalise
from pipelines.post import RawPost, xml_safe

if TYPE_CHECKING:
    from datetime import datetime

    from feeds.exports import Blog
    from feeds.exports.jekyll.data import Record
    from feeds.exports.jekyll.reading import Entry
    from pipelines.post import Post


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """The source that a file's post goes to."""

    blog: Blog
    """What it is called and where it lives; its closing line is not the posts' own."""
    home: str | None
    """Address of the Jekyll site; None where nobody says."""
    aliases: frozenset[str]
    """Every key and address under which the store knows a post of it."""
    fetched: datetime
    """When the folder is read: aware, UTC."""


def read_post(entry: Entry, record: Record | None, shelf: Shelf) -> Post:
    """Return the post in a file.

    Args:
        entry: the file.
        record: what an export knew of it; None where no export wrote it.
        shelf: where it goes.

    Raises:
        UnreadableError: nobody knows its address.
        NotAPostError: it holds nothing to keep.
    """
    if record is None:
        html = body_html(entry.body)
        site = shelf.home or urljoin(closing_link(html) or "", "/")
        if urlsplit(site).scheme not in {"http", "https"}:
            raise UnreadableError("its address is not known; give the site's with --url")
        url = permalink(site, entry, _list(entry.front, "categories", "category"))
        return _as_written(normalise(_raw(entry, shelf, url, html)), entry)
    stored = not shelf.aliases.isdisjoint(record.aliases)
    html = own_body(entry.body, record.lead, record.closing if _is_ours(entry, record, shelf, stored=stored) else "")
    post = normalise(_raw(entry, shelf, record.url, html))
    return _as_recorded(_as_written(post, entry), entry, record, stored=stored)


def _raw(entry: Entry, shelf: Shelf, url: str, html: str) -> RawPost:
    front = entry.front
    return RawPost(
        source=shelf.blog.site.source, page_url=url, url=url, fetched=shelf.fetched, zone=shelf.blog.zone,
        key=imported_key(url, entry.name),
        title=_text(front, "title"), author=_text(front, "author"), published=_text(front, "date") or entry.date,
        categories=tuple(_list(front, "categories", "category")), tags=tuple(_list(front, "tags", "tag")),
        language=_text(front, "lang"), image=_text(front, "image"), content_html=html,
    )


def _as_written(post: Post, entry: Entry) -> Post:
    """Give *post* the author's own excerpt and feature text, letter by letter, and no image where none is named."""
    excerpt = _own_words(entry, "excerpt")
    feature_text = _own_words(entry, "feature_text")
    excerpt = post.excerpt if excerpt is None else excerpt
    return replace(post, excerpt=excerpt, feature_text=excerpt if feature_text is None else feature_text,
                   image=post.image if _text(entry.front, "image") else None)


def _as_recorded(post: Post, entry: Entry, record: Record, *, stored: bool) -> Post:
    """Give *post* back what the export kept of it: above all its guid, which never changes.

    Where the store has it, that knows better when it was seen first and when it changed.
    """
    front = entry.front
    kept: dict[str, Any] = {"guid": record.guid, "url": record.url, "enclosures": record.enclosures}
    kept |= {"language": record.language, "aliases": record.aliases}
    kept |= {} if stored else {"first_seen": record.first_seen, "updated": record.updated}
    kept |= {} if _text(front, "date") else {"published": record.published}
    kept |= {} if _text(front, "author") else {"author": record.author}
    kept |= {} if _list(front, "tags", "tag") else {"tags": record.tags}
    return replace(post, **kept)


def _is_ours(entry: Entry, record: Record, shelf: Shelf, *, stored: bool) -> bool:
    """Tell whether the closing line is to be taken off: the post does without it, or gets the same one again."""
    title = " ".join((_text(entry.front, "title") or "").split())
    return stored or record.closing in closing_lines(shelf.blog, record.url, title)


def _own_words(entry: Entry, key: str) -> str | None:
    """The text of a key; a block ends with a line end that is nobody's. None where there is no such key."""
    value = _text(entry.front, key)
    return None if value is None else xml_safe(value.removesuffix("\n"))


def _text(front: dict[str, Any], key: str) -> str | None:
    value = front.get(key)
    return value if isinstance(value, str) else None


def _list(front: dict[str, Any], *keys: str) -> list[str]:
    """A list, or what Jekyll makes of a text: words (`categories`), or one name (`category`)."""
    many, one = keys
    value = front.get(many)
    if isinstance(value, str):
        return value.split()
    single = _text(front, one)
    return value or ([single] if single else [])
