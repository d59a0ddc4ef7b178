"""Real saved pages, where the data folder is beside the checkout: every page by the judge that comes with them."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from crawler.page import Document, ListPage, PageKind, PostPage
from crawler.platforms import detect, load_platforms
from pipelines.normalise import normalise

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
MANIFEST = CORPUS / "manifest.json"
FETCHED = datetime(2026, 9, 1, tzinfo=UTC)
# A signed address and its lasting form share their first two parts; the truth holds what the page printed.
KAKAO = re.compile(r"kakaocdn\.net/dna?/([\w-]+)/([\w-]+)/")
FLOOR = {"overall": 0.995, "other": 0.88}


@cache
def pages() -> list[dict[str, Any]]:
    return json.loads(MANIFEST.read_text("utf-8"))["pages"] if MANIFEST.exists() else []


def of_kind(*kinds: str) -> list[Any]:
    found = [page for page in pages() if page["kind"] in kinds and page["file"].endswith(".html")]
    marks = pytest.mark.skip(reason="the saved pages are not beside this checkout")
    return [pytest.param(page, id=page["slug"]) for page in found] or [pytest.param({}, id="no pages", marks=marks)]


@cache
def judge() -> Any:
    spec = importlib.util.spec_from_file_location("judge_of_the_corpus", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def address(page: dict[str, Any]) -> str:
    known = (page.get("ground_truth") or {}).get("url") or (page.get("listing") or {}).get("base")
    path = {"category": "category/x", "tag": "tag", "other": "guestbook", "index": ""}.get(page["kind"], "2024/x")
    return str(known or f"https://{page['blog'].split()[0]}/{path}")


def read(page: dict[str, Any]) -> tuple[str, PostPage, ListPage]:
    document = Document.parse((CORPUS / page["file"]).read_bytes(), address(page))
    name = detect(document)
    platform = load_platforms()[name]
    return name, platform.post_page(document), platform.list_page(document)


def judged(page: dict[str, Any]) -> tuple[dict[str, bool], list[str]]:
    _, post, _ = read(page)
    record = normalise(post.raw(source="corpus", zone="Asia/Seoul", fetched=FETCHED)).to_record()
    truth = dict(page["ground_truth"])
    truth["url"] = truth.get("url") or record["url"]
    if truth.get("updated") == truth.get("published"):
        truth["updated"] = None  # a post that was never edited has no such date
    truth["lead_image"] = as_found(truth.get("lead_image"), record["image"])
    if truth.get("body_images"):
        shown = {key(url): url for url in re.findall(r'src="([^"]+)"', record["content_html"]) if key(url)}
        truth["body_images"] = [as_found(url, shown.get(key(url))) for url in truth["body_images"]]
    return judge().judge({**page, "ground_truth": truth}, record, CORPUS)  # type: ignore[no-any-return]


def key(url: str | None) -> tuple[str, ...] | None:
    found = KAKAO.search(url or "")
    return found.groups() if found else None


def as_found(wanted: str | None, found: str | None) -> str | None:
    """The lasting form where that was found, since the picture is the same and outlives the month."""
    return found if key(wanted) and key(wanted) == key(found) and "/dn/" in (found or "") else wanted


@pytest.mark.parametrize("page", of_kind("post", "mobile"))
def test_a_tistory_post_is_read_whole(page: dict[str, Any]) -> None:
    checks, leaked = judged(page)
    wrong = {name for name, held in checks.items() if not held}
    assert wrong == set(), leaked
    name, post, _ = read(page)
    assert name == "tistory"
    assert post.kind in (PageKind.POST, PageKind.PRIVATE)
    assert (post.kind == PageKind.PRIVATE) == (post.document.meta("og:title") is None)


@pytest.mark.parametrize("page", of_kind("index", "category", "tag", "other", "search"))
def test_a_tistory_listing_is_no_post(page: dict[str, Any]) -> None:
    name, post, listing = read(page)
    assert name == "tistory"
    other = {"tag": PageKind.TAGS, "other": PageKind.GUESTBOOK}
    assert post.kind == other.get(page["kind"], PageKind.LISTING)
    assert listing.site.title
    truth = page.get("listing") or {}
    told = [urljoin(address(page), item["id"]) for item in page.get("jsonld_items", [])]
    wanted = [item["url"] for item in truth.get("items", [])] or told
    if wanted:
        assert [link.url for link in listing.posts] == wanted
        assert all(link.title for link in listing.posts)
    for item, link in zip(truth.get("items", []), listing.posts, strict=False):
        assert item["date"] in (None, link.printed_date)
    if truth:
        assert listing.next_page == truth["next"]


def test_the_whole_corpus_by_its_own_judge() -> None:
    if not MANIFEST.exists():
        pytest.skip("the saved pages are not beside this checkout")
    assert mean("post", "mobile") >= FLOOR["overall"]
    assert mean("other-post") >= FLOOR["other"]


def mean(*kinds: str) -> float:
    """Each check's mean over blogs, then the mean of the checks, as the judge's own table does."""
    per_blog: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for page in pages():
        if page["kind"] in kinds:
            for check, held in judged(page)[0].items():
                per_blog[check][page["blog"]].append(held)
    means = [sum(sum(v) / len(v) for v in blogs.values()) / len(blogs) for blogs in per_blog.values()]
    return sum(means) / len(means)
