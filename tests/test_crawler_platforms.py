"""Platforms on pages of our own: every Tistory era and skin family, other blogs, one more platform."""

# ruff: noqa: E501 - pages read best as pages: one element of one skin to a line.

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from crawler import platforms
from crawler.page import Document, ListPage, PageKind, PostPage
from crawler.platforms import detect, load_platforms

if TYPE_CHECKING:
    from pathlib import Path

HOST = "https://low-roof.tistory.com"
TEXT = "<p>담장 위에 고양이가 앉아 있었다.</p><p>&nbsp;</p><p>한참을 <b>서로</b> 바라보았다.</p>"
OTHERS = """<div class="another_category another_category_color_gray">
<h4>'<a href="/category/%EC%82%B0%EC%B1%85">산책</a> &gt; <a href="/category/%EC%82%B0%EC%B1%85/%EA%B3%A8%EB%AA%A9">골목</a>'
카테고리의 다른 글</h4><table><tr><th><a href="/40">국수집 앞에서</a> <span>(0)</span></th><td>2023.01.02</td></tr></table></div>"""
BUTTONS = """<div class="container_postbtn #post_button_group"><div class="postbtn_like"><script>var r={entryId: 41}</script>
<button class="btn_post btn_share" data-title="담장 위" data-profile-name="김서리" data-pc-url="{host}/41"
data-thumbnail-url="https://t1.daumcdn.net/tistory_admin/static/images/openGraph/opengraph.png">공유하기</button></div>
<div class="postbtn_ccl"><a href="#">저작자표시</a></div><!-- <rdf:RDF></rdf:RDF> --></div>""".replace("{host}", HOST)
ADS = '<div class="tt_adsense_top"><script>ad()</script></div><div class="revenue_unit_wrap">반응형 728x90</div>'
AFTER = '<div data-tistory-react-app="SupportButton">응원하기</div>'
REST = '<div id="entry41Comment"><div class="comments"><form action="/comment/add/41"><input type="password"></form></div></div>'
JUNK_WORDS = ("다른 글", "국수집", "공유하기", "저작자표시", "반응형", "응원하기", "댓글", "태그")


def metas(*, era: str = "C", url: str = f"{HOST}/41") -> str:
    assets = {
        "A": '<link rel="stylesheet" href="http://s1.daumcdn.net/cfs.tistory/blog/style/x.css">',
        "B": '<link rel="stylesheet" href="https://t1.daumcdn.net/tistory_admin/assets/blog/f0/blogs/style/x.css">',
        "C": '<link rel="stylesheet" href="https://tistory1.daumcdn.net/tistory_admin/userblog/userblog-f0/x.css">',
    }[era]
    return f"""{assets}<meta property="og:type" content="article"><meta property="og:url" content="{url}">
    <meta property="og:site_name" content="낮은 지붕"><meta property="og:title" content="담장 위">
    <meta name="by" content="김서리"><meta name="description" content="담장 위에 고양이가 앉아 있었다. 한참을..">
    <meta property="og:image" content="https://img1.daumcdn.net/thumb/R800x0/?scode=mtistory2&fname=https%3A%2F%2Fblog.kakaocdn.net%2Fdn%2FaA1%2FbB2%2FcC3%2Fimg.jpg">
    <meta property="article:section" content="'애완동물'"><meta property="article:txid" content="777_41">
    <meta property="article:mobile_url" content="{HOST}/m/41"><meta property="og:regDate" content="20230103081500">
    <meta content="{HOST}/41" property="dg:plink" content="{HOST}/41"/>
    <meta property="article:published_time" content="2023-01-03T20:15:00+09:00">
    <meta property="article:modified_time" content="2023-01-04T07:00:00+09:00"><meta name="twitter:site" content="@TISTORY">
    <link rel="canonical" href="{url}"><title>낮은 지붕 :: 담장 위</title>"""


