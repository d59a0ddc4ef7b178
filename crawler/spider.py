"""BlogSpider: from what a blog says about its posts to the posts, for any platform and any number of sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from w3lib.encoding import http_content_type_encoding

from crawler.account import Account
from crawler.asking import told
from crawler.documents import Limits
from crawler.failures import reason_of, status_of
from crawler.keeping import left_out
from crawler.manners.conditional import NOT_MODIFIED
from crawler.manners.downloader import StoppedError
from crawler.manners.politeness import download_slots, user_agent
from crawler.marks import settled
from crawler.page import PageKind
from crawler.page_kind import NEVER_POSTS
from crawler.parts import Whole
from crawler.platforms import load_platforms
from crawler.reading import entry_post, platform_of, raw_post
from crawler.selected import post_page
from crawler.starting import StartingSpider
from crawler.visit import Visit
from pipelines.identity import aliases
from pipelines.post import Post, RawPost
from pipelines.store import Address, Host, RawPage, Read, Store
from pipelines.store.departures import GONE
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.discovery import Found
    from crawler.document import Document
    from crawler.platforms import Platform
    from crawler.source import Source
    from crawler.workspace import Workspace


def now() -> datetime:
    """Return the time of a fetch, UTC, whole seconds: the one clock that content ever sees."""
    return datetime.now(UTC).replace(microsecond=0)


class BlogSpider(StartingSpider):
    """Visits each source: its feed, else its front page, names posts; a post's own page is what is kept."""

    name = "moafeed"
    workspace: Workspace
    sources: tuple[Source, ...] = ()

    def __init__(
        self, *, limits: Limits, store: Store | None = None, clock: Callable[[], datetime] = now,
        moments: Mapping[str, datetime] | None = None, **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._clock, self._store, self._moments = clock, store, moments or {}
        memory = store.memory if store else None
        names = [source.name for source in self.sources]
        documents = memory.documents(names) if memory else {}
        polls = memory.polls() if memory else {}
        self.hosts: dict[str, Host] = memory.hosts() if memory else {}
        self._hosts_before = dict(self.hosts)
        self._left = memory.waiting(names) if memory else {}
        self._limits, self._begun = limits, clock()
        self.visits = {
            source.name: Visit(
                source, Account(source=source.name, home=source.url), limits, now=self._begun, memory=memory,
                documents=documents.get(source.name), poll=polls.get(source.name),
            )
            for source in self.sources
        }  # fmt: skip
        self._tries: dict[str, int] = {}

    def changed_hosts(self) -> list[Host]:
        """Return what servers said in this crawl of their rules and their rest."""
        return [host for site, host in self.hosts.items() if self._hosts_before.get(site) != host]

    @property
    def now(self) -> datetime:
        """The moment this crawl is in: aware, UTC."""
        return self._clock()

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
        kwargs["moments"] = {name: datetime.fromisoformat(at) for name, at in settings["MOAFEED_CLOCKS"].items()}
        limits = Limits(
            posts=settings.getint("MOAFEED_POSTS"), recheck=settings.getint("MOAFEED_RECHECK"),
            everything=settings.getbool("MOAFEED_ALL"),
            since=date.fromisoformat(day) if (day := settings["MOAFEED_SINCE"]) else None,
        )
        store = Store.open(settings["MOAFEED_STORE"]) if settings["MOAFEED_STORE"] else None
        spider = super().from_crawler(crawler, *args, limits=limits, store=store, **kwargs)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        crawler.signals.connect(spider.broke, signals.item_error)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        return spider

    # --- posts -------------------------------------------------------------------------------------------------------

    def parse_post(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """One post's page."""
        visit.account.ended += 1
        if response.status == NOT_MODIFIED:
            visit.account.unmodified += 1
            yield Read(address=visit.done(address, response.status))
        elif document := self._arrived(response, visit, address):
            yield from self._post(document, response, visit, address)
        else:
            yield Read(address=visit.put_off(address, response.status))
        yield from self._next_number(visit)

    def _post(self, document: Document, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        _, platform = platform_of(document, visit.source)
        account, asked = visit.account, _asked(response.request)
        page = post_page(document, platform, visit.source, visit.listed(address))
        match page.kind:
            case PageKind.POST if (url := page.part(2, document.url)) is not None:
                yield self._ask_part(url, visit, address, (response,))
            case PageKind.POST:
                header = (response.headers.get("Content-Type") or b"").decode("latin-1")
                encoding = http_content_type_encoding(header)
                whole = Whole(page=page, platform=platform, body=response.body, encoding=encoding)
                yield from self._kept(whole, response, visit, address)
            case PageKind.LISTING:
                account.fail(document.url, page.kind.instead)
                yield Read(address=visit.put_off(address, response.status))
            case _ if same_page_key(document.url) != same_page_key(asked):
                account.fail(asked, f"leads to {document.url}, which {page.kind.instead}")
                yield Read(address=visit.put_off(address, response.status))
            case kind if kind in NEVER_POSTS:
                account.skip(document.url, kind.instead)
                yield Read(address=visit.done(address, response.status, outcome=kind.instead))
            case kind:
                account.skip(document.url, kind.instead, unreadable=not address.tries)
                yield visit.unreadable(address, response.status, kind.instead)

    def _kept(self, whole: Whole, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        fetched = self._fetched(visit)
        zone, lasting = self.workspace.config.defaults.zone, visit.account.lasting
        raw = raw_post(whole.page, whole.platform, visit.source, zone=zone, fetched=fetched, lasting=lasting)
        body = whole.body if self.workspace.config.raw.keep else b""
        page = RawPage(url=response.url, fetched=fetched, encoding=whole.encoding, body=body)
        yield from self._wanted(raw, page, visit, told(address, response), response.status)

    def _wanted(self, raw: RawPost, page: RawPage, visit: Visit, address: Address, status: int) -> Iterator[Any]:
        """One post, unless its source file leaves it out."""
        if why := left_out(visit.source, raw):
            visit.account.skip(page.url, why)
            yield Read(address=visit.left_out(address, status, why))
            return
        visit.account.read += 1
        visit.walk.met.update(aliases(raw, raw.url or raw.page_url))
        self._tries[page.url] = address.tries
        yield Read(address=visit.done(address, status), page=page, tries=address.tries)
        yield raw

    def _fetched(self, visit: Visit) -> datetime:
        """When what just came was fetched."""
        return self._moments.get(visit.source.name) or self._clock()

    def _settled(self, found: Found, platform: Platform, visit: Visit) -> Found:
        """One post as a list names it."""
        zone = visit.source.zone or platform.zone or self.workspace.config.defaults.zone
        return settled(found, zone, self._fetched(visit)) if found.listed else found

    def _entry(self, found: Found, visit: Visit, address: Address) -> Iterator[Any]:
        """One post as its blog's feed holds it."""
        fetched = self._fetched(visit)
        platform = load_platforms().get(visit.source.platform or self._platform_of(visit.source) or "generic")
        page = RawPage(url=found.url, fetched=fetched, encoding=None, body=b"")  # the feed is no page of the post
        zone = (platform.zone if platform else None) or self.workspace.config.defaults.zone
        raw = entry_post(found, visit.source, zone=zone, fetched=fetched, lasting=visit.account.lasting)
        yield from self._wanted(raw, page, visit, address, HTTPStatus.OK)

    # --- asking ------------------------------------------------------------------------------------------------------

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Whatever kept a request from its callback."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        visit: Visit = request.cb_kwargs["visit"]
        address: Address = request.cb_kwargs["address"]
        account, status = visit.account, status_of(failure)
        if isinstance(failure.value, StoppedError):
            account.ended += 1
            account.left += 1
            return
        if address.kind == "post":
            account.ended += 1
            if status in GONE:
                is_known = address.guid is not None  # else it may only be late: a list names it
                account.skip(_asked(request), PageKind.GONE.instead, unreadable=not (is_known or address.tries))
                gone = PageKind.GONE.instead
                left = Read(address=visit.done(address, status, outcome=gone))
                yield left if is_known else visit.unreadable(address, status, gone)
            else:
                account.fail(_asked(request), reason_of(failure))
                yield Read(address=visit.put_off(address, status))
            yield from self._next_number(visit)
            return
        visit.document_ended()
        if address.kind == "feed" and status in GONE:
            yield from self._no_feed(visit, address, status, reason_of(failure))
        else:
            if not request.meta.get("optional"):
                account.fail(_asked(request), reason_of(failure))
            yield visit.failed(address, status or None)
        yield from self._released(visit)

    def dropped(self, item: Any, exception: Exception) -> None:
        """A page that held nothing to keep."""
        account = self.visits[item.source].account
        account.read -= 1
        account.skip(item.page_url, str(exception), unreadable=not self._tries.get(item.page_url))

    def broke(self, item: Any, failure: Failure) -> None:
        """A bug in a pipeline."""
        source = getattr(item, "source", None) or item.address.source
        account = self.visits[source].account
        account.read -= isinstance(item, RawPost | Post)
        account.fail(getattr(item, "page_url", source), f"internal error: {failure.value!r}")

    def stumbled(self, failure: Failure, response: Response) -> None:
        """A bug in a callback."""
        visit = response.request.cb_kwargs["visit"] if response.request else next(iter(self.visits.values()))
        visit.account.fail(response.url, f"internal error: {failure.value!r}")

    def closed(self, reason: str) -> None:  # noqa: ARG002  # Scrapy's signature
        """Leave the store to whoever closes the books."""
        if self._store:
            self._store.close()


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
