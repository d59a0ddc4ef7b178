"""`moafeed export jsonl` and `moafeed import jsonl`, as a person runs them."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, files, moafeed, workspace
from exported_posts import DAY, HOSTILE, hostile_posts, made, posts_of, stats, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.imports.jsonl import LONGEST_LINE, kept_of
from feeds.exports.jsonl.line import PostLine, post_line, read_line
from pipelines.post import Enclosure, Post, xml_safe
from pipelines.site import Site
from pipelines.store import Kept, Store

ENDLESS = "한 문장으로 된 긴 글이다. " * 30


def store_of(here: Path) -> Store:
    return Store.open(f"sqlite:///{here}/state/moafeed.db")


def kept(here: Path, source: str = "dal") -> list[Kept]:
    with store_of(here) as store:
        return list(store.exchange.kept(source))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def rewrite(file: Path, records: list[dict[str, Any]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return file


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two sources, with an edited, a deleted and a signed post, and its export in `out`."""
    posts = hostile_posts()
    sound = Enclosure(url="https://dal.kr/%EC%86%8C.mp3", type="audio/mpeg", length=7)
    posts[5] = replace(posts[5], enclosures=(sound,))
    signed = '<p><img src="https://blog.kakaocdn.net/dna/a/b/c/img.png?credential=x&amp;expires=1798728399&amp;signature=y">글</p>'
    posts.append(made(50, "서명", signed))
    here = stored(tmp_path_factory.mktemp("exported"), posts, dal="https://dal.tistory.com/", bom="https://bom.kr/")
    with store_of(here) as store:
        store.save([replace(made(1, "봄 글", "<p>다른 블로그의 글</p>"), source="bom")])
        store.save_site(Site(source="bom", title="봄", home="https://bom.kr/", platform="generic", description="설명"))
        store.save([made(9, "고친 제목", f"<p>{ENDLESS}</p>", first_seen=DAY + timedelta(days=2))], hold=False)
        gone = next(post for post in store.each(["dal"]) if post.url.endswith("/10"))
        assert store.gone("dal", gone.guid, DAY + timedelta(days=3), 410) == "first"
        assert store.gone("dal", gone.guid, DAY + timedelta(days=5), 410) == "deleted"
        missing = next(post for post in store.each(["dal"]) if post.url.endswith("/12"))
        assert store.gone("dal", missing.guid, DAY + timedelta(days=5), 404) == "first"
    ran = moafeed("export", "jsonl", "out", cwd=here)
    assert ran.out == f"{len(HOSTILE) + 2} written, 0 unchanged\n"
    return here


# --- there and back --------------------------------------------------------------------------------------------------


def test_a_line_is_a_post_and_the_first_one_is_its_blog(exported: Path) -> None:
    assert sorted(files(exported / "out")) == ["bom.jsonl", "dal.jsonl"]
    site, *posts = lines(exported / "out/dal.jsonl")
    assert site == {"moafeed": 1, "kind": "site", "source": "dal", "title": "달 & 별", "platform": "tistory",
                    "home": "https://dal.tistory.com/", "language": "ko"}
    assert len(posts) == len(HOSTILE) + 1
    first = next(post for post in posts if post["url"].endswith("/1"))
    assert first["title"] == "{{ site.title }}"
    assert first["first_seen"] == "2026-06-01T15:31:00Z"
    assert first["aliases"] == ["id:tistory:1:1", "at:dal.kr/entry/1", "at:dal.tistory.com/1"]
    assert [post["url"][-2:] for post in posts if "deleted" in post] == ["10"]


def test_everything_comes_back_into_an_empty_store_and_feeds_are_the_same_bytes(tmp_path: Path, exported: Path) -> None:
    fresh = workspace(tmp_path, dal="https://dal.tistory.com/", bom="https://bom.kr/")
    ran = moafeed("import", "jsonl", exported / "out", cwd=fresh)
    assert ran.out == f"bom: 1 new, 0 edited, 0 unchanged\ndal: {len(HOSTILE) + 1} new, 0 edited, 0 unchanged\n"
    for source in ("dal", "bom"):
        assert kept(fresh, source) == kept(exported, source)
    with store_of(fresh) as new, store_of(exported) as old:
        assert new.sites() == old.sites()
    moafeed("export", "jsonl", "out", cwd=fresh)
    assert files(fresh / "out") == files(exported / "out")
    for here in (fresh, exported):
        moafeed("build", cwd=here)
    assert files(fresh / "public") == files(exported / "public")
    assert len(json.loads((fresh / "public/dal.json").read_text("utf-8"))["items"]) == len(HOSTILE)
    assert b"deleted-entry" in (fresh / "public/dal.atom").read_bytes()


