"""Traps of Tistory's skins and of saved pages, one by one: what looks like a post's own and is not, and the reverse."""

# ruff: noqa: E501 - pages read best as pages: one element to a line.

from __future__ import annotations

from textwrap import dedent

import pytest

from crawler.page import Document, PageKind, PostPage
from crawler.platforms import detect, load_platforms

URL = "https://low-roof.tistory.com/41"
TEXT = "<p>담장 위에 고양이가 앉아 있었다. 한참을 서로 바라보았다.</p><p>그러다 먼저 간 쪽은 나였다.</p>"
METAS = (
    '<meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="article">'
    f'<meta property="og:url" content="{URL}"><meta property="og:title" content="담장 위">'
)


def read(body: str, head: str = METAS, url: str = URL, attributes: str = "") -> PostPage:
    page = f'<html lang="ko"><head>{head}</head><body {attributes}>{dedent(body)}</body></html>'
    document = Document.parse(page.encode(), url)
    return load_platforms()[detect(document)].post_page(document)


def text_of(page: PostPage) -> str:
    return " ".join((page.content_html or "").replace("<p>", " ").replace("</p>", " ").split())


@pytest.mark.parametrize("layout", ["wrap has-sidebar", "layout-aside-right", "gnb-fixed", "menu_fixed wrap_navi"])
def test_the_layout_of_the_whole_page_is_no_menu(layout: str) -> None:
    page = read(
        f'<div class="{layout}"><span class="category">산책</span><div class="contents_style">{TEXT}</div>'
        '<div class="tags"><a rel="TAG nofollow" href="/tag/x">고양이</a></div><span class="author">해온</span></div>'
    )
    assert (page.categories, page.tags, page.author) == (("산책",), ("고양이",), "해온")


def test_what_the_text_links_is_neither_category_nor_tag() -> None:
    body = (
        f'<div class="contents_style">{TEXT}<p><a href="/category/Q">다른 갈래</a> <a rel="tag" href="/tag/q">꼬리</a></p></div>'
        '<p class="meta"><a href="https://elsewhere.example/category/R">남의 갈래</a></p>'
    )
    page = read(body)
    assert (page.categories, page.tags) == ((), ())
    told = '<script>window.tiara = {"entry":{"categoryName":"카테고리 없음"}}</script><a href="/category/S">S</a>'
    assert read(told + body).categories == ()


def test_of_several_bodies_the_one_that_the_description_begins() -> None:
    head = METAS + '<meta name="description" content="첫 문단입니다.">'
    other = "다른 글이 훨씬 길게 이어진다. " * 20
    page = read(f'<div class="contents_style">{other}</div><div class="contents_style">첫 문단입니다. 짧다</div>', head)
    assert page.content_html == "첫 문단입니다. 짧다"


def test_a_picture_that_only_noscript_holds_is_kept_and_a_counter_is_not() -> None:
    lazy = '<img src="/images/blank.gif"><noscript><img src="https://x.example/b.png"></noscript>'
    counter = '<noscript><img src="https://count.example/x.gif">자바스크립트가 꺼져 있다</noscript>'
    page = read(f'<div class="contents_style">{TEXT}<p>{lazy}</p>{counter}</div>')
    assert "https://x.example/b.png" in (page.content_html or "")
    assert "count.example" not in (page.content_html or "")
    assert "꺼져" not in (page.content_html or "")


@pytest.mark.parametrize("junk", [
    '<div class="sns_btn">공유 잡동사니</div>', '<div class="share-wrap"><a>잡동사니</a></div>',
    '<button class="copy_btn">잡동사니</button>', '<p class="reading-time">잡동사니 3분</p>',
    '<div class="revenue_unit_info">잡동사니</div>',
    '<div class="toc-container"><ul><li><a href="#a">잡동사니 하나</a></li><li><a href="#b">잡동사니 둘</a></li></ul></div>',
    '<div class="box"><h3>관련 글</h3><ul><li><a href="/1">잡동사니</a> 2023.01.02</li><li><a href="/2">잡동사니 둘</a></li></ul></div>',
    "<div class=\"x\"><strong>'산책' 카테고리의 다른 글</strong><a href='/1'>잡동사니 하나</a><a href='/2'>잡동사니 둘</a></div>",
])
def test_parts_of_plugins_are_told_by_name_and_by_what_they_hold(junk: str) -> None:
    page = read(f'<div class="tt_article_useless_p_margin contents_style">{TEXT}{junk}<p>끝.</p></div>')
    assert "잡동사니" not in (page.content_html or "")
    assert text_of(page).endswith("끝.")


@pytest.mark.parametrize("own", [
    '<div class="paging"><p>내 글의 예제</p></div>', '<ul class="pagination"><li>내 글의 예제</li></ul>',
    '<div class="stock"><p>내 글의 예제</p></div>', '<pre class="copy-code">내 글의 예제</pre>',
    '<div id="toc"><p>내 글의 예제는 차례라는 상자에 든 긴 글이다.</p></div>'.replace('id="toc"', 'class="my-toc"'),
    '<div><h3>관련 글</h3><p>내 글의 예제를 두 해 전에도 썼다. <a href="/1">그때 글</a>과 <a href="/2">그 뒤 글</a>을 함께 보라.</p></div>',
])
def test_boxes_of_the_author_stay(own: str) -> None:
    page = read(f'<div class="tt_article_useless_p_margin contents_style">{TEXT}{own}</div>')
    assert "내 글의 예제" in (page.content_html or "")


def test_what_follows_tistorys_buttons_is_the_skins_though_a_box_was_left_open() -> None:
    page = read(
        f'<div class="tt_article_useless_p_margin"><div>{TEXT}<div class="container_postbtn">공감</div></div>'
        '<div class="post-footer"><a href="/42">다음 글 제목</a></div><div id="footer">푸터</div></div>'
    )
    assert "나였다" in text_of(page)
    assert "다음 글" not in text_of(page)
    assert "푸터" not in text_of(page)


def test_buttons_above_a_text_are_no_end() -> None:
    page = read(f'<div class="contents_style"><div class="container_postbtn">공감</div>{TEXT}</div>')
    assert "나였다" in text_of(page)


def test_the_wrappers_of_an_advertisement_go_with_it() -> None:
    wrapped = '<div class="x"><div><ins class="adsbygoogle"></ins></div></div><center><script>ad()</script></center>'
    page = read(f'<div class="contents_style">{TEXT}{wrapped}</div>')
    assert page.content_html == TEXT


def test_a_dump_that_lost_its_head_is_still_a_post() -> None:
    page = read(f'<h1>담장 위</h1><div class="contents_style">{TEXT}</div>', "<title>담장 위</title>")
    assert page.kind == PageKind.POST
    assert page.title == "담장 위"


@pytest.mark.parametrize("mark", [
    '<meta property="article:txid" content="777_41">',
    '<script src="https://t1.daumcdn.net/tistory_admin/lib/jquery/jquery.js"></script>',
])
def test_a_domain_of_its_own_hides_no_tistory(mark: str) -> None:
    page = read(f'<div class="contents_style">{TEXT}</div>', f'<meta property="og:type" content="article">{mark}',
                "https://blog.example/41")
    assert type(page).__name__ == "TistoryPost"
    assert page.content_html == TEXT