def html(body: str, head: str = "", attributes: str = 'id="tt-body-page"') -> str:
    return f'<!doctype html><html lang="ko"><head>{head}</head><body {attributes}>{body}</body></html>'


def read(text: str, url: str = f"{HOST}/41") -> PostPage:
    document = Document.parse(text.encode(), url)
    return load_platforms()[detect(document)].post_page(document)


def listing(text: str, url: str = f"{HOST}/") -> ListPage:
    document = Document.parse(text.encode(), url)
    return load_platforms()[detect(document)].list_page(document)


SKINS = {
    "A, skin of the TatterTools kind": html(
        f'<div id="head"><h2>담장 위</h2></div><div id="body" class="entry"><div class="article">{TEXT}{BUTTONS}{OTHERS}</div>'
        f"</div>{REST}", metas(era="A"),
    ),
    "A, skin #1": html(
        f'<div id="mArticle"><h3 class="tit_post">담장 위</h3><div class="area_view">{ADS}{TEXT}<div class="tt-plugin">SNS</div>'
        f'{BUTTONS}{OTHERS}</div>{REST}</div>', metas(era="A"),
    ),
    "A, a skin with no mark of its own": html(
        f'<div class="cosy"><h2>담장 위</h2><div class="letters">{TEXT}{BUTTONS}{OTHERS}</div>{REST}</div>', metas(era="A")
    ),
    "B, everything inside the body": html(
        '<article id="content"><div class="hgroup"><h1>담장 위</h1></div><div class="entry-content">'
        f'<div class="tt_article_useless_p_margin">{ADS}{TEXT}{BUTTONS}{OTHERS}</div></div>{REST}</article>', metas(era="B"),
    ),
    "C, Book Club": html(
        '<div class="article-header"><strong class="title-article">담장 위</strong></div><div class="article-view">'
        f'<div class="tt_article_useless_p_margin contents_style">{TEXT}</div>{ADS}{BUTTONS}{AFTER}{OTHERS}</div>{REST}', metas(),
    ),
    "C, hELLO, paragraph margins on, no id on body": html(
        f'<main id="main"><div id="article-view"><div class="contents_style">{TEXT}</div>{ADS}{BUTTONS}{OTHERS}</div></main>{REST}',
        metas(), attributes='x-data="{}"',
    ),
    "mobile view": html(
        '<div id="mArticle" class="wrap_blogview"><div class="blogview_tit"><a class="txt_category" href="/m/category/x">골목</a>'
        '<h2 class="tit_blogview">담장 위</h2></div><div class="blogview_content useless_p_margin">'
        f'{ADS}{TEXT}<div class="list_tag"><a class="link_tag" href="/m/tag/x">#고양이</a></div>{BUTTONS}</div>'
        '<div class="section_relation">이 블로그 인기 글</div></div>', metas(), attributes="",
    ),
}  # fmt: skip


@pytest.mark.parametrize("skin", SKINS)
def test_every_skin_gives_the_same_post(skin: str) -> None:
    page = read(SKINS[skin])
    assert page.kind == PageKind.POST
    assert page.content_html == TEXT.replace("&nbsp;", "\u00a0")
    assert (page.url, page.key, page.title, page.author) == (f"{HOST}/41", "tistory:777:41", "담장 위", "김서리")
    assert (page.published, page.updated) == ("2023-01-03T20:15:00+09:00", "2023-01-04T07:00:00+09:00")
    assert f"{HOST}/m/41" in page.addresses
    assert not any(word in page.content_html for word in JUNK_WORDS)


@pytest.mark.parametrize("skin", [name for name in SKINS if name != "mobile view"])
def test_the_category_is_the_blogs_and_whole(skin: str) -> None:
    assert read(SKINS[skin]).categories == ("산책", "골목")


def test_the_mobile_view_has_tags_and_category() -> None:
    page = read(SKINS["mobile view"], f"{HOST}/m/41")
    assert page.tags == ("고양이",)
    assert page.url == f"{HOST}/41"


