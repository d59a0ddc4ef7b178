"""Posts into the store, some at a time, and what came of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crawler.imports import Imported

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.imports import Intake
    from pipelines.post import Post
    from pipelines.site import Site

_BATCH = 50


class Shelving:
    """One import's posts on their way into the store."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._batch: list[Post] = []
        self._done = Imported()

    def take(self, post: Post) -> None:
        """Store a post, at once or along with those that follow."""
        self._batch.append(post)
        if len(self._batch) == _BATCH:
            self._save()

    def refuse(self, where: str, why: Exception) -> None:
        """Note that what stands *where* is no post."""
        self._done.failures.append(f"{where}: {why}")

    def done(self, site_of: Callable[[str], Site]) -> Imported:
        """Store the rest, and return what all came to.

        Args:
            site_of: says what a source is called that the store does not know: without that, no feed is made of it.
        """
        self._save()
        for name in self._done.counts:
            if self._intake.store.site(name) is None:
                self._intake.store.save_site(site_of(name))
        self._done.without_file = tuple(sorted(self._done.counts.keys() - self._intake.loaded.names))
        return self._done

    def _save(self) -> None:
        for saved in self._intake.store.save(self._batch, hold=False):
            self._done.counts.setdefault(saved.source, Counter())[saved.outcome] += 1
        self._batch = []
