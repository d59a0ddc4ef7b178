"""What a blog's sitemap names, and which of it may be a post."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import Sitemap, posts_in, read_sitemap
from crawler.platforms._tistory_facts import post_path

HERE = "https://dal.tistory.com/sitemap.xml"
HOSTS = frozenset({"dal.tistory.com"})
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "pages"


def urlset(*urls: str, lastmod: str = "", head: str = HEAD) -> bytes:
    entries = (f"<url><loc>{url}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>" for url in urls)
    return f"{head}{''.join(entries)}</urlset>".encode()


def read(body: bytes) -> Sitemap:
    sitemap = read_sitemap(body, HERE)
    assert sitemap is not None
    return sitemap


def urls(body: bytes) -> list[str]:
    return [post.url for post in read(body).posts]


ONE = urlset("https://dal.tistory.com/1", "https://dal.tistory.com/2?a=1&amp;b=2", lastmod="2026-07-10T15:44:06+09:00")
BOTH = ["https://dal.tistory.com/1", "https://dal.tistory.com/2?a=1&b=2"]


def test_addresses_in_their_order_each_once_with_lastmod_as_written() -> None:
    body = urlset("https://dal.tistory.com/2", "/1", "https://dal.tistory.com/2", "https://dal.tistory.com/봄",
                  "javascript:alert(1)", "", lastmod=" 2026-07-10 ")
    assert [(post.url, post.mark) for post in read(body).posts] == [
        ("https://dal.tistory.com/2", "2026-07-10"), ("https://dal.tistory.com/1", "2026-07-10"),
        ("https://dal.tistory.com/%EB%B4%84", "2026-07-10"),
    ]
    assert read(urlset("/1")).posts[0].mark is None


def test_an_index_names_further_sitemaps() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://a.example/1.xml.gz</loc><lastmod>2026</lastmod></sitemap><sitemap><loc>/2.xml</loc></sitemap>
      </sitemapindex>"""
    index = read(body)
    assert index.posts == ()
    assert [(further.url, further.mark) for further in index.sitemaps] == [
        ("https://a.example/1.xml.gz", "2026"), ("https://dal.tistory.com/2.xml", None)]


STATES = [
    b"\n" + ONE, b"\xef\xbb\xbf" + ONE, b"<b>Warning</b>\n" + ONE, gzip.compress(ONE),
    gzip.compress(ONE[:90]) + gzip.compress(ONE[90:]), gzip.compress(ONE) + b"\x00" * 512, ONE.replace(b"&amp;", b"&"),
    ONE.replace(b"UTF-8", b"euc-kr"), ONE.decode().replace("UTF-8", "UTF-16").encode("utf-16"), ONE + b"\n<!-- 1 s -->",
    ONE.replace(b"<url>", b"<!-- a > b & c --><url>"),
    ONE.replace(b' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', b""),
    ONE.replace(b"<lastmod>", b"<image:image><image:loc>/x.png</image:loc></image:image><lastmod>"),
    ONE.replace(b"<loc>", b"<loc><![CDATA[").replace(b"</loc>", b"]]></loc>").replace(b"&amp;", b"&"),
    ONE.replace(b"<url", b"<s:url").replace(b"</url", b"</s:url").replace(b"xmlns=", b"xmlns:s="),
    b"https://dal.tistory.com/1\r\nno address\n\nhttps://dal.tistory.com/2?a=1&b=2\n",
]


@pytest.mark.parametrize("body", STATES, ids=[
        "newline first", "mark", "warning", "gzip", "gzip of two", "gzip with padding", "bare ampersand", "wrong label",
        "UTF-16", "comment after", "comment inside", "no namespace", "undeclared prefix", "CDATA", "prefix", "list"])
def test_a_sitemap_in_whatever_state(body: bytes) -> None:
    assert urls(body) == BOTH
    assert read(body).is_whole


