"""The page about source files: it is up to date, each example is right, and the walk on it leads to a feed."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import feedparser
import pytest
from command_line import moafeed
from small_site import Site, site

from crawler.key_page import examples, toml, written
from crawler.source import load_source

PAGE = Path(__file__).parents[1] / "sources" / "README.md"
_NEEDS = {"browser_hosts": "browser = true\n"}  # what a key is of no use without
WALK = PAGE.read_text("utf-8").partition("## A walk")[2].partition("\n## ")[0]


def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text("utf-8")
    assert written(text) == text, "run: python -m crawler.key_page sources/README.md"


@pytest.mark.parametrize("number", range(len(list(examples()))))
def test_every_example_is_right(number: int, tmp_path: Path) -> None:
    place, value = list(examples())[number]
    *table, name = place
    url = "" if place == ("url",) else 'url = "https://example.com/"\n'
    around = '[listing]\nitems = "li"\n' if table == ["listing", "select"] else ""
    header = around + (f"[{'.'.join(table)}]\n" if table else "") + _NEEDS.get(name, "")
    file = tmp_path / "x.toml"
    file.write_text(f"{url}{header}{name} = {toml(value)}\n", encoding="utf-8")
    said: Any = load_source(file)
    for key in place:
        said = getattr(said, key)
    assert said, place


# --- the walk ---------------------------------------------------------------------------------------------------------

TEXT = "<p>{}번 글이다. 담장 위에 고양이가 있었다.</p>" + 9 * (
    "<p>저녁에는 비가 왔고, 사람들은 저마다 집에 들어앉아 있었다. 그래서 골목이 조용했다.</p>"
)
LOGIN = '<html><head><title>마을</title></head><body><form action="/login"><input type="password"></form></body></html>'


def page_of(number: int, title: str) -> str:
    """A post, as the board shows it: what it says stands where no standard looks."""
    return (
        f"<html><head><title>마을 게시판</title></head><body><div class='view'><div class='vtit'>{title}</div>"
        "<div class='where'><a href='list.php?c=1'>마을</a> › <a href='list.php?c=2'>소식</a></div><ul class='info'>"
        f"<li>작성자 : 해온 (12)</li><li class='when'>2024년 3월 {number}일 오후 3시 12분</li></ul>"
        f"<div class='vcon'>{TEXT.format(number)}<p>무단 전재를 금합니다.</p><img class='lazy' src='/img/blank.gif' "
        f"data-original='/up/{number}.jpg'><div class='sns_share'><a href='#'>공유하기</a></div></div>"
        "<p class='keys'>#산책 #고양이</p></div></body></html>"
    )


def list_of(numbers: list[int], paging: str) -> str:
    items = "".join(f"<li><h3><a href='view.php?no={n}'>글 {n}</a></h3><i>24.03.{n:02}</i></li>" for n in numbers)
    return (f"<html><head><title>마을 게시판</title></head><body><ul class='items'>{items}</ul>"
            f"<div class='paging'>{paging}</div></body></html>")  # fmt: skip


BLOCK = "<a class='block' href='list.php?p={}'>≫</a>"
LISTS = {
    "/list.php": list_of([8, 7, 6], f"<strong>1</strong><a href='list.php?p=2'>2</a>{BLOCK.format(3)}"),
    "/list.php?p=2": list_of([5, 4], f"<a href='list.php'>1</a><strong>2</strong>{BLOCK.format(3)}"),
    "/list.php?p=3": list_of([3, 2], "<strong>3</strong><a href='list.php?p=4'>4</a>"),
    "/list.php?p=4": list_of([1], "<a href='list.php?p=3'>3</a><strong>4</strong>"),
}
TITLES = {n: f"{n}월의 골목" for n in range(1, 9)} | {6: "[광고] 싸게 팝니다"}


def board(served: Site, secret: str) -> None:
    """Fill the site: even posts are for members."""

    def answer(number: int) -> str:
        is_member = served.headers[-1].get("cookie") == f"BOARDSESSION={secret}"
        return page_of(number, TITLES[number]) if number % 2 or is_member else LOGIN

    served.pages.update(LISTS)
    for number in TITLES:
        served.pages[f"/view.php?no={number}"] = lambda number=number: answer(number)


def commands(block: str) -> list[list[str]]:
    """The lines of a block that are commands of ours."""
    return [line.split()[1:] for line in block.splitlines() if line.startswith("moafeed ")]


def test_the_walk_on_the_page_leads_from_an_address_to_a_feed(tmp_path: Path) -> None:
    first, _, last = re.findall(r"```sh\n(.*?)```", WALK, re.DOTALL)
    (file,) = re.findall(r"```toml\n(.*?)```", WALK, re.DOTALL)
    secrets, here = {"MOAFEED_BOARD_SESSION": "canary-3f9c"}, tmp_path / "village"
    with site({}) as served:
        board(served, "canary-3f9c")

        def run(command: list[str], cwd: Path) -> str:
            args = [word.replace("https://board.example", served.url) for word in command]
            return moafeed(*args, cwd=cwd, secrets=secrets).out

        init, add = commands(first)
        run(init, tmp_path)
        assert "wrote" in run(add, here)
        assert served.url in (here / "sources/board.toml").read_text("utf-8")
        (here / "sources/board.toml").write_text(file.replace("https://board.example", served.url), encoding="utf-8")
        *look, serve = commands(last)
        shown = [run(command, here) for command in look]
        assert "8월의 골목" in shown[0]
        assert "the source file's select.title: 8월의 골목" in shown[1]
        subscribed = fetched(here, serve)
        assert {entry.title for entry in subscribed.entries} == set(TITLES.values()) - {TITLES[6]}
        check_entry(next(entry for entry in subscribed.entries if entry.title == TITLES[8]), served.url)

        news = "<li><h3><a href='view.php?no=9'>글</a></h3></li><li>"
        served.pages["/list.php"] = LISTS["/list.php"].replace("<li>", news, 1)
        served.pages["/view.php?no=9"] = page_of(9, "새 글")
        before = len(served.asked)
        run(["update", "--now"], here)
        assert [path for path in served.asked[before:] if "no=" in path] == ["/view.php?no=9"]
        again = fetched(here, serve)
        assert {entry.id for entry in subscribed.entries} < {entry.id for entry in again.entries}
        assert again.entries[0].title == "새 글"
    assert not [path for path in here.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]


def check_entry(entry: Any, url: str) -> None:
    """Everything that the file names has come along."""
    body = entry.content[0].value if "content" in entry else entry.summary
    assert entry.link == f"{url}/view.php?no=8"
    assert entry.author == "해온"
    assert time.strftime("%Y-%m-%dT%H:%M", entry.published_parsed) == "2024-03-08T06:12"
    assert {"소식", "산책", "고양이"} <= {word for tag in entry.tags for word in tag.term.split("/")}
    assert "8번 글이다" in body
    assert f'src="{url}/up/8.jpg"' in body
    assert not [gone for gone in ("공유하기", "무단 전재", "blank.gif") if gone in body]


def fetched(here: Path, serve: list[str]) -> Any:
    """The feed as a reader has it from `moafeed serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "crawler", *serve, "--port", str(port)]
    server = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/board.rss") as answer:
                    return feedparser.parse(answer.read())
            except urllib.error.URLError:
                time.sleep(0.1)
        raise AssertionError("nobody serves the feed")
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
