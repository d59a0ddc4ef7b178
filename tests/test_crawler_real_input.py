"""Real blogs, where their saved pages are beside the checkout: added, crawled, published and read by feed readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from command_line import moafeed, workspace
from lxml import etree

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Blog:
    """A listing page of one blog, and those of its posts that were saved and are public."""

    name: str
    home: str
    listing: dict[str, Any]
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)


def blogs() -> Iterator[Blog]:
    manifest = CORPUS / "manifest.json"
    pages = json.loads(manifest.read_text("utf-8"))["pages"] if manifest.exists() else []
    saved = {p["ground_truth"]["url"]: p for p in pages if p["kind"] == "post"}
    for page in pages:
        items = page.get("listing", {}).get("items") or page.get("jsonld_items") or []
        if page["kind"] not in {"index", "category"} or not items:
            continue
        host = page["blog"].split()[0]
        base = page.get("listing", {}).get("base") or f"https://{host}/category/x"
        listed = [urljoin(base, item.get("url") or item["id"]) for item in items]
        found = {url: saved[url] for url in listed if url in saved}
        # A private post, saved by its owner, has no og:title; a crawl would never get it.
        public = {url: p for url, p in found.items() if b'property="og:title"' in (CORPUS / p["file"]).read_bytes()}
        if public and urlsplit(next(iter(public))).hostname == urlsplit(base).hostname:
            yield Blog(page["slug"], base, page, public)


def record(blog: Blog, folder: Path) -> Path:
    pages = {blog.home: blog.listing} | blog.posts
    folder.mkdir()
    index = {}
    for number, (url, page) in enumerate(pages.items()):
        (folder / f"{number}.html").write_bytes((CORPUS / page["file"]).read_bytes())
        index[url] = {"file": f"{number}.html", "status": 200, "headers": HTML}
    (folder / "index.json").write_text(json.dumps({"recorded": "2026-11-01T00:00:00+00:00", "pages": index}), "utf-8")
    return folder


FOUND = [pytest.param(blog, id=blog.name) for blog in blogs()] or [
    pytest.param(None, id="none", marks=pytest.mark.skip(reason="the saved pages are not beside this checkout"))
]


@pytest.mark.parametrize("blog", FOUND)
def test_the_feeds_hold_exactly_the_blogs_posts(tmp_path: Path, blog: Blog) -> None:
    site, here = record(blog, tmp_path / "site"), workspace(tmp_path / "ws")
    moafeed("add", blog.home, "--name", "real", "--replay", site, cwd=here)
    moafeed("update", "--replay", site, cwd=here, code=None)  # 1 where the listing names pages that nobody saved
    truth = {page["ground_truth"]["url"]: page["ground_truth"]["title"] for page in blog.posts.values()}
    items = json.loads((here / "public/real.json").read_text("utf-8"))["items"]
    assert {item["url"]: item["title"] for item in items} == truth
    for name in ("real.rss", "real.atom", "all.rss", "all.atom"):
        read = feedparser.parse((here / "public" / name).read_bytes())
        assert not read.bozo, read.get("bozo_exception")
        assert {entry.link: entry.title for entry in read.entries} == truth
        assert all(entry.content[0].value for entry in read.entries)
    grammar = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
    grammar.assertValid(etree.parse(here / "public/real.atom"))
    before = {p.name: p.read_bytes() for p in (here / "public").iterdir()}
    again = moafeed("update", "-v", "--replay", site, cwd=here, code=None)
    assert "0 files written" in again.out
    assert {p.name: p.read_bytes() for p in (here / "public").iterdir()} == before


def test_a_blog_whose_only_post_is_private_is_told(tmp_path: Path) -> None:
    page = CORPUS / "pages/bbyye-1-private.html"
    if not page.exists():
        pytest.skip("the saved pages are not beside this checkout")
    posts = {"https://bbyye.tistory.com/1": {"file": "pages/bbyye-1-private.html"}}
    home = "https://bbyye.tistory.com/"
    site = record(Blog("bbyye", home, {"file": "pages/bbyye-index.html"}, posts), tmp_path / "site")
    ran = moafeed("add", home, "--replay", site, cwd=workspace(tmp_path / "ws"), code=69)
    assert "private" in ran.err