def test_korean_of_the_old_code_page() -> None:
    body = urlset("https://dal.tistory.com/entry/똠뷁", head=HEAD.replace("UTF-8", "EUC-KR")).decode().encode("cp949")
    assert urls(body) == ["https://dal.tistory.com/entry/%EB%98%A0%EB%B7%81"]


@pytest.mark.parametrize("body", [
    b"", b"  ", b"<html><a href='/1'>x</a></html>", b"{}", b"User-agent: *", b"\x1f\x8b", gzip.compress(b"", mtime=0),
    b"\xff\xfe\x00",    b"<rss><channel/></rss>", b"<!-- <urlset> -->",
])
def test_what_is_no_sitemap_is_none(body: bytes) -> None:
    assert read_sitemap(body, HERE) is None


def test_every_cut_gives_whole_entries_only_and_says_so() -> None:
    body = urlset(*(f"https://dal.tistory.com/{number}" for number in range(10, 15)), lastmod="2026-07-10")
    known = read(body).posts
    for length in range(len(body)):
        if part := read_sitemap(body[:length], HERE):
            assert part.posts == known[: len(part.posts)]
            assert not part.is_whole
    packed = gzip.compress(urlset(*(f"https://dal.tistory.com/{number}" for number in range(9000)), lastmod="2026"))
    assert not read(packed[:-9]).is_whole
    assert len(read(packed[: len(packed) // 2]).posts) > 1000


# --- too much --------------------------------------------------------------------------------------------------------


def test_as_many_addresses_as_a_sitemap_may_have_and_no_more() -> None:
    many = [f"https://dal.tistory.com/{number}" for number in range(50_001)]
    for body in (gzip.compress(urlset(*many)), "\n".join(many).encode()):
        started = time.process_time()
        sitemap = read(body)
        assert time.process_time() - started < 10
        assert len(sitemap.posts) == 50_000
        assert not sitemap.is_whole
    assert read(urlset(*many[:50_000])).is_whole


def test_memory_holds_what_is_found_not_the_whole_text() -> None:
    body = urlset(*(f"https://dal.tistory.com/{number}" for number in range(5_000)), lastmod="2026" + " " * 7000)
    packed = gzip.compress(body, 1)
    assert len(body) > 2**25
    del body
    tracemalloc.start()
    sitemap = read(packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sitemap.posts) == 5_000
    assert peak < 2**24


@pytest.mark.parametrize("flood", [
    " ", "<a>", "<url>", "<url><loc>", "</url>", "<!--", "<![CDATA[", "&", "<", "<a b='", "x", "<url></url>", "]]>",
])
def test_bombs_are_cut_in_time(flood: str) -> None:
    size = 51 if flood == " " else 4  # MB; a sitemap may have 50
    bomb = gzip.compress(f"{HEAD}{flood * (size * 2**20 // len(flood))}".encode(), 1)
    started = time.process_time()
    assert not read(bomb).is_whole
    assert time.process_time() - started < 10


@pytest.mark.parametrize("line", ["https://dal.tistory.com/1\n", "https://dal.tistory.com/1", "\n"])
def test_endless_lists_are_cut_in_time(line: str) -> None:
    bomb = gzip.compress(("https://dal.tistory.com/0\n" + line * (51 * 2**20 // len(line))).encode(), 1)
    started = time.process_time()
    assert not read(bomb).is_whole
    assert time.process_time() - started < 10


def test_many_small_members_are_cut_in_time() -> None:
    started = time.process_time()
    assert not read(gzip.compress(HEAD.encode()) + gzip.compress(b"<url/>") * 100_000).is_whole
    assert time.process_time() - started < 5


def test_entities_are_never_resolved_nor_files_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://secret.example/1")
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for doctype in (f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>',
                    f'<!DOCTYPE r [<!ENTITY a0 "https://x/">{layers}<!ENTITY x "&a11;">]>'):
        started = time.process_time()
        assert "secret" not in str(read_sitemap(urlset("&x;", head=doctype + HEAD), HERE))
        assert time.process_time() - started < 2


PARTS = st.sampled_from([
    "<urlset>", "<sitemapindex>", "<url>", "<loc>", "</loc>", "</url>", "<sitemap>", "</sitemap>", "</urlset>", "http://[",
    "https://a.example/1", "/2", "&", "<", "<!--", "-->", "<![CDATA[", "]]>", "<lastmod>", "</lastmod>", "\x00", "\n",
    "가", "<s:urlset>", "</s:urlset>", "\ufeff",
])


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda rest: gzip.compress(ONE)[:60] + rest)
       | st.lists(PARTS, max_size=25).map("".join).map(lambda text: text.encode("utf-8")))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    for packed in (body, gzip.compress(body, 0)):
        sitemap = read_sitemap(packed, HERE)
        for found in (*sitemap.posts, *sitemap.sitemaps) if sitemap else ():
            assert found.url.startswith(("http://", "https://"))
            assert found.mark != ""


# --- which may be posts ----------------------------------------------------------------------------------------------


def kept(*addresses: str, platform: bool) -> list[str]:
    rule = (lambda url: post_path(url) is not None) if platform else None
    sitemap = read(urlset(*(f"https://dal.tistory.com{address}" for address in addresses)))
    return [post.url.removeprefix("https://dal.tistory.com") for post in posts_in(sitemap, rule, HOSTS)]


@pytest.mark.parametrize("platform", [True, False])
def test_a_tistory_sitemap_names_each_post_once(*, platform: bool) -> None:
    named = ["", "/", "/category", "/category/%EB%B4%84", "/m/category/%EB%B4%84", "/tag", "/tag/a", "/guestbook",
             "/m/guestbook", "/notice/3", "/m/notice/3", "/m/21", "/21", "/20", "/m/20", "/21/", "/m/19",
             "/entry/%EB%B4%84", "/m/entry/%EB%B4%84", "/rss", "/m"]
    wanted = ["/21", "/20", "/m/19", "/entry/%EB%B4%84"]
    assert kept(*named, platform=platform) == (wanted if platform else [*wanted, "/m"])


def test_other_blogs_posts_are_left_out() -> None:
    body = urlset("https://dal.tistory.com/1", "https://evil.example/1", "http://DAL.tistory.com/1",
                  "https://dal.tistory.com.evil.example/2", "https://user@dal.tistory.com/1")
    assert [post.url for post in posts_in(read(body), None, HOSTS)] == ["https://dal.tistory.com/1"]


def test_without_a_rule_lists_files_and_the_front_page_are_no_posts() -> None:
    posts = ["/2026/07/a-post/", "/p/12.html", "/about-me", "/?p=12"]
    lists = ["/", "/page/2/", "/author/dal/", "/tags/", "/a/feed/", "/x.png", "/s.xml.gz", "/archives/2026"]
    assert kept(*lists[:4], *posts, *lists[4:], platform=False) == posts


def test_as_many_as_a_sitemap_may_name_in_time() -> None:
    named = (f"https://dal.tistory.com{form}/{number}" for number in range(25_000) for form in ("/m", ""))
    sitemap = read(urlset(*named))
    started = time.process_time()
    assert len(posts_in(sitemap, None, HOSTS)) == 25_000
    assert time.process_time() - started < 10


def test_a_real_one() -> None:
    saved = CORPUS / "ntelecomsafe-5-sitemap-abridged.xml"
    if not saved.exists():
        pytest.skip("the saved sitemap is not here")
    sitemap = read(saved.read_bytes())
    posts = posts_in(sitemap, lambda url: post_path(url) is not None, frozenset({"ntelecomsafe-5.tistory.com"}))
    assert [post.url.rpartition("/")[2] for post in posts] == ["21", "20"]
    assert all(post.mark and post.mark.startswith("2026-07-10T") for post in posts)
    assert sitemap.is_whole
