"""Addresses: one spelling each, and what makes two of them one page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import urls
from pipelines.urls import absolute, canonical, same_page_key

BASE = "https://blog.example/entry/one"


@pytest.mark.parametrize(("url", "expected"), [
    ("https://Blog.Example/12", "https://blog.example/12"),
    ("HTTPS://blog.example", "https://blog.example/"),
    ("http://blog.example:80/12", "http://blog.example/12"),
    ("https://blog.example:443/12", "https://blog.example/12"),
    ("https://blog.example:8443/12", "https://blog.example:8443/12"),
    ("https://blog.example/12#comment3", "https://blog.example/12"),
    ("https://blog.example/a/../b/./c", "https://blog.example/b/c"),
    ("https://blog.example/12?", "https://blog.example/12"),
    ("https://blog.example/12?utm_source=rss&utm_medium=feed", "https://blog.example/12"),
    ("https://blog.example/12?b=2&fbclid=x&a=1", "https://blog.example/12?a=1&b=2"),
    ("https://blog.example/PostView?no=1&fromRss=true&trackingCode=rss", "https://blog.example/PostView?no=1"),
    ("https://blog.example/entry/한글 제목", "https://blog.example/entry/%ED%95%9C%EA%B8%80%20%EC%A0%9C%EB%AA%A9"),
    ("https://blog.example/entry/%ed%95%9c", "https://blog.example/entry/%ED%95%9C"),
    # a Mac's spelling of 한: three jamo
    ("https://blog.example/entry/%E1%84%92%E1%85%A1%E1%86%AB", "https://blog.example/entry/%ED%95%9C"),
    ("https://blog.example/caf%65%CC%81", "https://blog.example/caf%C3%A9"),
    ("https://blog.example/%FF%FE", "https://blog.example/%FF%FE"),
    ("https://한글.example/1", "https://xn--bj0bj06e.example/1"),
    ("https://user:secret@blog.example/12", "https://blog.example/12"),
    ("  https://blog.example/1\n2 ", "https://blog.example/12"),
])
def test_the_canonical_spelling(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize("other", [
    "http://blog.example/entry/a", "https://www.blog.example/entry/a", "https://blog.example/entry/a/",
    "https://blog.example/entry/a#c", "https://BLOG.example/entry/a?utm_source=x",
])
def test_one_page_has_one_key(other):
    assert same_page_key(other) == same_page_key("https://blog.example/entry/a")


@pytest.mark.parametrize("other", [
    "https://blog.example/entry/A", "https://blog.example/entry/a?page=2", "https://blog2.example/entry/a",
    "https://blog.example/entry", "https://blog.example:8080/entry/a",
])
def test_two_pages_have_two_keys(other):
    assert same_page_key(other) != same_page_key("https://blog.example/entry/a")


@pytest.mark.parametrize(("written", "expected"), [
    ("/12", "https://blog.example/12"), ("two", "https://blog.example/entry/two"), ("?page=2", f"{BASE}?page=2"),
    ("//cdn.example/a.png", "https://cdn.example/a.png"), ("http://x.example", "http://x.example"), ("#note",
    f"{BASE}#note"),
    ("그림 1.png", "https://blog.example/entry/%EA%B7%B8%EB%A6%BC%201.png"), ("mailto:me@blog.example",
    "mailto:me@blog.example"),
    ("https://me:secret@x.example/a", "https://x.example/a"), ("//a.example@evil.example/b", "https://evil.example/b"),
    ("https://x.example/a?b=c&d=%20", "https://x.example/a?b=c&d=%20"), (" \t/1\n2 ", "https://blog.example/12"),
])
def test_a_written_address_becomes_absolute(written, expected):
    assert absolute(written, BASE) == expected


@pytest.mark.parametrize("written", [
    None, "", "  ", "javascript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x",
    "ftp://x.example/a",
    "file:///etc/passwd", "tel:+8210", "http://", "http://[::1", "http://x.example:99999/",
    "http://a b/", "mailto:",
    "http://a<b>/", "http://1.2.3.4.5/", "about:blank",
])
def test_an_address_that_leads_nowhere_is_none(written):
    assert absolute(written, BASE) is None


_addresses = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}{}{}".format, st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.sampled_from(["blog.example", "WWW.blog.example:80", "한글.kr", "u:p@x.example", "[::1]", "x..y", "",
        "1.2.3.4"]),
        st.text(alphabet="/.%가e\u0301\u1112\u1161?&=#a1 +;", max_size=20), st.sampled_from(["", "?utm_a=1&b=2", "?",
        "#x", "?a"]),
    ),
)


@settings(max_examples=500, deadline=None)
@given(_addresses)
def test_a_canonical_address_stays_as_it_is(url):
    once = canonical(url)
    assert canonical(once) == once
    assert same_page_key(once) == same_page_key(url)


@settings(max_examples=300, deadline=None)
@given(_addresses)
def test_an_absolute_address_is_ascii_and_stays_as_it_is(url):
    found = absolute(url, BASE)
    assert found is None or (found.isascii() and " " not in found and absolute(found, BASE) == found)


PIECES = [*"aB0./~!$&()*+,;=:@-_?%", "..", "%2F", "%3a", "%ea%b0%80", "/../", "//", "/./"]


@given(st.sampled_from(["http://", "https://"]), st.sampled_from(["a.example", "b-1.c.kr", "xn--9q.com", "1.2.3.com"]),
       st.lists(st.sampled_from(PIECES), max_size=8))
def test_the_short_way_and_the_long_way_lead_to_the_same_address(scheme: str, host: str, rest: list[str]) -> None:
    url = f"{scheme}{host}/{''.join(rest)}"
    short = absolute(url, BASE), canonical(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_PLAIN", re.compile("(?!)"))
        patch.setattr(urls, "_CANONICAL", re.compile("(?!)"))
        assert (absolute(url, BASE), canonical(url)) == short
