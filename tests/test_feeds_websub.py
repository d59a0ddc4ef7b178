"""WebSub: which hub a document names, what that hub is told, and what happens when it does not listen."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from feeds_fixtures import Shelf, combined, feed, post, posts, served
from lxml import etree
from small_site import Site, listing, site
from small_site import post as page

from feeds.build import build
from feeds.websub import announce, named

SUFFIXES = (".rss", ".atom", ".json")
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">%b</feed>'
BASE = "https://feeds.example.org/out/"


class Hub:
    """A real hub: notes what it is told, and answers with a status of the test's choice after some time."""

    def __init__(self, host: str) -> None:
        self.told: list[dict[str, str]] = []
        self.kinds: set[tuple[str, str | None]] = set()
        self.status, self.headers, self.seconds = 204, dict[str, str](), 0.0
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                hub.told.append(dict(parse_qsl(body, strict_parsing=True)))
                hub.kinds.add((self.path, self.headers["Content-Type"]))
                time.sleep(hub.seconds)
                with suppress(ConnectionError):
                    self.send_response(hub.status)
                    for name, value in hub.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.url = f"http://{host}:{self.server.server_port}/publish?key=1"

    def since(self) -> list[str]:
        """What changed, as it was told since the last look: the ends of the addresses, in order."""
        told, self.told = self.told, []
        assert all(each.keys() == {"hub.mode", "hub.url"} and each["hub.mode"] == "publish" for each in told)
        return sorted(each["hub.url"].removeprefix(BASE) for each in told)


@contextmanager
def listening(host: str = "127.0.0.11") -> Iterator[Hub]:
    hub = Hub(host)
    thread = threading.Thread(target=hub.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.server.shutdown()
        hub.server.server_close()
        thread.join()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with listening() as running:
        yield running


def documents(*names: str) -> list[str]:
    return sorted(name + suffix for name in names for suffix in SUFFIXES)


# --- from moafeed.toml to the hub


def _blog(name: str, count: int) -> dict[str, str]:
    return {"/": listing(*(f"/{n}" for n in range(count)))} | {
        f"/{n}": page(f"{name} {n}", f"{name}의 {n}번째 글이다. " * 20) for n in range(count)
    }


@contextmanager
def followed(here: Path, hub_url: str, gate: str = "") -> Iterator[Site]:
    """A workspace that has read two blogs; the first is given, to be changed."""
    with site(_blog("보리", 3), host="127.0.0.12") as first, site(_blog("민트", 2), host="127.0.0.13") as second:
        config = f'base_url = "{BASE}"\nhub = "{hub_url}"\n{gate}[feeds.all]\n'
        workspace(here, config, bori=first.url + "/", mint=second.url + "/")
        crawl_once(here, DOWNLOAD_DELAY=0.02)
        yield first


def test_a_hub_is_told_of_the_documents_that_changed(tmp_path: Path, hub: Hub) -> None:
    with followed(tmp_path, hub.url) as blog:
        assert moafeed("build", cwd=tmp_path).err == ""
        assert hub.since() == documents("all", "bori", "mint")
        assert hub.kinds == {("/publish?key=1", "application/x-www-form-urlencoded")}
        moafeed("build", cwd=tmp_path)
        assert hub.since() == []
        blog.pages |= _blog("보리", 4)
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(2))
        moafeed("build", cwd=tmp_path)
        assert hub.since() == documents("all", "bori")


def test_nobody_is_told_of_a_feed_that_waits_until_it_is_accepted(tmp_path: Path, hub: Hub) -> None:
    with followed(tmp_path, hub.url, "[gate]\nentries = 2\n") as blog:
        moafeed("build", cwd=tmp_path)
        hub.since()
        blog.pages |= {f"/{n}": page(f"보리 {n}", "광고가 붙은 글이다. " * 20) for n in range(3)}
        crawl_once(tmp_path, DOWNLOAD_DELAY=0.02, **days_later(40))
        moafeed("build", cwd=tmp_path, code=1)
        assert hub.since() == []
        moafeed("accept", "bori", cwd=tmp_path, code=None)
        assert hub.since() == documents("bori")


