"""`moafeed import`: what other programs read in the items of a list is read there by the source file too."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from imported_configs import crawled, keys, take
from lxml import html
from odd_site import TEXT
from small_site import site

from crawler.imports._listed import css_link, from_item, in_item, xpath_link
from crawler.selecting import selection


def row(number: int, name: str) -> str:
    return (
        f'<tr class="row"><td><img class="thumb" src="/t/{number}.jpg"></td><td><a href="/member/{number}">{name}</a>'
        f'<a class="go" href="/read?no={number}">골목 {number}</a></td><td class="by">글쓴이: {name}</td>'
        f'<td class="on">2024.03.0{number} 15:12</td><td class="odd">0{number}/03/24 15시 12분</td>'
        '<td><b class="key">비</b><b class="key">산책</b></td></tr>'
    )


def bare(text: str) -> str:
    """A post's page that says that it is one, and nothing of it but its text."""
    head = '<title>마을</title><meta property="og:type" content="article">'
    return f'<html><head>{head}</head><body><article id="text">{text}</article></body></html>'


PAGES: dict[str, Any] = {
    "/": f"<html><head><title>마을</title></head><body><table>{row(1, '해온')}{row(2, '나루')}</table></body></html>",
    "/read?no=1": bare(TEXT), "/read?no=2": bare(TEXT * 2),
}  # fmt: skip


def freshrss(url: str) -> str:
    said = {
        "xPathItem": "//tr[@class='row']", "xPathItemUri": "descendant::a[@class='go']/@href",
        "xPathItemTitle": "descendant::a[2]", "xPathItemAuthor": "substring-after(td[@class='by'], ': ')",
        "xPathItemTimestamp": "normalize-space(./td[@class='odd'])", "xPathItemTimeFormat": "d/m/y H시 i분",
        "xPathItemThumbnail": ".//img/@src", "xPathItemCategories": "descendant::b", "cssFullContent": "#text",
    }  # fmt: skip
    written = " ".join(f'frss:{name}="{escape(value)}"' for name, value in said.items())
    line = f'<outline xmlns:frss="https://freshrss.org/opml" text="마을" type="HTML+XPath" xmlUrl="{url}" {written}/>'
    return f'<opml version="2.0"><body>{line}</body></opml>'


def xpath_bridge(url: str) -> str:
    return "https://bridge.example/?" + urlencode({
        "action": "display", "bridge": "XPathBridge", "url": url, "item": "//tr[@class='row']",
        "uri": ".//a[@class='go']/@href", "title": ".//a[@class='go']", "timestamp": "./td[@class='on']",
        "author": "substring-after(./td[@class='by'], ': ')", "enclosures": ".//img/@src", "categories": ".//b",
    })  # fmt: skip


def complex_bridge(url: str) -> str:
    return "https://bridge.example/?" + urlencode({
        "action": "display", "bridge": "CssSelectorComplex", "home_page": url, "entry_element_selector": "tr.row",
        "url_selector": "a.go", "title_selector": "a.go", "author_selector": "a:first", "time_selector": ".odd",
        "time_format": "d/m/y H시 i분",
    })  # fmt: skip


def html2rss(url: str) -> str:
    return f"""
channel: {{url: "{url}"}}
selectors:
  items: {{selector: tr.row}}
  url: {{selector: a.go, extractor: href}}
  title: {{selector: a.go}}
  author: {{selector: "td > a:first"}}
  published_at: {{selector: .on, post_process: [{{name: parse_time}}]}}
  enclosure: {{selector: img, extractor: attribute, attribute: src}}
  key: {{selector: .key}}
  categories: [key]
"""


@pytest.mark.parametrize(("form", "written", "fields"), [
    ("opml", freshrss, {"image", "tags"}), ("rss-bridge", xpath_bridge, {"image", "tags"}),
    ("rss-bridge", complex_bridge, set()), ("html2rss", html2rss, {"image", "tags"}),
])  # fmt: skip
def test_posts_whose_pages_have_no_date_take_it_from_the_list(
    tmp_path: Path, form: str, written: Any, fields: set[str]
) -> None:
    with site(dict(PAGES)) as served:
        take(tmp_path, form, "theirs.txt", written(f"{served.url}/"))
        one, two = crawled(tmp_path)
        assert not [path for path in served.asked if "member" in path]
    assert [(post["title"], post["author"]) for post in (one, two)] == [("골목 1", "해온"), ("골목 2", "나루")]
    assert (one["published"], two["published"]) == ("2024-03-01T06:12:00+00:00", "2024-03-02T06:12:00+00:00")
    if fields:
        assert (one["image"], one["tags"]) == (f"{served.url}/t/1.jpg", ["비", "산책"])


