"""A feed that would flood its subscribers waits, says so at every run, and does what a person decides."""

from __future__ import annotations

import json
import re
from pathlib import Path

from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import Site, listing, post, site

WAITS = "blog: the feed stays as it was, for the new one would show 3 changed entries at once (blog)"


def shown(here: Path) -> dict[str, str]:
    """Title of each entry to when it was changed last."""
    feed = json.loads((here / "public/blog.json").read_text("utf-8"))
    return {item["title"]: item.get("date_modified", "") for item in feed["items"]}


def flooded(here: Path, blog: Site) -> None:
    """A feed that waits, because its blog wrote the same line below each of its posts."""
    blog.pages |= {f"/{number}": post(f"글 {number}", "처음 쓴 글이다. " * 20) for number in range(3)}
    blog.pages["/"] = listing("/0", "/1", "/2")
    workspace(here, "[gate]\nentries = 2\n", blog=f"{blog.url}/")
    moafeed("update", cwd=here)
    blog.pages |= {f"/{number}": post(f"글 {number}", "처음 쓴 글이다. " * 20 + "광고 문구!") for number in range(3)}


def test_a_feed_that_waits_is_told_at_every_run_and_goes_out_when_it_is_accepted(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        before = shown(tmp_path)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        for _ in range(2):
            assert WAITS in moafeed("build", cwd=tmp_path, code=1).err
            assert shown(tmp_path) == before
        assert re.sub(r"\s+", " ", WAITS) in re.sub(r"\s+", " ", moafeed("status", cwd=tmp_path).out)
        assert json.loads(moafeed("status", "--json", cwd=tmp_path).out)["blog"]["held"]
        assert moafeed("accept", "blog", cwd=tmp_path).err == ""
        assert all(shown(tmp_path).values())
        assert "waits for nothing" in moafeed("accept", "blog", cwd=tmp_path, code=2).err
        assert moafeed("build", cwd=tmp_path).err == ""


def test_a_change_that_is_rejected_never_shows_as_new(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        before = shown(tmp_path)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        moafeed("build", cwd=tmp_path, code=1)
        moafeed("reject", "blog", cwd=tmp_path)
        assert shown(tmp_path) == before
        assert "광고 문구!" in (tmp_path / "public/blog.rss").read_text("utf-8")
        blog.pages["/1"] = post("글 1", "다시 쓴 글이다. " * 20)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(120))
        moafeed("build", cwd=tmp_path)
        assert [title for title, changed in shown(tmp_path).items() if changed] == ["글 1"]


def test_a_name_that_is_no_feed_is_told(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        ran = moafeed("reject", "blok", cwd=tmp_path, code=2)
        assert '"blok" is no published feed; did you mean "blog"?' in ran.err
