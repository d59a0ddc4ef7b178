"""Who polls the same feeds beside us: for each, how it is set up in a folder and the command that polls once.

`python -m bench.peers DATABASE URLS` is one poll by lemon24's reader.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]
_WORKSPACE = """\
title = "Bench"
base_url = "http://127.0.0.1:8000/"

[feeds.all]
title = "All"
sources = ["*"]
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contestant:
    """A program that polls feeds."""

    name: str
    """How the table calls it."""
    prepare: Callable[[Path, Sequence[str]], list[str]]
    """Make a folder that subscribes to these front pages; gives the command that polls them once."""


def ours(folder: Path, homes: Sequence[str], command: str = "update") -> list[str]:
    (folder / "sources").mkdir(parents=True)
    (folder / "moafeed.toml").write_text(_WORKSPACE, encoding="utf-8")
    for number, home in enumerate(homes):
        (folder / "sources" / f"blog-{number:05}.toml").write_text(f'url = "{home}"\n', encoding="utf-8")
    return [sys.executable, "-m", "crawler", command]


def _bare(folder: Path, homes: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bench.bare_spider", _urls(folder, homes), str(folder / "state.json")]


def _reader(folder: Path, homes: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bench.peers", str(folder / "reader.sqlite"), _urls(folder, homes)]


def _newsboat(folder: Path, homes: Sequence[str]) -> list[str]:
    (folder / "config").write_text("", encoding="utf-8")
    files = ["-u", _urls(folder, homes), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    return ["newsboat", *files, "-x", "reload"]


def _urls(folder: Path, homes: Sequence[str]) -> str:
    file = folder / "urls"
    file.write_text("".join(f"{home}rss\n" for home in homes), encoding="utf-8")
    return str(file)


BARE = Contestant(name="bare Scrapy", prepare=_bare)
OURS = Contestant(name="moafeed", prepare=ours)


def rivals() -> tuple[list[Contestant], list[str]]:
    """Return the feed readers that can be run here, and the names of those that are missing."""
    missing = [] if shutil.which("newsboat") else ["newsboat"]
    known = [Contestant(name="reader", prepare=_reader), Contestant(name="newsboat", prepare=_newsboat)]
    return [rival for rival in known if rival.name not in missing], missing


def environment(home: Path) -> dict[str, str]:
    """Return the environment of every program: a home of its own, ours to import."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}


def poll_with_reader(database: str, urls: str) -> None:
    from reader import make_reader  # noqa: PLC0415  # only its own process pays for it

    reader = make_reader(database)
    known = {feed.url for feed in reader.get_feeds()}
    for url in Path(urls).read_text(encoding="utf-8").split():
        if url not in known:
            reader.add_feed(url)
    for result in reader.update_feeds_iter(scheduled=False):  # now, not an hour later
        if isinstance(result.value, Exception):
            print(f"{result.url}: {result.value}", file=sys.stderr)


if __name__ == "__main__":
    poll_with_reader(*sys.argv[1:])
