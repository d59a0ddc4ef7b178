"""Platforms beside Tistory on pages of our own: what recorded sites do not show, and no page makes them stumble."""

# ruff: noqa: E501 - pages read best as pages: one element of one theme to a line.

from __future__ import annotations

import json
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import SITES, moafeed, workspace
from test_crawler_platforms import HARD

from crawler.page import Document, ListPage, PageKind, PostPage
from crawler.platforms import detect, load_platforms
from pipelines.dates import parse_date

TEXT = "<p>바람이 담장을 넘는다.</p><p>창을 닫고, <b>물</b>을 올렸다.</p>"


def page(text: str, url: str, head: str = "", body: str = "") -> Document:
    html = f'<!doctype html><html lang="ko"><head>{head}</head><body class="{body}">{text}</body></html>'
    return Document.parse(html.encode(), url)


def post(text: str, url: str, head: str = "", body: str = "") -> PostPage:
    document = page(text, url, head, body)
    return load_platforms()[detect(document)].post_page(document)


def listing(text: str, url: str, head: str = "", body: str = "") -> ListPage:
    document = page(text, url, head, body)
    return load_platforms()[detect(document)].list_page(document)


def data(text: str, url: str) -> ListPage:
    document = Document.parse(text.encode(), url)
    return load_platforms()[detect(document)].list_page(document)


WP = '<meta name="generator" content="WordPress 6.8">'
GHOST = '<meta name="generator" content="Ghost 5.98">'
SUBSTACK = '<link rel="preconnect" href="https://substackcdn.com/">'


@pytest.mark.parametrize(
    ("name", "url", "head"),
    [
        ("wordpress", "https://w.example/a/", WP),
        ("wordpress", "https://w.example/a/", '<link rel="https://api.w.org/" href="https://w.example/wp-json/">'),
        ("wordpress", "https://w.example/a/", '<link rel="stylesheet" href="/wp-content/themes/astra/style.css">'),
        ("generic", "https://w.example/a/", '<link rel="stylesheet" href="https://cdn.example/wp-content/x.css">'),
        ("naver", "https://m.blog.naver.com/PostView.naver?blogId=gyul&logNo=22300", ""),
        ("velog", "https://velog.io/@a/b", ""),
        ("brunch", "https://brunch.co.kr/@a/3", ""),
        ("egloos", "http://egloos.zum.com/goyang/v/3001234", ""),
        ("daum", "http://blog.daum.net/_blog/BlogTypeView.do?blogid=a&articleno=3", ""),
        ("tistory", "http://blog.daum.net/mulle/3", ""),
        ("blogger", "https://a.blogspot.co.uk/2011/03/b.html", ""),
        ("blogger", "https://a.example/2011/03/b.html", "<meta name=generator content=blogger>"),
        ("ghost", "https://g.example/a/", GHOST),
        ("substack", "https://letters.example/p/a", SUBSTACK),
        ("medium", "https://stories.example/a-aabbccddeeff", '<meta property="al:android:package" content="com.medium.reader">'),
        ("jekyll", "https://j.example/a/", "<!-- Begin Jekyll SEO tag v2.8.0 -->"),
        ("hugo", "https://h.example/a/", '<meta name="generator" content="Hugo 0.152.2">'),
        ("generic", "https://x.example/a/", '<meta name="generator" content="Hexo 7">'),
    ],
)
def test_recognition(name: str, url: str, head: str) -> None:
    assert detect(page("<p>글</p>", url, head)) == name


HOMES = {
    "wordpress": ("https://w.example/", WP), "naver": ("https://blog.naver.com/gyul", ""), "velog": ("https://velog.io/@a", ""),
    "brunch": ("https://brunch.co.kr/@a", ""), "egloos": ("https://a.egloos.com/", ""), "blogger": ("https://a.blogspot.com/", ""),
    "daum": ("https://blog.daum.net/_blog/BlogTypeMain.do?blogid=a", ""), "ghost": ("https://g.example/", GHOST),
    "substack": ("https://a.substack.com/", ""), "medium": ("https://medium.com/@a", ""),
    "jekyll": ("https://j.example/", '<meta name="generator" content="Jekyll v4">'),
    "hugo": ("https://h.example/", '<meta name="generator" content="Hugo 1">'),
}  # fmt: skip
POSTS = {
    "wordpress": "https://w.example/a/", "naver": "https://blog.naver.com/PostView.naver?blogId=gyul&logNo=22300",
    "velog": "https://velog.io/@a/b", "brunch": "https://brunch.co.kr/@a/3", "egloos": "https://a.egloos.com/3001",
    "daum": "https://blog.daum.net/_blog/BlogTypeView.do?blogid=a&articleno=3", "ghost": "https://g.example/a/",
    "blogger": "https://a.blogspot.com/2011/03/b.html", "substack": "https://a.substack.com/p/b",
    "medium": "https://medium.com/@a/b-aabbccddeeff", "jekyll": "https://j.example/a/", "hugo": "https://h.example/a/",
}  # fmt: skip


