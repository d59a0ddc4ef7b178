"""Which post is this: the keys it is found by, and the guid it gets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert mint(keyless, "https://a.example/p?id=3", NOON) == "tag:a.example,2026:/p?id=3"


@pytest.mark.parametrize("key", [None, "wordpress:a.example:3"])
@pytest.mark.parametrize("host", ["a.example", "127.0.0.1", "[::1]"])
def test_guids_of_blogs_on_other_ports_of_a_host_differ(host: str, key: str | None) -> None:
    raw = replace(RAW, key=key)
    guids = [mint(raw, canonical(f"http://{host}{port}/p?id=3"), NOON) for port in ("", ":80", ":8001", ":8002")]
    known = f"tag:{host.strip('[]')},2026:"
    assert guids[0] == guids[1] == known + (key or "/p?id=3")
    assert guids[2] == known + "8001:" + (key or "/p?id=3")
    assert guids[3] == known + "8002:" + (key or "/p?id=3")
    assert all(map(TAG.fullmatch, guids))


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){1,2}", fullmatch=True),
       st.text(min_size=1, max_size=40), st.text(max_size=20), st.integers(1990, 2100))
def test_a_guid_of_any_address_is_the_same_each_time(host: str, path: str, query: str, year: int) -> None:
    url = canonical(absolute(f"/{path.lstrip('/')}?q={query}", f"https://{host}/") or f"https://{host}/")
    raw = replace(RAW, key=None)
    guid = mint(raw, url, NOON.replace(year=year))
    assert TAG.fullmatch(guid)
    assert guid.startswith(f"tag:{host},{year}:/")
    assert guid == mint(raw, canonical(url), NOON.replace(year=year))


def test_the_strongest_name_is_first_then_the_pages_own_address_each_once() -> None:
    names = aliases(replace(RAW, addresses=(*RAW.addresses, RAW.page_url, "")), "https://dal.tistory.com/entry/own")
    assert names == ("id:tistory:7:12", "at:dal.tistory.com/entry/own", "at:dal.tistory.com/entry/a",
                     "at:dal.tistory.com/12", "at:dal.tistory.com/m/12")
    assert aliases(replace(RAW, key=None, addresses=()), RAW.page_url) == ("at:dal.tistory.com/entry/a",)
