"""Recorded sites: saved by a real crawl, replayed by a real crawl, compared field by field."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo import DemoBlog, demo_posts
from crawler.recording import (
    MAX_BYTES,
    Difference,
    Recording,
    RecordingError,
    compare,
    read_expected,
    write_expected,
)
from crawler.recording.names import page_key

ROOT = Path(__file__).resolve().parents[1]
SITES = ROOT / "tests" / "sites"
TIME = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}

SPIDER = '''
import asyncio, json, logging, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

urls, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])

class Tiny(Spider):
    name = "tiny"
    async def start(self):
        for url in urls:
            url, headers = (url, {}) if isinstance(url, str) else url
            yield Request(url, headers=headers, dont_filter=True, callback=self.parse)
    def parse(self, response):
        said = {"url": response.url, "status": response.status, "class": type(response).__name__,
                "length": len(response.body), "body": response.body[:200].decode("utf-8", "replace")}
        print(json.dumps(said))

settings = {"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
            "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": [], "HTTPERROR_ALLOW_ALL": True, "RETRY_ENABLED": False,
            "HTTPPROXY_ENABLED": False} | settings
process = AsyncCrawlerProcess(settings)
process.crawl(Tiny)
process.start()
'''


def crawl(folder: Path, urls: list[object], **settings: object) -> tuple[list[dict[str, object]], str]:
    """Crawl *urls* with a real engine in a process of its own; return what its callbacks got, and its log."""
    script = folder / "spider.py"
    script.write_text(SPIDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, json.dumps(urls), json.dumps(settings)],
        capture_output=True, text=True, timeout=60, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def replay(folder: Path, urls: list[object], site: Path) -> list[dict[str, object]]:
    handler = "crawler.recording.ReplayHandler"
    handlers = {"http": handler, "https": handler}
    answers, log = crawl(folder, urls, MOAFEED_REPLAY=str(site), DOWNLOAD_HANDLERS=handlers, ROBOTSTXT_OBEY=True)
    assert "Traceback" not in log
    return answers


def record(folder: Path, urls: list[object], site: Path, **settings: object) -> str:
    place = {"crawler.recording.RecorderMiddleware": 585}
    _, log = crawl(folder, urls, MOAFEED_RECORD=str(site), DOWNLOADER_MIDDLEWARES=place, **settings)
    return log


# --- the folder


def test_pages_come_back_as_they_went_in(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "name.example", TIME)
    recording.add("https://name.example/", body="<p>첫 쪽".encode(), headers=HTML)
    recording.add("https://name.example/gone", body=b"", status=410, headers={})
    recording.write()
    again = Recording.load(tmp_path / "name.example")
    answer = again.answer("https://name.example/")
    assert answer is not None
    assert (answer.status, answer.headers, answer.body) == (200, HTML, "<p>첫 쪽".encode())
    assert again.recorded == TIME
    gone = again.answer("https://name.example/gone")
    assert gone is not None
    assert gone.status == 410
    assert again.answer("https://name.example/other") is None


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ("https://a.example/entry/한글", "https://a.example/entry/%ED%95%9C%EA%B8%80"),
        ("https://a.example/entry/%ed%95%9c", "https://a.example/entry/한"),
        ("https://a.example/entry/%E1%84%92%E1%85%A1%E1%86%AB", "https://a.example/entry/한"),  # decomposed
        ("https://a.example/a%20b", "https://a.example/a b"),
        ("https://a.example/~me", "https://a.example/%7Eme"),
        ("https://a.example/1#entry1comment", "https://a.example/1"),
        ("https://a.example/?b=2&a=1", "https://a.example/?a=1&b=2"),
        ("https://A.example", "https://a.example/"),
    ],
)
def test_spelling_of_an_address_does_not_matter(tmp_path: Path, recorded: str, asked: str) -> None:
    recording = Recording(tmp_path, TIME)
    recording.add(recorded, body=b"x", headers=HTML)
    assert recording.answer(asked) is not None


def test_different_addresses_stay_different() -> None:
    urls = ["https://a.example/1", "http://a.example/1", "https://a.example/1?page=2", "https://a.example/a%2Fb",
            "https://a.example/a/b", "https://a.example/1/", "https://a.example/%EC%B0"]  # fmt: skip
    assert len({page_key(url) for url in urls}) == len(urls)


def test_index_has_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    pages = [("https://a.example/", b"1"), ("https://a.example/2", b"2"), ("https://a.example/rss", b"3")]
    for name, order in (("one", pages), ("two", pages[::-1])):
        recording = Recording(tmp_path / name / "a.example", TIME)
        for url, body in order:
            recording.add(url, body=body, headers=HTML)
        recording.write()
    one, two = (tmp_path / name / "a.example" / "index.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_file_names_can_be_read_and_never_collide(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.example", TIME)
    urls = ["https://a.example/", "https://a.example/?page=2", "https://a.example/category/%EB%B9%B5/A",
            "https://a.example/index", "https://a.example/A/b", "https://a.example/a/b", "https://a.example/a-b",
            "https://other.example/1", "https://a.example/entry/" + "%EA%B0%80" * 300,
            "https://a.example/../../etc/passwd"]  # fmt: skip
    names = [page.file for url in urls if (page := recording.add(url, body=b"", headers=HTML))]
    assert names[:3] == ["index.html", "index-page=2.html", "category-빵-A.html"]
    assert "other.example-1.html" in names
    assert len({name.lower() for name in names}) == len(urls)
    assert all("/" not in name and len(name.encode()) < 250 for name in names)
    feed = recording.add("https://a.example/rss", body=b"", headers={"Content-Type": "text/xml;charset=UTF-8"})
    index = recording.add("https://a.example/index.json", body=b"", headers={"Content-Type": "application/json"})
    assert feed is not None
    assert feed.file == "rss.xml"
    assert index is not None
    assert index.file != "index.json"


def test_recording_a_page_again_replaces_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path, TIME)
    for body in (b"old", b"new"):
        recording.add("https://a.example/1", body=body, headers=HTML)
    answer = recording.answer("https://a.example/1")
    assert answer is not None
    assert answer.body == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_secrets_and_transport_headers_are_not_saved(tmp_path: Path) -> None:
    told = {"content-type": "text/html", "Set-Cookie": "id=1", "Authorization": "Basic x", "X-Api-Key": "k",
            "X-CSRF-Token": "t", "Content-Encoding": "gzip", "Content-Length": "9", "Transfer-Encoding": "chunked",
            "Retry-After": "5"}  # fmt: skip
    page = Recording(tmp_path, TIME).add("https://a.example/", body=b"", headers=told)
    assert page is not None
    assert page.headers == {"Content-Type": "text/html", "Retry-After": "5"}


def test_a_body_over_the_limit_is_refused(tmp_path: Path) -> None:
    recording = Recording(tmp_path, TIME)
    assert recording.add("https://a.example/big", body=b"x" * (MAX_BYTES + 1), headers=HTML) is None
    assert recording.pages == ()
    assert list(tmp_path.iterdir()) == []


def test_missing_recording_is_exit_code_66(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"no recorded site in .*index\.json is missing") as caught:
        Recording.load(tmp_path / "none")
    assert caught.value.exit_code == 66


@pytest.mark.parametrize(
    "index",
    [
        "{",
        "[]",
        '{"pages": {}}',
        '{"recorded": "yesterday", "pages": {}}',
        '{"recorded": "2026-01-01T00:00:00+00:00", "pages": {"https://a/": {"file": "x"}}}',
        '{"recorded": "2026-01-01T00:00:00+00:00", "pages": {"https://a/": "x"}}',
        '{"recorded": "2026-01-01T00:00:00+00:00", "pages": {"https://a/": {"file": "../x", "status": 200, "headers": {}}}}',  # noqa: E501
    ],
)
def test_broken_index_is_one_sentence_and_exit_code_65(tmp_path: Path, index: str) -> None:
    (tmp_path / "index.json").write_text(index, encoding="utf-8")
    with pytest.raises(RecordingError, match=r"index\.json") as caught:
        Recording.load(tmp_path)
    assert caught.value.exit_code == 65
    assert "\n" not in str(caught.value)


def test_page_file_that_went_missing_is_named(tmp_path: Path) -> None:
    recording = Recording(tmp_path, TIME)
    page = recording.add("https://a.example/1", body=b"x", headers=HTML)
    assert page is not None
    (tmp_path / page.file).unlink()
    with pytest.raises(RecordingError, match=page.file):
        _ = page.body


# --- replay


def test_replay_answers_real_hosts_without_a_network(tmp_path: Path) -> None:
    urls: list[object] = [
        "https://bom-sanchaek.tistory.com/12",
        "https://bom-sanchaek.tistory.com/category/골목",
        "https://bom-sanchaek.tistory.com/rss",
        "https://custom.example.kr/entry/%EC%86%90%EB%8B%98%EC%9D%B4-%EB%91%90%EA%B3%A0-%EA%B0%84-%EC%9D%98%EC%9E%90-2",
        "https://www.notes.example/",
        "https://nobody.invalid/",
        "https://bom-sanchaek.tistory.com/search/x",
    ]
    answers = {answer["url"]: answer for answer in replay(tmp_path, urls, SITES)}
    assert answers["https://bom-sanchaek.tistory.com/12"]["class"] == "HtmlResponse"
    assert answers["https://bom-sanchaek.tistory.com/rss"]["class"] == "XmlResponse"
    statuses = sorted(str(answer["status"]) for answer in answers.values())
    assert statuses == ["200"] * 5 + ["404"]  # and /search was refused by the recorded robots.txt
    assert "was not recorded in" in str(answers["https://nobody.invalid/"]["body"])


def test_replay_answers_304_to_a_matching_validator(tmp_path: Path) -> None:
    page = Recording.load(SITES / "www.notes.example").answer("https://www.notes.example/feed.xml")
    assert page is not None
    same, other = {"If-None-Match": page.headers["Etag"]}, {"If-None-Match": '"other"'}
    answers = replay(tmp_path, [[page.url, same], [page.url, other]], SITES / "www.notes.example")
    assert sorted((answer["status"], answer["length"]) for answer in answers) == [(200, len(page.body)), (304, 0)]


def test_replay_without_a_recording_says_so(tmp_path: Path) -> None:
    handlers = {"https": "crawler.recording.ReplayHandler"}
    folder = str(tmp_path / "none")
    answers, log = crawl(tmp_path, ["https://a.example/"], MOAFEED_REPLAY=folder, DOWNLOAD_HANDLERS=handlers)
    assert answers == []
    assert f"There is no recorded site in {folder}" in log


# --- record


def test_what_a_crawl_records_it_can_replay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with DemoBlog() as blog:
        urls: list[object] = [f"{blog.url}{path}" for path in ("/", "/rss", "/12", "/m/5", "/none")]
        record(tmp_path, urls, site, ROBOTSTXT_OBEY=True)
        live = {url: blog.answer(url.removeprefix(blog.url)) for url in map(str, urls)}
    recording = Recording.load(site)
    assert recording.recorded is not None
    assert len(recording.pages) == len(urls) + 1  # and robots.txt
    for url, answer in live.items():
        page = recording.answer(url)
        assert page is not None, url
        assert (page.status, page.body) == (answer.status, answer.body)
    replayed = {answer["url"]: answer["status"] for answer in replay(tmp_path, urls, site)}
    assert replayed == {url: answer.status for url, answer in live.items()}


def test_a_second_crawl_adds_to_the_recording(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with DemoBlog(posts=demo_posts()[:2]) as blog:
        for path in ("/", "/rss"):
            record(tmp_path, [blog.url + path], site, MOAFEED_CLOCK="2026-11-20T09:30:00.25+00:00")
        assert Recording.load(site).recorded == TIME.replace(microsecond=250_000)
        assert {page.url for page in Recording.load(site).pages} == {f"{blog.url}/", f"{blog.url}/rss"}


SERVER = textwrap.dedent(
    """
    import gzip
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = {"/zip": gzip.compress("압축".encode()), "/big": b"x" * (5 * 2**20 + 1)}.get(self.path, b"")
            self.send_response(301 if self.path == "/old" else 200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Set-Cookie", "REACTION_GUEST=secret")
            if self.path == "/old":
                self.send_header("Location", "/zip")
            if self.path == "/zip":
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
)


