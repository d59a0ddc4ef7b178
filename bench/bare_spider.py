"""A bare Scrapy spider that asks each feed with what it gave last time: what the engine alone costs a poll.

`python -m bench.bare_spider URLS STATE`: the addresses one a line, and the file that keeps validators and hashes.
"""

from __future__ import annotations

import json
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response

# As cheap as Scrapy gets by its settings alone; one request a host at a time, as politeness wants.
TRIMMED = {
    "CONCURRENT_ITEMS": 4,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0.02,
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "REFERER_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None},
    "DOWNLOAD_MAXSIZE": 10 << 20,
    "DOWNLOAD_WARNSIZE": 2 << 20,
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "REDIRECT_MAX_TIMES": 5,
    "LOG_LEVEL": "ERROR",
    "STATS_DUMP": False,
    "AUTOTHROTTLE_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
}


class BareSpider(Spider):
    """One conditional GET for each address, and nothing made of the answer but its hash."""

    name = "bare"
    custom_settings: Any = TRIMMED
    state: dict[str, dict[str, str]]
    urls: list[str]

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            known = self.state.get(url, {})
            headers = {name: known[key] for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
                       if known.get(key)}
            yield Request(url, headers=headers, dont_filter=True, meta={"handle_httpstatus_list": [304]})

    def parse(self, response: Response, **_: Any) -> None:
        if response.status == 304:
            return
        self.state[response.request.url] = {
            "etag": (response.headers.get("ETag") or b"").decode(),
            "modified": (response.headers.get("Last-Modified") or b"").decode(),
            "hash": blake2b(response.body).hexdigest(),
        }


def main(urls: str, state: str) -> None:
    kept = json.loads(Path(state).read_text(encoding="utf-8")) if Path(state).exists() else {}
    spider = type("BareSpider", (BareSpider,), {"urls": Path(urls).read_text(encoding="utf-8").split(), "state": kept})
    process = AsyncCrawlerProcess(TRIMMED)
    process.crawl(spider)
    process.start()
    Path(state).write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
