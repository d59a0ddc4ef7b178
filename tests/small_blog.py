"""A blog on a small site: a front page, a feed of its newest ten posts, and a page for each."""

from __future__ import annotations

from small_site import Site, listing, post

RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


def feed(base: str, *numbers: int, titles: dict[int, str] | None = None, asked: int = 0) -> str:
    """A feed that carries the time of the request, as Tistory's does."""
    items = "".join(
        f"<item><title>{(titles or {}).get(n, f'글 {n}')}</title><link>{base}/{n}</link><guid>{base}/{n}</guid>"
        f"<description>본문 {n}</description></item>" for n in numbers
    )
    return (f'<?xml version="1.0"?><rss version="2.0"><channel><title>블로그</title><link>{base}/</link>'
            f"<lastBuildDate>Sun, 01 Nov 2026 00:{asked:02}:00 +0900</lastBuildDate>{items}</channel></rss>")


def front(*numbers: int) -> str:
    named = '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
    return listing(*(f"/{n}" for n in numbers)).replace("</head>", named)


def blog_of(blog: Site, *numbers: int, **headers: str) -> None:
    """Fill a site: a front page, a feed, and a page for each post."""
    count = iter(range(1000))
    blog.pages |= {f"/{n}": post(f"글 {n}") for n in numbers}
    blog.pages["/"] = front(*numbers[:10])
    blog.pages["/rss"] = lambda: (200, RSS | headers, feed(blog.url, *numbers[:10], asked=next(count) % 60))
