"""One whole life of a feed, as each reader counts it: what is new, what changed, what it never notices."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from feeds_fixtures import START, Served, Shelf, feed, post, posts, served
from reader_clients import newsboat, node_polls, reader_of

from feeds.build import build
from feeds.publish import Published

SHOWN = 30
"""Entries of the document that is subscribed to; 60 posts are written, so that there is an archive."""

Counts = tuple[int, ...] | None
Poll = Callable[[], Counts]


class Life:
    """A blog of 60 posts whose feed is published in a served folder, and what happens to it."""

    def __init__(self, site: Served, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.shelf = Shelf(posts(60)[::-1])
        self.publish()

    def publish(self) -> Published:
        return build(self.shelf, [feed(base_url=self.site.url, limit=SHOWN)], self.folder, "모음")  # type: ignore[arg-type]

    def _change(self, numbers: Sequence[int], **values: Any) -> None:
        for number in numbers:
            (place,) = (n for n, each in enumerate(self.shelf.kept) if each.guid.endswith(f":{number}"))
            self.shelf.kept[place] = replace(self.shelf.kept[place], **values)

    def nothing(self) -> None:
        assert self.publish().written == ()

    def a_new_post(self) -> None:
        self.shelf.kept.append(post(61))
        self.publish()

    def an_edit(self) -> None:
        self._change([50], content_html="<p>고쳐 썼다.</p>", updated=START + timedelta(days=9))
        self.publish()

    def a_deletion(self) -> None:
        self.shelf.kept = [each for each in self.shelf.kept if not each.guid.endswith(":55")]
        self.publish()

    def a_moved_slug(self) -> None:
        self._change([58], url="https://bori.example.org/entry/moved")
        self.publish()

    def a_flood(self) -> None:
        self._change(range(32, 53), content_html="<p>광고가 붙었다.</p>", updated=START + timedelta(days=12))
        done = self.publish()
        assert [held.why for held in done.held] == ["21 changed entries at once (bori)"]
        assert done.written == ()

    def its_acceptance(self) -> None:
        shelf = self.shelf.publications
        waiting, shown = shelf.all()["bori"], shelf.shown(["bori"])["bori"]
        guids = [entry[0] for entry in waiting.held["entries"]]  # type: ignore[index]
        shelf.put([replace(waiting, shown=shown, held={"accepted": guids})])
        self.publish()


STEPS = (Life.nothing, Life.a_new_post, Life.an_edit, Life.a_deletion, Life.a_moved_slug, Life.a_flood,
         Life.its_acceptance)  # fmt: skip


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    folder = tmp_path / "out"
    folder.mkdir()
    with served(folder) as site:
        yield Life(site, folder)


# --- the readers


@contextmanager
def lemon24(url: str, _home: Path) -> Iterator[Poll]:
    """New, modified and unmodified entries, as the reader itself counts."""
    yield reader_of(url)[1]


@contextmanager
def newsboat_reader(url: str, home: Path) -> Iterator[Poll]:
    """Unread items, and those whose text or address differs from the last reload's."""
    reload, last = newsboat(home, url), dict[str, tuple[str, ...]]()
    reload()  # it keeps validators from its second reload on

    def poll() -> Counts:
        rows = reload()
        items = {item["guid"]: (item["title"], item["url"], item["content"]) for item in rows}
        changed = sum(last.get(guid, item) != item for guid, item in items.items())
        last.update(items)
        return sum(row["unread"] for row in rows), changed

    yield poll


class Client:
    """A program of the simplest kind: entries that it doesn't know are new, those that differ changed, some gone."""

    def __init__(self, ask: Callable[[str, str], tuple[int, str, list[tuple[str, str]]]], url: str) -> None:
        self._ask, self._url = ask, url
        self._etag, self._known, self._last = "", set[str](), dict[str, str]()

    def __call__(self) -> Counts:
        status, etag, entries = self._ask(self._url, self._etag)
        if status == 304:
            return None
        now = dict(entries)
        assert len(now) == len(entries)
        changed = [name for name in now.keys() & self._last.keys() if now[name] != self._last[name]]
        counts = len(now.keys() - self._known), len(changed), len(self._last.keys() - now.keys())
        self._etag, self._known, self._last = etag, self._known | now.keys(), now
        return counts


@contextmanager
def with_feedparser(url: str, _home: Path) -> Iterator[Poll]:
    import feedparser

    def ask(url: str, etag: str) -> tuple[int, str, list[tuple[str, str]]]:
        found = feedparser.parse(url, etag=etag or None)
        assert not found.bozo
        return found.status, found.get("etag", ""), [(e.id, json.dumps(e, default=str)) for e in found.entries]

    yield Client(ask, url)