@pytest.mark.parametrize(
    ("script", "body", "categories"),
    [
        ('T.entryInfo = {"entryId":41,"categoryLabel":"산책/골목"};', "", ("산책", "골목")),
        ("T.entryInfo = {\n  entryId: 41,\n  categoryLabel: '산책/골목',\n};", "", ("산책", "골목")),
        ('T.entryInfo = {"entryId":41,"categoryLabel":null};', OTHERS, ()),
        ('window.tiara = {"entry":{"categoryName":"산책/골목","tags":[]}}', "", ("산책", "골목")),
        ('window.tiara = {"entry":{"categoryName":"골목"}}', OTHERS, ("산책", "골목")),
        ('window.tiara = {"entry":{"categoryName":"골목"}}', "", ("골목",)),
        ('window.tiara = {"entry":[]}', OTHERS, ("산책", "골목")),
        ("", '<a href="/category/%EC%82%B0%EC%B1%85">산책</a><a href="/category/%EC%82%B0%EC%B1%85/%EA%B3%A8">골</a>', ("산책", "골")),
        ("", '<ul class="tt_category"><li><a href="/category/x">x</a></ul><span class="category">골목</span>', ("골목",)),
        ("", '<span class="category">카테고리 없음</span>', ()),
        ("", "", ()),
    ],
)  # fmt: skip
def test_category_rules(script: str, body: str, categories: tuple[str, ...]) -> None:
    text = html(f'<script>{script}</script><div class="contents_style">{TEXT}</div>{body}', metas())
    assert read(text).categories == categories


def test_tags_once_by_tistory_else_by_the_skin() -> None:
    links = '<a href="/tag/x" rel="tag">#고양이</a>, <a href="/tag/x" rel="tag">고양이</a> <a rel="tag" href="/tag/y">담</a>'
    body = f'<div class="contents_style">{TEXT}</div>{links}'
    assert read(html(body, metas())).tags == ("고양이", "담")
    told = '<script>window.tiara = {"entry":{"tags":["담","고양이","담"]}}</script>'
    assert read(html(told + body, metas())).tags == ("담", "고양이")


def test_the_default_picture_is_none() -> None:
    default = '<meta property="og:image" content="https://t1.daumcdn.net/tistory_admin/static/images/openGraph/opengraph.png">'
    assert read(html(f'<div class="contents_style">{TEXT}</div>', default + metas())).image is None


def test_wrong_canonical_before_the_right_one() -> None:
    head = f'<link rel="canonical" href="{HOST}/"><link rel="canonical" href="">' + metas().replace("og:url", "x:url")
    assert read(html(f'<div class="contents_style">{TEXT}</div>', head)).url == f"{HOST}/41"


def test_slug_number_and_own_domain_are_one_post() -> None:
    slug = "https://roof.example/entry/%EB%8B%B4%EC%9E%A5-%EC%9C%84"
    blog = f"<script>window.TistoryBlog = {{url: 'https://roof.example', tistoryUrl: '{HOST}'}}</script>"
    page = read(html(f'{blog}<div class="contents_style">{TEXT}</div>', metas(url=slug)), slug + "?category=9")
    assert page.url == slug
    assert page.key == "tistory:777:41"
    assert {f"{HOST}/41", "https://roof.example/41", "https://roof.example/m/41", f"{HOST}/m/41"} < set(page.addresses)
    assert slug not in page.addresses
    assert not any("?" in address for address in page.addresses)


def test_a_daum_blogs_number_alone_is_no_address() -> None:
    address = "http://blog.daum.net/roof/41"
    page = read(html(f'<div class="blogview_content">{TEXT}</div>', metas(url=address)), "http://m.blog.daum.net/roof/41")
    assert (page.url, page.key, page.kind) == (address, "tistory:777:41", PageKind.POST)
    assert "http://blog.daum.net/41" not in page.addresses


