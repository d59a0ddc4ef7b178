"""Which posts a source file wants kept at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crawler.source import Source
    from crawler.source_keys import ChoiceKeys
    from pipelines.post import RawPost
    from pipelines.store import Address


def address_left_out(source: Source, url: str) -> str | None:
    """Return why a post at *url* is not kept, whatever its page says; None where it may be."""
    return _why(source, lambda choice: _by_address(choice, url))


def left_out(source: Source, raw: RawPost) -> str | None:
    """Return why a post is not kept, to end a sentence that begins with its address; None where it is."""
    return _why(source, lambda choice: (*_by_address(choice, raw.page_url), *_by_words(choice, raw)))


def may_be_kept_now(source: Source, post: Address) -> bool:
    """Tell whether a post was left out by what its source file said before it was changed."""
    if source.path is None or post.checked is None or "the source file's" not in (post.outcome or ""):
        return False
    return datetime.fromtimestamp(int(source.path.stat().st_mtime), UTC) > post.checked  # which has whole seconds


def _why(source: Source, asked: Callable[[ChoiceKeys], Iterable[tuple[str, bool]]]) -> str | None:
    named = next((name for name, is_met in asked(source.exclude) if is_met), None)
    if named is not None:
        return f"is left out by the source file's exclude.{named}"
    missed = next((name for name, is_met in asked(source.include) if not is_met), None)
    return f"is not among the source file's include.{missed}" if missed is not None else None


def _by_address(choice: ChoiceKeys, url: str) -> Iterator[tuple[str, bool]]:
    if choice.address:
        yield "address", compiled(choice.address).matches(url)


def _by_words(choice: ChoiceKeys, raw: RawPost) -> Iterator[tuple[str, bool]]:
    """Yield each key that has a value, and whether the post meets it."""
    if choice.title:
        yield "title", compiled(choice.title).matches(" ".join((raw.title or "").split()))
    if choice.tags:
        yield "tags", not {_plain(tag) for tag in choice.tags}.isdisjoint(map(_plain, raw.tags))
    if choice.categories:
        whole = tuple(map(_plain, raw.categories))
        wanted = [tuple(map(_plain, path.strip("/").split("/"))) for path in choice.categories]
        yield "categories", any(whole[: len(path)] == path for path in wanted)


def _plain(word: str) -> str:
    return " ".join(word.strip().lstrip("#").casefold().split())
