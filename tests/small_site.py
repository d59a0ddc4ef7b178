"""A web site of a few pages on a loopback address, which notes what it is asked and how much at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = {"Content-Type": "text/html; charset=utf-8"}


def listing(*paths: str, title: str = "작은 블로그") -> str:
    items = "".join(f'<article><h2><a href="{path}">글 {path}</a></h2></article>' for path in paths)
    return f'<html lang="ko"><head><title>{title}</title></head><body><main>{items}</main></body></html>'


def post(title: str = "글 하나", text: str = "본문이 있는 글이다. 두 번째 문장도 있다.") -> str:
    return (f'<html lang="ko"><head><title>{title}</title><meta property="og:type" content="article">'
            f'<meta property="og:title" content="{title}"></head><body><article><h1>{title}</h1>'
            f'<time datetime="2026-03-01T09:00:00+09:00">2026. 3. 1.</time><p>{text}</p></article></body></html>')


@dataclass
class Site:
    """Pages by path: text, or (status, headers, body), or a function that gives one of these."""

    url: str
    pages: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, by their names in lower case."""
    times: list[float] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    methods: set[str] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)

    def since(self, number: int) -> list[str]:
        """What was asked after the first *number* requests, robots.txt aside."""
        return [path for path in self.asked[number:] if path != "/robots.txt"]


@contextmanager
def site(pages: dict[str, Any], host: str = "127.0.0.1", *, seconds: float = 0.0, port: int = 0) -> Iterator[Site]:
    """Serve *pages* on *host*, any *port* for 0; every answer takes *seconds*."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            with lock:
                served.asked.append(self.path)
                served.headers.append({name.lower(): value for name, value in self.headers.items()})
                served.times.append(time.monotonic())
                served.methods.add(self.command)
                served.at_once += 1
                served.most_at_once = max(served.most_at_once, served.at_once)
            time.sleep(seconds)
            try:
                self._answer(served.pages.get(self.path, (404, HTML, "nothing here")))
            except ConnectionError:
                pass  # whoever asked did not wait
            finally:
                with lock:
                    served.at_once -= 1

        do_POST = do_PUT = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

        def _answer(self, page: str | tuple[int, dict[str, str], str | bytes] | Callable[[], Any]) -> None:
            page = page() if callable(page) else page
            status, headers, body = (200, HTML, page) if isinstance(page, str) else page
            content = body.encode() if isinstance(body, str) else body
            for asked, told in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
                if told in headers and self.headers.get(asked) == headers[told]:
                    status, content = 304, b""
            served.statuses.append(status)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    served = Site(f"http://{host}:{server.server_port}", pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
