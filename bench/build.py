"""What publishing costs: documents against other writers, an archive's memory, a build without news and with one post.

`python -m bench.build` measures every promise and exits 1 where one is broken.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import writers
from bench.filling import fill
from crawler.demo import demo_posts
from feeds.build import build
from feeds.feed import Feed, Origin
from feeds.formats import load_formats
from feeds.selection import Selection, select
from pipelines.post import Post
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 15
MOST_BY_HAND = 1.2  # our CPU, in that of the writer by hand
MOST_START, MOST_A_FEED = 50.0, 0.1  # milliseconds of CPU of a build without news
EQUAL = 1.2  # what the size of a store or an archive may add
FEEDS = 1000
START = datetime(2010, 1, 1, tzinfo=UTC)
WRITERS: dict[str, dict[str, writers.Writer]] = {
    "rss": {"by hand": writers.rss_by_hand, "raw feedgen": writers.rss_by_feedgen,
            "feedgenerator": writers.rss_by_feedgenerator},
    "atom": {"by hand": writers.atom_by_hand, "raw feedgen": writers.atom_by_feedgen,
             "feedgenerator": writers.atom_by_feedgenerator},
}  # fmt: skip


def posts(count: int, source: str = "bench", body: int = 10_000) -> Iterator[Post]:
    """Posts of about *body* bytes of Korean HTML, one an hour."""
    text = next(post.body for post in demo_posts())
    text = (text * (body // len(text.encode()) + 1))[:body] if body > 100 else "<p>짧은 글이다.</p>"
    for number in range(count):
        yield Post(
            source=source, guid=f"tag:{source}.example,2026:{number}", url=f"https://{source}.example/{number}",
            title=f"{number}번째 글", author="보리", published=START + timedelta(hours=number), updated=None,
            categories=("개발", "파이썬"), tags=("수집", "피드"), language="ko", excerpt="첫 문장이다. " * 12,
            image=f"https://img.example/{number}.png", content_html=text, first_seen=START, digest=str(number),
            aliases=(f"{source}.example/{number}",),
        )  # fmt: skip


def feed(name: str = "bench", **values: Any) -> Feed:
    base = "https://feeds.example/"
    return Feed(name=name, title=name, home=f"https://{name}.example/", base_url=base,
                **({"sources": (name,)} | values))  # fmt: skip


def documents(count: int) -> Iterator[str]:
    """Compare one document of *count* posts, in turns, so that a busy machine is busy for all."""
    chosen = select(feed(limit=count), posts(count)) if count <= 20 else Selection(posts(count))
    for form, others in WRITERS.items():
        work = {"moafeed": load_formats()[form].render} | others
        spent: dict[str, list[float]] = {name: [] for name in work}
        for _ in range(ROUNDS):
            for name, write in work.items():
                spent[name].append(_cpu(lambda write=write: write(feed(limit=count), chosen)))
        typical = {name: median(each) for name, each in spent.items()}
        ratios = {name: typical[name] / typical["by hand"] for name in typical}
        told = "  ".join(f"{name} {1 / typical[name]:7.0f}/s ({ratios[name]:.2f})" for name in typical)
        print(f"{form} of {count:3} posts  {told}   documents a second of CPU (time, by hand = 1)", flush=True)
        if ratios["moafeed"] > MOST_BY_HAND:
            yield f"{form} of {count} posts takes {ratios['moafeed']:.2f} x the writer by hand, not {MOST_BY_HAND}"


def archive() -> Iterator[str]:
    """Build one feed with a long archive in a process of its own, and tell the most memory it took."""
    peaks = {count: _apart("archive", str(count)) for count in (2_000, 20_000)}
    for count, found in peaks.items():
        print(f"archive of {count:6,} posts: {found['seconds']:6.2f} s CPU, {found['files']} files, "
              f"peak {found['peak']:.0f} MiB", flush=True)  # fmt: skip
    if peaks[20_000]["peak"] > EQUAL * peaks[2_000]["peak"]:
        few, many = (peaks[count]["peak"] for count in (2_000, 20_000))
        yield f"an archive of 20,000 posts takes {many:.0f} MiB, one of 2,000 {few:.0f}"


def builds(stored: tuple[int, ...]) -> Iterator[str]:
    """Build many feeds again: without news, and with one post in one of their sources."""
    quiet: list[float] = []
    news: list[float] = []
    for count in stored:
        found = _apart("builds", str(count))
        quiet.append(found["quiet"])
        news.append(found["news"])
        print(f"{FEEDS:,} feeds over {count:9,} stored posts: without news {found['quiet']:6.1f} ms CPU "
              f"({found['quiet'] / FEEDS:.3f} a feed), one new post {found['news']:6.1f} ms, "
              f"files written {found['written']}", flush=True)  # fmt: skip
        if found["quiet"] > MOST_START + MOST_A_FEED * FEEDS:
            yield f"a build without news takes {found['quiet']:.0f} ms, not {MOST_START + MOST_A_FEED * FEEDS:.0f}"
        if found["written"] != [0, 9]:
            yield f"a build without news, then with one new post, wrote {found['written']} files, not 0 and 9"
    for what, times in (("without news", quiet), ("with one post", news)):
        if times[-1] > EQUAL * times[0]:
            yield f"a build {what} takes {times[-1] / times[0]:.2f} x as long with {stored[-1]:,} posts"


def _archive(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "moafeed.db")
        with Store.open(f"sqlite:///{database}") as store:
            (one,) = posts(1)
            store.save([one], hold=False)
        fill(database, count, one.content_html)
        with Store.open(f"sqlite:///{database}") as store:
            start = time.process_time()
            done = build(store, [feed()], Path(folder, "public"), "bench")
            return {"seconds": time.process_time() - start, "files": len(done.written), "peak": _peak()}


def _builds(count: int) -> dict[str, Any]:
    names = [f"blog{number}" for number in range(FEEDS)]
    origins = {name: Origin(title=name, home=f"https://{name}.example/", feed_url=f"https://f.example/{name}.atom")
               for name in names}  # fmt: skip
    feeds = [feed("all", sources=tuple(names), origins=origins), *(feed(name) for name in names)]
    with tempfile.TemporaryDirectory() as folder:
        database, public = Path(folder, "moafeed.db"), Path(folder, "public")
        with Store.open(f"sqlite:///{database}") as store:
            for name in names:
                store.save(list(posts(1, name, body=50)), hold=False)
        fill(database, count)
        with Store.open(f"sqlite:///{database}") as store:
            build(store, feeds, public, "bench")
            quiet = [_cpu(lambda: build(store, feeds, public, "bench")) for _ in range(5)]
            written = [len(build(store, feeds, public, "bench").written)]
            news = []
            for number in range(3):
                post = next(posts(1, names[7], body=50))
                post = replace(
                    post, guid=f"{post.guid};n{number}", url=f"{post.url}?n={number}", title=f"새 글 {number}",
                    aliases=(), published=post.dated + timedelta(days=9000 + number),
                )  # fmt: skip
                store.save([post], hold=False)
                news.append(_cpu(lambda: written.append(len(build(store, feeds, public, "bench").written))))
    return {"quiet": 1000 * median(quiet), "news": 1000 * median(news), "written": [written[0], written[-1]]}


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU that *work* takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak() -> float:
    """The most memory that this process had since it began, in MiB (Linux)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _apart(what: str, count: str) -> dict[str, Any]:
    """Measure something in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.build", "--apart", what, count], check=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    return dict(json.loads(done.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what publishing costs.")
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000, 1_000_000], help="posts in the store")
    parser.add_argument("--apart", nargs=2, metavar=("WHAT", "COUNT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.apart:
        what, count = asked.apart
        json.dump({"archive": _archive, "builds": _builds}[what](int(count)), sys.stdout)
        return 0
    faults = [*documents(20), *documents(50), *archive(), *builds(tuple(asked.stored))]
    print("\n" + ("\n".join(f"BROKEN: {fault}" for fault in faults) or "Every promise is kept."))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
