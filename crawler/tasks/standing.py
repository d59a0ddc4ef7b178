"""How the sources stand: what is stored of each, and what its last crawl came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.store import SourceResult, Store

if TYPE_CHECKING:
    from crawler.workspace import Workspace


def standing(workspace: Workspace) -> tuple[dict[str, int], dict[str, SourceResult]]:
    """Return the number of stored posts and the result of the last crawl, by source; nothing before the first crawl.

    Raises:
        StoreError: there is a store, and it can't be read.
    """
    if workspace.store_file is not None and not workspace.store_file.exists():
        return {}, {}  # to look is no reason to make one
    with Store.open(workspace.store_url) as store:
        return store.counts(), store.last_results()