DEEP = '<div class="entry-content post-body gh-content">' + "<div>" * 1_500 + "<p>긴 글이 여기에 이어지고 또 이어진다, 끝없이 이어진다.</p>" * 1_000
HARDEST = ("bodies in bodies", "20,000 links", "tables in tables", "30,000 junk blocks", "open quotes", "dates")


@pytest.mark.parametrize("text", ["", "<p>", DEEP, *map(HARD.get, HARDEST)], ids=["nothing", "one tag", "wrappers", *HARDEST])
@pytest.mark.parametrize("name", POSTS)
def test_no_page_makes_a_platform_stumble(name: str, text: str) -> None:
    started, platform, (home, head) = time.process_time(), load_platforms()[name], HOMES[name]
    document = page(text, POSTS[name], head)
    assert platform.recognise(document)
    found = platform.post_page(document)
    assert found.kind in PageKind
    assert found.raw(source="x", zone="Asia/Seoul", fetched=datetime(2024, 1, 1, tzinfo=UTC)).page_url == POSTS[name]
    document = page(text, home, head)
    assert platform.post_page(document).kind in PageKind
    listed = platform.list_page(document)
    assert isinstance(listed.posts, tuple)
    assert listed.site.title is not None
    assert listed.next_page is None or listed.next_page.startswith("http")
    assert time.process_time() - started < 6


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("naver", ["https://blog.naver.com/gyul/22300111", "https://m.blog.naver.com/PostView.naver?blogId=gyul&logNo=22300"],
         ["https://blog.naver.com/gyul", "https://blog.naver.com/PostList.naver?blogId=gyul", "https://other.example/gyul/22300111"]),
        ("velog", ["https://velog.io/@a/b"], ["https://velog.io/@a", "https://velog.io/@a/posts", "https://velog.io/tags/x"]),
        ("brunch", ["https://brunch.co.kr/@a/3", "https://brunch.co.kr/@@kQ7/3"], ["https://brunch.co.kr/@a", "https://brunch.co.kr/magazine/x"]),
        ("blogger", ["https://a.blogspot.com/2011/03/b.html"], ["https://a.blogspot.com/p/about.html", "https://a.blogspot.com/2011/03/"]),
        ("substack", ["https://a.substack.com/p/b"], ["https://a.substack.com/archive", "https://a.substack.com/about"]),
        ("medium", ["https://medium.com/@a/b-aabbccddeeff", "https://medium.com/p/aabbccddeeff"], ["https://medium.com/@a", "https://medium.com/@a/about"]),
        ("egloos", ["http://a.egloos.com/3001", "http://egloos.zum.com/a/v/3001"], ["http://a.egloos.com/", "http://a.egloos.com/category/x"]),
    ],
)  # fmt: skip
def test_post_addresses(name: str, yes: list[str], no: list[str]) -> None:
    known = load_platforms()[name].is_post_url
    assert known is not None
    assert [url for url in yes if not known(url)] == []
    assert [url for url in no if known(url)] == []


@pytest.mark.parametrize(
    ("name", "home", "feed"),
    [
        ("naver", "https://blog.naver.com/gyul", "https://rss.blog.naver.com/gyul.xml"),
        ("velog", "https://velog.io/@a/posts", "https://v2.velog.io/rss/@a"),
        ("medium", "https://medium.com/@a", "https://medium.com/feed/@a"),
        ("medium", "https://a.medium.com/", "https://a.medium.com/feed"),
        ("wordpress", "https://w.example/", "https://w.example/feed/"),
        ("ghost", "https://g.example/", "https://g.example/rss/"),
        ("hugo", "https://h.example/blog/", "https://h.example/index.xml"),
        ("velog", "https://velog.io/", None), ("brunch", "https://brunch.co.kr/@a", None),
    ],
)  # fmt: skip
def test_where_feeds_are(name: str, home: str, feed: str | None) -> None:
    assert load_platforms()[name].feed_of(home) == feed


