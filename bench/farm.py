"""A farm of quiet blogs on loopback addresses, in a process of its own, which counts what it is asked.

`python -m bench.farm --blogs N` prints its port. Blog number n is at 127.x.y.z (see `host`), and 127.0.0.1 takes
orders: `/counts`, `/forget`, `/publish?blogs=0,7`, `/answers?as=honest|always|never` (304 as asked, to all, to none).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from bench.farm_blog import SHOWN, Blog, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONTROL = "127.0.0.1"
_KEPT_ALIVE = 65  # seconds, as nginx does
_LONGEST_HEAD = 64 * 1024
_WORTH_GZIP = 512
_Answer = tuple[int, dict[str, str], bytes]


def host(number: int) -> str:
    """Return the address of the blog of that number, from 0 to 15 million."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def number_of(address: str) -> int:
    """Return which blog is at *address*."""
    _, high, middle, low = map(int, address.split("."))
    return (high - 1) * 62_500 + middle * 250 + low - 1


@dataclass
class Farm:
    """What the blogs are and what they were asked."""

    blogs: int
    shown: int = SHOWN
    port: int = 0
    answers: str = "honest"
    published: Counter[int] = field(default_factory=Counter)
    asked: Counter[tuple[int, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: int = 0

    def answer(self, address: str, target: str, headers: Mapping[str, str], now: datetime) -> _Answer:
        """Return what is said at *address* to a GET of *target*: status, headers, body."""
        if address == CONTROL:
            return self._control(target)
        number, path = number_of(address), target.partition("?")[0]
        if not 0 <= number < self.blogs:
            return 404, {}, b""
        self.asked[number, path] += 1
        found = self._page(number, path, headers, now)
        self.statuses[found[0]] += 1
        self.sent += len(found[2])
        return found

    def _page(self, number: int, path: str, headers: Mapping[str, str], now: datetime) -> _Answer:
        home, posts = f"http://{host(number)}:{self.port}", self.shown + self.published[number]
        blog = Blog(number=number, home=home, shown=self.shown, posts=posts)
        validators = {"ETag": blog.etag, "Last-Modified": format_datetime(blog.modified, usegmt=True)}
        mine = validators if blog.has_validators and path == "/rss" else {}
        if self.answers == "always" or (mine and self.answers == "honest" and _unchanged(blog, headers)):
            return 304, mine, b""
        found = answer(blog, path, now)
        if found is None:
            return 404, {"Content-Type": "text/plain"}, b"nothing here\n"
        media_type, body = found
        more = mine | {"Content-Type": f"{media_type}; charset={blog.encoding.header}"}
        if "gzip" in headers.get("accept-encoding", "") and len(body) > _WORTH_GZIP:
            packer = zlib.compressobj(1, wbits=31)
            return 200, more | {"Content-Encoding": "gzip"}, packer.compress(body) + packer.flush()
        return 200, more, body

    def _control(self, target: str) -> _Answer:
        order = urlsplit(target)
        values = parse_qs(order.query)
        match order.path:
            case "/counts":
                return 200, {"Content-Type": "application/json"}, json.dumps(self._counts()).encode()
            case "/forget":
                self.asked.clear()
                self.statuses.clear()
                self.sent = 0
            case "/publish":
                self.published.update(map(int, values["blogs"][0].split(",")))
            case "/answers" if values.get("as", [""])[0] in {"honest", "always", "never"}:
                self.answers = values["as"][0]
            case _:
                return 404, {}, b"no such order\n"
        return 200, {}, b"done\n"

    def _counts(self) -> dict[str, Any]:
        paths: Counter[str] = Counter()
        by_blog: dict[int, dict[str, int]] = {}
        for (number, path), count in self.asked.items():
            paths["/…" if path[1:].isdecimal() else path] += count
            by_blog.setdefault(number, {})[path] = count
        return {"requests": self.asked.total(), "paths": paths, "statuses": self.statuses, "sent": self.sent,
                "blogs": by_blog}


def _unchanged(blog: Blog, headers: Mapping[str, str]) -> bool:
    """RFC 9110 section 13.2.2: the date counts only where no tag was sent."""
    if tags := headers.get("if-none-match"):
        return blog.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        return blog.modified.replace(microsecond=0) <= parsedate_to_datetime(headers["if-modified-since"])
    except (KeyError, ValueError):
        return False


class _Connection(asyncio.Protocol):
    def __init__(self, farm: Farm) -> None:
        self._farm, self._read = farm, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._address: str = transport.get_extra_info("sockname")[0]
        self._idle = asyncio.get_running_loop().call_later(_KEPT_ALIVE, transport.close)
        if not self._address.startswith("127."):
            self._transport.abort()  # every address had to be listened on, but only this machine is served

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self._idle.cancel()

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head, self._read = self._read[:end].decode("latin-1"), self._read[end + 4 :]
            self._answer(head)
        if len(self._read) > _LONGEST_HEAD:
            self._transport.close()

    def _answer(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        method, target, *_ = (*first.split(" "), "", "")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, more, body = 405, {}, b""
        if method == "GET":
            status, more, body = self._farm.answer(self._address, target, headers, datetime.now(UTC))
        length = {} if status == 304 else {"Content-Length": str(len(body))}
        fields = "".join(f"{name}: {value}\r\n" for name, value in ({"Server": "farm"} | more | length).items())
        self._transport.write(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{fields}\r\n".encode() + body)
        if headers.get("connection", "").lower() == "close":
            self._transport.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningFarm:
    """A farm in another process."""

    blogs: int
    port: int

    def home(self, number: int) -> str:
        """Return the front page of the blog of that number."""
        return f"http://{host(number)}:{self.port}/"

    def counts(self) -> dict[str, Any]:
        """Return what was asked since the last `forget`: `requests`, `paths`, `statuses`, `sent` (bytes), `blogs`."""
        found: dict[str, Any] = json.loads(self._order("/counts"))
        return found

    def forget(self) -> None:
        """Count from nothing again."""
        self._order("/forget")

    def publish(self, *blogs: int) -> None:
        """Let each of these blogs have one post more."""
        self._order(f"/publish?blogs={','.join(map(str, blogs))}")

    def answers(self, how: str) -> None:
        """Answer 304 as asked (`honest`), to everything (`always`) or to nothing (`never`)."""
        self._order(f"/answers?as={how}")

    def _order(self, target: str) -> bytes:
        with urlopen(f"http://{CONTROL}:{self.port}{target}", timeout=30) as answered:
            found: bytes = answered.read()
        return found


@contextmanager
def running_farm(blogs: int, shown: int = SHOWN) -> Iterator[RunningFarm]:
    """Run a farm of *blogs* blogs of *shown* posts each in a process of its own, which ends with the block."""
    command = [sys.executable, "-m", "bench.farm", "--blogs", str(blogs), "--posts", str(shown)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline() if process.stdout else 0)
            yield RunningFarm(blogs=blogs, port=port)
        finally:
            process.terminate()


async def serve(blogs: int, shown: int, port: int) -> None:
    """Serve for ever, or until whoever started it is gone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
    farm, loop = Farm(blogs=blogs, shown=shown), asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(farm), "0.0.0.0", port, backlog=4096)  # noqa: S104  # 127/8
    farm.port = server.sockets[0].getsockname()[1]
    print(farm.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve a farm of quiet blogs on loopback addresses.")
    parser.add_argument("--blogs", type=int, default=1000)
    parser.add_argument("--posts", type=int, default=SHOWN, help="of each blog")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    asyncio.run(serve(asked.blogs, asked.posts, asked.port))


if __name__ == "__main__":
    main()
