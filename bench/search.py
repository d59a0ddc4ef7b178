"""How long a search takes among many Korean posts, on SQLite and, where a server is named, on PostgreSQL."""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from pipelines.query import Query, Terms
from pipelines.searchable import fold
from pipelines.store import Store, tables, word_index
from pipelines.store.engine import open_engine

_START = datetime(2010, 1, 1, tzinfo=UTC)
_BLOGS, _TAGS, _AT_ONCE, _ROUNDS, _ALLOWED = 50, 400, 1000, 15, 0.050
_SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣") + 1, 7)]
_ENDINGS = ["이", "가", "을", "를", "은", "는", "에서", "으로", "했다", "한다", "하고", "에게", "까지", "", ""]
RARE, COMMON, NONE = ("찌개", "된장국"), ("사람", "이야기"), ("뷁궤", "뷁궤쀍")
"""A word of two syllables and one of three: in one of a thousand posts, in one of five, in none."""
_HARD = {"a phrase"}  # of two words that many posts have, but few side by side: each of those is looked at


def _vocabulary(chance: random.Random) -> list[str]:
    return ["".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 2, 3, 3, 4)))) for _ in range(8000)]


def _rows(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)  # noqa: S311  # the same posts each time
    words = _vocabulary(chance)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for number in range(count):
        said = [w + chance.choice(_ENDINGS) for w in chance.choices(words, weights, k=chance.randint(150, 350))]
        for found, share in ((RARE, 0.001), (COMMON, 0.2)):
            said += [word + "를" for word in found if chance.random() < share]
        chance.shuffle(said)
        at = _START + timedelta(hours=number)
        source = f"blog-{number % _BLOGS}"
        yield {
            "source": source, "guid": f"tag:{source}.example.org,2010:{number}", "url": f"https://{source}.example.org/{number}",
            "title": " ".join(said[:5]), "author": source, "published": at, "updated": None, "dated": at,
            "categories": [said[5]], "tags": [f"tag{chance.randrange(_TAGS)}"], "language": "ko", "excerpt": "",
            "feature_text": "", "image": None, "content_html": f"<p>{' '.join(said)}</p>", "enclosures": [],
            "pictures": [], "first_seen": at, "digest": str(number), "changed": number,
        }  # fmt: skip


def fill(store_url: str, count: int) -> float:
    """Store *count* posts; return the CPU seconds that indexing them took."""
    engine = open_engine(store_url)
    with engine.execution_options(write=True).begin() as connection:
        batch: list[dict[str, Any]] = []
        for row in _rows(count):
            batch.append(row)
            if len(batch) == _AT_ONCE:
                connection.execute(insert(tables.posts), batch)
                batch = []
        if batch:
            connection.execute(insert(tables.posts), batch)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP INDEX words_parts"))  # as in a store that is brought up to date
    start = time.process_time()
    with engine.execution_options(write=True).begin() as connection:
        word_index.fill_from_posts(connection)
    took = time.process_time() - start
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return took


def measure(store_url: str, count: int) -> bool:
    """Print what searches take; tell whether each is within what is allowed."""
    took = fill(store_url, count)
    print(f"{count:,} posts indexed: {1000 * took / count:.2f} ms CPU each")
    sources, good = [f"blog-{n}" for n in range(_BLOGS)], True
    asked = {f"{kind}: {word}": Query(wanted=(Terms(words=(word,)),))
             for kind, words in (("rare", RARE), ("common", COMMON), ("none", NONE)) for word in words}
    asked["both common"] = Query(wanted=(Terms(words=COMMON),))
    asked["a phrase"] = Query(wanted=(Terms(words=(f"{COMMON[0]}를 {COMMON[1]}를",)),))
    asked["one tag"] = Query(wanted=(Terms(tags=("tag7",)),))
    asked["a common word without another"] = Query(wanted=(Terms(words=COMMON[:1]),), unwanted=Terms(words=COMMON[1:]))
    with Store.open(store_url) as store:
        for name, query in asked.items():
            times = []
            for _ in range(_ROUNDS):
                start = time.perf_counter()
                found = store.answers(sources, query, 20)
                times.append(time.perf_counter() - start)
            for word in (word for terms in query.wanted for word in terms.words):
                assert all(fold(word) in fold(post.content_html) for post in found), name
            good &= median(times) <= _ALLOWED or name in _HARD
            print(f"  {name:34} {len(found):3} found  {1000 * median(times):7.1f} ms median of {_ROUNDS}"
                  f", {1000 * max(times):7.1f} ms at most")
    return good


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--posts", type=int, default=100_000)
    arguments.add_argument("--store", help="an empty PostgreSQL database to fill, too: postgresql+psycopg://…")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "moafeed.db"
        good = measure(f"sqlite:///{file}", given.posts)
        print(f"  the store: {file.stat().st_size / 2**20:.0f} MiB; peak"
              f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB of memory")
    if given.store:
        good &= measure(given.store, given.posts)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
