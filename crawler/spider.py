"""BlogSpider: from a source's front page and feed to its posts, for any platform and any number of sources."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals

from crawler.account import Account
from crawler.discovery import Found, feed_posts
from crawler.document import PageError
from crawler.failures import reason_of
from crawler.manners.politeness import download_slots, hosts_of, slot_of, user_agent
from crawler.page import PageKind
from crawler.reading import document_of, platform_of, raw_post
from pipelines.identity import address_alias
from pipelines.pictures import lasting_forms
from pipelines.post import Post, RawPost
from pipelines.site import Site
from pipelines.store import Store
from pipelines.urls import absolute, same_page_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.document import Document
    from crawler.listing import ListPage
    from crawler.source import Source
    from crawler.workspace import Workspace


# Left alone on purpose; any other kind in place of a post may be a new look of the blog that nobody can read.
_NEVER_POSTS = {PageKind.PROTECTED, PageKind.PRIVATE, PageKind.NOTICE}
_GONE = {404, 410}
_LONGEST_URL = 2000  # characters; Scrapy drops longer ones silently (URLLENGTH_LIMIT)


def now() -> datetime:
    """Return the time of a fetch, UTC, whole seconds: the one clock that content ever sees."""
    return datetime.now(UTC).replace(microsecond=0)


class BlogSpider(Spider):
    """Walks each source: its front page and its feed name posts, a post's own page is what is kept."""

    name = "moafeed"
    workspace: Workspace
    sources: tuple[Source, ...] = ()

    def __init__(
        self, *, posts: int, recheck: int, known: Mapping[str, frozenset[str]], quick: Iterable[str] = (),
        clock: Callable[[], datetime] = now, **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.accounts = {s.name: Account(source=s.name, home=s.url) for s in self.sources}
        self._posts, self._recheck, self._clock, self._known = posts, recheck, clock, known
        self._quick = frozenset(quick)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Settings that come from the workspace; the command line may override them."""
        super().update_settings(settings)
        ours = {
            "USER_AGENT": user_agent(cls.workspace.config.contact),
            "DOWNLOAD_SLOTS": download_slots(cls.sources),
            "MOAFEED_STORE": cls.workspace.store_url,
        }
        for name, value in ours.items():
            settings.set(name, value, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Take limits and clock from the settings; a replayed site is read at the time it was recorded."""
        settings = crawler.settings
        if recorded := settings["MOAFEED_CLOCK"]:
            kwargs["clock"] = lambda: datetime.fromisoformat(recorded)
        limits = {"posts": settings.getint("MOAFEED_POSTS"), "recheck": settings.getint("MOAFEED_RECHECK")}
        known = _known(settings["MOAFEED_STORE"], cls.sources)
        quick = settings.getlist("MOAFEED_QUICK")
        spider = super().from_crawler(crawler, *args, **limits, known=known, quick=quick, **kwargs)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        crawler.signals.connect(spider.broke, signals.item_error)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every source's front page."""
        for source in self.sources:
            yield self._ask(source, source.url, self.parse_home)

    def parse_home(self, response: Response, source: Source) -> Iterator[Any]:
        """The front page: what the blog is, its newest posts, and where its feed is."""
        document = self._arrived(response, source)
        if document is None:
            return
        name, platform = platform_of(document, source)
        page, post = platform.list_page(document), platform.post_page(document)
        if post.kind in {PageKind.GONE, PageKind.RESTRICTED}:
            self.accounts[source.name].fail(response.url, post.kind.instead)
            return
        site = page.site
        yield Site(
            source=source.name, title=site.title or source.name, home=source.url, platform=name,
            description=site.description or "", language=source.language or site.language, icon=site.icon,
        )
        if post.kind == PageKind.POST and (not page.posts or urlsplit(response.url).path != "/"):
            self.accounts[source.name].posts += 1
            yield from self._post(document, source, asked=source.url)
            return
        yield from self._listed(page, response, source, number=1)
        feed = site.feed or (urljoin(source.url, platform.feed) if platform.feed else None)
        if feed and _covers_only(feed, source):
            yield self._ask(source, feed, self.parse_feed, optional=True)

    def parse_listing(self, response: Response, source: Source, number: int) -> Iterator[Any]:
        """A further listing page."""
        if document := self._arrived(response, source):
            _, platform = platform_of(document, source)
            yield from self._listed(platform.list_page(document), response, source, number)

    def parse_feed(self, response: Response, source: Source) -> Iterator[Request]:
        """The blog's own feed: it may name posts that the front page does not."""
        account = self.accounts[source.name]
        account.ended += 1
        account.lasting |= lasting_forms(response.body)
        inside = hosts_of(source.url)
        found = (f for f in feed_posts(response.body, response.url) if urlsplit(f.url).hostname in inside)
        yield from self._wanted(source, found)

    def parse_post(self, response: Response, source: Source) -> Iterator[Any]:
        """One post's page."""
        if document := self._arrived(response, source, optional=True):
            yield from self._post(document, source, asked=_asked(response.request))

    def failed(self, failure: Failure) -> None:
        """Whatever kept a request from its callback."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        account = self.accounts[request.cb_kwargs["source"].name]
        account.ended += 1
        if request.callback == self.parse_post and _status(failure) in _GONE:
            account.skip(_asked(request), PageKind.GONE.instead, unreadable=True)
        elif not request.meta.get("optional"):
            account.fail(_asked(request), reason_of(failure))

    def _ask(
        self, source: Source, url: str, callback: Callable[..., Any], *, optional: bool = False,
        priority: int = 0, **more: Any,
    ) -> Request:
        self.accounts[source.name].asked += 1
        # dont_filter: we ask each address once ourselves, and Scrapy's filter swallows a redirect to itself silently.
        return Request(
            url, callback=callback, errback=self.failed, cb_kwargs={"source": source, **more}, dont_filter=True,
            priority=priority, meta={"optional": optional, "download_slot": slot_of(source.host)},
        )

    def _arrived(self, response: Response, source: Source, *, optional: bool = False) -> Document | None:
        """The page; None, written down, where it can't be read: an *optional* one is left alone, others fail."""
        account = self.accounts[source.name]
        account.ended += 1
        if not response.body.strip():
            account.fail(response.url, "the answer is empty")
            return None
        account.lasting |= lasting_forms(response.body)
        try:
            return document_of(response)
        except PageError as error:
            if optional:
                account.skip(response.url, str(error), unreadable=True)
            else:
                account.fail(response.url, str(error))
            return None

    def _listed(self, page: ListPage, response: Response, source: Source, number: int) -> Iterator[Request]:
        asked = list(self._wanted(source, (Found(url=link.url) for link in page.posts)))
        yield from asked
        # Stopping at what is known is safe only where nothing was left behind by a failed page or a killed run.
        further = source.name not in self._quick or any(self._is_new(source, request.url) for request in asked)
        if page.next_page and further and number < source.pages and page.next_page != response.url:
            yield self._ask(source, page.next_page, self.parse_listing, number=number + 1)

    def _wanted(self, source: Source, found: Iterable[Found]) -> Iterator[Request]:
        """Requests for the posts to read: every unknown one, and the newest few known ones for edits."""
        account = self.accounts[source.name]
        for post in self._count(source, found):
            if not self._is_new(source, post.url, *post.addresses):
                if account.rechecked >= self._recheck:
                    continue
                account.rechecked += 1
            if account.posts <= self._posts:
                yield self._ask(source, post.url, self.parse_post, priority=-account.posts)

    def _count(self, source: Source, found: Iterable[Found]) -> Iterator[Found]:
        """Each post once, though a listing and a feed may name it by different addresses."""
        account = self.accounts[source.name]
        for post in found:
            if len(post.url) > _LONGEST_URL or absolute(post.url, post.url) is None:
                account.fail(post.url[:200], "is no address that can be asked for")
                continue
            names = {address_alias(url) for url in (post.url, *post.addresses)}
            if names.isdisjoint(account.found):
                account.posts += 1
                yield post
            account.found |= names

    def _is_new(self, source: Source, *urls: str) -> bool:
        known = self._known.get(source.name, frozenset())
        return known.isdisjoint(address_alias(url) for url in urls)

    def _post(self, document: Document, source: Source, *, asked: str) -> Iterator[Any]:
        _, platform = platform_of(document, source)
        page, account = platform.post_page(document), self.accounts[source.name]
        match page.kind:
            case PageKind.POST:
                account.read += 1
                zone = self.workspace.config.defaults.zone
                yield raw_post(page, platform, source, zone=zone, fetched=self._clock(), lasting=account.lasting)
            case PageKind.LISTING:
                account.fail(document.url, page.kind.instead)
            case _ if same_page_key(document.url) != same_page_key(asked):
                account.fail(asked, f"leads to {document.url}, which {page.kind.instead}")
            case _:
                account.skip(document.url, page.kind.instead, unreadable=page.kind not in _NEVER_POSTS)

    def dropped(self, item: Any, exception: Exception) -> None:
        """A page that held nothing to keep."""
        self.accounts[item.source].read -= 1
        self.accounts[item.source].skip(item.page_url, str(exception), unreadable=True)

    def broke(self, item: Any, failure: Failure) -> None:
        """A bug in a pipeline."""
        self.accounts[item.source].read -= isinstance(item, RawPost | Post)
        self.accounts[item.source].fail(getattr(item, "page_url", item.source), f"internal error: {failure.value!r}")

    def stumbled(self, failure: Failure, response: Response) -> None:
        """A bug in a callback."""
        source = response.request.cb_kwargs["source"] if response.request else self.sources[0]
        self.accounts[source.name].fail(response.url, f"internal error: {failure.value!r}")


def spider_for(workspace: Workspace, sources: tuple[Source, ...], name: str = BlogSpider.name) -> type[BlogSpider]:
    """Return a spider class over *sources*: one per source file for Scrapy, one over all of them for `update`."""
    settled = tuple(workspace.settle(source) for source in sources)
    return type("BlogSpider", (BlogSpider,), {"name": name, "workspace": workspace, "sources": settled})


def _asked(request: Request | None) -> str:
    """The address that a page named, which may have redirected since."""
    if request is None:
        return ""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return first


def _known(store_url: str, sources: Iterable[Source]) -> dict[str, frozenset[str]]:
    """The aliases of every stored post, by source; none where nothing is stored."""
    if not store_url:
        return {}
    with Store.open(store_url) as store:
        return {source.name: store.known(source.name) for source in sources}


def _status(failure: Failure) -> int:
    response = getattr(failure.value, "response", None)
    return getattr(response, "status", 0)


def _covers_only(feed: str, source: Source) -> bool:
    """Whether *feed* is of the source's own part of its site: a category's list must not bring the whole blog."""
    part = urlsplit(source.url).path.rstrip("/")
    return urlsplit(feed).hostname in hosts_of(source.url) and urlsplit(feed).path.startswith(part + "/")