def test_which_feeds_are_a_writers_own() -> None:
    brunch, naver = load_platforms()["brunch"], load_platforms()["naver"]
    assert brunch.owns("https://brunch.co.kr/rss/@@kQ7", "https://brunch.co.kr/@a")
    assert not brunch.owns("https://brunch.co.kr/rss/keyword/x", "https://brunch.co.kr/@a")
    assert not brunch.owns("https://brunch.co.kr/rss/@@kQ7", "https://brunch.co.kr/magazine/x")
    assert naver.owns("https://rss.blog.naver.com/gyul.xml", "https://blog.naver.com/gyul")
    assert not naver.owns("https://rss.blog.naver.com/iut.xml", "https://blog.naver.com/gyul")
    assert not load_platforms()["wordpress"].owns("https://w.example/feed/", "https://w.example/category/x/")


@pytest.mark.parametrize("zone", ["naver", "velog", "brunch", "egloos", "daum"])
def test_korean_services_print_korean_time(zone: str) -> None:
    assert load_platforms()[zone].zone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("body", "text", "kind"),
    [
        ("single single-post postid-7", TEXT, PageKind.POST),
        ("wp-singular single single-post postid-7 blog", TEXT, PageKind.POST),
        ("single single-post postid-7", '<form class="post-password-form"><input type="password"></form>', PageKind.PROTECTED),
        ("page page-id-2", TEXT, PageKind.NOTICE),
        ("home blog", TEXT, PageKind.LISTING), ("archive category", TEXT, PageKind.LISTING),
        ("single single-product postid-9", TEXT, PageKind.OTHER), ("error404", TEXT, PageKind.GONE),
    ],
)  # fmt: skip
def test_what_wordpress_says_on_its_body(body: str, text: str, kind: PageKind) -> None:
    assert post(f'<div class="entry-content">{text}</div>', "https://w.example/a/", WP, body).kind == kind


@pytest.mark.parametrize("theme", ["entry-content", "td-post-content", "wp-block-post-content", "inner-post-entry", "the-content",
                                   "et_pb_post_content", "fl-post-content", "single-content"])  # fmt: skip
def test_themes_of_wordpress(theme: str) -> None:
    side = '<aside class="widget"><div class="textwidget">옆에 있는 긴 소개 글이다. 아주 길다.</div></aside>'
    found = post(f'<main><h1>담장</h1><div class="{theme}">{TEXT}<div class="sharedaddy">공유</div></div></main>{side}', "https://w.example/a/", WP)
    assert found.content_html == TEXT


def test_wordpress_ids_and_terms() -> None:
    terms = '<a rel="tag" href="/category/walk/">산책</a><a rel="category tag" href="/category/uncategorized/">미분류</a><a rel="tag" href="/tag/wind/">바람</a>'
    found = post(f'<div class="entry-content">{TEXT}</div>{terms}', "https://www.w.example/a/", WP, "single postid-31")
    assert found.key == "wordpress:w.example:31"
    assert "https://www.w.example/?p=31" in found.addresses
    assert (found.categories, found.tags) == (("산책",), ("바람",))


def test_the_interface_of_wordpress_page_by_page() -> None:
    url = "https://w.example/wp-json/wp/v2/posts?per_page=50&_fields=id"
    one = '{"id":1,"link":"https://w.example/a%d/","date_gmt":"2024-05-01T00:00:00","title":{"rendered":"A &#8211; B"}}'
    full = data("[" + ",".join(one % n for n in range(50)) + "]", url)
    assert (full.posts[0].title, full.posts[0].printed_date) == ("A – B", "2024-05-01T00:00:00+00:00")
    assert full.next_page == "https://w.example/wp-json/wp/v2/posts?per_page=50&_fields=id&offset=50"
    assert data(f"[{one % 1}]", full.next_page).next_page is None
    assert data('{"code":"rest_forbidden"}', url).posts == ()


