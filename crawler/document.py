"""One fetched page: decoded once, parsed once, its head read in one pass."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from crawler import structured
from crawler.decode import utf8
from pipelines.body.gate import may_hold_long_tag
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml gives its elements' class no other name

_MOST_TAGS = 200_000
_DEEPEST = 60
_TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT  # below 2,048 levels, libxml2 loses what a page holds
_TAGS = ("meta", "link", "script", "base", "title", "body", "button", "input")
_META_NAMES = ("property", "name", "itemprop")
_MOST = 2_000
LARGEST_PAGE = 8 * 2**20
# lxml is quadratic in the attributes of one tag: 1 MB of them takes half a minute.
_ENDLESS = 2**16
_LONG = 2**12
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % _LONG)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_MOST_WORK = 3 * 10**8  # attributes of each long tag, squared: about a second
# A picture pasted into the page as its own address is one long but harmless attribute; nobody could publish it anyway.
_PASTED = re.compile(rb"data:[a-z]{1,20}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=%]{4096,}", re.IGNORECASE)


class PageError(MoafeedError):
    """A page that must not be parsed; the text says why."""

    exit_code = 65


class Selector:
    """XPath expressions compiled once; the elements of the first come before those of the next.

    At most 2,000 elements are given for each expression: no honest page has more that matter.
    """

    def __init__(self, *expressions: str) -> None:
        # `//x` makes libxml2 collect every node of the page first; this says the same in a fifth of the time.
        self._paths = tuple(etree.XPath(expression.replace("//", "/descendant::")) for expression in expressions)

    def __call__(self, element: Element, **variables: str) -> list[Element]:
        """Return the elements found, in the order of the expressions, each expression's in page order."""
        found = (cast("list[Element]", path_(element, **variables)) for path_ in self._paths)
        return [element for elements in found for element in elements[:_MOST]]


def has_class(*names: str) -> str:
    """Return the XPath condition that an element has one of these classes."""
    whole = "contains(concat(' ', normalize-space(@class), ' '), ' {0} ')"
    return " or ".join(f"(contains(@class, '{name}') and {whole.format(name)})" for name in names)


class Document:
    """One fetched page: decoded once, parsed once, its head read in one pass.

    Attributes:
        url: address of the page, after redirects.
        root: the `<html>` element. Page objects read it and never change it.
        source: the page in UTF-8.
        tagged: its elements of the few tags that are asked for again and again, in page order.
    """

    def __init__(self, root: Element, url: str, source: bytes) -> None:
        self.root = root
        self.url = url
        self.source = source
        self._classes: dict[str, dict[str, list[Element]]] = {}
        self.tagged: dict[str, list[Element]] = {tag: [] for tag in _TAGS}
        for element in root.iter(*_TAGS):
            self.tagged[element.tag].append(element)

    @classmethod
    def parse(cls, body: bytes, url: str, header_encoding: str | None = None) -> Document:
        """Return the document in *body*.

        Args:
            body: the bytes as received.
            url: address of the page, after redirects.
            header_encoding: `charset` of the Content-Type header, None where it had none.

        Raises:
            PageError: the page is larger than 8 MiB, has more than 200,000 tags or too long ones, or nests too deep.
        """
        if len(body) > LARGEST_PAGE:
            raise PageError("it is larger than 8 MiB; no blog page is, so it was not read")
        encoded = _admitted(utf8(body, header_encoding).replace(b"\x00", b""))
        root, deepest = _parsed(encoded)
        if deepest:
            raise PageError("it nests tags more than 2,000 deep, where text would be lost, so it was not read")
        return cls(root, url, encoded)

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to."""
        told = (_joined(self.url, element.get("href")) for element in self.tagged["base"])
        return next(filter(None, told), self.url)

    @cached_property
    def head_title(self) -> str:
        """`<title>` on one line; an svg has titles too, further down."""
        return next(filter(None, (_words(element.text) for element in self.tagged["title"])), "")

    @cached_property
    def _texts(self) -> list[tuple[str, bool]]:
        """What each script of the page itself says, and whether that is data."""
        written = ((text, e) for e in self.tagged["script"] if (text := e.text))
        return [(text, "ld+json" in (e.get("type") or "").lower()) for text, e in written]

    @cached_property
    def scripts(self) -> list[str]:
        """Text of each script that is no data, in page order."""
        return [text for text, is_data in self._texts if not is_data]

    @cached_property
    def script_addresses(self) -> list[str]:
        """Where scripts are loaded from, as written."""
        return [address for element in self.tagged["script"] if (address := element.get("src"))]

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in self.tagged["meta"]:
            content = (element.get("content") or "").strip()
            for attribute in _META_NAMES if content else ():
                if key := (element.get(attribute) or "").strip().lower():
                    said = found.setdefault(key, [])
                    if not said or said[-1] is not content:  # one element may give itself the same name twice
                        said.append(content)
        return found

    def meta(self, *names: str) -> str | None:
        """Return the first non-empty `<meta>` content of the first of *names* (lower case) that has any."""
        return next((self._metas[name][0] for name in names if name in self._metas), None)

    def metas(self, name: str) -> tuple[str, ...]:
        """Return every non-empty `<meta>` content of *name* (lower case), in page order."""
        return tuple(self._metas.get(name, ()))

    def link(self, rel: str, *types: str) -> tuple[str, ...]:
        """Return the absolute addresses of every `<link>` of this *rel* (and one of *types*), in page order."""
        named = (e for e in self.tagged["link"] if rel in (e.get("rel") or "").lower().split())
        typed = (e for e in named if not types or (e.get("type") or "").lower().split(";")[0].strip() in types)
        return tuple(href for e in typed if (href := self.absolute(e.get("href"))))

    @cached_property
    def _json_ld(self) -> tuple[Mapping[str, Any], ...]:
        return structured.read_json_ld(text for text, is_data in self._texts if is_data)

    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """Return every JSON-LD node, flat, in page order."""
        return self._json_ld

    @cached_property
    def data(self) -> object:
        """What the page holds where it is no page but JSON, as lists of posts may be; None elsewhere."""
        return structured.read_data(self.source)

    def mentions(self, *words: str) -> bool:
        """Tell whether the page's source holds one of these ASCII words at all: that costs next to nothing."""
        return any(word.encode() in self.source for word in words)

    def _by_class(self, tag: str) -> dict[str, list[Element]]:
        # Reading the attribute of each element once takes a third of the time of one XPath search for a class.
        if tag not in self._classes:
            found = self._classes[tag] = {}
            for element in self.root.iter(tag):
                for label in (element.get("class") or "").split():
                    found.setdefault(label, []).append(element)
        return self._classes[tag]

    def marked(self, *names: str, tag: str = "*") -> list[Element]:
        """Return the elements that have one of these classes, in page order; 2,000 at most.

        (One that is written with character references, which no skin does, may not be found.)
        """
        looked_through = "*" if "*" in self._classes else tag
        if looked_through not in self._classes and not self.mentions(*names):
            return []
        classes = self._by_class(looked_through)
        groups = [classes[name] for name in names if name in classes]
        found = groups[0] if groups else []
        if len(groups) > 1:
            several = {element for group in groups for element in group}
            found = [element for element in self.root.iter(tag) if element in several]
        return [element for element in found if tag in ("*", element.tag)][:_MOST]

    def named(self, name: str) -> list[Element]:
        """Return the elements that have this id, in page order."""
        if not self.mentions(name):
            return []
        return [element for element in self.root.iter("*") if element.get("id") == name]

    @cached_property
    def anchors(self) -> list[Element]:
        """Every `<a>`, in page order."""
        return list(self.root.iter("a"))

    @property
    def language(self) -> str | None:
        """`lang` of the page as found, None where it has none."""
        found = self.root.get("lang") or self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
        return (found or self.root.get("xml:lang") or "").strip() or None

    def absolute(self, href: str | None) -> str | None:
        """Return *href* as an absolute http(s) address, None where it is empty, broken or of another scheme."""
        return _joined(self.base, href)

    def is_here(self, url: str) -> bool:
        """Tell whether *url* is on this page's host (`www.` aside)."""
        return host(url) == host(self.url)


