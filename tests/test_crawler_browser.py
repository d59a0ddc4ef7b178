"""Sites made by JavaScript: read as a browser shows them, with the manners of every other request."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import forked
import pytest
from command_line import ROOT, Ran, files, moafeed, workspace
from crawl_once import crawl_once
from reader_clients import need
from small_site import HTML, Site, listing, post, site

JS = {"Content-Type": "text/javascript"}
DATA = {"Content-Type": "application/json"}
SHELL = '<html><head><title>봄</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
APP = """
const root = document.getElementById('root');
const part = (path) => fetch(path).then((answer) => answer.json());
if (location.pathname === '/') {
  part('/api/list').then((posts) => { root.innerHTML = '<main>' + posts.map((n) =>
    `<article><h2><a href="/post/${n}">글 ${n}</a></h2></article>`).join('') + '</main>'; });
} else {
  part('/api' + location.pathname).then((post) => { root.innerHTML = `<article><h1>${post.title}</h1>
    <time datetime="2026-03-01T09:00:00+09:00">2026. 3. 1.</time><p>${post.text}</p></article>`;
    document.title = post.title; });
}
"""
TEXT = "골목 끝 문방구에서 공책을 한 권 샀다. 표지에는 고양이가 있다. " * 4
BROWSER = '[request]\nbrowser = true\n'


def app(*numbers: int, more: str = "") -> dict[str, Any]:
    """A site whose pages are all one shell, which its script fills."""
    pages: dict[str, Any] = {"/": SHELL, "/app.js": (200, JS, APP + more)}
    pages["/api/list"] = (200, DATA, json.dumps(numbers))
    for number in numbers:
        told = json.dumps({"title": f"봄날의 글 {number}", "text": f"{number}: {TEXT}"})
        pages |= {f"/post/{number}": SHELL, f"/api/post/{number}": (200, DATA, told)}
    return pages


@dataclass
class Spring:
    """Such a site, a workspace that follows it, and what a browser needs in the environment."""

    site: Site
    folder: Path
    env: dict[str, str]

    def run(self, *args: str, code: int | None = 0) -> Ran:
        return moafeed(*args, cwd=self.folder, secrets=self.env, code=code)

    def posts(self) -> dict[str, str]:
        """The bodies of the posts that the feed has, by title."""
        feed = json.loads((self.folder / "public" / "x.json").read_text("utf-8"))
        return {item["title"]: item["content_html"] for item in feed["items"]}


@contextmanager
def spring(folder: Path, pages: dict[str, Any], toml: str = BROWSER) -> Iterator[Spring]:
    program = which("chromium") or which("chromium-browser")
    need(program, "chromium", "apt-get install chromium")
    ours = folder / "chromium"  # a browser in a container of tests may have no sandbox; what people run has
    ours.write_text(f'#!/bin/sh\nexec "{program}" --no-sandbox "$@"\n', encoding="utf-8")
    ours.chmod(0o755)
    with site(pages) as served:
        workspace(folder, x=f'url = "{served.url}/"\n{toml}')
        yield Spring(served, folder, {"MOAFEED_BROWSER": str(ours), "MOAFEED_SID": "canary"})


@contextmanager
def heard() -> Iterator[socket.socket]:
    """A socket of this machine that hears what comes by UDP, which is how WebRTC asks who it is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        ours.setblocking(False)
        yield ours


WITHOUT = """
import sys
sys.modules["playwright"], sys.argv = None, ["moafeed", "update", "--now"]
from crawler.__main__ import main
main()
"""


def test_without_the_extra_its_source_alone_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with site(app(1)) as served, site({"/": listing("/1"), "/1": post()}, host="127.0.0.2") as other:
        folder = workspace(tmp_path, x=f'url = "{served.url}/"\n{BROWSER}', y=f"{other.url}/")
        ran = forked.python("-c", WITHOUT, cwd=folder)
        said = ran.stderr
        assert ran.returncode == 1
        assert "the browser is not installed: pip install 'moafeed[browser]', then playwright install chromium" in said
        assert served.asked == []
        assert "/1" in other.asked
        moafeed("build", cwd=folder)  # which asks nobody


def test_without_a_browser_its_source_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with spring(tmp_path, app(1)) as it:
        it.env["MOAFEED_BROWSER"] = str(tmp_path / "none")
        said = it.run("update", "--now", code=1).err
        assert "the browser does not start" in said
        assert "then playwright install chromium" in said
        assert it.site.asked == []


