"""Whether an answer says the same as the last one."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import feed_posts, fingerprint

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "pages"
PICTURE = ("https://blog.kakaocdn.net/dna/bV1/btQ2/AAAA{third}/img.png?credential=yq{and_}expires={time}{and_}allow_ip="
           "{and_}allow_referer={and_}signature={sign}%3D")


def tistory(*, asked: str = "Mon, 9 Jun 2025 10:00:00 +0900", version: str = "TISTORY", text: str = "하루",
            date: str = "Mon, 9 Jun 2025 09:00:00 +0900", end: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>달</title><link>https://dal.tistory.com/</link><language>ko</language>
<pubDate>{asked}</pubDate><lastBuildDate><![CDATA[{asked}]]></lastBuildDate><generator>{version}</generator><ttl>100</ttl>
<item><title>봄</title><link>https://dal.tistory.com/1</link><description>&lt;p&gt;{text}&lt;/p&gt;</description>
<pubDate>{date}</pubDate></item>
<item><title>여름</title><link>https://dal.tistory.com/2</link><pubDate>{date}</pubDate></item>
</channel></rss>{end}""".encode()


def test_a_quiet_tistory_feed_is_unchanged_at_every_time_of_asking() -> None:
    later = tistory(asked="Tue, 10 Jun 2025 23:59:59 +0900", version="TISTORY 2", end="\n<!-- cached 12:00, 1 s -->")
    assert fingerprint(later, "feed") == fingerprint(tistory(), "feed")


@pytest.mark.parametrize("news", [
    tistory(text="하루 "), tistory(date="Mon, 9 Jun 2025 09:00:01 +0900"),
    tistory().replace("달".encode(), "별".encode()), tistory().replace(b"com/2<", b"com/3<"),
    tistory()[:-40], tistory(text="<!-- a -->"), b"",
], ids=["text", "date of an entry", "title of the blog", "address", "cut", "comment in an entry", "nothing"])
def test_anything_else_is_a_change(news: bytes) -> None:
    assert fingerprint(news, "feed") != fingerprint(tistory(), "feed")


@given(st.data())
def test_one_other_character_in_an_entry_is_a_change(data: st.DataObject) -> None:
    body = tistory()
    place = data.draw(st.integers(body.index(b"<item>") + 6, body.rindex(b"</item>") - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[place]))
    assert fingerprint(body[:place] + bytes([other]) + body[place + 1 :], "feed") != fingerprint(body, "feed")


def test_atom_and_sitemap_and_prefixes() -> None:
    atom = ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:generator version="{0}">x</a:generator>'
            "<a:updated>{0}</a:updated><a:entry><a:updated>{1}</a:updated></a:entry></a:feed>")
    assert fingerprint(atom.format("1", "2").encode(), "feed") == fingerprint(atom.format("3", "2").encode(), "feed")
    assert fingerprint(atom.format("1", "2").encode(), "feed") != fingerprint(atom.format("1", "3").encode(), "feed")
    sitemap = ("<!-- made {0} --><urlset><url><loc>https://dal.tistory.com</loc><lastmod>{0}</lastmod></url><url>"
               "<loc>https://dal.tistory.com/1</loc><lastmod>{1}</lastmod></url></urlset><!-- {0} -->")
    told = {(one, two): fingerprint(sitemap.format(one, two).encode(), "sitemap") for one in "12" for two in "12"}
    assert told["1", "1"] == told["2", "1"] != told["1", "2"] == told["2", "2"]


@pytest.mark.parametrize("written", ["{}", "&lt;img src=&quot;{}&quot;&gt;", "&lt;a href='{}'&gt;", '<img src="{}">',
                                     "https://img1.daumcdn.net/thumb/R1280x0/?scode=mtistory2&amp;fname={}"])
@pytest.mark.parametrize("and_", ["&", "&amp;", "&amp;amp;", "%26"])
def test_pictures_signed_anew_are_no_change_but_what_stands_behind_them_is(written: str, and_: str) -> None:
    def body(time_: str, sign: str, third: str = "x", name: str = "btQ2", after: str = "") -> bytes:
        picture = PICTURE.format(third=third, time=time_, sign=sign, and_=and_).replace("btQ2", name)
        if "fname" in written:
            picture = picture.replace(":", "%3A").replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
        return tistory(text=f"{written.format(picture)} {after}")

    june = fingerprint(body("1751295599", "aB"), "feed")
    assert june == fingerprint(body("1753973999", "Z%2B9", third="y"), "feed")
    assert june != fingerprint(body("1751295599", "aB", name="btQ3"), "feed")
    assert june != fingerprint(body("1751295599", "aB", after="new"), "feed")