def test_a_fixed_front_page_names_where_the_posts_are() -> None:
    head = WP + '<link rel="https://api.w.org/" href="https://w.example/wp-json/">'
    fixed = listing('<h2><a href="/about-us/">소개</a></h2>', "https://w.example/", head, "home page page-id-2")
    assert fixed.posts == ()
    assert (fixed.listed_at or "").startswith("https://w.example/wp-json/wp/v2/posts?per_page=50")
    blog = listing('<h2><a href="/a/">글</a></h2>', "https://w.example/", head, "home blog")
    assert [link.url for link in blog.posts] == ["https://w.example/a/"]
    assert blog.listed_at is None


TITLES = r'''{"resultCode":"S","postList":[%s],"countPerPage":"30","totalCount":"31","pagingHtml":"<a class=\'on\'>1</a>"}'''


def test_naver_lists_titles_page_by_page() -> None:
    frame = listing('<iframe id="mainFrame" src="/PostList.naver?blogId=gyul"></iframe>', "https://blog.naver.com/gyul")
    assert frame.posts == ()
    assert frame.listed_at is not None
    one = '{"logNo":"22%03d","title":"%%EA%%B7%%A4+%%EC%%B0%%A8","addDate":"2024. 5. 1."}'
    first = data(TITLES % ",".join(one % n for n in range(30)), frame.listed_at)
    assert (first.posts[0].url, first.posts[0].title) == ("https://blog.naver.com/gyul/22000", "귤 차")
    assert first.posts[0].printed_date == "2024. 5. 1."
    assert "currentPage=2" in (first.next_page or "")
    assert data(TITLES % (one % 1), first.next_page or "").next_page is None


@pytest.mark.parametrize(
    "url",
    ["https://blog.naver.com/gyul/22300111?fromRss=true&trackingCode=rss", "https://m.blog.naver.com/gyul/22300111",
     "https://blog.naver.com/PostView.nhn?blogId=gyul&logNo=22300111&redirect=Dlog"],
)  # fmt: skip
def test_every_address_of_a_naver_post_is_one_post(url: str) -> None:
    read_at = load_platforms()["naver"].read_at
    assert read_at is not None
    assert read_at(url) == "https://blog.naver.com/PostView.naver?blogId=gyul&logNo=22300111"
    found = post(f'<div class="se-main-container">{TEXT}</div>', url)
    assert (found.url, found.key, found.kind) == ("https://blog.naver.com/gyul/22300111", "naver:gyul:22300111", PageKind.POST)
    assert "https://m.blog.naver.com/gyul/22300111" in found.addresses


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<script>alert('삭제되었거나 존재하지 않는 게시물입니다.')</script>", PageKind.GONE),
        ("<p>서로이웃에게만 공개된 글입니다.</p>", PageKind.PRIVATE), ("<p>?</p>", PageKind.OTHER),
    ],
)  # fmt: skip
def test_what_naver_shows_instead_of_a_post(text: str, kind: PageKind) -> None:
    assert post(text, POSTS["naver"]).kind == kind


@pytest.mark.parametrize(
    ("url", "text", "head", "kind"),
    [
        ("https://g.example/a/", '<div class="gh-content"><p>글</p></div><aside class="gh-post-upgrade-cta">구독</aside>', GHOST, PageKind.PROTECTED),
        ("https://a.substack.com/p/b", '<div class="available-content"><p>글</p></div><div class="paywall">구독</div>', "", PageKind.PROTECTED),
        ("https://medium.com/@a/b-aabbccddeeff", "<article><p>글</p></article>",
         '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>', PageKind.PROTECTED),
        ("https://medium.com/@a/b-aabbccddeeff", "<article><p>글</p></article>",
         '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>', PageKind.POST),
    ],
)  # fmt: skip
def test_half_a_post_for_subscribers_is_none(url: str, text: str, head: str, kind: PageKind) -> None:
    body = "post-template" if head == GHOST else ""
    assert post(text, url, head, body).kind == kind


def test_medium_drops_where_a_reader_came_from() -> None:
    text = '<h2><a href="/@a/b-aabbccddeeff?source=user_profile---0">글</a></h2><h2><a href="/@c/d-ffeeddccbbaa">남의 글</a></h2>'
    assert listing(text, "https://medium.com/@a").posts[0].url == "https://medium.com/@a/b-aabbccddeeff"


