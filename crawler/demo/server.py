"""The demo blog on a loopback port: a standard-library server in a thread, gone when its context ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from crawler.demo.answer import TEXT, Answer, text_answer
from crawler.demo.blog import render
from crawler.demo.post import DemoPost, demo_posts

_DOWN, _NO_SUCH_METHOD = 503, 405


class DemoBlog:
    """A running blog whose posts can be changed while it is being read.

    Attributes:
        posts: what it shows, in any order.
        down: whether every answer is 503.
        requests: what was asked, in order: `GET /rss`.
    """

    def __init__(self, posts: Iterable[DemoPost] | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.posts: tuple[DemoPost, ...] = demo_posts() if posts is None else tuple(posts)
        self.down = False
        self.requests: list[str] = []
        self._changing = Lock()
        self._address = (host, port)
        self._server: _Server | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self._address, _Handler)
        self._server.blog = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-blog")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at its end.

        Raises:
            RuntimeError: it is not running.
        """
        if self._server is None:
            raise RuntimeError("the demo blog is not running: use it in a with statement")
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def publish(self, post: DemoPost) -> None:
        """Show one more post.

        Raises:
            ValueError: its number is taken.
        """
        with self._changing:
            if any(p.id == post.id for p in self.posts):
                raise ValueError(f"there is a post {post.id} already")
            self.posts = (post, *self.posts)

    def edit(self, number: int, **changes: Any) -> DemoPost:
        """Change fields of a post and return it; without an `updated` among them it was edited an hour later.

        Raises:
            KeyError: there is no such post.
        """
        with self._changing:
            before = self._find(number)
            after = replace(before, **{"updated": before.edited + timedelta(hours=1)} | changes)
            self.posts = tuple(after if post is before else post for post in self.posts)
        return after

    def remove(self, number: int) -> None:
        """Delete a post: its address answers 404.

        Raises:
            KeyError: there is no such post.
        """
        with self._changing:
            gone = self._find(number)
            self.posts = tuple(post for post in self.posts if post is not gone)

    def answer(self, path: str) -> Answer:
        """Return what it says to a GET of *path* now."""
        if self.down:
            return text_answer("서비스 점검 중입니다.\n", TEXT, _DOWN)
        return render(path, self.posts, self.url)

    def _find(self, number: int) -> DemoPost:
        for post in self.posts:
            if post.id == number:
                return post
        raise KeyError(number)


class _Server(ThreadingHTTPServer):
    # The context waits for requests under way, so that nothing runs after it.
    daemon_threads = False
    blog: DemoBlog


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "demo"
    # Seconds an open connection may say nothing; a browser opens some in advance.
    timeout = 2

    def do_GET(self) -> None:
        self._note()
        self._send(self.server.blog.answer(self.path))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self._note()
        self._send(text_answer("GET only\n", TEXT, _NO_SUCH_METHOD))

    def _note(self) -> None:
        self.server.blog.requests.append(f"{self.command} {self.path}")

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: `requests` is the log."""
