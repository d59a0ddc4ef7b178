"""Posts into the store, some at a time, and what came of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from crawler.imports import Imported

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.imports import Intake
    from pipelines.site import Site
    from pipelines.store import Saved

T = TypeVar("T")
_BATCH = 50  # posts
_SIZE = 8 * 2**20  # characters of them
_REFUSED = {
    "twice": "the post was taken from an earlier line already",
    "another": "its guid is another post's, and a guid never changes its owner",
}
# Sentences about what can't be taken, before "and N more": of an export, and of what is none at all.
_TOLD, _TOLD_OF_NOTHING = 100, 5
_OLDER = "{}: {} edited here after the export, and left as they are"


class Shelving(Generic[T]):
    """One import's posts on their way into the store."""

    def __init__(self, intake: Intake, save: Callable[[Sequence[T]], Sequence[Saved]]) -> None:
        self._intake, self._save = intake, save
        self._batch: list[tuple[str, T]] = []
        self._size = 0
        self._older = Counter[str]()
        self._done = Imported()
        self._refused = 0

    def take(self, where: str, post: T, size: int) -> None:
        """Store a post, at once or along with those that follow.

        Args:
            where: where it stands, to begin a sentence with.
            post: what is to be saved.
            size: of its body, in characters.
        """
        self._batch.append((where, post))
        self._size += size
        if len(self._batch) == _BATCH or self._size > _SIZE:
            self._flush()

    def refuse(self, where: str, why: Exception | str) -> None:
        """Note that what stands *where* is no post."""
        self._refused += 1
        if self._refused <= _TOLD:
            self._done.failures.append(f"{where}: {why}")

    def done(self, site_of: Callable[[str], Site]) -> Imported:
        """Store the rest, and return what all came to.

        Args:
            site_of: says what a source is called that the store does not know: without that, no feed is made of it.
        """
        self._flush()
        for name in self._done.counts:
            if self._intake.store.site(name) is None:
                self._intake.store.save_site(site_of(name))
        told = self._done.failures[: _TOLD if self._done.counts else _TOLD_OF_NOTHING]
        if more := self._refused - len(told):
            told.append(f"and {more} more that can't be taken")
        self._done.failures = told
        self._done.told = [_OLDER.format(name, count) for name, count in sorted(self._older.items())]
        self._done.without_file = tuple(sorted(self._done.counts.keys() - self._intake.loaded.names))
        return self._done

    def _flush(self) -> None:
        saved = self._save([post for _, post in self._batch])
        for (where, _), each in zip(self._batch, saved, strict=True):
            if each.outcome in _REFUSED:
                self.refuse(where, _REFUSED[each.outcome])
                continue
            if each.outcome == "older":
                self._older[each.source] += 1
            outcome = "unchanged" if each.outcome == "older" else each.outcome
            self._done.counts.setdefault(each.source, Counter())[outcome] += 1
        self._batch, self._size = [], 0
