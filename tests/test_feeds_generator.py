"""Each defect of feedgen 1.0.0 that `feeds/generator.py` and `feeds/formats/` repair: one test a defect.

Each first shows feedgen's own behaviour: when that part fails, a newer feedgen is cured and the repair can go.
"""

from __future__ import annotations

import locale
import subprocess
import sys
import threading
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from feeds_fixtures import START, combined, feed, post, posts
from lxml import etree

from feeds.formats.atom import render as atom
from feeds.formats.rss import render as rss
from pipelines.post import Enclosure, Post

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}


def bare() -> FeedGenerator:
    """feedgen as its own README uses it."""
    generator = FeedGenerator()
    generator.id("https://example.org/")
    generator.title("t")
    generator.description("d")
    generator.link(href="https://example.org/", rel="alternate")
    return generator


def bare_entry(generator: FeedGenerator, name: str = "1") -> FeedEntry:
    entry = generator.add_entry()
    entry.id(f"https://example.org/{name}")
    entry.title(name)
    entry.link(href=f"https://example.org/{name}")
    return entry


def find(document: bytes, path: str) -> list[Any]:
    return etree.fromstring(document).xpath(path, namespaces=NS)


def texts(document: bytes, path: str) -> list[str]:
    return [element.text or "" for element in find(document, path)]


def test_row_01_atom_entry_links_keep_rel_type_and_length():
    generator = bare()
    bare_entry(generator).enclosure("https://example.org/1.mp3", 5, "audio/mpeg")
    assert not find(generator.atom_str(), "//atom:entry/atom:link/@rel")

    media = Enclosure(url="https://example.org/1.mp3", type="audio/mpeg", length=5)
    links = [dict(link.attrib) for link in find(atom(feed(), [post(enclosures=(media,))]), "//atom:entry/atom:link")]
    assert links == [
        {"rel": "alternate", "type": "text/html", "href": "https://bori.example.org/1"},
        {"rel": "enclosure", "type": "audio/mpeg", "length": "5", "href": "https://example.org/1.mp3"},
    ]


def test_row_02_channel_link_is_the_home_page():
    generator = bare()
    generator.link(href="https://example.org/own.rss", rel="self")
    assert texts(generator.rss_str(), "/rss/channel/link") == ["https://example.org/own.rss"]

    document = rss(feed(hub="https://hub.example.org/"), posts())
    assert texts(document, "/rss/channel/link") == ["https://bori.example.org/"]
    assert texts(document, "/rss/channel/image/link") == ["https://bori.example.org/"]
    assert find(document, "/rss/channel/atom:link[@rel='self']/@href") == ["https://feeds.example.org/out/bori.rss"]
    assert find(atom(feed(), posts()), "/atom:feed/atom:link[@rel='self']/@href") == [
        "https://feeds.example.org/out/bori.atom"
    ]


def test_row_03_dates_come_from_posts_never_from_the_clock():
    generator = bare()
    bare_entry(generator)
    now = datetime.now(UTC)
    for path in ("/atom:feed/atom:updated", "//atom:entry/atom:updated"):
        found = datetime.fromisoformat(texts(generator.atom_str(), path)[0])
        assert abs(found - now) < timedelta(minutes=5)

    some = posts(3)
    assert texts(atom(feed(), some), "/atom:feed/atom:updated") == ["2026-03-03T09:30:15+00:00"]
    assert texts(rss(feed(), some), "//lastBuildDate") == ["Tue, 03 Mar 2026 09:30:15 +0000"]
    assert texts(atom(feed(), some), "//atom:entry/atom:updated") == [
        "2026-03-01T12:30:15+00:00",
        "2026-03-03T09:30:15+00:00",
        "2026-03-01T10:30:15+00:00",
    ]
    assert texts(atom(feed(), []), "//atom:updated") == ["1970-01-01T00:00:00+00:00"]


def test_row_04_content_is_never_cdata_typed():
    generator = bare()
    bare_entry(generator).content("<p>x</p>", type="CDATA")
    assert find(generator.atom_str(), "//atom:content/@type") == ["CDATA"]

    assert find(atom(feed(), posts(1)), "//atom:content/@type") == ["html"]


def test_row_05_content_says_that_it_is_html():
    generator = bare()
    bare_entry(generator).content("<p>x</p>")
    assert not find(generator.atom_str(), "//atom:content/@type")

    document = atom(feed(), [post(content_html="<p>a &lt; b</p>")])
    assert find(document, "//atom:content/@type") == ["html"]
    assert texts(document, "//atom:content") == ["<p>a &lt; b</p>"]