@pytest.mark.parametrize(("field", "said"), [
    ({"title": "concat(.//a, '!')"}, "title of the list: no selector of what is in an item"),
    ({"author": "//meta[@name='author']/@content"}, "author of the list: no selector"),  # of the page, not of an item
    ({"enclosures": ".//audio/@src"}, "enclosures of the list: a post is read from its own page"),
    ({"content": "."}, "content of the list: a post is read from its own page"),
])  # fmt: skip
def test_what_is_not_taken_is_told(tmp_path: Path, field: dict[str, str], said: str) -> None:
    query = {"bridge": "XPath", "url": "https://a.example/", "item": "//li", "uri": ".//h3/a/@href", **field}
    assert said in take(tmp_path, "rss-bridge", "b.txt", f"https://bridge.example/?{urlencode(query)}")
    assert keys(tmp_path)["listing"] == {"items": ({"selector": "//li//h3/a"},)}


def test_fields_in_items_that_no_selector_finds_are_no_second_failure(tmp_path: Path) -> None:
    query = {"bridge": "XPath", "url": "https://a.example/", "item": "//li[", "title": ".//h2"}
    out = take(tmp_path, "rss-bridge", "b.txt", f"https://bridge.example/?{urlencode(query)}", 65)
    assert "is no XPath expression" in out
    assert "has select, and no items" not in out
    assert "listing" not in keys(tmp_path)


def test_a_text_that_is_changed_there_is_taken_as_it_is(tmp_path: Path) -> None:
    out = take(tmp_path, "html2rss", "f.yml", """
channel: {url: https://a.example/}
selectors:
  items: .item
  url: {selector: "> h2 a"}
  title: {selector: h2, post_process: [{name: gsub, pattern: a, replacement: b}]}
  published_at: {extractor: attribute, attribute: data-on}
  description: {selector: p}
""")  # fmt: skip
    assert keys(tmp_path)["listing"] == {
        "items": ({"selector": ".item"},),
        "select": {
            "link": ({"selector": ":scope > h2 a"},), "title": ({"selector": "h2"},),
            "published": ({"selector": "./.", "attribute": "data-on"},),
        },
    }  # fmt: skip
    assert "title post_process gsub: the text is taken as its item says it" in out
    assert "description of the list: a post is read from its own page" in out


@pytest.mark.parametrize(("path", "found"), [
    ("descendant::a[2]", ["둘"]), ("./descendant::a[@class='go'][1]", ["둘"]), ("td/a", ["하나", "둘"]),
    ("@id", ["r"]), ("td[1] | i", ["하나"]), (".", ["하나둘"]), ("(.//a)[1]", ["하나"]), ("./../@class", ["all"]),
    ("//a", None), ("(//a)[1]", None), ("id('r')", None), ("concat('a', 'b')", None), ("", None), ("a | //b", None),
    ("descendant::a[", None),
])  # fmt: skip
def test_a_path_that_leads_on_from_an_item(path: str, found: list[str] | None) -> None:
    cells = '<td><a href="/1">하나</a></td><td><a class="go" href="/2">둘</a></td>'
    page = html.fromstring(f'<html><body><table class="all"><tr id="r">{cells}</tr></table></body></html>')
    written = from_item(path)
    assert bool(written) == (found is not None)
    if written:
        (nodes,) = selection(written).find_from(page.iter("tr"))
        assert [node if isinstance(node, str) else node.text_content() for node in nodes] == found


@pytest.mark.parametrize(("link", "css", "xpath"), [
    ("a", None, None), ("", None, None), (".//h2/a/@href", None, ".//h2/a"), ("descendant::a/@href", None, None),
    ("concat('x', @href)", None, None), ("@href", None, None), ("h2 a:first", "h2 a", None),
])  # fmt: skip
def test_any_link_of_an_item_needs_no_selector(link: str, css: str | None, xpath: str | None) -> None:
    is_css = ":first" in link or link in {"a", ""}
    assert (css_link(link) if is_css else xpath_link("//li", link)) == (css if is_css else xpath)


def test_a_selector_that_begins_with_the_item() -> None:
    assert [in_item(css) for css in ("> a", ".by", "", "+ tr i")] == [":scope > a", ".by", "./.", ":scope + tr i"]
