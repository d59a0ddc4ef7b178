"""A site that no platform knows: the board of a village, and what a crawl of it gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_line import moafeed, workspace
from small_site import Site, site

TEXT = "<p>담장 위에 고양이가 있다. 꼬리가 길다.</p><p class='ad'>광고입니다</p><p>저녁에는 비가 왔다.</p>"


def post(
    number: int = 1, title: str = "골목의 고양이", text: str = TEXT, path: str = "생활,동네", words: str = "산책, 비"
) -> str:
    links = "".join(f"<a href='/list?in={part}'>{part}</a>" for part in path.split(","))
    return (
        f'<html><head><title>마을 게시판</title><meta name="words" content="{words}"></head><body>'
        f'<div class="top">{links}</div><h4 class="subject">{title}</h4><h5 class="sub">부제 {number}</h5>'
        '<p class="by">글쓴이: 해온 (조회 12)</p><p class="on">05/03/2024 15시 12분</p>'
        '<p class="edited" data-at="2024-03-06 09:30">고침</p><p class="lead">짧은 소개.</p><i class="lang">ko-KR</i>'
        f'<div class="cover"><img src="/blank.gif" data-src="/cover-{number}.jpg"></div>'
        f'<div id="text">{text}</div><div class="foot">이웃 글 <a href="/read?no=9">비 오는 날</a></div></body></html>'
    )


def board(*numbers: int, more: str = "") -> str:
    rows = "".join(
        f'<tr class="row"><td><a href="/member?id={n}">해온</a></td>'
        f'<td><a class="go" href="/read?no={n}">글 {n}</a></td></tr>'
        for n in numbers
    )
    return f'<html><head><title>마을 게시판</title></head><body><table>{rows}</table>{more}</body></html>'


PAGES: dict[str, Any] = {"/": board(1), "/read?no=1": post()}
LISTING = '[listing]\nitems = "tr.row"\naddress = "/read\\\\?no="\n'
BODY = '[select]\nbody = "#text"\n'


@dataclass
class Village:
    """The site, and a workspace with it as the one source, `x`."""

    site: Site
    folder: Path

    def posts(self) -> list[dict[str, Any]]:
        """The posts that a crawl gives, oldest address first; nothing is stored."""
        found = json.loads(moafeed("preview", "x", "--json", "--limit", "9", cwd=self.folder).out)
        return sorted(found if isinstance(found, list) else [found], key=lambda each: str(each["url"]))

    def post(self) -> dict[str, Any]:
        """Its only post."""
        (found,) = self.posts()
        return found

    def read(self, ending: str = ".json") -> str:
        """The feed that `update` writes."""
        moafeed("update", "--now", cwd=self.folder)
        return (self.folder / "public" / f"x{ending}").read_text("utf-8")


@contextmanager
def village(folder: Path, toml: str = "", pages: dict[str, Any] | None = None, config: str = "") -> Iterator[Village]:
    """Serve the pages, with a source file for them: *toml* after its address, `{url}` being the site's."""
    with site(dict(PAGES if pages is None else pages)) as served:
        text = toml if toml.startswith("url") else f'url = "{served.url}/"\n{toml}'
        workspace(folder, config, x=text.replace("{url}", served.url))
        yield Village(served, folder)