def test_row_06_syndication_names_are_spelt_right():
    generator = bare()
    generator.load_extension("syndication")
    generator.syndication.update_period("hourly")
    assert texts(generator.rss_str(), "//sy:UpdatePeriod") == ["hourly"]
    assert texts(generator.rss_str(), "//sy:UpdateFrequency") == ["None"]

    document = rss(feed(), posts(1))
    assert texts(document, "//channel/sy:updatePeriod") == ["hourly"]
    assert texts(document, "//channel/sy:updateFrequency") == ["1"]
    assert texts(document, "//channel/ttl") == ["60"]


def test_row_07_rss_writes_links_beside_self():
    generator = bare()
    generator.link(href="https://hub.example.org/", rel="hub")
    assert not find(generator.rss_str(), "//atom:link")

    document = rss(feed(hub="https://hub.example.org/"), posts(1))
    assert [dict(link.attrib) for link in find(document, "//channel/atom:link")] == [
        {"href": "https://feeds.example.org/out/bori.rss", "rel": "self", "type": "application/rss+xml"},
        {"href": "https://hub.example.org/", "rel": "hub"},
    ]
    assert find(atom(feed(hub="https://hub.example.org/"), []), "//atom:link[@rel='hub']/@href") == [
        "https://hub.example.org/"
    ]


def test_row_08_entries_keep_their_order():
    generator = bare()
    bare_entry(generator, "first")
    bare_entry(generator, "second")
    assert texts(generator.rss_str(), "//item/title") == ["second", "first"]

    same_hour = [post(1), replace(post(2), published=post(1).published), post(3)]
    newest_first = [f"tag:bori.example.org,2026:{number}" for number in (3, 2, 1)]
    assert texts(rss(feed(), same_hour), "//guid") == newest_first
    assert texts(atom(feed(), reversed(same_hour)), "//atom:entry/atom:id") == newest_first


@pytest.mark.parametrize("bad", ["a\x00b", "a\x0bb", "a\ufffeb", "a\ud800b"])
@pytest.mark.parametrize("write", [rss, atom])
def test_row_09_a_bad_character_does_not_kill_the_feed(bad: str, write: Any):
    generator = bare()
    bare_entry(generator).title(bad)
    with pytest.raises((ValueError, UnicodeEncodeError)):
        generator.rss_str()

    everywhere = dict.fromkeys(("title", "author", "excerpt", "content_html"), bad)
    origin = replace(combined().origins["bori"], title=bad)
    document = write(
        feed(title=bad, description=bad, origins={"bori": origin}), [post(**everywhere, tags=(bad,), categories=(bad,))]
    )
    assert set(texts(document, "//*[local-name()='title']")) == {"ab"}


def test_row_09_line_ends_are_plain():
    assert b"&#13;" not in rss(feed(), [post(content_html="<pre>a\r\nb\rc</pre>")])


def test_row_10_dates_without_zone_or_with_microseconds():
    entry = bare_entry(bare())
    with pytest.raises(ValueError, match="timezone"):
        entry.published(datetime(2026, 3, 1))
    entry.published(datetime(2026, 3, 1, microsecond=5, tzinfo=UTC))
    assert ".000005" in etree.tostring(entry.atom_entry(), encoding="unicode")

    seoul = timezone(timedelta(hours=9))
    odd = [
        post(1, published=datetime(2026, 3, 1, 1, 2, 3, 999_999)),
        post(2, published=datetime(2026, 3, 1, 11, 2, 3, 5, seoul)),
    ]
    assert texts(atom(feed(), odd), "//atom:published") == ["2026-03-01T02:02:03+00:00", "2026-03-01T01:02:03+00:00"]
    assert texts(rss(feed(), odd), "//pubDate") == [f"Sun, 01 Mar 2026 0{hour}:02:03 +0000" for hour in (2, 1)]


def test_row_11_only_whole_enclosures_are_written():
    generator = bare()
    bare_entry(generator).enclosure("https://example.org/1.mp3", None, "audio/mpeg")
    assert find(generator.rss_str(), "//enclosure/@length") == ["None"]

    unknown_length = Enclosure(url="https://example.org/1.mp3", type="audio/mpeg", length=0)
    unknown_type = Enclosure(url="https://example.org/2.mp3", type="", length=7)
    whole = Enclosure(url="https://example.org/3.mp3", type="audio/mpeg", length=7)
    document = rss(feed(), [post(enclosures=(unknown_length, unknown_type, whole, whole))])
    assert [dict(found.attrib) for found in find(document, "//enclosure")] == [
        {"url": "https://example.org/3.mp3", "length": "7", "type": "audio/mpeg"}
    ]


