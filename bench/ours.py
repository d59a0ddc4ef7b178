"""Reads pages with moafeed, as a crawl reads them: `python -m bench.ours < pages`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lxml import html

from bench.rounds import measure, orders
from crawler.document import Document
from crawler.page import PageKind
from crawler.platforms import detect, load_platforms
from pipelines.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.post import Post


def post_on(body: bytes, url: str, fetched: datetime) -> Post | None:
    """The post on a page, None where the page is taken for something else: bytes in, parsed, read, cleaned."""
    document = Document.parse(body, url)
    platform = load_platforms()[detect(document)]
    page = platform.post_page(document)
    if page.kind not in {PageKind.POST, PageKind.PRIVATE}:  # whoever saved a private page may see it
        return None
    return normalise(page.raw(source="bench", zone=platform.zone or "Asia/Seoul", fetched=fetched))


def read(body: bytes, page: Mapping[str, str]) -> dict[str, Any]:
    post = post_on(body, page["url"], datetime.fromisoformat(page["fetched"]))
    if post is None:
        return {"error": "taken for no post"}
    return {
        "title": post.title, "author": post.author, "date": post.published and post.published.isoformat(),
        "tags": list(post.tags), "image": post.image, "html": post.content_html,
    }  # fmt: skip


def parse(body: bytes, _page: Mapping[str, str]) -> dict[str, Any]:
    html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    return {}


def main() -> None:
    pages = orders()
    bare = measure(parse, pages)
    found = measure(read, pages)
    json.dump([answer | {"bare": one["cpu"]} for answer, one in zip(found, bare, strict=True)], sys.stdout)


if __name__ == "__main__":
    main()
