"""What a blog's own feed names, in whatever state it is."""

from __future__ import annotations

import json
import os
import time
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import FeedPage, Found, feed_posts, listing_mark, read_feed

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

HERE = "https://dal.tistory.com/rss"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><link>https://dal.tistory.com/</link>{"".join(items)}</channel></rss>'.encode()


def urls(body: bytes, url: str = HERE) -> list[str]:
    return [post.url for post in feed_posts(body, url)]


def page(body: bytes, url: str = HERE) -> FeedPage:
    read = read_feed(body, url)
    assert read is not None
    return read


def only(body: bytes, url: str = HERE) -> Found:
    (post,) = page(body, url).entries
    return post


def test_rss_in_its_order_with_the_guids_address_beside_the_link() -> None:
    body = rss(
        "<item><link>https://dal.tistory.com/entry/a</link><guid isPermaLink='true'>https://dal.tistory.com/7</guid></item>",
        "<item><link>/6</link><guid>not an address</guid></item>",
        "<item><guid>https://dal.tistory.com/5</guid></item>",
        "<item><title>no address at all</title></item>",
        "<item><link>javascript:alert(1)</link></item>",
    )
    assert [(post.url, post.addresses) for post in feed_posts(body, HERE)] == [
        ("https://dal.tistory.com/entry/a", ("https://dal.tistory.com/7",)),
        ("https://dal.tistory.com/6", ()),
        ("https://dal.tistory.com/5", ()),
    ]


def test_atom_and_rdf() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/>
      <entry><link rel="enclosure" href="/x.mp3"/><link href="/one"/></entry></feed>"""
    assert urls(atom, "https://a.example/atom.xml") == ["https://a.example/one"]
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <item><link>https://b.example/1</link></item></rdf:RDF>"""
    assert urls(rdf, "https://b.example/rdf") == ["https://b.example/1"]


@pytest.mark.parametrize("spoilt", [
    b"\n" + rss("<item><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><title>a &ltlt; b &nbsp; & c</title><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><title>\x0b</title><link>https://dal.tistory.com/1</link></item>"),
    rss("<item><link>https://dal.tistory.com/1</link></item>", "<item><link>")[:-20],
    '<?xml version="1.0" encoding="euc-kr"?><rss><channel><item><title>똠방각하 뷁</title>'
    "<link>https://dal.tistory.com/1</link></item></channel></rss>".encode("cp949"),
], ids=["newline first", "bad entities", "control character", "cut short", "cp949 called euc-kr"])
def test_a_feed_that_a_strict_parser_refuses(spoilt: bytes) -> None:
    assert "https://dal.tistory.com/1" in urls(spoilt)


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
    assert "https://dal.tistory.com/1" in urls(body)
    entries = f'<entry><link href="{atom}"/></entry><entry><link href="/1"/></entry>'
    whole = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    assert "https://dal.tistory.com/1" in urls(whole)


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


# --- what an entry says ----------------------------------------------------------------------------------------------

ITEM = ("<item><title>{title}</title><link>https://dal.tistory.com/entry/a</link><description>{text}</description>"
        "<guid>https://dal.tistory.com/7</guid><pubDate>{date}</pubDate></item>")


DATE = "Mon, 9 Jun 2025 10:00:00 +0900"


def item(title: str = "봄", text: str = "&lt;p&gt;하루&lt;/p&gt;", date: str = DATE) -> bytes:
    return rss(ITEM.format(title=title, text=text, date=date))


SIGNED = ("&lt;img src=&quot;https://blog.kakaocdn.net/dna/bV/btQ/AAAA{part}/img.png?credential=yq&amp;amp;expires={time}"
          "&amp;amp;allow_ip=&amp;amp;signature={sign}%3D&quot;&gt;")


def test_an_entry_is_told_with_title_date_and_id() -> None:
    post = only(item(title="  봄\n 날 "))
    assert (post.title, post.published) == ("봄 날", "Mon, 9 Jun 2025 10:00:00 +0900")
    assert post.guid == "https://dal.tistory.com/7"
    opaque = only(rss("<item><link>/1</link><guid isPermaLink='false'>tag:dal,2025:1</guid></item>"))
    assert (opaque.guid, opaque.addresses, opaque.published) == ("tag:dal,2025:1", (), None)


@pytest.mark.parametrize("other", [
    item(title="여름"), item(text="&lt;p&gt;하루!&lt;/p&gt;"), item(date="Mon, 9 Jun 2025 10:00:01 +0900"),
], ids=["title", "text", "date"])
def test_the_mark_moves_with_whatever_an_entry_says(other: bytes) -> None:
    assert only(other).mark != only(item()).mark