def test_row_12_rss_names_the_author():
    generator = bare()
    bare_entry(generator).author(name="보리")
    assert "보리" not in generator.rss_str(encoding="unicode", xml_declaration=False)

    document = rss(feed(), [post(author="보리"), post(2, author=None)])
    assert texts(document, "//item/dc:creator") == ["보리"]
    assert not find(document, "//item/author")


@pytest.mark.parametrize("write", [rss, atom])
def test_row_13_the_thumbnail_is_not_hidden_in_a_group(write: Any):
    generator = bare()
    generator.load_extension("media")
    entry = bare_entry(generator)
    entry.media.thumbnail(url="https://img.example.org/1.png")
    assert find(generator.rss_str(), "//item/media:group/media:thumbnail")
    entry.media.thumbnail(url="https://img.example.org/1.png", width=100)
    with pytest.raises(TypeError):
        generator.rss_str()

    document = write(feed(), [post(1), post(2, image=None)])
    assert find(document, "//item/media:thumbnail/@url | //atom:entry/media:thumbnail/@url") == [
        "https://img.example.org/1.png"
    ]
    assert not find(document, "//media:group | //media:content")


def test_row_14_a_body_need_not_be_xml():
    generator = bare()
    bare_entry(generator).content("a&nbsp;b<br>", type="xhtml")
    with pytest.raises(etree.XMLSyntaxError):
        generator.atom_str()

    assert texts(atom(feed(), [post(content_html="a&nbsp;b<br>c & d")]), "//atom:content") == ["a&nbsp;b<br>c & d"]


def test_row_15_entry_links_are_written_by_us():
    with pytest.raises(ValueError, match="Invalid value for rel"):
        bare_entry(bare()).link(href="https://example.org/1#comments", rel="replies")

    assert find(atom(feed(), posts(1)), "//atom:entry/atom:link/@rel") == ["alternate", "enclosure"]


@pytest.mark.parametrize("write", [rss, atom])
def test_row_16_no_podcast_extension(write: Any):
    generator = bare()
    generator.load_extension("podcast")
    generator.podcast.itunes_explicit("no")
    assert b"<itunes:explicit>no<" in generator.rss_str()

    assert b"itunes" not in write(feed(), posts())


_LOCALE_CALLS = """
import locale
calls = []
real = locale.setlocale
locale.setlocale = lambda *given: calls.append(given) or real(*given)
from datetime import UTC, datetime
import lxml.etree, feedgen.util
feedgen.util.formatRFC2822(datetime(2026, 3, 1, tzinfo=UTC))
assert len(calls) == 3, "feedgen no longer touches the locale"
calls.clear()
from feeds_fixtures import feed, posts
from feeds.formats.rss import render as rss
rss(feed(), posts())
assert not calls, calls
"""


def test_row_17_dates_leave_the_locale_of_the_process_alone():
    subprocess.run([sys.executable, "-c", _LOCALE_CALLS], check=True, cwd=__file__.rpartition("/")[0])


