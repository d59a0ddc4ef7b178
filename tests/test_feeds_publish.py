"""Publishing: whole or not at all, only what changed, never through a link."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.publish import PublishError, publish

XML = b"<?xml version='1.0'?><rss/>"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_changed_and_unchanged(tmp_path: Path):
    folder = tmp_path / "a" / "out"
    assert publish(folder, {"b.json": b"{}", "a.rss": XML}).written == ("a.rss", "b.json")
    before = (folder / "a.rss").stat()
    again = publish(folder, {"b.json": b"[]", "a.rss": XML})
    assert (again.written, again.unchanged) == (("b.json",), 1)
    after = (folder / "a.rss").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert (folder / "b.json").read_bytes() == b"[]"
    assert _names(folder) == ["a.rss", "b.json"]


def test_other_files_are_left_alone(tmp_path: Path):
    (tmp_path / "gone.rss").write_bytes(b"old")
    publish(tmp_path, {"a.rss": XML})
    assert (tmp_path / "gone.rss").read_bytes() == b"old"


def test_same_size_other_bytes(tmp_path: Path):
    publish(tmp_path, {"a.json": b"[1]"})
    assert publish(tmp_path, {"a.json": b"[2]"}).written == ("a.json",)


@pytest.mark.parametrize("ahead", [0, 3600])
def test_a_changed_file_is_a_second_newer_at_least(tmp_path: Path, ahead: int):
    """newsboat (by curl) and nginx's tags see only whole seconds: two publications in one must differ."""
    publish(tmp_path, {"a.json": b"[1]"})
    path = tmp_path / "a.json"
    moved = path.stat().st_mtime + ahead
    os.utime(path, (moved, moved))
    publish(tmp_path, {"a.json": b"[2]"})
    assert int(path.stat().st_mtime) > int(moved)


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_readable_whatever_the_umask(tmp_path: Path, umask: int):
    before = os.umask(umask)
    try:
        publish(tmp_path / "x" / "y", {"a.rss": XML})
    finally:
        os.umask(before)
    made = [tmp_path / "x", tmp_path / "x" / "y", tmp_path / "x" / "y" / "a.rss"]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o755, 0o755, 0o644]


def test_leftovers_of_a_killed_run_go(tmp_path: Path):
    (tmp_path / ".tmp-0").write_bytes(b"half")
    (tmp_path / ".tmp-17").symlink_to("/nowhere")
    (tmp_path / ".tmp-notes").write_bytes(b"somebody's")
    publish(tmp_path, {"a.rss": XML})
    assert _names(tmp_path) == [".tmp-notes", "a.rss"]


def test_what_a_power_cut_left_is_in_nobodys_way(tmp_path: Path):
    (tmp_path / ".tmp-1").write_bytes(b"half")
    publish(tmp_path, {"a.rss": XML, "b.rss": XML})
    assert _names(tmp_path) == ["a.rss", "b.rss"]


def test_a_link_in_the_target_s_place_is_refused(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "b.rss").symlink_to(victim)
    with pytest.raises(PublishError, match=r"b\.rss is a symbolic link"):
        publish(out, {"a.rss": XML, "b.rss": XML})
    assert victim.read_bytes() == b"precious"
    assert _names(out) == ["b.rss"]


def test_a_folder_in_the_target_s_place_is_refused(tmp_path: Path):
    (tmp_path / "a.rss").mkdir()
    with pytest.raises(PublishError, match=r"a\.rss is in the way"):
        publish(tmp_path, {"a.rss": XML})


@pytest.mark.parametrize("name", ["../a.rss", "x/a.rss", ".a.rss", "", "a\0.rss", "/etc/a.rss"])
def test_only_plain_names(tmp_path: Path, name: str):
    with pytest.raises(PublishError, match="plain file name"):
        publish(tmp_path / "out", {name: XML})
    assert _names(tmp_path / "out") == []


