"""Which post is this: the keys it is found by, the guid it gets, and what counts as a change of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.digest import digest
from pipelines.identity import address_alias, aliases, is_platform_key, mint
from pipelines.post import RawPost
from pipelines.urls import absolute, canonical

NOON = datetime(2026, 3, 1, 3, tzinfo=UTC)
RAW = RawPost(source="dal", page_url="https://dal.tistory.com/entry/a", fetched=NOON, key="tistory:7:12",
              addresses=("https://dal.tistory.com/12", "https://dal.tistory.com/m/12"))
# RFC 4151 section 2.1: tag:authority,date:specific
TAG = re.compile(r"tag:[\w.:\[\]-]+,\d{4}:[\w\-.~!$&'()*+,;=:@/?%]+", re.ASCII)


def test_the_platforms_id_comes_first_and_every_address_is_known() -> None:
    names = aliases(RAW, "https://dal.tistory.com/entry/a")
    assert is_platform_key(names[0])
    assert not any(map(is_platform_key, names[1:]))
    for address in ("http://dal.tistory.com/12/", "https://www.dal.tistory.com/entry/a", "https://dal.tistory.com/m/12"):
        assert address_alias(address) in names


@given(st.text(min_size=1, max_size=40), st.sampled_from([None, "tistory:7:12"]))
def test_a_guid_is_a_tag_uri_whatever_the_address(path: str, key: str | None) -> None:
    url = canonical(absolute("/" + path.lstrip("/\\"), "https://dal.tistory.com/") or "https://dal.tistory.com/")
    assert TAG.fullmatch(mint(replace(RAW, key=key), url, NOON))


def test_a_guid_names_host_year_and_post() -> None:
    assert mint(RAW, "https://dal.tistory.com/entry/a", NOON) == "tag:dal.tistory.com,2026:tistory:7:12"
    keyless = replace(RAW, key=None)
    assert mint(keyless, "https://a.example:8080/p?id=3", NOON) == "tag:a.example,2026:/p?id=3"


SIGNED = '<p>글</p><img src="https://blog.kakaocdn.net/dna/a/b/AAAA/img.png?credential=x&amp;expires=1&amp;signature={}">'


@pytest.mark.parametrize(("one", "other"), [
    (SIGNED.format("s1"), SIGNED.format("s2")),
    (SIGNED.format("s1"), '<p>글</p><img src="https://blog.kakaocdn.net/dn/a/b/cccc/img.png">'),
    ("<p>한 줄</p>\n<p>두 줄</p>", "<p>한  줄</p><p>두 줄 </p>"),
    ("<p>글</p><p>&nbsp;</p>", "<p>글</p>"),
    ('<p style="color: red" data-ke-size="size16">글</p>', "<p>글</p>"),
    ('<img src="https://x.example/1.png?X-Amz-Signature=1">', '<img src="https://x.example/1.png?X-Amz-Signature=2">'),
])
def test_what_changes_without_meaning(one: str, other: str) -> None:
    assert digest("제목", one) == digest("제목", other)


@pytest.mark.parametrize(("one", "other"), [
    ("<p>글</p>", "<p>글씨</p>"),
    ("<p>가 나</p>", "<p>가나</p>"),
    (SIGNED.format("s"), "<p>글</p>"),
    ('<a href="https://x.example/?id=1">가</a>', '<a href="https://x.example/?id=2">가</a>'),
    ("<p>글</p>", "<h2>글</h2>"),
    ("<pre>a\nb</pre>", "<pre>a</pre>"),
])
def test_what_a_reader_would_notice(one: str, other: str) -> None:
    assert digest("제목", one) != digest("제목", other)
    assert digest("제목", one) != digest("다른 제목", one)