def test_never_edited_on_a_daum_blog() -> None:
    head = metas().replace("2023-01-04T07:00:00+09:00", "1970-01-01T09:00:00+09:00")
    assert read(html(f'<div class="contents_style">{TEXT}</div>', head)).updated is None


def test_the_printed_date_stands_in() -> None:
    head = metas().replace("article:published_time", "x:y")
    top = '<div class="hgroup"><h1>담장 위</h1><div class="post-meta"><span class="date">2023. 1. 3. 20:15</span></div></div>'
    related = '<div class="related"><span class="date">2020.01.01</span></div>'
    page = read(html(f'{related}<article>{top}<div class="contents_style">{TEXT}</div></article>', head))
    assert page.published == "2023. 1. 3. 20:15"


def test_more_less_and_hidden_text_stay() -> None:
    hidden = '<div class="moreless_content" style="display: none;"><p>숨은 글</p></div>'
    icon = '<img src="https://tistory1.daumcdn.net/x/new_ico_5.gif"><!-- 주석 --> 꼬리'
    page = read(html(f'<div class="contents_style"><p>앞</p>{hidden}{icon}<p>뒤</p></div>', metas()))
    assert "숨은 글" in page.content_html
    assert "new_ico" not in page.content_html
    assert "꼬리<p>뒤</p>" in page.content_html
    assert "주석" not in page.content_html


def test_reading_twice_and_in_any_order_gives_the_same() -> None:
    page = read(SKINS["B, everything inside the body"])
    first = page.content_html
    assert page.categories == ("산책", "골목")
    again = type(page)(page.document)
    assert again.content_html == first


HARD = {
    "bodies in bodies": '<div class="contents_style"><a href="/1">하나</a>' * 1_900 + "바닥",
    "20,000 links": "<div>" + "<p class=sidebar><a href='/{0}' rel=tag>하나</a></p>" * 20_000 + "</div>",
    "links 2,000 deep": "<div class='recent'>" * 1_900 + "<a rel=tag href=/category/x>하나</a>" * 5_000,
    "tables in tables": "<table><tr><td>긴 글이 여기에 이어지고 또 이어진다, 끝없이" * 480,
    "lists in lists": "<ul><li>긴 글이 여기에 이어지고 또 이어진다, 끝없이" * 950,
    "30,000 junk blocks": '<div class="contents_style">' + '<ins class="adsbygoogle"></ins>글' * 30_000 + "</div>",
    "40,000 wrapped junk blocks": '<div class="contents_style">' + '<div><ins class="adsbygoogle"></ins></div>글' * 40_000,
    "30,000 related headlines": '<div class="contents_style"><div>' + "<strong>관련 글</strong><a href='/1'>가</a>" * 30_000,
    "tables of contents in each other": '<div class="contents_style">' + '<div class="toc">' * 1_800 + '<a href="#a">가</a>' + "가나다 " * 500_000,
    "one class of 60,000 letters": f'<div class="{"a " * 30_000}">글</div>' * 20,
    "60,000 letters of script": f"<script>window.tiara = {{{'a' * 60_000}</script><script>T.config = {{'{'x' * 60_000}</script>",
    "open quotes": "<script>T.config = {" + "'\"" * 30_000 + "</script>",
    "dates": "<h1>담장 위</h1>" + "<span class=date>" + "2024." * 10_000 + "</span>",
}


@pytest.mark.parametrize("url", [f"{HOST}/41", f"{HOST}/", "https://other.example/2024/alley", "https://other.example/"])
@pytest.mark.parametrize("name", HARD)
def test_no_page_takes_long(name: str, url: str) -> None:
    started = time.process_time()
    text = html(HARD[name], metas() if url.startswith(HOST) else "")
    raw = read(text, url).raw(source="x", zone="Asia/Seoul", fetched=datetime(2024, 1, 1, tzinfo=UTC))
    assert raw.page_url == url
    page = listing(text, url)
    assert isinstance(page.posts, tuple)
    assert page.next_page is None
    assert time.process_time() - started < 3


