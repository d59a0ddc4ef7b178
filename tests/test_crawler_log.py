"""`moafeed log`: what an author changed and when, as a person reads it and as JSON; what became of a post."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace

from crawler.tasks.history import difference, told
from crawler.terminal.history import show
from crawler.workspace import load_workspace
from pipelines.digest import digest
from pipelines.errors import MoafeedError
from pipelines.post import Post
from pipelines.store import Store

NOON = datetime(2026, 3, 1, 3, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "<p>첫째 줄입니다.</p><p>둘째 줄입니다.</p><p>셋째 줄입니다.</p><p>[red]넷째[/red] 줄입니다.</p>"


def post(number: int = 1, content: str = TEXT, **changes: object) -> Post:
    values: dict[str, object] = {
        "source": "dal", "guid": f"tag:dal.example,2026:{number}", "url": f"https://dal.example/{number}",
        "title": f"글 {number}", "content_html": content, "published": NOON, "first_seen": NOON,
        "categories": ("여행",), "tags": ("바다",),
        "aliases": (f"id:tistory:7:{number}", f"at:dal.example/{number}"),
    } | changes
    return Post(**values, digest=digest(str(values["title"]), content))  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return workspace(tmp_path / "ws", dal="https://dal.example/")


def stored(here: Path) -> Store:
    return Store.open(load_workspace(here).store_url)


@pytest.fixture
def edited(here: Path) -> Path:
    with stored(here) as store:
        store.save([post()])
        second = TEXT.replace("둘째", "두 번째")
        store.save([post(content=second, first_seen=NOON + DAY)])
        about = {"title": "새 [b]제목[/b]", "tags": ("산", "바다"), "categories": (), "image": "https://x/1.png",
                 "published": NOON + DAY}
        store.save([post(content=second, first_seen=NOON + 2 * DAY, **about)])
        store.save([post(content=second + '<p><img src="https://x/2.png"></p>', first_seen=NOON + 3 * DAY, **about)])
    return here


def log(here: Path, target: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints, without the seconds that a process of its own takes to begin."""
    show(told(here, target), as_json=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("target", ["tag:dal.example,2026:1", "https://dal.example/1", "http://www.dal.example/1/"])
def test_what_changed_and_when_newest_first(edited: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = log(edited, target, capsys)
    expected = """
edit 3, seen 2026-03-04 03:04 UTC
  pictures, links or markup; no word

edit 2, seen 2026-03-03 03:04 UTC
  title      글 1 → 새 [b]제목[/b]
  categories 여행 → (nothing)
  tags       바다 → 산, 바다
  image      (nothing) → https://x/1.png
  published  2026-03-01 03:04:05+00:00 → 2026-03-02 03:04:05+00:00

edit 1, seen 2026-03-02 03:04 UTC
  @@ -1,4 +1,4 @@
   첫째 줄입니다.
  -둘째 줄입니다.
  +두 번째 줄입니다.
   셋째 줄입니다.
   [red]넷째[/red] 줄입니다.
"""
    assert expected in out
    assert "새 [b]제목[/b] ──" in out


def test_json_says_the_same(edited: Path) -> None:
    found = json.loads(moafeed("log", "tag:dal.example,2026:1", "--json", cwd=edited).out)
    assert found["guid"] == "tag:dal.example,2026:1"
    assert [edit["number"] for edit in found["edits"]] == [3, 2, 1]
    assert found["edits"][1]["fields"][0] == {"field": "title", "before": "글 1", "after": "새 [b]제목[/b]"}
    assert found["edits"][2]["diff"][2:4] == ["-둘째 줄입니다.", "+두 번째 줄입니다."]
    assert found["edits"][2]["at"] == "2026-03-02T03:04:05+00:00"
    assert (found["gone"], found["deleted"], found["copy_of"], found["held"]) == (None, None, None, None)


def test_a_sources_last_ten_edits(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with stored(here) as store:
        for n in range(1, 13):
            store.save([post(n)])
            store.save([post(n, content=TEXT + "<p>끝</p>", first_seen=NOON + n * DAY)])
    show(told(here, "dal"), as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert [each["title"] for each in found] == [f"글 {n}" for n in range(12, 2, -1)]
    assert "글 3 ──" in log(here, "dal", capsys)


def test_what_became_of_a_post(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "<p>" + " ".join(f"{n}번째 낱말" for n in range(90)) + "</p>"
    with stored(here) as store:
        store.save([post(1, long), post(2, long, source="other", guid="tag:other", url="https://other.example/2",
                                        title="글 1", published=NOON + DAY, aliases=("at:other.example/2",))])
        store.save([post(1, "<p>짧게</p>", first_seen=NOON + DAY)])
        assert store.gone("dal", post().guid, NOON + 2 * DAY, 404) == "first"
    out = log(here, post().guid, capsys)
    assert "missing     since 2026-03-03 03:04 UTC" in out
    assert "waiting     on 2026-03-02 03:04 UTC it shrank from 709 to 2 characters" in out
    assert "copy of     tag:dal.example,2026:1" in log(here, "tag:other", capsys)
    assert "no edit was seen" in out
    with stored(here) as store:
        assert store.gone("dal", post().guid, NOON + 3 * DAY, 404) == "deleted"
    assert "deleted     its page is missing since 2026-03-03 03:04 UTC" in log(here, post().guid, capsys)


def test_looking_changes_nothing(edited: Path) -> None:
    before = files(edited)
    told(edited, "dal")
    assert files(edited) == before


@pytest.mark.parametrize(("target", "words"), [
    ("https://dal.example/9", "no post with the address https://dal.example/9 is stored"),
    ("tag:nobody,2026:1", "no post with the guid tag:nobody,2026:1 is stored"),
    ("dall", "did you mean"),
])
def test_what_is_not_there_is_said(edited: Path, target: str, words: str) -> None:
    with pytest.raises(MoafeedError, match=words):
        told(edited, target)


def test_without_a_store_none_is_made(here: Path) -> None:
    assert "no post is stored yet" in moafeed("log", "dal", cwd=here, code=66).err
    assert not (here / "state").exists()


def test_a_text_of_a_books_length_is_cut_and_says_so() -> None:
    lines = [f"<p>{n}째 줄 {'가' * 100}</p>" for n in range(30_000)]
    before, after = post(content="".join(lines)), post(content="".join(lines[:-1]))
    assert difference(before, after)[-2:] == ("-… 3,072,000 characters more", "+… 3,071,890 characters more")
    assert difference(before, replace(before)) == ()
