"""A real browser shows hostile posts as we publish them: nothing runs, and each of the two walls is enough alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from itertools import islice
from pathlib import Path

import feedparser
import pytest
from browser import Chromium, chromium
from feeds_fixtures import feed

from feeds import site
from feeds.formats import load_formats
from feeds.selection import select
from pipelines.normalise import normalise
from pipelines.post import Post, RawPost, xml_safe

VECTORS = Path(__file__).resolve().parents[2] / "shared/vectors/xss.json"
FETCHED = datetime(2026, 3, 1, tzinfo=UTC)
FEED = feed(limit=40)


@pytest.fixture(scope="module")
def attacks() -> dict[str, str]:
    """The attacks that are known to run in Chromium when nobody holds them up, by their name."""
    if not VECTORS.exists():
        pytest.skip("needs the shared folder with the attack data")
    rows = json.loads(VECTORS.read_text("utf-8"))
    return {row["id"]: row["payload"] for row in rows if row["executes_raw_in_chromium"]}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


def _post(name: str, attack: str) -> Post:
    """The post that a crawl makes of a page which is the attack wherever a page says anything."""
    return normalise(RawPost(
        source="bori", page_url=f"https://bori.example.org/{name}", fetched=FETCHED, title=attack, author=attack,
        categories=(attack,), tags=(attack,), summary=attack, feature_text=attack, content_html=attack, language="ko",
    ))


def _raw(name: str, attack: str) -> Post:
    """The same as if sanitising did nothing."""
    return replace(_post(name, attack), content_html=xml_safe(attack))


def _without_policy(page: bytes) -> bytes:
    bare, taken = re.subn(rb'<meta http-equiv="Content-Security-Policy"[^>]*>', b"", page)
    assert taken == 1
    return bare


def _feeds_of_many(attacks: dict[str, str]) -> Iterator[tuple[str, list[Post]]]:
    rest = iter(attacks.items())
    while some := list(islice(rest, FEED.limit)):
        posts = select(FEED, [_post(name, attack) for name, attack in some])
        assert len(posts) == len(some)
        yield f"{some[0][0]} to {some[-1][0]}", posts


def _some(attacks: dict[str, str]) -> dict[str, str]:
    # A page for each raw attack is slow; a tenth of them tells as much, and the cleaned ones are all looked at.
    return dict(list(attacks.items())[::10])


def test_with_neither_wall_nearly_all_of_them_run(browser: Chromium, attacks: dict[str, str]) -> None:
    """The control: without it, nothing below would mean anything."""
    some = _some(attacks)
    pages = {name: site.reading("모음", FEED, [_raw(name, attack)]) for name, attack in some.items()}
    seen = browser.watch({name: _without_policy(page) for name, page in pages.items()})
    assert len(seen.ran.keys() & some.keys()) > 0.95 * len(some)


@pytest.mark.parametrize("hole", [
    "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">가</a>', "<svg><animate onbegin=alert(1)>",
])
def test_one_hole_among_forty_posts_would_be_seen(browser: Chromium, attacks: dict[str, str], hole: str) -> None:
    _, posts = next(_feeds_of_many(attacks))
    posts[20] = replace(posts[20], content_html=hole)
    page = site.reading("모음", FEED, posts)
    assert browser.watch({"one": _without_policy(page)}).ran == {"one": {"alert"}}


def test_the_pages_policy_alone_holds_all_of_them_up(browser: Chromium, attacks: dict[str, str]) -> None:
    pages = {name: site.reading("모음", FEED, [_raw(name, attack)]) for name, attack in _some(attacks).items()}
    seen = browser.watch(pages)
    assert seen.ran == {}
    assert pages.keys() - seen.loaded == set()


@pytest.mark.parametrize("published", [bytes, _without_policy], ids=["as published", "without its policy"])
def test_the_reading_page_runs_nothing(
    browser: Chromium, attacks: dict[str, str], published: Callable[[bytes], bytes]
) -> None:
    pages = {name: published(site.reading("모음", FEED, posts)) for name, posts in _feeds_of_many(attacks)}
    seen = browser.watch(pages)
    assert seen.ran == {}
    assert pages.keys() - seen.loaded == set()


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_a_web_reader_that_trusts_us_runs_nothing(browser: Chromium, attacks: dict[str, str], suffix: str) -> None:
    render, read = load_formats()[suffix].render, _json_items if suffix == "json" else _xml_items
    shown = {name: read(render(FEED, posts)) for name, posts in _feeds_of_many(attacks)}
    assert sum(map(len, shown.values())) == len(attacks)
    pages = {name: f"<!doctype html><title>읽기</title>{''.join(items)}".encode() for name, items in shown.items()}
    seen = browser.watch(pages)
    assert seen.ran == {}
    assert pages.keys() - seen.loaded == set()


def _json_items(document: bytes) -> list[str]:
    return [_item([item["title"], item.get("summary", "")], [item.get("content_html", "")])
            for item in json.loads(document)["items"]]


def _xml_items(document: bytes) -> list[str]:
    """What a reader without a sanitiser of its own shows: text as text, HTML as it comes."""
    found = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    items = []
    for entry in found.entries:
        parts = [entry.summary_detail] if "summary_detail" in entry else []
        parts += entry.get("content", [])
        marked = [part.value for part in parts if part.type == "text/html"]
        items.append(_item([entry.title, *(part.value for part in parts if part.type == "text/plain")], marked))
    return items


def _item(texts: list[str], marked: list[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts) + "".join(f"<div>{html}</div>" for html in marked)
