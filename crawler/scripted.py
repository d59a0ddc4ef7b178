"""Whether a page is an empty shell, which JavaScript alone fills in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.document import words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.document import Document, Element

MADE_BY_JAVASCRIPT = (
    "is made by JavaScript alone, which is not run: its page holds no post; if you know the address of its feed, "
    "`moafeed add FEED --feed-only` follows that; else `moafeed add URL --browser` reads it as a browser shows it"
)
"""What a person is told of such a page, after its address."""
_FEW = 300  # characters: a name, a menu, "loading"
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg"})
_ASKS = re.compile(r"java\s?script|자바\s?스크립트", re.IGNORECASE)
# The elements into which React, Vue, Angular, Svelte, Ember, Nuxt, Next, Gatsby and Flutter write by default.
_ROOT = re.compile(r"(?:root|app|react-root|main-app|svelte|ember-app|__nuxt|__next|___gatsby|q-app)", re.IGNORECASE)
_ROOT_TAG = re.compile(r"(?:app|my)-root|flutter-view")


def is_scripted(document: Document) -> bool:
    """Tell whether *document* has scripts and few words, and a place for more or the word that it needs JavaScript."""
    root = document.root
    if next(root.iter("script"), None) is None or _length(root) > _FEW:
        return False
    asks = any(_ASKS.search(words(each)) for each in root.iter("noscript"))
    return asks or next(_empty_roots(root), None) is not None


def _length(root: Element) -> int:
    """Return how many characters can be seen."""
    total, waiting = 0, [root]
    while waiting and total <= _FEW:
        element = waiting.pop()
        if not is_comment(element) and element.tag not in _UNSEEN:
            total += len((element.text or "").strip())
            waiting.extend(element)
        if element is not root:
            total += len((element.tail or "").strip())
    return total


def _empty_roots(root: Element) -> Iterator[Element]:
    for element in root.iter("*"):
        named = _ROOT.fullmatch(element.get("id") or "") or _ROOT_TAG.fullmatch(str(element.tag))
        if named and _length(element) <= _FEW and next(element.iter("a"), None) is None:
            yield element
