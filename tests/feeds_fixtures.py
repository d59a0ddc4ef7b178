"""Posts, feeds and a served folder for the tests of `feeds`."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from empty_store import copied

from feeds.build import build
from feeds.feed import Feed, Origin
from feeds.server import make_server
from pipelines.post import Enclosure, Post
from pipelines.store import Store
from pipelines.store.publications import Publications

START = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)

BODY = (
    '<h2 data-ke-size="size26">둘째 문단</h2>'
    '<p data-ke-size="size16" style="color: red;">수집기를 <b>한 번</b> 돌려 봤다.</p>'
    '<figure class="imageblock"><img src="https://img.example.org/%EC%82%AC%EC%A7%84.png" alt="사진"></figure>'
    '<pre id="code_1" class="python language-python" data-ke-type="codeblock">'
    '<code>if a[0]]&gt;b &amp;&amp; c:\n    pass</code></pre>'
    '<table style="width: 100%;"><tbody><tr><td>하나</td><td>둘</td></tr></tbody></table>'
)


def post(number: int = 1, **values: Any) -> Post:
    """The post with this number: the higher, the newer."""
    given: dict[str, Any] = {
        "source": "bori",
        "guid": f"tag:bori.example.org,2026:{number}",
        "url": f"https://bori.example.org/{number}",
        "title": f"{number}번째 기록: HTML <b>태그</b>와 <div> &nbsp; 이야기 👩‍💻",
        "author": "보리",
        "published": START + timedelta(hours=number),
        "categories": ("개발", "파이썬"),
        "tags": ("크롤링", "개발", "RSS & Atom"),
        "language": "ko",
        "excerpt": f"{number}번째 글의 첫 문장이다. 1 < 2 & 3 > 2.",
        "image": f"https://img.example.org/{number}.png",
        "content_html": f"<p>{number}번째 글.</p>{BODY}",
        "first_seen": START + timedelta(days=30),
    }
    return Post(**(given | values))


def posts(count: int = 3) -> list[Post]:
    """Posts newest first, of which the oldest has an enclosure and the second oldest was edited."""
    made = [post(number) for number in range(count, 0, -1)]
    made[-1] = replace(
        made[-1], enclosures=(Enclosure(url="https://media.example.org/1.mp3", type="audio/mpeg", length=12345),)
    )
    if count > 1:
        made[-2] = replace(made[-2], updated=START + timedelta(days=2))
    return made


def feed(**values: Any) -> Feed:
    given: dict[str, Any] = {
        "name": "bori",
        "title": "보리의 개발 <노트>",
        "home": "https://bori.example.org/",
        "description": "파이썬 & 크롤링",
        "language": "ko",
        "icon": "https://bori.example.org/icon.png",
        "sources": ("bori",),
        "base_url": "https://feeds.example.org/out/",
    }
    return Feed(**(given | values))


def combined(**values: Any) -> Feed:
    """A feed over two blogs whose entries name their own."""
    out = "https://feeds.example.org/out/"
    origins = {
        name: Origin(title=title, home=f"https://{name}.example.org/", feed_url=f"{out}{name}.atom")
        for name, title in (("bori", "보리의 개발 노트"), ("mint", "민트 & 산책"))
    }
    given = {"name": "all", "title": "모두", "sources": ("bori", "mint"), "origins": origins}
    return feed(**(given | values))


class Shelf:
    """A real store in a folder of its own that holds the posts in `kept`, whatever a test does to that list."""

    def __init__(self, kept: Sequence[Post] = ()) -> None:
        self.kept = list(kept)
        folder = tempfile.mkdtemp()
        self._store = Store.open(copied(Path(folder)))
        weakref.finalize(self, _throw_away, self._store, folder)
        self._stored: dict[tuple[str, str], Post] = {}

    def newest(self, sources: Sequence[str], limit: int) -> list[Post]:
        return self._synced().newest(sources, limit)

    @property
    def publications(self) -> Publications:
        return self._synced().publications

    def _synced(self) -> Store:
        wanted = {(post.source, post.guid): _digested(post) for post in self.kept}
        changed = [post for key, post in wanted.items() if self._stored.get(key) != post]
        self._store.save(changed, hold=False)
        for source, guid in self._stored.keys() - wanted.keys():
            for days in (0, 2):
                self._store.gone(source, guid, START + timedelta(days=60 + days), 410)
        self._stored = wanted
        return self._store


def _throw_away(store: Store, folder: str) -> None:
    store.close()
    shutil.rmtree(folder)


def _digested(post: Post) -> Post:
    text = f"{post.title}{post.content_html}{post.excerpt}{post.updated}"
    return replace(post, digest=hashlib.sha256(text.encode()).hexdigest(), aliases=post.aliases or (post.guid,))


def documents(shelf: Shelf, feeds: Sequence[Feed]) -> dict[str, bytes]:
    """The documents of *feeds*, without the pages and lists for people."""
    with tempfile.TemporaryDirectory() as folder:
        build(shelf, feeds, Path(folder), "모음")  # type: ignore[arg-type]
        found = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    return {name: found[name] for name in found if Path(name).suffix not in {".html", ".opml", ".css"}}


@dataclass
class Served:
    """A running server, its address and what it answered, in order."""

    url: str
    port: int
    answers: list[tuple[str, int]]

    def ask(self, target: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers=given)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve *folder* by the real server on a free port of the loopback interface."""
    server = make_server(folder, "127.0.0.1", 0)
    answers: list[tuple[str, int]] = []
    handler = server.RequestHandlerClass

    class Noting(handler):  # type: ignore[misc,valid-type]
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            answers.append((getattr(self, "path", ""), int(code)))
            super().log_request(code, size)

    server.RequestHandlerClass = Noting
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Served(url=f"http://127.0.0.1:{server.server_port}/", port=server.server_port, answers=answers)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
