"""What a blog's own feed names, in whatever state it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import Found, feed_posts

HERE = "https://dal.tistory.com/rss"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><link>https://dal.tistory.com/</link>{"".join(items)}</channel></rss>'.encode()


def test_rss_in_its_order_with_the_guids_address_beside_the_link() -> None:
    body = rss(
        "<item><link>https://dal.tistory.com/entry/a</link><guid isPermaLink='true'>https://dal.tistory.com/7</guid></item>",
        "<item><link>/6</link><guid>not an address</guid></item>",
        "<item><guid>https://dal.tistory.com/5</guid></item>",
        "<item><title>no address at all</title></item>",
        "<item><link>javascript:alert(1)</link></item>",
    )
    assert feed_posts(body, HERE) == (
        Found(url="https://dal.tistory.com/entry/a", addresses=("https://dal.tistory.com/7",)),
        Found(url="https://dal.tistory.com/6"),
        Found(url="https://dal.tistory.com/5"),
    )


def test_atom_and_rdf() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/>
      <entry><link rel="enclosure" href="/x.mp3"/><link href="/one"/></entry></feed>"""
    assert feed_posts(atom, "https://a.example/atom.xml") == (Found(url="https://a.example/one"),)
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <item><link>https://b.example/1</link></item></rdf:RDF>"""
    assert feed_posts(rdf, "https://b.example/rdf") == (Found(url="https://b.example/1"),)


@pytest.mark.parametrize("spoilt", [
    b"\n" + rss("<item><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><title>a &ltlt; b &nbsp; & c</title><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><title>\x0b</title><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><link>https://dal.tistory.com/1</link></item>", "<item><link>")[:-40],
    '<?xml version="1.0" encoding="euc-kr"?><rss><channel><item><title>똠방각하 뷁</title>'
    "<link>https://dal.tistory.com/1</link></item></channel></rss>".encode("cp949"),
], ids=["newline first", "bad entities", "control character", "cut short", "cp949 called euc-kr"])
def test_a_feed_that_a_strict_parser_refuses(spoilt: bytes) -> None:
    assert Found(url="https://dal.tistory.com/1") in feed_posts(spoilt, HERE)


@pytest.mark.parametrize("body", [b"", b"   ", b"<html><a href='/1'>x</a></html>", b"{}", b"\x00\xff\xfe"])
def test_what_is_no_feed_names_nothing(body: bytes) -> None:
    assert feed_posts(body, HERE) == ()


def test_bombs_and_outside_files_stay_shut(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://secret.example/1")
    outside = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    assert "secret.example" not in str(feed_posts(rss("<item><link>&x;</link></item>", head=outside), HERE))
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY a0 "https://x/">{layers}]>'
    started = time.process_time()
    feed_posts(rss("<item><link>&a11;</link></item>", head=bomb), HERE)
    assert time.process_time() - started < 5


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: rss(f"<item><link>{text}</link></item>")))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    for found in feed_posts(body, HERE):
        assert found.url.startswith(("http://", "https://"))


# What people and broken software write where an address should be.
ADDRESSES = st.one_of(
    st.sampled_from(["http://[", "//[", "http://[::1", "http://a]b/", "http:///x", "https://", "http://a b/",
                     "http://\x00", "http://dal.tistory.com:99999/1", "http://dal.tistory.com:x/1",
                     "http://\u2100.example/", "mailto:a@b"]),
    st.text("ht[]:/.@#?%가 \\09\u2100\u00df", max_size=20),
)


@given(ADDRESSES, st.sampled_from(["link", "guid"]))
def test_one_unusable_address_costs_no_other_post(address: str, tag: str) -> None:
    text = address.replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
    atom = address.replace("&", "&amp;").replace('"', "&quot;").replace("\x00", "")
    body = rss(f"<item><{tag}>{text}</{tag}></item>", "<item><link>https://dal.tistory.com/1</link></item>")
    assert Found(url="https://dal.tistory.com/1") in feed_posts(body, HERE)
    entries = f'<entry><link href="{atom}"/></entry><entry><link href="/1"/></entry>'
    whole = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    assert Found(url="https://dal.tistory.com/1") in feed_posts(whole, HERE)


@pytest.mark.parametrize("declared", ["'euc-kr'", '"EUC-KR"', '"Euc-Kr"', '"ks_c_5601-1987"', "'cp949'"])
def test_korean_of_the_old_code_pages_however_declared(declared: str) -> None:
    body = (f"<?xml version='1.0' encoding={declared}?><rss><channel><item><title>똠방각하 뷁</title>"
            "<link>https://dal.tistory.com/entry/똠뷁</link></item></channel></rss>").encode("cp949")
    (found,) = feed_posts(body, "https://dal.tistory.com/rss")
    assert found.url in {"https://dal.tistory.com/entry/똠뷁", "https://dal.tistory.com/entry/%EB%98%A0%EB%B7%81"}


def test_a_feed_as_large_as_a_crawl_lets_through() -> None:
    text = "글" * 300
    many = rss(*(f"<item><link>/{number}</link><description>{text}</description></item>" for number in range(8000)))
    started = time.process_time()
    assert len(feed_posts(many, HERE)) == 8000
    assert time.process_time() - started < 5
