"""The built-in server: what it answers, and what it never does."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from feeds_fixtures import Served, Shelf, feed, posts, served

from feeds.build import build
from feeds.server import ServeError, make_server, serve

MODIFIED = 1_772_000_000  # Wed, 25 Feb 2026 06:13:20 GMT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of two feeds, for each test to copy."""
    out = tmp_path_factory.mktemp("built")
    build(Shelf(posts(2)), [feed(), feed(name="보리 노트")], out, "모음")
    return out


@pytest.fixture
def site(tmp_path: Path, built: Path) -> Iterator[Served]:
    out = shutil.copytree(built, tmp_path / "out")
    (tmp_path / "secret.rss").write_text("outside", encoding="utf-8")
    (out / "link.rss").symlink_to(tmp_path / "secret.rss")
    (out / ".hidden.rss").write_text("hidden", encoding="utf-8")
    (out / ".tmp-1").write_text("half", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "folder.rss").mkdir()
    (out / "folder.rss" / "a.rss").write_text("below", encoding="utf-8")
    os.mkfifo(out / "pipe.rss")
    for name in ("bori.rss", "bori.json"):
        os.utime(out / name, (MODIFIED, MODIFIED))
    with served(out) as running:
        running.folder = out  # type: ignore[attr-defined]
        yield running


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/bori.rss", "application/rss+xml; charset=utf-8"),
        ("/bori.atom", "application/atom+xml; charset=utf-8"),
        ("/bori.json", "application/feed+json; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/bori.html", "text/html; charset=utf-8"),
        ("/%EB%B3%B4%EB%A6%AC%20%EB%85%B8%ED%8A%B8.html", "text/html; charset=utf-8"),
        ("/bori.rss?from=reader#x", "application/rss+xml; charset=utf-8"),
        ("/%EB%B3%B4%EB%A6%AC%20%EB%85%B8%ED%8A%B8.rss", "application/rss+xml; charset=utf-8"),
    ],
)
def test_published_files_with_their_types(site: Served, target: str, media_type: str):
    response, body = site.ask(target)
    assert response.status == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Length"] == str(len(body))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=900"
    assert body


