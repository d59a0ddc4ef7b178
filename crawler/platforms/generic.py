"""Any other blog: what standards say, then how a page looks."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import structured
from crawler.document import Element, Selector, host, near, path, words
from crawler.listing import Link, ListPage
from crawler.page import Document, Marked, PageKind, PostPage
from crawler.platforms import Platform
from crawler.platforms._content import content_rules, is_apart, is_beside, is_column
from crawler.platforms._furniture import before_and_after, junk, teasers
from crawler.platforms._listed import anchors, is_part, links, says_next
from crawler.platforms._lock import is_locked
from crawler.platforms._visible import PRINTED, around, day_in, few_words, printed_date, without_date
from crawler.rules import Rules, first_element_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Listings of every common blog engine; what is no post although it is a page of the blog.
_LIST_PATHS = re.compile(
    r"(?:/[a-z]{2}(?:-[a-z]{2})?)?(?:|/index(?:\.\w+)?|/blog|/posts?|/articles?|/archives?|/page/\d+|/blog/page/\d+|"
    r"/(?:category|categories|tag|tags|author|series|topics?)(?:/.*)?|/search(?:/.*)?|/\d{4}(?:/\d{1,2})?)",
    re.IGNORECASE,
)
_NOT_POSTS = re.compile(
    r"/(?:about|contact|privacy\S*|terms\S*|login|signup|subscribe|feed|rss|guestbook)(?:\.\w+)?"
    r"|.*/(?:wp-login\.php|wp-admin.*|feed)|.*\.(?:xml|json|rss|atom|png|jpe?g|gif|webp|svg|pdf|zip|css|js)",
    re.IGNORECASE,
)
_ARTICLES = Selector("//article[not(ancestor::article)]")
_HEADED = ("h1", "h2", "h3")
# microformats, Blogger and WordPress, then what themes call it
_AUTHORS = ("p-author", "post-author", "entry-author", "author-name", "byline-name"), ("vcard", "byline", "author")
_BY = re.compile(r"^(?:written by|posted by|by|글쓴이|작성자)\s*:?\s+", re.IGNORECASE)
_BY_LINE = re.compile(
    r"(?:written by|posted by|by|글쓴이|작성자|글)\s*:?\s+([^\W\d_][^\s,.|·]*(?: [^\s,.|·]+){0,3})", re.IGNORECASE
)
_FEW = 3
_LONGEST_NAME = 60
_LINE = re.compile(r"meta|info|byline|date|author|detail", re.IGNORECASE)
_LONGEST_LINE = 120
_WRITER = re.compile(r"written by|author|작성자|글쓴이|글", re.IGNORECASE)
_PLAIN_POST = re.compile(r"(?:^|&)p=\d")  # WordPress without rewriting
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}")
_SITES = {"WebSite", "Blog", "Organization", "Person"}
_SEPARATORS = " ::|-–—·•»«:~/"
_ENOUGH = 250
_SEVERAL = 3


def recognise(document: Document) -> bool:
    """Every page is one of these where no other platform knows it."""
    return document.root is not None


class GenericPost(PostPage):
    """A post of any blog."""

    @cached_property
    def kind(self) -> PageKind:
        """A page that declares itself decides; else its address, and how many articles it holds."""
        document = self.document
        if is_locked(document):
            return PageKind.PROTECTED
        if self._is_list_address:
            return PageKind.LISTING
        if document.meta("og:type") == "article" or self._article:
            return PageKind.POST
        if self._holds_several():
            return PageKind.LISTING
        text = words(self.body) if self.body is not None else ""
        is_post = bool(self.title) and (len(text) >= _ENOUGH or (text != "" and self.published is not None))
        return PageKind.POST if is_post else PageKind.OTHER

    @property
    def _is_list_address(self) -> bool:
        here = self.document.url
        return _LIST_PATHS.fullmatch(path(here)) is not None and not _PLAIN_POST.search(urlsplit(here).query)

    def _holds_several(self) -> bool:
        """Whether the page is made of articles like each other: beside a post, those of "related posts" are short."""
        if not self.document.mentions("<article"):
            return False
        sizes = sorted(len(words(article)) for article in _ARTICLES(self.document.root))
        return len(sizes) >= _SEVERAL and sizes[-1] * 2 < sum(sizes)

    @first_of
    def title(self) -> Rules[str | None]:
        """Headline without the blog's name, which the page may write otherwise than it calls itself."""
        rules = PostPage.title.rules(self)
        declared = list(islice(rules, 2))
        told = next((text for _, text in declared if text), self.document.head_title)
        yield "the headline, where the declared title is that and a name", self._without_name(told)
        yield from declared
        yield "what themes mark as headline", self._marked_title()
        yield from rules

    def _marked_title(self) -> str | None:
        whole = "".join(self.document.head_title.split())
        marked = (words(e) for e in self.document.marked("entry-title", "post-title", "p-name", "article-title"))
        return next((text for text in marked if text and "".join(text.split()) in whole), None)

    @cached_property
    def _headings(self) -> list[Element]:
        return [*self.document.root.iter("h1"), *self.document.root.iter("h2", "h3")]

    def _without_name(self, told: str | None) -> str | None:
        site = "".join((self.document.meta("og:site_name") or "").split()).casefold()
        whole = " ".join((told or "").split())
        for heading in (text for e in self._headings if (text := words(e))):
            rest = whole.removeprefix(heading) if whole.startswith(heading) else whole.removesuffix(heading)
            plain = rest.strip(_SEPARATORS)
            is_site = "".join(heading.split()).casefold() == site
            if rest != whole and plain and plain != rest.strip() and not is_site and self._is_name(plain):
                return heading
        return None

    def _is_name(self, rest: str) -> bool:
        """Whether what a title says beside the headline is the blog's name: its own pages end with it, or its host."""
        names = "og:site_name", "application-name", "author"
        others = [text for name in names for text in self.document.metas(name)]
        nodes = [structured.text_of(node) for node in self.document.json_ld() if structured.types_of(node) & _SITES]
        name = "".join(filter(str.isalnum, rest)).casefold()
        at_home = (words(a) or a.get("title") or "" for a in self.document.anchors if _leads_home(a, self.document))
        told = (*others, *filter(None, nodes), *at_home)
        known = filter(None, ("".join(filter(str.isalnum, text)).casefold() for text in told))
        is_own = any(text in name or name in text for text in known)
        return is_own or name in host(self.document.url).replace("-", "")

    @first_of
    def author(self) -> Rules[str | None]:
        """Name of the author, as declared, else as printed."""
        yield from PostPage.author.rules(self)
        yield "what a card for links names as writer", self._carded_author()
        yield "what the theme marks as author", self._printed_author()
        yield "printed near the headline", next(filter(None, map(_named_near, self._starts[:3])), None)

    def _carded_author(self) -> str | None:
        """Yoast and others: <meta name="twitter:label1" content="Written by"> beside `twitter:data1`."""
        for number in "12":
            if _WRITER.fullmatch(self.document.meta(f"twitter:label{number}") or ""):
                return self.document.meta(f"twitter:data{number}")
        return None

    def _printed_author(self) -> str | None:
        marked = (*(e for names in _AUTHORS for e in self.document.marked(*names)), *self.document.root.iter("address"))
        found = (without_date(_BY.sub("", words(e))) for e in marked if not any(is_beside(a) for a in (e, *near(e))))
        return next((name for name in found if 0 < len(name) <= _LONGEST_NAME and "@" not in name), None)

    @first_of
    def published(self) -> Rules[str | None]:
        """What the page declares, else the date printed near its headline, else the one in its address."""
        rules = PostPage.published.rules(self)
        yield from islice(rules, 3)
        stamps = (e.get("title") or e.get("datetime") or "" for e in self.document.marked("published", "dt-published"))
        yield "hAtom's .published", next((stamp for stamp in stamps if _STAMP.match(stamp)), None)
        yield "<time> near the headline", next(filter(None, map(self._time_near, self._starts)), None)
        yield "printed near the headline", next(filter(None, (printed_date(around(e)) for e in self._starts)), None)
        yield "printed in the line of the headline", next(filter(None, map(_in_a_line, self._starts)), None)
        yield from rules
        yield "JSON-LD of the page", self._dated_page()
        yield "the day in its address", day_in(path(self.document.url))

    def _dated_page(self) -> str | None:
        node = structured.of_type(self.document.json_ld(), "WebPage", "ItemPage", "CreativeWork")
        return structured.text_of(node.get("datePublished"))

    @cached_property
    def _starts(self) -> list[Element]:
        """Where a date may stand nearby: the headline, and the text."""
        title = "".join((self.title or "").split())
        heads = [e for e in self._headings if (text := "".join(words(e).split())) and text in title]
        return [*heads, *([self.body] if self.body is not None else [])]

    def _time_near(self, start: Element) -> str | None:
        """The first `<time>` with a machine's date around an element, that of publication before that of an edit."""
        times = [e for e in around(start) if e.tag == "time" and e.get("datetime")]
        published = [e for e in times if not _says_edited(e)]
        return next((e.get("datetime") for e in (*published, *times)), None)

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The element that holds the text."""
        yield from content_rules(self.document)

    def part(self, number: int, first: str) -> str | None:
        """What `rel=next` names, or a row of page numbers below the text: the first page's address and a number."""
        named = [*self.document.link("next")]
        rows = self.document.marked("page-links", "post-nav-links", "post-page-numbers", "article-pages", "multipage")
        anchors = [*(a for row in rows for a in row.iter("a")), *self._related("next")]
        named += [url for a in anchors if (url := self.document.absolute(a.get("href")))]
        return next((url for url in named if self.document.is_here(url) and is_part(url, number, first)), None)

    @cached_property
    def _heading(self) -> str:
        return "".join((self.title or "").split())

    @cached_property
    def _letters(self) -> int:
        return len(words(self.body)) if self.body is not None else 0

    @cached_property
    def _is_column(self) -> bool:
        """Whether the body is a column of the page, found by where text is, with more in it than the text."""
        return type(self).body is GenericPost.body and self.body is not None and is_column(self.body)

    def _junk(self, element: Element) -> str | None:
        found = junk(element, self._heading, self._letters)
        return found or ("beside the text" if self._is_column and is_apart(element, self._letters) else None)

    def _more_junk(self, text: Element, marked: Marked) -> Iterator[tuple[str, Element]]:  # noqa: ARG002
        yield from before_and_after(text, self._heading)
        if self._is_column:
            yield from teasers(text, self._is_other_page)

    def _is_other_page(self, href: str) -> bool:
        url = self.document.absolute(href)
        return url is not None and self.document.is_here(url) and path(url) != path(self.document.url)


