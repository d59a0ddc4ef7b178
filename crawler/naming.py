"""How posts are named: by a blog's front page and listings, its feed, its sitemap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.asking import answered, as_before
from crawler.discovery import fingerprint, found_in_list, is_feed, posts_in, read_feed, read_sitemap
from crawler.documents import listing_fingerprint, number_of
from crawler.listed import list_page, missed
from crawler.manners.conditional import NOT_MODIFIED
from crawler.manners.politeness import hosts_of
from crawler.marks import keys_of
from crawler.numbering import NumberingSpider
from crawler.page import PageKind
from crawler.platforms import FEED_ONLY, load_platforms
from crawler.reading import feed_site, platform_of
from crawler.selected import post_page
from pipelines.patterns import compiled
from pipelines.pictures import lasting_forms
from pipelines.site import Site
from pipelines.store import Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from scrapy import Request
    from scrapy.http import Response

    from crawler.discovery import Found
    from crawler.listing import ListPage
    from crawler.platforms import Platform
    from crawler.source import Source
    from crawler.visit import Visit
    from pipelines.store import Address

_MOST_PAGES = 2_000  # of a walk to the first post
_NESTED_SITEMAPS = 50
_LIST = "list"
"""Mark of a front page that is only a frame: where its posts are listed."""


class NamingSpider(NumberingSpider):
    """Reads the documents that name posts, the cheapest that is known first."""

    def parse_home(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """The front page: what the blog is, its newest posts, and where its feed is."""
        account, source = visit.account, visit.source
        if source.platform is None and is_feed(response.body):
            yield from self._feed_at_home(response, visit, address)
            return
        visit.document_ended()
        if response.status == NOT_MODIFIED:
            yield visit.unchanged(address, status=response.status)
            yield from self._listed_elsewhere(visit, address.marks.get(_LIST))
            yield from self._released(visit)
            return
        document = self._arrived(response, visit)
        if document is None:
            yield visit.failed(address, response.status)
            return
        name, platform = platform_of(document, source)
        visit.read_at = platform.read_at
        page, post = list_page(document, platform, source), post_page(document, platform, source)
        if post.kind in {PageKind.GONE, PageKind.RESTRICTED}:
            account.fail(response.url, post.kind.instead)
            yield visit.failed(address, response.status)
            return
        site = page.site
        yield Site(
            source=source.name, title=site.title or source.name, home=source.url, platform=name,
            description=site.description or "", language=source.language or site.language, icon=site.icon,
        )
        is_list = bool(source.listing.items) or (page.posts and urlsplit(response.url).path == "/")
        if post.kind == PageKind.POST and not is_list:
            account.posts += 1
            yield from self._post(document, response, visit, replace(address, kind="front"))
            return
        visit.walk.numbered = platform.numbered
        feed = _own_feed(platform, site.feed, source)
        if page.listed_at:
            address = replace(address, marks={**address.marks, _LIST: page.listed_at})
        if source.takes_entries and (source.feed or feed):  # what the list names is in there
            yield Noted(document=visit.read(answered(address, response), listing_fingerprint(page)))
        else:
            yield from self._listed(page, platform, response, visit, address)
        yield from self._listed_elsewhere(visit, page.listed_at)
        if feed and source.feed is None:
            yield from self._also(visit, visit.named_feed(feed), self.parse_feed)
        if platform.sitemap and _covers_only(sitemap := urljoin(source.url, platform.sitemap), source):
            yield from self._learn_sitemap(visit, visit.at("sitemap", sitemap))
        yield from self._released(visit)

    def _feed_at_home(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """A feed where a page was asked for: whoever only looks takes it for what it is, a file has to say so."""
        if self._store is None:
            visit.source = visit.source.model_copy(update={"platform": FEED_ONLY})
            yield from self.parse_feed(response, visit, visit.only_feed(waiting=False))
            return
        visit.document_ended()
        visit.account.fail(response.url, f'is a feed; write platform = "{FEED_ONLY}" into the source\'s file')
        yield visit.failed(address, response.status)
        yield from self._released(visit)

    def _listed_elsewhere(self, visit: Visit, url: str | None) -> Iterator[Request]:
        """Ask for the document that lists the posts of a blog whose front page is only a frame around it."""
        if url and visit.is_here(url):
            yield from self._also(visit, visit.at("front", url), self.parse_listing)  # remembered as a front page is

    def _also(self, visit: Visit, address: Address, callback: Callable[..., Any]) -> Iterator[Request]:
        if not visit.was_asked(address):
            yield self._ask_document(visit, address, callback, optional=True)

    def _learn_sitemap(self, visit: Visit, address: Address) -> Iterator[Any]:
        if visit.limits.everything:
            yield from self._also(visit, address, self.parse_sitemap)
        elif address.checked is None:
            yield Noted(document=address)  # asked for tomorrow

    def parse_listing(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """A further listing page."""
        visit.document_ended()
        if response.status == NOT_MODIFIED:
            yield visit.unchanged(address, status=response.status)
        elif document := self._arrived(response, visit):
            _, platform = platform_of(document, visit.source)
            visit.read_at = platform.read_at
            page = list_page(document, platform, visit.source)
            yield from self._listed(page, platform, response, visit, address)
        yield from self._released(visit)

    def _settled(self, found: Found, platform: Platform, visit: Visit) -> Found:
        raise NotImplementedError

    def _listed(
        self, page: ListPage, platform: Platform, response: Response, visit: Visit, address: Address
    ) -> Iterator[Any]:
        number, everything = number_of(address), visit.limits.everything
        print_: str | None = listing_fingerprint(page)
        found_at = answered(address, response)
        visit.walk.goes_on |= page.next_page is not None
        if number == 1 and (why := missed(page)):
            visit.account.fail(response.url, why)
            print_, found_at = None, replace(found_at, etag=None, last_modified=None)  # to be told again
        elif number == 1 and print_ == address.fingerprint and not everything:
            yield visit.unchanged(found_at, status=response.status)
            return
        found = [self._settled(found_in_list(link), platform, visit) for link in page.posts]
        judged = visit.judge("listing", found)
        is_over = not found or all(map(visit.is_too_old, found))  # some boards have a next page for ever
        is_further = (everything and not is_over) or (judged.new > 0 and number < visit.source.pages)
        is_there = page.next_page is not None and page.next_page != response.url and number < _MOST_PAGES
        following = [visit.further_page(page.next_page or "", number + 1)] if is_further and is_there else []
        following = [] if any(map(visit.was_asked, following)) else following
        yield Noted(
            document=visit.read(found_at, print_), posts=(*judged.notes, *following),
            backfill="" if everything and not following else None,
        )  # fmt: skip
        yield from self._read_later(visit, judged.ask)
        yield from (self._ask_listing(visit, listing) for listing in following)

    def parse_feed(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """The blog's own feed: it may name posts that the front page does not."""
        visit.document_ended()
        visit.account.lasting |= lasting_forms(response.body)
        if same := as_before(response, response.body, visit, address):
            yield same
        elif (feed := read_feed(response.body, response.url)) is None:
            yield from self._no_feed(visit, address, response.status, "it is no feed")
        else:
            if not visit.source.has_pages:
                yield feed_site(feed, visit.source)
            self._knows_platform(visit)
            judged = visit.judge("feed", _inside(feed.entries, visit.source))
            found_at = answered(address, response)
            if not feed.is_whole:  # the rest is asked for again
                found_at = replace(found_at, etag=None, last_modified=None)
            print_ = fingerprint(response.body, address.kind) if feed.is_whole else None
            wish = {"ttl": str(feed.ttl)} if feed.ttl else {}
            found_at = replace(found_at, marks={k: v for k, v in found_at.marks.items() if k != "ttl"} | wish)
            yield Noted(document=visit.read(found_at, print_), posts=judged.notes)
            yield from self._read_later(visit, (yield from self._taken(visit, judged.ask, feed.entries)))
            if feed.next_page and visit.limits.everything and _covers_only(feed.next_page, visit.source):
                yield from self._also(visit, visit.at("feed", feed.next_page), self.parse_feed)
            if not visit.source.has_pages:
                yield from visit.fallen_out() if feed.is_whole else ()
            elif judged.new and judged.new == judged.named and not visit.is_first:  # there may be more between
                yield from self._also(visit, visit.at("front", visit.source.url), self.parse_home)
        yield from self._released(visit)

    def _taken(
        self, visit: Visit, ask: Iterable[Address], entries: Iterable[Found]
    ) -> Generator[Any, None, list[Address]]:
        """Take posts from a feed that holds them whole; return the addresses of those that are to be asked for."""
        source = visit.source
        if not source.takes_entries:
            return list(ask)
        whole = {key: found for found in entries if found.words or not source.has_pages for key in keys_of(found)}
        left: list[Address] = []
        for address in ask:
            if address.key in whole:
                yield from self._entry(whole[address.key], visit, address)
            else:
                left.append(address)
        return left

    def _entry(self, found: Found, visit: Visit, address: Address) -> Iterator[Any]:
        raise NotImplementedError

    def _no_feed(self, visit: Visit, address: Address, status: int | None, reason: str) -> Iterator[Any]:
        """What was a feed is none: the front page names posts too, and where the feed is now."""
        yield visit.failed(address, status)
        if visit.source.known_feed is not None:
            visit.account.fail(address.url, reason)
        if visit.source.has_pages:
            yield from self._also(visit, visit.at("front", visit.source.url), self.parse_home)

    def parse_sitemap(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """The blog's list of all its pages: what is new or edited beyond the newest posts."""
        visit.document_ended()
        if same := as_before(response, response.body, visit, address):
            yield same
        elif (sitemap := read_sitemap(response.body, response.url)) is None:
            yield visit.failed(address, response.status)
        else:
            name = visit.source.platform or self._platform_of(visit.source)
            self._knows_platform(visit)
            posts = posts_in(sitemap, _is_post_url(name, visit.source), hosts_of(visit.source.url))
            judged = visit.judge("sitemap", posts, unknown_too=visit.is_worth_reading(address))
            visit.walk.goes_on |= bool(posts or sitemap.sitemaps)
            print_ = fingerprint(response.body, address.kind) if sitemap.is_whole else None
            yield Noted(document=visit.read(answered(address, response), print_), posts=judged.notes)
            yield from self._read_later(visit, judged.ask)
            if sitemap.is_whole and not sitemap.sitemaps:
                yield from self._read_later(visit, list(visit.unnamed(posts)))
            for further in sitemap.sitemaps[:_NESTED_SITEMAPS]:
                if _covers_only(further.url, visit.source):
                    yield from self._also(visit, visit.at("sitemap", further.url), self.parse_sitemap)
        yield from self._released(visit)

    def _knows_platform(self, visit: Visit) -> None:
        """Let a visit that has seen no page of its blog know where posts are read, as learnt in an earlier one."""
        known = load_platforms().get(visit.source.platform or self._platform_of(visit.source) or "")
        visit.read_at = visit.read_at or (known.read_at if known else None)

    def _platform_of(self, source: Source) -> str | None:
        site = self._store.site(source.name) if self._store else None
        return site.platform if site else None


def _own_feed(platform: Platform, named: str | None, source: Source) -> str | None:
    """Return the feed of the source alone: the one its front page names, or where its platform has it."""
    known = filter(None, (named, platform.feed_of(source.url)))
    return next((url for url in known if _covers_only(url, source) or platform.owns(url, source.url)), None)


def _inside(found: Iterable[Found], source: Source) -> Iterator[Found]:
    inside = hosts_of(source.url)
    return iter(found) if not source.has_pages else (post for post in found if urlsplit(post.url).hostname in inside)


def _is_post_url(platform: str | None, source: Source) -> Callable[[str], bool] | None:
    if source.listing.address:
        return compiled(source.listing.address).matches
    known = load_platforms().get(platform or "")
    return known.is_post_url if known else None


def _covers_only(document: str, source: Source) -> bool:
    """Whether a feed or sitemap is of the source's own part of its site: a category must not bring the whole blog."""
    part = urlsplit(source.url).path.rstrip("/") if source.has_pages else ""
    return urlsplit(document).hostname in hosts_of(source.url) and urlsplit(document).path.startswith(part + "/")