@pytest.mark.parametrize("same", [
    item(text="  &lt;p&gt;하루&lt;/p&gt;\n"),
    b"\n" + item(),
    item().replace("봄".encode(), b"<![CDATA[\xeb\xb4\x84]]>"),
    rss(*[ITEM.format(title="새 글", text="", date="").replace("/entry/a", "/entry/b").replace("/7<", "/8<")],
        ITEM.format(title="봄", text="&lt;p&gt;하루&lt;/p&gt;", date="Mon, 9 Jun 2025 10:00:00 +0900")),
], ids=["white space", "a newline first", "CDATA", "a newer post before it"])
def test_the_mark_stays_where_an_entry_says_the_same(same: bytes) -> None:
    assert page(same).entries[-1].mark == only(item()).mark


def test_a_picture_signed_anew_is_no_change_but_another_picture_is() -> None:
    june = item(text=SIGNED.format(part="qx", time="1751295599", sign="aB3"))
    july = item(text=SIGNED.format(part="Zz", time="1753973999", sign="Qe%2F9"))
    other = item(text=SIGNED.format(part="qx", time="1751295599", sign="aB3").replace("/btQ/", "/btR/"))
    after = item(text=SIGNED.format(part="Zz", time="1753973999", sign="Qe%2F9") + "more")
    assert only(june).mark == only(july).mark
    assert len({only(june).mark, only(other).mark, only(after).mark}) == 3


def test_a_mark_of_a_list_moves_with_title_and_date_but_not_by_itself() -> None:
    assert listing_mark("봄", "2025. 6. 9.") == listing_mark(" 봄\n", "2025. 6.  9.")
    told = [("봄", "2025. 6. 9."), ("봄", "2025. 6. 10."), ("밤", "2025. 6. 9."), ("봄", None), ("봄2025. 6. 9.", None)]
    assert len({listing_mark(*words) for words in told}) == 5
    passing = ["4시간 전", "5 시간 전", "방금", "15:13:02", "오후 3:13", "3 days ago", "어제"]
    assert {listing_mark("봄", date) for date in passing} == {listing_mark("봄", None)}


FORMATS = [
    (('<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/"><entry><id>urn:x:1</id>'
      '<title type="html">a &amp;lt;b&amp;gt; &lt;i&gt;c&lt;/i&gt;</title><published>2025-06-09T10:00:00Z</published>'
      '<updated>2025-06-10T10:00:00Z</updated><link rel="replies" href="/c"/>'
      '<link type="application/json" href="/1.json"/><link type="text/html" href="1"/></entry></feed>'),
     "urn:x:1", "a <b> c", "2025-06-09T10:00:00Z"),
    (('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>urn:x:1</id><title>a</title>'
      "<issued>2004-01-01</issued><modified>2004-01-02</modified>"
      '<link rel="alternate" type="text/html" href="https://a.example/blog/1"/></entry></feed>'),
     "urn:x:1", "a", "2004-01-01"),
    (('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
      'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><items/></channel><item rdf:about="urn:x:1">'
      "<title>a</title><link>https://a.example/blog/1</link><dc:date>2005-01-01</dc:date></item></rdf:RDF>"),
     "urn:x:1", "a", "2005-01-01"),
    (('<rss xmlns="http://backend.userland.com/rss2" xmlns:media="http://search.yahoo.com/mrss/"><channel><item>'
      "<media:title>no</media:title><title>a</title><link>https://a.example/blog/1</link><guid>urn:x:1</guid></item>"
      "</channel></rss>"), "urn:x:1", "a", None),
    (("<RSS><Channel><Item><Title>a</Title><Link>https://a.example/blog/1</Link><Guid>urn:x:1</Guid></Item></Channel>"
      "</RSS>"), "urn:x:1", "a", None),
    (json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [
        None, {"id": "urn:x:1", "url": "https://a.example/blog/1", "title": "a", "date_published": "2025-06-09"}]}),
     "urn:x:1", "a", "2025-06-09"),
]


@pytest.mark.parametrize(("document", "guid", "title", "published"), FORMATS, ids=[
    "Atom 1.0", "Atom 0.3", "RSS 1.0", "RSS of a namespace", "in capitals", "JSON Feed"])
def test_every_format(document: str, guid: str, title: str, published: str | None) -> None:
    post = only(document.encode(), "https://a.example/feed")
    assert post.url == "https://a.example/blog/1"
    assert (post.guid, post.title, post.published) == (guid, title, published)
    assert only(document.replace(">a<", ">b<").replace('"a"', '"b"').replace("2025-06-10", "2025-06-11").encode(),
                "https://a.example/feed").mark != post.mark


