"""How we behave towards a site: its robots.txt, one request at a time, nothing but GET, a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import moafeed, workspace
from crawl_once import crawl_once
from small_site import HTML, listing, post, site

POSTS = [f"/posts/{number}" for number in range(1, 9)]
BLOG = {"/": listing(*POSTS)} | dict.fromkeys(POSTS, post())
TEXT = {"Content-Type": "text/plain"}


def robots(text: str, status: int = 200) -> dict[str, object]:
    return BLOG | {"/robots.txt": (status, TEXT, text)}


def test_what_robots_txt_forbids_is_never_asked_for(tmp_path: Path) -> None:
    with site(robots("User-agent: *\nDisallow: /posts/\nAllow: /posts/3$\n"), seconds=0.05) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        ran = moafeed("update", cwd=here, code=1)
        assert set(blog.asked) == {"/robots.txt", "/", "/posts/3"}
        assert blog.asked.count("/robots.txt") == 1
    assert "its robots.txt forbids this address" in ran.err


def test_many_sources_of_one_host_wait_for_its_rules(tmp_path: Path) -> None:
    with site(robots("User-agent: *\nDisallow: /\n"), seconds=0.2) as blog:
        pages = {f"s{number}": f"{blog.url}/category/{number}" for number in range(8)}
        moafeed("update", cwd=workspace(tmp_path, **pages), code=1)
        assert blog.asked == ["/robots.txt"]


@pytest.mark.parametrize(("status", "words"), [(500, "500"), (503, "503"), (429, "429")])
def test_a_site_that_cannot_say_its_rules_is_left_alone(tmp_path: Path, status: int, words: str) -> None:
    with site(robots("", status)) as blog:
        ran = moafeed("update", cwd=workspace(tmp_path, blog=blog.url + "/"), code=1)
        assert set(blog.asked) == {"/robots.txt"}
    assert f"its robots.txt answers {words}" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("rules", [
    (404, HTML, "not found"), (403, TEXT, ""), (200, HTML, "<html><body>Disallow: /</body></html>"),
    (200, TEXT, b"\x00\xff\xfe" * 100), (200, TEXT, ""),
], ids=["404", "403", "HTML", "binary", "empty"])
def test_no_rules_allow_everything(tmp_path: Path, rules: object) -> None:
    with site(BLOG | {"/robots.txt": rules}) as blog:
        moafeed("update", cwd=workspace(tmp_path, blog=blog.url + "/"))
        assert set(POSTS) < set(blog.asked)


def test_one_request_at_a_time_though_several_sources_share_a_host(tmp_path: Path) -> None:
    with site(BLOG | {f"/category/{n}": listing(*POSTS) for n in range(4)}, seconds=0.05) as blog:
        crawl_once(workspace(tmp_path, **{f"s{n}": f"{blog.url}/category/{n}" for n in range(4)}))
        assert len(blog.asked) > 30
        assert blog.most_at_once == 1
        assert blog.methods == {"GET"}


def test_the_limit_holds_without_a_delay_too(tmp_path: Path) -> None:
    """Scrapy 2.14 to 2.19 forget it then; nobody can configure this, but a mistake must not hammer a blog."""
    with site(BLOG, seconds=0.1) as blog:
        crawl_once(workspace(tmp_path, blog=blog.url + "/"), DOWNLOAD_SLOTS={}, DOWNLOAD_DELAY=0)
        assert len(blog.asked) > 8
        assert blog.most_at_once == 1


def test_we_say_who_asks(tmp_path: Path) -> None:
    from crawler.manners.politeness import user_agent
    assert user_agent("me@example.org").startswith("moafeed/")
    assert "me@example.org" in user_agent("me@example.org")
    assert ";" not in user_agent(None)
