"""Configs of other scraping tools for one small board, and what `moafeed import` makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command_line import moafeed, workspace
from odd_site import TEXT, board, post
from small_site import post as plain_post

from crawler.source import load_sources

PAGES: dict[str, Any] = {
    "/": board(1, 2), "/read?no=1": post(1), "/read?no=2": post(2, "비 오는 날", TEXT.replace("고양이", "우산")),
}  # fmt: skip


def _plain(number: int, title: str, text: str) -> str:
    """A post whose title and date any reader of pages finds; its text has neighbours that are none of it."""
    return plain_post(title, f'{"구독과 좋아요 부탁드립니다. " * 9}</p><div id="text">{text}</div><p>{number}번째 글')


PLAIN: dict[str, Any] = {
    "/": board(1, 2), "/read?no=1": _plain(1, "골목의 고양이", TEXT),
    "/read?no=2": _plain(2, "비 오는 날", TEXT.replace("고양이", "우산")),
}  # fmt: skip
"""The same board with posts that need no selector but for their text."""


def take(folder: Path, form: str, name: str, document: str | bytes, code: int = 0) -> str:
    """Import one file; return what was said. Every source file can be used afterwards."""
    here = folder if (folder / "moafeed.toml").exists() else workspace(folder)
    place = here / "theirs" / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(document.encode() if isinstance(document, str) else document)
    ran = moafeed("import", form, f"theirs/{name}", cwd=here, code=code)
    assert not load_sources(here / "sources").errors
    return ran.out + ran.err


def keys(folder: Path) -> dict[str, Any]:
    """What the one source file says, defaults left out."""
    (source,) = load_sources(folder / "sources").sources
    return source.model_dump(exclude_defaults=True, exclude={"name", "path"})


def source_text(folder: Path) -> str:
    (file,) = (folder / "sources").glob("*.toml")
    return file.read_text("utf-8")


def crawled(folder: Path) -> list[dict[str, Any]]:
    """The posts of the one source, by address."""
    (file,) = (folder / "sources").glob("*.toml")
    ran = moafeed("preview", file.stem, "--json", "--limit", "9", cwd=folder)
    found = json.loads(ran.out)
    return sorted(found if isinstance(found, list) else [found], key=lambda each: str(each["url"]))
