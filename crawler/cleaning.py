"""What a source file wants left out of a post's body, kept in it, unwrapped or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.selecting import selection
from crawler.stripping import Wished, text_without
from pipelines.body import Fragment
from pipelines.body.gate import admit
from pipelines.body.tree import parse
from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.document import Element
    from crawler.source_keys import CleanKeys, ElementRule

_MOST_REPLACEMENTS, _MOST_LOOKS = 10_000, 100_000  # of a body: RE2 answers Python some microseconds later


def wished(keys: CleanKeys, root: Element) -> Wished:
    """Return what *keys* want of a body on the page with that *root*."""

    def found(rules: tuple[ElementRule, ...]) -> frozenset[Element]:
        return frozenset(element for rule in rules for element in selection(rule.selector).elements(root))

    return Wished(
        remove=found(keys.remove), keep=found(keys.keep), unwrap=found(keys.unwrap),
        replaced=_Replacing(keys.replace).replaced,
    )  # fmt: skip


class _Replacing:
    """Replaces in one body, as much as takes about a second at most; what no honest post has more of stays."""

    def __init__(self, replace: Mapping[str, str]) -> None:
        self._patterns = [(compiled(written), by) for written, by in replace.items()]
        self._replacements, self._looks = _MOST_REPLACEMENTS, _MOST_LOOKS

    def replaced(self, text: str) -> str:
        """Return one stretch of text as it is wanted."""
        for pattern, by in self._patterns:
            if self._looks > 0 and self._replacements > 0:
                text, number = pattern.replaced(text, by, self._replacements)
                self._replacements -= number
                self._looks -= 1
        return text


def cleaned(html: str, keys: CleanKeys) -> str | Fragment:
    """Return a body that is no part of a page, such as an entry of a feed holds, as *keys* want it."""
    return html if keys.is_empty else Fragment(lambda: _cleaned(parse(admit(html)), keys))


def _cleaned(body: Element, keys: CleanKeys) -> Element:
    wanted = wished(keys, body.getroottree().getroot())
    return text_without(body, lambda _: None, lambda *_: (), wanted).element
