"""Prints every figure: CPU of our steps against the bare library underneath, measured in turns in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from typing import Any

from lxml import html

from bench import schedule
from bench.writers import rss_by_feedgen
from crawler.demo import demo_posts, render
from crawler.document import Document
from crawler.platforms import detect, load_platforms
from feeds.feed import Feed
from feeds.formats import load_formats
from pipelines.normalise import normalise
from pipelines.post import Post

FETCHED = datetime(2026, 12, 1, tzinfo=UTC)
BASE = "https://bench.example"


def pages() -> list[tuple[str, bytes]]:
    return [(BASE + post.path, render(post.path, demo_posts(), BASE).body) for post in demo_posts()]


def read(page: tuple[str, bytes]) -> Post:
    url, body = page
    document = Document.parse(body, url, "utf-8")
    platform = load_platforms()[detect(document)]
    return normalise(platform.post_page(document).raw(source="bench", zone="Asia/Seoul", fetched=FETCHED))


def parse_only(page: tuple[str, bytes]) -> Any:
    return html.document_fromstring(page[1], parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def cpu(work: Callable[[], object], peer: Callable[[], object], rounds: int = 9) -> tuple[float, float]:
    """Median CPU seconds of *work* and *peer*, taken in turns so that a busy machine is busy for both."""
    ours, theirs = [], []
    for _ in range(rounds):
        for times, task in ((ours, work), (theirs, peer)):
            start = time.process_time()
            task()
            times.append(time.process_time() - start)
    return median(ours), median(theirs)


def line(name: str, work: Callable[[], object], peer: Callable[[], object], peer_name: str, count: int) -> None:
    ours, theirs = cpu(work, peer)
    print(f"{name:34} {1000 * ours / count:7.2f} ms each   {ours / theirs:5.2f} x {peer_name}")


def main() -> None:
    found = pages()
    posts = [replace(post, guid=f"{post.guid};{n}") for n, post in enumerate(list(map(read, found)) * 3)]
    line("page to post (parse, fields, body)", lambda: list(map(read, found)), lambda: list(map(parse_only, found)),
         "lxml parse only", len(found))
    feed = Feed(name="bench", title="bench", home=BASE, sources=("bench",), base_url=BASE + "/", limit=len(posts))
    for name, form in load_formats().items():
        line(f"feed of {len(posts)} posts: {name}", lambda form=form: form.render(feed, posts),
             lambda: rss_by_feedgen(feed, posts), "raw feedgen RSS", 1)
    schedule.main()


if __name__ == "__main__":
    main()
