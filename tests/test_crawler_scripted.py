"""A page that JavaScript alone fills is told as that, and what can be done; others are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import moafeed, workspace
from small_site import listing, post, site

from crawler.document import Document
from crawler.scripted import is_scripted

REACT = ('<!doctype html><html><head><title>봄</title><script defer src="/main.js"></script></head><body>'
         '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>')
VUE = ('<html><head><title>봄</title></head><body><div id="app"><div class="loading">불러오는 중…</div></div>'
       '<script>window.__STATE__ = {"posts": ["아주 긴 글"]}</script></body></html>')
ANGULAR = '<html><body><app-root></app-root><script src="/a.js"></script></body></html>'
KOREAN = '<html><body><p>봄</p><noscript>자바스크립트를 켜 주세요</noscript><script src="/a.js"></script></body></html>'
TEXT = "골목 끝 문방구에서 공책을 한 권 샀다. " * 20


@pytest.mark.parametrize(("page", "expected"), [
    (REACT, True), (VUE, True), (ANGULAR, True), (KOREAN, True),
    (REACT.replace('id="root">', f'id="root"><p>{TEXT}</p>'), False),  # made on the server
    (REACT.replace("<script defer", "<link defer").replace("</script>", ""), False),
    (REACT.replace("You need to enable JavaScript to run this app.", "").replace('"root"', '"box"'), False),
    (VUE.replace("불러오는 중…", '<a href="/1">글</a>'), False),
    (listing("/1"), False), (post(), False), ("<html></html>", False), ("<p>", False),
])  # fmt: skip
def test_an_empty_shell_is_told_from_a_page(page: str, expected: object) -> None:
    assert is_scripted(Document.parse(page.encode(), "https://a.example/", "utf-8")) is expected


@pytest.mark.parametrize("page", [REACT, VUE])
def test_add_says_what_can_be_done(tmp_path: Path, page: str) -> None:
    with site({"/": page}) as served:
        ran = moafeed("add", f"{served.url}/", cwd=workspace(tmp_path), code=69)
    assert f"{served.url}/ is made by JavaScript alone" in ran.err
    assert "--feed-only" in ran.err
    assert "`moafeed add URL --browser` reads it" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not list((tmp_path / "sources").iterdir())


def test_a_shell_that_names_its_feed_is_followed_by_that(tmp_path: Path) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    with site({"/": REACT.replace("<title>", f"{link}<title>"), "/1": REACT}) as served:
        item = f"<item><title>글 하나</title><link>{served.url}/1</link><description>{TEXT}</description></item>"
        channel = f"<channel><title>봄</title><link>{served.url}/</link>{item}</channel>"
        served.pages["/feed"] = (200, {"Content-Type": "application/rss+xml"}, f'<rss version="2.0">{channel}</rss>')
        ran = moafeed("add", f"{served.url}/", cwd=workspace(tmp_path))
    assert "글 하나" in ran.out
    (file,) = (tmp_path / "sources").iterdir()
    assert 'platform = "feed-only"' in file.read_text("utf-8")
