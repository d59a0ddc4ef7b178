"""`moafeed import rss-bridge`: addresses of RSS-Bridge's selector bridges become sources."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from command_line import moafeed, workspace
from hypothesis import given
from hypothesis import strategies as st
from imported_configs import PAGES, PLAIN, crawled, keys, source_text, take
from small_site import site

from crawler.imports.rss_bridge import wanted
from crawler.source import load_sources
from crawler.source_file import taken


def bridge(name: str, **said: str) -> str:
    query = urlencode({"action": "display", "bridge": name, **said, "format": "Atom"})
    return f"https://bridge.example/?{query}"


def test_an_address_becomes_a_source_whose_posts_are_right(tmp_path: Path) -> None:
    with site(dict(PLAIN)) as served:
        out = take(tmp_path, "rss-bridge", "bridges.txt", "# mine\n\n" + bridge(
            "CssSelectorBridge", home_page=f"{served.url}/", url_selector="tr.row", url_pattern=r"\/read\?no=\d+",
            content_selector="#text", content_cleanup=".ad", title_cleanup=" 하나", limit="20",
        ))  # fmt: skip
        posts = crawled(tmp_path)
    assert [post["title"] for post in posts] == ["골목의 고양이", "비 오는 날"]
    assert "우산" in posts[1]["content_html"]
    assert "광고입니다" not in posts[1]["content_html"]
    assert "구독과 좋아요" not in posts[1]["content_html"]
    assert {post["published"] for post in posts} == {"2026-03-01T00:00:00+00:00"}
    assert out.endswith("1 new, 0 followed already\n")
    assert keys(tmp_path)["limit"] == 20


def test_the_complex_bridge_with_all_its_selectors(tmp_path: Path) -> None:
    pages = {path: page.replace("<body>", "<body><main>").replace("</body>", "</main></body>")
             for path, page in PAGES.items()}  # fmt: skip
    with site(pages) as served:
        take(tmp_path, "rss-bridge", "bridges.txt", bridge(
            "CssSelectorComplex", home_page=f"{served.url}/", entry_element_selector="tr.row", url_selector="a.go",
            use_article_pages="on", article_page_content_selector="main", title_selector="h4, h1", time_selector=".on",
            time_format="d/m/Y H시 i분", author_selector=".by", category_selector=".top a",
            content_cleanup=".ad, .foot",
        ))  # fmt: skip
        posts = crawled(tmp_path)
    assert [post["title"] for post in posts] == ["골목의 고양이", "비 오는 날"]
    assert {post["published"] for post in posts} == {"2024-03-05T06:12:00+00:00"}
    assert posts[0]["categories"] == ["생활", "동네"]
    assert "고양이가 있다" in posts[0]["content_html"]
    assert "이웃 글" not in posts[0]["content_html"]


def test_a_title_without_what_each_title_has(tmp_path: Path) -> None:
    title = "<title>글 | 한 편 | 마을 (게시판)"
    pages = {path: page.replace("<title>마을 게시판", title) for path, page in PAGES.items()}
    with site(pages) as served:
        take(tmp_path, "rss-bridge", "bridges.txt", bridge(
            "CssSelector", home_page=f"{served.url}/", url_selector="a.go", content_selector="#text",
            title_cleanup=" | 마을 (게시판)",
        ))  # fmt: skip
        assert {post["title"] for post in crawled(tmp_path)} == {"글 | 한 편"}


@pytest.mark.parametrize(("name", "said", "expected", "told"), [
    ("CssSelectorFeedExpander", {"feed": "https://a.example/x/rss", "content_selector": "article", "limit": "5",
                                 "discard_thumbnail": "on", "dont_expand_metadata": "on"},
     {"url": "https://a.example/", "feed": "https://a.example/x/rss", "limit": 5,
      "select": {"body": ({"selector": "article"},)}},
     ["discard_thumbnail: a post's lead image", "dont_expand_metadata: "]),
    ("XPathBridge", {"url": "https://a.example/n", "item": "%2F%2Fli", "uri": ".//h3/a/@href", "title": ".//h2"},
     {"url": "https://a.example/n", "listing": {
        "items": ({"selector": "//li"},),
        "select": {"link": ({"selector": ".//h3/a"},), "title": ({"selector": ".//h2"},)}}}, []),
    ("XPath", {"url": "https%3A%2F%2Fa.example%2Fn", "item": "//li", "uri": "string(.//a)", "fix_encoding": "on"},
     {"url": "https://a.example/n", "listing": {"items": ({"selector": "//li"},)}},
     ["uri: it makes up an address", "fix_encoding: "]),
    ("CssSelectorComplexBridge", {"home_page": "https://a.example/", "entry_element_selector": "li",
                                  "cookie": "a=s3cr3t", "title_selector": "h2", "time_selector": "time", "wat": "1",
                                  "remove_styling": "on"},
     {"url": "https://a.example/", "listing": {"items": ({"selector": "li"},), "select": {
         "title": ({"selector": "h2"},), "published": ({"selector": "time"},)}},
      "request": {"cookies": {"a": "${A_EXAMPLE_A}"}}},
     ["wat: nothing here does that", "MOAFEED_A_EXAMPLE_A"]),
    ("CssSelectorComplex", {"home_page": "https://a.example/", "entry_element_selector": "li",
                            "use_article_pages": "on", "article_page_content_selector": ".a, .b",
                            "time_selector": "time", "time_format": "jS"},
     {"url": "https://a.example/", "listing": {"items": ({"selector": "li"},)},
      "select": {"body": ({"selector": ".a, .b"},), "published": ({"selector": ".a time, .b time"},)}},
     ["time_format: it has a sign"]),
])  # fmt: skip
def test_what_each_bridge_becomes(
    tmp_path: Path, name: str, said: dict[str, str], expected: dict[str, Any], told: list[str]
) -> None:
    out = take(tmp_path, "rss-bridge", "bridges.txt", bridge(name, **said))
    assert keys(tmp_path) == expected
    assert all(sentence in out for sentence in told), out
    assert "s3cr3t" not in out + source_text(tmp_path)


def test_addresses_in_a_subscription_list(tmp_path: Path) -> None:
    address = bridge("CssSelector", home_page="https://a.example/", url_selector="a")
    lines = f'<outline text="하나" xmlUrl="{escape(address)}"/><outline text="둘" xmlUrl="https://b.example/rss"/>'
    out = take(tmp_path, "rss-bridge", "list.opml", f'<opml version="2.0"><body>{lines}{lines}</body></opml>')
    assert keys(tmp_path) == {"url": "https://a.example/", "title": "하나", "listing": {"items": ({"selector": "a"},)}}
    assert "1 new, 1 followed already" in out


@pytest.mark.parametrize(("address", "said"), [
    (bridge("YoutubeBridge", c="x"), "line 1: YoutubeBridge has its own code; only CssSelectorBridge, "),
    ("https://bridge.example/?action=display", "line 1: it names no bridge"),
    (bridge("CssSelector", url_selector="a"), "line 1: it has no home_page"),
    (bridge("CssSelector", home_page="ftp://x/"), "is no web address"),
    (bridge("CssSelector", home_page="https://me:s3cr3t@x.example/"), "holds a user name"),
    ("https://[half?bridge=CssSelector", "line 1: it is no address"),
    ("?bridge=CssSelector&home_page=https://a.example/" + "&a=b" * 999, "line 1: it is no address"),
])  # fmt: skip
def test_what_can_not_be_followed_is_told_and_the_rest_is_taken(tmp_path: Path, address: str, said: str) -> None:
    good = bridge("CssSelector", home_page="https://b.example/", url_selector="a")
    out = take(tmp_path, "rss-bridge", "bridges.txt", f"{address}\n{good}\n", 65)
    assert said in out
    assert "s3cr3t" not in out
    assert [source.url for source in load_sources(tmp_path / "sources").sources] == ["https://b.example/"]
    assert "1 new, 0 followed already, 1 can't be followed" in out


@pytest.mark.parametrize(("field", "value", "said"), [
    ("url_pattern", "(?=/read)", "looks ahead"), ("url_pattern", "(", "is no regular expression"),
    ("url_pattern", r"(a)\1", "refers back"), ("content_selector", "a[", "is no CSS selector"),
    ("content_cleanup", "a:eq(1)", "is no CSS selector"), ("limit", "0", "limit"), ("limit", "９", ""),
    ("content_selector", "a" * 501, "longer than"),
])  # fmt: skip
def test_what_the_model_refuses_is_told(tmp_path: Path, field: str, value: str, said: str) -> None:
    address = bridge("CssSelector", **{"home_page": "https://a.example/", "url_selector": "a", field: value})
    assert said in take(tmp_path, "rss-bridge", "bridges.txt", address, 65 if said else 0)
    assert keys(tmp_path) == {"url": "https://a.example/", "listing": {"items": ({"selector": "a"},)}}


@pytest.mark.parametrize(("document", "said"), [
    ("", "has no address of RSS-Bridge"), ("# nothing\n", "has no address"), (b"\xff\xfe\xff", "not UTF-8"),
    ("https://b.example/\n" * 600_000, "longer than 1 MiB"), ("x\n" * 6000, "more than 5000 addresses"),
    ('<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml><body><outline xmlUrl="&b;"/></body></opml>',
     "has no address"),
])  # fmt: skip
def test_what_is_no_list_of_addresses_is_told_in_one_sentence(tmp_path: Path, document: str | bytes, said: str) -> None:
    out = take(tmp_path, "rss-bridge", "bridges.txt", document, 65)
    assert said in out
    assert len(out) < 400


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "sources is no file" in moafeed("import", "rss-bridge", "sources", cwd=workspace(tmp_path), code=65).err


@given(st.sampled_from(["CssSelector", "CssSelectorComplexBridge", "CssSelectorFeedExpander", "XPath", "x"]),
       st.dictionaries(st.sampled_from([
           "home_page", "feed", "url", "url_selector", "entry_element_selector", "item", "uri", "cookie", "limit",
           "time_selector", "time_format", "use_article_pages", "title_cleanup", "_cache_timeout", "author_selector",
       ]), st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)))  # fmt: skip
def test_whatever_an_address_says_it_is_read_or_told(name: str, said: dict[str, str]) -> None:
    each = wanted(bridge(name, **said), "line 1")
    made, _ = taken({"url": "https://a.example/"}, each.settings)
    assert made["url"] == "https://a.example/"
