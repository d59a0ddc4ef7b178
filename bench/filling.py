"""Fills a store with many posts: what years of crawling do, in minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select

from pipelines.identity import address_alias
from pipelines.store import tables
from pipelines.store.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Select

_AT_ONCE = 1000  # rows in memory
_BODY = "<p>창가에 앉아 오래된 편지를 다시 읽었다. 비가 그치고 나서야 밖으로 나갔다.</p>" * 4


def fill(store: Path, wanted: int, body: str = _BODY) -> int:
    """Store copies of what is stored, each an older post of its own, until there are *wanted*; return how many.

    The copies take every column from a stored post, so that a new column needs no change here.
    """
    engine = open_engine(f"sqlite:///{store}")
    with engine.execution_options(write=True).begin() as connection:
        posts = _one_of_each(connection, select(tables.posts))
        addresses = _one_of_each(connection, select(tables.addresses).where(tables.addresses.c.kind == "post"))
        count: int = connection.execute(select(func.count()).select_from(tables.posts)).scalar_one()
        for start in range(0, wanted - count, _AT_ONCE):
            some = list(_copies(list(posts.values()), range(start, min(start + _AT_ONCE, wanted - count)), body))
            connection.execute(insert(tables.posts), some)
            connection.execute(insert(tables.aliases), [_alias(post) for post in some])
            if read := [addresses[post["source"]] | _address(post) for post in some if post["source"] in addresses]:
                connection.execute(insert(tables.addresses), read)
    engine.dispose()
    return max(count, wanted)


def _one_of_each(connection: Connection, query: Select[Any]) -> dict[str, dict[str, Any]]:
    """A row of each source."""
    return {row["source"]: dict(row) for row in connection.execute(query).mappings()}


def _copies(models: list[dict[str, Any]], numbers: range, body: str) -> Iterator[dict[str, Any]]:
    for number in numbers:
        model = models[number % len(models)]
        dated = model["dated"] - timedelta(days=30, hours=number // len(models))
        home = "/".join(model["url"].split("/")[:3])
        changed = {"guid": f"{model['guid']};copy-{number}", "url": f"{home}/{1_000_000 + number}",
                   "dated": dated, "published": dated, "title": f"옛 글 {number}", "content_html": body,
                   "excerpt": _BODY[3:40], "digest": f"{number:032x}"}
        yield {name: value for name, value in model.items() if name != "id"} | changed


def _alias(post: dict[str, Any]) -> dict[str, Any]:
    return {"source": post["source"], "guid": post["guid"], "alias": address_alias(post["url"])}


def _address(post: dict[str, Any]) -> dict[str, Any]:
    return {"url": post["url"], "key": address_alias(post["url"]), "guid": post["guid"]}