def _admitted(encoded: bytes) -> bytes:
    """Return a page as it may be parsed; refuse one that would stop the crawl."""
    if len(encoded) > _MOST_TAGS and encoded.count(b"<") > _MOST_TAGS:
        raise PageError("it holds more than 200,000 tags; no blog page does, so it was not read")
    return _without_pasted(encoded) if may_hold_long_tag(encoded, _LONG) else encoded


def _without_pasted(encoded: bytes) -> bytes:
    """Return a page without pictures pasted into it as their own addresses; refuse one whose tags stay too long."""
    encoded = _PASTED.sub(b"data:,", encoded)
    tags = _LONG_TAG.findall(encoded)
    if tags and max(map(len, tags)) > _ENDLESS:
        raise PageError("it holds a tag longer than 64 KiB, which would stop the crawl, so it was not read")
    if sum(len(_QUOTED.sub(b"", tag).split()) ** 2 for tag in tags) > _MOST_WORK:
        raise PageError("it holds too many tags with a thousand attributes, so it was not read")
    return encoded


def _parsed(encoded: bytes) -> tuple[Element, bool]:
    """Return the root, and whether libxml2 left out what was too deep."""
    # Not lxml.html's parser: that asks a Python function for the class of every element anybody looks at.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False)
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError:  # nothing but comments or white space
        root = None
    if root is None or root.tag != "html":
        return etree.fromstring(b"<html><body></body></html>", etree.HTMLParser()), False
    return root, any(entry.type == _TOO_DEEP for entry in parser.error_log)


@lru_cache(maxsize=256)  # a page is asked for its own addresses again and again
def host(url: str) -> str:
    """Return the host of *url* in lower case without `www.`; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def path(url: str) -> str:
    """Return the decoded path of *url* without a slash at its end: `/` is the empty string."""
    try:
        return unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return ""


def _joined(base: str, href: str | None) -> str | None:
    if not href or not href.strip():
        return None
    try:
        whole = href.strip()
        joined = whole if whole.startswith(("https://", "http://")) else urljoin(base, whole)
        scheme, netloc, *_ = urlsplit(joined)
    except ValueError:
        return None
    return joined if scheme in ("http", "https") and netloc else None


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def near(element: Element) -> Iterator[Element]:
    """Yield what *element* stands in, from the inside out; no honest page is deeper than this looks."""
    return islice(element.iterancestors(), _DEEPEST)


def words(element: Element) -> str:
    """Return the visible text of *element* on one line."""
    return _words(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
