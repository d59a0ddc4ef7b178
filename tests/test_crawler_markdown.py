"""`moafeed export markdown`, as a person runs it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import ROOT, files, moafeed, unmeasured, workspace
from exported_posts import DAY, HOSTILE, hostile_posts, made, stats, stored

from pipelines.store import Store

NAMES = [
    "../../../etc/passwd", "CON", "nul.txt", "a/b\\c:d*e?f\"g<h>i|j", "줄\x00바꿈\n둘", "긴" * 300, "---", "",
    "$\\frac{1}{2}$", "[[위키]]", "# 제목", "!!python/object:os.system", "&anchor *alias", "\u202etxt.exe",
    ".hidden", "moafeed",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    posts = [*hostile_posts(), replace(made(40, "봄", "<p>글</p>"), source="bom")]
    here = stored(tmp_path_factory.mktemp("markdown"), posts, dal="https://dal.tistory.com/", bom="https://bom.kr/")
    assert moafeed("export", "markdown", "out", cwd=here).out == f"{len(HOSTILE) + 1} written, 0 unchanged\n"
    return here


def test_each_source_has_a_folder_and_each_post_a_file(exported: Path) -> None:
    found = files(exported / "out")
    assert {name.partition("/")[0] for name in found} == {"dal", "bom"}
    assert found["bom/2026-05-30-봄.md"].decode() == (
        "---\ntitle: 봄\ndate: 2026-05-30T00:30:00+09:00\nauthor: 김달\ntags:\n  - 봄\n  - 'a: b'\n"
        "url: 'https://dal.tistory.com/40'\nguid: 'tag:dal.tistory.com,2026:tistory:1:40'\n"
        "image: 'https://x.example/40.png'\nexcerpt: 글\nlanguage: ko\n---\n\n글\n\n"
        "출처: [dal.tistory.com](https://dal.tistory.com/40)\n"
    ).replace("[dal.tistory.com](", "[bom.kr](")
    assert len([name for name in found if name.endswith(".md")]) == len(HOSTILE) + 1


def test_unchanged_posts_write_nothing_and_an_edited_one_keeps_its_file(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    before = stats(here / "out")
    assert moafeed("export", "markdown", "out", cwd=here).out == f"0 written, {len(HOSTILE) + 1} unchanged\n"
    assert stats(here / "out") == before
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save([made(2, "아주 다른 제목", "<p>새 글</p>", published=DAY + timedelta(days=40))], hold=False)
    assert moafeed("export", "markdown", "out", cwd=here).out == f"1 written, {len(HOSTILE)} unchanged\n"
    after = stats(here / "out")
    assert after.keys() == before.keys()
    changed = sorted(Path(path).name for path in after if after[path] != before[path])
    assert len(changed) == 2
    assert changed[-1] == "moafeed.json"
    (file,) = ((here / "out/dal") / name for name in changed[:1])
    assert "title: 아주 다른 제목" in file.read_text("utf-8")


def test_hostile_names_stay_in_their_folder(tmp_path: Path) -> None:
    posts = [made(number, name, "<p>글</p>", categories=(name,), tags=(name,)) for number, name in enumerate(NAMES, 1)]
    posts = [replace(post, title=name) for post, name in zip(posts, NAMES, strict=True) if "\x00" not in name]
    here = stored(tmp_path, posts)
    moafeed("export", "markdown", "out", cwd=here)
    assert {path.name for path in here.iterdir()} == {"out", "sources", "state", "moafeed.toml"}
    found = list((here / "out/dal").iterdir())
    assert len(found) == len(posts) + 1
    for path in found:
        assert len(path.name.encode()) <= 255
        assert path.name == "moafeed.json" or path.name.startswith("2026-05-30-")
        assert path.name.isprintable()


def test_files_of_others_stay(tmp_path: Path) -> None:
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>"), made(2, "여름", "<p>글</p>"), made(3, "가을", "<p>글</p>")])
    folder, outside = here / "out/dal", tmp_path / "outside"
    (folder / "2026-05-30-가을.md").mkdir(parents=True)
    (folder / "2026-05-30-봄.md").write_text("내 글", "utf-8")
    outside.write_text("비밀", "utf-8")
    (folder / "2026-05-30-여름.md").symlink_to(outside)
    ran = moafeed("export", "markdown", "out", cwd=here)
    assert "3 written" in ran.out
    assert ran.err.count("is not moafeed's") == 3
    assert (folder / "2026-05-30-봄.md").read_text("utf-8") == "내 글"
    assert outside.read_text("utf-8") == "비밀"
    assert moafeed("export", "markdown", "out", cwd=here).out == "0 written, 3 unchanged\n"


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>")])
    (here / "out").mkdir()
    (here / "out/dal").write_text("a file", "utf-8")
    assert "out/dal is in the way" in moafeed("export", "markdown", "out", cwd=here, code=73).err
    (here / "out/dal").unlink()
    (tmp_path / "elsewhere").mkdir()
    (here / "out/dal").symlink_to(tmp_path / "elsewhere")
    assert "symbolic link" in moafeed("export", "markdown", "out", cwd=here, code=73).err
    assert not list((tmp_path / "elsewhere").iterdir())
    (here / "out/dal").unlink()
    (here / "out/dal").mkdir()
    (here / "out/dal/moafeed.json").write_text("{", "utf-8")
    assert "is broken" in moafeed("export", "markdown", "out", cwd=here, code=65).err
    assert [path.name for path in (here / "out/dal").iterdir()] == ["moafeed.json"]


def _small_files_only() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_full_disk_leaves_what_was_exported(tmp_path: Path, exported: Path) -> None:
    here = shutil.copytree(exported, tmp_path / "ws")
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save([made(2, "긴 글", f"<p>{'글 ' * 90_000}</p>")], hold=False)
    before = {name: raw for name, raw in files(here / "out").items() if name.endswith(".md")}
    ran = _python("import sys; from crawler.__main__ import main; sys.argv[1:] = ['export', 'markdown', 'out']; main()",
                  here, preexec_fn=_small_files_only)
    assert ran.returncode == 73
    assert "File too large" in ran.stderr
    assert {name: raw for name, raw in files(here / "out").items() if name.endswith(".md")} == before
    assert "1 written" in moafeed("export", "markdown", "out", cwd=here).out


def test_the_missing_package_is_named(tmp_path: Path) -> None:
    here = stored(tmp_path, [made(1, "봄", "<p>글</p>")])
    ran = _python("import sys; sys.modules['markdownify'] = None; from crawler.__main__ import main;"
                  "sys.argv[1:] = ['export', 'markdown', 'out']; main()", here)
    assert ran.returncode == 2
    assert "install moafeed[markdown]" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (here / "out").exists()


def _python(code: str, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
    env = unmeasured() | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run([sys.executable, "-B", "-c", code], cwd=cwd, env=env, capture_output=True, text=True,
                          check=False, timeout=120, **options)  # type: ignore[call-overload]


def test_nothing_to_export_is_told(tmp_path: Path) -> None:
    assert "no posts" in moafeed("export", "markdown", "out", cwd=workspace(tmp_path), code=66).err
