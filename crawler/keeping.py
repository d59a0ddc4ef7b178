"""Which posts a source file wants kept at all."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.source import Source
    from crawler.source_keys import ChoiceKeys
    from pipelines.post import RawPost
    from pipelines.store import Address

_CHOICE = "choice"  # among the marks of a post


def address_left_out(source: Source, url: str) -> str | None:
    """Return why a post that is named as *url* is not kept, whatever its page says; None where it may be."""
    return _why(_by_address(source.exclude, url), _by_address(source.include, url))


def is_excluded(source: Source, url: str) -> bool:
    """Tell whether a post is not kept that is known by *url*, which may be another view of it than lists name."""
    return any(is_met for _, is_met in _by_address(source.exclude, url))


def left_out(source: Source, raw: RawPost) -> str | None:
    """Return why a post is not kept, to end a sentence that begins with its address; None where it is."""
    own = raw.url or raw.page_url
    views = (own, raw.page_url, *raw.addresses)  # lists may have named any of them
    excluded = (*_by_address(source.exclude, own), *_by_words(source.exclude, raw))
    return _why(excluded, (*_by_address(source.include, *views), *_by_words(source.include, raw)))


def left_out_by(source: Source, post: Address) -> Address:
    """Return the record of a post that is left out, with what its source file said then."""
    return replace(post, marks={**post.marks, _CHOICE: _choice(source)})


def may_be_kept_now(source: Source, post: Address) -> bool:
    """Tell whether a post was left out by what its source file said before it was changed."""
    return _CHOICE in post.marks and "the source file's" in (post.outcome or "") and (
        post.marks[_CHOICE] != _choice(source)
    )


def _choice(source: Source) -> str:
    said = repr((source.include, source.exclude))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _why(excluded: Iterable[tuple[str, bool]], included: Iterable[tuple[str, bool]]) -> str | None:
    named = next((name for name, is_met in excluded if is_met), None)
    if named is not None:
        return f"is left out by the source file's exclude.{named}"
    missed = next((name for name, is_met in included if not is_met), None)
    return f"is not among the source file's include.{missed}" if missed is not None else None


def _by_address(choice: ChoiceKeys, *urls: str) -> Iterator[tuple[str, bool]]:
    if choice.address:
        yield "address", any(map(compiled(choice.address).matches, urls))


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