def test_row_17_feeds_may_be_written_from_several_threads():
    before = locale.setlocale(locale.LC_ALL)
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(rss(feed(), posts(20)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert locale.setlocale(locale.LC_ALL) == before


def test_row_18_atom_is_in_its_namespace():
    root, _ = bare()._create_atom()
    assert root.tag == "feed"

    written = etree.fromstring(atom(combined(), posts()))
    foreign = {etree.QName(element).namespace for element in written.iter()} - {NS["atom"]}
    assert written.tag == f"{{{NS['atom']}}}feed"
    assert foreign == {NS["media"]}


def test_row_19_entries_of_a_combined_feed_name_their_source_whole():
    generator = bare()
    bare_entry(generator).source("https://example.org/feed", "Blog")
    poor = find(generator.atom_str(), "//atom:source/*")
    assert [etree.QName(child).localname for child in poor] == ["title", "link"]

    from_mint = post(2, source="mint", guid="tag:mint.example.org,2026:1")
    mint = atom(combined(), [post(1), from_mint])
    assert texts(mint, "//atom:entry[1]/atom:source/atom:title") == ["민트 & 산책"]
    assert texts(mint, "//atom:entry[1]/atom:source/atom:id") == ["https://feeds.example.org/out/mint.atom"]
    assert texts(mint, "//atom:entry[1]/atom:source/atom:updated") == ["2026-03-01T11:30:15+00:00"]
    assert find(mint, "//atom:entry[1]/atom:source/atom:link/@rel") == ["self", "alternate"]
    assert [(found.get("url"), found.text) for found in find(rss(combined(), [from_mint]), "//item/source")] == [
        ("https://feeds.example.org/out/mint.atom", "민트 & 산책")
    ]
    assert not find(atom(feed(), posts()), "//atom:source")
    assert not find(rss(feed(), posts()), "//item/source")


def test_row_19_several_enclosures_in_atom_one_in_rss():
    media = tuple(Enclosure(url=f"https://example.org/{n}.mp3", type="audio/mpeg", length=n) for n in (1, 2))
    found = "//enclosure/@url | //atom:link[@rel='enclosure']/@href"
    assert find(atom(feed(), [post(enclosures=media)]), found) == [item.url for item in media]
    assert find(rss(feed(), [post(enclosures=media)]), found) == [media[0].url]


@pytest.mark.parametrize("write", [rss, atom])
def test_titles_are_escaped_once(write: Any):
    titles = texts(write(feed(title="A & <b>"), [post(title="<div> &nbsp; & 'x' ]]>")]), "//*[local-name()='title']")
    assert set(titles) == {"A & <b>", "<div> &nbsp; & 'x' ]]>"}
    assert not find(write(feed(), posts()), "//atom:title/@type")


def test_rss_items_tell_summary_before_body_and_categories_without_domain():
    item = find(rss(feed(), [post()]), "//item")[0]
    names = [etree.QName(child).localname for child in item]
    assert names.index("description") < names.index("encoded")
    assert item.findtext("description") == "1번째 글의 첫 문장이다. 1 &lt; 2 &amp; 3 &gt; 2."  # HTML, by RSS 2.0
    assert [dict(found.attrib) for found in item.findall("category")] == [{}] * 4
    assert [found.text for found in item.findall("category")] == ["개발", "파이썬", "크롤링", "RSS & Atom"]
    assert item.find("guid").attrib == {"isPermaLink": "false"}


def test_atom_tells_categories_from_tags_by_their_scheme():
    found = [(c.get("term"), c.get("scheme")) for c in find(atom(combined(), [post()]), "//atom:category")]
    assert found == [
        ("개발", "https://bori.example.org/category"),
        ("파이썬", "https://bori.example.org/category"),
        ("크롤링", "https://bori.example.org/tag"),
        ("RSS & Atom", "https://bori.example.org/tag"),
    ]


def test_a_post_in_another_language_says_so():
    document = atom(feed(language="ko"), [post(1), post(2, language="en"), post(3, language=None)])
    assert find(document, "//atom:entry/@xml:lang") == ["en"]
    assert find(document, "/atom:feed/@xml:lang") == texts(rss(feed(), []), "//language") == ["ko"]


@pytest.mark.parametrize("write", [rss, atom])
@pytest.mark.parametrize(
    "bare_post",
    [
        post(title="", excerpt="", content_html="", author=None, image=None, tags=(), categories=(), language=None),
        post(published=None),
        post(excerpt=""),
        post(content_html=""),
    ],
)
def test_poor_posts_are_published_all_the_same(write: Any, bare_post: Post):
    document = write(feed(description="", language=None, icon=None, title=""), [bare_post])
    assert len(find(document, "//item | //atom:entry")) == 1
    assert all(texts(document, "//*[local-name()='title']"))


def test_a_post_without_a_date_carries_the_day_it_was_first_seen():
    assert texts(rss(feed(), [post(published=None)]), "//pubDate") == ["Tue, 31 Mar 2026 09:30:15 +0000"]


def test_an_edit_dated_before_the_post_is_not_believed():
    early = post(updated=START - timedelta(days=400))
    assert texts(atom(feed(), [early]), "//atom:updated") == ["2026-03-01T10:30:15+00:00"] * 2


@pytest.mark.parametrize("write", [rss, atom])
def test_no_version_in_the_document(write: Any):
    with warnings.catch_warnings():
        assert texts(write(feed(), posts()), "//*[local-name()='generator']") == ["moafeed"]
    assert b"1.0.0" not in write(feed(), posts())
