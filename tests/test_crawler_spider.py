"""What a blog can do to a crawl: lose no post for good, believe no broken page, ask no more than is decent."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import pytest
from command_line import files, moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import HTML, Site, listing, post, site

FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}
LONG = "본문의 한 문장이다. " * 200
WALL = "<html><head><title>로그인</title></head><body><form action=/s><input type=password name=p></form></body></html>"
NOT_THERE = "<html><head><title>페이지를 찾을 수 없습니다</title></head><body><p>존재하지 않습니다.</p></body></html>"


def linked(page: str, *, feed: str = "", next_page: str = "") -> str:
    """A listing that names a feed and a next page."""
    head = f'<link rel="alternate" type="application/rss+xml" href="{feed}">' if feed else ""
    head += f'<link rel="next" href="{next_page}">' if next_page else ""
    return page.replace("</head>", f"{head}</head>")


def paged(pages: int, each: int) -> dict[str, Any]:
    """A blog of *pages* listing pages with *each* posts, newest first."""
    paths = [f"/posts/{number}" for number in range(pages * each)]
    blog: dict[str, Any] = {path: post(f"글 {path}") for path in paths}
    for page in range(1, pages + 1):
        shown = listing(*paths[(page - 1) * each : page * each])
        more = f"/page/{page + 1}" if page < pages else ""
        blog["/" if page == 1 else f"/page/{page}"] = linked(shown, next_page=more)
    return blog


def titles(here: Path) -> list[str]:
    """Every stored title."""
    store = sqlite3.connect(here / "state/moafeed.db")
    try:
        return sorted(title for (title,) in store.execute("SELECT title FROM posts"))
    finally:
        store.close()


def bodies(here: Path) -> dict[str, str]:
    store = sqlite3.connect(here / "state/moafeed.db")
    try:
        return dict(store.execute("SELECT url, content_html FROM posts"))
    finally:
        store.close()


# --- nothing is lost for good ----------------------------------------------------------------------------------------


def test_a_post_that_failed_on_a_later_page_is_read_by_the_next_run(tmp_path: Path) -> None:
    pages = paged(2, 3)
    with site(pages | {"/posts/4": (500, HTML, "")}) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        assert "/posts/4: answers 500" in str(crawl_once(here, **FAST)["blog"]["failures"])
        blog.pages["/posts/4"] = pages["/posts/4"]  # it is well again
        assert crawl_once(here, **FAST)["blog"]["failures"] == []
    assert len(titles(here)) == 6


def test_after_a_kill_between_two_batches_the_next_run_is_whole(tmp_path: Path) -> None:
    with site(paged(3, 30), seconds=0.01) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        run = subprocess.Popen([sys.executable, "-m", "crawler", "update"], cwd=here, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while len(blog.asked) < 75 and time.monotonic() < deadline:  # a batch is 50 posts
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert len(titles(here)) >= 50
        moafeed("update", cwd=here)
        asked = [path for path in blog.asked if path.startswith("/posts/")]
    assert titles(here) == sorted(f"글 /posts/{number}" for number in range(90))
    assert len(asked) < 90 + 60  # what was stored is not read again, but for the few newest
    published = feedparser.parse((here / "public/blog.rss").read_bytes())
    assert not published.bozo
    assert len({entry.id for entry in published.entries}) == len(published.entries) == 50
    assert not [name for name in files(here) if ".tmp-" in name]


def test_killed_while_it_publishes_the_next_update_is_whole(tmp_path: Path) -> None:
    """Each time at another moment: whatever is there can be read, and the end is as if nothing had happened."""
    with site(paged(1, 8)) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        for round_ in range(3):
            blog.pages["/posts/0"] = post(f"고친 글 {round_}", LONG)
            run = subprocess.Popen([sys.executable, "-m", "crawler", "update"], cwd=here, stderr=subprocess.DEVNULL)
            asked, deadline = len(blog.asked), time.monotonic() + 20
            while len(blog.asked) < asked + (1 if round_ else 9) and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(0.1 * round_)
            run.send_signal(signal.SIGKILL)
            run.wait()
            for file in (here / "public").glob("blog.*") if (here / "public").exists() else ():
                if file.suffix == ".json":
                    json.loads(file.read_text("utf-8"))
                elif file.suffix == ".html":
                    assert file.read_bytes().endswith(b"</html>")
                else:
                    assert not feedparser.parse(file.read_bytes()).bozo
        moafeed("update", cwd=here)
        # What was edited after it was read, without a word in the listing.
        crawl_once(here, MOAFEED_RECHECK=8, **FAST, **days_later(35))
        moafeed("build", cwd=here)
    entries = feedparser.parse((here / "public/blog.rss").read_bytes()).entries
    assert sorted(entry.title for entry in entries) == sorted(["고친 글 2", *(f"글 /posts/{n}" for n in range(1, 8))])
    assert not [name for name in files(here) if ".tmp-" in name]


# --- nothing wrong is believed ---------------------------------------------------------------------------------------


def test_one_unusable_link_costs_no_other_post(tmp_path: Path) -> None:
    items = "".join(f"<item><link>{link}</link></item>" for link in ("http://[", "http://127.0.0.1:99999/9", "/5"))
    pages = {
        "/": linked(listing("/1", "/" + "a" * 3000, "http://127.0.0.1:99999/8", "/2"), feed="/rss"),
        "/1": post("하나"), "/2": post("둘"), "/5": post("다섯"),
        "/rss": (200, {"Content-Type": "application/rss+xml"}, f"<rss><channel>{items}</channel></rss>"),
    }
    with site(pages) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        told = str(crawl_once(here, **FAST)["blog"]["failures"])
    assert titles(here) == ["다섯", "둘", "하나"]
    assert "internal error" not in told
    assert "vanished" not in told


def test_a_page_that_went_bad_leaves_the_stored_post_as_it_was(tmp_path: Path) -> None:
    bad: dict[str, Any] = {
        "/cut": (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(post("글", LONG).encode())[:-60]),
        "/walled": (302, {"Location": "/signin"}, ""),
        "/soft": NOT_THERE,
        "/list": listing("/2", "/3", "/4"),
        "/gone": (410, HTML, post("글", "지워졌다.")),
        "/empty": " \n ",
    }
    with site({"/": listing(*bad), "/signin": WALL} | dict.fromkeys(bad, post("글", LONG))) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        before = bodies(here)
        assert len(before) == len(bad)
        blog.pages |= bad
        crawl_once(here, MOAFEED_RECHECK=len(bad), **FAST, **days_later(35))
        assert [blog.asked.count(path) for path in bad] == [2] * len(bad)
    after = bodies(here)
    assert [url for url in before if after[url] != before[url]] == []


def test_a_post_that_leads_to_a_login_is_told(tmp_path: Path) -> None:
    pages = {"/": listing("/1", "/2"), "/1": post("글"), "/2": (302, {"Location": "/signin"}, ""), "/signin": WALL}
    with site(pages) as blog:
        ran = moafeed("update", cwd=workspace(tmp_path, blog=blog.url + "/"), code=1)
    assert f"{blog.url}/2: " in ran.err


def test_every_bad_front_page_is_told_once_and_nothing_is_kept(tmp_path: Path) -> None:
    fronts: dict[str, Any] = {
        "loop": (302, {"Location": "/"}, ""), "nowhere": (302, {"Location": "http://"}, ""),
        "bracket": (302, {"Location": "http://["}, ""), "script": (301, {"Location": "javascript:alert(1)"}, ""),
        "gone": (410, HTML, ""), "missing": (404, HTML, listing("/1")), "refused": (403, HTML, listing("/1")),
        "broken": (500, HTML, listing("/1")), "later": (503, HTML, listing("/1")), "often": (429, HTML, ""),
        "wall": (302, {"Location": "/signin"}, ""), "soft": NOT_THERE, "blank": "",
        "picture": (200, {}, b"\x89PNG" * 9), "teapot": (299, HTML, ""),
        "data": (200, {"Content-Type": "application/json"}, '{"posts": []}'),
        "bomb": (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * (12 << 20))),
    }
    with ExitStack() as stack:
        blogs: dict[str, Site] = {
            name: stack.enter_context(site({"/": answer, "/signin": WALL, "/1": post("글")}, host=f"127.0.0.{number}"))
            for number, (name, answer) in enumerate(fronts.items(), start=21)
        }
        here = workspace(tmp_path, **{name: blog.url + "/" for name, blog in blogs.items()})
        ran = moafeed("update", cwd=here, code=1)
        asked = {path for blog in blogs.values() for path in blog.asked}
    assert asked == {"/robots.txt", "/", "/signin"}
    lines = ran.err.splitlines()
    assert len(lines) == len(fronts)
    for name, blog in blogs.items():
        assert [line for line in lines if line.startswith(f"{name}: {blog.url}/: ")], name
        assert ran.err.count(blog.url) <= 2, name  # once as what failed, once as what to look at
    assert "internal error" not in ran.err
    assert titles(here) == []


# --- no more is asked than is decent ---------------------------------------------------------------------------------


def test_a_host_that_says_later_is_not_asked_for_the_rest(tmp_path: Path) -> None:
    posts = [f"/posts/{number}" for number in range(12)]
    good = {"/": listing(*posts), posts[0]: post("글 0"), posts[1]: post("글 1")}
    often, later = (dict.fromkeys(posts[2:], (status, HTML | {"Retry-After": "600"}, "")) for status in (429, 503))
    with site(good | often, host="127.0.0.2") as first, site(good | later, host="127.0.0.3") as second:
        here = workspace(tmp_path, first=first.url + "/", second=second.url + "/")
        ran = moafeed("update", cwd=here, code=1)
        asked = [[path for path in blog.asked if path in posts[2:]] for blog in (first, second)]
    assert titles(here) == ["글 0", "글 0", "글 1", "글 1"]
    assert "429" in ran.err
    assert "503" in ran.err
    assert max(map(len, asked)) <= 2


_NAMED = """
import json, sys
from pathlib import Path
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from crawler.run import crawl
from crawler.source import load_sources
from crawler.workspace import find_workspace