def test_a_whole_demo_comes_back(tmp_path: Path) -> None:
    moafeed("demo", cwd=tmp_path)
    demo, fresh = tmp_path / "demo", workspace(tmp_path / "fresh")
    assert "14 written, 0 unchanged" in moafeed("export", "jsonl", "out", cwd=demo).out
    moafeed("import", "jsonl", demo / "out", cwd=fresh)
    with store_of(demo) as old:
        (source,) = old.counts()
    assert kept(fresh, source) == kept(demo, source)


def test_a_second_import_changes_nothing(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    before = kept(here)
    moafeed("build", cwd=here)
    published = stats(here / "public")
    for _ in range(2):
        ran = moafeed("import", "jsonl", "out", cwd=here)
        assert f"dal: 0 new, 0 edited, {len(HOSTILE) + 1} unchanged" in ran.out
    assert kept(here) == before
    moafeed("build", cwd=here)
    assert stats(here / "public") == published


def test_one_file_can_be_taken_and_given_another_source(tmp_path: Path, exported: Path) -> None:
    fresh = workspace(tmp_path)
    moafeed("import", "jsonl", exported / "out/bom.jsonl", "--source", "새봄", cwd=fresh)
    (post,) = posts_of(fresh, "새봄")
    assert post.guid == posts_of(exported, "bom")[0].guid
    with store_of(fresh) as store:
        assert store.site("새봄").title == "봄"
    assert "takes no --url" in moafeed("import", "jsonl", "x", "--url", "https://x.kr/", cwd=fresh, code=2).err


def test_one_file_can_hold_all(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    moafeed("export", "jsonl", "all.jsonl", cwd=here)
    both = files(exported / "out")
    assert (here / "all.jsonl").read_bytes() == both["bom.jsonl"] + both["dal.jsonl"]
    assert "0 written" in moafeed("export", "jsonl", "all.jsonl", cwd=here).out
    fresh = workspace(tmp_path / "fresh")
    moafeed("import", "jsonl", here / "all.jsonl", cwd=fresh)
    assert [kept(fresh, name) for name in ("dal", "bom")] == [kept(here, name) for name in ("dal", "bom")]


# --- exporting again -------------------------------------------------------------------------------------------------


def test_unchanged_posts_write_nothing_and_an_edit_writes_its_source_alone(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    before = stats(here / "out")
    assert moafeed("export", "jsonl", "out", cwd=here).out == f"0 written, {len(HOSTILE) + 2} unchanged\n"
    assert stats(here / "out") == before
    with store_of(here) as store:
        store.save([replace(made(1, "봄 글", "<p>고친 글</p>"), source="bom")], hold=False)
    assert moafeed("export", "jsonl", "out", cwd=here).out == f"1 written, {len(HOSTILE) + 1} unchanged\n"
    after = stats(here / "out")
    assert {Path(path).name for path in after if after[path] != before[path]} == {"bom.jsonl"}


def test_what_others_wrote_stays(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    outside = tmp_path / "outside"
    file = here / "out/dal.jsonl"
    for make in (
        lambda: file.write_text('{"mine": 1}\n', "utf-8"), file.mkdir, lambda: file.symlink_to(outside),
    ):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
        outside.write_text("비밀", "utf-8")
        make()
        before = files(here / "out")
        assert "out/dal.jsonl" in moafeed("export", "jsonl", "out", cwd=here, code=73).err
        assert files(here / "out") == before
        assert outside.read_text("utf-8") == "비밀"
    assert "flat" in moafeed("export", "jsonl", "flat", cwd=_with_file(here / "flat").parent, code=73).err


def _with_file(path: Path) -> Path:
    path.write_text("a file", "utf-8")
    return path


def _small_files_only() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_full_disk_leaves_the_last_export(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from feeds.publish import *\n"
        "try: publish_stream(Path(sys.argv[1]), 'dal.jsonl', iter([b'x' * 900] * 9))\n"
        "except PublishError as error: sys.exit(str(error))"
    )
    (tmp_path / "dal.jsonl").write_bytes(b"old")
    run = subprocess.run([sys.executable, "-B", "-c", code, str(tmp_path)], preexec_fn=_small_files_only, cwd=ROOT,
                         capture_output=True, text=True, check=False)  # fmt: skip
    assert run.returncode == 1
    assert "File too large" in run.stderr
    assert files(tmp_path) == {"dal.jsonl": b"old"}


# --- bad input -------------------------------------------------------------------------------------------------------


def test_broken_lines_are_told_one_by_one_and_the_others_are_stored(tmp_path: Path, exported: Path) -> None:
    site, good, *_ = lines(exported / "out/dal.jsonl")
    bad: dict[str, object] = {
        "title": 3, "guid": "no uri", "url": "javascript:alert(1)", "first_seen": "2026-06-01T00:00:00",
        "published": "yesterday", "updated": "9999-12-31T23:59:59-01:00", "tags": "봄", "categories": [["봄"]],
        "aliases": ["a" * 3000], "content_html": None, "source": "../evil", "kind": "poem", "excerpt": {"a": 1},
        "enclosures": [{"url": "https://x.kr/a", "type": "audio", "length": 1}],
        "pictures": [3], "gone": 1e400, "author": ["\x1b[2J"],
    }
    file = tmp_path / "in/dal.jsonl"
    rewrite(file, [site, good, *({**good, name: value} for name, value in bad.items())])
    extra = [b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"kind":"post"}',
             b'{"kind":"post","title":"\\ud800"}', b"9" * 10_000, b""]
    file.write_bytes(file.read_bytes() + b"\n".join(extra) + b"\n" + json.dumps(good | {"guid": "tag:x,2026:zz", "url":
                     "https://dal.tistory.com/zz", "aliases": []}).encode())
    ran = moafeed("import", "jsonl", file.parent, cwd=workspace(tmp_path / "ws"), code=65)
    assert "dal: 2 new" in ran.out
    told = ran.err.splitlines()
    assert len(told) == len(bad) + len(extra) - 1
    for number, (name, line) in enumerate(zip(bad, told, strict=False), 3):
        assert line.startswith(f"dal.jsonl, line {number}: ")
        assert name in line.replace("'kind'", "kind")
    assert "\x1b" not in ran.err
    assert max(map(len, told)) < 400


def test_of_a_file_that_is_no_export_a_few_lines_are_told(tmp_path: Path, exported: Path) -> None:
    file, here = tmp_path / "notes.jsonl", workspace(tmp_path / "ws")
    file.write_text('{"note": 1}\n' * 20_000, "utf-8")
    told = moafeed("import", "jsonl", file, cwd=here, code=65).err.splitlines()
    assert [line.partition(":")[0] for line in told] == [*(f"notes.jsonl, line {n}" for n in range(1, 6)),
                                                         "and 19995 more that can't be taken"]  # fmt: skip
    site, good, *_ = lines(exported / "out/dal.jsonl")
    rewrite(file, [site, *([3] * 150), good])  # most of an export
    ran = moafeed("import", "jsonl", file, cwd=here, code=65)
    assert "dal: 1 new" in ran.out
    assert len(ran.err.splitlines()) == 101
    assert ran.err.endswith("and 50 more that can't be taken\n")


def test_a_line_of_fifty_megabytes_is_passed_over(tmp_path: Path, exported: Path) -> None:
    site, good, *_ = lines(exported / "out/dal.jsonl")
    file = rewrite(tmp_path / "dal.jsonl", [site, good | {"content_html": "가" * 17_000_000}, good])
    assert file.stat().st_size > 50_000_000 > LONGEST_LINE
    ran = moafeed("import", "jsonl", file, cwd=workspace(tmp_path / "ws"), code=65)
    assert ran.err == "dal.jsonl, line 2: it is longer than 40 MiB\n"
    assert "dal: 1 new" in ran.out
    rewrite(file, [site, good | {"content_html": "a" * 9_000_000}])  # a line that is read, and a body over its limit
    assert "characters" in moafeed("import", "jsonl", file, cwd=workspace(tmp_path / "two"), code=65).err


def test_a_guid_never_changes_its_owner(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    before = {source: kept(here, source) for source in ("dal", "bom")}
    _, first, second, *_ = lines(here / "out/dal.jsonl")
    stranger = {"url": "https://evil.kr/1", "aliases": ["at:evil.kr/1"], "title": "남", "content_html": "<p>글</p>"}
    file = rewrite(tmp_path / "in.jsonl", [
        first | stranger, first | stranger | {"source": "evil"}, second, second | {"title": "두 번"},
    ])
    ran = moafeed("import", "jsonl", file, cwd=here, code=65)
    assert [line[:26] for line in ran.err.splitlines()] == [
        "in.jsonl, line 1: its guid", "in.jsonl, line 2: its guid", "in.jsonl, line 4: the post",
    ]
    assert {source: kept(here, source) for source in ("dal", "bom")} == before
    assert not posts_of(here, "evil")
    # A post that is known here under another guid keeps that.
    file = rewrite(tmp_path / "in.jsonl", [first | {"guid": "tag:other.kr,2020:1"}])
    assert "1 unchanged" in moafeed("import", "jsonl", file, cwd=here).out
    assert kept(here) == before["dal"]


def test_one_post_in_two_sources_keeps_its_one_guid(tmp_path: Path) -> None:
    one = made(1, "봄", "<p>글</p>")
    here = stored(tmp_path / "old", [one, replace(one, source="category")])
    moafeed("export", "jsonl", "out", cwd=here)
    fresh = workspace(tmp_path / "new")
    assert moafeed("import", "jsonl", here / "out", cwd=fresh).out.count("1 new") == 2
    assert {post.guid for source in ("dal", "category") for post in posts_of(fresh, source)} == {one.guid}


def test_an_older_export_takes_nothing_back(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    with store_of(here) as store:
        store.save([made(1, "새 제목", f"<p>{ENDLESS}</p>", first_seen=DAY + timedelta(days=9))], hold=False)
        restored = next(post for post in store.each(["dal"], deleted=True) if post.url.endswith("/10"))
        store.save([made(10, restored.title, restored.content_html)], hold=False)  # its page is back
    before = kept(here)
    ran = moafeed("import", "jsonl", "out", cwd=here)
    assert "dal: 1 edited here after the export" in ran.out
    assert kept(here) == before


def test_a_newer_export_brings_its_edits_with_their_date(tmp_path: Path, exported: Path) -> None:
    here, there = (shutil.copytree(exported, tmp_path / name) for name in ("here", "there"))
    with store_of(there) as store:
        store.save([made(1, "새 제목", f"<p>{ENDLESS}</p>", first_seen=DAY + timedelta(days=9))], hold=False)
    moafeed("export", "jsonl", "out", cwd=there)
    assert "1 edited" in moafeed("import", "jsonl", there / "out", cwd=here).out
    assert kept(here) == kept(there)
    assert "0 edited" in moafeed("import", "jsonl", there / "out", cwd=here).out


def test_a_body_from_a_file_meets_the_same_wall_as_a_page(tmp_path: Path, exported: Path) -> None:
    site, good, *_ = lines(exported / "out/dal.jsonl")
    evil = good | {
        "content_html": '<script>alert(1)</script><p onclick="x()">글</p><a href="javascript:x()">y</a>'
                        '<img src="https://x.kr/1.gif" width="1" height="1">',
        "title": "a\x00b\n c", "image": "javascript:alert(1)", "excerpt": "\x0b줄",
        "pictures": [{"url": "x", "lasting": '"><script>'}], "language": "<b>",
    }
    moafeed("import", "jsonl", rewrite(tmp_path / "in.jsonl", [site, evil]), cwd=workspace(tmp_path / "ws"))
    (post,) = posts_of(tmp_path / "ws")
    assert post.content_html == '<p>글</p><a rel="noopener noreferrer">y</a>' or "y" in post.content_html
    for word in ("script", "onclick", "1.gif"):
        assert word not in post.content_html
    assert (post.title, post.image, post.excerpt, post.pictures) == ("ab c", None, "줄", ())


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    (here / "empty").mkdir()
    (here / "link.jsonl").symlink_to("/dev/zero")
    for place, said in (("nowhere", "No such file"), ("empty", "no .jsonl file"), ("link.jsonl", "link")):
        assert said in moafeed("import", "jsonl", place, cwd=here, code=65).err


# --- any post --------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(xml_safe)


@given(title=TEXTS, body=TEXTS, tags=st.lists(TEXTS, max_size=3), excerpt=TEXTS)
@settings(max_examples=60)
def test_any_post_comes_back_as_it_was(title: str, body: str, tags: list[str], excerpt: str) -> None:
    plain = body.replace("&", "&amp;").replace("<", "&lt;")
    names = tuple(dict.fromkeys(name for tag in tags if (name := " ".join(tag.replace("#", "").split()))))
    post: Post = replace(made(1, f"글 {title}", f"<p>{plain}</p>"), excerpt=excerpt, tags=names, categories=names)
    post = replace(post, aliases=tuple(sorted(post.aliases, key=lambda a: (not a.startswith("id:"), a))))
    written = post_line(Kept(post=post))
    assert written.count(b"\n") == 1
    line = read_line(written)
    assert isinstance(line, PostLine)
    assert kept_of(line, "dal") == Kept(post=post)