@contextmanager
def with_npm(parser: str, url: str) -> Iterator[Poll]:
    def entries(found: dict[str, Any] | None) -> list[dict[str, Any]]:
        listed = (found or {}).get("feed", found or {})
        return listed.get("items") or listed.get("entries") or []

    def name(entry: dict[str, Any]) -> str:
        guid = entry.get("guid") or entry["id"]
        return guid["value"] if isinstance(guid, dict) else guid

    with node_polls(parser) as poll:

        def ask(url: str, etag: str) -> tuple[int, str, list[tuple[str, str]]]:
            told = poll(url, etag)
            return told["status"], told["etag"], [(name(e), json.dumps(e)) for e in entries(told["found"])]

        yield Client(ask, url)


def feedsmith(url: str, _home: Path) -> Any:
    return with_npm("feedsmith", url)


def rss_parser(url: str, _home: Path) -> Any:
    return with_npm("rss-parser", url)


READERS = [
    *((lemon24, suffix) for suffix in ("rss", "atom", "json")),
    *((with_feedparser, suffix) for suffix in ("rss", "atom")),
    *((newsboat_reader, suffix) for suffix in ("rss", "atom")),
    *((feedsmith, suffix) for suffix in ("rss", "atom", "json")),
    *((rss_parser, suffix) for suffix in ("rss", "atom")),
]


NEW_AND_MODIFIED = [(30, 0, 0), None, (1, 0, 29), (0, 1, 29), (0, 0, 29), (0, 1, 28), None, (0, 21, 8)]
# One falls out of the document when one is new, and none comes back into it when one is deleted.
NEW_CHANGED_GONE = [(30, 0, 0), None, (1, 0, 1), (0, 1, 0), (0, 0, 1), (0, 1, 0), None, (0, 21, 0)]
# It keeps what it has, and shows nothing as unread that it showed before.
UNREAD_AND_CHANGED = [(30, 0), (30, 0), (31, 0), (31, 1), (31, 0), (31, 1), (31, 0), (31, 21)]
ANSWERS = [200, 304, 200, 200, 200, 200, 304, 200]


@pytest.mark.readers
@pytest.mark.parametrize(("reader", "suffix"), READERS, ids=[f"{r.__name__}-{s}" for r, s in READERS])
def test_a_life(life: Life, tmp_path: Path, reader: Any, suffix: str) -> None:
    with reader(life.site.url + f"bori.{suffix}", tmp_path / "home") as poll:
        counted = [poll()]
        for step in STEPS:
            step(life)
            counted.append(poll())
    expected = {lemon24: NEW_AND_MODIFIED, newsboat_reader: UNREAD_AND_CHANGED}.get(reader, NEW_CHANGED_GONE)
    assert counted == expected
    answers = [status for _, status in life.site.answers]
    assert answers == [*([200] if reader is newsboat_reader else []), *ANSWERS]


# --- back to the first post, where a client can


def _after_a_life(life: Life) -> set[str]:
    for step in STEPS:
        step(life)
    return {f"tag:bori.example.org,2026:{number}" for number in range(1, 62) if number != 55}


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_follows_the_archive_to_the_first_post(life: Life, suffix: str) -> None:
    import feedparser

    written = _after_a_life(life)
    url, read = life.site.url + f"bori.{suffix}", set[str]()
    while url:
        found = feedparser.parse(url)
        assert (found.status, found.bozo) == (200, False)
        read |= {entry.id for entry in found.entries}
        url = next((link.href for link in found.feed.links if link.rel == "prev-archive"), "")
    assert read == written
    assert life.site.answers == [(f"/bori.{suffix}", 200), (f"/bori.page-1.{suffix}", 200)]


@pytest.mark.readers
def test_feedsmith_follows_the_archive_to_the_first_post(life: Life) -> None:
    written, read, addresses = _after_a_life(life), set[str](), {}
    url = life.site.url + "bori.json"
    with node_polls("feedsmith") as poll:
        while url:
            found = poll(url, "")["found"]["feed"]
            read |= {item["id"] for item in found["items"]}
            addresses |= {item["id"]: item["url"] for item in found["items"]}
            url = found.get("next_url", "")
    assert read == written
    assert addresses["tag:bori.example.org,2026:58"] == "https://bori.example.org/entry/moved"