def test_text_that_touches_a_signed_address_still_counts() -> None:
    def body(after: str) -> bytes:
        picture = PICTURE.format(third="x", time="1", sign="s", and_="&")
        return tistory(text=f"&lt;img src=&quot;{picture}&quot;/&gt;{after}")

    assert fingerprint(body("a"), "feed") != fingerprint(body("b"), "feed")


def test_other_hosts_signed_addresses() -> None:
    address = "https://s3.example/a.png?X-Amz-Date={0}&amp;X-Amz-Signature={0}"
    assert fingerprint(tistory(text=address.format(1)), "feed") == fingerprint(tistory(text=address.format(2)), "feed")
    plain = "https://s3.example/a.png?v={0}"
    assert fingerprint(tistory(text=plain.format(1)), "feed") != fingerprint(tistory(text=plain.format(2)), "feed")


def test_the_same_sitemap_packed_at_another_time() -> None:
    body = b"<urlset><url><loc>https://dal.tistory.com/1</loc></url></urlset>"
    assert fingerprint(gzip.compress(body, mtime=1), "sitemap") == fingerprint(gzip.compress(body, mtime=2), "sitemap")
    assert fingerprint(gzip.compress(body), "sitemap") != fingerprint(gzip.compress(body + b" "), "sitemap")


@given(st.binary(max_size=200), st.sampled_from(["feed", "sitemap", "page"]))
def test_no_bytes_make_it_raise(body: bytes, kind: str) -> None:
    assert fingerprint(body, kind) == fingerprint(bytes(body), kind)
    assert len(fingerprint(body, kind)) == 32


@given(st.lists(st.sampled_from(["<item>", "</item>", "<entry>", "<link>/1</link>", "<pubDate>1</pubDate>", "<!--",
                                 "-->", "<updated>", "</updated>", "<title>a</title>", "<title>b"]), max_size=12),
       st.lists(st.sampled_from(["<pubDate>2</pubDate>", "<!-- x -->", "<generator>y</generator>"]), max_size=3))
def test_equal_fingerprints_mean_equal_entries(parts: list[str], passing: list[str]) -> None:
    one, other = (f"<rss><channel>{''.join(head)}<item><link>/9</link></item>{''.join(parts)}</channel></rss>".encode()
                  for head in ([], passing))
    assert fingerprint(one, "feed") == fingerprint(other, "feed")
    assert feed_posts(one, "https://a.example/") == feed_posts(other, "https://a.example/")


@pytest.mark.parametrize("flood", [
    b"<!--", b"<updated>", b"<updated ", b"<updated><![CDATA[", b"?", b"?&a", b"?signature=", b"kakaocdn.net/dna", b"<",
    b"kakaocdn.net/dna/a/b/?", b"<loc>http://a", b"<item>", b"&quot;", b"<pubDate>1</pubDate>",
])
def test_no_flood_takes_long(flood: bytes) -> None:
    body = flood * (2**18 // len(flood)) + b" signature= "
    for text in (body, b"<item>" + body, b"<url>" + body + b"</url>"):
        for kind in ("feed", "sitemap", "page"):
            started = time.process_time()
            fingerprint(text, kind)
            assert time.process_time() - started < 5


def test_a_poll_of_a_quiet_blog_costs_next_to_nothing() -> None:
    body = tistory(text="하루 종일 비가 왔다. &lt;br&gt;" * 1600)
    assert len(body) > 60_000
    fingerprint(body, "feed")
    spent = []
    for _ in range(20):
        started = time.process_time()
        fingerprint(body, "feed")
        spent.append(time.process_time() - started)
    assert min(spent) < 0.003  # ten times what is meant


@pytest.mark.skipif(not CORPUS.exists(), reason="the saved feeds are not here")
@pytest.mark.parametrize("name", ["1two13-rss-new", "1two13-rss-old", "mike3dk-rss"])
def test_real_feeds_asked_for_again(name: str) -> None:
    body = (CORPUS / f"{name}.xml").read_bytes()
    start, end = body.index(b"<pubDate>"), body.index(b"</pubDate>")
    later = body[:start] + b"<pubDate>Thu, 1 Jan 2099 00:00:00 +0900" + body[end:]
    assert fingerprint(later, "feed") == fingerprint(body, "feed")
    word = body.rindex(b"<pubDate>") + 12
    assert fingerprint(body[:word] + b"~" + body[word + 1 :], "feed") != fingerprint(body, "feed")
