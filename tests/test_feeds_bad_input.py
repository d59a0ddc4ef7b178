"""Publishing into a place that is not as it should be: what was published stays whole, and one sentence says why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from crawl_once import crawl_once, days_later
from feeds_fixtures import Shelf, combined, feed, post, posts
from full_disk import needs_shim, on_full_disk
from small_site import Site, listing, site
from small_site import post as page

from feeds.build import build
from feeds.publish import PublishError
from feeds.validity import problem

DOCUMENTS = {".rss", ".atom", ".json"}


def filled(blog: Site, count: int) -> None:
    blog.pages["/"] = listing(*(f"/{n}" for n in range(count)))
    blog.pages |= {f"/{n}": page(f"글 {n}", f"{n}번째 글이다. " * 20) for n in range(count)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with site({}, host="127.0.0.15") as blog:
        filled(blog, 3)
        workspace(folder, blog=blog.url + "/")
        crawl_once(folder, DOWNLOAD_DELAY=0.02)
        moafeed("build", cwd=folder)
        filled(blog, 4)
        crawl_once(folder, DOWNLOAD_DELAY=0.02, **days_later(2))
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Path:
    """A workspace that published three posts of a blog, and has read a fourth since."""
    return Path(shutil.copytree(made, tmp_path / "here"))


def refused(here: Path, code: int, *said: str) -> None:
    """A build changes nothing, says one sentence, and exits with *code*."""
    before = files(here / "public")
    ran = moafeed("build", cwd=here, code=code)
    assert len(ran.err.splitlines()) == 1, ran.err
    for each in said:
        assert each in ran.err
    assert files(here / "public") == before


def items(here: Path) -> int:
    return len(json.loads((here / "public/blog.json").read_text("utf-8"))["items"])


# --- a wrong base_url


@pytest.mark.parametrize(("wrong", "why"), [
    ("feeds.example.org", "is no web address"), ("//feeds.example.org/", "is no web address"),
    ("", "is no web address"),
    ("ftp://feeds.example.org/", "is no web address"), ("https://", "is no web address"),
    ("https://feeds.example.org:port/", "is no web address"), ("https://feeds example.org/", "is no web address"),
    ("https://feeds.example.org/?page=1", "has a query"), ("javascript:alert(1)//", "is no web address"),
    ("https://me:secret@feeds.example.org/", "holds a user name"), ("https://e.org/\\u0007", "is no web address"),
])  # fmt: skip
def test_a_base_url_that_is_none(here: Path, wrong: str, why: str) -> None:
    (here / "moafeed.toml").write_text(f'base_url = "{wrong}"\n[feeds.all]\n', "utf-8")
    refused(here, 2, '"base_url"', why)
    assert "secret" not in moafeed("build", cwd=here, code=2).err


def test_another_base_url_renames_the_documents_and_no_entry(tmp_path: Path) -> None:
    shelf = Shelf(posts(60))
    build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    ids = [item["id"] for item in json.loads((tmp_path / "bori.json").read_bytes())["items"]]
    wrong = feed(base_url="https://other.example.org/피드 1/")
    assert build(shelf, [wrong], tmp_path, "모음").held == ()  # type: ignore[arg-type]
    for path in tmp_path.iterdir():
        assert problem(path.name, path.read_bytes()) == ""
    assert ids == [item["id"] for item in json.loads((tmp_path / "bori.json").read_bytes())["items"]]


# --- an output folder that others use too


FOREIGN = {
    "notes.rss": b"<rss>mine", "blog.txt": b"mine", "robots.txt": b"User-agent: *", ".htaccess": b"Deny from all",
    ".tmp-notes": b"mine", "blog.page-1.html": b"mine", "CNAME": b"feeds.example.org", "photos/blog.rss": b"mine",
}


def test_foreign_files_are_never_touched(here: Path) -> None:
    public = here / "public"
    (public / "photos").mkdir()
    for name, content in FOREIGN.items():
        (public / name).write_bytes(content)
    moafeed("build", cwd=here)
    assert items(here) == 4
    after = files(public)
    assert {name: after[name] for name in FOREIGN} == FOREIGN


OURS = ["index.html", "feeds.opml", "feed.css", "blog.rss", "blog.json", "blog.atom", "blog.html", "all.rss",
        "blog.page-1.rss"]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"<html><title>Mine</title>", b'{"version": "https://jsonfeed.org/version/1.1"}'])
def test_somebody_s_file_is_never_overwritten(here: Path, content: bytes) -> None:
    (here / "moafeed.toml").write_text('output = "www"\n[feeds.all]\n', "utf-8")
    for name in OURS:
        shutil.rmtree(here / "www", ignore_errors=True)
        (here / "www").mkdir()
        (here / "www" / name).write_bytes(content)
        ran = moafeed("build", cwd=here, code=73)
        assert f"www/{name} is in the way, and it is no file of moafeed's" in ran.err
        assert len(ran.err.splitlines()) == 1
        assert files(here / "www") == {name: content}
    (here / "www" / name).unlink()
    moafeed("build", cwd=here)
    assert len(json.loads((here / "www/blog.json").read_text("utf-8"))["items"]) == 4


def test_a_new_feed_never_overwrites_a_file_in_our_own_folder(tmp_path: Path) -> None:
    shelf = Shelf(posts(3))
    build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    (tmp_path / "all.json").write_bytes(b"[]")
    before = files(tmp_path)
    shelf.kept.append(post(4))
    with pytest.raises(PublishError, match=r"all\.json is in the way"):
        build(shelf, [feed(), combined()], tmp_path, "모음")  # type: ignore[arg-type]
    assert files(tmp_path) == before


def test_files_of_ours_are_known_where_the_store_is_lost(tmp_path: Path) -> None:
    build(Shelf(posts(120)), [feed(), combined()], tmp_path, "모음")  # type: ignore[arg-type]
    build(Shelf(posts(130)), [feed(), combined()], tmp_path, "모음")  # type: ignore[arg-type]
    assert b"2026:130<" in (tmp_path / "bori.rss").read_bytes()


def test_a_file_of_ours_that_was_damaged_is_written_again(tmp_path: Path) -> None:
    shelf = Shelf(posts(3))
    build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    before = files(tmp_path)
    for name in ("bori.rss", "bori.json", "bori.html", "index.html", "feed.css"):
        (tmp_path / name).write_bytes(b"\0" * 100)
    build(shelf, [feed()], tmp_path, "모음")  # type: ignore[arg-type]
    assert files(tmp_path) == before


# --- something in the way


@pytest.mark.parametrize("name", ["blog.rss", "blog.html", "all.json", "index.html"])
def test_a_folder_in_the_way_of_a_document(here: Path, name: str) -> None:
    (here / "public" / name).unlink()
    (here / "public" / name).mkdir()
    (here / "public" / name / "mine").write_bytes(b"mine")
    before = files(here / "public")
    ran = moafeed("build", cwd=here, code=73)
    assert len(ran.err.splitlines()) == 1
    assert f"{name} is in the way: it is not a regular file" in ran.err
    after = files(here / "public")
    assert after[f"{name}/mine"] == b"mine"
    for document in before:  # each feed is as before, or new and whole
        assert Path(document).suffix not in DOCUMENTS or problem(document, after[document]) == ""
    shutil.rmtree(here / "public" / name)
    assert moafeed("build", cwd=here).err == ""
    assert items(here) == 4


def test_a_document_in_the_way_of_the_folder(here: Path) -> None:
    before = files(here / "public")
    (here / "www").write_bytes(b"mine")
    for output, code, why in (("www", 73, "Cannot publish to"), ("www/deeper", 2, '"output" leads nowhere')):
        (here / "moafeed.toml").write_text(f'output = "{output}"\n[feeds.all]\n', "utf-8")
        refused(here, code, why, "www" if code == 73 else "moafeed.toml")
    assert (here / "www").read_bytes() == b"mine"
    assert files(here / "public") == before


def test_a_link_in_the_way_leads_nowhere(here: Path) -> None:
    (here / "precious").write_bytes(b"mine")
    (here / "public/blog.rss").unlink()
    (here / "public/blog.rss").symlink_to(here / "precious")
    assert "is a symbolic link" in moafeed("build", cwd=here, code=73).err
    assert (here / "precious").read_bytes() == b"mine"


# --- a full disk


@needs_shim
@pytest.mark.parametrize("operation", ["write", "fsync", "rename"])
def test_a_disk_that_fills_up_at_any_moment_leaves_whole_documents(here: Path, operation: str) -> None:
    old, kept = files(here / "public"), (here / "state/moafeed.db").read_bytes()
    for moment in (1, 4, 5, 10):
        ran = on_full_disk("build", operation, here / "public", cwd=here, at=moment, code=None)
        assert ran.code in ({73} if moment < 8 else {0, 73}), ran
        assert len(ran.err.splitlines()) == (ran.code == 73)
        found = files(here / "public")
        assert found.keys() == old.keys()
        assert all(problem(name, content) == "" for name, content in found.items())
        (here / "state/moafeed.db").write_bytes(kept)
        for name, content in old.items():
            (here / "public" / name).write_bytes(content)
    moafeed("build", cwd=here)
    assert items(here) == 4


# --- a blog that says hostile things of itself


def test_a_blog_that_says_hostile_things_of_itself_is_published_all_the_same(tmp_path: Path) -> None:
    title = "<script>alert(1)</script> ]]> &amp;lt; " + "가" * 20_000
    with site({}, host="127.0.0.16") as blog:
        filled(blog, 2)
        front = f'<html lang="{{{{language}}}}"><head><title>{title}</title><link rel="icon" href="/아이콘 1.png">'
        blog.pages["/"] = blog.pages["/"].replace('<html lang="ko"><head><title>작은 블로그</title>', front)
        workspace(tmp_path, blog=blog.url + "/")
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02)
        assert moafeed("build", cwd=tmp_path).err == ""
    for path in (tmp_path / "public").iterdir():
        assert problem(path.name, path.read_bytes()) == ""
        assert path.stat().st_size < 60_000, path.name
    document = json.loads((tmp_path / "public/blog.json").read_text("utf-8"))
    assert document["language"] == "ko"
    assert document["title"].startswith("<script>alert(1)</script> ]]> &lt; 가")
    assert document["icon"].endswith("/%EC%95%84%EC%9D%B4%EC%BD%98%201.png")