LOCK = '<form><input type="password" name="entry41password" onkeydown="reloadEntry(41)"></form>'


@pytest.mark.parametrize(
    ("text", "url", "kind"),
    [
        (html(f'<div class="tit">담장 위</div>{LOCK}', metas()), "/41", PageKind.PROTECTED),
        (html('<div class="lock"><input type="password"></div>', metas()), "/41", PageKind.PROTECTED),
        (html("<p>잠김</p>", metas().replace("담장 위에 고양이가", "보호되어 있는 글입니다.")), "/41", PageKind.PROTECTED),
        (html(f'<div class="contents_style">{TEXT}</div>{REST}', metas()), "/41", PageKind.POST),
        (html(f'<script>T.config = {{"ROLE":"owner"}}</script><div class="contents_style">{TEXT}</div>',
              '<meta property="og:type" content="article"><meta property="og:url" content="/41"><title>담장 위</title>'),
         "/41", PageKind.PRIVATE),
        (html(f'<div class="contents_style">{TEXT}</div>', metas(url=f"{HOST}/notice/3")), "/notice/3", PageKind.NOTICE),
        (html(f'<div class="contents_style">{TEXT}</div>', metas()), "/pages/about", PageKind.NOTICE),
        (html(f'<script>window.tiara={{"entry":{{"entryType":"NOTICE"}}}}</script><div class="contents_style">{TEXT}</div>',
              metas()), "/41", PageKind.NOTICE),
        (html(f'<div class="contents_style">{TEXT}</div>', '<meta property="og:type" content="website"><script '
              'type="application/ld+json">{"@type":"BlogPosting"}</script>', ""), "/41", PageKind.LISTING),
        (html("", '<meta property="og:type" content="website">', 'id="tt-body-guestbook"'), "/guestbook", PageKind.GUESTBOOK),
        (html("", '<meta property="og:type" content="website">', 'id="tt-body-tag"'), "/tag", PageKind.TAGS),
        (html("", '<meta property="og:type" content="website">', 'id="tt-body-tag"'), "/tag/x", PageKind.LISTING),
        (html("", '<meta property="og:type" content="website">', ""), "/", PageKind.LISTING),
        (html("", "", 'id="tt-body-category"'), "/category/x", PageKind.LISTING),
        (html("", "", ""), "/archive/202401", PageKind.LISTING),
        (html("<p>요청하신 페이지를 찾을 수 없습니다.</p>", "<title>TISTORY</title>", ""), "/41", PageKind.GONE),
        (html("<p>권한이 없거나 존재하지 않는 페이지입니다.</p>", "<title>TISTORY</title>", ""), "/41", PageKind.GONE),
        (html("<p>삭제된 블로그입니다.</p>", "<title>TISTORY</title>", ""), "/", PageKind.GONE),
        (html("<p>이 블로그는 일시적으로 접근이 제한되었습니다.</p>", "", ""), "/", PageKind.RESTRICTED),
        (html("<p>장기간 이용하지 않아 휴면 상태인 블로그입니다.</p>", "", ""), "/", PageKind.RESTRICTED),
        (html("<p>연령 확인이 필요한 글입니다.</p><form><input type='text'></form>", "", ""), "/41", PageKind.RESTRICTED),
        (html(f"<p>삭제된 글입니다.</p><script>{'x' * 3000}</script>", "", ""), "/41", PageKind.GONE),
        (html("<p>삭제된 글입니다.</p><a href='/12'>다른 글</a>", "", ""), "/", PageKind.LISTING),
        (html(f"<p>삭제된 글 이야기. {'긴 소개 글이다. ' * 300}</p>", "", ""), "/", PageKind.LISTING),
        (html("<p>무엇인지 모를 페이지</p>", "<title>TISTORY</title>", ""), "/41", PageKind.OTHER),
        (html(f'<div class="contents_style">{TEXT}</div>', '<script type="application/ld+json">{"@type":"BlogPosting",'
              '"headline":"담장 위"}</script>', ""), "/41", PageKind.POST),
    ],
)  # fmt: skip
def test_page_kinds(text: str, url: str, kind: PageKind) -> None:
    assert read(text, HOST + url).kind == kind