def _free_port() -> int:
    with socket.create_server(("127.0.0.11", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_hub_that_is_down_is_one_sentence_and_no_failure(tmp_path: Path) -> None:
    gone = f"http://127.0.0.11:{_free_port()}/"
    with followed(tmp_path, gone):
        ran = moafeed("build", cwd=tmp_path, code=0)
    assert ran.err == (
        f"The hub {gone} was not told of 9 of 9 changed documents: it is not there (Connection refused).\n"
    )
    assert json.loads((tmp_path / "public/all.json").read_text("utf-8"))["hubs"] == [{"type": "WebSub", "url": gone}]
    assert moafeed("build", cwd=tmp_path).err == ""


def test_a_hub_that_is_no_address_is_told_before_anything_is_done(tmp_path: Path) -> None:
    for wrong in ("hub.example.org", "ftp://hub.example.org/", "https://me:secret@hub.example.org/"):
        workspace(tmp_path, f'hub = "{wrong}"\n')
        ran = moafeed("build", cwd=tmp_path, code=2)
        assert '"hub"' in ran.err
        assert "secret" not in ran.err


# --- what is told, and to whom


def test_archive_pages_and_pages_for_people_are_told_to_nobody(tmp_path: Path, hub: Hub) -> None:
    feeds = [feed(hub=hub.url), combined(hub=hub.url), feed(name="silent")]
    shelf = Shelf(posts(120)[::-1])
    done = build(shelf, feeds, tmp_path, "모음")  # type: ignore[arg-type]
    assert "bori.page-1.rss" in done.written
    assert announce(tmp_path, feeds, done.written) == ()
    assert hub.since() == documents("all", "bori")
    for path in (*tmp_path.glob("*.page-*"), *tmp_path.glob("silent.*"), *tmp_path.glob("*.html")):
        assert named(path.name, path.read_bytes()) is None
        assert b"/publish?key=1" not in path.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_document_names_its_hub_and_itself(tmp_path: Path, suffix: str) -> None:
    url = "https://hub.example.org/?a=1&b=2"
    build(Shelf([]), [feed(hub=url, name="보리")], tmp_path, "모음")  # type: ignore[arg-type]
    found = named(f"보리{suffix}", (tmp_path / f"보리{suffix}").read_bytes())
    assert found == (url, f"{BASE}%EB%B3%B4%EB%A6%AC{suffix}")


@pytest.mark.parametrize(("name", "content"), [
    ("a.rss", b"<rss"), ("a.rss", b""), ("a.json", b'{"hubs": 3'), ("a.json", b'{"hubs": [], "feed_url": "x"}'),
    ("a.json", b'["hubs"]'), ("a.json", b'{"hubs": [{"url": 3}], "feed_url": "https://e.org/"}'),
    ("a.html", b'<link rel="hub" href="https://e.org/"><link rel="self" href="https://e.org/">'),
    ("a.atom", ATOM % b'<link rel="hub" href="https://e.org/&#10;X: y"/><link rel="self" href="https://e.org/"/>'),
    ("a.atom", ATOM % b'<entry><link rel="hub" href="https://e.org/"/><link rel="self" href="https://e.org/"/></entry>'),
])  # fmt: skip
def test_what_names_no_hub(name: str, content: bytes) -> None:
    assert named(name, content) is None


def _published(folder: Path, hub_url: str) -> tuple[str, ...]:
    feeds = [feed(hub=hub_url)]
    done = build(Shelf(posts(2)), feeds, folder, "모음")  # type: ignore[arg-type]
    return announce(folder, feeds, done.written, patience=0.4)


def test_a_hub_that_refuses_is_told_all_the_same(tmp_path: Path, hub: Hub) -> None:
    hub.status = 500
    told = _published(tmp_path, hub.url)
    assert told == (f"The hub {hub.url} was not told of 3 of 3 changed documents: it answered 500.",)
    assert hub.since() == documents("bori")


def test_a_hub_that_is_slow_is_not_asked_again(tmp_path: Path, hub: Hub) -> None:
    hub.seconds = 2
    told = _published(tmp_path, hub.url)
    why = "it did not answer within 0.4 seconds"
    assert told == (f"The hub {hub.url} was not told of 3 of 3 changed documents: {why}.",)
    assert len(hub.since()) == 1


def test_hubs_that_answer_slowly_hold_a_build_up_for_so_long_only(tmp_path: Path, hub: Hub) -> None:
    with listening("127.0.0.14") as other:
        hub.seconds = other.seconds = 0.5
        feeds = [feed(hub=hub.url), feed(name="mint", hub=other.url)]
        done = build(Shelf(posts(2)), feeds, tmp_path, "모음")  # type: ignore[arg-type]
        start = time.monotonic()
        told = announce(tmp_path, feeds, done.written, patience=5, altogether=1.45)  # a third answer takes 1.5
        assert time.monotonic() - start < 2.5
        assert told == tuple(
            f"The hub {each.url} was not told of {missed} of 3 changed documents: the answers together took too long."
            for each, missed in ((hub, 1), (other, 3))
        )
        assert other.told == []


def test_a_redirect_leads_nowhere(tmp_path: Path, hub: Hub) -> None:
    with listening("127.0.0.14") as other:
        hub.status, hub.headers = 307, {"Location": other.url}
        assert "it answered 307." in _published(tmp_path, hub.url)[0]
        assert other.told == []


@pytest.mark.parametrize(("answer", "why"), [
    (b"hello\r\n\r\n", "its answer is no HTTP"), (b"", "it did not answer within 0.4 seconds"),
    (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "its answer is no HTTP"),
])  # fmt: skip
def test_what_is_no_hub(tmp_path: Path, answer: bytes, why: str) -> None:
    with socket.create_server(("127.0.0.11", 0)) as server:
        open_: list[socket.socket] = []

        def answering() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    open_.append(client)
                    client.recv(4096)
                    client.sendall(answer)

        thread = threading.Thread(target=answering)
        thread.start()
        (told,) = _published(tmp_path, f"http://127.0.0.11:{server.getsockname()[1]}/")
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for client in open_:
            client.close()
    assert told.endswith(f"was not told of 3 of 3 changed documents: {why}.")


# --- the server says the same


def test_the_server_names_hub_and_document_in_its_answer(tmp_path: Path) -> None:
    hub_url = "https://hub.example.org/?a=1&b=2"
    build(Shelf([post(n) for n in range(1, 121)]), [feed(hub=hub_url), feed(name="silent")], tmp_path, "모음")  # type: ignore[arg-type]
    (tmp_path / "broken.rss").write_bytes(b"<rss")
    with served(tmp_path) as running:
        for suffix in SUFFIXES:
            for method in ("GET", "HEAD"):
                response, _ = running.ask(f"/bori{suffix}", method)
                assert response.headers.get_all("Link") == [
                    f'<{hub_url}>; rel="hub", <{BASE}bori{suffix}>; rel="self"'
                ]
        for name in ("bori.page-1.rss", "silent.atom", "bori.html", "feeds.opml", "broken.rss"):
            response, _ = running.ask(f"/{name}")
            assert (response.status, response.headers["Link"]) == (200, None)
    root = etree.parse(tmp_path / "bori.rss")
    assert root.xpath("//*[@rel='hub']/@href") == [hub_url]
