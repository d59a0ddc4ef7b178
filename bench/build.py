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
BUILDS = 7
STORED = {20: (1_000, 1_000_000), 1_000: (1_000, 50_000, 1_000_000)}  # feeds, and how many posts are stored for them
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


def builds(kept: Path) -> Iterator[str]:
    """Build many feeds again, each time as a command of its own: without news, and with one post in one source.

    Only what shows as many entries is compared, for a feed of a single post is made in less time than one of fifty,
    however many are stored. Filling a store and publishing it for the first time takes up to a quarter of an hour.

    Args:
        kept: the folder of the stores; one that is there is used again.
    """
    for blogs, counts in STORED.items():
        alike = []
        for count in counts:
            found = _builds(kept / f"{blogs}-{count}", blogs, count)
            each = min(count // blogs, feed().limit)
            print(f"{blogs:5,} feeds of {each:2} entries over {count:9,} stored posts: without news "
                  f"{found['quiet']:6.1f} ms CPU ({found['quiet'] / blogs:.3f} a feed), one new post "
                  f"{found['news']:6.1f} ms, files written {found['written']}", flush=True)  # fmt: skip
            if found["quiet"] > MOST_START + MOST_A_FEED * blogs:
                yield f"a build without news takes {found['quiet']:.0f} ms, not {MOST_START + MOST_A_FEED * blogs:.0f}"
            if found["written"] != [0, 9]:
                yield f"a build without news, then with one new post, wrote {found['written']} files, not 0 and 9"
            if each == feed().limit:
                alike.append(found)
        for what, key in (("without news", "quiet"), ("with one new post", "news")):
            ratio = alike[-1][key] / alike[0][key]
            print(f"{blogs:5,} feeds of {feed().limit} entries, {what}: {ratio:.2f} x", flush=True)
            if ratio > EQUAL:
                yield f"a build of {blogs:,} feeds {what} takes {ratio:.2f} x as long with {counts[-1]:,} posts"


def _archive(stored: str) -> dict[str, Any]:
    count = int(stored)
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


def _builds(place: Path, blogs: int, count: int) -> dict[str, Any]:
    """Fill a store unless that was done, publish all of it, then build again and again."""
    database, name = place / "moafeed.db", "blog7"
    with Store.open(f"sqlite:///{database}") as store:
        is_filled = sum(store.counts().values()) >= count
        if not is_filled:
            store.save([next(posts(1, own.name, body=50)) for own in _catalogue(blogs)[1:]], hold=False)
    if not is_filled:
        fill(database, count)
    _apart("once", str(place), str(blogs))
    quiet, news = [_apart("once", str(place), str(blogs)) for _ in range(BUILDS)], []
    for _ in range(BUILDS):
        with Store.open(f"sqlite:///{database}") as store:
            number, post = store.publications.last_number(), next(posts(1, name, body=50))
            store.save([replace(
                post, guid=f"{post.guid};n{number}", url=f"{post.url}?n={number}", title=f"새 글 {number}", aliases=(),
                published=post.dated + timedelta(days=20_000, minutes=number),
            )], hold=False)  # fmt: skip
        news.append(_apart("once", str(place), str(blogs)))
    return {
        "quiet": median(each["ms"] for each in quiet), "news": median(each["ms"] for each in news),
        "written": [quiet[-1]["written"], news[-1]["written"]],
    }  # fmt: skip


def _once(place: str, blogs: str) -> dict[str, Any]:
    """One build as the command makes it, from the opening of the store to its end."""
    feeds = _catalogue(int(blogs))
    start = time.process_time()
    with Store.open(f"sqlite:///{place}/moafeed.db") as store:
        done = build(store, feeds, Path(place, "public"), "bench")
    return {"ms": 1000 * (time.process_time() - start), "written": len(done.written)}


def _catalogue(blogs: int) -> list[Feed]:
    """A combined feed, then a feed for each blog."""
    names = [f"blog{number}" for number in range(blogs)]
    origins = {name: Origin(title=name, home=f"https://{name}.example/", feed_url=f"https://f.example/{name}.atom")
               for name in names}  # fmt: skip
    return [feed("all", sources=tuple(names), origins=origins), *map(feed, names)]


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU that *work* takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak() -> float:
    """The most memory that this process had since it began, in MiB (Linux)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _apart(what: str, *values: str) -> dict[str, Any]:
    """Measure something in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.build", "--apart", what, *values], check=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    return dict(json.loads(done.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what publishing costs.")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the filled stores there, and use them again")
    parser.add_argument("--apart", nargs="+", metavar=("WHAT", "VALUE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.apart:
        what, *values = asked.apart
        json.dump(_archive(values[0]) if what == "archive" else _once(*values), sys.stdout)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        faults = [*documents(20), *documents(50), *archive(), *builds(asked.keep or Path(folder))]
    print("\n" + ("\n".join(f"BROKEN: {fault}" for fault in faults) or "Every promise is kept."))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