@pytest.mark.parametrize("below", ["", "deep/er"])
def test_an_output_folder_that_cannot_be_made(tmp_path: Path, below: str):
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(PublishError) as caught:
        publish(tmp_path / "out" / below, {"a.rss": XML})
    assert str(tmp_path / "out") in str(caught.value)
    assert caught.value.exit_code == 73
    assert (tmp_path / "out").read_bytes() == b"a file"


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        *(("b.rss", b"<rss>"), ("b.atom", b"<feed>\xff</feed>"), ("b.opml", b"")),
        *(("b.json", b"{"), ("b.json", b"\xff"), ("b.html", b"")),
    ],
)
def test_a_broken_document_replaces_nothing(tmp_path: Path, name: str, broken: bytes):
    publish(tmp_path, {"a.rss": XML, name: b"{}" if name.endswith("json") else XML})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(PublishError, match=r"b\.\w+ was not replaced"):
        publish(tmp_path, {"a.rss": b"<new/>", name: broken})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def _small_files_only() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_full_disk_changes_nothing(tmp_path: Path):
    publish(tmp_path, {"a.json": b"[0]", "b.json": b"[0]"})
    code = (
        "import sys; from pathlib import Path; from feeds.publish import *\n"
        "try: publish(Path(sys.argv[1]), {'a.json': b'[1]', 'b.json': b'[' + b' ' * 5000 + b']'})\n"
        "except PublishError as error: sys.exit(str(error))"
    )
    run = subprocess.run(
        [sys.executable, "-B", "-c", code, str(tmp_path)],
        preexec_fn=_small_files_only,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert run.returncode == 1
    assert "File too large" in run.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.json": b"[0]", "b.json": b"[0]"}


_KILLED = """
import os, signal, sys
from pathlib import Path
from feeds.publish import publish
left = int(sys.argv[2])
def step(event, args):
    global left
    if event in ("os.rename", "open") and ".tmp-" in str(args[0]):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
publish(Path(sys.argv[1]), dict.fromkeys(("a.json", "b.json", "c.json"), b'["new"]'))
"""


@pytest.mark.parametrize("step", range(1, 8))
def test_killed_at_any_step_each_file_is_old_or_new(tmp_path: Path, step: int):
    publish(tmp_path, {"a.json": b'["old"]', "b.json": b'["old"]'})
    command = [sys.executable, "-c", _KILLED, str(tmp_path), str(step)]
    run = subprocess.run(command, cwd=Path(__file__).parents[1], check=False)
    killed = step < 7  # three files opened, three renamed
    assert run.returncode == (-signal.SIGKILL if killed else 0)
    found = {path.name: path.read_bytes() for path in tmp_path.glob("*.json")}
    assert set(found.values()) <= {b'["old"]', b'["new"]'}
    if step <= 3:
        assert b'["new"]' not in found.values()  # nothing is replaced before all is written
    publish(tmp_path, {})
    assert {*tmp_path.iterdir()} == {tmp_path / name for name in found}
    publish(tmp_path, dict.fromkeys(("a.json", "b.json", "c.json"), b'["new"]'))
    assert _names(tmp_path) == ["a.json", "b.json", "c.json"]


_KILLED_WHILE_CLEARING = """
import os, signal, sys
from pathlib import Path
from feeds.publish import publish
left = int(sys.argv[2])
def step(event, args):
    global left
    if event == "os.remove" and ".tmp-" in str(args[0]):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
publish(Path(sys.argv[1]), {})
"""


@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_while_it_clears_up_the_next_run_goes_on(tmp_path: Path, step: int):
    for number in (0, 1, 10):
        (tmp_path / f".tmp-{number}").write_bytes(b"half")
    command = [sys.executable, "-c", _KILLED_WHILE_CLEARING, str(tmp_path), str(step)]
    assert subprocess.run(command, cwd=Path(__file__).parents[1], check=False).returncode == -signal.SIGKILL
    assert len(_names(tmp_path)) == 4 - step
    publish(tmp_path, {})
    assert _names(tmp_path) == []


def test_files_reach_the_disk_before_they_take_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        steps.append("sync " + Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        steps.append(f"name {target.name}")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    publish(tmp_path, {"a.rss": XML, "b.rss": XML})
    assert steps == ["sync .tmp-0", "sync .tmp-1", "name a.rss", "name b.rss", f"sync {tmp_path.name}"]


def test_a_failing_sync_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    publish(tmp_path, {"a.json": b"[0]"})

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(PublishError, match="Input/output error"):
        publish(tmp_path, {"a.json": b"[1]"})
    assert (tmp_path / "a.json").read_bytes() == b"[0]"
    assert _names(tmp_path) == ["a.json"]
