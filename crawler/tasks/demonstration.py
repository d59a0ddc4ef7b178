"""The whole way once: a workspace, a blog on this machine, a crawl, and the published feeds."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.catalogue import publish
from crawler.demo import DemoBlog
from crawler.lock import writing
from crawler.run import Crawled, crawl
from crawler.source import Loaded, load_sources
from crawler.tasks.scaffold import ScaffoldError, make_workspace
from crawler.workspace import Workspace, load_workspace
from pipelines.store import Store

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "demo"
# Always the same address where it is free, so that links of an earlier demo stay the same.
_PORT = 8471
_CONFIG = """\
title = "moafeed demo"
base_url = "http://127.0.0.1:8000/"

[feeds.all]
title = "All my blogs"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Demonstration:
    """What the demo left behind."""

    workspace: Workspace
    """Its folder."""
    loaded: Loaded
    """Its sources."""
    crawled: Crawled
    """What the crawl of the demo blog came to."""
    posts: int
    """How many posts are stored."""


def demonstrate(folder: Path) -> Demonstration:
    """Make a workspace in *folder* (or use the one an earlier demo made), crawl the demo blog into it, publish.

    Raises:
        ScaffoldError: *folder* is something else, or can't be written.
    """
    source_file = folder / "sources" / f"{_NAME}.toml"
    if not source_file.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise ScaffoldError(f"{folder} is there already and no demo; name another folder: moafeed demo DIR")
        make_workspace(folder, _CONFIG)
    workspace = load_workspace(folder)
    with writing(workspace), _blog() as blog:
        try:
            source_file.write_text(f'url = "{blog.url}/"\nplatform = "tistory"\n', encoding="utf-8")
        except OSError as error:
            raise ScaffoldError(f"{source_file} can't be written: {error.strerror}") from error
        loaded = load_sources(workspace.sources_folder)
        crawled = crawl(workspace, [s for s in loaded.sources if s.name == _NAME])
        publish(workspace, loaded)
    with Store.open(workspace.store_url) as store:
        count = store.counts().get(_NAME, 0)
    return Demonstration(workspace=workspace, loaded=loaded, crawled=crawled, posts=count)


def _blog() -> DemoBlog:
    """The demo blog on its own port, or on any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", _PORT))
        except OSError:
            return DemoBlog()
    return DemoBlog(port=_PORT)
