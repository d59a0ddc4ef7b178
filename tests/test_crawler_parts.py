"""Posts in parts: all of them or none, each page once, and kept so that they can be read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command_line import moafeed, workspace
from crawl_once import crawl_once
from small_site import HTML, listing, site

FAST = {"RETRY_ENABLED": False}


def part(number: int, text: str, *more: int, base: str = "/long") -> str:
    links = "".join(f'<a href="{base}/{n}/" class="post-page-numbers">{n}</a>' for n in more)
    own = base + (f"/{number}/" if number > 1 else "/")
    head = f'<title>긴 글</title><meta property="og:type" content="article"><link rel="canonical" href="{own}">'
    return (f'<html lang="ko"><head>{head}</head>'
            f'<body><main><article><h1>긴 글</h1><time datetime="2026-03-01T09:00:00+09:00"></time>'
            f'<div class="entry-content"><p>{text}</p><div class="page-links">쪽: {links}</div></div></article></main>'
            "</body></html>")  # fmt: skip


def bodies(here: Path) -> dict[str, str]:
    items = json.loads((here / "public/blog.json").read_text("utf-8"))["items"]
    return {item["url"].rpartition(":")[2].partition("/")[2]: item["content_html"] for item in items}


def pages(**more: Any) -> dict[str, Any]:
    return {
        "/": listing("/long/"), "/long/": part(1, "첫 쪽이다.", 2, 3), "/long/2/": part(2, "둘째 쪽이다.", 1, 3),
        "/long/3/": part(3, "끝이다.", 1, 2), **more,
    }  # fmt: skip


def test_a_post_in_parts_is_one_post(tmp_path: Path) -> None:
    with site(pages()) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        assert bodies(here) == {"long/": "<p>첫 쪽이다.</p><div><p>둘째 쪽이다.</p></div><div><p>끝이다.</p></div>"}
        assert [blog.asked.count(f"/long/{n}") for n in ("", "2/", "3/")] == [1, 1, 1]
        (run,) = json.loads(moafeed("runs", "--json", cwd=here).out)
        assert (run["sources"]["blog"]["new"], run["sources"]["blog"]["failures"]) == (1, [])


def test_what_was_joined_is_read_again_whole(tmp_path: Path) -> None:
    with site(pages()) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
    moafeed("build", cwd=here)
    before = bodies(here)
    moafeed("reprocess", cwd=here)
    moafeed("build", cwd=here)
    assert bodies(here) == before


def test_without_one_of_its_parts_there_is_no_post(tmp_path: Path) -> None:
    with site(pages(**{"/long/3/": (500, HTML, "?")})) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        (run,) = json.loads(moafeed("runs", "--json", cwd=here).out)
        assert (run["sources"]["blog"]["new"], run["sources"]["blog"]["waiting"]) == (0, 1)
        blog.pages["/long/3/"] = part(3, "끝이다.", 1, 2)
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        assert "끝이다." in bodies(here)["long/"]


def test_the_next_post_is_no_part_of_this_one(tmp_path: Path) -> None:
    one = part(1, "하나.", base="/p/1").replace("</head>", '<link rel="next" href="/p/2"></head>')
    one = one.replace("긴 글", "하나")
    two = part(1, "둘.", base="/p/2").replace("긴 글", "둘")
    with site({"/": listing("/p/1", "/p/2"), "/p/1": one, "/p/2": two}) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        assert sorted(bodies(here).values()) == ["<p>둘.</p>", "<p>하나.</p>"]


def test_behind_the_last_part_some_lead_back_to_the_first(tmp_path: Path) -> None:
    with site(pages(**{"/long/3/": (301, {"Location": "/long/"}, "")})) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        assert bodies(here) == {"long/": "<p>첫 쪽이다.</p><div><p>둘째 쪽이다.</p></div>"}


def told(base: str, text: str, then: str = "") -> str:
    """A part whose further one nothing but a selector tells from another post."""
    link = f'<a href="{then}">이어서</a>' if then else ""
    return part(1, text, base=base).replace("</main>", f'<p class="go">{link}</p></main>')


def in_parts(here: Path, url: str) -> Path:
    folder = workspace(here, blog=url + "/")
    file = folder / "sources" / "blog.toml"
    file.write_text(file.read_text("utf-8") + '[select]\nnext = ".go"\n', encoding="utf-8")
    return folder


def test_a_source_file_says_where_the_next_part_is(tmp_path: Path) -> None:
    there = {"/": listing("/a/"), "/a/": told("/a", "첫 쪽이다.", "/b/"), "/b/": told("/b", "둘째 쪽이다.", "/c/"),
             "/c/": told("/c", "끝이다.")}  # fmt: skip
    with site(there) as blog:
        here = in_parts(tmp_path, blog.url)
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        (body,) = bodies(here).values()
        assert [body.count(text) for text in ("첫 쪽이다.", "둘째 쪽이다.", "끝이다.")] == [1, 1, 1]
        moafeed("reprocess", cwd=here)
        moafeed("build", cwd=here)
        assert list(bodies(here).values()) == [body]
        assert [blog.asked.count(path) for path in there] == [1, 1, 1, 1]


def test_parts_that_lead_round_in_a_circle_end(tmp_path: Path) -> None:
    there = {"/": listing("/a/"), "/a/": told("/a", "첫 쪽이다.", "/b/"), "/b/": told("/b", "둘째 쪽이다.", "/c/"),
             "/c/": told("/c", "끝이다.", "/b/#more")}  # fmt: skip
    with site(there) as blog:
        here = in_parts(tmp_path, blog.url)
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        (body,) = bodies(here).values()
        assert body.count("둘째 쪽이다.") == 1
        assert body.count("끝이다.") == 1


def test_a_link_to_another_host_is_no_part(tmp_path: Path) -> None:
    with site({"/": listing("/a/"), "/a/": told("/a", "첫 쪽이다.", "http://other.example/b/")}) as blog:
        here = in_parts(tmp_path, blog.url)
        crawl_once(here, **FAST)
        moafeed("build", cwd=here)
        assert len(bodies(here)) == 1
