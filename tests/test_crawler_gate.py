"""A feed that would flood its subscribers waits, says so at every run, and does what a person decides."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
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


MISSING = "moafeed accept or reject decides, and until then files of it are missing"


@pytest.mark.parametrize("known", [True, False])
def test_a_feed_that_waits_is_brought_into_another_output_folder(tmp_path: Path, *, known: bool) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        before = files(tmp_path / "public")
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        if known:  # that it waits
            moafeed("build", cwd=tmp_path, code=1)
        (tmp_path / "moafeed.toml").write_text('output = "feeds"\n[gate]\nentries = 2\n')
        told = moafeed("build", cwd=tmp_path, code=1).err
        assert WAITS in told
        assert MISSING not in told + moafeed("status", cwd=tmp_path).out
        assert files(tmp_path / "feeds") == before
        times = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "feeds").iterdir()}
        moafeed("build", cwd=tmp_path, code=1)
        assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "feeds").iterdir()} == times
        moafeed("accept", "blog", cwd=tmp_path)
        assert "광고 문구!" in (tmp_path / "feeds/blog.rss").read_text("utf-8")
        assert files(tmp_path / "public") == before


def test_where_the_files_of_a_feed_that_waits_are_lost_it_is_told(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        moafeed("build", cwd=tmp_path, code=1)
        shutil.rmtree(tmp_path / "public")
        (tmp_path / "moafeed.toml").write_text('output = "feeds"\n[gate]\nentries = 2\n')
        assert MISSING in moafeed("build", cwd=tmp_path, code=1).err
        assert MISSING in " ".join(moafeed("status", cwd=tmp_path).out.split())
        moafeed("reject", "blog", cwd=tmp_path)
        assert (tmp_path / "feeds/blog.rss").exists()


def test_what_is_brought_is_never_put_in_place_of_somebody_elses_file(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        moafeed("build", cwd=tmp_path, code=1)
        (tmp_path / "moafeed.toml").write_text('output = "feeds"\n[gate]\nentries = 2\n')
        (tmp_path / "feeds").mkdir()
        (tmp_path / "feeds/blog.rss").write_text("mine")
        assert "blog.rss is in the way" in moafeed("build", cwd=tmp_path, code=73).err
        assert files(tmp_path / "feeds") == {"blog.rss": b"mine"}


def test_a_name_that_is_no_feed_is_told(tmp_path: Path) -> None:
    with site({}, host="127.0.0.9") as blog:
        flooded(tmp_path, blog)
        ran = moafeed("reject", "blok", cwd=tmp_path, code=2)
        assert '"blok" is no published feed; did you mean "blog"?' in ran.err
