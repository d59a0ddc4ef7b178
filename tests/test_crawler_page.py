"""The document and the page objects, field by field, on small pages that declare themselves."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from crawler.document import LARGEST_PAGE, words
from crawler.page import Document, ListPage, PageError, PageKind, PostPage
from crawler.structured import author_of, read_json_ld, read_object, text_of

URL = "https://blog.example/2024/rain"
FETCHED = datetime(2024, 7, 1, 3, tzinfo=UTC)
PAGE = """<!doctype html><html lang="ko"><head>
<meta property="og:type" content="article"><meta property="og:title" content="비 오는 날 &amp; 커피 - 낮은 지붕">
<meta property="og:site_name" content="낮은 지붕"><meta name="description" content="비가 와서 커피를 내렸다.">
<meta property="og:url" content="/2024/rain"><meta property="og:image" content="/img/cup.jpg">
<meta property="article:published_time" content="2024-06-28T10:15:00+09:00">
<meta property="article:modified_time" content="2024-06-29T08:00:00+09:00">
<meta name="author" content="김서리">
<link rel="canonical" href="https://blog.example/"><link rel="canonical" href="">
<link rel="icon" href="/f.ico"><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<link rel="next" href="/page/2"></head>
<body><article><h1>비 오는 날 &amp; 커피</h1><p>첫 문단이다.</p><p>둘째 <b>문단</b>이다.</p>
<a rel="tag" href="/tag/a">#커피</a><a rel="tag" href="/tag/a">커피</a><a rel="tag" href="/tag/b"> 비 </a>
<a rel="category tag" href="/c">일기</a></article></body></html>"""


def document(text: str, url: str = URL) -> Document:
    return Document.parse(text.encode(), url)


def post(text: str = PAGE, url: str = URL) -> PostPage:
    return PostPage(document(text, url))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", PageKind.POST),
        ("url", URL),
        ("key", None),
        ("addresses", ()),
        ("title", "비 오는 날 & 커피"),
        ("author", "김서리"),
        ("published", "2024-06-28T10:15:00+09:00"),
        ("updated", "2024-06-29T08:00:00+09:00"),
        ("categories", ("일기",)),
        ("tags", ("커피", "비")),
        ("language", "ko"),
        ("summary", "비가 와서 커피를 내렸다."),
        ("feature_text", None),
        ("image", "https://blog.example/img/cup.jpg"),
        ("enclosures", ()),
    ],
)
def test_each_field(field: str, value: object) -> None:
    assert getattr(post(), field) == value


def test_the_record_holds_every_field_as_found() -> None:
    raw = post().raw(source="rain", zone="Asia/Seoul", fetched=FETCHED)
    assert (raw.source, raw.page_url, raw.zone, raw.fetched) == ("rain", URL, "Asia/Seoul", FETCHED)
    assert raw.title == "비 오는 날 & 커피"
    assert "<p>둘째 <b>문단</b>이다.</p>" in str(raw.content_html)


def test_site_and_next_page() -> None:
    page = ListPage(document(PAGE))
    assert page.site.title == "낮은 지붕"
    assert page.site.home == "https://blog.example/"
    assert page.site.feed == "https://blog.example/feed.xml"
    assert page.site.icon == "https://blog.example/f.ico"
    assert page.site.language == "ko"
    assert page.next_page == "https://blog.example/page/2"


LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "낮은 지붕", "description": "작은 기록"},
        {"@type": "Person", "@id": "#me", "name": "김서리"},
        {
            "@type": ["BlogPosting", "Article"], "headline": "돌담 &amp;amp; 고양이", "author": {"@id": "#me"},
            "datePublished": "2024-05-01", "dateModified": "2024-05-02", "keywords": "돌담, 고양이",
            "articleSection": ["산책"], "image": {"@type": "ImageObject", "url": "https://i.example/c.jpg"},
        },
    ],
}  # fmt: skip


def linked(data: object) -> PostPage:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return post(f'<html><script type="application/ld+json">{text}</script><body><p>글</p></body></html>')


def test_json_ld_alone_is_enough() -> None:
    page = linked(LD)
    assert page.kind == PageKind.POST
    assert page.title == "돌담 & 고양이"
    assert page.author == "김서리"
    assert (page.published, page.updated) == ("2024-05-01", "2024-05-02")
    assert page.tags == ("돌담", "고양이")
    assert page.categories == ("산책",)
    assert page.image == "https://i.example/c.jpg"
    assert ListPage(page.document).site.title == "낮은 지붕"


@pytest.mark.parametrize(
    "author",
    ["김서리", ["김서리", "다른 이"], {"name": "김서리"}, [{"name": "김서리"}], {"name": ["김서리"]}],
)
def test_every_form_of_author(author: object) -> None:
    assert author_of({"author": author}, ()) == "김서리"


def test_an_address_is_no_name() -> None:
    assert author_of({"author": "https://social.example/kim"}, ()) is None
    assert post('<meta name="author" content="https://social.example/kim"><p>글</p>').author is None


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"Article","headline":"줄\n바꿈",}',
        '<!-- {"@type":"Article","headline":"줄\n바꿈"} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"줄\n바꿈"}\n//]]>',
    ],
)
def test_broken_json_ld_that_can_be_read(broken: str) -> None:
    assert text_of(read_json_ld([broken])[0]["headline"]) == "줄 바꿈"


@pytest.mark.parametrize("broken", ["", "{", "null", "[1, 2]", "{'a': 1}", "[" * 100_000, '{"a":' * 50_000, "\x00"])
def test_broken_json_ld_that_cannot(broken: str) -> None:
    assert all(isinstance(node, dict) for node in read_json_ld([broken]))
    assert linked(broken).title is None


def test_objects_written_as_javascript() -> None:
    script = """var a = 1; window.T.entryInfo = {
        entryId: 12, /* id */ categoryLabel: 'OS/Linux "9\\'s"', // path
        'tags': ["a", 'b',], more: {x: undefined, y: true}, s: "\\x41}",
    }; window.other = {"entryId": 13};"""
    assert read_object(script, "T.entryInfo") == {
        "entryId": 12,
        "categoryLabel": "OS/Linux \"9's\"",
        "tags": ["a", "b"],
        "more": {"x": None, "y": True},
        "s": "A}",
    }
    assert read_object(script, "T.config") is None
    assert read_object("T.entryInfo = null;", "T.entryInfo") is None
    assert read_object("T.entryInfo = {broken: ", "T.entryInfo") is None
    assert read_object("XT.config = {a: 1}", "T.config") is None


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel=canonical href="/"><link rel=canonical href="/2024/rain">', URL),
        ('<link rel=canonical href=""><link rel=canonical href="/2024/rain">', URL),
        ('<link rel=canonical href="/2024/rain"><link rel=canonical href="/">', URL),
        ('<link rel=canonical href="https://blog.example/">', None),
        ('<link rel=canonical href="http://["><meta property="og:url" content="javascript:x">', None),
        ('<meta property="og:url" content="https://new.example/rain">', "https://new.example/rain"),
    ],
)
def test_wrong_canonicals_are_not_believed(head: str, url: str | None) -> None:
    assert post(f"<head>{head}</head><body><p>글</p></body>").url == url


@pytest.mark.parametrize(
    ("title", "site", "wanted"),
    [
        ("비 :: 낮은 지붕", "낮은 지붕", "비"),
        ("낮은 지붕 | 비", "낮은 지붕", "비"),
        ("비 - 낮은 지붕", "낮은 지붕", "비"),
        ("비와 낮은 지붕", "낮은 지붕", "비와 낮은 지붕"),
        ("낮은 지붕", "낮은 지붕", "낮은 지붕"),
        ("비", "", "비"),
    ],
)
def test_the_blogs_name_leaves_the_title(title: str, site: str, wanted: str) -> None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}">'
    assert post(f"<head>{head}</head>").title == wanted


def test_the_headline_is_what_the_title_repeats() -> None:
    text = (
        "<title>돌담 위 고양이 – 낮은 지붕</title><h1>낮은 지붕</h1>"
        "<article><h2>돌담 위 고양이</h2><h1>첫 장</h1></article>"
    )
    assert post(text).title == "돌담 위 고양이"


def test_dates_in_the_page_itself() -> None:
    text = (
        '<article><time class="updated" datetime="2024-02-02">2.2</time>'
        '<time class="entry-date published" datetime="2024-02-01T09:00">2.1</time></article>'
    )
    assert (post(text).published, post(text).updated) == ("2024-02-01T09:00", "2024-02-02")
    assert post('<abbr itemprop="datePublished" title="2024-03-01T09:00:00Z">어느 봄날</abbr>').published == (
        "2024-03-01T09:00:00Z"
    )


def test_a_base_element_moves_every_address() -> None:
    page = document('<base href="https://cdn.example/b/"><link rel=icon href="i.png">')
    assert page.link("icon") == ("https://cdn.example/b/i.png",)
    assert page.absolute("mailto:a@b.c") is None
    assert page.absolute("http://[::") is None
    assert page.absolute("  ") is None


HOSTILE = {
    "deep nesting": "<div>" * 1_900 + "바닥" + "</div>" * 1_900,
    "NUL everywhere": "<p\x00>글\x00자</p\x00>",
    "control characters": "<title>\x01\x08\ufffe제목</title><p>\x0b글</p>",
    "nothing": "",
    "only a comment": "<!-- 빈 곳 -->",
    "white space": " \n\t ",
    "not closed": "<html><head><title>제목<body><p>글<div><a href='",
    "frameset": "<frameset><frame src='/a'></frameset>",
    "xml": '<?xml version="1.0"?><rss><channel><title>제목</title></channel></rss>',
    "two bodies": "<body id=a><p>하나</p></body><body id=b><p>둘</p></body>",
    "broken entities": "<p>&#xD800; &#0; &notit; &#99999999999;</p>",
    "processing instructions": "<?php echo 1 ?><p>글</p><!DOCTYPE x><![CDATA[y]]>",
    "100,000 ampersands": "<p>" + "&" * 100_000 + "</p>",
    "30,000 links": "<a href='/1'>하나</a>" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_never_raise(name: str) -> None:
    page = post(HOSTILE[name])
    raw = page.raw(source="x", zone="Asia/Seoul", fetched=FETCHED)
    assert raw.page_url == URL
    assert page.kind in PageKind
    assert isinstance(ListPage(page.document).posts, tuple)


def test_nul_is_no_letter() -> None:
    assert "글자" in words(document(HOSTILE["NUL everywhere"]).root)


def test_text_below_depth_255_is_kept() -> None:
    assert "바닥" in words(document("<div>" * 1_500 + "바닥").root)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<p>" + b"a" * LARGEST_PAGE, id="more than 8 MiB"),
        pytest.param(b"<p>" * 300_000, id="300,000 tags"),
        pytest.param(b"<div " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">", id="100,000 attributes"),
        pytest.param(b'<p title="' + b"x" * 70_000 + b'">', id="one endless attribute"),
        pytest.param(b"<div>" * 2_100 + b"x" + b"</div>" * 2_100, id="text deeper than libxml2 looks"),
        pytest.param((b"<div " + b"a=1 " * 1_500 + b">") * 400, id="400 tags of 6 KB"),
    ],
)
def test_pages_that_would_stop_the_crawl_are_refused_at_once(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(PageError, match="not read"):
        Document.parse(body, URL)
    assert time.process_time() - started < 1


def test_a_pasted_picture_is_no_reason_to_refuse() -> None:
    text = '<p>앞</p><img src="data:image/png;base64,' + "iVBOR" * 40_000 + '"><p>뒤</p>'
    assert "뒤" in words(document(text).root)
