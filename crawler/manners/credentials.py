"""What a source file wants sent along: headers, cookies, a name, by a proxy; to the source's own server alone."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from scrapy.utils.httpobj import urlparse_cached

from crawler.manners.politeness import hosts_of, is_own_server
from crawler.secrets import SecretError, filled
from crawler.settings import secret

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.request_keys import RequestKeys
    from crawler.source import Source
    from crawler.spider import BlogSpider
    from crawler.visit import Visit

_SENT = "sent_along"


def lacking(source: Source) -> str | None:
    """Return why *source* can't be asked: a secret that its file names is not there; None where all are."""
    keys = source.request
    try:
        for value in (*keys.headers.values(), *keys.cookies.values(), keys.proxy or ""):
            filled(value, secret)
    except SecretError as error:
        return str(error)
    return None


class CredentialsMiddleware:
    """Puts on each request what its source's file says, and takes off what came along by a redirect.

    Scrapy's own cookies are off: what a site sets is forgotten, and nothing is ever sent but what the file says.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the crawler, whose spider knows the sources."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Dress *request*; one for a robots.txt goes the same way under the same name, and without secrets."""
        for name in request.meta.pop(_SENT, ()):
            request.headers.pop(name, None)
        request.meta.pop("proxy", None)
        source = self._source(request)
        if source is None or self._crawler.settings["MOAFEED_REPLAY"]:  # or nobody is asked
            return
        headers = self._named(source.request)
        if request.cb_kwargs.get("visit") and is_own_server(request.url, source.url):
            headers |= _headers(source.request)
        headers |= _by_proxy(request, source.request)
        for name, value in headers.items():
            request.headers[name] = value
        request.meta[_SENT] = tuple(headers)

    def _source(self, request: Request) -> Source | None:
        visit: Visit | None = request.cb_kwargs.get("visit")
        if visit is not None:
            return visit.source
        host, sources = urlparse_cached(request).hostname, cast("BlogSpider", self._crawler.spider).sources
        return next((source for source in sources if host in hosts_of(source.url)), None)

    def _named(self, keys: RequestKeys) -> dict[str, str]:
        if keys.user_agent is None:
            return {}
        contact = cast("BlogSpider", self._crawler.spider).workspace.config.contact
        hides = contact is not None and contact not in keys.user_agent
        return {"User-Agent": f"{keys.user_agent} ({contact})" if hides else keys.user_agent}


def _headers(keys: RequestKeys) -> dict[str, str]:
    headers = {name: filled(value, secret) for name, value in keys.headers.items()}
    if keys.cookies:
        headers["Cookie"] = "; ".join(f"{name}={filled(value, secret)}" for name, value in keys.cookies.items())
    return headers


def _by_proxy(request: Request, keys: RequestKeys) -> dict[str, str]:
    """Send *request* by the proxy; return the header by which the proxy knows who asks."""
    if keys.proxy is None:
        return {}
    parts = urlsplit(keys.proxy)
    request.meta["proxy"] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.username is None:
        return {}
    user, password = (filled(unquote(part or ""), secret) for part in (parts.username, parts.password))
    return {"Proxy-Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
