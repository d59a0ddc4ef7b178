"""One spider per source file: what `scrapy list` and `scrapy crawl NAME` see."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.utils.httpobj import urlparse_cached

from crawler.source import load_sources
from crawler.spider import spider_for
from crawler.workspace import NoWorkspaceError, find_workspace

if TYPE_CHECKING:
    import builtins
    from typing import Self

    from scrapy import Request
    from scrapy.settings import BaseSettings

    from crawler.spider import BlogSpider

logger = logging.getLogger(__name__)


class SourceLoader:
    """Scrapy's spider loader over `sources/*.toml`; a broken file is told and left out, the others stay usable."""

    def __init__(self, folder: Path) -> None:
        self._spiders: dict[str, type[BlogSpider]] = {}
        try:
            workspace = find_workspace(folder)
        except NoWorkspaceError:
            return  # outside a workspace there is nothing to list, but `scrapy version` works
        loaded = load_sources(workspace.sources_folder)
        for error in loaded.errors:
            logger.error("%s", error)
        self._spiders = {s.name: spider_for(workspace, (s,), s.name) for s in loaded.sources}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Look from the setting `MOAFEED_WORKSPACE`, else from the working directory upward."""
        return cls(Path(settings.get("MOAFEED_WORKSPACE") or Path.cwd()))

    def load(self, spider_name: str) -> type[BlogSpider]:
        """Return the spider of a source; KeyError where there is none."""
        try:
            return self._spiders[spider_name]
        except KeyError:
            raise KeyError(f"Spider not found: {spider_name}") from None

    def list(self) -> list[str]:
        """Return the names of all sources."""
        return sorted(self._spiders)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Return the sources whose blog is on the host of *request*."""
        host = urlparse_cached(request).hostname
        return [name for name in self.list() if self._spiders[name].sources[0].host == host]
