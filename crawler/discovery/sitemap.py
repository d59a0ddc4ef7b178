"""A blog's sitemap: which addresses it has, and when each was last changed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from lxml import etree

from crawler.discovery.feed_page import address
from crawler.discovery.found import Found, word
from crawler.discovery.inflating import Inflated
from crawler.discovery.mending import encoding_of, escaped, from_root, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 50 * 2**20
"""A sitemap may be as long (sitemaps.org protocol, "Sitemap index files"), once decompressed."""
MOST_URLS = 50_000
"""A sitemap may name as many addresses (same place)."""
_LONGEST_URL = 2083
_LONGEST_ENTRY = 2**20  # bytes
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]{0,30}:)?(?:urlset|sitemapindex))(?=[\s>/])", re.IGNORECASE)
_LINE = re.compile(rb"\s*https?://", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """One sitemap or sitemap index."""

    posts: tuple[Found, ...] = ()
    """Every address it names, in its order, each once, on whatever host; `mark` is the lastmod as written."""
    sitemaps: tuple[Found, ...] = ()
    """Every further sitemap it names; `mark` is the lastmod as written."""
    is_whole: bool = True
    """False where it breaks off, is broken, or is longer than a sitemap may be: what it lacks may still exist."""


def read_sitemap(body: bytes, url: str) -> Sitemap | None:
    """Return what a sitemap names; None where *body* is none.

    XML (sitemaps.org 0.9, whatever its namespace) or a plain list of addresses, compressed with gzip or not. It is
    read as a stream: memory holds what is found, never the whole text of a compressed one. At most `MOST_BYTES` and
    `MOST_URLS` are read. Nothing outside is ever read, no entity is resolved, and no bytes make it raise.

    Args:
        body: the bytes as answered, at most what the crawl's size limit lets through.
        url: the sitemap's own address.
    """
    stream = Inflated(body, MOST_BYTES)
    chunks = _in_utf8(iter(stream))
    first = next(chunks, b"")
    found = from_root(first, _ROOT)
    reading = _Reading(url)
    if found:
        is_ended = reading.xml(found[0], chunks, b"</" + found[1])
    elif _LINE.match(first):
        is_ended = reading.lines(first, chunks)
    else:
        return None
    return Sitemap(posts=tuple(reading.posts.values()), sitemaps=tuple(reading.sitemaps.values()),
                   is_whole=is_ended and stream.is_whole)


class _Reading:
    """What was found so far."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._named = 0
        self.posts: dict[str, Found] = {}
        self.sitemaps: dict[str, Found] = {}

    def xml(self, first: bytes, further: Iterator[bytes], end: bytes) -> bool:
        """Read a document that begins with its root; True where it reaches its end."""
        parser = etree.XMLPullParser(
            events=("end",), tag=("{*}url", "{*}sitemap"), encoding="utf-8", resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )
        try:
            for piece, is_last in _pieces(with_prefixes(first), further, end):
                parser.feed(piece)
                if not self._take(parser):
                    return False
                if is_last:
                    return True
        except etree.XMLSyntaxError:
            self._take(parser)
        return False

    def lines(self, first: bytes, further: Iterator[bytes]) -> bool:
        """Read a list of addresses, one a line; True where it reaches its end."""
        rest = b""
        for chunk in chain((first,), further):
            text = rest[:_LONGEST_URL] + chunk
            words = text.split()  # an address has no blanks, and a list may have a million empty lines
            rest = words.pop() if words and not text[-1:].isspace() else b""
            if not all(self._line(line) for line in words):
                return False
        return self._line(rest)

    def _line(self, line: bytes) -> bool:
        return not _LINE.match(line) or self._add(self.posts, line.decode("utf-8", "replace"), None)

    def _take(self, parser: etree.XMLPullParser) -> bool:
        for _, element in parser.read_events():
            if not isinstance(element, etree._Element):  # noqa: SLF001  # lxml's stubs foresee events that it never gives
                continue
            kind = self.sitemaps if str(element.tag).endswith("sitemap") else self.posts
            said = {str(child.tag).rpartition("}")[2]: child.text for child in element}
            element.clear()
            parent = element.getparent()
            while parent is not None and (before := element.getprevious()) is not None:
                parent.remove(before)
            if not self._add(kind, said.get("loc"), said.get("lastmod")):
                return False
        return True

    def _add(self, kind: dict[str, Found], link: str | None, lastmod: str | None) -> bool:
        """Take one address; False where it would be one too many."""
        self._named += 1
        if self._named > MOST_URLS:
            return False
        made = address(link.strip(), self._url) if link and len(link) < _LONGEST_URL else None
        if made and made not in kind:
            kind[made] = Found(url=made, mark=word(lastmod))
        return True


def _in_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The text in UTF-8, without a byte order mark; the first piece tells in which encoding all are."""
    first = next(chunks, b"")
    decoder = codecs.getincrementaldecoder(encoding_of(first))("replace")
    for chunk in chain((first,), chunks):
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _pieces(first: bytes, further: Iterator[bytes], end: bytes) -> Iterator[tuple[bytes, bool]]:
    """Well-formed pieces of a document, each up to the end of an entry, and whether it is the last one."""
    prefix = end[: end.find(b":") + 1] or b"</"
    rest = b""
    for chunk in chain((first,), further):
        text = rest + chunk
        closed = text.rfind(end)
        if closed >= 0 and text.find(b">", closed) >= 0:
            yield escaped(text[:closed]) + end + b">", True
            return
        tags = (prefix + b"url>", prefix + b"sitemap>")
        cut = max(text.rfind(tag) + len(tag) if tag in text else 0 for tag in tags)
        if not cut and len(text) > _LONGEST_ENTRY:
            return
        rest = text[cut:]
        yield escaped(text[:cut]), False

