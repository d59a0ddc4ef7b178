"""`moafeed import html2rss`: each feed of a configuration becomes a source."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from command_line import moafeed, workspace
from hypothesis import given
from hypothesis import strategies as st
from imported_configs import PLAIN, crawled, keys, source_text, take
from small_site import site

from crawler.imports.html2rss.config import wanted
from crawler.imports.html2rss.yaml_text import YamlError, yaml_value
from crawler.source import load_sources
from crawler.source_file import taken

CONFIG = """# yaml-language-server: $schema=x
headers:
  User-Agent: Mozilla/5.0 (compatible)
feeds:
  village:
    channel:
      url: {url}/
      title: 마을 게시판
      language: ko
      time_zone: Asia/Seoul
      ttl: 120
    selectors:
      items:
        selector: "tr.row, .none"
      title:
        selector: a.go
      url:
        selector: a.go
        extractor: href
      description:
        selector: td
        extractor: html
        post_process:
          - name: sanitize_html
"""


def test_a_feed_becomes_a_source_whose_posts_are_right(tmp_path: Path) -> None:
    with site(dict(PLAIN)) as served:
        out = take(tmp_path, "html2rss", "feeds.yml", CONFIG.replace("{url}", served.url))
        posts = crawled(tmp_path)
        assert not [path for path in served.asked if "member" in path]
        assert "Mozilla/5.0 (compatible)" in served.headers[-1]["user-agent"]
    assert [post["title"] for post in posts] == ["골목의 고양이", "비 오는 날"]
    assert "우산" in posts[1]["content_html"]
    assert {post["published"] for post in posts} == {"2026-03-01T00:00:00+00:00"}
    made = keys(tmp_path)
    assert (made["title"], made["language"], made["zone"]) == ("마을 게시판", "ko", "Asia/Seoul")
    assert made["every"].total_seconds() == 7200
    select = {"link": ({"selector": "a.go"},), "title": ({"selector": "a.go"},)}
    assert made["listing"] == {"items": ({"selector": "tr.row, .none"},), "select": select}
    assert "description of the list: a post is read from its own page" in out
    assert out.endswith("1 new, 0 followed already\n")


def test_what_each_key_becomes(tmp_path: Path) -> None:
    out = take(tmp_path, "html2rss", "feed.yml", """
strategy: browserless
parameters: {id: {type: string, default: dal}}
directory: {title: x}
wat: ever
channel:
  url: https://a.example/%<id>s/news
  title: "두 줄\\n제목"
  author: mail@a.example (해온)
  description: about
  ttl: 5
headers: {Cookie: "sid=s3cr3t", Authorization: Basic s3cr3t, X-One: 1}
selectors:
  items: {selector: .item, order: reverse, pagination: {max_pages: 4}}
  author: {extractor: static, static: 다른 사람}
  link: {selector: "a:eq(2)", extractor: href, post_process: [{name: gsub, pattern: a, replacement: b}]}
  published_at: {selector: time, post_process: [{name: parse_time}]}
""", 65)  # fmt: skip
    made = keys(tmp_path)
    assert made["url"] == "https://a.example/dal/news"
    assert (made["title"], made["author"], made["pages"]) == ("두 줄 제목", "해온", 4)
    assert "every" not in made
    assert made["listing"] == {
        "items": ({"selector": ".item"},), "select": {"published": ({"selector": "time"},)},
    }  # fmt: skip
    assert made["request"]["headers"] == {"Authorization": "${A_EXAMPLE_DAL_NEWS_AUTHORIZATION}", "X-One": "1"}
    assert "s3cr3t" not in out + source_text(tmp_path)
    for said in ("strategy browserless: pages are read as the server sends them", "wat: nothing here does that",
                 "channel description: nothing", 'channel ttl 5m: "every" is out of range', "items order: ",
                 "url a:eq(2): ", "url post_process: ", "set the environment",
                 "author 다른 사람: another value"):  # fmt: skip
        assert said in out, said
    assert "directory" not in out


@pytest.mark.parametrize(("link", "items"), [
    ("{selector: a, extractor: attribute, attribute: data-to}", ".item a::attr(data-to)"),
    ("{selector: 'a:first'}", ".item"), ("{selector: 'h3 a:first, a:first-child'}", ".item h3 a, .item a:first-child"),
    ("{extractor: href}", ".item"), ("a.go", ".item a.go"), ("{selector: '> h2 a'}", ".item > h2 a"), ("[1]", ".item"),
])  # fmt: skip
def test_where_the_link_stands(tmp_path: Path, link: str, items: str) -> None:
    document = f"channel: {{url: https://a.example/}}\nselectors:\n  items: .item\n  url: {link}\n"
    take(tmp_path, "html2rss", "f.yml", document)
    assert keys(tmp_path)["listing"]["items"] == ({"selector": items},)


def test_feeds_that_can_not_be_followed_are_told_and_the_others_are_taken(tmp_path: Path) -> None:
    out = take(tmp_path, "html2rss", "feeds.yml", """
