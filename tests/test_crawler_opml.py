"""`moafeed import opml` and `moafeed export opml`: subscription lists of other programs become sources, and back."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from small_site import listing, post, site

from crawler.imports._following import follow
from crawler.imports.opml.outlines import Outline, read_outlines
from crawler.own_feeds import platform_feed
from crawler.source import Source, load_sources
from pipelines.urls import same_page_key

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="1.0"><head><title>mine</title></head><body>'
FEEDLY = f"""{HEAD}<outline text="블로그" title="블로그">
<outline type="rss" text="봄 산책" title="봄 산책" xmlUrl="https://dal.tistory.com/rss" htmlUrl="https://dal.tistory.com"/>
<outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://ab.example/feed.xml" htmlUrl="https://ab.example/"/>
</outline></body></opml>"""


def following(here: Path) -> dict[str, dict[str, object]]:
    """What each source file says; every one of them can be used."""
    loaded = load_sources(here / "sources")
    assert not loaded.errors
    return {s.name: tomllib.loads((here / f"sources/{s.name}.toml").read_text("utf-8")) for s in loaded.sources}


def take(folder: Path, document: str | bytes, code: int = 0) -> tuple[Path, str]:
    here = folder if (folder / "moafeed.toml").exists() else workspace(folder)
    (here / "list.opml").write_bytes(document.encode() if isinstance(document, str) else document)
    ran = moafeed("import", "opml", "list.opml", cwd=here, code=code)
    return here, ran.out + ran.err


def line(**said: str) -> str:
    written = " ".join(f'{name}="{escape(value)}"' for name, value in said.items())
    return f"<outline {written}/>"


def listed(*lines: str) -> str:
    return f"{HEAD}{''.join(lines)}</body></opml>"


# --- one outline -----------------------------------------------------------------------------------------------------


def test_a_list_of_folders_becomes_sources_and_the_same_list_again_adds_nothing(tmp_path: Path) -> None:
    here, out = take(tmp_path, FEEDLY)
    assert following(here) == {
        "dal": {"url": "https://dal.tistory.com/", "title": "봄 산책"},
        "ab-example": {"url": "https://ab.example/", "feed": "https://ab.example/feed.xml", "title": "A & B"},
    }
    assert "dal: new, 봄 산책" in out
    assert out.endswith("2 new, 0 followed already\n")
    before = files(here / "sources")
    assert "dal: followed already, 봄 산책" in (again := take(tmp_path, FEEDLY)[1])
    assert again.endswith("0 new, 2 followed already\n")
    assert files(here / "sources") == before


@pytest.mark.parametrize(("said", "keys"), [
    ({"xmlUrl": "https://a.example/rss.xml"}, {"url": "https://a.example/rss.xml", "platform": "feed-only"}),
    ({"xmlUrl": "https://a.example/rss.xml", "htmlUrl": "https://a.example/rss.xml"},
     {"url": "https://a.example/rss.xml", "platform": "feed-only"}),
    ({"xmlUrl": "https://a.example/rss.xml", "htmlUrl": ""},
     {"url": "https://a.example/rss.xml", "platform": "feed-only"}),
    ({"xmlUrl": "https://a.example/rss.xml", "htmlUrl": "javascript:alert(1)"},
     {"url": "https://a.example/rss.xml", "platform": "feed-only"}),
    ({"xmlUrl": "feed://a.example/rss"}, {"url": "http://a.example/rss", "platform": "feed-only"}),
    ({"xmlUrl": "feed:https://a.example/rss"}, {"url": "https://a.example/rss", "platform": "feed-only"}),
    ({"XMLURL": "https://a.example/x", "HTMLURL": "https://a.example/"},
     {"url": "https://a.example/", "feed": "https://a.example/x"}),
    ({"xmlUrl": "http://dal.tistory.com/rss"}, {"url": "http://dal.tistory.com/"}),
    ({"xmlUrl": "http://dal.tistory.com/rss/", "htmlUrl": "https://dal.tistory.com"},
     {"url": "https://dal.tistory.com/"}),
    ({"xmlUrl": "https://dal.tistory.com/category/rss", "htmlUrl": "https://dal.tistory.com/"},
     {"url": "https://dal.tistory.com/", "feed": "https://dal.tistory.com/category/rss"}),
    ({"xmlUrl": "file:///etc/passwd", "htmlUrl": "https://a.example/"}, {"url": "https://a.example/"}),
    ({"type": "link", "url": "https://a.example/"}, {"url": "https://a.example/"}),
    ({"xmlUrl": "https://블로그.한국/피드", "htmlUrl": "https://블로그.한국/"},
     {"url": "https://xn--2i0b10rqve.xn--3e0b707e/",
      "feed": "https://xn--2i0b10rqve.xn--3e0b707e/%ED%94%BC%EB%93%9C"}),
    ({"type": "HTML+XPath", "xmlUrl": "https://a.example/news", "htmlUrl": "https://a.example/"},
     {"url": "https://a.example/news"}),
])  # fmt: skip
def test_what_an_outline_becomes(tmp_path: Path, said: dict[str, str], keys: dict[str, str]) -> None:
    here, out = take(tmp_path, listed(line(**said)))
    (found,) = following(here).values()
    assert found == keys
    assert out.endswith("1 new, 0 followed already\n")
    assert take(tmp_path, listed(line(**said)))[1].endswith("0 new, 1 followed already\n")


@pytest.mark.parametrize("address", [
    "exec:rm -rf /", "query:unread:unread = \"yes\"", "ftp://a.example/rss", "/rss", "https://me:secret@a.example/rss",
    "https:///rss", "https://a.example:99999/rss", "feed:", f"https://a.example/{'a' * 2001}", "https://a b.example/",
])  # fmt: skip
def test_an_address_that_can_not_be_followed_is_told_and_the_others_are_taken(tmp_path: Path, address: str) -> None:
    here, out = take(tmp_path, listed(line(text="이상한 것", xmlUrl=address), line(xmlUrl="https://b.example/rss")), 65)
    assert list(following(here)) == ["b-example-rss"]
    assert "이상한 것: " in out
    assert "1 new, 0 followed already, 1 can't be followed" in out


def test_folders_notes_and_lines_that_are_switched_off_are_no_subscriptions(tmp_path: Path) -> None:
    here, out = take(tmp_path, listed(
        line(text="폴더"), line(text="메모", created="2020"), line(xmlUrl="https://off.example/rss", isComment="true"),
        '<outline isComment="TRUE"><outline xmlUrl="https://in.example/rss"/></outline>',
        line(type="include", url="https://other.example/list.opml"),
        '<outline text="a"><outline text="b"><outline text="c"><outline category="/a,/b" text="깊은 곳" '
        'xmlUrl="https://deep.example/rss"/></outline></outline></outline>',
    ))  # fmt: skip
    assert [keys["url"] for keys in following(here).values()] == ["https://deep.example/rss"]
    assert out.endswith("1 new, 0 followed already\n")


# --- what is followed already ----------------------------------------------------------------------------------------


def test_a_blog_is_followed_once_by_its_page_or_by_its_feed(tmp_path: Path) -> None:
    here = workspace(
        tmp_path, dal="https://dal.tistory.com/", page='url = "https://a.example/"\nfeed = "https://f.example/a"\n',
        only='url = "https://b.example/feed"\nplatform = "feed-only"\n', bare="https://c.example/",
    )  # fmt: skip
    _, out = take(here, listed(
        line(xmlUrl="http://dal.tistory.com/rss"), line(htmlUrl="http://www.a.example"),
        line(xmlUrl="https://f.example/a/", htmlUrl="https://elsewhere.example/"), line(xmlUrl="http://b.example/feed"),
        line(xmlUrl="https://c.example/whatever", htmlUrl="https://c.example/"),
        line(xmlUrl="https://a.example/comments", htmlUrl="https://a.example/", text="댓글"),
    ))  # fmt: skip
    assert [text.split(":")[0] for text in out.splitlines()] == [
        "dal", "page", "page", "only", "bare", "a-example-comments", "1 new, 5 followed already",
    ]  # fmt: skip
    assert following(here)["a-example-comments"] == {
        "url": "https://a.example/", "feed": "https://a.example/comments", "platform": "feed-only", "title": "댓글",
    }  # fmt: skip


def test_the_sections_of_a_paper_are_sources_of_their_own(tmp_path: Path) -> None:
    sections = [line(xmlUrl=f"https://paper.example/{name}.xml", htmlUrl="https://paper.example/") for name in "abc"]
    here, _ = take(tmp_path, listed(*sections, sections[0]))
    assert {name: keys["platform"] for name, keys in following(here).items()} == {
        f"paper-example-{name}-xml": "feed-only" for name in "abc"
    }
    assert take(tmp_path, listed(*sections))[1].endswith("0 new, 3 followed already\n")


def test_names_never_clash(tmp_path: Path) -> None:
    here = workspace(tmp_path, '[feeds.a-example]\ntitle = "모두"\n', b_example="https://old.example/")
    (here / "sources/c-example.toml").write_text("broken", encoding="utf-8")
    take(here, listed(
        *(line(htmlUrl=f"https://{host}.example/") for host in ("a", "b", "c", "index")),
        *(line(xmlUrl=f"https://d.example/?p={number}") for number in range(3)),
        *(line(xmlUrl=f"https://e.example/{'가' * 100}{number}") for number in range(2)),
        line(htmlUrl="https://index/"), line(htmlUrl="https://e.example/가"), line(xmlUrl="https://E.example/가"),
    ), code=0)  # fmt: skip
    (here / "sources/c-example.toml").unlink()
    assert len(following(here)) == 12
    assert "a-example-2" in moafeed("list", cwd=here).out


# --- files as they are -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [
    FEEDLY.replace('<?xml version="1.0" encoding="UTF-8"?>\n', ""),
    "\ufeff" + FEEDLY,
    "\n\n  " + FEEDLY,
    FEEDLY.encode("utf-16"),
    FEEDLY.encode("cp949"),  # though it says UTF-8
    FEEDLY.replace("UTF-8", "euc-kr").encode("cp949"),
    FEEDLY.replace("UTF-8", "utf-16"),
    FEEDLY.replace("A &amp; B", "A & B"),
    FEEDLY.replace("A &amp; B", "A &amp; B").replace("봄 산책", "봄\x0b 산책"),
    FEEDLY.replace("<opml", "<OPML").replace("</opml", "</OPML").replace("<outline", "<OUTLINE").replace(
        "</outline", "</OUTLINE"),
    FEEDLY.replace("</head>", "<dateCreated>&nbsp;</dateCreated></head>"),
    FEEDLY + "\n<!-- the end -->\n\x00",
], ids=range(12))  # fmt: skip
def test_lists_are_read_as_programs_write_them(tmp_path: Path, document: str | bytes) -> None:
    here, _ = take(tmp_path, document)
    assert {keys["title"] for keys in following(here).values()} == {"봄 산책", "A & B"}


@pytest.mark.parametrize("document", [
    FEEDLY[: FEEDLY.index("A &amp; B")], FEEDLY.replace('title="A &amp; B"', "title=A"),
    FEEDLY.replace("</outline></body>", "</body>"),
])  # fmt: skip
def test_of_a_damaged_list_what_can_be_read_is_taken_and_that_is_told(tmp_path: Path, document: str) -> None:
    here, out = take(tmp_path, document, 65)
    assert "dal" in following(here)
    assert "damaged or cut short" in out


@pytest.mark.parametrize("document", [b"", b"{}", b"<html><body>no list</body></html>", b"\x00\xff" * 99,
                                      HEAD.replace("opml", "rss").encode()])  # fmt: skip
def test_what_is_no_list_is_told_in_one_sentence(tmp_path: Path, document: bytes) -> None:
    here, out = take(tmp_path, document, 65)
    assert "is no subscription list" in out
    assert not following(here)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    assert "can't be read: No such file" in moafeed("import", "opml", "nothing.opml", cwd=here, code=65).err
    assert "can't be read: Is a directory" in moafeed("import", "opml", ".", cwd=here, code=65).err
    assert "takes no --source" in moafeed("import", "opml", "x", "--source", "a", cwd=here, code=2).err


def test_entities_are_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://stolen.example/", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE opml [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    document = listed(line(text="t", xmlUrl="https://a.example/rss"), '<outline text="&l9;" xmlUrl="&x;"/>')
    here, out = take(tmp_path / "here", document.replace("<opml", doctype + "<opml"), 65)
    assert list(following(here)) == ["a-example-rss"]
    assert "stolen" not in out
    assert "hahaha" not in out


def test_five_thousand_blogs_are_taken_and_a_name_in_use_is_left_alone(tmp_path: Path) -> None:
    many = listed(*(line(text=f"블로그 {n}", xmlUrl=f"https://b{n}.example/rss", htmlUrl=f"https://b{n}.example/")
                    for n in range(5000)))  # fmt: skip
    here = workspace(tmp_path)
    (here / "sources/b4999-example.toml").symlink_to("/dev/null")
    take(here, many)
    found = load_sources(here / "sources")
    assert len(found.sources) == 5000
    assert (here / "sources/b4999-example.toml").is_symlink()


ADDRESSES = st.one_of(
    st.just(""),
    st.tuples(st.sampled_from(["https://a.example/", "http://www.a.example", "feed:", "https://b.tistory.com/"]),
              st.one_of(st.sampled_from(["", "rss", "x"]), st.text(max_size=9))).map("".join),
)  # fmt: skip


@given(st.lists(st.builds(Outline, title=st.text(max_size=9), feed=ADDRESSES, page=ADDRESSES), max_size=8))
def test_whatever_a_list_says_each_blog_becomes_one_source(outlines: list[Outline]) -> None:
    made = follow(outlines, (), {}, {"b-example"})
    new = [each for each in made if each.keys is not None]
    assert len({each.source.casefold() for each in new if each.source}) == len(new)
    sources = [Source.model_validate({"name": each.source, **each.keys}) for each in new if each.keys]
    assert len({same_page_key(source.start) for source in sources}) == len(new)
    feeds = {s.name: feed for s in sources if (feed := s.known_feed or platform_feed(s.url))}
    assert not [each for each in follow(outlines, sources, feeds, ()) if each.keys]
    assert all(each.why for each in made if each.source is None)


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail(damage: bytes) -> None:
    read_outlines(damage)
    read_outlines(FEEDLY.encode()[:150] + damage + FEEDLY.encode()[150:])


# --- and back --------------------------------------------------------------------------------------------------------


def attributes(file: Path) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in etree.parse(file).iter("outline")]


def test_what_is_followed_is_listed_with_its_own_feed_and_comes_back(tmp_path: Path) -> None:
    with site({}) as blog:
        link = '<link rel="alternate" type="application/rss+xml" href="/own.xml">'
        blog.pages["/"] = listing("/1", title="작은 <블로그>").replace("</head>", f"{link}</head>")
        blog.pages["/1"] = post()
        blog.pages["/own.xml"] = (200, {}, f"<rss><channel><item><link>{blog.url}/1</link></item></channel></rss>")
        here = workspace(
            tmp_path / "here", blog=f'url = "{blog.url}/"\n',
            only='url = "https://b.example/feed"\nplatform = "feed-only"\ntitle = "피드뿐"\n',
            dal='url = "https://dal.tistory.com/"\nplatform = "tistory"\n', unread="https://c.example/",
        )  # fmt: skip
        moafeed("crawl", "blog", cwd=here)
        ran = moafeed("export", "opml", "out/mine.opml", cwd=here)
        assert ran.out.endswith("1 written, 0 unchanged\n")
        assert "unread: " in ran.err
        rows = {row["htmlUrl"]: (row["title"], row.get("xmlUrl")) for row in attributes(here / "out/mine.opml")}
        assert rows == {
            f"{blog.url}/": ("작은 <블로그>", f"{blog.url}/own.xml"),
            "https://b.example/feed": ("피드뿐", "https://b.example/feed"),
            "https://dal.tistory.com/": ("dal.tistory.com", "https://dal.tistory.com/rss"),
            "https://c.example/": ("c.example", None),
        }
        assert moafeed("export", "opml", "out/mine.opml", cwd=here).out.endswith("0 written, 1 unchanged\n")
        moafeed("export", "opml", "out", "blog", cwd=here)
        assert [row["title"] for row in attributes(here / "out/moafeed.opml")] == ["작은 <블로그>"]

        there = workspace(tmp_path / "there")
        moafeed("import", "opml", here / "out/mine.opml", cwd=there)
        assert {keys["url"] for keys in following(there).values()} == set(rows)
        assert moafeed("import", "opml", "out/mine.opml", cwd=here).out.endswith("0 new, 4 followed already\n")
        asked = len(blog.asked)
        name = next(name for name, keys in following(there).items() if keys["url"] == f"{blog.url}/")
        moafeed("crawl", name, cwd=there)
        assert "/own.xml" in blog.since(asked)


def test_what_can_not_be_listed_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path, a="https://a.example/")
    assert "no source is called 'b'" in moafeed("export", "opml", "x.opml", "b", cwd=here, code=2).err
    assert "takes no --limit" in moafeed("export", "opml", "x.opml", "--limit", "3", cwd=here, code=2).err
    (here / "link.opml").symlink_to(here / "moafeed.toml")
    assert "symbolic link" in moafeed("export", "opml", "link.opml", cwd=here, code=73).err
