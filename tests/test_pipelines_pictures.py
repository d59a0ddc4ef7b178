"""Pictures that would be gone from a feed within a month: found, dated, replaced where a lasting address is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from small_site import Site, site

from pipelines.pictures import lasting_forms, signed_pictures, still_known, with_lasting
from pipelines.post import Picture, Post

SIGNED = "https://blog.kakaocdn.net/dna/bAb1/btsC2/AAAA{}/img.png?credential=c&expires={}&signature={}%3D"
FIRST = SIGNED.format("x", 1767193199, "one")
LASTING = "https://blog.kakaocdn.net/dn/bAb1/btsC2/kD3/img.png"
ENCODED = LASTING.replace("/", "%2F").replace(":", "%3A")


@pytest.mark.parametrize("said", [
    f'<img src="{LASTING}">', f'src=&quot;{LASTING}&quot;', LASTING.replace("/", r"\/"), "kage@bAb1/btsC2/kD3",
    f"//img1.daumcdn.net/thumb/C148x148/?scode=mtistory2&fname={ENCODED}", ENCODED.lower().replace("bab1", "bAb1")
    .replace("btsc2", "btsC2").replace("kd3", "kD3"), '{"image":"kage@bAb1\\/btsC2\\/kD3"}',
])
def test_a_lasting_form_is_found_wherever_a_blog_tells_it(said: str) -> None:
    assert lasting_forms(f"그림 {said} 끝".encode()) == {"bAb1/btsC2": "kD3"}


def test_a_signed_address_is_no_lasting_form() -> None:
    assert lasting_forms(FIRST.encode()) == {}


def test_each_signed_picture_is_told_with_its_end() -> None:
    body = f'<p><img src="{FIRST.replace("&", "&amp;")}" alt=""></p><p><img src="{LASTING}" alt=""></p>'
    (picture,) = signed_pictures(body, FIRST, {})
    assert picture == Picture(url=FIRST, expires=datetime(2025, 12, 31, 14, 59, 59, tzinfo=UTC), lasting=None)
    (known,) = signed_pictures(body, FIRST, {"bAb1/btsC2": "kD3"})
    assert known.lasting == LASTING


@pytest.mark.parametrize("expires", ["", "soon", "9" * 30, "-1e5"])
def test_an_odd_end_is_unknown(expires: str) -> None:
    (picture,) = signed_pictures("", SIGNED.format("x", expires, "s"), {})
    assert picture.expires is None


def test_what_was_known_stays_known_when_signed_anew() -> None:
    again = Picture(url=SIGNED.format("y", 1769871599, "two"))
    assert still_known([again], [Picture(url=FIRST, lasting=LASTING)])[0].lasting == LASTING
    assert still_known([again], [Picture(url=FIRST)])[0].lasting is None


def test_what_is_published_has_lasting_addresses_only_where_they_are_known() -> None:
    other = FIRST.replace("bAb1", "other")
    post = Post(
        source="s", guid="g", url="https://b.example/1", title="글", image=FIRST,
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        content_html="".join(f'<p><img src="{url.replace("&", "&amp;")}" alt=""></p>' for url in (FIRST, other)),
        pictures=(Picture(url=FIRST, lasting=LASTING), Picture(url=other)),
    )
    published = with_lasting(post)
    assert published.image == LASTING
    assert LASTING in published.content_html
    assert "signature=one" in published.content_html
    assert [p.url for p in published.pictures] == [other]
    assert with_lasting(published) == published


def _blog(number: int) -> dict[str, str]:
    """One post, its picture signed for the *number*th time; the feed names the lasting form the first time only."""
    picture = SIGNED.format(number, 1767193199 + number, f"s{number}").replace("&", "&amp;")
    head = '<meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="{}">'
    page = (f'<html lang="ko"><head>{head.format("article")}<meta property="og:title" content="그림 글">'
            f'<meta property="og:image" content="{picture}"></head><body id="tt-body-page"><h1>그림 글</h1>'
            f'<div class="tt_article_useless_p_margin contents_style"><p data-ke-size="size16">글이다.</p>'
            f'<p><img src="{picture}"></p></div></body></html>')
    home = (f'<html><head>{head.format("website")}<title>블로그</title></head><body><a href="/7">그림 글</a></body>'
            "</html>")
    told = f"&lt;img src=&quot;{LASTING}&quot;&gt;" if number == 1 else ""
    feed = ('<rss version="2.0"><channel><title>블로그</title><link>/</link><item><title>그림 글</title>'
            f"<link>/7</link><description>{told}</description></item></channel></rss>")
    return {"/": home, "/7": page, "/rss": feed}


def test_a_feed_never_holds_an_address_that_dies_where_the_blog_told_another(tmp_path: Path) -> None:
    with site(_blog(1)) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        moafeed("update", cwd=here)
        first = files(here / "public")
        _sign_anew(blog)
        moafeed("update", cwd=here)
        shown = json.loads(moafeed("preview", f"{blog.url}/7", "--json", cwd=here).out)
    (item,) = json.loads(first["blog.json"])["items"]
    assert LASTING in item["content_html"]
    assert item["image"] == LASTING
    assert b"/dna/" not in b"".join(first.values())
    assert files(here / "public") == first  # signed anew, not told again: still the lasting one, nobody sees an edit
    assert shown["pictures"] == [
        {"url": SIGNED.format(2, 1767193201, "s2"), "expires": "2025-12-31T15:00:01+00:00", "lasting": None}
    ]


def _sign_anew(blog: Site) -> None:
    blog.pages.update(_blog(2))
