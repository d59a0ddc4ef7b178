"""What goes into a pipe or a file is whole, however narrow a terminal would be."""

from __future__ import annotations

import pytest
from command_line import moafeed, workspace
from small_site import listing, post, site

NARROW = {"COLUMNS": ""}  # as wide as a terminal that nobody asks
NAME = "a-blog-with-a-rather-long-name-for-a-source-and-for-its-feed"
TITLE = "아주 긴 제목이라서 한 줄에 다 들어가지 않는 글, " * 6 + "끝"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each command writes into a pipe, by lines."""
    here = tmp_path_factory.mktemp("ws")
    pages = {"/": listing("/1"), "/1": post(TITLE, "글이다. " * 50)}
    with site(pages, host="127.0.0.46") as blog:
        workspace(here, **{NAME.replace("-", "_"): f"{blog.url}/"}, broken="http://127.0.0.46:9/" + "x" * 90)
        moafeed("update", cwd=here, code=1)
        (here / "list.txt").write_text(f"{blog.url}/1\n{'y' * 90} z\n")
        commands = {"runs": (), "list": (), "preview": (NAME,), "explain": (f"{blog.url}/1?{'q' * 90}",),
                    "log": (f"{blog.url}/1",), "status": (), "search": ("글이다",), "add": ("--from", "list.txt")}
        return {name: moafeed(name, *args, cwd=here, code=None, start=NARROW).out.splitlines()
                for name, args in commands.items()}  # fmt: skip


@pytest.mark.parametrize(("command", "number", "whole"), [
    ("runs", 0, "run began took sources asked unmodified new edited unchanged waiting left alone failed"),
    ("runs", 1, "broken"),
    ("list", 1, NAME),
    ("list", 2, "x" * 90),
    ("preview", 0, TITLE),
    ("explain", 0, "q" * 90),
    ("log", 0, TITLE),
    ("status", 0, NAME),
    ("add", 1, f"as the source '{NAME}'"),
    ("add", 2, f"'{'y' * 90} z' can't be used"),
    ("search", 0, TITLE),
])
def test_nothing_is_cut_or_broken_in_a_pipe(lines: dict[str, list[str]], command: str, number: int, whole: str) -> None:
    assert whole in " ".join(lines[command][number].split())
