"""One post as one file: front matter, lead image, body, closing line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.closing import closing_html, leads_back
from pipelines.body import clean
from pipelines.body.tree import Element, first, text_of
from pipelines.pictures import picture_key, with_lasting

from . import escaping
from .front_matter import front_matter
from .identity import was_imported
from .layout import Piece, Run, flow, lay_out, pieces
from .named import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feeds.exports import Blog
    from pipelines.post import Post

_LONGEST_CLOSING = 200  # characters


def document(post: Post, blog: Blog) -> Document:
    """Return *post* as a Jekyll file. Pure: the same post, the same bytes."""
    post = with_lasting(post)
    items = flow(post.content_html)
    own = pieces(items)
    lead = "" if post.image is None or _begins_with(post.image, items) else lead_line(post.image)
    closing: list[Piece] = []
    if blog.closing and not has_closing(items, post, blog.site.home):
        closing = _closing(blog, post.url, post.title, below_text=bool(own) and own[-1].bare)
    above = [Piece(text=lead, bare=False)] if lead else []
    body = _joined([*above, *own, *closing])
    text = front_matter(post) + (f"\n{body}\n" if body else "")
    return Document(text=text, lead=lead, closing=_joined(closing))


def own_body(body: str, lead: str, closing: str) -> str:
    """Return a file's body without what `document` put around it, as far as that still stands there."""
    body = body.strip("\n")
    if lead and (body == lead or body.startswith(f"{lead}\n")):
        body = body[len(lead):].lstrip("\n")
    if closing and (body == closing or body.endswith(f"\n{closing}")):
        body = body[: -len(closing)].rstrip("\n")
    return body


def lead_line(image: str) -> str:
    """Return the paragraph that shows a lead image above the body."""
    return f'<p><img src="{escaping.attribute(image)}" alt="" /></p>'


def closing_lines(blog: Blog, url: str, title: str) -> tuple[str, ...]:
    """Return the forms in which the closing line of the post at *url* may stand below its body."""
    return tuple(_joined(_closing(blog, url, title, below_text=bare)) for bare in (False, True))


def closing_link(content_html: str) -> str | None:
    """Return where the last link of a body's last line leads; None where that is no closing line."""
    return _last_link(flow(content_html))


def has_closing(items: list[Element | Run], post: Post, home: str) -> bool:
    """Tell whether the last line with words of what `flow` found leads back already."""
    link = _last_link(items)
    if link is None:
        return False
    in_no_block = not isinstance(next(item for item in reversed(items) if _words(item)), Element)
    return leads_back(link, post, home) or (was_imported(post) and in_no_block)


def _closing(blog: Blog, url: str, title: str, *, below_text: bool) -> list[Piece]:
    """The closing line as it is written; below bare text it needs a paragraph of its own."""
    html = clean(closing_html(blog.closing, blog.site, url, title), url)
    lines = lay_out(html)
    return lay_out(f"<p>{html}</p>") if below_text and lines and lines[0].bare else lines


def _joined(parts: list[Piece]) -> str:
    """Blank lines between the pieces; bare text at the end stands right below the last block."""
    text = ""
    for number, piece in enumerate(parts, 1):
        close = piece.bare and number == len(parts)
        text += ("" if not text else "\n" if close else "\n\n") + piece.text
    return text


def _elements(item: Element | Run) -> Iterator[Element]:
    yield from (part for part in ([item] if isinstance(item, Element) else item) if isinstance(part, Element))


def _begins_with(image: str, items: list[Element | Run]) -> bool:
    pictures = (found for item in items for part in _elements(item) if (found := first(part, "img")) is not None)
    picture = next(pictures, None)
    address = picture.get("src", "") if picture is not None else ""
    return address == image or (picture_key(image) or "") == picture_key(address)


def _last_link(items: list[Element | Run]) -> str | None:
    for item in reversed(items):
        if line := _words(item):
            links = [str(link.get("href", "")) for part in _elements(item) for link in part.iter("a")]
            is_line = not isinstance(item, Element) or item.tag in {"p", "div"}
            return links[-1] if is_line and links and len(line) <= _LONGEST_CLOSING else None
    return None


def _words(item: Element | Run) -> str:
    parts = [item] if isinstance(item, Element) else item
    return " ".join(text_of(part) if isinstance(part, Element) else part for part in parts).strip()