def _named_near(head: Element) -> str | None:
    """The name in a line such as "글 김미나" beside a headline; a headline itself names nobody."""
    lines = (e for e in around(head) if len(e) <= _FEW and e.tag not in _HEADED and not _stands_in(e, _HEADED))
    named = (_BY_LINE.fullmatch(few_words(e, most=7)) for e in lines)  # the longest: written by : and four
    return next((found[1] for found in named if found), None)


class GenericList(ListPage):
    """A listing of any blog."""

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """What JSON-LD lists, else the links of headlines, else the links of articles."""
        told = tuple(link for link in self.listed_in_data() if self._post(link.url))
        found = list(anchors(self.document.root, ()))
        headed = [a for a in found if _stands_in(a, _HEADED) or next(a.iter(*_HEADED), None) is not None]
        # PaperMod lays an empty anchor with a label over each article.
        in_articles = [a for a in found if _stands_in(a, ("article",)) and (words(a) or a.get("aria-label"))]
        return told or tuple(self._first_of((headed, in_articles)))

    def _first_of(self, groups: Iterable[list[Element]]) -> list[Link]:
        return next((listed for group in groups if (listed := links(self.document, group, self._post))), [])

    def _post(self, url: str) -> str | None:
        own = path(url)
        if not self.document.is_here(url) or own == path(self.document.url) or _LIST_PATHS.fullmatch(own):
            return None
        return None if _NOT_POSTS.fullmatch(own) else url.partition("#")[0]

    @cached_property
    def next_page(self) -> str | None:
        """`rel=next`, else the link that calls itself next or older and leads to a listing."""
        return super().next_page or next(iter(self._called_next()), None)

    def _called_next(self) -> Iterable[str]:
        for anchor in self.document.root.iter("a"):
            url = self.document.absolute(anchor.get("href"))
            if url and says_next(anchor) and url != self.document.url and self.document.is_here(url) and _is_list(url):
                yield url


def _is_list(url: str) -> bool:
    return bool(_LIST_PATHS.fullmatch(path(url))) or "page" in urlsplit(url).query or "/page/" in url


def _in_a_line(start: Element) -> str | None:
    """The date in a line such as "5 March 2024 · 3 min read" around an element."""
    marked = (e for e in around(start) if _LINE.search(f"{e.get('class') or ''} {e.get('id') or ''}"))
    found = (PRINTED.search(text) for e in marked if len(text := words(e)) <= _LONGEST_LINE)
    return next((match[0] for match in found if match), None)


def _says_edited(time: Element) -> bool:
    labels = (time.get("class") or "").split()  # WordPress: class="entry-date published updated" is both dates in one
    return "updated" in labels and "published" not in labels


def _leads_home(anchor: Element, document: Document) -> bool:
    url = document.absolute(anchor.get("href"))
    return url is not None and document.is_here(url) and not path(url) and not urlsplit(url).query


def _stands_in(element: Element, tags: tuple[str, ...]) -> bool:
    return any(e.tag in tags for e in near(element))


PLATFORM = Platform(recognise=recognise, post_page=GenericPost, list_page=GenericList)
