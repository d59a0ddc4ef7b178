"""Kept pages: what comes back is what was answered, damage harms nobody, and the store does not grow for ever."""

from __future__ import annotations

import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from pipelines.post import Post
from pipelines.store import Address, Body, RawPage, Read, Store, tables
from pipelines.store.raw_pages import LARGEST, DamagedPageError, packed, unpacked

NOON = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
PAGE = "<html><body>본문의 한 문장이다.</body></html>".encode() * 50


def kept(body: bytes = PAGE) -> Body:
    return packed("dal", "at:dal.tistory.com/1", "https://dal.tistory.com/1", NOON, "utf-8", body)


# --- packing ---------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=2000))
def test_a_page_comes_back_as_it_was_answered(page: bytes) -> None:
    assert unpacked(kept(page)) == page


def test_a_page_is_kept_small() -> None:
    assert len(kept().body) < len(PAGE) / 10
    assert kept().size == len(PAGE)


def test_every_damage_is_noticed_or_does_no_harm() -> None:
    whole = kept()
    for place in range(len(whole.body)):
        for bit in range(8):
            damaged = bytearray(whole.body)
            damaged[place] ^= 1 << bit
            assert _unless_noticed(replace(whole, body=bytes(damaged))) == PAGE
        assert _unless_noticed(replace(whole, body=whole.body[:place])) == PAGE


@given(st.binary(max_size=300), st.integers(min_value=-1, max_value=2**40))
def test_no_bytes_break_it(body: bytes, size: int) -> None:
    _unless_noticed(replace(kept(), body=body, size=size))


def _unless_noticed(body: Body) -> bytes:
    try:
        return unpacked(body)
    except DamagedPageError:
        return PAGE


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A few kB that would become 256 MB."""
    small = zstandard.ZstdCompressor(level=6).compressobj()
    return b"".join(small.compress(bytes(2**20)) for _ in range(256)) + small.flush()


@pytest.mark.parametrize("size", [100, LARGEST, LARGEST + 1, 2**40])
def test_a_bomb_does_not_go_off(size: int, bomb: bytes) -> None:
    """Whatever its row claims of it."""
    assert len(bomb) < 2**15
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DamagedPageError):
        unpacked(replace(kept(), body=bomb, size=size))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 2**10  # kB


# --- keeping ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(store_url: str):
    with Store.open(store_url) as opened:
        yield opened


def post(number: int) -> Post:
    url = f"dal.tistory.com/{number}"
    return Post(
        source="dal", guid=f"tag:dal.tistory.com,2026:/{number}", url=f"https://{url}", title=f"글 {number}",
        content_html="<p>본문</p>", published=NOON + timedelta(days=number), first_seen=NOON, digest=f"d{number}",
        aliases=(f"at:{url}", f"at:{url}/m"),
    )


def put(store: Store, *numbers: int, at: str = "", body: bytes = PAGE, days: int = 0) -> None:
    """Store each post with the page it was read from."""
    posts = [post(number) for number in numbers]
    said = [
        Read(
            address=Address(source="dal", key=p.aliases[0] + at, url=p.url + at, kind="post"),
            page=RawPage(url=p.url + at, fetched=NOON + timedelta(days=days), encoding=None, body=body),
        )
        for p in posts
    ]
    store.save(posts, said)


def keys(store: Store) -> list[str]:
    with store._engine.connect() as connection:
        return sorted(connection.execute(select(tables.bodies.c.key)).scalars())


def test_pages_come_with_their_posts_oldest_first(store: Store) -> None:
    put(store, *range(45, 0, -1))
    found = list(store.pages("dal"))
    assert [page.post and page.post.title for page in found] == [f"글 {number}" for number in range(1, 46)]
    assert {unpacked(page.body) for page in found} == {PAGE}
    assert not list(store.pages("hae"))


def test_of_a_post_with_two_addresses_the_page_read_last_counts(store: Store) -> None:
    put(store, 1, at="/m", body=b"new", days=3)
    put(store, 1, body=b"old")
    assert [unpacked(page.body) for page in store.pages("dal")] == [b"new"]


def test_a_page_knows_its_post_by_its_alias_too(store: Store) -> None:
    """As after an import, which knows nothing of addresses."""
    put(store, 1)
    with store._engine.execution_options(write=True).begin() as connection:
        connection.execute(tables.addresses.delete())
    (page,) = store.pages("dal")
    assert page.post
    assert page.post.guid == post(1).guid


def test_pages_may_be_replaced_while_they_are_read(store: Store) -> None:
    put(store, *range(1, 45))
    for page in store.pages("dal"):
        assert page.post
        store.replace([replace(page.post, title="neu", aliases=())])
    assert {p.title for p in store.newest(["dal"], 100)} == {"neu"}


# --- letting go ------------------------------------------------------------------------------------------------------


def test_within_bounds_nothing_goes(store: Store) -> None:
    put(store, 1, 2, 3)
    assert store.prune_pages("dal", most_bytes=10**6) == 0
    assert len(keys(store)) == 3


def test_pages_of_the_oldest_posts_go_first(store: Store) -> None:
    put(store, *range(1, 31))
    size = len(kept().body)
    assert store.prune_pages("dal", most_bytes=3 * size) == 27
    assert keys(store) == ["at:dal.tistory.com/28", "at:dal.tistory.com/29", "at:dal.tistory.com/30"]
    assert store.prune_pages("dal", most_bytes=3 * size) == 0
    assert len(store.newest(["dal"], 100)) == 30


def test_a_page_that_a_later_one_replaced_goes(store: Store) -> None:
    put(store, 1, 2)
    put(store, 1, at="/m", days=1)
    assert store.prune_pages("dal", most_bytes=10**6) == 1
    assert keys(store) == ["at:dal.tistory.com/1/m", "at:dal.tistory.com/2"]


def test_pages_that_are_too_old_go(store: Store) -> None:
    put(store, 1, 2, days=1)
    put(store, 3, days=9)
    assert store.prune_pages("dal", most_bytes=10**6, older_than=NOON + timedelta(days=5)) == 2
    assert keys(store) == ["at:dal.tistory.com/3"]


def test_pages_of_deleted_posts_stay_whatever_they_take(store: Store) -> None:
    put(store, 1, 2, 3)
    with store._engine.execution_options(write=True).begin() as connection:
        here = tables.posts.c.guid == post(1).guid
        connection.execute(update(tables.posts).where(here).values(deleted=NOON))
    assert store.prune_pages("dal", most_bytes=0, older_than=NOON + timedelta(days=99)) == 2
    assert keys(store) == ["at:dal.tistory.com/1"]


def test_other_sources_are_let_alone(store: Store) -> None:
    put(store, 1)
    assert store.prune_pages("hae", most_bytes=0) == 0
    assert len(keys(store)) == 1
