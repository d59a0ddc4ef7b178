"""The first sentences worth reading, and the plain text they are taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.body.tree import parse
from pipelines.post import xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK_TAGS = (
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hr html li main ol p pre section summary table td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HIDDEN = frozenset({"script", "style", "template", "noscript", "title", "head", "textarea", "select"})
# No prose, hence skipped at first.
_ASIDE = frozenset({"pre", "table", "figure", "figcaption", "summary", "h1", "h2", "h3", "h4", "h5", "h6"})
_CARDS = frozenset({"opengraph", "file", "video", "emoticon"})

_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
# A sentence ends where a new one can begin. Not after a number: `2024. 6. 28.` is one date.
_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)\]]))(?<!\d\.)\s+(?=[\"'“‘(\[<「『]*[가-힣A-Z0-9])|(?<=[。！？])\s*"
)
_CUT_SHORT = re.compile(r"\s*(?:\.{2,}|…)\s*$")
# Characters of a body: what is nearly always enough, and of a book what is.
_FIRST_LOOK, _BEGINNING = 6_000, 200_000
_PARAGRAPH = 10_000
_LONG_ENOUGH = 0.3
"""Sentences filling less than this share of the length are followed by the beginning of the next one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """A run of text that no other block interrupts."""

    text: str
    """On one line."""
    prose: bool
    """Neither heading, caption, code, table, card nor a list of links."""


def plain_text(html: str) -> str:
    """Return the text of HTML: entities decoded, each block on a line of its own, white space collapsed.

    What looks like a tag is one: a title such as `vector<int>` is plain text already and no business of this.
    """
    return "\n".join(block.text for block in _blocks(html))


def excerpt(content_html: str, summary: str | None = None, length: int = 200) -> str:
    """Return the first whole sentences of a post, about *length* characters on one line.

    Headings, captions, code, tables, link cards and lists of links are skipped, unless there is nothing else.

    Args:
        content_html: the body.
        summary: what the page says of itself; used, without the `..` of its cut, where the body has no text.
        length: most characters; a first sentence longer than that is cut after a word, with `…`.
    """
    for most in (_FIRST_LOOK, _BEGINNING):
        beginning = _beginning(content_html, most)
        passed: list[str] = []
        found, is_full = _first(_sentences(_prose(_blocks(beginning), passed)), length)
        if is_full or beginning is content_html:
            break
    return found or _first(_sentences(passed), length)[0] or _cut(_told(summary or ""), length)


def _beginning(html: str, most: int) -> str:
    """Return the beginning of a body, cut before a tag."""
    return html if len(html) <= most else html[: max(html.rfind("<", 0, most), most // 2)]


def _prose(blocks: Iterable[_Block], passed: list[str]) -> Iterator[str]:
    """Yield the texts that are prose; note the others."""
    for block in blocks:
        if block.prose:
            yield block.text
        else:
            passed.append(block.text)


def _told(summary: str) -> str:
    return _CUT_SHORT.sub("", " ".join(plain_text(summary).split()))


def _first(sentences: Iterable[str], length: int) -> tuple[str, bool]:
    """Return as many of the first sentences as fit, and whether there were more; those are not asked for."""
    taken = ""
    for sentence in sentences:
        longer = f"{taken} {sentence}".strip()
        if len(longer) > length:
            return (taken if len(taken) >= length * _LONG_ENOUGH else _cut(longer, length)), True
        taken = longer
    return taken, False


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if _LETTER.search(text):
            yield from filter(None, map(str.strip, _SENTENCE_END.split(text[:_PARAGRAPH])))


def _cut(text: str, length: int) -> str:
    """Cut after a word; Korean words end at a space like others."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    if not text[length - 1].isspace():
        space = head.rfind(" ")
        head = head[:space] if space > length // 2 else head
    return head.rstrip(" ,.·;:-([“‘\"'") + "…"


def _blocks(html: str) -> Iterator[_Block]:
    """Yield the blocks of a body that hold text, in order."""
    if "<" not in html and "&" not in html:
        if text := _on_one_line(html):
            yield _Block(text=text, prose=True)
        return
    run: list[str] = []
    unlinked: list[str] = []
    asides: list[bool] = []
    aside = hidden = links = 0
    for event, node in etree.iterwalk(parse(html), events=("start", "end", "comment", "pi")):
        tag = node.tag
        if run and tag in _BLOCKS:
            yield from _finish(run, unlinked, aside=aside)
        if event == "start":
            asides.append(tag in _ASIDE or node.get("data-ke-type") in _CARDS)
            aside += asides[-1]
            hidden += tag in _HIDDEN
            links += tag == "a"
        elif event == "end":
            aside -= asides.pop()
            hidden -= tag in _HIDDEN
            links -= tag == "a"
        text = node.text if event == "start" else node.tail
        if text and not hidden and (run or not text.isspace()):
            run.append(text)
            if not links:
                unlinked.append(text)
    yield from _finish(run, unlinked, aside=aside)


def _finish(run: list[str], unlinked: list[str], *, aside: int) -> Iterator[_Block]:
    """Yield the run of text that ends here, and begin a new one."""
    if text := _on_one_line("".join(run)):
        says_something = not aside and _LETTER.search(_ADDRESS.sub("", "".join(unlinked)))
        yield _Block(text=text, prose=bool(says_something))
    run.clear()
    unlinked.clear()


def _on_one_line(text: str) -> str:
    return " ".join(xml_safe(text).replace("\u200b", " ").replace("\ufeff", " ").split())
