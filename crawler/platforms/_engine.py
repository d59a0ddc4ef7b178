"""What posts of one engine share: their text has a name of its own, and their page says what it is on `<body>`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from crawler.document import Element, words
from crawler.page import Marked, PageKind
from crawler.platforms._furniture import before_and_after
from crawler.platforms.generic import GenericPost
from crawler.rules import Rules, first_element_of
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crawler.document import Document


class EnginePost(GenericPost):
    """A post of an engine; where its own marks are missing, what any blog has.

    Attributes:
        containers: classes of the element that holds the text, the best first.
        clutter: what else such an element holds that is none of the text, by class.
        kinds: what a class of `<body>` says of the page, the first that is there.
        is_bare: whether the containers hold nothing but the text, so that nothing at its ends is taken for the theme's.
    """

    containers: ClassVar[tuple[str, ...]] = ()
    clutter: ClassVar[re.Pattern[str] | None] = None
    kinds: ClassVar[Mapping[str, PageKind]] = {}
    is_bare: ClassVar[bool] = False

    @cached_property
    def kind(self) -> PageKind:
        """What the engine says on `<body>`, else as for any blog."""
        labels = body_labels(self.document)
        told = next((kind for label, kind in self.kinds.items() if label in labels), None)
        return super().kind if told is None else told

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The element that holds the text, by the engine's names for it."""
        yield from self._contained()
        yield from GenericPost.body.rules(self)

    def _contained(self) -> Iterator[tuple[str, Element]]:
        for name in self.containers:
            marked = self.document.marked(name)
            found = [(len(words(e)), e) for e in marked if words(e) or next(e.iter("img", "iframe"), None) is not None]
            if found:
                yield f".{name}", max(found, key=lambda pair: pair[0])[1]

    @cached_property
    def _is_own(self) -> bool:
        return any(element is self.body for _, element in self._contained())

    def _junk(self, element: Element) -> str | None:
        if self.clutter is not None and not is_comment(element):
            found = self.clutter.search(element.get("class") or "")
            if found:
                return f".{found[0].strip()}"
        return super()._junk(element)

    def _more_junk(self, text: Element, marked: Marked) -> Iterator[tuple[str, Element]]:  # noqa: ARG002
        return iter(()) if self.is_bare and self._is_own else before_and_after(text, self._heading)


def body_labels(document: Document) -> frozenset[str]:
    """Return the classes of `<body>`."""
    body = document.root.find("body")
    return frozenset((body.get("class") or "").split()) if body is not None else frozenset()


def classes_of(names: str) -> re.Pattern[str]:
    """Return a pattern that finds one of these classes, which may be patterns themselves, in a class attribute."""
    return re.compile(rf"(?:^|\s)(?:{'|'.join(names.split())})(?=$|\s)", re.IGNORECASE)


def is_paid(article: Mapping[str, object]) -> bool:
    """Tell whether a page's JSON-LD says that only who pays reads all of it."""
    return str(article.get("isAccessibleForFree", "")).strip().rpartition("/")[2].lower() == "false"
