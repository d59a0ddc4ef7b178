"""The text of a Tistory post: which element holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.document import Document, Element, Selector, near, words

if TYPE_CHECKING:
    from collections.abc import Iterator

# Best first. The first two are Tistory's own, around the body in every skin; the option "paragraph margin" removes
# the first (4 of 12 era-C blogs). The third is the mobile view. The rest is era A, where only skins mark the body.
_OWN = ("tt_article_useless_p_margin", "contents_style", "blogview_content")
_SKIN_BODIES = (
    "entry-content",  # Odyssey, Square
    "article-view",  # Book Club
    "article_view",  # Whatever
    "area_view",  # skin #1
)
_SKIN_BODY_ID = "article-view"  # Poster
_IN_ENTRY = "article"  # in .entry: skins of the TatterTools kind
_ITEM_BODY = Selector("//*[@itemprop='articleBody']")
# What Tistory appends to every body stands inside it (A, B) or beside it (C): its parent is at worst one too high.
_APPENDED = ("container_postbtn", "another_category", "entry-ccl", "tt-plugin")


def is_own(body: Element) -> bool:
    """Tell whether Tistory itself marked a PC page's body, closely around the text."""
    return not set(_OWN[:2]).isdisjoint((body.get("class") or "").split())


def containers(document: Document, *, skins: bool = True) -> list[Element]:
    """Return the elements that hold a post's body, by the first mark that any has; several mean a listing.

    Args:
        document: the page.
        skins: whether to look for skins' own marks (era A) where Tistory's are missing.
    """
    return next((found for _, found in _marked(document, skins=skins)), [])


def _marked(document: Document, *, skins: bool) -> Iterator[tuple[str, list[Element]]]:
    own = ((name, document.marked(name, tag="div")) for name in _OWN)
    yield from ((name, _outermost(boxes)) for name, boxes in own if boxes)
    if skins:
        yield from _marked_by_skins(document)


def _marked_by_skins(document: Document) -> Iterator[tuple[str, list[Element]]]:
    for name in _SKIN_BODIES:
        if found := _outermost(document.marked(name)):
            yield name, found
    if found := document.named(_SKIN_BODY_ID):
        yield f"#{_SKIN_BODY_ID}", found
    if found := _outermost([e for e in document.marked(_IN_ENTRY) if _is_in(e, "entry")]):
        yield "article in entry", found
    if found := _outermost(document.marked("tt_article") or _ITEM_BODY(document.root)):
        yield "tt_article or itemprop articleBody", found
    appended = (e for name in _APPENDED for e in document.marked(name))
    if parents := [parent for e in appended if (parent := e.getparent()) is not None]:
        yield "around what Tistory appends", parents[:1]


def _is_in(element: Element, label: str) -> bool:
    return any(label in (around.get("class") or "").split() for around in near(element))


def _outermost(elements: list[Element]) -> list[Element]:
    inside = set(elements)
    return [e for e in elements if inside.isdisjoint(near(e))]


def container_rules(document: Document, description: str | None) -> Iterator[tuple[str, Element]]:
    """Yield the body of a post's page by each mark; where skins print others too, the one *description* begins."""
    start = _squeezed(description or "")[:20]
    for name, found in _marked(document, skins=True):
        begins = (e for e in found if start and start in _squeezed(words(e))[:300])
        begun = next(begins, None) if found[1:] else found[0]
        yield name, begun if begun is not None else max(found, key=lambda e: len(words(e)))


def _squeezed(text: str) -> str:
    return "".join(text.split())