def item(number: int, title: str, date: str) -> str:
    return f'<li><a href="/{number}"><strong class="tit">{title}</strong><p>글머리 2019.09.09 ..</p></a><span>{date}</span></li>'


WHOLE = "".join(
    f'<article class="single-post"><h2><a href="/{n}">글 {n}</a></h2><div class="contents_style"><p>글 {n} 본문</p>'
    f'<a href="/{n + 100}">다른 글</a></div></article>'
    for n in (9, 8, 7)
)  # fmt: skip
SIDE = (
    '<aside><a href="/90">최근</a></aside><div id="sidebar"><a href="/91">인기</a></div><ul class="recentPost">'
    '<li><a href="/92">최근 글</a></li></ul><div class="area-recent-comment"><a href="/93#comment5">댓글</a></div>'
    '<nav><a href="/94">바로</a></nav><a href="/notice/2">공지</a><a href="/manage/posts">관리</a>'
    '<a href="https://other.tistory.com/95">이웃</a><a href="/9#comment1">댓글 1</a>'
)


def test_a_listing_of_whole_posts_is_a_listing() -> None:
    text = html(WHOLE + SIDE, '<meta property="og:type" content="website">', 'id="tt-body-index"')
    assert read(text, HOST + "/").kind == PageKind.LISTING
    assert [(link.url, link.title) for link in listing(text).posts] == [(f"{HOST}/{n}", f"글 {n}") for n in (9, 8, 7)]


def test_a_listing_names_each_post_once_in_page_order() -> None:
    items = item(12, "셋째", "2024.03.03") + item(11, "둘째", "15:13") + item(12, "셋째", "2024.03.03")
    text = html(f'<div class="wrap sidebar-right"><main><ul>{items}</ul></main>{SIDE}</div>', attributes='class="use-sidebar"')
    found = listing(text).posts
    assert [(link.url, link.title, link.printed_date) for link in found] == [
        (f"{HOST}/12", "셋째", "2024.03.03"), (f"{HOST}/11", "둘째", "15:13"),
    ]  # fmt: skip


def test_a_list_that_its_skin_calls_recent_is_found_all_the_same() -> None:
    text = html(f'<div class="recent-posts"><ul>{item(12, "셋째", "2024.03.03")}</ul></div><aside><a href="/90">x</a></aside>')
    assert [link.url for link in listing(text).posts] == [f"{HOST}/12"]


def test_an_empty_anchor_over_a_card() -> None:
    card = '<div class="post"><a class="link" href="/entry/%EB%B9%84?category=3"></a><div class="tit">비 오는 날</div><time>2024.05.06</time></div>'
    found = listing(html(f'<section id="list">{card}</section>')).posts
    assert [(link.url, link.title, link.printed_date) for link in found] == [
        (f"{HOST}/entry/%EB%B9%84", "비 오는 날", "2024.05.06")
    ]


@pytest.mark.parametrize("kind", ["ItemList", "BreadcrumbList"])
@pytest.mark.parametrize("home", ["", HOST])
def test_category_pages_list_their_posts_in_data(kind: str, home: str) -> None:
    data = f'{{"@type":"{kind}","itemListElement":[{{"item":{{"@id":"{home}/7","name":"담"}}}},{{"item":{{"@id":"{home}/5","name":"비"}}}}]}}'
    text = html("자리", f'<script type="application/ld+json">{data}</script>', "")
    found = listing(text, f"{HOST}/category/x").posts
    assert [(link.url, link.title) for link in found] == [(f"{HOST}/7", "담"), (f"{HOST}/5", "비")]


