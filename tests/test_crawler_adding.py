"""Any blog in a minute: found from any address, shown before it is followed, kept for `check`."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_line import SITES, files, moafeed, workspace
from small_site import HTML, Site, listing, post, site

from crawler.platforms import home_of
from pipelines.store import Store

RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
TEXT = "골목 끝 문방구에서 공책을 한 권 샀다. 주인은 첫 장을 비워 두라고 했다. " * 6


def feed(home: str, *paths: str, whole: bool = False) -> tuple[int, dict[str, str], str]:
    body = f"<![CDATA[<p>{TEXT}</p>]]>" if whole else "짧은 소개"
    items = "".join(f"<item><title>글 {path}</title><link>{home}{path}</link><description>{body}</description></item>"
                    for path in paths)
    head = f"<title>작은 블로그</title><link>{home}/</link>"
    return 200, RSS, f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


def named(page: str, address: str) -> str:
    """The page with a link to its feed."""
    return page.replace("</title>", f'</title><link rel="alternate" type="application/rss+xml" href="{address}">')


def blog(pages: dict[str, Any] | None = None) -> dict[str, Any]:
    paths = ("/1", "/2", "/3")
    return {"/": listing(*paths), **{path: post(f"글 {path}", TEXT) for path in paths}, **(pages or {})}


def only_file(here: Path) -> dict[str, str]:
    """Keys of the one source file."""
    (file,) = (here / "sources").glob("*.toml")
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith(("#", "["))]
    return dict(line.split(" = ", 1) for line in lines)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "/", "/2", "/feed", "/?from=mail#top"])
def test_a_blog_is_found_from_any_of_its_addresses(tmp_path: Path, path: str) -> None:
    with site(blog(), host="127.0.0.31") as served:
        served.pages["/"] = named(served.pages["/"], "/feed")
        served.pages["/?from=mail"] = served.pages["/"]
        served.pages["/feed"] = feed(served.url, "/1", "/2", "/3")
        ran = moafeed("add", served.url + path, cwd=workspace(tmp_path))
    expected = f"{served.url}/?from=mail" if "mail" in path else f"{served.url}/"
    assert only_file(tmp_path) == {"url": json.dumps(expected)}
    assert "글 /1" in ran.out
    assert "공책을 한 권 샀다" in ran.out


def test_what_is_shown_of_a_blog_says_what_is_sure_and_what_is_missing(tmp_path: Path) -> None:
    odd = post("글 /2", TEXT).replace('content="글 /2"', 'content="다른 제목"')
    with site(blog({"/2": odd}), host="127.0.0.31") as served:
        ran = moafeed("add", served.url, cwd=workspace(tmp_path))
    levels = {line.split()[0]: " ".join(line.split()[1:4]) for line in ran.out.splitlines() if line.startswith("  ")}
    assert levels["author"] == levels["tags"] == "missing"
    assert levels["title"].startswith("other places differ")
    assert "2026-03-01 09:00" in ran.out  # as the blog prints it, not in UTC
    assert "# 작은 블로그\n" in (tmp_path / "sources/127-0-0-31.toml").read_text("utf-8")


def test_who_waits_is_told_how_far_it_is_and_a_pipe_is_told_nothing(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    with site(blog(), host="127.0.0.31", seconds=0.1) as one, site(blog(), host="127.0.0.32", seconds=0.4) as two:
        shown = typed(here, "add", "--yes", one.url, two.url, answer=b"")
        assert "looked at 0 of 2 addresses, 0 posts read" in shown
        assert "looked at 1 of 2 addresses, " in shown
        assert re.search("looked at 2 of 2 addresses, [1-6] posts read", shown)
        quiet = moafeed("add", f"{one.url}/1", two.url, cwd=workspace(tmp_path / "other"))
    assert quiet.err == ""
    assert quiet.out.startswith("address ")


def test_nothing_is_written_where_a_person_says_no(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    before = files(here)
    with site(blog(), host="127.0.0.31") as served:
        assert "follow 127-0-0-31?" in typed(here, "add", served.url, answer=b"n\n")
        assert files(here) == before
        typed(here, "add", served.url, answer=b"\n")
    assert only_file(here) == {"url": f'"{served.url}/"'}


def typed(here: Path, *args: str, answer: bytes) -> str:
    """What a command shows on a terminal, where a person answers its question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "crawler", *args]
    process = subprocess.Popen(command, cwd=here, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown, answered, end = b"", False, time.monotonic() + 60
    try:
        while time.monotonic() < end and select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            shown += part
            if b"]: " in shown and not answered:
                os.write(ours, answer)
                answered = True
            if not part:
                break
        assert process.wait(30) == 0, shown.decode()
    finally:
        process.kill()
        os.close(ours)
    return shown.decode()


def test_a_feed_that_its_pages_do_not_name_is_found_at_the_usual_addresses(tmp_path: Path) -> None:
    with site(blog({"/": "<html><title>빈 첫 장</title><body>안녕하세요</body></html>"}), host="127.0.0.31") as served:
        served.pages["/atom.xml"] = feed(served.url, "/1", "/2")
        moafeed("add", served.url, cwd=workspace(tmp_path))
        assert only_file(tmp_path)["feed"] == f'"{served.url}/atom.xml"'


def test_a_feed_on_another_host_is_named_in_the_file(tmp_path: Path) -> None:
    with site(blog(), host="127.0.0.31") as served, site({}, host="127.0.0.32") as other:
        served.pages["/"] = named(served.pages["/"], f"{other.url}/blog")
        other.pages["/blog"] = feed(served.url, "/1", "/2", "/3")
        moafeed("add", served.url, cwd=workspace(tmp_path))
        assert only_file(tmp_path) == {"url": f'"{served.url}/"', "feed": f'"{other.url}/blog"'}
        other.pages["/blog"] = feed("http://127.0.0.33", "/1")  # somebody else's
        (tmp_path / "sources/127-0-0-31.toml").unlink()
        moafeed("add", served.url, cwd=tmp_path)
        assert only_file(tmp_path) == {"url": f'"{served.url}/"'}


def test_a_blog_whose_pages_nobody_can_read_is_followed_by_its_feed(tmp_path: Path) -> None:
    shell = '<html><title>앱</title><body><div id="root"></div></body></html>'
    with site({"/": named(shell, "/rss"), "/1": shell, "/2": shell}, host="127.0.0.31") as served:
        served.pages["/rss"] = feed(served.url, "/1", "/2", whole=True)
        ran = moafeed("add", served.url, cwd=workspace(tmp_path))
        assert only_file(tmp_path) == {"url": f'"{served.url}/rss"', "platform": '"feed-only"'}
        assert "공책을 한 권 샀다" in ran.out
        assert "as expected" in moafeed("check", cwd=tmp_path).out


def test_feed_only_asks_for_no_page(tmp_path: Path) -> None:
    with site(blog(), host="127.0.0.31") as served:
        served.pages["/rss"] = feed(served.url, "/1", "/2", whole=True)
        moafeed("add", f"{served.url}/rss", "--feed-only", cwd=workspace(tmp_path))
        assert set(served.asked) == {"/robots.txt", "/rss"}
    assert only_file(tmp_path)["platform"] == '"feed-only"'


def test_one_category_of_a_blog(tmp_path: Path) -> None:
    here, name = workspace(tmp_path), "bom-sanchaek.tistory.com"
    ran = moafeed("add", f"https://{name}", "--category", "골목", "--replay", SITES / name, cwd=here)
    assert only_file(here)["categories"] == '["골목"]'
    moafeed("update", "--replay", SITES / name, cwd=here)
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        stored = store.newest(["bom-sanchaek"], 50)
    assert {post.categories[0] for post in stored} == {"골목"}
    assert all(post.title in ran.out for post in stored[:3])
    assert len(stored) < len(json.loads((SITES / name / "expected.json").read_text("utf-8")))


@pytest.mark.parametrize(("address", "home"), [
    ("https://m.blog.naver.com/gyul_dambu/224000300300", "https://blog.naver.com/gyul_dambu"),
    ("https://m.blog.naver.com/gyul_dambu", "https://blog.naver.com/gyul_dambu"),
    ("https://blog.naver.com/PostView.naver?blogId=gyul_dambu&logNo=224000300300", "https://blog.naver.com/gyul_dambu"),
    ("https://velog.io/@dal/글-하나", "https://velog.io/@dal"), ("https://brunch.co.kr/@dal/12", "https://brunch.co.kr/@dal"),
    ("https://medium.com/@dal/a-b-0123456789ab?source=x", "https://medium.com/@dal"),
    ("https://medium.com/tag/rust", None), ("https://dal.tistory.com/12", None), ("https://blog.naver.com/", None),
])
def test_blogs_that_share_a_host_are_known_by_their_addresses(address: str, home: str | None) -> None:
    assert home_of(address) == home


def test_a_blog_of_naver_is_found_from_a_post_on_a_phone(tmp_path: Path) -> None:
    address = "https://m.blog.naver.com/gyul_dambu/224000300300"
    moafeed("add", address, "--replay", SITES / "blog.naver.com", cwd=workspace(tmp_path))
    assert only_file(tmp_path) == {"url": '"https://blog.naver.com/gyul_dambu"', "platform": '"naver"'}


def test_many_at_once_from_a_list_and_from_another_reader(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    with site(blog(), host="127.0.0.31") as one, site(blog(), host="127.0.0.32") as two:
        lines = f"{one.url}/2  # a post\n\n# nothing\n{one.url}\n{one.url}/\nhttp://127.0.0.1:9/\n"
        (tmp_path / "list.txt").write_text(lines, "utf-8")
        ran = moafeed("add", "--from", "list.txt", cwd=here, code=1)
        assert "is the same blog as 127-0-0-31" in ran.out
        assert f"{one.url}/ is there twice" in ran.out
        assert "nothing listens there" in ran.out
        assert "1 of 4 can't be followed" in ran.err
        opml = f'<opml><body><outline text="a" htmlUrl="{two.url}/"/><outline htmlUrl="{one.url}/"/></body></opml>'
        (tmp_path / "list.opml").write_text(opml, "utf-8")
        ran = moafeed("add", "--from", "list.opml", cwd=here)
        assert "is there already" in ran.out
        assert {path.name for path in (here / "sources").iterdir()} == {"127-0-0-31.toml", "127-0-0-32.toml"}
        assert moafeed("check", cwd=here).out.count("3 posts as expected") == 2


def test_a_bad_line_of_a_list_is_one_failed_line(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    with site(blog(), host="127.0.0.31") as one:
        (tmp_path / "list.txt").write_text(f"see also my notes!\nmailto:me@a.example\n{one.url}/\nhttp://\n", "utf-8")
        ran = moafeed("add", "--from", "list.txt", cwd=here, code=1)
    assert [path.name for path in (here / "sources").iterdir()] == ["127-0-0-31.toml"]
    first = [line.split()[0] for line in ran.out.splitlines()[:5]]
    assert first == ["address", "see", "mailto:me@a.example", one.url + "/", "http://"]
    assert ran.out.count("can't be used: it ") == 3
    assert ran.err == "3 of 4 can't be followed\n"


def test_a_list_is_read_to_a_bound(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    assert "larger than any subscription list" in moafeed("add", "--from", "/dev/zero", cwd=here, code=65).err
    assert "can't be read: No such file" in moafeed("add", "--from", "none.txt", cwd=here, code=65).err


@pytest.mark.parametrize("args", [(), ("--feed-only",)])
def test_an_address_without_a_scheme_is_asked_over_http_where_no_tls_is_spoken(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    with site(blog(), host="127.0.0.31") as served:
        served.pages["/feed"] = feed(served.url, "/1", "/2", whole=True)
        address = served.url.removeprefix("http://") + "/feed"
        ran = moafeed("add", address, *args, cwd=workspace(tmp_path))
        assert "over http (not https)" in ran.out
        assert only_file(tmp_path)["url"] == f'"{served.url}/{"feed" if args else ""}"'
        moafeed("update", cwd=tmp_path)
        said = moafeed("add", f"https://{address}", cwd=workspace(tmp_path / "other"), code=69).err
    assert "the site can't be reached: TLS (https) can't be spoken with it" in said
    assert said.count("\n") == 1


NO_BLOGS: dict[str, Any] = {
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/empty": (200, HTML, ""),
    "/lonely": "<html><title>회사</title><body>안녕하세요</body></html>",
    "/login": (401, HTML, "who are you"),
    "/broken": (500, HTML, "ouch"),
    "/round": (302, HTML | {"Location": "/round"}, ""),
    "/away": (302, {"Location": "file:///etc/passwd"}, ""),
    "/zip": (200, {"Content-Type": "application/zip"}, b"PK\x03\x04"),
    "/deep": "<div>" * 100_000,
}


@pytest.mark.parametrize("path", [*NO_BLOGS, "/missing"])
def test_what_is_no_blog_is_one_sentence_and_leaves_nothing(tmp_path: Path, path: str) -> None:
    here = workspace(tmp_path)
    before = files(here)
    with site(dict(NO_BLOGS), host="127.0.0.31") as served:
        ran = moafeed("add", served.url + path, cwd=here, code=69)
    assert len(ran.err.strip().splitlines()) == 1, ran
    assert served.url in ran.err
    assert files(here) == before


@pytest.mark.parametrize(("args", "words"), [
    ((), "nothing to add"),
    (("file:///etc/passwd",), "is no web address"),
    (("https://a.example/", "https://b.example/", "--name", "x"), "--name names one blog"),
    (("https://user:pass@a.example/",), "user name"),
])
def test_what_can_be_known_is_told_before_any_request(tmp_path: Path, args: tuple[str, ...], words: str) -> None:
    assert words in moafeed("add", *args, cwd=workspace(tmp_path), code=2).err


def test_a_name_that_a_combined_feed_has_is_refused(tmp_path: Path) -> None:
    told = moafeed("add", "https://a.example/", "--name", "ALL", cwd=workspace(tmp_path), code=2).err
    assert "there is a combined feed 'ALL' already" in told


def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    with site(blog({"/robots.txt": "User-agent: *\nDisallow: /"}), host="127.0.0.31") as served:
        assert "robots.txt forbids" in moafeed("add", served.url, cwd=workspace(tmp_path), code=69).err
        assert served.asked == ["/robots.txt"]


def test_a_hostile_title_stays_a_comment(tmp_path: Path) -> None:
    title = "x&#10;platform = &quot;generic&quot;&#10;&#27;[31m"
    with site(blog({"/": listing("/1", "/2", title=title)}), host="127.0.0.31") as served:
        moafeed("add", served.url, cwd=workspace(tmp_path))
    assert only_file(tmp_path) == {"url": f'"{served.url}/"'}


def test_a_file_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    (here / "recorded").write_text("mine")
    with site(blog(), host="127.0.0.31") as served:
        assert "can't be written" in moafeed("add", served.url, cwd=here, code=73).err
    assert (here / "recorded").read_text() == "mine"


def test_check_reads_all_that_was_recorded_and_tells_each_difference(tmp_path: Path) -> None:
    with site(blog(), host="127.0.0.31") as served:
        here = workspace(tmp_path)
        moafeed("add", served.url, cwd=here)
        number = len(served.asked)
        assert "3 posts as expected" in moafeed("check", cwd=here).out
        assert served.asked[number:] == []
        expected = here / "recorded/127-0-0-31/expected.json"
        expected.write_text(expected.read_text("utf-8").replace("글 /2", "글 둘"), "utf-8")
        assert "title should be '글 둘', is '글 /2'" in moafeed("check", cwd=here, code=1).err
        told = moafeed("check", "127-0-0-31", "--accept", cwd=here)
        assert "title should be" in told.err
        assert "are what is expected from now on" in told.out
        assert moafeed("check", cwd=here).err == ""
    other = workspace(tmp_path / "other", a="https://a.example/")
    assert "was never recorded" in moafeed("check", cwd=other, code=66).err


def test_check_live_tells_what_the_site_says_otherwise(tmp_path: Path) -> None:
    with site(blog(), host="127.0.0.31") as served:
        here = workspace(tmp_path)
        moafeed("add", served.url, cwd=here)
        served.pages |= {"/": listing("/4", "/1", "/2", "/3"), "/4": post("글 /4", TEXT)}
        assert "3 posts, 1 new as expected" in moafeed("check", "--live", cwd=here).out
        redesigned(served)
        ran = moafeed("check", "--live", cwd=here, code=1)
        assert "published should be" in ran.err
        moafeed("check", cwd=here)  # the recording is as it was
        moafeed("check", "--live", "--accept", cwd=here)
        assert "4 posts as expected" in moafeed("check", cwd=here).out
        served.pages.clear()
        assert "answers 404" in moafeed("check", "--live", cwd=here, code=1).err


def redesigned(served: Site) -> None:
    """The blog prints its dates no longer."""
    for path in ("/1", "/2", "/3"):
        served.pages[path] = served.pages[path].replace("datetime", "data-x").replace("2026. 3. 1.", "")
