"""`moafeed export epub`: a digest that EPUB readers open, whatever is in the posts; the same posts, the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import moafeed, workspace
from feeds_fixtures import START, post, posts
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from reader_clients import need
from test_feeds_validity import VECTORS, stored, vectors

from crawler.demo import DemoBlog
from feeds.exports import Blog, ExportError, Library
from feeds.exports.epub import write
from feeds.exports.epub.xhtml import XHTML, add_body
from pipelines.body import clean
from pipelines.body.sanitise import TAGS
from pipelines.post import Enclosure, Post
from pipelines.site import Site

SITE = Site(source="bori", title="보리의 <노트> & 산책", home="https://bori.example.org/", platform="generic")
BLOGS = {"bori": Blog(site=SITE, zone="Asia/Seoul", closing="")}


def library(kept: list[Post], title: str = "모음 & <글>") -> Library:
    return Library(blogs=BLOGS, posts=lambda: iter(kept), newest=lambda: list(kept), title=title)


def book(folder: Path, kept: list[Post], **more: Any) -> dict[str, str]:
    """The files of a book of these posts, as texts."""
    file = folder / "book.epub"
    write(file, library(kept, **more), None)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def chapters(files: dict[str, str]) -> list[str]:
    """The chapters in the order of the spine."""
    names = re.findall(r'idref="(post-\w+)"', files["EPUB/package.opf"])
    return [files[f"EPUB/{name}.xhtml"] for name in names]


def complaints(file: Path) -> list[str]:
    """What EPUBCheck finds wrong with a file."""
    checker = shutil.which("epubcheck")
    need(checker and shutil.which("java"), "epubcheck", "apt-get install epubcheck default-jre-headless")
    # The program is an archive that only some systems start by themselves.
    # Of one book Java's first compiler makes more than its second, which takes both cores for it.
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    command = ["java", *quick, "-jar", os.path.realpath(str(checker)), "--json", "-", "-q", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    told = json.loads(done.stdout[done.stdout.index("{") :])
    return [f"{m['severity']} {m['ID']} {m['message']} {m['locations'][:1]}" for m in told["messages"]
            if m["severity"] in {"FATAL", "ERROR", "WARNING"}]  # fmt: skip


# --- as people use it ------------------------------------------------------------------------------------------------


def test_a_real_blog_becomes_a_valid_book_and_the_same_posts_the_same_bytes(tmp_path: Path) -> None:
    with DemoBlog() as blog:
        here = workspace(tmp_path, demo=blog.url + "/")
        moafeed("crawl", cwd=here)
    ran = moafeed("export", "epub", "out/blog.epub", "--limit", "5", cwd=here)
    assert ran.out.endswith("5 written, 0 unchanged\n")
    first = (here / "out/blog.epub").read_bytes()
    changed = (here / "out/blog.epub").stat().st_mtime_ns
    assert moafeed("export", "epub", "out/blog.epub", "--limit", "5", cwd=here).out == "0 written, 5 unchanged\n"
    assert (here / "out/blog.epub").stat().st_mtime_ns == changed
    moafeed("export", "epub", "out", "demo", "--limit", "5", cwd=here)
    with zipfile.ZipFile(here / "out/moafeed.epub") as archive:
        assert archive.testzip() is None
    moafeed("export", "epub", "out/blog.epub", cwd=here)
    assert (here / "out/blog.epub").read_bytes() != first
    moafeed("export", "epub", "out/blog.epub", "--limit", "5", cwd=here)
    assert (here / "out/blog.epub").read_bytes() == first
    moafeed("export", "epub", "out/all.epub", cwd=here)
    assert complaints(here / "out/all.epub") == []


def test_what_can_not_be_exported_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path, a="https://a.example/")
    assert "no posts" in moafeed("export", "epub", "x.epub", cwd=here, code=66).err
    assert "takes no --limit" in moafeed("export", "jekyll", "x", "--limit", "3", cwd=here, code=2).err
    with pytest.raises(ExportError, match="deleted"):
        write(tmp_path / "x.epub", library([]), None)


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_a_book_tells_its_posts_newest_first_with_all_that_is_known(tmp_path: Path) -> None:
    kept = [replace(each, title=f"{number}번째") for number, each in zip((3, 2, 1), posts(3), strict=True)]
    files = book(tmp_path, kept)
    assert next(iter(files)) == "mimetype"
    contents = etree.fromstring(files["EPUB/nav.xhtml"].encode())
    links = [link for link in contents.iter(f"{{{XHTML}}}a")]  # noqa: C416  # a list of elements
    assert [link.text for link in links] == ["3번째", "2번째", "1번째"]
    assert all(f"EPUB/{link.get('href')}" in files for link in links)
    titles = re.findall("<text>(.*?)</text>", files["EPUB/toc.ncx"])
    assert titles == ["모음 &amp; &lt;글&gt;", "3번째", "2번째", "1번째"]
    newest, _, oldest = chapters(files)
    assert "<h1>3번째</h1>" in newest
    assert "2026-03-01 · 보리 · 보리의 &lt;노트&gt; &amp; 산책" in newest
    assert "개발, 파이썬, 크롤링, RSS &amp; Atom" in newest
    assert '<a href="https://bori.example.org/3">https://bori.example.org/3</a>' in newest
    assert "3번째 글." in newest
    assert "style=" not in newest
    assert '<a href="https://img.example.org/%EC%82%AC%EC%A7%84.png" class="picture">[그림: 사진]</a>' in newest
    assert 'href="https://media.example.org/1.mp3"' in oldest
    package = files["EPUB/package.opf"]
    assert '<meta property="dcterms:modified">2026-03-03T09:30:15Z</meta>' in package  # the edit of the second
    assert "<dc:language>ko</dc:language>" in package
    assert "<dc:creator>보리</dc:creator>" in package
    assert not re.search(r"<(img|video|audio|script|iframe)", "".join(files.values()))


def test_the_identifier_stays_while_posts_come_and_go_and_so_do_the_chapters_names(tmp_path: Path) -> None:
    before, after = book(tmp_path, posts(2)), book(tmp_path, posts(3))
    found = [re.search(r"urn:uuid:[0-9a-f-]{36}", files["EPUB/package.opf"]) for files in (before, after)]
    assert found[0] and found[1] and found[0][0] == found[1][0]  # noqa: PT018
    assert found[0][0] in before["EPUB/toc.ncx"]
    assert before.keys() < after.keys()


def test_an_edit_moves_the_date_and_a_post_of_two_sources_is_one_chapter(tmp_path: Path) -> None:
    edited = replace(post(), updated=START + timedelta(days=9))
    files = book(tmp_path, [edited, edited])
    assert len(chapters(files)) == 1
    assert "2026-03-10T09:30:15Z" in files["EPUB/package.opf"]


# --- valid, whatever comes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("html", "expected"), [
    ("<p>글</p>", "<p>글</p>"),
    ("<ul><li>하나</li><ul><li>둘</li></ul></ul>", "<ul><li>하나</li><li><ul><li>둘</li></ul></li></ul>"),
    ("<em><p>굵게</p></em>", "<div><p>굵게</p></div>"),
    ("<p><a href='https://a.example/'><img src='https://a.example/1.png' alt='봄'></a></p>",
     '<p><a href="https://a.example/">[그림: 봄]</a></p>'),
    ("<img src='https://a.example/1.png'>", '<a href="https://a.example/1.png" class="picture">[그림]</a>'),
    ("<table><caption>표</caption><thead><tr><th><h2>머리</h2></th></tr></thead><tr><td colspan=2>칸</td></tr></table>",
     '<p>표</p><table><tbody><tr><th>머리<br/></th></tr><tr><td colspan="2">칸</td></tr></tbody></table>'),
    ("<details><summary>접은 글</summary>안</details>", "<div><p>접은 글</p>안</div>"),
    ("<ruby>漢<rt>한</rt></ruby> <tt>x</tt>", "<ruby>漢<rt>한</rt></ruby> <code>x</code>"),
    ("<bdo>x</bdo><time datetime='어제'>어제</time><big>크게</big>",
     "<span>x</span><span>어제</span><span>크게</span>"),
    ("<h1>제목</h1><p lang='ko'>글</p>", '<h2>제목</h2><p lang="ko" xml:lang="ko">글</p>'),
])  # fmt: skip
def test_bodies_are_built_by_the_rules_of_xhtml(html: str, expected: str) -> None:
    target = etree.Element(f"{{{XHTML}}}div")
    add_body(target, html, "그림")
    written = etree.tostring(target, encoding="unicode")
    assert re.sub(r' xmlns(:\w+)?="[^"]*"|html:', "", written) == f"<div>{expected}</div>"


@given(st.lists(st.tuples(st.sampled_from(sorted(TAGS)), st.booleans(), st.sampled_from(["", "글", " "])), max_size=25))
def test_no_word_of_a_body_is_lost(parts: list[tuple[str, bool, str]]) -> None:
    html = clean("".join(f"<{'/' if closing else ''}{tag}>{text}" for tag, closing, text in parts), "https://a.example/")
    target = etree.Element(f"{{{XHTML}}}div")
    add_body(target, html, "그림")
    seen = "".join(map(str, target.itertext()))
    assert seen.count("글") == html.count("글")


def test_a_body_of_any_depth_is_written(tmp_path: Path) -> None:
    deep = "<div>" * 400 + "<b>" * 400 + "깊은 글" + "</b>" * 400 + "</div>" * 400
    assert "깊은 글" in chapters(book(tmp_path, [post(content_html=deep)]))[0]


def hostile_titles() -> list[Post]:
    """A post for each hostile text, which it has for everything."""
    texts = [row["input"] for row in vectors("titles_slugs.json")]
    kept = [
        stored(n, title=text, author=text, categories=(text, "글"), tags=(text,), summary=text)
        for n, text in enumerate(texts, start=10_000)
    ]
    return [each for each in kept if each]


def hostile_bodies() -> list[Post]:
    """Posts of a hundred hostile bodies each: the checker takes long for a file."""
    payloads = [row["payload"] for row in vectors("xss.json")]
    kept = [stored(n, content_html=payload) for n, payload in enumerate(payloads)]
    bodies = [each.content_html for each in kept if each]
    several = ["<hr>".join(bodies[start : start + 100]) for start in range(0, len(bodies), 100)]
    return [post(20_000 + number, content_html=html) for number, html in enumerate(several)]


def wrong_places() -> list[Post]:
    """Every element that a body may hold inside every other, with attributes that are not its own; and as cleaned."""
    attributes = (
        "lang='ko' dir='rtl' title='t' align='left' width='3' start='2' value='4' href='https://a.example/?a&amp;b' "
        "src='https://a.example/1.png' datetime='x' colspan='0' rowspan='2000' scope='x' class='language-c++'"
    )
    inside = "".join(f"<{tag} {attributes}>글</{tag}>" for tag in sorted(TAGS))
    kept = [post(number, content_html=f"<{tag}>앞 {inside} 뒤</{tag}>") for number, tag in enumerate(sorted(TAGS))]
    kept += [post(100 + number, content_html=clean(each.content_html, each.url)) for number, each in enumerate(kept)]
    media = Enclosure(url="https://media.example.org/1.mp3", type="audio/mpeg", length=1)
    kept.append(post(999, title="", excerpt="", author=None, language=None, enclosures=(media,), content_html=""))
    return kept


def test_whatever_is_in_the_posts_the_book_is_valid(tmp_path: Path) -> None:
    kept = wrong_places()
    if VECTORS.exists():
        kept += hostile_titles() + hostile_bodies()
    files = book(tmp_path, kept, title="\u202e<모음> & \x0b")
    assert len(chapters(files)) == len(kept)
    assert complaints(tmp_path / "book.epub") == []