@pytest.mark.parametrize(
    ("paging", "url", "wanted"),
    [
        ('<a href="/?page=1">1</a><a href="/?page=2">2</a><a class="next" href="/?page=2">다음</a>', "/", "/?page=2"),
        ('<a href="?page=3">3</a><a href="?page=2">2</a>', "/?page=2", "/?page=3"),
        ('<a href="/?page=76">76</a><a href="/?page=77">77</a><a class="next no-more-next">다음</a>', "/?page=77", None),
        ('<a href="/category/x?page=2">2</a><a href="/?page=2">처음</a>', "/category/x", "/category/x?page=2"),
        ('<a href="/category/a%20b?page=2">2</a>', "/category/a%20b", "/category/a%20b?page=2"),
        ("", "/", None),
    ],
)
def test_next_page(paging: str, url: str, wanted: str | None) -> None:
    assert listing(html(paging), HOST + url).next_page == (HOST + wanted if wanted else None)


def test_the_blog_of_a_listing() -> None:
    script = '<script>T.config = {"BLOG":{"id":777,"title":"\\ub0ae\\uc740 \\uc9c0\\ubd95"},"DEFAULT_URL":"https:\\/\\/low-roof.tistory.com"};</script>'
    site = listing(html(script, '<title>태그 목록</title><meta property="og:site_name" content="태그 목록">')).site
    assert (site.title, site.home, site.feed) == ("낮은 지붕", HOST + "/", HOST + "/rss")


@pytest.mark.parametrize(
    ("text", "url", "name"),
    [
        ("<p>글</p>", f"{HOST}/3", "tistory"),
        ('<footer><a href="https://jekyllrb.com/">Jekyll</a>의 모양을 본떴다</footer>', f"{HOST}/3", "tistory"),
        ('<footer><a href="https://jekyllrb.com/">Jekyll</a></footer>', "https://roof.example/3", "jekyll"),
        ('<meta name="twitter:site" content="@TISTORY">', "https://roof.example/3", "tistory"),
        ("<script>window.TistoryBlog = {}</script>", "https://roof.example/3", "tistory"),
        ('<script>window.T.config = {"BLOG":{}}</script>', "https://roof.example/3", "tistory"),
        ('<link rel="stylesheet" href="http://s1.daumcdn.net/cfs.tistory/x.css">', "https://roof.example/3", "tistory"),
        ('<a href="https://low-roof.tistory.com/3">이웃 블로그</a><p>TISTORY</p>', "https://other.example/3", "generic"),
        ("", "https://tistory.example/", "generic"),
    ],
)
def test_recognition(text: str, url: str, name: str) -> None:
    assert detect(Document.parse(text.encode(), url)) == name


@pytest.mark.parametrize(
    ("url", "wanted"),
    [("/12", True), ("/m/12", True), ("/entry/%EB%B9%84", True), ("/12?category=3", True), ("/", False),
     ("/category/12", False), ("/notice/12", False), ("/tag/12", False), ("/12/34", False), ("/guestbook", False)],
)  # fmt: skip
def test_post_addresses(url: str, *, wanted: bool) -> None:
    known = load_platforms()["tistory"].is_post_url
    assert known is not None
    assert known(HOST + url) is wanted


def test_tistory_in_short() -> None:
    tistory = load_platforms()["tistory"]
    assert (tistory.feed, tistory.sitemap, tistory.zone) == ("/rss", "/sitemap.xml", "Asia/Seoul")
    assert list(load_platforms())[-1] == "generic"


