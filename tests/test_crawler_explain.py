"""Why a post is read as it is, and why a page is none: what `explain` and `status` tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import moafeed, workspace
from small_site import HTML, site

HEAD = '<meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="article">'
POST = (
    f'<html lang="ko"><head>{HEAD}<meta property="og:title" content="담장 위"><title>담장 위 :: 골목</title>'
    '<link rel="canonical" href="/"><meta name="by" content="해온"></head><body id="tt-body-page"><h1>담장 위</h1>'
    '<span class="date">2026. 3. 1. 09:30</span><div class="contents_style"><p>고양이가 있다. 꼬리가 길다.</p>'
    '<div class="revenue_unit_wrap">반응형</div><form><input value="1"></form>'
    '<iframe src="https://ads.example/x"></iframe></div><div class="another_category"><h4><a>산책</a></h4></div>'
    "</body></html>"
)
LOCKED = (f'<html><head>{HEAD}<meta property="og:title" content="잠긴 글"></head><body id="tt-body-page">'
          '<form action="/8"><input type="password" name="entry8password"></form></body></html>')
NOWHERE = (f'<html><head>{HEAD}<meta property="og:title" content="빈 껍데기"></head><body><p>글이 다른 곳에 있다.</p>'
           "</body></html>")
HOME = ('<html><head><meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="website">'
        '<title>골목</title></head><body><a href="/7">담장 위</a><a href="/8">잠긴 글</a><a href="/9">껍데기</a>'
        '<a href="/10">지운 글</a><a href="/11">큰 글</a></body></html>')
HUGE = POST.replace("꼬리가 길다.", "<b>꼬리</b>" * 60_000)
PAGES = {"/": HOME, "/7": POST, "/8": LOCKED, "/9": NOWHERE, "/10": (404, HTML, ""), "/11": HUGE}


def fields(page: dict[str, object]) -> dict[str, dict[str, object]]:
    return {field["name"]: field for field in page["fields"]}  # type: ignore[attr-defined]


def believed(field: dict[str, object]) -> str:
    return next(rule for rule, value in field["rules"] if value)  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", ["address", "name", "guid", "file"])
def test_each_field_names_the_rule_that_gave_it(target: str, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(POST, "utf-8")
    with site(PAGES | {"/": HOME.replace('<a href="/8">', "")}) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        moafeed("crawl", cwd=here, code=None)
        guid = f"tag:127.0.0.1,2026:{blog.url.rpartition(':')[2]}:/7"
        asked = {"address": [f"{blog.url}/7"], "name": ["blog"], "guid": [guid],
                 "file": [str(tmp_path / "saved.html"), "--url", f"{blog.url}/7"]}
        (page,) = json.loads(moafeed("explain", *asked[target], "--json", cwd=here).out)
    found = fields(page)
    assert (page["platform"], page["kind"]) == ("tistory", "is a post")
    assert {name: believed(found[name]) for name in ("title", "author", "published", "categories")} == {
        "title": "og:title", "author": "meta by", "published": "printed near the headline",
        "categories": "heading of the related posts",
    }
    assert found["published"]["value"] == "2026-03-01 00:30:00+00:00"
    assert ["<title> without the blog's name", "담장 위 :: 골목"] in found["title"]["rules"]
    assert page["dropped"] == [
        ["advertisement", "반응형"], ["<input>", ""], ["<iframe>", "https://ads.example/x"],
    ]


def test_a_source_is_explained_by_a_post_whatever_its_newest_address_is(tmp_path: Path) -> None:
    series = HOME.replace("<title>", "<title>모음 ")
    home = HOME.replace('<a href="/7">', '<a href="/99">모음</a><a href="/7">')
    with site(PAGES | {"/": home, "/99": series}) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        (page,) = json.loads(moafeed("explain", "blog", "--json", cwd=here).out)
        assert "/99" in blog.asked
    assert (page["kind"], fields(page)["title"]["value"]) == ("is a post", "담장 위")


@pytest.mark.parametrize(("named", "address"), [
    ('<link rel="canonical" href="/"><meta property="og:url" content="https://b.tistory.com/7">',
     "https://b.tistory.com/7"),
    ('<link rel="canonical" href="https://b.tistory.com/7">', "https://b.tistory.com/7"),
    ('<link rel="canonical" href="https://b.tistory.com/">', None),
    ('<meta property="og:url" content="file:///etc/passwd">', None),
    ("", None),
])
def test_a_saved_page_is_read_from_where_it_says_that_it_is(tmp_path: Path, named: str, address: str | None) -> None:
    saved = POST.replace('<link rel="canonical" href="/">', named).replace("og:type", "x").replace("@TISTORY", "@x")
    (tmp_path / "saved.html").write_text(saved.replace("<body", '<script type="application/ld+json">{"@type":'
                                         '"BlogPosting","headline":"담장 위"}</script><body'), "utf-8")  # fmt: skip
    ran = moafeed("preview", "saved.html", "--json", cwd=tmp_path, code=0 if address else 65)
    told = moafeed("explain", "saved.html", cwd=tmp_path).out
    assert (json.loads(ran.out)["url"] if address else None) == address
    assert ("← og:title: 담장 위" in told) == bool(address)
    moafeed("preview", "saved.html", "--url", "https://b.tistory.com/7", cwd=tmp_path)


def test_a_person_reads_it_in_lines(tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(POST, "utf-8")
    told = moafeed("explain", "saved.html", "--url", "https://b.tistory.com/7", cwd=tmp_path).out
    assert "← og:title: 담장 위" in told
    assert "← printed near the headline: 2026. 3. 1. 09:30" in told
    assert "advertisement  반응형" in told
    (tmp_path / "locked.html").write_text(LOCKED, "utf-8")
    told = moafeed("explain", "locked.html", "--url", "https://b.tistory.com/8", cwd=tmp_path).out
    assert "it asks for a password" in told


@pytest.mark.parametrize("target", ["nobody", "tag:nobody,2026:1", "http://127.0.0.1:9/7"])
def test_what_is_not_there_is_told(target: str, tmp_path: Path) -> None:
    here = workspace(tmp_path / "ws", blog="http://127.0.0.1:9/")
    ran = moafeed("explain", target, cwd=here, code=None)
    assert ran.code not in (0, 1)
    assert len(ran.err.splitlines()) == 1


def test_status_tells_which_pages_were_left_alone_and_why(tmp_path: Path) -> None:
    with site(PAGES) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        assert "never crawled" in moafeed("status", cwd=here).out
        moafeed("crawl", cwd=here)
        told = moafeed("status", "blog", cwd=here).out
        record = json.loads(moafeed("status", "--json", cwd=here).out)["blog"]
    assert "blog: 1 posts stored" in told
    assert "1 new, 0 edited, 0 unchanged" in told
    assert f"{blog.url}/8 asks for a password" in told
    assert f"{blog.url}/9 where its text stands was not found" in told
    assert f"{blog.url}/10 is gone" in told
    assert "more than the 100,000 that are read" in told
    assert record["posts"] == 1
    assert sum(left["count"] for left in record["last_crawl"]["skipped"]) == 4
