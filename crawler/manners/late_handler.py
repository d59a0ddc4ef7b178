"""Scrapy's own handler of HTTP, loaded when it has something to send: a poll of quiet blogs has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
    from scrapy.crawler import Crawler


class LateHandler:
    """Becomes Scrapy's handler at the first request; the modules behind that are a sixth of a poll's start-up."""

    lazy = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HTTP11DownloadHandler:
        """Return Scrapy's handler."""
        from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler  # noqa: PLC0415  # dear to load

        return HTTP11DownloadHandler.from_crawler(crawler)
