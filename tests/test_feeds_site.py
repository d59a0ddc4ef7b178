"""The pages for people: what they show, what they lead to, and what they never do."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import pytest
from feeds_fixtures import BODY, Served, Shelf, combined, feed, post, posts, served
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from feeds import site
from feeds.build import build
from feeds.record import listed
from feeds.selection import select
from pipelines.post import Post, xml_safe


def _index(folder: Path, shelf: Shelf, *feeds, title: str = "모음 & <글>") -> html.HtmlElement:
    build(shelf, feeds, folder, title)
    return _page(folder / "index.html")


def _page(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_bytes().decode())


def _reading(feed_, *kept: Post) -> html.HtmlElement:
    return html.fromstring(site.reading("모음", feed_, select(feed_, kept)).decode())


# --- the list of feeds


def test_the_list_shows_every_feed_to_people_and_to_browsers(tmp_path: Path):
    page = _index(tmp_path, Shelf(posts(7)), feed(), feed(name="new", title="", sources=()))
    assert page.find(".//h1").text_content() == "모음 & <글>"
    assert [title.text_content() for title in page.iterfind(".//h2")] == ["보리의 개발 <노트>", "new"]
    alternates = [(link.get("type"), link.get("href")) for link in page.iterfind(".//link[@rel='alternate']")]
    assert alternates[:3] == [
        ("application/rss+xml", "https://feeds.example.org/out/bori.rss"),
        ("application/atom+xml", "https://feeds.example.org/out/bori.atom"),
        ("application/feed+json", "https://feeds.example.org/out/bori.json"),
    ]
    assert page.find(".//input").get("value") == "https://feeds.example.org/out/bori.rss"
    shown = [link.get("href") for link in page.xpath("//p[@class='formats']/a")]
    assert shown == [url for _, url in alternates]
    newest = [link.text_content() for link in page.xpath("//section[1]//li/a")]
    assert len(newest) == 5
    assert newest[0] == posts(7)[0].title
    assert "No posts yet." in page.text_content()


def test_a_list_without_feeds_says_so(tmp_path: Path):
    assert "No feeds yet." in _index(tmp_path, Shelf()).text_content()


@pytest.mark.parametrize("name", ["bori", "보리 노트", "a:b", "100%", "a#b?c"])
def test_a_feeds_title_leads_to_its_page_and_back(tmp_path: Path, name: str):
    page = _index(tmp_path, Shelf(posts(2)), feed(name=name))
    target = page.xpath("//h2/a/@href")[0]
    assert ":" not in target
    assert (tmp_path / unquote(target)).is_file()
    back = _page(tmp_path / unquote(target)).xpath("//body//a")[0]
    assert (back.get("href"), back.text_content()) == ("index.html", "모음 & <글>")


def test_the_list_says_where_a_blog_lives_but_not_where_a_combined_feed_does(tmp_path: Path):
    page = _index(tmp_path, Shelf(posts(1)), combined(), feed())
    assert page.xpath("//section[1]//a/@href").count("https://bori.example.org/") == 0
    assert page.xpath("//section[2]//a/@href").count("https://bori.example.org/") == 1


# --- the page to read a feed by


def test_every_post_is_there_whole_and_newest_first():
    page = _reading(feed(), *posts(12))
    assert page.get("lang") == "ko"
    assert page.findtext(".//title") == page.find(".//h1").text_content() == "보리의 개발 <노트>"
    articles = page.findall(".//article")
    assert [a.find(".//h2").text_content() for a in articles] == [p.title for p in posts(12)]
    assert [a.find(".//h2/a").get("href") for a in articles] == [p.url for p in posts(12)]
    first = articles[0]
    header = first.find("header/p")
    assert [part.text_content() for part in header] == ["2026-03-01", "보리", "개발", "파이썬", "크롤링", "RSS & Atom"]
    assert header.find("time").get("datetime") == "2026-03-01T21:30:15Z"
    body = first.find("div")
    assert [child.tag for child in body] == ["p", "h2", "p", "figure", "pre", "table"]
    assert body.findtext(".//code") == "if a[0]]>b && c:\n    pass"
    assert body.find(".//img").get("src") == "https://img.example.org/%EC%82%AC%EC%A7%84.png"


def test_bodies_come_without_the_blogs_own_styling():
    page = _reading(feed(), *posts(1))
    assert "data-ke" in BODY
    names = {attribute.attrname for attribute in page.xpath("//article/div//@*")}
    assert names == {"alt", "class", "src"}
    assert page.xpath("//article/div//@class") == ["language-python"]


def test_a_combined_page_names_each_posts_blog():
    mint = post(9, source="mint", guid="tag:mint.example.org,2026:1", author=None, categories=(), tags=())
    other = post(8, source="gone", guid="tag:gone.example.org,2026:1", author=None, categories=(), tags=())
    page = _reading(combined(sources=("bori", "mint", "gone")), mint, other, post(1))
    shown = [[part.text_content() for part in header] for header in page.xpath("//article/header/p")]
    assert shown[:2] == [["2026-03-01", "민트 & 산책"], ["2026-03-01"]]
    assert shown[2][:3] == ["2026-03-01", "보리의 개발 노트", "보리"]
    assert page.xpath("//article/header/p//a/@href") == ["https://mint.example.org/", "https://bori.example.org/"]


def test_a_post_whose_body_was_too_long_shows_its_first_sentences():
    whole, cut = post(1), post(2, content_html="", excerpt="첫 문장 & <둘째>.")
    page = _reading(feed(), whole, cut)
    assert page.findall(".//article")[0].findtext("p/bdi") == "첫 문장 & <둘째>."
    assert page.findall(".//article")[0].find("div") is None


def test_media_files_of_a_post_are_links():
    page = _reading(feed(), *posts(1))
    assert page.xpath("//article/p/a/@href") == ["https://media.example.org/1.mp3"]


def test_the_titles_lead_to_the_posts_below():
    page = _reading(feed(), *posts(3))
    targets = page.xpath("//nav//a/@href")
    assert targets == ["#" + anchor for anchor in page.xpath("//article/@id")]
    assert len(set(targets)) == 3
    # An address of a post on the page is good as long as the post is there, whatever comes before it.
    assert _reading(feed(), *posts(4)).xpath("//article/@id")[1:] == page.xpath("//article/@id")


def test_every_name_is_isolated_so_that_no_text_turns_another_round():
    turned = "\u202eברא & <b>"
    page = _reading(combined(title=turned), post(title=turned, author=turned, categories=(turned,), tags=()))
    assert [e.text_content() for e in page.xpath("//bdi") if turned in e.text_content()] == [turned] * 4
    loose = [e.tag for e in page.find("body").iter() if turned in (e.text or "") + (e.tail or "")]
    assert set(loose) == {"bdi"}


def test_languages_of_page_and_post_are_told():
    page = _reading(feed(), post(1), post(2, language="en"), post(3, language=None))
    assert [article.get("lang") for article in page.iterfind(".//article")] == [None, "en", "ko"]
    assert _reading(feed(language=None), post(1)).get("lang") == ""


def test_an_empty_feed_says_so():
    page = _reading(feed())
    assert "No posts yet." in page.text_content()
    assert page.find(".//nav") is None


def test_a_browser_finds_the_feeds_formats_on_its_page():
    links = [(link.get("type"), link.get("href")) for link in _reading(feed()).iterfind(".//link[@rel='alternate']")]
    assert links == [
        ("application/rss+xml", "https://feeds.example.org/out/bori.rss"),
        ("application/atom+xml", "https://feeds.example.org/out/bori.atom"),
        ("application/feed+json", "https://feeds.example.org/out/bori.json"),
    ]


def test_search_engines_are_sent_to_the_blogs():
    assert _reading(feed()).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_dates_are_the_same_whatever_zone_they_come_in():
    at = datetime(2026, 3, 1, 1, 0, 0, 999, tzinfo=timezone(timedelta(hours=9)))
    one, other = (site.reading("모음", feed(), [post(published=when)]) for when in (at, at.astimezone(UTC)))
    assert one == other
    assert b'<time datetime="2026-02-28T16:00:00Z">2026-02-28</time>' in one


# --- what no page does


def test_the_pages_run_nothing():
    title = "<script>alert(1)</script>"
    evil = post(title=title, url='https://e.org/"onclick="alert(1)', author=title, categories=(title,), tags=(title,))
    wild = feed(title="<img src=x onerror=alert(1)>", description="</title><script>")
    lists = [(wild, listed(select(wild, [evil])))]
    for content in (site.index(title, lists), site.reading(title, wild, select(wild, [evil]))):
        page = html.fromstring(content.decode())
        assert not page.xpath("//script | //img[@onerror] | //@onclick | //@onerror")
        assert title in page.text_content()


@pytest.mark.parametrize("name", ["index.html", "bori.html"])
def test_what_a_page_may_do_is_said_before_anything_else(tmp_path: Path, name: str):
    build(Shelf(posts(2)), [feed()], tmp_path, "모음")
    content = (tmp_path / name).read_bytes()
    page = _page(tmp_path / name)
    assert [meta.get("http-equiv") or meta.get("name") for meta in page.find("head")[1:4]] == [
        "Content-Security-Policy", "viewport", "referrer",
    ]
    assert content.index(b"<meta charset") < content.index(b"Content-Security-Policy") < 200
    policy = dict(part.split(" ", 1) for part in page.xpath("//meta[@http-equiv]/@content")[0].split("; "))
    (style,) = page.xpath("//style/text()")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == {
        "default-src": "'none'", "img-src": "https: http:", "style-src": f"'sha256-{digest}'", "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert page.xpath("//meta[@name='referrer']/@content") == ["no-referrer"]


@settings(max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_any_text_is_shown_as_it_is(title: str, author: str, label: str):
    made = post(title=title, author=author, categories=(label,), tags=(), excerpt="짧은 글", content_html="")
    page = _reading(feed(title=title), made)
    said = [xml_safe(title) or "짧은 글", xml_safe(author), xml_safe(label)]
    shown = [element.text or "" for element in page.xpath("//article//bdi")]
    assert shown == [text for text in said if text] + ["짧은 글"]
    assert page.find(".//h1").text_content() == (xml_safe(title) or "bori")


# --- what it costs


def test_a_changed_title_touches_only_the_pages_that_show_it(tmp_path: Path):
    shelf, feeds = Shelf(posts(3)), [feed(), feed(name="mint", sources=("mint",)), combined()]
    build(shelf, feeds, tmp_path, "모음")
    shelf.kept[0] = replace(shelf.kept[0], title="새 제목")
    written = build(shelf, feeds, tmp_path, "모음").written
    assert [name for name in written if name.endswith(".html")] == ["all.html", "bori.html", "index.html"]
    assert build(shelf, feeds, tmp_path, "모음").written == ()


def test_a_page_asks_the_store_nothing_more(tmp_path: Path):
    asked = []

    class Counting(Shelf):
        def newest(self, sources, limit):
            asked.append(tuple(sources))
            return super().newest(sources, limit)

    build(Counting(posts(3)), [feed(), combined()], tmp_path, "모음")
    assert asked == [("bori",), ("bori", "mint")]


def test_a_page_is_served_as_it_is_published(tmp_path: Path):
    build(Shelf(posts(2)), [feed()], tmp_path, "모음")
    with served(tmp_path) as running:
        assert isinstance(running, Served)
        assert running.ask("/bori.html")[1] == (tmp_path / "bori.html").read_bytes()


def test_days_are_the_readers_days_wherever_the_page_is_made():
    early = post(number=1, published=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))  # half past eight in Seoul, a day later
    seoul = replace(feed(), zone="Asia/Seoul")
    assert b">2026-03-01</time>" in site.reading("모아", seoul, [early])
    assert b">2026-03-01</time>" in site.index("모아", [(seoul, [early])])
    assert b">2026-02-28</time>" in site.reading("모아", feed(), [early])