def test_posts_are_read_as_the_browser_shows_them(tmp_path: Path) -> None:
    with spring(tmp_path, app(1, 2)) as it:
        it.run("update", "--now")
        found = it.posts()
        assert set(found) == {"봄날의 글 1", "봄날의 글 2"}
        assert all("문방구에서" in body and "script" not in body for body in found.values())
        assert it.site.asked.count("/app.js") == 1  # one script serves all pages
        assert it.site.most_at_once == 1
        it.run("reprocess")  # the pages are kept as they were shown
        assert set(it.posts()) == set(found)


def test_a_new_post_shows_though_the_page_itself_is_as_before(tmp_path: Path) -> None:
    with spring(tmp_path, app(1) | {"/": (200, HTML | {"ETag": '"1"'}, SHELL)}) as it:
        it.run("update", "--now")
        it.site.pages |= {path: page for path, page in app(1, 2).items() if path != "/"}
        it.run("update", "--now")
        assert set(it.posts()) == {"봄날의 글 1", "봄날의 글 2"}


def test_the_browser_asks_for_nothing_that_a_crawl_would_not(tmp_path: Path) -> None:
    with site({"/far.js": (200, JS, "0")}, host="127.0.0.2") as far, site({"/near": "0"}) as near, heard() as packets:
        more = f"""
        fetch('/vote', {{method: 'POST', body: 'x'}}).catch(() => 0);
        navigator.sendBeacon('/beacon', 'x');
        fetch('/secret/a').catch(() => 0);
        for (const url of ['{far.url}/a', '{near.url}/near', 'http://127.0.0.1:1/']) fetch(url).catch(() => 0);
        for (const url of ['/moved.js', '{far.url}/far.js', 'https://cdn.example/x.js'])
          document.head.append(Object.assign(document.createElement('script'), {{src: url}}));
        for (const tag of ['img', 'iframe'])
          root.append(Object.assign(document.createElement(tag), {{src: '/' + tag}}));
        new WebSocket('{far.url}/ws'.replace('http', 'ws'));
        new EventSource('/events');
        const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{packets.getsockname()[1]}'}}]}});
        peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
        new Worker('/worker.js');
        addEventListener('load', () => {{ open('/popup'); location.assign('/away'); }});
        """
        pages = app(1, more=more) | {"/moved.js": (302, {"Location": f"{far.url}/far.js"}, "")}
        pages["/robots.txt"] = "User-agent: *\nDisallow: /secret/"
        with spring(tmp_path, pages, f'{BROWSER}cookies = {{ sid = "${{SID}}" }}\n') as it:
            it.run("update", "--now")
            assert set(it.posts()) == {"봄날의 글 1"}
            asked = set(it.site.asked)
            assert it.site.methods == {"GET"}
            assert asked - {"/worker.js", "/feed", "/rss", "/sitemap.xml"} == set(pages)
            assert all(each["user-agent"].startswith("moafeed/") for each in it.site.headers)
            sent = it.site.headers[it.site.asked.index("/api/post/1")]
            assert sent["cookie"] == "sid=canary"
        assert far.asked == near.asked == []
        with pytest.raises(BlockingIOError):
            packets.recv(2000)
    assert not [name for name, content in files(tmp_path).items() if b"canary" in content]


def test_scripts_and_data_of_hosts_that_the_file_names_come_without_its_secrets(tmp_path: Path) -> None:
    with site({}, host="127.0.0.2") as cdn, site({"/x.js": (200, JS, "0")}, host="127.0.0.3") as other:
        asking = "{credentials: 'include', headers: {'X-App': '1'}}"
        far = APP.replace("fetch(path)", f"fetch('{cdn.url}' + path, {asking})")
        pages = {path: page for path, page in app(1, 2).items() if path.startswith("/api/")}
        cdn.pages |= pages | {"/app.js": (200, JS, far), "/robots.txt": "User-agent: *\nDisallow: /secret/"}
        urls = f"{cdn.url}/secret/x.js", f"{other.url}/x.js", f"{cdn.url}/app.js"
        scripts = "".join(f'<script src="{url}"></script>' for url in urls)
        own = dict.fromkeys(("/", "/post/1", "/post/2"), SHELL.replace('<script src="/app.js"></script>', scripts))
        toml = BROWSER + 'cookies = { sid = "${SID}" }\nheaders = { X-Reader = "canary" }\n'
        with spring(tmp_path, own, toml) as it:
            it.run("update", "--now", code=1)
            assert cdn.asked == []
            (it.folder / "sources" / "x.toml").write_text(
                f'url = "{it.site.url}/"\n{toml}browser_hosts = ["127.0.0.2"]\n', encoding="utf-8"
            )
            it.run("update", "--now")
            assert set(it.posts()) == {"봄날의 글 1", "봄날의 글 2"}
        assert cdn.asked.count("/app.js") == cdn.asked.count("/robots.txt") == cdn.most_at_once == 1
        assert "/secret/x.js" not in cdn.asked
        assert not any("cookie" in headers or "x-reader" in headers for headers in cdn.headers)
        assert other.asked == []


