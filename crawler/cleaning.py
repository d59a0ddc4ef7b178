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
    from crawler.document import Element
    from crawler.source_keys import CleanKeys, ElementRule


def wished(keys: CleanKeys, root: Element) -> Wished:
    """Return what *keys* want of a body on the page with that *root*."""

    def found(rules: tuple[ElementRule, ...]) -> frozenset[Element]:
        return frozenset(element for rule in rules for element in selection(rule.selector).elements(root))

    def replaced(text: str) -> str:
        for written, by in keys.replace.items():
            text = compiled(written).replaced(text, by)
        return text

    return Wished(remove=found(keys.remove), keep=found(keys.keep), unwrap=found(keys.unwrap), replaced=replaced)


def cleaned(html: str, keys: CleanKeys) -> str | Fragment:
    """Return a body that is no part of a page, such as an entry of a feed holds, as *keys* want it."""
    return html if keys.is_empty else Fragment(lambda: _cleaned(parse(admit(html)), keys))


def _cleaned(body: Element, keys: CleanKeys) -> Element:
    wanted = wished(keys, body.getroottree().getroot())
    return text_without(body, lambda _: None, lambda *_: (), wanted).element
