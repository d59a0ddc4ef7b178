"""`moafeed import opml`: what FreshRSS says of the pages that it scrapes goes along."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from imported_configs import PLAIN, crawled, keys, source_text, take
from small_site import site

from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import linked_xpath

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head><title>x</title></head><body>'


def listed(**said: str) -> str:
    quoted = {name.replace("frss_", "frss:"): escape(value).replace("\n", "&#10;") for name, value in said.items()}
    written = " ".join(f'{name}="{value}"' for name, value in quoted.items())
    return f'{HEAD}<outline xmlns:frss="https://freshrss.org/opml" {written}/></body></opml>'


def scraped(url: str = "https://a.example/news", **said: str) -> str:
    return listed(text="마을", type="HTML+XPath", xmlUrl=url, **{f"frss_{name}": value for name, value in said.items()})


def test_a_scraped_page_becomes_a_source_whose_posts_are_right(tmp_path: Path) -> None:
    with site(dict(PLAIN)) as served:
        out = take(tmp_path, "opml", "list.opml", scraped(
            f"{served.url}/", xPathItem="//tr[@class='row']", xPathItemTitle="descendant::a[2]",
            xPathItemUri="descendant::a[@class='go']/@href", cssFullContent="#text", cssContentFilter=".ad",
        ))  # fmt: skip
        posts = crawled(tmp_path)
        assert not [path for path in served.asked if "member" in path]
    assert [post["title"] for post in posts] == ["골목의 고양이", "비 오는 날"]
    assert "우산" in posts[1]["content_html"]
    assert "광고입니다" not in posts[1]["content_html"]
    assert "구독과 좋아요" not in posts[1]["content_html"]
    assert posts[0]["published"] == "2026-03-01T00:00:00+00:00"
    assert keys(tmp_path)["listing"]["select"]["title"] == ({"selector": "(.//a)[2]"},)
    assert out.endswith("1 new, 0 followed already\n")


def test_what_each_attribute_becomes(tmp_path: Path) -> None:
    out = take(tmp_path, "opml", "list.opml", scraped(
        xPathItem="//article", xPathItemUri="concat('https://a.example/', @id)", xPathItemAuthor="'해온'",
        xPathItemTimestamp=".//time", xPathItemTimeFormat="d.m.Y H:i", xPathItemUid="@id", ttl="7200", priority="main",
        cssFullContent="article, .text", cssFullContentConditions="intitle:x", filtersActionRead="intitle:y",
        CURLOPT_COOKIE="sid=s3cr3t; a=b", CURLOPT_USERAGENT="Mozilla/5.0", CURLOPT_PROXY="http://me:s3cr3t@p.example:80",
        CURLOPT_HTTPHEADER="X-Api-Key: s3cr3t\nAccept-Language: ko",
    ))  # fmt: skip
    made = keys(tmp_path)
    assert made["listing"] == {
        "items": ({"selector": "//article"},),
        "select": {"published": ({"selector": ".//time", "format": "%d.%m.%Y %H:%M"},)},
    }
    assert made["select"]["body"] == ({"selector": "article, .text"},)
    assert made["author"] == "해온"
    assert made["every"].total_seconds() == 7200
    assert made["request"] == {
        "headers": {"X-Api-Key": "${A_EXAMPLE_NEWS_X_API_KEY}", "Accept-Language": "ko"},
        "cookies": {"sid": "${A_EXAMPLE_NEWS_SID}", "a": "${A_EXAMPLE_NEWS_A}"}, "user_agent": "Mozilla/5.0",
        "proxy": "http://${A_EXAMPLE_NEWS_PROXY}@p.example:80",
    }  # fmt: skip
    assert "s3cr3t" not in out + source_text(tmp_path)
    for said in ("xPathItemUri: it makes up an address", "xPathItemUid: posts are told",
                 "cssFullContentConditions: ", "filtersActionRead: nothing is marked",
                 "MOAFEED_A_EXAMPLE_NEWS_SID"):  # fmt: skip
        assert said in out, said


@pytest.mark.parametrize(("said", "expected"), [
    ({"xmlUrl": "https://a.example/rss", "frss_cssFullContent": "article"},
     {"url": "https://a.example/", "feed": "https://a.example/rss", "select": {"body": ({"selector": "article"},)}}),
    ({"xmlUrl": "https://a.example/rss", "htmlUrl": "https://a.example/blog/", "frss_cssContentFilter": ".ad"},
     {"url": "https://a.example/blog/", "feed": "https://a.example/rss", "clean": {"remove": ({"selector": ".ad"},)}}),
    ({"xmlUrl": "https://a.example/rss", "frss_cssContentFilter": ".ad"},
     {"url": "https://a.example/rss", "platform": "feed-only", "clean": {"remove": ({"selector": ".ad"},)}}),
])  # fmt: skip
def test_a_feed_goes_on_as_one(tmp_path: Path, said: dict[str, str], expected: dict[str, Any]) -> None:
    take(tmp_path, "opml", "list.opml", listed(type="rss", **said))
    assert keys(tmp_path) == expected


@pytest.mark.parametrize(("attribute", "value", "said"), [
    ("cssFullContent", "article[", "is no CSS selector"),
    ("cssFullContent", "article:first", "is no CSS selector"),
    ("xPathItem", "//article[", "is no XPath expression"),
    ("xPathItem", "//a[php:function('x')]", "calls php:function()"),
    ("xPathItem", "//a[matches(@href, 'x')]", "calls matches()"),
    ("xPathItem", "//" + "a" * 600, "is longer than 500"),
    ("xPathItem", "//a[@x='\ue000\x7f\u202e']", ""),
    ("ttl", "1", "is out of range"),
    ("ttl", "-7", ""),
    ("CURLOPT_COOKIE", "한글=s3cr3t", "is no name of a cookie"),
    ("CURLOPT_HTTPHEADER", "Host: s3cr3t", "is the crawler's to decide"),
])  # fmt: skip
def test_what_the_model_refuses_is_told_and_the_rest_is_written(
    tmp_path: Path, attribute: str, value: str, said: str
) -> None:
    document = scraped(**{attribute: value, "CURLOPT_USERAGENT": "me"})
    out = take(tmp_path, "opml", "list.opml", document, 65 if said else 0)
    assert said in out
    assert "s3cr3t" not in out + source_text(tmp_path)
    assert keys(tmp_path)["request"]["user_agent"] == "me"
    assert "1 new, 0 followed already" in out


def test_json_is_told_to_be_nothing_to_follow(tmp_path: Path) -> None:
    line = listed(type="JSON+DotNotation", text="목록", xmlUrl="https://a.example/api", frss_jsonItem="data")
    out = take(tmp_path, "opml", "list.opml", line, 65)
    assert "목록: its posts are in JSON" in out
    assert out.count("1 can't be followed") == 1
    assert not list((tmp_path / "sources").iterdir())


@pytest.mark.parametrize(("items", "link", "made"), [
    ("//li", "descendant::a/@href", "//li"),  # any link of an item: the one in its headline
    ("//li", "./descendant::a[string-length(@href) > 0]", "//li"),
    ("//li", "descendant::a[@class='go']/@href", "//li//a[@class='go']"),
    ("//li", ".//h2/a/@href", "//li//h2/a"),
    ("//li", "a/@href", "//li/a"),
    ("//li", "./a[1]/@href", "//li/a[1]"),
    ("//a", "@href", "//a"),
    ("//a", ".", "//a"),
    ("//li | //td[a='|']", "a", "//li/a | //td[a='|']/a"),
    ("//li", "parent::a/@href", "//li/parent::a"),
    ("//li", "string(.//a/@href)", None),
    ("//li", "concat('x', @href)", None),
    ("//li" * 999, "a" * 9, None),
])  # fmt: skip
def test_the_links_of_items(items: str, link: str, made: str | None) -> None:
    assert linked_xpath(items, link) == made


@pytest.mark.parametrize(("php", "ours"), [
    ("Y-m-d H:i:s", "%Y-%m-%d %H:%M:%S"), ("!d/m/Y", "%d/%m/%Y"), ("Y\\년 n월 j일", "%Y년 %m월 %d일"),
    ("D, d M Y H:i:s O", "%a, %d %b %Y %H:%M:%S %z"), ("jS F Y", None), ("U", None), ("Y?", None), ("", ""),
    ("100%", "100%%"), ("Y\\", "%Y"),
])  # fmt: skip
def test_a_date_format_of_php(php: str, ours: str | None) -> None:
    assert strptime_format(php) == ours
