"""Rules of a host in every state they are found in, and how long each request waits for them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from command_line import workspace
from crawl_once import crawl_once
from small_site import HTML, Site, listing, post, site

TEXT = {"Content-Type": "text/plain"}
BLOG = {"/": listing("/open", "/shut"), "/open": post("열린 글"), "/shut": post("닫힌 글")}
RULES = "User-agent: *\nDisallow: /shut\n"
FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}


def asked(blog: Site) -> set[str]:
    return set(blog.asked) - {"/robots.txt"}


@contextmanager
def blogs(answers: dict[str, object]) -> Iterator[dict[str, Site]]:
    """A blog for each answer to robots.txt, every one on a host of its own."""
    with ExitStack() as open_:
        yield {
            name: open_.enter_context(site(BLOG | {"/robots.txt": answer}, host=f"127.0.0.{number}"))
            for number, (name, answer) in enumerate(answers.items(), start=11)
        }


def crawled(folder: Path, running: dict[str, Site]) -> dict[str, dict[str, object]]:
    return crawl_once(workspace(folder, **{name: blog.url + "/" for name, blog in running.items()}), **FAST)


def test_rules_written_oddly_hold(tmp_path: Path) -> None:
    rules = {
        "mark": RULES.encode("utf-8-sig"),
        "mac": RULES.replace("\n", "\r").encode(),
        "garbage": b"\xff\xfe \x00\n" + RULES.encode(),
        "long": RULES.encode() + b"Disallow: /elsewhere\n" * 30_000,
        "signs": b"User-agent: *\nDisallow: /" + b"*s*h*u*t" * 3 + b"\nDisallow: /sh*t\n",
    }
    with blogs({name: (200, TEXT, text) for name, text in rules.items()}) as running:
        results = crawled(tmp_path, running)
        for name, blog in running.items():
            assert asked(blog) == {"/", "/open"}, name
            assert blog.asked.count("/robots.txt") == 1
            assert results[name]["new"] == 1
            assert results[name]["failures"] == [f"{blog.url}/shut: its robots.txt forbids this address"]


def test_rules_that_moved_are_followed_on_this_host_and_another(tmp_path: Path) -> None:
    with (
        site({"/rules": (200, TEXT, RULES)}, host="127.0.0.2") as other,
        site(BLOG | {"/robots.txt": (302, {"Location": other.url + "/rules"}, "")}, host="127.0.0.3") as away,
        site(BLOG | {"/robots.txt": (301, {"Location": "/rules"}, ""), "/rules": (200, TEXT, RULES)}) as here,
    ):
        results = crawl_once(workspace(tmp_path, away=away.url + "/", here=here.url + "/"), **FAST)
        assert other.asked == ["/rules"]
        assert asked(away) == {"/", "/open"}
        assert asked(here) == {"/", "/open", "/rules"}
    assert [result["new"] for result in results.values()] == [1, 1]


def test_a_host_that_cannot_tell_its_rules_is_asked_nothing_else(tmp_path: Path) -> None:
    states = {
        "round": (302, {"Location": "/robots.txt"}, ""),
        "broken": (301, {"Location": "http://["}, ""),
        "lie": (200, TEXT | {"Content-Encoding": "gzip"}, RULES),
        "huge": (200, TEXT | {"Content-Encoding": "gzip"}, gzip.compress(b"#" * (9 << 20))),
        "busy": (503, HTML, ""),
    }
    with blogs(states) as running:
        results = crawled(tmp_path, running)
        for name, blog in running.items():
            assert asked(blog) == set(), name
            (failure,) = results[name]["failures"]
            assert failure.startswith(f"{blog.url}/: "), name
            assert results[name]["new"] == 0


def test_only_rules_for_us_are_ours(tmp_path: Path) -> None:
    """RFC 9309 section 2.2.1: our product token chooses the group, not any word of our User-Agent."""
    meant = {"moafeed": False, "MoaFeed": False, "feed": True, "crawler": True, "otherbot": True}
    rules = {f"s{number}": (200, TEXT, f"User-agent: {agent}\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
             for number, agent in enumerate(meant)}
    with blogs(rules) as running:
        crawled(tmp_path, running)
        allowed = [bool(asked(blog)) for blog in running.values()]
    assert dict(zip(meant, allowed, strict=True)) == meant


_DELAYS = """
import json, os, signal, sys, threading
from pathlib import Path
from scrapy import signals
from crawler.run import crawl
from crawler.source import load_sources
from crawler.workspace import find_workspace

waiting = set(sys.argv[2:])

def look(crawler):
    print(json.dumps({h: slot.delay for h, slot in crawler.engine.downloader.slots.items()}), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)

def watch(crawler):
    def answered(response, **_):
        if response.url.endswith("/robots.txt"):
            waiting.discard(response.url)
            if not waiting:
                threading.Timer(0.4, look, [crawler]).start()
    crawler.signals.connect(answered, signals.response_received, weak=False)

workspace = find_workspace(Path(sys.argv[1]))
crawl(workspace, load_sources(workspace.sources_folder).sources, watch=watch)
"""


def test_a_senseless_crawl_delay_neither_stops_nor_hurries_us(tmp_path: Path) -> None:
    wished = {"day": ("99999", 60.0), "nan": ("nan", 0.02), "less": ("-3", 0.02), "half": ("0.5", 0.5)}
    rules = {name: (200, TEXT, f"User-agent: *\nCrawl-delay: {delay}\n") for name, (delay, _) in wished.items()}
    with blogs(rules) as running:
        here = workspace(tmp_path, **{name: blog.url + "/" for name, blog in running.items()})
        command = [sys.executable, "-c", _DELAYS, str(here), *(f"{blog.url}/robots.txt" for blog in running.values())]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            try:  # told to stop, it does not sit out a minute's delay
                out, err = run.communicate(timeout=60)
            finally:
                run.kill()
        assert asked(running["day"]) == set(), "nothing is asked before the delay is over"
    assert json.loads(out) == {f"127.0.0.{n}": delay for n, (_, delay) in enumerate(wished.values(), start=11)}, err


def test_crawl_delay_is_the_least_pause_and_not_the_mean_one(tmp_path: Path) -> None:
    pages = {"/": listing("/1", "/2", "/3"), **dict.fromkeys(("/1", "/2", "/3"), post())}
    with site(pages | {"/robots.txt": (200, TEXT, "User-agent: *\nCrawl-delay: 1\n")}) as blog:
        crawl_once(workspace(tmp_path, blog=blog.url + "/"), **FAST)
        gaps = [after - before for before, after in zip(blog.times, blog.times[1:], strict=False)]
    assert len(gaps) == 4
    assert min(gaps) > 0.7  # a busy machine may look at the clock late
