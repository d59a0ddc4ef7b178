"""A post of the demo blog, and the posts that come with it: HTML files with TOML front matter."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import unescape
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import quote

OWN_ADDRESS = "https://blog.example"
"""What stands in a post's body for the blog's own address."""

_TAG = re.compile(r"<[^>]*>")
_SUMMARY = 180


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPost:
    """One post as its writer left it."""

    id: int
    """Number of the post in its blog: its address is `/ID`, and stays one even when it has a slug."""
    title: str
    """Headline, plain text."""
    published: datetime
    """When it was published: aware, +09:00."""
    body: str
    """The editor's HTML; `https://blog.example` stands for the blog's own address."""
    updated: datetime | None = None
    """When it was edited: aware, +09:00. None when it never was."""
    category: str | None = None
    """Category path, such as `빵/식빵`. None when it has none."""
    tags: tuple[str, ...] = ()
    """Tags in the writer's order."""
    slug: str | None = None
    """Text address: `/entry/SLUG`. None when the number is the address."""
    image: str | None = None
    """Name of the lead picture (see `pictures`). None when it has none."""

    @property
    def path(self) -> str:
        """Path of the post's own address, percent-encoded."""
        return f"/entry/{quote(self.slug)}" if self.slug else f"/{self.id}"

    @property
    def edited(self) -> datetime:
        """When its text last changed."""
        return self.updated or self.published

    @property
    def summary(self) -> str:
        """The first letters of its text, cut as Tistory cuts them."""
        text = " ".join(unescape(_TAG.sub(" ", self.body)).split())
        return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY].rstrip()}.."

    def html(self, base_url: str) -> str:
        """Return the body for a blog that lives at *base_url* (no slash at its end)."""
        own, encoded = quote(base_url, safe=""), quote(OWN_ADDRESS, safe="")
        return self.body.replace(OWN_ADDRESS, base_url).replace(encoded, own)


@cache
def demo_posts() -> tuple[DemoPost, ...]:
    """Return the posts that come with the package, newest first."""
    folder = files("crawler.demo") / "posts"
    found = [_read(file) for file in folder.iterdir() if file.name.endswith(".html")]
    return tuple(sorted(found, key=lambda post: (post.published, post.id), reverse=True))


def _read(file: Traversable) -> DemoPost:
    _, front, body = file.read_text(encoding="utf-8").split("+++\n", 2)
    values = tomllib.loads(front)
    return DemoPost(**values | {"tags": tuple(values.get("tags", ())), "body": body.strip()})