feeds:
  one: {channel: {url: "https://a.example/%<id>s"}}
  two: {channel: {title: "\\e[31m둘"}}
  three: {channel: {url: https://b.example/, json: true}}
  four: 4
  five: {channel: {url: https://c.example/}}
  six: {channel: {url: "https://me:s3cr3t@d.example/"}}
""", 65)  # fmt: skip
    assert [source.url for source in load_sources(tmp_path / "sources").sources] == ["https://c.example/"]
    assert "one: its address needs a value for id" in out
    assert "[31m둘: it has no channel url" in out
    assert "\x1b" not in out
    assert "s3cr3t" not in out
    assert "1 new, 0 followed already, 5 can't be followed" in out


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE = "a: &a {x: 1, y: 2}\n" + "".join(
    f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
CHAIN = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}}}\n" for n in range(1, 3000))


@pytest.mark.parametrize(("document", "said"), [
    ("", "neither a channel nor feeds"), ("- 1\n- 2\n", "neither a channel nor feeds"), ("a: [", "no YAML"),
    ("a: !ruby/regexp /x/", "names a type"), ("a: !!python/object/apply:os.system [ls]", "names a type"),
    ("a: !!timestamp x", "names a type"), ("a: 2020-99-99", "a date or a number"), ("a: " + "9" * 9000, "number"),
    ("[" * 5000, "nest"), ("[" * 40 + "]" * 40, "nested too deep"),
    (BOMB, "aliases make far more"), (MERGE, "aliases make far more"), (CHAIN, "aliases make far more"),
    ("a: &a [*a]", "an alias in it"), ("a: *b", "no YAML"), ("\t- x", "no YAML"),
    (b"\xff\xfe\x00", "not UTF-8 text"), ("channel: 마을".encode("cp949"), "not UTF-8 text"),
    ("channel:\n" + "  # much\n" * 10**6, "longer than 1 MiB"), ("a: {b: 1", "no YAML"), ("? {a: b}\n: c", "no YAML"),
])  # fmt: skip
def test_what_is_no_configuration_is_told_in_one_sentence(tmp_path: Path, document: str | bytes, said: str) -> None:
    started = time.monotonic()
    out = take(tmp_path, "html2rss", "feeds.yml", document, 65)
    assert said in out
    assert len(out) < 500
    assert time.monotonic() - started < 20
    assert not list((tmp_path / "sources").iterdir())


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "sources is no file" in moafeed("import", "html2rss", "sources", cwd=workspace(tmp_path), code=65).err


def test_encodings_and_honest_anchors_are_read(tmp_path: Path) -> None:
    text = "x: &x {selector: .item}\nchannel: {url: https://a.example/, title: 마을}\nselectors: {items: *x}\n"
    for number, document in enumerate(["\ufeff" + text, text.encode("utf-16"), text.replace("\n", "\r\n")]):
        take(tmp_path / str(number), "html2rss", "feeds.yml", document)
        assert keys(tmp_path / str(number))["listing"]["items"] == ({"selector": ".item"},)


PLAIN_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(
        st.sampled_from(["url", "title", "selector", "items", "extractor", "static", "author", "ttl", "headers",
                         "feeds", "channel", "selectors", "link", "attribute", "post_process", "pagination",
                         "max_pages"])
        | st.integers(), each, max_size=4), max_leaves=12,
)  # fmt: skip


@given(PLAIN_VALUES, PLAIN_VALUES, PLAIN_VALUES)
def test_whatever_a_configuration_holds_it_is_read_or_told(channel: Any, selectors: Any, rest: Any) -> None:
    document = {"channel": {"url": "https://a.example/"} | (channel if isinstance(channel, dict) else {}),
                "selectors": selectors, "headers": rest}
    for each in wanted(document):
        made, _ = taken({"url": "https://a.example/"}, each.settings)
        assert made["url"] == "https://a.example/"
        assert all(isinstance(sentence, str) for sentence in each.left)


@given(st.text(max_size=60))
def test_any_text_is_yaml_or_refused(text: str) -> None:
    with suppress(YamlError):
        yaml_value(text)