workspace, names, settings = find_workspace(Path(sys.argv[1])), json.loads(sys.argv[2]), json.loads(sys.argv[3])
CachingThreadedResolver.getHostByName = lambda self, name, timeout=(): defer.succeed(names.get(name, name))
crawled = crawl(workspace, load_sources(workspace.sources_folder).sources, **settings)
print(json.dumps({r.source: [r.new, r.failures] for r in crawled.run.results}))
"""


def crawl_named(folder: Path, names: dict[str, str], **settings: object) -> dict[str, list[Any]]:
    """A crawl for which *names* are hosts on this machine."""
    slots = {name: {"concurrency": 1, "delay": 0.02} for name in names}
    options = json.dumps({"DOWNLOAD_SLOTS": slots} | FAST | settings)
    command = [sys.executable, "-c", _NAMED, str(folder), json.dumps(names), options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_blog_with_and_without_www_is_one_server(tmp_path: Path) -> None:
    with site({}, host="127.0.0.7", seconds=0.1) as blog:
        port = blog.url.rpartition(":")[2]
        bare, www = f"http://blog.test:{port}", f"http://www.blog.test:{port}"
        blog.pages |= {f"/{number}": post(f"글 {number}") for number in range(6)}
        blog.pages["/"] = listing(*(f"{bare if number % 2 else www}/{number}" for number in range(6)))
        here = workspace(tmp_path, blog=f"{www}/")
        assert crawl_named(here, {"blog.test": "127.0.0.7", "www.blog.test": "127.0.0.7"}) == {"blog": [6, []]}
        assert blog.most_at_once == 1


class Secure(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = {"/": listing("/1"), "/1": post("글")}.get(self.path, "").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def test_a_blog_may_lead_to_its_secure_and_its_www_address(tmp_path: Path) -> None:
    secure = ThreadingHTTPServer(("127.0.0.7", 0), Secure)
    secure.socket = _certified(tmp_path, "www.blog.test").wrap_socket(
        secure.socket, server_side=True, do_handshake_on_connect=False
    )
    secure.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that refuses it hangs up
    thread = threading.Thread(target=secure.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with site({"/": (301, {"Location": f"https://www.blog.test:{secure.server_port}/"}, "")}, "127.0.0.7") as blog:
            here = workspace(tmp_path, blog=f"http://blog.test:{blog.url.rpartition(':')[2]}/")
            names = {"blog.test": "127.0.0.7", "www.blog.test": "127.0.0.7"}
            ((new, failures),) = crawl_named(here, names).values()
            assert new == 0  # its certificate is nobody's
            assert "certificate" in failures[0]
            assert crawl_named(here, names, DOWNLOAD_VERIFY_CERTIFICATES=False) == {"blog": [1, []]}
    finally:
        secure.shutdown()
        secure.server_close()
        thread.join()


@pytest.mark.parametrize(("host", "name"), [("127.0.0.1", "a.example"), ("localhost", "localhost")])
def test_add_never_goes_on_without_tls_where_a_certificate_is_not_to_be_trusted(
    tmp_path: Path, host: str, name: str
) -> None:
    context, spoken = _certified(tmp_path, name), list[bool]()

    class Both(ThreadingHTTPServer):
        """Speaks TLS with whoever begins with it, and plain HTTP with all others."""

        def get_request(self) -> Any:
            connection, address = super().get_request()
            spoken.append(connection.recv(1, socket.MSG_PEEK) == b"\x16")
            if spoken[-1]:
                connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            return connection, address

    server = Both(("127.0.0.1", 0), Secure)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        told = moafeed("add", f"{host}:{server.server_port}", cwd=workspace(tmp_path / "ws"), code=69).err
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert "its certificate is not to be trusted" in told
    assert spoken
    assert all(spoken)


def _certified(folder: Path, name: str) -> ssl.SSLContext:
    """What a server needs to speak TLS as *name*, though nobody vouches for it."""
    key, made = folder / "key.pem", folder / "made.pem"
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", made, "-days", "2", "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


def test_a_feed_that_leads_away_is_not_followed(tmp_path: Path) -> None:
    with site({"/rss": "<rss/>"}, host="127.0.0.2") as other:
        away = (302, {"Location": other.url + "/rss"}, "")
        pages = {"/": linked(listing("/1"), feed="/rss"), "/1": post("글"), "/rss": away}
        with site(pages) as blog:
            assert crawl_once(workspace(tmp_path, blog=blog.url + "/"), **FAST)["blog"]["new"] == 1
        assert other.asked == []


def test_a_page_of_a_hundred_thousand_links_is_bounded(tmp_path: Path) -> None:
    many = "".join(f"<h2><a href=/posts/{number}>글</a></h2>" for number in range(45_000))
    more = "".join(f"<a href=/posts/{number}>글</a>" for number in range(100_001))
    pages = {"/": f"<html><head><title>많다</title></head><body><main>{many}</main></body></html>", "/more/": more}
    with site(pages) as blog:
        here = workspace(tmp_path, many=blog.url + "/", more=blog.url + "/more/")
        started = time.monotonic()
        results = crawl_once(here, MOAFEED_POSTS=10, DOWNLOAD_TIMEOUT=20, RETRY_TIMES=0)
        assert time.monotonic() - started < 40
        assert len([path for path in blog.asked if path.startswith("/posts/")]) == 10
    assert results["many"]["found"] <= 2000
    (gone,) = results["many"]["skipped"]
    assert (gone["reason"], gone["count"]) == ("is gone", 10)
    assert len(results["many"]["failures"]) == 1  # ten named, none a post
    assert "200,000 tags" in results["more"]["failures"][0]
