"""Validity: what is published of the demo, of real pages and of hostile posts is a feed by every judge there is."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from command_line import moafeed, workspace
from feeds_fixtures import START, Shelf, combined, feed, posts
from lxml import etree
from test_crawler_corpus import FETCHED, pages, read

from crawler.demo import DemoBlog
from feeds.build import build
from feeds.feed import Feed
from feeds.formats import load_formats
from feeds.selection import CAP
from feeds.validity import problem
from pipelines.normalise import NotAPostError, normalise
from pipelines.post import Post, RawPost
from pipelines.store import Store

VECTORS = Path(__file__).resolve().parents[2] / "shared/vectors"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
HUB = "https://hub.example.org/"


def check(folder: Path) -> list[str]:
    """Let every judge read every document of a folder; return their names."""
    documents = sorted(p for p in folder.iterdir() if p.suffix in {".rss", ".atom", ".json"})
    for path in documents:
        content = path.read_bytes()
        assert problem(path.name, content) == ""
        assert len(content) <= 1.1 * CAP, path.name
        if path.suffix != ".json":
            # Without its own cleaning of bodies, which takes long and says nothing of a document.
            parsed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
            assert not parsed.bozo, (path.name, parsed.get("bozo_exception"))
        if path.suffix == ".atom":
            assert GRAMMAR.validate(etree.fromstring(content)), (path.name, GRAMMAR.error_log)
    if shutil.which("xmllint"):
        written = [p for p in folder.iterdir() if p.suffix in {".rss", ".atom", ".opml"}]
        subprocess.run(["xmllint", "--noout", *written], check=True)
    return [path.name for path in documents]


def published(kept: Iterable[Post | None], folder: Path, *more: Feed) -> list[str]:
    """Build the feed of one blog with its archive, and a combined one; no gate may stop them."""
    with Store.open(f"sqlite:///{folder}/state/moafeed.db") as store:
        store.save([each for each in kept if each], hold=False)
        done = build(store, [feed(hub=HUB), combined(hub=HUB), *more], folder / "out", "모음")
    assert done.held == ()
    return check(folder / "out")


def test_the_demo(tmp_path: Path) -> None:
    with DemoBlog() as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        moafeed("update", cwd=here)
    assert check(here / "public") == [f"{n}.{s}" for n in ("all", "blog") for s in ("atom", "json", "rss")]


def test_every_post_of_the_saved_pages(tmp_path: Path) -> None:
    saved = [page for page in pages() if page["kind"] in {"post", "mobile", "other-post"}]
    if not saved:
        pytest.skip("the saved pages are not beside this checkout")
    raws = [read(page)[1].raw(source="bori", zone="Asia/Seoul", fetched=FETCHED) for page in saved]
    # Without the addresses that some pages were given only to be read: they would be one post.
    found = {made.guid: replace(made, aliases=()) for made in map(normalise, raws)}
    names = published(found.values(), tmp_path, *(feed(name=f"page-{n}") for n in range(3)))
    assert "bori.rss" in names
    documents = [json.loads(path.read_bytes()) for path in (tmp_path / "out").glob("bori*.json")]
    shown = {item["id"] for document in documents for item in document["items"]}
    assert shown == found.keys()


def vectors(name: str) -> list[dict[str, str]]:
    if not (VECTORS / name).exists():
        pytest.skip(f"{name} is not beside this checkout")
    rows: list[dict[str, str]] = json.loads((VECTORS / name).read_text("utf-8"))
    return rows


def stored(number: int, **raw: Any) -> Post | None:
    """A post with hostile parts as the store would hold it; None where it would be dropped."""
    at = START + timedelta(hours=number)
    given = {"title": f"글 {number}", "content_html": "<p>본문이다.</p>"} | raw
    try:
        return normalise(RawPost(source="bori", page_url=f"https://bori.example.org/{number}", fetched=at,
                                 published=at.isoformat(), **given))  # fmt: skip
    except NotAPostError:
        return None


def test_every_hostile_title_as_every_text(tmp_path: Path) -> None:
    texts = [row["input"] for row in vectors("titles_slugs.json")]
    kept = [
        stored(n, title=text, author=text, categories=(text, "글"), tags=(text,), summary=text, feature_text=text)
        for n, text in enumerate(texts, start=1)
    ]
    # What configuration and front pages may say is at most so long.
    lines = [text[:500] for text in texts]
    titled = [feed(name=f"t{n}", title=text, description=text, sources=("mint",)) for n, text in enumerate(lines)]
    names = published(kept, tmp_path, *titled)
    assert len(names) == 3 * (2 + len(texts) + len(texts) // 50)


def test_every_hostile_body(tmp_path: Path) -> None:
    payloads = [row["payload"] for row in vectors("xss.json")]
    kept = [stored(n, content_html=payload) for n, payload in enumerate(payloads, start=1)]
    names = published((each for each in kept if each and each.content_html), tmp_path)
    assert sum(".page-" in name for name in names) >= 3 * 70


def test_archive_pages_and_deleted_posts(tmp_path: Path) -> None:
    shelf = Shelf(posts(170)[::-1])
    build(shelf, [feed(), combined()], tmp_path, "모음")  # type: ignore[arg-type]
    del shelf.kept[160:164]
    assert build(shelf, [feed(), combined()], tmp_path, "모음").held == ()  # type: ignore[arg-type]
    assert b"deleted-entry" in (tmp_path / "bori.atom").read_bytes()
    assert {f"bori.page-{n}.atom" for n in (1, 2, 3)} < set(check(tmp_path))


# --- what the rules find


def _document(suffix: str, kept: Sequence[Post] = (), **values: Any) -> bytes:
    given = list(kept) or posts(3)
    return load_formats()[suffix].render(combined(hub=HUB, **values), given)


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_a_document_as_it_should_be_has_no_problem(suffix: str) -> None:
    assert problem(f"a.{suffix}", _document(suffix)) == ""


@pytest.mark.parametrize(("suffix", "old", "new", "told"), [
    ("rss", "<channel>", "<chanel>", "does not parse"),
    ("rss", "+0000</pubDate>", "GMT</pubDate>", "no date"),
    ("rss", "<pubDate>Sun", "<pubDate>일", "no date"),
    ("rss", 'isPermaLink="false"', "", "guid does not say"),
    ("rss", 'length="12345"', 'length="0"', "lacks its type or its length"),
    ("rss", 'type="audio/mpeg"/>', "/>", "lacks its type or its length"),
    ("rss", "</enclosure>", "", ""),
    ("rss", 'rel="self"', 'rel="other"', "where it is itself"),
    ("rss", "<language>ko<", "<language>한국어<", "no language"),
    ("rss", "<link>https://bori.example.org/3<", "<link>/3<", "'/3' is no absolute address"),
    ("rss", "<link>https://bori.example.org/3<", "<link>https://bori.example.org/글<", "no absolute address"),
    ("rss", "<link>https://bori.example.org/3<", "<link>https://e.org/a b<", "no absolute address"),
    ("rss", "<category>", '<category domain="x">', "domain"),
    ("rss", "bori.example.org,2026:3<", "bori.example.org,2026:2<", "stands twice"),
    ("rss", 'src="https://img.example.org/%EC', 'src="/%EC', "a body leads to '/%EC"),
    ("atom", 'type="html"', 'type="text"', "does not say that it is HTML"),
    ("atom", ":15+00:00</updated>", ":15.5+00:00</updated>", "no date"),
    ("atom", "bori.example.org,2026:3<", "bori.example.org,2026:2<", "stands twice"),
    ("atom", 'rel="alternate" type="text/html" href="https://bori.example.org/3"', 'rel="related" href="/3"',
     "not exactly one address"),
    ("atom", 'media:thumbnail url="https:', 'media:thumbnail url="', "no absolute address"),
    ("atom", 'scheme="https:', 'scheme="', "no absolute address"),
    ("atom", 'xml:lang="ko"', 'xml:lang="k"', "no language"),
    ("json", '"version": "https://jsonfeed.org/version/1.1"', '"version": "1"', "version"),
    ("json", '"id": "tag:bori.example.org,2026:3"', '"id": 3', "lacks its id"),
    ("json", '"content_html"', '"content"', "not exactly one body"),
    ("json", '"url": "https://hub.example.org/"', '"url": "hub"', "no absolute address"),
    ("json", '"date_published": "2026-03-01T12:30:15Z"', '"date_published": "2026-03-01"', "no date"),
    ("json", '"title": "3', '"title": "\\u0007', "a character that no feed may"),
    ("json", '"size_in_bytes": 12345', '"size_in_bytes": null', "lacks its type or its length"),
    ("json", '"items"', '"item"', "no list of items"),
])  # fmt: skip
def test_each_rule_finds_its_fault(suffix: str, old: str, new: str, told: str) -> None:
    document = _document(suffix).decode()
    assert old in document or not told
    assert told in problem(f"a.{suffix}", document.replace(old, new).encode())


def test_a_page_of_the_archive_that_readers_would_choke_on_is_not_published(tmp_path: Path) -> None:
    shelf = Shelf(posts(170)[::-1])
    build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shelf.kept[70] = replace(shelf.kept[70], url="javascript:alert(1)")
    done = build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    assert [held.why for held in done.held] == [
        "a broken document (bori.page-2.rss is no valid feed: 'javascript:alert(1)' is no absolute address)"
    ]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    shelf.kept[70] = replace(shelf.kept[70], url="https://bori.example.org/other")
    assert {name for name in build(shelf, [feed()], tmp_path, "모음").written if "page" in name} == {  # type: ignore[arg-type]
        f"bori.page-2{suffix}" for suffix in (".atom", ".json", ".rss")
    }