@pytest.mark.parametrize("target", ["/", "/index.html", "/bori.html"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_may_not_run_anything_nor_stand_in_another(site: Served, target: str, method: str):
    response, _ = site.ask(target, method)
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} < set(policy)
    assert "unsafe" not in str(policy)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    fresh, _ = site.ask(target, method, If_None_Match=response.headers["ETag"])
    assert (fresh.status, fresh.headers["Content-Security-Policy"]) == (304, "; ".join(policy))


def test_a_feed_is_no_page(site: Served):
    assert site.ask("/bori.rss")[0].headers["Content-Security-Policy"] is None


def test_validators_come_from_the_file(site: Served):
    response, body = site.ask("/bori.rss")
    assert response.headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    assert response.headers["Last-Modified"] == "Wed, 25 Feb 2026 06:13:20 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": "{etag}"}, 304),
        ({"If_None_Match": "W/{etag}"}, 304),
        ({"If_None_Match": '"other", {etag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"'}, 200),
        ({"If_Modified_Since": "Wed, 25 Feb 2026 06:13:20 GMT"}, 304),
        ({"If_Modified_Since": "Wed, 25 Feb 2026 06:13:21 GMT"}, 304),
        ({"If_Modified_Since": "Wed, 25 Feb 2026 06:13:19 GMT"}, 200),
        ({"If_Modified_Since": "Wed, 25 Feb 2026 06:13:20 -0000"}, 304),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_Modified_Since": "Wed, 25 Feb 99999 06:13:20 GMT"}, 200),
        ({"If_None_Match": '"other"', "If_Modified_Since": "Wed, 25 Feb 2026 06:13:20 GMT"}, 200),
        ({"If_None_Match": "{etag}", "If_Modified_Since": "Wed, 25 Feb 2020 06:13:20 GMT"}, 304),
        ({}, 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditional_requests(site: Served, headers: dict[str, str], status: int, method: str):
    etag = site.ask("/bori.rss")[0].headers["ETag"]
    given = {name: value.format(etag=etag) for name, value in headers.items()}
    response, body = site.ask("/bori.rss", method, **given)
    assert response.status == status
    assert response.headers["ETag"] == etag
    assert response.headers["Cache-Control"] == "public, max-age=900"
    assert bool(body) == (status == 200 and method == "GET")


def test_head_has_the_headers_of_get(site: Served):
    wanted = ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control")
    got, _ = site.ask("/bori.json")
    head, body = site.ask("/bori.json", "HEAD")
    assert body == b""
    assert [head.headers[name] for name in wanted] == [got.headers[name] for name in wanted]


def test_the_same_bytes_written_later_keep_their_tag(site: Served):
    before = site.ask("/bori.rss")[0]
    os.utime(site.folder / "bori.rss")  # type: ignore[attr-defined]
    after = site.ask("/bori.rss")[0]
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_get_and_head(site: Served, method: str):
    response, body = site.ask("/bori.rss", method)
    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert body == b"405 Method Not Allowed\n"


@pytest.mark.parametrize(
    "target",
    [
        *("/link.rss", "/.hidden.rss", "/.tmp-1", "/notes.txt", "/folder.rss", "/folder.rss/", "/folder.rss/a.rss"),
        *("/pipe.rss", "/missing.rss", "/../secret.rss", "/..%2fsecret.rss", "/%2e%2e/secret.rss", "/./bori.rss"),
        *("//secret.rss/..%5c", "/bori.rss%00", "/bori.rss%00.html", "/bori.rss/", "/%2fetc%2fpasswd.rss", "/%ff.rss"),
        *("/" + "a" * 300 + ".rss", "/.rss", "/out/bori.rss", "/bori.rss%2f..%2flink.rss", "/BORI.RSS", "/index"),
    ],
)
def test_nothing_else_is_served(site: Served, target: str):
    response, body = site.ask(target)
    assert (response.status, body) == (404, b"404 Not Found\n")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def _raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /bori.rss\0 HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"GET / HTTP/1.1 extra\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", b"501"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"\r\n", b""),
        (b"", b""),
    ],
)
def test_bad_requests_get_a_short_answer_and_no_traceback(
    site: Served, capfd: pytest.CaptureFixture[str], request_bytes: bytes, status: bytes
):
    answer = _raw(site.port, request_bytes)
    assert answer.startswith(b"HTTP/1.1 " + status if status else b"")
    assert b"Traceback" not in answer
    assert site.ask("/bori.rss")[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_a_client_that_hangs_up_is_not_an_error(site: Served, capfd: pytest.CaptureFixture[str]):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(b"GET /bori.rss HTTP/1.1\r\nHost: x\r\n\r\n")
    assert site.ask("/bori.rss")[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_a_connection_is_kept_for_the_next_request(site: Served):
    one = b"GET /bori.rss HTTP/1.1\r\nHost: x\r\n\r\n"
    assert _raw(site.port, one * 2).count(b"HTTP/1.1 200 OK") == 2


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path):
    with make_server(tmp_path, "127.0.0.1", 0) as first, pytest.raises(ServeError) as caught:
        make_server(tmp_path, "127.0.0.1", first.server_port)
    assert f"port {first.server_port}: Address already in use" in str(caught.value)


@pytest.mark.parametrize(("host", "port"), [("256.1.1.1", 0), ("127.0.0.1", 99_999)])
def test_an_address_that_cannot_be_used(tmp_path: Path, host: str, port: int):
    with pytest.raises(ServeError, match=f"Cannot serve on {host}, port {port}"):
        make_server(tmp_path, host, port)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(ServeError, match="nowhere"):
        serve(tmp_path / "nowhere", "127.0.0.1", 0)


def test_a_file_replaced_meanwhile_is_never_served_half(tmp_path: Path):
    """While one thread publishes, every answer is one whole document whose tag fits."""
    kinds = [Shelf(posts(1)), Shelf(posts(30))]
    build(kinds[0], [feed()], tmp_path, "모음")
    done = threading.Event()

    def publish() -> None:
        for number in range(40):
            build(kinds[number % 2], [feed()], tmp_path, "모음")
        done.set()

    with served(tmp_path) as running:
        thread = threading.Thread(target=publish)
        thread.start()
        seen = set()
        while not done.is_set():
            response, body = running.ask("/bori.rss")
            assert body.endswith(b"</rss>\n")
            assert response.headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            seen.add(len(body))
        thread.join()
    assert len(seen) == 2


def test_interrupting_ends_quietly(tmp_path: Path):
    code = """
import _thread, sys, threading
from pathlib import Path
from feeds.server import serve
threading.Timer(0.3, _thread.interrupt_main).start()
serve(Path(sys.argv[1]), "127.0.0.1", 0)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[1], timeout=20, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
