"""The pages of a book: one for each post, and the first one with the table of contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from .xhtml import LANG, XHTML, add, add_body, link

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from .book import Book, Chapter

STYLE = b"""\
body { line-height: 1.6; }
h1 { line-height: 1.3; }
.about, .back, .figcaption { color: #555; font-size: 0.9em; }
.dd { margin-left: 2em; }
blockquote { border-left: 0.2em solid #aaa; margin-left: 0; padding-left: 1em; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; }
td, th { border: 1px solid #aaa; padding: 0.2em 0.5em; }
"""
_EPUB = "http://www.idpf.org/2007/ops"
_SPACES: Any = {None: XHTML, "epub": _EPUB}
_PICTURE = {"ko": "그림", "ja": "画像"}


def contents(book: Book) -> bytes:
    """Return the first page: what the book is, and its table of contents (EPUB 3.3, section 7)."""
    page, body = _page(book.title, book.language)
    add(body, "h1", book.title)
    about = " – ".join(dict.fromkeys(book.days))
    add(body, "p", about, class_="about")
    nav = add(body, "nav", **{f"{{{_EPUB}}}type": "toc"})
    entries = add(nav, "ol")
    for chapter in book.chapters:
        add(add(entries, "li"), "a", chapter.post.title, href=chapter.name)
    return _written(page)


def chapter_page(chapter: Chapter, language: str) -> bytes:
    """Return the page of one post; *language* is the book's, for a post that does not say its own."""
    post = chapter.post
    own = post.language or language
    page, body = _page(post.title, own)
    add(body, "h1", post.title)
    names = dict.fromkeys(filter(None, (post.author, chapter.blog)))
    add(body, "p", " · ".join((chapter.date, *names)), class_="about")
    if chapter.labels:
        add(body, "p", ", ".join(chapter.labels), class_="about")
    add_body(add(body, "div"), post.content_html, _PICTURE.get(own[:2], "picture"))
    for media in post.enclosures:
        link(add(body, "p"), media.url, media.url)
    link(add(body, "p", class_="back"), post.url, post.url)
    return _written(page)


def _page(title: str, language: str) -> tuple[Element, Element]:
    page = etree.Element(f"{{{XHTML}}}html", {"lang": language, LANG: language}, nsmap=_SPACES)
    head = add(page, "head")
    add(head, "title", title)
    add(head, "link", rel="stylesheet", type="text/css", href="style.css")
    return page, add(page, "body")


def _written(page: Element) -> bytes:
    return etree.tostring(page, encoding="UTF-8", xml_declaration=True, doctype="<!DOCTYPE html>")