def test_what_the_document_says_of_itself() -> None:
    head = ('<link>https://dal.tistory.com/</link><ttl>100</ttl><atom:link rel="self" href="/rss"/>'
            '<atom:link rel="next" href="/rss?paged=2"/>')
    body = f'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}</channel></rss>'.encode()
    read = page(body)
    assert (read.ttl, read.site) == (100, "https://dal.tistory.com/")
    assert read.next_page == "https://dal.tistory.com/rss?paged=2"
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/x"/><link href="/"/>
      <link rel="prev-archive" href="/2024.xml"/></feed>"""
    assert page(atom).next_page == "https://dal.tistory.com/2024.xml"
    assert page(atom).site == "https://dal.tistory.com/"
    more = {"version": "https://jsonfeed.org/version/1", "next_url": "/2.json", "home_page_url": "/", "items": []}
    assert page(json.dumps(more).encode()).next_page == "https://dal.tistory.com/2.json"


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "", "99999999999", "1.5"])
def test_a_useless_ttl_is_none(ttl: str) -> None:
    assert page(f"<rss><channel><ttl>{ttl}</ttl></channel></rss>".encode()).ttl is None


def test_a_page_that_names_itself_as_the_next_is_the_last() -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="{HERE}"/></feed>'.encode()
    assert page(body).next_page is None


# --- addresses and ids that are none ---------------------------------------------------------------------------------


def test_each_address_once_and_a_guid_that_all_share_is_none() -> None:
    same = "<guid>https://dal.tistory.com/</guid>"
    body = rss(*(f"<item><link>/{number}</link>{same}<title>{number}</title></item>" for number in (1, 2, 2, 3)))
    posts = feed_posts(body, HERE)
    assert [post.url.rpartition("/")[2] for post in posts] == ["1", "2", "3"]
    assert {(post.guid, post.addresses) for post in posts} == {(None, ())}


def test_the_front_page_as_every_entrys_link_gives_way_to_the_guid() -> None:
    home = "https://dal.tistory.com/"
    body = rss(*(f"<item><link>{home}</link><guid>{home}{number}</guid></item>" for number in (1, 2)))
    assert urls(body) == ["https://dal.tistory.com/1", "https://dal.tistory.com/2"]


def test_foreign_hosts_and_future_dates_are_told_as_they_are() -> None:
    body = rss("<item><link>https://evil.example/1</link><pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate></item>")
    assert (only(body).url, only(body).published) == ("https://evil.example/1", "Fri, 31 Dec 9999 23:59:59 GMT")


# --- documents in a bad state ----------------------------------------------------------------------------------------

TWO = ("<item><title>첫 글 & 둘</title><link>https://dal.tistory.com/1</link></item>"
       "<item><title>둘째</title><link>https://dal.tistory.com/2?a=1&b=2</link></item>")


@pytest.mark.parametrize("head", ["", "\n", "\ufeff", "<br /><b>Warning</b>: x in y.php\n", "<!-- <rss> -->\n",
                                  "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>"],
                         ids=["none", "newline", "mark", "warning", "comment", "doctype"])
@pytest.mark.parametrize(("label", "encoding"), [
    ("utf-8", "utf-8"), ("euc-kr", "utf-8"), ("utf-8", "cp949"), ("ks_c_5601-1987", "cp949"), ("ksc5601", "cp949"),
    ("ms949", "cp949"), ("utf-16", "utf-16"), ("nonsense", "utf-8"),
])
def test_titles_are_right_whatever_the_encoding_and_what_stands_before(head: str, label: str, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{label}"?>'
    read = page(f"{head}{declaration}<rss><channel>{TWO}</channel></rss>".encode(encoding, "ignore"))
    assert [(post.title, post.url) for post in read.entries] == [
        ("첫 글 & 둘", "https://dal.tistory.com/1"), ("둘째", "https://dal.tistory.com/2?a=1&b=2"),
    ]
    assert read.is_whole


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_letters_without_a_mark(encoding: str) -> None:
    body = f"<?xml version='1.0'?><rss><channel>{TWO}</channel></rss>".encode(encoding)
    assert urls(body)[0] == "https://dal.tistory.com/1"


@pytest.mark.parametrize(("spoilt", "title"), [
    ("a &nbsp;&hellip; b", "a … b"), ("a &bogus; b & c", "a &bogus; b & c"), ("1 < 2", "1 < 2"),
    ("a\x0b\x00b", "ab"), ("a&#11;&#xD800;&#99999999;b", "ab"), ("<![CDATA[a & &nbsp; <b>]]>", "a & &nbsp; <b>"),
    ("a <x:y>b</x:y>", "a <x:y"), ("a ]]> b", "a ]]> b"), ("a <b>c", "a "),
])
def test_spoilt_text_costs_neither_the_rest_of_it_nor_another_entry(spoilt: str, title: str) -> None:
    read = page(rss(f"<item><title>{spoilt}</title><link>/1</link></item>", "<item><link>/2</link></item>"))
    assert [post.url[-2:] for post in read.entries] == ["/1", "/2"]
    assert read.entries[0].title.startswith(title)


def test_every_cut_gives_whole_entries_only_and_says_so() -> None:
    description = "<![CDATA[<p>about </item> and </rss></p>]]>"
    for whole in (rss(*(f"<item><title>글 {n}</title><link>/{n}</link><description>{description}</description></item>"
                        for n in range(4))),
                  b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>' + b"".join(
                      b'<entry><title>&amp;%d</title><link href="/%d"/><content>abc</content></entry>' % (n, n)
                      for n in range(4)) + b"</feed>",
                  json.dumps({"version": "https://jsonfeed.org/version/1", "items": [
                      {"id": f"{n}", "url": f"/{n}", "title": f"글 {n}"} for n in range(4)]}).encode()):
        known = page(whole).entries
        assert len(known) == 4
        for length in range(len(whole)):
            if read := read_feed(whole[:length], HERE):
                assert not read.is_whole
                assert read.entries == known[: len(read.entries)]
        assert len(page(whole[:-9]).entries) >= 3


@pytest.mark.parametrize("flood", [
    "<item>", "<item></item>", "<a>", "<a ", "<", "&", "&nbsp;", "<!--", "<![CDATA[", "]]>", "<item><title>", "</item>",
    "<!", "<x:y>", "<rss>", "\x00", "<content type='xhtml'><div>",
])
def test_no_flood_takes_long(flood: str) -> None:
    for end in ("", "</channel></rss>"):
        body = f"<rss><channel>{flood * (2**17 // len(flood))}{end}".encode()
        started = time.process_time()
        read_feed(body, HERE)
        assert time.process_time() - started < 10


@pytest.mark.parametrize("flood", ["[", '{"a":', "[[],", '{"id":1},', "1", '"items":['])
def test_no_flood_of_json_takes_long(flood: str) -> None:
    body = ('{"version":"https://jsonfeed.org/version/1","items":[' + flood * (2**20 // len(flood))).encode()
    started = time.process_time()
    read = page(body)
    assert time.process_time() - started < 10
    assert not read.is_whole


def test_a_name_of_a_file_is_never_opened(tmp_path: Path) -> None:
    """The last reader takes bytes for a path where it may."""
    secret = tmp_path / "secret"
    secret.write_text("<rss><channel><item><link>https://secret.example/1</link></item></channel></rss>")
    name = os.fsencode(secret)
    assert read_feed(name, HERE) is None
    assert "secret.example" not in str(read_feed(b"<rss>" + name, HERE))


TAGS = st.sampled_from([
    "<rss>", "<channel>", "</channel>", "</rss>", "<item>", "</item>", "<link>", "</link>", "/1", "http://a.example/2",
    "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&lt;", "<", "<guid>", "</guid>", "가", "\x00",
    "<x:y>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "</feed>", "<link href='/3'/>", "\ufeff",
    "<entry xml:base='http://['>", " xml:base='javascript:x'", "{", "]}", '{"id":1,"url":"/4"}',
    '{"version":"https://jsonfeed.org/version/1","items":[',
])


@given(st.lists(TAGS, max_size=30).map("".join), st.sampled_from(["utf-8", "cp949", "utf-16"]))
def test_nothing_like_a_feed_makes_it_raise(text: str, encoding: str) -> None:
    for post in feed_posts(text.encode(encoding, "ignore"), HERE):
        assert all(name.startswith(("http://", "https://")) for name in (post.url, *post.addresses))
        assert post.mark
        assert all(part != "" for part in astuple(post)[4:])


# --- real feeds ------------------------------------------------------------------------------------------------------


def real_feeds() -> list[dict[str, object]]:
    manifest = CORPUS / "manifest.json"
    pages = json.loads(manifest.read_text(encoding="utf-8"))["pages"] if manifest.exists() else []
    return [entry for entry in pages if str(entry["kind"]).endswith("rss")]


@pytest.mark.skipif(not CORPUS.exists(), reason="the saved feeds are not here")
def test_real_feeds_are_read_as_the_people_who_saved_them_read_them() -> None:
    assert len(real_feeds()) >= 3
    for entry in real_feeds():
        body, said = (CORPUS / str(entry["file"])).read_bytes(), entry["feed"]
        assert isinstance(said, dict)
        read = page(body, "https://blog.example/rss")
        first = read.entries[0]
        assert read.is_whole
        assert len(read.entries) == said["items"]
        assert first.title == " ".join(said["first"]["title"].split())
        assert said["first"]["link"].replace("&amp;", "&") in (first.url, *first.addresses)
        assert first.published
        assert first.guid == said["first"]["guid"]
        half = page(body[: len(body) * 2 // 3], "https://blog.example/rss")
        assert half.entries == read.entries[: len(half.entries)]
        assert not half.is_whole