def test_recorder_saves_decoded_bodies_redirects_and_no_secrets(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
            log = record(tmp_path, [f"{base}/old", f"{base}/big"], site)
        finally:
            server.terminate()
    recording = Recording.load(site)
    page, old = recording.answer(f"{base}/zip"), recording.answer(f"{base}/old")
    assert page is not None
    assert page.body.decode() == "압축"
    assert "Content-Encoding" not in page.headers
    assert old is not None
    assert (old.status, old.headers) == (301, {"Location": f"{base}/zip"})
    assert "secret" not in (site / "index.json").read_text(encoding="utf-8")
    assert recording.answer(f"{base}/big") is None
    assert "/big is larger than" in log
    assert [answer["url"] for answer in replay(tmp_path, [f"{base}/old"], site)] == [f"{base}/zip"]


# --- what the posts should be


def a_record(**changes: object) -> dict[str, object]:
    known = {"url": "https://a.example/1", "title": "하나", "tags": ["가"], "first_seen": "2026-01-01T00:00:00+00:00"}
    return known | changes


def test_expected_posts_are_sorted_and_know_no_time_of_fetch(tmp_path: Path) -> None:
    records = [a_record(url="https://a.example/2"), a_record()]
    path = write_expected(tmp_path, records)
    first = path.read_bytes()
    assert [record["url"] for record in read_expected(tmp_path)] == ["https://a.example/1", "https://a.example/2"]
    assert "first_seen" not in first.decode()
    assert "하나" in first.decode()
    write_expected(tmp_path, records[::-1])
    assert path.read_bytes() == first
    assert compare(read_expected(tmp_path), records) == []


def test_differences_name_post_and_field() -> None:
    found = [a_record(title="둘", first_seen="2027-01-01T00:00:00+00:00"), a_record(url="https://a.example/3")]
    missing = a_record(url="https://a.example/2")
    one, two, three = compare([a_record(), missing], found)
    assert one == Difference(url="https://a.example/1", field="title", expected="하나", found="둘")
    assert str(one) == "https://a.example/1: title should be '하나', is '둘'"
    assert str(two) == "https://a.example/2: not found"
    assert str(three) == "https://a.example/3: not expected"


def test_a_field_only_one_side_has_is_a_difference() -> None:
    (difference,) = compare([a_record()], [a_record(image=None)])
    assert difference.field == "image"


@pytest.mark.parametrize(("text", "code"), [(None, 66), ("{", 65), ('{"url": 1}', 65), ("[{}]", 65)])
def test_unusable_expected_json_is_one_sentence(tmp_path: Path, text: str | None, code: int) -> None:
    if text is not None:
        (tmp_path / "expected.json").write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError, match=r"expected\.json") as caught:
        read_expected(tmp_path)
    assert caught.value.exit_code == code


# --- the recorded sites that come with the tests


@pytest.mark.parametrize("site", sorted(path.name for path in SITES.iterdir() if path.is_dir()))
def test_recorded_sites_are_whole(site: str) -> None:
    recording = Recording.load(SITES / site)
    assert recording.recorded is not None
    files = {page.file for page in recording.pages} | {"index.json", "expected.json"}
    assert {path.name for path in (SITES / site).iterdir()} <= files
    assert all(page.body for page in recording.pages)
    hosts = {page.url.split("/")[2] for page in recording.pages}
    assert site in hosts
    assert all(host.endswith(site) for host in hosts)  # some platforms have feeds on a host of their own
    assert recording.answer(f"https://{site}/robots.txt") is not None
