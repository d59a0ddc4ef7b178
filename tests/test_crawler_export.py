"""`moafeed export jekyll` and `moafeed import jekyll`, as a person runs them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from exported_posts import DAY, HOSTILE, hostile_posts, made, posts_of, stats, stored
from lxml import html as lxml_html

from pipelines.store import Store

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = stored(tmp_path_factory.mktemp("hostile"), hostile_posts(), dal="https://dal.tistory.com/")
    moafeed("export", "jekyll", "out", cwd=here)
    return here


def guids(folder: Path) -> dict[str, str]:
    known = json.loads((folder / "_data/moafeed.json").read_text("utf-8"))["posts"]
    return {name: record["guid"] for name, record in known.items()}


# --- the seed --------------------------------------------------------------------------------------------------------


def flat(text: str) -> list[tuple[object, ...]]:
    """Every element of a body in order: tag, attributes, text and tail with white space made one."""
    tree = lxml_html.fromstring(f"<div>{text.partition('---')[2].partition(chr(10) + '---')[2]}</div>")

    def one(value: str | None) -> str:
        return " ".join((value or "").replace("\xa0", "&nbsp;").split())

    return [(node.tag, dict(node.attrib), one(node.text), one(node.tail)) for node in tree.iter()]


def test_the_seed_comes_out_as_it_went_in(tmp_path: Path) -> None:
    seed = SHARED / "seed" / "post.md"
    if not seed.exists():
        pytest.skip("the seed is not here")
    here = workspace(tmp_path)
    (here / "in/_posts").mkdir(parents=True)
    shutil.copy(seed, here / "in/_posts/2024-06-27-seed.md")
    ran = moafeed("import", "jekyll", "in", cwd=here)
    assert "jekyll: 1 new" in ran.out
    assert "sources/jekyll.toml" in ran.out
    assert "0 new, 0 edited, 1 unchanged" in moafeed("import", "jekyll", "in", cwd=here).out
    moafeed("export", "jekyll", "--theme", "alembic", "out", cwd=here)
    (file,) = (here / "out/_posts").iterdir()
    before, after = seed.read_text("utf-8"), file.read_text("utf-8")
    assert file.name.startswith("2024-06-27-한미일")
    assert after.split("---\n")[1] == before.split("---\n")[1]
    assert flat(after) == flat(before)
    assert after.count("dofollow") == 1
    assert posts_of(here, "jekyll")[0].url.startswith("https://qoogle.tistory.com/news/2024/06/27/seed.html")


# --- there and back --------------------------------------------------------------------------------------------------


def test_export_import_export_gives_the_same_folder(tmp_path: Path, hostile: Path) -> None:
    fresh = workspace(tmp_path)
    ran = moafeed("import", "jekyll", hostile / "out", cwd=fresh)
    assert f"dal: {len(HOSTILE)} new" in ran.out
    moafeed("export", "jekyll", "out", cwd=fresh)
    assert files(fresh / "out") == files(hostile / "out")
    before, after = posts_of(hostile), posts_of(fresh)
    same = ("guid", "url", "title", "author", "published", "updated", "categories", "tags", "language", "excerpt",
            "feature_text", "image", "first_seen", "aliases", "digest")
    for name in same:
        assert [getattr(p, name) for p in after] == [getattr(p, name) for p in before], name
    (fresh / "sources/dal.toml").write_text('url = "https://dal.tistory.com/"\n', "utf-8")
    moafeed("build", cwd=fresh)
    feed = json.loads((fresh / "public/dal.json").read_text("utf-8"))
    assert feed["title"] == "달 & 별"
    assert {item["id"] for item in feed["items"]} == {p.guid for p in before}


def test_a_whole_demo_there_and_back(tmp_path: Path) -> None:
    moafeed("demo", cwd=tmp_path)
    demo, fresh = tmp_path / "demo", workspace(tmp_path / "fresh")
    assert "14 written, 0 unchanged" in moafeed("export", "jekyll", "out", cwd=demo).out
    moafeed("import", "jekyll", demo / "out", cwd=fresh)
    moafeed("export", "jekyll", "out", cwd=fresh)
    assert files(fresh / "out") == files(demo / "out")
    bodies = [p.read_text("utf-8") for p in (demo / "out/_posts").iterdir()]
    assert all(text.count("출처: ") == 1 for text in bodies)


def test_import_into_the_workspace_it_came_from_changes_nothing(tmp_path: Path, hostile: Path) -> None:
    here = shutil.copytree(hostile, tmp_path / "ws")
    # A new closing line is no reason to take the old one for the posts' own words.
    (here / "sources/dal.toml").write_text('url = "https://dal.tistory.com/"\nclosing = "끝"\n', "utf-8")
    before = posts_of(here)
    assert f"0 new, 0 edited, {len(HOSTILE)} unchanged" in moafeed("import", "jekyll", "out", cwd=here).out
    assert [p.digest for p in posts_of(here)] == [p.digest for p in before]
    assert [p.first_seen for p in posts_of(here)] == [p.first_seen for p in before]


def test_a_post_that_is_there_already_is_not_doubled(tmp_path: Path, hostile: Path) -> None:
    twin = made(2, *HOSTILE[1], guid="tag:elsewhere,2020:1")
    here = stored(tmp_path, [twin])
    assert f"{len(HOSTILE) - 1} new" in moafeed("import", "jekyll", hostile / "out", cwd=here).out
    found = posts_of(here)
    assert len(found) == len(HOSTILE)
    assert {p.guid for p in found if "/2" in p.url} == {twin.guid}  # published here under this guid


def test_a_hand_made_edit_is_taken(tmp_path: Path, hostile: Path) -> None:
    here = shutil.copytree(hostile, tmp_path / "ws")
    (file,) = (p for p in (here / "out/_posts").iterdir() if "👩‍👩‍👧" in p.read_text("utf-8"))
    file.write_text(file.read_text("utf-8").replace("<p>👩‍👩‍👧", "<p>새 글 👩‍👩‍👧"), "utf-8")
    assert "1 edited" in moafeed("import", "jekyll", "out", cwd=here).out
    (edited,) = (p for p in posts_of(here) if "👩‍👩‍👧" in p.content_html)
    assert "새 글" in edited.content_html
    assert "출처" not in edited.content_html
    assert edited.updated
    assert edited.updated > DAY + timedelta(days=9)


def test_all_posts_are_walked_oldest_first_with_their_aliases(tmp_path: Path) -> None:
    plain = made(1, "봄", "<p>글</p>")
    posts = [replace(plain, source=source, guid=f"tag:x,2026:{number}", published=DAY - timedelta(hours=number),
                     aliases=(f"at:dal.kr/{number}", f"id:x:{number}"))
             for number in range(250) for source in ("dal", "bom")]
    with Store.open(f"sqlite:///{tmp_path}/posts.db") as store:
        store.save(posts)
        walked = list(store.each(["dal", "bom"]))
        assert [post.guid for post in store.each(["bom"])] == [post.guid for post in reversed(posts)][::2]
    assert [p.dated for p in walked] == sorted(p.dated for p in posts)
    assert all(p.aliases == (f"id:x:{n}", f"at:dal.kr/{n}") for p in walked for n in [p.guid.rpartition(":")[2]])


# --- exporting again -------------------------------------------------------------------------------------------------


def test_unchanged_posts_write_nothing(tmp_path: Path, hostile: Path) -> None:
    here = shutil.copytree(hostile, tmp_path / "ws")
    before = stats(here / "out")
    assert moafeed("export", "jekyll", "out", cwd=here).out == f"0 written, {len(HOSTILE)} unchanged\n"
    assert stats(here / "out") == before


def test_an_edited_post_keeps_its_file(tmp_path: Path, hostile: Path) -> None:
    here = shutil.copytree(hostile, tmp_path / "ws")
    before, names = stats(here / "out"), guids(here / "out")
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save([made(2, "아주 다른 제목", "<p>새 글</p>", published=DAY + timedelta(days=40))], hold=False)
    assert moafeed("export", "jekyll", "out", cwd=here).out == f"1 written, {len(HOSTILE) - 1} unchanged\n"
    after = stats(here / "out")
    changed = {Path(path).name for path in after if after[path] != before.get(path)}
    assert guids(here / "out") == names
    assert changed == {"moafeed.json", next(f"{n}.md" for n, guid in names.items() if guid.endswith("tistory:1:2"))}


def test_two_posts_of_one_day_and_title(hostile: Path) -> None:
    found = sorted(name for name in guids(hostile / "out") if "같은-제목" in name)
    assert [len(name) for name in found] == [len("2026-05-30-같은-제목"), len("2026-05-30-같은-제목") + 9]
    assert guids(hostile / "out")[found[0]].endswith("tistory:1:8")  # seen first


def test_one_source_and_its_own_closing_line(tmp_path: Path) -> None:
    config = '[defaults]\nclosing = ""\n'
    toml = 'url = "https://dal.tistory.com/"\nclosing = \'더 읽기: <a href="{home}" rel="dofollow">{host}</a>\'\n'
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>"), made(2, "별", "<p>글</p>", source="byeol")], config, dal=toml)
    moafeed("export", "jekyll", "out", "dal", cwd=here)
    (file,) = (here / "out/_posts").iterdir()
    assert file.read_text("utf-8").endswith(
        '<p>글</p>\n더 읽기: <a href="https://dal.tistory.com" rel="dofollow">dal.tistory.com</a>\n')
    moafeed("export", "jekyll", "out", cwd=here)
    (other,) = (here / "out/_posts").glob("*별*")
    assert other.read_text("utf-8").endswith("<p>글</p>\n")
    assert "closing" in moafeed("export", "jekyll", "out", cwd=stored(
        tmp_path / "odd", [], '[defaults]\nclosing = "{urll}"\n'), code=2).err


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>"), made(2, "여름", "<p>글</p>"), made(3, "가을", "<p>글</p>")])
    folder = here / "out/_posts"
    folder.mkdir(parents=True)
    (folder / "2026-05-30-봄.markdown").write_text("내 글", "utf-8")
    outside = tmp_path / "outside"
    outside.write_text("비밀", "utf-8")
    (folder / "2026-05-30-여름.md").symlink_to(outside)
    (folder / "2026-05-30-가을.md").mkdir()
    ran = moafeed("export", "jekyll", "out", cwd=here)
    assert "3 written" in ran.out
    assert ran.err.count("is not moafeed's") == 3
    assert (folder / "2026-05-30-봄.markdown").read_text("utf-8") == "내 글"
    assert outside.read_text("utf-8") == "비밀"
    again = moafeed("export", "jekyll", "out", cwd=here)
    assert again.out == "0 written, 3 unchanged\n"
    assert again.err == ""


def test_a_link_in_the_way_is_refused(tmp_path: Path, hostile: Path) -> None:
    here = shutil.copytree(hostile, tmp_path / "ws")
    file = min((here / "out/_posts").iterdir())
    file.unlink()
    outside = tmp_path / "outside"
    outside.write_text("비밀", "utf-8")
    file.symlink_to(outside)
    assert "symbolic link" in moafeed("export", "jekyll", "out", cwd=here, code=73).err
    assert outside.read_text("utf-8") == "비밀"


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    assert "no posts" in moafeed("export", "jekyll", "out", cwd=here, code=66).err
    assert not (here / "out").exists()
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>")])
    assert '"jekyll"' in moafeed("export", "jekyl", "out", cwd=here, code=2).err
    assert '"dal"' in moafeed("export", "jekyll", "out", "dall", cwd=here, code=2).err
    assert not (here / "out").exists()


# --- importing what others wrote -------------------------------------------------------------------------------------


def jekyll(folder: Path, **texts: str | bytes) -> Path:
    (folder / "site/_posts").mkdir(parents=True)
    for name, text in texts.items():
        raw = text if isinstance(text, bytes) else text.encode()
        (folder / "site/_posts" / f"{name.replace('_', '-')}.md").write_bytes(raw)
    return folder / "site"


def test_bad_files_are_told_one_by_one_and_good_ones_are_stored(tmp_path: Path) -> None:
    site = jekyll(
        tmp_path, good="---\ntitle: 좋은 글\n---\n<p>글</p>\n", plain="<p>글</p>", latin=b"---\ntitle: \xe9\n---\n",
        bomb="---\na: &a [x]\nb: *a\n---\n글", list="---\n- x\n---\n글", broken="---\ntitle: [\n---\n글",
        deep=f"---\nx: {'[' * 3000}\n---\n", empty="---\n---\n",
    )
    (site / "_posts/link.md").symlink_to("good.md")
    here = workspace(tmp_path)
    ran = moafeed("import", "jekyll", site, "--url", "https://dal.kr/", cwd=here, code=65)
    assert "jekyll: 1 new" in ran.out
    told = {line.partition(":")[0]: line for line in ran.err.splitlines()}
    assert set(told) == {f"{n}.md" for n in ("plain", "latin", "bomb", "list", "broken", "deep", "empty", "link")}
    assert "anchors" in told["bomb.md"]
    assert "UTF-8" in told["latin.md"]
    assert "line 2" in told["broken.md"] or "line 3" in told["broken.md"]


def test_a_post_without_an_address_asks_for_the_site_s(tmp_path: Path) -> None:
    site = jekyll(tmp_path, a="---\ntitle: 글\n---\n<p>글</p>\n")
    here = workspace(tmp_path)
    assert "--url" in moafeed("import", "jekyll", site, cwd=here, code=65).err
    (site / "_config.yml").write_text("title: 달의 글\nurl: https://dal.kr\nbaseurl: /blog\n", "utf-8")
    moafeed("import", "jekyll", site, cwd=here)
    assert [p.url for p in posts_of(here, "jekyll")] == ["https://dal.kr/blog/a.html"]


def test_front_matter_that_jekyll_knows_is_understood(tmp_path: Path) -> None:
    site = jekyll(tmp_path, **{"2026_06_01_봄_글": (
        "\ufeff---\r\ntitle: 2026\r\ndate: 2026-05-31 10:00:00 +0900\r\ntags: 봄 꽃\r\nauthor: 달\r\n"
        "category: 여행기\r\nexcerpt: >\r\n  한  줄\r\nlayout: post\r\nnested: {a: {b: c}}\r\n---\r\n"
        "# 제목\r\n\r\n*글* {% raw %}{{ x }}{% endraw %}\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n")})
    here = workspace(tmp_path)
    moafeed("import", "jekyll", site, "--source", "bom", "--url", "https://dal.kr/", cwd=here)
    (found,) = posts_of(here, "bom")
    assert (found.title, found.author, found.tags, found.categories) == ("2026", "달", ("봄", "꽃"), ("여행기",))
    assert found.published == datetime(2026, 5, 31, 1, tzinfo=UTC)
    assert found.excerpt == "한  줄"
    assert found.url.startswith("https://dal.kr/%EC%97%AC%ED%96%89%EA%B8%B0/2026/06/01/")
    assert "<h1>제목</h1>" in found.content_html
    assert "<em>글</em> {{ x }}" in found.content_html
    assert "<td>2</td>" in found.content_html
    assert found.image is None
