"""Page objects: what any blog page says about itself in the ways every platform shares."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler import structured
from crawler.document import Document, Element, PageError, Selector, path, words
from crawler.listing import Link, ListPage, SiteInfo
from crawler.page_kind import PageKind
from crawler.rules import Rules, first_element_of, first_list_of, first_of
from crawler.stripping import Marked, Text, text_without
from pipelines.body import Fragment
from pipelines.post import Enclosure, RawPost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

__all__ = ["Document", "Link", "ListPage", "Marked", "PageError", "PageKind", "PostPage", "SiteInfo"]

_ARTICLES = ("BlogPosting", "NewsArticle", "Article", "TechArticle", "Report", "SocialMediaPosting", "LiveBlogPosting")
_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "dc.date")
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified")
_SUMMARY = ("description", "og:description", "twitter:description")
_SEPARATORS = " ::|-–—·•»:~"

_TIMES = Selector("//article//time[@datetime]", "//main//time[@datetime]", "//time[@datetime]")
_ITEMPROP = Selector("//*[contains(concat(' ', normalize-space(@itemprop), ' '), concat(' ', $name, ' '))]")
_HEADLINES = Selector("//*[@itemprop='headline']", "//article//h1", "//main//h1", "//h1", "//h2")
_BODIES = Selector("//*[contains(@itemprop, 'articleBody')]", "//article", "//main")


class PostPage:
    """One post as its page tells it. A platform overrides the properties it knows better; each is computed once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def _article(self) -> Mapping[str, Any]:
        return structured.of_type(self.document.json_ld(), *_ARTICLES)

    @cached_property
    def kind(self) -> PageKind:
        """What the page is; the other properties mean something for posts only."""
        if not path(self.document.url) and self.document.meta("og:type") != "article":
            return PageKind.LISTING
        declared = self.document.meta("og:type") == "article" or bool(self._article)
        return PageKind.POST if declared else PageKind.OTHER

    @first_of
    def url(self) -> Rules[str | None]:
        """Address the page gives itself. A canonical that points at the blog's front page is not believed."""
        own = path(self.document.url)
        named = [("og:url", self.document.absolute(self.document.meta("og:url")))]
        named += [("canonical", url) for url in reversed(self.document.link("canonical"))]
        yield from ((rule, url) for rule, url in named if url and path(url) == own)
        yield from ((f"{rule}, of another path", url) for rule, url in named if url and (path(url) or not own))

    @cached_property
    def key(self) -> str | None:
        """The platform's permanent id of the post."""
        return None

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Other addresses of the same post."""
        return tuple(dict.fromkeys(url for url in self._other_addresses() if url and url != self.url))

    def _other_addresses(self) -> Iterable[str | None]:
        return [self.document.url]

    @first_of
    def title(self) -> Rules[str | None]:
        """Headline without the blog's name."""
        site = self.document.meta("og:site_name")
        yield "og:title", without_site(self.document.meta("og:title"), site)
        yield "JSON-LD headline", without_site(structured.text_of(self._article.get("headline")), site)
        yield "the longest heading that <title> repeats", without_site(self._headline(), site)
        yield "<title>", without_site(self.document.head_title, site)

    def _headline(self) -> str | None:
        """The longest heading that `<title>` repeats: an `h1` may be the blog's name, or a part of the text."""
        whole = _squeezed(self.document.head_title)
        found = [text for element in _HEADLINES(self.document.root) if (text := words(element))]
        repeated = max((text for text in found if _squeezed(text) in whole), key=len, default=None)
        return repeated or (found[0] if found and not whole else None)

    @first_of
    def author(self) -> Rules[str | None]:
        """Name of the author, never an address."""
        yield "JSON-LD author", structured.author_of(self._article, self.document.json_ld())
        yield "meta author", _name(self.document.meta("author", "article:author", "dc.creator", "parsely-author"))
        yield "naverblog:nickname", self.document.meta("naverblog:nickname")
        yield "itemprop author", _first_words(self._items("author"))
        yield "rel=author", _first_words(self._related("author"))

    @first_of
    def published(self) -> Rules[str | None]:
        """Date of publication, as found."""
        yield "meta published", self.document.meta(*_PUBLISHED)
        yield "JSON-LD datePublished", structured.text_of(self._article.get("datePublished"))
        yield "itemprop datePublished", self._item_date("datePublished")
        yield "<time>", self._time("updated", wanted=False)

    @first_of
    def updated(self) -> Rules[str | None]:
        """Date of the last edit, as found."""
        yield "meta modified", self.document.meta(*_UPDATED)
        yield "JSON-LD dateModified", structured.text_of(self._article.get("dateModified"))
        yield "itemprop dateModified", self._item_date("dateModified")
        yield "<time class=updated>", self._time("updated", wanted=True)

    def _item_date(self, name: str) -> str | None:
        return next((date for e in self._items(name) if (date := _date_in(e))), None)

    def _items(self, name: str) -> list[Element]:
        return _ITEMPROP(self.document.root, name=name) if self.document.mentions("itemprop") else []

    def _related(self, rel: str) -> list[Element]:
        """The links of this `rel`, in page order."""
        return [a for a in self.document.anchors if rel in (a.get("rel") or "").split()]

    def _time(self, word: str, *, wanted: bool) -> str | None:
        for element in _TIMES(self.document.root) if self.document.mentions("<time") else ():
            labels = element.get("class", "").split()
            # WordPress: class="entry-date published updated" is both dates in one.
            if ((word in labels) and "published" not in labels) is wanted:
                return str(element.get("datetime"))
        return None

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """Category path, root first."""
        yield "rel=category", _alone(_first_words(self._related("category")))
        yield "JSON-LD articleSection", _alone(structured.text_of(self._article.get("articleSection")))
        yield "article:section", _alone(self.document.meta("article:section"))

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """Tags in the page's order, each once, without `#`."""
        # WordPress marks categories as tags too.
        links = [link for link in self._related("tag") if "category" not in link.get("rel", "")]
        yield "rel=tag", each_once(map(words, links))
        yield "article:tag", each_once(self.document.metas("article:tag"))
        yield "JSON-LD keywords", each_once(_keywords(self._article.get("keywords")))

    @property
    def language(self) -> str | None:
        """`lang` of the page, as found."""
        return self.document.language

    @first_of
    def summary(self) -> Rules[str | None]:
        """The page's own description, often cut short."""
        yield "meta description", self.document.meta(*_SUMMARY)
        yield "JSON-LD description", structured.text_of(self._article.get("description"))

    @property
    def excerpt(self) -> str | None:
        """The post in short, where somebody chose it; else its first sentences are."""
        return None

    @property
    def feature_text(self) -> str | None:
        """A line that a theme shows on top, where the page has one of its own."""
        return None

    @first_of
    def image(self) -> Rules[str | None]:
        """Lead image as the page names it, possibly a thumbnail."""
        named = self.document.meta("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
        yield "og:image", self.document.absolute(named)
        yield "JSON-LD image", self.document.absolute(structured.address_of(self._article.get("image")))

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The element that holds the post's text, None where there is none."""
        yield "itemprop articleBody, <article> or <main>", next(iter(_BODIES(self.document.root)), None)

    @property
    def content(self) -> Fragment | None:
        """The body, junk of the platform left out; None where no body was found."""
        return None if self.body is None else Fragment(lambda: self._text().element)

    @cached_property
    def content_html(self) -> str | None:
        """The same as HTML."""
        return None if self.content is None else str(self.content)

    @cached_property
    def dropped(self) -> tuple[tuple[str, Element], ...]:
        """What stood in the body and is none of it: why it went, and the element."""
        return () if self.body is None else self._text().dropped

    def _text(self) -> Text:
        """A new copy of the body without what `_junk` tells of; the page stays as it is."""
        assert self.body is not None  # noqa: S101  # asked for by the properties above only
        text = text_without(self.body, self._junk, self._more_junk)
        self._mend(text.element)
        return text

    def _mend(self, text: Element) -> None:
        """Write as HTML, in a copy of the body, what the platform keeps elsewhere, such as a picture's address."""

    def _junk(self, element: Element) -> str | None:  # noqa: ARG002  # platforms look at it
        """Why an element inside the body is none of the author's text; None for the text itself."""
        return None

    def _more_junk(
        self, text: Element, marked: Marked  # noqa: ARG002  # platforms look at it
    ) -> Iterator[tuple[str, Element]]:  # fmt: skip
        """What else in a copy of the body is none of the text, where no element alone tells: reason, element."""
        return iter(())

    def part(self, number: int, first: str) -> str | None:  # noqa: ARG002  # platforms look for it
        """Address of a further page of the same post; None where there is none.

        Args:
            number: which, from 2.
            first: address of its first page.
        """
        return None

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """Media files named outside the body."""
        return ()

    def raw(self, *, source: str, zone: str, fetched: datetime) -> RawPost:
        """Return everything above as one record.

        Args:
            source: name of the source.
            zone: IANA time zone of dates without one.
            fetched: when the page was fetched, aware, UTC.
        """
        return RawPost(
            source=source, page_url=self.document.url, fetched=fetched, zone=zone, url=self.url, key=self.key,
            addresses=self.addresses, title=self.title, author=self.author, published=self.published,
            updated=self.updated, categories=self.categories, tags=self.tags, language=self.language,
            summary=self.summary, excerpt=self.excerpt, feature_text=self.feature_text, image=self.image,
            content_html=self.content, enclosures=self.enclosures,
        )  # fmt: skip


def each_once(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that say something, each once, in order, without a leading `#`."""
    return tuple(dict.fromkeys(plain for text in texts if (plain := text.strip().lstrip("#").strip())))


def without_site(title: str | None, site: str | None) -> str | None:
    """Return *title* without the name of the site before or behind it and the sign between them."""
    name = (site or "").strip()
    if not name or not title or title == name:
        return title
    rest = title
    if title.endswith(name) and title[: -len(name)].rstrip() != title[: -len(name)].rstrip(_SEPARATORS):
        rest = title[: -len(name)].rstrip(_SEPARATORS)
    elif title.startswith(name) and title[len(name) :].lstrip() != title[len(name) :].lstrip(_SEPARATORS):
        rest = title[len(name) :].lstrip(_SEPARATORS)
    return rest or title


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _date_in(element: Element) -> str:
    # Blogger: <abbr class="published" itemprop="datePublished" title="2025-12-19T15:18:00-05:00">
    told = element.get("datetime") or element.get("content") or element.get("title") or ""
    return told if any(map(str.isdigit, told)) else words(element)


def _name(text: str | None) -> str | None:
    return None if text and text.startswith(("http://", "https://")) else text


def _first_words(elements: Iterable[Element]) -> str | None:
    return next((text for element in elements if (text := element.get("content") or words(element))), None)


def _alone(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _keywords(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split(",")
    return [text for item in value if (text := structured.text_of(item))] if isinstance(value, list) else []