def test_explain_names_the_hosts_whose_scripts_a_page_did_not_get(tmp_path: Path) -> None:
    with site({"/far.js": (200, JS, "0")}, host="127.0.0.2") as far:
        more = f"document.head.append(Object.assign(document.createElement('script'), {{src: '{far.url}/far.js'}}));"
        with spring(tmp_path, app(1, more=more)) as it:
            said = "in the browser it had nothing of 127.0.0.2; browser_hosts in [request] would allow it"
            assert said in it.run("explain", "x").out
            assert far.asked == []
            (told,) = json.loads(it.run("explain", "x", "--json").out)
            assert told["hosts_left_out"] == ["127.0.0.2"]
            file = it.folder / "sources" / "x.toml"
            file.write_text(file.read_text("utf-8") + 'browser_hosts = ["127.0.0.2"]\n', encoding="utf-8")
            assert "it had nothing of" not in it.run("explain", "x").out
        assert "/far.js" in far.asked


def test_a_blog_is_added_as_the_browser_shows_it(tmp_path: Path) -> None:
    with spring(tmp_path, app(1, 2)) as it:
        (it.folder / "sources" / "x.toml").unlink()
        said = it.run("add", it.site.url, "--browser", "--yes", "--name", "spring").out
        assert "봄날의 글 1" in said
        text = (it.folder / "sources" / "spring.toml").read_text("utf-8")
        assert "browser = true" in text
        it.run("update", "--now")
        feed = json.loads((it.folder / "public" / "spring.json").read_text("utf-8"))
        assert {item["title"] for item in feed["items"]} == {"봄날의 글 1", "봄날의 글 2"}
        it.env["MOAFEED_BROWSER"] = str(tmp_path / "none")
        assert "the browser does not start" in it.run("add", f"{it.site.url}/post/1", "--browser", "--yes", code=69).err


def test_no_post_rather_than_one_whose_page_lacks_a_part(tmp_path: Path) -> None:
    with spring(tmp_path, app(1, 2) | {"/api/post/2": (503, DATA, "{}")}) as it:
        said = it.run("update", "--now", code=1).err
        assert "/post/2: is not whole, for its script asks for" in said
        assert "/api/post/2: answers 503" in said
        assert "봄날의 글 2" not in it.posts()
        it.site.pages |= app(1, 2)
        it.run("update", "--now")
        assert set(it.posts()) == {"봄날의 글 1", "봄날의 글 2"}


@pytest.mark.parametrize(("script", "said"), [
    ("for (;;) {}", "its scripts came to no end in the browser"),
    ("location.replace('/away');", "its script leads to {}/away, which is not followed"),
])  # fmt: skip
def test_a_page_that_comes_to_nothing_is_told(tmp_path: Path, script: str, said: str) -> None:
    with spring(tmp_path, app(1, more=f"if (location.pathname !== '/') {script}")) as it:
        told = crawl_once(tmp_path, MOAFEED_BROWSER=it.env["MOAFEED_BROWSER"], DOWNLOAD_TIMEOUT=6)["x"]["failures"]
        assert f"/post/1: {said.format(it.site.url)}" in str(told)
        assert "/away" not in it.site.asked


def test_a_recording_holds_pages_as_they_were_shown(tmp_path: Path) -> None:
    with spring(tmp_path, app(1)) as it:
        it.run("record", "x")
        index = next((tmp_path / "recorded").glob("*/index.json")).read_text("utf-8")
        assert "/post/1" in index
        assert ".js" not in index
        assert "/api/" not in index
        it.env["MOAFEED_BROWSER"] = str(tmp_path / "none")
        asked = len(it.site.asked)
        it.run("check", "x")  # which asks nobody, and needs no browser
        assert len(it.site.asked) == asked


def test_other_sources_do_not_even_load_it(tmp_path: Path) -> None:
    with site({"/": listing("/1"), "/1": post()}) as served:
        folder = workspace(tmp_path, x=f"{served.url}/")
        command = [sys.executable, "-X", "importtime", "-m", "crawler", "crawl"]
        ran = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
                             text=True, timeout=120, check=True)
    assert "crawler.manners.browser" in ran.stderr
    assert "playwright" not in ran.stderr
