"""`moafeed import ftr`: site configs of Full-Text RSS become sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from hypothesis import given
from hypothesis import strategies as st
from imported_configs import PAGES, crawled, keys, source_text, take
from small_site import listing, site

from crawler.imports.ftr.site_config import wanted
from crawler.source import SourceKeys
from crawler.source_file import taken, written

CONFIG = """# a board
title: //h4[@class='subject']
author: substring-before(//p[@class='nobody'], ' (')
author: substring-after(substring-before(//p, ' ('), ': ')
author: substring-after(//p[@class='by'], ': ')
date: //p[@class='edited']/@data-at
body: //div[@id='text']

strip_id_or_class: ad
find_string: 꼬리
replace_string: 수염
replace_string(저녁에는): 밤에는
tidy: no
test_url: {url}/read?no=1
"""


def test_a_site_config_becomes_a_source_whose_posts_are_right(tmp_path: Path) -> None:
    with site(PAGES | {"/": listing("/read?no=1", "/read?no=2")}) as served:
        out = take(tmp_path, "ftr", "127.0.0.1.txt", CONFIG.replace("{url}", served.url), 65)
        posts = crawled(tmp_path)
    assert [post["title"] for post in posts] == ["골목의 고양이", "비 오는 날"]
    assert "수염가 길다" in posts[0]["content_html"]
    assert "밤에는 비가 왔다" in posts[0]["content_html"]
    assert "광고입니다" not in posts[0]["content_html"]
    assert {post["published"] for post in posts} == {"2024-03-06T00:30:00+00:00"}
    assert posts[0]["author"] == "해온 (조회 12)"
    assert "1 new, 0 followed already" in out
    assert "line 4, author xpath:substring-after(substring-before(//p, ' ('), ': '): " in out
    assert out.count("line ") == 1


def test_what_each_directive_becomes(tmp_path: Path) -> None:
    out = take(tmp_path, "ftr", "example.com.txt", r"""
        title: //h1
        title: id('headline')/b
        title: concat(//h1, //h2)
        title: substring-before(//title, ' (| ')
        title: normalize-space(//h2[text()='x'])
        body: id("text")
        body: //article | //div[@class="x, y"]
        strip: //svg
        strip_image_src: /pixel
        strip_id_or_class: say"so
        dissolve: //span[@class='hl']
        http_header(user-agent): Mozilla/5.0 (compatible)
        http_header(Referer): https://example.com/
        http_header(cookie): wall=1; sid=s3cr3t
        http_header(Authorization): Bearer t0ken
        next_page_link: //a[@rel='next']
        prune: no
        requires_login: no
        login_username_field: user
        replace_string(<noscript>): <div>
        replace_string(a.b\c): d\1
        wat: ever
        a line of no kind
        test_url: http://www.example.com/1
    """, 65)  # fmt: skip
    made = keys(tmp_path)
    assert made["url"] == "http://www.example.com/"
    assert made["select"] == {
        "title": ({"selector": "//h1"}, {"selector": "//*[@id='headline']/b"},
                  {"selector": "//title", "pattern": r"(?s)^(.*?) \(\| "}, {"selector": "//h2[text()='x']"}),
        "body": ({"selector": "//*[@id='text']"}, {"selector": '//article | //div[@class="x, y"]'}),
        "next": ({"selector": "//a[@rel='next']"},),
    }  # fmt: skip
    assert [rule["selector"] for rule in made["clean"]["remove"]] == [
        "//svg", 'img[src*="/pixel"]', '[id*="say\\"so"], [class*="say\\"so"]',
    ]  # fmt: skip
    assert made["clean"]["unwrap"] == ({"selector": "//span[@class='hl']"},)
    assert made["clean"]["replace"] == {r"a\.b\\c": r"d\\1"}
    assert made["request"] == {
        "user_agent": "Mozilla/5.0 (compatible)",
        "headers": {"Referer": "https://example.com/", "Authorization": "${EXAMPLE_COM_AUTHORIZATION}"},
        "cookies": {"wall": "${EXAMPLE_COM_WALL}", "sid": "${EXAMPLE_COM_SID}"},
    }
    for said in ("MOAFEED_EXAMPLE_COM_SID", "line 4, title xpath:concat(//h1, //h2): ",
                 "line 18, prune", "login_username_field: moafeed does not log in", "changes the page's HTML",
                 "line 23, wat: no directive", "line 24: no directive"):
        assert said in out, said
    assert "requires_login" not in out
    for secret in ("s3cr3t", "t0ken"):
        assert secret not in out + source_text(tmp_path)


@pytest.mark.parametrize(("name", "tests", "url"), [
    ("example.com.txt", "", "https://example.com/"),
    ("example.com.txt", "test_url: http://www.example.com:8080/a", "http://www.example.com:8080/"),
    ("example.com.txt", "test_url: https://other.example/a\ntest_url: https://[half", "https://example.com/"),
    (".example.com.txt", "test_url: https://dal.example.com/a", "https://dal.example.com/"),
    (".example.com.txt", "test_url: sec://dal.example.com/a", "https://example.com/"),
])  # fmt: skip
def test_the_host_is_the_name_of_the_file(tmp_path: Path, name: str, tests: str, url: str) -> None:
    out = take(tmp_path, "ftr", name, f"body: //article\n{tests}\n")
    assert keys(tmp_path)["url"] == url
    assert ("every blog below example.com" in out) is name.startswith(".")


def test_a_folder_is_taken_whole_each_blog_once_and_no_file_is_written_over(tmp_path: Path) -> None:
    here = workspace(tmp_path, old="https://old.example/")
    (here / "sources/new-example.toml").write_text('url = "https://elsewhere.example/"\n', encoding="utf-8")
    theirs = here / "theirs"
    theirs.mkdir()
    for name in ("old.example.txt", "new.example.txt", "www.new.example.txt", "global.txt", "README.md"):
        (theirs / name).write_text("body: //article\n", encoding="utf-8")
    (theirs / "bad.example.txt").write_bytes(b"title: \xff\n")
    (theirs / "no host at all.txt.txt").write_text("body: //article\n", encoding="utf-8")
    (theirs / "folder.example.txt").mkdir()
    ran = moafeed("import", "ftr", "theirs", cwd=here, code=65)
    assert "old: followed already" in ran.out
    assert "new-example-2: new" in ran.out
    assert "1 new, 2 followed already, 1 can't be followed" in ran.out
    assert "bad.example.txt, line 1: not UTF-8 text" in ran.err
    assert "folder.example.txt is no file" in ran.err
    assert sorted(files(here / "sources")) == ["new-example-2.toml", "new-example.toml", "old.toml"]
    before = files(here / "sources")
    assert "0 new, 3 followed already" in moafeed("import", "ftr", "theirs", cwd=here, code=65).out
    assert files(here / "sources") == before


def test_more_selectors_than_a_list_holds_are_joined_and_the_rest_is_told(tmp_path: Path) -> None:
    strips = "".join(f"strip: //p[@class='no{n}']\nstrip_id_or_class: part{n}\n" for n in range(30))
    take(tmp_path, "ftr", "a.example.txt", "body: //div\n" + strips.replace("strip_id", "# strip_id"))
    removed = keys(tmp_path)["clean"]["remove"]
    assert len(removed) <= 10
    assert all(f"'no{n}'" in str(removed) for n in range(30))
    out = take(tmp_path / "more", "ftr", "a.example.txt", "body: //div\n" + strips, 65)
    assert "it comes after 10 others; no more are read" in out


def test_of_a_file_that_never_ends_only_the_beginning_is_read(tmp_path: Path) -> None:
    out = take(tmp_path, "ftr", "a.example.txt", "strip: //b[1]\n" * 20_000)
    assert "line 301: only the first 300 directives are read" in out
    assert "longer than 1 MiB" in take(tmp_path / "b", "ftr", "b.example.txt", "# x\n" * 2_500_000, 65)


@pytest.mark.parametrize("document", [
    "\ufeff" + CONFIG, CONFIG.encode("utf-16"), CONFIG.replace("\n", "\r\n"), CONFIG.replace("\n", "\r"),
])  # fmt: skip
def test_files_are_read_as_programs_write_them(tmp_path: Path, document: str | bytes) -> None:
    take(tmp_path, "ftr", "a.example.txt", document, 65)
    assert keys(tmp_path)["select"]["title"] == ({"selector": "//h4[@class='subject']"},)
    assert r"꼬리" in keys(tmp_path)["clean"]["replace"]


@pytest.mark.parametrize(("document", "said"), [
    (CONFIG.encode("cp949"), "not UTF-8 text"), (b"\0" * 99, "is no text"), (b"title: //h1\0", "is no text"),
])  # fmt: skip
def test_what_is_no_text_is_told_in_one_sentence(tmp_path: Path, document: bytes, said: str) -> None:
    assert said in take(tmp_path, "ftr", "a.example.txt", document, 65)


@pytest.mark.parametrize("document", ["", "# only a remark\n\n", "Dear diary,\nNote: buy milk\n"])
def test_a_file_without_a_directive_becomes_no_source(tmp_path: Path, document: str) -> None:
    here = workspace(tmp_path)
    (here / "my.diary.txt").write_text(document)
    ran = moafeed("import", "ftr", "my.diary.txt", cwd=here, code=65)
    assert ran.err == "my.diary.txt: it has no line of a site config\n"
    assert list((here / "sources").iterdir()) == []


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    assert "can't be read: No such file" in moafeed("import", "ftr", "x.txt", cwd=here, code=65).err
    assert "has no site config" in moafeed("import", "ftr", "sources", cwd=here, code=65).err
    assert "is no web address" in take(tmp_path, "ftr", "no host.txt", "title: //h1\n", 65)


@given(st.lists(st.tuples(
    st.sampled_from(["title", "date", "strip", "strip_id_or_class", "replace_string(a)", "find_string", "dissolve",
                     "http_header(cookie)", "http_header(x)", "wat"]),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n"), max_size=20),
)), st.text(max_size=20))  # fmt: skip
def test_whatever_a_file_says_what_is_made_of_it_can_be_read(lines: list[tuple[str, str]], more: str) -> None:
    config = wanted("a.example", "tidy: no\n" + "".join(f"{name}: {value}\n" for name, value in lines) + more)
    made, _ = taken({"url": config.outline.page}, config.settings)
    import tomllib

    assert SourceKeys.model_validate(tomllib.loads(written(made))) == SourceKeys.model_validate(made)
    assert all(re.match(r"line \d+", sentence) for sentence in config.left)