def test_blogger_for_phones_is_the_same_address() -> None:
    found = post(f'<div class="post-body" id="post-body-4040404040">{TEXT}</div>', "https://a.blogspot.com/2011/03/b.html?m=1",
                 '<link rel="service.post" href="https://www.blogger.com/feeds/70707070/posts/default">')  # fmt: skip
    assert (found.url, found.key) == ("https://a.blogspot.com/2011/03/b.html", "blogger:70707070:4040404040")


LONG = "".join(f"<p>{n}번째 문단은 담장과 창, 그리고 그 사이의 바람에 관한 긴 이야기로 이어진다.</p>" for n in range(6))
CONSENT = "<p>관련 글 우리와 협력사는 이 기기에 정보를 저장하고 읽으며, 당신의 동의를 구합니다.</p>"
TEASERS = "".join(f"<li><a href='/{n}'>댓글은 {n}번째 글에도 남길 수 있다</a></li>" for n in "bcde")
PIECES = f"<div class='piece body article__body'>{LONG[:len(LONG) // 2]}</div><div class='grid'>{TEASERS}</div><div class='piece body article__body'>{LONG[len(LONG) // 2:]}</div>"
LAYOUTS = {
    "a headline and its line inside the article": f"<article><h1>담장</h1><p class='meta'>2024년 3월 5일 · 3분</p>{LONG}</article>",
    "dates above, links below": f"<article><time datetime='2024-03-05'>3월 5일</time><h1>담장</h1>{LONG}<p><a rel='prev' href='/b'>이전 글</a></p></article>",
    "related posts under a headline": f"<article><h1>담장</h1><span class='date'>2024-03-05</span>{LONG}<h3>관련 글</h3><ul><li><a href='/b'>비</a></li></ul></article>",
    "related posts as articles": f"<article><h1>담장</h1><span class='date'>2024-03-05</span>{LONG}</article>" + "<article><h2><a href='/b'>비</a></h2><p>짧다.</p></article>" * 4,
    "comments longer than the post": f"<main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}</div></main><div id='comments'>{LONG.replace('문단', '댓글') * 3}</div>",
    "a table as layout": f"<table><tr><td><ul><li><a href='/b'>비</a></li></ul></td><td><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}</div></td></tr></table>",
    "a text in columns": f"<main><h1>담장</h1><span class='date'>2024-03-05</span><section><div><div>{LONG[:len(LONG) // 2]}</div></div><div><div>{LONG[len(LONG) // 2:]}</div></div></section></main>",
    "lines parted by breaks": "<div class='wrap'><h2>담장</h2><span class='date'>2024-03-05</span><div>" + LONG.replace("<p>", "").replace("</p>", "<br><br>") + "</div></div>",
    "a consent dialog longer than the post": f"<div class='cmpbox cmpstyle'>{CONSENT * 9}</div><main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}</div></main>",
    "a post in pieces of one name": f"<article><h1>담장</h1><span class='date'>2024-03-05</span><div class='chunks'>{PIECES}</div></article>",
    "a name for the text on the whole article": f"<article class='article-entry hentry'><h1>담장</h1><span class='date'>2024-03-05</span><div class='entry-content'>{LONG}</div><div class='talk'>{LONG.replace('문단은', '댓글은')}</div></article>",
    "a wrapper called after a button in it": f"<div class='top'><h1>담장</h1><span class='date'>2024-03-05</span></div><div class='js-share-area'><div>{LONG}</div></div>",
    "lists of links in the column": f"<main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}<h3>3분</h3><div class='grid'><div>3분</div>{TEASERS}</div></div></main>",
    "a box beside the text in its column": f"<main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}<div class='promo'><p>댓글은 여기에, 3분이면 된다.</p></div>{LONG.replace('문단은', '단락은')}</div></main>",
    "the first words above the box of the text": f"<div><div><h1>담장</h1><span class='date'>2024-03-05</span></div><div class='article-intro'><p>0번째 문단은 담장과 창, 그리고 그 사이의 바람에 관한 이야기다.</p></div><div class='text-module'>{LONG.partition('</p>')[2]}</div></div>",
    "first words of the blog above a post": f"<div><div class='intro'><p>3분, 관련 글, 댓글은 언제나 환영하는 이 블로그의 첫인사입니다.</p></div><main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}</div></main></div>",
    "a layout with a sidebar": f"<div class='c-fixed-sidebar-layout'><div class='col'><h2>담장</h2><span class='date'>2024-03-05</span><div>{LONG}</div></div></div><div class='note'>{CONSENT}</div>",
    "buttons and a box about the author": f"<article><h1>담장</h1><span class='date'>2024-03-05</span><div class='post-content'>{LONG}<div class='shariff x'>관련 글</div><div id='x-author-box-wrap'>댓글은 여기에</div></div></article>",
    "links under “More from”": f"<article><h1>담장</h1><span class='date'>2024-03-05</span><div class='post-content'>{LONG}<h3>More from 관련 글</h3><ul>{TEASERS}</ul></div></article>",
    "a sign-in in a dialog": f"<div class='modal'><form><input type='text' name='id'><input type='password'></form></div><article><h1>담장</h1><span class='date'>2024-03-05</span>{LONG}</article>",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_other_blog_by_where_its_text_is(layout: str) -> None:
    footer = "<footer><p>이 블로그는 바람에 관한 긴 이야기를 모아 둔 곳이며, 모든 글은 주인의 것이다.</p></footer>"
    found = post(LAYOUTS[layout] + footer, "https://x.example/2024/wall", "<title>담장 - 낮은 지붕</title>")
    assert found.kind == PageKind.POST
    assert found.title == "담장"
    assert (found.published or "")[:4] == "2024"
    assert found.content_html is not None
    assert [found.content_html.count(f"{n}번째 문단은") for n in range(6)] == [1] * 6
    assert not any(word in found.content_html for word in ("관련 글", "이전 글", "댓글은", "주인의 것", "3분"))


@pytest.mark.parametrize("links", ["<ul><li><a href='/b'>비</a></li><li><a href='/c'>눈</a></li><li><a href='/d'>해</a></li></ul>",
                                   "<ul class='refs'><li><a href='https://a.example/'>비</a></li><li><a href='https://b.example/'>눈</a></li><li><a href='https://c.example/'>해</a></li></ul>",
                                   "<ul class='notes'><li><a href='#b'>비</a></li><li><a href='#c'>눈</a></li><li><a href='#d'>해</a></li></ul>"])  # fmt: skip
def test_links_that_an_author_lists_are_part_of_the_post(links: str) -> None:
    found = post(f"<main><h1>담장</h1><span class='date'>2024-03-05</span><div>{LONG}{links}{LONG}</div></main>",
                 "https://x.example/2024/wall", "<title>담장</title>")  # fmt: skip
    assert all(word in (found.content_html or "") for word in ("비</a>", "눈</a>", "해</a>"))


@pytest.mark.parametrize("name", ["entry-content", "text-module"])
def test_posts_that_follow_while_a_page_is_scrolled_are_none_of_it(name: str) -> None:
    own, other = (f"<article><h2>{head}</h2><div class='{name}'>{text * 2}</div></article>"
                  for head, text in (("담장", LONG), ("비", LONG.replace("문단은", "단락은") * 2)))  # fmt: skip
    found = post(f"<main>{own}{other}{other}</main>", "https://x.example/2024/wall",
                 "<title>담장 - 낮은 지붕</title><meta property='og:type' content='article'>")  # fmt: skip
    assert (found.content_html or "").count("0번째 문단은") == 2
    assert "단락은" not in (found.content_html or "")


def test_a_word_for_one_post_is_no_sign_in() -> None:
    lock = "<p>이 글은 보호되어 있습니다.</p><form action='/2024/wall'><input type='hidden' name='x'><input type='password' name='word'></form>"
    sign_in = "<div class='modal'><form><input name='id'><input type='password'></form></div>"
    found = post(f"{sign_in}<article><h1>담장</h1>{lock}</article>", "https://x.example/2024/wall", "<title>담장</title>")
    assert found.kind == PageKind.PROTECTED


@pytest.mark.parametrize(
    ("line", "author", "published"),
    [
        ('<p>By Jane Doe</p><time datetime="2024-03-05T10:00:00Z">5 March</time>', "Jane Doe", "2024-03-05T10:00:00Z"),
        ('<p class="byline">Posted by <a href="/me">Jane Doe</a> on March 5, 2024</p>', None, "March 5, 2024"),
        ('<span>작성자: 김서리</span><span class="post-info">2024.03.05 · 3분</span>', "김서리", "2024.03.05"),
        ('<time itemprop="dateCreated datePublished" datetime="2024-03-05T10:00:00+08:00">2024-03-05</time>', None,
         "2024-03-05T10:00:00+08:00"),
        ('<p class="author">Jane Doe: 5 Feb 2024</p>', "Jane Doe", "5 Feb 2024"),
        ('<p><span>27.06.2018 09:54</span></p>', None, "27.06.2018 09:54"),
        ('<p class="date">2020年9月11日 18:05</p>', None, "2020年9月11日 18:05"),
        ('<p class="date-eyebrow">3rd March 2024</p>', None, "3rd March 2024"),
        ('<p><i class="year">2024</i><i class="day">03/05</i><i class="time">20:52:15</i></p><p>2024-03-05 20:52:15</p>', None,
         "2024-03-05 20:52:15"),
        ('<p>By the sea we stood, and nobody spoke.</p><abbr class="published" title="2024-03-05T10:00:00Z">x</abbr>', None,
         "2024-03-05T10:00:00Z"),
    ],
)  # fmt: skip
def test_names_and_dates_near_the_headline(line: str, author: str | None, published: str) -> None:
    found = post(f"<article><h1>담장</h1>{line}<div>{LONG}</div></article>", "https://x.example/wall", "<title>담장</title>")
    assert found.published == published
    assert author is None or found.author == author
    assert "the sea" not in (found.author or "")


@pytest.mark.parametrize("address", ["2024/03/05/wall", "2024/Mar/5/wall", "2024-03-05-wall"])
def test_the_day_in_an_address_is_the_last_thing_asked(address: str) -> None:
    found = post(f"<h1>담장</h1><div class='post-content'>{LONG}</div>", f"https://x.example/{address}", "<title>담장</title>")
    assert parse_date(found.published, "Asia/Seoul", datetime(2024, 6, 1, tzinfo=UTC)) == datetime(2024, 3, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>담장 | 낮은 지붕</title>", "<h1><a href='/'>낮은 지붕</a></h1><h2>담장</h2>", "담장"),
        ('<meta property="og:title" content="담장 - 낮은 지붕"><meta property="og:site_name" content="낮은지붕">', "<h1>담장</h1>", "담장"),
        ('<meta property="og:title" content="담장 - 2편">', "<h1>담장</h1>", "담장 - 2편"),
        ("<title>낮은 지붕: 담장</title>", "<a href='/'>낮은 지붕</a><h1 class='entry-title'>담장</h1>", "담장"),
    ],
)  # fmt: skip
def test_headlines_without_the_blogs_name(head: str, heading: str, title: str) -> None:
    assert post(f"{heading}<div class='post-content'>{LONG}</div>", "https://x.example/wall", head).title == title


def test_a_new_post_of_naver_is_found_by_its_feed_alone(tmp_path: Path) -> None:
    """The feed lies on another host, its links lead to frames, and the source's file need not name the platform."""
    newest, recorded = "224000300300", SITES / "blog.naver.com"
    before = tmp_path / "before"
    shutil.copytree(recorded, before)
    for file in (*before.glob("rss.*"), *before.glob("PostTitleList*")):
        without = re.sub(r'<item>.*?</item>|\{"logNo".*?\},\n', "", file.read_text("utf-8"), count=1, flags=re.DOTALL)
        file.write_text(without, "utf-8")
    here = workspace(tmp_path / "ws", blog="https://blog.naver.com/gyul_dambu")
    moafeed("update", "--replay", before, cwd=here)
    moafeed("update", "--replay", recorded, cwd=here)
    second, first = json.loads(moafeed("runs", "--json", cwd=here).out)
    assert first["sources"]["blog"]["new"] == 2
    assert (second["sources"]["blog"]["asked"], second["sources"]["blog"]["new"]) == (2, 1)
    urls = [item["url"] for item in json.loads((here / "public/blog.json").read_text("utf-8"))["items"]]
    assert urls[0] == f"https://blog.naver.com/gyul_dambu/{newest}"