PARAGRAPHS = "".join(f"<p>{n}번째 문단은 골목과 담장, 그리고 그 위의 고양이에 관한 긴 이야기로 이어진다.</p>" for n in range(9))
OTHER_BLOGS = {
    "an article with everything beside it": f"""<title>골목 이야기 | 낮은 지붕</title><header><h1><a href="/">낮은 지붕</a></h1></header>
        <article><h1>골목 이야기</h1><div class="post-meta">2024년 3월 5일 <span class="author">김서리</span></div>{PARAGRAPHS}
        <div class="share-buttons">공유</div><section class="comments">댓글</section></article><footer>끝</footer>""",
    "a theme's own name for the text": f"""<title>골목 이야기</title><main><h2>골목 이야기</h2><span class="date">2024.03.05</span>
        <a rel="author" href="/me">김서리</a><div class="entry-content">{PARAGRAPHS}<div class="sharedaddy">공유</div></div>
        <div id="comments">댓글</div></main>""",
    "no mark at all": f"""<title>골목 이야기</title><div class="top"><div class="menu">메뉴</div></div><div><div><h1>골목 이야기</h1>
        <p>2024-03-05</p><p class="author">김서리</p></div><div>{PARAGRAPHS}</div></div><div class="sidebar"><p>{'옆 ' * 90}</p></div>""",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_BLOGS)
def test_other_blogs(name: str) -> None:
    page = read(html(OTHER_BLOGS[name], attributes=""), "https://other.example/2024/alley")
    assert page.kind == PageKind.POST
    assert page.title == "골목 이야기"
    assert page.author == "김서리"
    assert page.published in ("2024년 3월 5일", "2024.03.05", "2024-03-05")
    assert page.content_html.count("번째 문단은") == 9
    assert not any(word in page.content_html for word in ("공유", "댓글", "메뉴", "옆 옆", "<h1>"))


def test_another_blogs_listing() -> None:
    text = """<header><h1><a href="/">낮은 지붕</a></h1><nav><a href="/about">소개</a></nav></header><main>
    <article><h2><a href="/2024/alley">골목 이야기</a></h2><time datetime="2024-03-05">3월</time><p>머리</p></article>
    <article><a href="/2024/rain"><h2>비</h2></a><p>2024.02.01</p></article>
    <h3><a href="/category/walk">산책</a></h3><h3><a href="https://else.example/x">밖</a></h3></main>
    <a class="next" href="/page/2">다음</a>"""
    page = listing(text, "https://other.example/")
    assert read(text, "https://other.example/").kind == PageKind.LISTING
    assert [(link.url, link.title, link.printed_date) for link in page.posts] == [
        ("https://other.example/2024/alley", "골목 이야기", "2024-03-05"),
        ("https://other.example/2024/rain", "비", "2024.02.01"),
    ]
    assert page.next_page == "https://other.example/page/2"


NAVEL = """
    from crawler.listing import ListPage
    from crawler.page import PostPage
    from crawler.platforms import Platform

    class Post(PostPage):
        title = "언제나 같은 제목"

    PLATFORM = Platform(
        recognise=lambda document: document.meta("generator") == "navel", post_page=Post, list_page=ListPage, zone="UTC",
    )
"""


def navel() -> Document:
    return Document.parse(b'<meta name="generator" content="navel"><p>x</p>', "https://navel.example/1")


def test_a_platform_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "navel.py").write_text(dedent(NAVEL), "utf-8")
    (tmp_path / "_part_of_navel.py").write_text("raise RuntimeError", "utf-8")
    monkeypatch.setattr(platforms, "__path__", [*platforms.__path__, str(tmp_path)])
    assert detect(navel()) == "navel"
    raw = load_platforms()["navel"].post_page(navel()).raw(source="n", zone="UTC", fetched=datetime(2024, 1, 1, tzinfo=UTC))
    assert raw.title == "언제나 같은 제목"
    sys.modules.pop("crawler.platforms.navel")


def test_a_platform_may_come_from_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "navel_package.py").write_text(dedent(NAVEL), "utf-8")
    about = tmp_path / "navel_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: navel-package\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text("[moafeed.platforms]\nnavel = navel_package\ntistory = navel_package\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert detect(navel()) == "navel"
    assert load_platforms()["tistory"].zone == "Asia/Seoul"
    sys.modules.pop("navel_package")


def test_without_them_nothing_is_left() -> None:
    assert detect(navel()) == "generic"
